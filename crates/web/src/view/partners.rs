//! Partners' applications: the page that asks, the way back, and what was agreed to.

use serde::Serialize;

use super::engine::Page;
use super::parts::Tx;

/// `GET /oauth/authorize`: may this application see these things? Sends `request`, `seen`, `answer` (`yes`, `no`) and
/// `scope-<id>` for what is sensitive to `/oauth/consent`.
#[derive(Debug, Clone, Serialize)]
pub struct ConsentPage {
    /// The application.
    pub name: Tx,
    /// Who runs it.
    pub run_by: Tx,
    /// The host that people go back to.
    pub host: String,
    /// What it wants to see, with the purpose of each.
    pub scopes: Vec<ScopeView>,
    /// How long consent lasts, in days.
    pub days: u16,
    /// The request, to be read again.
    pub request: String,
    /// Which version of the application's entry was shown.
    pub seen: String,
}

/// Something that an application sees.
#[derive(Debug, Clone, Serialize)]
pub struct ScopeView {
    /// Text `scope-<id>`.
    pub id: &'static str,
    /// Agreed to by a box of its own.
    pub sensitive: bool,
    /// What for.
    pub purpose: Option<Tx>,
    /// What it would see, masked; empty where nothing is known.
    pub value: String,
}

/// The way back to an application: a page that leads on by itself.
#[derive(Debug, Clone, Serialize)]
pub struct LeadPage {
    /// Where to.
    pub to: String,
    /// The application.
    pub name: Tx,
}

/// An application's request that cannot be answered; nobody is sent anywhere.
#[derive(Debug, Clone, Serialize)]
pub struct BadRequestPage {
    /// The code of OAuth.
    pub code: &'static str,
    /// What is wrong, in English, for developers.
    pub why: &'static str,
}

/// `GET /oauth/logout`: sign out? Sends `request` to `/oauth/signout`. Where nobody is signed in it says so.
#[derive(Debug, Clone, Serialize)]
pub struct LeavePage {
    /// The application that wishes it.
    pub name: Option<Tx>,
    /// The request, to be read again.
    pub request: String,
    /// Nobody is signed in any more.
    pub done: bool,
}

/// `/me/authorisations`: sends `partner` to `/me/authorisations/withdraw`.
#[derive(Debug, Clone, Serialize)]
pub struct AuthorisationsPage {
    /// What holds.
    pub holding: Vec<AuthorisationView>,
    /// What was withdrawn, replaced, or has run out.
    pub over: Vec<AuthorisationView>,
}

/// What was agreed to at one application.
#[derive(Debug, Clone, Serialize)]
pub struct AuthorisationView {
    /// Its id.
    pub partner: String,
    /// Its name.
    pub name: Tx,
    /// Who runs it.
    pub run_by: Tx,
    /// What it may see.
    pub scopes: Vec<ScopeView>,
    /// When it was given.
    pub given: String,
    /// Until when.
    pub expires: String,
    /// When it last served.
    pub used: String,
    /// When it was withdrawn or replaced; empty where it only ran out.
    pub ended: String,
}

fn scopes() -> Vec<ScopeView> {
    let view =
        |id, sensitive, purpose, value: &str| ScopeView { id, sensitive, purpose, value: value.to_owned() };
    vec![
        view("openid", false, None, ""),
        view("profile", false, Some(Tx::own("印在借书证上")), "示****"),
        view("id_number", true, Some(Tx::zh("核对是否本馆辖区读者", domain::Lang::En)), "9****************0"),
        view("phone", false, Some(Tx::own("到期提醒")), ""),
    ]
}

impl Page for ConsentPage {
    const TEMPLATE: &'static str = "oauth-consent.html";

    fn sample() -> Vec<Self> {
        let page = Self {
            name: Tx::own("示例·图书馆"),
            run_by: Tx::own("示例·某市图书馆"),
            host: "library.example".to_owned(),
            scopes: scopes(),
            days: 180,
            request: "client_id=library&scope=openid%20profile".to_owned(),
            seen: "1".to_owned(),
        };
        vec![Self { scopes: scopes().into_iter().take(1).collect(), ..page.clone() }, page]
    }
}

impl Page for LeadPage {
    const TEMPLATE: &'static str = "oauth-lead.html";

    fn sample() -> Vec<Self> {
        vec![Self {
            to: "https://library.example/cb?code=x&state=y".to_owned(),
            name: Tx::own("示例·图书馆"),
        }]
    }
}

impl Page for BadRequestPage {
    const TEMPLATE: &'static str = "oauth-error.html";

    fn sample() -> Vec<Self> {
        vec![Self { code: "invalid_request", why: "redirect_uri is not one that is registered" }]
    }
}

impl Page for LeavePage {
    const TEMPLATE: &'static str = "oauth-leave.html";

    fn sample() -> Vec<Self> {
        let page = Self { name: Some(Tx::own("示例·图书馆")), request: String::new(), done: false };
        vec![Self { name: None, ..page.clone() }, Self { done: true, ..page.clone() }, page]
    }
}

impl Page for AuthorisationsPage {
    const TEMPLATE: &'static str = "authorisations.html";

    fn sample() -> Vec<Self> {
        let line = AuthorisationView {
            partner: "library".to_owned(),
            name: Tx::own("示例·图书馆"),
            run_by: Tx::own("示例·某市图书馆"),
            scopes: scopes(),
            given: "2026年9月7日 09:00".to_owned(),
            expires: "2027年3月6日 09:00".to_owned(),
            used: "2026年9月8日 10:12".to_owned(),
            ended: String::new(),
        };
        let ended = AuthorisationView { ended: "2026年9月9日 08:00".to_owned(), ..line.clone() };
        let over = vec![ended, line.clone()];
        vec![Self { holding: vec![line], over }, Self { holding: Vec::new(), over: Vec::new() }]
    }
}
