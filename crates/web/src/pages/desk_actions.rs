//! The lawful actions of a desk as forms, and what comes back from them.

use std::collections::BTreeMap;

use app::CaseFile;
use casework::{Action, Actor, Channel, Command, Finding, RefusalReason, ReopenGround, Rule, choices};
use domain::{DayUnit, Limit, OfficerId};
use packs::{FieldKind, Special};

use super::show;
use crate::forms::Form;
use crate::view::desk_case::{ActionView, InputView};
use crate::view::notices::{Fields, action_of, filled, templates_of};
use crate::view::{FieldView, Link, OptionView, Tx, format};
use crate::visitor::Visitor;

/// What was typed into an action that was refused.
#[derive(Default)]
pub(super) struct Tried {
    pub(super) action: Option<Action>,
    pub(super) words: String,
    /// The rest of the form, as sent.
    pub(super) form: Form,
    pub(super) rule: Option<Rule>,
    /// The drafted notice that was chosen.
    pub(super) template: Option<String>,
    /// The applicant's name, masked, for the notice.
    pub(super) applicant: String,
    /// Shown with nothing masked, which was noted before.
    pub(super) whole: bool,
    /// The form that uncovers was refused.
    pub(super) unmask: bool,
}

/// What a form asks for.
///
/// # Errors
/// The rule that a choice left open offends against.
pub(super) fn command(action: Action, form: &Form) -> Result<Command, Rule> {
    let words = form.words();
    Ok(match action {
        Action::Claim => Command::Claim,
        Action::Release => Command::Release,
        Action::Accept => Command::Accept,
        Action::CorrectOnSpot => Command::CorrectOnSpot { answers: form.with_prefix("answer-"), words },
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
        Action::Do => Command::Do { action: form.get("reason").to_owned(), words },
        Action::Grant => Command::Grant { words },
        Action::Refuse => {
            Command::Refuse { reason: chosen(&RefusalReason::ALL, RefusalReason::id, form)?, words }
        }
        Action::Forward => Command::Forward { words },
        Action::Suspend => {
            Command::Suspend { kind: chosen(&Special::ALL, Special::id, form)?, needed: days(form), words }
        }
        Action::ScheduleHearing => Command::ScheduleHearing {
            on: form.get("date").parse().map_err(|_| Rule::HearingTooSoon)?,
            host: OfficerId(form.get("host").parse().map_err(|_| Rule::ReasonsRequired)?),
            words,
        },
        Action::Resume => Command::Resume { words },
        Action::Extend => Command::Extend { limit: days(form).ok_or(Rule::NeededTimeRequired)?, words },
        Action::RecordFee => Command::RecordFee { fen: fen(form.get("fee")).ok_or(Rule::ReasonsRequired)? },
        Action::Issue => Command::Issue,
        Action::Deliver => Command::Deliver { channel: chosen(&Channel::ALL, Channel::id, form)?, words },
        Action::Check => Command::Check {
            kept: match form.get("reason") {
                "kept" => true,
                "not-kept" => false,
                _ => return Err(Rule::ReasonsRequired),
            },
            words,
        },
        Action::Terminate => Command::Terminate { words },
        Action::Reopen => {
            Command::Reopen { ground: chosen(&ReopenGround::ALL, ReopenGround::id, form)?, words }
        }
        _ => return Err(Rule::NotYourRole),
    })
}

fn chosen<T: Copy>(all: &[T], id: fn(T) -> &'static str, form: &Form) -> Result<T, Rule> {
    all.iter().copied().find(|one| id(*one) == form.get("reason")).ok_or(Rule::ReasonsRequired)
}

fn days(form: &Form) -> Option<Limit> {
    Limit::read(form.get("days").trim(), DayUnit::Workday).ok().filter(|limit| limit.weight() > 0)
}

