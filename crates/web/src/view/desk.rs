//! `/desk…`: the officers' side, wide, worked by keyboard.

use serde::Serialize;

use super::engine::Page;
use super::parts::Tx;

/// `/desk`.
#[derive(Debug, Clone, Serialize)]
pub struct QueuePage {
    /// The officer's agency.
    pub agency: Tx,
    /// The officer's roles, ready to read.
    pub roles: Vec<String>,
    /// The tab shown: `todo waiting done`.
    pub tab: &'static str,
    /// Tabs of the desk.
    pub tabs: Vec<Tab>,
    /// `all unclaimed mine` within the tab; none where it has no such views.
    pub views: Vec<QueueView>,
    /// Words or number searched for; `None` where the queue cannot be searched.
    pub q: Option<String>,
    /// Cases, due first.
    pub rows: Vec<QueueRow>,
    /// Counts of the lights at this desk, where they are shown.
    pub lights: Option<Lights>,
    /// Where several cases are claimed at once (POST; sends `case` several times).
    pub claim_many: Option<String>,
    /// What became of the last bulk claim.
    pub claimed: Option<Claimed>,
    /// The page after.
    pub next: Option<String>,
    /// The page before.
    pub prev: Option<String>,
}

/// A tab of the desk.
#[derive(Debug, Clone, Serialize)]
pub struct Tab {
    /// `todo review waiting done line supervision dead window officers security`; text `tab-<id>`.
    pub id: &'static str,
    /// Where.
    pub href: &'static str,
    /// This one is shown.
    pub current: bool,
}

/// What became of a bulk claim.
#[derive(Debug, Clone, Serialize)]
pub struct Claimed {
    /// How many are now this officer's.
    pub done: u32,
    /// Those that are not, by number, each with its `refusal-<rule>`.
    pub refused: Vec<(String, &'static str)>,
}

/// A view of the queue.
#[derive(Debug, Clone, Serialize)]
pub struct QueueView {
    /// `mine unclaimed all`; text `view-<id>`.
    pub id: &'static str,
    /// Where.
    pub href: String,
    /// How many, where it is known.
    pub count: Option<u32>,
    /// This one is shown.
    pub current: bool,
}

/// How many cases stand under each light, in words: `12`, or `999+` where counting stopped.
#[derive(Debug, Clone, Serialize)]
pub struct Lights {
    /// Over the limit.
    pub red: String,
    /// Little time left.
    pub yellow: String,
    /// In time.
    pub green: String,
}

/// A case in the queue.
#[derive(Debug, Clone, Serialize)]
pub struct QueueRow {
    /// Its page.
    pub href: String,
    /// Number.
    pub number: String,
    /// Item.
    pub item: Tx,
    /// Applicant, masked.
    pub applicant: String,
    /// Status id.
    pub status: &'static str,
    /// The light.
    pub light: LightView,
    /// Who has it; empty when nobody.
    pub officer: String,
    /// Where to claim it (POST), where this officer may.
    pub claim: Option<String>,
    /// What a bulk claim sends for it: its id.
    pub id: String,
    /// What it waits for, where it waits: the special procedure (text `special-<id>`).
    pub special: Option<&'static str>,
}

/// `/desk/supervision`: cases with cards.
#[derive(Debug, Clone, Serialize)]
pub struct CardsPage {
    /// The officer's agency.
    pub agency: Tx,
    /// Tabs of the desk.
    pub tabs: Vec<Tab>,
    /// Cards on this page by rule, the gravest first: text `card-<id>`, colour, how many.
    pub rules: Vec<(&'static str, &'static str, u32)>,
    /// Cases, the latest card first.
    pub rows: Vec<CardedRow>,
    /// The page after.
    pub next: Option<String>,
}

/// A case with its cards.
#[derive(Debug, Clone, Serialize)]
pub struct CardedRow {
    /// Its page.
    pub href: String,
    /// Number.
    pub number: String,
    /// Item.
    pub item: Tx,
    /// Status id.
    pub status: &'static str,
    /// Its cards, newest first.
    pub cards: Vec<super::life::CardView>,
}

/// `/desk/dead-letters`: effects that failed for good.
#[derive(Debug, Clone, Serialize)]
pub struct DeadPage {
    /// The officer's agency.
    pub agency: Tx,
    /// Tabs of the desk.
    pub tabs: Vec<Tab>,
    /// Effects, oldest first.
    pub rows: Vec<DeadRow>,
}

/// An effect that failed for good.
#[derive(Debug, Clone, Serialize)]
pub struct DeadRow {
    /// What it was: ready to read.
    pub kind: String,
    /// Number of its case.
    pub number: String,
    /// The item.
    pub item: Tx,
    /// How often it was tried.
    pub attempts: i64,
    /// The last error, as the machine said it.
    pub error: String,
    /// Since when it is wanted.
    pub since: String,
    /// When it was given up.
    pub given_up: String,
    /// Where to have it tried again (POST).
    pub retry: String,
    /// Where to take it off the list (POST; sends `words`).
    pub give_up: String,
}

/// A light: colour, shape and word.
#[derive(Debug, Clone, Serialize)]
pub struct LightView {
    /// `green yellow red still none`; text `light-<id>`.
    pub id: &'static str,
    /// Days left, or late under red.
    pub days: u32,
    /// `workday` or `natural-day`.
    pub unit: &'static str,
    /// Last day; empty while stopped.
    pub due: String,
}

/// A light for samples.
pub(super) fn light(id: &'static str, days: u32) -> LightView {
    let due = if matches!(id, "still" | "none") { String::new() } else { "2026年11月30日".to_owned() };
    LightView { id, days, unit: "workday", due }
}

impl Page for QueuePage {
    const TEMPLATE: &'static str = "desk-queue.html";
    const DESK: bool = true;

