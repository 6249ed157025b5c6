//! Signing in through others: the ways there are, and the tied WeChat account.

use serde::Serialize;

use super::engine::Page;
use super::parts::Tx;

/// A provider elsewhere, as a link.
#[derive(Debug, Clone, Serialize)]
pub struct Way {
    /// Where it begins.
    pub href: String,
    /// What people know it by.
    pub name: Tx,
}

/// Why an answer from elsewhere was not taken.
#[derive(Debug, Clone, Copy, Serialize)]
pub struct Trouble {
    /// Text.
    pub key: &'static str,
    /// What staff look up; empty where the text says all.
    pub code: &'static str,
}

/// `/me/wechat`: sends `ticket`, or nothing to `/me/wechat/untie`.
#[derive(Debug, Clone, Serialize)]
pub struct WechatPage {
    /// Since when an account is tied; empty for none.
    pub since: String,
    /// The mini-program's ticket for the account to be tied; empty without one.
    pub ticket: String,
    /// The page is open inside a mini-program.
    pub inside: bool,
    /// Why the last try failed; text `wechat-<id>`.
    pub fault: Option<&'static str>,
    /// Name, whole.
    pub name: String,
}

impl Way {
    pub(super) fn sample() -> Vec<Self> {
        let href = "/signin/with/province?back=%2Fme".to_owned();
        vec![Self { href, name: Tx::zh("示例省统一身份认证", domain::Lang::En) }]
    }
}

impl Page for WechatPage {
    const TEMPLATE: &'static str = "wechat.html";

    fn sample() -> Vec<Self> {
        let page = Self {
            since: String::new(),
            ticket: "AQID".to_owned(),
            inside: true,
            fault: None,
            name: "示例·陈晓明".to_owned(),
        };
        let since = "2026年11月25日 10:03".to_owned();
        vec![
            page.clone(),
            Self { since: since.clone(), ..page.clone() },
            Self { inside: false, ..page.clone() },
            Self { since, ticket: String::new(), ..page.clone() },
            Self { ticket: String::new(), fault: Some("ticket"), ..page },
        ]
    }
}
