//! The fold: what an event makes of a case.

use std::sync::Arc;

use packs::StepKind;

use crate::actor::By;
use crate::branches::BranchCase;
use crate::case::{Accepted, Case, Decision, DoneBy, Review, Status};
use crate::clock::{ClockKind, Running};
use crate::definition::Definition;
use crate::event::{Event, Finding, GrantedOrNot, What};
use crate::special::{Hearing, Held};

/// Folds a whole history. Each event is read under the definition the case kept when it happened;
/// `definition` finds it by its digest.
///
/// `None` for an empty history, for one that does not begin with a submission or an offer, and where a
/// definition is not found.
pub fn replay<D: AsRef<Definition>>(
    definition: impl Fn(&str) -> Option<D>,
    events: &[Event],
) -> Option<Case> {
    let (first, rest) = events.split_first()?;
    let mut case = begin(first)?;
    let mut kept = definition(&case.definition)?;
    enter(kept.as_ref(), &mut case, 0);
    for event in rest {
        advance(kept.as_ref(), &mut case, event);
        if let What::Migrated { to, .. } = &event.what {
            kept = definition(to)?;
        }
    }
    Some(case)
}

/// The digests of the definitions a history was lived under, in their order.
#[must_use]
pub fn definitions_of(events: &[Event]) -> Vec<&str> {
    let digests = events.iter().filter_map(|event| match &event.what {
        What::Submitted { definition, .. } | What::Offered { definition, .. } => Some(definition.as_str()),
        What::Migrated { to, .. } => Some(to.as_str()),
        _ => None,
    });
    digests.collect()
}

/// Folds one event into the state. Total: an event out of place changes nothing but the count, so that a
/// damaged history still shows, and `verify` reports it.
#[must_use]
pub fn evolve(definition: &Definition, case: Option<Case>, event: &Event) -> Option<Case> {
    let Some(mut case) = case else {
        let mut case = begin(event)?;
        enter(definition, &mut case, 0);
        return Some(case);
    };
    advance(definition, &mut case, event);
    Some(case)
}

/// [`evolve`] on a case that is there.
pub(crate) fn advance(definition: &Definition, case: &mut Case, event: &Event) {
    case.seq += 1;
    by_agent(case, event);
    apply(definition, case, event);
}

/// Who acts for the applicant becomes a party, so that they handle nothing of it at a desk.
fn by_agent(case: &mut Case, event: &Event) {
    if let By::Agent(by) = &event.by
        && !case.agents.contains(&by.agent)
    {
        case.agents.push(by.agent);
    }
}

fn begin(event: &Event) -> Option<Case> {
    let (id, number, item, definition, agency, area, applicant, clock) = match &event.what {
        What::Submitted { case, number, item, definition, agency, area, applicant, clock, .. }
        | What::Offered { case, number, item, definition, agency, area, applicant, clock } => {
            (case, number, item, definition, agency, area, applicant, clock)
        }
        _ => return None,
    };
    let (materials, part_of, owed, expires) = match &event.what {
        What::Submitted { materials, part_of, owed, expires, .. } => {
            (materials.clone(), part_of.clone(), owed.clone(), expires.clone())
        }
        _ => Default::default(),
    };
    let private = event.private.as_ref();
    let agents = if let By::Agent(by) = &event.by { vec![by.agent] } else { Vec::new() };
    Some(Case {
        id: *id,
        number: number.clone(),
        item: item.clone(),
        definition: definition.clone(),
        agency: agency.clone(),
        area: area.clone(),
        applicant: *applicant,
        status: Status::Received,
        step: 0,
        received: event.at,
        clock: clock.clone(),
        claimed_by: None,
        materials,
        correction: None,
        accepted: None,
        reviews: Vec::new(),
        decision: None,
        document: None,
        level: None,
        seq: 1,
        part_of,
        behind: None,
        held: None,
        heard: false,
        heard_by: None,
        extended: false,
        owed,
        expires,
        branches: Vec::new(),
        ruling: None,
        began: false,
        reviewed_by: Vec::new(),
        done_by: Vec::new(),
        agents,
        fee: None,
        cards: 0,
        rounds: 0,
        delivered: false,
        answers: private.map(|p| Arc::new(p.answers.clone())).unwrap_or_default(),
        known: private.map(|p| Arc::new(p.known.clone())).unwrap_or_default(),
    })
}

