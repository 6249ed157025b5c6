//! A whole site in one process: the real packs, a store in a folder of its own, a clock that is turned by
//! hand and chance that comes from a seed.

use std::future::Future;
use std::path::{Path, PathBuf};
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Arc, OnceLock};

use app::{App, Parts, Random, Registers};
use axum::Router;
use domain::{Date, Lang, ManualClock, Text, micros};
use identity::{
    CompanyRegister, DemoCompanies, DemoKin, DemoOfficers, DemoProvider, KinRegister, OfficerDirectory,
    Provider, Roster,
};
use packs::Catalogue;
use search::Index;
use store::{Config as StoreConfig, Database, MasterKey, Store};
use tokio::runtime::Runtime;
use web::view::Views;

use crate::elsewhere::{Elsewhere, connect};

/// Where chance begins; change it to see other ids.
const SEED: u64 = 20_260_907;

/// How a site is set up.
pub(crate) struct Setup {
    pub(crate) public: Option<&'static str>,
    pub(crate) demo: bool,
    pub(crate) writes_per_minute: u32,
    pub(crate) max_pages: Option<u32>,
    /// Officers must have a passkey.
    pub(crate) passkeys: bool,
    /// How other services are asked.
    pub(crate) http: Option<Arc<dyn app::Fetch>>,
    /// A PostgreSQL database; a SQLite file of its own otherwise.
    pub(crate) postgres: Option<String>,
    /// Providers elsewhere.
    pub(crate) elsewhere: Option<Arc<Elsewhere>>,
    /// The operator's list of officers; the demonstration's otherwise.
    pub(crate) officers: Option<Arc<Roster>>,
    /// Seals that agencies have.
    pub(crate) seals: Option<Arc<dyn app::Seals>>,
    /// The pack of the chip line beside the national one, and no other.
    pub(crate) factory: bool,
}

impl Default for Setup {
    fn default() -> Self {
        Self {
            public: None,
            demo: true,
            writes_per_minute: 0,
            max_pages: None,
            passkeys: false,
            http: None,
            postgres: None,
            elsewhere: None,
            officers: None,
            seals: None,
            factory: false,
        }
    }
}

/// A site, and what a test may turn or look into.
pub(crate) struct House {
    pub(crate) router: Router,
    pub(crate) app: Arc<App>,
    pub(crate) clock: Arc<ManualClock>,
    folder: tempfile::TempDir,
}

impl House {
    pub(crate) async fn open(setup: Setup) -> Self {
        Self::open_in(tempfile::tempdir().unwrap(), setup).await
    }

    /// The same site after a restart, with room for so many more pages of 4 KiB.
    pub(crate) async fn restart_with_room_for(self, pages: u64) -> Self {
        self.app.store.close().await;
        let held = std::fs::metadata(self.folder.path().join("store.db")).unwrap().len() / 4_096;
        let max_pages = Some(u32::try_from(held + pages).unwrap());
        Self::open_in(self.folder, Setup { max_pages, ..Setup::default() }).await
    }

    async fn open_in(folder: tempfile::TempDir, setup: Setup) -> Self {
        let (catalogue, search) = if setup.factory { factory() } else { catalogue() };
        let clock = Arc::new(ManualClock::at(catalogue.calendar.at(monday(), 9)));
        let config = StoreConfig {
            database: match setup.postgres {
                Some(url) => Database::Postgres(url),
                None => Database::Sqlite(folder.path().join("store.db")),
            },
            data_dir: folder.path().join("data"),
            master_key: MasterKey::from_bytes([7; 32]),
            sqlite_max_pages: setup.max_pages,
            readers: 2,
            probe: None,
        };
        let store = Store::open(&config).await.unwrap();
        store.migrate(micros(domain::Clock::now(clock.as_ref()))).await.unwrap();
        let provider: Option<Arc<dyn Provider>> = setup.demo.then(|| Arc::new(DemoProvider) as _);
        let officers: Option<Arc<dyn OfficerDirectory>> =
            setup.demo.then(|| Arc::new(DemoOfficers::default()) as _);
        // A site that starts again does not repeat itself.
        static STARTS: AtomicU64 = AtomicU64::new(0);
        let start = STARTS.fetch_add(1, Ordering::Relaxed);
        let random = Arc::new(Seeded(AtomicU64::new(SEED + (start << 40))));
        let parts = Parts { catalogue, search, store, provider, officers, clock: clock.clone(), random };
        let kin: Option<Arc<dyn KinRegister>> = setup.demo.then(|| Arc::new(DemoKin) as _);
        let companies: Option<Arc<dyn CompanyRegister>> = setup.demo.then(|| Arc::new(DemoCompanies) as _);
        let app = App::new(parts).unwrap().with_registers(Registers { kin, companies });
        let app = match setup.officers {
            Some(officers) => app.with_officers(officers),
            None => app,
        };
        let app = match setup.elsewhere {
            Some(elsewhere) => connect(app, elsewhere),
            None => app,
        };
        let app = match setup.http {
            Some(http) => app.with_http(http),
            None => app,
        };
        let app = match setup.seals {
            Some(seals) => app.with_seals(seals),
            None => app,
        };
        let app = Arc::new(app.with_passkeys_for_officers(setup.passkeys));
        let name = Text::both("省事", "Shengshi");
        let config = web::Config {
            name,
            public: setup.public.map(|own| own.parse().unwrap()),
            writes_per_minute: setup.writes_per_minute,
        };
        let site = Arc::new(web::Site::new(app.clone(), config).unwrap());
        Self { router: web::router(site), app, clock, folder }
    }

