//! FEEL expressions and their values, one a line.

use std::collections::BTreeMap;

use dmn::{Budget, Unclear, Value, evaluate_expression};

use crate::common::given;

/// Names that the expressions below may use.
fn values() -> BTreeMap<String, Value> {
    let list = Value::List([1, 2, 3].map(Value::from).into());
    let person = |name: &str, age: i64| {
        Value::Context(BTreeMap::from([("name".to_owned(), name.into()), ("age".to_owned(), age.into())]))
    };
    given(&[
        ("applicant age", 81.into()),
        ("age", 17.into()),
        ("户籍所在地", "广州".into()),
        ("unknown", Value::Null),
        ("list", list),
        ("people", Value::List(vec![person("示例·甲", 80), person("示例·乙", 12)])),
        ("born", evaluate("date(\"1945-02-28\")").unwrap()),
    ])
}

fn evaluate(text: &str) -> Result<Value, Unclear> {
    let names = if text.starts_with("date(\"1945") { BTreeMap::new() } else { values() };
    evaluate_expression(text, &names, Budget::default())
}

const EXPRESSIONS: &[(&str, &str)] = &[
    // numbers are exact
    ("0.1 + 0.2 = 0.3", "true"),
    ("1 / 3 * 3", "0.9999999999999999999999999999"),
    ("2 ** 10 - 24", "1000"),
    ("-2 ** 2", "4"),
    ("10 - 2 - 3", "5"),
    ("2 ** -1", "0.5"),
    (".5 + 1.50", "2"),
    ("decimal(1.005, 2)", "1"),
    ("round half up(1.005, 2)", "1.01"),
    ("round down(-1.9, 0)", "-1"),
    ("floor(-1.5)", "-2"),
    ("ceiling(-1.5)", "-1"),
    ("modulo(-12, 5)", "3"),
    ("abs(-3)", "3"),
    ("number(\"1.234,5\", \".\", \",\")", "1234.5"),
    // names with spaces, and names that begin like words of the language
    ("applicant   age + age", "98"),
    ("户籍所在地 = \"广州\"", "true"),
    // comparison and three-valued logic
    ("age < 18 and 户籍所在地 != \"深圳\"", "true"),
    ("unknown > 3", "null"),
    ("unknown = null", "true"),
    ("unknown > 3 and false", "false"),
    ("unknown > 3 and true", "null"),
    ("unknown > 3 or true", "true"),
    ("not(unknown > 3)", "null"),
    ("1 = \"1\"", "null"),
    ("age between 17 and 20", "true"),
    ("age in [17..20)", "true"),
    ("age in (17..20)", "false"),
    ("age in ]17..20[", "false"),
    ("age in (< 10, > 16)", "true"),
    ("age in (1, 17)", "true"),
    ("age in list", "false"),
    ("if unknown then 1 else 2", "2"),
    // texts
    ("string length(\"粤港澳\")", "3"),
    ("substring(\"粤港澳\", -2)", "\"港澳\""),
    ("substring(\"abcde\", 2, 3)", "\"bcd\""),
    ("upper case(\"ab\") + lower case(\"CD\")", "\"ABcd\""),
    ("starts with(\"440000\", \"44\")", "true"),
    ("ends with(\"440000\", \"44\")", "false"),
    ("contains(\"示例·甲\", \"·\")", "true"),
    ("substring before(\"a-b\", \"-\")", "\"a\""),
    ("substring after(\"a-b\", \"-\")", "\"b\""),
    ("string join([\"a\", \"b\"], \", \")", "\"a, b\""),
    ("string(1.50)", "\"1.5\""),
    ("\"\\u4f60\\n\"", "\"你\\n\""),
    ("\"\\ud83d\\udc0e\"", "\"🐎\""),
    // dates and durations
    ("date(2026, 1, 31) + duration(\"P1M\")", "2026-02-28"),
    ("@\"2024-02-29\" + @\"P1Y\"", "2025-02-28"),
    ("@\"2026-03-01\" - @\"2026-02-01\"", "P28D"),
    ("@\"2026-03-01\" - duration(\"P1D\")", "2026-02-28"),
    ("born + duration(\"P80Y\") <= date(\"2025-02-28\")", "true"),
    ("years and months duration(born, date(\"2025-02-27\")).years", "79"),
    ("years and months duration(born, date(\"2025-02-28\")) >= duration(\"P80Y\")", "true"),
    ("years and months duration(date(\"2025-02-28\"), born)", "-P80Y"),
    ("born.year + born.month + born.day", "1975"),
    ("date(\"2026-11-23\").weekday", "1"),
    ("duration(\"P1DT2H\") * 2", "P2DT4H"),
    ("duration(\"P1Y\") / duration(\"P6M\")", "2"),
    ("duration(\"-PT90M\")", "-PT1H30M"),
    // lists, filters, paths
    ("list[1]", "1"),
    ("list[-1]", "3"),
    ("list[4]", "null"),
    ("list[item >= 2]", "[2, 3]"),
    ("people[age > 18].name", "[\"示例·甲\"]"),
    ("people[name = \"示例·乙\"][1].age", "12"),
    ("count(people[age > 100])", "0"),
    ("sum(people.age)", "92"),
    ("min(3, 1, 2)", "1"),
    ("max([\"a\", \"c\", \"b\"])", "\"c\""),
    ("mean(list)", "2"),
    ("sum([])", "null"),
    ("list contains(list, 2)", "true"),
    ("all([true, unknown, false])", "false"),
    ("any([false, unknown])", "null"),
    ("append(list, 4)", "[1, 2, 3, 4]"),
    ("concatenate(list, [9], list)", "[1, 2, 3, 9, 1, 2, 3]"),
    ("distinct values([1, 2, 1])", "[1, 2]"),
    ("sublist(list, 2)", "[2, 3]"),
    ("index of([1, 2, 1], 1)", "[1, 3]"),
    ("flatten([[1, [2]], 3])", "[1, 2, 3]"),
    ("reverse(list)", "[3, 2, 1]"),
    // loops and contexts
    ("for i in 1..3 return i * i", "[1, 4, 9]"),
    ("for i in 3..1, k in [10] return i + k", "[13, 12, 11]"),
    ("some p in people satisfies p.age > 79", "true"),
    ("every p in people satisfies p.age > 79", "false"),
    ("every x in [] satisfies false", "true"),
    ("{a: 1, b: a + 1, \"c d\": 3}.b", "2"),
    ("{my name: 1}.my name", "1"),
    ("[{a: 1}, {a: 2}][a = 2].a", "[2]"),
    ("1 // said by nobody\n + /* or */ 1", "2"),
];