/// `12`, `12.5` or `12.50` yuan.
fn fen(typed: &str) -> Option<u32> {
    let (yuan, part) = typed.trim().split_once('.').unwrap_or((typed.trim(), ""));
    if part.len() > 2 || !part.bytes().all(|digit| digit.is_ascii_digit()) {
        return None;
    }
    let part: u32 = format!("{part:0<2}").parse().ok()?;
    yuan.parse::<u32>().ok()?.checked_mul(100)?.checked_add(part)
}

/// The words belong to every material that was ticked, or to the application as a whole.
fn points(form: &Form, words: &str) -> BTreeMap<String, String> {
    let ticked = form.several("material");
    let about = if ticked.is_empty() { vec!["general"] } else { ticked };
    about.into_iter().map(|name| (name.to_owned(), words.to_owned())).collect()
}

/// Access key, whether words are asked for and whether they must be given.
fn shape(action: Action) -> (&'static str, bool, bool) {
    match action {
        Action::Claim => ("c", false, false),
        Action::Accept => ("a", false, false),
        Action::CorrectOnSpot => ("e", true, true),
        Action::AskCorrection => ("k", true, true),
        Action::NotNeeded => ("n", true, true),
        Action::NotOurs => ("o", true, true),
        Action::Review => ("v", true, true),
        Action::Do => ("d", true, false),
        Action::Grant => ("g", true, false),
        Action::Refuse => ("r", true, true),
        Action::Forward => ("f", true, true),
        Action::Suspend => ("u", true, true),
        Action::ScheduleHearing => ("h", true, true),
        Action::Resume => ("m", true, true),
        Action::Extend => ("t", true, true),
        Action::RecordFee => ("y", false, false),
        Action::Issue => ("i", false, false),
        Action::Deliver => ("w", true, false),
        Action::Check => ("b", true, true),
        Action::Terminate => ("z", true, true),
        Action::Reopen => ("j", true, true),
        _ => ("l", false, false),
    }
}

/// The actions a desk does first, whatever else is lawful.
const MAIN: [Action; 9] = [
    Action::Accept,
    Action::Review,
    Action::Do,
    Action::Grant,
    Action::Resume,
    Action::ScheduleHearing,
    Action::Deliver,
    Action::Check,
    Action::Issue,
];

pub(super) fn views(visitor: &Visitor, actor: &Actor, file: &CaseFile, tried: &Tried) -> Vec<ActionView> {
    let usual = MAIN.into_iter().find(|action| file.actions.contains(action));
    let drafted = tried.template.as_deref().and_then(action_of);
    let main = tried.action.filter(|action| file.actions.contains(action)).or(usual);
    let view = |&action: &Action| {
        let (key, asks_words, words_required) = shape(action);
        let mine = tried.action == Some(action);
        let drafted = drafted == Some(action.id());
        let words = if drafted { drafted_words(visitor, file, tried) } else { tried.words.clone() };
        ActionView {
            id: action.id(),
            action: format!("/desk/cases/{}/{}/{}", file.case.area, file.case.id, action.id()),
            key,
            main: main == Some(action),
            grave: matches!(
                action,
                Action::Refuse | Action::Terminate | Action::NotNeeded | Action::NotOurs | Action::Reopen
            ),
            reasons: chosen_again(reasons(visitor, actor, file, action), mine, &tried.form, "reason"),
            inputs: typed_again(inputs(visitor, file, action), mine, &tried.form),
            fields: if action == Action::CorrectOnSpot {
                fields(visitor, file, tried.whole)
            } else {
                Vec::new()
            },
            asks_words,
            words_required,
            words: if mine || drafted { words } else { String::new() },
            templates: templates(visitor, file, action),
            materials: if action == Action::AskCorrection {
                chosen_again(ticks(visitor, file), mine, &tried.form, "material")
            } else {
                Vec::new()
            },
            draft: draft(visitor, file, action),
            error: tried.rule.filter(|_| mine).filter(|rule| FORM_RULES.contains(rule)).map(Rule::id),
            open: mine || drafted,
        }
    };
    file.actions.iter().map(view).collect()
}

