//! `/me/privacy…` and what officers uncovered.

use serde::Serialize;

use super::desk::Tab;
use super::engine::Page;
use super::parts::{Link, Tx};

/// `/me/privacy`.
#[derive(Debug, Clone, Serialize)]
pub struct PrivacyPage {
    /// The latest looks, a few.
    pub reads: Vec<ReadView>,
    /// Consents, the latest first.
    pub consents: Vec<ConsentView>,
    /// That was asked: everything goes. The day, where it is known, else empty.
    pub leaving: Option<String>,
}

/// A consent to the use of sensitive answers.
#[derive(Debug, Clone, Serialize)]
pub struct ConsentView {
    /// The item it was given for.
    pub item: Tx,
    /// The case, where there is one.
    pub case: Option<String>,
    /// Which answers.
    pub fields: Vec<Tx>,
    /// What for.
    pub purpose: Tx,
    /// The day it was given, ready to read.
    pub given: String,
    /// The last day, ready to read.
    pub until: String,
    /// Text `consent-<id>`: `stands`, `over`, `withdrawn`.
    pub state: &'static str,
    /// Where it is withdrawn, while it stands.
    pub withdraw: Option<String>,
    /// Withdrawing ends an application that is still open.
    pub ends_case: bool,
}

/// `/me/privacy/reads`.
#[derive(Debug, Clone, Serialize)]
pub struct ReadsPage {
    /// The latest first.
    pub lines: Vec<ReadView>,
    /// The page after.
    pub older: Option<String>,
}

/// A look at somebody's data.
#[derive(Debug, Clone, Serialize)]
pub struct ReadView {
    /// When, ready to read.
    pub at: String,
    /// What; text `looked-<id>`.
    pub looked: &'static str,
    /// Its name, where it has one; may be empty.
    pub what: String,
    /// Who, in kinds; text `reader-<id>`.
    pub reader: &'static str,
    /// Their name; may be empty.
    pub who: String,
    /// An officer's agency.
    pub agency: Option<Tx>,
    /// Why, in words; may be empty.
    pub why: String,
    /// What they wrote; may be empty.
    pub words: String,
    /// For which case.
    pub case: Option<Link>,
}

/// `/desk/unmaskings`: what officers of an agency uncovered, for their supervisor.
#[derive(Debug, Clone, Serialize)]
pub struct UnmaskingsPage {
    /// The agency.
    pub agency: Tx,
    /// Tabs of the desk.
    pub tabs: Vec<Tab>,
    /// The latest first.
    pub lines: Vec<UnmaskedView>,
    /// The page after.
    pub older: Option<String>,
}

/// Something that was uncovered.
#[derive(Debug, Clone, Serialize)]
pub struct UnmaskedView {
    /// When, ready to read.
    pub at: String,
    /// The officer's name.
    pub who: String,
    /// Text `unmask-<id>`.
    pub reason: &'static str,
    /// Their words; may be empty.
    pub words: String,
    /// The case, by its number.
    pub case: Option<Link>,
}

/// The form that uncovers what is masked on the page of a case: sends `reason` and `words`.
#[derive(Debug, Clone, Serialize)]
pub struct UnmaskForm {
    /// Where it goes.
    pub action: String,
    /// The reasons; texts `unmask-<id>`.
    pub reasons: Vec<&'static str>,
    /// The one that was chosen; may be empty.
    pub chosen: String,
    /// Words as typed.
    pub words: String,
    /// A reason, or the words that it takes, were missing.
    pub error: bool,
}

pub(super) fn sample_unmasked() -> UnmaskedView {
    UnmaskedView {
        at: "2026年11月23日 14:05".to_owned(),
        who: "示例·李".to_owned(),
        reason: "other",
        words: "邮寄前核对收件人".to_owned(),
        case: Some(Link::new("/desk/cases/440000/1", Tx::own("440000-20261123-000017-4"))),
    }
}

pub(super) fn sample_unmask() -> UnmaskForm {
    UnmaskForm {
        action: "/desk/cases/440000/1/unmask".to_owned(),
        reasons: app::UnmaskReason::ALL.map(app::UnmaskReason::id).to_vec(),
        chosen: "other".to_owned(),
        words: String::new(),
        error: true,
    }
}

/// `/me/privacy/export`.
#[derive(Debug, Clone, Serialize)]
pub struct ExportPage {}

/// `/me/privacy/delete`: sends `sure`.
#[derive(Debug, Clone, Serialize)]
pub struct DeletePage {
    /// What must be kept.
    pub keeps: Vec<KeepView>,
    /// For how many years closed cases are kept here.
    pub years: u16,
    /// That was asked already.
    pub waits: bool,
    /// The box was not ticked.
    pub error: bool,
}

