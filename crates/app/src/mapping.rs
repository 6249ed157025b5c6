//! Between the case and its rows: what is stored in clear, what is sealed, what follows from an event.

use casework::{By, Case, Definition, Event, Outcome, Private, Status, What, wakes_at};
use domain::{Calendar, PersonId, from_micros, micros};
use packs::{Role, StepKind};
use serde::{Deserialize, Serialize};
use store::{CaseView, EventRow, Message, NewEvent, NewOutbox};
use uuid::Uuid;

use crate::{App, Error};

/// The clear part of an event as stored.
#[derive(Serialize, Deserialize)]
struct Clear {
    by: By,
    #[serde(flatten)]
    what: What,
}

/// What a piece of sealed data is for; binds the ciphertext to its place.
pub(crate) fn event_purpose(case: Uuid, seq: i64) -> String {
    format!("event/{case}/{seq}")
}

/// Kinds of effect: tell the applicant, as effects did before messages came with their events. An older version may
/// have left some.
pub(crate) const NOTICE: &str = "notice";
/// Put the result into the wallet and tell its holder.
pub(crate) const DELIVER: &str = "deliver";
/// Write a grant down as a certificate in its holder's wallet.
pub(crate) const ISSUE_CERTIFICATE: &str = "issue-certificate";
/// Open one part of a joint case.
pub(crate) const OPEN_PART: &str = "open-part";
/// Tell the joint case that a part has ended.
pub(crate) const END_PART: &str = "end-part";
/// Tell the joint case that a part's clock stands still, or goes on.
pub(crate) const TELL_STOPS: &str = "tell-stops";
/// Withdraw the parts of a joint case that has ended before them.
pub(crate) const DROP_PARTS: &str = "drop-parts";
/// Tell the agency's own system.
pub(crate) const WEBHOOK: &str = "webhook";

/// What an outbox row and a message carry: the event they follow from.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub(crate) struct Effect {
    /// Kind of event.
    pub(crate) event: String,
    /// When.
    pub(crate) at: i64,
    /// Number of the case, for the message's heading.
    pub(crate) number: String,
    /// Code of the item.
    pub(crate) item: String,
    /// Id of the part of a joint case it is about.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(crate) part: Option<String>,
    /// Who did it, where somebody else acted or asks.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(crate) who: Option<PersonId>,
}

/// Where a case waits, beside the desks: what the desk's second list shows.
pub const WAITING: [&str; 4] = ["applicant", "held", "agencies", "time"];

/// The view's row of a case.
pub(crate) fn view(
    definition: &Definition,
    case: &Case,
    calendar: &Calendar,
    at: i64,
) -> Result<CaseView, Error> {
    let outcome = match case.status {
        Status::Closed(outcome) => Some(Outcome::id(outcome).to_owned()),
        _ => None,
    };
    let desk_clock = case.running().filter(|clock| !clock.kind.is_the_applicants());
    Ok(CaseView {
        number: case.number.as_str().to_owned(),
        item: case.item.clone(),
        agency: case.agency.clone(),
        definition: case.definition.clone(),
        status: case.status_id().to_owned(),
        step: waits_at(definition, case),
        outcome,
        open: case.status.open(),
        received_at: micros(case.received),
        due_at: desk_clock.map(|clock| micros(clock.over_at(calendar))),
        warn_at: desk_clock.map(|clock| micros(clock.warns_at(calendar))),
        due_kind: desk_clock.map(|clock| clock.kind.id().to_owned()),
        clock_paused: (case.stands_still() && !case.owes_hearing_date())
            || case.status == Status::AwaitingCorrection,
        claimed_by: case.claimed_by.map(|officer| officer.0),
        updated_at: at,
        view: serde_json::to_string(case)?,
        wake_at: wakes_at(definition, case, calendar).map(micros),
        part_of: case.part_of.as_ref().map(|part| part.case.0),
        part_area: case.part_of.as_ref().map(|part| part.area.as_str().to_owned()),
        cards: i64::from(case.cards),
    })
}

/// The desk it waits at, by role, or one of [`WAITING`], or `none`.
fn waits_at(definition: &Definition, case: &Case) -> String {
    let Some(step) = definition.step(case.step).filter(|_| case.status.open()) else { return "none".into() };
    let word = match case.status {
        Status::AwaitingCorrection | Status::AwaitingConfirmation => "applicant",
        Status::WithAgencies => "agencies",
        Status::Waiting => "time",
        _ if case.held.is_some() && !case.owes_hearing_date() => "held",
        _ => {
            let choosers = step.outcomes.iter().flat_map(|outcome| &outcome.desks);
            let mut roles = step.desk.iter().chain(choosers).filter(|_| step.kind != StepKind::Issue);
            return match roles.clone().find(|role| **role != Role::APPLICANT).or_else(|| roles.next()) {
                Some(role) => role.id().to_owned(),
                None => "none".to_owned(),
            };
        }
    };
    word.to_owned()
}

/// Reads an event back. Without the person's key the private part stays closed.
pub(crate) fn read_event(row: &EventRow, private: Option<Private>) -> Result<Event, Error> {
    let clear: Clear = serde_json::from_str(&row.data)?;
    Ok(Event { at: from_micros(row.at), by: clear.by, what: clear.what, private })
}

