//! Replays every case and compares it with its view.

use domain::CaseId;
use store::{StoredCase, verify_chain};
use uuid::Uuid;

use crate::mapping::read_event;
use crate::{App, Error};

/// What is wrong with one case.
#[derive(Debug, Clone, serde::Serialize)]
pub struct Fault {
    /// Its area.
    pub area: String,
    /// The case.
    pub case: CaseId,
    /// What is wrong, in one English sentence.
    pub what: String,
}

/// The result of a verification.
#[derive(Debug, Clone, Default, serde::Serialize)]
pub struct Verified {
    /// Cases replayed.
    pub cases: u64,
    /// Events replayed.
    pub events: u64,
    /// Uploaded files found whole.
    pub files: u64,
    /// What is wrong.
    pub faults: Vec<Fault>,
}

const PAGE: i64 = 200;

impl App {
    /// Replays every case: the hash chain whole, the fold equal to the view, every file there and unchanged.
    ///
    /// # Errors
    /// When the store cannot answer; what is wrong with cases is in the result.
    pub async fn verify(&self, progress: &(dyn Fn(u64, u64) + Sync)) -> Result<Verified, Error> {
        let mut result = Verified::default();
        let total = self.store.stats().await?.cases.unsigned_abs();
        let mut after = (String::new(), Uuid::nil());
        loop {
            let page = self.store.cases_after(&after.0, after.1, PAGE).await?;
            let Some(last) = page.last() else { return Ok(result) };
            after = (last.area.clone(), last.id);
            for row in page {
                match self.store.load_case(&row.area, row.id).await? {
                    Some(stored) => self.check_case(stored, &mut result).await?,
                    None => result.fault(&row.area, row.id, "the view has a case without events"),
                }
                result.cases += 1;
                progress(result.cases, total);
            }
        }
    }

    async fn check_case(&self, stored: StoredCase, result: &mut Verified) -> Result<(), Error> {
        let (area, id) = (stored.row.area.clone(), stored.row.id);
        result.events += stored.events.len() as u64;
        if let Err(error) = verify_chain(&stored) {
            result.fault(&area, id, &format!("the hash chain is broken: {error}"));
            return Ok(());
        }
        let events: Result<Vec<_>, _> = stored.events.iter().map(|row| read_event(row, None)).collect();
        let Ok(events) = events else {
            result.fault(&area, id, "an event cannot be read");
            return Ok(());
        };
        let case = match self.fold(&events).await {
            Ok(Some(case)) => case,
            Ok(None) => {
                result.fault(&area, id, "the history does not begin with a submission");
                return Ok(());
            }
            Err(_) => {
                result.fault(&area, id, "a definition it kept is missing or altered");
                return Ok(());
            }
        };
        let Some(folded) = self.folded_view(&case, &stored).await? else {
            result.fault(&area, id, "the definition it keeps is missing or altered");
            return Ok(());
        };
        let kept = &stored.row.view;
        let person = stored.row.person;
        if folded != *kept || case.applicant.0 != person || case.area.as_str() != area {
            result.fault(&area, id, "the view differs from the fold of the events");
        }
        let mine = self.store.my_case(person, id).await?;
        if mine.is_none_or(|mine| {
            mine.area != area
                || mine.number != folded.number
                || mine.status != folded.status
                || mine.part_of != folded.part_of
        }) {
            result.fault(&area, id, "the applicant's own list differs from the fold of the events");
        }
        match self.store.profile(person).await {
            Ok(_) | Err(store::Error::Erased) => {}
            Err(error) => result.fault(&area, id, &format!("the applicant's data cannot be opened: {error}")),
        }
        for file in case.materials.iter().flat_map(|material| &material.files) {
            match self.store.check_blob(file).await {
                Ok(()) => result.files += 1,
                Err(error) => result.fault(&area, id, &format!("file {file}: {error}")),
            }
        }
        Ok(())
    }
}

impl Verified {
    fn fault(&mut self, area: &str, case: Uuid, what: &str) {
        self.faults.push(Fault { area: area.to_owned(), case: CaseId(case), what: what.to_owned() });
    }
}
