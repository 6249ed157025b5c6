//! What every story needs: a fresh database of either kind, and rows to put into it.

use std::path::PathBuf;
use std::sync::atomic::{AtomicU64, Ordering};

use store::{
    CaseCommit, CaseView, Config, Database, Draft, Head, MasterKey, Message, NewEvent, NewOutbox, Store,
};
use tokio_postgres::{Client, NoTls};
use uuid::Uuid;

/// URL of a PostgreSQL server on which the tests may create databases.
pub(crate) const POSTGRES: &str = "SHENGSHI_TEST_POSTGRES";
pub(crate) const AREA: &str = "990000";
pub(crate) const AGENCY: &str = "示例机关";
pub(crate) const NOW: i64 = 1_795_392_000_000_000;

/// An empty, migrated store in its own folder, and where it lies.
pub(crate) struct Place {
    pub(crate) config: Config,
    pub(crate) folder: tempfile::TempDir,
}

impl Place {
    pub(crate) fn sqlite() -> Self {
        let folder = tempfile::tempdir().unwrap();
        let database = Database::Sqlite(folder.path().join("store.db"));
        Self { config: config(database, folder.path().join("data")), folder }
    }

    /// A database of its own on the test server; `None`, said aloud, when there is no server.
    pub(crate) async fn postgres() -> Option<Self> {
        let Ok(server) = std::env::var(POSTGRES) else {
            eprintln!("skipped on PostgreSQL: {POSTGRES} is not set");
            return None;
        };
        let name = format!("story_{}", random_id().simple());
        connect(&server).await.batch_execute(&format!("CREATE DATABASE {name}")).await.unwrap();
        let (base, _) = server.rsplit_once('/').unwrap();
        let folder = tempfile::tempdir().unwrap();
        let database = Database::Postgres(format!("{base}/{name}"));
        Some(Self { config: config(database, folder.path().join("data")), folder })
    }

    pub(crate) async fn open(&self) -> Store {
        let store = Store::open(&self.config).await.unwrap();
        store.migrate(NOW).await.unwrap();
        store
    }

    /// What somebody does who can write the database and knows SQL; how many rows it changed.
    pub(crate) async fn meddle(&self, sql: &str) -> u64 {
        match &self.config.database {
            Database::Sqlite(path) => {
                let conn = rusqlite::Connection::open(path).unwrap();
                conn.execute_batch(sql).unwrap();
                conn.total_changes()
            }
            Database::Postgres(url) => connect(url).await.execute(sql, &[]).await.unwrap(),
        }
    }

    /// Bytes as this database writes them.
    pub(crate) fn bytes(&self, bytes: &[u8]) -> String {
        let hex: String = bytes.iter().map(|byte| format!("{byte:02x}")).collect();
        match &self.config.database {
            Database::Sqlite(_) => format!("x'{hex}'"),
            Database::Postgres(_) => format!("decode('{hex}', 'hex')"),
        }
    }
}

/// Past the store, as whoever has the password may come.
pub(crate) async fn connect(url: &str) -> Client {
    let (client, connection) = tokio_postgres::connect(url, NoTls).await.unwrap();
    tokio::spawn(connection);
    client
}

fn config(database: Database, data_dir: PathBuf) -> Config {
    Config {
        database,
        data_dir,
        master_key: MasterKey::from_bytes([7; 32]),
        sqlite_max_pages: None,
        readers: 2,
        probe: None,
    }
}

/// Runs a story on SQLite, and on PostgreSQL when a server is given.
macro_rules! on_both {
    ($($(#[$meta:meta])* $name:ident;)*) => {$(
        mod $name {
            #[tokio::test(flavor = "multi_thread", worker_threads = 2)]
            async fn on_sqlite() {
                super::$name($crate::common::Place::sqlite()).await;
            }

            #[tokio::test(flavor = "multi_thread", worker_threads = 2)]
            async fn on_postgres() {
                if let Some(place) = $crate::common::Place::postgres().await {
                    super::$name(place).await;
                }
            }
        }
    )*};
}

pub(crate) use on_both;

/// An id no other call returns, in the order of the calls.
pub(crate) fn new_id() -> Uuid {
    static NEXT: AtomicU64 = AtomicU64::new(1);
    Uuid::from_u64_pair(0x0199_0000_0000_7000, 0x8000_0000_0000_0000 | NEXT.fetch_add(1, Ordering::Relaxed))
}

pub(crate) fn random_id() -> Uuid {
    Uuid::from_bytes(store::random().unwrap())
}

pub(crate) fn event(kind: &str) -> NewEvent {
    NewEvent { at: NOW, kind: kind.into(), data: r#"{"材料":"已齐"}"#.into(), sealed: Some(vec![9; 40]) }
}

pub(crate) fn view(number: &str) -> CaseView {
    CaseView {
        number: number.into(),
        item: "示例事项".into(),
        agency: AGENCY.into(),
        definition: "d".repeat(64),
        status: "submitted".into(),
        step: "acceptance".into(),
        outcome: None,
        open: true,
        received_at: NOW,
        due_at: Some(NOW + 86_400_000_000),
        warn_at: None,
        due_kind: Some("promised".into()),
        clock_paused: false,
        claimed_by: None,
        updated_at: NOW,
        view: "{}".into(),
        wake_at: None,
        part_of: None,
        part_area: None,
        cards: 0,
    }
}

pub(crate) fn effect(kind: &str) -> NewOutbox {
    NewOutbox {
        id: new_id(),
        kind: kind.into(),
        data: "{}".into(),
        sealed: None,
        next_at: NOW,
        receiver: None,
        created_at: NOW,
    }
}

/// A commit that opens a case of its own.
pub(crate) fn new_case(person: Uuid) -> CaseCommit {
    let case_id = new_id();
    CaseCommit {
        area: AREA.into(),
        case_id,
        person,
        after: Head::NEW,
        events: vec![event("submitted")],
        view: view(&case_id.simple().to_string()),
        outbox: vec![effect("notify")],
        messages: Vec::new(),
        draft_done: None,
        definition: None,
        once: None,
        uses: Vec::new(),
        unit: None,
        review: None,
    }
}

/// A later commit on the case that `first` opened.
pub(crate) fn next_of(first: &CaseCommit, after: Head, kind: &str) -> CaseCommit {
    let events = vec![event(kind)];
    let view = CaseView { status: kind.into(), ..first.view.clone() };
    CaseCommit { after, events, view, outbox: vec![effect(kind)], ..first.clone() }
}

pub(crate) fn draft(person: Uuid) -> Draft {
    Draft {
        person,
        id: new_id(),
        item: "示例事项".into(),
        definition: "d".repeat(64),
        step: "form".into(),
        sealed: vec![4; 50],
        files: "[]".into(),
        version: 0,
        created_at: NOW,
        updated_at: NOW,
        submitted_case: None,
    }
}

pub(crate) fn message(person: Uuid, id: Uuid) -> Message {
    Message {
        person,
        id,
        at: NOW,
        kind: "accepted".into(),
        data: "{}".into(),
        sealed: None,
        case_area: Some(AREA.into()),
        case_id: None,
        read_at: None,
    }
}
