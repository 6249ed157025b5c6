//! `/desk/line…`: how an agency's line runs, its lots, and one lot.

use std::sync::Arc;

use app::{Counts, Decided, LineDay, LineNow, LotLine, LotPage, LotUnit, Sampling};
use axum::extract::{RawQuery, State};
use axum::response::Response;
use casework::Officer;
use domain::{Drift, Lang, Share, Timestamp};

use super::desk::tabs;
use super::review::class_text;
use super::show;
use super::signin::desk_agency;
use crate::failure::Failure;
use crate::forms::Form;
use crate::site::Site;
use crate::view::Tx;
use crate::view::chart::{self, Point, Said};
use crate::view::line::{
    Choice, DayRow, DriftView, Fact, LastUnit, LinePage, LotRow, LotsPage, SampleRow, StationState, UnitLink,
};
use crate::visitor::Visitor;

/// Seconds after which the light's page asks again.
const REFRESH: u32 = 30;
/// Days of the charts.
const DAYS: u8 = 30;
/// Lots a page.
const LOTS: i64 = 20;

fn query(raw: Option<String>) -> Form {
    Form::decode(raw.unwrap_or_default().as_bytes())
}

/// A value of an address.
pub(super) fn encoded(text: &str) -> String {
    form_urlencoded::byte_serialize(text.as_bytes()).collect()
}

pub(super) fn lot_href(item: &str, lot: &str) -> String {
    format!("/desk/line/lot?item={}&lot={}", encoded(item), encoded(lot))
}

/// Percent with one place where it is small, `97.6 %`.
pub(super) fn percent(share: f64) -> String {
    format!("{:.1} %", share * 100.0)
}

pub(super) fn rate(share: Share) -> String {
    share.rate().map_or_else(|| "–".to_owned(), percent)
}

/// The ends of a share's interval; empty of nothing.
pub(super) fn interval(share: Share) -> String {
    if share.all == 0 {
        String::new()
    } else {
        format!("{:.1}–{:.1} %", share.low * 100.0, share.high * 100.0)
    }
}

/// `12,345`.
pub(super) fn number(n: u32) -> String {
    let digits = n.to_string();
    let mut out = String::with_capacity(digits.len() + 3);
    for (at, digit) in digits.chars().enumerate() {
        if at > 0 && (digits.len() - at).is_multiple_of(3) {
            out.push(',');
        }
        out.push(digit);
    }
    out
}

pub(super) fn release(decided: Option<Decided>) -> &'static str {
    match decided {
        Some(Decided::Ok) => "ok",
        Some(Decided::Ng) => "ng",
        Some(Decided::Review) => "review",
        Some(Decided::Ended) => "ended",
        None => "none",
    }
}

/// The item that is asked for, or the one that was reported last; none where the agency has no line.
async fn chosen(site: &Site, officer: &Officer, query: &Form) -> Result<String, Failure> {
    let items = site.app.line_items(officer);
    let asked = items.iter().find(|item| item.code == query.get("item"));
    let item = asked.or(items.first()).ok_or(Failure::NotFound)?.code.clone();
    site.app.line_of(officer, &item)?;
    if asked.is_some() {
        return Ok(item);
    }
    Ok(site.app.latest_item(officer).await?.unwrap_or(item))
}

fn items(site: &Site, officer: &Officer, base: &str, shown: &str, lang: Lang) -> Vec<Choice> {
    let items = site.app.line_items(officer);
    let choice = |item: &&packs::ServiceItem| Choice {
        href: format!("{base}?item={}", encoded(&item.code)),
        text: Tx::of(&item.name, lang),
        current: item.code == shown,
    };
    items.iter().filter(|_| items.len() > 1).map(choice).collect()
}

