//! A broken pack names file, line and rule: one small pack, broken in one place a test.

mod given;

use std::borrow::Cow;

use packs::{CertificateGrade, Memory, load, load_files};
use proptest::prelude::*;

use given::{MANIFEST, broken, check, complains, problems, whole};

const HAND: &str = "extends: i2
name: 事项二
summary: 一句话
form: forms/f.json
";

const CERTIFICATES: &str = "certificates:
  - id: one
    type: 11990000MB0000011N001
    name: 证
    issuer: deciding-agency
    valid: 5 years
    grade: A
    fields:
      - {id: kind, label: 种类, from: form.kind}
      - {id: born, label: 出生, from: applicant.born, sensitive: true}
";

#[test]
fn the_unbroken_pack_is_good() {
    let loaded = check(&whole());
    assert_eq!(problems(&loaded), "");
    let catalogue = loaded.catalogue.unwrap();
    assert_eq!((catalogue.items.len(), catalogue.counts().online), (3, 2));
    assert_eq!(catalogue.pack_of(&catalogue.items[0]).id, "base");
}

#[test]
fn manifests() {
    broken("pack.yaml", "publisher", "publishr", "error base/pack.yaml:4 unknown-key");
    broken("pack.yaml", "id: base\n", "id: base\nid: base\n", "error base/pack.yaml:2 duplicate-key");
    broken("pack.yaml", "id: base", "id: Base Pack", "error base/pack.yaml:1 bad-id");
    broken("pack.yaml", "1.0.0", "first", "error base/pack.yaml:2 bad-version");
    broken("pack.yaml", "sources:", "needs: [far]\nsources:", "error base/pack.yaml:5 missing-need");
    broken("pack.yaml", "sources:", "needs: [base]\nsources:", "error base/pack.yaml circular-needs");
    broken("pack.yaml", "{zh: 基础, en: Base}", "{zh: 基础, fr: Base}", "error base/pack.yaml:3 unknown-key");
    let mut pack = whole();
    pack.remove("pack.yaml");
    complains(&pack, "error base/pack.yaml missing-manifest");
}

/// Nearly every line of a pack would be wrong for want of the one it needs, so that is all that is said.
#[test]
fn a_missing_need_is_said_alone() {
    let mut pack = whole();
    pack.insert("pack.yaml", MANIFEST.replace("sources:", "needs: [far]\nsources:"));
    pack.insert("agencies.csv", "code,name,area\n11440000553612461J,人社厅,990000\n".to_owned());
    let loaded = check(&pack);
    let found = problems(&loaded);
    assert!(
        found.starts_with("error base/pack.yaml:5 missing-need") && found.lines().count() == 1,
        "{found}"
    );
    assert!(loaded.catalogue.is_none() && loaded.counts.is_none());
}

#[test]
fn what_is_there_is_counted_beside_errors() {
    let counts = |pack| check(&pack).counts.map(|counts| (counts.items, counts.agencies, counts.areas));
    let mut pack = whole();
    pack.insert("home.yaml", "picks: [no-such-item]\n".to_owned());
    assert_eq!(counts(pack.clone()), Some((3, 1, 2)));
    pack.remove("calendar.yaml");
    assert_eq!(counts(pack), Some((3, 1, 2)), "and without a calendar");
}

#[test]
fn files_the_format_does_not_know() {
    let mut pack = whole();
    pack.insert("item.csv", String::new());
    complains(&pack, "error base/item.csv unknown-file");
    let mut pack = whole();
    pack.insert("items/deep/x.yaml", String::new());
    complains(&pack, "error base/items/deep/x.yaml unknown-file");
}

