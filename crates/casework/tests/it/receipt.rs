//! Receipt to acceptance (行政许可法 art. 32).

use std::collections::BTreeMap;

use casework::{Action, ClockKind, Command, Light, Outcome, Rule, Status, actions, wakes_at};
use domain::{BusinessHours, Calendar, Date, Limit, Time};
use packs::{ApplicantSilence, ApplicantTerm, FieldKind, Within};

use crate::given::{
    Bench, about, applicant, ask_correction, at, calendar, clerk, correct, field, head, made, submission,
    withdraw,
};

fn day(text: &str) -> Date {
    text.parse().unwrap()
}

fn on_spot(name: &str, answer: &str) -> Command {
    Command::CorrectOnSpot { answers: about(name, answer), words: "申请人当面更正".into() }
}

/// Desks open from 9 to 12 and 14 to 17; a day's post closes with them.
fn with_hours() -> Calendar {
    let hour = |hour| Time::new(hour, 0, 0, 0).unwrap();
    let spans = [(hour(9), hour(12)), (hour(14), hour(17))];
    calendar().with_hours(BusinessHours::new(spans, Some(hour(17))).unwrap())
}

fn term(days: u16, otherwise: Option<ApplicantSilence>) -> ApplicantTerm {
    ApplicantTerm { within: Limit::workdays(days), otherwise, law: None }
}

#[test]
fn art_32_3_errors_are_put_right_on_the_spot() {
    let mut bench = Bench::received(made(|_, _| {}));
    let before = bench.case().clock.clone();
    let said = bench.go(&clerk(), "2026-02-13", 9, on_spot("name", "示例·乙"));
    assert_eq!(said, ["corrected-on-spot"]);
    assert_eq!(bench.case().answers["name"], "示例·乙");
    assert_eq!(bench.case().clock, before, "the five days run on");
    assert_eq!(bench.case().correction, None, "the one notice is not used up");
    bench.go(&clerk(), "2026-02-13", 10, ask_correction());
}

#[test]
fn art_32_3_a_spot_correction_corrects_something_and_says_how() {
    let mut bench = Bench::submitted();
    let silent = Command::CorrectOnSpot { answers: about("name", "示例·乙"), words: " ".into() };
    assert_eq!(bench.no(&clerk(), "2026-02-13", 9, silent), Rule::ReasonsRequired);
    assert_eq!(bench.no(&clerk(), "2026-02-13", 9, on_spot("name", "示例·甲")), Rule::NothingToCorrect);
    assert_eq!(bench.no(&clerk(), "2026-02-13", 9, on_spot("beside", "x")), Rule::NothingToCorrect);
    assert_eq!(bench.no(&clerk(), "2026-02-13", 9, on_spot("name", "")), Rule::FormInvalid);
    assert_eq!(bench.no(&applicant(), "2026-02-13", 9, on_spot("name", "示例·乙")), Rule::NotYourRole);
    assert_eq!(bench.no(&head(), "2026-02-13", 9, on_spot("name", "示例·乙")), Rule::NotYourRole);
    bench.go(&clerk(), "2026-02-13", 9, Command::Accept);
    assert_eq!(bench.no(&clerk(), "2026-02-13", 10, on_spot("name", "示例·乙")), Rule::WrongStep);
}

#[test]
fn art_32_4_without_a_term_the_applicant_may_take_their_time() {
    let mut bench = Bench::submitted();
    bench.go(&clerk(), "2026-02-13", 9, ask_correction());
    assert_eq!(wakes_at(&bench.definition, bench.case(), &bench.calendar), None);
    assert!(bench.lapse("2026-12-01", 9).is_empty());
    bench.go(&applicant(), "2026-12-01", 9, correct());
    assert_eq!(bench.days().0, "2026-12-08", "five days again, from the day it is whole");
}

#[test]
fn a_correction_term_that_runs_out_withdraws_where_the_procedure_says_so() {
    let silence = Some(ApplicantSilence::DeemedWithdrawn);
    let mut bench = Bench::received(made(|_, procedure| procedure.correction = Some(term(10, silence))));
    bench.go(&clerk(), "2026-02-13", 9, ask_correction());
    assert_eq!(bench.days().0, "2026-03-05");
    assert_eq!(
        bench.case().light(at("2026-03-05", 9), &bench.calendar),
        Light::Still,
        "the applicant's time"
    );
    assert!(bench.lapse("2026-03-05", 23).is_empty(), "the last day counts to its end");
    assert_eq!(bench.no(&applicant(), "2026-03-06", 0, correct()), Rule::AlreadyClosed);
    assert_eq!(bench.lapse("2026-03-06", 0), ["deemed-withdrawn", "closed"]);
    assert_eq!(bench.outcome(), Some(Outcome::DeemedWithdrawn));
    let rate = Command::Rate { level: 5, words: String::new() };
    assert_eq!(bench.no(&applicant(), "2026-03-06", 9, rate), Rule::NotRateable);
}

