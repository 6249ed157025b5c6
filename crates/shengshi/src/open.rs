//! Putting the parts together: packs, store, application.

use std::path::PathBuf;
use std::sync::Arc;

use app::{App, Parts, SystemRandom};
use domain::{Clock, micros};
use identity::{DemoOfficers, DemoProvider, OfficerDirectory, Provider};
use packs::{Catalogue, Files, Loaded, Memory, Severity};
use store::{Config, Database, MasterKey, Store};

use crate::cli::Place;
use crate::clock::SystemClock;

include!(concat!(env!("OUT_DIR"), "/packs.rs"));

/// Connections for reading.
const READERS: u32 = 4;

/// Loads packs: the given folders, or those built in.
pub(crate) fn load(dirs: &[PathBuf]) -> Loaded {
    if !dirs.is_empty() {
        return packs::load(dirs);
    }
    let built_in: Vec<Memory> =
        PACKS.iter().map(|(name, files)| Memory::new(*name, files.iter().copied())).collect();
    let files: Vec<&dyn Files> = built_in.iter().map(|pack| pack as &dyn Files).collect();
    packs::load_files(&files)
}

/// The catalogue, or every error of the packs.
pub(crate) fn catalogue(dirs: &[PathBuf]) -> Result<Arc<Catalogue>, String> {
    let loaded = load(dirs);
    let errors: Vec<_> =
        loaded.problems.iter().filter(|problem| problem.severity == Severity::Error).collect();
    for error in &errors {
        eprintln!("{error}");
    }
    match loaded.catalogue {
        Some(catalogue) if errors.is_empty() => Ok(Arc::new(catalogue)),
        _ => Err(format!("the packs have {} errors; nothing is served until they are mended", errors.len())),
    }
}

/// Opens the store at a place, its schema up to date.
pub(crate) async fn store(place: &Place) -> Result<Store, String> {
    let store = bare_store(place).await?;
    store.migrate(micros(SystemClock.now())).await.map_err(|error| error.to_string())?;
    Ok(store)
}

/// Opens the store without touching its schema.
pub(crate) async fn bare_store(place: &Place) -> Result<Store, String> {
    std::fs::create_dir_all(&place.data).map_err(|error| format!("{}: {error}", place.data.display()))?;
    let master_key =
        MasterKey::load_or_create(&place.data.join("master.key")).map_err(|error| error.to_string())?;
    let database = match &place.database {
        Some(url) if url.starts_with("postgres://") || url.starts_with("postgresql://") => {
            Database::Postgres(url.clone())
        }
        Some(other) => return Err(format!("--database takes postgres://…, not {other}")),
        None => Database::Sqlite(place.data.join("shengshi.db")),
    };
    let config = Config {
        database,
        data_dir: place.data.clone(),
        master_key,
        sqlite_max_pages: None,
        readers: READERS,
    };
    Store::open(&config).await.map_err(|error| error.to_string())
}

/// Puts the application together.
pub(crate) fn app(
    catalogue: Arc<Catalogue>,
    store: Store,
    clock: Arc<dyn Clock>,
    demo: bool,
) -> Result<App, String> {
    let search = Arc::new(search::Index::build(search::docs_of(&catalogue), &catalogue.synonyms));
    let provider: Option<Arc<dyn Provider>> = if demo { Some(Arc::new(DemoProvider)) } else { None };
    let officers: Option<Arc<dyn OfficerDirectory>> = if demo { Some(Arc::new(DemoOfficers)) } else { None };
    let random = Arc::new(SystemRandom::default());
    App::new(Parts { catalogue, search, store, provider, officers, clock, random })
        .map_err(|error| error.to_string())
}
