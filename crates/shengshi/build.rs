//! Puts the packs of this repository into the binary, so that it runs from anywhere with nothing beside it.

use std::fmt::Write as _;
use std::path::{Path, PathBuf};
use std::{env, fs, io};

fn main() -> io::Result<()> {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../packs");
    println!("cargo::rerun-if-changed={}", root.display());
    let mut code = String::from("/// Packs built in, by id.\npub(crate) static PACKS: &[Pack] = &[\n");
    for pack in sorted(&root)? {
        let name = pack.file_name().unwrap_or_default().to_string_lossy().into_owned();
        let _ = writeln!(code, "    ({name:?}, &[");
        add(&pack, &pack, &mut code)?;
        code.push_str("    ]),\n");
    }
    code.push_str("];\n");
    let out = env::var_os("OUT_DIR").ok_or_else(|| io::Error::other("cargo sets OUT_DIR"))?;
    fs::write(Path::new(&out).join("packs.rs"), code)
}

fn sorted(folder: &Path) -> io::Result<Vec<PathBuf>> {
    let mut entries: Vec<PathBuf> =
        fs::read_dir(folder)?.map(|entry| Ok(entry?.path())).collect::<io::Result<_>>()?;
    entries.sort();
    Ok(entries)
}

fn add(root: &Path, folder: &Path, code: &mut String) -> io::Result<()> {
    for entry in sorted(folder)? {
        if entry.is_dir() {
            add(root, &entry, code)?;
            continue;
        }
        println!("cargo::rerun-if-changed={}", entry.display());
        let name = entry.strip_prefix(root).map_err(io::Error::other)?.to_string_lossy().replace('\\', "/");
        let full = entry.canonicalize()?;
        let _ = writeln!(code, "        ({name:?}, include_bytes!({:?})),", full.display().to_string());
    }
    Ok(())
}
