//! The loader: folders of files become one checked catalogue, or a list of what is wrong.
//!
//! Reading goes pack by pack, a pack after those it needs; checks that compare files run at the end. All
//! files are read even when one is broken, so that one run names every mistake.

mod calendar;
mod certificates;
mod check;
mod condition;
mod document;
mod field_kinds;
mod forms;
mod hand_items;
mod home;
mod items;
mod manifest;
mod models;
mod places;
mod procedures;
mod table;

use std::collections::{BTreeMap, BTreeSet, HashMap};
use std::path::PathBuf;

use domain::{BusinessHours, Date, DayKind};

use crate::catalogue::{Agency, Area, Catalogue, CodeList, Counts, LifeEvent, PackInfo, Parts, Theme};
use crate::certificate::CertificateType;
use crate::files::{self, Contents, Files, Folder};
use crate::form::Form;
use crate::item::ServiceItem;
use crate::limits;
use crate::problem::{Place, Problem, Problems, Severity};
use crate::procedure::Procedure;

/// What came of loading.
#[derive(Debug)]
pub struct Loaded {
    /// The catalogue; `None` when there is any error.
    pub catalogue: Option<Catalogue>,
    /// Complaints, errors first.
    pub problems: Vec<Problem>,
    /// How much was found, also when there are errors; `None` where a pack lacks one that it needs, since
    /// nothing is read then.
    pub counts: Option<Counts>,
}

impl Loaded {
    /// Number of errors.
    #[must_use]
    pub fn errors(&self) -> usize {
        self.problems.iter().filter(|problem| problem.severity == Severity::Error).count()
    }

    /// Number of warnings.
    #[must_use]
    pub fn warnings(&self) -> usize {
        self.problems.len() - self.errors()
    }
}

/// Loads the packs in these folders, in any order.
#[must_use]
pub fn load(dirs: &[PathBuf]) -> Loaded {
    let folders: Vec<Folder> = dirs.iter().map(Folder::new).collect();
    let packs: Vec<&dyn Files> = folders.iter().map(|folder| folder as &dyn Files).collect();
    load_files(&packs)
}

/// Loads packs from anywhere, in any order.
#[must_use]
pub fn load_files(packs: &[&dyn Files]) -> Loaded {
    let mut draft = Draft::default();
    if packs.is_empty() || packs.len() > limits::PACKS {
        let message = format!("name 1 to {} pack folders, not {}", limits::PACKS, packs.len());
        draft.problems.error(&Place::file("-"), "pack-count", message);
    }
    let opened: Vec<Opened<'_>> =
        packs.iter().take(limits::PACKS).filter_map(|pack| open(*pack, &mut draft.problems)).collect();
    let Some(ordered) = manifest::in_order(opened, &mut draft) else {
        return Loaded { catalogue: None, problems: draft.problems.finish(), counts: None };
    };
    for pack in ordered {
        read_pack(&pack, &mut draft);
    }
    check::across_files(&mut draft);
    draft.finish()
}

/// Reads one form of JSON Schema, without the pack around it: for editors, and for fuzzing.
///
/// # Errors
/// What is wrong with it, with `label` as the file's name.
pub fn read_form(label: &str, json: &str) -> Result<Form, Vec<Problem>> {
    let mut problems = Problems::default();
    forms::read(label, json, &mut problems).ok_or_else(|| problems.finish())
}

/// A pack whose manifest could be read.
struct Opened<'a> {
    info: PackInfo,
    manifest: manifest::Manifest,
    contents: Contents<'a>,
}

impl Opened<'_> {
    /// How problems name one of its files.
    fn label(&self, path: &str) -> String {
        format!("{}/{path}", self.info.id)
    }

    /// One file as text, with its label; `None` when it is absent or not UTF-8.
    fn text(&self, path: &str, problems: &mut Problems) -> Option<(String, &str)> {
        let bytes = self.contents.get(path)?;
        let label = self.label(path);
        if let Ok(text) = std::str::from_utf8(bytes) {
            return Some((label, text.strip_prefix('\u{feff}').unwrap_or(text)));
        }
        problems.error(&Place::file(label), "not-utf8", "the file is not UTF-8; save it as UTF-8");
        None
    }

    /// Paths in a folder with this ending, sorted.
    fn paths<'b>(&'b self, folder: &'b str, ending: &'b str) -> impl Iterator<Item = &'b str> {
        self.contents
            .keys()
            .filter(move |path| path.starts_with(folder) && path.ends_with(ending))
            .map(String::as_str)
    }
}

