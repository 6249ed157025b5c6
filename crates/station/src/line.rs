//! The folder that pictures arrive in.

use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::path::{Path, PathBuf};
use std::time::{Duration, SystemTime};

use inspection::Picture;
use inspection::judge::{self, Verdict};

use crate::eye::{Eye, Looker};
use crate::files;
use crate::outbox::{Outbox, Waiting};
use crate::report::{Look, Report, Unit, hash};
use crate::say::complain;

/// A file that was written to more recently may still be growing.
const SETTLED: Duration = Duration::from_millis(500);
/// A clock that is ahead by more than this is told.
const AHEAD: Duration = Duration::from_secs(60);
/// Folders and names that are looked through in one round.
const MOST_NAMES: usize = 100_000;

/// A picture that arrived.
#[derive(Debug, Clone)]
pub(crate) struct Arrived {
    pub(crate) path: PathBuf,
    pub(crate) unit: Unit,
}

/// A recipe's template.
struct Template {
    picture: Result<Picture, String>,
    hash: String,
    name: String,
    path: PathBuf,
    /// When it was last changed, and its size: another picture in its place is read anew.
    stamp: (SystemTime, u64),
}

fn stamp(path: &Path) -> Option<(SystemTime, u64)> {
    let about = fs::metadata(path).ok()?;
    Some((about.modified().ok()?, about.len()))
}

/// A model, and what reports call it.
pub(crate) struct Eyes {
    pub(crate) eye: Eye,
    pub(crate) version: String,
}

/// What looks at the line.
pub(crate) struct Line<'a> {
    eyes: Eyes,
    item: &'a str,
    recipes: &'a Path,
    outbox: &'a Outbox,
    templates: BTreeMap<String, Template>,
    told: BTreeSet<PathBuf>,
}

impl<'a> Line<'a> {
    pub(crate) fn new(eyes: Eyes, item: &'a str, recipes: &'a Path, outbox: &'a Outbox) -> Self {
        Self { eyes, item, recipes, outbox, templates: BTreeMap::new(), told: BTreeSet::new() }
    }

    /// What looks now.
    pub(crate) fn eye(&self) -> &Eye {
        &self.eyes.eye
    }

    /// From the next picture on, another model looks.
    pub(crate) fn take_up(&mut self, eyes: Eyes) {
        self.eyes = eyes;
    }

    /// Pictures that have arrived whole and whose recipe has a template, the oldest first.
    ///
    /// # Errors
    /// When the folder cannot be read.
    pub(crate) fn arrived(&mut self, watch: &Path) -> Result<Vec<Arrived>, String> {
        let mut found = Vec::new();
        for lot in folders(watch)? {
            for recipe in folders(&lot)? {
                for path in files::names(&recipe, MOST_NAMES)? {
                    if found.len() >= MOST_NAMES {
                        break;
                    }
                    let Some(age) = self.whole(&path) else { continue };
                    match unit(&lot, &recipe, &path) {
                        Some(unit) => found.push((age, Arrived { unit, path })),
                        None => self
                            .tell(&path, "its name, its recipe's or its lot's is none that can be reported"),
                    }
                }
            }
        }
        found.sort_by(|a, b| b.0.cmp(&a.0).then_with(|| a.1.path.cmp(&b.1.path)));
        let mut arrived: Vec<Arrived> = found.into_iter().map(|(_, arrived)| arrived).collect();
        arrived.retain(|one| self.has_template(one));
        Ok(arrived)
    }

    /// The age of a picture that arrived whole; none for what is left where it is.
    fn whole(&mut self, path: &Path) -> Option<Duration> {
        let data = fs::metadata(path).ok().filter(fs::Metadata::is_file)?;
        if !matches!(path.extension()?.to_str()?, "png" | "jpg" | "jpeg") {
            return None;
        }
        let age = match data.modified().ok()?.elapsed() {
            Ok(age) => age,
            Err(ahead) => {
                if ahead.duration() > AHEAD {
                    self.tell(path, "its time lies in the future; set the clocks");
                }
                return None;
            }
        };
        // It can be neither judged nor sent, and must not be met again in each round.
        if data.len() > inspection::picture::MAX_BYTES as u64 {
            self.tell(path, "it is larger than a picture may be");
            return None;
        }
        Some(age).filter(|age| *age >= SETTLED)
    }

