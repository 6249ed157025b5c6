//! Effects that failed for good, for the operators of the agency whose cases they follow from.

use casework::{Actor, Officer, Rule};
use domain::{CaseId, Timestamp, from_micros, micros};
use identity::Subject;
use store::{Error as StoreError, Mend};
use uuid::Uuid;

use crate::mapping::Effect;
use crate::{App, Error, Once};

/// An effect that was given up.
#[derive(Debug, Clone)]
pub struct DeadLetter {
    /// Its id.
    pub id: Uuid,
    /// The case.
    pub case: CaseId,
    /// Number of the case.
    pub number: String,
    /// Code of the item.
    pub item: String,
    /// What was to be done.
    pub kind: String,
    /// How often it was tried.
    pub attempts: i64,
    /// Why the last try failed.
    pub error: String,
    /// When it was promised.
    pub since: Timestamp,
    /// When it was given up.
    pub given_up: Timestamp,
}

const PAGE: i64 = 100;

impl App {
    /// The effects of the officer's agency and area that were given up, the oldest first.
    ///
    /// # Errors
    /// [`Error::Forbidden`] without the role.
    pub async fn dead_letters(&self, officer: &Officer) -> Result<Vec<DeadLetter>, Error> {
        self.may(&Actor::Officer(officer.clone()), Subject::Operation).await?;
        let (area, agency) = (officer.area.as_str(), officer.agency.as_str());
        let rows = self.store.dead_letters_of(area, agency, Uuid::nil(), PAGE).await?;
        rows.into_iter()
            .map(|row| {
                let effect: Effect = serde_json::from_str(&row.data)?;
                Ok(DeadLetter {
                    id: row.id,
                    case: CaseId(row.case_id),
                    number: effect.number,
                    item: effect.item,
                    kind: row.kind,
                    attempts: row.attempts,
                    error: row.last_error.unwrap_or_default(),
                    since: from_micros(row.created_at),
                    given_up: from_micros(row.dead_at),
                })
            })
            .collect()
    }

    /// Tries a given-up effect again, at once.
    ///
    /// # Errors
    /// [`Error::Forbidden`] without the role, [`Error::NotFound`] when it is no longer there or another
    /// agency's, [`Error::KeyReused`] when the key came with another request.
    pub async fn revive(&self, officer: &Officer, id: Uuid, once: Option<&Once>) -> Result<(), Error> {
        self.may(&Actor::Officer(officer.clone()), Subject::Operation).await?;
        if self.mend(officer, id, true, once).await? {
            tracing::info!(operator = %officer.id, effect = %id, "a given-up effect is tried again");
        }
        self.wake.notify_one();
        Ok(())
    }

    /// Takes a given-up effect off the list for good. The event it followed from stays on the record.
    ///
    /// # Errors
    /// As for [`App::revive`]; [`Error::Refused`] without a reason, which goes into the operators' log.
    pub async fn give_up(
        &self,
        officer: &Officer,
        id: Uuid,
        why: &str,
        once: Option<&Once>,
    ) -> Result<(), Error> {
        self.may(&Actor::Officer(officer.clone()), Subject::Operation).await?;
        if why.trim().is_empty() {
            return Err(Rule::ReasonsRequired.into());
        }
        if self.mend(officer, id, false, once).await? {
            tracing::warn!(operator = %officer.id, effect = %id, why, "a given-up effect is taken off the list");
        }
        Ok(())
    }

    /// Whether it was done now; the same request may have done it before.
    async fn mend(
        &self,
        officer: &Officer,
        id: Uuid,
        again: bool,
        once: Option<&Once>,
    ) -> Result<bool, Error> {
        let area = officer.area.as_str();
        let before = async || match once {
            Some(once) => self.answered(area, &id.to_string(), once).await,
            None => Ok(false),
        };
        if before().await? {
            return Ok(false);
        }
        let mend = Mend {
            area: area.to_owned(),
            agency: officer.agency.clone(),
            id,
            again,
            at: micros(self.now()),
            once: once.map(|once| once.row(id.to_string())),
        };
        match self.store.mend_dead(mend).await {
            Err(error @ (StoreError::Conflict | StoreError::NotFound)) => {
                if before().await? {
                    Ok(false)
                } else {
                    Err(error.into())
                }
            }
            done => Ok(done.map(|()| true)?),
        }
    }
}
