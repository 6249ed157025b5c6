//! Which days count, and where whole days end.

use domain::{BadCalendar, Calendar, Date, DayKind, DayUnit, Limit};
use jiff::civil::date;
use proptest::prelude::*;

use super::{Days, a_day, any_notices, china, next, rest, walk, walked, works};

/// Receipt, working days, last day: computed from the official notices, two calendars agreeing.
#[test]
fn periods_end_where_the_notices_say() {
    let calendar = china();
    for (start, days, last) in [
        (date(2026, 2, 12), 5, date(2026, 2, 26)),
        (date(2026, 2, 13), 20, date(2026, 3, 19)),
        (date(2026, 9, 18), 5, date(2026, 9, 24)),
        (date(2026, 9, 30), 5, date(2026, 10, 13)),
        (date(2025, 9, 30), 20, date(2025, 11, 4)),
        (date(2024, 2, 3), 5, date(2024, 2, 8)),
        (date(2026, 4, 30), 20, date(2026, 6, 1)),
    ] {
        assert_eq!(calendar.last_day(start, Limit::workdays(days)), last, "{start} + {days}");
        assert_eq!(calendar.working_days_between(start, last), i32::from(days));
    }
}

#[test]
fn years_have_their_working_days() {
    let calendar = china();
    for (year, days) in [(2024, 251), (2025, 248), (2026, 248)] {
        let before = date(year - 1, 12, 31);
        assert_eq!(calendar.working_days_between(before, date(year, 12, 31)), days, "{year}");
        assert!(!calendar.provisional(date(year, 6, 1)));
    }
    assert!(calendar.provisional(date(2027, 1, 1)) && calendar.provisional(date(2023, 12, 31)));
}

/// 民法典 art. 203: a period that would end on a day of rest ends on the next working day.
#[test]
fn natural_days_end_on_a_working_day() {
    let calendar = china();
    let natural = Limit::natural_days;
    assert_eq!(calendar.last_day(date(2026, 9, 28), natural(3)), date(2026, 10, 8));
    assert_eq!(calendar.last_day(date(2026, 11, 20), natural(1)), date(2026, 11, 23));
    assert_eq!(calendar.last_day(date(2026, 11, 23), natural(3)), date(2026, 11, 26));
}

/// `Calendar::last_day` promises that zero days end on the day itself, moved to a working day.
#[test]
fn zero_days_end_on_the_day_or_the_next_working_day() {
    let calendar = china();
    for unit in [DayUnit::Workday, DayUnit::NaturalDay] {
        let zero = Limit::new(0, unit);
        assert_eq!(calendar.last_day(date(2026, 11, 23), zero), date(2026, 11, 23), "{unit:?}");
        assert_eq!(calendar.last_day(date(2026, 10, 1), zero), date(2026, 10, 8), "{unit:?}");
    }
}

#[test]
fn a_day_is_over_at_midnight_here() {
    let calendar = china();
    let end = calendar.end_of(date(2026, 11, 23));
    assert_eq!(end.to_string(), "2026-11-23T16:00:00Z");
    assert_eq!(calendar.date_of(end), date(2026, 11, 24));
    assert_eq!(calendar.civil(calendar.at(date(2026, 11, 23), 9)).hour(), 9);
    assert_eq!(calendar.start_of(date(2026, 11, 24)), end);
    assert_eq!(Calendar::new([], 100 * 3_600).unwrap_err(), BadCalendar::Offset);
    let centuries = [date(2026, 1, 1), date(2226, 1, 1)].map(|day| (day, DayKind::Holiday));
    assert_eq!(Calendar::new(centuries, 0).unwrap_err(), BadCalendar::Years);
}

#[test]
fn the_ends_of_time_do_not_panic() {
    let calendar = china();
    assert_eq!(calendar.last_day(Date::MAX, Limit::workdays(3)), Date::MAX);
    let natural = Limit::natural_days(3);
    assert_eq!(calendar.last_day(Date::MAX, natural), Date::MAX);
    assert!(calendar.end_of(Date::MAX) > calendar.end_of(date(2026, 1, 1)));
}

/// A weekend day worked to make up counts, and a period may end on it.
#[test]
fn make_up_days_count() {
    let calendar = china();
    assert_eq!(calendar.last_day(date(2026, 1, 1), Limit::workdays(1)), date(2026, 1, 4));
    assert_eq!(calendar.last_day(date(2026, 2, 13), Limit::workdays(2)), date(2026, 2, 24));
    assert_eq!(calendar.last_day(date(2026, 10, 9), Limit::natural_days(1)), date(2026, 10, 10));
    assert_eq!(calendar.last_day(date(2026, 10, 9), Limit::natural_days(2)), date(2026, 10, 12));
    assert_eq!(calendar.last_day(date(2026, 10, 10), Limit::workdays(0)), date(2026, 10, 10));
}

