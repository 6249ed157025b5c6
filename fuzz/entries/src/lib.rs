//! Where hostile bytes go in: one function for each reader of what others wrote. A function returns when the reader
//! judged its input as it should, and panics when it did not; a fuzzer and the smoke test call the same ones.

use std::borrow::Cow;
use std::collections::BTreeMap;

use dmn::{Budget, Kind, Model, Value, check_expression, evaluate_expression};
use domain::{AreaCode, CaseNumber, CitizenNumber, CreditCode, Date, Limit, Text};
use packs::form::{is_shown, validate, validate_page};
use packs::{Answers, Field, FieldKind, Form, Memory, Option_, Page, Severity, ShowWhen, load_files};

mod certificates;

pub use certificates::{certificate, good_certificates};

macro_rules! pack_files {
    ($($path:literal),+ $(,)?) => {
        &[$(($path, include_bytes!(concat!("../pack/", $path)))),+]
    };
}

/// The files of a small pack that is good as it stands.
pub const PACK: &[(&str, &[u8])] = pack_files![
    "pack.yaml",
    "areas.csv",
    "agencies.csv",
    "themes.csv",
    "calendar.csv",
    "calendar.yaml",
    "items.csv",
    "synonyms.csv",
    "home.yaml",
    "codes.yaml",
    "procedures/permit.yaml",
    "forms/f.json",
    "items/one.yaml",
    "items/two.yaml",
];

/// Reads the small pack with one file replaced: the first byte says which, the others are its content.
///
/// # Panics
/// When a complaint names no file or rule, or a pack with an error still yields a catalogue.
pub fn pack(data: &[u8]) {
    let Some((&which, content)) = data.split_first() else { return };
    let replaced = usize::from(which) % PACK.len();
    let files = PACK.iter().enumerate().map(|(at, (path, good))| {
        let bytes = if at == replaced { content.to_vec() } else { good.to_vec() };
        (*path, Cow::Owned(bytes))
    });
    let loaded = load_files(&[&Memory::new("base", files)]);
    let mut errors = 0;
    for problem in &loaded.problems {
        assert!(!problem.file.is_empty() && !problem.rule.is_empty(), "a complaint about nothing: {problem}");
        assert!(!problem.message.is_empty(), "a complaint without words: {problem}");
        errors += usize::from(problem.severity == Severity::Error);
    }
    assert_eq!(loaded.catalogue.is_none(), errors > 0, "a catalogue exactly when nothing is wrong");
}

/// Decodes the bytes as a browser's form and judges them as answers to a form with a question of every kind.
///
/// # Panics
/// When a complaint names no question, or cleaned answers are not accepted as they are.
pub fn answers(data: &[u8]) {
    let form = every_kind();
    let mut given = Answers::new();
    for (name, value) in form_urlencoded::parse(data).take(400) {
        let value = value.into_owned();
        given.entry(name.into_owned()).and_modify(|all| *all = format!("{all}|{value}")).or_insert(value);
    }
    let today = Date::constant(2026, 11, 23);
    let fields: Vec<&Field> = form.pages.iter().flat_map(|page| &page.fields).collect();
    match validate(&form, &given, today) {
        Ok(clean) => {
            assert!(clean.keys().all(|name| fields.iter().any(|field| field.name == *name)), "{clean:?}");
            assert_eq!(
                validate(&form, &clean, today).as_ref(),
                Ok(&clean),
                "cleaning twice is cleaning once"
            );
        }
        Err(errors) => {
            assert!(!errors.is_empty());
            assert!(
                errors.iter().all(|error| fields.iter().any(|field| field.name == error.field)),
                "{errors:?}"
            );
        }
    }
    for page in &form.pages {
        // Only that it returns: what is wrong on a page was judged above.
        drop(validate_page(&form, &page.id, &given, today));
    }
    for field in fields {
        assert!(field.show_when.is_some() || is_shown(field, &given), "{} is always asked", field.name);
    }
}

/// Reads the bytes as every kind of number and code that people type.
///
/// # Panics
/// When what was read and written again is read as something else.
pub fn words(data: &[u8]) {
    let Ok(text) = str::from_utf8(data) else { return };
    if let Ok(number) = text.parse::<CitizenNumber>() {
        assert_eq!(number.reveal().parse::<CitizenNumber>().as_ref(), Ok(&number));
        assert!(!number.masked().contains(&number.reveal()[6..14]), "the birthday shows");
    }
    if let Ok(code) = text.parse::<CreditCode>() {
        assert_eq!(code.to_string().parse::<CreditCode>().as_ref(), Ok(&code));
    }
    if let Ok(area) = text.parse::<AreaCode>() {
        assert_eq!(area.as_str().parse::<AreaCode>().as_ref(), Ok(&area));
    }
    if let Ok(number) = text.parse::<CaseNumber>() {
        assert_eq!(number.to_string().parse::<CaseNumber>().as_ref(), Ok(&number));
    }
    if let Ok(limit) = text.parse::<Limit>() {
        assert_eq!(limit.to_string().parse::<Limit>().as_ref(), Ok(&limit));
    }
}

