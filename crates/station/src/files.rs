//! Reading and writing files, with errors that name them.

use std::fs;
use std::io::{ErrorKind, Read};
use std::path::{Path, PathBuf};

use inspection::{Model, Picture};

/// The model that comes with the program: taught with drawn boards only.
pub(crate) const SHIPPED: &[u8] = include_bytes!("../models/drawn.model");

/// At most so many bytes of a file.
///
/// # Errors
/// When it cannot be read, or is longer.
pub(crate) fn read(path: &Path, most: usize) -> Result<Vec<u8>, String> {
    let told = |error: std::io::Error| format!("{}: {error}", path.display());
    let mut bytes = Vec::new();
    let file = fs::File::open(path).map_err(told)?;
    file.take(most as u64 + 1).read_to_end(&mut bytes).map_err(told)?;
    if bytes.len() > most { Err(format!("{}: more than {most} bytes", path.display())) } else { Ok(bytes) }
}

/// A text of at most 64 MiB.
///
/// # Errors
/// When it cannot be read, or is none.
pub(crate) fn text(path: &Path) -> Result<String, String> {
    String::from_utf8(read(path, 64 << 20)?).map_err(|_| format!("{}: is no text", path.display()))
}

/// A picture.
///
/// # Errors
/// When it cannot be read or decoded.
pub(crate) fn picture(path: &Path) -> Result<Picture, String> {
    let bytes = read(path, inspection::picture::MAX_BYTES)?;
    Picture::decode(&bytes).map_err(|error| format!("{}: {error}", path.display()))
}

/// A model, or the one that comes with the program.
///
/// # Errors
/// When it cannot be read, or is none.
pub(crate) fn model(path: Option<&Path>) -> Result<Model, String> {
    match path {
        Some(path) => Model::read(&read(path, inspection::model::MAX_BYTES)?)
            .map_err(|error| format!("{}: {error}", path.display())),
        None => Model::read(SHIPPED).map_err(|error| format!("the model of this program: {error}")),
    }
}

/// Writes beside the file first and puts it in its place: whoever reads sees the old one or the new one, never a half.
///
/// # Errors
/// When it cannot be written.
pub(crate) fn write(path: &Path, bytes: &[u8]) -> Result<(), String> {
    let mut beside = path.as_os_str().to_owned();
    beside.push(".part");
    let beside = Path::new(&beside);
    let write = || {
        fs::write(beside, bytes)?;
        fs::File::open(beside)?.sync_all()?;
        fs::rename(beside, path)
    };
    write().map_err(|error| format!("{}: {error}", path.display()))
}

/// Makes a folder, with those above it, where it is missing.
///
/// # Errors
/// When it cannot be made.
pub(crate) fn folder(path: &Path) -> Result<(), String> {
    fs::create_dir_all(path).map_err(|error| format!("{}: {error}", path.display()))
}

/// Removes a file, if it is there.
///
/// # Errors
/// When it stays.
pub(crate) fn remove(path: &Path) -> Result<(), String> {
    match fs::remove_file(path) {
        Err(error) if error.kind() != ErrorKind::NotFound => Err(format!("{}: {error}", path.display())),
        Ok(()) | Err(_) => Ok(()),
    }
}

/// A name is on the disk when its folder is.
///
/// # Errors
/// When the disk does not take it.
pub(crate) fn sync_folder(path: &Path) -> Result<(), String> {
    fs::File::open(path)
        .and_then(|folder| folder.sync_all())
        .map_err(|error| format!("{}: {error}", path.display()))
}

/// At most so many names in a folder, but those that begin with a dot. Links are not followed out of it: what is no plain file or
/// folder is left.
///
/// # Errors
/// When it cannot be read.
pub(crate) fn names(path: &Path, most: usize) -> Result<Vec<PathBuf>, String> {
    let told = |error: std::io::Error| format!("{}: {error}", path.display());
    let mut names = Vec::new();
    for entry in fs::read_dir(path).map_err(told)?.take(most) {
        let entry = entry.map_err(told)?;
        let kind = entry.file_type().map_err(told)?;
        if (kind.is_file() || kind.is_dir()) && !entry.file_name().to_string_lossy().starts_with('.') {
            names.push(entry.path());
        }
    }
    Ok(names)
}
