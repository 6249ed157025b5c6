//! `/desk…`: the officers' side, wide, worked by keyboard.

use serde::Serialize;

use super::engine::Page;
use super::parts::{Link, Tx};

/// `/desk`.
#[derive(Debug, Clone, Serialize)]
pub struct QueuePage {
    /// The officer's agency.
    pub agency: Tx,
    /// The officer's roles (`intake review decide`); text `role-<id>`.
    pub roles: Vec<&'static str>,
    /// `mine unclaimed all`, with counts, in that order.
    pub views: Vec<QueueView>,
    /// Words or number searched for; `None` where the queue cannot be searched.
    pub q: Option<String>,
    /// Cases, due first.
    pub rows: Vec<QueueRow>,
    /// Counts of the lights in this view.
    pub lights: Lights,
    /// The page after.
    pub next: Option<String>,
    /// The page before.
    pub prev: Option<String>,
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

/// How many cases stand under each light.
#[derive(Debug, Clone, Copy, Serialize)]
pub struct Lights {
    /// Over the limit.
    pub red: u32,
    /// Little time left.
    pub yellow: u32,
    /// In time.
    pub green: u32,
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
}

/// A light: colour, shape and word.
#[derive(Debug, Clone, Serialize)]
pub struct LightView {
    /// `green yellow red still`; text `light-<id>`.
    pub id: &'static str,
    /// Days left, or late under red.
    pub days: u32,
    /// `workday` or `natural-day`.
    pub unit: &'static str,
    /// Last day; empty while stopped.
    pub due: String,
}

/// `/desk/cases/{area}/{id}`.
#[derive(Debug, Clone, Serialize)]
pub struct DeskCasePage {
    /// Number.
    pub number: String,
    /// Item, its guide.
    pub item: Link,
    /// Status id.
    pub status: &'static str,
    /// The step it stands in; text `step-<id>`.
    pub step: &'static str,
    /// Applicant in full (a read of a person's record, which the caller has logged).
    pub applicant: Vec<super::apply::Row>,
    /// Answers.
    pub sections: Vec<super::apply::CheckSection>,
    /// Materials.
    pub materials: Vec<Evidence>,
    /// Conditions of the guide.
    pub conditions: Option<super::parts::Paragraphs>,
    /// Who has it; empty when nobody.
    pub officer: String,
    /// This officer has it.
    pub mine: bool,
    /// Clocks, the running one first.
    pub clocks: Vec<DeskClock>,
    /// Two officers where the law asks for two.
    pub second: Option<Second>,
    /// What may lawfully be done now.
    pub actions: Vec<ActionView>,
    /// Why nothing may be done, `refusal-<rule>`, where nothing may.
    pub barred: Option<&'static str>,
    /// What the last try was refused for, `refusal-<rule>`.
    pub refused: Option<&'static str>,
    /// What happened, newest first.
    pub events: Vec<super::account::EventView>,
    /// The next case of the queue.
    pub next: Option<String>,
}

/// A material as the officer sees it.
#[derive(Debug, Clone, Serialize)]
pub struct Evidence {
    /// Id, to name it in a correction.
    pub id: String,
    /// Name.
    pub name: Tx,
    /// Required.
    pub required: Option<bool>,
    /// Files.
    pub files: Vec<super::apply::FileView>,
    /// Why the applicant says it does not apply; may be empty.
    pub excuse: String,
}

/// A clock with its law.
#[derive(Debug, Clone, Serialize)]
pub struct DeskClock {
    /// `acceptance decision issue`.
    pub kind: &'static str,
    /// Its light.
    pub light: LightView,
    /// The article it rests on; may be empty.
    pub law: String,
}

/// State of a check by two officers.
#[derive(Debug, Clone, Serialize)]
pub struct Second {
    /// The officers needed.
    pub needed: u8,
    /// Names of those who agreed already.
    pub done: Vec<String>,
}

/// A lawful action as a form: sends `reason` (several), `words`, `material` (several) as it has them.
#[derive(Debug, Clone, Serialize)]
pub struct ActionView {
    /// `claim release accept ask-correction not-needed not-ours review grant refuse issue deliver`; texts
    /// `action-<id>` and `action-<id>-hint`.
    pub id: &'static str,
    /// Where it goes (POST).
    pub action: String,
    /// Its access key.
    pub key: &'static str,
    /// The one most likely to be done: shown open and first.
    pub main: bool,
    /// Reasons from the law's own list, by value.
    pub reasons: Vec<super::field::OptionView>,
    /// Words are asked for.
    pub asks_words: bool,
    /// Words are required.
    pub words_required: bool,
    /// Words as typed.
    pub words: String,
    /// Materials to be asked for again.
    pub materials: Vec<super::field::OptionView>,
    /// The notice that will be sent, drafted; none where nothing is sent.
    pub draft: Vec<String>,
    /// Reasons are missing.
    pub error: Option<&'static str>,
}

fn light(id: &'static str, days: u32) -> LightView {
    let due = if id == "still" { String::new() } else { "2026年11月30日".to_owned() };
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
        };
        let claim = || Some("/desk/cases/440000/1/claim".to_owned());
        let view = |id, count, current| QueueView { id, href: format!("/desk?view={id}"), count, current };
        let full = Self {
            agency: Tx::own("广东省教育厅"),
            roles: vec!["intake", "review"],
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
            ],
            lights: Lights { red: 1, yellow: 1, green: 2 },
            next: Some("?page=2".to_owned()),
            prev: None,
        };
        let empty = Self {
            rows: vec![],
            lights: Lights { red: 0, yellow: 0, green: 0 },
            q: Some("440000".to_owned()),
            next: None,
            prev: Some("?page=1".to_owned()),
            ..full.clone()
        };
        vec![full, empty]
    }
}

