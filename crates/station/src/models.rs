//! The folder of models: each version is `NNNN.model` with a record `NNNN.json` that never changes, and `current` names the one in
//! use. A version is whole on the disk before `current` names it, and `current` is put in place at once, so whoever reads it at any
//! moment, or after a crash, finds the old one or the new one and never a half.

use std::fs::File;
use std::path::{Path, PathBuf};

use inspection::Model;
use inspection::contest::Contest;
use jiff::Timestamp;
use serde::{Deserialize, Serialize};

use crate::cli::Run;
use crate::eye::Eye;
use crate::files;
use crate::line::{Eyes, Line};
use crate::report::hash;
use crate::say::complain;

/// Files that are looked through.
const MOST_NAMES: usize = 100_000;

/// The folder.
#[derive(Debug)]
pub(crate) struct Models {
    folder: PathBuf,
}

/// One command at a time changes the folder; it may again when this goes out of use, or the program ends.
#[derive(Debug)]
pub(crate) struct Lock(#[expect(dead_code, reason = "held open, not read")] File);

/// What is known of a version.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub(crate) struct Record {
    pub(crate) version: u32,
    /// SHA-256 of the file.
    pub(crate) digest: String,
    pub(crate) name: String,
    /// When it came here.
    pub(crate) made: Timestamp,
    /// The version that was in use then, and that it was compared with.
    pub(crate) parent: Option<u32>,
    /// None for one that was made elsewhere.
    #[serde(default)]
    pub(crate) taught: Option<Lessons>,
    /// The pictures of the comparison: figures of two records may be compared where this is the same.
    #[serde(default)]
    pub(crate) frozen: Option<Frozen>,
    #[serde(default)]
    pub(crate) contest: Option<Contest>,
    /// Whether it was to be put in use, and why or why not.
    pub(crate) promoted: bool,
    pub(crate) why: String,
}

/// With what a version was taught.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct Lessons {
    /// Pictures of the base list.
    pub(crate) base: usize,
    /// Pictures that people reviewed.
    pub(crate) reviews: usize,
    /// Drawn boards.
    pub(crate) drawn: usize,
    pub(crate) annotations: usize,
    pub(crate) epochs: usize,
    pub(crate) folds: usize,
    pub(crate) seed: u64,
    /// Of all pictures and what is on them, in their order.
    pub(crate) digest: String,
}

/// On what versions are compared.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct Frozen {
    pub(crate) pictures: usize,
    pub(crate) annotations: usize,
    /// Of all pictures and what is on them, whatever their order and names.
    pub(crate) digest: String,
}

/// Which version is in use.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct Current {
    pub(crate) version: u32,
    /// SHA-256 of its file.
    pub(crate) digest: String,
    pub(crate) since: Timestamp,
    pub(crate) why: String,
}

impl Models {
    /// The folder need not be there to be looked at.
    pub(crate) fn at(folder: &Path) -> Self {
        Self { folder: folder.to_owned() }
    }

    /// Makes the folder where it is missing, and keeps others from changing it.
    ///
    /// # Errors
    /// When it cannot be made, or somebody else is at it.
    pub(crate) fn lock(&self) -> Result<Lock, String> {
        files::folder(&self.folder)?;
        let path = self.folder.join("lock");
        let file = File::create(&path).map_err(|error| format!("{}: {error}", path.display()))?;
        file.try_lock().map_err(|_| format!("another command is at work in {}", self.folder.display()))?;
        Ok(Lock(file))
    }

    /// Which version is in use; none before the first.
    ///
    /// # Errors
    /// When it cannot be read.
    pub(crate) fn current(&self) -> Result<Option<Current>, String> {
        let path = self.folder.join("current");
        if !path.exists() {
            return Ok(None);
        }
        let told = |error: serde_json::Error| format!("{}: {error}", path.display());
        serde_json::from_str(&files::text(&path)?).map(Some).map_err(told)
    }

    /// A version's model, which is what its record says.
    ///
    /// # Errors
    /// When it cannot be read, or was altered.
    pub(crate) fn load(&self, version: u32, digest: &str) -> Result<Model, String> {
        let path = self.folder.join(format!("{version:04}.model"));
        let bytes = files::read(&path, inspection::model::MAX_BYTES)?;
        if hash(&bytes) != digest {
            return Err(format!("{}: is not the file that was put in use", path.display()));
        }
        Model::read(&bytes).map_err(|error| format!("{}: {error}", path.display()))
    }

    /// What looks where that version is in use, and what reports call it.
    fn eyes(&self, current: &Current) -> Result<Eyes, String> {
        let eye = Eye::Own(Box::new(self.load(current.version, &current.digest)?));
        let digits = current.digest.get(..16).unwrap_or_default();
        Ok(Eyes { eye, version: format!("{:04}-{digits}", current.version) })
    }

