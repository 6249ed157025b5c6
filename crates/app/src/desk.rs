//! The officer's queue.

use casework::{Action, Actor, Case, Command, Light, Officer, actions};
use domain::{CaseId, CaseNumber, OfficerId, Timestamp, from_micros, micros};
use store::{CaseRow, Claimed, DeskCursor, DeskFilter as Query, Lights, MAX_STEPS};

use crate::mapping::WAITING;
use crate::{App, Error, Once};

/// What an officer looks at.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum DeskFilter {
    /// Everything open at the agency that waits for one of its desks.
    #[default]
    All,
    /// Everything open at the agency.
    Open,
    /// What is finished, the latest application first.
    Finished,
    /// What this officer has claimed.
    Mine,
    /// What nobody has claimed.
    Free,
    /// What waits for a role this officer holds.
    Todo,
    /// What waits for somebody or something else: the applicant, a special procedure, other agencies, a timer.
    Waiting,
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

const PAGE: i64 = 50;
/// A page of what is to be done reads so many pages at most, passing over what waits for others.
const PASSED: usize = 8;
/// Cases one can take at a time.
pub const MAX_CLAIMS: usize = 50;

/// The actions that are a desk's own work, beside those a head may take on any case.
const WORK: [Action; 8] = [
    Action::Accept,
    Action::Review,
    Action::Do,
    Action::Grant,
    Action::Issue,
    Action::Deliver,
    Action::Check,
    Action::ScheduleHearing,
];

impl App {
    /// The queue of an officer's agency and area, due first, and where the next page begins. Their own
    /// applications, and those of people they may act for, are not in it (公务员法 art. 76).
    ///
    /// # Errors
    /// When the store cannot answer.
    pub async fn desk_queue(
        &self,
        officer: &Officer,
        filter: DeskFilter,
        after: Option<DeskCursor>,
    ) -> Result<(Vec<DeskRow>, Option<DeskCursor>), Error> {
        let mut query = Query {
            finished: filter == DeskFilter::Finished,
            claimed: match filter {
                DeskFilter::Mine => Claimed::By(officer.id.0),
                DeskFilter::Free => Claimed::Nobody,
                _ => Claimed::Any,
            },
            steps: match filter {
                DeskFilter::Todo => {
                    officer.roles.iter().map(|role| role.id().to_owned()).take(MAX_STEPS).collect()
                }
                DeskFilter::Waiting => WAITING.map(str::to_owned).to_vec(),
                _ => Vec::new(),
            },
            ..Query::default()
        };
        let to_do = matches!(filter, DeskFilter::All | DeskFilter::Mine | DeskFilter::Free);
        let waits = |row: &CaseRow| to_do && WAITING.contains(&row.view.step.as_str());
        let actor = Actor::Officer(officer.clone());
        let reach = self.reach(&actor).await?;
        let (mut rows, mut next) = (Vec::new(), after);
        for _ in 0..PASSED {
            let stored = self.desk_page(officer, &mut query, next).await?;
            next = stored.get(PAGE as usize - 1).filter(|_| stored.len() as i64 > PAGE).map(DeskCursor::from);
            for row in stored.iter().take(PAGE as usize).filter(|row| !waits(row)) {
                let case: Case = serde_json::from_str(&row.view.view)?;
                if reach.sees(self, &case, false) {
                    rows.push(self.desk_row(officer, &actor, row, case).await?);
                }
            }
            if !to_do || next.is_none() || rows.len() as i64 >= PAGE / 2 {
                break;
            }
        }
        Ok((rows, next))
    }

    /// A page as stored and one line more; of finished cases the last come first.
    async fn desk_page(
        &self,
        officer: &Officer,
        query: &mut Query,
        at: Option<DeskCursor>,
    ) -> Result<Vec<CaseRow>, Error> {
        let end = DeskCursor { due_at: None, id: uuid::Uuid::max() };
        (query.after, query.before) = if query.finished { (None, at.or(Some(end))) } else { (at, None) };
        let mut stored = self.store.desk(officer.area.as_str(), &officer.agency, query, PAGE + 1).await?;
        if query.finished {
            stored.reverse();
        }
        Ok(stored)
    }

    async fn desk_row(
        &self,
        officer: &Officer,
        actor: &Actor,
        row: &CaseRow,
        case: Case,
    ) -> Result<DeskRow, Error> {
        let definition = self.definition(&case.definition).await?;
        let mine = actions(&definition, &case, actor);
        let free = case.claimed_by.is_none_or(|by| by == officer.id);
        let applicant = match self.profile(case.applicant).await {
            Ok(profile) => Some(profile.name),
            Err(Error::NotFound | Error::Store(store::Error::Erased)) => None,
            Err(error) => return Err(error),
        };
        Ok(DeskRow {
            light: case.light(self.now(), &self.catalogue.calendar),
            due: row.view.due_at.map(from_micros),
            for_me: free && mine.iter().any(|action| WORK.contains(action)),
            applicant,
            case,
        })
    }

    /// Takes several cases at once, each by itself: what became of each, in their order. At most
    /// [`MAX_CLAIMS`]; the rest is left alone.
    ///
    /// Each claim is a commit with a key of its own; that of the first is the request's. Sent again, those that
    /// were claimed are answered as before, and those that were refused, or not come to, are tried anew.
    ///
    /// # Errors
    /// [`Error::KeyReused`] when the key came with another request.
    pub async fn claim_many(
        &self,
        officer: &Officer,
        cases: &[CaseId],
        once: Option<&Once>,
    ) -> Result<Vec<(CaseId, Result<(), Error>)>, Error> {
        let mut claimed = Vec::with_capacity(cases.len().min(MAX_CLAIMS));
        let mut holder = self.holder(officer, once).await?;
        for &id in cases.iter().take(MAX_CLAIMS) {
            let mut done = self.claim(officer, id, once, holder.as_deref()).await;
            if matches!(done, Err(Error::KeyReused)) && holder.is_none() {
                // The same request came between and began with another case.
                holder = self.holder(officer, once).await?;
                done = self.claim(officer, id, once, holder.as_deref()).await;
            }
            if done.is_ok() && holder.is_none() {
                holder = Some(id.to_string());
            }
            claimed.push((id, done));
        }
        Ok(claimed)
    }

    /// The case whose claim used the request's own key up.
    async fn holder(&self, officer: &Officer, once: Option<&Once>) -> Result<Option<String>, Error> {
        match once {
            Some(once) => self.answer_to(officer.area.as_str(), once).await,
            None => Ok(None),
        }
    }

    async fn claim(
        &self,
        officer: &Officer,
        id: CaseId,
        once: Option<&Once>,
        holder: Option<&str>,
    ) -> Result<(), Error> {
        let own = |holder: &str| holder == id.to_string();
        let key = once.map(|once| match holder {
            Some(holder) if !own(holder) => once.of_one(&id.to_string()),
            _ => once.clone(),
        });
        let actor = Actor::Officer(officer.clone());
        self.act_once(officer.area.as_str(), id, &actor, Command::Claim, key.as_ref()).await.map(drop)
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
        let row = self.store.case_by_number(officer.area.as_str(), number.as_str()).await?;
        let Some(row) = row else { return Ok(None) };
        let case: Case = serde_json::from_str(&row.view.view)?;
        let actor = Actor::Officer(officer.clone());
        let sees = self.reach(&actor).await?.sees(self, &case, false);
        Ok(sees.then_some((row.area, case.id)))
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
    pub async fn desk_counts(&self, officer: &Officer) -> Result<Lights, Error> {
        Ok(self.store.lights(officer.area.as_str(), &officer.agency, micros(self.now())).await?)
    }
}
