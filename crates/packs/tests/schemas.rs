//! The schemas and the specification in `docs/` say what the reader does: same keys, same columns, same rules.

use std::borrow::Cow;
use std::collections::BTreeSet;
use std::path::Path;

use packs::{Memory, RULES, load_files};

fn docs(path: &str) -> String {
    let file = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../docs").join(path);
    std::fs::read_to_string(&file).unwrap_or_else(|error| panic!("{}: {error}", file.display()))
}

/// Property names of the object at `pointer` in a schema, which must refuse others.
fn schema(file: &str, pointer: &str) -> BTreeSet<String> {
    let schema: serde_json::Value =
        serde_json::from_str(&docs(&format!("pack-schema/{file}"))).expect("JSON");
    let object = schema.pointer(pointer).unwrap_or_else(|| panic!("{file} has no {pointer}"));
    assert_eq!(object["additionalProperties"], serde_json::json!(false), "{file}{pointer} takes anything");
    object["properties"].as_object().expect("properties").keys().cloned().collect()
}

/// The keys or columns the reader names when it meets one it does not know.
fn known(path: &str, content: &str) -> BTreeSet<String> {
    let manifest = "id: base\nversion: 1.0.0\ntitle: t\npublisher: p\nsources: []\n";
    let files = [("pack.yaml", manifest.to_owned()), (path, content.to_owned())];
    let files = files.map(|(path, content)| (path, Cow::Owned(content.into_bytes())));
    let loaded = load_files(&[&Memory::new("base", files)]);
    let rules = ["unknown-key", "unknown-column"];
    let problem = loaded.problems.iter().find(|problem| rules.contains(&problem.rule));
    let message = &problem.unwrap_or_else(|| panic!("{path}: {:?}", loaded.problems)).message;
    let list = message.split("expected one of ").nth(1).or_else(|| message.split("known are ").nth(1));
    let list = list.unwrap_or_else(|| panic!("{message}"));
    list.split(", ")
        .map(|name| name.trim_matches(|c: char| c == '`' || c.is_whitespace()).to_owned())
        .collect()
}

