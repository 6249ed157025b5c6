//! Putting disclosed claims back where they belong (RFC 9901 section 7.1).

use std::collections::{HashMap, HashSet};

use serde_json::{Map, Value};

use crate::disclosure::Disclosure;
use crate::issue::NEVER_HIDDEN;
use crate::refusal::Refusal;

/// Objects and arrays within each other, those in disclosures counted.
const DEEPEST: usize = 24;

/// The claims with what was disclosed in its place.
pub(crate) struct Unpacked {
    pub(crate) claims: Map<String, Value>,
    /// For each disclosure the JSON pointer (RFC 6901) of its claim.
    pub(crate) pointers: Vec<String>,
}

struct Unpacking<'a> {
    by_digest: HashMap<&'a str, usize>,
    disclosures: &'a [Disclosure],
    seen: HashSet<String>,
    pointers: Vec<Option<String>>,
}

/// Puts each disclosure in its place in `payload`, and takes the digests out.
pub(crate) fn unpack(payload: &Map<String, Value>, disclosures: &[Disclosure]) -> Result<Unpacked, Refusal> {
    match payload.get("_sd_alg").map(|alg| alg.as_str()) {
        None | Some(Some("sha-256")) => {}
        Some(_) => return Err(Refusal::DigestAlgorithm),
    }
    let mut by_digest = HashMap::new();
    for (at, disclosure) in disclosures.iter().enumerate() {
        if by_digest.insert(disclosure.digest.as_str(), at).is_some() {
            return Err(Refusal::DisclosureRepeated);
        }
    }
    let pointers = vec![None; disclosures.len()];
    let mut unpacking = Unpacking { by_digest, disclosures, seen: HashSet::new(), pointers };
    let mut claims = unpacking.object(payload, "", DEEPEST)?;
    claims.remove("_sd_alg");
    let pointers: Option<Vec<String>> = unpacking.pointers.into_iter().collect();
    let pointers = pointers.ok_or(Refusal::DisclosureUnreferenced)?;
    // What says for how long and for whom must have been signed in the open.
    let top = |pointer: &str| NEVER_HIDDEN.contains(&pointer.strip_prefix('/').unwrap_or(pointer));
    if pointers.iter().any(|pointer| top(pointer)) {
        return Err(Refusal::BadDisclosure);
    }
    Ok(Unpacked { claims, pointers })
}

impl Unpacking<'_> {
    fn value(&mut self, value: &Value, pointer: &str, depth: usize) -> Result<Value, Refusal> {
        match value {
            Value::Object(members) => self.object(members, pointer, depth).map(Value::Object),
            Value::Array(elements) => self.array(elements, pointer, depth).map(Value::Array),
            plain => Ok(plain.clone()),
        }
    }

    fn object(
        &mut self,
        members: &Map<String, Value>,
        pointer: &str,
        depth: usize,
    ) -> Result<Map<String, Value>, Refusal> {
        let depth = depth.checked_sub(1).ok_or(Refusal::TooLarge)?;
        let mut whole = Map::new();
        for (name, value) in members {
            match name.as_str() {
                "_sd" => {}
                "..." => return Err(Refusal::Malformed("digest")),
                _ => {
                    let value = self.value(value, &format!("{pointer}/{}", escape(name)), depth)?;
                    whole.insert(name.clone(), value);
                }
            }
        }
        let Some(digests) = members.get("_sd") else { return Ok(whole) };
        for digest in digests.as_array().ok_or(Refusal::Malformed("_sd"))? {
            let digest = digest.as_str().ok_or(Refusal::Malformed("_sd"))?;
            let Some((at, disclosure)) = self.find(digest)? else { continue };
            let name = disclosure.name.as_ref().ok_or(Refusal::BadDisclosure)?;
            // At the top this name would be taken for the parameter.
            if whole.contains_key(name) || members.contains_key(name) || name == "_sd_alg" {
                return Err(Refusal::DisclosureRepeated);
            }
            let below = format!("{pointer}/{}", escape(name));
            let value = self.value(&disclosure.value, &below, depth)?;
            whole.insert(name.clone(), value);
            self.pointers[at] = Some(below);
        }
        Ok(whole)
    }

    fn array(&mut self, elements: &[Value], pointer: &str, depth: usize) -> Result<Vec<Value>, Refusal> {
        let depth = depth.checked_sub(1).ok_or(Refusal::TooLarge)?;
        let mut whole = Vec::with_capacity(elements.len());
        for element in elements {
            let below = format!("{pointer}/{}", whole.len());
            let hidden = element.as_object().filter(|members| members.len() == 1);
            let Some(digest) = hidden.and_then(|members| members.get("...")) else {
                whole.push(self.value(element, &below, depth)?);
                continue;
            };
            let digest = digest.as_str().ok_or(Refusal::Malformed("digest"))?;
            let Some((at, disclosure)) = self.find(digest)? else { continue };
            if disclosure.name.is_some() {
                return Err(Refusal::BadDisclosure);
            }
            let value = self.value(&disclosure.value, &below, depth)?;
            whole.push(value);
            self.pointers[at] = Some(below);
        }
        Ok(whole)
    }
}

impl<'a> Unpacking<'a> {
    /// The disclosure of a digest. A digest may stand in one place only.
    fn find(&mut self, digest: &str) -> Result<Option<(usize, &'a Disclosure)>, Refusal> {
        if !self.seen.insert(digest.to_owned()) {
            return Err(Refusal::DisclosureRepeated);
        }
        Ok(self.by_digest.get(digest).map(|&at| (at, &self.disclosures[at])))
    }
}

/// A name within a JSON pointer.
pub(crate) fn escape(name: &str) -> String {
    name.replace('~', "~0").replace('/', "~1")
}

/// The name that a part of a JSON pointer stands for.
pub(crate) fn unescape(part: &str) -> String {
    part.replace("~1", "/").replace("~0", "~")
}