fn open<'a>(pack: &'a dyn Files, problems: &mut Problems) -> Option<Opened<'a>> {
    let (contents, faults) = pack.read();
    let name = pack.name();
    let manifest = manifest::read(&name, &contents, problems);
    let label = manifest.as_ref().map_or(name, |(info, _)| info.id.clone());
    files::report(&label, faults, problems);
    manifest.map(|(info, manifest)| Opened { info, manifest, contents })
}

/// Everything read so far.
#[derive(Default)]
struct Draft {
    problems: Problems,
    packs: Vec<PackInfo>,
    offset_seconds: Option<i32>,
    hours: Option<BusinessHours>,
    days: BTreeMap<Date, DayKind>,
    areas: Vec<Area>,
    area_places: Vec<Place>,
    area_codes: HashMap<String, usize>,
    agencies: Vec<Agency>,
    agency_places: Vec<Place>,
    agency_codes: BTreeSet<String>,
    themes: Vec<Theme>,
    theme_ids: BTreeSet<String>,
    items: Vec<ServiceItem>,
    item_places: Vec<Place>,
    item_packs: Vec<usize>,
    item_codes: HashMap<String, usize>,
    procedures: Vec<Procedure>,
    procedure_places: Vec<procedures::Places>,
    synonyms: Vec<Vec<String>>,
    picks: Vec<(Place, String)>,
    life_events: Vec<(Place, LifeEvent)>,
    codes: Vec<CodeList>,
    certificates: Vec<CertificateType>,
}

fn read_pack(pack: &Opened<'_>, draft: &mut Draft) {
    manifest::unknown_files(pack, &mut draft.problems);
    draft.packs.push(pack.info.clone());
    calendar::settings(pack, draft);
    calendar::days(pack, draft);
    places::areas(pack, "areas.csv", draft);
    places::areas(pack, "towns.csv", draft);
    places::agencies(pack, draft);
    places::themes(pack, draft);
    procedures::read(pack, draft);
    certificates::read(pack, draft);
    items::read(pack, draft);
    hand_items::read(pack, draft);
    home::synonyms(pack, draft);
    home::codes(pack, draft);
    home::home(pack, draft);
}

impl Draft {
    /// Adds an item of the pack being read, unless its code is taken.
    fn add_item(&mut self, place: Place, item: ServiceItem) {
        if self.item_codes.contains_key(&item.code) {
            let message = format!("the item code {} stands there twice; keep one", item.code);
            return self.problems.error(&place, "duplicate-item", message);
        }
        self.item_codes.insert(item.code.clone(), self.items.len());
        self.items.push(item);
        self.item_places.push(place);
        self.item_packs.push(self.packs.len().saturating_sub(1));
    }

    fn finish(mut self) -> Loaded {
        let counts = Counts {
            agencies: self.agencies.len(),
            areas: self.areas.len(),
            themes: self.themes.len(),
            procedures: self.procedures.len(),
            ..Counts::of_items(&self.items)
        };
        let calendar = calendar::build(&mut self);
        let failed = self.problems.any_error();
        let catalogue = calendar.map(|calendar| {
            Catalogue::new(Parts {
                packs: self.packs,
                areas: self.areas,
                agencies: self.agencies,
                themes: self.themes,
                items: self.items,
                item_packs: self.item_packs,
                procedures: self.procedures,
                calendar,
                synonyms: self.synonyms,
                picks: self.picks.into_iter().map(|(_, code)| code).collect(),
                life_events: self.life_events.into_iter().map(|(_, event)| event).collect(),
                codes: self.codes,
                certificates: self.certificates,
            })
        });
        let catalogue = catalogue.filter(|_| !failed);
        Loaded { catalogue, problems: self.problems.finish(), counts: Some(counts) }
    }
}
