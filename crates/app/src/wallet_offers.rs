//! Offering a certificate to a wallet elsewhere: OpenID for Verifiable Credential Issuance 1.0, pre-authorised code.

use domain::{PersonId, Timestamp, from_micros, micros};
use serde::Serialize;
use serde_json::json;
use store::{Taking, WalletOffer};
use uuid::Uuid;

use crate::certificates_held::Standing;
use crate::handles::digest;
use crate::{App, Error, Held, OauthError};

/// How long an offer may be taken up, and how long its token is good (µs).
const MINUTES: i64 = 5 * 60 * 1_000_000;
/// How often the code that the holder is told may be sent: of a million one is right.
const TRIES: i64 = 5;
/// Digits of that code.
const DIGITS: usize = 6;
const OFFER: &str = "wallet-offer";
const TOKEN: &str = "wallet-token";
/// The grant that an offer stands for.
pub const PRE_AUTHORIZED: &str = "urn:ietf:params:oauth:grant-type:pre-authorized_code";

/// An offer, for its holder to see.
pub struct WalletOffered {
    /// The certificate.
    pub held: Held,
    /// What wallets send to get it; also the last part of the offer's address.
    pub code: String,
    /// Six digits that the holder types into the wallet.
    pub pin: String,
    /// From then on it is refused.
    pub expires: Timestamp,
}

/// The token endpoint's answer (RFC 6749 section 5.1).
#[derive(Debug, Clone, Serialize)]
pub struct WalletToken {
    /// Opens the credential endpoint, once.
    pub access_token: String,
    /// `Bearer`.
    pub token_type: &'static str,
    /// Seconds.
    pub expires_in: i64,
}

impl App {
    /// Offers a citizen's own certificate to a wallet elsewhere, once, for five minutes.
    ///
    /// # Errors
    /// [`Error::NotFound`] when it is not theirs, does not hold, or no pack names its type any more.
    pub async fn offer_to_wallet(&self, person: PersonId, certificate: Uuid) -> Result<WalletOffered, Error> {
        let held = self.my_certificate(person, certificate).await?;
        if held.standing != Standing::Valid || !self.is_for_wallets(&held.kind.id) {
            return Err(Error::NotFound);
        }
        let (id, pin, now) = (self.new_id(), self.pin(), micros(self.now()));
        let offer = WalletOffer {
            person: person.0,
            id,
            certificate,
            secret: digest(&[id.as_bytes(), pin.as_bytes()]),
            tries: 0,
            state: "offered".to_owned(),
            expires_at: now + MINUTES,
        };
        self.store.add_wallet_offer(offer, now).await?;
        let code = self.handle_of(OFFER, person.0, id)?;
        Ok(WalletOffered { held, code, pin, expires: from_micros(now + MINUTES) })
    }

    fn pin(&self) -> String {
        let mut bytes = [0; 8];
        self.random.fill(&mut bytes);
        // Of 2^64 values the bias towards some of a million is nothing.
        format!("{:0DIGITS$}", u64::from_le_bytes(bytes) % 1_000_000)
    }

    /// What stands at an offer's address, as JSON, until it is taken or over. `origin`: this site.
    ///
    /// # Errors
    /// [`Error::NotFound`].
    pub async fn wallet_offer(&self, code: &str, origin: &str) -> Result<String, Error> {
        let (person, id) = self.row_of(OFFER, code).ok_or(Error::NotFound)?;
        let offer = self.store.wallet_offer(person, id, micros(self.now())).await?.ok_or(Error::NotFound)?;
        if offer.state != "offered" {
            return Err(Error::NotFound);
        }
        let held = self.my_certificate(PersonId(person), offer.certificate).await?;
        let pin = json!({ "input_mode": "numeric", "length": DIGITS });
        Ok(json!({
            "credential_issuer": origin,
            "credential_configuration_ids": [held.kind.id],
            "grants": { PRE_AUTHORIZED: { "pre-authorized_code": code, "tx_code": pin } },
        })
        .to_string())
    }

    /// Takes an offer up: the token endpoint's answer to [`PRE_AUTHORIZED`].
    ///
    /// # Errors
    /// [`Error::Oauth`] with `invalid_request` without the holder's code, and `invalid_grant` when it is wrong or the
    /// offer is unknown, taken, over or was tried five times.
    pub async fn take_offer(&self, code: &str, pin: &str) -> Result<WalletToken, Error> {
        const GONE: OauthError = OauthError::invalid_grant("the code is unknown, used or over");
        if pin.is_empty() {
            return Err(OauthError::invalid_request("tx_code is missing").into());
        }
        let (person, id) = self.row_of(OFFER, code).ok_or(GONE)?;
        let now = micros(self.now());
        let secret = digest(&[id.as_bytes(), pin.as_bytes()]);
        let taking = Taking { person, id, secret, tries: TRIES, now, until: now + MINUTES };
        match self.store.take_wallet_offer(taking).await {
            Ok(true) => {}
            Ok(false) => return Err(OauthError::invalid_grant("tx_code is wrong").into()),
            Err(store::Error::NotFound) => return Err(GONE.into()),
            Err(error) => return Err(error.into()),
        }
        let access_token = self.handle_of(TOKEN, person, id)?;
        Ok(WalletToken { access_token, token_type: "Bearer", expires_in: MINUTES / 1_000_000 })
    }

    /// The offer that a token was given for, while the credential was not fetched; nothing when it is no such token.
    ///
    /// # Errors
    /// [`Error::Oauth`] with `invalid_token` when it was one.
    pub(crate) async fn offer_of_token(&self, token: &str) -> Result<Option<WalletOffer>, Error> {
        const OVER: OauthError = OauthError::invalid_token("used or over");
        let Some((person, id)) = self.row_of(TOKEN, token) else { return Ok(None) };
        let offer = self.store.wallet_offer(person, id, micros(self.now())).await?;
        Ok(Some(offer.filter(|offer| offer.state == "taken").ok_or(OVER)?))
    }
}
