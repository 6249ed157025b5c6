//! The judgement of what was typed: cleaned answers, or what is wrong at which field.

use domain::{BadCitizenNumber, BadCreditCode, CitizenNumber, CreditCode, Date};

use crate::limits;

use super::{Answers, Field, FieldError, FieldKind, FieldRule, Form, Option_};

/// Judges a whole form.
///
/// The cleaned answers hold known fields that are shown and answered, trimmed and in their plain form
/// (numbers without leading zeros, identifiers in capitals). Fields hidden by `show_when` are neither
/// required nor kept.
///
/// # Errors
/// Every wrong field once, in the form's order.
pub fn validate(form: &Form, answers: &Answers, today: Date) -> Result<Answers, Vec<FieldError>> {
    judge(form, None, answers, today)
}

/// Judges one page; answers of earlier pages decide what is shown but are not judged again.
///
/// The result holds the fields of that page only; it is empty for an unknown page.
///
/// # Errors
/// Every wrong field of the page once, in its order.
pub fn validate_page(
    form: &Form,
    page: &str,
    answers: &Answers,
    today: Date,
) -> Result<Answers, Vec<FieldError>> {
    judge(form, Some(page), answers, today)
}

fn judge(
    form: &Form,
    only: Option<&str>,
    answers: &Answers,
    today: Date,
) -> Result<Answers, Vec<FieldError>> {
    let mut shown = Answers::new();
    let mut kept = Answers::new();
    let mut errors = Vec::new();
    for page in &form.pages {
        let judged = only.is_none_or(|id| id == page.id);
        for field in &page.fields {
            if !is_shown(field, &shown) {
                continue;
            }
            let typed = answers.get(&field.name).map_or("", |typed| typed.trim());
            match answer(field, typed, today) {
                Ok(None) => {}
                Ok(Some(clean)) => {
                    shown.insert(field.name.clone(), clean.clone());
                    if judged {
                        kept.insert(field.name.clone(), clean);
                    }
                }
                Err(rule) if judged => errors.push(FieldError { field: field.name.clone(), rule }),
                Err(_) => {}
            }
        }
    }
    if errors.is_empty() { Ok(kept) } else { Err(errors) }
}

/// Whether a field is asked, given the answers that stand before it.
///
/// A field that depends on a hidden field is hidden too, because a hidden field has no answer.
#[must_use]
pub fn is_shown(field: &Field, answers: &Answers) -> bool {
    let Some(when) = &field.show_when else { return true };
    let given = answers.get(&when.field).map_or("", |answer| answer.trim());
    given.split('|').any(|part| !part.is_empty() && when.is.iter().any(|value| value == part))
}

/// One answer, cleaned; `None` when nothing was answered and nothing need be.
fn answer(field: &Field, typed: &str, today: Date) -> Result<Option<String>, FieldRule> {
    if typed.is_empty() {
        return if field.required { Err(FieldRule::Required) } else { Ok(None) };
    }
    if count(typed) > limits::ANSWER_CHARS {
        return Err(FieldRule::TooLong { max: limits::ANSWER_CHARS });
    }
    match &field.kind {
        FieldKind::Text { min, max, multiline } => text(typed, *min, *max, *multiline),
        FieldKind::Integer { min, max } => integer(typed, *min, *max),
        FieldKind::Money { min, max } => money(typed, *min, *max),
        FieldKind::Date { past, future } => date(typed, *past, *future, today),
        FieldKind::Choice { options } if listed(options, typed) => Ok(typed.to_owned()),
        FieldKind::Choice { .. } => Err(FieldRule::NotListed),
        FieldKind::Choices { options } => return choices(field, options, typed),
        FieldKind::Confirm if typed == "yes" => Ok(typed.to_owned()),
        FieldKind::Confirm => Err(FieldRule::NotListed),
        FieldKind::CitizenNumber => citizen_number(typed),
        FieldKind::CreditCode => credit_code(typed),
        FieldKind::Mobile => mobile(typed),
    }
    .map(Some)
}

fn text(typed: &str, min: u32, max: u32, multiline: bool) -> Result<String, FieldRule> {
    let kept = |c: &char| !c.is_control() || (multiline && matches!(c, '\n' | '\t'));
    let clean: String = typed.replace("\r\n", "\n").chars().filter(kept).collect();
    let clean = clean.trim();
    match count(clean) {
        // What was typed was control characters alone: no answer.
        0 => Err(FieldRule::Required),
        length if length < min => Err(FieldRule::TooShort { min }),
        length if length > max => Err(FieldRule::TooLong { max }),
        _ => Ok(clean.to_owned()),
    }
}

fn count(text: &str) -> u32 {
    u32::try_from(text.chars().count()).unwrap_or(u32::MAX)
}

