//! The floor of every submission: the same rows in the same batches straight into the same database, with no
//! server, no sealing, no hashing and no queue before it: `floor CASES BATCH LIKE [postgres URL]`.
//!
//! `LIKE` is a store (an SQLite file or a PostgreSQL address) that real submissions went into: rows are made as many
//! and as long as there. Prints `name=value` lines.
#![expect(clippy::disallowed_methods, reason = "a measurement reads the clock")]

use std::fmt::Write as _;
use std::time::Instant;

use sqlx::postgres::PgConnection;
use sqlx::sqlite::{SqliteConnectOptions, SqliteConnection, SqliteJournalMode, SqliteSynchronous};
use sqlx::{Connection as _, Row as _};
use store::{Config, Database, MasterKey, Store};
use uuid::Uuid;

type Failure = Box<dyn std::error::Error + Send + Sync>;

/// Connections that write at once on PostgreSQL, as many as the store has lanes; SQLite has one writer.
const LANES: usize = 4;

/// How many rows a submission makes, and how long they are.
#[derive(Debug, Clone, Copy)]
struct Shape {
    events: usize,
    data: usize,
    sealed: usize,
    view: usize,
    draft: usize,
}

const SHAPE: &str = "SELECT (SELECT count(*) FROM events) / (SELECT count(*) FROM cases) AS events, \
    (SELECT CAST(avg(length(data)) AS BIGINT) FROM events) AS data, \
    (SELECT CAST(coalesce(avg(length(sealed)), 0) AS BIGINT) FROM events) AS sealed, \
    (SELECT CAST(avg(length(view)) AS BIGINT) FROM cases) AS view, \
    (SELECT CAST(avg(length(sealed)) AS BIGINT) FROM drafts) AS draft";

#[tokio::main]
async fn main() -> Result<(), Failure> {
    let args: Vec<String> = std::env::args().skip(1).collect();
    let [cases, batch, like, rest @ ..] = args.as_slice() else {
        return Err("floor CASES BATCH LIKE [postgres URL]".into());
    };
    let (cases, batch): (usize, usize) = (cases.parse()?, batch.parse()?);
    let shape = shape(like).await?;
    let folder = tempfile::tempdir()?;
    let file = folder.path().join("floor.db");
    let database = rest.first().map_or(Database::Sqlite(file.clone()), |url| Database::Postgres(url.clone()));
    let key = MasterKey::from_bytes([1; 32]);
    let config = Config {
        database,
        data_dir: folder.path().to_owned(),
        master_key: key,
        sqlite_max_pages: None,
        readers: 1,
        probe: None,
    };
    let store = Store::open(&config).await?;
    store.migrate(0).await?;
    store.close().await;
    let seconds = match rest.first() {
        Some(url) => {
            let lane = |lane| postgres(url.clone(), lane, cases / LANES, (batch / LANES).max(1), shape);
            let lanes: Vec<_> = (0..LANES).map(|at| tokio::spawn(lane(at))).collect();
            let mut slowest: f64 = 0.0;
            for lane in lanes {
                slowest = slowest.max(lane.await??);
            }
            slowest
        }
        None => sqlite(&file, cases, batch, shape).await?,
    };
    println!("events={}\ndata={}\nsealed={}\nview={}", shape.events, shape.data, shape.sealed, shape.view);
    println!("good={cases}\nseconds={seconds:.3}\nper_second={:.0}", cases as f64 / seconds);
    Ok(())
}

async fn shape(like: &str) -> Result<Shape, Failure> {
    let numbers: Vec<i64> = if like.starts_with("postgres") {
        let row = sqlx::query(SHAPE).fetch_one(&mut PgConnection::connect(like).await?).await?;
        (0..5).map(|at| row.try_get(at)).collect::<Result<_, _>>()?
    } else {
        let options = SqliteConnectOptions::new().filename(like).read_only(true);
        let row = sqlx::query(SHAPE).fetch_one(&mut SqliteConnection::connect_with(&options).await?).await?;
        (0..5).map(|at| row.try_get(at)).collect::<Result<_, _>>()?
    };
    let at = |index: usize| numbers[index] as usize;
    Ok(Shape { events: at(0).max(1), data: at(1), sealed: at(2), view: at(3), draft: at(4) })
}

