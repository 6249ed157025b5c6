//! `/me…`: my drafts, my cases, rating, messages.

use serde::Serialize;

use super::engine::Page;
use super::parts::{Link, Tx};

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
    /// Who waits for my answer, each with the page that asks it.
    pub asks: Vec<Link>,
    /// Whose they are, where this session acts for somebody else.
    pub acting: Option<String>,
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
    /// The parts of a joint case.
    pub parts: Vec<CaseLine>,
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
    /// It is about the person's own account.
    pub profile: bool,
    /// It is about a tie.
    pub ties: bool,
}

fn sample_line(status: &'static str) -> CaseLine {
    CaseLine {
        href: "/me/cases/440000-20261123-000017-4".to_owned(),
        item: Tx::zh("中小学地方课程教材初审", domain::Lang::En),
        number: "440000-20261123-000017-4".to_owned(),
        status,
        date: "2026年11月23日".to_owned(),
        parts: vec![],
    }
}

impl Page for MePage {
    const TEMPLATE: &'static str = "me.html";

    fn sample() -> Vec<Self> {
        vec![
            Self {
                wanted: vec![sample_line("awaiting-correction"), sample_line("awaiting-confirmation")],
                drafts: vec![CaseLine { number: String::new(), ..sample_line("draft") }],
                running: vec![
                    sample_line("received"),
                    sample_line("in-review"),
                    sample_line("awaiting-decision"),
                    CaseLine {
                        parts: vec![sample_line("suspended"), sample_line("closed-granted")],
                        ..sample_line("with-agencies")
                    },
                ],
                closed: vec![
                    sample_line("closed-granted"),
                    sample_line("closed-refused"),
                    sample_line("closed-withdrawn"),
                ],
                older: Some("/me?before=1".to_owned()),
                unread: 2,
                asks: vec![Link::new("/me/relatives", Tx::own("示例·林小燕 想替你办事"))],
                acting: None,
            },
            Self {
                wanted: vec![],
                drafts: vec![],
                running: vec![],
                closed: vec![],
                older: None,
                unread: 0,
                asks: vec![],
                acting: Some("示例·李秀英".to_owned()),
            },
        ]
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
            ties: false,
            profile: false,
        };
        let ties = Self { case: None, ties: true, ..page.clone() };
        vec![page.clone(), ties, Self { case: None, profile: true, ..page }]
    }
}
