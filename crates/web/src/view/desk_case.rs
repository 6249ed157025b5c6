//! `/desk/cases/{area}/{id}`: a case as officers work on it.

use serde::Serialize;

use super::desk::{LightView, light};
use super::engine::Page;
use super::life::{CardView, HeldView, PartView, RulingView, SegmentView};
use super::parts::{Link, Tx};
use super::privacy::{UnmaskForm, UnmaskedView};
use super::review::Stage;

/// `/desk/cases/{area}/{id}`.
#[derive(Debug, Clone, Serialize)]
pub struct DeskCasePage {
    /// Number.
    pub number: String,
    /// Item, its guide.
    pub item: Link,
    /// Status id.
    pub status: &'static str,
    /// The step it stands in, by what people call it.
    pub step: Tx,
    /// Applicant (a read of a person's record, which the caller has logged).
    pub applicant: Vec<super::apply::Row>,
    /// Answers.
    pub sections: Vec<super::apply::CheckSection>,
    /// How to see what is masked; none where nothing is.
    pub unmask: Option<UnmaskForm>,
    /// Who had it shown, the latest first.
    pub uncovered: Vec<UnmaskedView>,
    /// Materials.
    pub materials: Vec<Evidence>,
    /// Certificates that followed from it.
    pub certificates: Vec<Link>,
    /// 授权用证: what was asked of the applicant's certificates.
    pub asks: super::permissions::DeskAsk,
    /// Conditions of the guide.
    pub conditions: Option<super::parts::Paragraphs>,
    /// Who has it; empty when nobody.
    pub officer: String,
    /// This officer has it.
    pub mine: bool,
    /// Clocks, the running one first.
    pub clocks: Vec<DeskClock>,
    /// Why the decision clock stands still.
    pub held: Option<HeldView>,
    /// Which clock ran when.
    pub history: Vec<SegmentView>,
    /// Parts of a joint case.
    pub parts: Vec<PartView>,
    /// The joint case it is a part of, where this officer may open it its page.
    pub part_of: Option<Link>,
    /// What decision models said, the latest first.
    pub rulings: Vec<RulingView>,
    /// Supervision cards, the latest first.
    pub cards: Vec<CardView>,
    /// Two officers where the law asks for two.
    pub second: Option<Second>,
    /// What may lawfully be done now.
    pub actions: Vec<ActionView>,
    /// Why nothing may be done, `refusal-<rule>`, where nothing may.
    pub barred: Option<&'static str>,
    /// What the last try was refused for, `refusal-<rule>`.
    pub refused: Option<&'static str>,
    /// Somebody else was faster.
    pub conflict: Option<Conflict>,
    /// The number of events this page shows; forms send it as `seen`.
    pub seen: i64,
    /// What happened, newest first.
    pub events: Vec<super::case::EventView>,
    /// The next case of the queue.
    pub next: Option<String>,
    /// The pictures of a unit that a station reported, with what was found.
    pub unit: Option<Stage>,
    /// Its page at the review desk.
    pub review: String,
}

/// Somebody else acted between this officer's page and their form: who did what when, and what this officer
/// had written, which was not sent.
#[derive(Debug, Clone, Serialize)]
pub struct Conflict {
    /// What the other did, newest first.
    pub events: Vec<super::case::EventView>,
    /// What this officer wanted; text `action-<id>`.
    pub action: &'static str,
    /// Their words, kept.
    pub words: String,
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
    /// Promised for later and not there yet.
    pub owed: bool,
    /// 免证办: the certificate that stands for it.
    pub proof: Option<UsedProof>,
}

/// A certificate that a case was given for a material.
#[derive(Debug, Clone, Serialize)]
pub struct UsedProof {
    /// Its name.
    pub name: Tx,
    /// Who issued it.
    pub issuer: Tx,
    /// What was given of it.
    pub rows: Vec<super::wallet::Said>,
    /// Its trust grade; text `grade-<id>`.
    pub grade: String,
    /// When it was given.
    pub at: String,
    /// What its issuer says of it today; text `standing-<id>`.
    pub today: &'static str,
    /// What was given of it, as a sealed file.
    pub pdf: String,
}

