//! Verifying what somebody shows.

use std::collections::BTreeMap;

use domain::Timestamp;
use serde_json::{Map, Value};

use crate::disclosure::{Presented, digest};
use crate::issue::TYPE;
use crate::jws::{Jws, seconds};
use crate::key::VerifyingKey;
use crate::key_set::KeySet;
use crate::present::PROOF_TYPE;
use crate::refusal::Refusal;
use crate::status_list::{StatusClaim, TokenStatus};
use crate::unpack::unpack;

/// What a verifier asks for.
pub struct Policy<'a> {
    /// Now.
    pub now: Timestamp,
    /// Seconds by which clocks may differ.
    pub leeway: i64,
    /// The issuers that are trusted, by `iss`, and their keys.
    pub issuers: &'a BTreeMap<String, KeySet>,
    /// The types (`vct`) that are expected; empty takes any.
    pub types: &'a [&'a str],
    /// Whether the holder must prove to hold the key, and how.
    pub binding: BindingRule<'a>,
    /// Looks a status up: usually in a list fetched and verified before.
    pub status: &'a dyn Fn(&StatusClaim) -> Lookup,
}

/// Whether and how the holder must prove to hold the key.
pub enum BindingRule<'a> {
    /// No proof is asked for, and one that is there is not looked at.
    NotAsked,
    /// The holder's proof is asked for.
    Asked {
        /// The verifier's name for itself.
        audience: &'a str,
        /// What is known of a nonce. The caller keeps a nonce it accepted, so that it is used once.
        nonce: &'a dyn Fn(&str) -> Nonce,
        /// Seconds for which a proof is fresh.
        max_age: i64,
    },
}

/// What is known of the nonce in a proof.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Nonce {
    /// We asked it, and nobody answered it before.
    Fresh,
    /// It was answered before.
    Used,
    /// We did not ask it.
    Unknown,
}

/// What looking up a status brought.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Lookup {
    /// The issuer's list says so.
    Found(TokenStatus),
    /// No list could be had, or it is out of date: the network is away, or the issuer is.
    Unavailable,
}

/// What verification found. Only the first may be shown as valid.
#[derive(Debug, Clone, PartialEq)]
pub enum Verdict {
    /// Signature, time, the proof that was asked for, and the issuer's status were checked.
    Valid(Credential),
    /// All but the status is in order, and the status could not be checked. A page must say so.
    NotChecked(Credential, WhyNotChecked),
}

/// Why a status could not be checked.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum WhyNotChecked {
    /// The issuer says nowhere whether it took the certificate back.
    NoStatusNamed,
    /// The list could not be had.
    Unavailable,
    /// The status is given in a way that is not known here.
    UnknownMechanism,
}

/// What was shown, and nothing more.
#[derive(Debug, Clone, PartialEq)]
pub struct Credential {
    /// `iss`.
    pub issuer: String,
    /// `vct`.
    pub vct: String,
    /// The issuer's key.
    pub kid: String,
    /// All claims that were shown or never hidden, digests taken out.
    pub claims: Map<String, Value>,
    /// When it expires, if it does.
    pub expires: Option<Timestamp>,
    /// Whether the holder proved to hold the key.
    pub held: bool,
}