/// What happens to the step and its clock.
fn apply(definition: &Definition, case: &mut Case, event: &Event) {
    match &event.what {
        What::Accepted { from, clock } => {
            accept(definition, case, Accepted { from: *from, deemed: false }, clock);
        }
        What::DeemedAccepted { from, clock } => {
            accept(definition, case, Accepted { from: *from, deemed: true }, clock);
        }
        What::Confirmed { materials, clock, owed } => {
            case.materials.clone_from(materials);
            case.clock.clone_from(clock);
            case.owed.clone_from(owed);
            answered(case, event);
            enter_next(definition, case);
        }
        What::CorrectionAsked { points, clock } => {
            case.status = Status::AwaitingCorrection;
            case.correction = Some(points.clone());
            case.clock.clone_from(clock);
        }
        What::Corrected { materials, clock, owed } => {
            case.status = Status::Received;
            case.materials.clone_from(materials);
            case.clock.clone_from(clock);
            case.owed.clone_from(owed);
            answered(case, event);
        }
        What::Reviewed { finding } => review(definition, case, event, *finding),
        What::Decided { decision, clock } => {
            case.decision = Some(Decision { decision: *decision, at: event.at });
            case.clock.clone_from(clock);
            if *decision == GrantedOrNot::Granted {
                enter_next(definition, case);
            }
        }
        What::DeemedGranted { clock } => {
            case.decision = Some(Decision { decision: GrantedOrNot::Granted, at: event.at });
            case.held = None;
            case.behind = None;
            case.clock.clone_from(clock);
            let decide = definition.find(StepKind::Decide, 0).unwrap_or(case.step);
            let after = decide.saturating_add(1);
            enter(definition, case, after);
        }
        What::Issued { document } => {
            case.document = Some(document.clone());
            case.clock = None;
            enter_next(definition, case);
        }
        What::Delivered { .. } => {
            // Without a step after it the case closes in the same breath.
            if definition.step(case.step.saturating_add(1)).is_some() {
                case.delivered = true;
                enter_next(definition, case);
            }
        }
        What::StepBegan { clock, .. } => {
            case.began = true;
            if clock.is_some() {
                let front = case.clock.take().filter(|front| front.kind == ClockKind::Decision);
                case.behind = front.or(case.behind.take());
                case.clock.clone_from(clock);
            }
        }
        What::Passed { .. } | What::WaitOver { .. } | What::Joined { all_granted: true } => {
            enter_next(definition, case);
        }
        What::Joined { all_granted: false } => {
            // With a desk to decide, a person concludes; without one the case ends here.
            if definition.find(StepKind::Decide, case.step).is_some() {
                enter_next(definition, case);
            }
        }
        What::Done { step, to, .. } => {
            if let By::Officer { id, .. } = &event.by {
                case.done_by.push(DoneBy { step: step.clone(), officer: *id });
            }
            if let Some(index) = definition.procedure.index(to) {
                enter(definition, case, index);
            }
        }
        What::Reopened { step, clock, .. } => reopen(definition, case, step, clock),
        What::Migrated { to, index, .. } => {
            case.definition.clone_from(to);
            case.step = *index;
        }
        What::Closed { outcome } => {
            case.status = Status::Closed(*outcome);
            case.clock = None;
            case.behind = None;
            case.held = None;
            case.owed = None;
            case.expires = None;
            case.claimed_by = None;
        }
        _ => note(case, event),
    }
}

