//! Tasks with free outcomes, conditions and timers.

use casework::{
    Action, Actor, CardRule, ClockKind, Command, Definition, Light, Outcome, Rule, Status, actions,
};
use casework::{choices, wakes_at};
use domain::{Limit, Text};
use packs::{End, Procedure, Role, Step, StepKind, TaskOutcome, Within};

use crate::given::{
    Bench, STRANGER, applicant, at, chief, clerk, extend, grant, head, made, officer, refuse, step,
    submission, withdraw,
};

pub(crate) fn outcome(action: &str, to: &str, desks: &[Role], reasons: bool) -> TaskOutcome {
    TaskOutcome {
        action: action.into(),
        title: Text::zh(action),
        to: to.into(),
        desks: desks.to_vec(),
        reasons,
        by_rules: None,
    }
}

pub(crate) fn task(id: &str, desk: Option<Role>, outcomes: Vec<TaskOutcome>) -> Step {
    Step { id: Some(id.into()), outcomes, ..step(StepKind::Task, desk, 1, None) }
}

fn visit() -> Role {
    Role::new("visit")
}

fn visitor() -> Actor {
    officer(140, &[visit()])
}

pub(crate) fn act(action: &str) -> Command {
    Command::Do { action: action.into(), words: String::new() }
}

/// After intake somebody visits; the applicant may have to mend; then it is put up for seven working days.
fn with_visit(procedure: &mut Procedure) {
    let mut visited = task(
        "visit",
        Some(visit()),
        vec![
            outcome("fit", "notice", &[], false),
            outcome("mend", "mend", &[], true),
            outcome("spare", "decide", &[Role::HEAD], false),
        ],
    );
    visited.within = Some(Within::Days(Limit::workdays(3)));
    let mended = task("mend", Some(Role::APPLICANT), vec![outcome("mended", "visit", &[], false)]);
    let days = Some(Within::Days(Limit::workdays(7)));
    let notice = Step { id: Some("notice".into()), ..step(StepKind::Wait, None, 1, days) };
    procedure.steps.splice(1..2, [visited, mended, notice]);
}

fn visiting() -> Bench {
    Bench::taken(made(|_, procedure| with_visit(procedure)))
}

#[test]
fn an_outcome_leads_where_it_says() {
    let mut bench = visiting();
    assert_eq!(bench.case().status, Status::InTask);
    assert_eq!(bench.go(&visitor(), "2026-02-24", 9, act("fit")), ["done", "step-began"]);
    assert_eq!(bench.case().status, Status::Waiting);
}

#[test]
fn an_outcome_has_its_own_desks_and_asks_for_its_reasons() {
    let mut bench = visiting();
    assert_eq!(bench.no(&clerk(), "2026-02-24", 9, act("fit")), Rule::NotYourRole);
    assert_eq!(bench.no(&visitor(), "2026-02-24", 9, act("spare")), Rule::NotYourRole);
    assert_eq!(bench.no(&chief(), "2026-02-24", 9, act("fit")), Rule::NotYourRole);
    assert_eq!(bench.no(&visitor(), "2026-02-24", 9, act("mend")), Rule::ReasonsRequired);
    assert_eq!(bench.no(&visitor(), "2026-02-24", 9, act("burn")), Rule::NoSuchOutcome);
    assert_eq!(bench.no(&Actor::System, "2026-02-24", 9, act("fit")), Rule::NotYourRole);
    let may = |actor: &Actor| -> Vec<_> {
        choices(&bench.definition, bench.case(), actor).iter().map(|outcome| outcome.action.clone()).collect()
    };
    assert_eq!(may(&visitor()), ["fit", "mend"]);
    assert_eq!(may(&chief()), ["spare"]);
    assert!(may(&clerk()).is_empty() && may(&applicant()).is_empty());
    bench.go(&chief(), "2026-02-24", 9, act("spare"));
    assert_eq!(bench.case().status, Status::AwaitingDecision);
}

