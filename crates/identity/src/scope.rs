//! For which services somebody may act for somebody else.

use serde::{Deserialize, Serialize};

/// Most themes or items one scope names.
pub const MAX_SCOPE: usize = 40;

/// The services a tie covers.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "covers", content = "these", rename_all = "kebab-case")]
pub enum Scope {
    /// All services.
    All,
    /// Those of these themes, by id.
    Themes(Vec<String>),
    /// These alone, by code.
    Items(Vec<String>),
}

/// A service as scopes are asked about it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Service<'a> {
    /// Code of the item; of a part of a joint case `joint~part`.
    pub item: &'a str,
    /// Ids of its themes.
    pub themes: &'a [String],
}

impl Scope {
    /// Whether it covers a service. A part of a joint case goes with the joint item.
    #[must_use]
    pub fn covers(&self, service: Service<'_>) -> bool {
        let whole = service.item.split('~').next().unwrap_or_default();
        match self {
            Self::All => true,
            Self::Themes(themes) => themes.iter().any(|theme| service.themes.contains(theme)),
            Self::Items(items) => items.iter().any(|item| item == whole),
        }
    }

    /// Whether everything it covers is covered by `other` as well, as far as that can be said without a
    /// catalogue.
    #[must_use]
    pub fn within(&self, other: &Self) -> bool {
        match (self, other) {
            (_, Self::All) => true,
            (Self::Themes(own), Self::Themes(all)) | (Self::Items(own), Self::Items(all)) => {
                own.iter().all(|one| all.contains(one))
            }
            _ => false,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::{Scope, Service};

    #[test]
    fn a_scope_covers_what_it_names_and_nothing_else() {
        let themes = ["housing".to_owned()];
        let house = Service { item: "a-house", themes: &themes };
        let part = Service { item: "a-house~gas", themes: &themes };
        let other = Service { item: "a-horse", themes: &[] };
        let of = |names: &[&str]| names.iter().map(|&name| name.to_owned()).collect::<Vec<_>>();
        for (scope, covers) in [
            (Scope::All, [true, true, true]),
            (Scope::Themes(of(&["housing", "work"])), [true, true, false]),
            (Scope::Themes(of(&["work"])), [false, false, false]),
            (Scope::Themes(vec![]), [false, false, false]),
            (Scope::Items(of(&["a-house"])), [true, true, false]),
            (Scope::Items(of(&["a-house~gas"])), [false, false, false]),
        ] {
            assert_eq!([house, part, other].map(|service| scope.covers(service)), covers, "{scope:?}");
        }
    }

    #[test]
    fn what_is_handed_on_is_not_wider() {
        let one = Scope::Items(vec!["a".to_owned()]);
        assert!(one.within(&Scope::All) && one.within(&one) && !Scope::All.within(&one));
        assert!(!one.within(&Scope::Items(vec!["b".to_owned()])));
    }
}
