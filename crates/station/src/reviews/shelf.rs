//! The folder of reviews below `--state`. The notes of a case are written last and at once: where they are, the pictures are, and a
//! case that comes again is the same files. The list is made of what is in the folder and can be made again.

use std::collections::BTreeMap;
use std::fs;
use std::path::{Path, PathBuf};
use std::sync::atomic::{AtomicUsize, Ordering};

use inspection::dataset::write_annotations;
use inspection::{Annotation, judge, picture};
use serde_json::Value;

use super::answer::{Review, case_of};
use crate::files;
use crate::report::hash;

/// Folders and names that are looked through.
const MOST_NAMES: usize = 1_000_000;
/// Reviews that are put aside in one call, and the longest of them, in bytes; what is beyond is counted only.
const MOST_ASIDE: usize = 1_000;
const MOST_TEXT: usize = 64 << 10;

/// What became of a review.
#[derive(Debug, PartialEq, Eq)]
pub(super) enum Kept {
    /// It is to be learnt from.
    New,
    /// It was known, with other boxes.
    Changed,
    /// It was known.
    Known,
    /// A person calls the unit defective and says nothing of where: there is nothing to learn.
    Unnamed,
    /// It cannot be learnt from: of which sort, and why. It lies aside with the reason.
    Aside(&'static str, String),
}

impl Kept {
    pub(super) fn name(&self) -> &'static str {
        match self {
            Self::New => "new",
            Self::Changed => "changed",
            Self::Known => "known",
            Self::Unnamed => "without a named defect",
            Self::Aside(sort, _) => sort,
        }
    }
}

/// The folders.
#[derive(Debug)]
pub(crate) struct Shelf {
    folder: PathBuf,
    /// How many were put aside.
    asides: AtomicUsize,
}

impl Shelf {
    /// Makes the folders where they are missing.
    ///
    /// # Errors
    /// When they cannot be made.
    pub(crate) fn open(state: &Path) -> Result<Self, String> {
        let shelf = Self { folder: state.join("reviews"), asides: AtomicUsize::new(0) };
        for folder in [shelf.boards(), shelf.folder.join("aside")] {
            files::folder(&folder)?;
        }
        Ok(shelf)
    }

    /// The folder that the list's names are relative to.
    pub(crate) fn boards(&self) -> PathBuf {
        self.folder.join("boards")
    }

    /// The list of all pairs, as `train --list` reads it.
    pub(crate) fn list(&self) -> PathBuf {
        self.folder.join("list.txt")
    }

    /// From where to go on; none at first. Whoever deletes the file gets all reviews again.
    pub(super) fn cursor(&self) -> Result<Option<String>, String> {
        let path = self.folder.join("cursor");
        if path.exists() { files::text(&path).map(|text| Some(text.trim().to_owned())) } else { Ok(None) }
    }

    pub(super) fn move_cursor(&self, to: &str) -> Result<(), String> {
        files::write(&self.folder.join("cursor"), to.as_bytes())
    }

    /// Joins a review with its pictures and keeps it. Done twice, it is the same as once.
    ///
    /// # Errors
    /// When the disk does not take it.
    pub(super) fn take(&self, value: &Value, pictures: &mut Pictures) -> Result<Kept, String> {
        let review = match Review::read(value) {
            Ok(review) => review,
            Err(why) => return self.aside(value, "refused", &why),
        };
        let group = group(&review.recipe);
        let notes = self.boards().join(&group).join("notes");
        let path = notes.join(format!("{}.txt", review.case));
        let Some(boxes) = &review.boxes else {
            // Somebody may have named a defect before, and taken it back.
            files::remove(&path)?;
            return Ok(Kept::Unnamed);
        };
        let test = match pictures.find(&review.test_picture) {
            Ok(test) => test,
            Err(why) => return self.aside(value, "without its picture", &format!("its picture {why}")),
        };
        let template = match pictures.find(&review.template_picture) {
            Ok(template) => template,
            Err(why) => return self.aside(value, "without its picture", &format!("its template {why}")),
        };
        if let Err(why) = lies_on(&test, &template, boxes) {
            return self.aside(value, "refused", &why);
        }
        let text = write_annotations(boxes);
        let known = path.exists().then(|| files::text(&path)).transpose()?;
        if known.as_ref() == Some(&text) {
            return Ok(Kept::Known);
        }
        files::folder(&notes)?;
        for (what, from) in [("test", &test), ("temp", &template)] {
            // The ending is the list's; what it is is read from its bytes.
            link(from, &self.boards().join(&group).join(format!("{}_{what}.png", review.case)))?;
        }
        files::sync_folder(&self.boards().join(&group))?;
        files::write(&path, text.as_bytes())?;
        files::sync_folder(&notes)?;
        Ok(if known.is_some() { Kept::Changed } else { Kept::New })
    }

