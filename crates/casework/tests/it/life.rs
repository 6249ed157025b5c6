//! From application to rating.

use casework::{Command, Finding, Outcome, RefusalReason, Rule, Status};

use crate::given::{
    Bench, about, applicant, at, clerk, colleague, correct, deliver, head, review, submission,
};

#[test]
fn a_permit_from_application_to_rating() {
    let mut bench = Bench::reviewed();
    let day = at("2026-02-25", 9);
    assert_eq!(
        bench.when(&head(), day, Command::Grant { words: String::new() }),
        Ok(vec!["granted", "issued"])
    );
    assert_eq!(bench.case().status, Status::Delivering);
    assert_eq!(bench.case().document.as_deref(), Some(format!("{}-R1", bench.case().number).as_str()));
    let system = casework::Actor::System;
    assert_eq!(bench.when(&system, day, deliver()), Ok(vec!["delivered", "closed"]));
    assert_eq!(bench.case().status, Status::Closed(Outcome::Granted));
    let rate = Command::Rate { level: 1, words: "很快".into() };
    assert_eq!(bench.when(&applicant(), day, rate.clone()), Ok(vec!["rated"]));
    assert_eq!(bench.when(&applicant(), day, rate), Err(Rule::AlreadyRated));
}

#[test]
fn the_state_is_the_fold_of_the_events() {
    let bench = Bench::reviewed();
    assert_eq!(bench.replayed().as_ref(), bench.case.as_ref());
    assert_eq!(bench.case().seq, i64::try_from(bench.events.len()).unwrap());
}

#[test]
fn without_its_private_parts_a_history_folds_to_the_same_view() {
    let mut bench = Bench::reviewed();
    for event in &mut bench.events {
        event.private = None;
    }
    let bare = bench.replayed().unwrap();
    assert!(bare.answers.is_empty());
    assert_eq!(serde_json::to_value(&bare).unwrap(), serde_json::to_value(bench.case()).unwrap());
}

#[test]
fn what_is_missing_is_asked_for_once() {
    let mut bench = Bench::submitted();
    let day = at("2026-02-13", 9);
    let ask = Command::AskCorrection { about: about("m1", "照片不清楚") };
    assert_eq!(bench.when(&clerk(), day, ask.clone()), Ok(vec!["correction-asked"]));
    assert_eq!(bench.case().clock, None, "the clock stops while the applicant is asked");
    assert_eq!(bench.when(&clerk(), day, Command::Accept), Err(Rule::WaitsForApplicant));
    assert_eq!(bench.when(&applicant(), at("2026-02-24", 9), correct()), Ok(vec!["corrected"]));
    assert!(bench.case().clock.is_some());
    assert_eq!(bench.when(&clerk(), at("2026-02-24", 10), ask), Err(Rule::AlreadyCorrectedOnce));
    assert_eq!(bench.when(&clerk(), at("2026-02-24", 11), Command::Accept), Ok(vec!["accepted"]));
}

#[test]
fn a_correction_notice_says_what_is_wrong() {
    let mut bench = Bench::submitted();
    let empty = Command::AskCorrection { about: about("m1", "  ") };
    assert_eq!(bench.when(&clerk(), at("2026-02-13", 9), empty), Err(Rule::ReasonsRequired));
    // names stand in clear on the record: nobody may write there
    let forged = Command::AskCorrection { about: about("示例·某人的证件号码", "请重拍") };
    assert_eq!(bench.when(&clerk(), at("2026-02-13", 9), forged), Err(Rule::ReasonsRequired));
    assert_eq!(bench.when(&applicant(), at("2026-02-13", 9), correct()), Err(Rule::NothingToCorrect));
}

#[test]
fn not_needed_and_not_ours_end_the_case_with_words() {
    for (command, outcome) in [
        (Command::NotNeeded { words: "无需许可".into() }, Outcome::NotNeeded),
        (Command::NotOurs { words: "请到市公安局".into() }, Outcome::NotOurs),
    ] {
        let mut bench = Bench::submitted();
        bench.when(&clerk(), at("2026-02-13", 9), command).unwrap();
        assert_eq!(bench.case().status, Status::Closed(outcome));
    }
    let silent = Command::NotOurs { words: " ".into() };
    assert_eq!(Bench::submitted().when(&clerk(), at("2026-02-13", 9), silent), Err(Rule::ReasonsRequired));
}

#[test]
fn two_different_officers_review() {
    let mut bench = Bench::accepted();
    let day = at("2026-02-24", 9);
    bench.when(&clerk(), day, review(Finding::Meets)).unwrap();
    assert_eq!(bench.case().status, Status::InReview);
    assert_eq!(bench.when(&clerk(), day, review(Finding::Meets)), Err(Rule::SameOfficerTwice));
    bench.when(&colleague(), day, review(Finding::DoesNotMeet)).unwrap();
    assert_eq!(bench.case().status, Status::AwaitingDecision);
}

#[test]
fn a_refusal_gives_reasons() {
    let mut bench = Bench::accepted();
    bench.go(&clerk(), "2026-02-24", 9, review(Finding::DoesNotMeet));
    bench.go(&colleague(), "2026-02-24", 10, review(Finding::Meets));
    let refuse =
        |words: &str| Command::Refuse { reason: RefusalReason::ConditionsNotMet, words: words.into() };
    assert_eq!(bench.when(&head(), at("2026-02-25", 9), refuse("")), Err(Rule::ReasonsRequired));
    assert_eq!(
        bench.when(&head(), at("2026-02-25", 9), refuse("营业不满一年，不符合第五条")),
        Ok(vec!["refused", "closed"])
    );
    assert_eq!(bench.case().status, Status::Closed(Outcome::Refused));
}

#[test]
fn an_applicant_withdraws_until_the_decision() {
    let mut bench = Bench::reviewed();
    bench.when(&applicant(), at("2026-02-24", 11), Command::Withdraw { words: String::new() }).unwrap();
    assert_eq!(bench.case().status, Status::Closed(Outcome::Withdrawn));
    let rate = Command::Rate { level: 3, words: String::new() };
    assert_eq!(bench.when(&applicant(), at("2026-02-24", 12), rate), Err(Rule::NotRateable));

    let mut bench = Bench::reviewed();
    bench.when(&head(), at("2026-02-25", 9), Command::Grant { words: String::new() }).unwrap();
    let late = bench.when(&applicant(), at("2026-02-25", 10), Command::Withdraw { words: String::new() });
    assert_eq!(late, Err(Rule::AlreadyDecided));
}

#[test]
fn an_application_lacks_nothing() {
    let mut bench = Bench::new();
    let mut without_answer = submission();
    without_answer.answers.clear();
    let mut without_file = submission();
    without_file.materials.remove(0);
    let mut waived = submission();
    waived.materials[0] =
        casework::Handed { files: vec![], not_applicable: true, ..waived.materials[0].clone() };
    let mut beyond = submission();
    beyond.materials.push(casework::Handed {
        material: "m9".into(),
        files: vec!["f".into()],
        not_applicable: false,
        later: false,
        proven: false,
    });
    for (given, rule) in [
        (without_answer, Rule::FormInvalid),
        (without_file, Rule::MaterialsMissing),
        (waived, Rule::MaterialsMissing),
        (beyond, Rule::MaterialsMissing),
    ] {
        let result = bench.when(&applicant(), at("2026-02-12", 10), Command::Submit(Box::new(given)));
        assert_eq!(result, Err(rule));
    }
    assert!(bench.events.is_empty(), "a refused application leaves nothing behind");
}
