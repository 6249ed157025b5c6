//! The officer's queue.

use casework::{Case, Light, Officer, Status, light};
use domain::{CaseId, CaseNumber, OfficerId, PersonId, Timestamp, from_micros, micros};
use store::{Claimed, DeskCursor, DeskFilter as Query};

use crate::{App, Error};

/// What an officer looks at.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum DeskFilter {
    /// Everything open at the agency.
    #[default]
    All,
    /// What this officer has claimed.
    Mine,
    /// What nobody has claimed.
    Free,
}

/// One line of the queue.
#[derive(Debug, Clone)]
pub struct DeskRow {
    /// The case.
    pub case: Case,
    /// Name of the applicant, as far as it can still be read.
    pub applicant: Option<String>,
    /// How much time is left.
    pub light: Light,
    /// When the running clock is over.
    pub due: Option<Timestamp>,
    /// It waits for a role this officer holds.
    pub for_me: bool,
}

/// How many cases wait, by light.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct DeskCounts {
    /// Time enough.
    pub green: i64,
    /// A fifth of the time or less is left.
    pub yellow: i64,
    /// Over.
    pub red: i64,
}

const PAGE: i64 = 50;

impl App {
    /// The queue of an officer's agency and area, due first, and where the next page begins. Their own
    /// applications are not in it (公务员法 art. 76).
    ///
    /// # Errors
    /// When the store cannot answer.
    pub async fn desk_queue(
        &self,
        officer: &Officer,
        filter: DeskFilter,
        after: Option<DeskCursor>,
    ) -> Result<(Vec<DeskRow>, Option<DeskCursor>), Error> {
        let query = Query {
            claimed: match filter {
                DeskFilter::All => Claimed::Any,
                DeskFilter::Mine => Claimed::By(officer.id.0),
                DeskFilter::Free => Claimed::Nobody,
            },
            after,
            ..Query::default()
        };
        let area = officer.area.as_str();
        let mut stored = self.store.desk(area, &officer.agency, &query, PAGE + 1).await?;
        let more = stored.len() as i64 > PAGE;
        stored.truncate(PAGE as usize);
        let mut rows = Vec::with_capacity(stored.len());
        for row in stored.iter().filter(|row| officer.person != Some(PersonId(row.person))) {
            rows.push(self.desk_row(officer, row).await?);
        }
        let last = stored.last().filter(|_| more);
        Ok((rows, last.map(DeskCursor::from)))
    }

    async fn desk_row(&self, officer: &Officer, row: &store::CaseRow) -> Result<DeskRow, Error> {
        let case: Case = serde_json::from_str(&row.view.view)?;
        let definition = self.definition(&case.definition).await?;
        let desk = definition.step(case.step).and_then(|step| step.desk);
        let free = case.claimed_by.is_none_or(|by| by == officer.id);
        let applicant = match self.profile(case.applicant).await {
            Ok(profile) => Some(profile.name),
            Err(Error::NotFound | Error::Store(store::Error::Erased)) => None,
            Err(error) => return Err(error),
        };
        Ok(DeskRow {
            light: light(case.clock.as_ref(), self.now(), &self.catalogue.calendar),
            due: row.view.due_at.map(from_micros),
            for_me: free
                && case.status != Status::AwaitingCorrection
                && desk.is_some_and(|role| officer.roles.contains(&role))
                && !case.reviews.iter().any(|review| review.officer == officer.id),
            applicant,
            case,
        })
    }

    /// Where a case of this officer's agency and area is, by its number.
    ///
    /// # Errors
    /// When the store cannot answer.
    pub async fn case_by_number(
        &self,
        officer: &Officer,
        number: &CaseNumber,
    ) -> Result<Option<(String, CaseId)>, Error> {
        if number.area() != officer.area.six() {
            return Ok(None);
        }
        let row = self.store.case_by_number(number.area(), number.as_str()).await?;
        let own_desk = row
            .filter(|row| row.view.agency == officer.agency && officer.person != Some(PersonId(row.person)));
        Ok(own_desk.map(|row| (row.area, CaseId(row.id))))
    }

    /// The name of an officer, as the directory knows it now.
    #[must_use]
    pub fn officer_name(&self, agency: &str, id: OfficerId) -> String {
        let card = self.officers.as_ref().and_then(|directory| directory.one(agency, id));
        card.map_or_else(|| id.to_string(), |card| card.name)
    }

    /// How many cases wait at an officer's desk.
    ///
    /// # Errors
    /// When the store cannot answer.
    pub async fn desk_counts(&self, officer: &Officer) -> Result<DeskCounts, Error> {
        let lights = self.store.lights(officer.area.as_str(), &officer.agency, micros(self.now())).await?;
        Ok(DeskCounts { green: lights.green.n, yellow: lights.yellow.n, red: lights.red.n })
    }
}
