//! How many commands a core decides and folds: a normal life, again and again, for some seconds.
//!
//! `cargo run --release -p casework --example speed [SECONDS]` prints one line of JSON.
#![expect(clippy::unwrap_used, reason = "a measurement may stop with what went wrong")]
#![expect(clippy::disallowed_methods, reason = "time is what it measures")]

use std::collections::BTreeMap;
use std::hint::black_box;
use std::time::{Duration, Instant};

use casework::{
    Actor, Case, Channel, Command, Definition, Event, Facts, Finding, Handed, Known, Officer, Submission,
    decide, evolve,
};
use domain::{
    AreaCode, Calendar, CaseId, CaseNumber, Date, DayKind, Limit, OfficerId, PersonId, Text, Timestamp,
};
use packs::{
    Audience, Field, FieldKind, Form, Handling, ItemKind, Law, Level, Material, Otherwise, Page, Procedure,
    Role, ServiceItem, Step, StepKind, Within,
};
use uuid::Uuid;

const APPLICANT: PersonId = PersonId(Uuid::from_u128(1));

fn main() {
    let seconds = std::env::args().nth(1).and_then(|text| text.parse().ok()).unwrap_or(3);
    let world = World::new();
    let life = world.life();
    let commands = life.len() as u64;
    let (mut lives, mut events) = (0_u64, 0_u64);
    let until = Duration::from_secs(seconds);
    let start = Instant::now();
    while start.elapsed() < until {
        for _ in 0..64 {
            events += world.live(&life);
        }
        lives += 64;
    }
    let spent = start.elapsed().as_secs_f64();
    let rate = |count: u64| (count as f64 / spent) as u64;
    println!("commands={}\nper_second={}", lives * commands, rate(lives * commands));
    println!("events_per_second={}\nlives_per_second={}", rate(events), rate(lives));
}

/// What a life needs besides its commands.
struct World {
    definition: Definition,
    calendar: Calendar,
}

type Turn = (Actor, Timestamp, Command);

impl World {
    fn new() -> Self {
        let holiday = |day: i8| (Date::constant(2026, 2, day), DayKind::Holiday);
        let mut days: Vec<_> = (15..=23).map(holiday).collect();
        days.push((Date::constant(2026, 2, 28), DayKind::MakeupWorkday));
        let calendar = Calendar::new(days, 8 * 3600).unwrap();
        Self { definition: Definition::new("speed@1.0.0".into(), item(), procedure()).unwrap(), calendar }
    }

    /// Apply, accept, two reviews, grant, deliver, rate.
    fn life(&self) -> Vec<Turn> {
        let at = |day: &str, hour| self.calendar.at(day.parse().unwrap(), hour);
        let review =
            || Command::Review { finding: Finding::Meets, words: "材料齐全，核对无误".into() };
        let desk = |number, roles: &[Role]| officer(number, roles);
        vec![
            (Actor::Applicant(APPLICANT), at("2026-02-12", 10), Command::Submit(Box::new(submission()))),
            (desk(101, &[Role::INTAKE]), at("2026-02-13", 9), Command::Accept),
            (desk(102, &[Role::REVIEW]), at("2026-02-24", 9), review()),
            (desk(103, &[Role::REVIEW]), at("2026-02-24", 10), review()),
            (desk(104, &[Role::DECIDE]), at("2026-02-25", 9), Command::Grant { words: String::new() }),
            (
                Actor::System,
                at("2026-02-25", 10),
                Command::Deliver { channel: Channel::Wallet, words: String::new() },
            ),
            (
                Actor::Applicant(APPLICANT),
                at("2026-02-26", 9),
                Command::Rate { level: 1, words: "很快".into() },
            ),
        ]
    }

