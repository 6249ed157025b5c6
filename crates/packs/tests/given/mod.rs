//! One small pack without a fault, for tests that break it in one place.

use std::borrow::Cow;
use std::collections::BTreeMap;

use packs::{Loaded, Memory, Problem, Severity, load_files};

pub(crate) const MANIFEST: &str = "id: base
version: 1.0.0
title: {zh: 基础, en: Base}
publisher: 测试
sources:
  - {id: s, title: 来源, licence: MIT, retrieved: '2026'}
";
pub(crate) const AREAS: &str = "code,name,level,parent\n440000,广东省,province,\n440100,广州市,city,440000\n";
pub(crate) const AGENCIES: &str = "code,name,area\n11440000553612461J,人社厅,440000\n";
pub(crate) const THEMES: &str = "id,audience,name\nwork,person,工作\n";
pub(crate) const CALENDAR: &str = "date,kind,name\n2026-01-01,holiday,元旦\n2026-01-04,makeup-workday,元旦\n";
pub(crate) const SETTINGS: &str = "utc_offset: '+08:00'
hours:
  - {from: '09:00', to: '12:00'}
  - {from: '14:00', to: '17:00'}
cut_off: '17:00'
";
pub(crate) const ITEMS: &str =
    "code,name,agency,area,level,kind,visits,statutory_days,statutory_unit,promised_days,\
promised_unit,themes,audiences,materials,conditions,source
i1,事项一,11440000553612461J,440000,province,permit,0,20,workday,5,workday,work,person,身份证,条件,s
i2,事项二,11440000553612461J,440000,province,permit,0,,,,,work,person,,,s
";
pub(crate) const PERMIT: &str = "procedure: permit
title: 许可
law: {act: 行政许可法}
steps:
  - {kind: intake, desk: intake, within: 5 workdays, otherwise: deemed-accepted}
  - {kind: review, desk: review, officers: 2, within: item limit}
  - {kind: decide, desk: decide, within: item limit}
  - {kind: issue, within: 10 workdays}
  - {kind: deliver}
remedies: 复议
";
pub(crate) const FORM: &str = r#"{
  "$schema": "https://json-schema.org/draft/2020-12/schema",
  "type": "object",
  "x-pages": [
    {"id": "one", "title": "一", "fields": ["kind", "name"]}
  ],
  "required": ["kind"],
  "properties": {
    "kind": {"type": "string", "title": "种类", "oneOf": [{"const": "a", "title": "甲"}]},
    "name": {"type": "string", "title": "姓名", "maxLength": 20,
      "x-show-when": {"field": "kind", "is": ["a"]}}
  }
}
"#;
pub(crate) const WORKED: &str = "code: ex-one
worked_example: true
name: 示例
summary: 一句话
kind: permit
agency: 11440000553612461J
area: \"440000\"
level: province
audiences: [person]
visits: 0
statutory: 20 workdays
promised: 5 workdays
law: [{act: 行政许可法}]
form: forms/f.json
";

pub(crate) type Pack = BTreeMap<&'static str, String>;

pub(crate) fn whole() -> Pack {
    [
        ("pack.yaml", MANIFEST),
        ("areas.csv", AREAS),
        ("agencies.csv", AGENCIES),
        ("themes.csv", THEMES),
        ("calendar.csv", CALENDAR),
        ("calendar.yaml", SETTINGS),
        ("items.csv", ITEMS),
        ("procedures/permit.yaml", PERMIT),
        ("forms/f.json", FORM),
        ("items/one.yaml", WORKED),
        ("synonyms.csv", "words\n社保|社会保险\n"),
        ("home.yaml", "picks: [i1]\nlife_events:\n  - {id: work, name: 工作, themes: [work], items: [i1]}\n"),
        ("codes.yaml", "lists:\n  - {id: l, name: 表, source: 标准, entries: [{code: '1', name: 一}]}\n"),
    ]
    .map(|(path, content)| (path, content.to_owned()))
    .into()
}

pub(crate) fn check(pack: &Pack) -> Loaded {
    let files = pack.iter().map(|(path, content)| (*path, Cow::Owned(content.clone().into_bytes())));
    load_files(&[&Memory::new("base", files)])
}

pub(crate) fn problems(loaded: &Loaded) -> String {
    loaded.problems.iter().map(Problem::to_string).collect::<Vec<_>>().join("\n")
}

/// Replaces `from` by `to` in one file and expects exactly this complaint, and no catalogue after an error.
#[track_caller]
pub(crate) fn broken(path: &'static str, from: &str, to: &str, expected: &str) {
    let mut pack = whole();
    let content = pack.get_mut(path).expect("a good test value");
    assert!(content.contains(from), "{path} lacks {from}");
    *content = content.replacen(from, to, 1);
    complains(&pack, expected);
}

#[track_caller]
pub(crate) fn complains(pack: &Pack, expected: &str) {
    let loaded = check(pack);
    let found = problems(&loaded);
    assert!(found.lines().any(|line| line.starts_with(expected)), "wanted {expected}\nfound {found}");
    let failed = loaded.problems.iter().any(|problem| problem.severity == Severity::Error);
    assert_eq!(loaded.catalogue.is_none(), failed);
}