#[test]
fn areas_agencies_and_themes() {
    broken("areas.csv", "level", "grade", "error base/areas.csv:1 unknown-column");
    broken("areas.csv", "name,level,parent", "name,level,name", "error base/areas.csv:1 duplicate-column");
    broken("areas.csv", "440100,广州市", "440000,广州市", "error base/areas.csv:3 duplicate-area");
    broken("areas.csv", "city,440000", "city,450000", "error base/areas.csv:3 unknown-area");
    broken("areas.csv", "市,city", "市,province", "error base/areas.csv:3 area-order");
    broken("areas.csv", "440100", "4401", "error base/areas.csv:3 bad-area-code");
    broken("areas.csv", "广州市,city", "广州市,town-hall", "error base/areas.csv:3 unknown-word");
    broken("areas.csv", "广州市", "", "error base/areas.csv:3 empty-cell");
    broken("areas.csv", "广州市,", "广州市,x,", "error base/areas.csv:3 csv");
    broken("agencies.csv", "461J", "461K", "warning base/agencies.csv:2 credit-code-check");
    broken("agencies.csv", "11440000553612461J", "人社厅", "error base/agencies.csv:2 bad-code");
    broken("agencies.csv", "440000\n", "990000\n", "error base/agencies.csv:2 unknown-area");
    broken("themes.csv", "work,", "Work!,", "error base/themes.csv:2 bad-id");
    broken(
        "themes.csv",
        "work,person,工作\n",
        "work,person,工作\nwork,person,工作\n",
        "error base/themes.csv:3 duplicate-theme",
    );
    broken("themes.csv", "person", "people", "error base/themes.csv:2 unknown-word");
}

#[test]
fn calendars() {
    broken("calendar.csv", "2026-01-01", "2026-02-30", "error base/calendar.csv:2 bad-date");
    broken("calendar.csv", "2026-01-04", "2026-01-01", "error base/calendar.csv:3 duplicate-date");
    broken("calendar.csv", "2026-01-04", "2028-01-04", "error base/calendar.csv calendar-gap");
    broken("calendar.csv", "2026-01-01", "2026-01-02", "warning base/calendar.csv calendar-gap");
    broken("calendar.csv", "makeup-workday", "workday", "error base/calendar.csv:3 unknown-word");
    let mut pack = whole();
    pack.remove("calendar.csv");
    complains(&pack, "error - no-calendar");
    let mut pack = whole();
    pack.remove("calendar.yaml");
    complains(&pack, "error - no-calendar");
}

#[test]
fn business_hours() {
    let yaml = |from, to, expected| broken("calendar.yaml", from, to, expected);
    yaml("+08:00", "8", "error base/calendar.yaml:1 bad-offset");
    yaml("+08:00", "+15:00", "error base/calendar.yaml:1 bad-offset");
    yaml("utc_offset", "offset", "error base/calendar.yaml:1 unknown-key");
    yaml("to: '12:00'", "until: '12:00'", "error base/calendar.yaml:3 unknown-key");
    yaml("14:00", "2 pm", "error base/calendar.yaml:4 bad-hours: the hours 2 pm to 17:00");
    yaml("14:00", "24:00", "error base/calendar.yaml:4 bad-hours");
    yaml("'09:00'", "'9:00'", "error base/calendar.yaml:3 bad-hours");
    yaml("'09:00'", "'+9:00'", "error base/calendar.yaml:3 bad-hours");
    yaml("14:00", "11:00", "error base/calendar.yaml:3 bad-hours: business hours must follow each other");
    yaml("12:00", "08:00", "error base/calendar.yaml:3 bad-hours: business hours must follow each other");
    yaml("cut_off: '17:00'", "cut_off: five", "error base/calendar.yaml:5 bad-cut-off: cut_off five");
    yaml("cut_off: '17:00'", "cut_off: '16:30'", "error base/calendar.yaml:5 bad-cut-off: the cut-off lies");
    let span = "  - {from: '14:00', to: '17:00'}\n";
    let many: String = (13..19).map(|n| format!("  - {{from: '{n}:00', to: '{n}:30'}}\n")).collect();
    yaml(span, &many, "error base/calendar.yaml:3 bad-hours: a day has one to 6 spans");
    let mut pack = whole();
    pack.insert("calendar.yaml", "utc_offset: '+08:00'\ncut_off: '17:00'\n".to_owned());
    complains(&pack, "error base/calendar.yaml:2 bad-cut-off: cut_off stands without hours");
}

