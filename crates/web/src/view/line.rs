//! `/desk/line…`: how an agency's line runs, its lots, and one lot.

use serde::Serialize;

use super::desk::Tab;
use super::engine::Page;
use super::parts::Tx;

/// A choice of several, one of which is shown.
#[derive(Debug, Clone, Serialize)]
pub struct Choice {
    /// Where.
    pub href: String,
    /// What.
    pub text: Tx,
    /// This one is shown.
    pub current: bool,
}

/// `/desk/line`: the light.
#[derive(Debug, Clone, Serialize)]
pub struct LinePage {
    /// The officer's agency.
    pub agency: Tx,
    /// Tabs of the desk.
    pub tabs: Vec<Tab>,
    /// Items of the line, where there are several.
    pub items: Vec<Choice>,
    /// The page asks again after so many seconds; `None` where it stands still.
    pub refresh: Option<u32>,
    /// Where it stands still, or goes on.
    pub other: String,
    /// `ok ng waiting none`: texts `line-light-<id>`.
    pub light: &'static str,
    /// The unit that was reported last.
    pub last: Option<LastUnit>,
    /// Today's counts.
    pub today: Vec<Fact>,
    /// How many wait for a person, whenever they were reported.
    pub waiting: u32,
    /// The stations.
    pub stations: Vec<StationState>,
    /// How the model judges.
    pub drift: Option<DriftView>,
    /// The model that judged last.
    pub model: Option<String>,
    /// The lots.
    pub lots: String,
}

/// The unit that was reported last.
#[derive(Debug, Clone, Serialize)]
pub struct LastUnit {
    /// Its case.
    pub href: String,
    /// Its serial number.
    pub serial: String,
    /// Its lot.
    pub lot: String,
    /// The lot's page.
    pub lot_href: String,
    /// When.
    pub at: String,
}

/// A number with its name (text `line-<id>`) and what there is to say about it.
#[derive(Debug, Clone, Serialize)]
pub struct Fact {
    /// Text `line-<id>`.
    pub id: &'static str,
    /// The number, ready to read.
    pub value: String,
    /// Beneath it; empty for nothing.
    pub note: String,
}

/// A station of a line.
#[derive(Debug, Clone, Serialize)]
pub struct StationState {
    /// Its name.
    pub name: String,
    /// When it last reported.
    pub used: Option<String>,
    /// It is silent.
    pub silent: bool,
}

/// How a model judges now, beside how it did when it was new; all ready to read.
#[derive(Debug, Clone, Serialize)]
pub struct DriftView {
    /// There is more doubt.
    pub more_doubt: bool,
    /// Scores are not what they were.
    pub other_scores: bool,
    /// Share of doubtful calls then.
    pub doubt_then: String,
    /// Now.
    pub doubt_now: String,
    /// Mean score then.
    pub score_then: String,
    /// Now.
    pub score_now: String,
    /// How far the sum has come.
    pub sum: String,
    /// Largest distance between the scores.
    pub distance: String,
}

/// `/desk/line/lots`: the lots, and how the line did day by day.
#[derive(Debug, Clone, Serialize)]
pub struct LotsPage {
    /// The officer's agency.
    pub agency: Tx,
    /// Tabs of the desk.
    pub tabs: Vec<Tab>,
    /// Items of the line, where there are several.
    pub items: Vec<Choice>,
    /// The light.
    pub back: String,
    /// Escapes over time, as SVG.
    pub escapes: String,
    /// Overkill over time, as SVG.
    pub overkill: String,
    /// The same as numbers.
    pub days: Vec<DayRow>,
    /// The lots, the latest first.
    pub lots: Vec<LotRow>,
    /// The page after.
    pub next: Option<String>,
}

/// A day of a line, ready to read.
#[derive(Debug, Clone, Serialize)]
pub struct DayRow {
    /// The day.
    pub day: String,
    /// Units.
    pub reported: String,
    /// Yield.
    pub yields: String,
    /// Escapes with their interval.
    pub escapes: String,
    /// Overkill with its interval.
    pub overkill: String,
}

/// A lot in a list.
#[derive(Debug, Clone, Serialize)]
pub struct LotRow {
    /// Its page.
    pub href: String,
    /// Its name.
    pub lot: String,
    /// The item.
    pub item: Tx,
    /// When its first unit was reported.
    pub first: String,
    /// Units: reported, good, defective, waiting.
    pub counts: [String; 4],
    /// Yield.
    pub yields: String,
    /// `ok ng review ended none`: texts `line-release-<id>`.
    pub release: &'static str,
}

