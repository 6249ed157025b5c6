//! What both sides of the counter see of a case's life: clocks that ran, parts of a joint case, what the
//! rules said, why the clock stands still.

use serde::Serialize;

use super::apply::Row;
use super::desk::{LightView, light};
use super::parts::{LimitView, Tx};

/// One stretch of one clock, as a line of the list and a bar of the drawing.
#[derive(Debug, Clone, Serialize)]
pub struct SegmentView {
    /// What it measured; text `clock-<kind>`.
    pub kind: &'static str,
    /// The article it rests on; may be empty.
    pub law: Tx,
    /// The day after which it counts.
    pub from: String,
    /// The day it ended on; empty while it runs.
    pub to: String,
    /// Its last day; empty where nothing limits it.
    pub due: String,
    /// The last day in law, where it is later.
    pub statutory: String,
    /// The hour at which it ends on its last day, e.g. `12:00`; empty for the day's end.
    pub until: String,
    /// Its length; none for a clock that ends on a given day.
    pub limit: Option<LimitView>,
    /// `fresh deemed resumed extended`.
    pub begun: &'static str,
    /// By how much it was extended.
    pub extension: Option<LimitView>,
    /// `runs in-time late stopped extended over`; text `ending-<id>`.
    pub ending: &'static str,
    /// The special procedure it belongs to; text `special-<id>`.
    pub special: Option<&'static str>,
    /// Its days count towards no limit of the agency's.
    pub uncounted: bool,
    /// Days counted.
    pub days: u32,
    /// `workday` or `natural-day`.
    pub unit: &'static str,
    /// Where its bar begins, in thousandths of the whole time drawn.
    pub x: u32,
    /// How long its bar is, in thousandths, at least 4.
    pub width: u32,
}

/// One agency's part of a joint case.
#[derive(Debug, Clone, Serialize)]
pub struct PartView {
    /// What people call it.
    pub title: Tx,
    /// The agency.
    pub agency: Tx,
    /// Status id; `opening` while its case is being opened.
    pub status: &'static str,
    /// Its clock.
    pub light: Option<LightView>,
    /// Its page, where whoever looks may open it.
    pub href: Option<String>,
}

/// What a decision model said about a case.
#[derive(Debug, Clone, Serialize)]
pub struct RulingView {
    /// Text `verdict-<id>`.
    pub verdict: &'static str,
    /// When.
    pub at: String,
    /// The model's file.
    pub model: String,
    /// The version of the definition whose model it is.
    pub version: String,
    /// The rules that matched, `<decision> <rule>`.
    pub rules: Vec<String>,
    /// Their explanation.
    pub words: Option<Tx>,
    /// What went in.
    pub inputs: Vec<Row>,
    /// It fell into the sample that a person looks at.
    pub sampled: bool,
}

/// A supervision card.
#[derive(Debug, Clone, Serialize)]
pub struct CardView {
    /// Its rule; text `card-<id>`.
    pub id: &'static str,
    /// `yellow` or `red`; text `colour-<id>`.
    pub colour: &'static str,
    /// When.
    pub at: String,
}

/// Why a clock stands still.
#[derive(Debug, Clone, Serialize)]
pub struct HeldView {
    /// What is waited for; text `special-<id>`.
    pub special: &'static str,
    /// The day it began.
    pub since: String,
    /// Until when it was said to take, or until when a hearing is asked for or held; may be empty.
    pub until: String,
    /// `told requested scheduled` for a hearing.
    pub hearing: Option<&'static str>,
    /// The hearing's day.
    pub on: String,
    /// Days the decision clock has left when it goes on.
    pub left: u32,
    /// `workday` or `natural-day`.
    pub unit: &'static str,
    /// What the officer wrote.
    pub words: Vec<String>,
    /// The part of a joint case that waits; none where the case itself does.
    pub part: Option<Tx>,
}

