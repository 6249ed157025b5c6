//! How an application arrives, is completed and is corrected: receipt to acceptance (行政许可法 art. 32).

use std::collections::BTreeMap;

use domain::Date;
use packs::{Answers, Field, FieldKind, StepKind, form};

use crate::actor::Actor;
use crate::branches::PartOf;
use crate::case::Case;
use crate::clock::{ClockKind, Running};
use crate::command::{Facts, Opening, Submission};
use crate::decide::{by_system, decision_clock, event, received, required, today};
use crate::definition::Definition;
use crate::event::{Event, Point, Private, What};
use crate::materials::{Handed, MaterialError, MaterialRule, check_materials, file_key, proof_key};
use crate::refusal::{Refusal, Rule};

pub(crate) fn submit(
    definition: &Definition,
    mut new: Submission,
    facts: Facts<'_>,
) -> Result<Vec<Event>, Refusal> {
    let applicant = facts.actor.applicant().ok_or(Rule::NotYourRole)?;
    new.answers = checked_form(definition, new.answers, facts)?;
    checked_materials(definition, &new.materials)?;
    let mut events = vec![submitted(definition, new, applicant, None, facts)];
    if let Some(confirm) = definition.step(0).filter(|step| step.kind == StepKind::Confirm) {
        // Who applies has nothing to confirm.
        events.push(by_system(What::Passed { step: confirm.id().to_owned() }, facts));
    }
    Ok(events)
}

/// A part of a joint case, whose form was judged there; or an offer.
pub(crate) fn open(definition: &Definition, new: Opening, facts: Facts<'_>) -> Result<Vec<Event>, Refusal> {
    if *facts.actor != Actor::System {
        return Err(Rule::NotYourRole.into());
    }
    let Opening { applicant, part_of, mut submission } = new;
    if part_of.is_some() {
        // An agency is given what its part needs and nothing else (个人信息保护法 art. 6).
        submission.answers.retain(|name, _| asks(definition, name));
        submission.materials.retain(|handed| asks_material(definition, &handed.material));
        let files = submission.materials.iter().flat_map(|handed| &handed.files).map(|file| file_key(file));
        let proofs = submission.materials.iter().map(|handed| proof_key(&handed.material));
        let keys: Vec<String> = files.chain(proofs).collect();
        submission.about.retain(|name, _| {
            asks(definition, name) || asks_material(definition, name) || keys.contains(name)
        });
        return Ok(vec![submitted(definition, submission, applicant, part_of, facts)]);
    }
    let step =
        definition.step(0).filter(|step| step.kind == StepKind::Confirm).ok_or(Rule::NotInThisProcedure)?;
    let item = &definition.item;
    let what = What::Offered {
        case: submission.case,
        number: submission.number,
        item: item.code.clone(),
        definition: definition.digest().to_owned(),
        agency: item.agency.clone(),
        area: item.area.clone(),
        applicant,
        clock: Running::start(ClockKind::Confirmation, step, item, facts.now, None, facts.calendar),
    };
    let private = Private { answers: submission.answers, known: submission.known, ..Private::default() };
    Ok(vec![event(facts, what, Some(private))])
}

fn submitted(
    definition: &Definition,
    new: Submission,
    applicant: domain::PersonId,
    part_of: Option<PartOf>,
    facts: Facts<'_>,
) -> Event {
    let item = &definition.item;
    let what = What::Submitted {
        case: new.case,
        number: new.number,
        item: item.code.clone(),
        definition: definition.digest().to_owned(),
        agency: item.agency.clone(),
        area: item.area.clone(),
        applicant,
        clock: first_clock(definition, facts),
        part_of,
        owed: owed_clock(definition, &new.materials, None, facts),
        expires: renewal_clock(definition, &new.answers, facts),
        materials: new.materials,
    };
    let private = Private {
        answers: new.answers,
        words: String::new(),
        about: new.about,
        known: new.known,
        inputs: BTreeMap::new(),
    };
    event(facts, what, Some(private))
}

pub(crate) fn confirm(
    definition: &Definition,
    case: &Case,
    answers: Answers,
    materials: Vec<Handed>,
    about: BTreeMap<String, String>,
    facts: Facts<'_>,
) -> Result<Vec<Event>, Refusal> {
    let answers = checked_form(definition, answers, facts)?;
    checked_materials(definition, &materials)?;
    let owed = owed_clock(definition, &materials, case.owed.as_ref(), facts);
    let what = What::Confirmed { materials, clock: first_clock(definition, facts), owed };
    Ok(vec![event(facts, what, Some(Private { answers, about, ..Private::default() }))])
}

/// The names stand in clear on the record: only what the item itself asks for, or `general`, is a name.
pub(crate) fn ask_correction(
    definition: &Definition,
    about: BTreeMap<String, String>,
    facts: Facts<'_>,
) -> Result<Vec<Event>, Refusal> {
    let known = |name: &str| name == "general" || asks_material(definition, name) || asks(definition, name);
    let about: BTreeMap<_, _> =
        about.into_iter().filter(|(name, words)| known(name) && !words.trim().is_empty()).collect();
    if about.is_empty() {
        return Err(Rule::ReasonsRequired.into());
    }
    let points = about.keys().map(|name| Point { about: name.clone() }).collect();
    let clock = definition
        .procedure
        .correction
        .as_ref()
        .map(|term| Running::of(ClockKind::Correction, term.within, facts.now, facts.calendar));
    let private = Private { about, ..Private::default() };
    Ok(vec![event(facts, What::CorrectionAsked { points, clock }, Some(private))])
}

fn asks(definition: &Definition, name: &str) -> bool {
    fields(definition).any(|field| field.name == name)
}

