//! The worker: carries out what committed events call for, and lets clocks take effect.
//!
//! The outbox is the only list of what is to be done. A row is claimed under a lease, carried out, and
//! only then taken off; an effect that is carried out twice changes nothing the second time.

use std::time::Duration;

use casework::{Actor, Channel, Command, Rule};
use domain::{CaseId, micros};
use futures_util::FutureExt as _;
use futures_util::stream::{self, StreamExt as _};
use store::{Message as MessageRow, OutboxRow};
use tokio::time::MissedTickBehavior;
use tracing::{error, warn};

use crate::mapping::{
    DELIVER, DROP_PARTS, END_PART, Effect, ISSUE_CERTIFICATE, NOTICE, OPEN_PART, TELL_STOPS,
};
use crate::{App, Error, WORKER_BATCH, WORKER_LEASE};

/// The first pause before an effect is tried again (µs); each further one is twice as long.
const FIRST_PAUSE: i64 = 2_000_000;
/// The longest pause between two tries of the same effect (µs).
const MAX_PAUSE: i64 = 3_600_000_000;
/// An effect that has not succeeded for so long is given up and shown to the operators (µs): 72 hours.
const GIVE_UP_AFTER: i64 = 72 * 3_600_000_000;
/// …and that was tried at least so often: an outage of the whole site is no failure of its effects.
const GIVE_UP_TRIES: i64 = 12;
/// Effects carried out at the same time.
const TOGETHER: usize = 64;
/// The worker looks at the outbox at least this often.
const LOOK_EVERY: Duration = Duration::from_secs(5);
/// Clocks that have run out, heads to anchor and keys to forget are looked for this often, busy or not.
const TIMERS_EVERY: Duration = Duration::from_secs(15);
/// Verdicts of the review desk that are due are looked for this often, busy or not.
const VERDICTS_EVERY: Duration = Duration::from_secs(5);
/// Case heads that one checkpoint anchors at most.
const ANCHOR_BATCH: usize = 2_000;
/// Idempotency keys are kept this long (µs): 48 hours, twice what a retrying client is promised.
const KEEP_KEYS: i64 = 48 * 3_600_000_000;
/// Keys forgotten in one statement.
const FORGET_BATCH: i64 = 1_000;

impl App {
    /// Works until the future is dropped: on cases, and beside them for partners' applications and agencies' own systems.
    pub async fn work(&self) {
        let beside = futures_util::future::join(self.work_for_partners(), self.work_for_receivers());
        futures_util::future::join(self.work_on_cases(), beside).await;
    }

