//! An item's decision model is read with the pack: what it may say, and what it reads, is known before anybody's case is.

mod given;

use given::{FORM, PERMIT, Pack, WORKED, check, complains, problems, whole};

const TABLE: &str = r##"<?xml version="1.0" encoding="UTF-8"?>
<definitions xmlns="https://www.omg.org/spec/DMN/20191111/MODEL/" id="m" name="card" namespace="https://example.org/card">
  <inputData id="applicant" name="applicant"/>
  <inputData id="form" name="form"/>
  <decision id="card" name="card">
    <informationRequirement><requiredInput href="#applicant"/></informationRequirement>
    <informationRequirement><requiredInput href="#form"/></informationRequirement>
    <decisionTable hitPolicy="FIRST">
      <input><inputExpression><text>applicant.age</text></inputExpression></input>
      <input><inputExpression><text>form.kind</text></inputExpression></input>
      <output name="outcome"/>
      <output name="reason"/>
      <annotation name="zh"/>
      <rule>
        <inputEntry><text>&gt;= 65</text></inputEntry><inputEntry><text>"a"</text></inputEntry>
        <outputEntry><text>"grant"</text></outputEntry><outputEntry><text>""</text></outputEntry>
        <annotationEntry><text>满六十五岁，form.nothing</text></annotationEntry>
      </rule>
      <rule>
        <inputEntry><text>&lt; 60</text></inputEntry><inputEntry><text>-</text></inputEntry>
        <outputEntry><text>"refuse"</text></outputEntry><outputEntry><text>"conditions-not-met"</text></outputEntry>
        <annotationEntry><text>不满六十岁</text></annotationEntry>
      </rule>
      <rule>
        <inputEntry><text>-</text></inputEntry><inputEntry><text>-</text></inputEntry>
        <outputEntry><text>"person"</text></outputEntry><outputEntry><text>""</text></outputEntry>
        <annotationEntry><text>请人来看</text></annotationEntry>
      </rule>
    </decisionTable>
  </decision>
</definitions>
"##;
const MODEL: &str = "rules/card.dmn";

/// The small pack whose worked example decides by the table.
fn by_rules(table: &str, item: &str) -> Pack {
    let mut pack = whole();
    pack.insert(MODEL, table.to_owned());
    pack.insert("items/one.yaml", format!("{WORKED}{item}"));
    let steps = PERMIT.replace("{kind: decide, desk", "{kind: decide, rules: true, desk");
    pack.insert("procedures/permit.yaml", steps);
    pack
}

const RULES: &str = "rules: {model: rules/card.dmn, sample_percent: 5}\n";

#[track_caller]
fn broken(from: &str, to: &str, expected: &str) {
    assert!(TABLE.contains(from), "the table lacks {from}");
    complains(&by_rules(&TABLE.replacen(from, to, 1), RULES), expected);
}

#[test]
fn a_good_model_comes_with_its_item() {
    let loaded = check(&by_rules(TABLE, RULES));
    assert_eq!(problems(&loaded), "");
    let catalogue = loaded.catalogue.unwrap();
    let rules = catalogue.item("ex-one").unwrap().rules.clone().unwrap();
    assert_eq!((rules.file.as_str(), rules.sample_percent), (MODEL, 5));
    assert_eq!(rules.xml, TABLE);
}

#[test]
fn models_that_are_not_there_or_cannot_be_read() {
    let item = |rules: &str| by_rules(TABLE, rules);
    given::broken(
        "items/one.yaml",
        "form:",
        "rules: {model: rules/none.dmn, sample_percent: 5}\nform:",
        "error base/items/one.yaml:14 missing-model",
    );
    complains(
        &item("rules: {model: forms/f.json, sample_percent: 5}\n"),
        "error base/items/one.yaml:15 missing-model",
    );
    complains(&item("rules: {model: rules/card.dmn}\n"), "error base/items/one.yaml:15 missing-key");
    complains(
        &item("rules: {model: rules/card.dmn, sample_percent: 101}\n"),
        "error base/items/one.yaml:15 bad-number",
    );
    complains(
        &item("rules: {model: rules/card.dmn, sample_percent: 1, lot_plan: {level: II, aql: \"1\"}}\n"),
        "error base/items/one.yaml:15 unknown-word: the AQL \"1\" heads no column",
    );
    let mut stray = whole();
    stray.insert("rules/table.xlsx", String::new());
    complains(&stray, "error base/rules/table.xlsx unknown-file");
    let large = format!("{TABLE}<!--{}-->", " ".repeat(packs::limits::DOCUMENT_BYTES));
    complains(&by_rules(&large, RULES), "error base/rules/card.dmn file-too-large");
    broken("</definitions>", "", "error base/rules/card.dmn:");
    broken("hitPolicy=\"FIRST\"", "hitPolicy=\"LUCKY\"", "error base/rules/card.dmn:8 rules-model");
    broken("\"grant\"", "launch(\"rocket\")", "error base/rules/card.dmn:16 rules-model");
}

