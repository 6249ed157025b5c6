//! How long an officer waits for a page of a desk with a million open cases:
//! `desk [cases] [postgres URL of an empty database]`.
#![expect(clippy::disallowed_methods, reason = "a measurement reads the clock")]

use std::time::{Duration, Instant};

use store::{Claimed, Config, Database, DeskCursor, DeskFilter, Light, MasterKey, Store};
use tokio_postgres::NoTls;
use uuid::Uuid;

type Failure = Box<dyn std::error::Error + Send + Sync>;

const NOW: i64 = 1_795_392_000_000_000;
const DAY: i64 = 86_400_000_000;
const AREA: &str = "990000";
const AGENCY: &str = "示例机关";
const ROUNDS: u64 = 300;

/// Nine in ten cases lie on one desk; due over 22 days, two of them past; every two-hundredth is taken, by
/// one of fifty officers; one in a thousand waits at a rare step.
fn fill(cases: u64, sqlite: bool) -> String {
    let (numbers, id, random, head) = if sqlite {
        (
            format!(
                "WITH RECURSIVE numbers(n) AS (SELECT 1 UNION ALL SELECT n + 1 FROM numbers WHERE n < {cases})"
            ),
            "unhex(printf('0199%012x8%015x', (n * 7919) % 1000003, n))",
            "((n * 2654435761) % 1000003)",
            "zeroblob(32)",
        )
    } else {
        (
            format!("WITH numbers AS (SELECT generate_series(1::bigint, {cases}) AS n)"),
            "('0199' || lpad(to_hex((n * 7919) % 1000003), 12, '0') || '8' || lpad(to_hex(n), 15, '0'))::uuid",
            "((n * 2654435761) % 1000003)",
            "decode(repeat('00', 32), 'hex')",
        )
    };
    let officer = if sqlite {
        "unhex(printf('%032x', n / 200 % 50 + 1))"
    } else {
        "lpad(to_hex(n / 200 % 50 + 1), 32, '0')::uuid"
    };
    let due = format!("{NOW} - {} + {random} * {}", 2 * DAY, 22 * DAY / 1_000_003);
    let sort = format!("CASE WHEN n % 50 = 7 THEN 9223372036854775807 ELSE {due} END");
    let light = format!("CASE WHEN n % 50 = 7 THEN 9223372036854775807 ELSE {due} - {} END", 3 * DAY);
    let view = "x".repeat(900);
    let insert = "INSERT INTO cases (area, id, person, number, item, agency, definition, status, step, open, \
        received_at, due_at, warn_at, due_kind, clock_paused, claimed_by, updated_at, view, sort_at, light_at, seq, \
        head, prev_head, opened)";
    let select = format!(
        "SELECT '{AREA}', {id}, {id}, 'N' || n, '示例事项', CASE WHEN n % 10 = 0 THEN '另一机关' ELSE '{AGENCY}' END, \
         '{}', 'submitted', CASE WHEN n % 1000 = 501 THEN 'rare' WHEN n % 3 = 0 THEN 'intake' ELSE 'review' END, \
         true, {NOW}, {due}, {due} - {}, 'promised', n % 50 = 7, CASE WHEN n % 200 = 3 THEN {officer} END, {NOW}, \
         '{view}', {sort}, {light}, 1, {head}, {head}, 1 FROM numbers",
        "d".repeat(64),
        3 * DAY
    );
    if sqlite { format!("{insert} {numbers} {select}") } else { format!("{numbers} {insert} {select}") }
}

#[tokio::main]
async fn main() -> Result<(), Failure> {
    let mut args = std::env::args().skip(1);
    let cases: u64 = args.next().map_or(Ok(1_000_000), |n| n.parse())?;
    let folder = tempfile::tempdir()?;
    let database = args.next().map_or(Database::Sqlite(folder.path().join("store.db")), Database::Postgres);
    let config = Config {
        database: database.clone(),
        data_dir: folder.path().to_owned(),
        master_key: MasterKey::from_bytes([1; 32]),
        sqlite_max_pages: None,
        readers: 2,
        probe: None,
    };
    let store = Store::open(&config).await?;
    store.migrate(0).await?;
    let begun = Instant::now();
    match &database {
        Database::Sqlite(path) => {
            let conn = rusqlite::Connection::open(path)?;
            conn.execute_batch(&fill(cases, true))?;
        }
        Database::Postgres(url) => {
            let (client, connection) = tokio_postgres::connect(url, NoTls).await?;
            tokio::spawn(connection);
            client.batch_execute(&fill(cases, false)).await?;
            if std::env::var_os("NO_ANALYZE").is_none() {
                client.batch_execute("VACUUM ANALYZE cases").await?;
            }
        }
    }
    println!("{cases} cases in {:?}", begun.elapsed());
    measure(&store).await
}

