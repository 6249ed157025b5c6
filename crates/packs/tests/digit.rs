//! Imported DIGIT definitions lose nothing in silence: what the source says is read back from the written pack by the
//! ordinary reader, or a warning names it.
//!
//! `SHENGSHI_DIGIT_SAMPLES=DIR` also runs the stories over a folder of real files.

use std::borrow::Cow;
use std::collections::{BTreeMap, BTreeSet, VecDeque};
use std::path::Path;

use packs::import::digit::{self, Imported, Warning};
use packs::{Catalogue, End, Memory, Procedure, Role, StepKind, Within, load_files, walks};
use serde_json::Value;

const FIXTURES: [&str; 3] = ["tree-felling", "street-light", "market-stall"];

fn fixture(name: &str) -> String {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join(format!("tests/fixtures/{name}.json"));
    std::fs::read_to_string(&path).unwrap_or_else(|error| panic!("{}: {error}", path.display()))
}

/// The fixtures, and the real files where a folder of them is named.
fn all() -> Vec<(String, String)> {
    let mut files: Vec<(String, String)> =
        FIXTURES.iter().map(|name| ((*name).to_owned(), fixture(name))).collect();
    if let Some(folder) = std::env::var_os("SHENGSHI_DIGIT_SAMPLES") {
        let before = files.len();
        for entry in std::fs::read_dir(&folder).expect("SHENGSHI_DIGIT_SAMPLES is a folder") {
            let path = entry.expect("readable").path();
            if path.extension().is_some_and(|ending| ending == "json") {
                files.push((path.display().to_string(), std::fs::read_to_string(&path).expect("UTF-8")));
            }
        }
        assert!(files.len() > before, "no samples in {}", folder.display());
    }
    files
}

/// Calendar and all else that a pack needs from below.
fn base() -> Memory {
    let manifest = "id: cn\nversion: 1.0.0\ntitle: t\npublisher: p\nsources:\n  - {id: s, title: t, licence: MIT, retrieved: '2026'}\n";
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../packs/cn");
    let read = |name: &str| std::fs::read(root.join(name)).unwrap_or_default();
    let mut files = vec![("pack.yaml", Cow::Owned(manifest.as_bytes().to_vec()))];
    for name in ["calendar.csv", "calendar.yaml"] {
        let content = read(name);
        if !content.is_empty() {
            files.push((name, Cow::Owned(content)));
        }
    }
    Memory::new("cn", files)
}

/// The pack of some files, written and read back by the ordinary reader without an error.
fn read_back(imports: &[(String, Imported)]) -> (Catalogue, Vec<Warning>) {
    let made = digit::pack("digit", imports, "2026-03-02");
    let files =
        made.files.iter().map(|(path, content)| (path.clone(), Cow::Owned(content.clone().into_bytes())));
    let loaded = load_files(&[&base(), &Memory::new("digit", files)]);
    let listed: Vec<String> = loaded.problems.iter().map(ToString::to_string).collect();
    assert_eq!(loaded.errors(), 0, "{}", listed.join("\n"));
    (loaded.catalogue.expect("no error"), made.warnings)
}

fn services(json: &str) -> Vec<Value> {
    let value: Value = serde_json::from_str(json).expect("JSON");
    value.get("BusinessServices").and_then(Value::as_array).cloned().unwrap_or_else(|| vec![value])
}

fn list<'a>(value: &'a Value, key: &str) -> &'a [Value] {
    value[key].as_array().map_or(&[], Vec::as_slice)
}

fn truth(value: &Value) -> bool {
    value.as_bool().unwrap_or_else(|| value.as_str() == Some("true"))
}

fn said(value: &Value, key: &str) -> Option<String> {
    value[key].as_str().filter(|text| !text.is_empty()).map(str::to_owned)
}

/// One service of a source beside the procedure that came of it.
struct Compare<'a> {
    file: &'a str,
    service: &'a Value,
    procedure: &'a Procedure,
    warnings: &'a [&'a Warning],
}

