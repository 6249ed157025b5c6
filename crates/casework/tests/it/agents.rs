//! Somebody acts for the applicant: what they may, what the record says, and what they are kept from.

use casework::{Action, Actor, Agent, By, Case, Command, Event, Officer, Rule, actions};
use uuid::Uuid;

use crate::given::{APPLICANT, Bench, STRANGER, applicant, at, clerk, submission};

const AGENT: Agent = Agent { principal: APPLICANT, agent: STRANGER, tie: Uuid::from_u128(5) };

fn submitted_by(actor: &Actor) -> Bench {
    let mut bench = Bench::new();
    bench.go(actor, "2026-02-12", 10, Command::Submit(Box::new(submission())));
    bench
}

fn withdraw() -> Command {
    Command::Withdraw { words: String::new() }
}

#[test]
fn an_agent_may_what_the_applicant_may_and_is_named() {
    let agent = Actor::Agent(AGENT);
    let mut bench = submitted_by(&agent);
    assert_eq!(bench.case().applicant, APPLICANT);
    assert_eq!(
        actions(&bench.definition, bench.case(), &agent),
        actions(&bench.definition, bench.case(), &applicant())
    );
    bench.go(&agent, "2026-02-13", 9, withdraw());
    let by = |event: &Event| event.by.clone();
    assert_eq!(bench.events.iter().map(by).collect::<Vec<_>>()[..2], [By::Agent(AGENT), By::Agent(AGENT)]);
    assert_eq!(bench.case().agents, [STRANGER], "named once");
    assert_eq!(bench.replayed().as_ref(), bench.case.as_ref());
}

#[test]
fn an_agent_of_somebody_else_may_nothing() {
    let mut bench = Bench::submitted();
    let other = Actor::Agent(Agent { principal: STRANGER, agent: APPLICANT, ..AGENT });
    assert_eq!(bench.no(&other, "2026-02-13", 9, withdraw()), Rule::NotYourCase);
    assert_eq!(bench.no(&other, "2026-02-13", 9, Command::Accept), Rule::NotYourRole);
    assert_eq!(actions(&bench.definition, bench.case(), &other), Vec::<Action>::new());
}

/// 公务员法 art. 76: whoever acted for the applicant handles nothing of it, even when the tie is gone.
#[test]
fn who_acted_for_the_applicant_is_not_its_officer() {
    let Actor::Officer(officer) = clerk() else { unreachable!() };
    let both = Actor::Officer(Officer { person: Some(STRANGER), ..officer });
    let mut bench = submitted_by(&Actor::Agent(AGENT));
    assert_eq!(bench.no(&both, "2026-02-13", 9, Command::Accept), Rule::OwnCase);
    let mut own = Bench::submitted();
    own.when(&both, at("2026-02-13", 9), Command::Accept).unwrap();
}

#[test]
fn the_record_keeps_both_by_ids_alone() {
    let bench = submitted_by(&Actor::Agent(AGENT));
    let line = serde_json::to_string(&bench.events[0].by).unwrap();
    let id = |n: u32| format!("00000000-0000-0000-0000-{n:012}");
    let (principal, agent, tie) = (id(1), id(2), id(5));
    assert_eq!(
        line,
        format!(r#"{{"who":"agent","principal":"{principal}","agent":"{agent}","tie":"{tie}"}}"#)
    );
    assert_eq!(serde_json::from_str::<By>(&line).unwrap(), bench.events[0].by);
    let view = serde_json::to_string(bench.case()).unwrap();
    assert_eq!(serde_json::from_str::<Case>(&view).unwrap().agents, bench.case().agents);
}
