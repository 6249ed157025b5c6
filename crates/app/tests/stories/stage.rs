//! What every story needs: the real packs, a fresh database of either kind, a clock turned by hand, chance
//! from a seed, and people.

use std::path::{Path, PathBuf};
use std::sync::atomic::{AtomicU32, AtomicU64, Ordering};
use std::sync::{Arc, OnceLock};

use app::{App, CaseFile, Parts, Random, Session, sample_pdf, special_roles};
use casework::{Actor, Command, Officer};
use domain::{CaseId, CitizenNumber, Clock as _, Date, ManualClock, PersonId, micros};
use identity::{DemoOfficers, DemoProvider, Post, Returned};
use packs::form::{self, SamplePerson};
use packs::{Answers, Catalogue};
use search::Index;
use store::{Config, Database, MasterKey, Store};
use tokio_postgres::{Client, NoTls};

/// URL of a PostgreSQL server on which the tests may create databases.
const POSTGRES: &str = "SHENGSHI_TEST_POSTGRES";
/// Where chance begins; change it to see other ids.
const SEED: u64 = 20_260_907;
/// A permit: two officers review, three materials are always needed.
pub(crate) const SHOP: &str = "ex-small-restaurant";
/// Its area.
pub(crate) const AREA: &str = "440000";

/// A database of its own and the folder of its files.
pub(crate) struct Place {
    database: Database,
    folder: tempfile::TempDir,
}

impl Place {
    pub(crate) fn sqlite() -> Self {
        let folder = tempfile::tempdir().unwrap();
        Self { database: Database::Sqlite(folder.path().join("store.db")), folder }
    }

    /// A database on the test server; `None`, said aloud, when there is no server.
    pub(crate) async fn postgres() -> Option<Self> {
        let Ok(server) = std::env::var(POSTGRES) else {
            eprintln!("skipped on PostgreSQL: {POSTGRES} is not set");
            return None;
        };
        let name = format!("app_{}", uuid::Uuid::from_bytes(store::random().unwrap()).simple());
        connect(&server).await.batch_execute(&format!("CREATE DATABASE {name}")).await.unwrap();
        let (base, _) = server.rsplit_once('/').unwrap();
        Some(Self {
            database: Database::Postgres(format!("{base}/{name}")),
            folder: tempfile::tempdir().unwrap(),
        })
    }

    pub(crate) fn folder(&self) -> &Path {
        self.folder.path()
    }

    /// What somebody with the database's password can do behind our back.
    pub(crate) async fn meddle(&self, sql: &str) {
        let changed = match &self.database {
            Database::Sqlite(path) => {
                let conn = rusqlite::Connection::open(path).unwrap();
                conn.execute_batch(sql).unwrap();
                conn.total_changes()
            }
            Database::Postgres(url) => connect(url).await.execute(sql, &[]).await.unwrap(),
        };
        assert!(changed > 0, "the meddling met nothing");
    }
}

/// Past the application, as whoever has the password may come.
async fn connect(url: &str) -> Client {
    let (client, connection) = tokio_postgres::connect(url, NoTls).await.unwrap();
    tokio::spawn(connection);
    client
}

/// Tells a story on SQLite, and on PostgreSQL when a server is given.
macro_rules! on_both {
    ($($name:ident;)*) => {$(
        mod $name {
            #[tokio::test(flavor = "multi_thread", worker_threads = 2)]
            async fn on_sqlite() {
                super::$name($crate::stage::Place::sqlite()).await;
            }

            #[tokio::test(flavor = "multi_thread", worker_threads = 2)]
            async fn on_postgres() {
                if let Some(place) = $crate::stage::Place::postgres().await {
                    super::$name(place).await;
                }
            }
        }
    )*};
}

pub(crate) use on_both;

/// The application on its database.
#[derive(Clone)]
pub(crate) struct Stage {
    pub(crate) app: Arc<App>,
    pub(crate) clock: Arc<ManualClock>,
}

impl Stage {
    /// On the real packs, on Monday 7 September 2026, 9:00.
    pub(crate) async fn new(place: &Place) -> Self {
        Self::with(place, catalogue()).await
    }

    /// On packs of one's own.
    pub(crate) async fn with(place: &Place, (catalogue, search): (Arc<Catalogue>, Arc<Index>)) -> Self {
        let clock = Arc::new(ManualClock::at(catalogue.calendar.at(Date::constant(2026, 9, 7), 9)));
        let config = Config {
            database: place.database.clone(),
            data_dir: place.folder().join("data"),
            master_key: MasterKey::from_bytes([7; 32]),
            sqlite_max_pages: None,
            readers: 2,
            probe: None,
        };
        let store = Store::open(&config).await.unwrap();
        store.migrate(micros(clock.now())).await.unwrap();
        // What starts again does not repeat itself.
        static STARTS: AtomicU64 = AtomicU64::new(0);
        let seed = SEED + (STARTS.fetch_add(1, Ordering::Relaxed) << 40);
        let officers = DemoOfficers::new(special_roles(&catalogue));
        let parts = Parts {
            catalogue,
            search,
            store,
            provider: Some(Arc::new(DemoProvider)),
            officers: Some(Arc::new(officers)),
            clock: clock.clone(),
            random: Arc::new(Seeded(AtomicU64::new(seed))),
        };
        Self { app: Arc::new(App::new(parts).unwrap()), clock }
    }

