//! What an operator writes of a partner's application, and its check.

use std::collections::{BTreeMap, BTreeSet};

use domain::Text;
use serde::{Deserialize, Serialize};

use super::scope::Scope;

/// Longest time for which consent is asked, in days.
pub const MAX_CONSENT_DAYS: u16 = 365;
/// Most addresses of one kind.
const MAX_URIS: usize = 20;
/// Longest address.
const MAX_URI: usize = 500;
/// Longest id.
const MAX_ID: usize = 64;

/// An application as registered.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct PartnerFile {
    /// `client_id`: lower-case letters, digits and hyphens.
    pub id: String,
    /// What people know it by.
    pub name: Text,
    /// Who runs it and answers for it.
    pub run_by: Text,
    /// Where people are sent back to; compared letter by letter.
    pub redirect_uris: Vec<String>,
    /// Where they may be sent after signing out.
    #[serde(default)]
    pub post_logout_redirect_uris: Vec<String>,
    /// Where it is told that somebody signed out.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub backchannel_logout_uri: Option<String>,
    /// It can keep no secret: an app on a phone, a page in a browser.
    #[serde(default)]
    pub public: bool,
    /// The real-name level it needs, 2 to 5; 3 where nothing is said.
    #[serde(default = "matched")]
    pub level: u8,
    /// How long consent lasts, 1 to 365 days; 180 where nothing is said.
    #[serde(default = "half_a_year")]
    pub consent_days: u16,
    /// Whose pseudonyms are the same: the host of the redirect URIs where nothing is said.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub sector: Option<String>,
    /// What it may ask for beside the pseudonym, and for what purpose.
    #[serde(default)]
    pub scopes: BTreeMap<Scope, Text>,
}

fn matched() -> u8 {
    3
}

fn half_a_year() -> u16 {
    180
}

impl PartnerFile {
    /// What is wrong with it; nothing when it may be registered.
    #[must_use]
    pub fn problems(&self) -> Vec<String> {
        let mut wrong = Vec::new();
        let plain = |byte: u8| byte.is_ascii_lowercase() || byte.is_ascii_digit() || byte == b'-';
        if self.id.is_empty() || self.id.len() > MAX_ID || !self.id.bytes().all(plain) {
            wrong.push("id: 1 to 64 lower-case letters, digits and hyphens".to_owned());
        }
        for (field, text) in [("name", &self.name), ("run_by", &self.run_by)] {
            if text.is_empty() {
                wrong.push(format!("{field}: is empty"));
            }
        }
        if self.redirect_uris.is_empty() {
            wrong.push("redirect_uris: at least one".to_owned());
        }
        self.check_uris(&mut wrong);
        if !(2..=5).contains(&self.level) {
            wrong.push("level: 2 to 5".to_owned());
        }
        if !(1..=MAX_CONSENT_DAYS).contains(&self.consent_days) {
            wrong.push(format!("consent_days: 1 to {MAX_CONSENT_DAYS}"));
        }
        if self.sector().is_none() {
            wrong.push("sector: must be said where redirect_uris have several hosts".to_owned());
        }
        for (scope, purpose) in &self.scopes {
            if purpose.is_empty() {
                wrong.push(format!("scopes: {} has no purpose", scope.id()));
            }
        }
        wrong
    }

    fn check_uris(&self, wrong: &mut Vec<String>) {
        for (field, uris) in [
            ("redirect_uris", &self.redirect_uris),
            ("post_logout_redirect_uris", &self.post_logout_redirect_uris),
        ] {
            if uris.len() > MAX_URIS {
                wrong.push(format!("{field}: {MAX_URIS} at most"));
            }
            for uri in uris {
                match place(uri) {
                    Some(place) if place.of_an_app() && !self.public => {
                        wrong.push(format!(
                            "{field}: {uri}: only public applications have schemes of their own"
                        ));
                    }
                    Some(_) => {}
                    None => wrong.push(format!(
                        "{field}: {uri}: https://HOST/…, http on the own machine, or a scheme with a dot"
                    )),
                }
            }
        }
        if let Some(uri) = &self.backchannel_logout_uri
            && place(uri).is_none_or(|place| place.of_an_app())
        {
            wrong.push(format!("backchannel_logout_uri: {uri}: https://HOST/…, or http on the own machine"));
        }
    }

