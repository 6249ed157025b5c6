//! Between the case and its rows: what is stored in clear, what is sealed, what follows from an event.

use casework::{By, Case, Definition, Event, Outcome, Private, Status, What};
use domain::{Calendar, from_micros, micros};
use serde::{Deserialize, Serialize};
use store::{CaseView, EventRow, NewEvent, NewOutbox};
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

/// Kinds of effect.
pub(crate) const NOTICE: &str = "notice";
pub(crate) const DELIVER: &str = "deliver";

/// What an outbox row carries: the event it follows from.
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
}

/// The view's row of a case.
pub(crate) fn view(
    definition: &Definition,
    case: &Case,
    calendar: &Calendar,
    at: i64,
) -> Result<CaseView, Error> {
    let step = definition.step(case.step).and_then(|step| step.desk);
    let outcome = match case.status {
        Status::Closed(outcome) => Some(Outcome::id(outcome).to_owned()),
        _ => None,
    };
    Ok(CaseView {
        number: case.number.as_str().to_owned(),
        item: case.item.clone(),
        agency: case.agency.clone(),
        definition: case.definition.clone(),
        status: case.status.id().to_owned(),
        step: step.map_or("none", role_id).to_owned(),
        outcome,
        open: case.status.open() && case.status != Status::AwaitingCorrection,
        received_at: micros(case.received),
        due_at: case.clock.as_ref().map(|clock| micros(clock.over_at(calendar))),
        warn_at: case.clock.as_ref().map(|clock| micros(clock.warns_at(calendar))),
        due_kind: case.clock.as_ref().map(|clock| clock.kind.id().to_owned()),
        clock_paused: case.status == Status::AwaitingCorrection,
        claimed_by: case.claimed_by.map(|officer| officer.0),
        updated_at: at,
        view: serde_json::to_string(case)?,
        wake_at: None,
        part_of: None,
        part_area: None,
        cards: 0,
    })
}

/// The desk a step waits at, as stored.
pub(crate) fn role_id(role: packs::Role) -> &'static str {
    match role {
        packs::Role::Intake => "intake",
        packs::Role::Review => "review",
        packs::Role::Decide => "decide",
    }
}

/// Reads an event back. Without the person's key the private part stays closed.
pub(crate) fn read_event(row: &EventRow, private: Option<Private>) -> Result<Event, Error> {
    let clear: Clear = serde_json::from_str(&row.data)?;
    Ok(Event { at: from_micros(row.at), by: clear.by, what: clear.what, private })
}

/// Whether the applicant is told of an event.
fn told(what: &What) -> bool {
    !matches!(
        what,
        What::Claimed | What::Released | What::Reviewed { .. } | What::Rated { .. } | What::Closed { .. }
    ) && !matches!(what, What::Decided { decision: casework::GrantedOrNot::Granted, .. } | What::Delivered)
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

    /// The effects that follow from events.
    pub(crate) fn effects(&self, case: &Case, events: &[Event]) -> Result<Vec<NewOutbox>, Error> {
        let mut outbox = Vec::new();
        for event in events {
            let kind = match &event.what {
                What::Issued { .. } => DELIVER,
                what if told(what) => NOTICE,
                _ => continue,
            };
            let effect = Effect {
                event: event.what.id().to_owned(),
                at: micros(event.at),
                number: case.number.as_str().to_owned(),
                item: case.item.clone(),
            };
            outbox.push(NewOutbox {
                id: self.new_id(),
                kind: kind.to_owned(),
                data: serde_json::to_string(&effect)?,
                sealed: None,
                next_at: micros(event.at),
                created_at: micros(event.at),
            });
        }
        Ok(outbox)
    }
}
