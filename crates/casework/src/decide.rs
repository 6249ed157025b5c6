//! From a wish to events, or to the rule that stands against it.

use std::collections::BTreeMap;

use domain::Date;
use packs::{Answers, Otherwise, StepKind, form};

use crate::actions::{Action, may};
use crate::actor::{Actor, By};
use crate::case::{Case, Status, evolve};
use crate::clock::{ClockKind, Running};
use crate::command::{Command, Facts, Submission};
use crate::definition::Definition;
use crate::event::{Event, GrantedOrNot, Outcome, Point, Private, What};
use crate::materials::{Handed, check_materials};
use crate::refusal::{Refusal, Rule};

/// Decides a command.
///
/// Clocks that have run out take effect first, so that nobody can ask for a correction after the law has
/// already accepted the application (行政许可法 art. 32).
///
/// # Errors
/// A [`Refusal`] naming the rule; the case is unchanged.
pub fn decide(
    definition: &Definition,
    case: Option<&Case>,
    command: Command,
    facts: Facts<'_>,
) -> Result<Vec<Event>, Refusal> {
    let (case, command) = match (case, command) {
        (None, Command::Submit(submission)) => return submit(definition, *submission, facts),
        (Some(_), Command::Submit(_)) => return Err(Rule::AlreadySubmitted.into()),
        (None, _) => return Err(Rule::WrongStep.into()),
        (Some(case), command) => (case, command),
    };
    let mut events = lapse(definition, case, facts);
    let in_law = fold(definition, case, &events);
    let result = on_open_case(definition, in_law.as_ref().unwrap_or(case), command, facts);
    events.extend(result.map_err(|refusal| if in_law.is_some() { too_late(refusal) } else { refusal })?);
    Ok(finish(definition, case, events, facts))
}

/// A step that is no longer there because the law has taken it says so.
fn too_late(refusal: Refusal) -> Refusal {
    if refusal.rule == Rule::WrongStep { Rule::DeemedAccepted.into() } else { refusal }
}

fn on_open_case(
    definition: &Definition,
    case: &Case,
    command: Command,
    facts: Facts<'_>,
) -> Result<Vec<Event>, Refusal> {
    may(definition, case, facts.actor, action_of(&command))?;
    let one = |what, words: String| Ok(vec![event(facts, what, words_only(words))]);
    match command {
        Command::Submit(_) => Err(Rule::AlreadySubmitted.into()),
        Command::Claim => one(What::Claimed, String::new()),
        Command::Release => one(What::Released, String::new()),
        Command::Lapse => Ok(Vec::new()),
        Command::AskCorrection { about } => ask_correction(definition, about, facts),
        Command::Correct { answers, materials, about } => {
            correct(definition, answers, materials, about, facts)
        }
        Command::Accept => {
            let from = today(facts);
            one(What::Accepted { from, clock: decision_clock(definition, from, facts) }, String::new())
        }
        Command::NotNeeded { words } => end(What::NotNeeded, Outcome::NotNeeded, required(words)?, facts),
        Command::NotOurs { words } => end(What::NotOurs, Outcome::NotOurs, required(words)?, facts),
        Command::Review { finding, words } => one(What::Reviewed { finding }, required(words)?),
        Command::Grant { words } => {
            let what = What::Decided {
                decision: GrantedOrNot::Granted,
                clock: issue_clock(definition, case, facts),
            };
            one(what, words)
        }
        Command::Refuse { reason, words } => {
            let what = What::Decided { decision: GrantedOrNot::Refused { reason }, clock: None };
            end(what, Outcome::Refused, required(words)?, facts)
        }
        Command::Issue => Ok(vec![issued(case, facts)]),
        Command::Deliver => end(What::Delivered, Outcome::Granted, String::new(), facts),
        Command::Withdraw { words } => end(What::Withdrawn, Outcome::Withdrawn, words, facts),
        Command::Rate { level, words } if (1..=5).contains(&level) => one(What::Rated { level }, words),
        Command::Rate { .. } => Err(Rule::BadRating.into()),
    }
}

