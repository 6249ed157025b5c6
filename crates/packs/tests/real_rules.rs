//! The decision models of the real packs: what they say of people at the edges of the published conditions.

#![expect(clippy::unwrap_used, clippy::panic, reason = "in a test a panic is an answer")]

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

use dmn::{Budget, Model, Value};
use domain::Date;
use packs::{Catalogue, FieldKind, ServiceItem};

fn real() -> Catalogue {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../packs");
    packs::load(&[root.join("guangdong"), root.join("cn")] as &[PathBuf]).catalogue.unwrap()
}

fn model(catalogue: &Catalogue, file: &str) -> Model {
    let rules = catalogue.items.iter().filter_map(|item| item.rules.as_ref());
    let rules = rules.clone().find(|rules| rules.file == format!("rules/{file}.dmn")).expect(file);
    Model::parse(&rules.xml).unwrap()
}

const TODAY: Date = Date::constant(2026, 3, 31);

/// What a model is given: answers as `form.x=…`, `materials.x=…`, `applicant.x=…`; whatever is not named is null.
fn given(item: &ServiceItem, words: &str) -> BTreeMap<String, Value> {
    let fields = item.form.pages.iter().flat_map(|page| &page.fields);
    let dates: Vec<&str> = fields
        .clone()
        .filter(|field| matches!(field.kind, FieldKind::Date { .. }))
        .map(|field| field.name.as_str())
        .collect();
    let nulls = |names: Vec<String>| names.into_iter().map(|name| (name, Value::Null)).collect();
    let mut roots: BTreeMap<&str, BTreeMap<String, Value>> = BTreeMap::from([
        ("form", nulls(fields.map(|field| field.name.clone()).collect())),
        ("materials", nulls(item.materials.iter().map(|material| material.id.clone()).collect())),
        ("applicant", nulls(["age", "born", "sex", "level"].map(str::to_owned).into())),
    ]);
    for word in words.split_whitespace() {
        let (path, value) = word.split_once('=').unwrap();
        let (root, name) = path.split_once('.').unwrap();
        let value = match name {
            "age" | "level" => Value::from(value.parse::<i64>().unwrap()),
            _ if dates.contains(&name) => Value::Date(value.parse().unwrap()),
            _ => Value::from(value),
        };
        assert!(roots.get_mut(root).unwrap().insert(name.to_owned(), value).is_some(), "{path}");
    }
    let mut inputs: BTreeMap<String, Value> =
        roots.into_iter().map(|(root, entries)| (root.to_owned(), Value::Context(entries))).collect();
    inputs.insert("today".into(), Value::Date(TODAY));
    inputs
}

#[track_caller]
fn says(catalogue: &Catalogue, file: &str, cases: &[(&str, &str)]) {
    let path = format!("rules/{file}.dmn");
    let item =
        catalogue.items.iter().find(|item| item.rules.as_ref().is_some_and(|rules| rules.file == path));
    let (item, model) = (item.expect(file), model(catalogue, file));
    for (words, expected) in cases {
        let verdict = model.evaluate(&given(item, words), Budget::default()).unwrap();
        let Value::Context(entries) = &verdict.value else { panic!("{file}: no outcome") };
        assert_eq!(entries["outcome"], Value::from(*expected), "{file}: {words}");
        let ground = if *expected == "refuse" { Value::from("conditions-not-met") } else { Value::Null };
        assert_eq!(entries["reason"], ground, "{file}: {words}");
        let words = &verdict.matched.last().unwrap().words;
        assert!(words.contains_key("zh") && words.contains_key("en"), "{file} explains itself");
    }
}

#[test]
fn elders_are_judged_by_their_verified_age() {
    let catalogue = real();
    says(
        &catalogue,
        "elder-card",
        &[
            ("form.for_whom=self applicant.age=60 applicant.level=3", "grant"),
            ("form.for_whom=self applicant.age=59 applicant.level=3", "refuse"),
            ("form.for_whom=self applicant.age=60 applicant.level=2", "person"),
            ("form.for_whom=self applicant.level=3", "person"),
            ("form.for_whom=family applicant.age=70 applicant.level=5", "person"),
        ],
    );
    let own = "form.relation=self form.other_allowance=no applicant.level=3";
    says(
        &catalogue,
        "old-age-allowance",
        &[
            (&format!("{own} applicant.age=80"), "grant"),
            (&format!("{own} applicant.age=79"), "refuse"),
            (own, "person"),
            ("form.relation=self form.other_allowance=yes applicant.level=3 applicant.age=90", "refuse"),
            ("form.relation=child form.other_allowance=no applicant.level=3 applicant.age=85", "person"),
            ("form.relation=self form.other_allowance=no applicant.level=2 applicant.age=80", "person"),
        ],
    );
}

/// 免申即享: only those are looked for who are known to be eighty, whatever else is not known yet.
#[test]
fn the_allowance_is_offered_from_the_eightieth_birthday() {
    let catalogue = real();
    let item = catalogue.item("ex-old-age-allowance").unwrap();
    assert!(item.entitlement);
    let model = model(&catalogue, "old-age-allowance");
    for (words, expected) in [
        ("applicant.age=80 applicant.level=3", Value::from(true)),
        ("applicant.age=79 applicant.level=3", Value::from(false)),
        ("applicant.age=80 applicant.level=2", Value::from(false)),
    ] {
        let verdict = model.evaluate_decision("entitled", &given(item, words), Budget::default()).unwrap();
        assert_eq!(verdict.value, expected, "{words}");
    }
}

