//! Actors and commands for random courses, and a procedure with everything in it.

use std::collections::BTreeMap;

use casework::{
    Action, Actor, Case, Command, Definition, Finding, Handed, Outcome, RefusalReason, ReopenGround, Rule,
    Stop,
};
use domain::{CaseId, Date, Limit, Text};
use packs::{
    ApplicantSilence, ApplicantTerm, Branch, FieldKind, Renewal, Role, Special, Step, StepKind, TaskOutcome,
    Within,
};

use crate::given::{
    STRANGER, about, applicant, chief, clerk, colleague, deliver, field, handed, head, made, officer, step,
    submission,
};

/// A procedure with everything in it: offer, terms, two reviews, a task, a timer, agencies, hand-made results, a check.
pub(crate) fn rich() -> Definition {
    made(|item, procedure| {
        item.materials[1].later = true;
        let kind = FieldKind::Date { past: false, future: false };
        item.form.pages[0].fields.push(field("expires", kind, false));
        let days = |days| Some(Within::Days(Limit::workdays(days)));
        let silence = Some(ApplicantSilence::DeemedWithdrawn);
        let term =
            |days| Some(ApplicantTerm { within: Limit::workdays(days), otherwise: silence, law: None });
        (procedure.correction, procedure.owed) = (term(10), term(8));
        procedure.renewal = Some(Renewal { expires: "expires".into(), days_before: 30 });
        let [intake, review, decide, mut issue, deliver] = procedure.steps.clone().try_into().unwrap();
        issue.desk = Some(Role::DECIDE);
        let leads = |action: &str, to: &str, desks: &[Role]| TaskOutcome {
            action: action.into(),
            title: Text::zh(action),
            to: to.into(),
            desks: desks.to_vec(),
            reasons: action == "back",
            by_rules: None,
        };
        let mut visit = step(StepKind::Task, Some(Role::REVIEW), 1, days(3));
        visit.outcomes = vec![leads("on", "wait", &[]), leads("back", "visit", &[Role::APPLICANT])];
        visit.id = Some("visit".into());
        let mut again = Step { id: Some("again".into()), officers: 1, ..review.clone() };
        again.when = Some("form.name = \"示例·乙\"".into());
        let mut together = step(StepKind::Together, None, 1, None);
        together.branches = ["fire", "water"].map(branch).to_vec();
        procedure.steps = vec![
            step(StepKind::Confirm, Some(Role::APPLICANT), 1, days(9)),
            intake,
            review,
            again,
            visit,
            step(StepKind::Wait, None, 1, days(2)),
            together,
            decide,
            issue,
            deliver,
            step(StepKind::Check, Some(Role::DECIDE), 1, days(30)),
        ];
    })
}

fn branch(id: &str) -> Branch {
    Branch {
        branch: id.into(),
        title: Text::zh(id),
        agency: "A2".into(),
        area: None,
        procedure: "permit".into(),
        when: None,
        fields: vec![],
        materials: vec![],
        statutory: None,
        promised: None,
        law: vec![],
    }
}

pub(crate) fn actor(pick: u8) -> Actor {
    match pick % 9 {
        0 | 1 => applicant(),
        2 => clerk(),
        3 => colleague(),
        4 => head(),
        5 => chief(),
        6 => Actor::Applicant(STRANGER),
        7 => officer(160, &[Role::INTAKE, Role::REVIEW, Role::DECIDE, Role::HEAD]),
        _ => Actor::System,
    }
}

pub(crate) fn given(pick: u8) -> casework::Submission {
    let mut given = submission();
    if pick.is_multiple_of(3) {
        given.answers.insert("expires".into(), "2026-04-20".into());
    }
    if pick.is_multiple_of(5) {
        given.materials[1] = Handed { later: true, not_applicable: false, ..given.materials[1].clone() };
    }
    given
}

pub(crate) fn command(what: u8, pick: u8, today: Date) -> Command {
    let words = || if pick.is_multiple_of(7) { String::new() } else { "理由充分".to_owned() };
    let all = |pick| (given(pick).answers, given(pick).materials);
    let there = || vec![Handed { files: vec!["f2".into()], later: true, ..handed()[1].clone() }];
    let one = |names: [&str; 3]| names[usize::from(pick) % 3].to_owned();
    match what % 34 {
        0 => Command::Submit(Box::new(given(pick))),
        1 => Command::Claim,
        2 => Command::Release,
        3 => Command::AskCorrection { about: about("m1", &words()) },
        4 => {
            let (answers, materials) = all(pick);
            Command::Correct { answers, materials, about: BTreeMap::new() }
        }
        5 | 6 => Command::Accept,
        7 if pick > 200 => Command::NotNeeded { words: words() },
        8 if pick > 200 => Command::NotOurs { words: words() },
        7..=10 => {
            let finding = if pick.is_multiple_of(4) { Finding::DoesNotMeet } else { Finding::Meets };
            Command::Review { finding, words: words() }
        }
        11 => Command::Grant { words: words() },
        12 if pick > 128 => {
            let reason = RefusalReason::ALL[usize::from(pick) % 4];
            Command::Refuse { reason, words: words() }
        }
        12 | 13 => deliver(),
        14 => Command::Rate { level: pick / 40, words: words() },
        15 => Command::CorrectOnSpot {
            answers: about("name", &one(["示例·乙", "示例·甲", ""])),
            words: words(),
        },
        16 => Command::Supply { materials: there(), about: BTreeMap::new() },
        17 => {
            let needed =
                [None, Some(Limit::workdays(4)), Some(Limit::natural_days(6))][usize::from(pick) % 3];
            Command::Suspend { kind: Special::ALL[usize::from(pick) % 8], needed, words: words() }
        }
        18 => Command::Suspend { kind: Special::Hearing, needed: None, words: words() },
        19 => Command::RequestHearing,
        20 if pick > 128 => Command::WaiveHearing,
        20 | 21 => {
            let on = today.saturating_add(jiff::Span::new().days(i64::from(pick % 40)));
            let host = domain::OfficerId(uuid::Uuid::from_u128(100 + u128::from(pick % 8)));
            Command::ScheduleHearing { on, host, words: words() }
        }
        22 => Command::Resume { words: words() },
        23 => Command::Extend { limit: Limit::workdays(u16::from(pick % 13)), words: words() },
        24 => Command::Do { action: one(["on", "back", "none"]), words: words() },
        25 | 26 => {
            let outcome = if pick > 60 { Outcome::Granted } else { Outcome::Refused };
            let branch = one(["fire", "water", "moon"]);
            Command::EndBranch { branch, case: CaseId(uuid::Uuid::nil()), outcome }
        }
        27 => Command::Check { kept: pick.is_multiple_of(2), words: words() },
        28 => Command::RecordFee { fen: u32::from(pick) },
        29 if pick > 200 => Command::Forward { words: words() },
        30 if pick > 220 => Command::Terminate { words: words() },
        31 => Command::Reopen { ground: ReopenGround::ALL[usize::from(pick) % 3], words: words() },
        29 | 30 => Command::Issue,
        33 => {
            let kind = Special::ALL[usize::from(pick) % 8];
            let on = pick.is_multiple_of(2).then_some(today);
            let stops = vec![Stop { kind, since: today, on, counted: false }];
            Command::TellStops {
                branch: one(["fire", "water", "moon"]),
                case: CaseId(uuid::Uuid::nil()),
                stops,
            }
        }
        32 if pick > 240 => Command::Withdraw { words: words() },
        _ => Command::Lapse,
    }
}

