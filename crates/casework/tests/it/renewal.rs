//! Renewals: silence until the permit expires grants them (行政许可法 art. 50).

use casework::{Actor, CardRule, Command, Finding, GrantedOrNot, Rule, Status, wakes_at};
use domain::Limit;
use packs::{FieldKind, Renewal, Special};

use crate::given::{
    Bench, applicant, ask_correction, at, clerk, colleague, deliver, field, grant, head, made, refuse,
    review, submission, suspend, withdraw,
};

fn expiring(on: &str) -> casework::Submission {
    let mut given = submission();
    given.answers.insert("expires".into(), on.into());
    given
}

fn correct(on: &str) -> Command {
    let given = expiring(on);
    Command::Correct { answers: given.answers, materials: given.materials, about: Default::default() }
}

/// Applied on 12 February for the renewal of a permit that expires on this day.
fn renewing(on: &str) -> Bench {
    let mut bench = Bench::of(made(|item, procedure| {
        let kind = FieldKind::Date { past: false, future: false };
        item.form.pages[0].fields.push(field("expires", kind, true));
        procedure.renewal = Some(Renewal { expires: "expires".into(), days_before: 30 });
    }));
    bench.go(&applicant(), "2026-02-12", 10, Command::Submit(Box::new(expiring(on))));
    bench
}

fn accepted(on: &str) -> Bench {
    let mut bench = renewing(on);
    bench.go(&clerk(), "2026-02-13", 9, Command::Accept);
    bench
}

#[test]
fn art_50_undecided_at_expiry_is_granted() {
    let mut bench = accepted("2026-03-14");
    let wakes = wakes_at(&bench.definition, bench.case(), &bench.calendar);
    assert_eq!(wakes, Some(at("2026-03-15", 0)), "the permit runs to the end of its last day, a Saturday");
    assert!(bench.lapse("2026-03-14", 23).is_empty());
    assert_eq!(bench.lapse("2026-03-15", 0), ["deemed-granted", "issued", "carded"]);
    assert_eq!(bench.case().decision.as_ref().unwrap().decision, GrantedOrNot::Granted);
    assert_eq!(bench.cards(), [CardRule::OverLaw]);
    bench.go(&Actor::System, "2026-03-15", 1, deliver());
}

#[test]
fn art_50_only_for_who_applied_thirty_days_before() {
    let late = accepted("2026-03-13");
    assert_eq!(late.case().expires, None, "twenty-nine days");
    let mut late = late;
    assert!(late.lapse("2026-03-14", 9).is_empty());
    assert_eq!(accepted("2026-03-14").case().expires.as_ref().unwrap().last_day.to_string(), "2026-03-14");
}

#[test]
fn art_50_nobody_refuses_after_the_permit_has_expired() {
    let mut bench = accepted("2026-03-14");
    bench.go(&clerk(), "2026-02-24", 9, review(Finding::DoesNotMeet));
    bench.go(&colleague(), "2026-02-24", 9, review(Finding::DoesNotMeet));
    assert_eq!(bench.no(&head(), "2026-03-15", 9, refuse()), Rule::WrongStep);
    assert_eq!(bench.no(&applicant(), "2026-03-15", 9, withdraw()), Rule::AlreadyDecided);
    let mut bench = accepted("2026-03-14");
    bench.go(&clerk(), "2026-02-24", 9, review(Finding::DoesNotMeet));
    bench.go(&colleague(), "2026-02-24", 9, review(Finding::DoesNotMeet));
    bench.go(&head(), "2026-03-14", 23, refuse());
}

#[test]
fn art_50_a_suspension_does_not_stop_the_day_of_expiry() {
    let mut bench = accepted("2026-03-14");
    bench.go(&clerk(), "2026-02-25", 9, suspend(Special::Testing, Some(Limit::workdays(40))));
    assert_eq!(bench.lapse("2026-03-15", 0)[0], "deemed-granted");
    assert_eq!(bench.case().held, None);
}

#[test]
fn art_50_a_case_that_nobody_looked_at_is_accepted_and_then_granted() {
    let mut bench = renewing("2026-03-14");
    let said = bench.lapse("2026-03-20", 9);
    assert_eq!(said, ["deemed-accepted", "deemed-granted", "issued", "carded", "carded"]);
    assert_eq!(bench.cards(), [CardRule::SilentIntake, CardRule::OverLaw]);
}

#[test]
fn silence_of_the_applicants_is_none_of_the_bodys() {
    let mut bench = renewing("2026-03-14");
    bench.go(&clerk(), "2026-02-13", 9, ask_correction());
    assert_eq!(wakes_at(&bench.definition, bench.case(), &bench.calendar), None);
    assert!(bench.lapse("2026-03-20", 9).is_empty());
    bench.go(&applicant(), "2026-03-20", 9, correct("2026-03-14"));
    assert!(bench.lapse("2026-03-21", 9).is_empty(), "it was whole only after the permit had expired");
    bench.go(&clerk(), "2026-03-23", 9, Command::Accept);
    assert!(bench.lapse("2026-03-24", 9).is_empty());
}

#[test]
fn a_correction_answered_before_the_expiry_keeps_the_right() {
    let mut bench = renewing("2026-03-14");
    bench.go(&clerk(), "2026-02-13", 9, ask_correction());
    bench.go(&applicant(), "2026-03-10", 9, correct("2026-03-14"));
    assert_eq!(bench.case().status, Status::Received);
    assert_eq!(bench.lapse("2026-03-15", 0)[0], "deemed-granted");
}

#[test]
fn a_renewal_that_was_decided_is_not_granted_again() {
    let mut bench = accepted("2026-03-14");
    bench.go(&clerk(), "2026-02-24", 9, review(Finding::Meets));
    bench.go(&colleague(), "2026-02-24", 9, review(Finding::Meets));
    bench.go(&head(), "2026-02-25", 9, grant());
    assert!(bench.lapse("2026-03-15", 0).is_empty());
}
