//! The second factor: passkeys (WebAuthn). Whoever has one is asked for it each time they sign in; officers must have
//! one where the site says so.
//!
//! A sign-in that still wants one opens a *waiting* session: it is good for nothing but the passkey, and ends after
//! ten minutes.

use domain::{Timestamp, from_micros, micros};
use identity::webauthn::{self, Algorithm, Ceremony, PasskeyFault, Relying, from_base64url, to_base64url};
use identity::{SessionKind, device_words};
use ring::digest::{SHA256, digest};
use ring::signature::{ECDSA_P256_SHA256_ASN1, ED25519, UnparsedPublicKey};
use store::{Error as StoreError, Passkey};
use uuid::Uuid;

use crate::session::{csrf, hex, read_cookie, token_hash};
use crate::{App, Error, Session, SignedIn};

/// Seconds that a sign-in waits for its second factor.
pub(crate) const WAITING: i64 = 600;
/// Kind of a session that waits.
pub(crate) const WAITING_KIND: &str = "waiting";
/// Microseconds that a challenge may be answered.
const CHALLENGE: i64 = 300_000_000;
/// Most passkeys of one person.
pub const MAX_PASSKEYS: i64 = 10;

/// What a sign-in still wants.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Second {
    /// Nothing: they are in.
    Done,
    /// One of their passkeys.
    Passkey,
    /// A first passkey to be made, because they must have one.
    Enrol,
}

/// A sign-in that waits for its second factor.
#[derive(Debug, Clone)]
pub struct Waiting {
    /// The session it will be: until then only its owner and its form token mean anything.
    pub session: Session,
    /// What it waits for; never [`Second::Done`].
    pub second: Second,
    /// The first passkey is made with the operator's one-time code.
    pub code: bool,
}

/// A passkey as its owner sees it.
#[derive(Debug, Clone)]
pub struct PasskeyLine {
    /// Credential id, as text.
    pub id: String,
    /// Kind of device it was made on, in two words.
    pub device: String,
    /// When it was made.
    pub made: Timestamp,
    /// When it was last used.
    pub used: Option<Timestamp>,
}

/// What a browser answers, each as base64url text.
#[derive(Debug, Clone, Default)]
pub struct PasskeyAnswer {
    /// Credential id; empty when one is made.
    pub id: String,
    /// What the browser says about the ceremony.
    pub client_data: String,
    /// Attestation object when one is made, authenticator data when one is used.
    pub data: String,
    /// The signature; empty when one is made.
    pub signature: String,
}

fn bytes(text: &str) -> Result<Vec<u8>, Error> {
    let short = text.len() <= webauthn::MAX_ANSWER * 2;
    Ok(Some(text).filter(|_| short).and_then(from_base64url).ok_or(PasskeyFault::Unreadable)?)
}

/// A challenge is noted with what it is for, so that one for using a passkey makes none.
fn noted(ceremony: Ceremony, challenge: &[u8]) -> Vec<u8> {
    let purpose: &[u8] = match ceremony {
        Ceremony::Create => b"create/",
        Ceremony::Get => b"get/",
    };
    digest(&SHA256, &[purpose, challenge].concat()).as_ref().to_vec()
}

impl App {
    /// Officers must have a passkey from now on.
    #[must_use]
    pub fn with_passkeys_for_officers(mut self, required: bool) -> Self {
        self.officers_need_passkeys = required;
        self
    }

    /// Whether whoever has this session must keep a passkey.
    #[must_use]
    pub fn needs_passkey(&self, session: &Session) -> bool {
        self.officers_need_passkeys && session.principal.kind() == SessionKind::Officer
    }

    pub(crate) async fn second_factor(&self, owner: Uuid, kind: SessionKind) -> Result<Second, Error> {
        if !self.store.passkeys(owner).await?.is_empty() {
            return Ok(Second::Passkey);
        }
        let must = self.officers_need_passkeys && kind == SessionKind::Officer;
        Ok(if must { Second::Enrol } else { Second::Done })
    }