#[test]
fn parts_of_a_day() {
    let mut pack = whole();
    let items = pack.get_mut("items.csv").expect("a good test value");
    *items = items.replace("20,workday,5,workday", "20,workday,0.5,workday");
    let worked = pack.get_mut("items/one.yaml").expect("a good test value");
    *worked = worked.replace("promised: 5 workdays", "promised: 1.25 workdays");
    let loaded = check(&pack);
    assert_eq!(problems(&loaded), "");
    let catalogue = loaded.catalogue.unwrap();
    let promised = |code: &str| catalogue.items.iter().find(|item| item.code == code).unwrap().promised;
    assert_eq!(promised("i1"), Some(domain::Limit::workday_quarters(2)));
    assert_eq!(promised("ex-one"), Some(domain::Limit::workday_quarters(5)));
    broken("items.csv", "5,workday", "0.3,workday", "error base/items.csv:2 bad-number");
    broken("items.csv", "5,workday", "0.5,natural-day", "error base/items.csv:2 bad-number");
    broken("items.csv", "20,workday,5", "4.75,workday,5", "error base/items.csv:2 promised-over-statutory");
    broken("items/one.yaml", "5 workdays", "0.5 natural days", "error base/items/one.yaml:12 bad-limit");
    broken("procedures/permit.yaml", "5 workdays", "0.3 workdays", "error base/procedures/permit.yaml");
}

/// A province that says its own hours does not repeat the offset, and is not held to the base pack's cut-off.
#[test]
fn a_later_pack_brings_its_own_hours() {
    let base = whole();
    let files = base.iter().map(|(path, content)| (*path, Cow::Owned(content.clone().into_bytes())));
    let base = Memory::new("base", files);
    let manifest = "id: far\nversion: 1.0.0\ntitle: t\npublisher: p\nneeds: [base]\nsources: [{id: s, title: t, licence: MIT, retrieved: '2026'}]\n";
    let hours = "hours: [{from: '08:30', to: '16:30'}]\n";
    let files = [("pack.yaml", manifest), ("calendar.yaml", hours)];
    let far = Memory::new("far", files.map(|(path, content)| (path, content.as_bytes())));
    let loaded = load_files(&[&far, &base]);
    assert_eq!(problems(&loaded), "");
    let calendar = loaded.catalogue.unwrap().calendar;
    let monday = calendar.at(domain::Date::constant(2026, 1, 5), 7);
    let half = calendar.deadline(monday, domain::Limit::workday_quarters(2));
    assert_eq!(half.until, Some(domain::Time::constant(12, 30, 0, 0)));
    assert_eq!(calendar.hours().unwrap().cut_off(), None);
}

#[test]
fn items() {
    broken("items.csv", "i2,", "i1,", "error base/items.csv:3 duplicate-item");
    broken("items.csv", "i2,", "i/2,", "error base/items.csv:3 bad-code");
    broken("items.csv", "事项一", "", "error base/items.csv:2 empty-cell");
    broken("items.csv", "事项二", "事项一", "warning base/items.csv:3 duplicate-name");
    broken(
        "items.csv",
        ",11440000553612461J,440000,province,permit,0,20",
        ",1144,440000,province,permit,0,20",
        "error base/items.csv:2 unknown-agency",
    );
    broken("items.csv", "440000,province", "450000,province", "error base/items.csv:2 unknown-area");
    broken("items.csv", "work,person,身份证", "play,person,身份证", "error base/items.csv:2 unknown-theme");
    broken("items.csv", "permit", "permission", "error base/items.csv:2 unknown-word");
    broken("items.csv", "permit", "award", "error base/items.csv:2 unknown-procedure");
    broken("items.csv", "5,workday", "21,workday", "error base/items.csv:2 promised-over-statutory");
    broken(
        "items.csv",
        "20,workday,5,workday",
        "20,natural-day,15,workday",
        "error base/items.csv:2 promised-over-statutory",
    );
    broken("items.csv", "20,workday", "soon,workday", "error base/items.csv:2 bad-number");
    broken("items.csv", "20,workday", "20,hour", "error base/items.csv:2 unknown-word");
    broken("items.csv", "permit,0", "permit,many", "error base/items.csv:2 bad-number");
    broken("items.csv", "work,person", "work,", "error base/items.csv:2 no-audience");
    broken("items.csv", "条件,s", "条件,t", "error base/items.csv:2 unknown-source");
    let long = "长".repeat(20_001);
    broken("items.csv", "条件", &long, "error base/items.csv:2 text-too-long");
    broken("items.csv", "身份证", &"证|".repeat(61), "error base/items.csv:2 too-many-materials");
}

