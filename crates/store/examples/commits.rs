//! How many new cases a second the store makes durable: `commits [callers] [seconds] [postgres URL]`.
#![expect(clippy::disallowed_methods, reason = "a measurement reads the clock")]

use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::{Duration, Instant};

use store::{CaseCommit, CaseView, Config, Database, Head, MasterKey, NewEvent, NewOutbox, Store};
use uuid::Uuid;

type Failure = Box<dyn std::error::Error + Send + Sync>;

#[tokio::main]
async fn main() -> Result<(), Failure> {
    let mut args = std::env::args().skip(1);
    let callers: u64 = args.next().map_or(Ok(64), |n| n.parse())?;
    let seconds: u64 = args.next().map_or(Ok(5), |n| n.parse())?;
    let folder = tempfile::tempdir()?;
    let database = args.next().map_or(Database::Sqlite(folder.path().join("store.db")), Database::Postgres);
    let config = Config {
        database,
        data_dir: folder.path().to_owned(),
        master_key: MasterKey::from_bytes([1; 32]),
        sqlite_max_pages: None,
        readers: 4,
        probe: None,
    };
    let store = Store::open(&config).await?;
    store.migrate(0).await?;
    let person =
        store.create_person(id(1), vec![store.lookup("bench", "1")], b"{}", 0).await.map_or(id(1), |id| id);
    let key = store.person_key(person).await?;
    let (next, begun) = (Arc::new(AtomicU64::new(seed()?)), Instant::now());
    let end = begun + Duration::from_secs(seconds);
    let mut tasks = Vec::new();
    for _ in 0..callers {
        let (store, key, next) = (store.clone(), key.clone(), Arc::clone(&next));
        tasks.push(tokio::spawn(async move {
            let mut waits = Vec::new();
            while Instant::now() < end {
                let asked = Instant::now();
                let sealed = key.seal("event", &[b'x'; 900])?;
                store.commit(commit(next.fetch_add(1, Ordering::Relaxed), person, sealed)).await?;
                waits.push(asked.elapsed());
            }
            Ok::<_, store::Error>(waits)
        }));
    }
    let mut waits = Vec::new();
    for task in tasks {
        waits.extend(task.await??);
    }
    let rate = waits.len() as f64 / begun.elapsed().as_secs_f64();
    waits.sort_unstable();
    let at = |share: f64| waits[((waits.len() - 1) as f64 * share) as usize];
    println!(
        "{callers} callers: {rate:.0} cases/s, p50 {:?}, p99 {:?}, max {:?}",
        at(0.5),
        at(0.99),
        at(1.0)
    );
    store.close().await;
    Ok(())
}

fn seed() -> Result<u64, store::Error> {
    Ok(u64::from_be_bytes(store::random()?) >> 24 << 24)
}

fn id(n: u64) -> Uuid {
    Uuid::from_u64_pair(0x0199_0000_0000_7000, n)
}

/// Three rows and more: the event with 900 sealed bytes, the view, the citizen's line, one effect.
fn commit(n: u64, person: Uuid, sealed: Vec<u8>) -> CaseCommit {
    let view = CaseView {
        number: format!("990000-20261123-{n:016X}"),
        item: "示例事项".to_owned(),
        agency: "示例机关".to_owned(),
        definition: "d".repeat(64),
        status: "submitted".to_owned(),
        step: "acceptance".to_owned(),
        outcome: None,
        open: true,
        received_at: 1,
        due_at: Some(i64::from(n as u32)),
        warn_at: None,
        due_kind: Some("promised".to_owned()),
        clock_paused: false,
        claimed_by: None,
        updated_at: 1,
        view: r#"{"title":{"zh":"示例事项","en":"Example"},"kind":"natural"}"#.to_owned(),
        wake_at: None,
        part_of: None,
        part_area: None,
        cards: 0,
    };
    let event = NewEvent {
        at: 1,
        kind: "submitted".to_owned(),
        data: r#"{"form":"1"}"#.repeat(20),
        sealed: Some(sealed),
    };
    let effect = NewOutbox {
        id: id(n),
        kind: "notify".to_owned(),
        data: "{}".to_owned(),
        sealed: None,
        next_at: 1,
        receiver: None,
        created_at: 1,
    };
    CaseCommit {
        area: "990000".to_owned(),
        case_id: id(n),
        person,
        after: Head::NEW,
        events: vec![event],
        view,
        outbox: vec![effect],
        messages: Vec::new(),
        draft_done: None,
        definition: None,
        once: None,
        uses: Vec::new(),
        unit: None,
        review: None,
    }
}
