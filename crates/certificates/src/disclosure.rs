//! An SD-JWT in its parts (RFC 9901): the signed token, the disclosures, perhaps the holder's proof.

use std::fmt;

use serde_json::Value;
use sha2::{Digest, Sha256};

use crate::base64url::{decode, encode};
use crate::jws::MOST_BYTES;
use crate::refusal::Refusal;
use crate::strict;

/// Disclosures of one certificate; more are not read.
const MOST_DISCLOSURES: usize = 512;

/// A certificate as its holder keeps it: the signed token and all its disclosures, without a proof.
#[derive(Clone, PartialEq, Eq)]
pub struct SdJwt {
    pub(crate) token: String,
    pub(crate) disclosures: Vec<Disclosure>,
}

/// One hidden claim: its salt, name (none for an element of an array) and value.
#[derive(Clone, PartialEq, Eq)]
pub(crate) struct Disclosure {
    pub(crate) text: String,
    pub(crate) digest: String,
    pub(crate) name: Option<String>,
    pub(crate) value: Value,
}

impl Disclosure {
    /// A disclosure of `value` under `name`, or of an element of an array.
    pub(crate) fn new(salt: &[u8; 16], name: Option<&str>, value: Value) -> Self {
        let mut parts = vec![Value::from(encode(salt))];
        parts.extend(name.map(Value::from));
        parts.push(value.clone());
        let text = encode(Value::Array(parts).to_string().as_bytes());
        Self { digest: digest(&text), text, name: name.map(str::to_owned), value }
    }

    fn parse(text: &str) -> Result<Self, Refusal> {
        let bytes = decode(text).ok_or(Refusal::BadDisclosure)?;
        let Some(Value::Array(mut parts)) = strict::value(&bytes) else { return Err(Refusal::BadDisclosure) };
        let value = parts.pop().ok_or(Refusal::BadDisclosure)?;
        let name = match parts.as_slice() {
            [Value::String(_)] => None,
            [Value::String(_), Value::String(name)] if name != "_sd" && name != "..." => Some(name.clone()),
            _ => return Err(Refusal::BadDisclosure),
        };
        Ok(Self { digest: digest(text), text: text.to_owned(), name, value })
    }
}

/// The digest over a disclosure's text, as it stands in `_sd`.
pub(crate) fn digest(text: &str) -> String {
    encode(&Sha256::digest(text))
}

/// What somebody showed: a certificate and, where asked for, the holder's proof.
pub(crate) struct Presented<'a> {
    pub(crate) token: &'a str,
    pub(crate) disclosures: Vec<Disclosure>,
    pub(crate) proof: Option<&'a str>,
    /// What the proof's `sd_hash` is about: all up to and with the last tilde.
    pub(crate) proven: &'a str,
}

impl<'a> Presented<'a> {
    pub(crate) fn parse(text: &'a str) -> Result<Self, Refusal> {
        if text.len() > MOST_BYTES {
            return Err(Refusal::TooLarge);
        }
        let (token, _) = text.split_once('~').ok_or(Refusal::Malformed("tilde"))?;
        let (before, proof) = text.rsplit_once('~').ok_or(Refusal::Malformed("tilde"))?;
        let between = before.get(token.len() + 1..).unwrap_or_default();
        let mut disclosures = Vec::new();
        if !between.is_empty() {
            for text in between.split('~') {
                if disclosures.len() == MOST_DISCLOSURES {
                    return Err(Refusal::TooLarge);
                }
                disclosures.push(Disclosure::parse(text)?);
            }
        }
        let proof = (!proof.is_empty()).then_some(proof);
        Ok(Self { token, disclosures, proof, proven: &text[..=before.len()] })
    }
}

impl SdJwt {
    /// Reads a certificate as an issuer hands it out. Nothing is believed by that: see [`crate::verify()`].
    ///
    /// # Errors
    /// Why it cannot be read; [`Refusal::WrongForm`] when it carries a holder's proof.
    pub fn parse(text: &str) -> Result<Self, Refusal> {
        let Presented { token, disclosures, proof, .. } = Presented::parse(text)?;
        if proof.is_some() {
            return Err(Refusal::WrongForm);
        }
        Ok(Self { token: token.to_owned(), disclosures })
    }
}

impl fmt::Display for SdJwt {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}~", self.token)?;
        self.disclosures.iter().try_for_each(|disclosure| write!(f, "{}~", disclosure.text))
    }
}

// What is hidden stays hidden in a log.
impl fmt::Debug for SdJwt {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("SdJwt").field("disclosures", &self.disclosures.len()).finish_non_exhaustive()
    }
}

#[cfg(test)]
mod tests {
    use serde_json::Value;

    use super::{Disclosure, digest};

    /// RFC 9901 sections 4.2.1 and 4.2.3: the same text gives the same digest, spaces and all.
    #[test]
    fn the_example_of_the_rfc() {
        let text = "WyJfMjZiYzRMVC1hYzZxMktJNmNCVzVlcyIsICJmYW1pbHlfbmFtZSIsICJNw7ZiaXVzIl0";
        assert_eq!(digest(text), "X9yH0Ajrdm1Oij4tWso9UzzKJvPoDxwmuEcO3XAdRC0");
        let read = Disclosure::parse(text).unwrap();
        assert_eq!((read.name.as_deref(), read.value), (Some("family_name"), Value::from("Möbius")));
    }
}