impl Compare<'_> {
    /// Whether a warning about this state (and action) names all of these words.
    fn warned(&self, state: &str, words: &[&str]) -> bool {
        let shown = if state.is_empty() { "(start)" } else { state };
        self.warnings.iter().any(|warning| {
            (warning.state == shown || (state == "*" && warning.state.is_empty()))
                && words.iter().all(|word| warning.what.contains(word))
        })
    }

    #[track_caller]
    fn holds(&self, true_or_warned: bool, what: &str) {
        assert!(true_or_warned, "{}: {what}\nwarnings: {:#?}", self.file, self.warnings);
    }

    fn whole(&self) {
        for key in ["businessService", "business", "tenantId"] {
            assert_eq!(self.procedure.origin.get(key).cloned(), said(self.service, key), "{}", self.file);
        }
        let sla = self.service["businessServiceSla"].as_u64().map(|ms| ms.to_string());
        assert_eq!(self.procedure.origin.get("businessServiceSla").cloned(), sla);
        let states = list(self.service, "states");
        for state in states {
            self.state(state);
        }
        let tasks_and_ends: Vec<_> = self
            .procedure
            .steps
            .iter()
            .filter(|s| s.origin.contains_key("docUploadRequired") || s.origin.contains_key("state"))
            .collect();
        assert!(tasks_and_ends.len() >= states.len(), "{}", self.file);
    }

    fn state(&self, state: &Value) {
        let name = said(state, "state").unwrap_or_default();
        let step = self.procedure.steps.iter().find(|step| step.origin.get("state") == Some(&name));
        let step = step.unwrap_or_else(|| panic!("{}: the state {name:?} is gone", self.file));
        for (key, flag) in
            [("docUploadRequired", true), ("isStateUpdatable", true), ("applicationStatus", false)]
        {
            let value = if flag && !state[key].is_null() && state[key] != "" {
                Some(truth(&state[key]).to_string())
            } else {
                said(state, key)
            };
            assert_eq!(step.origin.get(key).cloned(), value, "{}: {name} {key}", self.file);
        }
        let ms = state["sla"].as_u64().or_else(|| state["sla"].as_str().and_then(|text| text.parse().ok()));
        assert_eq!(step.origin.get("sla").cloned(), ms.map(|ms| ms.to_string()), "{}: {name}", self.file);
        if let Some(ms) = ms {
            let exact =
                matches!(step.within, Some(Within::Days(limit)) if u64::from(limit.days) * 86_400_000 == ms);
            self.holds(
                exact || self.warned(&name, &["sla"]),
                &format!("{name}: sla {ms} became {:?}", step.within),
            );
            if let Some(Within::Days(limit)) = step.within {
                assert!(u64::from(limit.days) * 86_400_000 >= ms, "{name}: a limit is never shortened");
            }
        } else if !state["sla"].is_null() {
            self.holds(self.warned(&name, &["sla"]), &format!("{name}: sla {}", state["sla"]));
        }
        let terminal = truth(&state["isTerminateState"]);
        assert_eq!(step.origin.contains_key("isTerminateState"), terminal, "{}: {name}", self.file);
        let first = self.procedure.steps[0].id() == step.id();
        let start = truth(&state["isStartState"]);
        assert_eq!(start && !first, step.origin.contains_key("isStartState"), "{}: {name}", self.file);
        for action in list(state, "actions") {
            self.action(&name, step.id(), action);
        }
        if terminal && step.kind != StepKind::End {
            self.holds(self.warned(&name, &["terminal", "close"]), &format!("{name} can be ended and left"));
        }
        if !terminal && step.kind == StepKind::End {
            self.holds(
                self.warned(&name, &["not terminal"]),
                &format!("{name} ends though it is not terminal"),
            );
        }
        self.other_keys(
            &name,
            state,
            &[
                "state",
                "applicationStatus",
                "sla",
                "docUploadRequired",
                "isStateUpdatable",
                "isStartState",
                "isTerminateState",
                "actions",
            ],
        );
    }

    /// Keys that the importer does not know are named, unless they are empty or the tenant's.
    fn other_keys(&self, state: &str, value: &Value, known: &[&str]) {
        for (key, value) in value.as_object().into_iter().flatten() {
            let tenant = key == "tenantId" && *value == self.service["tenantId"];
            if !known.contains(&key.as_str()) && !value.is_null() && *value != "" && !tenant {
                self.holds(self.warned(state, &[key]), &format!("{state}: the key {key} is lost"));
            }
        }
    }

    fn action(&self, state: &str, step: &str, action: &Value) {
        let name = action["action"].as_str().unwrap_or_default();
        let step = &self.procedure.steps[self.procedure.index(step).expect("a step")];
        let roles: BTreeSet<String> = match &action["roles"] {
            Value::String(text) => text.split(',').map(|role| role.trim().to_owned()).collect(),
            _ => list(action, "roles").iter().filter_map(|role| role.as_str().map(str::to_owned)).collect(),
        };
        let next = said(action, "nextState").or_else(|| said(action, "nextStateId"));
        let fits = step.outcomes.iter().any(|outcome| {
            let to = &self.procedure.steps[self.procedure.index(&outcome.to).expect("a step")];
            let names: BTreeSet<String> = outcome.desks.iter().map(role_name).collect();
            outcome.action.to_uppercase().replace('-', "_") == *name
                && names == roles
                && to.origin.get("state") == next.as_ref()
        });
        self.holds(
            fits || self.warned(state, &["action", name]),
            &format!("{state}: the action {name} to {next:?}"),
        );
        let known = ["action", "nextState", "nextStateId", "currentState", "stateId", "roles", "active"];
        self.other_keys(state, action, &known);
    }
}