pub(crate) async fn light(
    State(site): State<Arc<Site>>,
    RawQuery(raw): RawQuery,
    visitor: Visitor,
) -> Result<Response, Failure> {
    let officer = visitor.officer()?;
    let query = query(raw);
    let item = chosen(&site, &officer, &query).await?;
    let now = site.app.line_now(&officer, &item).await?;
    let still = query.get("still") == "1";
    let own = format!("/desk/line?item={}", encoded(&item));
    let station = |station: &app::LineStation| StationState {
        name: station.name.clone(),
        used: station.used.map(|at| show::moment(&visitor, at)),
        silent: station.silent,
    };
    visitor.personal(&LinePage {
        agency: desk_agency(&visitor, &officer.agency),
        tabs: tabs(&visitor, &officer, "line"),
        items: items(&site, &officer, "/desk/line", &item, visitor.lang),
        refresh: (!still).then_some(REFRESH),
        other: if still { own } else { format!("{own}&still=1") },
        light: now.last.as_ref().map_or("none", light_of),
        last: now.last.as_ref().map(|unit| last_unit(&visitor, &officer, unit)),
        today: today(&visitor, &now),
        waiting: now.waiting,
        stations: now.stations.iter().map(station).collect(),
        drift: now.drift.as_ref().map(drift_view),
        model: now.model,
        lots: format!("/desk/line/lots?item={}", encoded(&item)),
    })
}

fn light_of(unit: &LotUnit) -> &'static str {
    match unit.outcome {
        Decided::Ok => "ok",
        Decided::Ng => "ng",
        Decided::Review => "waiting",
        Decided::Ended => "none",
    }
}

fn last_unit(visitor: &Visitor, officer: &Officer, unit: &LotUnit) -> LastUnit {
    LastUnit {
        href: format!("/desk/cases/{}/{}", officer.area, unit.case),
        serial: unit.serial.clone(),
        lot_href: lot_href(&unit.item, &unit.lot),
        lot: unit.lot.clone(),
        at: show::moment(visitor, unit.at),
    }
}

fn today(visitor: &Visitor, now: &LineNow) -> Vec<Fact> {
    let counts = now.today;
    if counts.reported == 0 {
        return Vec::new();
    }
    let fact = |id, value, note| Fact { id, value, note };
    let people = Share::of(counts.reported - auto(&counts), counts.reported);
    vec![
        fact("reported", number(counts.reported), String::new()),
        fact("ok", number(counts.ok), String::new()),
        fact("ng", number(counts.ng), String::new()),
        fact("open", number(counts.waiting), String::new()),
        fact("yield", rate(counts.yields()), interval(counts.yields())),
        fact("people", rate(people), visitor.text("line-people-note")),
    ]
}

/// Decided by rule alone.
fn auto(counts: &Counts) -> u32 {
    (counts.ok + counts.ng).saturating_sub(counts.by_person)
}

fn drift_view(drift: &Drift) -> DriftView {
    DriftView {
        more_doubt: drift.more_doubt,
        other_scores: drift.other_scores,
        doubt_then: percent(drift.doubt_then),
        doubt_now: percent(drift.doubt_now),
        score_then: format!("{:.3}", drift.score_then),
        score_now: format!("{:.3}", drift.score_now),
        sum: format!("{:.1}", drift.cusum),
        distance: format!("{:.2}", drift.distance),
    }
}

pub(crate) async fn lots(
    State(site): State<Arc<Site>>,
    RawQuery(raw): RawQuery,
    visitor: Visitor,
) -> Result<Response, Failure> {
    let officer = visitor.officer()?;
    let query = query(raw);
    let item = chosen(&site, &officer, &query).await?;
    let before = query.get("before").parse().unwrap_or(i64::MAX);
    let (lots, next) = site.app.line_lots(&officer, before, LOTS).await?;
    let days = site.app.line_days(&officer, &item, DAYS).await?;
    let (escapes, overkill) = over_time(&visitor, &days);
    let own = format!("/desk/line/lots?item={}", encoded(&item));
    visitor.personal(&LotsPage {
        agency: desk_agency(&visitor, &officer.agency),
        tabs: tabs(&visitor, &officer, "line"),
        items: items(&site, &officer, "/desk/line/lots", &item, visitor.lang),
        back: format!("/desk/line?item={}", encoded(&item)),
        escapes,
        overkill,
        days: days.iter().rev().map(|day| day_row(&visitor, day)).collect(),
        lots: lots.iter().map(|lot| lot_row(&visitor, lot)).collect(),
        next: next.map(|next| format!("{own}&before={next}")),
    })
}

