//! What people ask for, and what a server's task brings back.

use std::collections::BTreeMap;
use std::sync::Arc;

use app::{App, CaseFile, Error, Once};
use casework::{Actor, Command, Finding, Officer, RefusalReason, Status};
use domain::{CaseId, Limit, PersonId};
use store::Claim;

use crate::chance::Chance;

/// What a person asks for; sent again it is the same.
#[derive(Debug, Clone)]
pub(crate) enum Ask {
    /// Hand a draft in.
    Submit { person: PersonId, draft: CaseId, area: String },
    /// Do something to a case, under a key.
    Act { area: String, case: CaseId, actor: Box<Actor>, command: Box<Command>, once: Once },
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
    Slow(Result<Vec<Claim>, Error>),
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

/// A worker that claims and is not heard of for a while.
pub(crate) async fn claim_slowly(app: &App, lease: i64) -> Result<Vec<Claim>, Error> {
    let now = domain::micros(app.now());
    let areas = app.store.areas_with_outbox(now).await?;
    let Some(area) = areas.first() else { return Ok(Vec::new()) };
    let rows = app.store.claim_outbox(area, now, now + lease, 2).await?;
    Ok(rows.iter().map(store::OutboxRow::claim).collect())
}

/// It comes back after somebody else has claimed the same effect: it must be refused.
pub(crate) async fn come_late(app: &App, old: &Claim) -> Result<(), String> {
    let now = domain::micros(app.now());
    let Ok(rows) = app.store.claim_outbox(&old.area, now, now + 1, 64).await else { return Ok(()) };
    let mut refused = Ok(());
    for row in &rows {
        if row.id == old.id {
            if row.fence <= old.fence {
                refused = Err(format!("fence {} after fence {}", row.fence, old.fence));
            } else if app.store.outbox_done(old.clone(), None).await.is_ok() {
                refused = Err(format!("fence {} was let through after fence {}", old.fence, row.fence));
            }
        }
        // What was only looked at goes back.
        drop(app.store.outbox_retry(row.claim(), now, "slow").await);
    }
    refused
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

/// A wish about a case: mostly what comes next, sometimes anything.
pub(crate) fn wish(app: &Arc<App>, file: &CaseFile, chance: &mut Chance) -> (Actor, Command) {
    let citizen = Actor::Applicant(file.case.applicant);
    let mut actors = officers(app, file);
    let command = if chance.one_in(8) { any(file, chance) } else { next(file, chance) };
    let the_applicants =
        matches!(command, Command::Withdraw { .. } | Command::Rate { .. } | Command::Correct { .. });
    if the_applicants && !chance.one_in(6) {
        return (citizen, command);
    }
    actors.push(citizen);
    let at = chance.below(actors.len());
    (actors.swap_remove(at), command)
}

const WORDS: &str = "示例";

fn next(file: &CaseFile, chance: &mut Chance) -> Command {
    let held = file.case.held.is_some();
    match file.case.status {
        _ if held => Command::Resume { words: WORDS.into() },
        Status::Received if chance.one_in(5) => ask_correction(file),
        Status::Received => Command::Accept,
        Status::AwaitingCorrection => Command::Correct {
            answers: (*file.case.answers).clone(),
            materials: file.case.materials.clone(),
            about: BTreeMap::from([("note".to_owned(), WORDS.to_owned())]),
        },
        Status::InReview if chance.one_in(3) => suspend(file, chance),
        Status::InReview => Command::Review { finding: Finding::Meets, words: WORDS.into() },
        Status::AwaitingDecision if chance.one_in(4) => {
            Command::Refuse { reason: RefusalReason::ConditionsNotMet, words: WORDS.into() }
        }
        Status::AwaitingDecision => Command::Grant { words: String::new() },
        Status::Closed(_) => Command::Rate { level: 1, words: String::new() },
        _ => any(file, chance),
    }
}

fn ask_correction(file: &CaseFile) -> Command {
    let material = file.definition.item.materials.first().map_or("general", |material| material.id.as_str());
    Command::AskCorrection { about: BTreeMap::from([(material.to_owned(), WORDS.to_owned())]) }
}

fn suspend(file: &CaseFile, chance: &mut Chance) -> Command {
    let kinds: Vec<_> = file.definition.procedure.suspends.clone();
    let kinds: Vec<_> = kinds.into_iter().filter(|kind| *kind != packs::Special::Hearing).collect();
    let kind = chance.pick(&kinds).unwrap_or(packs::Special::Inspection);
    Command::Suspend { kind, needed: Some(Limit::workdays(4)), words: WORDS.into() }
}

/// Anything, lawful or not.
fn any(file: &CaseFile, chance: &mut Chance) -> Command {
    match chance.below(9) {
        0 => Command::Claim,
        1 => Command::Release,
        2 => Command::Withdraw { words: String::new() },
        3 => Command::Grant { words: String::new() },
        4 => Command::Accept,
        5 => suspend(file, chance),
        6 => Command::Resume { words: WORDS.into() },
        7 => ask_correction(file),
        _ => Command::Review { finding: Finding::DoesNotMeet, words: WORDS.into() },
    }
}