#[test]
fn workers_are_judged_by_age_and_work() {
    let catalogue = real();
    let fit = "form.able=yes form.working_now=no form.worked_before=no applicant.level=3";
    says(
        &catalogue,
        "unemployment-registration",
        &[
            (&format!("{fit} applicant.sex=male applicant.age=59"), "grant"),
            (&format!("{fit} applicant.sex=male applicant.age=60"), "person"),
            (&format!("{fit} applicant.sex=female applicant.age=49"), "grant"),
            (&format!("{fit} applicant.sex=female applicant.age=50"), "person"),
            (&format!("{fit} applicant.sex=female applicant.age=15"), "refuse"),
            (&format!("{fit} applicant.age=30"), "person"),
            (
                "form.able=yes form.working_now=yes applicant.sex=male applicant.age=30 applicant.level=3",
                "refuse",
            ),
            (
                "form.able=no form.working_now=no form.worked_before=no applicant.sex=male applicant.age=30 applicant.level=3",
                "person",
            ),
            (
                "form.able=yes form.working_now=no form.worked_before=yes applicant.sex=male applicant.age=30 applicant.level=3",
                "person",
            ),
            (
                "form.able=yes form.working_now=no form.worked_before=yes materials.m2=handed applicant.sex=male applicant.age=30 applicant.level=3",
                "grant",
            ),
        ],
    );
    says(
        &catalogue,
        "flexible-insurance",
        &[
            ("form.employer_pays=no applicant.sex=male applicant.age=16 applicant.level=3", "grant"),
            ("form.employer_pays=no applicant.sex=female applicant.age=52 applicant.level=3", "person"),
            ("form.employer_pays=no applicant.sex=male applicant.age=15 applicant.level=3", "refuse"),
            ("form.employer_pays=yes applicant.sex=male applicant.age=30 applicant.level=3", "refuse"),
            ("form.employer_pays=unsure applicant.sex=male applicant.age=30 applicant.level=3", "person"),
        ],
    );
}

#[test]
fn documents_and_days_are_judged_as_published() {
    let catalogue = real();
    let card = "form.has_guardian=no materials.m3=handed applicant.level=3";
    says(
        &catalogue,
        "disability-card-renewal",
        &[
            (&format!("{card} form.state=dirty"), "grant"),
            (&format!("{card} form.state=expired"), "person"),
            ("form.has_guardian=yes materials.m3=handed form.state=broken applicant.level=3", "person"),
            ("form.has_guardian=no form.state=broken applicant.level=3", "person"),
        ],
    );
    let here = "form.insured_here=yes applicant.level=3";
    says(
        &catalogue,
        "insurance-certificate",
        &[
            (&format!("{here} form.period=all"), "grant"),
            (&format!("{here} form.period=range form.from=2025-01-01 form.to=2025-01-01"), "grant"),
            (&format!("{here} form.period=range form.from=2025-01-02 form.to=2025-01-01"), "person"),
            ("form.insured_here=no form.period=all applicant.level=3", "refuse"),
            ("form.insured_here=unsure form.period=all applicant.level=3", "person"),
        ],
    );
    let there = "form.still_here=same applicant.level=3";
    says(
        &catalogue,
        "residence-permit-endorsement",
        &[
            (&format!("{there} form.anniversary=2026-03-31"), "grant"),
            // A month after 31 March is 30 April.
            (&format!("{there} form.anniversary=2026-04-30"), "grant"),
            (&format!("{there} form.anniversary=2026-05-01"), "refuse"),
            (&format!("{there} form.anniversary=2026-03-30"), "person"),
            ("form.still_here=moved form.anniversary=2026-04-10 applicant.level=3", "person"),
        ],
    );
}

#[test]
fn permits_and_appointments_leave_the_unusual_to_a_person() {
    let catalogue = real();
    let whole = "form.for_whom=self materials.m1=handed materials.m2=handed applicant.level=3";
    says(
        &catalogue,
        "hk-macao-endorsement",
        &[
            (&format!("{whole} form.situation=local applicant.age=16"), "grant"),
            (&format!("{whole} form.situation=local applicant.age=15"), "person"),
            (&format!("{whole} form.situation=soldier applicant.age=30"), "person"),
            (
                "form.for_whom=self form.situation=local materials.m1=not-applicable materials.m2=handed applicant.age=30 applicant.level=3",
                "person",
            ),
        ],
    );
    says(
        &catalogue,
        "marriage-appointment",
        &[
            ("form.competent=yes applicant.sex=male applicant.age=22 applicant.level=3", "grant"),
            ("form.competent=yes applicant.sex=male applicant.age=21 applicant.level=3", "refuse"),
            ("form.competent=yes applicant.sex=female applicant.age=20 applicant.level=3", "grant"),
            ("form.competent=yes applicant.sex=female applicant.age=19 applicant.level=3", "refuse"),
            ("form.competent=unsure applicant.sex=female applicant.age=30 applicant.level=3", "person"),
        ],
    );
}

/// A rule never asks who is before it: name and number come from the verified identity, so the form of an item that
/// is decided by rule asks for those of others only, and only where an earlier answer says that there is another.
#[test]
fn forms_decided_by_rule_ask_nobody_for_their_own_number() {
    let catalogue = real();
    let mut seen = 0;
    for item in catalogue.items.iter().filter(|item| item.rules.is_some()) {
        seen += 1;
        for field in item.form.pages.iter().flat_map(|page| &page.fields) {
            let own = field.kind == FieldKind::CitizenNumber && field.prefill.is_some();
            assert!(!own, "{}: {}", item.code, field.name);
        }
        assert_eq!(item.rules.as_ref().unwrap().sample_percent, 5, "{}", item.code);
    }
    assert_eq!(seen, 9);
}
