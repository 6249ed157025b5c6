//! Forms: every item of the catalogue can be filled, and what is typed is judged as the form says.

use std::path::{Path, PathBuf};

use domain::{Date, Text};
use packs::form::{SamplePerson, sample, validate, validate_page};
use packs::{Answers, Catalogue, Field, FieldError, FieldKind, FieldRule, Form, Option_, Page, ShowWhen};
use proptest::prelude::*;

const TODAY: Date = jiff::civil::date(2026, 11, 23);

fn catalogue() -> Catalogue {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../packs");
    packs::load(&[root.join("cn"), root.join("guangdong")] as &[PathBuf])
        .catalogue
        .expect("a good test value")
}

/// Area code 990000 does not exist, so this is nobody's number.
fn person() -> SamplePerson {
    SamplePerson {
        name: "示例·陈晓明".into(),
        citizen_number: number("99000019800101001"),
        mobile: "13800000000".into(),
        address: "示例市示例区示例路 1 号".into(),
    }
}

fn number(first17: &str) -> String {
    format!("{first17}{}", domain::CitizenNumber::check_character(first17).expect("a good test value"))
}

#[test]
fn every_online_item_takes_its_sample_whole_and_page_by_page() {
    let catalogue = catalogue();
    let mut filled = 0;
    for item in catalogue.items.iter().filter(|item| item.online()) {
        let answers = sample(&item.form, TODAY, &person());
        let clean = validate(&item.form, &answers, TODAY).unwrap_or_else(|e| panic!("{}: {e:?}", item.code));
        assert_eq!(
            validate(&item.form, &clean, TODAY).unwrap(),
            clean,
            "{} changes on a second look",
            item.code
        );
        let mut by_page = Answers::new();
        for page in &item.form.pages {
            by_page.extend(validate_page(&item.form, &page.id, &answers, TODAY).unwrap());
        }
        assert_eq!(by_page, clean, "{}", item.code);
        filled += 1;
    }
    assert!(filled >= 784);
}

#[test]
fn hand_made_forms_have_both_languages_and_few_questions_a_page() {
    let catalogue = catalogue();
    let hand_made: Vec<_> = catalogue.items.iter().filter(|item| item.summary.is_some()).collect();
    assert!(hand_made.len() >= 14);
    for item in hand_made {
        let pages = &item.form.pages;
        let questions = pages.iter().map(|page| page.fields.len()).sum::<usize>();
        // One form for several agencies asks what each of them needs.
        let procedure = catalogue.procedure_of(item).expect("a procedure");
        let joint = procedure.steps.iter().any(|step| !step.branches.is_empty());
        let (most_pages, most) = if joint { (6, 24) } else { (4, 16) };
        assert!((2..=most_pages).contains(&pages.len()) && (5..=most).contains(&questions), "{}", item.code);
        for text in pages.iter().map(|page| &page.title).chain([&item.name]) {
            assert!(text.en.is_some(), "{}: {text:?}", item.code);
        }
        for field in pages.iter().flat_map(|page| &page.fields) {
            assert!(field.title.en.is_some(), "{} {}", item.code, field.name);
        }
        assert!(!item.law.is_empty(), "{}", item.code);
    }
}

fn field(name: &str, kind: FieldKind) -> Field {
    let title = Text::zh(name);
    Field {
        name: name.into(),
        title,
        help: None,
        kind,
        required: true,
        prefill: None,
        show_when: None,
        sensitive: false,
    }
}

fn form(fields: Vec<Field>) -> Form {
    Form { pages: vec![Page { id: "one".into(), title: Text::zh("一"), fields }] }
}

fn one(kind: FieldKind, typed: &str) -> Result<String, FieldRule> {
    let answers = Answers::from([("f".to_owned(), typed.to_owned())]);
    match validate(&form(vec![field("f", kind)]), &answers, TODAY) {
        Ok(clean) => Ok(clean["f"].clone()),
        Err(errors) => {
            assert_eq!(errors.len(), 1);
            Err(errors[0].rule)
        }
    }
}

fn ok(text: &str) -> Result<String, FieldRule> {
    Ok(text.into())
}

