//! Asking a wallet elsewhere for a certificate: OpenID for Verifiable Presentations 1.0, with a signed request, DCQL and
//! `direct_post`.
//!
//! The site is known to wallets as `decentralized_identifier:did:web:HOST`. A request under `redirect_uri:` may not be
//! signed, and the `x509_` prefixes need a certificate from a body that wallets trust, which a site does not have by
//! itself; did:web binds the request to the site's own https address and follows its keys when they rotate.

use certificates::Refusal;
use domain::{Text, Timestamp, from_micros, micros};
use packs::CertificateType;
use serde::{Deserialize, Serialize};
use serde_json::{Map, Value, json};
use store::{WalletAnswer, WalletAsk};
use uuid::Uuid;

use crate::credential_types::vct;
use crate::{App, Error, OauthError};

/// How long a question may be answered and its answer be read (µs).
const MINUTES: i64 = 10 * 60 * 1_000_000;
/// The address that wallets fetch the request from, and the one that the asker reads: neither leads to the other.
const ASKED: &str = "wallet-asked";
const SEEN: &str = "wallet-seen";
/// The id of the one certificate in the query.
pub(crate) const QUERY: &str = "certificate";
/// Characters kept of an asker's own words.
const WORDS: usize = 60;

/// What somebody wants to see.
#[derive(Debug, Clone, Default)]
pub struct WalletWish {
    /// The type of certificate.
    pub kind: String,
    /// `name`, `number`, or fields of the type; others are passed over.
    pub fields: Vec<String>,
    /// Who asks, as they say or as we know.
    pub who: String,
    /// For what.
    pub purpose: String,
}

/// What a question's row seals.
#[derive(Clone, Serialize, Deserialize)]
pub(crate) struct Asked {
    pub(crate) kind: String,
    pub(crate) fields: Vec<String>,
    pub(crate) who: String,
    pub(crate) purpose: String,
    pub(crate) nonce: String,
}

/// What was shown, and nothing beyond what was asked.
#[derive(Clone, Serialize, Deserialize)]
pub struct ShownByWallet {
    /// Name of the field and its value.
    pub fields: Vec<(String, String)>,
    /// Who issued it.
    pub issuer: String,
    /// From then on it does not hold (µs); none for one without an end.
    pub until: Option<i64>,
    /// When it was checked (µs).
    pub at: i64,
}

/// How a question stands. Only [`WalletState::Valid`] may be shown as valid.
#[derive(Clone, Serialize, Deserialize)]
pub enum WalletState {
    /// Nothing came yet.
    Waiting,
    /// Signature, time, the holder's proof and the issuer's status were checked.
    Valid(ShownByWallet),
    /// What came is not accepted; id of the reason's text: [`WALLET_REASONS`].
    Refused(String),
    /// All but the issuer's status was in order, and that could not be had.
    NotChecked,
}

/// Why what a wallet shows is not accepted.
pub const WALLET_REASONS: [&str; 15] = [
    "altered",
    "declined",
    "expired",
    "incomplete",
    "not-fresh",
    "not-yet",
    "proof-altered",
    "proof-missing",
    "replayed",
    "revoked",
    "unknown-issuer",
    "unknown-type",
    "unreadable",
    "wrong-audience",
    "wrong-nonce",
];

/// A question, for whoever asked it.
#[derive(Clone)]
pub struct WalletQuestion {
    /// The type of certificate.
    pub kind: CertificateType,
    /// Names of the fields that were asked for.
    pub fields: Vec<String>,
    /// Who asks, as wallets are told.
    pub who: String,
    /// The last part of the address that wallets fetch the request from.
    pub request: String,
    /// How it stands.
    pub state: WalletState,
    /// Until when it may be answered and read.
    pub expires: Timestamp,
}

impl App {
    /// Asks for a certificate. Answers the handle by which the asker, and nobody else, reads what came.
    /// `asker`: whoever is signed in.
    ///
    /// # Errors
    /// [`Error::NotFound`] when packs do not name the type.
    pub async fn ask_wallet(&self, asker: Option<Uuid>, wish: WalletWish) -> Result<String, Error> {
        let kind = self.certificate_type(&wish.kind).ok_or(Error::NotFound)?;
        let fields = askable(kind).filter(|name| wish.fields.iter().any(|wanted| wanted == name));
        let mut nonce = [0; 16];
        self.random.fill(&mut nonce);
        let asked = Asked {
            kind: kind.id.clone(),
            fields: fields.map(str::to_owned).collect(),
            who: short(&wish.who),
            purpose: short(&wish.purpose),
            nonce: Uuid::from_bytes(nonce).simple().to_string(),
        };
        let (id, now) = (self.new_id(), micros(self.now()));
        let person = asker.unwrap_or_else(|| store::shelf(nonce[0]));
        let sealed = self.store.hand_out(&asked_purpose(id), &serde_json::to_vec(&asked)?)?;
        let expires_at = now + MINUTES;
        let ask = WalletAsk { person, id, sealed, state: "asked".to_owned(), answer: None, expires_at };
        self.store.add_wallet_ask(ask, now).await?;
        self.handle_of(SEEN, person, id)
    }