#[test]
fn documents_have_the_keys_of_their_schema() {
    let item = "xyz: 1\n";
    let cases = [
        ("pack.yaml", item, "pack.schema.json", ""),
        ("pack.yaml", "sources: [{xyz: 1}]", "pack.schema.json", "/properties/sources/items"),
        ("procedures/p.yaml", item, "procedure.schema.json", ""),
        ("procedures/p.yaml", "steps: [{xyz: 1}]", "procedure.schema.json", "/properties/steps/items"),
        (
            "procedures/p.yaml",
            "steps: [{kind: task, outcomes: [{xyz: 1}]}]",
            "procedure.schema.json",
            "/properties/steps/items/properties/outcomes/items",
        ),
        (
            "procedures/p.yaml",
            "steps: [{kind: together, branches: [{xyz: 1}]}]",
            "procedure.schema.json",
            "/properties/steps/items/properties/branches/items",
        ),
        ("procedures/p.yaml", "extend: {xyz: 1}", "procedure.schema.json", "/properties/extend"),
        ("procedures/p.yaml", "correction: {xyz: 1}", "procedure.schema.json", "/properties/correction"),
        ("procedures/p.yaml", "owed: {xyz: 1}", "procedure.schema.json", "/properties/owed"),
        ("procedures/p.yaml", "renewal: {xyz: 1}", "procedure.schema.json", "/properties/renewal"),
        ("items/i.yaml", item, "item.schema.json", ""),
        ("items/i.yaml", "materials: [{xyz: 1}]", "item.schema.json", "/properties/materials/items"),
        (
            "items/i.yaml",
            "materials: [{id: a, name: b, certificate: {xyz: 1}}]",
            "item.schema.json",
            "/properties/materials/items/properties/certificate",
        ),
        ("items/i.yaml", "consent: {xyz: 1}", "item.schema.json", "/properties/consent"),
        ("items/i.yaml", "rules: {xyz: 1}", "item.schema.json", "/properties/rules"),
        (
            "items/i.yaml",
            "rules: {model: rules/a.dmn, sample_percent: 1, lot_plan: {xyz: 1}}",
            "item.schema.json",
            "/properties/rules/properties/lot_plan",
        ),
        ("items/i.yaml", "fee: {xyz: 1}", "item.schema.json", "/properties/fee"),
        ("items/i.yaml", "law: [{xyz: 1}]", "item.schema.json", "/properties/law/items"),
        ("home.yaml", item, "home.schema.json", ""),
        ("home.yaml", "life_events: [{xyz: 1}]", "home.schema.json", "/properties/life_events/items"),
        ("calendar.yaml", item, "calendar.schema.json", ""),
        ("calendar.yaml", "hours: [{xyz: 1}]", "calendar.schema.json", "/properties/hours/items"),
        ("items/i.yaml", "result: {xyz: 1}", "item.schema.json", "/properties/result"),
        ("certificates.yaml", item, "certificates.schema.json", ""),
        (
            "certificates.yaml",
            "certificates: [{xyz: 1}]",
            "certificates.schema.json",
            "/properties/certificates/items",
        ),
        (
            "certificates.yaml",
            "certificates: [{fields: [{xyz: 1}]}]",
            "certificates.schema.json",
            "/properties/certificates/items/properties/fields/items",
        ),
        ("codes.yaml", "lists: [{xyz: 1}]", "codes.schema.json", "/properties/lists/items"),
        (
            "codes.yaml",
            "lists: [{entries: [{xyz: 1}]}]",
            "codes.schema.json",
            "/properties/lists/items/properties/entries/items",
        ),
    ];
    for (path, content, file, pointer) in cases {
        assert_eq!(known(path, content), schema(file, pointer), "{file}{pointer}");
    }
}

#[test]
fn forms_have_the_keywords_of_their_schema() {
    let cases = [
        (r#"{"xyz": 1}"#, ""),
        (r#"{"x-pages": [{"xyz": 1}]}"#, "/properties/x-pages/items"),
        (r#"{"properties": {"a": {"xyz": 1}}}"#, "/$defs/field"),
        (r#"{"properties": {"a": {"oneOf": [{"xyz": 1}]}}}"#, "/$defs/field/properties/oneOf/items"),
    ];
    for (json, pointer) in cases {
        let problems = packs::read_form("f.json", json).expect_err("an unknown keyword");
        let message = &problems[0].message;
        let list = message.split("expected one of ").nth(1).unwrap_or_else(|| panic!("{message}"));
        let known: BTreeSet<String> =
            list.split(", ").map(|name| name.trim_matches('`').to_owned()).collect();
        assert_eq!(known, schema("form.schema.json", pointer), "{pointer}");
    }
}

#[test]
fn tables_have_the_columns_of_their_schema() {
    for (path, file) in [
        ("areas.csv", "areas"),
        ("towns.csv", "areas"),
        ("agencies.csv", "agencies"),
        ("themes.csv", "themes"),
        ("calendar.csv", "calendar"),
        ("items.csv", "items"),
        ("synonyms.csv", "synonyms"),
    ] {
        let columns = schema(&format!("{file}.row.schema.json"), "");
        assert_eq!(known(path, "xyz\n1\n"), columns, "{path}");
    }
}

#[test]
fn the_specification_lists_every_rule() {
    let specification = docs("pack-format.md");
    let ids: BTreeSet<&str> = RULES.iter().map(|(id, _)| *id).collect();
    assert_eq!(ids.len(), RULES.len(), "a rule is listed twice");
    for (id, when) in RULES {
        let row = format!("| `{id}` | {when} |");
        assert!(specification.contains(&row), "docs/pack-format.md lacks the row {row}");
    }
}
