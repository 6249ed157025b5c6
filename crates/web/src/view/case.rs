//! `/me/cases/{id}`: a case as its applicant sees it.

use serde::Serialize;

use super::engine::Page;
use super::life::{HeldView, PartView, RulingView, SegmentView};
use super::parts::{Link, Paragraphs, Tx};

/// `/me/cases/{id}`.
#[derive(Debug, Clone, Serialize)]
pub struct CasePage {
    /// The item, its page.
    pub item: Link,
    /// Case number.
    pub number: String,
    /// Status id.
    pub status: &'static str,
    /// Of a joint case that ended before all was granted: how many parts were.
    pub tally: Option<String>,
    /// What is wanted of me: the first line of the page.
    pub wanted: Option<Wanted>,
    /// Who has it now.
    pub agency: Tx,
    /// The clock that runs or stands.
    pub clock: Option<ClockView>,
    /// Why it stands still.
    pub held: Option<HeldView>,
    /// Parts of a joint case.
    pub parts: Vec<PartView>,
    /// The joint case it is a part of.
    pub part_of: Option<Link>,
    /// What a decision model said, where it was asked.
    pub ruling: Option<RulingView>,
    /// Ways to challenge a decision.
    pub remedies: Tx,
    /// Which clock ran when.
    pub history: Vec<SegmentView>,
    /// What happened, newest first.
    pub events: Vec<EventView>,
    /// Steps still to come, by what people call them.
    pub ahead: Vec<Tx>,
    /// The result.
    pub result: Option<ResultView>,
    /// Certificates that followed from it.
    pub certificates: Vec<Link>,
    /// An agency asks for a certificate and waits for my answer.
    pub asked: bool,
    /// What I handed in.
    pub sections: Vec<super::apply::CheckSection>,
    /// Receipt.
    pub receipt: String,
    /// Where to withdraw (POST), while one may.
    pub withdraw: Option<String>,
    /// My rating, 1 (very satisfied) to 5.
    pub rated: Option<u8>,
}

/// What is wanted of me.
#[derive(Debug, Clone, Serialize)]
#[serde(tag = "kind", rename_all = "kebab-case")]
pub enum Wanted {
    /// Something is missing or wrong.
    Correction(Correction),
    /// A hearing may be asked for.
    Hearing(HearingRight),
    /// What was promised for later is due.
    Owed(Owed),
    /// Something is offered.
    Offer(Offer),
    /// A step of the procedure is the applicant's own.
    Task(Task),
    /// Say how it was.
    Rate {
        /// The rating page.
        href: String,
    },
}

/// What to mend, and the form for it: one multipart form with `file-<material>`, `answer-<field>`, `note`.
#[derive(Debug, Clone, Serialize)]
pub struct Correction {
    /// Where the form goes.
    pub action: String,
    /// Until when, where there is a limit.
    pub by: Option<String>,
    /// What the officer wrote.
    pub words: Vec<String>,
    /// The answers given, named `answer-<field>`, to change what is wrong.
    pub fields: Vec<super::field::FieldView>,
    /// An answer is wrong: the questions are shown open.
    pub wrong_answers: bool,
    /// Materials the officer named.
    pub materials: Vec<super::apply::MaterialView>,
    /// The other materials.
    pub others: Vec<super::apply::MaterialView>,
    /// Reply as typed.
    pub note: String,
    /// What is wrong with the reply.
    pub errors: Vec<super::field::SummaryLine>,
    /// Most megabytes a file.
    pub max_mb: u32,
}

/// The right to a hearing (行政许可法 art. 47): two forms without fields.
#[derive(Debug, Clone, Serialize)]
pub struct HearingRight {
    /// Where to ask for it (POST).
    pub request: String,
    /// Where to do without it (POST).
    pub waive: String,
    /// Until when.
    pub by: String,
    /// What the officer wrote.
    pub words: Vec<String>,
}

/// What was promised for later: one multipart form with `file-<material>`.
#[derive(Debug, Clone, Serialize)]
pub struct Owed {
    /// Where the form goes.
    pub action: String,
    /// Until when, where there is a limit.
    pub by: Option<String>,
    /// What is owed.
    pub materials: Vec<super::apply::MaterialView>,
    /// What is wrong with what was sent.
    pub errors: Vec<super::field::SummaryLine>,
    /// Most megabytes a file.
    pub max_mb: u32,
}

/// What is offered (免申即享): one multipart form with `answer-<field>`, `file-<material>`.
#[derive(Debug, Clone, Serialize)]
pub struct Offer {
    /// Where it is confirmed.
    pub confirm: String,
    /// Where it is declined.
    pub decline: String,
    /// Until when it stands.
    pub by: Option<String>,
    /// What is still asked.
    pub fields: Vec<super::field::FieldView>,
    /// What is still to be handed in.
    pub materials: Vec<super::apply::MaterialView>,
    /// What is wrong with what was sent.
    pub errors: Vec<super::field::SummaryLine>,
    /// Most megabytes a file.
    pub max_mb: u32,
}

