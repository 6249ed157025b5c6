//! An authorisation request: read, and held against what is registered, before anything else is done.

use std::collections::BTreeMap;

use super::OauthError;
use super::registered::Partner;
use super::scope::{self, Scope};
use crate::{App, Error};

/// Longest `state`, `nonce` and the like, in bytes.
const MAX_WORD: usize = 2_048;
/// Longest `nonce`, which is kept for a minute.
const MAX_NONCE: usize = 512;
/// Length of a SHA-256 in base64url.
const CHALLENGE: usize = 43;

/// What the person is to be asked whatever is known (OpenID Connect Core section 3.1.2.1).
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Prompt {
    /// Nothing may be shown.
    pub none: bool,
    /// To sign in again.
    pub login: bool,
    /// To agree again.
    pub consent: bool,
}

/// Where the browser goes back to, and with what to tell requests apart.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Returning {
    /// A registered address.
    pub to: String,
    /// As it came.
    pub state: Option<String>,
}

/// A request that fits what is registered.
#[derive(Debug, Clone)]
pub struct AuthorisationRequest {
    /// Who asks.
    pub partner: Partner,
    /// Where the answer goes.
    pub back: Returning,
    /// What is asked for, `openid` among it.
    pub scopes: Vec<Scope>,
    /// To be repeated in the ID token.
    pub nonce: Option<String>,
    /// What the person is to be asked whatever is known.
    pub prompt: Prompt,
    /// How old the sign-in may be, in seconds.
    pub max_age: Option<i64>,
    /// A sign-in from then on is new enough (seconds since 1970): where a new one was asked for by this request.
    pub signed_in_after: Option<i64>,
    /// SHA-256 of what the application will show to get its tokens (RFC 7636), base64url.
    pub(super) challenge: String,
}

/// Why a request is not answered as wished.
#[derive(Debug)]
pub enum Wrong {
    /// Said to the person here: who asks or where to go back to is not known, so nobody is sent anywhere.
    Here(OauthError),
    /// Said to the application.
    There(Box<Partner>, Returning, OauthError),
}

impl App {
    /// Reads the parameters of an authorisation request.
    ///
    /// # Errors
    /// When the store cannot answer.
    pub async fn read_authorisation(
        &self,
        pairs: &[(String, String)],
    ) -> Result<Result<AuthorisationRequest, Wrong>, Error> {
        let here = |why| Ok(Err(Wrong::Here(OauthError::invalid_request(why))));
        let mut given = BTreeMap::new();
        for (name, value) in pairs {
            // RFC 6749 section 3.1: an empty parameter is one left out.
            if !value.is_empty() && given.insert(name.as_str(), value.as_str()).is_some() {
                return here("a parameter stands twice");
            }
        }
        if pairs.iter().any(|(_, value)| value.len() > MAX_WORD) {
            return here("a parameter is too long");
        }
        let Some(partner) = self.partner(given.get("client_id").copied().unwrap_or_default()).await? else {
            return Ok(Err(Wrong::Here(OauthError::invalid_client("the application is not registered"))));
        };
        let to = given.get("redirect_uri").copied().unwrap_or_default();
        if !partner.about.redirect_uris.iter().any(|uri| uri == to) {
            return here("redirect_uri is not one that is registered");
        }
        let back = Returning { to: to.to_owned(), state: given.get("state").map(|&state| state.to_owned()) };
        Ok(read(partner.clone(), back.clone(), &given)
            .map_err(|why| Wrong::There(Box::new(partner), back, why)))
    }
}

fn read(
    partner: Partner,
    back: Returning,
    given: &BTreeMap<&str, &str>,
) -> Result<AuthorisationRequest, OauthError> {
    let get = |name: &str| given.get(name).copied();
    for (name, refused) in [
        ("request", OauthError::request_not_supported("request objects are not taken")),
        ("request_uri", OauthError::request_uri_not_supported("request objects are not taken")),
        ("registration", OauthError::registration_not_supported("applications register with the operator")),
    ] {
        if get(name).is_some() {
            return Err(refused);
        }
    }
    match get("response_type") {
        Some("code") => {}
        None => return Err(OauthError::invalid_request("response_type is missing")),
        Some(_) => return Err(OauthError::unsupported_response_type("response_type is code")),
    }
    if get("response_mode").is_some_and(|mode| mode != "query") {
        return Err(OauthError::invalid_request("response_mode is query"));
    }
    let challenge = get("code_challenge").ok_or(OauthError::invalid_request("code_challenge is missing"))?;
    if get("code_challenge_method") != Some("S256") || challenge.len() != CHALLENGE {
        return Err(OauthError::invalid_request("code_challenge_method is S256"));
    }
    let nonce = get("nonce").map(str::to_owned);
    if nonce.as_ref().is_some_and(|nonce| nonce.len() > MAX_NONCE) {
        return Err(OauthError::invalid_request("nonce is too long"));
    }
    let scopes = scopes(&partner, get("scope").unwrap_or_default())?;
    let prompt = prompt(get("prompt").unwrap_or_default())?;
    let max_age = number(get("max_age"), "max_age is a number of seconds")?;
    let signed_in_after = number(get("signed_in_after"), "signed_in_after is a time")?;
    let challenge = challenge.to_owned();
    Ok(AuthorisationRequest { partner, back, scopes, nonce, prompt, max_age, signed_in_after, challenge })
}

fn number(text: Option<&str>, why: &'static str) -> Result<Option<i64>, OauthError> {
    let Some(text) = text else { return Ok(None) };
    let number = text.parse::<u32>().map_err(|_| OauthError::invalid_request(why))?;
    Ok(Some(i64::from(number)))
}

fn scopes(partner: &Partner, text: &str) -> Result<Vec<Scope>, OauthError> {
    let scopes = scope::read(text).ok_or(OauthError::invalid_scope("a scope is not known here"))?;
    if !scopes.contains(&Scope::Openid) {
        return Err(OauthError::invalid_scope("the scope openid is missing"));
    }
    if !scopes.iter().all(|scope| partner.about.may_ask(*scope)) {
        return Err(OauthError::invalid_scope("a scope is not registered for this application"));
    }
    Ok(scopes)
}

fn prompt(text: &str) -> Result<Prompt, OauthError> {
    let mut prompt = Prompt::default();
    for word in text.split(' ').filter(|word| !word.is_empty()) {
        match word {
            "none" => prompt.none = true,
            "login" | "select_account" => prompt.login = true,
            "consent" => prompt.consent = true,
            _ => return Err(OauthError::invalid_request("prompt is none, login, consent or select_account")),
        }
    }
    if prompt.none && (prompt.login || prompt.consent) {
        return Err(OauthError::invalid_request("prompt=none stands alone"));
    }
    Ok(prompt)
}
