//! A small permit and its people.

use std::collections::BTreeMap;

use casework::{
    Actor, Case, Channel, Command, Definition, Event, Facts, Finding, Handed, Known, Officer, Rule,
    Submission, decide, evolve, replay,
};
use domain::{
    AreaCode, Calendar, CaseId, CaseNumber, Date, DayKind, Limit, OfficerId, PersonId, Text, Timestamp,
};
use packs::{
    Audience, Extend, Field, FieldKind, Form, Handling, ItemKind, Law, Level, Material, Otherwise, Page,
    Procedure, Role, ServiceItem, Special, Step, StepKind, Within,
};
use uuid::Uuid;

pub(crate) const APPLICANT: PersonId = PersonId(Uuid::from_u128(1));
pub(crate) const STRANGER: PersonId = PersonId(Uuid::from_u128(2));
pub(crate) const CASE: CaseId = CaseId(Uuid::from_u128(77));

pub(crate) fn step(kind: StepKind, desk: Option<Role>, officers: u8, within: Option<Within>) -> Step {
    Step { desk, officers, within, ..Step::new(kind) }
}

pub(crate) fn definition() -> Definition {
    made(|_, _| {})
}

/// The permit, changed.
pub(crate) fn made(change: impl FnOnce(&mut ServiceItem, &mut Procedure)) -> Definition {
    let mut intake = step(StepKind::Intake, Some(Role::INTAKE), 1, Some(Within::Days(Limit::workdays(5))));
    intake.otherwise = Some(Otherwise::DeemedAccepted);
    let mut procedure = Procedure {
        procedure: "permit".into(),
        title: Text::zh("行政许可"),
        law: Law { act: Text::zh("行政许可法"), article: None },
        steps: vec![
            intake,
            step(StepKind::Review, Some(Role::REVIEW), 2, Some(Within::ItemLimit)),
            step(StepKind::Decide, Some(Role::DECIDE), 1, Some(Within::ItemLimit)),
            step(StepKind::Issue, None, 1, Some(Within::Days(Limit::workdays(10)))),
            step(StepKind::Deliver, None, 1, None),
        ],
        remedies: Text::zh("六十日内申请行政复议"),
        suspends: Special::ALL.to_vec(),
        extend: Some(Extend { desk: Role::HEAD, up_to: Limit::workdays(10) }),
        correction: None,
        owed: None,
        forwards: true,
        renewal: None,
        origin: BTreeMap::new(),
    };
    let mut item = item();
    change(&mut item, &mut procedure);
    Definition::new("test@0.1.0".into(), item, procedure).unwrap()
}

/// A question.
pub(crate) fn field(name: &str, kind: FieldKind, required: bool) -> Field {
    let title = Text::zh(name);
    Field {
        name: name.into(),
        title,
        help: None,
        kind,
        required,
        prefill: None,
        show_when: None,
        sensitive: false,
    }
}

fn item() -> ServiceItem {
    let text = |name: &str| field(name, FieldKind::Text { min: 1, max: 50, multiline: false }, true);
    ServiceItem {
        code: "test-item".into(),
        name: Text::zh("测试许可"),
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
        materials: vec![
            Material {
                id: "m1".into(),
                name: Text::zh("身份证"),
                note: None,
                required: Some(true),
                later: false,
                certificate: None,
            },
            Material {
                id: "m2".into(),
                name: Text::zh("委托书"),
                note: None,
                required: None,
                later: false,
                certificate: None,
            },
        ],
        fee: None,
        law: vec![],
        windows: vec![],
        co_agencies: None,
        system: None,
        handling: Handling::Online { procedure: "permit".into() },
        form: Form {
            pages: vec![Page { id: "p1".into(), title: Text::zh("一"), fields: vec![text("name")] }],
        },
        worked_example: false,
        rules: None,
        entitlement: false,
        real_name: 3,
        certificate: None,
        consent: None,
    }
}

pub(crate) fn area() -> AreaCode {
    "440000".parse().unwrap()
}

/// The official holidays that the tests run into.
pub(crate) fn calendar() -> Calendar {
    let holiday = |day: &str| (day.parse::<Date>().unwrap(), DayKind::Holiday);
    let worked = |day: &str| (day.parse::<Date>().unwrap(), DayKind::MakeupWorkday);
    let mut days: Vec<_> = (15..=23).map(|d| holiday(&format!("2026-02-{d}"))).collect();
    days.extend([worked("2026-02-14"), worked("2026-02-28"), holiday("2027-01-01")]);
    Calendar::new(days, 8 * 3600).unwrap()
}

