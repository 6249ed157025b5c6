//! `items.csv`: one line an item, the elements of its published guide.

use std::collections::BTreeSet;

use domain::{AreaCode, DayUnit, Limit, Text};
use serde::de::value::{Error as WordError, StrDeserializer};
use serde::de::{Deserialize, IntoDeserializer};

use crate::form::Form;
use crate::item::{
    Audience, DEFAULT_REAL_NAME, Handling, ItemKind, Level, Material, Missing, ServiceItem, Window,
};
use crate::limits;

use super::places::area_code;
use super::table::{Column, Row, Table, may, must};
use super::{Draft, Opened};

const COLUMNS: [Column; 26] = [
    must("code"),
    must("name"),
    must("agency"),
    must("area"),
    must("level"),
    must("kind"),
    may("base_code"),
    may("parent_code"),
    may("parent"),
    must("visits"),
    must("statutory_days"),
    must("statutory_unit"),
    must("promised_days"),
    must("promised_unit"),
    may("online"),
    may("express"),
    may("co_agencies"),
    must("themes"),
    must("audiences"),
    must("materials"),
    must("conditions"),
    may("windows"),
    may("system"),
    may("common_names"),
    may("lookup"),
    must("source"),
];

/// Reads the items of one pack.
pub(super) fn read(pack: &Opened<'_>, draft: &mut Draft) {
    let Some(table) = Table::read(pack, "items.csv", &COLUMNS, &mut draft.problems) else { return };
    let sources: BTreeSet<&str> = pack.info.sources.iter().map(|source| source.id.as_str()).collect();
    for row in table.rows() {
        if !sources.contains(row.get("source")) {
            let message = format!("the source {:?} is not in pack.yaml; name it there", row.get("source"));
            draft.problems.error(&row.place(), "unknown-source", message);
        }
        if let Some(item) = item(&row, draft) {
            draft.add_item(row.place(), item);
        }
    }
}

fn item(row: &Row<'_>, draft: &mut Draft) -> Option<ServiceItem> {
    let code = code(row, draft)?;
    let name = row.required("name", limits::NAME_CHARS, &mut draft.problems)?;
    let agency = row.required("agency", limits::ID_CHARS, &mut draft.problems)?;
    let area: AreaCode = area_code(row, "area", draft)?;
    let level: Level = word(row, "level", row.get("level"), draft)?;
    let kind: ItemKind = word(row, "kind", row.get("kind"), draft)?;
    let audiences: Option<Vec<Audience>> =
        row.list("audiences").map(|audience| word(row, "audiences", audience, draft)).collect();
    let mut item = ServiceItem {
        code: code.to_owned(),
        name: Text::zh(name),
        common_names: row.list("common_names").take(limits::LIST).map(str::to_owned).collect(),
        summary: None,
        kind,
        agency: agency.to_owned(),
        area,
        level,
        parent: row.some("parent").map(str::to_owned),
        audiences: audiences?,
        themes: row.list("themes").take(limits::LIST).map(str::to_owned).collect(),
        visits: visits(row, draft)?,
        express: yes_no(row, "express", draft)?,
        statutory: limit(row, "statutory_days", "statutory_unit", draft)?,
        promised: limit(row, "promised_days", "promised_unit", draft)?,
        conditions: row
            .bounded("conditions", limits::TEXT_CHARS, &mut draft.problems)
            .filter(|c| !c.is_empty())
            .map(Text::zh),
        materials: materials(row, draft)?,
        fee: None,
        law: Vec::new(),
        windows: row.list("windows").map(|address| Window { address: address.to_owned() }).collect(),
        co_agencies: row.some("co_agencies").map(str::to_owned),
        system: row.some("system").map(str::to_owned),
        handling: Handling::LookUp { register: None },
        form: Form::default(),
        worked_example: false,
        rules: None,
        entitlement: false,
        real_name: DEFAULT_REAL_NAME,
        certificate: None,
        consent: None,
    };
    yes_no(row, "online", draft)?;
    item.handling = handling(&item, yes_no(row, "lookup", draft)? == Some(true));
    Some(item)
}