/// A statement that inserts `rows` rows. SQLite looks named parameters up one by one, so there they stay nameless.
fn insert(table: &str, columns: &str, rows: usize, nameless: bool) -> &'static str {
    let width = columns.split(',').count();
    let mut text = format!("INSERT INTO {table} ({columns}) VALUES ");
    for row in 0..rows {
        text.push_str(if row == 0 { "(" } else { ", (" });
        for column in 0..width {
            let comma = if column == 0 { "" } else { ", " };
            let number = if nameless { String::new() } else { (row * width + column + 1).to_string() };
            write!(text, "{comma}{}{number}", if nameless { '?' } else { '$' })
                .expect("a string takes everything");
        }
        text.push(')');
    }
    // Five texts, kept for as long as this program runs.
    text.leak()
}

const CASES: &str = "area, id, person, number, item, agency, definition, status, step, outcome, open, received_at, \
    due_at, due_kind, clock_paused, claimed_by, updated_at, view, sort_at, seq, head, prev_head, opened";
const EVENTS: &str = "area, case_id, seq, at, kind, data, sealed, person, prev_hash, hash";
const MINE: &str = "person, id, area, number, item, status, submitted_at, updated_at";
const OUTBOX: &str =
    "area, id, case_id, seq, kind, data, sealed, person, attempts, next_at, lease_until, fence, created_at";
const DRAFTS: &str =
    "person, id, item, definition, step, sealed, files, version, created_at, updated_at, submitted_case";
const DRAFT_DONE: &str =
    "UPDATE drafts SET submitted_case = $3, version = version + 1 WHERE person = $1 AND id = $2";
const ITEM: &str = "11440000006940116U2440102013001";
const AGENCY: &str = "11440000006940116U";

/// Ids as the product makes them: a time in front, chance behind, so that persons are scattered over the tree.
fn ids(n: usize) -> (Uuid, Uuid) {
    let scattered = (n as u64).wrapping_mul(0x9E37_79B9_7F4A_7C15);
    let case = Uuid::from_u64_pair(0x0199_0000_0000_7000 | ((n as u64) << 16), scattered);
    (case, Uuid::from_u64_pair(0x0198_0000_0000_7000, scattered.rotate_left(17)))
}

