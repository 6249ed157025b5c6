//! `/me…`: my drafts, my cases, rating, messages.

use serde::Serialize;

use super::engine::Page;
use super::parts::{Link, Paragraphs, Tx};

/// `/me`.
#[derive(Debug, Clone, Serialize)]
pub struct MePage {
    /// Cases in which something is wanted of me.
    pub wanted: Vec<CaseLine>,
    /// Drafts, newest first.
    pub drafts: Vec<CaseLine>,
    /// Cases under way, newest first.
    pub running: Vec<CaseLine>,
    /// Closed cases, newest first.
    pub closed: Vec<CaseLine>,
    /// Older closed cases.
    pub older: Option<String>,
    /// Unread messages.
    pub unread: u32,
}

/// A case or draft in a list.
#[derive(Debug, Clone, Serialize)]
pub struct CaseLine {
    /// Its page.
    pub href: String,
    /// The item.
    pub item: Tx,
    /// Case number; empty for a draft.
    pub number: String,
    /// `draft`, or a status id; text `status-<id>`.
    pub status: &'static str,
    /// When it was saved, handed in or closed, ready to read.
    pub date: String,
}

/// `/me/cases/{id}`.
#[derive(Debug, Clone, Serialize)]
pub struct CasePage {
    /// The item, its page.
    pub item: Link,
    /// Case number.
    pub number: String,
    /// Status id.
    pub status: &'static str,
    /// What is wanted of me: the first line of the page.
    pub wanted: Option<Wanted>,
    /// Who has it now.
    pub agency: Tx,
    /// The clock that runs or stands.
    pub clock: Option<ClockView>,
    /// What happened, newest first.
    pub events: Vec<EventView>,
    /// Steps still to come (`intake review decide issue deliver`).
    pub ahead: Vec<&'static str>,
    /// The result.
    pub result: Option<ResultView>,
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

/// A clock of the case.
#[derive(Debug, Clone, Serialize)]
pub struct ClockView {
    /// `acceptance decision issue`; text `clock-<kind>`.
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

/// `/me/cases/{id}/rate`: sends `level` (1–5) and `words`.
#[derive(Debug, Clone, Serialize)]
pub struct RatePage {
    /// The item.
    pub item: Tx,
    /// The case page.
    pub back: String,
    /// Where the form goes.
    pub action: String,
    /// Chosen level, 0 for none.
    pub level: u8,
    /// Words as typed.
    pub words: String,
    /// No level was chosen.
    pub error: bool,
}

/// `/me/messages`.
#[derive(Debug, Clone, Serialize)]
pub struct MessagesPage {
    /// Newest first.
    pub messages: Vec<MessageLine>,
    /// The page after.
    pub older: Option<String>,
}

/// A message in the list.
#[derive(Debug, Clone, Serialize)]
pub struct MessageLine {
    /// Its page.
    pub href: String,
    /// Subject.
    pub subject: String,
    /// When.
    pub at: String,
    /// Unread.
    pub unread: bool,
}

/// `/me/messages/{id}`.
#[derive(Debug, Clone, Serialize)]
pub struct MessagePage {
    /// Subject.
    pub subject: String,
    /// When.
    pub at: String,
    /// Text.
    pub body: Vec<String>,
    /// The case.
    pub case: Option<Link>,
}

fn sample_line(status: &'static str) -> CaseLine {
    CaseLine {
        href: "/me/cases/440000-20261123-000017-4".to_owned(),
        item: Tx::zh("中小学地方课程教材初审", domain::Lang::En),
        number: "440000-20261123-000017-4".to_owned(),
        status,
        date: "2026年11月23日".to_owned(),
    }
}

impl Page for MePage {
    const TEMPLATE: &'static str = "me.html";

    fn sample() -> Vec<Self> {
        vec![
            Self {
                wanted: vec![sample_line("awaiting-correction")],
                drafts: vec![CaseLine { number: String::new(), ..sample_line("draft") }],
                running: vec![
                    sample_line("received"),
                    sample_line("in-review"),
                    sample_line("awaiting-decision"),
                ],
                closed: vec![
                    sample_line("closed-granted"),
                    sample_line("closed-refused"),
                    sample_line("closed-withdrawn"),
                ],
                older: Some("/me?before=1".to_owned()),
                unread: 2,
            },
            Self { wanted: vec![], drafts: vec![], running: vec![], closed: vec![], older: None, unread: 0 },
        ]
    }
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
        vec![case.clone(), case.clone().into_correction(), case.into_late(), granted, refused]
    }
}

impl CasePage {
    fn sample_running() -> Self {
        let event = |kind, at: &str, by: &str, words: &[&str]| EventView {
            kind,
            at: at.to_owned(),
            by: by.to_owned(),
            words: words.iter().map(|&line| line.to_owned()).collect(),
        };
        Self {
            item: Link::new("/items/1", Tx::own("中小学地方课程教材初审")),
            number: "440000-20261123-000017-4".to_owned(),
            status: "in-review",
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
            ahead: vec!["decide", "issue", "deliver"],
            result: None,
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
                    files: vec![],
                    excuse: String::new(),
                    error: Some(super::apply::UploadError {
                        key: "file-kind",
                        file: "登记表.docx".to_owned(),
                        max: String::new(),
                    }),
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
            ahead: vec!["intake", "review", "decide", "issue", "deliver"],
            ..self
        }
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

impl Page for RatePage {
    const TEMPLATE: &'static str = "rate.html";

    fn sample() -> Vec<Self> {
        let page = Self {
            item: Tx::own("中小学地方课程教材初审"),
            back: "/me/cases/1".to_owned(),
            action: "/me/cases/1/rate".to_owned(),
            level: 0,
            words: String::new(),
            error: false,
        };
        vec![
            page.clone(),
            Self { error: true, words: "等得有点久。".to_owned(), ..page.clone() },
            Self { level: 4, ..page },
        ]
    }
}

impl Page for MessagesPage {
    const TEMPLATE: &'static str = "messages.html";

    fn sample() -> Vec<Self> {
        let line = |subject: &str, unread| MessageLine {
            href: "/me/messages/1".to_owned(),
            subject: subject.to_owned(),
            at: "2026年11月25日 10:03".to_owned(),
            unread,
        };
        let messages = vec![line("请补正：中小学地方课程教材初审", true), line("已收到你的申请", false)];
        vec![Self { messages, older: Some("?page=2".to_owned()) }, Self { messages: vec![], older: None }]
    }
}

impl Page for MessagePage {
    const TEMPLATE: &'static str = "message.html";

    fn sample() -> Vec<Self> {
        let page = Self {
            subject: "请补正：中小学地方课程教材初审".to_owned(),
            at: "2026年11月25日 10:03".to_owned(),
            body: vec![
                "登记表第二页没有盖章，请盖章后重新上传。".to_owned(),
                "补正期间不计入办理时限。".to_owned(),
            ],
            case: Some(Link::new("/me/cases/1", Tx::own("中小学地方课程教材初审"))),
        };
        vec![page.clone(), Self { case: None, ..page }]
    }
}
