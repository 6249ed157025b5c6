//! Who may act for whom: kinds of tie, and how long one stands.

use domain::{Calendar, CitizenNumber, Date, Timestamp};
use serde::{Deserialize, Serialize};

/// Somebody comes of age on their eighteenth birthday (民法典 art. 17).
const OF_AGE: i16 = 18;

/// How two sides belong together.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Bond {
    /// 夫妻
    Spouse,
    /// 父母与成年子女
    ParentChild,
    /// 祖孙
    Grandparent,
    /// 兄弟姐妹
    Sibling,
    /// 其他亲友
    Other,
    /// 父母为未成年子女, by the birth certificate (民法典 arts 23, 27).
    Minor,
    /// 法定代表人 of an organisation.
    Legal,
    /// 经办人 of an organisation.
    Staff,
}

impl Bond {
    /// What relatives and friends may ask each other for.
    pub const ASKED: [Self; 5] =
        [Self::Spouse, Self::ParentChild, Self::Grandparent, Self::Sibling, Self::Other];

    /// All kinds.
    pub const ALL: [Self; 8] = [
        Self::Spouse,
        Self::ParentChild,
        Self::Grandparent,
        Self::Sibling,
        Self::Other,
        Self::Minor,
        Self::Legal,
        Self::Staff,
    ];

    /// Id, as stored and as in `bond-<id>` texts.
    #[must_use]
    pub fn id(self) -> &'static str {
        match self {
            Self::Spouse => "spouse",
            Self::ParentChild => "parent-child",
            Self::Grandparent => "grandparent",
            Self::Sibling => "sibling",
            Self::Other => "other",
            Self::Minor => "minor",
            Self::Legal => "legal",
            Self::Staff => "staff",
        }
    }

    /// The kind with this id.
    #[must_use]
    pub fn of(id: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|bond| bond.id() == id)
    }

    /// Between people, not with an organisation.
    #[must_use]
    pub fn is_kin(self) -> bool {
        !matches!(self, Self::Legal | Self::Staff)
    }
}

/// What one is in a tie.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Side {
    /// Acts for the other.
    Agent,
    /// Is acted for.
    Principal,
}

impl Side {
    /// Id, as stored.
    #[must_use]
    pub fn id(self) -> &'static str {
        match self {
            Self::Agent => "agent",
            Self::Principal => "principal",
        }
    }

    /// The side with this id.
    #[must_use]
    pub fn of(id: &str) -> Option<Self> {
        [Self::Agent, Self::Principal].into_iter().find(|side| side.id() == id)
    }
}

/// The day somebody comes of age. Who was born on 29 February does so on 1 March.
#[must_use]
pub fn of_age_on(born: Date) -> Option<Date> {
    let year = born.year().checked_add(OF_AGE)?;
    Date::new(year, born.month(), born.day()).or_else(|_| Date::new(year, 3, 1)).ok()
}

/// Whether the holder of a number is a minor on a day.
#[must_use]
pub fn is_minor(number: &CitizenNumber, today: Date) -> bool {
    of_age_on(number.birthday()).is_some_and(|day| today < day)
}

/// The instant at which a minor comes of age, local.
#[must_use]
pub fn comes_of_age(number: &CitizenNumber, calendar: &Calendar) -> Option<Timestamp> {
    of_age_on(number.birthday()).map(|day| calendar.at(day, 0))
}

#[cfg(test)]
mod tests {
    use domain::Date;

    use super::{Bond, of_age_on};

    #[test]
    fn somebody_comes_of_age_on_the_eighteenth_birthday() {
        assert_eq!(of_age_on(Date::constant(2008, 9, 7)), Some(Date::constant(2026, 9, 7)));
        assert_eq!(of_age_on(Date::constant(2008, 2, 29)), Some(Date::constant(2026, 3, 1)));
    }

    #[test]
    fn a_bond_is_found_by_its_id() {
        for bond in Bond::ALL {
            assert_eq!(Bond::of(bond.id()), Some(bond));
        }
        assert_eq!(Bond::of("friend"), None);
    }
}
