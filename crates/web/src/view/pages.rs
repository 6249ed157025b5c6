//! Sign-in, help, about, errors.

use serde::Serialize;

use super::engine::Page;
use super::parts::{Link, Tx};
use super::providers::{Trouble, Way};

/// `/signin`: providers elsewhere, each a link, and the demonstration's own page. That sends `person`, or `name` and `number`; and `back`.
#[derive(Debug, Clone, Serialize)]
pub struct SigninPage {
    /// Providers elsewhere.
    pub ways: Vec<Way>,
    /// What went wrong elsewhere.
    pub trouble: Option<Trouble>,
    /// Synthetic people.
    pub people: Vec<Person>,
    /// Where to go afterwards.
    pub back: String,
    /// Name as typed.
    pub name: String,
    /// Citizen number as typed.
    pub number: String,
    /// The box "only state it" is ticked.
    pub declared: bool,
    /// What is wrong with the name, `signin-…`.
    pub name_error: Option<&'static str>,
    /// What is wrong with the number, `signin-…`.
    pub number_error: Option<&'static str>,
}

/// A synthetic person.
#[derive(Debug, Clone, Serialize)]
pub struct Person {
    /// Value of the button.
    pub id: String,
    /// Name.
    pub name: String,
    /// A word about them, e.g. "67, Guangzhou"; may be empty.
    pub note: String,
}

/// `/signin/officer`: first the agency (a link each), then one of its officers. Sends `officer`, `back`.
#[derive(Debug, Clone, Serialize)]
pub struct OfficerSigninPage {
    /// The agency chosen.
    pub agency: Option<Tx>,
    /// Its officers.
    pub officers: Vec<OfficerView>,
    /// Agencies to choose from, those with open cases first.
    pub agencies: Vec<Link>,
    /// Where to go afterwards.
    pub back: String,
}

/// A synthetic officer.
#[derive(Debug, Clone, Serialize)]
pub struct OfficerView {
    /// Value of the button.
    pub id: String,
    /// Name.
    pub name: String,
    /// Post; text `post-<id>`.
    pub post: &'static str,
    /// Roles, ready to read.
    pub roles: Vec<String>,
}

/// `/signout`: asked once, by a POST.
#[derive(Debug, Clone, Serialize)]
pub struct SignoutPage {
    /// Where "stay" goes.
    pub back: String,
}

/// `/help`.
#[derive(Debug, Clone, Serialize)]
pub struct HelpPage {}

/// `/about`.
#[derive(Debug, Clone, Serialize)]
pub struct AboutPage {
    /// Items in the catalogue.
    pub items: u32,
    /// Bodies.
    pub agencies: u32,
    /// Items one can apply for here.
    pub online: u32,
    /// Items worked out by hand.
    pub worked_examples: u32,
    /// Sources of the data.
    pub sources: Vec<DataSource>,
    /// Version of the program.
    pub version: String,
}

/// A source of data.
#[derive(Debug, Clone, Serialize)]
pub struct DataSource {
    /// What it gave.
    pub what: Tx,
    /// Where it is from.
    pub from: String,
    /// Its licence.
    pub licence: String,
}

/// An error page: what happened, what was kept, what to do.
#[derive(Debug, Clone, Serialize)]
pub struct ErrorPage {
    /// 400 403 404 405 409 413 429 500 503; texts `error-<status>-title`, `-what`, `-do`.
    pub status: u16,
    /// A broken rule said in words instead of the general sentence: `refusal-<rule>`.
    pub refusal: Option<&'static str>,
    /// The disk is full (with 503).
    pub disk_full: bool,
    /// The database is away (with 503).
    pub away: bool,
    /// The certificate of an agency's seal does not hold today (with 503).
    pub seal_over: bool,
    /// Seconds after which to try again (with 429); 0 for unknown.
    pub retry_after: u32,
    /// What was typed is kept here.
    pub kept: Option<String>,
    /// A number to name when asking for help; may be empty.
    pub reference: String,
}

impl ErrorPage {
    /// A page for `status` and nothing more to say.
    #[must_use]
    pub fn new(status: u16) -> Self {
        Self {
            status,
            refusal: None,
            disk_full: false,
            away: false,
            seal_over: false,
            retry_after: 0,
            kept: None,
            reference: String::new(),
        }
    }