    /// Looks at a picture and keeps its report.
    ///
    /// # Errors
    /// When it cannot be read or kept; it is then where it was.
    pub(crate) fn take(&self, looker: &mut Looker<'_>, one: &Arrived) -> Result<Report, String> {
        let template = self.templates.get(&one.unit.recipe).ok_or("the recipe has no template")?;
        let bytes = files::read(&one.path, inspection::picture::MAX_BYTES)?;
        let look = self.look(looker, &bytes, template, &one.path);
        let picture = hash(&bytes);
        let hashes = (picture.as_str(), template.hash.as_str());
        let (card, version) = (self.eyes.eye.card(), &self.eyes.version);
        let report = Report::new(self.item, &one.unit, &look, card, version, hashes);
        let ending = one.path.extension().and_then(|ending| ending.to_str()).unwrap_or("png");
        let waiting = Waiting {
            report: report.clone(),
            picture: format!("{picture}.{ending}"),
            template: template.name.clone(),
        };
        self.outbox.keep(&waiting, &one.path)?;
        Ok(report)
    }

    fn look(&self, looker: &mut Looker<'_>, bytes: &[u8], template: &Template, path: &Path) -> Look {
        let modified = fs::metadata(path).and_then(|data| data.modified()).ok();
        let taken = modified.and_then(|at| jiff::Timestamp::try_from(at).ok()).map(|at| at.to_string());
        let cannot = |reason, damaged| Look {
            verdict: Verdict::CannotJudge(reason),
            findings: Vec::new(),
            damaged,
            taken: taken.clone(),
        };
        let (Ok(test), Ok(template)) = (Picture::decode(bytes), &template.picture) else {
            return cannot(judge::Unjudged::NoContrast, true);
        };
        let pair = match judge::lay(&test, template) {
            Ok(pair) => pair,
            Err(reason) => return cannot(reason, false),
        };
        match looker.find(&pair, 1) {
            Ok(findings) => {
                let verdict = judge::verdict(&findings, self.eyes.eye.card().bands);
                Look { verdict, findings, damaged: false, taken }
            }
            // A model that keeps silent has not called the unit good: a person looks.
            Err(error) => {
                complain!("{}: {error}", path.display());
                cannot(judge::Unjudged::AnotherBoard, true)
            }
        }
    }

    fn has_template(&mut self, one: &Arrived) -> bool {
        let recipe = &one.unit.recipe;
        let known = self.templates.get(recipe).is_some_and(|known| stamp(&known.path) == Some(known.stamp));
        if !known {
            let paths = ["png", "jpg", "jpeg"].map(|ending| self.recipes.join(format!("{recipe}.{ending}")));
            let Some(path) = paths.iter().find(|path| path.exists()) else {
                self.tell(
                    &one.path,
                    &format!("the recipe {recipe} has no template in {}", self.recipes.display()),
                );
                return false;
            };
            match self.template(path) {
                Ok(template) => drop(self.templates.insert(recipe.clone(), template)),
                Err(error) => {
                    self.tell(&one.path, &error);
                    return false;
                }
            }
        }
        true
    }

    fn template(&self, path: &Path) -> Result<Template, String> {
        let before = stamp(path).ok_or_else(|| format!("{}: it is gone", path.display()))?;
        let bytes = files::read(path, inspection::picture::MAX_BYTES)?;
        let picture = Picture::decode(&bytes).map_err(|error| format!("{}: {error}", path.display()))?;
        let hash = hash(&bytes);
        let ending = path.extension().and_then(|ending| ending.to_str()).unwrap_or("png");
        let name = format!("{hash}.{ending}");
        self.outbox.keep_template(&name, &bytes)?;
        Ok(Template { picture: Ok(picture), hash, name, stamp: before, path: path.to_owned() })
    }

    /// Says once what stays where it is, and why.
    fn tell(&mut self, path: &Path, why: &str) {
        if self.told.len() < MOST_NAMES && self.told.insert(path.to_owned()) {
            complain!("{}: left where it is: {why}", path.display());
        }
    }
}

fn unit(lot: &Path, recipe: &Path, path: &Path) -> Option<Unit> {
    let name = |path: &Path| path.file_name()?.to_str().map(str::to_owned);
    Unit::new(&name(lot)?, &name(recipe)?, path.file_stem()?.to_str()?)
}

fn folders(path: &Path) -> Result<Vec<PathBuf>, String> {
    Ok(files::names(path, MOST_NAMES)?.into_iter().filter(|path| path.is_dir()).collect())
}