/// The two drivers differ in type only; the loop is written once.
macro_rules! loop_over {
    ($conn:expr, $begin:literal, $nameless:literal, $first:expr, $cases:expr, $batch:expr, $shape:expr) => {{
        let (conn, shape, batch) = (&mut $conn, $shape, $batch);
        let (data, view) = ("d".repeat(shape.data), "v".repeat(shape.view));
        let (sealed, draft) = (vec![7_u8; shape.sealed], vec![7_u8; shape.draft]);
        let (head, digest) = ([9_u8; 32].as_slice(), "d".repeat(64));
        let texts = [CASES, EVENTS, MINE, OUTBOX, DRAFTS];
        let rows = [batch, batch * shape.events, batch, batch, batch];
        let names = ["cases", "events", "my_cases", "outbox", "drafts"];
        let [cases, events, mine, outbox, drafts] =
            std::array::from_fn(|at| insert(names[at], texts[at], rows[at], $nameless));
        let batches = $cases / batch;
        for at in 0..batches {
            let mut query = sqlx::query(drafts);
            for n in 0..batch {
                let (id, person) = ids($first + at * batch + n);
                query = query
                    .bind(person)
                    .bind(id)
                    .bind(ITEM)
                    .bind(digest.as_str())
                    .bind("check")
                    .bind(draft.as_slice());
                query = query.bind("[]").bind(1_i64).bind(1_i64).bind(1_i64).bind(None::<Uuid>);
            }
            query.execute(&mut *conn).await?;
        }
        let begun = Instant::now();
        for at in 0..batches {
            let ids: Vec<(Uuid, Uuid)> = (0..batch).map(|n| ids($first + at * batch + n)).collect();
            sqlx::raw_sql($begin).execute(&mut *conn).await?;
            let numbers: Vec<String> =
                ids.iter().map(|(id, _)| format!("440000-20261123-{}", id.simple())).collect();
            let mut query = sqlx::query(cases);
            for ((id, person), number) in ids.iter().zip(&numbers) {
                query = query
                    .bind("440000")
                    .bind(*id)
                    .bind(*person)
                    .bind(number.as_str())
                    .bind(ITEM)
                    .bind(AGENCY);
                query =
                    query.bind(digest.as_str()).bind("received").bind("intake").bind(None::<&str>).bind(true);
                query = query
                    .bind(1_i64)
                    .bind(2_i64)
                    .bind("acceptance")
                    .bind(false)
                    .bind(None::<Uuid>)
                    .bind(1_i64);
                query = query.bind(view.as_str()).bind(2_i64).bind(1_i64).bind(head).bind(head).bind(1_i64);
            }
            query.execute(&mut *conn).await?;
            let mut query = sqlx::query(events);
            for (id, person) in &ids {
                for seq in 1..=shape.events {
                    query = query
                        .bind("440000")
                        .bind(*id)
                        .bind(seq as i64)
                        .bind(1_i64)
                        .bind("submitted")
                        .bind(data.as_str());
                    query = query.bind(sealed.as_slice()).bind(*person).bind(head).bind(head);
                }
            }
            query.execute(&mut *conn).await?;
            let mut query = sqlx::query(mine);
            for ((id, person), number) in ids.iter().zip(&numbers) {
                query = query
                    .bind(*person)
                    .bind(*id)
                    .bind("440000")
                    .bind(number.as_str())
                    .bind(ITEM)
                    .bind("received");
                query = query.bind(1_i64).bind(1_i64);
            }
            query.execute(&mut *conn).await?;
            let mut query = sqlx::query(outbox);
            for (id, person) in &ids {
                query = query
                    .bind("440000")
                    .bind(*id)
                    .bind(*id)
                    .bind(1_i64)
                    .bind("message")
                    .bind("{}")
                    .bind(None::<&[u8]>);
                query = query.bind(*person).bind(0_i64).bind(1_i64).bind(0_i64).bind(0_i64).bind(1_i64);
            }
            query.execute(&mut *conn).await?;
            for (id, person) in &ids {
                sqlx::query(DRAFT_DONE).bind(*person).bind(*id).bind(*id).execute(&mut *conn).await?;
            }
            sqlx::raw_sql("COMMIT").execute(&mut *conn).await?;
        }
        begun.elapsed().as_secs_f64()
    }};
}

async fn sqlite(file: &std::path::Path, cases: usize, batch: usize, shape: Shape) -> Result<f64, Failure> {
    let options = SqliteConnectOptions::new()
        .filename(file)
        .journal_mode(SqliteJournalMode::Wal)
        .synchronous(SqliteSynchronous::Full)
        .foreign_keys(false)
        .pragma("cache_size", "-65536")
        .pragma("wal_autocheckpoint", "4000");
    let mut conn = SqliteConnection::connect_with(&options).await?;
    Ok(loop_over!(conn, "BEGIN IMMEDIATE", true, 0, cases, batch, shape))
}

async fn postgres(
    url: String,
    lane: usize,
    cases: usize,
    batch: usize,
    shape: Shape,
) -> Result<f64, Failure> {
    let mut conn = PgConnection::connect(&url).await?;
    Ok(loop_over!(conn, "BEGIN", false, lane * cases, cases, batch, shape))
}
