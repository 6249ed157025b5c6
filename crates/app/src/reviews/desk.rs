//! Which unit comes next, and what is shown of it.

use casework::{Actor, Case, Officer, choices};
use domain::{CaseId, micros};
use store::{DeskCursor, DeskFilter, MAX_STEPS, ReviewVerdict};
use uuid::Uuid;

use super::marks::findings;
use super::{BAD, Found, GOOD, HOLD, is_unit, takes_verdicts};
use crate::rights::Reach;
use crate::stations::{PICTURES, digest, sides_of};
use crate::{App, CaseFile, Error};

/// Lines of the desk read at once: what is told to wait is at most as many.
const PAGE: i64 = 200;
/// Pages passed over while nothing on them is this officer's to judge.
const PASSED: usize = 10;

/// A unit as it is shown to whoever judges it.
#[derive(Debug, Clone)]
pub struct ReviewUnit {
    /// The case.
    pub file: CaseFile,
    /// What the station found.
    pub found: Vec<Found>,
    /// The picture and its template by hash, where they are here.
    pub pictures: [Option<String>; 2],
    /// Width and height of the picture, in pixels.
    pub sides: Option<(u32, u32)>,
    /// This officer may judge it now.
    pub open: bool,
    /// Somebody else looks at it just now.
    pub held: bool,
}

/// What lies before an officer.
#[derive(Debug, Clone, Default)]
pub struct ReviewDesk {
    /// The unit to look at.
    pub unit: Option<ReviewUnit>,
    /// Where the queue goes on behind it.
    pub place: Option<DeskCursor>,
    /// The pictures of the one after it: case and hash.
    pub ahead: Vec<(CaseId, String)>,
    /// How many wait for this officer, as far as they were counted.
    pub waiting: usize,
    /// There are more than were counted.
    pub more: bool,
    /// The officer's last verdict, where it can still be taken back or was refused.
    pub last: Option<(ReviewVerdict, String)>,
}

/// A unit that waits for this officer, without its answers.
struct Next {
    id: Uuid,
    place: DeskCursor,
    mine: bool,
}

impl App {
    /// The next unit for an officer behind a place in the queue, kept for them while they look; the one they looked at
    /// before comes first.
    ///
    /// # Errors
    /// When the store cannot answer.
    pub async fn review_desk(
        &self,
        officer: &Officer,
        after: Option<DeskCursor>,
    ) -> Result<ReviewDesk, Error> {
        let actor = Actor::Officer(officer.clone());
        let last = self.last_verdict(officer).await?;
        let waits = last.as_ref().filter(|row| row.refused.is_none()).map(|row| row.case_id);
        let (mut next, more) = self.next_units(officer, &actor, after, waits).await?;
        if next.is_empty() && after.is_some() {
            // Behind the last one the queue begins anew.
            next = self.next_units(officer, &actor, None, waits).await?.0;
        }
        let mut desk = ReviewDesk {
            waiting: next.len(),
            more,
            last: self.with_serial(last).await?,
            ..ReviewDesk::default()
        };
        next.sort_by_key(|unit| !unit.mine);
        let mut rest = next.into_iter();
        for unit in rest.by_ref() {
            if !self.hold(officer, CaseId(unit.id)).await? {
                continue;
            }
            let Some(shown) = self.seen_unit(officer, &actor, CaseId(unit.id)).await? else { continue };
            desk.unit = Some(shown);
            desk.place = Some(unit.place);
            break;
        }
        if let Some(ahead) = rest.next() {
            desk.ahead = self.pictures_ahead(officer, CaseId(ahead.id)).await?;
        }
        Ok(desk)
    }

