//! 秒批: steps that the item's decision model takes, and what it leaves to people (个人信息保护法 art. 24).

use casework::{
    Actor, By, CardRule, Command, Definition, Event, Finding, Handed, Known, Outcome, RefusalReason,
    ReopenGround, Rule, RuleVerdict, Status, What,
};
use packs::{FieldKind, ItemRules};

use crate::given::{
    Bench, about, applicant, ask_correction, chief, clerk, correct, deliver, field, grant, handed, head,
    made, refuse, review, submission,
};

/// A rule: what the name is, the age, the outcome and its ground.
pub(crate) type Row<'a> = (&'a str, &'a str, &'a str, &'a str);

const GRANT: Row<'_> = ("-", ">= 60", "\"grant\"", "null");

pub(crate) fn table(hit: &str, rows: &[Row<'_>]) -> String {
    let cell = |text: &str| format!("<text>{}</text>", text.replace('<', "&lt;"));
    let input = |expression: &str, kind: &str| {
        format!("<input><inputExpression typeRef=\"{kind}\">{}</inputExpression></input>", cell(expression))
    };
    let mut text = format!("<decisionTable hitPolicy=\"{hit}\">");
    text += &input("form.name", "string");
    text += &input("applicant.age", "number");
    text += "<output name=\"outcome\"/><output name=\"reason\"/>";
    text += "<annotation name=\"zh\"/><annotation name=\"en\"/>";
    for (name, age, outcome, reason) in rows {
        let inputs = [name, age].map(|text| format!("<inputEntry>{}</inputEntry>", cell(text))).concat();
        let outputs =
            [outcome, reason].map(|text| format!("<outputEntry>{}</outputEntry>", cell(text))).concat();
        let words = "<annotationEntry><text>年满六十周岁</text></annotationEntry>\
                     <annotationEntry><text>Sixty years old</text></annotationEntry>";
        text += &format!("<rule>{inputs}{outputs}{words}</rule>");
    }
    text + "</decisionTable>"
}

pub(crate) fn model(logic: &str) -> String {
    let names = ["form", "applicant", "materials", "today"];
    let inputs = names.map(|name| {
        format!("<inputData id=\"in-{name}\" name=\"{name}\"><variable name=\"{name}\"/></inputData>")
    });
    let needs = names.map(|name| {
        format!("<informationRequirement><requiredInput href=\"#in-{name}\"/></informationRequirement>")
    });
    format!(
        "<definitions xmlns=\"https://www.omg.org/spec/DMN/20191111/MODEL/\" id=\"d\" name=\"示例\" \
         namespace=\"urn:example\">{}<decision id=\"card\" name=\"card\"><variable name=\"card\"/>{}{logic}\
         </decision></definitions>",
        inputs.concat(),
        needs.concat()
    )
}

/// All three desks are asked of the model first.
fn instant(xml: String, sample_percent: u8) -> Definition {
    made(|item, procedure| {
        item.rules = Some(ItemRules { file: "rules/card.dmn".into(), xml, sample_percent, lot_plan: None });
        item.materials[1].later = true;
        for step in &mut procedure.steps[..3] {
            step.rules = true;
        }
    })
}

pub(crate) fn aged(born: &str) -> casework::Submission {
    let known = Known { born: born.parse().ok(), sex: None, level: Some(4), provider: None };
    casework::Submission { known, ..submission() }
}

fn submit(bench: &mut Bench, given: casework::Submission) -> Vec<&'static str> {
    bench.go(&applicant(), "2026-02-12", 10, Command::Submit(Box::new(given)))
}

fn rulings(bench: &Bench) -> Vec<&Event> {
    bench.events.iter().filter(|event| event.what.id() == "ruled").collect()
}

#[test]
fn what_the_model_grants_is_granted_in_one_breath_and_explained() {
    let mut bench = Bench::of(instant(model(&table("UNIQUE", &[GRANT])), 0));
    let said = submit(&mut bench, aged("1966-02-12"));
    assert_eq!(said, ["submitted", "ruled", "accepted", "ruled", "reviewed", "ruled", "granted", "issued"]);
    assert!(bench.events[1..].iter().all(|event| event.by == By::System), "the engine decided, and says so");
    let ruled = rulings(&bench)[2];
    let What::Ruled { step, model, definition, verdict, rules, words, sampled } = &ruled.what else {
        panic!()
    };
    assert_eq!((step.as_str(), model.as_str()), ("decide", "rules/card.dmn"));
    assert_eq!(definition, bench.definition.digest(), "the version is on the record");
    assert_eq!((*verdict, *sampled, rules.len()), (RuleVerdict::Grant, false, 1));
    assert_eq!(words.as_ref().unwrap().zh, "年满六十周岁");
    let inputs = &ruled.private.as_ref().unwrap().inputs;
    assert_eq!(inputs.keys().collect::<Vec<_>>(), ["applicant", "form", "materials", "today"]);
    assert!(serde_json::to_string(inputs).unwrap().contains("示例·甲"), "in the sealed part alone");
    assert!(!serde_json::to_string(&ruled.what).unwrap().contains("示例·甲"));
    bench.go(&Actor::System, "2026-02-12", 10, deliver());
    assert_eq!(bench.outcome(), Some(Outcome::Granted));
}

