//! The floor of every submission: the same rows in the same batches straight into the same database, with no
//! server, no sealing, no hashing and no queue before it: `floor CASES BATCH LIKE [postgres URL]`.
//!
//! `LIKE` is a store (an SQLite file or a PostgreSQL address) that real submissions went into: rows are made as many
//! and as long as there. Prints `name=value` lines.
#![expect(clippy::disallowed_methods, reason = "a measurement reads the clock")]

use std::collections::HashMap;
use std::fmt::Write as _;
use std::time::Instant;

use bytes::BytesMut;
use rusqlite::types::{ToSqlOutput, ValueRef};
use rusqlite::{Connection, params_from_iter};
use store::{Config, Database, MasterKey, Store};
use tokio_postgres::types::{IsNull, ToSql, Type, to_sql_checked};
use tokio_postgres::{Client, NoTls, Statement};
use uuid::Uuid;

type Failure = Box<dyn std::error::Error + Send + Sync>;

/// Connections that write at once on PostgreSQL, as many as the store has lanes; SQLite has one writer.
const LANES: usize = 2;

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
        None => fill(&mut sqlite(&file)?, 0, cases, batch, shape).await?,
    };
    println!("events={}\ndata={}\nsealed={}\nview={}", shape.events, shape.data, shape.sealed, shape.view);
    println!("good={cases}\nseconds={seconds:.3}\nper_second={:.0}", cases as f64 / seconds);
    Ok(())
}

async fn shape(like: &str) -> Result<Shape, Failure> {
    let numbers: Vec<i64> = if like.starts_with("postgres") {
        let row = connect(like).await?.query_one(SHAPE, &[]).await?;
        (0..5).map(|at| row.try_get(at)).collect::<Result<_, _>>()?
    } else {
        let conn = Connection::open(like)?;
        conn.query_row(SHAPE, [], |row| (0..5).map(|at| row.get(at)).collect())?
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

/// A value of any column.
#[derive(Debug, Clone, Copy)]
enum Value<'a> {
    Int(i64),
    Text(&'a str),
    Bytes(&'a [u8]),
    Id(Uuid),
    Bool(bool),
    NoText,
    NoBytes,
    NoId,
}
use Value::{Bool, Bytes, Id, Int, NoBytes, NoId, NoText, Text};

impl rusqlite::ToSql for Value<'_> {
    fn to_sql(&self) -> rusqlite::Result<ToSqlOutput<'_>> {
        Ok(ToSqlOutput::Borrowed(match self {
            Int(value) => ValueRef::Integer(*value),
            Text(value) => ValueRef::Text(value.as_bytes()),
            Bytes(value) => ValueRef::Blob(value),
            Id(value) => ValueRef::Blob(value.as_bytes()),
            Bool(value) => ValueRef::Integer(i64::from(*value)),
            NoText | NoBytes | NoId => ValueRef::Null,
        }))
    }
}

impl ToSql for Value<'_> {
    fn to_sql(&self, ty: &Type, out: &mut BytesMut) -> Result<IsNull, Failure> {
        match self {
            Int(value) => value.to_sql(ty, out),
            Text(value) => value.to_sql(ty, out),
            Bytes(value) => value.to_sql(ty, out),
            Id(value) => value.to_sql(ty, out),
            Bool(value) => value.to_sql(ty, out),
            NoText | NoBytes | NoId => Ok(IsNull::Yes),
        }
    }

    fn accepts(_: &Type) -> bool {
        true
    }

    to_sql_checked!();
}

/// Either database, with nothing between.
enum Conn {
    Sqlite(Connection),
    Postgres(Client, HashMap<&'static str, Statement>),
}

impl Conn {
    async fn raw(&mut self, text: &'static str) -> Result<(), Failure> {
        match self {
            Self::Sqlite(conn) => conn.execute_batch(text)?,
            Self::Postgres(client, _) => client.batch_execute(text).await?,
        }
        Ok(())
    }

    async fn run(&mut self, text: &'static str, values: &[Value<'_>]) -> Result<(), Failure> {
        match self {
            Self::Sqlite(conn) => conn.prepare_cached(text)?.execute(params_from_iter(values)).map(drop)?,
            Self::Postgres(client, prepared) => {
                let statement = match prepared.get(text) {
                    Some(statement) => statement.clone(),
                    None => client.prepare(text).await?,
                };
                let bound: Vec<_> = values.iter().map(|value| value as &(dyn ToSql + Sync)).collect();
                client.execute(&statement, &bound).await?;
                prepared.insert(text, statement);
            }
        }
        Ok(())
    }
}

