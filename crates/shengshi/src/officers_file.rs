//! `serve --officers FILE`: who sits at which desk. Every fault is said with its line. While the server runs the file is
//! followed, so that somebody who leaves an agency is out without a restart.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::time::Duration;

use app::{USUAL_ROLES, special_roles};
use domain::OfficerId;
use identity::{Listed, Roster};
use packs::{Catalogue, Role};
use serde::Deserialize;
use serde_saphyr::{DuplicateKeyPolicy, Spanned};
use tracing::{error, info};
use uuid::{Uuid, Version};

/// Largest file read, in bytes.
const MOST: u64 = 4 * 1024 * 1024;
/// Most officers.
const MAX_OFFICERS: usize = 20_000;
/// Longest name, in characters; what a window takes.
const MAX_NAME: usize = 40;
/// How often a running server looks at the file. What it finds twice alike it takes, so that no half-written file counts.
const LOOK_EVERY: Duration = Duration::from_secs(10);

/// The file. [docs/operations.md] has an example.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct File {
    officers: Vec<Spanned<Entry>>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Entry {
    id: Spanned<String>,
    name: Spanned<String>,
    person: Spanned<String>,
    posts: Vec<Spanned<PostEntry>>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct PostEntry {
    agency: Spanned<String>,
    roles: Vec<Spanned<String>>,
}

/// Reads and checks the list.
///
/// # Errors
/// All faults, a line each, with file and line.
pub(crate) fn read(path: &Path, catalogue: &Catalogue) -> Result<Vec<Listed>, String> {
    check(path, &text(path)?, catalogue)
}

fn text(path: &Path) -> Result<String, String> {
    let at = |error: &dyn std::fmt::Display| format!("{}: {error}", path.display());
    let about = std::fs::metadata(path).map_err(|error| at(&error))?;
    if about.len() > MOST {
        return Err(at(&format!("larger than {MOST} bytes")));
    }
    #[cfg(unix)]
    if std::os::unix::fs::PermissionsExt::mode(&about.permissions()) & 0o002 != 0 {
        return Err(at(&"everybody on this machine can make themselves an officer; chmod o-w it"));
    }
    std::fs::read_to_string(path).map_err(|error| at(&error))
}

fn check(path: &Path, text: &str, catalogue: &Catalogue) -> Result<Vec<Listed>, String> {
    let options = serde_saphyr::options! {
        budget: serde_saphyr::budget! {
            max_nodes: MAX_OFFICERS * 64,
            max_events: MAX_OFFICERS * 192,
            max_aliases: 0,
            max_anchors: 0,
            max_documents: 1,
        },
        duplicate_keys: DuplicateKeyPolicy::Error,
    };
    let file: File = serde_saphyr::from_str_with_options(text, options).map_err(|error| {
        let line = error.location().map_or(0, |at| at.line());
        format!("{}:{line}: {}", path.display(), error.without_snippet())
    })?;
    let mut list = List::new(path, catalogue);
    if file.officers.is_empty() || file.officers.len() > MAX_OFFICERS {
        return Err(format!(
            "{}: 1 to {MAX_OFFICERS} officers; for none leave --officers out",
            path.display()
        ));
    }
    let listed: Vec<_> = file.officers.iter().map(|entry| list.entry(entry)).collect();
    if list.faults.is_empty() { Ok(listed) } else { Err(list.faults.join("\n")) }
}

/// A list while it is checked.
struct List<'a> {
    path: &'a Path,
    catalogue: &'a Catalogue,
    roles: Vec<Role>,
    /// Ids and persons, and the lines where they stand.
    ids: BTreeMap<String, u64>,
    persons: BTreeMap<Uuid, u64>,
    faults: Vec<String>,
}

impl<'a> List<'a> {
    fn new(path: &'a Path, catalogue: &'a Catalogue) -> Self {
        let mut roles = USUAL_ROLES.to_vec();
        for role in special_roles(catalogue).into_values().flatten() {
            if !roles.contains(&role) {
                roles.push(role);
            }
        }
        Self { path, catalogue, roles, ids: BTreeMap::new(), persons: BTreeMap::new(), faults: Vec::new() }
    }

    fn fault<T>(&mut self, at: &Spanned<T>, what: &str) {
        self.faults.push(format!("{}:{}: {what}", self.path.display(), at.referenced.line()));
    }

