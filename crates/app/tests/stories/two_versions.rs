//! A small pack in two versions: the newer one renames, splits, adds and takes steps away, and asks more.

use std::path::Path;
use std::sync::Arc;

use packs::Catalogue;
use search::Index;

/// The item that both versions have.
pub(crate) const ITEM: &str = "ex-moving";
/// Its agency, of nobody.
pub(crate) const AGENCY: &str = "TE0000000000000001";

const PACK: &str = "id: moving
version: VERSION
title: {zh: 示例}
publisher: {zh: 示例}
needs: [cn]
sources: [{id: own, title: 示例, licence: Apache-2.0, retrieved: '2026'}]
";
const ITEM_FILE: &str = "code: ex-moving
worked_example: true
name: {zh: 示例事项}
summary: {zh: 示例。}
kind: other-power
agency: TE0000000000000001
area: '440000'
level: province
audiences: [person]
themes: [other]
visits: 0
statutory: 20 workdays
promised: 10 workdays
conditions: {zh: 示例}
materials: [{id: m1, name: {zh: 示例材料}, required: false}]
law: [{act: {zh: 示例办法}}]
form: forms/moving.json
procedure: moving
";
const PROCEDURE: &str = "procedure: moving
title: {zh: 示例}
law: {act: {zh: 示例办法}}
steps:
  - {kind: intake, desk: intake, within: 5 workdays, otherwise: deemed-accepted}
REVIEWS
  - {kind: decide, desk: decide, within: item limit}
  - {kind: issue, within: 10 workdays}
  - {kind: deliver}
suspends: [inspection]
remedies: {zh: 示例}
";
const OLD_REVIEWS: &str = "  - {id: check, kind: review, desk: review, within: item limit}
  - {id: site, kind: review, desk: review, within: item limit}";
const NEW_REVIEWS: &str = "  - {id: papers, kind: review, desk: review, within: item limit, was: [check]}
  - {id: premises, kind: review, desk: review, within: item limit}";
const FORM: &str = r#"{"$schema": "https://json-schema.org/draft/2020-12/schema", "title": "示例", "type": "object",
"additionalProperties": false,
"x-pages": [{"id": "one", "title": {"zh": "一"}, "fields": ["size"MORE]}], "required": ["size"MORE],
"properties": {"size": {"type": "string", "title": "大小", "oneOf": [{"const": "small", "title": "小"},
{"const": "large", "title": "大"}]}EXTRA}}"#;
const EXTRA: &str = r#", "floor": {"type": "string", "title": "楼层", "maxLength": 20,
"x-show-when": {"field": "size", "is": ["large"]}}"#;

/// The older or the newer version, beside the national base.
pub(crate) fn version(newer: bool) -> (Arc<Catalogue>, Arc<Index>) {
    let folder = tempfile::tempdir().unwrap();
    let write = |name: &str, text: String| {
        let path = folder.path().join("moving").join(name);
        std::fs::create_dir_all(path.parent().unwrap()).unwrap();
        std::fs::write(path, text).unwrap();
    };
    write("pack.yaml", PACK.replace("VERSION", if newer { "0.2.0" } else { "0.1.0" }));
    write("agencies.csv", format!("code,name,area\n{AGENCY},示例局,440000\n"));
    write("themes.csv", "id,audience,name,name_en\nother,person,其他,Other\n".to_owned());
    write("items/moving.yaml", ITEM_FILE.to_owned());
    let reviews = if newer { NEW_REVIEWS } else { OLD_REVIEWS };
    write("procedures/moving.yaml", PROCEDURE.replace("REVIEWS", reviews));
    let (more, extra) = if newer { (", \"floor\"", EXTRA) } else { ("", "") };
    write("forms/moving.json", FORM.replace("MORE", more).replace("EXTRA", extra));
    let loaded =
        packs::load(&[crate::stage::packs_folder().join("cn"), folder.path().join("moving")].map(path));
    let errors: Vec<_> = loaded.problems.iter().map(ToString::to_string).collect();
    let catalogue = loaded.catalogue.unwrap_or_else(|| panic!("{errors:#?}"));
    let index = Index::build(Vec::new(), &catalogue.synonyms);
    (Arc::new(catalogue), Arc::new(index))
}

fn path(path: impl AsRef<Path>) -> std::path::PathBuf {
    path.as_ref().to_owned()
}
