//! What stands between a request and its answer: to be signed in, to have proved enough, to agree. Then a code.

use domain::{Text, micros};
use identity::RealNameLevel;
use serde::{Deserialize, Serialize};
use store::{PartnerConsent, PartnerGrant};

use super::OauthError;
use super::ask::AuthorisationRequest;
use super::claims::shown;
use super::file::PartnerFile;
use super::scope::{self, Scope};
use super::tokens::Given;
use crate::{App, Error, Profile, Session};

/// How long a sign-in at an application lasts that ends with the session here (µs): no longer than a session can.
const WITH_SESSION: i64 = 12 * 3_600_000_000;
const DAY: i64 = 24 * 3_600_000_000;

/// What is to be done with a request.
#[derive(Debug)]
pub enum Step {
    /// Sign in first; a sign-in from this second on is new enough.
    SignIn(i64),
    /// Prove more first: this level.
    StepUp(u8),
    /// Ask whether the application may see these.
    Ask(Vec<Asked>),
    /// Go back with this code.
    Code(String),
}

/// A scope that somebody is asked about.
#[derive(Debug, Clone)]
pub struct Asked {
    /// Which.
    pub scope: Scope,
    /// What the application says it needs it for.
    pub purpose: Option<Text>,
    /// What it would see now, masked; empty where nothing is known.
    pub value: String,
}

/// What somebody agreed to, as stored.
#[derive(Debug, Serialize, Deserialize)]
pub(super) struct Agreed {
    pub(super) scopes: Vec<AgreedScope>,
    /// Real-name level of whoever agreed.
    pub(super) level: u8,
}

#[derive(Debug, Serialize, Deserialize)]
pub(super) struct AgreedScope {
    pub(super) scope: Scope,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(super) purpose: Option<Text>,
}

impl Agreed {
    fn to(scopes: &[Scope], about: &PartnerFile, level: u8) -> Self {
        let one = |&scope: &Scope| AgreedScope { scope, purpose: about.scopes.get(&scope).cloned() };
        Self { scopes: scopes.iter().map(one).collect(), level }
    }

    /// Whether it is the consent of whoever the account is proved to be: what somebody agreed to who only declared
    /// the number binds nobody who proved more since.
    pub(super) fn binds(&self, profile: &Profile) -> bool {
        let declared = RealNameLevel::Declared.number();
        self.level > declared || profile.level == RealNameLevel::Declared
    }

    pub(super) fn covers(&self, asked: &[Scope]) -> bool {
        let agreed: Vec<_> = self.scopes.iter().map(|agreed| agreed.scope).collect();
        scope::covers(&agreed, asked)
    }
}

impl App {
    /// What is to be done with a request; a code where everything is there. An officer's session counts as none.
    ///
    /// # Errors
    /// [`Error::Oauth`], for the application, where it forbade to show anything and something would have to be.
    pub async fn authorise(
        &self,
        request: &AuthorisationRequest,
        session: Option<&Session>,
        issuer: &str,
    ) -> Result<Step, Error> {
        let silent = |step, otherwise: OauthError| {
            if request.prompt.none { Err(Error::from(otherwise)) } else { Ok(step) }
        };
        let now = micros(self.now()) / 1_000_000;
        const SIGNED_OUT: OauthError =
            OauthError::login_required("nobody is signed in, or not lately enough");
        let Some((session, person)) = session.and_then(|session| Some((session, session.citizen()?))) else {
            return silent(Step::SignIn(now), SIGNED_OUT);
        };
        if stale(request, session.begun / 1_000_000, now) {
            return silent(Step::SignIn(now), SIGNED_OUT);
        }
        let profile = self.profile(person).await?;
        let level = request.partner.about.level;
        if profile.level.number() < level {
            let why = OauthError::interaction_required("the application needs a higher real-name level");
            return silent(Step::StepUp(level), why);
        }
        if !request.prompt.consent && self.agreed(request, session, &profile).await? {
            return Ok(Step::Code(
                self.give_code(request, session, &profile, &request.scopes, None, issuer).await?,
            ));
        }
        let asked = request.scopes.iter().map(|&scope| Asked {
            scope,
            purpose: request.partner.about.scopes.get(&scope).cloned(),
            value: shown(scope, &profile),
        });
        silent(Step::Ask(asked.collect()), OauthError::consent_required("the person has not agreed"))
    }

    async fn agreed(
        &self,
        request: &AuthorisationRequest,
        session: &Session,
        profile: &Profile,
    ) -> Result<bool, Error> {
        let (id, now) = (&request.partner.about.id, micros(self.now()));
        let Some(row) = self.store.partner_consent(session.owner, id, now).await? else { return Ok(false) };
        let agreed: Agreed = serde_json::from_str(&row.data)?;
        Ok(row.given_at >= request.partner.since && agreed.binds(profile) && agreed.covers(&request.scopes))
    }

    /// The person agrees: to all that was asked for, but of what is sensitive only to what they chose. A code.
    ///
    /// # Errors
    /// [`Error::SignIn`] for an officer; [`Error::Level`] when the person has proved too little.
    pub async fn agree(
        &self,
        request: &AuthorisationRequest,
        session: &Session,
        chosen: &[Scope],
        issuer: &str,
    ) -> Result<String, Error> {
        let person = session.citizen().ok_or(Error::SignIn)?;
        let (now, profile) = (micros(self.now()), self.profile(person).await?);
        let (needed, has) = (request.partner.about.level, profile.level.number());
        if has < needed {
            return Err(Error::Level { needed, has });
        }
        let yes = |scope: &&Scope| !scope.sensitive() || chosen.contains(scope);
        let scopes: Vec<_> = request.scopes.iter().filter(yes).copied().collect();
        let about = &request.partner.about;
        let consent = PartnerConsent {
            person: person.0,
            id: self.new_id(),
            partner: about.id.clone(),
            data: serde_json::to_string(&Agreed::to(&scopes, about, has))?,
            given_at: now,
            expires_at: now + i64::from(about.consent_days) * DAY,
            used_at: now,
            ended_at: None,
        };
        self.give_code(request, session, &profile, &scopes, Some(consent), issuer).await
    }

    async fn give_code(
        &self,
        request: &AuthorisationRequest,
        session: &Session,
        profile: &Profile,
        scopes: &[Scope],
        consent: Option<PartnerConsent>,
        issuer: &str,
    ) -> Result<String, Error> {
        let now = micros(self.now());
        let about = &request.partner.about;
        let offline = scopes.contains(&Scope::OfflineAccess);
        let grant = PartnerGrant {
            person: session.owner,
            id: self.new_id(),
            partner: about.id.clone(),
            issuer: issuer.to_owned(),
            session: Some(session.token_hash.clone()),
            offline,
            created_at: now,
            expires_at: now + if offline { i64::from(about.consent_days) * DAY } else { WITH_SESSION },
            ended_at: None,
        };
        let given = Given {
            scopes: scopes.to_vec(),
            auth_time: session.begun / 1_000_000,
            level: profile.level.number(),
            redirect_uri: Some(request.back.to.clone()),
            challenge: Some(request.challenge.clone()),
            nonce: request.nonce.clone(),
        };
        let (code, token) = self.code(&grant, &given)?;
        self.store.begin_grant(consent, grant, token).await?;
        Ok(code)
    }
}

/// Whether the sign-in is older than the application takes.
fn stale(request: &AuthorisationRequest, begun: i64, now: i64) -> bool {
    if request.signed_in_after.is_some_and(|after| begun >= after) {
        return false;
    }
    request.prompt.login || request.max_age.is_some_and(|most| now - begun > most)
}
