//! Codes, access tokens and refresh tokens: random texts of which only hashes are kept. A code opens once and within
//! a minute; a refresh token once; who comes with one a second time has it from a thief, or a thief has it from them,
//! so all that was given for the same sign-in falls (RFC 9700 sections 2.1.1 and 4.14).

use domain::{PersonId, micros};
use serde::{Deserialize, Serialize};
use store::{PartnerGrant, PartnerToken};
use uuid::Uuid;

use super::agree::Agreed;
use super::registered::Partner;
use super::scope::{self, Scope};
use super::{OauthError, encode, hashed};
use crate::{App, Error};

/// How long a code is good (µs).
const CODE: i64 = 60_000_000;
/// How long an access token is good, in seconds.
pub(super) const ACCESS_SECONDS: i64 = 600;
/// Use of a consent is noted at most this often (µs), so that looking does not write.
const NOTE_EVERY: i64 = 60_000_000;

const KIND_CODE: &str = "code";
const KIND_ACCESS: &str = "access";
const KIND_REFRESH: &str = "refresh";

/// What a token stands for, as stored.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub(super) struct Given {
    pub(super) scopes: Vec<Scope>,
    /// When the person signed in (seconds since 1970).
    pub(super) auth_time: i64,
    /// Real-name level then.
    pub(super) level: u8,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(super) redirect_uri: Option<String>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(super) challenge: Option<String>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(super) nonce: Option<String>,
}

/// What an application sends to exchange a code.
#[derive(Debug, Clone, Copy)]
pub struct CodeUse<'a> {
    /// The code.
    pub code: &'a str,
    /// Where the code was sent.
    pub redirect_uri: &'a str,
    /// Of which the request held the hash (RFC 7636).
    pub verifier: &'a str,
}

/// The answer of the token endpoint (RFC 6749 section 5.1, OpenID Connect Core section 3.1.3.3).
#[derive(Debug, Clone, Serialize)]
pub struct TokenAnswer {
    /// Opens what its scopes say.
    pub access_token: String,
    /// `Bearer`.
    pub token_type: &'static str,
    /// Seconds.
    pub expires_in: i64,
    /// To be exchanged for new ones, once.
    pub refresh_token: String,
    /// Who signed in.
    pub id_token: String,
    /// What was given, which may be less than was asked for.
    pub scope: String,
}

/// What an access token opens.
#[derive(Debug, Clone)]
pub struct Access {
    /// Of whom.
    pub person: PersonId,
    /// To which application.
    pub partner: Partner,
    /// What.
    pub scopes: Vec<Scope>,
    /// The sign-in it belongs to.
    pub grant: Uuid,
}

/// A token that holds, with all that it depends on.
struct Live {
    row: PartnerToken,
    given: Given,
    grant: PartnerGrant,
    consent: Uuid,
    used_at: i64,
}

impl App {
    /// A code for a sign-in.
    pub(super) fn code(&self, grant: &PartnerGrant, given: &Given) -> Result<(String, PartnerToken), Error> {
        self.token(KIND_CODE, grant, given, micros(self.now()) + CODE)
    }

    fn token(
        &self,
        kind: &str,
        grant: &PartnerGrant,
        given: &Given,
        expires_at: i64,
    ) -> Result<(String, PartnerToken), Error> {
        let text = self.new_token();
        let row = PartnerToken {
            lookup: hashed(&text),
            kind: kind.to_owned(),
            person: grant.person,
            grant_id: grant.id,
            partner: grant.partner.clone(),
            data: serde_json::to_string(given)?,
            created_at: micros(self.now()),
            expires_at,
            used_at: None,
        };
        Ok((text, row))
    }

