//! Erasure on request (个人信息保护法 art. 47): the person's key is destroyed as soon as nothing must be kept by law any
//! more, and what need not be kept goes at once.

use domain::{CitizenNumber, Date, PersonId, from_micros, micros};
use store::Erasure;

use crate::{App, Error, Profile, Standing};

/// Years for which closed cases are kept where the site says nothing.
pub const DEFAULT_RETENTION_YEARS: u16 = 10;
/// Requests looked at in one go.
const BATCH: i64 = 50;
/// Most cases that are looked at; whoever has more is looked at again later.
const MOST_CASES: usize = 10_000;
/// While something has no end (an open case), it is looked at again after this (µs): a day.
const AGAIN: i64 = 86_400_000_000;
/// Who asked, where it was the person.
const ONESELF: &str = "self";

/// Something that must be kept.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Keep {
    /// Text `keep-<id>`: `open` (a case under way), `record` (a closed case), `certificate` (one in force).
    pub what: &'static str,
    /// How many.
    pub count: u32,
    /// The last day of the last of them; `None` while that is open.
    pub until: Option<Date>,
}

/// What became of a request.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Erased {
    /// Nothing is left but the record without the person in it.
    Gone,
    /// What need not be kept is gone; the rest goes when nothing of this holds any more.
    Waits(Vec<Keep>),
}

/// A request that waits.
#[derive(Debug, Clone)]
pub struct Erasing {
    /// The day from which everything may be gone, as far as it is known; `None` while a case is open or a
    /// certificate has no end.
    pub on: Option<Date>,
}

impl App {
    /// Keeps closed cases for so many years (档案法: what the site's archive asks for).
    #[must_use]
    pub fn with_retention(mut self, years: u16) -> Self {
        self.retention_years = years;
        self
    }

    /// For how many years closed cases are kept.
    #[must_use]
    pub fn retention_years(&self) -> u16 {
        self.retention_years
    }

    /// What must be kept of a person today, and until when.
    ///
    /// # Errors
    /// When it cannot be read.
    pub async fn keeps(&self, person: PersonId) -> Result<Vec<Keep>, Error> {
        let mut open = Keep { what: "open", count: 0, until: None };
        let mut record = Keep { what: "record", count: 0, until: None };
        let today = self.catalogue.calendar.date_of(self.now());
        let (mut before, mut looked) = (None, 0);
        loop {
            let page = self.store.my_cases(person.0, before, BATCH).await?;
            for case in &page {
                if !case.status.starts_with("closed-") {
                    open.count += 1;
                    continue;
                }
                let closed = self.catalogue.calendar.date_of(from_micros(case.updated_at));
                let until = years_after(closed, self.retention_years);
                if until >= today {
                    record.count += 1;
                    record.until = record.until.max(Some(until));
                }
            }
            looked += page.len();
            before = page.last().map(|case| case.id);
            if page.len() < BATCH as usize || looked >= MOST_CASES {
                break;
            }
        }
        let certificates = self.certificates_kept(person).await?;
        Ok([open, record, certificates].into_iter().filter(|keep| keep.count > 0).collect())
    }

    /// Certificates in force: whoever checks one must get an answer.
    async fn certificates_kept(&self, person: PersonId) -> Result<Keep, Error> {
        let held = self.wallet(person).await?;
        let held: Vec<_> = held
            .iter()
            .filter(|held| matches!(held.standing, Standing::Valid | Standing::NotYet(_)))
            .collect();
        let endless = held.iter().any(|held| held.certificate.valid_until.is_none());
        let last = held.iter().filter_map(|held| held.certificate.valid_until).max();
        let count = u32::try_from(held.len()).unwrap_or(u32::MAX);
        Ok(Keep { what: "certificate", count, until: last.filter(|_| !endless) })
    }

    /// A person asks to be erased. What need not be kept goes at once: drafts, passkeys, ties, what applications may see,
    /// mobile number and address, and all sessions. The key is destroyed at once where nothing must be kept, else by the worker.
    ///
    /// # Errors
    /// When it cannot be carried out; asking again goes on where it stopped.
    pub async fn ask_erasure(&self, person: PersonId) -> Result<Erased, Error> {
        self.ask_erasure_by(person, ONESELF).await
    }

    async fn ask_erasure_by(&self, person: PersonId, by: &str) -> Result<Erased, Error> {
        let keeps = self.keeps(person).await?;
        let now = micros(self.now());
        let due_at = self.due(&keeps, now);
        let erasure =
            Erasure { person: person.0, asked_at: now, due_at, done_at: None, asked_by: by.to_owned() };
        self.store.keep_erasure(erasure).await?;
        self.drop_optional(person).await?;
        if keeps.is_empty() && by == ONESELF {
            self.erase_now(person).await?;
            return Ok(Erased::Gone);
        }
        Ok(if keeps.is_empty() { Erased::Gone } else { Erased::Waits(keeps) })
    }

    /// A request on paper, by citizen number; `reference` is its number in the files. The key is destroyed by the
    /// server's worker, which holds it in memory.
    ///
    /// # Errors
    /// [`Error::NotFound`] for a number that nobody here has.
    pub async fn ask_erasure_on_paper(
        &self,
        number: &CitizenNumber,
        reference: &str,
        dry_run: bool,
    ) -> Result<(PersonId, Erased), Error> {
        let lookup = self.store.lookup("citizen-number", number.reveal());
        let person = self.store.find_person(lookup).await?.map(PersonId).ok_or(Error::NotFound)?;
        if dry_run {
            let keeps = self.keeps(person).await?;
            return Ok((person, if keeps.is_empty() { Erased::Gone } else { Erased::Waits(keeps) }));
        }
        Ok((person, self.ask_erasure_by(person, reference).await?))
    }