    /// All records, the oldest first.
    ///
    /// # Errors
    /// When one of them cannot be read.
    pub(crate) fn records(&self) -> Result<Vec<Record>, String> {
        let mut records = Vec::new();
        for path in files::names(&self.folder, MOST_NAMES)? {
            let is_record = path.extension().is_some_and(|ending| ending == "json");
            if is_record {
                let told = |error: serde_json::Error| format!("{}: {error}", path.display());
                records.push(serde_json::from_str::<Record>(&files::text(&path)?).map_err(told)?);
            }
        }
        records.sort_by_key(|record| record.version);
        Ok(records)
    }

    /// Keeps a model as the next version, with its record, and does not put it in use.
    ///
    /// # Errors
    /// When the disk does not take it.
    pub(crate) fn keep(
        &self,
        _lock: &Lock,
        bytes: &[u8],
        record: impl FnOnce(u32, String) -> Record,
    ) -> Result<Record, String> {
        // What a crash left without a record has its number for good.
        let number = |path: PathBuf| path.file_stem()?.to_str()?.parse::<u32>().ok();
        let last = files::names(&self.folder, MOST_NAMES)?.into_iter().filter_map(number).max();
        let record = record(last.unwrap_or(0) + 1, hash(bytes));
        let name = |ending: &str| self.folder.join(format!("{:04}.{ending}", record.version));
        files::write(&name("model"), bytes)?;
        let text = serde_json::to_vec_pretty(&record).map_err(|error| error.to_string())?;
        files::write(&name("json"), &text)?;
        files::sync_folder(&self.folder)?;
        Ok(record)
    }

    /// Puts a version in use, once its file was read and is whole.
    ///
    /// # Errors
    /// When it is not, or the disk does not take it; the old one is then in use.
    pub(crate) fn switch(
        &self,
        _lock: &Lock,
        record: &Record,
        since: Timestamp,
        why: &str,
    ) -> Result<(), String> {
        self.load(record.version, &record.digest)?;
        let current =
            Current { version: record.version, digest: record.digest.clone(), since, why: why.to_owned() };
        let text = serde_json::to_vec(&current).map_err(|error| error.to_string())?;
        files::write(&self.folder.join("current"), &text)?;
        files::sync_folder(&self.folder)
    }

    /// Keeps a model that was made elsewhere, and puts it in use.
    ///
    /// # Errors
    /// When it is none, or the disk does not take it.
    pub(crate) fn install(
        &self,
        lock: &Lock,
        bytes: &[u8],
        at: Timestamp,
        why: &str,
    ) -> Result<Record, String> {
        let model = Model::read(bytes).map_err(|error| error.to_string())?;
        let parent = self.current()?.map(|current| current.version);
        let record = self.keep(lock, bytes, |version, digest| Record {
            version,
            digest,
            name: model.card.name,
            made: at,
            parent,
            taught: None,
            frozen: None,
            contest: None,
            promoted: true,
            why: why.to_owned(),
        })?;
        self.switch(lock, &record, at, why)?;
        Ok(record)
    }
}

/// The model beside a line: one for good, or the one in use of a folder, whichever that is at the time.
pub(crate) struct Watched {
    models: Option<Models>,
    /// The digest of the one that looks.
    known: Option<String>,
    /// The one that could not be read, once that was told.
    told: Option<String>,
}

impl Watched {
    pub(crate) fn new(args: &Run) -> Self {
        Self { models: args.models.as_deref().map(Models::at), known: None, told: None }
    }

    /// The one to begin with.
    ///
    /// # Errors
    /// When it cannot be read.
    pub(crate) fn first(&mut self, args: &Run) -> Result<Eyes, String> {
        let current = self.models.as_ref().map(Models::current).transpose()?.flatten();
        if let (Some(models), Some(current)) = (&self.models, current) {
            let eyes = models.eyes(&current)?;
            self.known = Some(current.digest);
            return Ok(eyes);
        }
        let eye = Eye::load(args.model.as_deref())?;
        let version = eye.version()?;
        Ok(Eyes { eye, version })
    }

    /// Lets the line take up another one, if another one is in use now. One that cannot be read is told once, and the old one looks.
    pub(crate) fn renew(&mut self, line: &mut Line<'_>) {
        let Some(models) = &self.models else { return };
        // What cannot be read now may be in a moment.
        let Ok(Some(current)) = models.current() else { return };
        if self.known.as_ref() == Some(&current.digest) {
            return;
        }
        match models.eyes(&current) {
            Ok(eyes) => {
                complain!("model {} looks from here on: {}", eyes.version, current.why);
                line.take_up(eyes);
                self.known = Some(current.digest);
            }
            Err(_) if self.told.as_ref() == Some(&current.digest) => {}
            Err(why) => {
                complain!("the model before looks on: {why}");
                self.told = Some(current.digest);
            }
        }
    }
}
