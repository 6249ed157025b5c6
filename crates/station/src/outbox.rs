//! Reports that wait to be sent, and the pictures behind them. The folder is the queue: what is in it was looked at and is not yet
//! known to be stored by the platform. A report is on the disk before its picture leaves the folder that it arrived in.

use std::fs;
use std::io::ErrorKind;
use std::path::{Path, PathBuf};
use std::sync::Mutex;
use std::sync::atomic::{AtomicIsize, Ordering};

use serde::{Deserialize, Serialize};

use crate::files;
use crate::report::Report;

/// The folders below `--state`.
#[derive(Debug)]
pub(crate) struct Outbox {
    waiting: PathBuf,
    refused: PathBuf,
    pictures: PathBuf,
    /// How many wait, for people to see. A report that is kept again while it is being sent is counted once too few, so that this may be
    /// wrong; whether any waits, the folder says.
    count: AtomicIsize,
    /// What was in the folder when it was last read, the oldest last. After a day alone there may be a million, and the folder is
    /// read again only when all of these were sent.
    known: Mutex<Vec<PathBuf>>,
}

/// A report that waits.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub(crate) struct Waiting {
    pub(crate) report: Report,
    /// Name of its picture among the pictures.
    pub(crate) picture: String,
    /// The template's.
    pub(crate) template: String,
}

impl Outbox {
    /// Makes the folders where they are missing.
    ///
    /// # Errors
    /// When they cannot be made.
    pub(crate) fn open(state: &Path) -> Result<Self, String> {
        let at = |name: &str| files::folder(&state.join(name)).map(|()| state.join(name));
        let outbox = Self {
            waiting: at("waiting")?,
            refused: at("refused")?,
            pictures: at("pictures")?,
            count: AtomicIsize::new(0),
            known: Mutex::default(),
        };
        outbox.count.store(outbox.list()?.len() as isize, Ordering::Relaxed);
        Ok(outbox)
    }

    /// Where a picture lies.
    pub(crate) fn picture(&self, name: &str) -> PathBuf {
        self.pictures.join(name)
    }

    /// Keeps a report, then moves its picture in. Done twice, it is the same as once.
    ///
    /// # Errors
    /// When the disk does not take it; the picture is then where it was.
    pub(crate) fn keep(&self, waiting: &Waiting, arrived: &Path) -> Result<(), String> {
        let path = self.waiting.join(format!("{}.json", waiting.report.name()));
        let text = serde_json::to_vec(waiting).map_err(|error| error.to_string())?;
        let is_new = !path.exists();
        files::write(&path, &text)?;
        files::sync_folder(&self.waiting)?;
        self.count.fetch_add(isize::from(is_new), Ordering::Relaxed);
        let there = self.picture(&waiting.picture);
        fs::rename(arrived, &there).map_err(|error| format!("{}: {error}", arrived.display()))
    }

    /// Keeps a template under the name of its content, for whoever looks at a report.
    ///
    /// # Errors
    /// When the disk does not take it.
    pub(crate) fn keep_template(&self, name: &str, bytes: &[u8]) -> Result<(), String> {
        let there = self.picture(name);
        if there.exists() { Ok(()) } else { files::write(&there, bytes) }
    }

    /// How many wait, or one more or less while another thread is at it.
    pub(crate) fn len(&self) -> usize {
        usize::try_from(self.count.load(Ordering::Relaxed)).unwrap_or_default()
    }

    /// Whether none waits, by the folder itself.
    ///
    /// # Errors
    /// When it cannot be read.
    pub(crate) fn is_empty(&self) -> Result<bool, String> {
        Ok(self.list()?.is_empty())
    }

    /// Some of those that wait, the oldest first. They come again unless they are taken off.
    ///
    /// # Errors
    /// When the folder cannot be read.
    pub(crate) fn some(&self, most: usize) -> Result<Vec<(PathBuf, Waiting)>, String> {
        let mut known = self.known.lock().map_err(|_| "another thread failed".to_owned())?;
        if known.is_empty() {
            *known = self.list()?;
        }
        while !known.is_empty() {
            let first = known.len().saturating_sub(most);
            let waiting = self.read(&known[first..])?;
            if !waiting.is_empty() {
                return Ok(waiting);
            }
            // All of these were sent before.
            known.truncate(first);
        }
        Ok(Vec::new())
    }