#[test]
fn a_task_of_the_applicants_is_theirs_alone() {
    let mut bench = visiting();
    bench.go(&visitor(), "2026-02-24", 9, Command::Do { action: "mend".into(), words: "补消防通道".into() });
    assert_eq!(bench.no(&visitor(), "2026-02-24", 10, act("mended")), Rule::NotYourRole);
    assert_eq!(bench.no(&Actor::Applicant(STRANGER), "2026-02-24", 10, act("mended")), Rule::NotYourRole);
    assert_eq!(actions(&bench.definition, bench.case(), &applicant()), [Action::Do, Action::Withdraw]);
    assert_eq!(bench.go(&applicant(), "2026-02-25", 9, act("mended")), ["done", "step-began"]);
    let last = bench.days().0;
    assert_eq!(last, "2026-02-28", "the visit's three days begin anew");
}

#[test]
fn art_42_the_decision_clock_runs_on_behind_a_steps_own() {
    let mut bench = visiting();
    assert_eq!(bench.case().clock.as_ref().unwrap().kind, ClockKind::Step);
    assert_eq!(bench.days().0, "2026-02-25", "the visit has three days");
    let decision = bench.case().decision_clock().unwrap().clone();
    assert_eq!(decision.statutory_last_day.unwrap().to_string(), "2026-03-19");
    bench.go(&visitor(), "2026-02-24", 9, act("fit"));
    assert_eq!(bench.case().decision_clock(), Some(&decision), "nor does a public notice stop it (art. 45)");
    bench.go(&chief(), "2026-02-25", 9, extend(Limit::workdays(10)));
    assert_eq!(bench.lapse("2026-03-06", 9), ["wait-over"]);
    assert_eq!(bench.case().status, Status::AwaitingDecision);
    assert_eq!(bench.days(), ("2026-04-02".into(), None), "in front again, extended");
    bench.go(&head(), "2026-04-03", 9, grant());
    assert_eq!(bench.cards(), [CardRule::OverLaw]);
}

#[test]
fn a_timer_is_over_by_itself_and_not_before() {
    let mut bench = visiting();
    bench.go(&visitor(), "2026-02-24", 9, act("fit"));
    assert_eq!(bench.days().0, "2026-03-04");
    assert_eq!(wakes_at(&bench.definition, bench.case(), &bench.calendar), Some(at("2026-03-05", 0)));
    assert!(bench.lapse("2026-03-04", 23).is_empty());
    assert_eq!(bench.no(&head(), "2026-03-04", 23, grant()), Rule::WrongStep);
    let said = bench.go(&head(), "2026-03-05", 0, refuse());
    assert_eq!(said[..3], ["wait-over", "refused", "closed"], "whoever looks first finds it over");
}

#[test]
fn a_case_is_withdrawn_while_a_timer_runs() {
    let mut bench = visiting();
    bench.go(&visitor(), "2026-02-24", 9, act("fit"));
    bench.go(&applicant(), "2026-02-25", 9, withdraw());
    assert_eq!((bench.outcome(), bench.case().decision_clock()), (Some(Outcome::Withdrawn), None));
}

#[test]
fn a_late_step_earns_a_card_and_a_light_of_its_own() {
    let mut bench = visiting();
    assert_eq!(bench.case().light(at("2026-02-25", 23), &bench.calendar), Light::Yellow);
    assert_eq!(bench.case().light(at("2026-02-26", 0), &bench.calendar), Light::Red);
    bench.go(&visitor(), "2026-02-26", 0, act("fit"));
    assert_eq!(bench.cards(), [CardRule::StepLate]);
}

fn conditional(when: &str) -> Definition {
    made(|_, procedure| {
        let day = Some(Within::Days(Limit::workdays(1)));
        let wait = |id: &str, when: Option<&str>| Step {
            id: Some(id.into()),
            when: when.map(str::to_owned),
            ..step(StepKind::Wait, None, 1, day)
        };
        procedure.steps[1].when = Some(when.into());
        procedure.steps.insert(2, wait("first", None));
        procedure.steps.insert(3, wait("second", Some(when)));
    })
}

