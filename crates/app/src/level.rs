//! Real-name levels (实名核验等级): what an item asks for, and what a person has proved.

use casework::Definition;

use identity::RealNameLevel;

use crate::{App, Error, Profile};

/// Whether somebody has proved as much as an item asks for. A session never opens an account that was proved with
/// more than itself, so what the account has is what the session may.
pub(crate) fn enough(definition: &Definition, profile: &Profile) -> Result<(), Error> {
    let (needed, has) = (definition.item.real_name, profile.level.number());
    if has < needed { Err(Error::Level { needed, has }) } else { Ok(()) }
}

impl App {
    /// The level that somebody can prove from here, without a window: the lowest that is more than they have and
    /// not less than what is asked for.
    #[must_use]
    pub fn step_to(&self, has: RealNameLevel, needed: Option<RealNameLevel>) -> Option<RealNameLevel> {
        let offers = self.provider.as_ref().map(|provider| provider.offers()).unwrap_or_default();
        let fits = |level: &RealNameLevel| *level > has && needed.is_none_or(|needed| *level >= needed);
        offers.iter().copied().filter(fits).min()
    }
}