    fn entry(&mut self, entry: &Spanned<Entry>) -> Listed {
        let Entry { id, name, person, posts } = &entry.value;
        let plain = |byte: u8| byte.is_ascii_lowercase() || byte.is_ascii_digit() || b"-.".contains(&byte);
        if id.value.is_empty() || id.value.len() > 64 || !id.value.bytes().all(plain) {
            self.fault(id, "id: 1 to 64 small letters, digits, dots or dashes");
        }
        if let Some(line) = self.ids.insert(id.value.clone(), id.referenced.line()) {
            self.fault(id, &format!("id: {} stands on line {line} already; choose another", id.value));
        }
        if name.value.trim() != name.value || !(1..=MAX_NAME).contains(&name.value.chars().count()) {
            self.fault(name, "name: as on their identity card, at most 40 characters, no spaces around it");
        }
        let known = Uuid::try_parse(&person.value).ok();
        let known = known.filter(|uuid| uuid.get_version() == Some(Version::Custom)).unwrap_or_default();
        if known.is_nil() {
            self.fault(person, "person: write what `shengshi officers id` prints for their citizen number");
        } else if let Some(line) = self.persons.insert(known, person.referenced.line()) {
            let told =
                format!("person: the same as on line {line}; put all posts of one person into one entry");
            self.fault(person, &told);
        }
        if posts.is_empty() {
            self.fault(entry, "posts: at least one; take the whole entry out for somebody who has left");
        }
        let mut held: Vec<(String, Vec<Role>)> = Vec::new();
        for post in posts {
            let agency = &post.value.agency;
            if held.iter().any(|(code, _)| *code == agency.value) {
                self.fault(agency, "agency: it stands in this entry twice; put the roles together");
            }
            held.push((agency.value.clone(), self.post(post)));
        }
        Listed { label: id.value.clone(), id: OfficerId(known), name: name.value.clone(), posts: held }
    }

    fn post(&mut self, post: &Spanned<PostEntry>) -> Vec<Role> {
        let PostEntry { agency, roles } = &post.value;
        if self.catalogue.agency(&agency.value).is_none() {
            let told = format!("agency: {} is in no pack; write a code of agencies.csv", agency.value);
            self.fault(agency, &told);
        }
        if roles.is_empty() {
            self.fault(post, "roles: at least one");
        }
        let mut held = Vec::new();
        for role in roles {
            let known = Role::new(role.value.clone());
            if !self.roles.contains(&known) {
                let all: Vec<_> = self.roles.iter().map(Role::id).collect();
                self.fault(role, &format!("roles: {} is none of {}", role.value, all.join(", ")));
            } else if held.contains(&known) {
                self.fault(role, &format!("roles: {} stands here twice", role.value));
            }
            held.push(known);
        }
        held
    }
}

/// A list that is read again when its file changes.
pub(crate) struct Followed {
    path: PathBuf,
    catalogue: Arc<Catalogue>,
    roster: Arc<Roster>,
    /// What the file held when it was last taken, or told to be wrong; else why it could not be read.
    judged: Result<String, String>,
    /// The same at the last look.
    seen: Result<String, String>,
}

impl Followed {
    /// Reads it for the first time.
    ///
    /// # Errors
    /// As for [`read`].
    pub(crate) fn read(path: &Path, catalogue: &Arc<Catalogue>) -> Result<Self, String> {
        let text = text(path)?;
        let roster = Arc::new(Roster::new(check(path, &text, catalogue)?));
        let (path, catalogue) = (path.to_path_buf(), catalogue.clone());
        Ok(Self { path, catalogue, roster, judged: Ok(text.clone()), seen: Ok(text) })
    }

    /// The officers as they are now, for as long as the file is followed.
    pub(crate) fn roster(&self) -> Arc<Roster> {
        self.roster.clone()
    }

    /// Looks again and again.
    pub(crate) async fn follow(mut self) {
        loop {
            tokio::time::sleep(LOOK_EVERY).await;
            self.look();
        }
    }

    /// Takes what stands in the file for the second time; what is wrong leaves the list as it was, and is said once.
    fn look(&mut self) {
        let now = text(&self.path);
        let settled = now == self.seen && now != self.judged;
        self.seen = now;
        if !settled {
            return;
        }
        self.judged.clone_from(&self.seen);
        match self.judged.clone().and_then(|text| check(&self.path, &text, &self.catalogue)) {
            Ok(listed) => {
                info!(officers = listed.len(), "the list of officers has changed and is taken");
                self.roster.replace(listed);
            }
            Err(faults) => error!("the list of officers is not taken, the one before stays:\n{faults}"),
        }
    }
}

#[cfg(test)]
mod tests {
    use std::sync::Arc;

    use identity::OfficerDirectory as _;
    use packs::Catalogue;

    use super::{Followed, read};

    const ONE: &str = "6f1c9a52-3b7d-8e40-9a11-5d2c7e8f9012";
    const TWO: &str = "0a2b4c6d-8e9f-8123-8456-789abcdef012";

    fn catalogue() -> Arc<Catalogue> {
        crate::open::catalogue(&[]).unwrap()
    }

    fn good(catalogue: &Catalogue) -> String {
        let (one, other) = (&catalogue.agencies[0].code, &catalogue.agencies[1].code);
        format!(
            "officers:\n  - id: wang-01\n    name: 示例·王\n    person: {ONE}\n    posts:\n      \
             - agency: {one}\n        roles: [intake, review]\n      - agency: {other}\n        roles: [decide]\n  \
             - id: li-02\n    name: 示例·李\n    person: {TWO}\n    posts:\n      - {{agency: {one}, roles: [head]}}\n"
        )
    }