#[test]
fn forms() {
    let file = "forms/f.json";
    let at = |line: u8, rule: &str| format!("error base/forms/f.json:{line} {rule}");
    broken(file, "\"maxLength\": 20", "\"maxLength\": 20, \"pattern\": \"a+\"", &at(10, "unknown-key"));
    broken(file, "\"maxLength\": 20", "\"maxLength\": 20, \"maximum\": 3", &at(10, "form-keyword"));
    broken(file, "\"maxLength\": 20", "\"minLength\": 2", &at(10, "form-bounds"));
    broken(file, "\"maxLength\": 20", "\"minLength\": 30, \"maxLength\": 20", &at(10, "form-bounds"));
    broken(
        file,
        "{\"type\": \"string\", \"title\": \"姓名\"",
        "{\"type\": \"null\", \"title\": \"姓名\"",
        &at(10, "form-keyword"),
    );
    broken(file, "\"field\": \"kind\"", "\"field\": \"colour\"", &at(11, "form-show-when"));
    broken(file, "[\"kind\", \"name\"]", "[\"name\", \"kind\"]", &at(11, "form-show-when"));
    broken(file, "\"is\": [\"a\"]", "\"is\": [\"b\"]", &at(11, "form-show-when"));
    broken(file, "[\"kind\", \"name\"]", "[\"kind\"]", &at(10, "form-field"));
    broken(file, "[\"kind\", \"name\"]", "[\"kind\", \"name\", \"age\"]", &at(5, "form-field"));
    broken(file, "[\"kind\", \"name\"]", "[\"kind\", \"name\", \"name\"]", &at(5, "form-field"));
    broken(file, "\"required\": [\"kind\"]", "\"required\": [\"kin\"]", &at(7, "form-field"));
    broken(file, "\"id\": \"one\"", "\"id\": \"One\"", &at(5, "form-page"));
    broken(file, "\"title\": \"姓名\"", "\"title\": \"\"", &at(10, "form-title"));
    broken(
        file,
        "{\"const\": \"a\", \"title\": \"甲\"}",
        "{\"const\": \"a|b\", \"title\": \"甲\"}",
        &at(9, "form-options"),
    );
    broken(file, "2020-12", "2019-09", &at(2, "form-dialect"));
    broken(file, "\"required\": [\"kind\"],", "\"required\": [\"kind\"]", &at(8, "json"));
    broken(
        file,
        "  \"type\": \"object\",",
        "  \"type\": \"object\", \"type\": \"object\",",
        &at(3, "duplicate-key"),
    );
    broken("items/one.yaml", "forms/f.json", "forms/g.json", "error base/items/one.yaml:14 missing-form");
    broken("items/one.yaml", "forms/f.json", "pack.yaml", "error base/items/one.yaml:14 missing-form");
}

