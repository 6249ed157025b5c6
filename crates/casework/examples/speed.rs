//! How many commands a second one core decides and folds, over whole lives of a permit: handed in, accepted,
//! reviewed by two officers, granted and issued, delivered, rated. `speed [lives]` prints `name=value` lines.
#![expect(clippy::disallowed_methods, reason = "a measurement reads the clock")]

use std::path::PathBuf;
use std::time::Instant;

use casework::{
    Actor, Case, Channel, Command, Definition, Facts, Finding, Handed, Known, Officer, Submission, decide,
    evolve,
};
use domain::{CaseId, CaseNumber, Date, OfficerId, PersonId};
use packs::form::{self, SamplePerson};
use packs::{Answers, Role};
use uuid::Uuid;

type Failure = Box<dyn std::error::Error>;

/// A permit that two officers review, worked out by hand.
const ITEM: &str = "ex-small-restaurant";

fn main() -> Result<(), Failure> {
    let lives: u64 = std::env::args().nth(1).map_or(Ok(200_000), |n| n.parse())?;
    let packs = PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("../../packs");
    let loaded = packs::load(&[packs.join("cn"), packs.join("guangdong")]);
    let catalogue = loaded.catalogue.ok_or("the packs have errors")?;
    let item = catalogue.item(ITEM).ok_or("the item is gone")?.clone();
    let procedure = catalogue.procedure("permit").ok_or("the permit is gone")?.clone();
    let definition = Definition::new("bench@1".into(), item, procedure)?;
    let (commands, actors) = life(&definition);
    let begun = Instant::now();
    let (mut done, mut events) = (0_u64, 0_u64);
    for _ in 0..lives {
        let mut case: Option<Case> = None;
        for (command, actor) in commands.iter().zip(&actors) {
            let now = catalogue.calendar.at(Date::constant(2026, 3, 2), 9);
            let facts = Facts { now, actor, calendar: &catalogue.calendar, draw: 99 };
            let happened = decide(&definition, case.as_ref(), command.clone(), facts)?;
            for event in &happened {
                case = evolve(&definition, case, event);
            }
            done += 1;
            events += happened.len() as u64;
        }
        if case.is_none_or(|case| case.level != Some(1)) {
            return Err("a life did not reach its end".into());
        }
    }
    let seconds = begun.elapsed().as_secs_f64();
    println!("commands={done}\nevents={events}\nper_second={:.0}", done as f64 / seconds);
    Ok(())
}

fn life(definition: &Definition) -> (Vec<Command>, Vec<Actor>) {
    let item = &definition.item;
    let person = PersonId(Uuid::from_u128(1));
    let officer = |n: u128, role: Role| {
        Actor::Officer(Officer {
            id: OfficerId(Uuid::from_u128(n)),
            name: "示例·某".to_owned(),
            agency: item.agency.clone(),
            area: item.area.clone(),
            roles: vec![role],
            person: None,
        })
    };
    let today = Date::constant(2026, 3, 2);
    let sample = SamplePerson {
        name: "示例·甲".to_owned(),
        citizen_number: "990000199001010039".to_owned(),
        mobile: "13000000000".to_owned(),
        address: "示例路一号".to_owned(),
    };
    let handed = item.materials.iter().map(|material| Handed {
        material: material.id.clone(),
        files: vec!["0123456789abcdef".to_owned()],
        not_applicable: false,
        later: false,
    });
    let submission = Submission {
        case: CaseId(Uuid::from_u128(7)),
        number: CaseNumber::new(&item.area, today, 42),
        answers: form::sample(&item.form, today, &sample),
        materials: handed.collect(),
        about: Answers::new(),
        known: Known::default(),
    };
    let words = || "材料齐全，符合条件".to_owned();
    let review = || Command::Review { finding: Finding::Meets, words: words() };
    let steps = vec![
        (Command::Submit(Box::new(submission)), Actor::Applicant(person)),
        (Command::Accept, officer(1, Role::INTAKE)),
        (review(), officer(2, Role::REVIEW)),
        (review(), officer(3, Role::REVIEW)),
        (Command::Grant { words: words() }, officer(4, Role::DECIDE)),
        (Command::Deliver { channel: Channel::Wallet, words: String::new() }, Actor::System),
        (Command::Rate { level: 1, words: String::new() }, Actor::Applicant(person)),
    ];
    steps.into_iter().unzip()
}