/// A citizen number is vouched for by who signed in, not by a desk.
fn desk_may_write(definition: &Definition, name: &str) -> bool {
    fields(definition).any(|field| field.name == name && field.kind != FieldKind::CitizenNumber)
}

fn fields(definition: &Definition) -> impl Iterator<Item = &Field> {
    definition.item.form.pages.iter().flat_map(|page| &page.fields)
}

pub(crate) fn correct_on_spot(
    definition: &Definition,
    case: &Case,
    right: Answers,
    words: String,
    facts: Facts<'_>,
) -> Result<Vec<Event>, Refusal> {
    let words = required(words)?;
    let mut answers = Answers::clone(&case.answers);
    let mut fields = Vec::new();
    for (name, answer) in right.into_iter().filter(|(name, _)| desk_may_write(definition, name)) {
        if answers.get(&name) != Some(&answer) {
            answers.insert(name.clone(), answer);
            fields.push(name);
        }
    }
    if fields.is_empty() {
        return Err(Rule::NothingToCorrect.into());
    }
    let answers = checked_form(definition, answers, facts)?;
    let private = Private { answers, words, ..Private::default() };
    Ok(vec![event(facts, What::CorrectedOnSpot { fields }, Some(private))])
}

pub(crate) fn correct(
    definition: &Definition,
    case: &Case,
    answers: Answers,
    materials: Vec<Handed>,
    about: BTreeMap<String, String>,
    facts: Facts<'_>,
) -> Result<Vec<Event>, Refusal> {
    let answers = checked_form(definition, answers, facts)?;
    checked_materials(definition, &materials)?;
    let owed = owed_clock(definition, &materials, case.owed.as_ref(), facts);
    let what = What::Corrected { materials, clock: acceptance_clock(definition, facts), owed };
    Ok(vec![event(facts, what, Some(Private { answers, about, ..Private::default() }))])
}

/// What was promised for later arrives; what was handed in before stays.
pub(crate) fn supply(
    case: &Case,
    materials: Vec<Handed>,
    about: BTreeMap<String, String>,
    facts: Facts<'_>,
) -> Result<Vec<Event>, Refusal> {
    let mut all = case.materials.clone();
    for owed in all.iter_mut().filter(|handed| handed.is_owed()) {
        if let Some(now) = materials.iter().find(|now| now.material == owed.material && !now.files.is_empty())
        {
            owed.files.clone_from(&now.files);
        }
    }
    if all == case.materials {
        let missing =
            |owed: &Handed| MaterialError { material: owed.material.clone(), rule: MaterialRule::Missing };
        let materials = all.iter().filter(|handed| handed.is_owed()).map(missing).collect();
        return Err(Refusal { materials, ..Rule::MaterialsMissing.into() });
    }
    let owed = if all.iter().any(Handed::is_owed) { case.owed.clone() } else { None };
    let private = (!about.is_empty()).then(|| Private { about, ..Private::default() });
    Ok(vec![event(facts, What::Supplied { materials: all, owed }, private)])
}

fn asks_material(definition: &Definition, id: &str) -> bool {
    definition.item.materials.iter().any(|material| material.id == id)
}

fn checked_form(definition: &Definition, answers: Answers, facts: Facts<'_>) -> Result<Answers, Refusal> {
    form::validate(&definition.item.form, &answers, today(facts))
        .map_err(|fields| Refusal { fields, ..Rule::FormInvalid.into() })
}

fn checked_materials(definition: &Definition, handed: &[Handed]) -> Result<(), Refusal> {
    let materials = check_materials(&definition.item, handed);
    if materials.is_empty() { Ok(()) } else { Err(Refusal { materials, ..Rule::MaterialsMissing.into() }) }
}

fn acceptance_clock(definition: &Definition, facts: Facts<'_>) -> Option<Running> {
    let step = definition.step(definition.find(StepKind::Intake, 0)?)?;
    Running::start(ClockKind::Acceptance, step, &definition.item, facts.now, None, facts.calendar)
}

/// The clock that an application sets running: until acceptance, or until the decision where nobody
/// accepts (免申即享).
fn first_clock(definition: &Definition, facts: Facts<'_>) -> Option<Running> {
    if definition.find(StepKind::Intake, 0).is_some() {
        return acceptance_clock(definition, facts);
    }
    decision_clock(definition, Some(received(facts)), facts)
}

/// The term for what is promised for later; one that runs goes on.
fn owed_clock(
    definition: &Definition,
    materials: &[Handed],
    runs: Option<&Running>,
    facts: Facts<'_>,
) -> Option<Running> {
    if !materials.iter().any(Handed::is_owed) {
        return None;
    }
    if let Some(runs) = runs {
        return Some(runs.clone());
    }
    let term = definition.procedure.owed.as_ref()?;
    Some(Running::of(ClockKind::Owed, term.within, facts.now, facts.calendar))
}

/// Art. 50: who applies in time has a decision before the permit expires, or it is renewed. Who applies
/// later than that gets no such clock.
fn renewal_clock(definition: &Definition, answers: &Answers, facts: Facts<'_>) -> Option<Running> {
    let renewal = definition.procedure.renewal.as_ref()?;
    let expires: Date = answers.get(&renewal.expires)?.parse().ok()?;
    let applied = received(facts);
    // Art. 82 makes working days of the periods in which a *body* acts; this one is the holder's, and so runs
    // in days (民法典 art. 200). Working days would shut out who applied thirty days before.
    let ahead = applied.until(expires).map_or(0, |span| span.get_days());
    let in_time = ahead >= i32::from(renewal.days_before);
    in_time.then(|| Running::until(ClockKind::Renewal, applied, expires, facts.calendar))
}
