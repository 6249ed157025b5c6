//! Dates, amounts, sizes and names as people read them.

use domain::Lang;
use domain::date_in_words;
pub use domain::{date_in_words as date, day_in_words as day};

/// A date with hours and minutes of the local day.
#[must_use]
pub fn moment(at: jiff::civil::DateTime, lang: Lang) -> String {
    format!("{} {:02}:{:02}", date_in_words(at.date(), lang), at.hour(), at.minute())
}

/// Yuan from fen, without needless zeros: `20`, `20.50`.
#[must_use]
pub fn yuan(fen: u32) -> String {
    if fen.is_multiple_of(100) { (fen / 100).to_string() } else { format!("{}.{:02}", fen / 100, fen % 100) }
}

/// `812 kB`, `3.4 MB` (decimal, as phones count).
#[must_use]
pub fn size(bytes: u64) -> String {
    match bytes {
        0..1_000 => format!("{bytes} B"),
        1_000..1_000_000 => format!("{} kB", bytes / 1_000),
        _ => format!("{}.{} MB", bytes / 1_000_000, bytes % 1_000_000 / 100_000),
    }
}

/// A name with all but its first and last character hidden: `陈*明`, `陈*`; one character stays.
#[must_use]
pub fn masked_name(name: &str) -> String {
    let characters: Vec<char> = name.chars().collect();
    match characters.as_slice() {
        [] => String::new(),
        [only] => only.to_string(),
        [first, _] => format!("{first}*"),
        [first, middle @ .., last] => format!("{first}{}{last}", "*".repeat(middle.len())),
    }
}

/// A number of which only the first four and the last two characters are shown (a citizen number, a
/// mobile number); shorter ones are hidden whole.
#[must_use]
pub fn masked_number(number: &str) -> String {
    let characters: Vec<char> = number.chars().collect();
    if characters.len() < 9 {
        return "*".repeat(characters.len());
    }
    let (head, rest) = characters.split_at(4);
    let (hidden, tail) = rest.split_at(rest.len() - 2);
    head.iter().copied().chain(hidden.iter().map(|_| '*')).chain(tail.iter().copied()).collect()
}

/// Natural days from one day to another; negative when it lies before.
#[must_use]
pub fn days_between(from: domain::Date, to: domain::Date) -> i64 {
    from.until(to).map_or(0, |span| i64::from(span.get_days()))
}
