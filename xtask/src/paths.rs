//! Where things are: the workspace, its build folder, the programs it built.

use std::path::{Path, PathBuf};

/// The workspace's root folder.
pub(crate) fn root() -> PathBuf {
    let here = Path::new(env!("CARGO_MANIFEST_DIR"));
    here.parent().unwrap_or(here).to_path_buf()
}

/// Cargo's build folder: the one this program was built into.
pub(crate) fn target() -> Result<PathBuf, String> {
    let exe = std::env::current_exe().map_err(|e| format!("cannot tell where this program lies: {e}"))?;
    let target = exe.parent().and_then(Path::parent);
    target.map(Path::to_path_buf).ok_or_else(|| format!("{} lies in no build folder", exe.display()))
}

/// A program that Cargo built in the profile whose folder is `profile` (`debug` or `release`).
pub(crate) fn built(profile: &str, name: &str) -> Result<PathBuf, String> {
    let path = target()?.join(profile).join(name);
    if path.is_file() { Ok(path) } else { Err(format!("{} was not built", path.display())) }
}

/// The first folder of `PATH` that holds an executable called `name`.
pub(crate) fn in_path(name: &str) -> Option<PathBuf> {
    let path = std::env::var_os("PATH")?;
    std::env::split_paths(&path).map(|folder| folder.join(name)).find(|file| file.is_file())
}