#[test]
fn texts_are_trimmed_and_measured_in_characters() {
    let line = FieldKind::Text { min: 2, max: 4, multiline: false };
    assert_eq!(one(line.clone(), "  陈晓明 "), ok("陈晓明"));
    assert_eq!(one(line.clone(), "陈"), Err(FieldRule::TooShort { min: 2 }));
    assert_eq!(one(line.clone(), "陈晓明明明"), Err(FieldRule::TooLong { max: 4 }));
    assert_eq!(one(line.clone(), "陈\u{0}晓"), ok("陈晓"));
    assert_eq!(one(line.clone(), "\u{1}\u{2}\u{3}"), Err(FieldRule::Required));
    assert_eq!(one(line, "   "), Err(FieldRule::Required));
    let lines = FieldKind::Text { min: 1, max: 20, multiline: true };
    assert_eq!(one(lines, "一\r\n二"), ok("一\n二"));
    let endless = FieldKind::Text { min: 0, max: 4_000, multiline: true };
    assert_eq!(one(endless, &"长".repeat(4_001)), Err(FieldRule::TooLong { max: 4_000 }));
}

#[test]
fn numbers_and_money_keep_their_bounds() {
    let whole = FieldKind::Integer { min: 1, max: 12 };
    assert_eq!(one(whole.clone(), "０7"), ok("7"));
    assert_eq!(one(whole.clone(), "13"), Err(FieldRule::OutOfRange { min: 1, max: 12, money: false }));
    assert_eq!(one(whole.clone(), "1.5"), Err(FieldRule::NotInteger));
    assert_eq!(one(whole, "99999999999999999999"), Err(FieldRule::NotInteger));
    let yuan = FieldKind::Money { min: 100, max: 100_000_000 };
    assert_eq!(one(yuan.clone(), "¥3,250.5"), ok("3250.50"));
    assert_eq!(one(yuan.clone(), "12.345"), Err(FieldRule::NotMoney));
    assert_eq!(one(yuan.clone(), "-5"), Err(FieldRule::NotMoney));
    assert_eq!(one(yuan.clone(), "."), Err(FieldRule::NotMoney));
    assert_eq!(one(yuan.clone(), "92233720368547758.08"), Err(FieldRule::NotMoney));
    assert_eq!(one(yuan, "0.99"), Err(FieldRule::OutOfRange { min: 100, max: 100_000_000, money: true }));
}

#[test]
fn dates_are_plain_and_on_the_right_side_of_today() {
    let any = FieldKind::Date { past: false, future: false };
    assert_eq!(one(any.clone(), "2024-02-29"), ok("2024-02-29"));
    for wrong in ["2025-02-29", "2026-1-1", "20260101", "2026-01-01T00:00", "明天"] {
        assert_eq!(one(any.clone(), wrong), Err(FieldRule::NotDate), "{wrong}");
    }
    let past = FieldKind::Date { past: true, future: false };
    assert_eq!(one(past.clone(), "2026-11-23"), ok("2026-11-23"));
    assert_eq!(one(past, "2026-11-24"), Err(FieldRule::NotPast));
    let future = FieldKind::Date { past: false, future: true };
    assert_eq!(one(future, "2026-11-22"), Err(FieldRule::NotFuture));
}

#[test]
fn identifiers_are_checked_and_stored_plain() {
    let good = number("99000019800101001");
    let wide: String = good.chars().map(|c| char::from_u32(c as u32 + 0xFEE0).unwrap()).collect();
    assert_eq!(one(FieldKind::CitizenNumber, &wide), ok(&good));
    assert_eq!(one(FieldKind::CitizenNumber, "123"), Err(FieldRule::CitizenNumberShape));
    assert_eq!(
        one(FieldKind::CitizenNumber, &number("99000019801301001")),
        Err(FieldRule::CitizenNumberBirthday)
    );
    let last = if good.ends_with('1') { '2' } else { '1' };
    assert_eq!(
        one(FieldKind::CitizenNumber, &format!("{}{last}", &good[..17])),
        Err(FieldRule::CitizenNumberCheck)
    );
    assert_eq!(one(FieldKind::CreditCode, "91440000730486030b"), ok("91440000730486030B"));
    assert_eq!(one(FieldKind::CreditCode, "91440000730486030C"), Err(FieldRule::CreditCodeCheck));
    assert_eq!(one(FieldKind::CreditCode, "9144000073048603OB"), Err(FieldRule::CreditCodeShape));
    assert_eq!(one(FieldKind::Mobile, "+86 138-0000-0000"), ok("13800000000"));
    for wrong in ["12800000000", "1380000000", "138000000000", "1380000000a"] {
        assert_eq!(one(FieldKind::Mobile, wrong), Err(FieldRule::Mobile), "{wrong}");
    }
}