    /// Keeps what cannot be learnt from, with the reason.
    fn aside(&self, value: &Value, sort: &'static str, why: &str) -> Result<Kept, String> {
        let text = value.to_string();
        let path = self.folder.join("aside").join(case_of(value).unwrap_or_else(|| hash(text.as_bytes())));
        // A server that answers nonsense without end must not fill the disk.
        let is_first = self.asides.fetch_add(1, Ordering::Relaxed) < MOST_ASIDE;
        if is_first && text.len() <= MOST_TEXT {
            files::write(&path.with_extension("json"), text.as_bytes())?;
            files::write(&path.with_extension("txt"), why.as_bytes())?;
        }
        Ok(Kept::Aside(sort, why.to_owned()))
    }

    /// Writes the list of what is there, in the order of its names. How many pairs.
    ///
    /// # Errors
    /// When a folder cannot be read, or the list cannot be written.
    pub(crate) fn write_list(&self) -> Result<usize, String> {
        let mut lines = Vec::new();
        for group in files::names(&self.boards(), MOST_NAMES)? {
            let group = group.file_name().and_then(|name| name.to_str()).unwrap_or_default().to_owned();
            let notes = self.boards().join(&group).join("notes");
            for path in if notes.is_dir() { files::names(&notes, MOST_NAMES)? } else { Vec::new() } {
                let Some(case) = path.file_name().and_then(|name| name.to_str()?.strip_suffix(".txt")) else {
                    continue;
                };
                lines.push(format!("{group}/{case}.png {group}/notes/{case}.txt\n"));
            }
        }
        lines.sort();
        files::write(&self.list(), lines.concat().as_bytes())?;
        Ok(lines.len())
    }
}

/// Pictures by the hash of their bytes.
pub(super) struct Pictures {
    kept: PathBuf,
    recipes: Option<PathBuf>,
    /// The templates by their hashes, once they were read.
    templates: Option<BTreeMap<String, PathBuf>>,
}

impl Pictures {
    pub(super) fn new(state: &Path, recipes: Option<&Path>) -> Self {
        Self { kept: state.join("pictures"), recipes: recipes.map(Path::to_owned), templates: None }
    }

    /// Where a picture lies, and nowhere where its bytes are not those that were named.
    fn find(&mut self, wanted: &str) -> Result<PathBuf, String> {
        let paths = ["png", "jpg", "jpeg"].map(|ending| self.kept.join(format!("{wanted}.{ending}")));
        let path = match paths.into_iter().find(|path| path.exists()) {
            Some(path) => path,
            None => self.templates().get(wanted).cloned().ok_or("is not kept here any more")?,
        };
        let bytes = files::read(&path, picture::MAX_BYTES)?;
        if hash(&bytes) == wanted { Ok(path) } else { Err(format!("is not what {} holds", path.display())) }
    }

    fn templates(&mut self) -> &BTreeMap<String, PathBuf> {
        self.templates.get_or_insert_with(|| {
            let names =
                self.recipes.iter().filter_map(|folder| files::names(folder, MOST_NAMES).ok()).flatten();
            let hashed = |path: PathBuf| Some((hash(&files::read(&path, picture::MAX_BYTES).ok()?), path));
            names.filter(|path| path.is_file()).filter_map(hashed).collect()
        })
    }
}

/// Whether a station could judge the pair, and the boxes lie on the picture.
fn lies_on(test: &Path, template: &Path, boxes: &[Annotation]) -> Result<(), String> {
    let (test, template) = (files::picture(test)?, files::picture(template)?);
    let inside = |one: &Annotation| one.at.right <= test.width as f32 && one.at.bottom <= test.height as f32;
    if !boxes.iter().all(inside) {
        return Err(format!("a box beyond the picture's {}×{} pixels", test.width, test.height));
    }
    judge::lay(&test, &template).map(drop).map_err(|why| format!("no station can judge the picture: {why:?}"))
}

/// The folder of a recipe's boards: its name where that is a plain one, so that boards taught before under the same name are of the
/// same make; otherwise one that no other recipe has.
fn group(recipe: &str) -> String {
    let is_plain = |c: char| c.is_ascii_alphanumeric() || matches!(c, '-' | '_' | '.');
    if recipe.chars().all(is_plain) && !recipe.starts_with('.') {
        return recipe.to_owned();
    }
    let plain: String = recipe.chars().map(|c| if c.is_ascii_alphanumeric() { c } else { '_' }).collect();
    format!("{plain}~{}", &hash(recipe.as_bytes())[..8])
}

/// The same file under another name, or a copy where the disk has no such thing. It stays when the first name is deleted.
fn link(from: &Path, to: &Path) -> Result<(), String> {
    if fs::hard_link(from, to).is_ok() {
        return Ok(());
    }
    let bytes = files::read(from, picture::MAX_BYTES)?;
    let is_there = to.exists() && files::read(to, picture::MAX_BYTES)? == bytes;
    if is_there { Ok(()) } else { files::write(to, &bytes) }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn recipes_have_folders_of_their_own() {
        assert_eq!(group("board-3"), "board-3");
        let others = ["..", "a b", "a/b", "../a", "示例板", "示例扳", "a_b~1", ".hidden"].map(group);
        for (n, other) in others.iter().enumerate() {
            assert!(!other.starts_with('.') && !other.contains(['/', ' ']), "{other}");
            assert!(!others[..n].contains(other), "{other}");
        }
    }
}
