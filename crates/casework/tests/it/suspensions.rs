//! What stops the decision clock (行政许可法 art. 45).

use casework::{Action, ClockKind, Command, Finding, Light, Outcome, Rule, What, actions, wakes_at};
use domain::Limit;
use packs::Special;

use crate::given::{
    Bench, applicant, at, clerk, colleague, grant, head, made, resume, review, submission, suspend, withdraw,
};

fn testing(days: u16) -> Command {
    suspend(Special::Testing, Some(Limit::workdays(days)))
}

#[test]
fn art_45_each_special_procedure_stops_the_clock_and_gives_the_days_back() {
    for kind in Special::ALL.into_iter().filter(|kind| *kind != Special::Hearing) {
        let mut bench = Bench::accepted();
        let said = bench.go(&clerk(), "2026-02-25", 9, suspend(kind, Some(Limit::workdays(20))));
        assert_eq!(said, ["suspended"]);
        assert_eq!(bench.case().status_id(), "suspended");
        assert_eq!(bench.case().running().unwrap().kind, ClockKind::Special);
        assert_eq!(bench.case().light(at("2026-03-10", 9), &bench.calendar), Light::Still, "{kind:?}");
        assert_eq!(bench.go(&clerk(), "2026-03-10", 9, resume()), ["resumed"]);
        assert_eq!(
            bench.days(),
            ("2026-03-16".into(), Some("2026-04-02".into())),
            "four of seven and seventeen of twenty days were left on 25 February"
        );
    }
}

#[test]
fn art_45_the_needed_time_is_told_in_writing() {
    let mut bench = Bench::accepted();
    for needed in
        [None, Some(Limit::workdays(0)), Some(Limit::natural_days(0)), Some(Limit::workdays(u16::MAX))]
    {
        let silent = suspend(Special::Appraisal, needed);
        assert_eq!(bench.no(&clerk(), "2026-02-25", 9, silent), Rule::NeededTimeRequired);
    }
    let words = String::new();
    let wordless = Command::Suspend { kind: Special::Tender, needed: Some(Limit::workdays(5)), words };
    assert_eq!(bench.no(&clerk(), "2026-02-25", 9, wordless), Rule::ReasonsRequired);
    bench.go(&clerk(), "2026-02-25", 9, suspend(Special::Auction, Some(Limit::natural_days(30))));
    assert_eq!(
        bench.case().running().unwrap().last_day.to_string(),
        "2026-03-27",
        "what was told stands there"
    );
}

#[test]
fn art_45_only_what_the_procedure_names() {
    let mut bench = Bench::taken(made(|_, procedure| procedure.suspends = vec![Special::Inspection]));
    assert_eq!(bench.no(&clerk(), "2026-02-25", 9, testing(5)), Rule::NotInThisProcedure);
    let mut none = Bench::taken(made(|_, procedure| procedure.suspends = vec![]));
    assert_eq!(none.no(&clerk(), "2026-02-25", 9, testing(5)), Rule::NotInThisProcedure);
    assert!(!actions(&none.definition, none.case(), &clerk()).contains(&Action::Suspend));
}

#[test]
fn art_45_not_while_it_is_received_and_not_when_it_is_decided() {
    assert_eq!(Bench::submitted().no(&clerk(), "2026-02-13", 9, testing(5)), Rule::WrongStep);
    let mut bench = Bench::reviewed();
    bench.go(&head(), "2026-02-25", 9, grant());
    assert_eq!(bench.no(&head(), "2026-02-25", 9, testing(5)), Rule::WrongStep);
}

#[test]
fn while_it_stands_still_nothing_is_decided_and_once_is_enough() {
    let mut bench = Bench::accepted();
    bench.go(&clerk(), "2026-02-25", 9, testing(5));
    assert_eq!(bench.no(&clerk(), "2026-02-26", 9, review(Finding::Meets)), Rule::Suspended);
    assert_eq!(bench.no(&clerk(), "2026-02-26", 9, testing(5)), Rule::Suspended);
    bench.go(&clerk(), "2026-02-26", 9, resume());
    assert_eq!(bench.no(&clerk(), "2026-02-26", 9, resume()), Rule::NotSuspended);

    let mut bench = Bench::reviewed();
    bench.go(&head(), "2026-02-25", 9, testing(5));
    assert_eq!(bench.no(&head(), "2026-02-26", 9, grant()), Rule::Suspended);
    let silent = Command::Resume { words: String::new() };
    assert_eq!(bench.no(&head(), "2026-02-26", 9, silent), Rule::ReasonsRequired);
}

#[test]
fn art_45_it_goes_on_by_itself_with_the_time_told_however_late_one_looks() {
    let mut bench = Bench::accepted();
    bench.go(&clerk(), "2026-02-25", 9, testing(5));
    assert!(bench.lapse("2026-03-03", 23).is_empty());
    let wakes = wakes_at(&bench.definition, bench.case(), &bench.calendar);
    assert_eq!(wakes, Some(at("2026-03-04", 0)));
    assert_eq!(bench.lapse("2026-06-01", 9), ["resumed"]);
    assert_eq!(bench.days(), ("2026-03-09".into(), Some("2026-03-26".into())), "from 3 March, not from June");
    let Some(What::Resumed { on, lapsed, .. }) = bench.events.last().map(|event| &event.what) else {
        panic!("it resumed")
    };
    assert_eq!((on.to_string().as_str(), *lapsed), ("2026-03-03", true));
}

