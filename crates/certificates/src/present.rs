//! The holder's side: showing some claims and proving to hold the key.

use domain::Timestamp;
use serde_json::{Map, Value};

use crate::disclosure::{SdJwt, digest};
use crate::jws::{self, Jws};
use crate::key::SigningKey;
use crate::refusal::Refusal;
use crate::unpack::unpack;

/// The type in the header of a holder's proof.
pub(crate) const PROOF_TYPE: &str = "kb+jwt";

/// To whom and in answer to what the holder shows a certificate.
#[derive(Debug, Clone)]
pub struct Binding<'a> {
    /// The key that the certificate is bound to.
    pub key: &'a SigningKey,
    /// `aud`: the verifier's name for itself.
    pub audience: &'a str,
    /// `nonce`: the verifier's question.
    pub nonce: &'a str,
    /// `iat`: now.
    pub at: Timestamp,
}

/// Why a certificate cannot be shown.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum CannotPresent {
    /// The certificate is broken.
    #[error("the certificate is broken: {0}")]
    Broken(#[from] Refusal),
    /// What is to be shown is not there, or is not hidden.
    #[error("{0} is not among the claims that may be shown or not")]
    NotHidden(String),
    /// The key is not the one the certificate is bound to.
    #[error("the certificate is bound to another key")]
    OtherKey,
    /// The key cannot sign.
    #[error("the key cannot sign")]
    Key,
}

impl SdJwt {
    /// JSON pointers (RFC 6901) of what the holder may show or not, and its value.
    ///
    /// # Errors
    /// Why the certificate cannot be read.
    pub fn hidden(&self) -> Result<Vec<(String, Value)>, Refusal> {
        let unpacked = unpack(&Jws::parse(&self.token)?.payload, &self.disclosures)?;
        let whole = Value::Object(unpacked.claims);
        let value = |pointer: &String| whole.pointer(pointer).cloned().unwrap_or_default();
        Ok(unpacked.pointers.iter().map(|pointer| (pointer.clone(), value(pointer))).collect())
    }

    /// Shows the claims at these pointers, what they lie in, and nothing more; with the holder's proof where asked for.
    ///
    /// # Errors
    /// [`CannotPresent`].
    pub fn present(&self, show: &[&str], binding: Option<&Binding<'_>>) -> Result<String, CannotPresent> {
        let token = Jws::parse(&self.token)?;
        let pointers = unpack(&token.payload, &self.disclosures)?.pointers;
        if let Some(missing) = show.iter().find(|wanted| !pointers.iter().any(|at| at == *wanted)) {
            return Err(CannotPresent::NotHidden((*missing).to_owned()));
        }
        let is_shown = |at: &str| show.iter().any(|wanted| lies_in(wanted, at));
        let mut text = format!("{}~", self.token);
        for (disclosure, at) in self.disclosures.iter().zip(&pointers) {
            if is_shown(at) {
                text.push_str(&disclosure.text);
                text.push('~');
            }
        }
        if let Some(binding) = binding {
            let bound_to =
                token.payload.get("cnf").and_then(|cnf| cnf.get("jwk")).and_then(|jwk| jwk.get("kid"));
            if bound_to.is_some_and(|kid| kid != binding.key.verifying_key().kid()) {
                return Err(CannotPresent::OtherKey);
            }
            let proof = binding.prove(&text)?;
            text.push_str(&proof);
        }
        Ok(text)
    }
}

impl Binding<'_> {
    /// The proof over what is shown, which ends in a tilde.
    fn prove(&self, shown: &str) -> Result<String, CannotPresent> {
        let mut claims = Map::new();
        claims.insert("aud".to_owned(), self.audience.into());
        claims.insert("iat".to_owned(), self.at.as_second().into());
        claims.insert("nonce".to_owned(), self.nonce.into());
        claims.insert("sd_hash".to_owned(), digest(shown).into());
        jws::sign(self.key, PROOF_TYPE, &claims, None).map_err(|_| CannotPresent::Key)
    }
}

/// Whether the claim at `wanted` is the one at `at` or lies in it.
fn lies_in(wanted: &str, at: &str) -> bool {
    wanted.strip_prefix(at).is_some_and(|rest| rest.is_empty() || rest.starts_with('/'))
}
