//! Two servers on one SQLite file, the people, and the crashes.

use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, AtomicI64, Ordering};

use app::{App, Parts, sample_pdf, special_roles};
use domain::{CaseId, Clock as _, Date, ManualClock, PersonId, micros};
use identity::{DemoOfficers, DemoPerson, DemoProvider, Returned, demo_people};
use packs::Catalogue;
use packs::form::{self, SamplePerson};
use search::Index;
use store::{Config, Database, MasterKey, Store};
use tokio::sync::mpsc;
use tokio::task::JoinHandle;

use crate::asks::Ask;
use crate::chance::Seeded;
use crate::gate::{Gate, Parked, Signal, SimClock};

/// What went wrong, in words.
pub(crate) type Fault = String;

/// The packs in their two versions, read once and used by every seed.
#[derive(Clone)]
pub(crate) struct Shared {
    pub(crate) versions: [Arc<Catalogue>; 2],
    pub(crate) index: Arc<Index>,
    pub(crate) folder: PathBuf,
}

impl Shared {
    pub(crate) fn read(folder: &Path) -> Result<Self, Fault> {
        let read = |version: &str| {
            let loaded = packs::load(&[folder.join("services"), folder.join(version)]);
            loaded.catalogue.map(Arc::new).ok_or_else(|| format!("{version}: {:?}", loaded.problems))
        };
        let versions = [read("first")?, read("later")?];
        let index = Index::build(Vec::new(), &versions[0].synonyms);
        Ok(Self { versions, index: Arc::new(index), folder: folder.to_path_buf() })
    }
}

/// A task under way on a server.
pub(crate) struct Running {
    pub(crate) task: JoinHandle<()>,
    pub(crate) parked: Option<Parked>,
    pub(crate) what: String,
}

/// A server: up with its application, or down.
pub(crate) struct Server {
    pub(crate) clock: Arc<SimClock>,
    pub(crate) app: Option<Arc<App>>,
    pub(crate) running: Option<Running>,
}

/// Everything that is simulated.
pub(crate) struct World {
    pub(crate) shared: Shared,
    pub(crate) truth: Arc<ManualClock>,
    pub(crate) servers: Vec<Server>,
    pub(crate) signals: mpsc::UnboundedReceiver<Signal>,
    pub(crate) people: Vec<PersonId>,
    pub(crate) open: Arc<AtomicBool>,
    /// The version of the packs that a server starts with.
    pub(crate) version: usize,
    database: PathBuf,
    folder: tempfile::TempDir,
    sender: mpsc::UnboundedSender<Signal>,
    seed: u64,
    starts: u64,
}

pub(crate) const SERVERS: usize = 2;
/// What each of the citizens applies for.
const ITEMS: [[&str; 2]; 5] = [
    ["ex-permit", "ex-shop"],
    ["ex-permit", "ex-record"],
    ["ex-shop", "ex-award"],
    ["ex-permit", "ex-promise"],
    ["ex-shop", "ex-record"],
];

impl World {
    /// Two servers and nobody yet, on Wednesday 23 September 2026, 9:00.
    pub(crate) async fn new(shared: Shared, seed: u64) -> Result<Self, Fault> {
        let memory = Path::new("/dev/shm");
        let folder = if memory.is_dir() { tempfile::tempdir_in(memory) } else { tempfile::tempdir() };
        let folder = folder.map_err(|error| error.to_string())?;
        let truth = Arc::new(ManualClock::at(shared.versions[0].calendar.at(Date::constant(2026, 9, 23), 9)));
        let (sender, signals) = mpsc::unbounded_channel();
        let server = || Server {
            clock: Arc::new(SimClock { truth: Arc::clone(&truth), wrong_by: AtomicI64::new(0) }),
            app: None,
            running: None,
        };
        let mut world = Self {
            servers: (0..SERVERS).map(|_| server()).collect(),
            truth,
            shared,
            signals,
            people: Vec::new(),
            open: Arc::new(AtomicBool::new(true)),
            version: 0,
            database: folder.path().join("store-0.db"),
            folder,
            sender,
            seed,
            starts: 0,
        };
        for server in 0..SERVERS {
            world.start(server).await?;
        }
        Ok(world)
    }