    /// One unit of an officer's desk, whether or not it is theirs to judge.
    ///
    /// # Errors
    /// [`Error::NotFound`] for what is no unit, is not there or not this officer's to see: they look alike.
    pub async fn review_unit(&self, officer: &Officer, id: CaseId) -> Result<ReviewDesk, Error> {
        let actor = Actor::Officer(officer.clone());
        let mut unit = self.seen_unit(officer, &actor, id).await?.ok_or(Error::NotFound)?;
        if unit.open {
            unit.held = !self.hold(officer, id).await?;
            unit.open = !unit.held;
        }
        let last = self.last_verdict(officer).await?;
        let waits = last.as_ref().filter(|row| row.refused.is_none()).map(|row| row.case_id);
        let (next, more) = self.next_units(officer, &actor, None, waits).await?;
        let waiting = next.len();
        let ahead = next.iter().find(|unit| unit.id != id.0).map(|unit| CaseId(unit.id));
        let ahead = match ahead {
            Some(ahead) => self.pictures_ahead(officer, ahead).await?,
            None => Vec::new(),
        };
        Ok(ReviewDesk {
            unit: Some(unit),
            place: None,
            ahead,
            waiting,
            more,
            last: self.with_serial(last).await?,
        })
    }

    /// A unit for the page of its case, with what is needed to show its pictures; none for other cases.
    ///
    /// # Errors
    /// When the store cannot answer.
    pub async fn shown_unit(&self, file: &CaseFile) -> Result<Option<ReviewUnit>, Error> {
        if !is_unit(&file.definition, &file.case) {
            return Ok(None);
        }
        let (pictures, sides) = self.pictures_here(&file.case).await?;
        let found = findings(&file.case.answers);
        Ok(Some(ReviewUnit { file: file.clone(), found, pictures, sides, open: false, held: false }))
    }

    /// Whether an agency has items whose units people look at.
    #[must_use]
    pub fn has_review_desk(&self, agency: &str) -> bool {
        self.catalogue.items.iter().filter(|item| item.agency == agency && item.for_things()).any(|item| {
            self.definitions.current(&item.code).is_some_and(|definition| takes_verdicts(&definition))
        })
    }

    /// Lets the unit go to whoever comes next.
    ///
    /// # Errors
    /// When nothing can be written.
    pub async fn skip_unit(&self, officer: &Officer, id: CaseId) -> Result<(), Error> {
        Ok(self.store.release_unit(officer.area.as_str(), id.0, officer.id.0).await?)
    }

    async fn hold(&self, officer: &Officer, id: CaseId) -> Result<bool, Error> {
        let now = micros(self.now());
        Ok(self.store.hold_unit(officer.area.as_str(), id.0, officer.id.0, now + HOLD, now).await?)
    }

    /// Units that wait for this officer and nobody else looks at, due first, without the one whose verdict waits; and
    /// whether there are more behind them.
    async fn next_units(
        &self,
        officer: &Officer,
        actor: &Actor,
        after: Option<DeskCursor>,
        but: Option<Uuid>,
    ) -> Result<(Vec<Next>, bool), Error> {
        let area = officer.area.as_str();
        let holds = self.store.review_holds(area, micros(self.now())).await?;
        let reach = self.reach(actor).await?;
        let steps: Vec<String> =
            officer.roles.iter().map(|role| role.id().to_owned()).take(MAX_STEPS).collect();
        if steps.is_empty() || !self.has_review_desk(&officer.agency) {
            return Ok((Vec::new(), false));
        }
        let (mut next, mut place, mut more) = (Vec::new(), after, false);
        for _ in 0..PASSED {
            let query = DeskFilter { steps: steps.clone(), after: place, ..DeskFilter::default() };
            let rows = self.store.desk(area, &officer.agency, &query, PAGE).await?;
            for row in &rows {
                let held = holds.iter().find(|hold| hold.case_id == row.id).map(|hold| hold.officer);
                let others = held.is_some_and(|by| by != officer.id.0);
                if others || but == Some(row.id) {
                    continue;
                }
                let case: Case = serde_json::from_str(&row.view.view)?;
                if self.may_judge(&reach, actor, &case).await? {
                    next.push(Next { id: row.id, place: DeskCursor::from(row), mine: held.is_some() });
                }
            }
            more = rows.len() as i64 == PAGE;
            place = rows.last().map(DeskCursor::from);
            if !more || !next.is_empty() {
                break;
            }
        }
        Ok((next, more))
    }

    /// Whether this officer may say of a unit that it is good, and that it is not. Asked of the view, which does not say
    /// who applied by which way: the item tells that it is a thing's.
    async fn may_judge(&self, reach: &Reach<'_>, actor: &Actor, case: &Case) -> Result<bool, Error> {
        let definition = self.definition(&case.definition).await?;
        if !takes_verdicts(&definition) || !reach.sees(self, case, false) {
            return Ok(false);
        }
        let actions = choices(&definition, case, actor);
        Ok([GOOD, BAD].iter().all(|wanted| actions.iter().any(|outcome| outcome.action == *wanted)))
    }

