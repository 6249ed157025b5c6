//! `pack.yaml`: who a pack is, and what it builds on.

use std::fmt::Write;

use domain::Text;
use serde::Deserialize;
use sha2::{Digest, Sha256};

use crate::catalogue::{PackInfo, Source};
use crate::files::Contents;
use crate::limits;
use crate::problem::{Place, Problems};

use super::document::{self, Spanned};
use super::{Draft, Opened};

/// The file as written.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Manifest {
    id: Spanned<String>,
    version: Spanned<String>,
    title: Text,
    publisher: Text,
    #[serde(default)]
    needs: Vec<Spanned<String>>,
    sources: Vec<Source>,
}

const PATH: &str = "pack.yaml";

/// Reads the manifest of the pack in the folder `name`.
pub(super) fn read(
    name: &str,
    contents: &Contents<'_>,
    problems: &mut Problems,
) -> Option<(PackInfo, Manifest)> {
    let label = format!("{name}/{PATH}");
    let Some(bytes) = contents.get(PATH) else {
        let message =
            "the folder has no pack.yaml; a pack begins with one (id, version, title, publisher, sources)";
        problems.error(&Place::file(label), "missing-manifest", message);
        return None;
    };
    let Ok(text) = std::str::from_utf8(bytes) else {
        problems.error(&Place::file(label), "not-utf8", "the file is not UTF-8; save it as UTF-8");
        return None;
    };
    let manifest: Manifest = document::yaml(&label, text, problems)?;
    if !is_id(&manifest.id.value) {
        let message =
            format!("the pack id {} is not lower-case letters, digits and dashes", manifest.id.value);
        problems.error(&document::place(&label, &manifest.id), "bad-id", message);
        return None;
    }
    if !is_version(&manifest.version.value) {
        let message = format!("the version {} is not like 1.4.0", manifest.version.value);
        problems.error(&document::place(&label, &manifest.version), "bad-version", message);
    }
    if manifest.sources.is_empty() {
        problems.error(
            &Place::file(&label),
            "no-source",
            "sources is empty; say where the facts come from and on what licence",
        );
    }
    let info = PackInfo {
        id: manifest.id.value.clone(),
        version: manifest.version.value.clone(),
        title: manifest.title.clone(),
        publisher: manifest.publisher.clone(),
        needs: manifest.needs.iter().map(|need| need.value.clone()).collect(),
        sources: manifest.sources.clone(),
        digest: digest(contents),
    };
    Some((info, manifest))
}

/// Lower-case letters, digits and single dashes, beginning with a letter or digit.
pub(super) fn is_id(text: &str) -> bool {
    let plain = text.bytes().all(|b| b.is_ascii_lowercase() || b.is_ascii_digit() || b == b'-');
    plain
        && !text.is_empty()
        && text.len() <= limits::ID_CHARS
        && !text.starts_with('-')
        && !text.ends_with('-')
}

fn is_version(text: &str) -> bool {
    let parts: Vec<&str> = text.split('.').collect();
    parts.len() == 3 && parts.iter().all(|part| part.parse::<u32>().is_ok())
}

/// SHA-256 over each file's path, length and content, in the order of paths.
fn digest(contents: &Contents<'_>) -> String {
    let mut hash = Sha256::new();
    for (path, content) in contents {
        hash.update((path.len() as u64).to_be_bytes());
        hash.update(path.as_bytes());
        hash.update((content.len() as u64).to_be_bytes());
        hash.update(content);
    }
    hash.finalize().iter().fold(String::with_capacity(64), |mut hex, byte| {
        // Writing to a string cannot fail.
        let _ = write!(hex, "{byte:02x}");
        hex
    })
}

/// Puts each pack after those it needs; reports packs that are missing, twice there, or need each other.
/// `None` where one is missing: nearly every line of the rest would be reported for want of it.
pub(super) fn in_order<'a>(packs: Vec<Opened<'a>>, draft: &mut Draft) -> Option<Vec<Opened<'a>>> {
    let mut waiting: Vec<Opened<'a>> = Vec::new();
    for pack in packs {
        if waiting.iter().any(|other| other.info.id == pack.info.id) {
            let message = format!("the pack {} is loaded twice; name its folder once", pack.info.id);
            draft.problems.error(&Place::file(pack.label(PATH)), "duplicate-pack", message);
        } else {
            waiting.push(pack);
        }
    }
    waiting.sort_by(|a, b| a.info.id.cmp(&b.info.id));
    let known: Vec<String> = waiting.iter().map(|pack| pack.info.id.clone()).collect();
    let mut missing = false;
    for pack in &waiting {
        for need in pack.manifest.needs.iter().filter(|need| !known.contains(&need.value)) {
            let place = document::place(&pack.label(PATH), need);
            let message = format!("the pack needs {}, which is not loaded; name its folder too", need.value);
            draft.problems.error(&place, "missing-need", message);
            missing = true;
        }
    }
    if missing {
        return None;
    }
    let mut ordered: Vec<Opened<'a>> = Vec::new();
    while !waiting.is_empty() {
        let ready = waiting.iter().position(|pack| {
            let settled = |need: &String| ordered.iter().any(|other| other.info.id == *need);
            pack.info.needs.iter().all(settled)
        });
        let at = ready.unwrap_or_else(|| {
            let pack = &waiting[0];
            let message = "the packs need each other in a circle; take one need out";
            draft.problems.error(&Place::file(pack.label(PATH)), "circular-needs", message);
            0
        });
        ordered.push(waiting.remove(at));
    }
    Some(ordered)
}

const KNOWN: [&str; 13] = [
    PATH,
    "areas.csv",
    "towns.csv",
    "agencies.csv",
    "themes.csv",
    "items.csv",
    "calendar.csv",
    "calendar.yaml",
    "synonyms.csv",
    "certificates.yaml",
    "codes.yaml",
    "home.yaml",
    "README.md",
];
const KNOWN_FOLDERS: [(&str, &str); 4] =
    [("procedures/", ".yaml"), ("items/", ".yaml"), ("forms/", ".json"), ("rules/", ".dmn")];

/// A file the format does not know is a mistake in its name more often than not.
pub(super) fn unknown_files(pack: &Opened<'_>, problems: &mut Problems) {
    for path in pack.contents.keys() {
        let in_folder = |(folder, ending): &(&str, &str)| {
            path.strip_prefix(folder).is_some_and(|rest| rest.ends_with(ending) && !rest.contains('/'))
        };
        if !KNOWN.contains(&path.as_str()) && !KNOWN_FOLDERS.iter().any(in_folder) {
            let message = "the format knows no such file; rename it or take it out of the pack";
            problems.error(&Place::file(pack.label(path)), "unknown-file", message);
        }
    }
}