/// Verifies a presentation: an SD-JWT VC (`typ` `dc+sd-jwt`, or `vc+sd-jwt` as before draft 07), its disclosures and
/// the holder's proof.
///
/// # Errors
/// The first reason to refuse it, in this order: form, issuer and signature, type, disclosures, time, proof, status.
pub fn verify(text: &str, policy: &Policy<'_>) -> Result<Verdict, Refusal> {
    let presented = Presented::parse(text)?;
    let token = Jws::parse(presented.token)?;
    token.is_a(&[TYPE, "vc+sd-jwt"])?;
    let issuer = token.payload.get("iss").and_then(Value::as_str).ok_or(Refusal::UnknownIssuer)?;
    let keys = policy.issuers.get(issuer).ok_or(Refusal::UnknownIssuer)?;
    let kid = token.check_with(keys)?.to_owned();
    let vct = token.payload.get("vct").and_then(Value::as_str).ok_or(Refusal::UnknownType)?;
    if !policy.types.is_empty() && !policy.types.contains(&vct) {
        return Err(Refusal::UnknownType);
    }
    let claims = unpack(&token.payload, &presented.disclosures)?.claims;
    let expires = in_time(&token.payload, policy)?;
    let held = prove(&presented, &token.payload, policy)?;
    let credential =
        Credential { issuer: issuer.to_owned(), vct: vct.to_owned(), kid, claims, expires, held };
    let Some(status) = token.payload.get("status") else {
        return Ok(Verdict::NotChecked(credential, WhyNotChecked::NoStatusNamed));
    };
    let Some(claim) = StatusClaim::from_claim(status) else {
        return Ok(Verdict::NotChecked(credential, WhyNotChecked::UnknownMechanism));
    };
    match (policy.status)(&claim) {
        Lookup::Found(TokenStatus::Valid) => Ok(Verdict::Valid(credential)),
        Lookup::Found(TokenStatus::Invalid) => Err(Refusal::Revoked),
        Lookup::Found(TokenStatus::Suspended) => Err(Refusal::Suspended),
        Lookup::Found(TokenStatus::Other(status)) => Err(Refusal::OtherStatus(status)),
        Lookup::Unavailable => Ok(Verdict::NotChecked(credential, WhyNotChecked::Unavailable)),
    }
}

/// That now lies between `nbf` and `exp`. Answers the latter.
fn in_time(payload: &Map<String, Value>, policy: &Policy<'_>) -> Result<Option<Timestamp>, Refusal> {
    let now = policy.now.as_second();
    if seconds(payload, "nbf")?.is_some_and(|from| now.saturating_add(policy.leeway) < from) {
        return Err(Refusal::NotYetValid);
    }
    let until = seconds(payload, "exp")?;
    if until.is_some_and(|until| now.saturating_sub(policy.leeway) >= until) {
        return Err(Refusal::Expired);
    }
    Ok(until.map(|until| Timestamp::from_second(until).unwrap_or(Timestamp::MAX)))
}

/// That the holder's proof is what was asked for. Answers whether there was one.
fn prove(
    presented: &Presented<'_>,
    payload: &Map<String, Value>,
    policy: &Policy<'_>,
) -> Result<bool, Refusal> {
    let BindingRule::Asked { audience, nonce, max_age } = &policy.binding else { return Ok(false) };
    let jwk = payload.get("cnf").and_then(|cnf| cnf.get("jwk")).ok_or(Refusal::NotBound)?;
    let key = VerifyingKey::from_jwk(jwk).map_err(|_| Refusal::NotBound)?;
    let proof = Jws::parse(presented.proof.ok_or(Refusal::ProofMissing)?)?;
    proof.is_a(&[PROOF_TYPE])?;
    proof.check(&key).map_err(|why| if why == Refusal::Altered { Refusal::ProofAltered } else { why })?;
    let text = |name| proof.payload.get(name).and_then(Value::as_str);
    if text("sd_hash") != Some(&digest(presented.proven)) {
        return Err(Refusal::ProofOfOther);
    }
    if text("aud") != Some(audience) {
        return Err(Refusal::WrongAudience);
    }
    let made = seconds(&proof.payload, "iat")?.ok_or(Refusal::Malformed("iat"))?;
    let age = policy.now.as_second().saturating_sub(made);
    if age < policy.leeway.saturating_neg() || age > max_age.saturating_add(policy.leeway) {
        return Err(Refusal::ProofNotFresh);
    }
    match text("nonce").map_or(Nonce::Unknown, nonce) {
        Nonce::Fresh => Ok(true),
        Nonce::Used => Err(Refusal::Replayed),
        Nonce::Unknown => Err(Refusal::WrongNonce),
    }
}
