//! From a provider's claims to a person and a level.

use std::collections::BTreeMap;

use domain::CitizenNumber;
use serde_json::{Map, Value};

use super::{Client, Fault, Judged, text};
use crate::claims::{Claims, RealNameLevel};
use crate::provider::Denied;

/// Longest name kept, in characters.
const MAX_NAME: usize = 50;
/// Longest mobile number, in characters.
const MAX_MOBILE: usize = 20;

/// Which claims carry what.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ClaimNames {
    /// The whole name.
    pub name: String,
    /// The citizen number.
    pub number: String,
    /// The mobile number.
    pub mobile: Option<String>,
}

/// What a provider's levels (`acr`) mean here.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Levels {
    /// By its words.
    pub by_acr: BTreeMap<String, RealNameLevel>,
    /// Where it says nothing; `None` refuses that.
    pub otherwise: Option<RealNameLevel>,
    /// Never more than this.
    pub most: RealNameLevel,
}

impl Levels {
    /// Every level it can come to, the lowest first.
    #[must_use]
    pub fn all(&self) -> Vec<RealNameLevel> {
        let known = self.by_acr.values().chain(&self.otherwise).map(|level| (*level).min(self.most));
        let mut all: Vec<RealNameLevel> = known.collect();
        all.sort_unstable();
        all.dedup();
        all
    }

    /// The words of its levels that come to `needed` or more, the lowest first, parted by spaces.
    pub(crate) fn reaching(&self, needed: RealNameLevel) -> String {
        let mut words: Vec<_> =
            self.by_acr.iter().filter(|(_, level)| (**level).min(self.most) >= needed).collect();
        words.sort_by_key(|(word, level)| (**level, word.as_str()));
        words.iter().map(|(word, _)| word.as_str()).collect::<Vec<_>>().join(" ")
    }

    fn of(&self, acr: Option<&str>) -> Result<RealNameLevel, Fault> {
        let known = acr.and_then(|acr| self.by_acr.get(acr).copied());
        Ok(known.or(self.otherwise).ok_or(Fault::Level)?.min(self.most))
    }
}

impl Client {
    /// Whether a token leaves open what further claims may say.
    #[must_use]
    pub fn lacks(&self, claims: &Map<String, Value>) -> bool {
        let mut wanted = [&self.names.name, &self.names.number].into_iter().chain(&self.names.mobile);
        wanted.any(|name| !claims.contains_key(name))
    }
}

/// The person. `more`: what the userinfo endpoint said, which never speaks for somebody else and never of levels.
///
/// # Errors
/// [`Fault::Subject`], [`Fault::Lacks`], [`Fault::Level`], [`Denied::Number`].
pub fn person(client: &Client, judged: &Judged, more: Option<&[u8]>) -> Result<Claims, Denied> {
    let more = match more {
        Some(bytes) => Some(super::object(bytes, super::MAX_ANSWER).ok_or(Fault::Unreadable)?),
        None => None,
    };
    if more.as_ref().is_some_and(|more| text(more, "sub") != Some(&judged.subject)) {
        return Err(Fault::Subject.into());
    }
    let said = |name: &str| {
        text(&judged.claims, name)
            .or_else(|| text(more.as_ref()?, name))
            .map(str::trim)
            .filter(|v| !v.is_empty())
    };
    let name = said(&client.names.name).ok_or(Fault::Lacks)?;
    let number: CitizenNumber = said(&client.names.number).ok_or(Fault::Lacks)?.parse()?;
    let mobile = client.names.mobile.as_deref().and_then(said);
    Ok(Claims {
        provider: client.id.clone(),
        name: name.chars().take(MAX_NAME).collect(),
        number,
        mobile: mobile.filter(|mobile| mobile.len() <= MAX_MOBILE).map(str::to_owned),
        address: None,
        level: client.levels.of(text(&judged.claims, "acr"))?,
    })
}