    /// Exchanges a code for tokens.
    ///
    /// # Errors
    /// [`Error::Oauth`] with `invalid_grant` and why.
    pub async fn exchange_code(&self, partner: &Partner, sent: CodeUse<'_>) -> Result<TokenAnswer, Error> {
        let live = self.live(partner, KIND_CODE, sent.code).await?;
        if live.given.redirect_uri.as_deref() != Some(sent.redirect_uri) {
            return Err(OauthError::invalid_grant("redirect_uri is not that of the request").into());
        }
        if !proves(sent.verifier, live.given.challenge.as_deref().unwrap_or_default()) {
            return Err(OauthError::invalid_grant("code_verifier does not fit the code_challenge").into());
        }
        let scopes = live.given.scopes.clone();
        self.trade(partner, live, scopes).await
    }

    /// Exchanges a refresh token for new tokens, with fewer scopes if wished.
    ///
    /// # Errors
    /// [`Error::Oauth`] with `invalid_grant` or `invalid_scope` and why.
    pub async fn refresh(&self, partner: &Partner, token: &str, scope: &str) -> Result<TokenAnswer, Error> {
        let live = self.live(partner, KIND_REFRESH, token).await?;
        let mut scopes = live.given.scopes.clone();
        if !scope.is_empty() {
            let fewer = scope::read(scope).filter(|fewer| scope::covers(&scopes, fewer));
            scopes = fewer.ok_or(OauthError::invalid_scope("more than was agreed to"))?;
        }
        self.trade(partner, live, scopes).await
    }

    /// Takes a token out of use, and gives what it is exchanged for. The scopes of the access token may be fewer.
    async fn trade(&self, partner: &Partner, live: Live, scopes: Vec<Scope>) -> Result<TokenAnswer, Error> {
        let Live { row, given, grant, .. } = &live;
        let now = micros(self.now());
        let lasts = (now + ACCESS_SECONDS * 1_000_000).min(grant.expires_at);
        let bare = Given { redirect_uri: None, challenge: None, nonce: None, ..given.clone() };
        let (access_token, access) =
            self.token(KIND_ACCESS, grant, &Given { scopes: scopes.clone(), ..bare.clone() }, lasts)?;
        let (refresh_token, refresh) = self.token(KIND_REFRESH, grant, &bare, grant.expires_at)?;
        let id_token = self.id_token(partner, grant, given).await?;
        match self.store.exchange_token(row.lookup.clone(), now, vec![access, refresh]).await {
            Err(store::Error::Conflict) => return Err(self.stolen(row).await),
            done => done?,
        }
        self.note_use(&live).await?;
        Ok(TokenAnswer {
            access_token,
            token_type: "Bearer",
            expires_in: (lasts - now) / 1_000_000,
            refresh_token,
            id_token,
            scope: scope::written(&scopes),
        })
    }

    /// The token of this kind that was given to this application and holds.
    async fn live(&self, partner: &Partner, kind: &str, text: &str) -> Result<Live, Error> {
        const UNKNOWN: OauthError =
            OauthError::invalid_grant("unknown, expired, or given to another application");
        let row = self.store.partner_token(&hashed(text)).await?.ok_or(UNKNOWN)?;
        if row.kind != kind || row.partner != partner.about.id {
            return Err(UNKNOWN.into());
        }
        if row.used_at.is_some() {
            return Err(self.stolen(&row).await);
        }
        self.still(partner, row).await?.ok_or(UNKNOWN.into())
    }

    /// A token with its sign-in and consent, if all of them hold now.
    async fn still(&self, partner: &Partner, row: PartnerToken) -> Result<Option<Live>, Error> {
        let now = micros(self.now());
        let Some(grant) = self.store.partner_grant(row.person, row.grant_id).await? else { return Ok(None) };
        let over = grant.ended_at.is_some() || grant.expires_at <= now || grant.created_at < partner.since;
        if row.expires_at <= now || over {
            return Ok(None);
        }
        let Some(consent) = self.store.partner_consent(row.person, &row.partner, now).await? else {
            return Ok(None);
        };
        let profile = match self.profile(PersonId(row.person)).await {
            Err(Error::NotFound | Error::Store(store::Error::Erased)) => return Ok(None),
            profile => profile?,
        };
        let given: Given = serde_json::from_str(&row.data)?;
        let agreed: Agreed = serde_json::from_str(&consent.data)?;
        // What the operator no longer lets the application ask for it no longer sees either.
        let may = given.scopes.iter().all(|&scope| partner.about.may_ask(scope));
        let live = Live { row, given, grant, consent: consent.id, used_at: consent.used_at };
        let holds = may && agreed.covers(&live.given.scopes) && agreed.binds(&profile);
        Ok(holds.then_some(live))
    }