/// `/desk/line/lot`: one lot.
#[derive(Debug, Clone, Serialize)]
pub struct LotView {
    /// The lots.
    pub back: String,
    /// The lot.
    pub lot: String,
    /// The item.
    pub item: Tx,
    /// When the first and the last unit were reported.
    pub between: (String, String),
    /// So many units at most are counted, where there are more.
    pub cut: Option<u32>,
    /// Its numbers.
    pub facts: Vec<Fact>,
    /// Defects by how often they come, as SVG; none without defects.
    pub pareto: Option<String>,
    /// The same as numbers.
    pub classes: Vec<ClassRow>,
    /// Where they lie on the board, as SVG.
    pub map: Option<String>,
    /// How many are drawn, and whether as dots.
    pub drawn: (u32, bool),
    /// The recipe whose boards those are.
    pub recipe: String,
    /// One class alone, or all.
    pub choices: Vec<Choice>,
    /// The samples.
    pub samples: Vec<SampleRow>,
    /// Defective units, the latest first, and whether there are more.
    pub ng: (Vec<UnitLink>, bool),
    /// Units that wait, and whether there are more.
    pub waiting: (Vec<UnitLink>, bool),
    /// The lot as a file for other programs: text `line-file-<id>`, address.
    pub files: Vec<(&'static str, String)>,
}

/// A class of defects.
#[derive(Debug, Clone, Serialize)]
pub struct ClassRow {
    /// Its letter on the board.
    pub letter: char,
    /// Its colour there, 0 to 6.
    pub colour: usize,
    /// What it is.
    pub name: String,
    /// How many.
    pub findings: u32,
    /// On how many units.
    pub units: u32,
    /// Of all.
    pub share: String,
}

/// The sample of a station's part of a lot.
#[derive(Debug, Clone, Serialize)]
pub struct SampleRow {
    /// The station.
    pub station: String,
    /// Units the plan is for.
    pub size: u32,
    /// Units to look at; none where there is no plan.
    pub sample: Option<u32>,
    /// Ac.
    pub accept: u32,
    /// Looked at.
    pub looked_at: u32,
    /// Of those, defective.
    pub escaped: u32,
    /// The rate's interval, ready to read.
    pub interval: String,
    /// `normal tightened stopped`: texts `line-severity-<id>`.
    pub severity: &'static str,
    /// `ok ng review ended none`: texts `line-release-<id>`.
    pub release: &'static str,
    /// The case of the release.
    pub href: Option<String>,
}

/// A unit in a list.
#[derive(Debug, Clone, Serialize)]
pub struct UnitLink {
    /// Its case.
    pub href: String,
    /// Its serial number.
    pub serial: String,
    /// When it was reported.
    pub at: String,
    /// What was found on it, ready to read; empty for nothing.
    pub found: String,
}

impl Page for LinePage {
    const TEMPLATE: &'static str = "line.html";
    const DESK: bool = true;

    fn sample() -> Vec<Self> {
        let fact = |id, value: &str, note: &str| Fact { id, value: value.to_owned(), note: note.to_owned() };
        let full = Self {
            agency: Tx::own("示例·质量部"),
            tabs: vec![Tab { id: "line", href: "/desk/line", current: true }],
            items: vec![
                Choice { href: "/desk/line?item=a".to_owned(), text: Tx::own("来料"), current: true },
                Choice { href: "/desk/line?item=b".to_owned(), text: Tx::own("下线"), current: false },
            ],
            refresh: Some(30),
            other: "/desk/line?still=1".to_owned(),
            light: "ng",
            last: Some(LastUnit {
                href: "/desk/cases/990000/1".to_owned(),
                serial: "D-1<x>".to_owned(),
                lot: "L-1".to_owned(),
                lot_href: "/desk/line/lot?item=a&lot=L-1".to_owned(),
                at: "9:00".to_owned(),
            }),
            today: vec![fact("reported", "12,345", ""), fact("ok", "12,000", "97 %"), fact("ng", "45", "")],
            waiting: 7,
            stations: vec![
                StationState {
                    name: "示例·三号".to_owned(), used: Some("8:59".to_owned()), silent: false
                },
                StationState {
                    name: "示例·四号".to_owned(), used: Some("7:00".to_owned()), silent: true
                },
                StationState { name: "示例·五号".to_owned(), used: None, silent: true },
            ],
            drift: Some(DriftView {
                more_doubt: true,
                other_scores: true,
                doubt_then: "10 %".to_owned(),
                doubt_now: "31 %".to_owned(),
                score_then: "0.06".to_owned(),
                score_now: "0.19".to_owned(),
                sum: "14.2".to_owned(),
                distance: "0.31".to_owned(),
            }),
            model: Some("synth-1.2.0".to_owned()),
            lots: "/desk/line/lots".to_owned(),
        };
        let calm =
            full.drift.clone().map(|drift| DriftView { more_doubt: false, other_scores: false, ..drift });
        let steady =
            Self { refresh: None, light: "ok", drift: calm, waiting: 0, items: Vec::new(), ..full.clone() };
        let young = Self { light: "waiting", drift: None, ..full.clone() };
        let empty = Self {
            light: "none",
            last: None,
            today: Vec::new(),
            stations: Vec::new(),
            drift: None,
            model: None,
            ..full.clone()
        };
        vec![full, steady, young, empty]
    }
}

impl Page for LotsPage {
    const TEMPLATE: &'static str = "line-lots.html";
    const DESK: bool = true;