    /// A unit as this officer sees it; their look is noted.
    async fn seen_unit(
        &self,
        officer: &Officer,
        actor: &Actor,
        id: CaseId,
    ) -> Result<Option<ReviewUnit>, Error> {
        let file = match self.case_to_act_on(officer.area.as_str(), id, actor).await {
            Err(Error::NotFound) => return Ok(None),
            file => file?,
        };
        let Some(mut unit) = self.shown_unit(&file).await? else { return Ok(None) };
        self.note_case_read(actor, &file, None).await?;
        let reach = self.reach(actor).await?;
        unit.open = self.may_judge(&reach, actor, &file.case).await?;
        Ok(Some(unit))
    }

    /// The pictures that are here, and the sides of the one that was taken.
    async fn pictures_here(&self, case: &Case) -> Result<([Option<String>; 2], Option<(u32, u32)>), Error> {
        let (mut pictures, mut sides) = ([None, None], None);
        let person = case.applicant.0;
        for (place, field) in PICTURES.into_iter().enumerate() {
            let Some((hex, picture)) = case.answers.get(field).and_then(|hex| Some((hex, digest(hex)?)))
            else {
                continue;
            };
            let Some(blob) = self.store.station_picture(person, &picture).await? else { continue };
            if place == 0 {
                let blob = self.store.get_blob(person, &blob).await?;
                sides = blob.and_then(|blob| sides_of(&blob.media_type, &blob.bytes));
            }
            pictures[place] = Some(hex.clone());
        }
        Ok((pictures, sides))
    }

    /// The pictures of the unit that comes next, so that they are there when it does.
    async fn pictures_ahead(&self, officer: &Officer, id: CaseId) -> Result<Vec<(CaseId, String)>, Error> {
        let file = match self.case_to_act_on(officer.area.as_str(), id, &Actor::System).await {
            Err(Error::NotFound) => return Ok(Vec::new()),
            file => file?,
        };
        let (pictures, _) = self.pictures_here(&file.case).await?;
        Ok(pictures.into_iter().flatten().map(|hex| (id, hex)).collect())
    }

    async fn last_verdict(&self, officer: &Officer) -> Result<Option<ReviewVerdict>, Error> {
        Ok(self.store.verdict(officer.area.as_str(), &officer.agency, officer.id.0).await?)
    }

    /// A verdict with the serial number of its unit.
    async fn with_serial(
        &self,
        last: Option<ReviewVerdict>,
    ) -> Result<Option<(ReviewVerdict, String)>, Error> {
        let Some(last) = last else { return Ok(None) };
        let serial = self.serial_of(&last.area, CaseId(last.case_id)).await?;
        Ok(Some((last, serial)))
    }

    /// The serial number of a unit of an officer's desk.
    ///
    /// # Errors
    /// [`Error::NotFound`] for what is not there or not this officer's to see: they look alike.
    pub async fn unit_serial(&self, officer: &Officer, id: CaseId) -> Result<String, Error> {
        let (area, actor) = (officer.area.as_str(), Actor::Officer(officer.clone()));
        let file = self.case_to_act_on(area, id, &actor).await?;
        if !is_unit(&file.definition, &file.case) {
            return Err(Error::NotFound);
        }
        self.serial_of(area, id).await
    }

    /// Width and height of a unit's picture, where it is here.
    pub(super) async fn sides_of_unit(&self, case: &Case) -> Result<Option<(u32, u32)>, Error> {
        Ok(self.pictures_here(case).await?.1)
    }

    /// The serial number of a unit, else the number of its case.
    async fn serial_of(&self, area: &str, id: CaseId) -> Result<String, Error> {
        let file = match self.case_to_act_on(area, id, &Actor::System).await {
            Err(Error::NotFound) => return Ok(String::new()),
            file => file?,
        };
        let serial = file.case.answers.get("serial").cloned();
        Ok(serial.unwrap_or_else(|| file.case.number.as_str().to_owned()))
    }
}