    pub(crate) fn turn_to(&self, day: Date, hour: i8) {
        self.clock.set(self.app.catalogue.calendar.at(day, hour));
    }

    pub(crate) fn officer(&self, item: &str, post: Post) -> Actor {
        let item = self.app.catalogue.item(item).unwrap();
        Actor::Officer(self.officer_of(&item.agency, item.area.as_str(), post))
    }

    /// An officer of any agency.
    pub(crate) fn officer_of(&self, agency: &str, area: &str, post: Post) -> Officer {
        let officers = self.app.officers.as_ref().unwrap().of(agency);
        let card = officers.into_iter().find(|card| card.post == post).unwrap();
        Officer {
            id: card.id,
            name: card.name,
            agency: agency.to_owned(),
            area: area.parse().unwrap(),
            roles: card.roles,
            person: None,
        }
    }

    pub(crate) async fn act(
        &self,
        case: CaseId,
        actor: &Actor,
        command: Command,
    ) -> Result<CaseFile, app::Error> {
        self.clock.advance(1);
        self.app.act(AREA, case, actor, command).await
    }

    pub(crate) async fn look(&self, case: CaseId) -> CaseFile {
        self.app.open_case(AREA, case, &Actor::System).await.unwrap()
    }

    /// Everything the outbox promises is carried out.
    pub(crate) async fn work(&self) {
        while self.app.work_once().await.unwrap() > 0 {}
    }

    /// What `verify` finds wrong.
    pub(crate) async fn faults(&self) -> Vec<String> {
        let verified = self.app.verify(&|_, _| {}).await.unwrap();
        verified.faults.into_iter().map(|fault| fault.what).collect()
    }
}

/// A citizen of the story.
pub(crate) struct Citizen {
    pub(crate) id: PersonId,
    pub(crate) name: String,
    pub(crate) number: String,
    pub(crate) mobile: &'static str,
}

impl Citizen {
    pub(crate) async fn new(stage: &Stage) -> Self {
        Self::born(stage, "19800229").await
    }

    /// Somebody born on that day, as eight digits.
    pub(crate) async fn born(stage: &Stage, day: &str) -> Self {
        static NEXT: AtomicU32 = AtomicU32::new(100);
        let body = format!("990000{day}{}", NEXT.fetch_add(1, Ordering::Relaxed));
        let number = format!("{body}{}", CitizenNumber::check_character(&body).unwrap());
        let name = format!("示例·乙{}", &body[14..]);
        let session = sign_in(stage, &name, &number).await;
        Self { id: session.citizen().unwrap(), name, number, mobile: "13000000099" }
    }

    pub(crate) fn actor(&self) -> Actor {
        Actor::Applicant(self.id)
    }

    /// Valid answers to an item's form.
    pub(crate) fn answers(&self, stage: &Stage, item: &str) -> Answers {
        let person = SamplePerson {
            name: self.name.clone(),
            citizen_number: self.number.clone(),
            mobile: self.mobile.to_owned(),
            address: "示例省示例市示例路77号".to_owned(),
        };
        let item = stage.app.catalogue.item(item).unwrap();
        form::sample(&item.form, stage.app.catalogue.calendar.date_of(stage.app.now()), &person)
    }

    /// Answers every page and hands every material in, without submitting.
    pub(crate) async fn fill(&self, stage: &Stage, item: &str) -> CaseId {
        let id = stage.app.start_draft(self.id, item).await.unwrap();
        let mut draft = stage.app.draft(self.id, id).await.unwrap();
        let answers = self.answers(stage, item);
        let definition = draft.definition.clone();
        for page in &definition.item.form.pages {
            let wrong = stage.app.save_page(&draft, &page.id, &answers).await.unwrap();
            assert!(wrong.is_empty(), "{wrong:?}");
            draft = stage.app.draft(self.id, id).await.unwrap();
        }
        for material in &definition.item.materials {
            draft = stage.app.upload(&draft, &material.id, "材料.pdf", sample_pdf().to_vec()).await.unwrap();
        }
        id
    }

    pub(crate) async fn submit(&self, stage: &Stage, item: &str) -> CaseId {
        let draft = self.fill(stage, item).await;
        stage.app.give_consent(self.id, draft).await.unwrap();
        stage.app.submit(self.id, draft).await.unwrap()
    }
}

pub(crate) async fn sign_in(stage: &Stage, name: &str, number: &str) -> Session {
    let returned: Returned =
        [("name", name), ("number", number)].map(|(key, value)| (key.to_owned(), value.to_owned())).into();
    let signed_in = stage.app.sign_in_citizen(&returned).await.unwrap();
    stage.app.session(&signed_in.cookie).await.unwrap().unwrap()
}

pub(crate) fn packs_folder() -> PathBuf {
    PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("../../packs")
}

/// The real packs and their index, read once.
pub(crate) fn catalogue() -> (Arc<Catalogue>, Arc<Index>) {
    static PACKS: OnceLock<(Arc<Catalogue>, Arc<Index>)> = OnceLock::new();
    PACKS.get_or_init(|| read_packs(&packs_folder())).clone()
}

pub(crate) fn read_packs(folder: &Path) -> (Arc<Catalogue>, Arc<Index>) {
    let loaded = packs::load(&[folder.join("cn"), folder.join("guangdong")]);
    let catalogue = loaded.catalogue.unwrap();
    // Stories search nothing.
    let index = Index::build(Vec::new(), &catalogue.synonyms);
    (Arc::new(catalogue), Arc::new(index))
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