/// Something that must be kept.
#[derive(Debug, Clone, Serialize)]
pub struct KeepView {
    /// Text `keep-<id>`: `open`, `record`, `certificate`.
    pub what: &'static str,
    /// How many.
    pub count: u32,
    /// The last day, ready to read, where it is known.
    pub until: Option<String>,
}

impl Page for ExportPage {
    const TEMPLATE: &'static str = "export.html";

    fn sample() -> Vec<Self> {
        vec![Self {}]
    }
}

impl Page for DeletePage {
    const TEMPLATE: &'static str = "delete.html";

    fn sample() -> Vec<Self> {
        let keep = |what, until: Option<&str>| KeepView { what, count: 2, until: until.map(str::to_owned) };
        let keeps = vec![
            keep("open", None),
            keep("record", Some("2036年11月23日")),
            keep("certificate", Some("2031年11月22日")),
        ];
        vec![
            Self { keeps, years: 10, waits: false, error: true },
            Self { keeps: vec![], years: 10, waits: false, error: false },
            Self { keeps: vec![], years: 10, waits: true, error: false },
        ]
    }
}

fn sample_reads() -> Vec<ReadView> {
    let case = Link::new("/me/cases/1", Tx::zh("小餐馆登记（示例）", domain::Lang::En));
    let first = ReadView {
        at: "2026年11月23日 14:05".to_owned(),
        looked: "case",
        what: String::new(),
        reader: "officer",
        who: "示例·李".to_owned(),
        agency: Some(Tx::zh("示例局", domain::Lang::En)),
        why: "审查".to_owned(),
        words: String::new(),
        case: Some(case),
    };
    let file = ReadView { looked: "file", what: "布局图.pdf".to_owned(), ..first.clone() };
    let unmasked =
        ReadView { looked: "unmasked", words: "邮寄前核对收件人".to_owned(), ..first.clone() };
    let agent =
        ReadView { reader: "agent", agency: None, why: String::new(), looked: "profile", ..first.clone() };
    let verified = ReadView {
        looked: "certificate",
        what: "居住证（示例）".to_owned(),
        reader: "verifier",
        who: "示例旅馆".to_owned(),
        words: "入住登记".to_owned(),
        case: None,
        ..agent.clone()
    };
    let own =
        ReadView { looked: "export", reader: "oneself", who: String::new(), case: None, ..agent.clone() };
    let partner = ReadView { reader: "partner", ..verified.clone() };
    vec![first, file, unmasked, agent, verified, own, partner]
}

impl Page for PrivacyPage {
    const TEMPLATE: &'static str = "privacy.html";

    fn sample() -> Vec<Self> {
        let consent = ConsentView {
            item: Tx::zh("公租房申请（示例）", domain::Lang::En),
            case: Some("/me/cases/1".to_owned()),
            fields: vec![Tx::own("身体状况"), Tx::own("无障碍需要")],
            purpose: Tx::zh("安排无障碍的看房时间", domain::Lang::En),
            given: "2026年11月23日".to_owned(),
            until: "2027年5月22日".to_owned(),
            state: "stands",
            withdraw: Some("/me/privacy/consents/1/withdraw".to_owned()),
            ends_case: true,
        };
        let over = ConsentView { state: "over", withdraw: None, case: None, ..consent.clone() };
        let withdrawn = ConsentView { state: "withdrawn", withdraw: None, ..consent.clone() };
        let free = ConsentView { ends_case: false, ..consent.clone() };
        vec![
            Self {
                reads: sample_reads().into_iter().take(3).collect(),
                consents: vec![consent, over, withdrawn, free],
                leaving: None,
            },
            Self { reads: vec![], consents: vec![], leaving: Some("2036年11月23日".to_owned()) },
            Self { reads: vec![], consents: vec![], leaving: Some(String::new()) },
        ]
    }
}

impl Page for ReadsPage {
    const TEMPLATE: &'static str = "reads.html";

    fn sample() -> Vec<Self> {
        vec![
            Self { lines: sample_reads(), older: Some("/me/privacy/reads?before=1".to_owned()) },
            Self { lines: vec![], older: None },
        ]
    }
}

impl Page for UnmaskingsPage {
    const TEMPLATE: &'static str = "desk-unmaskings.html";
    const DESK: bool = true;

    fn sample() -> Vec<Self> {
        let page = Self {
            agency: Tx::zh("示例局", domain::Lang::En),
            tabs: super::desk::sample_tabs("unmaskings"),
            lines: vec![
                sample_unmasked(),
                UnmaskedView { reason: "compare", words: String::new(), case: None, ..sample_unmasked() },
            ],
            older: Some("/desk/unmaskings?before=1".to_owned()),
        };
        vec![page.clone(), Self { lines: vec![], older: None, ..page }]
    }
}
