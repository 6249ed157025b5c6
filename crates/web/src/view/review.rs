//! `/desk/review…`: people look at what rules did not decide, one unit after the other.

use serde::Serialize;

use super::desk::{Tab, sample_tabs};
use super::engine::Page;
use super::field::OptionView;
use super::parts::Tx;

/// A picture with what was found on it, over its template.
#[derive(Debug, Clone, Serialize)]
pub struct Stage {
    /// Address of the picture, where it is here.
    pub test: Option<String>,
    /// Address of the template, where it is here.
    pub template: Option<String>,
    /// Width of the picture, in pixels.
    pub width: u32,
    /// Height of the picture.
    pub height: u32,
    /// Size of letters beside the boxes, in pixels of the picture.
    pub font: u32,
    /// The findings.
    pub boxes: Vec<BoxView>,
}

/// A finding's box, a little larger than the finding.
#[derive(Debug, Clone, Serialize)]
pub struct BoxView {
    /// Left edge.
    pub x: u32,
    /// Upper edge.
    pub y: u32,
    /// Width.
    pub width: u32,
    /// Height.
    pub height: u32,
    /// Where its words begin.
    pub text_x: u32,
    /// Their base line.
    pub text_y: u32,
    /// Its number and class.
    pub text: String,
}

/// A finding in the list beside the picture.
#[derive(Debug, Clone, Serialize)]
pub struct FindingView {
    /// From 1.
    pub n: usize,
    /// Name of its choice.
    pub name: String,
    /// What the station took it for.
    pub class: String,
    /// How sure, in percent.
    pub score: String,
    /// What it can be said to be.
    pub options: Vec<OptionView>,
}

/// A key that says what is wrong with a unit.
#[derive(Debug, Clone, Serialize)]
pub struct ClassKey {
    /// The key.
    pub key: &'static str,
    /// What it sends.
    pub value: String,
    /// The class.
    pub title: String,
}

/// A unit.
#[derive(Debug, Clone, Serialize)]
pub struct UnitView {
    /// Serial number.
    pub serial: String,
    /// What else is known of it, each with its name.
    pub facts: Vec<(String, String)>,
    /// Why the machine could not judge it.
    pub obstacle: Option<String>,
    /// Two disagreed, and this look decides.
    pub third: bool,
    /// Its picture.
    pub stage: Stage,
    /// What was found.
    pub findings: Vec<FindingView>,
    /// More was found than is listed: how much.
    pub found: Option<String>,
    /// The keys of the classes.
    pub classes: Vec<ClassKey>,
    /// Why a good one was called defective.
    pub reasons: Vec<OptionView>,
    /// Where its forms go, without the last part.
    pub base: String,
    /// The page of its case.
    pub case: String,
    /// Why it cannot be judged here: `held`, `not-open`.
    pub barred: Option<&'static str>,
}

/// A verdict that can still be taken back.
#[derive(Debug, Clone, Serialize)]
pub struct UndoView {
    /// Which.
    pub id: String,
    /// Serial number of its unit.
    pub serial: String,
    /// Good.
    pub good: bool,
    /// Reason codes, ready to read.
    pub codes: Vec<String>,
}

/// A verdict that did not count.
#[derive(Debug, Clone, Serialize)]
pub struct RefusedView {
    /// Serial number of its unit.
    pub serial: String,
    /// Its page.
    pub href: String,
    /// Why, in words.
    pub why: String,
}

/// `/desk/review`.
#[derive(Debug, Clone, Serialize)]
pub struct ReviewPage {
    /// The officer's agency.
    pub agency: Tx,
    /// Tabs of the desk.
    pub tabs: Vec<Tab>,
    /// The unit before them.
    pub unit: Option<UnitView>,
    /// How many wait for them.
    pub waiting: String,
    /// Their last verdict.
    pub undo: Option<UndoView>,
    /// One that did not count.
    pub refused: Option<RefusedView>,
    /// It was too late to take the last one back.
    pub late: bool,
    /// Pictures of the unit after this one.
    pub ahead: Vec<String>,
    /// Where in the queue this page began.
    pub from: Option<(i64, String)>,
    /// Where the unit stands in the queue.
    pub place: Option<(i64, String)>,
    /// The page of the agreement, for whoever may see it.
    pub agreement: bool,
}

/// Two people, or all of them, beside each other.
#[derive(Debug, Clone, Serialize)]
pub struct AgreementRow {
    /// Who.
    pub names: Vec<String>,
    /// Units that both looked at.
    pub things: u32,
    /// The share on which they agree, in percent.
    pub share: Option<String>,
    /// Cohen's kappa.
    pub kappa: Option<String>,
    /// Both good, only the first, only the second, neither.
    pub cells: [u32; 4],
}

/// A person beside the third.
#[derive(Debug, Clone, Serialize)]
pub struct PersonRow {
    /// Who.
    pub name: String,
    /// Looks.
    pub looks: u32,
    /// Disagreements that a third decided.
    pub settled: u32,
    /// Of these, as they had said.
    pub upheld: u32,
}

/// `/desk/review/agreement`.
#[derive(Debug, Clone, Serialize)]
pub struct AgreementPage {
    /// The officer's agency.
    pub agency: Tx,
    /// Tabs of the desk.
    pub tabs: Vec<Tab>,
    /// First looks beside second ones.
    pub all: Option<AgreementRow>,
    /// Each two people.
    pub pairs: Vec<AgreementRow>,
    /// Each person.
    pub people: Vec<PersonRow>,
    /// There are more looks than were counted.
    pub more: bool,
}

