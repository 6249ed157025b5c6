//! Putting the parts together: packs, store, application.

use std::path::{Path, PathBuf};
use std::sync::Arc;

use app::{App, Parts, Registers, SystemRandom};
use domain::{Clock, micros};
use identity::{DemoCompanies, DemoKin, DemoOfficers, DemoProvider, OfficerDirectory, Provider};
use packs::{Catalogue, Files, Loaded, Memory, Severity};
use store::{Config, Database, MasterKey, Store};

use crate::cli::Place;
use crate::clock::SystemClock;
use crate::say::complain;

/// A file of a pack: name and content.
type File = (&'static str, &'static [u8]);
/// A pack: id and files.
type Pack = (&'static str, &'static [File]);

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
        complain!("{error}");
    }
    match loaded.catalogue {
        Some(catalogue) if errors.is_empty() => Ok(Arc::new(catalogue)),
        _ => Err(format!("the packs have {} errors; nothing is served until they are mended", errors.len())),
    }
}

/// Whether a command may begin a new site.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Site {
    /// It may: a folder and a key are made.
    MayBeNew,
    /// It works on one that is there.
    Exists,
}

/// Opens the store at a place, its schema up to date.
pub(crate) async fn store(place: &Place, site: Site) -> Result<Store, String> {
    let (store, new_key) = bare_store(place, site)?.open().await?;
    store.migrate(micros(SystemClock.now())).await.map_err(|error| error.to_string())?;
    let people = store.stats().await.map_err(|error| error.to_string())?.persons;
    if let Some(key) = new_key.filter(|_| people > 0) {
        // The key just made opens nothing here: it must not be taken for the right one later.
        std::fs::remove_file(&key).map_err(|error| format!("{}: {error}", key.display()))?;
        return Err(format!(
            "the database knows people but {} was missing; put the right key there",
            key.display()
        ));
    }
    Ok(store)
}

/// A store about to be opened.
pub(crate) struct Bare {
    config: Config,
    new_key: Option<PathBuf>,
}

impl Bare {
    /// Opens it without touching its schema; tells the key's path if the key was made just now.
    pub(crate) async fn open(self) -> Result<(Store, Option<PathBuf>), String> {
        let store = Store::open(&self.config).await.map_err(|error| error.to_string())?;
        Ok((store, self.new_key))
    }
}

/// What to open at a place. A site without its master key is never given a new one.
pub(crate) fn bare_store(place: &Place, site: Site) -> Result<Bare, String> {
    let key = place.data.join("master.key");
    let file = place.data.join("shengshi.db");
    let database = match &place.database {
        Some(url) if url.starts_with("postgres://") || url.starts_with("postgresql://") => {
            Database::Postgres(url.clone())
        }
        Some(other) => return Err(format!("--database takes postgres://…, not {other}")),
        None => Database::Sqlite(file.clone()),
    };
    let new_key = !key.exists();
    if new_key && place.database.is_none() && file.exists() {
        return Err(format!(
            "{} is there but {} is missing; put the key back",
            file.display(),
            key.display()
        ));
    }
    if site == Site::Exists && (new_key || (place.database.is_none() && !file.exists())) {
        return Err(format!("there is no site in {}: give its folder with --data", place.data.display()));
    }
    own_folder(&place.data).map_err(|error| format!("{}: {error}", place.data.display()))?;
    let master_key = MasterKey::load_or_create(&key).map_err(|error| error.to_string())?;
    let config = Config {
        database,
        data_dir: place.data.clone(),
        master_key,
        sqlite_max_pages: None,
        readers: READERS,
        probe: None,
    };
    Ok(Bare { config, new_key: new_key.then_some(key) })
}

/// Makes a folder that nobody else on the machine can look into; one that is there stays as it is.
fn own_folder(path: &Path) -> std::io::Result<()> {
    let mut builder = std::fs::DirBuilder::new();
    builder.recursive(true);
    #[cfg(unix)]
    std::os::unix::fs::DirBuilderExt::mode(&mut builder, 0o700);
    builder.create(path)
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
    let officers: Option<Arc<dyn OfficerDirectory>> =
        if demo { Some(Arc::new(DemoOfficers::new(app::special_roles(&catalogue)))) } else { None };
    let random = Arc::new(SystemRandom::default());
    let registers = if demo {
        Registers { kin: Some(Arc::new(DemoKin)), companies: Some(Arc::new(DemoCompanies)) }
    } else {
        Registers::default()
    };
    let app = App::new(Parts { catalogue, search, store, provider, officers, clock, random });
    Ok(app.map_err(|error| error.to_string())?.with_registers(registers))
}