async fn connect(url: &str) -> Result<Client, Failure> {
    let (client, connection) = tokio_postgres::connect(url, NoTls).await?;
    tokio::spawn(connection);
    Ok(client)
}

/// Writes `cases` cases from number `first` on, `batch` to a transaction; the seconds that took.
async fn fill(
    conn: &mut Conn,
    first: usize,
    cases: usize,
    batch: usize,
    shape: Shape,
) -> Result<f64, Failure> {
    let nameless = matches!(conn, Conn::Sqlite(_));
    let (data, view) = ("d".repeat(shape.data), "v".repeat(shape.view));
    let (sealed, draft) = (vec![7_u8; shape.sealed], vec![7_u8; shape.draft]);
    let (head, digest) = (Bytes(&[9; 32]), "d".repeat(64));
    let texts = [CASES, EVENTS, MINE, OUTBOX, DRAFTS];
    let rows = [batch, batch * shape.events, batch, batch, batch];
    let names = ["cases", "events", "my_cases", "outbox", "drafts"];
    let [put_cases, put_events, put_mine, put_outbox, put_drafts] =
        std::array::from_fn(|at| insert(names[at], texts[at], rows[at], nameless));
    // SQLite numbers `$n` by first use, and `?n` as it says.
    let draft_done = if nameless { DRAFT_DONE.replace('$', "?").leak() } else { DRAFT_DONE };
    let (one, two) = (Int(1), Int(2));
    let batch_of =
        |at: usize| -> Vec<(Uuid, Uuid)> { (0..batch).map(|n| ids(first + at * batch + n)).collect() };
    for at in 0..cases / batch {
        let mut values = Vec::new();
        for (id, person) in batch_of(at) {
            values.extend([Id(person), Id(id), Text(ITEM), Text(&digest), Text("check"), Bytes(&draft)]);
            values.extend([Text("[]"), one, one, one, NoId]);
        }
        conn.run(put_drafts, &values).await?;
    }
    let begun = Instant::now();
    for at in 0..cases / batch {
        let ids = batch_of(at);
        conn.raw(if nameless { "BEGIN IMMEDIATE" } else { "BEGIN" }).await?;
        let numbers: Vec<String> =
            ids.iter().map(|(id, _)| format!("440000-20261123-{}", id.simple())).collect();
        let mut values = Vec::new();
        for (&(id, person), number) in ids.iter().zip(&numbers) {
            values.extend([Text("440000"), Id(id), Id(person), Text(number), Text(ITEM), Text(AGENCY)]);
            values.extend([Text(&digest), Text("received"), Text("intake"), NoText, Bool(true)]);
            values.extend([one, two, Text("acceptance"), Bool(false), NoId, one]);
            values.extend([Text(&view), two, one, head, head, one]);
        }
        conn.run(put_cases, &values).await?;
        values.clear();
        for &(id, person) in &ids {
            for seq in 1..=shape.events {
                values.extend([Text("440000"), Id(id), Int(seq as i64), one, Text("submitted"), Text(&data)]);
                values.extend([Bytes(&sealed), Id(person), head, head]);
            }
        }
        conn.run(put_events, &values).await?;
        values.clear();
        for (&(id, person), number) in ids.iter().zip(&numbers) {
            values.extend([Id(person), Id(id), Text("440000"), Text(number), Text(ITEM), Text("received")]);
            values.extend([one, one]);
        }
        conn.run(put_mine, &values).await?;
        values.clear();
        for &(id, person) in &ids {
            values.extend([Text("440000"), Id(id), Id(id), one, Text("message"), Text("{}"), NoBytes]);
            values.extend([Id(person), Int(0), one, Int(0), Int(0), one]);
        }
        conn.run(put_outbox, &values).await?;
        for &(id, person) in &ids {
            conn.run(draft_done, &[Id(person), Id(id), Id(id)]).await?;
        }
        conn.raw("COMMIT").await?;
    }
    Ok(begun.elapsed().as_secs_f64())
}

/// With the store's own settings.
fn sqlite(file: &std::path::Path) -> Result<Conn, Failure> {
    let conn = Connection::open(file)?;
    conn.execute_batch(
        "PRAGMA journal_mode = WAL; PRAGMA synchronous = FULL; PRAGMA cache_size = -65536; \
         PRAGMA wal_autocheckpoint = 4000",
    )?;
    Ok(Conn::Sqlite(conn))
}

async fn postgres(
    url: String,
    lane: usize,
    cases: usize,
    batch: usize,
    shape: Shape,
) -> Result<f64, Failure> {
    let mut conn = Conn::Postgres(connect(&url).await?, HashMap::new());
    fill(&mut conn, lane * cases, cases, batch, shape).await
}
