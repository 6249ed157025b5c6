//! `items/*.yaml`: items that have more to say than a line.
//!
//! A file either adds to a published item (`extends`: its code) or is a worked example of its own
//! (`code: ex-…`). What is published stays as published: an extending file can only add to it.

use domain::{AreaCode, Limit, Text};
use serde::Deserialize;

use crate::form::Form;
use crate::item::{
    Audience, ConsentNeeded, DEFAULT_REAL_NAME, Fee, Handling, ItemKind, Law, Level, Material, REAL_NAME,
    ServiceItem, Window,
};
use crate::limits;
use crate::problem::{Place, Problems};

use super::document::{self, Spanned};
use super::{Draft, Opened, certificates, forms, items, models};

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Written {
    #[serde(default)]
    extends: Option<Spanned<String>>,
    #[serde(default)]
    code: Option<Spanned<String>>,
    #[serde(default)]
    worked_example: bool,
    name: Text,
    #[serde(default)]
    common_names: Vec<String>,
    summary: Text,
    #[serde(default)]
    kind: Option<ItemKind>,
    #[serde(default)]
    agency: Option<String>,
    #[serde(default)]
    area: Option<AreaCode>,
    #[serde(default)]
    level: Option<Level>,
    #[serde(default)]
    audiences: Vec<Audience>,
    #[serde(default)]
    themes: Vec<String>,
    #[serde(default)]
    visits: Option<u8>,
    #[serde(default)]
    express: Option<bool>,
    #[serde(default)]
    statutory: Option<Spanned<String>>,
    #[serde(default)]
    promised: Option<Spanned<String>>,
    #[serde(default)]
    conditions: Option<Text>,
    #[serde(default)]
    materials: Vec<Spanned<Material>>,
    #[serde(default)]
    fee: Option<Fee>,
    #[serde(default)]
    law: Vec<Law>,
    #[serde(default)]
    windows: Vec<String>,
    #[serde(default)]
    procedure: Option<String>,
    #[serde(default)]
    rules: Option<models::Written>,
    #[serde(default)]
    entitlement: Option<Spanned<bool>>,
    #[serde(default)]
    real_name: Option<Spanned<u8>>,
    #[serde(default)]
    result: Option<certificates::ItemResult>,
    #[serde(default)]
    consent: Option<Spanned<ConsentNeeded>>,
    form: Spanned<String>,
}

/// Reads the hand-made items of one pack.
pub(super) fn read(pack: &Opened<'_>, draft: &mut Draft) {
    for path in pack.paths("items/", ".yaml") {
        let Some((label, text)) = pack.text(path, &mut draft.problems) else { continue };
        if let Some(written) = document::yaml::<Written>(&label, text, &mut draft.problems) {
            one(pack, &label, written, draft);
        }
    }
}

fn one(pack: &Opened<'_>, label: &str, mut written: Written, draft: &mut Draft) {
    let form = form(pack, label, &written.form, draft);
    bounds(label, &written, draft);
    let (rules, entitlement) = (written.rules.take(), written.entitlement.take());
    let real_name = real_name(label, written.real_name.as_ref(), draft);
    let result = written.result.take();
    let consent = written.consent.take();
    let certificates = draft.certificates.clone();
    let model = |item: &mut ServiceItem, problems: &mut Problems| {
        item.real_name = real_name;
        item.consent = consent_needed(label, consent.as_ref(), &item.form, problems);
        models::read(pack, label, rules.as_ref(), entitlement.as_ref(), item, problems);
        certificates::attach(label, result.as_ref(), &certificates, item, problems);
        certificates::proofs(&Place::file(label), &certificates, item, problems);
    };
    match (&written.extends, &written.code) {
        (Some(code), None) => {
            let place = document::place(label, code);
            if let Some(at) = extend(&place, label, written, form, draft) {
                model(&mut draft.items[at], &mut draft.problems);
            }
        }
        (None, Some(code)) => {
            let place = document::place(label, code);
            if let Some(mut item) = worked(&place, label, written, form, draft) {
                model(&mut item, &mut draft.problems);
                draft.add_item(place, item);
            }
        }
        _ => draft.problems.error(
            &Place::file(label),
            "item-identity",
            "name either extends or code, and only one of them",
        ),
    }
}

/// The real-name level an applicant must have.
fn real_name(label: &str, written: Option<&Spanned<u8>>, draft: &mut Draft) -> u8 {
    let Some(written) = written else { return DEFAULT_REAL_NAME };
    if !REAL_NAME.contains(&written.value) {
        let message = format!("the real-name level {} is not 2, 3, 4 or 5", written.value);
        draft.problems.error(&document::place(label, written), "bad-real-name", message);
    }
    written.value
}