/// A decision model that is good as it stands.
pub const MODEL: &str = include_str!("../../../crates/dmn/tests/it/allowance.dmn");

/// Reads the bytes as a decision model and, if it is one, decides by it.
///
/// # Panics
/// When a fault has no words, or a verdict differs from its repetition or took more steps than allowed.
pub fn model(data: &[u8]) {
    let Ok(xml) = str::from_utf8(data) else { return };
    let model = match Model::parse(xml) {
        Ok(model) => model,
        Err(faults) => {
            assert!(
                !faults.is_empty() && faults.iter().all(|fault| fault.line > 0 && !fault.what.is_empty())
            );
            return;
        }
    };
    assert!(model.decisions().any(|decision| decision == model.root()));
    assert!(model.remarks().iter().all(|remark| !remark.what.is_empty()));
    assert!(model.outputs().iter().all(|output| !output.name.is_empty()), "an output without a name");
    for which in 0..3 {
        let given =
            model.inputs().iter().map(|input| (input.name.clone(), some_value(input.kind.as_ref(), which)));
        let given: BTreeMap<String, Value> = given.collect();
        let budget = Budget { steps: 20_000, ..Budget::default() };
        let verdict = model.evaluate(&given, budget);
        assert_eq!(verdict, model.evaluate(&given, budget), "the same inputs, another verdict");
        if let Ok(verdict) = verdict {
            assert!(verdict.steps <= budget.steps, "{} steps", verdict.steps);
        }
    }
}

/// Reads the bytes as a FEEL expression and evaluates it over a few values.
///
/// # Panics
/// When an expression that is refused is evaluated, or a value differs from its repetition.
pub fn expression(data: &[u8]) {
    let Ok(text) = str::from_utf8(data) else { return };
    let list = Value::List((0..10).map(Value::from).collect());
    let values = BTreeMap::from([
        ("x".to_owned(), Value::from(7)),
        ("a name".to_owned(), Value::from("示例")),
        ("list".to_owned(), list),
        ("day".to_owned(), Value::from(Date::constant(2026, 11, 23))),
    ]);
    let names: Vec<&str> = values.keys().map(String::as_str).collect();
    let budget = Budget { steps: 20_000, ..Budget::default() };
    let found = evaluate_expression(text, &values, budget);
    if check_expression(text, &names).is_err() {
        assert!(found.is_err(), "{text:?} is refused and has a value: {found:?}");
    }
    assert_eq!(found, evaluate_expression(text, &values, budget));
}

/// A value of a kind.
fn some_value(kind: Option<&Kind>, which: i64) -> Value {
    match kind {
        Some(Kind::Bool) => Value::from(which == 0),
        Some(Kind::Number) | None => Value::from(which * 40),
        Some(Kind::Text) => Value::from(["广东", "外省", ""][which.rem_euclid(3) as usize]),
        Some(Kind::Date) => Value::from(Date::constant(1946, 11, 23)),
        Some(Kind::Months) => Value::Months(which * 500),
        Some(Kind::List(_)) => Value::List(vec![Value::from(which)]),
        Some(Kind::Duration | Kind::Context) => Value::Null,
    }
}

/// Two pages with a question of every kind, one of them shown only after a certain answer.
fn every_kind() -> Form {
    let option = |value: &str| Option_ { value: value.to_owned(), title: Text::zh(value) };
    let options = vec![option("a"), option("b")];
    let field = |name: &str, kind| Field {
        name: name.to_owned(),
        title: Text::zh(name),
        help: None,
        kind,
        required: name.len().is_multiple_of(2),
        prefill: None,
        sensitive: false,
        show_when: None,
    };
    let after = ShowWhen { field: "choice".to_owned(), is: vec!["a".to_owned()] };
    let first = vec![
        field("text", FieldKind::Text { min: 2, max: 40, multiline: true }),
        field("integer", FieldKind::Integer { min: -5, max: 1_000 }),
        field("money", FieldKind::Money { min: 0, max: 1_000_000 }),
        field("date", FieldKind::Date { past: true, future: false }),
        field("choice", FieldKind::Choice { options: options.clone() }),
    ];
    let second = vec![
        Field { show_when: Some(after), ..field("choices", FieldKind::Choices { options }) },
        field("confirm", FieldKind::Confirm),
        field("citizen_number", FieldKind::CitizenNumber),
        field("credit_code", FieldKind::CreditCode),
        field("mobile", FieldKind::Mobile),
    ];
    let page = |id: &str, fields| Page { id: id.to_owned(), title: Text::zh(id), fields };
    Form { pages: vec![page("one", first), page("two", second)] }
}