/// The day as a chart has room for it, `11-24`.
fn short_day(visitor: &Visitor, at: Timestamp) -> String {
    let day = visitor.site.app.catalogue.calendar.civil(at).date();
    format!("{}-{:02}", day.month(), day.day())
}

fn over_time(visitor: &Visitor, days: &[LineDay]) -> (String, String) {
    let points = |of: fn(&Counts) -> Share| -> Vec<Point> {
        let point = |day: &LineDay| {
            let share = of(&day.counts);
            Point {
                label: short_day(visitor, day.at),
                share: share.rate().map(|rate| (rate, share.low, share.high)),
            }
        };
        days.iter().map(point).collect()
    };
    let draw = |id, title: &str, words: &str, points: &[Point]| {
        let (title, words) = (visitor.text(title), visitor.text(words));
        chart::over_time(Said { id, title: &title, words: &words }, points, &visitor.text("line-no-looks"))
    };
    (
        draw("escapes", "line-escapes", "line-escapes-says", &points(Counts::escapes)),
        draw("overkill", "line-overkill", "line-overkill-says", &points(Counts::overkills)),
    )
}

/// `1 / 50 (0.1–10.6 %)`.
pub(super) fn of_all(share: Share) -> String {
    match interval(share) {
        between if between.is_empty() => "–".to_owned(),
        between => format!("{} / {} ({between})", share.found, share.all),
    }
}

fn day_row(visitor: &Visitor, day: &LineDay) -> DayRow {
    DayRow {
        day: short_day(visitor, day.at),
        reported: number(day.counts.reported),
        yields: rate(day.counts.yields()),
        escapes: of_all(day.counts.escapes()),
        overkill: of_all(day.counts.overkills()),
    }
}

fn lot_row(visitor: &Visitor, lot: &LotLine) -> LotRow {
    let counts = &lot.counts;
    LotRow {
        href: lot_href(&lot.item, &lot.lot),
        lot: lot.lot.clone(),
        item: show::item_name(&visitor.site, &lot.item, visitor.lang),
        first: show::moment(visitor, lot.first),
        counts: [counts.reported, counts.ok, counts.ng, counts.waiting].map(number),
        yields: rate(counts.yields()),
        release: release(lot.release),
    }
}

/// A sample, as the lot's page shows it.
pub(super) fn sample_row(area: &str, sample: &Sampling) -> SampleRow {
    SampleRow {
        station: sample.station.clone(),
        size: sample.size,
        sample: sample.sample,
        accept: sample.accept,
        looked_at: sample.looked_at,
        escaped: sample.escaped.found,
        interval: interval(sample.escaped),
        severity: sample.severity.id(),
        release: release(sample.release.map(|(_, decided)| decided)),
        href: sample.release.map(|(case, _)| format!("/desk/cases/{area}/{case}")),
    }
}

/// A unit in a list.
pub(super) fn unit_link(visitor: &Visitor, page: &LotPage, unit: &LotUnit) -> UnitLink {
    let mut classes: Vec<&str> = unit.findings.iter().map(|found| found.class.as_str()).collect();
    classes.sort_unstable();
    classes.dedup();
    let names: Vec<String> = classes.iter().map(|class| class_text(visitor, class)).collect();
    UnitLink {
        href: format!("/desk/cases/{}/{}", page.area, unit.case),
        serial: unit.serial.clone(),
        at: show::moment(visitor, unit.at),
        found: names.join(&visitor.text("list-comma")),
    }
}