fn action_of(command: &Command) -> Action {
    match command {
        // A second submission never gets this far.
        Command::Submit(_) | Command::Lapse => Action::Lapse,
        Command::Claim => Action::Claim,
        Command::Release => Action::Release,
        Command::AskCorrection { .. } => Action::AskCorrection,
        Command::Correct { .. } => Action::Correct,
        Command::Accept => Action::Accept,
        Command::NotNeeded { .. } => Action::NotNeeded,
        Command::NotOurs { .. } => Action::NotOurs,
        Command::Review { .. } => Action::Review,
        Command::Grant { .. } => Action::Grant,
        Command::Refuse { .. } => Action::Refuse,
        Command::Issue => Action::Issue,
        Command::Deliver => Action::Deliver,
        Command::Withdraw { .. } => Action::Withdraw,
        Command::Rate { .. } => Action::Rate,
    }
}

fn submit(definition: &Definition, new: Submission, facts: Facts<'_>) -> Result<Vec<Event>, Refusal> {
    let Actor::Applicant(applicant) = facts.actor else { return Err(Rule::NotYourRole.into()) };
    let answers = checked_form(definition, new.answers, facts)?;
    checked_materials(definition, &new.materials)?;
    let item = &definition.item;
    let what = What::Submitted {
        case: new.case,
        number: new.number,
        item: item.code.clone(),
        definition: definition.digest().to_owned(),
        agency: item.agency.clone(),
        area: item.area.clone(),
        applicant: *applicant,
        materials: new.materials,
        clock: acceptance_clock(definition, facts),
    };
    let private = Private { answers, words: String::new(), about: new.about };
    Ok(vec![event(facts, what, Some(private))])
}

/// The names stand in clear on the record: only what the item itself asks for, or `general`, is a name.
fn ask_correction(
    definition: &Definition,
    about: BTreeMap<String, String>,
    facts: Facts<'_>,
) -> Result<Vec<Event>, Refusal> {
    let item = &definition.item;
    let known = |name: &str| {
        name == "general"
            || item.materials.iter().any(|material| material.id == name)
            || item.form.pages.iter().flat_map(|page| &page.fields).any(|field| field.name == name)
    };
    let about: BTreeMap<_, _> =
        about.into_iter().filter(|(name, words)| known(name) && !words.trim().is_empty()).collect();
    if about.is_empty() {
        return Err(Rule::ReasonsRequired.into());
    }
    let points = about.keys().map(|name| Point { about: name.clone() }).collect();
    let private = Private { about, ..Private::default() };
    Ok(vec![event(facts, What::CorrectionAsked { points }, Some(private))])
}

fn correct(
    definition: &Definition,
    answers: Answers,
    materials: Vec<Handed>,
    about: BTreeMap<String, String>,
    facts: Facts<'_>,
) -> Result<Vec<Event>, Refusal> {
    let answers = checked_form(definition, answers, facts)?;
    checked_materials(definition, &materials)?;
    let what = What::Corrected { materials, clock: acceptance_clock(definition, facts) };
    Ok(vec![event(facts, what, Some(Private { answers, words: String::new(), about }))])
}

fn checked_form(definition: &Definition, answers: Answers, facts: Facts<'_>) -> Result<Answers, Refusal> {
    form::validate(&definition.item.form, &answers, today(facts))
        .map_err(|fields| Refusal { fields, ..Rule::FormInvalid.into() })
}

fn checked_materials(definition: &Definition, handed: &[Handed]) -> Result<(), Refusal> {
    let materials = check_materials(&definition.item, handed);
    if materials.is_empty() { Ok(()) } else { Err(Refusal { materials, ..Rule::MaterialsMissing.into() }) }
}