#[test]
fn a_year_of_age_is_reached_on_the_birthday() {
    let mut bench = Bench::of(instant(model(&table("UNIQUE", &[GRANT])), 0));
    submit(&mut bench, aged("1966-02-13"));
    assert_eq!(bench.case().status, Status::Received, "a day too young");
}

/// What a model says, and what the record makes of it; none of it decides.
#[test]
fn whatever_is_not_a_grant_waits_at_the_desk_on_the_record() {
    let refused = |reason| ("-", "-", "\"refuse\"", reason);
    let ground = Some(RefusalReason::ConditionsNotMet);
    let logic = |text: &str| model(&format!("<literalExpression><text>{text}</text></literalExpression>"));
    let long = "if count(for i in 1..1000000 return i) > 3 then \"grant\" else \"person\"";
    let cases = [
        (model(&table("UNIQUE", &[refused("\"conditions-not-met\"")])), RuleVerdict::WouldRefuse { ground }),
        (model(&table("UNIQUE", &[refused("null")])), RuleVerdict::WouldRefuse { ground: None }),
        (model(&table("UNIQUE", &[("-", "-", "\"person\"", "null")])), RuleVerdict::Person),
        (model(&table("UNIQUE", &[("\"别人\"", "-", "\"grant\"", "null")])), RuleVerdict::NoRule),
        (model(&table("UNIQUE", &[GRANT, ("-", "-", "\"grant\"", "null")])), RuleVerdict::SeveralRules),
        (logic(&long.replace('>', "&gt;")), RuleVerdict::OverBudget),
        (logic("form.name + 1"), RuleVerdict::Wrong),
        (logic("\"maybe\""), RuleVerdict::Wrong),
        ("<definitions".into(), RuleVerdict::Wrong),
    ];
    for (xml, verdict) in cases {
        let mut bench = Bench::of(instant(xml, 0));
        assert_eq!(submit(&mut bench, aged("1950-01-01")), ["submitted", "ruled"], "{verdict:?}");
        assert_eq!((bench.case().status, bench.case().ruling), (Status::Received, Some(verdict)));
        assert!(!rulings(&bench)[0].private.as_ref().unwrap().inputs.is_empty(), "{verdict:?}");
        bench.go(&clerk(), "2026-02-13", 9, Command::Accept);
    }
}

#[test]
fn a_person_takes_each_step_the_model_leaves_and_it_is_asked_once_a_step() {
    let mut bench = Bench::of(instant(model(&table("UNIQUE", &[("-", "-", "\"person\"", "null")])), 0));
    submit(&mut bench, aged("1950-01-01"));
    assert_eq!(bench.go(&clerk(), "2026-02-13", 9, Command::Claim), ["claimed"]);
    assert_eq!(bench.go(&clerk(), "2026-02-13", 9, Command::Accept), ["accepted", "ruled"]);
    assert_eq!(bench.go(&clerk(), "2026-02-13", 9, review(Finding::Meets)), ["reviewed"]);
    assert_eq!(rulings(&bench).len(), 2);
}

#[test]
fn a_sample_of_the_grants_goes_to_a_person() {
    for (draw, waits) in [(0, true), (29, true), (30, false), (99, false), (129, true), (u64::MAX, true)] {
        let mut bench = Bench::of(instant(model(&table("UNIQUE", &[GRANT])), 30));
        bench.draw = draw;
        submit(&mut bench, aged("1950-01-01"));
        assert_eq!(bench.case().status == Status::AwaitingDecision, waits, "draw {draw}");
        let rulings = rulings(&bench);
        let sampled = rulings.iter().filter(|event| matches!(event.what, What::Ruled { sampled: true, .. }));
        assert_eq!(sampled.count(), usize::from(waits), "only the decision is drawn");
        if waits {
            assert_eq!(bench.go(&head(), "2026-02-13", 9, grant()), ["granted", "issued"]);
        }
    }
}

#[test]
fn who_refuses_what_the_model_would_grant_earns_a_card() {
    let mut bench = Bench::of(instant(model(&table("UNIQUE", &[GRANT])), 100));
    submit(&mut bench, aged("1950-01-01"));
    bench.go(&head(), "2026-02-13", 9, refuse());
    assert_eq!(bench.cards(), [CardRule::RefusedQualified]);
}