impl Page for DeskCasePage {
    const TEMPLATE: &'static str = "desk-case.html";
    const DESK: bool = true;

    fn sample() -> Vec<Self> {
        let case = Self::sample_intake();
        let barred = Self {
            actions: vec![],
            barred: Some("own-case"),
            refused: Some("wrong-step"),
            mine: false,
            officer: String::new(),
            second: Some(Second { needed: 2, done: vec!["示例·王".to_owned()] }),
            conditions: None,
            materials: vec![],
            next: None,
            ..case.clone()
        };
        vec![case, barred]
    }
}

impl DeskCasePage {
    fn sample_intake() -> Self {
        use super::account::EventView;
        use super::apply::{CheckSection, FileView, Row};
        use super::field::OptionView;
        let row = |q: &str, a: &str| Row { q: Tx::own(q), a: vec![a.to_owned()] };
        let option = |value: &str, title: &str| OptionView {
            value: value.to_owned(),
            title: Tx::zh(title, domain::Lang::En),
            checked: false,
        };
        let action = |id, key, main| ActionView {
            id,
            action: format!("/desk/cases/440000/1/{id}"),
            key,
            main,
            reasons: vec![],
            asks_words: true,
            words_required: false,
            words: String::new(),
            materials: vec![],
            draft: vec!["你的申请材料齐全，符合法定形式，现予受理。".to_owned()],
            error: None,
        };
        Self {
            number: "440000-20261123-000017-4".to_owned(),
            item: Link::new("/items/1", Tx::own("中小学地方课程教材初审")),
            status: "received",
            step: "intake",
            applicant: vec![row("姓名", "示例·陈晓明"), row("公民身份号码", "990000199001010010")],
            sections: vec![CheckSection {
                title: Some(Tx::own("申请内容")),
                change: String::new(),
                rows: vec![row("教材名称", "《岭南乡土地理》"), row("学科", "地理")],
            }],
            materials: vec![
                Evidence {
                    id: "m1".to_owned(),
                    name: Tx::zh("审查登记表", domain::Lang::En),
                    required: None,
                    files: vec![FileView {
                        id: "f1".to_owned(),
                        name: "登记表.pdf".to_owned(),
                        href: "/files/f1".to_owned(),
                        size: "812 kB".to_owned(),
                    }],
                    excuse: String::new(),
                },
                Evidence {
                    id: "m2".to_owned(),
                    name: Tx::own("试验报告"),
                    required: None,
                    files: vec![],
                    excuse: "初审阶段还没有试验。".to_owned(),
                },
                Evidence {
                    id: "m3".to_owned(),
                    name: Tx::own("清样"),
                    required: Some(true),
                    files: vec![],
                    excuse: String::new(),
                },
            ],
            conditions: Some(super::parts::Paragraphs::from(Tx::own(
                "申请人符合全部申请条件方可申请教材初审。",
            ))),
            officer: "示例·李".to_owned(),
            mine: true,
            clocks: vec![DeskClock {
                kind: "acceptance",
                light: light("yellow", 1),
                law: "行政许可法第三十二条".to_owned(),
            }],
            second: None,
            actions: vec![
                action("accept", "a", true),
                ActionView {
                    materials: vec![option("m1", "审查登记表"), option("m2", "试验报告")],
                    words_required: true,
                    error: Some("reasons-required"),
                    ..action("ask-correction", "c", false)
                },
                ActionView {
                    reasons: vec![option("not-listed", "申请事项依法不需要取得行政许可")],
                    words_required: true,
                    ..action("not-needed", "n", false)
                },
                ActionView { asks_words: false, draft: vec![], ..action("release", "r", false) },
            ],
            barred: None,
            refused: None,
            events: vec![EventView {
                kind: "submitted",
                at: "2026年11月23日 14:05".to_owned(),
                by: "示例·陈晓明".to_owned(),
                words: vec![],
            }],
            next: Some("/desk/cases/440000/2".to_owned()),
        }
    }
}
