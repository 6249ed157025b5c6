//! A certificate as a credential in a wallet elsewhere: the nonce and credential endpoints of OpenID for Verifiable
//! Credential Issuance 1.0.

use certificates::{HolderProof, Issue, Naming, Refusal, VerifyingKey};
use domain::{PersonId, micros};
use serde_json::{Value, json};
use uuid::Uuid;

use crate::certificates_held::{Line, Standing};
use crate::credential_types::vct;
use crate::handles::digest;
use crate::{App, Error, Held, OauthError, Scope, certificate_serial, status_list};

const NONCE: &str = "credential-nonce";
/// How long a nonce is good (µs).
const NONCE_LIFE: i64 = 5 * 60 * 1_000_000;
/// Seconds for which a proof is fresh, and by which clocks may differ.
const PROOF_AGE: i64 = 300;
const LEEWAY: i64 = 60;
/// Digests of nothing in each credential, so that the number of fields left out does not show.
const DECOYS: usize = 2;

/// What an access token opens.
struct Opened {
    person: PersonId,
    /// The offer and its certificate.
    offer: Option<(Uuid, Uuid)>,
    /// The application, where one is known.
    who: String,
}

/// What a wallet asks for.
struct Wish {
    kind: String,
    proof: String,
}

impl App {
    /// A new nonce for a wallet's proof, as JSON. It says in itself until when it is good, so nothing is kept.
    #[must_use]
    pub fn credential_nonce(&self) -> String {
        let until = micros(self.now()) + NONCE_LIFE;
        json!({ "c_nonce": self.word_until(NONCE, until) }).to_string()
    }

    /// The credential endpoint: `body` is the request as it came, `token` the access token. The answer is JSON.
    ///
    /// # Errors
    /// [`Error::Oauth`] with `invalid_token`, `insufficient_scope`, or an error of section 8.3.1.2.
    pub async fn credential(&self, token: &str, body: &[u8], origin: &str) -> Result<String, Error> {
        let opened = self.token_opens(token).await?;
        let wish = self.wish(body)?;
        let held = self.wished(&opened, &wish.kind).await?;
        let key = self.proven(&wish.proof, origin).await?;
        let credential = self.as_credential(&held, &key, origin).await?;
        let line = Line {
            who: opened.who.clone(),
            known: true,
            purpose: String::new(),
            fields: held.names().map(str::to_owned).collect(),
            outcome: String::new(),
        };
        let entry = self.line(opened.person.0, held.id, self.new_id(), "wallet", &line).await?;
        match opened.offer {
            Some((offer, _)) => match self.store.end_wallet_offer(offer, micros(self.now()), entry).await {
                Err(store::Error::NotFound) => return Err(OauthError::invalid_token("used or over").into()),
                done => done?,
            },
            None => self.store.use_certificate(entry).await?,
        }
        Ok(json!({ "credentials": [{ "credential": credential }] }).to_string())
    }

    /// What an access token opens here: of an offer its one certificate, of an application all of somebody's.
    async fn token_opens(&self, token: &str) -> Result<Opened, Error> {
        if let Some(offer) = self.offer_of_token(token).await? {
            let person = PersonId(offer.person);
            return Ok(Opened { person, offer: Some((offer.id, offer.certificate)), who: String::new() });
        }
        let access = self.access(token).await?;
        if !access.scopes.contains(&Scope::Certificates) {
            return Err(OauthError::insufficient_scope("the scope certificates is missing").into());
        }
        Ok(Opened { person: access.person, offer: None, who: access.partner.about.name.zh })
    }

    /// The certificate of this type, if it holds: of several the one issued last.
    async fn wished(&self, opened: &Opened, kind: &str) -> Result<Held, Error> {
        let held = match opened.offer {
            Some((_, certificate)) => Some(self.my_certificate(opened.person, certificate).await?),
            None => self.wallet(opened.person).await?.into_iter().find(|held| held.kind.id == kind),
        };
        let held = held.filter(|held| held.kind.id == kind);
        let held = held.ok_or(denied("the access token is for another credential, or there is none"))?;
        if held.standing == Standing::Valid {
            Ok(held)
        } else {
            Err(denied("the certificate does not hold").into())
        }
    }