/// Stretches of a case that was suspended and extended.
pub(super) fn sample_segments() -> Vec<SegmentView> {
    let law = |text: &str| Tx::own(text);
    let acceptance = SegmentView {
        kind: "acceptance",
        law: law("行政许可法第三十二条"),
        from: "2026年11月23日".to_owned(),
        to: "2026年11月25日".to_owned(),
        due: "2026年11月30日".to_owned(),
        statutory: String::new(),
        until: "12:00".to_owned(),
        limit: Some(LimitView::from(domain::Limit::workdays(5))),
        begun: "fresh",
        extension: None,
        ending: "in-time",
        special: None,
        uncounted: false,
        days: 2,
        unit: "workday",
        x: 0,
        width: 80,
    };
    let decision = SegmentView {
        kind: "decision",
        law: law("行政许可法第四十二条"),
        from: "2026年11月25日".to_owned(),
        to: "2026年12月1日".to_owned(),
        due: "2026年12月9日".to_owned(),
        statutory: "2026年12月23日".to_owned(),
        until: String::new(),
        limit: Some(LimitView::from(domain::Limit::workdays(10))),
        begun: "deemed",
        ending: "stopped",
        days: 4,
        x: 80,
        width: 220,
        ..acceptance.clone()
    };
    let held = SegmentView {
        kind: "special",
        special: Some("testing"),
        uncounted: true,
        ending: "over",
        begun: "fresh",
        unit: "natural-day",
        x: 300,
        width: 400,
        ..decision.clone()
    };
    let after = SegmentView {
        to: String::new(),
        begun: "resumed",
        ending: "runs",
        x: 700,
        width: 200,
        statutory: String::new(),
        ..decision.clone()
    };
    let longer = SegmentView {
        begun: "extended",
        extension: Some(LimitView::from(domain::Limit::workdays(10))),
        limit: None,
        ending: "late",
        x: 900,
        width: 100,
        ..decision.clone()
    };
    vec![acceptance, decision, held, after, longer]
}

/// Parts of a joint case in several states.
pub(super) fn sample_parts() -> Vec<PartView> {
    let part = |title: &str, agency: &str, status, light, href: Option<&str>| PartView {
        title: Tx::own(title),
        agency: Tx::zh(agency, domain::Lang::En),
        status,
        light,
        href: href.map(str::to_owned),
    };
    vec![
        part("营业执照", "示例市市场监督管理局", "in-review", Some(light("green", 3)), Some("/me/cases/2")),
        part("食品经营许可", "示例市市场监督管理局", "suspended", Some(light("still", 0)), None),
        part("户外招牌备案", "示例市城市管理局", "closed-granted", None, None),
        part("消防安全检查", "示例市消防救援局", "opening", None, None),
    ]
}

/// What a model said, that it would refuse.
pub(super) fn sample_ruling(verdict: &'static str) -> RulingView {
    RulingView {
        verdict,
        at: "2026年11月25日 10:03".to_owned(),
        model: "rules/allowance.dmn".to_owned(),
        version: "1f3870be274f6c49b3e31a0c6728957f".to_owned(),
        rules: vec!["outcome r2".to_owned(), "age r1".to_owned()],
        words: Some(Tx::zh("年满八十周岁，户籍在本市，可以领取。", domain::Lang::En)),
        inputs: vec![
            Row { q: Tx::own("applicant.age"), a: vec!["81".to_owned()] },
            Row { q: Tx::own("form.since"), a: vec!["2019-03-01".to_owned()] },
        ],
        sampled: verdict == "grant",
    }
}

/// A clock that stands still for a hearing at a stage, or for a test.
pub(super) fn sample_held(hearing: Option<&'static str>) -> HeldView {
    HeldView {
        special: if hearing.is_some() { "hearing" } else { "testing" },
        since: "2026年12月1日".to_owned(),
        until: "2026年12月15日".to_owned(),
        hearing,
        on: if hearing == Some("scheduled") { "2026年12月14日".to_owned() } else { String::new() },
        left: 6,
        unit: "workday",
        words: vec!["样品已送检，结果出来后接着办。".to_owned()],
        part: None,
    }
}

/// The clocks of a joint case stand still for a part.
pub(super) fn sample_part_held() -> HeldView {
    HeldView {
        until: String::new(),
        words: Vec::new(),
        part: Some(Tx::zh("消防安全检查", domain::Lang::En)),
        ..sample_held(None)
    }
}