/// What leaves the case at its step.
fn note(case: &mut Case, event: &Event) {
    match &event.what {
        What::Claimed => {
            if let By::Officer { id, .. } = &event.by {
                case.claimed_by = Some(*id);
            }
        }
        What::Released => case.claimed_by = None,
        What::CorrectedOnSpot { .. } => answered(case, event),
        What::Supplied { materials, owed } => {
            case.materials.clone_from(materials);
            case.owed.clone_from(owed);
            case.ruling = None;
        }
        What::Suspended { kind, since, clock } => {
            let hearing = (*kind == packs::Special::Hearing).then_some(Hearing::Told);
            case.held = Some(Held { kind: *kind, since: *since, clock: clock.clone(), hearing });
        }
        What::HearingRequested { clock } => {
            if let Some(held) = &mut case.held {
                held.hearing = Some(Hearing::Requested);
                held.clock.clone_from(clock);
            }
        }
        What::HearingScheduled { on, host } => {
            if let Some(held) = &mut case.held {
                held.hearing = Some(Hearing::Scheduled { on: *on, host: *host });
            }
        }
        What::Resumed { kind, clock, .. } => {
            case.heard |= *kind == packs::Special::Hearing;
            let hearing = case.held.take().and_then(|held| held.hearing);
            if let Some(Hearing::Scheduled { host, .. }) = hearing {
                case.heard_by = Some(host);
            }
            case.clock.clone_from(clock);
        }
        What::Extended { clock, .. } => {
            case.extended = true;
            let front = if case.behind.is_some() { &mut case.behind } else { &mut case.clock };
            front.clone_from(clock);
        }
        What::Branched { branches } => case.branches.clone_from(branches),
        What::BranchEnded { branch, case: ended, outcome } => {
            let named = |part: &&mut BranchCase| {
                part.branch == *branch && ended.is_none_or(|ended| part.case == ended)
            };
            if let Some(part) = case.branches.iter_mut().find(named) {
                part.outcome = Some(*outcome);
            }
        }
        What::PartStopped { branch, case: part, stops, clock, behind } => {
            crate::stops::stopped(case, branch, *part, stops);
            case.clock.clone_from(clock);
            case.behind.clone_from(behind);
        }
        What::Ruled { verdict, .. } => case.ruling = Some(*verdict),
        What::FeeRecorded { fen } => case.fee = Some(*fen),
        What::Carded { .. } => case.cards += 1,
        What::Rated { level } => case.level = Some(*level),
        _ => {}
    }
}

/// What the rules said of other answers says nothing of these.
fn answered(case: &mut Case, event: &Event) {
    case.ruling = None;
    if let Some(private) = &event.private {
        case.answers = Arc::new(private.answers.clone());
    }
}

fn accept(definition: &Definition, case: &mut Case, accepted: Accepted, clock: &Option<Running>) {
    case.accepted = Some(accepted);
    case.clock.clone_from(clock);
    enter_next(definition, case);
}

fn review(definition: &Definition, case: &mut Case, event: &Event, finding: Finding) {
    let By::Officer { id, .. } = &event.by else {
        // By the rules: one verdict is the whole review.
        return enter_next(definition, case);
    };
    case.reviews.push(Review { officer: *id, finding });
    let needed = definition.step(case.step).map_or(1, |step| usize::from(step.officers));
    if case.reviews.len() >= needed {
        enter_next(definition, case);
    } else {
        // The next officer must be another one, so the case goes back to the queue.
        case.claimed_by = None;
    }
}

/// Who reviewed is remembered when the reviews themselves make room for others: they preside at no hearing.
fn set_reviews_aside(case: &mut Case) {
    case.reviewed_by.extend(case.reviews.drain(..).map(|review| review.officer));
}

fn reopen(definition: &Definition, case: &mut Case, step: &str, clock: &Option<Running>) {
    let Some(index) = definition.procedure.index(step) else { return };
    case.rounds += 1;
    case.decision = None;
    case.document = None;
    case.delivered = false;
    case.extended = false;
    case.heard = false;
    case.heard_by = None;
    case.level = None;
    set_reviews_aside(case);
    case.behind = None;
    case.clock.clone_from(clock);
    enter(definition, case, index);
}

fn enter_next(definition: &Definition, case: &mut Case) {
    enter(definition, case, case.step.saturating_add(1));
}

fn enter(definition: &Definition, case: &mut Case, index: usize) {
    let before = definition.step(case.step).and_then(|step| step.desk.as_ref());
    if case.clock.as_ref().is_some_and(|clock| clock.kind == ClockKind::Step) {
        // The clock of the step that is left; the decision clock had run on behind it.
        case.clock = case.behind.take();
    }
    case.step = index;
    case.began = false;
    case.ruling = None;
    let next = definition.step(index);
    case.status = match next.map(|step| step.kind) {
        Some(StepKind::Confirm) => Status::AwaitingConfirmation,
        Some(StepKind::Intake) => Status::Received,
        Some(StepKind::Review) => {
            set_reviews_aside(case);
            Status::InReview
        }
        Some(StepKind::Together) => Status::WithAgencies,
        Some(StepKind::Wait) => Status::Waiting,
        Some(StepKind::Task | StepKind::End) => Status::InTask,
        Some(StepKind::Decide) => Status::AwaitingDecision,
        Some(StepKind::Issue) => Status::Issuing,
        Some(StepKind::Check) => Status::Checking,
        Some(StepKind::Deliver) | None => Status::Delivering,
    };
    // Whoever took it may not be the one who looks a second time.
    let another = next.is_some_and(|step| !step.not_by.is_empty());
    if another || next.and_then(|step| step.desk.as_ref()) != before {
        case.claimed_by = None;
    }
}
