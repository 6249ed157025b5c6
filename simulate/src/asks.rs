//! What people ask for, and what a server's task brings back.

use app::{App, CaseFile, Error, Once};
use casework::{Actor, Command, Officer};
use domain::{CaseId, PersonId};
use store::Claim;

/// What a person asks for; sent again it is the same.
#[derive(Debug, Clone)]
pub(crate) enum Ask {
    /// Hand a draft in.
    Submit { person: PersonId, draft: CaseId, area: String },
    /// Do something to a case, under a key.
    Act { area: String, case: CaseId, actor: Box<Actor>, command: Box<Command>, once: Once },
}

impl Ask {
    /// The case it is about, and its area.
    pub(crate) fn case(&self) -> (&str, CaseId) {
        match self {
            Self::Submit { draft, area, .. } => (area, *draft),
            Self::Act { area, case, .. } => (area, *case),
        }
    }
}

/// What was acknowledged: the event, by its case and number, and its hash.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Acked {
    pub(crate) area: String,
    pub(crate) case: CaseId,
    pub(crate) seq: i64,
    pub(crate) hash: Option<Vec<u8>>,
}

/// What a task brings back.
#[derive(Debug)]
pub(crate) enum Done {
    /// An answer to request number so.
    Answer(usize, Result<Acked, Error>),
    /// So much was done by the engine itself.
    Engine(Result<usize, Error>),
    /// A slow worker holds these.
    Slow(Result<Vec<Lease>, Error>),
    /// A slow worker came too late; what went wrong.
    Late(Result<(), String>),
}

/// Carries a request out on one server.
pub(crate) async fn carry_out(app: &App, ask: &Ask) -> Result<Acked, Error> {
    let (area, case, seq) = match ask {
        Ask::Submit { person, draft, area } => (area, app.submit(*person, *draft).await?, 1),
        Ask::Act { area, case, actor, command, once } => {
            let done = app.act_once(area, *case, actor, (**command).clone(), Some(once)).await?;
            (area, *case, done.case.seq)
        }
    };
    let hash = app.store.event_hash(area, case.0, seq).await?;
    Ok(Acked { area: area.clone(), case, seq, hash })
}

/// What a slow worker holds, and until when.
#[derive(Debug)]
pub(crate) struct Lease {
    claim: Claim,
    until: i64,
}

/// A worker that claims and is not heard of for a while.
pub(crate) async fn claim_slowly(app: &App, lease: i64) -> Result<Vec<Lease>, Error> {
    let now = domain::micros(app.now());
    let areas = app.store.areas_with_outbox(now).await?;
    let Some(area) = areas.first() else { return Ok(Vec::new()) };
    let until = now + lease;
    let rows = app.store.claim_outbox(area, now, until, 2).await?;
    Ok(rows.iter().map(|row| Lease { claim: row.claim(), until }).collect())
}

/// It comes back after somebody else has claimed the same effect, which may not be before its own lease is
/// over: it must be refused.
pub(crate) async fn come_late(app: &App, old: &Lease) -> Result<(), String> {
    let now = domain::micros(app.now());
    let Lease { claim: old, until } = old;
    let Ok(rows) = app.store.claim_outbox(&old.area, now, now + 1, 64).await else { return Ok(()) };
    let mut refused = Ok(());
    for row in rows.iter().filter(|row| row.id == old.id) {
        if row.fence <= old.fence {
            refused = Err(format!("fence {} after fence {}", row.fence, old.fence));
        } else if row.fence == old.fence + 1 && now < *until {
            refused = Err(format!("fence {} was given while fence {} was held", row.fence, old.fence));
        } else if app.store.outbox_done(old.clone(), None).await.is_ok() {
            refused = Err(format!("fence {} was let through after fence {}", old.fence, row.fence));
        }
    }
    for row in &rows {
        // What was only looked at goes back.
        drop(app.store.outbox_retry(row.claim(), now, "slow").await);
    }
    refused
}

/// Every version but today's is left: its open cases move to today's.
pub(crate) async fn migrate(app: &App) -> Result<usize, Error> {
    let mut moved = 0;
    for version in app.versions_in_use().await? {
        let Some(today) = version.today.filter(|_| !version.current) else { continue };
        moved += app.move_cases_by(1, &version.digest, &today, false, &mut |_| {}).await?.moved;
    }
    Ok(usize::try_from(moved).unwrap_or(usize::MAX))
}

/// Everybody who qualifies for something is offered it.
pub(crate) async fn offer(app: &App) -> Result<usize, Error> {
    let offered = app.offer_all(None, false, &|_| {}).await?;
    Ok(usize::try_from(offered.offers).unwrap_or(usize::MAX))
}

/// The officers of a case's agency.
pub(crate) fn officers(app: &App, file: &CaseFile) -> Vec<Actor> {
    let cards = app.officers.as_ref().map_or_else(Vec::new, |directory| directory.of(&file.case.agency));
    let officer = |card: identity::OfficerCard| {
        Actor::Officer(Officer {
            id: card.id,
            name: card.name,
            agency: file.case.agency.clone(),
            area: file.case.area.clone(),
            roles: card.roles,
            person: None,
        })
    };
    cards.into_iter().map(officer).collect()
}