#[test]
fn what_a_model_reads_is_in_the_application() {
    broken("name=\"applicant\"/>", "name=\"weather\"/>", "error base/rules/card.dmn");
    broken(
        "<text>form.kind</text>",
        "<text>form.colour</text>",
        "error base/rules/card.dmn:10 rules-input: form.colour is no field of ex-one",
    );
    broken(
        "applicant.age",
        "applicant.income",
        "error base/rules/card.dmn:9 rules-input: applicant.income is no fact",
    );
    let mut other_form = by_rules(TABLE, RULES);
    other_form.insert("forms/f.json", FORM.replace("kind", "sort"));
    complains(&other_form, "error base/rules/card.dmn:10 rules-input: form.kind is no field");
}

#[test]
fn a_model_says_grant_refuse_or_person() {
    broken(
        "\"grant\"",
        "\"approve\"",
        "error base/rules/card.dmn rules-outcome: \"approve\" may come out of card",
    );
    broken("\"grant\"", "form.kind", "error base/rules/card.dmn rules-outcome: anything may come out");
    broken(
        "<output name=\"outcome\"/>",
        "<output name=\"result\"/>",
        "error base/rules/card.dmn rules-outcome: the decision card has no output",
    );
    broken(
        "\"conditions-not-met\"",
        "\"too-young\"",
        "error base/rules/card.dmn rules-outcome: the reason \"too-young\"",
    );
}

#[test]
fn a_model_nobody_asks_and_an_offer_to_nobody() {
    let mut unasked = by_rules(TABLE, RULES);
    unasked.insert("procedures/permit.yaml", PERMIT.to_owned());
    complains(&unasked, "warning base/items/one.yaml:1 rules-unused: no step of permit asks the model");
    complains(&by_rules(TABLE, "entitlement: true\n"), "error base/items/one.yaml:15 rules-entitled");
    complains(
        &by_rules(TABLE, &format!("{RULES}entitlement: true\n")),
        "error base/items/one.yaml:16 rules-entitled",
    );
    let entitled = "<decision id=\"entitled\" name=\"entitled\">
    <informationRequirement><requiredInput href=\"#applicant\"/></informationRequirement>
    <literalExpression><text>applicant.age &gt;= 80</text></literalExpression>
  </decision>
  <decision id=\"card\"";
    let offered = by_rules(
        &TABLE.replacen("<decision id=\"card\"", entitled, 1),
        &format!("{RULES}entitlement: true\n"),
    );
    assert_eq!(problems(&check(&offered)), "");
    assert!(check(&offered).catalogue.unwrap().item("ex-one").unwrap().entitlement);
}

#[test]
fn materials_that_may_follow_need_a_term() {
    let later = "materials:\n  - {id: m1, name: 照片, required: true, later: true}\n";
    let pack = by_rules(TABLE, &format!("{RULES}{later}"));
    complains(
        &pack,
        "error base/items/one.yaml:1 later-without-term: m1 may follow later, but permit sets no time",
    );
    let mut termed = pack;
    let text = termed["procedures/permit.yaml"]
        .replace("remedies", "owed: {within: 10 workdays, otherwise: deemed-withdrawn}\nremedies");
    termed.insert("procedures/permit.yaml", text);
    let loaded = check(&termed);
    assert_eq!(problems(&loaded), "");
    assert!(loaded.catalogue.unwrap().item("ex-one").unwrap().materials[0].later);
}
