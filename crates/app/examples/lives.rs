//! How many cases a second live their whole life through the use cases, durably: begun, written, handed in,
//! accepted, reviewed by two officers, granted, issued, delivered by the worker, rated.
//!
//! `lives [cases] [callers] [postgres URL]` prints `name=value` lines.
#![expect(clippy::disallowed_methods, reason = "a measurement reads the clock")]

use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::{Duration, Instant};

use app::{App, Parts, SystemRandom};
use casework::{Actor, Command, Finding, Officer, Status};
use domain::{CaseId, Clock, PersonId, Timestamp, from_micros, micros};
use identity::{DemoOfficers, DemoPerson, DemoProvider, OfficerDirectory};
use packs::form::{self, SamplePerson};
use packs::{Answers, Catalogue, Handling, ServiceItem};
use search::Index;
use store::{Config, Database, MasterKey, Store};

/// As the program has it.
#[global_allocator]
static ALLOCATOR: mimalloc::MiMalloc = mimalloc::MiMalloc;

/// Nobody has more than a few cases: a list of one person's drafts that is hundreds long measures something else.
const MAX_PEOPLE: u64 = 10_000;

type Failure = Box<dyn std::error::Error + Send + Sync>;

#[tokio::main]
async fn main() -> Result<(), Failure> {
    let mut args = std::env::args().skip(1);
    let cases: u64 = args.next().map_or(Ok(3_000), |n| n.parse())?;
    let callers: u64 = args.next().map_or(Ok(128), |n| n.parse())?;
    let folder = tempfile::tempdir()?;
    let database = args.next().map_or(Database::Sqlite(folder.path().join("store.db")), Database::Postgres);
    let app = Arc::new(open(database, folder.path()).await?);
    let item = permit(&app.catalogue).ok_or("no permit that two officers review")?;
    let worker = tokio::spawn({
        let app = app.clone();
        async move { app.work().await }
    });
    let people = Arc::new(people(&app, cases.min(MAX_PEOPLE)).await?);
    let (next, begun) = (Arc::new(AtomicU64::new(0)), Instant::now());
    let mut tasks = Vec::new();
    for _ in 0..callers {
        let (app, next, item, people) = (app.clone(), next.clone(), item.clone(), people.clone());
        tasks.push(tokio::spawn(async move {
            let mut lives = Vec::new();
            loop {
                let number = next.fetch_add(1, Ordering::Relaxed);
                if number >= cases {
                    break;
                }
                let (citizen, person) = &people[number as usize % people.len()];
                let born = Instant::now();
                let events = live(&app, *citizen, person, &item).await?;
                lives.push((born.elapsed(), events));
            }
            Ok::<_, app::Error>(lives)
        }));
    }
    let mut lives = Vec::new();
    for task in tasks {
        lives.extend(task.await??);
    }
    let seconds = begun.elapsed().as_secs_f64();
    worker.abort();
    lives.sort_unstable();
    let at = |share: f64| lives[((lives.len() - 1) as f64 * share) as usize].0.as_secs_f64() * 1_000_000.0;
    let events: usize = lives.iter().map(|(_, events)| events).sum();
    println!("lives={}\nevents={events}\nper_second={:.1}", lives.len(), lives.len() as f64 / seconds);
    println!("p50_us={:.0}\np99_us={:.0}\npeak_kib={}", at(0.5), at(0.99), peak_kib());
    app.store.close().await;
    Ok(())
}

/// Signed in before anything is measured, many at a time.
async fn people(app: &Arc<App>, count: u64) -> Result<Vec<(PersonId, DemoPerson)>, Failure> {
    let mut tasks = tokio::task::JoinSet::new();
    let mut people = Vec::new();
    for number in 0..usize::try_from(count)? {
        let (app, person) = (app.clone(), app.walker(number).ok_or("no such person")?);
        tasks.spawn(async move { app.walk_citizen(&person).await.map(|citizen| (citizen, person)) });
        if tasks.len() == 64 {
            people.extend(tasks.join_next().await.transpose()?.transpose()?);
        }
    }
    for done in tasks.join_all().await {
        people.push(done?);
    }
    Ok(people)
}