    /// The statuses with words of their own.
    pub const STATUSES: [u16; 9] = [400, 403, 404, 405, 409, 413, 429, 500, 503];
}

impl Page for SigninPage {
    const TEMPLATE: &'static str = "signin.html";

    fn sample() -> Vec<Self> {
        let person = |id: &str, name: &str, note: &str| Person {
            id: id.to_owned(),
            name: name.to_owned(),
            note: note.to_owned(),
        };
        let page = Self {
            ways: Vec::new(),
            trouble: None,
            people: vec![
                person("1", "示例·陈晓明", "36 岁"),
                person("2", "示例·黄秀英", "72 岁"),
                person("3", "示例·林小雨", ""),
            ],
            back: "/items/1/apply".to_owned(),
            name: String::new(),
            number: String::new(),
            declared: false,
            name_error: None,
            number_error: None,
        };
        let wrong = Self {
            name: "示例".to_owned(),
            number: "99000019900101001".to_owned(),
            declared: true,
            name_error: Some("signin-name-missing"),
            number_error: Some("signin-number-shape"),
            ..page.clone()
        };
        let away = Trouble { key: "signin-away", code: "away" };
        let elsewhere = Self { ways: Way::sample(), trouble: Some(away), people: Vec::new(), ..page.clone() };
        vec![page, wrong, elsewhere]
    }
}

impl Page for OfficerSigninPage {
    const TEMPLATE: &'static str = "officer-signin.html";

    fn sample() -> Vec<Self> {
        let agencies = vec![
            Link::counted("/signin/officer?agency=1", Tx::zh("广东省教育厅", domain::Lang::En), 3),
            Link::counted("/signin/officer?agency=2", Tx::own("广东省公安厅"), 0),
        ];
        let officer = |id: &str, name: &str, post, roles: &[&str]| OfficerView {
            post,
            id: id.to_owned(),
            name: name.to_owned(),
            roles: roles.iter().map(|&role| role.to_owned()).collect(),
        };
        let officers = vec![
            officer("1", "示例·李", "clerk", &["受理"]),
            officer("2", "示例·王", "head", &["审查", "决定"]),
        ];
        vec![
            Self { agency: None, officers: vec![], agencies, back: "/desk".to_owned() },
            Self {
                agency: Some(Tx::own("广东省教育厅")), officers, agencies: vec![], back: String::new()
            },
        ]
    }
}

impl Page for SignoutPage {
    const TEMPLATE: &'static str = "signout.html";

    fn sample() -> Vec<Self> {
        vec![Self { back: "/me".to_owned() }]
    }
}

impl Page for HelpPage {
    const TEMPLATE: &'static str = "help.html";

    fn sample() -> Vec<Self> {
        vec![Self {}]
    }
}

impl Page for AboutPage {
    const TEMPLATE: &'static str = "about.html";

    fn sample() -> Vec<Self> {
        vec![Self {
            items: 2274,
            agencies: 177,
            online: 796,
            worked_examples: 12,
            sources: vec![DataSource {
                what: Tx::own("2,262 个事项和 177 个部门"),
                from: "Clarence-Kong/QABasedOnPolicyKnowledgeGraph, data/policy.json".to_owned(),
                licence: "MIT".to_owned(),
            }],
            version: "0.1.0".to_owned(),
        }]
    }
}

impl Page for ErrorPage {
    const TEMPLATE: &'static str = "error.html";

    fn sample() -> Vec<Self> {
        let mut pages: Vec<Self> = Self::STATUSES.map(Self::new).to_vec();
        pages.push(Self { refusal: Some("already-closed"), kept: Some("/me".to_owned()), ..Self::new(403) });
        pages.push(Self { disk_full: true, reference: "01JDX3".to_owned(), ..Self::new(503) });
        pages.push(Self { away: true, ..Self::new(503) });
        pages.push(Self { seal_over: true, ..Self::new(503) });
        pages.push(Self { retry_after: 30, ..Self::new(429) });
        pages
    }
}