#[test]
fn hand_made_items() {
    let file = "items/one.yaml";
    broken(file, "ex-one", "11440000", "error base/items/one.yaml:1 item-identity");
    broken(file, "law: [{act: 行政许可法}]\n", "", "error base/items/one.yaml:1 no-law");
    broken(file, "level: province\n", "", "error base/items/one.yaml:1 missing-key");
    broken(
        file,
        "promised: 5 workdays",
        "promised: 25 workdays",
        "error base/items/one.yaml:1 promised-over-statutory",
    );
    broken(file, "statutory: 20 workdays", "statutory: 20 dogs", "error base/items/one.yaml:11 bad-limit");
    broken(file, "visits: 0", "visits: 0\nreal_name: 1", "error base/items/one.yaml:11 bad-real-name");
    broken(file, "visits: 0", "visits: 0\nreal_name: 6", "error base/items/one.yaml:11 bad-real-name");
    let consent = "visits: 0\nconsent: {purpose: 用途, necessity: 必要, days: 90}";
    broken(file, "visits: 0", consent, "error base/items/one.yaml:11 consent-without-field");
    for lacking in [("用途", "''"), ("必要", "''"), ("90", "0"), ("90", "3661")] {
        let consent = consent.replace(lacking.0, lacking.1);
        broken(file, "visits: 0", &consent, "error base/items/one.yaml:11 bad-consent");
    }
    broken(file, "visits: 0", "visits: 0\nreal_name: 300", "error base/items/one.yaml:11 document");
    broken(file, "name: 示例", "name: ''", "error base/items/one.yaml:1 empty-name");
    broken(file, "visits: 0", "visits: 0\ncolour: red", "error base/items/one.yaml:11 unknown-key");
    broken(file, "agency: 1144", "agency: 9944", "error base/items/one.yaml:1 unknown-agency");
}

#[test]
fn certificates() {
    let with = |path: &'static str, from: &str, to: &str| {
        let mut pack = whole();
        pack.insert("items/one.yaml", format!("{}result: {{certificate: one}}\n", given::WORKED));
        pack.insert("certificates.yaml", CERTIFICATES.to_owned());
        let content = pack.get_mut(path).unwrap();
        assert!(content.contains(from), "{path} lacks {from}");
        *content = content.replacen(from, to, 1);
        pack
    };
    let loaded = check(&with("pack.yaml", "", ""));
    assert_eq!(problems(&loaded), "");
    let kind = loaded.catalogue.unwrap().item("ex-one").unwrap().certificate.clone().unwrap();
    assert_eq!((kind.months, kind.fields.len(), kind.fields[1].sensitive), (Some(60), 2, true));

    let file = "certificates.yaml";
    for (from, to, rule) in [
        ("MB0000011", "MB0000012", "2 certificate-code"),
        ("001\n", "0A1\n", "2 certificate-code"),
        ("5 years", "5 moons", "2 certificate-validity"),
        ("5 years", "0 months", "2 certificate-validity"),
        ("5 years", "101 years", "2 certificate-validity"),
        ("id: born", "id: exp", "10 certificate-field"),
        ("id: born", "id: kind", "10 certificate-field"),
        ("id: born", "id: a_name_that_is_too_long", "10 certificate-field"),
        ("applicant.born", "applicant.soul", "10 certificate-field"),
        ("deciding-agency", "anybody", "5 document"),
    ] {
        complains(&with(file, from, to), &format!("error base/certificates.yaml:{rule}"));
    }
    let again = CERTIFICATES.replacen("certificates:\n", "", 1);
    let twice = format!("{CERTIFICATES}{again}");
    complains(&with(file, CERTIFICATES, &twice), "error base/certificates.yaml:11 duplicate-certificate");
    complains(&with(file, "form.kind", "form.colour"), "error base/items/one.yaml:15 unknown-field");
    let other = with("items/one.yaml", "certificate: one", "certificate: two");
    complains(&other, "error base/items/one.yaml:15 unknown-certificate");
    let proven = |proof: &str| {
        let material = format!("materials: [{{id: m1, name: 证, certificate: {proof}}}]\nform:");
        with("items/one.yaml", "form:", &material)
    };
    let loaded = check(&proven("{type: one}"));
    assert_eq!(problems(&loaded), "");
    let proof = loaded.catalogue.unwrap().item("ex-one").unwrap().materials[0].certificate.clone().unwrap();
    assert_eq!(
        (proof.grade, proof.fields),
        (CertificateGrade::B, vec!["kind".to_owned()]),
        "not the sensitive one"
    );
    for (proof, rule) in [
        ("{type: two}", "unknown-certificate"),
        ("{type: one, fields: [kind, colour]}", "material-certificate"),
    ] {
        complains(&proven(proof), &format!("error base/items/one.yaml {rule}"));
    }
    let mut weak = proven("{type: one}");
    let types = CERTIFICATES.replace("grade: A", "grade: C");
    weak.insert("certificates.yaml", types);
    complains(&weak, "error base/items/one.yaml material-certificate");
    let mut coded = with("pack.yaml", "", "");
    for content in coded.values_mut() {
        *content = content.replace("11440000553612461J", "TE44");
    }
    complains(&coded, "error base/items/one.yaml:15 certificate-issuer");
}

