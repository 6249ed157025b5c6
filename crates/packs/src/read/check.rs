//! Checks that compare files: what one names must be in another.

use std::collections::HashMap;

use domain::Text;

use crate::form;
use crate::item::ServiceItem;
use crate::problem::{Place, Problems};

use super::{Draft, procedures};

/// All of them, then the forms that items without one are given.
pub(super) fn across_files(draft: &mut Draft) {
    areas(draft);
    agencies(draft);
    items(draft);
    duplicate_names(draft);
    home(draft);
    for item in draft.items.iter_mut().filter(|item| item.online() && item.form.pages.is_empty()) {
        item.form = form::generate(item);
    }
    procedures::used(draft);
}

fn areas(draft: &mut Draft) {
    for (at, area) in draft.areas.iter().enumerate() {
        let place = &draft.area_places[at];
        let Some(parent) = &area.parent else { continue };
        match draft.area_codes.get(parent.as_str()).map(|&found| (found, &draft.areas[found])) {
            None => {
                let message = format!("the area {} lies in {parent}, which is not listed; add it", area.code);
                draft.problems.error(place, "unknown-area", message);
            }
            Some((found, above)) if found >= at || above.level >= area.level => {
                let message = format!(
                    "the area {} must stand below and after {parent}; check parent and level",
                    area.code
                );
                draft.problems.error(place, "area-order", message);
            }
            Some(_) => {}
        }
    }
}

fn agencies(draft: &mut Draft) {
    for (agency, place) in draft.agencies.iter().zip(&draft.agency_places) {
        if !draft.area_codes.contains_key(agency.area.as_str()) {
            let message = format!(
                "the area {} of {} is not listed; add it or mend the code",
                agency.area, agency.name.zh
            );
            draft.problems.error(place, "unknown-area", message);
        }
    }
}

fn items(draft: &mut Draft) {
    for (item, place) in draft.items.iter().zip(&draft.item_places) {
        if !draft.agency_codes.contains(&item.agency) {
            let message =
                format!("the agency {} is not in agencies.csv; add it or mend the code", item.agency);
            draft.problems.error(place, "unknown-agency", message);
        }
        if !draft.area_codes.contains_key(item.area.as_str()) {
            let message = format!("the area {} is not listed; add it or mend the code", item.area);
            draft.problems.error(place, "unknown-area", message);
        }
        for theme in item.themes.iter().filter(|theme| !draft.theme_ids.contains(*theme)) {
            let message = format!("the theme {theme} is not in themes.csv; add it or mend the id");
            draft.problems.error(place, "unknown-theme", message);
        }
        if item.name.is_empty() || item.summary.as_ref().is_some_and(Text::is_empty) {
            draft.problems.error(place, "empty-name", "the item has an empty name or summary; write it");
        }
        if item.audiences.is_empty() {
            draft.problems.error(place, "no-audience", "audiences is empty; say whom the item serves");
        }
        promised_within_statutory(item, place, &mut draft.problems);
    }
}

/// 承诺时限 ≤ 法定时限.
fn promised_within_statutory(item: &ServiceItem, place: &Place, problems: &mut Problems) {
    let (Some(promised), Some(statutory)) = (item.promised, item.statutory) else { return };
    if promised.weight() > statutory.weight() {
        let message = format!(
            "the promised limit ({promised}) is longer than the statutory one ({statutory}); promise at most as long"
        );
        problems.error(place, "promised-over-statutory", message);
    }
}

/// The same name twice at one agency usually is one item listed twice.
fn duplicate_names(draft: &mut Draft) {
    let mut seen: HashMap<(&str, &str), &str> = HashMap::new();
    for (item, place) in draft.items.iter().zip(&draft.item_places) {
        if let Some(first) = seen.insert((&item.agency, &item.name.zh), &item.code) {
            let message =
                format!("the agency lists {} under the code {first} too; ask the source", item.name.zh);
            draft.problems.warning(place, "duplicate-name", message);
        }
    }
}

fn home(draft: &mut Draft) {
    for (place, code) in draft.picks.iter().filter(|(_, code)| !draft.item_codes.contains_key(code)) {
        draft.problems.error(place, "unknown-item", format!("there is no item {code}; mend the code"));
    }
    for (place, event) in &draft.life_events {
        for code in event.items.iter().filter(|code| !draft.item_codes.contains_key(*code)) {
            let message = format!("{} names the item {code}, which is not there; mend the code", event.id);
            draft.problems.error(place, "unknown-item", message);
        }
        for theme in event.themes.iter().filter(|theme| !draft.theme_ids.contains(*theme)) {
            let message = format!("{} names the theme {theme}, which is not there; mend the id", event.id);
            draft.problems.error(place, "unknown-theme", message);
        }
    }
}