    /// The sign-in that a cookie stands for and that still waits for its second factor.
    ///
    /// # Errors
    /// When the store cannot answer.
    pub async fn waiting(&self, cookie: &str) -> Result<Option<Waiting>, Error> {
        let Some((owner, token)) = read_cookie(cookie) else { return Ok(None) };
        let hash = token_hash(&token);
        let row = self.store.session(owner, &hash, micros(self.now())).await?;
        let Some(row) = row.filter(|row| row.kind == WAITING_KIND) else { return Ok(None) };
        let Some(principal) = self.now_is(serde_json::from_str(&row.principal)?) else { return Ok(None) };
        let second = self.second_factor(owner, principal.kind()).await?;
        // Passkeys taken away meanwhile (at a window) leave nothing to wait for: sign in again.
        if second == Second::Done {
            return Ok(None);
        }
        let session =
            Session { principal, csrf: hex(&csrf(&token)), owner, begun: row.created_at, token_hash: hash };
        let code = second == Second::Enrol && self.posts_are_given();
        Ok(Some(Waiting { session, second, code }))
    }

    /// A new challenge for whoever has this session, as text; good once and for five minutes.
    ///
    /// # Errors
    /// When the store cannot take it.
    pub async fn challenge(&self, session: &Session, ceremony: Ceremony) -> Result<String, Error> {
        let mut challenge = [0; 32];
        self.random.fill(&mut challenge);
        let now = micros(self.now());
        let hash = noted(ceremony, &challenge);
        self.store.add_challenge(session.owner, hash, now, now + CHALLENGE).await?;
        Ok(to_base64url(&challenge))
    }

    async fn take_challenge(
        &self,
        owner: Uuid,
        client_data: &[u8],
        ceremony: Ceremony,
        relying: &Relying,
    ) -> Result<(), Error> {
        let challenge = webauthn::challenge_of(client_data, ceremony, relying)?;
        let taken = self.store.take_challenge(owner, noted(ceremony, &challenge), micros(self.now())).await;
        taken.map_err(|error| match error {
            StoreError::NotFound => PasskeyFault::Challenge.into(),
            error => error.into(),
        })
    }

    /// Somebody's passkeys, the latest first.
    ///
    /// # Errors
    /// When the store cannot answer.
    pub async fn passkeys(&self, session: &Session) -> Result<Vec<PasskeyLine>, Error> {
        let mut rows = self.store.passkeys(session.owner).await?;
        rows.sort_by_key(|row| std::cmp::Reverse(row.created_at));
        let line = |row: Passkey| PasskeyLine {
            id: to_base64url(&row.id),
            device: row.device,
            made: from_micros(row.created_at),
            used: row.used_at.map(from_micros),
        };
        Ok(rows.into_iter().map(line).collect())
    }

    /// Keeps a passkey that was just made, and ends all other sessions: whoever has one of them has not shown it.
    ///
    /// Whoever only says who they are makes none: it would lock out whom the number belongs to.
    ///
    /// # Errors
    /// [`Error::Level`]; [`Error::Passkey`] with the first thing that is wrong with it.
    pub async fn add_passkey(
        &self,
        session: &Session,
        relying: &Relying,
        answer: &PasskeyAnswer,
        user_agent: &str,
    ) -> Result<(), Error> {
        let passkey = self.made(session, relying, answer, user_agent).await?;
        self.store.add_passkey(passkey, MAX_PASSKEYS).await.map_err(|error| match error {
            StoreError::TooMany { .. } => PasskeyFault::TooMany.into(),
            error => Error::from(error),
        })?;
        self.second_factor_changed(session, "passkey-added").await
    }

    /// A passkey that was just made as it was asked for, not kept yet.
    async fn made(
        &self,
        session: &Session,
        relying: &Relying,
        answer: &PasskeyAnswer,
        user_agent: &str,
    ) -> Result<Passkey, Error> {
        session.matched()?;
        let client_data = bytes(&answer.client_data)?;
        self.take_challenge(session.owner, &client_data, Ceremony::Create, relying).await?;
        let made = webauthn::registered(&bytes(&answer.data)?, relying)?;
        Ok(Passkey {
            person: session.owner,
            id: made.id,
            algorithm: made.algorithm.number(),
            public_key: made.public_key,
            domain_hash: relying.domain_hash().to_vec(),
            counter: i64::from(made.counter),
            device: device_words(user_agent),
            created_at: micros(self.now()),
            used_at: None,
        })
    }

    /// Ends all other sessions, and tells a citizen, who might not have done it.
    async fn second_factor_changed(&self, session: &Session, event: &str) -> Result<(), Error> {
        self.end_other_sessions(session).await?;
        if let Some(person) = session.citizen() {
            self.store.add_message(self.account_message(person, event)?).await?;
        }
        Ok(())
    }

