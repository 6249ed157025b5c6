//! `/desk/cases/{area}/{id}`

use std::collections::BTreeMap;
use std::sync::Arc;

use app::CaseFile;
use axum::extract::{Path, State};
use axum::http::StatusCode;
use axum::response::Response;
use casework::{Action, Command, Finding, Officer, RefusalReason, Rule, Status};
use domain::CaseId;
use packs::StepKind;
use uuid::Uuid;

use super::case::files;
use super::item::step_id;
use super::materials::attachment;
use super::show;
use crate::failure::{Failure, see_other};
use crate::forms::Form;
use crate::site::Site;
use crate::view::apply::Row;
use crate::view::desk::{ActionView, DeskCasePage, DeskClock, Evidence, Second};
use crate::view::{Link, OptionView, Paragraphs, Tx, format};
use crate::visitor::Visitor;

/// What was typed into an action that was refused.
#[derive(Default)]
struct Tried {
    action: Option<Action>,
    words: String,
    rule: Option<Rule>,
}

pub(crate) async fn case(
    State(site): State<Arc<Site>>,
    Path((area, id)): Path<(String, Uuid)>,
    visitor: Visitor,
) -> Result<Response, Failure> {
    let officer = visitor.officer()?;
    let file = site.app.open_case(&area, CaseId(id), &visitor.actor()?).await?;
    visitor.personal(&page(&visitor, &officer, &file, Tried::default()).await?)
}

pub(crate) async fn act(
    State(site): State<Arc<Site>>,
    Path((area, id, action)): Path<(String, Uuid, String)>,
    mut visitor: Visitor,
    form: Form,
) -> Result<Response, Failure> {
    visitor.believe(form.get("csrf"))?;
    let officer = visitor.officer()?;
    let action = Action::ALL.into_iter().find(|known| known.id() == action).ok_or(Failure::NotFound)?;
    let tried = Tried { action: Some(action), words: form.words(), rule: None };
    let done = match command(action, &form) {
        Ok(command) => site.app.act(&area, CaseId(id), &visitor.actor()?, command).await,
        Err(rule) => Err(rule.into()),
    };
    match done {
        Ok(file) => Ok(see_other(&after(action, &file))),
        Err(app::Error::Refused(refusal)) => {
            let file = site.app.open_case(&area, CaseId(id), &visitor.actor()?).await?;
            let page = page(&visitor, &officer, &file, Tried { rule: Some(refusal.rule), ..tried }).await?;
            visitor.again(StatusCode::CONFLICT, &page).await
        }
        Err(error) => Err(error.into()),
    }
}

/// Claiming leads to the case, releasing and what ends this officer's part to the queue.
fn after(action: Action, file: &CaseFile) -> String {
    let case = format!("/desk/cases/{}/{}", file.case.area, file.case.id);
    match action {
        Action::Claim => case,
        Action::Release => "/desk?notice=released".to_owned(),
        _ => format!("{case}?notice=done"),
    }
}

fn command(action: Action, form: &Form) -> Result<Command, Rule> {
    let words = form.words();
    Ok(match action {
        Action::Claim => Command::Claim,
        Action::Release => Command::Release,
        Action::Accept => Command::Accept,
        Action::AskCorrection => Command::AskCorrection { about: points(form, &words) },
        Action::NotNeeded => Command::NotNeeded { words },
        Action::NotOurs => Command::NotOurs { words },
        Action::Review => {
            let finding = match form.get("reason") {
                "meets" => Finding::Meets,
                "does-not-meet" => Finding::DoesNotMeet,
                _ => return Err(Rule::ReasonsRequired),
            };
            Command::Review { finding, words }
        }
        Action::Grant => Command::Grant { words },
        Action::Refuse => {
            let reason = RefusalReason::ALL.into_iter().find(|reason| reason.id() == form.get("reason"));
            Command::Refuse { reason: reason.ok_or(Rule::ReasonsRequired)?, words }
        }
        Action::Issue => Command::Issue,
        Action::Correct | Action::Deliver | Action::Lapse | Action::Withdraw | Action::Rate => {
            return Err(Rule::NotYourRole);
        }
    })
}