    async fn work_on_cases(&self) {
        let mut timers = tokio::time::interval(TIMERS_EVERY);
        timers.set_missed_tick_behavior(MissedTickBehavior::Delay);
        let mut verdicts = tokio::time::interval(VERDICTS_EVERY);
        verdicts.set_missed_tick_behavior(MissedTickBehavior::Delay);
        loop {
            let worked = async {
                if verdicts.tick().now_or_never().is_some() {
                    self.settle_verdicts().await?;
                }
                if timers.tick().now_or_never().is_some() {
                    self.lapse_due().await?;
                    self.anchor_heads().await?;
                    self.erase_due().await?;
                    self.store.forget_once(micros(self.now()) - KEEP_KEYS, FORGET_BATCH).await?;
                    self.store.forget_wallet_asks(micros(self.now()), FORGET_BATCH).await?;
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
        }
    }

    /// Carries out every effect that is due now; how many that were.
    ///
    /// # Errors
    /// When the store cannot answer.
    pub async fn work_once(&self) -> Result<usize, Error> {
        self.work_by(TOGETHER).await
    }

    /// [`App::work_once`] with at most `together` effects under way at a time: one by one their order is
    /// the same each time.
    ///
    /// # Errors
    /// When the store cannot answer.
    pub async fn work_by(&self, together: usize) -> Result<usize, Error> {
        let mut done = 0;
        for area in self.store.areas_with_outbox(micros(self.now())).await? {
            loop {
                let now = micros(self.now());
                let rows = self.store.claim_outbox(&area, now, now + WORKER_LEASE, WORKER_BATCH).await?;
                if rows.is_empty() {
                    break;
                }
                done += self.carry_out_all(rows, together).await?;
            }
        }
        Ok(done)
    }

    /// Some together, so that their commits are grouped, and no more, so that people's own writes, which
    /// share those groups, do not wait behind a long queue of effects.
    async fn carry_out_all(&self, rows: Vec<OutboxRow>, together: usize) -> Result<usize, Error> {
        let effects = rows.into_iter().map(|row| self.carry_out_or_retry(row));
        let mut results = stream::iter(effects).buffer_unordered(together.max(1));
        let mut done = 0;
        while let Some(result) = results.next().await {
            done += usize::from(result?);
        }
        Ok(done)
    }

    async fn carry_out_or_retry(&self, row: OutboxRow) -> Result<bool, Error> {
        let Err(failed) = self.carry_out(&row).await else { return Ok(true) };
        self.failed(&row, &why(&failed)).await.map(|()| false)
    }

    /// An effect failed: it is tried again later, or given up.
    pub(crate) async fn failed(&self, row: &OutboxRow, why: &str) -> Result<(), Error> {
        let now = micros(self.now());
        let settled = if now - row.created_at >= GIVE_UP_AFTER && row.attempts >= GIVE_UP_TRIES {
            error!(case = %row.case_id, kind = row.kind, attempts = row.attempts, why, "an effect was given up");
            self.store.outbox_bury(row.claim(), now, why).await
        } else {
            warn!(case = %row.case_id, kind = row.kind, attempts = row.attempts, why, "an effect failed");
            self.store.outbox_retry(row.claim(), now + pause(row.attempts), why).await
        };
        match settled {
            // The lease ran out: whoever holds it now carries it out.
            Ok(()) | Err(store::Error::NotFound) => Ok(()),
            Err(error) => Err(error.into()),
        }
    }

    /// The case moves first, then the message and the end of the row in one commit. A second time, the case
    /// says it was done already and the message, which has the row's id, is there already.
    async fn carry_out(&self, row: &OutboxRow) -> Result<(), Error> {
        let effect: Effect = serde_json::from_str(&row.data)?;
        let case = CaseId(row.case_id);
        match row.kind.as_str() {
            DELIVER => {
                let command = Command::Deliver { channel: Channel::Wallet, words: String::new() };
                let delivered = self.act(&row.area, case, &Actor::System, command).await;
                delivered.map(drop).or_else(already_delivered)?;
            }
            ISSUE_CERTIFICATE => self.issue_certificate(row, effect.at).await?,
            OPEN_PART => self.open_part(&row.area, case, effect.part.as_deref().unwrap_or_default()).await?,
            END_PART => self.end_part(&row.area, case).await?,
            TELL_STOPS => self.tell_stops(&row.area, case).await?,
            DROP_PARTS => self.drop_parts(&row.area, case).await?,
            _ => {}
        }
        let message = matches!(row.kind.as_str(), DELIVER | NOTICE).then(|| MessageRow {
            person: row.person,
            id: row.id,
            at: effect.at,
            kind: effect.event,
            data: row.data.clone(),
            sealed: None,
            case_area: Some(row.area.clone()),
            case_id: Some(row.case_id),
            read_at: None,
        });
        match self.store.outbox_done(row.claim(), message).await {
            Ok(()) | Err(store::Error::NotFound) => Ok(()),
            Err(error) => Err(error.into()),
        }
    }

    /// Lets clocks that have run out take effect, wherever; how many cases that changed. A case that
    /// cannot be acted on is reported and does not hold up the others.
    ///
    /// # Errors
    /// When the store cannot answer.
    pub async fn lapse_due(&self) -> Result<usize, Error> {
        let mut lapsed = 0;
        for area in self.store.areas_with_wakes(micros(self.now())).await? {
            loop {
                let due = self.store.due_wakes(&area, micros(self.now()), WORKER_BATCH).await?;
                let mut moved = 0;
                for id in &due {
                    moved += usize::from(self.lapse(&area, CaseId(*id)).await);
                }
                lapsed += moved;
                // A full page that moved nothing would be read for ever.
                if moved == 0 || (due.len() as i64) < WORKER_BATCH {
                    break;
                }
            }
        }
        Ok(lapsed)
    }

    async fn lapse(&self, area: &str, id: CaseId) -> bool {
        let before = match self.open_case(area, id, &Actor::System).await {
            Ok(file) => file.case.seq,
            Err(error) => {
                warn!(%error, case = %id, "a clock that has run out could not take effect");
                return false;
            }
        };
        match self.act(area, id, &Actor::System, Command::Lapse).await {
            Ok(file) => file.case.seq > before,
            Err(Error::Refused(refusal)) if refusal.rule == Rule::AlreadyClosed => false,
            Err(error) => {
                warn!(%error, case = %id, "a clock that has run out could not take effect");
                false
            }
        }
    }

    /// Anchors the heads of all cases that changed since the last time, in signed checkpoints; how many
    /// checkpoints that made.
    ///
    /// # Errors
    /// When the store cannot answer.
    pub async fn anchor_heads(&self) -> Result<usize, Error> {
        let mut made = 0;
        for area in self.store.areas_with_unanchored().await? {
            loop {
                match self.store.checkpoint(&area, micros(self.now()), ANCHOR_BATCH).await {
                    Ok(Some(_)) => made += 1,
                    // Another server was first, or people's writes come first: the next look goes on.
                    Ok(None) | Err(store::Error::Conflict | store::Error::Busy) => break,
                    Err(error) => return Err(error.into()),
                }
            }
        }
        Ok(made)
    }
}

/// 2, 4, 8 s … up to an hour.
fn pause(attempts: i64) -> i64 {
    let doublings = u32::try_from(attempts.clamp(1, 20) - 1).unwrap_or_default();
    (FIRST_PAUSE << doublings).min(MAX_PAUSE)
}

/// What an operator is told: never a piece of the document that could not be read.
pub(crate) fn why(error: &Error) -> String {
    match error {
        Error::Document(_) => "a stored document cannot be read".to_owned(),
        error => error.to_string(),
    }
}

fn already_delivered(error: Error) -> Result<(), Error> {
    match error {
        Error::Refused(refusal) if matches!(refusal.rule, Rule::AlreadyClosed | Rule::WrongStep) => Ok(()),
        error => Err(error),
    }
}