fn integer(typed: &str, min: i64, max: i64) -> Result<String, FieldRule> {
    let number: i64 = half_width(typed).parse().map_err(|_| FieldRule::NotInteger)?;
    if (min..=max).contains(&number) {
        Ok(number.to_string())
    } else {
        Err(FieldRule::OutOfRange { min, max, money: false })
    }
}

fn money(typed: &str, min: i64, max: i64) -> Result<String, FieldRule> {
    let fen = fen(&half_width(typed)).ok_or(FieldRule::NotMoney)?;
    if (min..=max).contains(&fen) {
        Ok(format!("{}.{:02}", fen / 100, fen % 100))
    } else {
        Err(FieldRule::OutOfRange { min, max, money: true })
    }
}

/// Yuan with at most two decimals, in fen; thousands may be parted by commas.
fn fen(typed: &str) -> Option<i64> {
    let plain = typed.strip_prefix(['¥', '￥']).unwrap_or(typed).replace(',', "");
    let (yuan, decimals) = plain.split_once('.').unwrap_or((&plain, ""));
    let digits = |text: &str| text.bytes().all(|b| b.is_ascii_digit());
    if yuan.is_empty() || decimals.len() > 2 || !digits(yuan) || !digits(decimals) {
        return None;
    }
    let cents: i64 = format!("{decimals:0<2}").parse().ok()?;
    yuan.parse::<i64>().ok()?.checked_mul(100)?.checked_add(cents)
}

fn date(typed: &str, past: bool, future: bool, today: Date) -> Result<String, FieldRule> {
    // `2026-11-23` and nothing else: the parser alone would take a time or a zone after the date.
    let plain = typed.len() == 10 && typed.bytes().all(|b| b.is_ascii_digit() || b == b'-');
    let day: Date = Some(typed).filter(|_| plain).and_then(|t| t.parse().ok()).ok_or(FieldRule::NotDate)?;
    if past && day > today {
        return Err(FieldRule::NotPast);
    }
    if future && day < today {
        return Err(FieldRule::NotFuture);
    }
    Ok(day.to_string())
}

fn listed(options: &[Option_], value: &str) -> bool {
    options.iter().any(|option| option.value == value)
}

fn choices(field: &Field, options: &[Option_], typed: &str) -> Result<Option<String>, FieldRule> {
    let chosen: Vec<&str> = typed.split('|').map(str::trim).filter(|part| !part.is_empty()).collect();
    if chosen.iter().any(|value| !listed(options, value)) {
        return Err(FieldRule::NotListed);
    }
    if chosen.is_empty() {
        return if field.required { Err(FieldRule::Required) } else { Ok(None) };
    }
    // In the list's order and each once, so that the same choice is always the same text.
    let ordered = options.iter().map(|option| option.value.as_str()).filter(|value| chosen.contains(value));
    Ok(Some(ordered.collect::<Vec<_>>().join("|")))
}

fn citizen_number(typed: &str) -> Result<String, FieldRule> {
    let number: CitizenNumber = half_width(typed).parse().map_err(|bad| match bad {
        BadCitizenNumber::Length | BadCitizenNumber::Character => FieldRule::CitizenNumberShape,
        BadCitizenNumber::Birthday => FieldRule::CitizenNumberBirthday,
        BadCitizenNumber::Check => FieldRule::CitizenNumberCheck,
    })?;
    Ok(number.reveal().to_owned())
}

fn credit_code(typed: &str) -> Result<String, FieldRule> {
    let code: CreditCode = half_width(typed).parse().map_err(|bad| match bad {
        BadCreditCode::Length | BadCreditCode::Character => FieldRule::CreditCodeShape,
        BadCreditCode::Check => FieldRule::CreditCodeCheck,
    })?;
    Ok(code.as_str().to_owned())
}

fn mobile(typed: &str) -> Result<String, FieldRule> {
    let plain: String = half_width(typed).chars().filter(|c| !matches!(c, ' ' | '-')).collect();
    let plain = plain.strip_prefix("+86").unwrap_or(&plain);
    let digits = plain.len() == 11 && plain.bytes().all(|b| b.is_ascii_digit());
    let begins =
        plain.as_bytes().get(..2).is_some_and(|two| two[0] == b'1' && (b'3'..=b'9').contains(&two[1]));
    if digits && begins { Ok(plain.to_owned()) } else { Err(FieldRule::Mobile) }
}

/// Chinese keyboards type full-width digits and letters; they mean the same.
fn half_width(typed: &str) -> String {
    typed
        .chars()
        .map(|c| match c {
            '！'..='～' => char::from_u32(c as u32 - 0xFEE0).unwrap_or(c),
            '\u{3000}' => ' ',
            other => other,
        })
        .collect::<String>()
        .trim()
        .to_owned()
}