    /// Somebody came with a token that was used before.
    async fn stolen(&self, row: &PartnerToken) -> Error {
        let ended = self.store.end_partner_grant(row.person, row.grant_id, micros(self.now())).await;
        match ended {
            Ok(()) => {
                OauthError::invalid_grant("used before: everything given for this sign-in is revoked").into()
            }
            Err(error) => error.into(),
        }
    }

    async fn note_use(&self, live: &Live) -> Result<(), Error> {
        let now = micros(self.now());
        if now - live.used_at < NOTE_EVERY {
            return Ok(());
        }
        let noted = self.store.use_partner_consent(live.row.person, live.consent, now).await;
        crate::session::reading_goes_on(noted)
    }

    /// What an access token opens now.
    ///
    /// # Errors
    /// [`Error::Oauth`] with `invalid_token`.
    pub async fn access(&self, token: &str) -> Result<Access, Error> {
        const UNKNOWN: OauthError = OauthError::invalid_token("unknown, expired or revoked");
        let row = self.store.partner_token(&hashed(token)).await?.ok_or(UNKNOWN)?;
        if row.kind != KIND_ACCESS {
            return Err(UNKNOWN.into());
        }
        let partner = self.partner(&row.partner).await?.ok_or(UNKNOWN)?;
        let live = self.still(&partner, row).await?.ok_or(UNKNOWN)?;
        self.note_use(&live).await?;
        let (person, grant) = (PersonId(live.row.person), live.grant.id);
        Ok(Access { person, partner, scopes: live.given.scopes, grant })
    }

    /// Revokes a token of this application (RFC 7009): an access token alone, a refresh token with its whole
    /// sign-in. One that is unknown is no error.
    ///
    /// # Errors
    /// When the store cannot take it.
    pub async fn revoke_token(&self, partner: &Partner, token: &str) -> Result<(), Error> {
        let Some(row) = self.store.partner_token(&hashed(token)).await? else { return Ok(()) };
        if row.partner != partner.about.id {
            return Ok(());
        }
        match row.kind.as_str() {
            KIND_ACCESS => self.store.drop_partner_token(row.lookup).await?,
            _ => self.store.end_partner_grant(row.person, row.grant_id, micros(self.now())).await?,
        }
        Ok(())
    }
}

/// Whether a verifier is the one of a challenge (RFC 7636 section 4.6, S256).
fn proves(verifier: &str, challenge: &str) -> bool {
    let plain = |byte: u8| byte.is_ascii_alphanumeric() || b"-._~".contains(&byte);
    (43..=128).contains(&verifier.len())
        && verifier.bytes().all(plain)
        && encode(&hashed(verifier)) == challenge
}

#[cfg(test)]
mod tests {
    use super::proves;

    #[test]
    fn the_example_of_rfc_7636_appendix_b() {
        let verifier = "dBjftJeZ4CVP-mB92K27uhbUJU1p1r_wW1gFWFOEjXk";
        assert!(proves(verifier, "E9Melhoa2OwvFrEMTJguCHaoeK1t8URWbuGJSstw-cM"));
        assert!(!proves(verifier, verifier), "the method plain is not taken");
        assert!(!proves("short", "E9Melhoa2OwvFrEMTJguCHaoeK1t8URWbuGJSstw-cM"));
    }
}