async fn open(database: Database, folder: &Path) -> Result<App, Failure> {
    let packs = PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("../../packs");
    let loaded = packs::load(&[packs.join("cn"), packs.join("guangdong")]);
    let catalogue = Arc::new(loaded.catalogue.ok_or("the packs have errors")?);
    let config = Config {
        database,
        data_dir: folder.to_owned(),
        master_key: MasterKey::from_bytes([1; 32]),
        sqlite_max_pages: None,
        readers: 4,
        probe: None,
    };
    let store = Store::open(&config).await?;
    store.migrate(0).await?;
    let start = catalogue.calendar.at(domain::Date::constant(2026, 3, 2), 9);
    let clock = Running { start: micros(start), since: Instant::now() };
    Ok(App::new(Parts {
        search: Arc::new(Index::build(Vec::new(), &[])),
        catalogue,
        store,
        provider: Some(Arc::new(DemoProvider)),
        officers: Some(Arc::new(DemoOfficers::default())),
        clock: Arc::new(clock),
        random: Arc::new(SystemRandom::default()),
    })?)
}

/// A clock that runs, as a server's does, from a Monday morning on: ids made by it come in order.
struct Running {
    start: i64,
    since: Instant,
}

impl Clock for Running {
    fn now(&self) -> Timestamp {
        from_micros(self.start + self.since.elapsed().as_micros() as i64)
    }
}

/// A published permit whose guide leaves it open which materials are always needed, so that a life holds no
/// files: the disk is asked for the record alone.
fn permit(catalogue: &Catalogue) -> Option<ServiceItem> {
    let is_permit = |item: &&ServiceItem| item.handling == Handling::Online { procedure: "permit".into() };
    let open = |item: &&ServiceItem| {
        !item.materials.is_empty() && item.materials.iter().all(|material| material.required.is_none())
    };
    catalogue.items.iter().filter(is_permit).find(open).cloned()
}

async fn live(
    app: &App,
    citizen: PersonId,
    person: &DemoPerson,
    item: &ServiceItem,
) -> Result<usize, app::Error> {
    let id = app.start_draft(citizen, &item.code).await?;
    fill(app, citizen, person, id).await?;
    let case = app.submit(citizen, id).await?;
    let area = item.area.as_str();
    let officers = officers(item);
    let words = || "材料齐全，符合条件".to_owned();
    app.act(area, case, &officers[0], Command::Accept).await?;
    for reviewer in &officers[..2] {
        app.act(area, case, reviewer, Command::Review { finding: Finding::Meets, words: words() }).await?;
    }
    app.act(area, case, &officers[2], Command::Grant { words: String::new() }).await?;
    let applicant = Actor::Applicant(citizen);
    let mut pause = Duration::from_millis(30);
    loop {
        let file = app.my_case(citizen, case).await?;
        if !file.case.status.open() {
            break;
        }
        if file.case.status != Status::Delivering {
            return Err(app::Error::Contention);
        }
        // Looks again less and less often, as people do.
        tokio::time::sleep(pause).await;
        pause *= 2;
    }
    let file = app.act(area, case, &applicant, Command::Rate { level: 1, words: String::new() }).await?;
    Ok(file.events.len())
}

async fn fill(app: &App, citizen: PersonId, person: &DemoPerson, id: CaseId) -> Result<(), app::Error> {
    let mut draft = app.draft(citizen, id).await?;
    let sample = SamplePerson {
        name: person.name.to_owned(),
        citizen_number: person.number.reveal().to_owned(),
        mobile: person.mobile.to_owned(),
        address: person.address.to_owned(),
    };
    let form = draft.definition.item.form.clone();
    let answers = form::sample(&form, app.catalogue.calendar.date_of(app.now()), &sample);
    // Each page that is sent brings the next, with the draft as it now stands.
    for page in &form.pages {
        app.save_page(&draft, &page.id, &answers).await?;
        draft = app.draft(citizen, id).await?;
    }
    let materials = draft.definition.item.materials.iter();
    let words: Answers =
        materials.map(|material| (material.id.clone(), "本人情况不涉及".to_owned())).collect();
    app.say_not_applicable(&draft, &words).await.map(drop)
}

/// Clerk, colleague, head.
fn officers(item: &ServiceItem) -> Vec<Actor> {
    let officer = |card: identity::OfficerCard| {
        Actor::Officer(Officer {
            id: card.id,
            name: card.name,
            agency: item.agency.clone(),
            area: item.area.clone(),
            roles: card.roles,
            person: None,
        })
    };
    DemoOfficers::default().of(&item.agency).into_iter().map(officer).collect()
}

fn peak_kib() -> u64 {
    let status = std::fs::read_to_string("/proc/self/status").unwrap_or_default();
    let line = status.lines().find_map(|line| line.strip_prefix("VmHWM:"));
    line.and_then(|line| line.trim().trim_end_matches(" kB").parse().ok()).unwrap_or_default()
}
