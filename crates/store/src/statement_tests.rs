//! Every statement is prepared on both databases, keeps to what distributed PostgreSQL takes, and finds
//! its rows by an index; the two schemas are compared column by column.

use std::collections::BTreeMap;

use rusqlite::Connection;
use tokio_postgres::{Client, NoTls};

use crate::dump::DUMPS;
use crate::migrate::{MIGRATIONS, tables};
use crate::multi::{MULTIPLE, SIZES};
use crate::schema::{self, Kind};
use crate::sql;

/// Statements that may look over all shards, and why.
const ALL_SHARDS: &[&str] = &[
    "CASES_AFTER",             // verification walks everything
    "STATS",                   // for the operator
    "AREAS_WITH_OUTBOX",       // tells the workers which shards to ask
    "RECEIVERS_DUE",           // the same
    "PERSONS_AFTER",           // whom something may be offered to
    "ERASURES_DUE",            // whose data are to go now
    "FIND_PERSON",             // the look-up hash is its own shard key
    "ADD_LOOKUP",              // the same
    "COUNT_WAITING",           // the same
    "ADD_ASK",                 // the same
    "DROP_ASK",                // the same
    "DROP_LAPSED",             // the same
    "LIST_ASKS",               // the same
    "GET_DEFINITION",          // a reference table
    "PUT_DEFINITION",          // the same
    "ISSUER_KEYS",             // the same
    "ADD_ISSUER_KEY",          // the same
    "RETIRE_ISSUER_KEY",       // the same
    "PARTNERS",                // the same
    "PARTNER",                 // the same
    "PUT_PARTNER",             // the same
    "REMOVE_PARTNER",          // the same
    "PARTNER_TOKEN",           // the token's hash is its own shard key
    "ADD_PARTNER_TOKEN",       // the same
    "USE_PARTNER_TOKEN",       // the same
    "DROP_PARTNER_TOKEN",      // the same
    "SPENT_TOKENS",            // what has run out is swept away, wherever it is
    "STATIONS_AFTER",          // for the operator
    "CREDENTIAL_LEADS",        // the credential's hash is its own shard key
    "ADD_STATION_CREDENTIAL",  // the same
    "DROP_STATION_CREDENTIAL", // the same
    "ADD_LOGOUT",              // a short list of what is to be told, by application
    "DUE_LOGOUTS",             // the same
    "CLAIM_LOGOUT",            // the same
    "DROP_LOGOUT",             // the same
    "APPLIED",                 // the list of migrations
    "ADD_APPLIED",             // the same
    "CASES_BY_DEFINITION",     // a migration walks all areas
    "DEFINITIONS_IN_USE",      // the same
    "AREAS_WITH_WAKES",        // tells the workers which shards to ask
    "AREAS_WITH_UNANCHORED",   // the same
    "AREAS_WITH_OLD_KEYS",     // the same
    "ASKERS_WITH_OLD_ASKS",    // the same
    "AREAS_WITH_DEAD",         // for the operator
    "AREAS_WITH_CHECKPOINTS",  // verification walks everything
    "AREAS_WITH_VERDICTS",     // tells the workers which shards to ask
];

fn every_statement(sqlite: bool) -> Vec<(String, &'static str)> {
    let fixed = sql::all().map(|(name, sql)| (name.to_owned(), sql.0));
    let multi = MULTIPLE.iter().copied().chain(DUMPS.iter().map(|dump| &dump.insert));
    let multi = multi.flat_map(|multi| (0..SIZES.len()).map(move |n| multi.sql(n, sqlite).0));
    let dumps = DUMPS.iter().flat_map(|dump| [dump.count().0, dump.first().0, dump.next().0]);
    fixed.chain(multi.chain(dumps).map(|text| (text.chars().take(60).collect(), text))).collect()
}

fn sqlite() -> Connection {
    let conn = Connection::open_in_memory().unwrap();
    conn.execute_batch(
        "CREATE TABLE schema_migrations (version BIGINT PRIMARY KEY, digest TEXT, applied_at BIGINT)",
    )
    .unwrap();
    for statement in MIGRATIONS.iter().flat_map(|text| schema::statements(text)) {
        conn.execute_batch(&schema::for_sqlite(&statement)).unwrap();
    }
    conn
}

/// A schema of its own on the test server.
async fn postgres() -> Option<Client> {
    let Ok(server) = std::env::var("SHENGSHI_TEST_POSTGRES") else {
        eprintln!("skipped on PostgreSQL: SHENGSHI_TEST_POSTGRES is not set");
        return None;
    };
    let (client, connection) = tokio_postgres::connect(&server, NoTls).await.unwrap();
    tokio::spawn(connection);
    client.batch_execute("SET search_path TO pg_temp").await.unwrap();
    client
        .batch_execute("CREATE TEMP TABLE schema_migrations (version BIGINT, digest TEXT, applied_at BIGINT)")
        .await
        .unwrap();
    for statement in MIGRATIONS.iter().flat_map(|text| schema::statements(text)) {
        client.batch_execute(&statement).await.unwrap();
    }
    Some(client)
}

#[test]
fn sqlite_prepares_every_statement() {
    let conn = sqlite();
    for (name, text) in every_statement(true) {
        if let Err(error) = conn.prepare(text) {
            panic!("{name}: {error}");
        }
    }
}

#[tokio::test]
async fn postgres_prepares_every_statement() {
    let Some(client) = postgres().await else { return };
    for (name, text) in every_statement(false) {
        if let Err(error) = client.prepare(text).await {
            panic!("{name}: {error}");
        }
    }
}

#[test]
fn no_name_is_used_twice() {
    let mut seen = BTreeMap::new();
    for (name, sql) in sql::all() {
        assert_eq!(seen.insert(name, sql), None, "{name} stands for two statements");
    }
}

