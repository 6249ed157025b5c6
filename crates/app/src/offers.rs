//! 免申即享: the system finds who qualifies, the citizen only confirms.

use std::collections::BTreeMap;
use std::sync::Arc;

use casework::{Definition, Opening, Submission, entitled};
use domain::{CaseId, PersonId};
use ring::digest::{SHA256, digest};
use serde::Serialize;
use store::Error as StoreError;
use uuid::{Builder, Uuid};

use crate::{App, Error};

/// What a search for people who qualify found.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize)]
pub struct Offered {
    /// People looked at.
    pub people: u64,
    /// Offers made.
    pub offers: u64,
}

const PAGE: i64 = 500;
/// Of so many latest cases it is looked whether somebody has, or has asked for, the item already.
const LOOK_BACK: i64 = 200;

impl App {
    /// Offers a person whatever they are known to qualify for and neither have nor have asked for; how
    /// many offers that made. An offer is made once a year: a second time finds the first.
    ///
    /// # Errors
    /// When the store cannot answer.
    pub async fn offer_to(&self, person: PersonId) -> Result<u64, Error> {
        let items = self.entitlements();
        if items.is_empty() { Ok(0) } else { self.offer(person, &items, false).await }
    }

    /// Looks at everybody known here, for one item or for all that are offered. With `dry_run` it only counts.
    ///
    /// # Errors
    /// [`Error::NotFound`] for an item that is not offered; when the store cannot answer.
    pub async fn offer_all(
        &self,
        item: Option<&str>,
        dry_run: bool,
        progress: &(dyn Fn(u64) + Sync),
    ) -> Result<Offered, Error> {
        let mut items = self.entitlements();
        items.retain(|definition| item.is_none_or(|code| code == definition.item.code));
        if items.is_empty() && item.is_some() {
            return Err(Error::NotFound);
        }
        let mut offered = Offered::default();
        let mut after = Uuid::nil();
        while !items.is_empty() {
            let page = self.store.persons_after(after, PAGE).await?;
            let Some(last) = page.last() else { break };
            after = *last;
            for person in page {
                match self.offer(PersonId(person), &items, dry_run).await {
                    Ok(offers) => offered.offers += offers,
                    // Erased between the two reads.
                    Err(Error::NotFound | Error::Store(StoreError::Erased)) => {}
                    Err(error) => return Err(error),
                }
                offered.people += 1;
                progress(offered.people);
            }
        }
        Ok(offered)
    }

    fn entitlements(&self) -> Vec<Arc<Definition>> {
        let items = self.catalogue.items.iter().filter(|item| item.entitlement);
        items.filter_map(|item| self.definitions.current(&item.code)).collect()
    }

    async fn offer(&self, person: PersonId, items: &[Arc<Definition>], dry_run: bool) -> Result<u64, Error> {
        let profile = self.profile(person).await?;
        if profile.organisation {
            return Ok(0);
        }
        let known = profile.known();
        let today = self.catalogue.calendar.date_of(self.now());
        let mut offers = 0;
        for definition in items.iter().filter(|definition| entitled(definition, &known, today)) {
            // Nobody is offered what they would have to prove more for.
            if known.level.unwrap_or(0) < definition.item.real_name {
                continue;
            }
            let mine = self.store.my_cases(person.0, None, LOOK_BACK).await?;
            let has = mine.iter().any(|case| case.item == definition.item.code && keeps(&case.status));
            let case = offer_id(person, &definition.item.code, today.year());
            if has || self.store.my_case(person.0, case.0).await?.is_some() {
                continue;
            }
            if dry_run {
                offers += 1;
                continue;
            }
            self.keep(definition).await?;
            let submission = Submission {
                case,
                number: self.new_number(&definition.item.area),
                answers: self.prefilled(person, definition).await?,
                materials: Vec::new(),
                about: BTreeMap::new(),
                known: known.clone(),
            };
            match self
                .commit_opening(definition, Opening { applicant: person, part_of: None, submission })
                .await
            {
                Ok(()) => offers += 1,
                // Somebody else has offered it just now.
                Err(Error::Store(StoreError::Conflict)) => {}
                Err(error) => return Err(error),
            }
        }
        Ok(offers)
    }
}

/// Whether a case with this status stands in the way of an offer: it is open, or it was granted.
fn keeps(status: &str) -> bool {
    !status.starts_with("closed-") || status == "closed-granted"
}

fn offer_id(person: PersonId, item: &str, year: i16) -> CaseId {
    let hash = digest(&SHA256, format!("offer/{person}/{item}/{year}").as_bytes());
    let mut bytes = [0; 16];
    bytes.copy_from_slice(&hash.as_ref()[..16]);
    CaseId(Builder::from_custom_bytes(bytes).into_uuid())
}