fn options() -> Vec<Option_> {
    ["a", "b", "c"].map(|value| Option_ { value: value.into(), title: Text::zh(value) }).to_vec()
}

#[test]
fn choices_are_on_the_list_and_in_its_order() {
    assert_eq!(one(FieldKind::Choice { options: options() }, "b"), ok("b"));
    assert_eq!(one(FieldKind::Choice { options: options() }, "d"), Err(FieldRule::NotListed));
    assert_eq!(one(FieldKind::Choices { options: options() }, "c|a|c"), ok("a|c"));
    assert_eq!(one(FieldKind::Choices { options: options() }, "a|d"), Err(FieldRule::NotListed));
    assert_eq!(one(FieldKind::Choices { options: options() }, "|"), Err(FieldRule::Required));
    assert_eq!(one(FieldKind::Confirm, "yes"), ok("yes"));
    assert_eq!(one(FieldKind::Confirm, "on"), Err(FieldRule::NotListed));
}

#[test]
fn a_hidden_field_is_neither_asked_nor_kept_and_hides_what_depends_on_it() {
    let shown_by = |other: &str, value: &str| Some(ShowWhen { field: other.into(), is: vec![value.into()] });
    let text = || FieldKind::Text { min: 1, max: 9, multiline: false };
    let form = form(vec![
        field("kind", FieldKind::Choice { options: options() }),
        Field { show_when: shown_by("kind", "a"), ..field("more", FieldKind::Choice { options: options() }) },
        Field { show_when: shown_by("more", "b"), ..field("most", text()) },
    ]);
    let given = |kind: &str| {
        Answers::from(
            [("kind", kind), ("more", "b"), ("stray", "x")].map(|(k, v)| (k.to_owned(), v.to_owned())),
        )
    };
    let hidden = validate(&form, &given("c"), TODAY).unwrap();
    assert_eq!(hidden, Answers::from([("kind".to_owned(), "c".to_owned())]));
    let errors = validate(&form, &given("a"), TODAY).unwrap_err();
    assert_eq!(errors, [FieldError { field: "most".into(), rule: FieldRule::Required }]);
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 300, failure_persistence: None, ..ProptestConfig::default() })]

    /// Whatever is typed, validation answers, and its clean answers validate to themselves.
    #[test]
    fn validation_never_panics_and_is_idempotent(
        typed in proptest::collection::vec(".{0,24}", 9),
        digits in "[0-9０-９X.,+-]{0,20}",
    ) {
        let kinds = vec![
            FieldKind::Text { min: 0, max: 10, multiline: true },
            FieldKind::Integer { min: -5, max: 5_000 },
            FieldKind::Money { min: 0, max: i64::MAX },
            FieldKind::Date { past: true, future: false },
            FieldKind::Choices { options: options() },
            FieldKind::Confirm,
            FieldKind::CitizenNumber,
            FieldKind::CreditCode,
            FieldKind::Mobile,
        ];
        for (kind, typed) in kinds.into_iter().zip(&typed) {
            for typed in [typed, &digits] {
                let fields = vec![Field { required: false, ..field("f", kind.clone()) }];
                let form = form(fields);
                let answers = Answers::from([("f".to_owned(), typed.clone())]);
                if let Ok(clean) = validate(&form, &answers, TODAY) {
                    prop_assert_eq!(validate(&form, &clean, TODAY), Ok(clean));
                }
            }
        }
    }
}