    /// Those of some paths that still wait, the last first.
    fn read(&self, paths: &[PathBuf]) -> Result<Vec<(PathBuf, Waiting)>, String> {
        let mut waiting = Vec::new();
        for path in paths.iter().rev() {
            match files::text(path).map(|text| serde_json::from_str(&text)) {
                Ok(Ok(report)) => waiting.push((path.clone(), report)),
                // Not of this program's making: it must not hold up the others.
                Ok(Err(error)) => self.refuse(path, &error.to_string())?,
                Err(_) if !path.exists() => {}
                Err(error) => return Err(error),
            }
        }
        Ok(waiting)
    }

    /// All that wait, the oldest last.
    fn list(&self) -> Result<Vec<PathBuf>, String> {
        let told = |error: std::io::Error| format!("{}: {error}", self.waiting.display());
        let mut found = Vec::new();
        for entry in fs::read_dir(&self.waiting).map_err(told)? {
            let entry = entry.map_err(told)?;
            if is_report(&entry.path()) {
                found.push((entry.metadata().and_then(|data| data.modified()).map_err(told)?, entry.path()));
            }
        }
        found.sort_by(|a, b| b.cmp(a));
        Ok(found.into_iter().map(|(_, path)| path).collect())
    }

    /// The platform has it.
    ///
    /// # Errors
    /// When it cannot be taken off; it is then sent again, which changes nothing.
    pub(crate) fn done(&self, path: &Path) -> Result<(), String> {
        match fs::remove_file(path) {
            Err(error) if error.kind() != ErrorKind::NotFound => Err(format!("{}: {error}", path.display())),
            Err(_) => Ok(()),
            Ok(()) => {
                self.count.fetch_sub(1, Ordering::Relaxed);
                Ok(())
            }
        }
    }

    /// The platform will never take it: it is put aside with the reason, for a person.
    ///
    /// # Errors
    /// When it cannot be moved.
    pub(crate) fn refuse(&self, path: &Path, why: &str) -> Result<(), String> {
        let name = path.file_name().unwrap_or_default();
        let aside = self.refused.join(name);
        fs::rename(path, &aside).map_err(|error| format!("{}: {error}", path.display()))?;
        self.count.fetch_sub(1, Ordering::Relaxed);
        files::write(&aside.with_extension("txt"), why.as_bytes())
    }
}

fn is_report(path: &Path) -> bool {
    path.extension().is_some_and(|ending| ending == "json")
}

#[cfg(test)]
mod tests {
    use super::*;

    fn waiting() -> Waiting {
        let report = serde_json::json!({
            "item": "ex", "serial": "S", "lot": "L", "recipe": "R", "judged": "ok", "score": 0.0, "model": "m",
            "findings": [], "test_picture": "00", "template_picture": "01"
        });
        let report = serde_json::from_value(report).unwrap();
        Waiting { report, picture: "00.png".to_owned(), template: "01.png".to_owned() }
    }

    /// As after a crash between keeping a report and moving its picture: it is sent at the start, and kept again meanwhile.
    #[test]
    fn a_report_that_is_kept_again_while_it_is_sent_is_sent_again_and_then_nothing_waits() {
        let folder = tempfile::tempdir().unwrap();
        let outbox = Outbox::open(folder.path()).unwrap();
        let arrived = folder.path().join("arrived.png");
        fs::write(&arrived, "picture").unwrap();
        outbox.keep(&waiting(), &arrived).unwrap();
        let (path, _) = outbox.some(10).unwrap().remove(0);
        let text = fs::read(&path).unwrap();
        outbox.done(&path).unwrap();
        assert!(outbox.is_empty().unwrap());
        // What the one who keeps saw was still there, so it is not counted as new.
        fs::write(&path, text).unwrap();
        assert!(!outbox.is_empty().unwrap());
        let again = outbox.some(10).unwrap();
        assert_eq!((again.len(), outbox.len()), (1, 0));
        outbox.done(&again[0].0).unwrap();
        assert_eq!(
            (outbox.is_empty(), outbox.len()),
            (Ok(true), 0),
            "one too few is not as many as there are numbers"
        );
    }
}