#[test]
fn a_step_that_does_not_apply_is_passed_over_on_the_record() {
    let mut bench = Bench::received(conditional("form.name = \"示例·乙\""));
    let said = bench.go(&clerk(), "2026-02-13", 9, Command::Accept);
    assert_eq!(said, ["accepted", "passed", "step-began"]);
    assert_eq!(bench.lapse("2026-02-24", 0), ["wait-over", "passed"]);
    assert_eq!(bench.case().status, Status::AwaitingDecision);
    assert_eq!(bench.days().0, "2026-03-02", "the decision clock never stood still");
}

#[test]
fn nobody_acts_at_a_step_that_will_be_passed_over() {
    let mut bench = Bench::received(conditional("form.name = \"示例·乙\""));
    bench.go(&clerk(), "2026-02-13", 9, Command::Accept);
    let said = bench.go(&head(), "2026-02-24", 9, grant());
    assert_eq!(said, ["wait-over", "passed", "granted", "issued"]);
}

#[test]
fn a_step_that_applies_or_about_which_nothing_is_known_is_taken() {
    for when in ["form.name = \"示例·甲\"", "applicant.age > 17", "form.name > 3"] {
        let mut bench = Bench::received(conditional(when));
        bench.go(&clerk(), "2026-02-13", 9, Command::Accept);
        assert_eq!(bench.case().status, Status::InReview, "{when}");
    }
}

#[test]
fn a_condition_holds_after_a_review_as_before_it() {
    let definition = made(|_, procedure| {
        let mut more = procedure.steps[1].clone();
        (more.id, more.when) = (Some("more".into()), Some("form.name = \"示例·乙\"".into()));
        procedure.steps.insert(2, more);
    });
    assert_eq!(Bench::found_good(definition).case().status, Status::AwaitingDecision);
}

/// A procedure of tasks and ends alone, as imported ones are.
fn generic() -> Definition {
    let end = |id: &str, end: End| Step { id: Some(id.into()), end: Some(end), ..Step::new(StepKind::End) };
    made(|_, procedure| {
        let mut open = task(
            "open",
            Some(visit()),
            vec![
                outcome("done", "yes", &[], false),
                outcome("no", "no", &[], true),
                outcome("drop", "off", &[], false),
            ],
        );
        open.within = Some(Within::Days(Limit::natural_days(3)));
        procedure.steps =
            vec![open, end("yes", End::Granted), end("no", End::Refused), end("off", End::Terminated)];
    })
}

#[test]
fn an_end_ends_the_case_as_it_says() {
    for (action, outcome) in
        [("done", Outcome::Granted), ("no", Outcome::Refused), ("drop", Outcome::Terminated)]
    {
        let mut bench = Bench::of(generic());
        let submit = Command::Submit(Box::new(submission()));
        assert_eq!(bench.go(&applicant(), "2026-02-12", 10, submit), ["submitted", "step-began"]);
        let act = Command::Do { action: action.into(), words: "说明理由".into() };
        assert_eq!(bench.go(&visitor(), "2026-02-13", 9, act), ["done", "closed"]);
        assert_eq!(bench.outcome(), Some(outcome));
        bench.go(&applicant(), "2026-02-13", 10, Command::Rate { level: 2, words: String::new() });
    }
}

#[test]
fn a_claimed_task_is_left_alone_by_others() {
    let mut bench = visiting();
    let other = officer(141, &[visit()]);
    bench.go(&other, "2026-02-24", 9, Command::Claim);
    assert_eq!(bench.no(&visitor(), "2026-02-24", 9, act("fit")), Rule::ClaimedByOther);
    assert_eq!(bench.no(&clerk(), "2026-02-24", 9, Command::Claim), Rule::NotYourRole);
}
