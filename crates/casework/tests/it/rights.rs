//! Who may do what.

use casework::{Action, Actor, Command, Finding, Officer, Rule, actions};
use packs::Role;

use crate::given::{
    APPLICANT, Bench, STRANGER, applicant, at, chief, clerk, colleague, deliver, head, officer, review,
};

fn as_officer(change: impl FnOnce(&mut Officer)) -> Actor {
    let Actor::Officer(mut officer) = clerk() else { unreachable!() };
    change(&mut officer);
    Actor::Officer(officer)
}

#[test]
fn an_officer_never_handles_their_own_case() {
    let mut bench = Bench::submitted();
    let own = as_officer(|o| o.person = Some(APPLICANT));
    assert_eq!(bench.when(&own, at("2026-02-13", 9), Command::Accept), Err(Rule::OwnCase));
    assert_eq!(bench.when(&own, at("2026-02-13", 9), Command::Claim), Err(Rule::OwnCase));
    assert!(actions(&bench.definition, bench.case(), &own).is_empty());
}

#[test]
fn another_agency_or_area_is_not_their_desk() {
    let mut bench = Bench::submitted();
    let elsewhere = as_officer(|o| o.agency = "A2".into());
    let other_area = as_officer(|o| o.area = "440100".parse().unwrap());
    for actor in [elsewhere, other_area] {
        assert_eq!(bench.when(&actor, at("2026-02-13", 9), Command::Accept), Err(Rule::NotYourDesk));
    }
}

#[test]
fn each_step_asks_for_its_role() {
    let mut bench = Bench::submitted();
    assert_eq!(bench.when(&head(), at("2026-02-13", 9), Command::Accept), Err(Rule::NotYourRole));
    let mut bench = Bench::reviewed();
    let grant = Command::Grant { words: String::new() };
    assert_eq!(bench.when(&clerk(), at("2026-02-25", 9), grant), Err(Rule::NotYourRole));
}

#[test]
fn steps_cannot_be_skipped() {
    let mut bench = Bench::submitted();
    let grant = Command::Grant { words: String::new() };
    let all = officer(110, &[Role::INTAKE, Role::REVIEW, Role::DECIDE]);
    assert_eq!(bench.when(&all, at("2026-02-13", 9), grant.clone()), Err(Rule::WrongStep));
    assert_eq!(bench.when(&all, at("2026-02-13", 9), review(Finding::Meets)), Err(Rule::WrongStep));
    bench.when(&all, at("2026-02-13", 9), Command::Accept).unwrap();
    assert_eq!(bench.when(&all, at("2026-02-13", 10), grant), Err(Rule::WrongStep));
    assert_eq!(bench.when(&Actor::System, at("2026-02-13", 9), deliver()), Err(Rule::WrongStep));
}

#[test]
fn a_claimed_case_is_left_alone_by_others() {
    let mut bench = Bench::submitted();
    let day = at("2026-02-13", 9);
    assert_eq!(bench.when(&clerk(), day, Command::Claim), Ok(vec!["claimed"]));
    assert_eq!(bench.when(&colleague(), day, Command::Claim), Err(Rule::ClaimedByOther));
    assert_eq!(bench.when(&colleague(), day, Command::Accept), Err(Rule::ClaimedByOther));
    assert_eq!(bench.when(&colleague(), day, Command::Release), Err(Rule::WrongStep));
    assert_eq!(bench.when(&clerk(), day, Command::Release), Ok(vec!["released"]));
    assert_eq!(bench.when(&colleague(), day, Command::Accept), Ok(vec!["accepted"]));
}

/// Somebody has left while the case was in their hands.
#[test]
fn the_head_gives_a_case_back_to_the_desk() {
    let mut bench = Bench::submitted();
    let day = at("2026-02-13", 9);
    assert_eq!(bench.when(&chief(), day, Command::Release), Err(Rule::WrongStep));
    assert_eq!(bench.when(&clerk(), day, Command::Claim), Ok(vec!["claimed"]));
    assert_eq!(bench.when(&chief(), day, Command::Accept), Err(Rule::NotYourRole));
    assert_eq!(bench.when(&chief(), day, Command::Release), Ok(vec!["released"]));
    assert_eq!(bench.when(&colleague(), day, Command::Accept), Ok(vec!["accepted"]));
}

#[test]
fn only_the_applicant_withdraws_corrects_and_rates() {
    let mut bench = Bench::submitted();
    for actor in [Actor::Applicant(STRANGER), clerk(), Actor::System] {
        let withdraw = Command::Withdraw { words: String::new() };
        assert_eq!(bench.when(&actor, at("2026-02-13", 9), withdraw), Err(Rule::NotYourCase));
    }
    let claim = bench.when(&applicant(), at("2026-02-13", 9), Command::Claim);
    assert_eq!(claim, Err(Rule::NotYourRole));
}

#[test]
fn a_closed_case_stays_closed() {
    let mut bench = Bench::submitted();
    let day = at("2026-02-13", 9);
    bench.when(&applicant(), day, Command::Withdraw { words: String::new() }).unwrap();
    assert_eq!(bench.when(&clerk(), day, Command::Accept), Err(Rule::AlreadyClosed));
    assert_eq!(
        bench.when(&applicant(), day, Command::Withdraw { words: String::new() }),
        Err(Rule::AlreadyClosed)
    );
}

#[test]
fn the_desk_offers_exactly_the_lawful_actions() {
    let bench = Bench::submitted();
    assert_eq!(
        actions(&bench.definition, bench.case(), &clerk()),
        [
            Action::Claim,
            Action::Accept,
            Action::CorrectOnSpot,
            Action::AskCorrection,
            Action::NotNeeded,
            Action::NotOurs,
            Action::RecordFee
        ]
    );
    assert_eq!(actions(&bench.definition, bench.case(), &applicant()), [Action::Withdraw]);
    let bench = Bench::reviewed();
    assert_eq!(
        actions(&bench.definition, bench.case(), &head()),
        [
            Action::Claim,
            Action::Grant,
            Action::Refuse,
            Action::Forward,
            Action::Suspend,
            Action::RecordFee,
            Action::Terminate
        ]
    );
}
