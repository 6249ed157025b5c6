//! Files that must survive a power cut.

use std::fs::{File, rename};
use std::io::Write as _;
use std::path::{Path, PathBuf};

use crate::Error;

/// Where the blob with this digest (hexadecimal) lies under `root`: `ab/cdef…`.
pub(crate) fn blob_path(root: &Path, digest: &str) -> PathBuf {
    let (folder, name) = digest.split_at(digest.len().min(2));
    root.join("blobs").join(folder).join(name)
}

/// Writes a file whole or not at all, on the disk when this returns.
pub(crate) fn write_durably(path: &Path, bytes: &[u8], unique: &str) -> Result<(), Error> {
    let folder = path.parent().ok_or_else(|| Error::Backup(format!("{} has no folder", path.display())))?;
    if !folder.exists() {
        std::fs::create_dir_all(folder)?;
        sync_folder(folder)?;
    }
    let partial = path.with_extension(format!("{unique}.partial"));
    let written = File::create(&partial).and_then(|mut file| {
        file.write_all(bytes)?;
        file.sync_all()
    });
    if let Err(error) = written.and_then(|()| rename(&partial, path)) {
        // best effort: the name marks the file as unfinished
        drop(std::fs::remove_file(&partial));
        return Err(error.into());
    }
    sync_folder(path)
}

/// Makes the entry of `path` in its folder durable.
pub(crate) fn sync_folder(path: &Path) -> Result<(), Error> {
    let folder = path.parent().filter(|folder| !folder.as_os_str().is_empty());
    Ok(File::open(folder.unwrap_or(Path::new(".")))?.sync_all()?)
}