    fn wish(&self, body: &[u8]) -> Result<Wish, OauthError> {
        let refused = |code, why| OauthError { code, why };
        let body: Value = serde_json::from_slice(body)
            .map_err(|_| refused("invalid_credential_request", "the request is no JSON"))?;
        if body.get("credential_response_encryption").is_some() {
            return Err(refused("invalid_encryption_parameters", "answers are not encrypted here"));
        }
        if body.get("credential_identifier").is_some() {
            return Err(refused("unknown_credential_identifier", "no identifiers are given out here"));
        }
        let kind = body.get("credential_configuration_id").and_then(Value::as_str);
        let kind =
            kind.ok_or(refused("invalid_credential_request", "credential_configuration_id is missing"))?;
        if !self.is_for_wallets(kind) {
            return Err(refused("unknown_credential_configuration", "there is no such credential here"));
        }
        let proofs = body.get("proofs").and_then(Value::as_object).filter(|proofs| proofs.len() == 1);
        let proofs = proofs.and_then(|proofs| proofs.get("jwt")).and_then(Value::as_array).map(Vec::as_slice);
        let Some([Value::String(proof)]) = proofs else {
            return Err(refused("invalid_proof", "proofs must have one jwt"));
        };
        Ok(Wish { kind: kind.to_owned(), proof: proof.clone() })
    }

    /// The key that a proof proves to hold; its nonce is used up by it.
    async fn proven(&self, proof: &str, origin: &str) -> Result<VerifyingKey, Error> {
        const NONCE_WRONG: OauthError =
            OauthError { code: "invalid_nonce", why: "the nonce is unknown, used or over" };
        let proof = HolderProof::verify(proof, origin, self.now(), PROOF_AGE, LEEWAY).map_err(bad_proof)?;
        let now = micros(self.now());
        let until =
            self.word_holds_until(NONCE, &proof.nonce).filter(|until| now < *until).ok_or(NONCE_WRONG)?;
        match self.store.spend_nonce(digest(&[proof.nonce.as_bytes()]), now, until).await {
            Ok(()) => Ok(proof.key),
            Err(store::Error::Conflict) => Err(NONCE_WRONG.into()),
            Err(error) => Err(error.into()),
        }
    }

    /// The certificate as an SD-JWT VC, bound to a key, with its place in the status list.
    async fn as_credential(&self, held: &Held, holder: &VerifyingKey, origin: &str) -> Result<String, Error> {
        let failed = |error: &dyn std::fmt::Display| Error::Certificate(error.to_string());
        let id = &held.certificate.id;
        let (area, row) = certificate_serial::read(id.serial()).ok_or(Error::NotFound)?;
        let version = i64::from(id.version());
        let status =
            self.store.certificate_status(area.as_str(), row, version).await?.ok_or(Error::NotFound)?;
        let naming = Naming {
            issuer: origin,
            vct: &vct(origin, &held.kind.id),
            status: Some(status_list::claim(origin, area.as_str(), status.place)),
        };
        let (claims, hide) = held.certificate.claims(&naming).map_err(|error| failed(&error))?;
        let keys = self.key_set().await?;
        let signer = keys.signer().ok_or_else(|| Error::Certificate("no key signs".to_owned()))?;
        let issue = Issue { claims: &claims, hide: &hide, holder: Some(holder), decoys: DECOYS };
        let credential = issue.sign(signer, &mut |bytes| self.random.fill(bytes));
        Ok(credential.map_err(|error| failed(&error))?.to_string())
    }
}

fn denied(why: &'static str) -> OauthError {
    OauthError { code: "credential_request_denied", why }
}

/// What is wrong with a proof, in the words of [`Refusal::code`].
fn bad_proof(why: Refusal) -> OauthError {
    let code = if why == Refusal::WrongNonce { "invalid_nonce" } else { "invalid_proof" };
    OauthError { code, why: why.code() }
}
