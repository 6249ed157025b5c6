//! Who somebody is: real-name level, sessions, passkeys, the window.

use serde::Serialize;

use super::desk::Tab;
use super::engine::Page;
use super::parts::Tx;
use super::providers::{Trouble, Way};

/// `/me/level`: why more must be proved, and how. Sends `back` and `needed`.
#[derive(Debug, Clone, Serialize)]
pub struct LevelPage {
    /// The level that is asked for, 2 to 5; text `level-<n>`.
    pub needed: u8,
    /// The level the person has.
    pub has: u8,
    /// The level that can be proved from here; 0 where only a window helps.
    pub to: u8,
    /// The service that asks for it.
    pub item: Option<Tx>,
    /// Name, whole.
    pub name: String,
    /// Citizen number, masked.
    pub number: String,
    /// Where to go afterwards.
    pub back: String,
    /// Why the last try failed, `signin-…`.
    pub error: Option<Trouble>,
    /// Providers elsewhere that can prove it.
    pub ways: Vec<Way>,
}

/// `/me/profile`.
#[derive(Debug, Clone, Serialize)]
pub struct ProfilePage {
    /// Name, whole.
    pub name: String,
    /// Citizen number, masked.
    pub number: String,
    /// Real-name level, 2 to 5; texts `level-<n>`, `level-<n>-says`.
    pub level: u8,
    /// Who vouched for it, in words.
    pub vouched: String,
    /// Whether a WeChat account is tied; none where no mini-program is connected.
    pub wechat: Option<bool>,
    /// Nothing more can be proved.
    pub highest: bool,
    /// Passkeys.
    pub passkeys: u32,
    /// What was done at windows, the latest first.
    pub acts: Vec<ActLine>,
}

/// What an officer did at a window.
#[derive(Debug, Clone, Serialize)]
pub struct ActLine {
    /// `registered`, `passkeys-removed`; text `act-<kind>`.
    pub kind: &'static str,
    /// When.
    pub at: String,
    /// Who.
    pub officer: String,
    /// Their agency.
    pub agency: Tx,
    /// What was shown; text `card-<id>`.
    pub card: Option<&'static str>,
    /// Why.
    pub reason: String,
}

/// `/me/sessions`, `/desk/sessions`: forms send `id` to `<base>/end`, and nothing to `<base>/end-others`.
#[derive(Debug, Clone, Serialize)]
pub struct SessionsPage {
    /// `/me/sessions` or `/desk/sessions`.
    pub base: &'static str,
    /// Where one came from.
    pub back: &'static str,
    /// The latest used first.
    pub lines: Vec<SessionView>,
}

/// A session.
#[derive(Debug, Clone, Serialize)]
pub struct SessionView {
    /// Its id.
    pub id: String,
    /// The one that asks.
    pub current: bool,
    /// Text `device-<kind>`.
    pub kind: &'static str,
    /// Text `browser-<program>`.
    pub program: &'static str,
    /// When it began.
    pub begun: String,
    /// When it was last used.
    pub seen: String,
}

/// `/me/passkeys`, `/desk/passkeys`: forms send what the browser answers to `<base>`, and `id` to `<base>/remove`.
#[derive(Debug, Clone, Serialize)]
pub struct PasskeysPage {
    /// `/me/passkeys` or `/desk/passkeys`.
    pub base: &'static str,
    /// Where one came from.
    pub back: &'static str,
    /// The latest made first.
    pub lines: Vec<PasskeyView>,
    /// What a browser needs to make one.
    pub maker: Maker,
    /// They must have one.
    pub required: bool,
    /// Why the last try failed; text `passkey-<fault>`.
    pub fault: Option<&'static str>,
}

/// A passkey.
#[derive(Debug, Clone, Serialize)]
pub struct PasskeyView {
    /// Its id.
    pub id: String,
    /// Text `device-<kind>`.
    pub kind: &'static str,
    /// Text `browser-<program>`.
    pub program: &'static str,
    /// When it was made.
    pub made: String,
    /// When it was last used; empty for never.
    pub used: String,
}

/// What a browser needs to make a passkey.
#[derive(Debug, Clone, Serialize)]
pub struct Maker {
    /// The owner's id as base64url: no personal data.
    pub user: String,
    /// What the passkey is called in the owner's device.
    pub name: String,
    /// Ids of passkeys that are there already, parted by spaces.
    pub known: String,
}

/// `/signin/passkey`: the second factor.
#[derive(Debug, Clone, Serialize)]
pub struct SecondPage {
    /// The waiting session's form token.
    pub csrf: String,
    /// A first passkey is to be made; otherwise one is to be used.
    pub maker: Option<Maker>,
    /// The operator's one-time code is asked for (`code`).
    pub code: bool,
    /// Ids of one's passkeys, parted by spaces.
    pub known: String,
    /// An officer.
    pub officer: bool,
    /// Where to go afterwards.
    pub back: String,
    /// Why the last try failed; text `passkey-<fault>`.
    pub fault: Option<&'static str>,
}