#[test]
fn extending_a_published_item() {
    let with = |from: &str, to: &str| {
        let mut pack = whole();
        let items = pack["items.csv"].replace("permit,0,,,,,work", "permit,0,20,workday,5,workday,work");
        pack.insert("items.csv", items);
        pack.insert("items/two.yaml", HAND.replacen(from, to, 1));
        pack
    };
    let loaded = check(&with("", ""));
    assert_eq!(problems(&loaded), "");
    let catalogue = loaded.catalogue.unwrap();
    let item = catalogue.item("i2").unwrap();
    assert!(item.online() && !item.worked_example);
    assert_eq!(item.summary.as_ref().unwrap().zh, "一句话");
    assert_eq!(item.form.pages[0].fields.len(), 2);

    assert_eq!((item.real_name, catalogue.item("i1").unwrap().real_name), (3, 3), "silent is matched");
    let asked = check(&with("form:", "real_name: 5\nform:"));
    assert_eq!(problems(&asked), "");
    assert_eq!(asked.catalogue.unwrap().item("i2").unwrap().real_name, 5);

    complains(&with("i2", "i9"), "error base/items/two.yaml:1 unknown-item");
    complains(&with("name: 事项二", "name: 别的"), "error base/items/two.yaml:1 published-fact");
    complains(&with("form:", "visits: 0\nform:"), "error base/items/two.yaml:1 published-fact");
    complains(&with("extends: i2\n", ""), "error base/items/two.yaml item-identity");
    let mut no_limit = whole();
    no_limit.insert("items/two.yaml", HAND.to_owned());
    complains(&no_limit, "error base/items/two.yaml:1 no-limit");
}

#[test]
fn words_codes_and_the_home_page() {
    broken("synonyms.csv", "社会保险", &"长".repeat(30_000), "error base/synonyms.csv:2 text-too-long");
    broken("synonyms.csv", "|社会保险", "", "error base/synonyms.csv:2 synonym-alone");
    broken("home.yaml", "[i1]\n", "[i9]\n", "error base/home.yaml:1 unknown-item");
    broken("home.yaml", "items: [i1]", "items: [i9]", "error base/home.yaml:3 unknown-item");
    broken("home.yaml", "themes: [work]", "themes: [play]", "error base/home.yaml:3 unknown-theme");
    broken(
        "codes.yaml",
        "{code: '1', name: 一}",
        "{code: '1', name: 一}, {code: '1', name: 二}",
        "error base/codes.yaml:2 duplicate-code",
    );
}