    fn kept(text: &str) -> (tempfile::TempDir, std::path::PathBuf) {
        let folder = tempfile::tempdir().unwrap();
        let file = folder.path().join("officers.yaml");
        std::fs::write(&file, text).unwrap();
        (folder, file)
    }

    #[test]
    fn a_list_is_read() {
        let catalogue = catalogue();
        let (_folder, file) = kept(&good(&catalogue));
        let listed = read(&file, &catalogue).unwrap();
        assert_eq!(listed.iter().map(|one| one.posts.len()).collect::<Vec<_>>(), [2, 1]);
        assert_eq!((listed[0].id.0.to_string().as_str(), listed[0].label.as_str()), (ONE, "wang-01"));
    }

    #[test]
    fn each_fault_is_said_with_its_line_and_what_to_do() {
        let catalogue = catalogue();
        let good = good(&catalogue);
        let first = &catalogue.agencies[0].code;
        let second = &catalogue.agencies[1].code;
        for (from, to, said) in [
            ("id: wang-01", "id: Wang", ":2: id: 1 to 64 small letters"),
            ("id: li-02", "id: wang-01", ":10: id: wang-01 stands on line 2 already"),
            ("示例·王", "''", ":3: name: as on their identity card"),
            (ONE, "440101199001011234", ":4: person: write what `shengshi officers id` prints"),
            (ONE, "6f1c9a52-3b7d-4e40-9a11-5d2c7e8f9012", ":4: person: write what"),
            (TWO, ONE, ":12: person: the same as on line 4"),
            (second.as_str(), "NOWHERE", ":8: agency: NOWHERE is in no pack"),
            (second.as_str(), first, ":8: agency: it stands in this entry twice"),
            ("[decide]", "[boss]", ":9: roles: boss is none of intake, review, decide, head"),
            ("[decide]", "[applicant]", ":9: roles: applicant is none of"),
            ("[decide]", "[]", "roles: at least one"),
            ("[decide]", "[decide, decide]", ":9: roles: decide stands here twice"),
            ("roles: [decide]", "rolls: [decide]", "rolls"),
            ("    name: 示例·李\n", "", "name"),
        ] {
            assert!(good.contains(from), "{from}");
            let (_folder, file) = kept(&good.replacen(from, to, 1));
            let told = read(&file, &catalogue).err().unwrap_or_default();
            assert!(told.contains(said) && told.contains("officers.yaml:"), "{said}: {told}");
        }
        for nothing in ["", "officers: []\n"] {
            let (_folder, file) = kept(nothing);
            assert!(read(&file, &catalogue).is_err(), "{nothing}");
        }
        let (_folder, file) = kept(&good.replace("intake", "intook").replace("[head]", "[hat]"));
        assert_eq!(read(&file, &catalogue).err().map(|told| told.lines().count()), Some(2), "all of them");
    }

    #[cfg(unix)]
    #[test]
    fn a_file_that_everybody_can_write_is_refused() {
        use std::os::unix::fs::PermissionsExt as _;
        let catalogue = catalogue();
        let (_folder, file) = kept(&good(&catalogue));
        std::fs::set_permissions(&file, std::fs::Permissions::from_mode(0o666)).unwrap();
        assert!(read(&file, &catalogue).err().is_some_and(|told| told.contains("chmod o-w")));
    }

    #[test]
    fn a_changed_file_is_taken_when_it_stands_still_and_a_wrong_one_never() {
        let catalogue = catalogue();
        let text = good(&catalogue);
        let (_folder, file) = kept(&text);
        let mut followed = Followed::read(&file, &catalogue).unwrap();
        let (roster, agency) = (followed.roster(), &catalogue.agencies[0].code);
        let count = || roster.of(agency).len();
        assert_eq!(count(), 2);
        std::fs::write(&file, text.split("  - id: li-02").next().unwrap()).unwrap();
        followed.look();
        assert_eq!(count(), 2, "it may still be written");
        followed.look();
        assert_eq!(count(), 1);
        for wrong in ["", "officers: []\n", &text.replace("intake", "intook")] {
            std::fs::write(&file, wrong).unwrap();
            (0..3).for_each(|_| followed.look());
            assert_eq!(count(), 1, "the one before stays");
        }
        std::fs::remove_file(&file).unwrap();
        (0..3).for_each(|_| followed.look());
        assert_eq!(count(), 1);
        std::fs::write(&file, &text).unwrap();
        (0..2).for_each(|_| followed.look());
        assert_eq!(count(), 2);
    }

    #[test]
    fn a_list_of_a_whole_province_is_read() {
        let catalogue = catalogue();
        let agency = &catalogue.agencies[0].code;
        let officer = |n: u32| {
            format!(
                "  - id: o{n}\n    name: 示例·{n}\n    person: {n:08x}-0000-8000-8000-000000000001\n    posts: \
                 [{{agency: {agency}, roles: [intake, review]}}]\n"
            )
        };
        let all: String = (0..10_000).map(officer).collect();
        let (_folder, file) = kept(&format!("officers:\n{all}"));
        assert_eq!(read(&file, &catalogue).map(|listed| listed.len()), Ok(10_000));
    }
}