fn role_name(role: &Role) -> String {
    if *role == Role::APPLICANT { "CITIZEN".to_owned() } else { role.id().to_uppercase().replace('-', "_") }
}

#[test]
fn nothing_of_a_source_is_lost_in_silence() {
    for (file, json) in all() {
        let imported = digit::import(&json).unwrap_or_else(|error| panic!("{file}: {error}"));
        let (catalogue, own) = read_back(&[(file.clone(), imported.clone())]);
        let services = services(&json);
        assert_eq!(imported.procedures.len(), services.len());
        let warnings: Vec<&Warning> = imported.warnings.iter().chain(&own).collect();
        let mut read: Vec<&Procedure> = catalogue.procedures.iter().collect();
        for (service, (made, yaml)) in services.iter().zip(&imported.procedures) {
            assert_eq!(*yaml, packs::import::procedure_yaml(made));
            let at = read.iter().position(|read| read.origin == made.origin).expect("it is in the pack");
            let procedure = read.remove(at);
            assert_eq!(procedure.steps, made.steps, "{file}: what was written is what was meant");
            Compare { file: &file, service, procedure, warnings: &warnings }.whole();
        }
    }
}

/// Names and database ids of states, the way the source itself uses them.
fn names(service: &Value) -> BTreeMap<String, String> {
    let mut votes: BTreeMap<String, BTreeMap<String, usize>> = BTreeMap::new();
    let mut names = BTreeMap::new();
    for state in list(service, "states") {
        let name = said(state, "state").unwrap_or_default();
        for action in list(state, "actions") {
            if let Some(id) = said(action, "currentState").or_else(|| said(action, "stateId")) {
                *votes.entry(id).or_default().entry(name.clone()).or_default() += 1;
            }
        }
        names.insert(name.clone(), name);
    }
    for (id, votes) in votes {
        let most = votes.into_iter().max_by_key(|(_, count)| *count);
        names.entry(id).or_insert(most.expect("one at least").0);
    }
    names
}

/// Terminal states that the source itself can reach, by its own start, over actions that somebody may take.
fn reachable_ends(service: &Value) -> BTreeSet<String> {
    let names = names(service);
    let states = list(service, "states");
    let by_name: BTreeMap<String, &Value> =
        states.iter().map(|state| (said(state, "state").unwrap_or_default(), state)).collect();
    let start = states.iter().find(|state| said(state, "state").is_none()).unwrap_or(&states[0]);
    let mut seen = BTreeSet::from([said(start, "state").unwrap_or_default()]);
    let mut queue: VecDeque<String> = seen.iter().cloned().collect();
    while let Some(name) = queue.pop_front() {
        for action in list(by_name[&name], "actions") {
            let taken = action["active"] != false && !action["roles"].as_array().is_some_and(Vec::is_empty);
            let next = said(action, "nextState").or_else(|| said(action, "nextStateId"));
            let Some(next) = next.and_then(|next| names.get(&next)).filter(|_| taken) else { continue };
            if seen.insert(next.clone()) {
                queue.push_back(next.clone());
            }
        }
    }
    seen.into_iter().filter(|name| truth(&by_name[name]["isTerminateState"])).collect()
}

#[test]
fn every_terminal_state_of_the_source_is_walked() {
    for (file, json) in all() {
        let imported = digit::import(&json).unwrap();
        for (service, (procedure, _)) in services(&json).iter().zip(&imported.procedures) {
            let walks = walks(procedure);
            let mut walked = BTreeSet::new();
            for walk in &walks {
                let end = &procedure.steps[procedure.index(&walk.end).unwrap()];
                assert_eq!(end.kind, StepKind::End);
                walked.extend(end.origin.get("state").cloned());
                // The walk is what it says: each action is an outcome, and leads to the next step.
                let mut at = procedure.steps[0].id().to_owned();
                for (step, action) in &walk.path {
                    assert_eq!(*step, at, "{file}");
                    let step = &procedure.steps[procedure.index(step).unwrap()];
                    at = step.outcomes.iter().find(|outcome| outcome.action == *action).unwrap().to.clone();
                }
                assert_eq!(at, walk.end, "{file}");
            }
            let wanted = reachable_ends(service);
            assert!(wanted.is_subset(&walked), "{file}: {wanted:?} but walked {walked:?}");
            assert!(!walks.is_empty(), "{file}");
        }
    }
}