    /// Where everything of this site lies on the disk.
    pub(crate) fn folder(&self) -> &Path {
        self.folder.path()
    }

    /// Everything the outbox promises is carried out.
    pub(crate) async fn work(&self) {
        while self.app.work_once().await.unwrap() > 0 {}
    }
}

/// The site most tests share; each brings people of its own.
pub(crate) async fn house() -> &'static House {
    static HOUSE: tokio::sync::OnceCell<House> = tokio::sync::OnceCell::const_new();
    HOUSE.get_or_init(|| House::open(Setup::default())).await
}

/// Runs a test on the one runtime, on which the shared site's writers live.
pub(crate) fn run(test: impl Future<Output = ()>) {
    static RUNTIME: OnceLock<Runtime> = OnceLock::new();
    RUNTIME.get_or_init(|| Runtime::new().unwrap()).block_on(test);
}

/// The pack of the chip line.
fn factory() -> (Arc<Catalogue>, Arc<Index>) {
    let folder = PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("../../packs");
    let catalogue = packs::load(&[folder.join("cn"), folder.join("chip-inspection")]).catalogue.unwrap();
    let index = Index::build(search::docs_of(&catalogue), &catalogue.synonyms);
    (Arc::new(catalogue), Arc::new(index))
}

/// The real packs and their index, read once.
pub(crate) fn catalogue() -> (Arc<Catalogue>, Arc<Index>) {
    static PACKS: OnceLock<(Arc<Catalogue>, Arc<Index>)> = OnceLock::new();
    let read = || {
        let folder = PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("../../packs");
        let loaded = packs::load(&[folder.join("cn"), folder.join("guangdong")]);
        let catalogue = loaded.catalogue.unwrap();
        let index = Index::build(search::docs_of(&catalogue), &catalogue.synonyms);
        (Arc::new(catalogue), Arc::new(index))
    };
    PACKS.get_or_init(read).clone()
}

/// A working Monday, far from holidays.
pub(crate) fn monday() -> Date {
    Date::constant(2026, 9, 7)
}

/// The site's texts.
pub(crate) fn views() -> &'static Views {
    static VIEWS: OnceLock<Views> = OnceLock::new();
    VIEWS.get_or_init(|| Views::new().unwrap())
}

/// A text without arguments, in Chinese.
pub(crate) fn zh(key: &str) -> String {
    known(Lang::Zh, key)
}

/// A text without arguments, in English.
pub(crate) fn en(key: &str) -> String {
    known(Lang::En, key)
}

fn known(lang: Lang, key: &str) -> String {
    let text = views().text(lang, key, &[]);
    assert_ne!(text, key, "the test asks for a text that is not there");
    text
}

/// Chance from a seed (splitmix64).
struct Seeded(AtomicU64);

impl Random for Seeded {
    fn fill(&self, bytes: &mut [u8]) {
        for chunk in bytes.chunks_mut(8) {
            let mut z = self.0.fetch_add(0x9e37_79b9_7f4a_7c15, Ordering::Relaxed);
            z = (z ^ (z >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
            z = (z ^ (z >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
            let word = (z ^ (z >> 31)).to_le_bytes();
            chunk.copy_from_slice(&word[..chunk.len()]);
        }
    }
}