#[test]
fn an_officer_who_comes_after_the_told_time_finds_it_running() {
    let mut bench = Bench::accepted();
    bench.go(&clerk(), "2026-02-25", 9, testing(5));
    assert_eq!(bench.no(&clerk(), "2026-03-04", 9, resume()), Rule::NotSuspended);
    let said = bench.go(&clerk(), "2026-03-04", 9, review(Finding::Meets));
    assert_eq!(said, ["resumed", "reviewed"], "the law first, then the officer");
}

#[test]
fn art_82_days_of_rest_within_it_cost_nothing() {
    let mut bench = Bench::accepted();
    bench.go(&clerk(), "2026-02-13", 10, testing(20));
    bench.go(&clerk(), "2026-02-23", 9, resume());
    assert_eq!(bench.days().0, "2026-03-03", "seven days after the last holiday");
}

#[test]
fn art_45_over_the_turn_of_the_year() {
    let mut bench = Bench::new();
    bench.go(&applicant(), "2026-12-24", 9, Command::Submit(Box::new(submission())));
    bench.go(&clerk(), "2026-12-25", 9, Command::Accept);
    assert_eq!(bench.days().0, "2027-01-06");
    bench.go(&clerk(), "2026-12-30", 9, testing(20));
    bench.go(&clerk(), "2027-01-04", 9, resume());
    assert_eq!(bench.days().0, "2027-01-08", "four days were left on 30 December");
}

#[test]
fn art_45_twice_in_one_case_loses_and_wins_no_day() {
    let mut bench = Bench::accepted();
    bench.go(&clerk(), "2026-02-24", 9, testing(20));
    bench.go(&clerk(), "2026-02-27", 9, resume());
    assert_eq!(bench.days(), ("2026-03-05".into(), Some("2026-03-24".into())));
    bench.go(&clerk(), "2026-03-03", 9, suspend(Special::ExpertReview, Some(Limit::workdays(5))));
    bench.go(&clerk(), "2026-03-05", 9, resume());
    assert_eq!(bench.days(), ("2026-03-09".into(), Some("2026-03-26".into())));
}

#[test]
fn natural_days_go_on_as_natural_days() {
    let definition = made(|item, _| {
        item.promised = Some(Limit::natural_days(20));
        item.statutory = Some(Limit::natural_days(30));
    });
    let mut bench = Bench::taken(definition);
    assert_eq!(bench.days(), ("2026-03-05".into(), Some("2026-03-16".into())));
    bench.go(&clerk(), "2026-02-25", 9, testing(20));
    bench.go(&clerk(), "2026-03-10", 9, resume());
    assert_eq!(bench.days(), ("2026-03-18".into(), Some("2026-03-30".into())));
}

#[test]
fn promise_and_law_each_keep_their_own_kind_of_day() {
    let mut bench = Bench::taken(made(|item, _| item.statutory = Some(Limit::natural_days(30))));
    bench.go(&clerk(), "2026-02-25", 9, testing(20));
    bench.go(&clerk(), "2026-03-11", 9, resume());
    assert_eq!(
        bench.days(),
        ("2026-03-17".into(), Some("2026-03-30".into())),
        "four working days; nineteen natural days, not fourteen working days"
    );
}

#[test]
fn a_promise_that_was_over_stays_over() {
    let mut bench = Bench::accepted();
    bench.go(&clerk(), "2026-03-04", 9, testing(20));
    bench.go(&clerk(), "2026-03-11", 9, resume());
    assert_eq!(bench.days(), ("2026-03-02".into(), Some("2026-03-26".into())));
    assert_eq!(bench.case().light(at("2026-03-11", 10), &bench.calendar), Light::Red);
}

#[test]
fn it_is_withdrawn_or_terminated_while_it_stands_still() {
    let held = || {
        let mut bench = Bench::accepted();
        bench.go(&clerk(), "2026-02-25", 9, testing(20));
        bench
    };
    let mut bench = held();
    bench.go(&applicant(), "2026-02-26", 9, withdraw());
    assert_eq!((bench.outcome(), &bench.case().held), (Some(Outcome::Withdrawn), &None));
    let mut bench = held();
    bench.go(&head(), "2026-02-26", 9, Command::Terminate { words: "法人终止".into() });
    assert_eq!((bench.outcome(), bench.case().running()), (Some(Outcome::Terminated), None));
    assert_eq!(wakes_at(&bench.definition, bench.case(), &bench.calendar), None);
}

#[test]
fn only_the_desk_at_which_it_lies_says_that_it_is_over() {
    let mut bench = Bench::accepted();
    bench.go(&clerk(), "2026-02-25", 9, testing(20));
    assert_eq!(bench.no(&head(), "2026-02-26", 9, resume()), Rule::NotYourRole);
    assert_eq!(bench.no(&applicant(), "2026-02-26", 9, resume()), Rule::NotYourRole);
    bench.go(&colleague(), "2026-02-26", 9, Command::Claim);
    assert_eq!(bench.no(&clerk(), "2026-02-26", 9, resume()), Rule::ClaimedByOther);
    bench.go(&colleague(), "2026-02-26", 9, resume());
}