/// The separate consent that an item asks for, and to what.
fn consent_needed(
    label: &str,
    written: Option<&Spanned<ConsentNeeded>>,
    form: &Form,
    problems: &mut Problems,
) -> Option<ConsentNeeded> {
    let written = written?;
    let place = document::place(label, written);
    let ConsentNeeded { purpose, necessity, days } = &written.value;
    if purpose.is_empty() || necessity.is_empty() || !(1..=limits::CONSENT_DAYS).contains(days) {
        let message = format!(
            "consent says its purpose, its necessity and for how many days, 1 to {}",
            limits::CONSENT_DAYS
        );
        problems.error(&place, "bad-consent", message);
    }
    if !form.pages.iter().flat_map(|page| &page.fields).any(|field| field.sensitive) {
        let message = "consent is to the use of sensitive answers, and the form marks none as x-sensitive";
        problems.error(&place, "consent-without-field", message);
    }
    Some(written.value.clone())
}

/// Lists and texts keep to their bounds.
fn bounds(label: &str, written: &Written, draft: &mut Draft) {
    let place = Place::file(label);
    let lists = [
        (written.common_names.len(), "common_names"),
        (written.themes.len(), "themes"),
        (written.law.len(), "law"),
        (written.windows.len(), "windows"),
    ];
    for (_, key) in lists.iter().filter(|(length, _)| *length > limits::LIST) {
        let message = format!("{key} has more than {} entries; shorten it", limits::LIST);
        draft.problems.error(&place, "too-many-entries", message);
    }
    let names = written.common_names.iter().chain([&written.name.zh]);
    if names.chain(&written.name.en).any(|name| name.chars().count() > limits::NAME_CHARS) {
        let message = format!("a name is longer than {} characters; shorten it", limits::NAME_CHARS);
        draft.problems.error(&place, "text-too-long", message);
    }
}

fn form(pack: &Opened<'_>, label: &str, path: &Spanned<String>, draft: &mut Draft) -> Form {
    let place = document::place(label, path);
    if !path.value.starts_with("forms/") || !pack.contents.contains_key(&path.value) {
        let message = format!("there is no form {} in this pack; forms lie in forms/", path.value);
        draft.problems.error(&place, "missing-form", message);
        return Form::default();
    }
    let Some((label, text)) = pack.text(&path.value, &mut draft.problems) else { return Form::default() };
    forms::read(&label, text, &mut draft.problems).unwrap_or_default()
}

/// Adds words, law, fee and a form to a published item, and makes it one that is handled here; its place among the items.
fn extend(place: &Place, label: &str, written: Written, form: Form, draft: &mut Draft) -> Option<usize> {
    let code = written.extends.as_ref().map_or("", |code| code.value.as_str());
    let Some(&at) = draft.item_codes.get(code) else {
        let message = format!("there is no published item {code}; mend the code");
        draft.problems.error(place, "unknown-item", message);
        return None;
    };
    if let Some(key) = published_key(&written, &draft.items[at]) {
        let message = format!("{key} is published by the source; an extending file leaves it as it is");
        draft.problems.error(place, "published-fact", message);
        return None;
    }
    materials_shape(label, &written.materials, draft);
    let item = &mut draft.items[at];
    if item.limit().is_none() {
        let message = "the published item has no limit, so no clock can run; it stays a guide";
        draft.problems.error(place, "no-limit", message);
        return None;
    }
    item.name = written.name;
    item.summary = Some(written.summary);
    for name in written.common_names {
        if !item.common_names.contains(&name) {
            item.common_names.push(name);
        }
    }
    for theme in written.themes {
        if !item.themes.contains(&theme) {
            item.themes.push(theme);
        }
    }
    item.conditions = item.conditions.take().or(written.conditions);
    if !written.materials.is_empty() {
        item.materials = written.materials.into_iter().map(|material| material.value).collect();
    }
    item.fee = written.fee;
    item.law = written.law;
    item.form = form;
    item.handling =
        Handling::Online { procedure: written.procedure.unwrap_or_else(|| item.kind.id().to_owned()) };
    Some(at)
}