/// The command with the case of the part it names; now and then it is word of another round's.
pub(crate) fn aimed(command: Command, joint: &Case) -> Command {
    let case_of = |branch: &str| {
        let part = joint.branches.iter().find(|part| part.branch == branch);
        part.map_or(CaseId(uuid::Uuid::nil()), |part| part.case)
    };
    match command {
        Command::EndBranch { branch, outcome, .. } if joint.seq % 11 != 0 => {
            Command::EndBranch { case: case_of(&branch), branch, outcome }
        }
        Command::TellStops { branch, stops: new, .. } if joint.seq % 11 != 0 => {
            let known = joint.branches.iter().find(|part| part.branch == branch);
            let mut stops = known.map(|part| part.stops.clone()).unwrap_or_default();
            match (stops.last_mut(), new.first()) {
                (Some(last), Some(new)) if last.on.is_none() => last.on = new.on,
                _ => stops.extend(new),
            }
            Command::TellStops { case: case_of(&branch), branch, stops }
        }
        command => command,
    }
}

/// The kind of a command, for comparison with what is offered; none where the offer depends on more.
pub(crate) fn kind(command: &Command) -> Option<Action> {
    Some(match command {
        Command::Submit(_) | Command::Open(_) => return None,
        Command::Confirm { .. } => Action::Confirm,
        Command::Decline => Action::Decline,
        Command::Claim => Action::Claim,
        Command::Release => Action::Release,
        Command::AskCorrection { .. } => Action::AskCorrection,
        Command::CorrectOnSpot { .. } => Action::CorrectOnSpot,
        Command::Supply { .. } => Action::Supply,
        Command::Correct { .. } => Action::Correct,
        Command::Accept => Action::Accept,
        Command::NotNeeded { .. } => Action::NotNeeded,
        Command::NotOurs { .. } => Action::NotOurs,
        Command::Review { .. } => Action::Review,
        Command::Suspend { .. } => Action::Suspend,
        Command::RequestHearing => Action::RequestHearing,
        Command::WaiveHearing => Action::WaiveHearing,
        Command::ScheduleHearing { .. } => Action::ScheduleHearing,
        Command::Resume { .. } => Action::Resume,
        Command::Extend { .. } => Action::Extend,
        Command::Do { .. } => Action::Do,
        Command::EndBranch { .. } => Action::EndBranch,
        Command::TellStops { .. } => Action::TellStops,
        Command::Check { .. } => Action::Check,
        Command::RecordFee { .. } => Action::RecordFee,
        Command::Forward { .. } => Action::Forward,
        Command::Terminate { .. } => Action::Terminate,
        Command::Reopen { .. } => Action::Reopen,
        Command::Grant { .. } => Action::Grant,
        Command::Refuse { .. } => Action::Refuse,
        Command::Issue => Action::Issue,
        Command::Deliver { .. } => Action::Deliver,
        Command::Lapse => Action::Lapse,
        Command::Withdraw { .. } => Action::Withdraw,
        Command::Rate { .. } => Action::Rate,
    })
}

/// Rules about what the command carries or about the hour, which no list of actions can know.
pub(crate) fn about_the_content(rule: Rule) -> bool {
    matches!(
        rule,
        Rule::ReasonsRequired
            | Rule::FormInvalid
            | Rule::MaterialsMissing
            | Rule::BadRating
            | Rule::NothingToCorrect
            | Rule::ExtensionTooLong
            | Rule::TooLateToExtend
            | Rule::NeededTimeRequired
            | Rule::NotInThisProcedure
            | Rule::HearingTooSoon
            | Rule::HearingTooLate
            | Rule::HearingOwed
            | Rule::HearingAhead
            | Rule::BlankLeft
            | Rule::AlreadyHeard
            | Rule::HostIsReviewer
            | Rule::NoSuchOutcome
            | Rule::NoSuchBranch
            | Rule::NotYourRole
    )
}