pub(crate) fn at(day: &str, hour: i8) -> Timestamp {
    calendar().at(day.parse().unwrap(), hour)
}

pub(crate) fn officer(number: u128, roles: &[Role]) -> Actor {
    Actor::Officer(Officer {
        id: OfficerId(Uuid::from_u128(number)),
        name: format!("示例·{number}"),
        agency: "A1".into(),
        area: area(),
        roles: roles.to_vec(),
        person: None,
    })
}

pub(crate) fn clerk() -> Actor {
    officer(101, &[Role::INTAKE, Role::REVIEW])
}

pub(crate) fn colleague() -> Actor {
    officer(102, &[Role::INTAKE, Role::REVIEW])
}

pub(crate) fn head() -> Actor {
    officer(103, &[Role::DECIDE])
}

/// The head of the body.
pub(crate) fn chief() -> Actor {
    officer(104, &[Role::HEAD])
}

pub(crate) fn applicant() -> Actor {
    Actor::Applicant(APPLICANT)
}

pub(crate) fn handed() -> Vec<Handed> {
    vec![
        Handed {
            material: "m1".into(),
            files: vec!["f1".into()],
            not_applicable: false,
            later: false,
            proven: false,
        },
        Handed { material: "m2".into(), files: vec![], not_applicable: true, later: false, proven: false },
    ]
}

pub(crate) fn submission() -> Submission {
    Submission {
        case: CASE,
        number: CaseNumber::new(&area(), "2026-02-12".parse().unwrap(), 42),
        answers: BTreeMap::from([("name".to_owned(), "示例·甲".to_owned())]),
        materials: handed(),
        about: BTreeMap::from([("m2".to_owned(), "本人办理".to_owned())]),
        known: Known::default(),
    }
}

pub(crate) fn grant() -> Command {
    Command::Grant { words: String::new() }
}

pub(crate) fn refuse() -> Command {
    Command::Refuse {
        reason: casework::RefusalReason::ConditionsNotMet,
        words: "经营面积不足，不符合第五条".into(),
    }
}

pub(crate) fn withdraw() -> Command {
    Command::Withdraw { words: String::new() }
}

/// Words about one thing.
pub(crate) fn about(name: &str, words: &str) -> BTreeMap<String, String> {
    BTreeMap::from([(name.to_owned(), words.to_owned())])
}

pub(crate) fn ask_correction() -> Command {
    Command::AskCorrection { about: about("m1", "照片不清楚") }
}

pub(crate) fn correct() -> Command {
    Command::Correct { answers: submission().answers, materials: handed(), about: BTreeMap::new() }
}

pub(crate) fn suspend(kind: Special, needed: Option<Limit>) -> Command {
    Command::Suspend { kind, needed, words: "依法需要时间".into() }
}

pub(crate) fn resume() -> Command {
    Command::Resume { words: "已有结论".into() }
}

pub(crate) fn extend(limit: Limit) -> Command {
    Command::Extend { limit, words: "案情复杂".into() }
}

pub(crate) fn review(finding: Finding) -> Command {
    Command::Review { finding, words: "核对无误".into() }
}

/// The result arrives on the applicant's own pages.
pub(crate) fn deliver() -> Command {
    Command::Deliver { channel: Channel::Wallet, words: String::new() }
}

/// A case under test: commands go in, events fold, refusals come out.
pub(crate) struct Bench {
    pub(crate) definition: Definition,
    pub(crate) calendar: Calendar,
    pub(crate) case: Option<Case>,
    pub(crate) events: Vec<Event>,
    /// What chance says, for the sample.
    pub(crate) draw: u64,
}

impl Bench {
    pub(crate) fn new() -> Self {
        Self::of(definition())
    }

    pub(crate) fn of(definition: Definition) -> Self {
        Self { definition, calendar: calendar(), case: None, events: vec![], draw: 99 }
    }

    /// A case of this definition, received on 2026-02-12 at ten.
    pub(crate) fn received(definition: Definition) -> Self {
        let mut bench = Self::of(definition);
        bench.go(&applicant(), "2026-02-12", 10, Command::Submit(Box::new(submission())));
        bench
    }