/// The first key of an extending file that would change what is published.
fn published_key(written: &Written, item: &ServiceItem) -> Option<&'static str> {
    let names: Vec<&str> = written.materials.iter().map(|m| m.value.name.zh.as_str()).collect();
    let published: Vec<&str> = item.materials.iter().map(|m| m.name.zh.as_str()).collect();
    let changed = [
        (written.worked_example, "worked_example"),
        (written.name.zh != item.name.zh, "name"),
        (written.kind.is_some(), "kind"),
        (written.agency.is_some(), "agency"),
        (written.area.is_some(), "area"),
        (written.level.is_some(), "level"),
        (!written.audiences.is_empty(), "audiences"),
        (written.visits.is_some(), "visits"),
        (written.express.is_some(), "express"),
        (written.statutory.is_some(), "statutory"),
        (written.promised.is_some(), "promised"),
        (written.conditions.is_some() && item.conditions.is_some(), "conditions"),
        (!names.is_empty() && names != published, "the list of materials"),
        (!written.windows.is_empty(), "windows"),
    ];
    changed.iter().find(|(changes, _)| *changes).map(|(_, key)| *key)
}

/// An item of its own, marked as a worked example.
fn worked(
    place: &Place,
    label: &str,
    written: Written,
    form: Form,
    draft: &mut Draft,
) -> Option<ServiceItem> {
    let code = written.code.as_ref().map_or("", |code| code.value.as_str());
    if !items::is_code(code) || !code.starts_with("ex-") || !written.worked_example {
        let message = "a hand-made item is a worked example: code: ex-… and worked_example: true; it invents no official code";
        draft.problems.error(place, "item-identity", message);
        return None;
    }
    if written.law.is_empty() {
        draft.problems.error(place, "no-law", "a worked example names the act it rests on; add law");
    }
    materials_shape(label, &written.materials, draft);
    let statutory = limit(label, written.statutory.as_ref(), draft);
    let promised = limit(label, written.promised.as_ref(), draft);
    let visits = written.visits.filter(|visits| *visits <= limits::VISITS);
    let parts = (written.kind, written.agency, written.area, written.level, visits, statutory, promised);
    let (Some(kind), Some(agency), Some(area), Some(level), Some(visits), Some(statutory), Some(promised)) =
        parts
    else {
        let message = "a worked example needs kind, agency, area, level, visits, statutory and promised";
        draft.problems.error(place, "missing-key", message);
        return None;
    };
    Some(ServiceItem {
        code: code.to_owned(),
        name: written.name,
        common_names: written.common_names,
        summary: Some(written.summary),
        kind,
        agency,
        area,
        level,
        parent: None,
        audiences: written.audiences,
        themes: written.themes,
        visits,
        express: written.express,
        statutory: Some(statutory),
        promised: Some(promised),
        conditions: written.conditions,
        materials: written.materials.into_iter().map(|material| material.value).collect(),
        fee: written.fee,
        law: written.law,
        windows: written.windows.into_iter().map(|address| Window { address }).collect(),
        co_agencies: None,
        system: None,
        handling: Handling::Online { procedure: written.procedure.unwrap_or_else(|| kind.id().to_owned()) },
        form,
        worked_example: true,
        rules: None,
        entitlement: false,
        real_name: DEFAULT_REAL_NAME,
        certificate: None,
        consent: None,
    })
}

fn limit(label: &str, written: Option<&Spanned<String>>, draft: &mut Draft) -> Option<Limit> {
    let written = written?;
    let limit = written.value.parse().ok().filter(|limit: &Limit| limit.days_up() <= limits::LIMIT_DAYS);
    if limit.is_none() {
        let message =
            format!("the limit {:?} is not like 5 workdays, 0.25 workday or 30 natural days", written.value);
        draft.problems.error(&document::place(label, written), "bad-limit", message);
    }
    limit
}

fn materials_shape(label: &str, materials: &[Spanned<Material>], draft: &mut Draft) {
    for (n, material) in materials.iter().enumerate() {
        let place = document::place(label, material);
        let Material { id, name, .. } = &material.value;
        let good =
            id.len() <= 40 && id.bytes().all(|b| b.is_ascii_lowercase() || b.is_ascii_digit() || b == b'_');
        if !good || id.is_empty() || materials[..n].iter().any(|other| other.value.id == *id) {
            let message = format!("the material id {id:?} is not a new id of a-z, 0-9 and _");
            draft.problems.error(&place, "bad-id", message);
        }
        if name.is_empty() {
            draft.problems.error(&place, "empty-name", "the material has no name; write it");
        }
    }
    if materials.len() > limits::MATERIALS {
        let message = format!("an item has at most {} materials", limits::MATERIALS);
        draft.problems.error(&Place::file(label), "too-many-materials", message);
    }
}