/// Many files together make one pack, also where services share a name.
#[test]
fn all_files_together_pass_the_check() {
    let imports: Vec<(String, Imported)> =
        all().into_iter().map(|(file, json)| (file, digit::import(&json).unwrap())).collect();
    let services: usize = imports.iter().map(|(_, imported)| imported.procedures.len()).sum();
    let (catalogue, warnings) = read_back(&imports);
    assert_eq!(catalogue.counts().worked_examples, services);
    assert!(warnings.iter().any(|warning| warning.what.contains("digit-stall-2")), "{warnings:#?}");
    for item in &catalogue.items {
        assert!(
            item.online() && catalogue.procedure_of(item).is_some_and(Procedure::generic),
            "{}",
            item.code
        );
    }
}

#[test]
fn a_service_reads_as_it_is_meant() {
    let imported = digit::import(&fixture("tree-felling")).unwrap();
    let (procedure, yaml) = &imported.procedures[0];
    assert_eq!((imported.states, imported.actions), (7, 8));
    assert_eq!(procedure.procedure, "digit-tree-felling");
    let ids: Vec<&str> = procedure.steps.iter().map(packs::Step::id).collect();
    assert_eq!(
        ids,
        ["start", "site-visit", "citizen-action", "pending-approval", "permitted", "rejected", "withdrawn"]
    );
    let ends: Vec<Option<End>> = procedure.steps.iter().map(|step| step.end).collect();
    assert_eq!(ends[4..], [Some(End::Granted), Some(End::Refused), Some(End::Terminated)]);
    assert_eq!(procedure.steps[0].desk, Some(Role::APPLICANT));
    assert_eq!(procedure.steps[1].desk, Some(Role::new("parks-inspector")));
    assert_eq!(procedure.steps[1].within.map(String::from), Some("5 natural days".to_owned()));
    let said: Vec<String> = imported.warnings.iter().map(ToString::to_string).collect();
    assert_eq!(
        said,
        [
            "TREE_FELLING, SITE_VISIT: action COMMENT: it leads back to its own state",
            "TREE_FELLING, PENDING_APPROVAL: its sla of 45000000 ms is rounded up to 1 natural day",
        ]
    );
    assert!(yaml.contains("{action: send-back-to-citizen, title: {zh: \"Send back to citizen\", en: \"Send back to citizen\"}, to: citizen-action, desks: [parks-inspector]}"), "{yaml}");
    let shortest: Vec<(String, usize)> =
        walks(procedure).into_iter().map(|walk| (walk.end, walk.path.len())).collect();
    assert_eq!(
        shortest,
        [("permitted".to_owned(), 3), ("rejected".to_owned(), 3), ("withdrawn".to_owned(), 3)]
    );
}

#[test]
fn what_is_no_service_is_refused_with_words() {
    for (json, wanted) in [
        ("", "line 1: the file is not JSON"),
        ("[1, {}]", "there is no BusinessServices list"),
        ("{\"BusinessServices\": []}", "there is no BusinessServices list"),
        ("{\"businessService\": \"EMPTY\", \"states\": []}", "EMPTY: it has no states"),
    ] {
        let error = digit::import(json).unwrap_err().to_string();
        assert!(error.starts_with(wanted), "{error}");
    }
    let states: Vec<String> = (0..101).map(|n| format!("{{\"state\": \"S{n}\"}}")).collect();
    let many = format!("{{\"businessService\": \"MANY\", \"states\": [{}]}}", states.join(","));
    assert!(digit::import(&many).unwrap_err().to_string().starts_with("MANY: it has more than 100 states"));
    let large = " ".repeat(300 * 1024);
    assert!(digit::import(&large).unwrap_err().to_string().contains("split it"));
}

/// Text of any kind survives being written and read.
#[test]
fn odd_words_survive() {
    let odd = "a\"b\\c\u{2028}d: #{x}, [y] 'z' & *! |> %@` \u{85}\u{7f}中文\ttab\nline";
    let json = serde_json::json!({
        "businessService": odd, "tenantId": "{tenantid}", "states": [
            {"state": null, "isStartState": true, "applicationStatus": odd, "actions": [
                {"action": "no", "nextState": "- end: \"x\"", "roles": ["true", "~"]},
                {"action": "GO", "nextState": "null", "roles": ["null"]},
            ]},
            {"state": "- end: \"x\"", "isTerminateState": true},
            {"state": "null", "isTerminateState": true, "sla": 0},
        ],
    });
    let imported = digit::import(&json.to_string()).unwrap();
    let (catalogue, _) = read_back(&[("odd.json".to_owned(), imported.clone())]);
    let procedure = catalogue.procedures.iter().find(|p| p.procedure.starts_with("digit-")).unwrap();
    assert_eq!(*procedure, imported.procedures[0].0);
    assert_eq!(procedure.origin["businessService"], odd.trim());
    assert_eq!(procedure.steps[0].origin["applicationStatus"], odd.trim());
}
