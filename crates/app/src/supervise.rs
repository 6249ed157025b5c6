//! 电子监察: an agency's cases with cards, for its supervisors.

use casework::{Actor, CardRule, Case, Event, Officer, What};
use domain::{CaseId, Timestamp};
use identity::Subject;
use store::CardCursor;

use crate::{App, Error};

/// A card on a case.
#[derive(Debug, Clone, Copy)]
pub struct Card {
    /// The rule.
    pub rule: CardRule,
    /// When it was earned.
    pub at: Timestamp,
}

/// A case with its cards.
#[derive(Debug, Clone)]
pub struct Carded {
    /// The case.
    pub case: Case,
    /// Its cards, the earliest first.
    pub cards: Vec<Card>,
}

const PAGE: i64 = 50;

impl App {
    /// The agency's cases that have cards, the last changed first, and where the next page begins.
    ///
    /// # Errors
    /// [`Error::Forbidden`] without the role.
    pub async fn supervision(
        &self,
        officer: &Officer,
        after: Option<CardCursor>,
    ) -> Result<(Vec<Carded>, Option<CardCursor>), Error> {
        let actor = Actor::Officer(officer.clone());
        let reach = self.reach(&actor).await?;
        reach.may(Subject::Supervision)?;
        let rows = self.store.carded(officer.area.as_str(), &officer.agency, after, PAGE).await?;
        let next = rows.last().filter(|_| rows.len() as i64 == PAGE).map(CardCursor::from);
        let mut carded = Vec::with_capacity(rows.len());
        for row in &rows {
            let file = self.open_case(&row.area, CaseId(row.id), &Actor::System).await?;
            if !reach.sees(self, &file.case, false) {
                continue;
            }
            carded.push(Carded { cards: cards_of(&file.events), case: file.case });
        }
        Ok((carded, next))
    }
}

/// The cards of a history.
#[must_use]
pub fn cards_of(events: &[Event]) -> Vec<Card> {
    let cards = events.iter().filter_map(|event| match event.what {
        What::Carded { card } => Some(Card { rule: card, at: event.at }),
        _ => None,
    });
    cards.collect()
}
