//! How long it takes to open a wallet of 200 certificates, to show one of them, and to have it as a sealed file, through the
//! use cases.
//!
//! `wallet [times]` prints `name=value` lines.
#![expect(clippy::disallowed_methods, reason = "a measurement reads the clock")]

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::time::{Duration, Instant};

use app::{App, Batch, BatchRow, Parts, Row, SystemRandom};
use domain::{Date, Lang, ManualClock};
use identity::DemoProvider;
use search::Index;
use store::{Config, Database, MasterKey, Store};

/// As the program has it.
#[global_allocator]
static ALLOCATOR: mimalloc::MiMalloc = mimalloc::MiMalloc;

const CERTIFICATES: u64 = 200;

type Failure = Box<dyn std::error::Error + Send + Sync>;

#[tokio::main]
async fn main() -> Result<(), Failure> {
    let times: usize = std::env::args().nth(1).map_or(Ok(1_000), |n| n.parse())?;
    let folder = tempfile::tempdir()?;
    let app = open(folder.path()).await?;
    let person = app.walker(0).ok_or("no such person")?;
    let holder = app.walk_citizen(&person).await?;
    let item = app.catalogue.item("ex-small-restaurant").ok_or("no such item")?;
    let batch = Batch {
        name: "stock".to_owned(),
        kind: item.certificate.as_ref().ok_or("no certificate")?.id.clone(),
        area: item.area.clone(),
        agency: item.agency.clone(),
    };
    let row = |line| BatchRow {
        line,
        number: person.number.reveal().to_owned(),
        name: person.name.to_owned(),
        issued: "2026-03-01".to_owned(),
        fields: BTreeMap::from([("shop".to_owned(), format!("示例面馆{line}号店"))]),
    };
    let mut issued = 0;
    let mut told = |_, row: Row| issued += u64::from(matches!(row, Row::Issued));
    app.issue_batch(&batch, (2..2 + CERTIFICATES).map(row).collect(), &mut told).await?;
    if issued != CERTIFICATES {
        return Err(format!("{issued} certificates were issued").into());
    }
    let (mut wallet, mut show, mut pdf) = (Vec::new(), Vec::new(), Vec::new());
    let fields = ["name", "until"].map(str::to_owned);
    for n in 0..times {
        let begun = Instant::now();
        let held = app.wallet(holder).await?;
        wallet.push(begun.elapsed());
        let one = held.get(n % held.len()).ok_or("an empty wallet")?;
        let begun = Instant::now();
        let (_, code) = app.show_code(holder, one.id, &fields).await?;
        code.qr("https://example.gov.invalid/verify", "code").ok_or("no room for the code")?;
        show.push(begun.elapsed());
        let begun = Instant::now();
        app.certificate_pdf(one, Lang::Zh, Vec::new()).await?;
        pdf.push(begun.elapsed());
    }
    for (name, times) in [("wallet", wallet), ("show", show), ("pdf", pdf)] {
        let (p50, p99) = percentiles(times);
        println!("{name}_p50_ms={p50:.3}\n{name}_p99_ms={p99:.3}");
    }
    app.store.close().await;
    Ok(())
}

/// The median and the 99th of a hundred, in milliseconds.
fn percentiles(mut times: Vec<Duration>) -> (f64, f64) {
    times.sort_unstable();
    let at = |share: f64| times[((times.len() - 1) as f64 * share) as usize].as_secs_f64() * 1_000.0;
    (at(0.5), at(0.99))
}

async fn open(folder: &Path) -> Result<App, Failure> {
    let packs = PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("../../packs");
    let loaded = packs::load(&[packs.join("cn"), packs.join("guangdong")]);
    let catalogue = Arc::new(loaded.catalogue.ok_or("the packs have errors")?);
    let config = Config {
        database: Database::Sqlite(folder.join("store.db")),
        data_dir: folder.to_owned(),
        master_key: MasterKey::from_bytes([1; 32]),
        sqlite_max_pages: None,
        readers: 4,
        probe: None,
    };
    let store = Store::open(&config).await?;
    store.migrate(0).await?;
    let now = catalogue.calendar.at(Date::constant(2026, 3, 2), 9);
    Ok(App::new(Parts {
        search: Arc::new(Index::build(Vec::new(), &[])),
        catalogue,
        store,
        provider: Some(Arc::new(DemoProvider)),
        officers: None,
        clock: Arc::new(ManualClock::at(now)),
        random: Arc::new(SystemRandom::default()),
    })?)
}