#[test]
fn expressions_have_their_values() {
    let mut wrong = Vec::new();
    for (text, value) in EXPRESSIONS {
        let found = evaluate(text).map(|found| found.to_string());
        if found.as_deref() != Ok(*value) {
            wrong.push(format!("{text} is {found:?}, not {value}"));
        }
    }
    assert!(wrong.is_empty(), "{wrong:#?}");
}

/// What FEEL would answer with null, and a case must not be decided on.
const UNCLEAR: &[(&str, &str)] = &[
    ("1 + \"a\"", "a number + a text has no meaning"),
    ("age > \"17\"", "cannot be compared"),
    ("1 / (age - 17)", "division by zero"),
    ("if age then 1 else 2", "not true or false"),
    ("age and true", "not true or false"),
    ("people[1].weight", "no entry “weight”"),
    ("born.hour", "no entry “hour”"),
    ("79228162514264337593543950335 * age", "too large"),
    ("10 ** 1000", "too large"),
    ("2 ** 0.5", "whole number"),
    ("2 ** (age * 1000)", "whole number"),
    ("substring(\"abc\", age)", "there is no part"),
    ("substring(\"abc\", -9223372036854775807 - 1)", "there is no part"),
    ("sublist(list, -9223372036854775807 - 1)", "there are none"),
    ("sublist(list, 9223372036854775807)", "there are none"),
    ("2 ** (-9223372036854775807 - 1)", "whole number"),
    ("number(\"1_0\")", "no number"),
    ("list[age / 2]", "whole number"),
    ("date(age, 2, 30)", "no such day"),
    ("for i in unknown return i", "runs over null"),
];

#[test]
fn what_has_no_answer_is_unclear() {
    for (text, words) in UNCLEAR {
        match evaluate(text) {
            Err(Unclear::Wrong { what }) => assert!(what.contains(words), "{text}: {what}"),
            other => panic!("{text} gives {other:?}"),
        }
    }
}

#[test]
fn values_are_read_back_as_they_were_written() {
    for text in
        ["null", "true", "12.50", "\"12.5\"", "@\"2026-01-31\"", "@\"P80Y\"", "@\"P1DT1S\"", "[1, {a: null}]"]
    {
        let value = evaluate(text).unwrap();
        let json = serde_json::to_string(&value).unwrap();
        assert_eq!(serde_json::from_str::<Value>(&json).unwrap(), value, "{json}");
    }
    assert_eq!(serde_json::to_string(&evaluate("12.50").unwrap()).unwrap(), r#"{"number":"12.50"}"#);
}