    /// When a request is looked at again.
    fn due(&self, keeps: &[Keep], now: i64) -> i64 {
        if keeps.is_empty() {
            return now;
        }
        let ends: Option<Vec<Date>> = keeps.iter().map(|keep| keep.until).collect();
        let last = ends.and_then(|ends| ends.into_iter().max());
        let after = last.and_then(|day| day.tomorrow().ok()).map(|day| self.catalogue.calendar.at(day, 0));
        after.map_or(now + AGAIN, |at| micros(at).max(now))
    }

    async fn drop_optional(&self, person: PersonId) -> Result<(), Error> {
        for draft in self.store.drafts(person.0, crate::MAX_DRAFTS).await? {
            gone(self.store.discard_draft(person.0, draft.id).await)?;
        }
        for passkey in self.store.passkeys(person.0).await? {
            gone(self.store.drop_passkey(person.0, passkey.id, 0).await)?;
        }
        for tie in self.store.ties(person.0, crate::acting::MAX_TIES).await? {
            if tie.state != "ended" {
                gone(self.store.end_tie(person.0, tie.id, micros(self.now()), None).await)?;
            }
        }
        for given in self.authorisations(person).await? {
            match self.withdraw(person, &given.partner).await {
                Ok(()) | Err(Error::NotFound | Error::Store(store::Error::NotFound)) => {}
                Err(error) => return Err(error),
            }
        }
        self.change_profile(person, |known| Ok(Profile { mobile: None, address: None, ..known.clone() }))
            .await?;
        self.withdraw_all(person).await?;
        self.end_all_sessions(person.0).await
    }

    async fn erase_now(&self, person: PersonId) -> Result<(), Error> {
        let now = micros(self.now());
        // Applications are told while there is still a pseudonym to tell them.
        self.withdraw_all(person).await?;
        gone(self.store.destroy_person(person.0, now).await)?;
        let asked = self.store.erasure(person.0).await?;
        let erasure = Erasure {
            person: person.0,
            asked_at: asked.as_ref().map_or(now, |asked| asked.asked_at),
            due_at: now,
            done_at: Some(now),
            asked_by: asked.map_or_else(|| ONESELF.to_owned(), |asked| asked.asked_by),
        };
        self.store.keep_erasure(erasure).await?;
        tracing::info!(person = %person, "a person's key was destroyed");
        Ok(())
    }

    /// Erases everybody who asked and of whom nothing must be kept any more; how many that were.
    ///
    /// # Errors
    /// When the store cannot answer.
    pub async fn erase_due(&self) -> Result<usize, Error> {
        let now = micros(self.now());
        let mut erased = 0;
        for row in self.store.erasures_due(now, BATCH).await? {
            let person = PersonId(row.person);
            let keeps = match self.keeps(person).await {
                Ok(keeps) => keeps,
                // The key is gone already, by another server or before a crash.
                Err(Error::Store(store::Error::Erased)) => Vec::new(),
                Err(error) => return Err(error),
            };
            if keeps.is_empty() {
                self.erase_now(person).await?;
                erased += 1;
            } else {
                let due_at = self.due(&keeps, now).max(now + 1);
                self.store.keep_erasure(Erasure { due_at, ..row }).await?;
            }
        }
        Ok(erased)
    }

    /// Whether a person has asked to be erased and waits for it.
    ///
    /// # Errors
    /// When it cannot be read.
    pub async fn leaving(&self, person: PersonId) -> Result<Option<Erasing>, Error> {
        let asked = self.store.erasure(person.0).await?.filter(|asked| asked.done_at.is_none());
        if asked.is_none() {
            return Ok(None);
        }
        let keeps = self.keeps(person).await?;
        let ends: Option<Vec<Date>> = keeps.iter().map(|keep| keep.until).collect();
        Ok(Some(Erasing { on: ends.and_then(|ends| ends.into_iter().max()) }))
    }

    /// Takes the request back; what went at once stays gone.
    ///
    /// # Errors
    /// When it cannot be written.
    pub async fn stay(&self, person: PersonId) -> Result<(), Error> {
        Ok(self.store.drop_erasure(person.0).await?)
    }
}

/// What is gone already is gone.
fn gone(done: Result<(), store::Error>) -> Result<(), Error> {
    match done {
        Ok(()) | Err(store::Error::NotFound | store::Error::Conflict) => Ok(()),
        Err(error) => Err(error.into()),
    }
}

/// The same day so many years later; 29 February becomes the 28th.
fn years_after(day: Date, years: u16) -> Date {
    day.checked_add(jiff::Span::new().years(i64::from(years))).unwrap_or(Date::MAX)
}

#[cfg(test)]
mod tests {
    use domain::Date;

    use super::years_after;

    #[test]
    fn years_end_on_the_same_day() {
        let day = |year, month, day| Date::constant(year, month, day);
        assert_eq!(years_after(day(2026, 9, 7), 10), day(2036, 9, 7));
        assert_eq!(years_after(day(2028, 2, 29), 1), day(2029, 2, 28));
        assert_eq!(years_after(Date::MAX, 1), Date::MAX);
    }
}
