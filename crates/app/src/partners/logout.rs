//! Signing out: at the wish of an application (OpenID Connect RP-Initiated Logout 1.0), and what of applications
//! ends with a session.

use certificates::verify_jwt;
use domain::micros;

use super::claims::ID_TOKEN;
use super::registered::Partner;
use super::{OauthError, Returning};
use crate::session::{read_cookie, token_hash};
use crate::{App, Error, Session, SignedIn};

/// What an application sends with somebody who is to sign out.
#[derive(Debug, Clone, Copy, Default)]
pub struct LogoutRequest<'a> {
    /// An ID token that it was given, expired or not.
    pub hint: &'a str,
    /// Its id.
    pub client: &'a str,
    /// Where to go afterwards.
    pub to: &'a str,
    /// To be handed back there.
    pub state: &'a str,
}

/// A wish to sign out, checked.
#[derive(Debug)]
pub struct Leaving {
    /// Who wishes it, where that is known.
    pub partner: Option<Partner>,
    /// Where to go afterwards.
    pub back: Option<Returning>,
    /// An application proved by its ID token that it is about this session: nobody needs to be asked.
    pub sure: bool,
}

impl App {
    /// Checks a wish to sign out.
    ///
    /// # Errors
    /// [`Error::Oauth`] when the ID token is not ours or somebody else's, or the address is not registered: then
    /// nobody is sent anywhere.
    pub async fn read_logout(
        &self,
        request: LogoutRequest<'_>,
        session: Option<&Session>,
        issuer: &str,
    ) -> Result<Leaving, Error> {
        let mut client = request.client.to_owned();
        let mut sign_in = None;
        if !request.hint.is_empty() {
            let (audience, sid) = self.read_hint(request.hint, issuer).await?;
            if !client.is_empty() && client != audience {
                return Err(
                    OauthError::invalid_request("id_token_hint was given to another application").into()
                );
            }
            client = audience;
            sign_in = Some(sid);
        }
        let partner = if client.is_empty() { None } else { self.partner(&client).await? };
        if !client.is_empty() && partner.is_none() {
            return Err(OauthError::invalid_client("the application is not registered").into());
        }
        let back = (!request.to.is_empty()).then_some(request.to);
        if let Some(to) = back {
            let known = partner
                .as_ref()
                .is_some_and(|one| one.about.post_logout_redirect_uris.iter().any(|uri| uri == to));
            if !known {
                return Err(OauthError::invalid_request(
                    "post_logout_redirect_uri is not one that is registered",
                )
                .into());
            }
        }
        let state = (!request.state.is_empty()).then(|| request.state.to_owned());
        let back = back.map(|to| Returning { to: to.to_owned(), state });
        let sure = match (sign_in, session) {
            (Some(sign_in), Some(session)) => self.began(session, &client, &sign_in).await?,
            _ => false,
        };
        Ok(Leaving { partner, back, sure })
    }

    /// Audience and sign-in of an ID token of ours; that it has expired does not matter here.
    async fn read_hint(&self, hint: &str, issuer: &str) -> Result<(String, String), Error> {
        const FOREIGN: OauthError =
            OauthError::invalid_request("id_token_hint is not an ID token of this site");
        let keys = self.key_set().await?;
        let claims = verify_jwt(hint, &keys, &ID_TOKEN.to_ascii_lowercase()).map_err(|_| FOREIGN)?;
        let text = |name: &str| claims.get(name).and_then(|value| value.as_str()).map(str::to_owned);
        if text("iss").as_deref() != Some(issuer) {
            return Err(FOREIGN.into());
        }
        Ok((text("aud").ok_or(FOREIGN)?, text("sid").ok_or(FOREIGN)?))
    }

    /// Whether a sign-in at an application began in this session.
    async fn began(&self, session: &Session, partner: &str, sign_in: &str) -> Result<bool, Error> {
        let grants = self.store.partner_grants(session.owner, micros(self.now())).await?;
        let own = |grant: &&store::PartnerGrant| {
            grant.partner == partner && grant.session.as_deref() == Some(session.token_hash.as_slice())
        };
        Ok(grants.iter().filter(own).any(|grant| self.sign_in_id(grant.id) == sign_in))
    }

    /// A session ends: so do the sign-ins at applications that do not outlive it, and all are told.
    pub(crate) async fn partners_left(&self, owner: uuid::Uuid, token_hash: &[u8]) -> Result<(), Error> {
        let now = micros(self.now());
        let mut grants = self.store.partner_grants(owner, now).await?;
        grants.retain(|grant| grant.session.as_deref() == Some(token_hash));
        if grants.is_empty() {
            return Ok(());
        }
        let logouts = self.to_tell(&grants).await?;
        self.store.end_partner_session(owner, token_hash.to_vec(), now, logouts).await?;
        self.tell.notify_one();
        Ok(())
    }

    /// A session takes the place of another. Of the same person, what began in the one goes on in the other; else
    /// the other ends.
    ///
    /// # Errors
    /// When the store cannot take it.
    pub async fn replace_session(&self, old: &Session, new: &SignedIn) -> Result<(), Error> {
        if let Some((owner, token)) = read_cookie(&new.cookie)
            && owner == old.owner
        {
            let to = token_hash(&token);
            self.store.move_partner_session(owner, old.token_hash.clone(), to).await?;
        }
        self.sign_out(old).await
    }
}