/// The words belong to every material that was ticked, or to the application as a whole.
fn points(form: &Form, words: &str) -> BTreeMap<String, String> {
    let ticked = form.several("material");
    let about = if ticked.is_empty() { vec!["general"] } else { ticked };
    about.into_iter().map(|name| (name.to_owned(), words.to_owned())).collect()
}

async fn page(
    visitor: &Visitor,
    officer: &Officer,
    file: &CaseFile,
    tried: Tried,
) -> Result<DeskCasePage, Failure> {
    let (case, lang) = (&file.case, visitor.lang);
    let item = &file.definition.item;
    let step = file.definition.step(case.step);
    let profile = visitor.site.app.profile(case.applicant).await.ok();
    let row = |key: &str, value: String| Row { q: Tx::own(visitor.text(key)), a: vec![value] };
    let actions = actions(visitor, file, &tried);
    Ok(DeskCasePage {
        number: case.number.as_str().to_owned(),
        item: Link::new(format!("/items/{}", item.code), Tx::of(&item.name, lang)),
        status: case.status.id(),
        step: step.map_or("deliver", |step| step_id(step.kind)),
        applicant: profile
            .map(|profile| {
                let number = profile.masked_number();
                vec![row("applicant-name", profile.name), row("applicant-number", number)]
            })
            .unwrap_or_default(),
        sections: show::answers(file, lang),
        materials: evidence(visitor, file),
        conditions: item.conditions.as_ref().map(|conditions| Paragraphs::from(Tx::of(conditions, lang))),
        officer: case
            .claimed_by
            .map(|id| visitor.site.app.officer_name(&case.agency, id))
            .unwrap_or_default(),
        mine: case.claimed_by == Some(officer.id),
        clocks: clocks(visitor, file),
        second: second(visitor, file),
        barred: actions.is_empty().then(|| barred(file, officer)),
        refused: tried.rule.filter(|rule| *rule != Rule::ReasonsRequired).map(Rule::id),
        actions,
        events: show::timeline(visitor, file, true),
        next: super::desk::next_case(visitor, officer, case.id).await?,
    })
}

/// Why this officer can do nothing now.
fn barred(file: &CaseFile, officer: &Officer) -> &'static str {
    let case = &file.case;
    let desk = file.definition.step(case.step).and_then(|step| step.desk);
    let rule = if !case.status.open() {
        Rule::AlreadyClosed
    } else if case.status == Status::AwaitingCorrection || desk.is_none() {
        Rule::WrongStep
    } else if !desk.is_some_and(|role| officer.roles.contains(&role)) {
        Rule::NotYourRole
    } else if case.reviews.iter().any(|review| review.officer == officer.id) {
        Rule::SameOfficerTwice
    } else {
        Rule::ClaimedByOther
    };
    rule.id()
}

fn evidence(visitor: &Visitor, file: &CaseFile) -> Vec<Evidence> {
    let base = format!("/desk/cases/{}/{}/files", file.case.area, file.case.id);
    let each = file.definition.item.materials.iter().map(|material| Evidence {
        id: material.id.clone(),
        name: Tx::of(&material.name, visitor.lang),
        required: material.required,
        files: files(file, &material.id, &base),
        excuse: show::excuse(file, &material.id),
    });
    each.collect()
}

fn clocks(visitor: &Visitor, file: &CaseFile) -> Vec<DeskClock> {
    let kind = file.case.clock.as_ref().map(|clock| clock.kind.id());
    let kind = kind.or((file.case.status == Status::AwaitingCorrection).then_some("acceptance"));
    let law = file.definition.step(file.case.step).and_then(|step| step.law.as_ref());
    kind.map(|kind| DeskClock {
        kind,
        light: show::light_view(visitor, &file.case),
        law: law.map(|law| law.get(visitor.lang).to_owned()).unwrap_or_default(),
    })
    .into_iter()
    .collect()
}

fn second(visitor: &Visitor, file: &CaseFile) -> Option<Second> {
    let step = file.definition.step(file.case.step)?;
    (step.kind == StepKind::Review && step.officers > 1).then(|| Second {
        needed: step.officers,
        done: file
            .case
            .reviews
            .iter()
            .map(|review| visitor.site.app.officer_name(&file.case.agency, review.officer))
            .collect(),
    })
}