    /// Starts a server as after a crash: opens, migrates, recovers.
    pub(crate) async fn start(&mut self, server: usize) -> Result<(), Fault> {
        let gate = Gate { server, open: Arc::clone(&self.open), signals: self.sender.clone() };
        let config = Config {
            database: Database::Sqlite(self.database.clone()),
            data_dir: self.folder.path().join("data"),
            master_key: MasterKey::from_bytes([7; 32]),
            sqlite_max_pages: None,
            readers: 1,
            probe: Some(Arc::new(gate)),
        };
        let failed = |error: store::Error| format!("server {server} does not start: {error}");
        let store = Store::open(&config).await.map_err(failed)?;
        store.migrate(micros(self.truth.now())).await.map_err(failed)?;
        store.repair_checkpoint_file().await.map_err(failed)?;
        self.starts += 1;
        let catalogue = &self.shared.versions[self.version];
        let parts = Parts {
            catalogue: Arc::clone(catalogue),
            search: Arc::clone(&self.shared.index),
            store,
            provider: Some(Arc::new(DemoProvider)),
            officers: Some(Arc::new(DemoOfficers::new(special_roles(catalogue)))),
            clock: Arc::clone(&self.servers[server].clock) as _,
            random: Arc::new(Seeded::new(self.seed.wrapping_add(self.starts << 40))),
        };
        self.servers[server].app = Some(Arc::new(App::new(parts).map_err(|error| error.to_string())?));
        Ok(())
    }

    /// The first server that is up.
    pub(crate) fn app(&self) -> Option<Arc<App>> {
        self.servers.iter().find_map(|server| server.app.clone())
    }

    /// Where tasks send their ends.
    pub(crate) fn sender(&self) -> mpsc::UnboundedSender<Signal> {
        self.sender.clone()
    }

    /// Ends a server where it stands.
    pub(crate) async fn crash(&mut self, server: usize) {
        if let Some(running) = self.servers[server].running.take() {
            running.task.abort();
            drop(running.task.await);
        }
        if let Some(app) = self.servers[server].app.take() {
            app.store.crash().await;
        }
    }

    /// The length of the database's log.
    pub(crate) fn log_length(&self) -> u64 {
        std::fs::metadata(log_of(&self.database)).map_or(0, |file| file.len())
    }

    /// Power fails: the disk keeps the database and `keep` bytes of its log; both servers are down.
    pub(crate) async fn power_cut(&mut self, keep: u64) -> Result<(), Fault> {
        let next = self.folder.path().join(format!("store-{}.db", self.starts));
        let failed = |error: std::io::Error| format!("copying the disk: {error}");
        std::fs::copy(&self.database, &next).map_err(failed)?;
        let log = std::fs::read(log_of(&self.database)).unwrap_or_default();
        let keep = usize::try_from(keep).unwrap_or(log.len()).min(log.len());
        std::fs::write(log_of(&next), &log[..keep]).map_err(failed)?;
        for server in 0..SERVERS {
            self.crash(server).await;
        }
        self.database = next;
        Ok(())
    }

    /// Citizens with finished drafts; nobody is stopped meanwhile.
    pub(crate) async fn settle_in(&mut self) -> Result<Vec<Ask>, Fault> {
        let app = self.app().ok_or("no server is up")?;
        let mut asks = Vec::new();
        for (person, items) in demo_people().into_iter().zip(ITEMS) {
            let id = sign_in(&app, &person).await.map_err(|error| format!("signing in: {error}"))?;
            self.people.push(id);
            for item in items {
                match draft(&app, id, &person, item).await {
                    Ok((draft, area)) => asks.push(Ask::Submit { person: id, draft, area }),
                    Err(error) => return Err(format!("drafting {item}: {error}")),
                }
            }
        }
        self.open.store(false, Ordering::SeqCst);
        Ok(asks)
    }
}

fn log_of(database: &Path) -> PathBuf {
    let mut name = database.as_os_str().to_owned();
    name.push("-wal");
    name.into()
}

async fn sign_in(app: &App, person: &DemoPerson) -> Result<PersonId, app::Error> {
    let returned: Returned = [("name", person.name), ("number", person.number.reveal())]
        .map(|(key, value)| (key.to_owned(), value.to_owned()))
        .into();
    let signed_in = app.sign_in_citizen(&returned).await?;
    let session = app.session(&signed_in.cookie).await?;
    session.and_then(|session| session.citizen()).ok_or(app::Error::SignIn)
}

async fn draft(
    app: &App,
    id: PersonId,
    person: &DemoPerson,
    item: &str,
) -> Result<(CaseId, String), app::Error> {
    let begun = app.start_draft(id, item).await?;
    let mut draft = app.draft(id, begun).await?;
    let who = SamplePerson {
        name: person.name.to_owned(),
        citizen_number: person.number.reveal().to_owned(),
        mobile: person.mobile.to_owned(),
        address: person.address.to_owned(),
    };
    let definition = Arc::clone(&draft.definition);
    let answers = form::sample(&definition.item.form, app.catalogue.calendar.date_of(app.now()), &who);
    for page in &definition.item.form.pages {
        let wrong = app.save_page(&draft, &page.id, &answers).await?;
        if !wrong.is_empty() {
            return Err(app::Error::Answers(wrong));
        }
        draft = app.draft(id, begun).await?;
    }
    for material in &definition.item.materials {
        draft = app.upload(&draft, &material.id, "材料.pdf", sample_pdf().to_vec()).await?;
    }
    Ok((begun, definition.item.area.as_str().to_owned()))
}