/// The case as it stands in law at `facts.now`: with what clocks that have run out bring about, committed
/// or not. `None` where nothing has run out.
#[must_use]
pub fn lapsed(definition: &Definition, case: &Case, facts: Facts<'_>) -> Option<Case> {
    fold(definition, case, &lapse(definition, case, facts))
}

/// What the law makes of clocks that have run out.
fn lapse(definition: &Definition, case: &Case, facts: Facts<'_>) -> Vec<Event> {
    let over = case.clock.as_ref().is_some_and(|clock| {
        clock.kind == ClockKind::Acceptance && facts.now >= clock.over_at(facts.calendar)
    });
    let deemed = definition.step(case.step).is_some_and(|s| s.otherwise == Some(Otherwise::DeemedAccepted));
    if case.status != Status::Received || !over || !deemed {
        return Vec::new();
    }
    let from = case.clock.as_ref().map_or_else(|| today(facts), |clock| clock.from);
    let what = What::DeemedAccepted { from, clock: decision_clock(definition, from, facts) };
    vec![Event { at: facts.now, by: By::System, what, private: None }]
}

/// Steps without a desk are taken by the engine in the same breath.
fn finish(definition: &Definition, case: &Case, mut events: Vec<Event>, facts: Facts<'_>) -> Vec<Event> {
    if let Some(after) = fold(definition, case, &events) {
        let engine_issues = after.status == Status::Issuing
            && definition.step(after.step).is_some_and(|s| s.kind == StepKind::Issue && s.desk.is_none());
        if engine_issues {
            events.push(Event { by: By::System, ..issued(&after, facts) });
        }
    }
    events
}

fn fold(definition: &Definition, case: &Case, events: &[Event]) -> Option<Case> {
    if events.is_empty() {
        return None;
    }
    events.iter().try_fold(case.clone(), |case, event| evolve(definition, Some(case), event))
}

fn issued(case: &Case, facts: Facts<'_>) -> Event {
    // One case has one result; its number is the case's own.
    let document = format!("{}-R1", case.number);
    event(facts, What::Issued { document }, None)
}

fn end(what: What, outcome: Outcome, words: String, facts: Facts<'_>) -> Result<Vec<Event>, Refusal> {
    Ok(vec![
        event(facts, what, words_only(words)),
        Event { at: facts.now, by: By::System, what: What::Closed { outcome }, private: None },
    ])
}

fn required(words: String) -> Result<String, Refusal> {
    if words.trim().is_empty() { Err(Rule::ReasonsRequired.into()) } else { Ok(words) }
}

fn words_only(words: String) -> Option<Private> {
    let words = words.trim().to_owned();
    (!words.is_empty()).then(|| Private { words, ..Private::default() })
}

fn event(facts: Facts<'_>, what: What, private: Option<Private>) -> Event {
    Event { at: facts.now, by: facts.actor.by(), what, private }
}

fn today(facts: Facts<'_>) -> Date {
    facts.calendar.date_of(facts.now)
}

fn acceptance_clock(definition: &Definition, facts: Facts<'_>) -> Option<Running> {
    let step = definition.step(definition.find(StepKind::Intake, 0)?)?;
    Running::start(ClockKind::Acceptance, step, &definition.item, today(facts), facts.calendar)
}

/// The item's limits run from acceptance to decision, over reviews as well.
fn decision_clock(definition: &Definition, from: Date, facts: Facts<'_>) -> Option<Running> {
    let step = definition.step(definition.find(StepKind::Decide, 0)?)?;
    Running::start(ClockKind::Decision, step, &definition.item, from, facts.calendar)
}

fn issue_clock(definition: &Definition, case: &Case, facts: Facts<'_>) -> Option<Running> {
    let step = definition.step(definition.find(StepKind::Issue, case.step)?)?;
    Running::start(ClockKind::Issue, step, &definition.item, today(facts), facts.calendar)
}