#[test]
fn what_is_owed_stops_the_rules_and_what_comes_sets_them_going() {
    let mut bench = Bench::of(instant(model(&table("UNIQUE", &[GRANT])), 0));
    let mut given = aged("1950-01-01");
    let owed =
        Handed { material: "m2".into(), files: vec![], not_applicable: false, later: true, proven: false };
    given.materials[1] = owed.clone();
    assert_eq!(submit(&mut bench, given), ["submitted"]);
    let there = vec![Handed { files: vec!["f2".into()], ..owed }];
    let supply = Command::Supply { materials: there, about: Default::default() };
    let said = bench.go(&applicant(), "2026-02-13", 9, supply);
    assert_eq!((said[0], said[1], said.last()), ("supplied", "ruled", Some(&"issued")));
}

#[test]
fn other_answers_are_judged_anew() {
    let rows = [("\"示例·乙\"", "-", "\"grant\"", "null"), ("\"示例·甲\"", "-", "\"person\"", "null")];
    let mut bench = Bench::of(instant(model(&table("UNIQUE", &rows)), 0));
    submit(&mut bench, submission());
    let right =
        Command::CorrectOnSpot { answers: about("name", "示例·乙"), words: "当面更正".into() };
    let said = bench.go(&clerk(), "2026-02-13", 9, right);
    assert_eq!((said[0], said[1], said.last()), ("corrected-on-spot", "ruled", Some(&"issued")));

    let mut bench = Bench::of(instant(model(&table("UNIQUE", &rows)), 0));
    submit(&mut bench, submission());
    bench.go(&clerk(), "2026-02-13", 9, ask_correction());
    assert_eq!(bench.go(&applicant(), "2026-02-24", 9, correct()), ["corrected", "ruled"]);
    let answers = about("name", "示例·乙");
    assert_eq!(
        bench.no(
            &applicant(),
            "2026-02-24",
            9,
            Command::Correct { answers, materials: handed(), about: Default::default() }
        ),
        Rule::NothingToCorrect
    );
}

#[test]
fn what_an_officer_found_against_is_not_granted_by_rules() {
    let mut definition = instant(model(&table("UNIQUE", &[GRANT])), 0);
    definition = Definition::new("test@0.1.0".into(), definition.item, {
        let mut procedure = definition.procedure;
        procedure.steps[0].rules = false;
        procedure.steps[1].rules = false;
        procedure
    })
    .unwrap();
    for (finding, granted) in [(Finding::Meets, true), (Finding::DoesNotMeet, false)] {
        let mut bench = Bench::of(definition.clone());
        submit(&mut bench, aged("1950-01-01"));
        bench.go(&clerk(), "2026-02-13", 9, Command::Accept);
        bench.go(&clerk(), "2026-02-24", 9, review(finding));
        bench.go(&crate::given::colleague(), "2026-02-24", 9, review(Finding::Meets));
        assert_eq!(bench.case().decision.is_some(), granted, "{finding:?}");
    }
}

#[test]
fn what_was_sent_back_is_decided_by_people() {
    let mut bench = Bench::of(instant(model(&table("UNIQUE", &[GRANT])), 100));
    submit(&mut bench, aged("1950-01-01"));
    bench.go(&head(), "2026-02-13", 9, refuse());
    let words = "示例复议〔2026〕1号".to_owned();
    let ground = ReopenGround::Reconsideration;
    assert_eq!(bench.go(&chief(), "2026-03-02", 9, Command::Reopen { ground, words }), ["reopened"]);
    assert_eq!(bench.case().status, Status::InReview);
}

#[test]
fn money_and_numbers_are_numbers_to_a_model() {
    let logic = "<literalExpression><text>if form.rent &lt;= 1500.50 and form.rooms &gt; 1 then \"grant\" \
                 else \"person\"</text></literalExpression>";
    let base = instant(model(logic), 0);
    let mut item = base.item.clone();
    item.form.pages[0].fields.push(field("rent", FieldKind::Money { min: 0, max: 1_000_000 }, true));
    item.form.pages[0].fields.push(field("rooms", FieldKind::Integer { min: 0, max: 9 }, true));
    let definition = Definition::new("test@0.1.0".into(), item, base.procedure).unwrap();
    for (rent, granted) in [("1500.50", true), ("1500.51", false), ("999", true)] {
        let mut bench = Bench::of(definition.clone());
        let mut given = submission();
        given.answers.insert("rent".into(), rent.into());
        given.answers.insert("rooms".into(), "2".into());
        submit(&mut bench, given);
        assert_eq!(bench.case().decision.is_some(), granted, "{rent}");
    }
}
