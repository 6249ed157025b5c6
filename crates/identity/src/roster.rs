//! The officers of a real site, as its operator lists them.

use std::collections::HashMap;
use std::sync::{Arc, PoisonError, RwLock};

use domain::OfficerId;
use packs::Role;
use uuid::Builder;

use crate::officers::{OfficerCard, OfficerDirectory, Post};

/// An officer with all their posts.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Listed {
    /// What the operator calls them, in commands and in the log.
    pub label: String,
    /// Id in office: [`Listed::id_of`] their citizen number.
    pub id: OfficerId,
    /// The name that was matched with their number, and that stands on the record.
    pub name: String,
    /// Agency and what they may do there; each agency once.
    pub posts: Vec<(String, Vec<Role>)>,
}

impl Listed {
    /// The id in office of whose citizen number has this keyed hash. One human being is one officer wherever they sit,
    /// and nobody else ever becomes them, whatever a file calls them.
    #[must_use]
    pub fn id_of(hash: &[u8; 32]) -> OfficerId {
        let mut bytes = [0; 16];
        bytes.copy_from_slice(&hash[..16]);
        OfficerId(Builder::from_custom_bytes(bytes).into_uuid())
    }

    fn card(&self, roles: &[Role]) -> OfficerCard {
        OfficerCard {
            id: self.id,
            name: self.name.clone(),
            post: Post::of(roles),
            roles: roles.to_vec(),
            number: None,
        }
    }

    fn at(&self, agency: &str) -> Option<OfficerCard> {
        let (_, roles) = self.posts.iter().find(|(known, _)| known == agency)?;
        Some(self.card(roles))
    }
}

/// Officers by id.
type Book = HashMap<OfficerId, Listed>;

/// The list, which may be exchanged while the site runs: whoever asks next is answered by the new one.
#[derive(Debug, Default)]
pub struct Roster(RwLock<Arc<Book>>);

impl Roster {
    /// A list to begin with.
    #[must_use]
    pub fn new(listed: Vec<Listed>) -> Self {
        let roster = Self::default();
        roster.replace(listed);
        roster
    }

    /// From now on these are the officers, and nobody else is one.
    pub fn replace(&self, listed: Vec<Listed>) {
        let book = listed.into_iter().map(|one| (one.id, one)).collect();
        *self.0.write().unwrap_or_else(PoisonError::into_inner) = Arc::new(book);
    }

    fn book(&self) -> Arc<Book> {
        self.0.read().unwrap_or_else(PoisonError::into_inner).clone()
    }
}

impl OfficerDirectory for Roster {
    fn of(&self, agency: &str) -> Vec<OfficerCard> {
        let book = self.book();
        let mut cards: Vec<_> = book.values().filter_map(|one| one.at(agency)).collect();
        cards.sort_by(|one, other| (&one.name, one.id.0).cmp(&(&other.name, other.id.0)));
        cards
    }

    fn one(&self, agency: &str, id: OfficerId) -> Option<OfficerCard> {
        self.book().get(&id)?.at(agency)
    }

    fn posts(&self, id: OfficerId) -> Vec<(String, OfficerCard)> {
        let book = self.book();
        let posts = book
            .get(&id)
            .into_iter()
            .flat_map(|one| one.posts.iter().map(|(agency, roles)| (agency.clone(), one.card(roles))));
        posts.collect()
    }
}

#[cfg(test)]
mod tests {
    use packs::Role;

    use super::{Listed, Roster};
    use crate::officers::{DemoOfficers, OfficerDirectory as _, Post};

    fn listed(seed: u8, posts: &[(&str, &[Role])]) -> Listed {
        Listed {
            label: format!("o{seed}"),
            id: Listed::id_of(&[seed; 32]),
            name: format!("示例·{seed}"),
            posts: posts.iter().map(|(agency, roles)| ((*agency).to_owned(), roles.to_vec())).collect(),
        }
    }

    #[test]
    fn each_agency_knows_its_own_and_nobody_else() {
        let both = listed(1, &[("A", &[Role::INTAKE]), ("B", &[Role::HEAD])]);
        let roster = Roster::new(vec![both.clone(), listed(2, &[("B", &[Role::DECIDE])])]);
        assert_eq!(roster.of("A").len(), 1);
        assert_eq!(roster.of("B").len(), 2);
        assert!(roster.of("C").is_empty() && roster.one("C", both.id).is_none());
        assert_eq!(roster.one("A", both.id).map(|card| card.roles), Some(vec![Role::INTAKE]));
        assert_eq!(roster.one("B", both.id).map(|card| card.post), Some(Post::Chief));
        assert_eq!(roster.posts(both.id).len(), 2);
        assert!(!roster.anybody() && DemoOfficers::default().anybody());
    }

    #[test]
    fn whoever_is_not_in_the_new_list_is_gone_at_once() {
        let (one, other) = (listed(1, &[("A", &[Role::INTAKE])]), listed(2, &[("A", &[Role::INTAKE])]));
        let roster = Roster::new(vec![one.clone(), other.clone()]);
        roster.replace(vec![Listed { posts: vec![("A".to_owned(), vec![Role::REVIEW])], ..other.clone() }]);
        assert!(roster.one("A", one.id).is_none() && roster.posts(one.id).is_empty());
        assert_eq!(roster.one("A", other.id).map(|card| card.roles), Some(vec![Role::REVIEW]));
    }
}
