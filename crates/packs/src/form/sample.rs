//! A valid filling of any form, for walks through whole catalogues and for tests.

use domain::Date;

use super::{Answers, Field, FieldKind, Form, Prefill, is_shown};

/// A made-up person to fill forms with. Never a real one.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SamplePerson {
    /// Name, marked as an example.
    pub name: String,
    /// A citizen number with a right check digit and an area code that does not exist.
    pub citizen_number: String,
    /// Mobile number.
    pub mobile: String,
    /// Address.
    pub address: String,
}

/// A credit code with a right check digit whose registering area (000000) does not exist.
const CREDIT_CODE: &str = "91000000EXAMPL0000";

/// Answers that `validate` accepts: what is prefilled comes from the person, of a list the first entry,
/// of a range the least.
#[must_use]
pub fn sample(form: &Form, today: Date, person: &SamplePerson) -> Answers {
    let mut answers = Answers::new();
    for field in form.pages.iter().flat_map(|page| &page.fields) {
        if is_shown(field, &answers) {
            answers.insert(field.name.clone(), one(field, today, person));
        }
    }
    answers
}

fn one(field: &Field, today: Date, person: &SamplePerson) -> String {
    let own = match field.prefill {
        Some(Prefill::Name) => Some(&person.name),
        Some(Prefill::CitizenNumber) => Some(&person.citizen_number),
        Some(Prefill::Mobile) => Some(&person.mobile),
        Some(Prefill::Address) => Some(&person.address),
        None => None,
    };
    match &field.kind {
        FieldKind::Text { min, max, .. } => text(own.map_or("示例内容", String::as_str), *min, *max),
        FieldKind::Integer { min, max } => 1.max(*min).min(*max).to_string(),
        FieldKind::Money { min, max } => {
            let fen = 10_000.max(*min).min(*max);
            format!("{}.{:02}", fen / 100, fen % 100)
        }
        FieldKind::Date { .. } => today.to_string(),
        FieldKind::Choice { options } | FieldKind::Choices { options } => {
            options.first().map(|option| option.value.clone()).unwrap_or_default()
        }
        FieldKind::Confirm => "yes".into(),
        FieldKind::CitizenNumber => person.citizen_number.clone(),
        FieldKind::CreditCode => credit_code(),
        FieldKind::Mobile => person.mobile.clone(),
    }
}

/// The words, repeated until long enough and cut to the most characters.
fn text(words: &str, min: u32, max: u32) -> String {
    let (min, max) = (min as usize, max as usize);
    let length = words.chars().count();
    let wanted = length.max(min).min(max);
    words.chars().cycle().take(if length == 0 { 0 } else { wanted }).collect()
}

fn credit_code() -> String {
    let first = &CREDIT_CODE[..17];
    let check = domain::CreditCode::check_character(first).unwrap_or('0');
    format!("{first}{check}")
}