/// Access key, whether words are asked for and whether they must be given.
fn shape(action: Action) -> (&'static str, bool, bool) {
    match action {
        Action::Claim => ("c", false, false),
        Action::Accept => ("a", false, false),
        Action::AskCorrection => ("k", true, true),
        Action::NotNeeded => ("n", true, true),
        Action::NotOurs => ("o", true, true),
        Action::Review => ("v", true, true),
        Action::Grant => ("g", true, false),
        Action::Refuse => ("r", true, true),
        Action::Issue => ("i", false, false),
        _ => ("l", false, false),
    }
}

fn actions(visitor: &Visitor, file: &CaseFile, tried: &Tried) -> Vec<ActionView> {
    let main = file.actions.iter().find(|action| **action != Action::Claim).copied();
    let main = tried.action.filter(|action| file.actions.contains(action)).or(main);
    let view = |&action: &Action| {
        let (key, asks_words, words_required) = shape(action);
        let mine = tried.action == Some(action);
        ActionView {
            id: action.id(),
            action: format!("/desk/cases/{}/{}/{}", file.case.area, file.case.id, action.id()),
            key,
            main: main == Some(action),
            reasons: reasons(visitor, action),
            asks_words,
            words_required,
            words: if mine { tried.words.clone() } else { String::new() },
            materials: if action == Action::AskCorrection { ticks(visitor, file) } else { Vec::new() },
            draft: draft(visitor, file, action),
            error: (mine && tried.rule == Some(Rule::ReasonsRequired)).then_some("reasons-required"),
        }
    };
    file.actions.iter().map(view).collect()
}

fn reasons(visitor: &Visitor, action: Action) -> Vec<OptionView> {
    let option = |id: &str, list: &str| OptionView {
        value: id.to_owned(),
        title: Tx::own(visitor.text(&format!("{list}-{id}"))),
        checked: false,
    };
    match action {
        Action::Review => ["meets", "does-not-meet"].map(|id| option(id, "finding")).to_vec(),
        Action::Refuse => RefusalReason::ALL.map(|reason| option(reason.id(), "reason")).to_vec(),
        _ => Vec::new(),
    }
}

fn ticks(visitor: &Visitor, file: &CaseFile) -> Vec<OptionView> {
    let each = file.definition.item.materials.iter().map(|material| OptionView {
        value: material.id.clone(),
        title: Tx::of(&material.name, visitor.lang),
        checked: false,
    });
    each.collect()
}

/// The notice the applicant will get, as far as it is known before the officer writes.
fn draft(visitor: &Visitor, file: &CaseFile, action: Action) -> Vec<String> {
    let event = match action {
        Action::Accept => "accepted",
        Action::AskCorrection => "correction-asked",
        Action::NotNeeded => "not-needed",
        Action::NotOurs => "not-ours",
        Action::Grant => "issued",
        Action::Refuse => "refused",
        _ => return Vec::new(),
    };
    let item = file.definition.item.name.get(visitor.lang);
    let number = file.case.number.as_str();
    let mut lines = vec![
        visitor.text_with(&format!("message-{event}-subject"), &[("item", item), ("number", number)]),
        visitor.text_with(&format!("message-{event}-body"), &[("item", item), ("number", number)]),
    ];
    if action == Action::Refuse {
        lines.push(file.definition.procedure.remedies.get(visitor.lang).to_owned());
    }
    if action == Action::Accept
        && let Some(limit) = file.definition.item.limit()
    {
        let calendar = &visitor.site.app.catalogue.calendar;
        let due = calendar.last_day(calendar.date_of(visitor.site.app.now()), limit);
        lines.push(visitor.text_with("draft-decision-by", &[("due", &format::date(due, visitor.lang))]));
    }
    lines
}

pub(crate) async fn file(
    State(site): State<Arc<Site>>,
    Path((area, id, file)): Path<(String, Uuid, String)>,
    visitor: Visitor,
) -> Result<Response, Failure> {
    visitor.officer()?;
    let (media_type, name, bytes) =
        site.app.case_attachment(&area, CaseId(id), &file, &visitor.actor()?).await?;
    Ok(attachment(&media_type, &name, bytes))
}
