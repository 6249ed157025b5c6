//! The worker: carries out what committed events call for, and lets clocks take effect.
//!
//! The outbox is the only list of what is to be done. A row is claimed under a lease, carried out, and
//! only then taken off; an effect that is carried out twice changes nothing the second time.

use std::time::Duration;

use casework::{Actor, Command};
use domain::{CaseId, micros};
use futures_util::future::join_all;
use store::{DeskCursor, DeskFilter, Message as MessageRow, OutboxRow};
use tracing::warn;

use crate::mapping::{DELIVER, Effect, role_id};
use crate::{App, Error, WORKER_BATCH, WORKER_LEASE};

/// The longest pause between two tries of the same effect (µs).
const MAX_PAUSE: i64 = 3_600_000_000;
/// Effects carried out at the same time.
const TOGETHER: usize = 8;
/// The worker looks at the outbox at least this often.
const LOOK_EVERY: Duration = Duration::from_secs(5);
/// Clocks that have run out are looked for with every so many looks.
const LAPSE_EVERY: u32 = 12;

impl App {
    /// Works until the future is dropped.
    pub async fn work(&self) {
        let mut looks = 0_u32;
        loop {
            let worked = async {
                if looks.is_multiple_of(LAPSE_EVERY) {
                    self.lapse_due().await?;
                }
                self.work_once().await
            };
            match worked.await {
                Ok(0) => {
                    let _ = tokio::time::timeout(LOOK_EVERY, self.wake.notified()).await;
                }
                Ok(_) => {}
                Err(error) => {
                    warn!(%error, "the worker could not reach the store");
                    tokio::time::sleep(LOOK_EVERY).await;
                }
            }
            looks = looks.wrapping_add(1);
        }
    }

    /// Carries out every effect that is due now; how many that were.
    ///
    /// # Errors
    /// When the store cannot answer.
    pub async fn work_once(&self) -> Result<usize, Error> {
        let mut done = 0;
        for area in self.store.areas_with_outbox(micros(self.now())).await? {
            loop {
                let now = micros(self.now());
                let rows = self.store.claim_outbox(&area, now, now + WORKER_LEASE, WORKER_BATCH).await?;
                if rows.is_empty() {
                    break;
                }
                done += self.carry_out_all(rows).await?;
            }
        }
        Ok(done)
    }

    /// A few together, so that their commits are grouped, and no more, so that people's own writes, which
    /// share those groups, do not wait behind a long queue of effects.
    async fn carry_out_all(&self, rows: Vec<OutboxRow>) -> Result<usize, Error> {
        let (mut rows, mut done) = (rows.into_iter(), 0);
        loop {
            let few: Vec<_> = rows.by_ref().take(TOGETHER).map(|row| self.carry_out_or_retry(row)).collect();
            if few.is_empty() {
                return Ok(done);
            }
            for result in join_all(few).await {
                done += usize::from(result?);
            }
        }
    }

    async fn carry_out_or_retry(&self, row: OutboxRow) -> Result<bool, Error> {
        let Err(error) = self.carry_out(&row).await else { return Ok(true) };
        let pause = (1_000_000_i64 << row.attempts.clamp(0, 20)).min(MAX_PAUSE);
        warn!(%error, case = %row.case_id, kind = row.kind, attempts = row.attempts, "an effect failed");
        match self.store.outbox_retry(row.claim(), micros(self.now()) + pause, &why(&error)).await {
            // The lease ran out: whoever holds it now carries it out.
            Ok(()) | Err(store::Error::NotFound) => Ok(false),
            Err(error) => Err(error.into()),
        }
    }

    /// The case moves first, then the message and the end of the row in one commit. A second time, the case
    /// says it is closed already and the message, which has the row's id, is there already.
    async fn carry_out(&self, row: &OutboxRow) -> Result<(), Error> {
        let effect: Effect = serde_json::from_str(&row.data)?;
        if row.kind == DELIVER {
            let delivered = self.act(&row.area, CaseId(row.case_id), &Actor::System, Command::Deliver).await;
            delivered.map(drop).or_else(already_delivered)?;
        }
        let message = MessageRow {
            person: row.person,
            id: row.id,
            at: effect.at,
            kind: effect.event,
            data: row.data.clone(),
            sealed: None,
            case_area: Some(row.area.clone()),
            case_id: Some(row.case_id),
            read_at: None,
        };
        match self.store.outbox_done(row.claim(), Some(message)).await {
            Ok(()) | Err(store::Error::NotFound) => Ok(()),
            Err(error) => Err(error.into()),
        }
    }

    /// Lets the law take its course on cases whose acceptance period is over (行政许可法 art. 32); how many
    /// that were. A case that cannot be acted on is reported and does not hold up the others.
    ///
    /// # Errors
    /// When the store cannot answer.
    pub async fn lapse_due(&self) -> Result<usize, Error> {
        let mut lapsed = 0;
        for agency in &self.catalogue.agencies {
            let mut due = DeskFilter {
                steps: vec![role_id(packs::Role::Intake).to_owned()],
                due_before: Some(micros(self.now())),
                ..DeskFilter::default()
            };
            loop {
                let rows = self.store.desk(agency.area.as_str(), &agency.code, &due, WORKER_BATCH).await?;
                let Some(last) = rows.last() else { break };
                due.after = Some(DeskCursor::from(last));
                for row in &rows {
                    lapsed += usize::from(self.lapse(&row.area, CaseId(row.id)).await);
                }
            }
        }
        Ok(lapsed)
    }

    async fn lapse(&self, area: &str, id: CaseId) -> bool {
        match self.act(area, id, &Actor::System, Command::Lapse).await {
            Ok(file) => file.case.accepted.is_some_and(|accepted| accepted.deemed),
            Err(error) => {
                warn!(%error, case = %id, "a clock that has run out could not take effect");
                false
            }
        }
    }
}

/// What an operator is told: never a piece of the document that could not be read.
fn why(error: &Error) -> String {
    match error {
        Error::Document(_) => "a stored document cannot be read".to_owned(),
        error => error.to_string(),
    }
}

fn already_delivered(error: Error) -> Result<(), Error> {
    match error {
        Error::Refused(refusal) if refusal.rule == casework::Rule::AlreadyClosed => Ok(()),
        error => Err(error),
    }
}
