//! Taken up again: on reconsideration, by judgment, by the body itself (行政复议法, 行政诉讼法).

use casework::{Action, Actor, ClockKind, Command, Finding, Outcome, ReopenGround, Rule, Status, actions};
use domain::Limit;

use crate::given::{
    Bench, applicant, chief, clerk, colleague, deliver, extend, grant, head, refuse, review, withdraw,
};

fn reopen(ground: ReopenGround) -> Command {
    Command::Reopen { ground, words: "示例复议〔2026〕1号：责令重新作出决定".into() }
}

fn refused() -> Bench {
    let mut bench = Bench::reviewed();
    bench.go(&head(), "2026-02-25", 9, refuse());
    bench
}

fn reviewed_again(bench: &mut Bench) {
    bench.go(&clerk(), "2026-04-02", 9, review(Finding::Meets));
    bench.go(&colleague(), "2026-04-02", 9, review(Finding::Meets));
}

#[test]
fn it_goes_back_to_the_review_with_a_fresh_clock() {
    for ground in ReopenGround::ALL {
        let mut bench = refused();
        assert_eq!(bench.go(&chief(), "2026-04-01", 9, reopen(ground)), ["reopened"]);
        assert_eq!(bench.case().status, Status::InReview);
        assert_eq!(bench.case().clock.as_ref().unwrap().kind, ClockKind::Decision);
        assert_eq!(bench.days(), ("2026-04-10".into(), Some("2026-04-29".into())), "seven and twenty days");
        reviewed_again(&mut bench);
        bench.go(&head(), "2026-04-03", 9, grant());
        bench.go(&Actor::System, "2026-04-03", 9, deliver());
        assert_eq!(bench.outcome(), Some(Outcome::Granted));
    }
}

#[test]
fn the_second_round_has_a_result_of_its_own() {
    let mut bench = Bench::reviewed();
    bench.go(&head(), "2026-02-25", 9, grant());
    bench.go(&Actor::System, "2026-02-25", 9, deliver());
    let first = bench.case().document.clone().unwrap();
    bench.go(&applicant(), "2026-02-26", 9, Command::Rate { level: 2, words: String::new() });
    bench.go(&chief(), "2026-04-01", 9, reopen(ReopenGround::Judgment));
    assert_eq!((&bench.case().document, bench.case().delivered), (&None, false));
    let rate = || Command::Rate { level: 1, words: String::new() };
    assert_eq!(bench.no(&applicant(), "2026-04-01", 9, rate()), Rule::NotRateable);
    reviewed_again(&mut bench);
    bench.go(&head(), "2026-04-03", 9, grant());
    let second = bench.case().document.clone().unwrap();
    assert!(first.ends_with("-R1") && second.ends_with("-R2"), "{first} {second}");
    bench.go(&Actor::System, "2026-04-03", 9, deliver());
    bench.go(&applicant(), "2026-04-04", 9, rate());
}

#[test]
fn a_round_has_its_own_extension() {
    let mut bench = Bench::accepted();
    bench.go(&chief(), "2026-02-24", 8, extend(Limit::workdays(10)));
    bench.go(&clerk(), "2026-02-24", 9, review(Finding::Meets));
    bench.go(&colleague(), "2026-02-24", 9, review(Finding::Meets));
    bench.go(&head(), "2026-02-25", 9, refuse());
    bench.go(&chief(), "2026-04-01", 9, reopen(ReopenGround::Reconsideration));
    bench.go(&chief(), "2026-04-02", 9, extend(Limit::workdays(10)));
}

#[test]
fn only_the_head_and_with_the_document_that_says_so() {
    let mut bench = refused();
    for actor in [clerk(), head(), applicant(), Actor::System] {
        assert_eq!(bench.no(&actor, "2026-04-01", 9, reopen(ReopenGround::Judgment)), Rule::NotYourRole);
    }
    let silent = Command::Reopen { ground: ReopenGround::Judgment, words: " ".into() };
    assert_eq!(bench.no(&chief(), "2026-04-01", 9, silent), Rule::ReasonsRequired);
    assert_eq!(actions(&bench.definition, bench.case(), &chief()), [Action::Reopen]);
}

#[test]
fn only_what_was_decided() {
    let again = || reopen(ReopenGround::Reconsideration);
    assert_eq!(Bench::reviewed().no(&chief(), "2026-04-01", 9, again()), Rule::NotReopenable);
    let mut withdrawn = Bench::reviewed();
    withdrawn.go(&applicant(), "2026-02-25", 9, withdraw());
    assert_eq!(withdrawn.no(&chief(), "2026-04-01", 9, again()), Rule::NotReopenable);
    let mut twice = refused();
    twice.go(&chief(), "2026-04-01", 9, again());
    assert_eq!(twice.no(&chief(), "2026-04-01", 9, again()), Rule::NotReopenable, "it is open");
    assert_eq!(twice.replayed().as_ref(), twice.case.as_ref());
}

/// What was granted stands until another decision replaces it: nobody ends the second round without one.
#[test]
fn a_second_round_ends_with_a_decision() {
    let mut bench = Bench::reviewed();
    bench.go(&head(), "2026-02-25", 9, grant());
    bench.go(&Actor::System, "2026-02-25", 9, deliver());
    bench.go(&chief(), "2026-04-01", 9, reopen(ReopenGround::Judgment));
    assert_eq!(bench.no(&applicant(), "2026-04-02", 9, withdraw()), Rule::AlreadyDecided);
    let end = Command::Terminate { words: "不再办理".into() };
    assert_eq!(bench.no(&head(), "2026-04-02", 9, end), Rule::WrongStep);
    reviewed_again(&mut bench);
    bench.go(&head(), "2026-04-03", 9, refuse());
    assert_eq!(bench.outcome(), Some(Outcome::Refused));
}