    /// How a question stands, for whoever asked it: a handle of somebody signed in is nothing to others.
    ///
    /// # Errors
    /// [`Error::NotFound`] when it is over, unknown or another's.
    pub async fn wallet_question(&self, handle: &str, asker: Option<Uuid>) -> Result<WalletQuestion, Error> {
        let (person, id) = self.row_of(SEEN, handle).ok_or(Error::NotFound)?;
        if person.as_u128() > 0xff && asker != Some(person) {
            return Err(Error::NotFound);
        }
        let (row, asked) = self.wallet_asked(person, id).await?;
        let answer = row.answer.and_then(|sealed| self.store.take_back(&answer_purpose(id), &sealed));
        let state = match answer {
            Some(answer) => serde_json::from_slice(&answer)?,
            None => WalletState::Waiting,
        };
        Ok(WalletQuestion {
            kind: self.certificate_type(&asked.kind).cloned().ok_or(Error::NotFound)?,
            fields: asked.fields,
            who: asked.who,
            request: self.handle_of(ASKED, person, id)?,
            state,
            expires: from_micros(row.expires_at),
        })
    }

    /// The request object that wallets fetch (section 5, RFC 9101): a JWT. `site`: the site's name.
    ///
    /// # Errors
    /// [`Error::NotFound`] when the question is unknown, over or answered.
    pub async fn wallet_request(&self, handle: &str, origin: &str, site: &Text) -> Result<String, Error> {
        let (person, id) = self.row_of(ASKED, handle).ok_or(Error::NotFound)?;
        let (row, asked) = self.wallet_asked(person, id).await?;
        if row.state == "answered" {
            return Err(Error::NotFound);
        }
        let did = did(origin);
        let paths = asked.fields.iter().map(|name| json!({ "path": path(name) }));
        let mut credential = json!({
            "id": QUERY,
            "format": "dc+sd-jwt",
            "meta": { "vct_values": [vct(origin, &asked.kind)] },
        });
        if !asked.fields.is_empty() {
            credential["claims"] = paths.collect();
        }
        let who =
            if asked.who.is_empty() { site.zh.clone() } else { format!("{} · {}", site.zh, asked.who) };
        let algorithms = certificates::PROOF_ALGORITHMS;
        let claims = json!({
            "aud": "https://self-issued.me/v2",
            "iat": self.now().as_second(),
            "exp": from_micros(row.expires_at).as_second(),
            "client_id": client_id(origin),
            "response_type": "vp_token",
            "response_mode": "direct_post",
            "response_uri": format!("{origin}/verify/asked/{handle}"),
            "nonce": asked.nonce,
            "dcql_query": { "credentials": [credential] },
            "client_metadata": {
                "client_name": who,
                "vp_formats_supported": { "dc+sd-jwt": {
                    "sd-jwt_alg_values": algorithms,
                    "kb-jwt_alg_values": algorithms,
                } },
            },
        });
        let Value::Object(claims) = claims else { return Err(Error::NotFound) };
        let keys = self.key_set().await?;
        let signer = keys.signer().ok_or_else(|| Error::Certificate("no key signs".to_owned()))?;
        let kid = format!("{did}#{}", signer.verifying_key().kid());
        certificates::sign_jwt_as(signer, "oauth-authz-req+jwt", &kid, &claims)
            .map_err(|error| Error::Certificate(error.to_string()))
    }