/// A clock with its law.
#[derive(Debug, Clone, Serialize)]
pub struct DeskClock {
    /// Text `clock-<kind>`.
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

/// A lawful action as a form: sends `reason`, `words`, `material` (several), and the inputs it has.
#[derive(Debug, Clone, Serialize)]
pub struct ActionView {
    /// Its id; texts `action-<id>` and `action-<id>-hint`.
    pub id: &'static str,
    /// Where it goes (POST).
    pub action: String,
    /// Its access key.
    pub key: &'static str,
    /// The one most likely to be done: shown open and first.
    pub main: bool,
    /// It ends the case against the applicant, or undoes something: its button warns.
    pub grave: bool,
    /// Reasons from the law's own list, or outcomes, by value.
    pub reasons: Vec<super::field::OptionView>,
    /// Days, a date, an amount, a person.
    pub inputs: Vec<InputView>,
    /// Answers to put right on the spot, named `answer-<field>`.
    pub fields: Vec<super::field::FieldView>,
    /// Words are asked for.
    pub asks_words: bool,
    /// Words are required.
    pub words_required: bool,
    /// Words as typed.
    pub words: String,
    /// Drafted words to choose from: each link shows this page with them filled in.
    pub templates: Vec<Link>,
    /// Materials to be asked for again.
    pub materials: Vec<super::field::OptionView>,
    /// The notice that will be sent, drafted; none where nothing is sent.
    pub draft: Vec<String>,
    /// What stands against it, `refusal-<rule>`.
    pub error: Option<&'static str>,
    /// A template was chosen or something was refused: shown open.
    pub open: bool,
}

/// One thing an action asks beside reasons and words.
#[derive(Debug, Clone, Serialize)]
pub struct InputView {
    /// Its name; text `input-<name>`.
    pub name: &'static str,
    /// `days date money person`.
    pub kind: &'static str,
    /// As typed.
    pub value: String,
    /// Persons to choose from.
    pub options: Vec<super::field::OptionView>,
    /// What may be given, in words; may be empty.
    pub hint: String,
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
            unmask: None,
            uncovered: vec![],
            mine: false,
            officer: String::new(),
            second: Some(Second { needed: 2, done: vec!["示例·王".to_owned()] }),
            conditions: None,
            materials: vec![],
            next: None,
            ..case.clone()
        };
        let waits = Self {
            held: Some(super::life::sample_held(Some("requested"))),
            status: "suspended",
            parts: super::life::sample_parts(),
            rulings: vec![super::life::sample_ruling("would-refuse")],
            part_of: Some(Link::new("", Tx::own("开餐馆一件事"))),
            ..case.clone()
        };
        let lost = Self {
            conflict: Some(Conflict {
                events: case.events.clone(),
                action: "ask-correction",
                words: "登记表第二页没有盖章。".to_owned(),
            }),
            unit: Some(Stage::sample()),
            review: "/desk/review/units/1".to_owned(),
            cards: vec![
                CardView { id: "step-late", colour: "yellow", at: "2026年12月3日 09:12".to_owned() },
                CardView { id: "over-law", colour: "red", at: "2026年12月9日 10:00".to_owned() },
            ],
            rulings: vec![super::life::sample_ruling("grant")],
            part_of: Some(Link::new("/desk/cases/440000/9", Tx::own("开餐馆一件事"))),
            ..case.clone()
        };
        vec![case, barred, waits, lost]
    }
}

