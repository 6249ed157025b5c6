//! `areas.csv`, `towns.csv`, `agencies.csv`, `themes.csv`.

use domain::{AreaCode, AreaLevel, BadCreditCode, CreditCode, Text};

use crate::catalogue::{Agency, Area, Theme, ThemeAudience};
use crate::limits;

use super::table::{Row, Table, may, must};
use super::{Draft, Opened, manifest};

/// Reads areas; a parent stands before its children, in this file or an earlier one.
pub(super) fn areas(pack: &Opened<'_>, path: &str, draft: &mut Draft) {
    let columns = [must("code"), must("name"), may("name_en"), must("level"), must("parent")];
    let Some(table) = Table::read(pack, path, &columns, &mut draft.problems) else { return };
    for row in table.rows() {
        if let Some(area) = area(&row, draft) {
            draft.area_codes.insert(area.code.as_str().to_owned(), draft.areas.len());
            draft.area_places.push(row.place());
            draft.areas.push(area);
        }
    }
}

fn area(row: &Row<'_>, draft: &mut Draft) -> Option<Area> {
    let place = row.place();
    let code = area_code(row, "code", draft)?;
    if draft.area_codes.contains_key(code.as_str()) {
        draft.problems.error(
            &place,
            "duplicate-area",
            format!("the area {code} stands there twice; keep one"),
        );
        return None;
    }
    let level = match row.get("level") {
        "province" => AreaLevel::Province,
        "city" => AreaLevel::City,
        "county" => AreaLevel::County,
        "town" => AreaLevel::Town,
        "village" => AreaLevel::Village,
        other => {
            let message = format!("the level {other} is not province, city, county, town or village");
            draft.problems.error(&place, "unknown-word", message);
            return None;
        }
    };
    let parent = match row.some("parent") {
        None => None,
        Some(_) => Some(area_code(row, "parent", draft)?),
    };
    let name = names(row, draft)?;
    Some(Area { code, name, level, parent })
}

/// A cell that must hold an area code.
pub(super) fn area_code(row: &Row<'_>, column: &str, draft: &mut Draft) -> Option<AreaCode> {
    row.get(column)
        .parse()
        .map_err(|_| {
            let message = format!("{column} {:?} is not 6, 9 or 12 digits", row.get(column));
            draft.problems.error(&row.place(), "bad-area-code", message);
        })
        .ok()
}

fn names(row: &Row<'_>, draft: &mut Draft) -> Option<Text> {
    let zh = row.required("name", limits::NAME_CHARS, &mut draft.problems)?;
    let en = row.bounded("name_en", limits::NAME_CHARS, &mut draft.problems)?;
    Some(Text { zh: zh.to_owned(), en: Some(en.to_owned()).filter(|en| !en.is_empty()) })
}

/// Reads the bodies that carry items out.
pub(super) fn agencies(pack: &Opened<'_>, draft: &mut Draft) {
    let columns = [must("code"), must("name"), may("name_en"), must("area")];
    let Some(table) = Table::read(pack, "agencies.csv", &columns, &mut draft.problems) else { return };
    for row in table.rows() {
        if let Some(agency) = agency(&row, draft) {
            draft.agency_places.push(row.place());
            draft.agencies.push(agency);
        }
    }
}

fn agency(row: &Row<'_>, draft: &mut Draft) -> Option<Agency> {
    let place = row.place();
    let code = row.required("code", limits::ID_CHARS, &mut draft.problems)?;
    if !code.bytes().all(|b| b.is_ascii_alphanumeric() || b == b'-') {
        let message = format!("the agency code {code} holds other than letters, digits and dashes");
        draft.problems.error(&place, "bad-code", message);
        return None;
    }
    // Sources use `TE…` for bodies without a credit code, and a few of their codes carry a wrong check digit.
    match code.parse::<CreditCode>() {
        Err(BadCreditCode::Check) => {
            let message = format!("the check digit of the credit code {code} is wrong; ask the source");
            draft.problems.warning(&place, "credit-code-check", message);
        }
        Err(_) if !code.starts_with("TE") => {
            let message = format!("{code} is no credit code; ask the source");
            draft.problems.warning(&place, "credit-code-shape", message);
        }
        Ok(_) | Err(_) => {}
    }
    if !draft.agency_codes.insert(code.to_owned()) {
        draft.problems.error(
            &place,
            "duplicate-agency",
            format!("the agency {code} stands there twice; keep one"),
        );
        return None;
    }
    let area = area_code(row, "area", draft)?;
    let name = names(row, draft)?;
    Some(Agency { code: code.to_owned(), name, area })
}

/// Reads the themes.
pub(super) fn themes(pack: &Opened<'_>, draft: &mut Draft) {
    let columns = [must("id"), must("audience"), must("name"), may("name_en")];
    let Some(table) = Table::read(pack, "themes.csv", &columns, &mut draft.problems) else { return };
    for row in table.rows() {
        if let Some(theme) = theme(&row, draft) {
            draft.themes.push(theme);
        }
    }
}

fn theme(row: &Row<'_>, draft: &mut Draft) -> Option<Theme> {
    let place = row.place();
    let id = row.required("id", limits::ID_CHARS, &mut draft.problems)?;
    if !manifest::is_id(id) {
        let message = format!("the theme id {id} is not lower-case letters, digits and dashes");
        draft.problems.error(&place, "bad-id", message);
        return None;
    }
    let audience = match row.get("audience") {
        "person" => ThemeAudience::Person,
        "organisation" => ThemeAudience::Organisation,
        other => {
            let message = format!("the audience {other} is not person or organisation");
            draft.problems.error(&place, "unknown-word", message);
            return None;
        }
    };
    if !draft.theme_ids.insert(id.to_owned()) {
        draft.problems.error(
            &place,
            "duplicate-theme",
            format!("the theme {id} stands there twice; keep one"),
        );
        return None;
    }
    let name = names(row, draft)?;
    Some(Theme { id: id.to_owned(), name, audience })
}
