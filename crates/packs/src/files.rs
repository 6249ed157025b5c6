//! Where a pack's files come from: a folder, or memory (embedded in the binary, tests, fuzzing).

use std::borrow::Cow;
use std::collections::BTreeMap;
use std::fs;
use std::io::Read;
use std::path::{Path, PathBuf};

use crate::limits;
use crate::problem::{Place, Problems};

/// File contents by path inside the pack, with `/` between folders; sorted.
pub type Contents<'a> = BTreeMap<String, Cow<'a, [u8]>>;

/// What is wrong with a file before it is even read.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct FileFault {
    /// Path inside the pack; empty for the pack itself.
    pub path: String,
    /// The rule that is broken.
    pub rule: &'static str,
    /// One sentence.
    pub message: String,
}

/// All files of one pack.
pub trait Files {
    /// What the pack is called until its manifest says its id: the folder's name.
    fn name(&self) -> String;

    /// The contents, and what was left out.
    fn read(&self) -> (Contents<'_>, Vec<FileFault>);
}

/// A pack in memory.
#[derive(Debug, Clone, Default)]
pub struct Memory {
    name: String,
    files: Contents<'static>,
}

impl Memory {
    /// A pack called `name` with these files.
    pub fn new<P, C>(name: impl Into<String>, files: impl IntoIterator<Item = (P, C)>) -> Self
    where
        P: Into<String>,
        C: Into<Cow<'static, [u8]>>,
    {
        let files = files.into_iter().map(|(path, content)| (path.into(), content.into())).collect();
        Self { name: name.into(), files }
    }
}

impl Files for Memory {
    fn name(&self) -> String {
        self.name.clone()
    }

    fn read(&self) -> (Contents<'_>, Vec<FileFault>) {
        let mut faults = Vec::new();
        let mut contents = Contents::new();
        for (n, (path, bytes)) in self.files.iter().enumerate() {
            if n >= limits::FILES {
                faults.push(too_many(path));
                break;
            }
            if bytes.len() > limits::FILE_BYTES {
                faults.push(too_large(path));
            } else {
                contents.insert(path.clone(), Cow::Borrowed(bytes.as_ref()));
            }
        }
        (contents, faults)
    }
}

/// A pack in a folder.
#[derive(Debug, Clone)]
pub struct Folder(PathBuf);

impl Folder {
    /// The pack in `path`.
    #[must_use]
    pub fn new(path: impl Into<PathBuf>) -> Self {
        Self(path.into())
    }
}

impl Files for Folder {
    fn name(&self) -> String {
        let whole = self.0.canonicalize().unwrap_or_else(|_| self.0.clone());
        whole.file_name().map_or_else(|| "pack".into(), |name| name.to_string_lossy().into_owned())
    }

    fn read(&self) -> (Contents<'_>, Vec<FileFault>) {
        let mut walk = Walk::default();
        walk.folder(&self.0, "", 0);
        (walk.contents, walk.faults)
    }
}

#[derive(Default)]
struct Walk {
    contents: Contents<'static>,
    faults: Vec<FileFault>,
    bytes: usize,
    /// Nothing more is taken, and nothing more is looked at.
    full: bool,
}

impl Walk {
    fn fault(&mut self, path: &str, rule: &'static str, message: impl Into<String>) {
        self.faults.push(FileFault { path: path.to_owned(), rule, message: message.into() });
    }

    fn folder(&mut self, folder: &Path, inside: &str, depth: usize) {
        if depth > limits::FOLDER_DEPTH {
            return self.fault(
                inside,
                "too-deep",
                format!("folders nest deeper than {}", limits::FOLDER_DEPTH),
            );
        }
        let entries = match fs::read_dir(folder) {
            Ok(entries) => entries,
            Err(error) => {
                return self.fault(inside, "unreadable", format!("the folder cannot be read: {error}"));
            }
        };
        for entry in entries {
            match entry {
                _ if self.full => return,
                Ok(entry) => self.entry(&entry, inside, depth),
                Err(error) => self.fault(inside, "unreadable", format!("the folder cannot be read: {error}")),
            }
        }
    }

    fn entry(&mut self, entry: &fs::DirEntry, inside: &str, depth: usize) {
        let Ok(name) = entry.file_name().into_string() else {
            return self.fault(inside, "file-name", "a file name is not UTF-8; rename it");
        };
        if name.starts_with('.') {
            return;
        }
        let path = if inside.is_empty() { name } else { format!("{inside}/{name}") };
        match entry.file_type() {
            Ok(kind) if kind.is_symlink() => {
                self.fault(
                    &path,
                    "symlink",
                    "a pack holds plain files only; put the file itself in place of the link",
                );
            }
            Ok(kind) if kind.is_dir() => self.folder(&entry.path(), &path, depth + 1),
            Ok(kind) if kind.is_file() => self.file(&entry.path(), path),
            Ok(_) => self.fault(&path, "not-a-file", "a pack holds plain files only; remove this"),
            Err(error) => self.fault(&path, "unreadable", format!("it cannot be read: {error}")),
        }
    }

    fn file(&mut self, from: &Path, path: String) {
        if self.contents.len() >= limits::FILES {
            self.full = true;
            return self.faults.push(too_many(&path));
        }
        let mut content = Vec::new();
        let most = limits::FILE_BYTES as u64 + 1;
        let read = fs::File::open(from).and_then(|file| file.take(most).read_to_end(&mut content));
        if let Err(error) = read {
            return self.fault(&path, "unreadable", format!("it cannot be read: {error}"));
        }
        self.bytes = self.bytes.saturating_add(content.len());
        if self.bytes > limits::PACK_BYTES {
            self.full = true;
            self.fault(&path, "pack-too-large", format!("a pack holds at most {} bytes", limits::PACK_BYTES));
        } else if content.len() > limits::FILE_BYTES {
            self.faults.push(too_large(&path));
        } else {
            self.contents.insert(path, Cow::Owned(content));
        }
    }
}

fn too_many(path: &str) -> FileFault {
    let message = format!("a pack holds at most {} files; split it", limits::FILES);
    FileFault { path: path.to_owned(), rule: "too-many-files", message }
}

fn too_large(path: &str) -> FileFault {
    let message = format!("the file is larger than {} bytes; split it or leave it out", limits::FILE_BYTES);
    FileFault { path: path.to_owned(), rule: "file-too-large", message }
}

/// Reports faults under the pack's label.
pub(crate) fn report(label: &str, faults: Vec<FileFault>, problems: &mut Problems) {
    for fault in faults {
        let file = if fault.path.is_empty() { label.to_owned() } else { format!("{label}/{}", fault.path) };
        problems.error(&Place::file(file), fault.rule, fault.message);
    }
}