impl DeskCasePage {
    fn sample_intake() -> Self {
        use super::apply::{CheckSection, FileView, Row};
        use super::case::EventView;
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
            grave: false,
            reasons: vec![],
            inputs: vec![],
            fields: vec![],
            templates: vec![],
            open: false,
            asks_words: true,
            words_required: false,
            words: String::new(),
            materials: vec![],
            draft: vec!["你的申请材料齐全，符合法定形式，现予受理。".to_owned()],
            error: None,
        };
        let input = |name, kind, hint: &str| InputView {
            name,
            kind,
            value: String::new(),
            options: vec![],
            hint: hint.to_owned(),
        };
        Self {
            number: "440000-20261123-000017-4".to_owned(),
            item: Link::new("/items/1", Tx::own("中小学地方课程教材初审")),
            status: "received",
            step: Tx::own("收件和受理"),
            applicant: vec![row("姓名", "示例·陈晓明"), row("公民身份号码", "9900************10")],
            unmask: Some(super::privacy::sample_unmask()),
            uncovered: vec![super::privacy::sample_unmasked()],
            certificates: vec![Link::new("/desk/certificates/440000/1", Tx::own("居住证（示例）"))],
            asks: sample_asks(),
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
                    owed: false,
                    proof: None,
                },
                Evidence {
                    id: "m2".to_owned(),
                    name: Tx::own("试验报告"),
                    required: None,
                    files: vec![],
                    excuse: "初审阶段还没有试验。".to_owned(),
                    owed: false,
                    proof: None,
                },
                Evidence {
                    id: "m3".to_owned(),
                    name: Tx::own("清样"),
                    required: Some(true),
                    files: vec![],
                    excuse: String::new(),
                    owed: true,
                    proof: None,
                },
                Evidence {
                    id: "m4".to_owned(),
                    name: Tx::own("居住证"),
                    required: Some(true),
                    files: vec![],
                    excuse: String::new(),
                    owed: false,
                    proof: Some(sample_proof()),
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
            held: None,
            history: super::life::sample_segments(),
            parts: vec![],
            part_of: None,
            rulings: vec![],
            cards: vec![],
            conflict: None,
            seen: 1,
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
                    grave: true,
                    ..action("not-needed", "n", false)
                },
                ActionView {
                    reasons: vec![option("testing", "检测"), option("hearing", "听证")],
                    inputs: vec![input("days", "days", "1 至 60 个工作日")],
                    templates: vec![Link::new("?text=suspend-special", Tx::own("特别程序"))],
                    open: true,
                    ..action("suspend", "u", false)
                },
                ActionView {
                    inputs: vec![
                        input("date", "date", ""),
                        InputView {
                            options: vec![option("1", "示例·赵")], ..input("host", "person", "")
                        },
                    ],
                    ..action("schedule-hearing", "h", false)
                },
                ActionView {
                    inputs: vec![input("fee", "money", "20 元")],
                    ..action("record-fee", "f", false)
                },
                ActionView { fields: super::apply::sample_fields(), ..action("correct-on-spot", "p", false) },
                ActionView { asks_words: false, draft: vec![], ..action("release", "r", false) },
            ],
            barred: None,
            refused: None,
            events: vec![EventView {
                kind: "submitted",
                at: "2026年11月23日 14:05".to_owned(),
                by: "示例·陈晓明".to_owned(),
                facts: vec!["检测".to_owned()],
                words: vec![],
            }],
            next: Some("/desk/cases/440000/2".to_owned()),
            unit: None,
            review: String::new(),
        }
    }
}

fn sample_proof() -> UsedProof {
    UsedProof {
        name: Tx::own("居住证（示例）"),
        issuer: Tx::own("示例·公安局"),
        rows: vec![super::wallet::Said { q: Tx::own("居住起始日"), a: "2025年3月1日".to_owned() }],
        grade: "a".to_owned(),
        at: "9月7日 10:00".to_owned(),
        today: "revoked",
        pdf: "/desk/cases/1/1/proofs/m4/pdf".to_owned(),
    }
}

fn sample_asks() -> super::permissions::DeskAsk {
    use super::field::OptionView;
    use super::permissions::{DeskAsk, sample_line};
    let kind =
        OptionView { value: "permit".to_owned(), title: Tx::own("居住证（示例）"), checked: false };
    DeskAsk {
        lines: ["asked", "stands", "over"].map(sample_line).into(),
        action: Some("/desk/cases/1/1/permissions".to_owned()),
        kinds: vec![kind],
    }
}