#[test]
fn a_correction_term_without_a_consequence_has_none() {
    let mut bench = Bench::received(made(|_, procedure| procedure.correction = Some(term(10, None))));
    bench.go(&clerk(), "2026-02-13", 9, ask_correction());
    assert!(bench.lapse("2026-06-01", 9).is_empty());
    bench.go(&applicant(), "2026-06-01", 9, correct());
    assert_eq!(bench.case().status, Status::Received);
}

#[test]
fn art_32_4_silence_after_a_correction_accepts_from_the_day_it_was_whole() {
    let mut bench = Bench::submitted();
    bench.go(&clerk(), "2026-02-13", 9, ask_correction());
    bench.go(&applicant(), "2026-02-24", 9, correct());
    assert_eq!(bench.days().0, "2026-03-02");
    assert_eq!(bench.lapse("2026-03-03", 0), ["deemed-accepted", "carded"]);
    assert_eq!(bench.case().accepted.as_ref().unwrap().from, day("2026-02-24"));
    assert_eq!(bench.case().clock.as_ref().unwrap().from, day("2026-02-24"));
}

#[test]
fn art_32_4_the_decision_clock_after_silence_counts_from_receipt_however_late_one_looks() {
    let mut bench = Bench::submitted();
    bench.lapse("2026-03-18", 9);
    let clock = bench.case().clock.clone().unwrap();
    assert_eq!(clock.kind, ClockKind::Decision);
    assert_eq!(bench.days(), ("2026-02-28".into(), Some("2026-03-18".into())));
}

#[test]
fn art_32_1_and_2_close_with_words_and_can_be_rated() {
    for command in
        [Command::NotNeeded { words: "无需许可".into() }, Command::NotOurs { words: "请到区局".into() }]
    {
        let mut bench = Bench::submitted();
        assert_eq!(bench.go(&clerk(), "2026-02-13", 9, command).last(), Some(&"closed"));
        bench.go(&applicant(), "2026-02-13", 10, Command::Rate { level: 4, words: String::new() });
    }
    let silent = Command::NotNeeded { words: String::new() };
    assert_eq!(Bench::submitted().no(&clerk(), "2026-02-13", 9, silent), Rule::ReasonsRequired);
}

#[test]
fn the_acceptance_of_a_withdrawn_application_never_comes() {
    let mut bench = Bench::submitted();
    bench.go(&applicant(), "2026-02-13", 9, withdraw());
    assert_eq!(bench.no(&casework::Actor::System, "2026-03-30", 9, Command::Lapse), Rule::AlreadyClosed);
    assert_eq!(wakes_at(&bench.definition, bench.case(), &bench.calendar), None);
}

#[test]
fn civil_code_203_what_arrives_after_the_cut_off_is_the_next_days() {
    for (hour, from, last) in [(16, "2026-02-12", "2026-02-26"), (18, "2026-02-13", "2026-02-27")] {
        let mut bench = Bench::new();
        bench.calendar = with_hours();
        bench.go(&applicant(), "2026-02-12", hour, Command::Submit(Box::new(submission())));
        let clock = bench.case().clock.clone().unwrap();
        assert_eq!((clock.from, clock.last_day), (day(from), day(last)), "handed in at {hour}");
        assert_eq!(clock.until, Some(Time::new(17, 0, 0, 0).unwrap()));
        assert!(bench.lapse(last, 16).is_empty());
        assert_eq!(bench.lapse(last, 17)[0], "deemed-accepted", "the day ends with its business hours");
        assert_eq!(bench.case().accepted.as_ref().unwrap().from, day(from));
    }
}

#[test]
fn civil_code_203_what_a_body_does_counts_on_the_day_it_is_done() {
    let mut bench = Bench::new();
    bench.calendar = with_hours();
    bench.go(&applicant(), "2026-02-12", 16, Command::Submit(Box::new(submission())));
    bench.go(&clerk(), "2026-02-13", 18, Command::Accept);
    let clock = bench.case().clock.clone().unwrap();
    assert_eq!(bench.case().accepted.as_ref().unwrap().from, day("2026-02-13"));
    assert_eq!((clock.from, clock.last_day), (day("2026-02-13"), day("2026-03-02")));
    let law = clock.legally_over_at(&bench.calendar);
    assert_eq!(
        law,
        bench.calendar.at(day("2026-03-19"), 17),
        "the law's last day ends with the desks as well"
    );
}