    /// How many events one life writes.
    fn live(&self, life: &[Turn]) -> u64 {
        let mut case: Option<Case> = None;
        let mut count = 0;
        for (actor, now, command) in life {
            let facts = Facts { now: *now, actor, calendar: &self.calendar, draw: 0 };
            let events: Vec<Event> = decide(&self.definition, case.as_ref(), command.clone(), facts).unwrap();
            for event in &events {
                case = evolve(&self.definition, case, event);
            }
            count += events.len() as u64;
            black_box(&events);
        }
        count
    }
}

fn officer(number: u128, roles: &[Role]) -> Actor {
    Actor::Officer(Officer {
        id: OfficerId(Uuid::from_u128(number)),
        name: format!("示例·{number}"),
        agency: "A1".into(),
        area: area(),
        roles: roles.to_vec(),
        person: None,
    })
}

fn area() -> AreaCode {
    "440000".parse().unwrap()
}

fn submission() -> Submission {
    let handed = |material: &str| Handed {
        material: material.into(),
        files: vec![format!("file-{material}")],
        not_applicable: false,
        later: false,
        proven: false,
    };
    let answers = ["name", "address", "business", "phone"]
        .map(|name| (name.to_owned(), "示例·陈晓明，示例路十二号".to_owned()));
    Submission {
        case: CaseId(Uuid::from_u128(77)),
        number: CaseNumber::new(&area(), Date::constant(2026, 2, 12), 42),
        answers: BTreeMap::from(answers),
        materials: vec![handed("m1"), handed("m2")],
        about: BTreeMap::new(),
        known: Known::default(),
    }
}

fn procedure() -> Procedure {
    let step = |kind, desk, within| Step { desk, within, ..Step::new(kind) };
    let days = |days| Some(Within::Days(Limit::workdays(days)));
    let mut intake = step(StepKind::Intake, Some(Role::INTAKE), days(5));
    intake.otherwise = Some(Otherwise::DeemedAccepted);
    let mut review = step(StepKind::Review, Some(Role::REVIEW), Some(Within::ItemLimit));
    review.officers = 2;
    Procedure {
        procedure: "permit".into(),
        title: Text::zh("行政许可"),
        law: Law { act: Text::zh("行政许可法"), article: None },
        steps: vec![
            intake,
            review,
            step(StepKind::Decide, Some(Role::DECIDE), Some(Within::ItemLimit)),
            step(StepKind::Issue, None, days(10)),
            step(StepKind::Deliver, None, None),
        ],
        remedies: Text::zh("六十日内申请行政复议"),
        suspends: vec![],
        extend: None,
        correction: None,
        owed: None,
        forwards: false,
        renewal: None,
        origin: BTreeMap::new(),
    }
}

fn item() -> ServiceItem {
    let field = |name: &str| Field {
        name: name.into(),
        title: Text::zh(name),
        help: None,
        kind: FieldKind::Text { min: 1, max: 50, multiline: false },
        required: true,
        prefill: None,
        show_when: None,
        sensitive: false,
    };
    let material = |id: &str| Material {
        id: id.into(),
        name: Text::zh(id),
        note: None,
        required: Some(true),
        later: false,
        certificate: None,
    };
    let fields = ["name", "address", "business", "phone"].map(field).to_vec();
    ServiceItem {
        code: "speed-item".into(),
        name: Text::zh("测速许可"),
        common_names: vec![],
        summary: None,
        kind: ItemKind::Permit,
        agency: "A1".into(),
        area: area(),
        level: Level::Province,
        parent: None,
        audiences: vec![Audience::Person],
        themes: vec![],
        visits: 0,
        express: None,
        statutory: Some(Limit::workdays(20)),
        promised: Some(Limit::workdays(7)),
        conditions: None,
        materials: ["m1", "m2"].map(material).to_vec(),
        fee: None,
        law: vec![],
        windows: vec![],
        co_agencies: None,
        system: None,
        handling: Handling::Online { procedure: "permit".into() },
        form: Form { pages: vec![Page { id: "p1".into(), title: Text::zh("一"), fields }] },
        worked_example: false,
        rules: None,
        entitlement: false,
        real_name: 3,
        certificate: None,
        consent: None,
    }
}