/// The applicant's own step: sends `reason` (the outcome) and `words`.
#[derive(Debug, Clone, Serialize)]
pub struct Task {
    /// Where it goes (POST).
    pub action: String,
    /// What people call the step.
    pub title: Tx,
    /// What may come of it.
    pub outcomes: Vec<super::field::OptionView>,
    /// Words as typed.
    pub words: String,
    /// What was refused, `refusal-<rule>`.
    pub error: Option<&'static str>,
}

/// A clock of the case.
#[derive(Debug, Clone, Serialize)]
pub struct ClockView {
    /// Text `clock-<kind>`.
    pub kind: &'static str,
    /// `running`, `late`, `stopped`.
    pub state: &'static str,
    /// Days left, or days late.
    pub days: u32,
    /// `workday` or `natural-day`.
    pub unit: &'static str,
    /// The last day, ready to read; empty while stopped.
    pub due: String,
    /// The last day counts on years without an official calendar yet.
    pub provisional: bool,
}

/// Something that happened.
#[derive(Debug, Clone, Serialize)]
pub struct EventView {
    /// `submitted claimed …`; text `event-<kind>`.
    pub kind: &'static str,
    /// When.
    pub at: String,
    /// Who, where the public is told; may be empty.
    pub by: String,
    /// What it was about: the special procedure, the length of an extension, the rule of a card.
    pub facts: Vec<String>,
    /// What was written with it.
    pub words: Vec<String>,
}

/// The result document.
#[derive(Debug, Clone, Serialize)]
pub struct ResultView {
    /// Granted.
    pub granted: bool,
    /// Its heading.
    pub title: Tx,
    /// Its number; may be empty.
    pub number: String,
    /// Its text.
    pub body: Paragraphs,
    /// The law it rests on.
    pub law: Vec<String>,
    /// Ways to challenge it.
    pub remedies: Option<Tx>,
    /// Its day.
    pub date: String,
    /// Where to print it.
    pub print: String,
}

impl Page for CasePage {
    const TEMPLATE: &'static str = "case.html";

    fn sample() -> Vec<Self> {
        let case = Self::sample_running();
        let granted = Self {
            status: "closed-granted",
            wanted: Some(Wanted::Rate { href: "/me/cases/1/rate".to_owned() }),
            clock: None,
            ahead: vec![],
            result: Some(ResultView {
                granted: true,
                title: Tx::own("准予行政许可决定书"),
                number: "440000-20261123-000017-4".to_owned(),
                body: Paragraphs::from(Tx::own("示例·陈晓明：\n经审查，你的申请符合法定条件，准予许可。")),
                law: vec!["《中华人民共和国行政许可法》第三十八条".to_owned()],
                remedies: None,
                date: "2026年12月8日".to_owned(),
                print: "/me/cases/1/result".to_owned(),
            }),
            withdraw: None,
            ..case.clone()
        };
        let mut refused = Self { status: "closed-refused", wanted: None, rated: Some(2), ..granted.clone() };
        if let Some(result) = &mut refused.result {
            result.granted = false;
            result.title = Tx::zh("不予行政许可决定书", domain::Lang::En);
            result.remedies =
                Some(Tx::own("可以自收到决定书之日起六十日内申请行政复议，或者六个月内提起行政诉讼。"));
        }
        let mut pages = vec![case.clone(), case.clone().into_correction(), case.clone().into_late()];
        pages.push(Self {
            ruling: Some(super::life::sample_ruling("grant")),
            history: vec![],
            ..granted.clone()
        });
        pages.push(refused);
        let joint = Self { parts: super::life::sample_parts(), status: "with-agencies", ..case.clone() };
        let held = Some(super::life::sample_part_held());
        let ended =
            Self { status: "closed-not-all-granted", tally: Some("办结".to_owned()), ..joint.clone() };
        pages.extend([Self { held, clock: None, ..joint.clone() }, joint, ended]);
        pages.push(Self {
            part_of: Some(Link::new("/me/cases/1", Tx::own("开餐馆一件事"))),
            status: "closed-terminated",
            clock: None,
            ..case.clone()
        });
        pages.extend(case.waiting());
        pages
    }
}

