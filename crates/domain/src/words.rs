//! Dates as people write them.

use jiff::civil::Date;

use crate::Lang;

const MONTHS: [&str; 12] = [
    "January",
    "February",
    "March",
    "April",
    "May",
    "June",
    "July",
    "August",
    "September",
    "October",
    "November",
    "December",
];

/// `2026年11月23日`, `23 November 2026`.
#[must_use]
pub fn date_in_words(date: Date, lang: Lang) -> String {
    match lang {
        Lang::Zh => format!("{}年{}", date.year(), day_in_words(date, lang)),
        Lang::En => format!("{} {}", day_in_words(date, lang), date.year()),
    }
}

/// `11月23日`, `23 November`: within the year in hand.
#[must_use]
pub fn day_in_words(date: Date, lang: Lang) -> String {
    let month = usize::try_from(date.month() - 1).ok().and_then(|month| MONTHS.get(month));
    match lang {
        Lang::Zh => format!("{}月{}日", date.month(), date.day()),
        Lang::En => format!("{} {}", date.day(), month.copied().unwrap_or_default()),
    }
}
