//! Whole models: requirements, knowledge, contexts, annotations, what is asked for.

use dmn::{Budget, Kind, Model, Unclear, Value};

use crate::common::{decide, file, given};

/// Whether somebody gets the allowance for the very old, as an agency might write it.
const ALLOWANCE: &str = include_str!("allowance.dmn");

fn allowance() -> Model {
    Model::parse(ALLOWANCE).unwrap_or_else(|faults| panic!("{faults:#?}"))
}

fn applicant(born: (i16, i8, i8), household: &str, elsewhere: bool) -> Vec<(&'static str, Value)> {
    let day = |(year, month, day)| Value::from(domain::Date::new(year, month, day).unwrap());
    vec![
        ("出生日期", day(born)),
        ("今天", day((2026, 11, 23))),
        ("户籍 所在地", household.into()),
        ("已在别处领取", elsewhere.into()),
    ]
}

#[test]
fn the_allowance_is_decided_with_rule_and_words() {
    let verdict = decide(&allowance(), &applicant((1946, 11, 23), "广东", false)).unwrap();
    assert_eq!(verdict.value.to_string(), "{amount: 100, outcome: \"grant\"}");
    let rules: Vec<(&str, usize)> =
        verdict.matched.iter().map(|matched| (matched.decision.as_str(), matched.rule)).collect();
    assert_eq!(rules, [("年龄段", 2), ("津贴", 1)]);
    assert_eq!(verdict.matched[1].words["zh"], "年满八十周岁，户籍在本省，可以领取。");
    assert!(verdict.matched[1].words["en"].starts_with("You are 80"));
    assert_eq!(verdict.matched[1].rule_id, "grant");
}

#[test]
fn a_day_too_young_is_refused_and_the_very_old_get_more() {
    let young = decide(&allowance(), &applicant((1946, 11, 24), "广东", false)).unwrap();
    assert_eq!(young.value.to_string(), "{amount: 0, outcome: \"refuse\"}");
    let old = decide(&allowance(), &applicant((1926, 11, 23), "广东", false)).unwrap();
    assert_eq!(old.value.to_string(), "{amount: 300, outcome: \"grant\"}");
}

#[test]
fn what_the_rules_do_not_foresee_goes_to_a_person() {
    let elsewhere = decide(&allowance(), &applicant((1926, 11, 23), "广东", true));
    assert_eq!(elsewhere, Err(Unclear::NoRule { decision: "津贴".to_owned() }));
    let unheard = decide(&allowance(), &applicant((1926, 11, 23), "火星", false));
    assert!(
        matches!(unheard, Err(Unclear::Wrong { what }) if what.contains("户籍 所在地") && what.contains("allows"))
    );
    let mut wrong = applicant((1926, 11, 23), "广东", false);
    wrong[0].1 = "1926-11-23".into();
    assert!(
        matches!(decide(&allowance(), &wrong), Err(Unclear::Wrong { what }) if what.contains("must be a date"))
    );
}

#[test]
fn a_model_says_what_it_asks_for_and_what_it_may_answer() {
    let model = allowance();
    assert_eq!((model.id(), model.name(), model.root()), ("allowance", "高龄津贴", "津贴"));
    assert_eq!(model.decisions().collect::<Vec<_>>(), ["年龄段", "津贴"]);
    let asked: Vec<(&str, Option<Kind>)> =
        model.inputs().iter().map(|input| (input.name.as_str(), input.kind.clone())).collect();
    assert_eq!(
        asked,
        [
            ("出生日期", Some(Kind::Date)),
            ("今天", Some(Kind::Date)),
            ("户籍 所在地", Some(Kind::Text)),
            ("已在别处领取", Some(Kind::Bool)),
        ]
    );
    assert_eq!(model.inputs()[2].values, ["广东", "外省"]);
    assert_eq!(model.outputs()[0].values, ["grant", "refuse"]);
}

#[test]
fn the_same_inputs_give_the_same_verdict_and_steps() {
    let inputs = given(&applicant((1946, 11, 23), "广东", false));
    let model = allowance();
    let first = model.evaluate(&inputs, Budget::default()).unwrap();
    let json = serde_json::to_string(&first).unwrap();
    assert_eq!(serde_json::from_str::<dmn::Verdict>(&json).unwrap(), first);
    assert_eq!(Model::parse(ALLOWANCE).unwrap().evaluate(&inputs, Budget::default()).unwrap(), first);
    assert!(first.steps > 10 && first.steps < 200, "{}", first.steps);
}

#[test]
fn one_decision_can_be_asked_alone() {
    let inputs = given(&applicant((1946, 11, 23), "广东", false));
    let band = allowance().evaluate_decision("年龄段", &inputs, Budget::default()).unwrap();
    assert_eq!(band.value, "80 至 99".into());
}

#[test]
fn boxed_contexts_invocations_lists_and_relations() {
    let model = Model::parse(&file(
        r##"<inputData id="i" name="n"><variable name="n" typeRef="number"/></inputData>
<businessKnowledgeModel id="k" name="twice"><encapsulatedLogic>
  <formalParameter name="x" typeRef="number"/><literalExpression><text>2 * x</text></literalExpression>
</encapsulatedLogic></businessKnowledgeModel>
<decision id="d" name="all"><variable name="all"/>
  <informationRequirement><requiredInput href="#i"/></informationRequirement>
  <knowledgeRequirement><requiredKnowledge href="#k"/></knowledgeRequirement>
  <context>
    <contextEntry><variable name="double n"/><invocation><literalExpression><text>twice</text></literalExpression>
      <binding><parameter name="x"/><literalExpression><text>n</text></literalExpression></binding></invocation></contextEntry>
    <contextEntry><variable name="rows"/><relation><column name="a"/>
      <row><literalExpression><text>double n</text></literalExpression></row>
      <row><literalExpression><text>twice(x: double n)</text></literalExpression></row></relation></contextEntry>
    <contextEntry><list><literalExpression><text>sum(rows.a)</text></literalExpression>
      <literalExpression><text>double n</text></literalExpression></list></contextEntry>
  </context>
</decision>"##,
    ))
    .unwrap_or_else(|faults| panic!("{faults:#?}"));
    assert_eq!(decide(&model, &[("n", 3.into())]).unwrap().value.to_string(), "[18, 6]");
}