    /// Whose pseudonyms are the same (OpenID Connect Core section 8.1).
    pub(crate) fn sector(&self) -> Option<String> {
        if let Some(sector) = &self.sector {
            return (!sector.is_empty()).then(|| sector.clone());
        }
        let hosts: BTreeSet<_> =
            self.redirect_uris.iter().filter_map(|uri| place(uri)).map(|at| at.host).collect();
        let mut hosts = hosts.into_iter();
        match (hosts.next(), hosts.next()) {
            (Some(host), None) => Some(host.to_owned()),
            _ => None,
        }
    }

    /// What it may ask for.
    pub(crate) fn may_ask(&self, scope: Scope) -> bool {
        scope == Scope::Openid || self.scopes.contains_key(&scope)
    }
}

/// Scheme and host of an address; an app's own scheme is its host.
struct Place<'a> {
    scheme: &'a str,
    host: &'a str,
}

impl Place<'_> {
    fn of_an_app(&self) -> bool {
        !matches!(self.scheme, "https" | "http")
    }
}

/// Reads an absolute address without fragment, user or odd characters. `http` only for the own machine, and other
/// schemes only with a dot, as RFC 8252 section 7 has them, which `javascript` and `data` lack.
fn place(uri: &str) -> Option<Place<'_>> {
    let odd = |byte: u8| !byte.is_ascii_graphic() || b"#\\\"'<>`{}|^".contains(&byte);
    if uri.len() > MAX_URI || uri.bytes().any(odd) {
        return None;
    }
    let (scheme, rest) = uri.split_once(':')?;
    let Some(rest) = rest.strip_prefix("//").filter(|_| matches!(scheme, "https" | "http")) else {
        let own = scheme.contains('.')
            && scheme.bytes().all(|byte| {
                byte.is_ascii_lowercase() || byte.is_ascii_digit() || byte == b'.' || byte == b'-'
            });
        return (own && rest.starts_with('/')).then_some(Place { scheme, host: scheme });
    };
    let host = rest.split(['/', '?']).next()?;
    let name = match host.rsplit_once(':') {
        Some((name, port)) if port.bytes().all(|byte| byte.is_ascii_digit()) && !port.is_empty() => name,
        _ => host,
    };
    let plain = |byte: u8| byte.is_ascii_lowercase() || byte.is_ascii_digit() || b".-:[]".contains(&byte);
    let loopback = matches!(name, "127.0.0.1" | "localhost" | "[::1]");
    let fits = !name.is_empty() && name.bytes().all(plain) && (scheme == "https" || loopback);
    fits.then_some(Place { scheme, host: name })
}

#[cfg(test)]
mod tests {
    use super::place;

    #[test]
    fn only_addresses_that_lead_to_one_place() {
        for (uri, host) in [
            ("https://app.example/cb", "app.example"),
            ("https://app.example:8443/cb?x=1", "app.example"),
            ("http://127.0.0.1:4000/cb", "127.0.0.1"),
            ("http://[::1]:4000/cb", "[::1]"),
            ("cn.example.app:/cb", "cn.example.app"),
        ] {
            assert_eq!(place(uri).map(|place| place.host), Some(host), "{uri}");
        }
        for uri in [
            "http://app.example/cb",
            "https://app.example/cb#x",
            "https://a@b.example/",
            "https://App.example/",
            "https:///cb",
            "javascript:alert(1)",
            "data:text/html,x",
            "//app.example/cb",
            "https://app.example/a b",
            "https://app.example\\@evil.example/",
            "",
        ] {
            assert!(place(uri).is_none(), "{uri}");
        }
    }
}