/// `/signin/posts`: sends `agency`, `back`.
#[derive(Debug, Clone, Serialize)]
pub struct PostsPage {
    /// One's posts.
    pub posts: Vec<PostView>,
    /// Where to go afterwards.
    pub back: String,
}

/// A post at an agency.
#[derive(Debug, Clone, Serialize)]
pub struct PostView {
    /// The agency.
    pub agency: Tx,
    /// Its code: value of the button.
    pub code: String,
    /// Roles, ready to read.
    pub roles: Vec<String>,
}

/// `/desk/window`: sends `name`, `number`, `card`, `words`, `passkeys`.
#[derive(Debug, Clone, Serialize)]
pub struct WindowPage {
    /// The agency.
    pub agency: Tx,
    /// Tabs.
    pub tabs: Vec<Tab>,
    /// As typed.
    pub name: String,
    /// As typed.
    pub number: String,
    /// As chosen.
    pub card: String,
    /// Kinds of card; texts `card-<id>`.
    pub cards: Vec<&'static str>,
    /// As typed.
    pub words: String,
    /// Lost passkeys go.
    pub passkeys: bool,
    /// What is wrong: field (`name`, `number`, `card`, `words`) and text.
    pub error: Option<(&'static str, &'static str)>,
}

/// `/desk/officers`: the head's colleagues.
#[derive(Debug, Clone, Serialize)]
pub struct OfficersPage {
    /// The agency.
    pub agency: Tx,
    /// Tabs.
    pub tabs: Vec<Tab>,
    /// Officers.
    pub officers: Vec<ColleagueView>,
}

/// An officer of one's agency.
#[derive(Debug, Clone, Serialize)]
pub struct ColleagueView {
    /// Name.
    pub name: String,
    /// Roles, ready to read.
    pub roles: Vec<String>,
    /// Passkeys.
    pub passkeys: u32,
    /// Where their passkeys are taken away (POST); `None` for oneself, or where there are none.
    pub reset: Option<String>,
}

impl Page for LevelPage {
    const TEMPLATE: &'static str = "level.html";

    fn sample() -> Vec<Self> {
        let page = Self {
            needed: 3,
            has: 2,
            to: 3,
            item: Some(Tx::zh("老年人优待证", domain::Lang::En)),
            name: "示例·陈晓明".to_owned(),
            number: "9900**********0010".to_owned(),
            back: "/items/ex-elder-card/apply".to_owned(),
            error: None,
            ways: Vec::new(),
        };
        let other = Trouble { key: "signin-other-person", code: "" };
        let forged = Trouble { key: "signin-not-genuine", code: "signature" };
        vec![
            page.clone(),
            Self { error: Some(other), ..page.clone() },
            Self { error: Some(forged), ways: Way::sample(), to: 0, needed: 4, ..page.clone() },
            Self { needed: 4, to: 3, item: None, ..page.clone() },
            Self { needed: 5, has: 3, to: 0, ..page.clone() },
            Self { needed: 3, has: 5, to: 0, item: None, ..page },
        ]
    }
}

impl Page for ProfilePage {
    const TEMPLATE: &'static str = "profile.html";

    fn sample() -> Vec<Self> {
        let act = ActLine {
            kind: "registered",
            at: "2026年11月25日 10:03".to_owned(),
            officer: "示例·梁同事".to_owned(),
            agency: Tx::zh("广东省人力资源和社会保障厅", domain::Lang::En),
            card: Some("id-card"),
            reason: "本人到窗口，核对原件".to_owned(),
        };
        let page = Self {
            name: "示例·陈晓明".to_owned(),
            number: "9900**********0010".to_owned(),
            level: 2,
            vouched: "示例省统一身份认证".to_owned(),
            wechat: None,
            highest: false,
            passkeys: 0,
            acts: vec![],
        };
        let gone = ActLine { kind: "passkeys-removed", card: None, ..act.clone() };
        vec![
            page.clone(),
            Self { wechat: Some(true), ..page.clone() },
            Self {
                wechat: Some(false),
                level: 5,
                vouched: "受理窗口".to_owned(),
                highest: true,
                passkeys: 2,
                acts: vec![act, gone],
                ..page
            },
        ]
    }
}

impl Page for SessionsPage {
    const TEMPLATE: &'static str = "sessions.html";

