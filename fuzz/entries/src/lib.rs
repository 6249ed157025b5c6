//! Where hostile bytes go in: one function for each reader of what others wrote. A function returns when the reader
//! judged its input as it should, and panics when it did not; a fuzzer and the smoke test call the same ones.

use std::borrow::Cow;

use domain::{AreaCode, CaseNumber, CitizenNumber, CreditCode, Date, Limit, Text};
use packs::form::{is_shown, validate, validate_page};
use packs::{Answers, Field, FieldKind, Form, Memory, Option_, Page, Severity, ShowWhen, load_files};

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