impl CasePage {
    fn sample_running() -> Self {
        let event = |kind, at: &str, by: &str, words: &[&str]| EventView {
            kind,
            at: at.to_owned(),
            by: by.to_owned(),
            facts: vec![],
            words: words.iter().map(|&line| line.to_owned()).collect(),
        };
        Self {
            item: Link::new("/items/1", Tx::own("中小学地方课程教材初审")),
            number: "440000-20261123-000017-4".to_owned(),
            status: "in-review",
            tally: None,
            wanted: None,
            agency: Tx::own("广东省教育厅"),
            clock: Some(ClockView {
                kind: "decision",
                state: "running",
                days: 14,
                unit: "workday",
                due: "2026年12月17日".to_owned(),
                provisional: false,
            }),
            events: vec![
                event("accepted", "2026年11月27日 09:12", "广东省教育厅", &[]),
                event("corrected", "2026年11月26日 20:41", "", &["已补交登记表，盖了公章。"]),
                event(
                    "correction-asked",
                    "2026年11月25日 10:03",
                    "广东省教育厅",
                    &["登记表第二页没有盖章，请盖章后重新上传。"],
                ),
                event("submitted", "2026年11月23日 14:05", "", &[]),
            ],
            held: None,
            parts: vec![],
            part_of: None,
            ruling: None,
            remedies: Tx::zh("可以自收到决定书之日起六十日内申请行政复议。", domain::Lang::En),
            history: super::life::sample_segments(),
            ahead: vec![Tx::own("决定"), Tx::own("制作结果"), Tx::own("送达")],
            result: None,
            certificates: vec![Link::new("/me/certificates/1", Tx::own("居住证（示例）"))],
            asked: true,
            sections: vec![super::apply::CheckSection {
                title: Some(Tx::own("你的信息")),
                change: String::new(),
                rows: vec![super::apply::Row {
                    q: Tx::own("姓名"), a: vec!["示例·陈晓明".to_owned()]
                }],
            }],
            receipt: "/me/cases/1/receipt".to_owned(),
            withdraw: Some("/me/cases/1/withdraw".to_owned()),
            rated: None,
        }
    }

    fn into_correction(mut self) -> Self {
        self.events.drain(0..2);
        Self {
            status: "awaiting-correction",
            wanted: Some(Wanted::Correction(Correction {
                action: "/me/cases/1/correct".to_owned(),
                by: Some("2026年12月9日".to_owned()),
                words: vec!["登记表第二页没有盖章，请盖章后重新上传。".to_owned()],
                fields: super::apply::sample_fields(),
                wrong_answers: true,
                others: vec![],
                materials: vec![super::apply::MaterialView {
                    id: "m1".to_owned(),
                    name: Tx::zh("广东省中小学地方课程教材审查登记表", domain::Lang::En),
                    note: None,
                    required: Some(true),
                    later: None,
                    files: vec![],
                    excuse: String::new(),
                    error: Some(super::apply::UploadError {
                        key: "file-kind",
                        file: "登记表.docx".to_owned(),
                        max: String::new(),
                    }),
                    proof: None,
                }],
                note: String::new(),
                errors: vec![],
                max_mb: 10,
            })),
            clock: Some(ClockView {
                kind: "acceptance",
                state: "stopped",
                days: 3,
                unit: "workday",
                due: String::new(),
                provisional: false,
            }),
            ahead: vec![Tx::own("收件和受理"), Tx::own("审查"), Tx::own("决定")],
            ..self
        }
    }

    /// Pages on which something other than a correction is wanted, or the clock stands still.
    fn waiting(self) -> Vec<Self> {
        use super::apply::MaterialView;
        use super::life::sample_held;
        let material = MaterialView {
            id: "m2".to_owned(),
            name: Tx::own("试验报告"),
            note: None,
            required: Some(true),
            later: None,
            files: vec![],
            excuse: String::new(),
            error: None,
            proof: None,
        };
        let base = |path: &str| format!("/me/cases/1/{path}");
        let by = || Some("2026年12月9日".to_owned());
        let hearing = Wanted::Hearing(HearingRight {
            request: base("request-hearing"),
            waive: base("waive-hearing"),
            by: "2026年12月8日".to_owned(),
            words: vec!["拟作出的决定可能影响你的重大利益。".to_owned()],
        });
        let owed = Wanted::Owed(Owed {
            action: base("supply"),
            by: by(),
            materials: vec![material.clone()],
            errors: vec![],
            max_mb: 10,
        });
        let offer = Wanted::Offer(Offer {
            confirm: base("confirm"),
            decline: base("decline"),
            by: by(),
            fields: super::apply::sample_fields(),
            materials: vec![material],
            errors: vec![],
            max_mb: 10,
        });
        let option = |value: &str, title: &str| super::field::OptionView {
            value: value.to_owned(),
            title: Tx::own(title),
            checked: false,
        };
        let task = Wanted::Task(Task {
            action: base("do"),
            title: Tx::own("确认方案"),
            outcomes: vec![option("agree", "同意"), option("change", "要修改")],
            words: String::new(),
            error: Some("reasons-required"),
        });
        let wanted = |wanted, status, hearing| Self {
            wanted: Some(wanted),
            status,
            held: (status == "suspended").then(|| sample_held(hearing)),
            ..self.clone()
        };
        let held = |hearing| Self { held: Some(sample_held(hearing)), status: "suspended", ..self.clone() };
        vec![
            wanted(hearing, "suspended", Some("told")),
            wanted(owed, "received", None),
            wanted(offer, "awaiting-confirmation", None),
            wanted(task, "in-task", None),
            held(None),
            held(Some("requested")),
            held(Some("scheduled")),
        ]
    }

    fn into_late(self) -> Self {
        let clock = ClockView {
            kind: "decision",
            state: "late",
            days: 2,
            unit: "natural-day",
            due: "2027年1月4日".to_owned(),
            provisional: true,
        };
        Self { clock: Some(clock), status: "awaiting-decision", ..self }
    }
}