/// An item whose guide says all that handling needs is handled; a look-up is looked up; the rest is a guide.
fn handling(item: &ServiceItem, look_up: bool) -> Handling {
    let missing = missing(item);
    if missing.is_empty() {
        Handling::Online { procedure: item.kind.id().to_owned() }
    } else if look_up {
        Handling::LookUp { register: None }
    } else {
        Handling::GuideOnly { missing }
    }
}

/// What the guide lacks for handling.
fn missing(item: &ServiceItem) -> Vec<Missing> {
    let lacks = [
        (item.statutory.is_none(), Missing::StatutoryLimit),
        (item.promised.is_none(), Missing::PromisedLimit),
        (item.materials.is_empty(), Missing::Materials),
        (item.conditions.is_none(), Missing::Conditions),
    ];
    lacks.into_iter().filter_map(|(lacks, what)| lacks.then_some(what)).collect()
}

/// Item codes stand in URLs: letters, digits and dashes only.
pub(super) fn is_code(code: &str) -> bool {
    !code.is_empty()
        && code.len() <= limits::ID_CHARS
        && code.bytes().all(|b| b.is_ascii_alphanumeric() || b == b'-')
}

fn code<'a>(row: &Row<'a>, draft: &mut Draft) -> Option<&'a str> {
    let code = row.required("code", limits::ID_CHARS, &mut draft.problems)?;
    if !is_code(code) {
        let message = format!("the item code {code} holds other than letters, digits and dashes");
        draft.problems.error(&row.place(), "bad-code", message);
        return None;
    }
    Some(code)
}

fn visits(row: &Row<'_>, draft: &mut Draft) -> Option<u8> {
    let visits = row.get("visits").parse().ok().filter(|visits| *visits <= limits::VISITS);
    if visits.is_none() {
        let message = format!("visits {:?} is not a number from 0 to {}", row.get("visits"), limits::VISITS);
        draft.problems.error(&row.place(), "bad-number", message);
    }
    visits
}

/// `Some(None)` for an empty cell, `None` after a complaint.
fn limit(row: &Row<'_>, days: &str, unit: &str, draft: &mut Draft) -> Option<Option<Limit>> {
    let Some(written) = row.some(days) else { return Some(None) };
    let unit: DayUnit = word(row, unit, row.get(unit), draft)?;
    match Limit::read(written, unit) {
        Ok(limit) if limit.days_up() <= limits::LIMIT_DAYS => Some(Some(limit)),
        _ => {
            let message = format!(
                "{days} {written:?} is not a number of days from 0 to {}; working days may have .25, .5 or .75",
                limits::LIMIT_DAYS
            );
            draft.problems.error(&row.place(), "bad-number", message);
            None
        }
    }
}

/// `Some(None)` for an empty cell, `None` after a complaint.
fn yes_no(row: &Row<'_>, column: &str, draft: &mut Draft) -> Option<Option<bool>> {
    match row.get(column) {
        "" => Some(None),
        "yes" => Some(Some(true)),
        "no" => Some(Some(false)),
        other => {
            draft.problems.error(
                &row.place(),
                "unknown-word",
                format!("{column} {other:?} is not yes or no"),
            );
            None
        }
    }
}

fn materials(row: &Row<'_>, draft: &mut Draft) -> Option<Vec<Material>> {
    let materials: Vec<Material> = row
        .list("materials")
        .zip(1..)
        .map(|(name, n): (&str, u32)| Material {
            id: format!("m{n}"),
            name: Text::zh(name),
            note: None,
            required: None,
            later: false,
            certificate: None,
        })
        .collect();
    if materials.len() > limits::MATERIALS {
        let message =
            format!("an item has at most {} materials; this one has {}", limits::MATERIALS, materials.len());
        draft.problems.error(&row.place(), "too-many-materials", message);
        return None;
    }
    Some(materials)
}

fn word<T: for<'de> Deserialize<'de>>(
    row: &Row<'_>,
    column: &str,
    written: &str,
    draft: &mut Draft,
) -> Option<T> {
    let word: StrDeserializer<'_, WordError> = written.into_deserializer();
    T::deserialize(word)
        .map_err(|error| draft.problems.error(&row.place(), "unknown-word", format!("{column}: {error}")))
        .ok()
}