    fn sample() -> Vec<Self> {
        let line = |id: &str, current| SessionView {
            id: id.to_owned(),
            current,
            kind: "iphone",
            program: "wechat",
            begun: "2026年11月25日 10:03".to_owned(),
            seen: "2026年11月25日 10:08".to_owned(),
        };
        let lines =
            vec![line("a1", true), SessionView { kind: "other", program: "other", ..line("b2", false) }];
        vec![
            Self { base: "/me/sessions", back: "/me/profile", lines: lines.clone() },
            Self { base: "/desk/sessions", back: "/desk", lines: lines[..1].to_vec() },
        ]
    }
}

impl Page for PasskeysPage {
    const TEMPLATE: &'static str = "passkeys.html";

    fn sample() -> Vec<Self> {
        let line = PasskeyView {
            id: "YQ".to_owned(),
            kind: "mac",
            program: "safari",
            made: "2026年11月25日 10:03".to_owned(),
            used: String::new(),
        };
        let page = Self {
            base: "/me/passkeys",
            back: "/me/profile",
            lines: vec![line.clone(), PasskeyView { used: line.made.clone(), ..line }],
            maker: sample_maker(),
            required: false,
            fault: None,
        };
        vec![
            page.clone(),
            Self { lines: vec![], fault: Some("not-verified"), ..page.clone() },
            Self { base: "/desk/passkeys", back: "/desk", required: true, ..page },
        ]
    }
}

fn sample_maker() -> Maker {
    Maker {
        user: "AZkAAAAAcACAAAAAAAAAAQ".to_owned(),
        name: "示例·陈晓明".to_owned(),
        known: "YQ".to_owned(),
    }
}

impl Page for SecondPage {
    const TEMPLATE: &'static str = "second.html";

    fn sample() -> Vec<Self> {
        let page = Self {
            csrf: "0123".to_owned(),
            maker: None,
            code: false,
            known: "YQ".to_owned(),
            officer: false,
            back: "/me".to_owned(),
            fault: None,
        };
        vec![
            page.clone(),
            Self { fault: Some("signature"), officer: true, ..page.clone() },
            Self { maker: Some(sample_maker()), officer: true, ..page.clone() },
            Self { maker: Some(sample_maker()), officer: true, code: true, ..page.clone() },
            Self { maker: Some(sample_maker()), officer: true, code: true, fault: Some("code"), ..page },
        ]
    }
}

impl Page for PostsPage {
    const TEMPLATE: &'static str = "posts.html";

    fn sample() -> Vec<Self> {
        let post = |name: &str, code: &str, roles: &[&str]| PostView {
            agency: Tx::zh(name, domain::Lang::En),
            code: code.to_owned(),
            roles: roles.iter().map(|&role| role.to_owned()).collect(),
        };
        let one = post("示例·某市市场监督管理局", "1", &["受理", "审查"]);
        let two = post("示例·某市卫生健康委员会", "2", &["决定"]);
        let page = Self { posts: vec![one.clone(), two], back: "/desk".to_owned() };
        vec![Self { posts: Vec::new(), ..page.clone() }, Self { posts: vec![one], ..page.clone() }, page]
    }
}

impl Page for WindowPage {
    const TEMPLATE: &'static str = "window.html";
    const DESK: bool = true;

    fn sample() -> Vec<Self> {
        let page = Self {
            agency: Tx::zh("广东省人力资源和社会保障厅", domain::Lang::En),
            tabs: Vec::new(),
            name: String::new(),
            number: String::new(),
            card: String::new(),
            cards: vec!["id-card", "temporary-id-card", "residence-permit"],
            words: String::new(),
            passkeys: false,
            error: None,
        };
        let typed = Self {
            name: "示例·陈晓明".to_owned(),
            number: "123".to_owned(),
            card: "id-card".to_owned(),
            words: "本人到窗口".to_owned(),
            passkeys: true,
            ..page.clone()
        };
        let errors = [
            ("name", "signin-name-missing"),
            ("number", "signin-number-shape"),
            ("card", "window-card-missing"),
            ("words", "window-reason-missing"),
        ];
        let wrong = errors.map(|error| Self { error: Some(error), ..typed.clone() });
        [page].into_iter().chain(wrong).collect()
    }
}

impl Page for OfficersPage {
    const TEMPLATE: &'static str = "officers.html";
    const DESK: bool = true;

    fn sample() -> Vec<Self> {
        let officer = ColleagueView {
            name: "示例·谢科长".to_owned(),
            roles: vec!["决定".to_owned()],
            passkeys: 2,
            reset: Some("/desk/officers/1/reset".to_owned()),
        };
        let without = ColleagueView { passkeys: 0, reset: None, ..officer.clone() };
        let agency = Tx::zh("广东省人力资源和社会保障厅", domain::Lang::En);
        vec![Self { agency, tabs: Vec::new(), officers: vec![officer, without] }]
    }
}