#[test]
fn an_application_after_hours_is_not_accepted_before_it_counts_as_received() {
    let mut bench = Bench::new();
    bench.calendar = with_hours();
    bench.go(&applicant(), "2026-02-12", 18, Command::Submit(Box::new(submission())));
    bench.go(&clerk(), "2026-02-12", 19, Command::Accept);
    assert_eq!(bench.case().accepted.as_ref().unwrap().from, day("2026-02-13"));
    assert_eq!(bench.days().0, "2026-03-02");
}

#[test]
fn a_form_is_judged_by_the_day_on_the_wall() {
    let definition = made(|item, _| {
        let kind = packs::FieldKind::Date { past: false, future: true };
        item.form.pages[0].fields.push(crate::given::field("from", kind, true));
    });
    let mut bench = Bench::of(definition);
    bench.calendar = with_hours();
    let mut given = submission();
    given.answers.insert("from".into(), "2026-02-21".into());
    // A Saturday in the holidays: what arrives counts on the 24th, but today is a day not past.
    bench.go(&applicant(), "2026-02-21", 10, Command::Submit(Box::new(given)));
    assert_eq!(bench.case().clock.as_ref().unwrap().from, day("2026-02-24"));
}

#[test]
fn a_quarter_of_a_working_day_is_measured_in_business_hours() {
    let quarter = |procedure: &mut packs::Procedure| {
        procedure.steps[0].within = Some(Within::Days(Limit::workday_quarters(1)));
    };
    let mut bench = Bench::of(made(|_, procedure| quarter(procedure)));
    bench.calendar = with_hours();
    bench.go(&applicant(), "2026-02-12", 10, Command::Submit(Box::new(submission())));
    let clock = bench.case().clock.clone().unwrap();
    assert_eq!((clock.last_day, clock.until), (day("2026-02-12"), Time::new(11, 30, 0, 0).ok()));
    assert!(bench.lapse("2026-02-12", 11).is_empty());
    assert_eq!(bench.lapse("2026-02-12", 12)[0], "deemed-accepted");

    let bench = Bench::received(made(|_, procedure| quarter(procedure)));
    assert_eq!(bench.days().0, "2026-02-13", "without business hours it is a whole day");
}

#[test]
fn a_promise_of_half_a_working_day_runs_before_the_law() {
    let mut bench = Bench::of(made(|item, _| item.promised = Some(Limit::workday_quarters(2))));
    bench.calendar = with_hours();
    bench.go(&applicant(), "2026-02-12", 10, Command::Submit(Box::new(submission())));
    bench.go(&clerk(), "2026-02-13", 10, Command::Accept);
    let clock = bench.case().clock.clone().unwrap();
    assert_eq!((clock.last_day, clock.until), (day("2026-02-13"), Time::new(15, 0, 0, 0).ok()));
    assert_eq!(clock.statutory_last_day, Some(day("2026-03-19")));
    assert_eq!(bench.case().light(at("2026-02-13", 15), &bench.calendar), Light::Red);
}

#[test]
fn while_the_applicant_is_asked_the_desk_has_nothing_to_do() {
    let mut bench = Bench::submitted();
    bench.go(&clerk(), "2026-02-13", 9, ask_correction());
    assert!(actions(&bench.definition, bench.case(), &clerk()).is_empty());
    let offered = actions(&bench.definition, bench.case(), &applicant());
    assert_eq!(offered, [Action::Correct, Action::Withdraw]);
    let short = Command::Correct { answers: BTreeMap::new(), materials: vec![], about: BTreeMap::new() };
    assert_eq!(bench.no(&applicant(), "2026-02-14", 9, short), Rule::FormInvalid);
}

/// Who the applicant is was vouched for when they signed in; a desk does not write it anew.
#[test]
fn a_citizen_number_is_not_put_right_on_the_spot() {
    let mut bench = Bench::received(made(|item, _| {
        item.form.pages[0].fields.push(field("number", FieldKind::CitizenNumber, false));
    }));
    let given = on_spot("number", "990000199001010016");
    assert_eq!(bench.no(&clerk(), "2026-02-13", 9, given), Rule::NothingToCorrect);
}