    /// What a wallet sends in answer: `vp_token` as JSON, or `error`. What is refused leaves the question open.
    ///
    /// # Errors
    /// [`Error::Oauth`] with `invalid_request` and the reason.
    pub async fn wallet_answers(
        &self,
        handle: &str,
        (vp_token, error): (&str, &str),
        origin: &str,
    ) -> Result<(), Error> {
        const GONE: OauthError = OauthError::invalid_request("the request is unknown or over");
        let (person, id) = self.row_of(ASKED, handle).ok_or(GONE)?;
        let (row, asked) = match self.wallet_asked(person, id).await {
            Err(Error::NotFound) => return Err(GONE.into()),
            found => found?,
        };
        if row.state == "answered" {
            return Err(OauthError::invalid_request(Refusal::Replayed.code()).into());
        }
        let (state, said) = if error.is_empty() {
            self.judge(&asked, vp_token, origin).await?
        } else {
            (WalletState::Refused("declined".to_owned()), None)
        };
        let kept = if matches!(state, WalletState::Refused(_)) { "refused" } else { "answered" };
        let answer = self.store.hand_out(&answer_purpose(id), &serde_json::to_vec(&state)?)?;
        let answer = WalletAnswer { person, id, state: kept, answer, now: micros(self.now()) };
        match self.store.answer_wallet_ask(answer).await {
            Ok(()) => {}
            Err(store::Error::Conflict) => {
                return Err(OauthError::invalid_request(Refusal::Replayed.code()).into());
            }
            Err(error) => return Err(error.into()),
        }
        said.map_or(Ok(()), |why| Err(OauthError::invalid_request(why).into()))
    }

    async fn wallet_asked(&self, person: Uuid, id: Uuid) -> Result<(WalletAsk, Asked), Error> {
        let row = self.store.wallet_ask(person, id, micros(self.now())).await?.ok_or(Error::NotFound)?;
        let plain = self.store.take_back(&asked_purpose(id), &row.sealed).ok_or(Error::NotFound)?;
        let asked = serde_json::from_slice(&plain)?;
        Ok((row, asked))
    }

    /// The site's DID document, at `/.well-known/did.json` (did:web).
    ///
    /// # Errors
    /// When the keys cannot be read.
    pub async fn did_document(&self, origin: &str) -> Result<String, Error> {
        let did = did(origin);
        let keys = self.key_set().await?;
        let method = |key: &certificates::VerifyingKey| {
            json!({
                "id": format!("{did}#{}", key.kid()),
                "type": "JsonWebKey2020",
                "controller": did,
                "publicKeyJwk": key.to_jwk(),
            })
        };
        let methods: Vec<Value> = keys.keys().map(method).collect();
        let names: Vec<Value> = methods.iter().map(|method| method["id"].clone()).collect();
        Ok(json!({
            "@context": ["https://www.w3.org/ns/did/v1", "https://w3id.org/security/suites/jws-2020/v1"],
            "id": did,
            "verificationMethod": methods,
            "authentication": names,
            "assertionMethod": names,
        })
        .to_string())
    }
}

/// The link that opens a wallet with a question. `request`: [`WalletQuestion::request`], as part of an address.
#[must_use]
pub fn wallet_link(request: &str, origin: &str, encode: impl Fn(&str) -> String) -> String {
    let address = format!("{origin}/verify/asked/{request}");
    format!("openid4vp://?client_id={}&request_uri={}", encode(&client_id(origin)), encode(&address))
}

/// The site as wallets know it.
pub(crate) fn client_id(origin: &str) -> String {
    format!("decentralized_identifier:{}", did(origin))
}

/// did:web of an origin: the colon before a port is escaped.
fn did(origin: &str) -> String {
    let host = origin.split_once("://").map_or(origin, |(_, host)| host);
    format!("did:web:{}", host.replace(':', "%3A"))
}

/// What may be asked for of a type, in the order of reading.
pub fn askable(kind: &CertificateType) -> impl Iterator<Item = &str> {
    ["name", "number"].into_iter().chain(kind.fields.iter().map(|field| field.id.as_str()))
}

/// Where a field stands among the claims.
fn path(name: &str) -> Value {
    match name {
        "name" | "number" => json!(["holder", name]),
        own => json!([own]),
    }
}

/// The value of a field among the claims that were shown.
pub(crate) fn shown<'a>(claims: &'a Map<String, Value>, name: &str) -> Option<&'a str> {
    match name {
        "name" | "number" => claims.get("holder")?.get(name)?.as_str(),
        own => claims.get(own)?.as_str(),
    }
}

fn asked_purpose(id: Uuid) -> String {
    format!("wallet-ask/{id}")
}

fn answer_purpose(id: Uuid) -> String {
    format!("wallet-answer/{id}")
}

/// As much as is kept of somebody's own words.
fn short(words: &str) -> String {
    words.trim().chars().filter(|c| !c.is_control()).take(WORDS).collect()
}