#[test]
fn documents_that_mean_harm() {
    let deep = format!("picks: {}{}", "[".repeat(5_000), "]".repeat(5_000));
    let bomb = "a: &a [x, x]\nb: &b [*a, *a]\nc: [*b, *b]\n".to_owned();
    for content in [deep, bomb, "picks: [i1]\n---\npicks: []\n".into(), "\u{0}".into(), "picks: [i1".into()] {
        let mut pack = whole();
        pack.insert("home.yaml", content);
        let loaded = check(&pack);
        assert!(
            loaded.catalogue.is_none() && problems(&loaded).contains("base/home.yaml"),
            "{}",
            problems(&loaded)
        );
    }
    let mut pack = whole();
    pack.insert("home.yaml", format!("# {}", "x".repeat(300_000)));
    complains(&pack, "error base/home.yaml file-too-large");
    let latin: Vec<(&str, Cow<'static, [u8]>)> = vec![("pack.yaml", Cow::Borrowed(b"id: b\xe4se"))];
    let loaded = load_files(&[&Memory::new("base", latin)]);
    assert_eq!(loaded.problems[0].rule, "not-utf8");
}

#[cfg(unix)]
#[test]
fn a_folder_holds_plain_files_only() {
    let outside = tempfile::tempdir().unwrap();
    std::fs::write(outside.path().join("secret.csv"), "words\n密|钥\n").unwrap();
    let folder = tempfile::tempdir().unwrap();
    let base = folder.path().join("base");
    for (path, content) in whole() {
        let to = base.join(path);
        std::fs::create_dir_all(to.parent().unwrap()).unwrap();
        std::fs::write(to, content).unwrap();
    }
    assert_eq!(problems(&load(std::slice::from_ref(&base))), "");
    std::fs::remove_file(base.join("synonyms.csv")).unwrap();
    std::os::unix::fs::symlink(outside.path().join("secret.csv"), base.join("synonyms.csv")).unwrap();
    let loaded = load(std::slice::from_ref(&base));
    assert!(problems(&loaded).starts_with("error base/synonyms.csv symlink"), "{}", problems(&loaded));
    assert!(loaded.catalogue.is_none());
    std::fs::remove_file(base.join("synonyms.csv")).unwrap();
    std::os::unix::fs::symlink(outside.path(), base.join("more")).unwrap();
    assert!(problems(&load(std::slice::from_ref(&base))).contains("error base/more symlink"));
}

#[test]
fn a_file_too_large_is_refused_without_being_kept() {
    let folder = tempfile::tempdir().unwrap();
    let base = folder.path().join("base");
    std::fs::create_dir_all(base.join("a/b/c/d/e/f")).unwrap();
    std::fs::write(base.join("pack.yaml"), MANIFEST).unwrap();
    let huge = std::fs::File::create(base.join("items.csv")).unwrap();
    huge.set_len(packs::limits::FILE_BYTES as u64 + 1).unwrap();
    let found = problems(&load(std::slice::from_ref(&base)));
    assert!(found.contains("error base/items.csv file-too-large"), "{found}");
    assert!(found.contains("error base/a/b/c/d/e too-deep"), "{found}");
}

#[test]
fn nothing_and_the_same_pack_twice() {
    assert_eq!(load(&[]).problems[0].rule, "pack-count");
    assert!(load(&["/nowhere/at/all".into()]).catalogue.is_none());
    let files = || whole().into_iter().map(|(path, content)| (path, Cow::Owned(content.into_bytes())));
    let (first, second) = (Memory::new("base", files()), Memory::new("base", files()));
    let loaded = load_files(&[&first, &second]);
    assert!(problems(&loaded).contains("duplicate-pack"), "{}", problems(&loaded));
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 400, failure_persistence: None, ..ProptestConfig::default() })]

    /// Whatever a file is damaged into, the loader answers, and gives a catalogue only without an error.
    #[test]
    fn damaged_files_never_panic(
        file in 0usize..12, at in 0usize..2_000, cut in 0usize..40, put in "[\\PC\n\t{}\\[\\]:|,\"'#&*!-]{0,12}",
    ) {
        let mut pack = whole();
        let path = *pack.keys().nth(file).expect("twelve files");
        let content = pack.get_mut(path).expect("it is there");
        let chars: Vec<char> = content.chars().collect();
        let at = at % (chars.len() + 1);
        let rest = (at + cut).min(chars.len());
        *content = chars[..at].iter().copied().chain(put.chars()).chain(chars[rest..].iter().copied()).collect();
        let loaded = check(&pack);
        prop_assert_eq!(loaded.catalogue.is_none(), loaded.errors() > 0);
    }
}
