//! Real-name levels (实名核验等级): what an item asks for, and what a person has proved.

use casework::Definition;
use domain::PersonId;
use identity::{Provider, RealNameLevel};

use crate::{App, Error, Party, Profile};

/// [`Error::Level`] where less was proved than is needed.
pub(crate) fn enough(has: RealNameLevel, needed: RealNameLevel) -> Result<(), Error> {
    if has < needed {
        return Err(Error::Level { needed: needed.number(), has: has.number() });
    }
    Ok(())
}

impl App {
    /// Whether whoever applies, for themselves or for another, has proved as much as an item asks for; what they have
    /// proved. A session never opens an account that was proved with more than itself, so what the account has is what
    /// the session may.
    pub(crate) async fn enough(&self, definition: &Definition, party: Party) -> Result<Profile, Error> {
        let profile = self.profile(party.hand()).await?;
        let (needed, has) = (definition.item.real_name, profile.level.number());
        if has < needed { Err(Error::Level { needed, has }) } else { Ok(profile) }
    }

    /// The profile of somebody whose name and number were matched with a register: nobody ties another person, or an
    /// organisation, to a number that they only say is theirs.
    ///
    /// # Errors
    /// [`Error::Level`].
    pub async fn matched(&self, person: PersonId) -> Result<Profile, Error> {
        let profile = self.profile(person).await?;
        enough(profile.level, RealNameLevel::Matched)?;
        Ok(profile)
    }

    /// The level that somebody can prove on a page of this site: the lowest that is more than they have and not less
    /// than what is asked for.
    #[must_use]
    pub fn step_to(&self, has: RealNameLevel, needed: Option<RealNameLevel>) -> Option<RealNameLevel> {
        self.own_provider().and_then(|provider| reaches(provider.as_ref(), has, needed))
    }

    /// Providers elsewhere that can prove more than somebody has and not less than what is asked for, each with the
    /// lowest such level.
    pub fn ways_up(
        &self,
        has: RealNameLevel,
        needed: Option<RealNameLevel>,
    ) -> impl Iterator<Item = (&dyn Provider, RealNameLevel)> {
        self.remote_providers().filter_map(move |provider| Some((provider, reaches(provider, has, needed)?)))
    }
}

/// The lowest level of a provider that is more than `has` and not less than `needed`.
fn reaches(
    provider: &dyn Provider,
    has: RealNameLevel,
    needed: Option<RealNameLevel>,
) -> Option<RealNameLevel> {
    let fits = |level: &RealNameLevel| *level > has && needed.is_none_or(|needed| *level >= needed);
    provider.offers().iter().copied().filter(fits).min()
}
