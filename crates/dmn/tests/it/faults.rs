//! What is wrong with a file is told with line, place and words; nothing that is left out passes in silence.

use dmn::{Fault, Model, check_expression};

use crate::common::{decision, file, input, table};

const NAMES: [&str; 3] = ["age", "applicant age", "list"];

/// Expressions that are refused, and some of the words said.
const REFUSED: &[(&str, &str)] = &[
    ("", "empty"),
    ("1 +", "a value is missing before the end"),
    ("1 2", "nothing more was expected"),
    ("(1", "“)” is missing"),
    ("\"open", "not closed"),
    ("income > 3", "“income” is not a name known here (known: “age”"),
    ("approved", "quotation marks"),
    ("18岁", "letter follows a number"),
    ("age = 1 = 2", "join them with “and”"),
    ("age instance of number", "instance of"),
    ("function(x) x", "functions cannot be defined"),
    ("today()", "“today” is no function"),
    ("now()", "“now” is no function"),
    ("date and time(\"2026-01-01T00:00:00\")", "“date and time” is no function"),
    ("time(\"10:00:00\")", "“time” is no function"),
    ("matches(\"a\", \"a*\")", "“matches” is no function"),
    ("replace(\"a\", \"a\", \"b\")", "“replace” is no function"),
    ("sort(list)", "“sort” is no function"),
    ("@\"10:00:00\"", "times of day"),
    ("[1..2]", "a range may stand only in a test"),
    ("(1..2)", "a range may stand only in a test"),
    ("age in [1..2", "not closed"),
    ("?", "may stand only in an input cell"),
    ("date(\"2026-02-30\")", "no such day"),
    ("date(\"2026-1-1\")", "no such day"),
    ("duration(\"18 years\")", "no duration"),
    ("string length(\"a\", 2)", "takes (string)"),
    ("substring(string: \"a\", length: 1)", "name each argument once"),
    ("{a: 1, a: 2}", "written twice"),
    ("{1: 2}", "cannot name an entry"),
    ("\"\\q\"", "after a backslash"),
    ("12345678901234567890123456789012345", "28 digits"),
    ("for in list return 1", "a name is missing"),
    ("if age then 1", "“else” is missing"),
];

#[test]
fn expressions_that_are_not_carried_out_are_refused_by_name() {
    let mut wrong = Vec::new();
    for (text, words) in REFUSED {
        match check_expression(text, &NAMES) {
            Err(what) if what.contains(words) => {}
            other => wrong.push(format!("{text}: {other:?} does not say “{words}”")),
        }
    }
    assert!(wrong.is_empty(), "{wrong:#?}");
}

fn faults(elements: &str) -> Vec<Fault> {
    Model::parse(&file(elements)).unwrap_err()
}

#[test]
fn a_fault_in_a_cell_has_its_line_and_place() {
    let model = "<decision id=\"d\" name=\"d\">\n<decisionTable>\n<input><inputExpression><text>1</text></inputExpression></input>\n<output/>\n<rule><inputEntry><text>-</text></inputEntry>\n<outputEntry><text>1 +\n  nothing</text></outputEntry></rule>\n</decisionTable></decision>";
    let all = faults(model);
    assert_eq!(all.len(), 1, "{all:?}");
    assert_eq!((all[0].line, all[0].path.as_str()), (9, "decision “d” / rule 1 / output 1"));
    assert!(all[0].what.contains("“nothing” is not a name known here"), "{}", all[0]);
}

#[test]
fn every_fault_is_told_at_once() {
    let logic = table(
        "",
        &[("age", "number")],
        &["out|\"a\", \"b\""],
        &[&["\"old\"", "\"a\""], &["> 1", "\"c\""], &["> 1", "oops"], &["[1..", "\"a\""]],
    );
    let all = faults(&(input("age", "number") + &decision("d", &["age"], &logic)));
    let words = ["can never fit", "not among the declared output values", "“oops”", "a value is missing"];
    assert_eq!(all.len(), words.len(), "{all:#?}");
    for (fault, words) in all.iter().zip(words) {
        assert!(fault.what.contains(words), "{fault}");
    }
}

#[test]
fn elements_that_are_not_carried_out_are_refused_by_name() {
    let text = "<literalExpression><text>1</text></literalExpression>";
    let one = format!("<decision id=\"d\" name=\"d\">{text}</decision>");
    let cases = [
        (String::new(), "there is no decision"),
        (decision("d", &[], ""), "has no logic"),
        (decision("d", &["nowhere"], text), "neither an input nor a decision"),
        (decision("d", &[], "<functionDefinition/>"), "“functionDefinition” is not carried out"),
        (decision("d", &[], "<decisionTable hitPolicy=\"BEST\"/>"), "hit policy “BEST”"),
        (decision("d", &[], "<decisionTable/>"), "no output column"),
        (decision("d", &[], "<decisionTable><output/><crosstab/></decisionTable>"), "“crosstab” is not carried out"),
        (one.clone() + "<somethingNew/>", "“somethingNew” is not carried out"),
        ("<itemDefinition name=\"t\"><typeConstraint/></itemDefinition>".to_owned() + &one, "“typeConstraint”"),
        (input("t", "time") + &one, "the type “time”"),
        (input("t", "number") + &input("t", "number") + &one, "two elements have this name"),
        (format!("<import namespace=\"x\" importType=\"y\" name=\"z\"/>{one}"), "import"),
        ("<itemDefinition name=\"t\"><typeRef>t</typeRef></itemDefinition>".to_owned() + &one, "refers back"),
        (
            "<decision id=\"a\" name=\"a\"><informationRequirement><requiredDecision href=\"#a\"/></informationRequirement><literalExpression><text>1</text></literalExpression></decision>".to_owned(),
            "in a circle",
        ),
        (decision("d", &[], &table("hitPolicy=\"PRIORITY\"", &[], &["x"], &[&["1"]])), "declare them"),
        (decision("d", &[], &table("hitPolicy=\"COLLECT\" aggregation=\"SUM\"", &[], &["x", "y"], &[])), "one output"),
        (decision("d", &[], &table("", &[], &["x", ""], &[])), "each needs a name"),
        (decision("d", &[], &table("", &[("1", "number")], &["x"], &[&["1"]])), "fill each cell"),
    ];
    for (elements, words) in cases {
        let all = faults(&elements);
        assert!(all.iter().any(|fault| fault.what.contains(words)), "“{words}” is not said: {all:#?}");
    }
}

#[test]
fn only_dmn_is_read() {
    let words = |xml: &str| Model::parse(xml).unwrap_err()[0].what.clone();
    assert!(words("").contains("well-formed"));
    assert!(words("<definitions/>").contains("name space"));
    assert!(
        words("<definitions xmlns=\"http://www.omg.org/spec/DMN/20151101/dmn.xsd\"/>")
            .contains("DMN 1.2 to 1.5")
    );
    let doctype = "<!DOCTYPE definitions [<!ENTITY a \"aaaa\">]><definitions xmlns=\"https://www.omg.org/spec/DMN/20191111/MODEL/\">&a;</definitions>";
    assert!(words(doctype).contains("DTD"), "{}", words(doctype));
}