    /// Takes one of one's own passkeys away, and ends all other sessions.
    ///
    /// # Errors
    /// [`Error::NotFound`]; [`Error::Passkey`] for the last one of somebody who must have one.
    pub async fn remove_passkey(&self, session: &Session, id: &str) -> Result<(), Error> {
        let id = from_base64url(id).ok_or(Error::NotFound)?;
        let keep = i64::from(self.needs_passkey(session));
        match self.store.drop_passkey(session.owner, id.clone(), keep).await {
            Err(StoreError::NotFound) => {
                let own = self.store.passkeys(session.owner).await?;
                let last = own.iter().any(|passkey| passkey.id == id);
                return Err(if last { PasskeyFault::Last.into() } else { Error::NotFound });
            }
            dropped => dropped?,
        }
        self.second_factor_changed(session, "passkey-removed").await
    }

    /// Enters with the first passkey, made by somebody who must have one; `code` where the sign-in wants one.
    ///
    /// # Errors
    /// As for [`App::add_passkey`], and [`PasskeyFault::Code`].
    pub async fn enrol(
        &self,
        waiting: &Waiting,
        relying: &Relying,
        (answer, code): (&PasskeyAnswer, &str),
        user_agent: &str,
    ) -> Result<SignedIn, Error> {
        if waiting.second != Second::Enrol {
            return Err(PasskeyFault::Ceremony.into());
        }
        if waiting.code {
            let passkey = self.made(&waiting.session, relying, answer, user_agent).await?;
            self.keep_first(waiting, passkey, code).await?;
        } else {
            self.add_passkey(&waiting.session, relying, answer, user_agent).await?;
        }
        self.arrive(waiting, user_agent).await
    }

    /// Enters with a passkey.
    ///
    /// # Errors
    /// [`Error::Passkey`] with the first thing that is wrong with the answer; the sign-in goes on waiting.
    pub async fn prove_passkey(
        &self,
        waiting: &Waiting,
        relying: &Relying,
        answer: &PasskeyAnswer,
        user_agent: &str,
    ) -> Result<SignedIn, Error> {
        let owner = waiting.session.owner;
        let client_data = bytes(&answer.client_data)?;
        self.take_challenge(owner, &client_data, Ceremony::Get, relying).await?;
        let id = bytes(&answer.id)?;
        let own = self.store.passkeys(owner).await?;
        let passkey = own.into_iter().find(|known| known.id == id).ok_or(PasskeyFault::Unknown)?;
        let counter = signed(&passkey, &bytes(&answer.data)?, &client_data, &bytes(&answer.signature)?)?;
        let used = self.store.use_passkey(owner, id, counter, micros(self.now())).await;
        used.map_err(|error| match error {
            StoreError::Conflict => PasskeyFault::Copied.into(),
            error => Error::from(error),
        })?;
        self.arrive(waiting, user_agent).await
    }

    /// The waiting session gives way to a real one with another token.
    async fn arrive(&self, waiting: &Waiting, user_agent: &str) -> Result<SignedIn, Error> {
        let Session { principal, owner, .. } = &waiting.session;
        let signed_in = self.open_session(*owner, principal.clone(), user_agent, Second::Done).await?;
        self.sign_out(&waiting.session).await?;
        Ok(signed_in)
    }
}

/// The count of signatures, where the passkey signed this.
fn signed(
    passkey: &Passkey,
    authenticator: &[u8],
    client_data: &[u8],
    signature: &[u8],
) -> Result<i64, PasskeyFault> {
    let domain_hash = passkey.domain_hash.as_slice().try_into().map_err(|_| PasskeyFault::Domain)?;
    let asserted = webauthn::asserted(authenticator, client_data, domain_hash)?;
    let verified = match Algorithm::of(passkey.algorithm).ok_or(PasskeyFault::Key)? {
        Algorithm::Es256 => UnparsedPublicKey::new(&ECDSA_P256_SHA256_ASN1, &passkey.public_key)
            .verify(&asserted.signed, signature),
        Algorithm::EdDsa => {
            UnparsedPublicKey::new(&ED25519, &passkey.public_key).verify(&asserted.signed, signature)
        }
    };
    verified.map_err(|_| PasskeyFault::Signature)?;
    Ok(i64::from(asserted.counter))
}

#[cfg(test)]
mod tests {
    use super::{Ceremony, noted};

    #[test]
    fn a_challenge_is_good_for_one_ceremony_only() {
        assert_ne!(noted(Ceremony::Create, b"same"), noted(Ceremony::Get, b"same"));
    }
}
