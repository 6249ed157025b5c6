//! Issuing an SD-JWT VC.

use serde_json::{Map, Value, json};

use crate::Chance;
use crate::base64url::encode;
use crate::disclosure::{Disclosure, SdJwt, digest};
use crate::jws;
use crate::key::{SigningKey, VerifyingKey};
use crate::unpack::unescape;

/// Claims that a verifier needs before anything else, and that may therefore not be hidden (SD-JWT VC section 2.2.2).
pub(crate) const NEVER_HIDDEN: [&str; 8] =
    ["iss", "nbf", "exp", "cnf", "vct", "vct#integrity", "status", "aud"];

/// Names that verifiers read, so that no field of a certificate may bear them.
pub(crate) const RESERVED: [&str; 14] = [
    "iss",
    "nbf",
    "exp",
    "iat",
    "cnf",
    "vct",
    "vct#integrity",
    "status",
    "aud",
    "sub",
    "jti",
    "_sd",
    "_sd_alg",
    "...",
];

/// The type in the header, from draft 07 of SD-JWT VC on.
pub(crate) const TYPE: &str = "dc+sd-jwt";

/// What is to be issued.
#[derive(Debug, Clone)]
pub struct Issue<'a> {
    /// All claims, `iss` and `vct` among them.
    pub claims: &'a Map<String, Value>,
    /// JSON pointers (RFC 6901) of what the holder may show or not: `/name`, `/address/town`, `/degrees/0`. A pointer
    /// may lie below another one.
    pub hide: &'a [String],
    /// The key that the holder must prove to hold: `cnf`.
    pub holder: Option<&'a VerifyingKey>,
    /// Digests of nothing beside those at the top, so that the number of hidden claims does not show.
    pub decoys: usize,
}

/// Why a certificate cannot be issued.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum CannotIssue {
    /// `iss` or `vct` is missing.
    #[error("the claim {0} is missing")]
    Missing(&'static str),
    /// A claim has a name that belongs to the format.
    #[error("no field may be called {0}")]
    Reserved(String),
    /// What is to be hidden is not there, or may not be hidden.
    #[error("{0} cannot be hidden: it is not there, or verifiers need it")]
    CannotHide(String),
    /// The key cannot sign.
    #[error("the key cannot sign")]
    Key,
}

impl Issue<'_> {
    /// Signs the certificate. `chance` gives 16 bytes of salt for each hidden claim and 32 for each decoy.
    ///
    /// # Errors
    /// [`CannotIssue`].
    pub fn sign(&self, key: &SigningKey, chance: Chance<'_>) -> Result<SdJwt, CannotIssue> {
        for name in ["iss", "vct"] {
            if !self.claims.get(name).is_some_and(Value::is_string) {
                return Err(CannotIssue::Missing(name));
            }
        }
        let mut whole = Value::Object(self.claims.clone());
        no_reserved(&whole)?;
        let mut deepest_first: Vec<&String> = self.hide.iter().collect();
        // An element hidden in an array keeps its place, so the order among equals does not matter.
        deepest_first.sort_by_key(|pointer| std::cmp::Reverse(pointer.matches('/').count()));
        let mut disclosures = Vec::with_capacity(deepest_first.len());
        for pointer in deepest_first {
            let mut salt = [0; 16];
            chance(&mut salt);
            let hidden = hide(&mut whole, pointer, &salt);
            disclosures.push(hidden.ok_or_else(|| CannotIssue::CannotHide(pointer.clone()))?);
        }
        let Value::Object(mut payload) = whole else { return Err(CannotIssue::Missing("iss")) };
        self.finish(&mut payload, chance);
        let kid = key.verifying_key().kid();
        let token = jws::sign(key, TYPE, &payload, Some(kid)).map_err(|_| CannotIssue::Key)?;
        Ok(SdJwt { token, disclosures })
    }

    /// Decoys, the algorithm of the digests, the holder's key; digests sorted, so that their order says nothing.
    fn finish(&self, payload: &mut Map<String, Value>, chance: Chance<'_>) {
        if self.decoys > 0 {
            let digests = payload.entry("_sd").or_insert_with(|| Value::Array(Vec::new()));
            for _ in 0..self.decoys {
                let mut nothing = [0; 32];
                chance(&mut nothing);
                if let Value::Array(digests) = digests {
                    digests.push(digest(&encode(&nothing)).into());
                }
            }
        }
        payload.values_mut().for_each(sort_digests);
        sort_own_digests(payload);
        payload.insert("_sd_alg".to_owned(), "sha-256".into());
        if let Some(holder) = self.holder {
            payload.insert("cnf".to_owned(), json!({ "jwk": holder.to_jwk() }));
        }
    }
}

/// Takes the claim at `pointer` out of `whole`, leaves its digest there, and answers its disclosure.
fn hide(whole: &mut Value, pointer: &str, salt: &[u8; 16]) -> Option<Disclosure> {
    let (parent, last) = pointer.rsplit_once('/')?;
    let name = unescape(last);
    if parent.is_empty() && NEVER_HIDDEN.contains(&name.as_str()) {
        return None;
    }
    match whole.pointer_mut(parent)? {
        Value::Object(members) => {
            let mut value = members.remove(&name)?;
            sort_digests(&mut value);
            let disclosure = Disclosure::new(salt, Some(&name), value);
            let digests = members.entry("_sd").or_insert_with(|| Value::Array(Vec::new()));
            digests.as_array_mut()?.push(disclosure.digest.as_str().into());
            Some(disclosure)
        }
        Value::Array(elements) => {
            let element = elements.get_mut(name.parse::<usize>().ok()?)?;
            // Once hidden it cannot be hidden again.
            if element.get("...").is_some() {
                return None;
            }
            sort_digests(element);
            let disclosure = Disclosure::new(salt, None, element.take());
            *element = json!({ "...": disclosure.digest });
            Some(disclosure)
        }
        _ => None,
    }
}

/// Sorts the digests in each object, so that their order says nothing of the order of the claims.
fn sort_digests(value: &mut Value) {
    match value {
        Value::Object(members) => {
            members.values_mut().for_each(sort_digests);
            sort_own_digests(members);
        }
        Value::Array(elements) => elements.iter_mut().for_each(sort_digests),
        _ => {}
    }
}

fn sort_own_digests(members: &mut Map<String, Value>) {
    if let Some(Value::Array(digests)) = members.get_mut("_sd") {
        digests.sort_by(|one, other| one.as_str().cmp(&other.as_str()));
    }
}

fn no_reserved(value: &Value) -> Result<(), CannotIssue> {
    match value {
        Value::Object(members) => members.iter().try_for_each(|(name, value)| {
            if ["_sd", "_sd_alg", "..."].contains(&name.as_str()) {
                return Err(CannotIssue::Reserved(name.clone()));
            }
            no_reserved(value)
        }),
        Value::Array(elements) => elements.iter().try_for_each(no_reserved),
        _ => Ok(()),
    }
}