/// What was chosen in a form that was refused stays chosen.
fn chosen_again(mut options: Vec<OptionView>, mine: bool, form: &Form, name: &str) -> Vec<OptionView> {
    let chosen = form.several(name);
    options.iter_mut().for_each(|option| option.checked |= mine && chosen.contains(&option.value.as_str()));
    options
}

/// What was typed into it stays typed.
fn typed_again(mut inputs: Vec<InputView>, mine: bool, form: &Form) -> Vec<InputView> {
    for input in inputs.iter_mut().filter(|_| mine) {
        form.get(input.name).clone_into(&mut input.value);
        input.options = chosen_again(std::mem::take(&mut input.options), mine, form, input.name);
    }
    inputs
}

/// Rules that a better filled-in form satisfies: told at the form, not over the page.
pub(super) const FORM_RULES: [Rule; 7] = [
    Rule::ReasonsRequired,
    Rule::BlankLeft,
    Rule::NeededTimeRequired,
    Rule::ExtensionTooLong,
    Rule::HearingTooSoon,
    Rule::HearingTooLate,
    Rule::HostIsReviewer,
];

fn reasons(visitor: &Visitor, actor: &Actor, file: &CaseFile, action: Action) -> Vec<OptionView> {
    let option = |id: &str, key: &str| OptionView {
        value: id.to_owned(),
        title: Tx::own(visitor.text(key)),
        checked: false,
    };
    let listed = |id: &str, list: &str| option(id, &format!("{list}-{id}"));
    match action {
        Action::Review => ["meets", "does-not-meet"].map(|id| listed(id, "finding")).to_vec(),
        Action::Refuse => RefusalReason::ALL.map(|reason| listed(reason.id(), "reason")).to_vec(),
        Action::Suspend => {
            let left = |kind: &&Special| **kind != Special::Hearing || !file.case.heard;
            let kinds = file.definition.procedure.suspends.iter().filter(left);
            kinds.map(|kind| listed(kind.id(), "special")).collect()
        }
        Action::Deliver => Channel::ALL.map(|channel| listed(channel.id(), "channel")).to_vec(),
        Action::Check => ["kept", "not-kept"].map(|id| option(id, id)).to_vec(),
        Action::Reopen => ReopenGround::ALL.map(|ground| listed(ground.id(), "reopen")).to_vec(),
        Action::Do => {
            let choice = |choice: &packs::TaskOutcome| OptionView {
                value: choice.action.clone(),
                title: Tx::of(&choice.title, visitor.lang),
                checked: false,
            };
            choices(&file.definition, &file.case, actor).into_iter().map(choice).collect()
        }
        _ => Vec::new(),
    }
}

fn inputs(visitor: &Visitor, file: &CaseFile, action: Action) -> Vec<InputView> {
    let input =
        |name, kind, hint: String| InputView { name, kind, value: String::new(), options: Vec::new(), hint };
    match action {
        Action::Suspend => vec![input("days", "days", String::new())],
        Action::Extend => {
            let most = file.definition.procedure.extend.as_ref().map(|extend| extend.up_to.number());
            let limit = most.unwrap_or_default();
            vec![input("days", "days", visitor.text_with("input-hint-days", &[("limit", &limit)]))]
        }
        Action::ScheduleHearing => {
            let hosts = InputView {
                options: hosts(visitor, file),
                ..input("host", "person", visitor.text("input-hint-host"))
            };
            vec![input("date", "date", String::new()), hosts]
        }
        Action::RecordFee => {
            let fee = file.definition.item.fee.as_ref().map(|fee| format::yuan(fee.fen));
            let hint = fee.map(|yuan| visitor.text_with("input-hint-fee", &[("yuan", &yuan)]));
            vec![input("fee", "money", hint.unwrap_or_default())]
        }
        _ => Vec::new(),
    }
}

/// Officers who may preside (行政许可法 art. 48).
fn hosts(visitor: &Visitor, file: &CaseFile) -> Vec<OptionView> {
    let fit = visitor.site.app.hosts(&file.case).into_iter();
    fit.map(|card| OptionView { value: card.id.to_string(), title: Tx::own(card.name), checked: false })
        .collect()
}