    fn sample() -> Vec<Self> {
        let row = |release| LotRow {
            href: "/desk/line/lot?item=a&lot=L-1".to_owned(),
            lot: "L-<1>".to_owned(),
            item: Tx::zh("下线芯片检验", domain::Lang::En),
            first: "11-24".to_owned(),
            counts: ["500", "480", "12", "8"].map(str::to_owned),
            yields: "97.6 %".to_owned(),
            release,
        };
        let full = Self {
            agency: Tx::own("示例·质量部"),
            tabs: vec![Tab { id: "line", href: "/desk/line", current: true }],
            items: vec![Choice {
                href: "/desk/line/lots?item=a".to_owned(),
                text: Tx::own("来料"),
                current: true,
            }],
            back: "/desk/line".to_owned(),
            escapes: "<svg class=\"chart\"></svg>".to_owned(),
            overkill: "<svg class=\"chart\"></svg>".to_owned(),
            days: vec![DayRow {
                day: "11-24".to_owned(),
                reported: "500".to_owned(),
                yields: "97 %".to_owned(),
                escapes: "1 / 50".to_owned(),
                overkill: "3 / 9".to_owned(),
            }],
            lots: ["ok", "ng", "review", "ended", "none"].map(row).into(),
            next: Some("/desk/line/lots?before=1".to_owned()),
        };
        let empty =
            Self { days: Vec::new(), lots: Vec::new(), next: None, items: Vec::new(), ..full.clone() };
        vec![full, empty]
    }
}

impl Page for LotView {
    const TEMPLATE: &'static str = "line-lot.html";
    const DESK: bool = true;

    fn sample() -> Vec<Self> {
        let sample = |severity, release, sample| SampleRow {
            station: "示例·三号".to_owned(),
            size: 500,
            sample,
            accept: 0,
            looked_at: 12,
            escaped: 1,
            interval: "0.2–38 %".to_owned(),
            severity,
            release,
            href: (release != "none").then(|| "/desk/cases/990000/1".to_owned()),
        };
        let unit = UnitLink {
            href: "/desk/cases/990000/1".to_owned(),
            serial: "D-<1>".to_owned(),
            at: "9:00".to_owned(),
            found: "断路".to_owned(),
        };
        let full = Self {
            back: "/desk/line/lots".to_owned(),
            lot: "L-<1>".to_owned(),
            item: Tx::own("下线芯片检验"),
            between: ("8:00".to_owned(), "9:00".to_owned()),
            cut: Some(20_000),
            facts: vec![Fact { id: "yield", value: "97.6 %".to_owned(), note: "95–99 %".to_owned() }],
            pareto: Some("<svg class=\"chart\"></svg>".to_owned()),
            classes: vec![ClassRow {
                letter: 'A',
                colour: 0,
                name: "断路".to_owned(),
                findings: 3,
                units: 2,
                share: "60 %".to_owned(),
            }],
            map: Some("<svg class=\"chart\"></svg>".to_owned()),
            drawn: (3, false),
            recipe: "die-a/<3>".to_owned(),
            choices: vec![Choice {
                href: "/desk/line/lot?item=a".to_owned(),
                text: Tx::own("全部"),
                current: true,
            }],
            samples: vec![
                sample("normal", "ok", Some(50)),
                sample("tightened", "none", Some(80)),
                sample("stopped", "ng", None),
            ],
            ng: (vec![unit.clone()], true),
            waiting: (vec![UnitLink { found: String::new(), ..unit }], true),
            files: vec![("csv", "/desk/line/lot/units.csv?item=a&lot=L-1".to_owned())],
        };
        let many = Self { drawn: (900, true), cut: None, ..full.clone() };
        let empty = Self {
            pareto: None,
            classes: Vec::new(),
            map: None,
            choices: Vec::new(),
            samples: Vec::new(),
            ng: (Vec::new(), false),
            waiting: (Vec::new(), false),
            ..full.clone()
        };
        vec![full, many, empty]
    }
}