    /// …and accepted the next morning.
    pub(crate) fn taken(definition: Definition) -> Self {
        let mut bench = Self::received(definition);
        bench.go(&clerk(), "2026-02-13", 9, Command::Accept);
        bench
    }

    /// …and found good by two officers.
    pub(crate) fn found_good(definition: Definition) -> Self {
        let mut bench = Self::taken(definition);
        bench.go(&clerk(), "2026-02-24", 9, review(Finding::Meets));
        bench.go(&colleague(), "2026-02-24", 10, review(Finding::Meets));
        bench
    }

    /// A case received on 2026-02-12 at ten.
    pub(crate) fn submitted() -> Self {
        let mut bench = Self::new();
        bench.when(&applicant(), at("2026-02-12", 10), Command::Submit(Box::new(submission()))).unwrap();
        bench
    }

    /// …and accepted the next morning.
    pub(crate) fn accepted() -> Self {
        let mut bench = Self::submitted();
        bench.when(&clerk(), at("2026-02-13", 9), Command::Accept).unwrap();
        bench
    }

    /// …and reviewed by two officers.
    pub(crate) fn reviewed() -> Self {
        let mut bench = Self::accepted();
        bench.when(&clerk(), at("2026-02-24", 9), review(Finding::Meets)).unwrap();
        bench.when(&colleague(), at("2026-02-24", 10), review(Finding::Meets)).unwrap();
        bench
    }

    /// Gives a command that must be lawful.
    #[track_caller]
    pub(crate) fn go(&mut self, actor: &Actor, day: &str, hour: i8, command: Command) -> Vec<&'static str> {
        let said = format!("{command:?}");
        match self.when(actor, at(day, hour), command) {
            Ok(ids) => ids,
            Err(rule) => panic!("{said} on {day} was refused: {rule:?}"),
        }
    }

    /// Gives a command that must be refused, and says by which rule.
    #[track_caller]
    pub(crate) fn no(&mut self, actor: &Actor, day: &str, hour: i8, command: Command) -> Rule {
        let said = format!("{command:?}");
        match self.when(actor, at(day, hour), command) {
            Ok(ids) => panic!("{said} on {day} was lawful: {ids:?}"),
            Err(rule) => rule,
        }
    }

    /// Lets clocks take effect, as the worker does.
    #[track_caller]
    pub(crate) fn lapse(&mut self, day: &str, hour: i8) -> Vec<&'static str> {
        self.go(&Actor::System, day, hour, Command::Lapse)
    }

    /// The last day of the clock in front, and the law's where it is later.
    #[track_caller]
    pub(crate) fn days(&self) -> (String, Option<String>) {
        let clock = self.case().clock.as_ref().expect("no clock runs");
        (clock.last_day.to_string(), clock.statutory_last_day.map(|day| day.to_string()))
    }

    /// How it ended.
    pub(crate) fn outcome(&self) -> Option<casework::Outcome> {
        match self.case().status {
            casework::Status::Closed(outcome) => Some(outcome),
            _ => None,
        }
    }

    /// The cards it earned.
    pub(crate) fn cards(&self) -> Vec<casework::CardRule> {
        let card = |event: &Event| match event.what {
            casework::What::Carded { card } => Some(card),
            _ => None,
        };
        self.events.iter().filter_map(card).collect()
    }

    /// Gives a command and folds what follows; the ids of the new events, or the rule.
    pub(crate) fn when(
        &mut self,
        actor: &Actor,
        now: Timestamp,
        command: Command,
    ) -> Result<Vec<&'static str>, Rule> {
        let facts = Facts { now, actor, calendar: &self.calendar, draw: self.draw };
        let events = decide(&self.definition, self.case.as_ref(), command, facts).map_err(|r| r.rule)?;
        for event in &events {
            self.case = evolve(&self.definition, self.case.take(), event);
        }
        let ids = events.iter().map(|event| event.what.id()).collect();
        self.events.extend(events);
        Ok(ids)
    }

    /// The case, folded anew from its events.
    pub(crate) fn replayed(&self) -> Option<Case> {
        replay(|_| Some(&self.definition), &self.events)
    }

    pub(crate) fn case(&self) -> &Case {
        self.case.as_ref().unwrap()
    }
}
