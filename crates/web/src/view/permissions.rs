//! Who may look at my certificates: the holder's pages, and what a desk sees.

use serde::Serialize;

use super::engine::Page;
use super::field::OptionView;
use super::parts::Tx;
use super::wallet::Said;

/// `/me/certificates/permissions`.
#[derive(Debug, Clone, Serialize)]
pub struct PermissionsPage {
    /// What waits for my answer; sends `answer` (yes, no) and `until`.
    pub asked: Vec<PermissionLine>,
    /// What stands.
    pub stands: Vec<PermissionLine>,
    /// What was refused, ended or is over.
    pub past: Vec<PermissionLine>,
    /// Days to choose from.
    pub until: Until,
    /// Id of the one whose answer had a day that cannot be; empty for none.
    pub wrong: String,
}

/// Days to choose from, as a form sends them.
#[derive(Debug, Clone, Serialize)]
pub struct Until {
    /// The first.
    pub first: String,
    /// The last.
    pub last: String,
    /// What is offered.
    pub usual: String,
}

/// One permission.
#[derive(Debug, Clone, Serialize)]
pub struct PermissionLine {
    /// Its id, the last part of the addresses of its forms.
    pub id: String,
    /// Type of certificate.
    pub name: Tx,
    /// The agency.
    pub agency: Tx,
    /// The service.
    pub item: Tx,
    /// The case, for its applicant.
    pub case: Option<String>,
    /// Text `authority-<id>`.
    pub authority: &'static str,
    /// When it was asked or given.
    pub asked: String,
    /// The last day.
    pub until: Option<String>,
    /// Who asks; may be empty.
    pub officer: String,
    /// Why; may be empty.
    pub words: String,
    /// Where the desk looks at the certificate.
    pub look: Option<String>,
}

/// `/me/certificates/{id}/permit`: searches with `q` (GET), sends `item` and `until`.
#[derive(Debug, Clone, Serialize)]
pub struct PermitPage {
    /// The certificate.
    pub name: Tx,
    /// Its page.
    pub back: String,
    /// This page.
    pub action: String,
    /// What was searched.
    pub query: String,
    /// Nothing was found.
    pub none: bool,
    /// Services found, each with its agency.
    pub items: Vec<OptionView>,
    /// The fields that the agency sees.
    pub fields: Vec<Tx>,
    /// Days to choose from.
    pub until: Until,
    /// No service was chosen, or the day cannot be.
    pub wrong: bool,
}

/// What a desk asked for, within a case.
#[derive(Debug, Clone, Serialize)]
pub struct DeskAsk {
    /// What was asked and given.
    pub lines: Vec<PermissionLine>,
    /// Where asking goes (POST `kind`, `words`), while the case is open.
    pub action: Option<String>,
    /// Types to ask for.
    pub kinds: Vec<OptionView>,
}

/// `/desk/cases/{area}/{id}/permissions/{permission}`.
#[derive(Debug, Clone, Serialize)]
pub struct PermittedPage {
    /// The case.
    pub case: String,
    /// Its number.
    pub number: String,
    /// The certificate.
    pub name: Tx,
    /// Who issued it.
    pub issuer: Tx,
    /// Text `standing-<id>`.
    pub standing: &'static str,
    /// What it says, without what is sensitive.
    pub rows: Vec<Said>,
    /// Its national identifier.
    pub identifier: String,
    /// Text `grade-<id>`.
    pub grade: &'static str,
}

fn sample_until() -> Until {
    Until { first: "2026-11-23".to_owned(), last: "2027-11-24".to_owned(), usual: "2026-12-23".to_owned() }
}

/// Lines in every state, for the samples of two pages.
pub(super) fn sample_line(authority: &'static str) -> PermissionLine {
    PermissionLine {
        id: authority.to_owned(),
        name: Tx::own("居住证（示例）"),
        agency: Tx::own("示例·人力资源和社会保障局"),
        item: Tx::own("失业登记"),
        case: Some("/me/cases/1".to_owned()),
        authority,
        asked: "2026年11月23日 14:05".to_owned(),
        until: (authority == "stands").then(|| "2026年12月23日".to_owned()),
        officer: "示例·王丽".to_owned(),
        words: "核对居住地".to_owned(),
        look: (authority == "stands").then(|| "/desk/cases/1/1/permissions/1".to_owned()),
    }
}

impl Page for PermissionsPage {
    const TEMPLATE: &'static str = "permissions.html";

    fn sample() -> Vec<Self> {
        let full = Self {
            asked: vec![sample_line("asked")],
            stands: vec![sample_line("stands")],
            past: ["refused", "ended", "over"].map(sample_line).into(),
            until: sample_until(),
            wrong: "asked".to_owned(),
        };
        let empty =
            Self { asked: vec![], stands: vec![], past: vec![], wrong: String::new(), ..full.clone() };
        vec![full, empty]
    }
}

impl Page for PermitPage {
    const TEMPLATE: &'static str = "permit.html";

    fn sample() -> Vec<Self> {
        let item =
            OptionView {
                value: "ex-1".to_owned(), title: Tx::own("失业登记 · 示例局"), checked: true
            };
        let found = Self {
            name: Tx::own("居住证（示例）"),
            back: "/me/certificates/1".to_owned(),
            action: "/me/certificates/1/permit".to_owned(),
            query: "失业".to_owned(),
            none: false,
            items: vec![item],
            fields: vec![Tx::own("居住起始日")],
            until: sample_until(),
            wrong: true,
        };
        let none = Self { none: true, items: vec![], wrong: false, ..found.clone() };
        vec![Self { query: String::new(), none: false, ..none.clone() }, found, none]
    }
}

impl Page for PermittedPage {
    const TEMPLATE: &'static str = "permitted.html";

    fn sample() -> Vec<Self> {
        vec![Self {
            case: "/desk/cases/1/1".to_owned(),
            number: "440000-20261123-0000001".to_owned(),
            name: Tx::own("居住证（示例）"),
            issuer: Tx::own("示例·公安局"),
            standing: "valid",
            rows: vec![Said { q: Tx::own("居住起始日"), a: "2025年3月1日".to_owned() }],
            identifier: "1.2.156.3005.2.…".to_owned(),
            grade: "a",
        }]
    }
}