fn fields(visitor: &Visitor, file: &CaseFile, whole: bool) -> Vec<FieldView> {
    let asked = file.definition.item.form.pages.iter().flat_map(|page| &page.fields);
    // A citizen number is vouched for and not an officer's to see whole.
    let asked = asked.filter(|field| field.kind != FieldKind::CitizenNumber);
    // What is masked is corrected by whoever had it shown.
    let asked = asked.filter(|field| whole || !super::unmask::is_masked(field));
    let view = |field: &packs::Field| {
        let answer = file.case.answers.get(&field.name).map(String::as_str).unwrap_or_default();
        let mut view = FieldView::of(field, answer, None, None, visitor.lang);
        view.name = format!("answer-{}", field.name);
        view
    };
    asked.map(view).collect()
}

fn ticks(visitor: &Visitor, file: &CaseFile) -> Vec<OptionView> {
    let each = file.definition.item.materials.iter().map(|material| OptionView {
        value: material.id.clone(),
        title: Tx::of(&material.name, visitor.lang),
        checked: false,
    });
    each.collect()
}

/// Drafted notices: each a link that shows this page with the words filled in.
fn templates(visitor: &Visitor, file: &CaseFile, action: Action) -> Vec<Link> {
    let base = format!("/desk/cases/{}/{}", file.case.area, file.case.id);
    let link = |id: &&str| {
        let title = visitor.text(&format!("template-{id}-title"));
        Link::new(format!("{base}?template={id}#act-{}", action.id()), Tx::own(title))
    };
    templates_of(action.id()).iter().map(link).collect()
}

fn drafted_words(visitor: &Visitor, file: &CaseFile, tried: &Tried) -> String {
    let Some(template) = tried.template.as_deref() else { return String::new() };
    let lang = visitor.lang;
    let procedure = &file.definition.procedure;
    let last_day = match action_of(template) {
        Some("ask-correction") => procedure.correction.as_ref().map(|term| {
            let calendar = &visitor.site.app.catalogue.calendar;
            calendar.deadline(visitor.site.app.now(), term.within).last_day
        }),
        _ => file.case.clock.as_ref().map(|clock| clock.last_day),
    };
    let held = file.case.held.as_ref().map(|held| visitor.text(&format!("special-{}", held.kind.id())));
    let fields = Fields {
        agency: show::agency(&visitor.site, &file.case.agency, lang).text,
        applicant: tried.applicant.clone(),
        item: file.definition.item.name.get(lang).to_owned(),
        last_day: last_day.map(|day| format::date(day, lang)).unwrap_or_default(),
        number: file.case.number.as_str().to_owned(),
        points: missing(visitor, file),
        remedies: procedure.remedies.get(lang).to_owned(),
        special: held.unwrap_or_default(),
    };
    filled(&visitor.site.views, lang, template, &fields).unwrap_or_default()
}

/// What a notice about documents begins with: those neither handed in nor said not to apply, one a line.
fn missing(visitor: &Visitor, file: &CaseFile) -> String {
    let there = |id: &str| {
        let given = file.case.materials.iter().find(|given| given.material == id);
        given.is_some_and(|given| !given.files.is_empty() || given.not_applicable)
    };
    let asked = file.definition.item.materials.iter();
    let missing = asked.filter(|material| material.required != Some(false) && !there(&material.id));
    missing.map(|material| material.name.get(visitor.lang)).collect::<Vec<_>>().join("\n")
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
        Action::Suspend => "suspended",
        Action::Extend => "extended",
        Action::ScheduleHearing => "hearing-scheduled",
        Action::Terminate => "terminated",
        Action::Forward => "forwarded",
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
        let due = calendar.deadline(visitor.site.app.now(), limit).last_day;
        lines.push(visitor.text_with("draft-decision-by", &[("due", &format::date(due, visitor.lang))]));
    }
    lines
}