impl Stage {
    pub(super) fn sample() -> Self {
        let boxed = |x, y, text: &str| BoxView {
            x,
            y,
            width: 36,
            height: 20,
            text_x: x,
            text_y: y - 4,
            text: text.to_owned(),
        };
        Self {
            test: Some("/static/icon.svg?test".to_owned()),
            template: Some("/static/icon.svg?template".to_owned()),
            width: 640,
            height: 640,
            font: 16,
            boxes: vec![boxed(100, 60, "1 断路 97 %"), boxed(400, 520, "2 缺口 61 %")],
        }
    }
}

fn option(value: &str, title: &str, checked: bool) -> OptionView {
    OptionView { value: value.to_owned(), title: Tx::own(title), checked }
}

impl UnitView {
    fn sample() -> Self {
        let finding = |n: usize, class: &str, score: &str| FindingView {
            n,
            name: format!("find-{}", n - 1),
            class: class.to_owned(),
            score: score.to_owned(),
            options: vec![
                option("open", "断路", n == 1),
                option("mousebite", "缺口", n == 2),
                option("none", "不是缺陷", false),
            ],
        };
        let key = |key, class: &str, title: &str| ClassKey {
            key,
            value: format!("ng-{class}"),
            title: title.to_owned(),
        };
        Self {
            serial: "D-000017 <b>".to_owned(),
            facts: vec![("批号".to_owned(), "L-0001".to_owned()), ("配方".to_owned(), "die-a/3".to_owned())],
            obstacle: None,
            third: false,
            stage: Stage::sample(),
            findings: vec![finding(1, "断路", "97.0 %"), finding(2, "缺口", "61.3 %")],
            found: None,
            classes: vec![
                key("1", "open", "断路"),
                key("2", "short", "短路"),
                key("3", "mousebite", "缺口"),
                key("4", "spur", "毛刺"),
                key("5", "spurious-copper", "残铜"),
                key("6", "pin-hole", "针孔"),
                key("9", "other", "其他缺陷"),
            ],
            reasons: vec![option("", "不说明", true), option("dust", "灰尘", false)],
            base: "/desk/review/units/1".to_owned(),
            case: "/desk/cases/990000/1".to_owned(),
            barred: None,
        }
    }
}

impl Page for ReviewPage {
    const TEMPLATE: &'static str = "review.html";
    const DESK: bool = true;

    fn sample() -> Vec<Self> {
        let page = Self {
            agency: Tx::own("示例·远航电子科技有限公司质量部"),
            tabs: sample_tabs("review"),
            unit: Some(UnitView::sample()),
            waiting: "17".to_owned(),
            undo: Some(UndoView {
                id: "7".to_owned(),
                serial: "D-000016".to_owned(),
                good: false,
                codes: vec!["断路".to_owned(), "短路".to_owned()],
            }),
            refused: None,
            late: false,
            ahead: vec!["/static/icon.svg?ahead".to_owned()],
            from: None,
            place: Some((7, "8".to_owned())),
            agreement: true,
        };
        let bare = Stage { test: None, template: None, boxes: vec![], ..Stage::sample() };
        let blind = UnitView {
            obstacle: Some("太暗".to_owned()),
            third: true,
            stage: bare,
            findings: vec![],
            found: Some("70".to_owned()),
            ..UnitView::sample()
        };
        let held = UnitView { barred: Some("held"), ..UnitView::sample() };
        let refused = RefusedView {
            serial: "D-000015".to_owned(),
            href: "/desk/review/units/3".to_owned(),
            why: "别人先判了。".to_owned(),
        };
        let good = UndoView { id: "7".to_owned(), serial: "D-000016".to_owned(), good: true, codes: vec![] };
        vec![
            page.clone(),
            Self {
                unit: Some(blind),
                undo: Some(good),
                from: Some((7, "8".to_owned())),
                refused: Some(refused),
                ..page.clone()
            },
            Self { unit: Some(held), undo: None, late: true, place: None, ..page.clone() },
            Self { unit: None, undo: None, ahead: vec![], place: None, agreement: false, ..page },
        ]
    }
}

impl Page for AgreementPage {
    const TEMPLATE: &'static str = "review-agreement.html";
    const DESK: bool = true;

    fn sample() -> Vec<Self> {
        let row = |names: &[&str], kappa: Option<&str>| AgreementRow {
            names: names.iter().map(|name| (*name).to_owned()).collect(),
            things: 50,
            share: Some("70.0 %".to_owned()),
            kappa: kappa.map(str::to_owned),
            cells: [20, 5, 10, 15],
        };
        let page = Self {
            agency: Tx::own("示例·远航电子科技有限公司质量部"),
            tabs: sample_tabs("review"),
            all: Some(row(&[], Some("0.40"))),
            pairs: vec![
                row(&["示例·陈晓明", "示例·梁同事"], Some("0.40")),
                row(&["示例·陈晓明", "示例·谢科长"], None),
            ],
            people: vec![PersonRow {
                name: "示例·陈晓明".to_owned(), looks: 61, settled: 4, upheld: 3
            }],
            more: true,
        };
        vec![page.clone(), Self { all: None, pairs: vec![], people: vec![], more: false, ..page }]
    }
}