async fn measure(store: &Store) -> Result<(), Failure> {
    let officer = |n: u64| Uuid::from_u128(u128::from(n % 50 + 1));
    // anywhere on the desk
    let somewhere = |n: u64| DeskCursor {
        due_at: Some(NOW - 2 * DAY + (n as i64 * 7_919 % 22_000) * DAY / 1_000),
        id: Uuid::nil(),
    };
    let base = DeskFilter::default;
    let steps = |names: &[&str]| names.iter().map(|&name| name.to_owned()).collect::<Vec<_>>();
    let filters: [(&str, &dyn Fn(u64) -> DeskFilter); 15] = [
        ("first page", &|_| base()),
        ("page anywhere", &|n| DeskFilter { after: Some(somewhere(n)), ..base() }),
        ("page before", &|n| DeskFilter { before: Some(somewhere(n)), ..base() }),
        ("mine", &|n| DeskFilter { claimed: Claimed::By(officer(n)), ..base() }),
        ("mine, one step", &|n| DeskFilter {
            claimed: Claimed::By(officer(n)),
            steps: steps(&["rare"]),
            ..base()
        }),
        ("free", &|_| DeskFilter { claimed: Claimed::Nobody, ..base() }),
        ("free anywhere", &|n| DeskFilter { claimed: Claimed::Nobody, after: Some(somewhere(n)), ..base() }),
        ("one step", &|n| DeskFilter { steps: steps(&["intake"]), after: Some(somewhere(n)), ..base() }),
        ("rare step", &|n| DeskFilter { steps: steps(&["rare"]), after: Some(somewhere(n)), ..base() }),
        ("three steps, free", &|n| DeskFilter {
            steps: steps(&["rare", "intake", "review"]),
            claimed: Claimed::Nobody,
            before: Some(somewhere(n)),
            ..base()
        }),
        ("red", &|_| DeskFilter { light: Some((Light::Red, NOW)), ..base() }),
        ("red before", &|n| DeskFilter {
            light: Some((Light::Red, NOW)),
            before: Some(somewhere(n)),
            ..base()
        }),
        ("yellow", &|_| DeskFilter { light: Some((Light::Yellow, NOW)), ..base() }),
        ("few yellow", &|_| DeskFilter { light: Some((Light::Yellow, NOW - 5 * DAY + DAY / 20)), ..base() }),
        ("green", &|_| DeskFilter { light: Some((Light::Green, NOW)), ..base() }),
    ];
    let mut worst = Duration::ZERO;
    for (name, filter) in filters {
        let mut waits = Vec::new();
        let mut rows = 0;
        for n in 0..ROUNDS {
            let filter = filter(n);
            let asked = Instant::now();
            rows += store.desk(AREA, AGENCY, &filter, 51).await?.len();
            waits.push(asked.elapsed());
        }
        let waited = tell(&format!("{name} ({} rows)", rows as u64 / ROUNDS), waits);
        // The pages of the desk do not ask for green cases alone, which pass over every yellow one.
        worst = worst.max(if name == "green" { Duration::ZERO } else { waited });
    }
    let mut waits = Vec::new();
    for _ in 0..ROUNDS {
        let asked = Instant::now();
        store.lights(AREA, AGENCY, NOW).await?;
        waits.push(asked.elapsed());
    }
    worst = worst.max(tell(&format!("lights {:?}", store.lights(AREA, AGENCY, NOW).await?), waits));
    for (name, claimed) in
        [("all", Claimed::Any), ("free", Claimed::Nobody), ("mine", Claimed::By(officer(3)))]
    {
        let mut waits = Vec::new();
        for _ in 0..ROUNDS {
            let asked = Instant::now();
            store.desk_count(AREA, AGENCY, claimed).await?;
            waits.push(asked.elapsed());
        }
        let name = format!("count {name}: {}", store.desk_count(AREA, AGENCY, claimed).await?);
        worst = worst.max(tell(&name, waits));
    }
    println!("worst_p99_ms={:.2}", worst.as_secs_f64() * 1_000.0);
    Ok(())
}

/// Tells how long one query took; the answer is its 99th percentile.
fn tell(name: &str, mut waits: Vec<Duration>) -> Duration {
    waits.sort_unstable();
    let at = |share: f64| waits[((waits.len() - 1) as f64 * share) as usize];
    println!("{:>10.2?} {:>10.2?} {:>10.2?}  {name}", at(0.5), at(0.99), at(1.0));
    at(0.99)
}
