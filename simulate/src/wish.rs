//! What somebody wants of a case: mostly what is lawful next, sometimes anything. Words name the request, so
//! that the record tells which request an event came from.

use std::collections::BTreeMap;

use app::{App, CaseFile};
use casework::{Action, Actor, Command, Finding, RefusalReason, ReopenGround, actions};
use domain::Limit;
use packs::Special;

use crate::asks::officers;
use crate::chance::Chance;

const MARK: &str = "示例请求";

/// The words of request number so.
fn words(number: usize) -> String {
    format!("{MARK}{number}")
}

/// The request that words are of.
pub(crate) fn number(words: &str) -> Option<usize> {
    words.strip_prefix(MARK)?.parse().ok()
}

/// Ways by which a case ends early or stands still: taken now and then, so that most go the whole way.
const RARE: [Action; 13] = [
    Action::NotNeeded,
    Action::NotOurs,
    Action::Withdraw,
    Action::Terminate,
    Action::Decline,
    Action::Refuse,
    Action::Reopen,
    Action::Release,
    Action::Claim,
    Action::AskCorrection,
    Action::CorrectOnSpot,
    Action::RecordFee,
    Action::Extend,
];
/// What can be asked for without a word of it being lawful.
const ANY: [Action; 12] = [
    Action::Claim,
    Action::Accept,
    Action::AskCorrection,
    Action::Review,
    Action::Grant,
    Action::Refuse,
    Action::Suspend,
    Action::Resume,
    Action::Extend,
    Action::Release,
    Action::Withdraw,
    Action::Check,
];

/// Who wants what, as request number so.
pub(crate) fn wish(app: &App, file: &CaseFile, number: usize, chance: &mut Chance) -> (Actor, Command) {
    let mut actors = officers(app, file);
    actors.push(Actor::Applicant(file.case.applicant));
    let lawful: Vec<(usize, Action)> = actors
        .iter()
        .enumerate()
        .flat_map(|(at, actor)| {
            actions(&file.definition, &file.case, actor).into_iter().map(move |action| (at, action))
        })
        .collect();
    // A hearing whose day is set is not set anew each time.
    let anew = chance.one_in(3);
    let usual = lawful
        .iter()
        .copied()
        .filter(|(_, action)| !RARE.contains(action) && (anew || *action != Action::ScheduleHearing));
    let usual: Vec<_> = usual.collect();
    // Parts of joint cases end in many ways, of which the joint case must hear; and it ends before them at times.
    let unfinished = file.case.branches.iter().any(|part| part.outcome.is_none());
    let often = if unfinished { 5 } else { 2 + usize::from(file.case.part_of.is_some()) };
    let chosen = match chance.below(8) {
        0 => None,
        n if n < often => chance.pick(&lawful),
        _ => chance.pick(&usual).or_else(|| chance.pick(&lawful)),
    };
    let (at, action) =
        chosen.unwrap_or_else(|| (chance.below(actors.len()), chance.pick(&ANY).unwrap_or(Action::Claim)));
    let command = command(app, file, action, number, chance);
    (actors.swap_remove(at), command)
}

fn command(app: &App, file: &CaseFile, action: Action, number: usize, chance: &mut Chance) -> Command {
    let words = words(number);
    match action {
        Action::Accept => Command::Accept,
        Action::AskCorrection => Command::AskCorrection { about: BTreeMap::from([("m1".to_owned(), words)]) },
        Action::NotNeeded => Command::NotNeeded { words },
        Action::NotOurs => Command::NotOurs { words },
        Action::Review => {
            let finding = if chance.one_in(8) { Finding::DoesNotMeet } else { Finding::Meets };
            Command::Review { finding, words }
        }
        Action::Grant => Command::Grant { words },
        Action::Refuse => Command::Refuse { reason: RefusalReason::ConditionsNotMet, words },
        Action::Suspend => {
            let kinds = &file.definition.procedure.suspends;
            let kind = chance.pick(kinds).unwrap_or(Special::Inspection);
            Command::Suspend { kind, needed: Some(Limit::workdays(1 + chance.below(6) as u16)), words }
        }
        Action::ScheduleHearing => hearing(app, file, words, chance),
        Action::Resume => Command::Resume { words },
        Action::Extend => Command::Extend { limit: Limit::workdays(1 + chance.below(10) as u16), words },
        Action::RecordFee => Command::RecordFee { fen: 0 },
        Action::Check => Command::Check { kept: !chance.one_in(3), words },
        Action::Terminate => Command::Terminate { words },
        Action::Reopen => Command::Reopen { ground: ReopenGround::OwnCorrection, words },
        Action::Release => Command::Release,
        Action::Confirm => Command::Confirm {
            answers: answers(file),
            materials: Vec::new(),
            about: BTreeMap::from([("note".to_owned(), words)]),
        },
        Action::Decline => Command::Decline,
        Action::Correct => Command::Correct {
            answers: (*file.case.answers).clone(),
            materials: file.case.materials.clone(),
            about: BTreeMap::from([("note".to_owned(), words)]),
        },
        Action::CorrectOnSpot => {
            let other =
                if file.case.answers.get("sign").is_some_and(|sign| sign == "yes") { "no" } else { "yes" };
            Command::CorrectOnSpot { answers: BTreeMap::from([("sign".to_owned(), other.to_owned())]), words }
        }
        Action::RequestHearing => Command::RequestHearing,
        Action::WaiveHearing => Command::WaiveHearing,
        Action::Withdraw => Command::Withdraw { words },
        Action::Rate => Command::Rate { level: 1, words },
        _ => Command::Claim,
    }
}

/// A day seven to nine working days ahead, under somebody who did not review.
fn hearing(app: &App, file: &CaseFile, words: String, chance: &mut Chance) -> Command {
    let calendar = &app.catalogue.calendar;
    let days = 7 + chance.below(3) as u16;
    let on = calendar.last_day(calendar.date_of(app.now()), Limit::workdays(days));
    let ids: Vec<_> = officers(app, file)
        .iter()
        .filter_map(|actor| if let Actor::Officer(officer) = actor { Some(officer.id) } else { None })
        .filter(|id| !file.case.reviewers().any(|reviewer| reviewer == *id))
        .collect();
    match chance.pick(&ids) {
        Some(host) => Command::ScheduleHearing { on, host, words },
        None => Command::Resume { words },
    }
}

/// What is known, and the question that nobody could answer beforehand.
fn answers(file: &CaseFile) -> packs::Answers {
    let mut answers = (*file.case.answers).clone();
    answers.entry("sign".to_owned()).or_insert_with(|| "no".to_owned());
    answers
}