    fn sample() -> Vec<Self> {
        let row = |light, status, officer: &str, claim| QueueRow {
            href: "/desk/cases/440000/1".to_owned(),
            number: "440000-20261123-000017-4".to_owned(),
            item: Tx::zh("外国律师事务所驻粤代表机构派驻代表执业许可", domain::Lang::En),
            applicant: "示*****明".to_owned(),
            status,
            light,
            officer: officer.to_owned(),
            claim,
            id: "0192f0c1-0000-7000-8000-000000000001".to_owned(),
            special: None,
        };
        let claim = || Some("/desk/cases/440000/1/claim".to_owned());
        let view = |id, count, current| QueueView { id, href: format!("/desk?view={id}"), count, current };
        let full = Self {
            agency: Tx::own("广东省教育厅"),
            roles: vec!["受理".to_owned(), "审查".to_owned()],
            tab: "todo",
            tabs: sample_tabs("todo"),
            views: vec![
                view("mine", Some(1), false),
                view("unclaimed", Some(3), true),
                view("all", None, false),
            ],
            q: Some(String::new()),
            rows: vec![
                row(light("red", 2), "received", "", claim()),
                row(light("yellow", 1), "in-review", "示例·李", None),
                row(light("green", 12), "awaiting-decision", "", claim()),
                row(light("still", 5), "awaiting-correction", "示例·王", None),
                QueueRow {
                    special: Some("testing"), ..row(light("still", 5), "suspended", "示例·王", None)
                },
                row(light("none", 0), "with-agencies", "", None),
            ],
            lights: Some(sample_lights()),
            claim_many: Some("/desk/claim".to_owned()),
            claimed: None,
            next: Some("?page=2".to_owned()),
            prev: None,
        };
        let empty = Self {
            rows: vec![],
            views: vec![],
            tab: "waiting",
            tabs: sample_tabs("waiting"),
            lights: None,
            claim_many: None,
            q: Some("440000".to_owned()),
            next: None,
            prev: Some("?page=1".to_owned()),
            ..full.clone()
        };
        let claimed = Self {
            claimed: Some(Claimed {
                done: 2,
                refused: vec![("440000-20261123-000017-4".to_owned(), "claimed-by-other")],
            }),
            ..full.clone()
        };
        vec![full, empty, claimed]
    }
}

fn sample_lights() -> Lights {
    Lights { red: "1".to_owned(), yellow: "12".to_owned(), green: "999+".to_owned() }
}

pub(super) fn sample_tabs(current: &'static str) -> Vec<Tab> {
    let tab = |id, href| Tab { id, href, current: id == current };
    vec![
        tab("todo", "/desk"),
        tab("waiting", "/desk/waiting"),
        tab("done", "/desk/done"),
        tab("supervision", "/desk/supervision"),
        tab("dead", "/desk/dead-letters"),
    ]
}

impl Page for CardsPage {
    const TEMPLATE: &'static str = "desk-cards.html";
    const DESK: bool = true;

    fn sample() -> Vec<Self> {
        use super::life::CardView;
        let card = |id, colour| CardView { id, colour, at: "2026年12月3日 09:12".to_owned() };
        let row = |status, cards: &[CardView]| CardedRow {
            href: "/desk/cases/440000/1".to_owned(),
            number: "440000-20261123-000017-4".to_owned(),
            item: Tx::zh("中小学地方课程教材初审", domain::Lang::En),
            status,
            cards: cards.to_vec(),
        };
        let full = Self {
            agency: Tx::own("广东省教育厅"),
            tabs: sample_tabs("supervision"),
            rules: vec![("refused-qualified", "red", 1), ("over-promise", "yellow", 2)],
            rows: vec![
                row("closed-refused", &[card("refused-qualified", "red"), card("no-reasons", "yellow")]),
                row("issuing", &[card("over-promise", "yellow")]),
            ],
            next: Some("/desk/supervision?after=1".to_owned()),
        };
        vec![full.clone(), Self { rules: vec![], rows: vec![], next: None, ..full }]
    }
}

impl Page for DeadPage {
    const TEMPLATE: &'static str = "desk-dead.html";
    const DESK: bool = true;

    fn sample() -> Vec<Self> {
        let row = DeadRow {
            kind: "通知申请人".to_owned(),
            number: "440000-20261123-000017-4".to_owned(),
            item: Tx::zh("中小学地方课程教材初审", domain::Lang::En),
            attempts: 14,
            error: "connection refused <b>".to_owned(),
            since: "2026年11月23日 14:05".to_owned(),
            given_up: "2026年11月26日 14:05".to_owned(),
            retry: "/desk/dead-letters/1/retry".to_owned(),
            give_up: "/desk/dead-letters/1/give-up".to_owned(),
        };
        let again = DeadRow {
            retry: "/desk/dead-letters/2/retry".to_owned(),
            give_up: "/desk/dead-letters/2/give-up".to_owned(),
            ..row.clone()
        };
        let page =
            Self { agency: Tx::own("广东省教育厅"), tabs: sample_tabs("dead"), rows: vec![row, again] };
        vec![page.clone(), Self { rows: vec![], ..page }]
    }
}