/// Whether the applicant is told of an event as it happens. Of a result that the platform delivers they are told
/// once it is there.
fn told(definition: &Definition, what: &What) -> bool {
    if let What::Issued { .. } = what {
        return by_hand(definition);
    }
    matches!(
        what,
        What::Submitted { .. }
            | What::Offered { .. }
            | What::CorrectionAsked { .. }
            | What::CorrectedOnSpot { .. }
            | What::Corrected { .. }
            | What::Supplied { .. }
            | What::Accepted { .. }
            | What::DeemedAccepted { .. }
            | What::NotNeeded
            | What::NotOurs
            | What::Suspended { .. }
            | What::HearingRequested { .. }
            | What::HearingScheduled { .. }
            | What::Resumed { .. }
            | What::Extended { .. }
            | What::Branched { .. }
            | What::Done { .. }
            | What::DeemedGranted { .. }
            | What::DeemedWithdrawn
            | What::Forwarded
            | What::Terminated
            | What::Checked { .. }
            | What::Reopened { .. }
            | What::Withdrawn
            | What::Decided { decision: casework::GrantedOrNot::Refused { .. }, .. }
            | What::Joined { all_granted: false }
    )
}

impl App {
    /// Events as rows: the private parts sealed for the applicant.
    pub(crate) async fn event_rows(
        &self,
        case: &Case,
        first: i64,
        events: &[Event],
    ) -> Result<Vec<NewEvent>, Error> {
        let key = match self.store.person_key(case.applicant.0).await {
            Ok(key) => Some(key),
            // The applicant was erased: the case goes on, and what is written from now on stays unwritten,
            // since nothing could seal it.
            Err(store::Error::Erased) => None,
            Err(error) => return Err(error.into()),
        };
        let mut rows = Vec::with_capacity(events.len());
        for (seq, event) in (first..).zip(events) {
            let sealed = match (&event.private, &key) {
                (Some(private), Some(key)) => {
                    Some(key.seal(&event_purpose(case.id.0, seq), &serde_json::to_vec(private)?)?)
                }
                _ => None,
            };
            let clear = Clear { by: event.by.clone(), what: event.what.clone() };
            rows.push(NewEvent {
                at: micros(event.at),
                kind: event.what.id().to_owned(),
                data: serde_json::to_string(&clear)?,
                sealed,
            });
        }
        Ok(rows)
    }

    /// What the applicant is told of events: it comes into their box with the events themselves.
    pub(crate) fn messages_of(
        &self,
        definition: &Definition,
        case: &Case,
        events: &[Event],
    ) -> Result<Vec<Message>, Error> {
        // Nobody reads a station's box: it asks how its cases stand.
        if crate::stations::is_stations(case) {
            return Ok(Vec::new());
        }
        // Whatever an agent does their principal is told of.
        let told =
            events.iter().filter(|event| told(definition, &event.what) || matches!(event.by, By::Agent(_)));
        told.map(|event| {
            Ok(Message {
                person: case.applicant.0,
                id: self.new_id(),
                at: micros(event.at),
                kind: event.what.id().to_owned(),
                data: serde_json::to_string(&effect(case, event, None))?,
                sealed: None,
                case_area: Some(case.area.as_str().to_owned()),
                case_id: Some(case.id.0),
                read_at: None,
            })
        })
        .collect()
    }

    /// The effects that follow from events.
    pub(crate) fn effects(
        &self,
        definition: &Definition,
        case: &Case,
        events: &[Event],
    ) -> Result<Vec<NewOutbox>, Error> {
        let mut outbox = Vec::new();
        for event in events {
            let own =
                follow(definition, case, &event.what).into_iter().map(|(kind, part)| (kind, part, None));
            let told = self.hears(case, &event.what).map(|receiver| (WEBHOOK, None, Some(receiver)));
            for (kind, part, receiver) in own.chain(told) {
                outbox.push(NewOutbox {
                    id: self.new_id(),
                    kind: kind.to_owned(),
                    data: serde_json::to_string(&effect(case, event, part))?,
                    sealed: None,
                    next_at: micros(event.at),
                    created_at: micros(event.at),
                    receiver,
                });
            }
        }
        Ok(outbox)
    }
}

fn effect(case: &Case, event: &Event, part: Option<String>) -> Effect {
    Effect {
        event: event.what.id().to_owned(),
        at: micros(event.at),
        number: case.number.as_str().to_owned(),
        item: case.item.clone(),
        part,
        who: if let By::Agent(by) = &event.by { Some(by.agent) } else { None },
    }
}

/// The effects that follow from one event, each with the part of a joint case it is about.
fn follow(definition: &Definition, case: &Case, what: &What) -> Vec<(&'static str, Option<String>)> {
    let mut effects = own(definition, case, what);
    let stops = matches!(
        what,
        What::Suspended { .. } | What::Resumed { .. } | What::DeemedGranted { .. } | What::PartStopped { .. }
    );
    if let Some(part) = case.part_of.as_ref().filter(|_| stops) {
        effects.push((TELL_STOPS, Some(part.branch.clone())));
    }
    effects
}

/// What follows for the case itself.
fn own(definition: &Definition, case: &Case, what: &What) -> Vec<(&'static str, Option<String>)> {
    match what {
        What::Issued { .. } => {
            let certificate = definition.item.certificate.is_some().then_some((ISSUE_CERTIFICATE, None));
            certificate.into_iter().chain((!by_hand(definition)).then_some((DELIVER, None))).collect()
        }
        What::Branched { branches } => {
            branches.iter().map(|part| (OPEN_PART, Some(part.branch.clone()))).collect()
        }
        What::Closed { .. } => {
            let end = case.part_of.as_ref().map(|part| (END_PART, Some(part.branch.clone())));
            let unfinished = case.branches.iter().any(|part| part.outcome.is_none());
            end.into_iter().chain(unfinished.then_some((DROP_PARTS, None))).collect()
        }
        _ => Vec::new(),
    }
}

/// A result that a person hands over or posts is not delivered by the platform.
fn by_hand(definition: &Definition) -> bool {
    definition.procedure.steps.iter().any(|step| step.kind == StepKind::Deliver && step.desk.is_some())
}
