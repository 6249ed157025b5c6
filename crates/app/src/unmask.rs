//! Masked data shown whole to an officer, for a reason that the person and the officer's supervisor can read.

use casework::{Actor, Officer, Rule};
use domain::{CaseId, OfficerId, Timestamp, from_micros, micros};
use identity::Subject;
use store::Unmasking;
use uuid::Uuid;

use crate::case_file::CaseFile;
use crate::reads::{Look, Looked};
use crate::{App, Error};

/// Longest words kept, in characters.
const WORDS: usize = 200;
/// Lines on the supervisor's page.
const PAGE: i64 = 50;
/// Lines on a case's page.
const OF_CASE: i64 = 20;

/// Why an officer needs to see what is masked.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum UnmaskReason {
    /// To compare with a document or a register.
    Compare,
    /// To reach the applicant.
    Contact,
    /// To make out, send or hand over a result.
    Deliver,
    /// To answer a complaint, a review or a court.
    Complaint,
    /// Anything else, which takes words.
    Other,
}

impl UnmaskReason {
    /// All reasons, in the order they are offered.
    pub const ALL: [Self; 5] = [Self::Compare, Self::Contact, Self::Deliver, Self::Complaint, Self::Other];

    /// Id of its text (`unmask-<id>`).
    #[must_use]
    pub fn id(self) -> &'static str {
        match self {
            Self::Compare => "compare",
            Self::Contact => "contact",
            Self::Deliver => "deliver",
            Self::Complaint => "complaint",
            Self::Other => "other",
        }
    }

    /// The reason of this id.
    #[must_use]
    pub fn of(id: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|known| known.id() == id)
    }
}

/// Something that an officer uncovered.
#[derive(Debug, Clone)]
pub struct Unmasked {
    /// Its id.
    pub id: Uuid,
    /// When.
    pub at: Timestamp,
    /// Who.
    pub officer: OfficerId,
    /// Their name at the time.
    pub name: String,
    /// The case.
    pub case: CaseId,
    /// Its number; empty once it is gone.
    pub number: String,
    /// Id of the reason (`unmask-<id>`).
    pub reason: &'static str,
    /// Their words; empty once the person is erased.
    pub words: String,
}

fn purpose(id: Uuid) -> String {
    format!("unmasking/{id}")
}

impl App {
    /// Opens a case with everything masked in it for this officer to see once, and notes it for the person and the
    /// supervisor before. The same form sent twice is noted once.
    ///
    /// # Errors
    /// [`Error::NotFound`] where the case is not theirs to see; [`Error::Refused`] without a reason;
    /// [`Error::Store`] when it cannot be noted: then nothing is shown.
    pub async fn unmask(
        &self,
        area: &str,
        id: CaseId,
        officer: &Officer,
        reason: Option<UnmaskReason>,
        words: &str,
    ) -> Result<CaseFile, Error> {
        let file = self.open_case(area, id, &Actor::Officer(officer.clone())).await?;
        let words: String = words.trim().chars().filter(|c| !c.is_control()).take(WORDS).collect();
        let lacks_words = reason == Some(UnmaskReason::Other) && words.is_empty();
        let Some(reason) = reason.filter(|_| !lacks_words) else {
            return Err(Rule::ReasonsRequired.into());
        };
        let case = &file.case;
        let parts: [&[u8]; 5] = [
            b"unmask",
            officer.id.0.as_bytes(),
            case.id.0.as_bytes(),
            reason.id().as_bytes(),
            words.as_bytes(),
        ];
        let row_id = self.look_id(&parts);
        let look = Look { why: reason.id().to_owned(), words: words.clone(), ..Look::by_officer(officer) };
        let look = look.for_case(case);
        let read = self.read_row(case.applicant, row_id, Looked::Unmasked, &look).await?;
        // Of somebody erased nothing is left to show.
        let Some(read) = read else { return Ok(file) };
        let key = self.store.person_key(case.applicant.0).await?;
        let unmasking = Unmasking {
            area: area.to_owned(),
            id: row_id,
            at: micros(self.now()),
            agency: officer.agency.clone(),
            case_id: case.id.0,
            person: case.applicant.0,
            officer: officer.id.0,
            officer_name: officer.name.clone(),
            reason: reason.id().to_owned(),
            sealed: key.seal(&purpose(row_id), words.as_bytes())?,
        };
        self.store.note_unmasking(unmasking, read).await?;
        Ok(file)
    }

    /// A page of what the officers of a supervisor's own agency uncovered, the latest first, and whether there is more.
    ///
    /// # Errors
    /// [`Error::Forbidden`] for officers who do not supervise.
    pub async fn unmaskings(
        &self,
        officer: &Officer,
        before: Option<Uuid>,
    ) -> Result<(Vec<Unmasked>, bool), Error> {
        self.may(&Actor::Officer(officer.clone()), Subject::Supervision).await?;
        let area = officer.area.as_str();
        let mut rows = self.store.unmaskings(area, &officer.agency, before, PAGE + 1).await?;
        let more = rows.len() as i64 > PAGE;
        rows.truncate(PAGE as usize);
        let mut list = Vec::with_capacity(rows.len());
        for row in rows {
            list.push(self.opened(row).await?);
        }
        Ok((list, more))
    }

    /// What officers uncovered of a case that was opened, the latest first.
    ///
    /// # Errors
    /// When it cannot be read.
    pub async fn unmaskings_of(&self, file: &CaseFile) -> Result<Vec<Unmasked>, Error> {
        let case = &file.case;
        let rows = self.store.unmaskings_of_case(case.area.as_str(), case.id.0, OF_CASE).await?;
        let mut list = Vec::with_capacity(rows.len());
        for row in rows {
            list.push(self.opened(row).await?);
        }
        Ok(list)
    }

    async fn opened(&self, row: Unmasking) -> Result<Unmasked, Error> {
        let words = match self.store.person_key(row.person).await {
            Ok(key) => String::from_utf8_lossy(&key.open(&purpose(row.id), &row.sealed)?).into_owned(),
            Err(store::Error::Erased) => String::new(),
            Err(error) => return Err(error.into()),
        };
        let case = self.store.my_case(row.person, row.case_id).await?;
        Ok(Unmasked {
            id: row.id,
            at: from_micros(row.at),
            officer: OfficerId(row.officer),
            name: row.officer_name,
            case: CaseId(row.case_id),
            number: case.map(|case| case.number).unwrap_or_default(),
            reason: UnmaskReason::of(&row.reason).unwrap_or(UnmaskReason::Other).id(),
            words,
        })
    }
}
