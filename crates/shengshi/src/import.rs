//! `pack import digit`

use std::fs;
use std::io::Write as _;
use std::path::{Path, PathBuf};
use std::process::ExitCode;

use domain::Clock;
use jiff::tz::TimeZone;
use packs::import::digit::{self, Imported, Made};
use packs::limits;

use crate::clock::SystemClock;
use crate::say::say;

/// Makes a pack of BusinessService files, and says what became of each.
pub(crate) fn digit(files: &[PathBuf], out: &Path, force: bool) -> Result<ExitCode, String> {
    let mut imports = Vec::with_capacity(files.len());
    for file in files {
        let imported = read(file)?;
        say!(
            "{}: states {}, actions {}, warnings {}",
            file.display(),
            imported.states,
            imported.actions,
            imported.warnings.len()
        );
        for warning in &imported.warnings {
            say!("  {warning}");
        }
        let name =
            file.file_name().map_or_else(|| file.display().to_string(), |name| name.to_string_lossy().into());
        imports.push((name, imported));
    }
    let folder = out.file_name().map_or_else(String::new, |name| name.to_string_lossy().into_owned());
    let today = SystemClock.now().to_zoned(TimeZone::UTC).date();
    let made = digit::pack(&digit::pack_id(&folder), &imports, &today.to_string());
    if !made.warnings.is_empty() {
        say!("stand-ins:");
    }
    for warning in &made.warnings {
        say!("  {warning}");
    }
    write(&made, out, force)?;
    say!("{} files written to {}", made.files.len(), out.display());
    say!("next: shengshi pack check packs/cn {}", out.display());
    Ok(ExitCode::SUCCESS)
}

fn read(file: &Path) -> Result<Imported, String> {
    let named = |error: &dyn std::fmt::Display| format!("{}: {error}", file.display());
    let size = fs::metadata(file).map_err(|error| named(&error))?.len();
    if size > limits::DOCUMENT_BYTES as u64 {
        return Err(named(&digit::BadImport::TooLarge));
    }
    let json = fs::read_to_string(file).map_err(|error| named(&error))?;
    digit::import(&json).map_err(|error| named(&error))
}

/// Writes all files or none: what is there already is looked for first.
fn write(made: &Made, out: &Path, force: bool) -> Result<(), String> {
    let there = made.files.keys().map(|path| out.join(path)).find(|path| path.exists());
    if let Some(path) = there.filter(|_| !force) {
        return Err(format!(
            "{} is there already; name a new folder, or add --force to write over it",
            path.display()
        ));
    }
    for (path, content) in &made.files {
        let to = out.join(path);
        let written = to.parent().map_or(Ok(()), fs::create_dir_all).and_then(|()| {
            let mut options = fs::OpenOptions::new();
            let options = if force {
                options.write(true).create(true).truncate(true)
            } else {
                options.write(true).create_new(true)
            };
            options.open(&to)?.write_all(content.as_bytes())
        });
        written.map_err(|error| format!("{}: {error}", to.display()))?;
    }
    Ok(())
}