/// The turn of a year: into one whose notice is there, and into one that has none and counts Monday to Friday.
#[test]
fn years_end() {
    let calendar = china();
    assert_eq!(calendar.last_day(date(2024, 12, 31), Limit::workdays(1)), date(2025, 1, 2));
    assert_eq!(calendar.last_day(date(2025, 12, 31), Limit::workdays(2)), date(2026, 1, 5));
    assert_eq!(calendar.last_day(date(2025, 12, 30), Limit::natural_days(2)), date(2026, 1, 4));
    let guessed = calendar.last_day(date(2026, 12, 31), Limit::workdays(1));
    assert_eq!(guessed, date(2027, 1, 1));
    assert!(calendar.provisional(guessed) && !calendar.provisional(date(2026, 12, 31)));
    // The last working day before the first notice, the first after it, and past the last day noticed.
    assert_eq!(calendar.last_day(date(2023, 12, 28), Limit::workdays(1)), date(2023, 12, 29));
    assert_eq!(calendar.last_day(date(2023, 12, 29), Limit::workdays(1)), date(2024, 1, 2));
    assert_eq!(calendar.last_day(date(2026, 10, 10), Limit::workdays(1)), date(2026, 10, 12));
}

#[test]
fn parts_of_a_day_count_as_whole_ones_where_only_days_do() {
    let calendar = china();
    let monday = date(2026, 3, 2);
    for (quarters, last) in [(1, 3), (2, 3), (4, 3), (5, 4), (8, 4), (11, 5)] {
        let limit = Limit::workday_quarters(quarters);
        assert_eq!(calendar.last_day(monday, limit), date(2026, 3, last), "{limit}");
    }
}

/// The meaning of the warning, day by day: as the clock of a case has had it from the beginning.
fn warned(days: &Days, from: Date, last_day: Date) -> Date {
    let total = walked(days, from, last_day);
    let mut day = from;
    while day < last_day && walked(days, day, last_day) * 5 > total {
        day = next(day);
    }
    day
}

#[test]
fn a_fifth_is_left_from_here_on() {
    let calendar = china();
    // Twenty days: four are left after the sixteenth.
    let (from, last) = (date(2026, 3, 2), date(2026, 3, 30));
    assert_eq!(calendar.warns_on(from, last), date(2026, 3, 24));
    // Five days: one is left after the fourth. Fewer than five: the last day itself.
    assert_eq!(calendar.warns_on(from, date(2026, 3, 9)), date(2026, 3, 6));
    assert_eq!(calendar.warns_on(from, date(2026, 3, 4)), date(2026, 3, 4));
    assert_eq!(calendar.warns_on(from, from), from);
    assert_eq!(calendar.warns_on(last, from), last);
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 300, failure_persistence: None, ..ProptestConfig::default() })]

    /// The search answers as a walk does, whatever the notices say.
    #[test]
    fn the_search_agrees_with_a_walk(days in any_notices(), start in a_day(), n in 0u16..300) {
        let calendar = super::of(&days);
        prop_assert_eq!(calendar.is_working_day(start), works(&days, start));
        let last = if n == 0 { rest(&days, start) } else { walk(&days, start, n) };
        prop_assert_eq!(calendar.last_day(start, Limit::workdays(n)), last);
        let natural = (0..n).fold(start, |day, _| next(day));
        prop_assert_eq!(calendar.last_day(start, Limit::natural_days(n)), rest(&days, natural));
        let count = walked(&days, start, natural);
        prop_assert_eq!(calendar.working_days_between(start, natural), count);
        prop_assert_eq!(calendar.working_days_between(natural, start), -count);
        prop_assert_eq!(calendar.warns_on(start, last), warned(&days, start, last));
        prop_assert_eq!(calendar.warns_on(start, natural), warned(&days, start, natural));
    }

    /// Far from any notice, before and after, Monday to Friday counts.
    #[test]
    fn years_without_notices_are_plain_weeks(year in -9_000i16..9_000, n in 1u16..30) {
        let calendar = china();
        let start = date(year, 5, 17);
        prop_assume!(calendar.provisional(start));
        prop_assert_eq!(calendar.last_day(start, Limit::workdays(n)), walk(&Days::new(), start, n));
    }
}