#[test]
fn statements_fit_distributed_postgres() {
    const FORBIDDEN: &[&str] = &[
        "now()",
        "current_timestamp",
        "random(",
        "nextval",
        "gen_random",
        "merge into",
        "recursive",
        "advisory",
        "notify",
        "listen ",
        "trigger",
        "skip locked",
        "for update",
        "insert or ",
        "pragma",
        "rowid",
    ];
    for (name, text) in every_statement(false) {
        let lower = text.to_lowercase();
        for word in FORBIDDEN {
            assert!(!lower.contains(word), "{name} uses {word}");
        }
    }
    for (name, sql) in sql::all().filter(|(name, _)| !ALL_SHARDS.contains(name)) {
        let keyed = ["area = $1", "WHERE person = $1", "(area, ", "(person, "];
        let keyed = keyed.iter().any(|key| sql.0.contains(key));
        assert!(keyed, "{name} does not name its shard: {}", sql.0);
    }
}

/// PostgreSQL may look the inner rows up again for each outer one while it has not counted a table yet: 19
/// seconds for 2,000 of 6,000 rows. What is picked is a range, or picked once.
#[test]
fn what_a_statement_picks_is_picked_once() {
    for (name, sql) in sql::all() {
        for inner in sql.0.split(" IN (SELECT ").skip(1) {
            let inner = inner.split(')').next().unwrap_or_default();
            assert!(!inner.contains("LIMIT"), "{name} picks among: {inner}");
        }
    }
}

#[test]
fn every_key_begins_with_the_shard_key() {
    for table in tables() {
        let shard = match table.name.as_str() {
            "cases" | "events" | "outbox" | "once" | "checkpoints" | "checkpoint_heads"
            | "certificate_status" | "unmaskings" | "inspected_units" | "inspected_lots" | "review_holds"
            | "review_verdicts" | "review_looks" => "area",
            "person_lookup" | "asks" | "partner_tokens" | "station_credentials" => "lookup",
            "partners" | "partner_logouts" => "partner",
            "definitions" => "digest",
            "issuer_keys" => "kid",
            _ => "person",
        };
        assert_eq!(table.key.first().map(String::as_str), Some(shard), "{}", table.name);
    }
    let text = MIGRATIONS.concat().to_lowercase();
    for word in ["references", "trigger", "serial", "sequence", "default"] {
        assert!(!schema::statements(&text).join(" ").contains(word), "a migration uses {word}");
    }
}

#[test]
fn statements_use_an_index() {
    let conn = sqlite();
    for (name, sql) in sql::all().filter(|(name, _)| !ALL_SHARDS.contains(name)) {
        for step in
            found(&conn, &format!("EXPLAIN QUERY PLAN {}", sql.0), |row| row.get::<_, String>("detail"))
        {
            // what a statement has picked for itself and counts may be read through, and so may its own parameters
            let reads_all = step.starts_with("SCAN ")
                && !["SCAN counted", "SCAN picked", "SCAN CONSTANT ROW"].contains(&step.as_str());
            assert!(!reads_all, "{name}: {step}");
        }
    }
}

#[tokio::test]
async fn both_schemas_are_the_text() {
    let conn = sqlite();
    for table in tables() {
        let sql = format!("SELECT name, type, \"notnull\" FROM pragma_table_info('{}')", table.name);
        let found: Vec<(String, String, i64)> =
            found(&conn, &sql, |row| Ok((row.get("name")?, row.get("type")?, row.get("notnull")?)));
        let expected: Vec<_> = table
            .columns
            .iter()
            .map(|column| {
                (column.name.clone(), sqlite_type(column.kind).to_owned(), i64::from(!column.nullable))
            })
            .collect();
        assert_eq!(found, expected, "{} on SQLite", table.name);
    }
    let Some(client) = postgres().await else { return };
    for table in tables() {
        let sql = "SELECT a.attname::text AS name, format_type(a.atttypid, a.atttypmod) AS type, a.attnotnull \
            FROM pg_attribute a JOIN pg_class c ON c.oid = a.attrelid \
            WHERE c.relname = $1 AND c.relnamespace = pg_my_temp_schema() AND a.attnum > 0 ORDER BY a.attnum";
        let found: Vec<(String, String, bool)> =
            client.query(sql, &[&table.name]).await.unwrap().iter().map(columns).collect();
        let expected: Vec<_> = table
            .columns
            .iter()
            .map(|column| (column.name.clone(), postgres_type(column.kind).to_owned(), !column.nullable))
            .collect();
        assert_eq!(found, expected, "{} on PostgreSQL", table.name);
    }
}

fn columns(row: &tokio_postgres::Row) -> (String, String, bool) {
    (row.get(0), row.get(1), row.get(2))
}

/// Every row of a question, its parameters left empty.
fn found<T>(
    conn: &Connection,
    sql: &str,
    read: impl Fn(&rusqlite::Row<'_>) -> rusqlite::Result<T>,
) -> Vec<T> {
    let mut statement = conn.prepare(sql).unwrap();
    let mut rows = statement.raw_query();
    let mut found = Vec::new();
    while let Some(row) = rows.next().unwrap() {
        found.push(read(row).unwrap());
    }
    found
}

fn sqlite_type(kind: Kind) -> &'static str {
    match kind {
        Kind::Int | Kind::Bool => "INTEGER",
        Kind::Text => "TEXT",
        Kind::Bytes | Kind::Id => "BLOB",
    }
}

fn postgres_type(kind: Kind) -> &'static str {
    match kind {
        Kind::Int => "bigint",
        Kind::Text => "text",
        Kind::Bytes => "bytea",
        Kind::Id => "uuid",
        Kind::Bool => "boolean",
    }
}
