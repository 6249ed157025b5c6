//! The working calendar against the State Council's notices of 2024 to 2026, as the base pack carries them.

use std::path::Path;

use domain::{Calendar, Date, DayKind, DayUnit, Limit};
use jiff::civil::date;
use proptest::prelude::*;

/// The calendar of `packs/cn`, read without the pack loader: this room knows no other.
fn china() -> Calendar {
    let file = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../packs/cn/calendar.csv");
    let text = std::fs::read_to_string(file).expect("a good test value");
    let days = text.lines().skip(1).map(|line| {
        let mut cells = line.split(',');
        let day: Date = cells.next().expect("a good test value").parse().expect("a good test value");
        let kind = match cells.next().expect("a good test value") {
            "holiday" => DayKind::Holiday,
            "makeup-workday" => DayKind::MakeupWorkday,
            other => panic!("{other}"),
        };
        (day, kind)
    });
    Calendar::new(days, 8 * 3_600).expect("a good test value")
}

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
    assert!(Calendar::new([], 100 * 3_600).is_err());
}

#[test]
fn the_ends_of_time_do_not_panic() {
    let calendar = china();
    assert_eq!(calendar.last_day(Date::MAX, Limit::workdays(3)), Date::MAX);
    let natural = Limit::natural_days(3);
    assert_eq!(calendar.last_day(Date::MAX, natural), Date::MAX);
    assert!(calendar.end_of(Date::MAX) > calendar.end_of(date(2026, 1, 1)));
}

#[test]
fn limits_read_as_they_are_written() {
    for (text, limit) in [
        ("1 workday", Limit::workdays(1)),
        ("20 workdays", Limit::workdays(20)),
        ("90 natural days", Limit::natural_days(90)),
    ] {
        assert_eq!(text.parse::<Limit>().unwrap(), limit);
        assert_eq!(limit.to_string(), text);
    }
    for wrong in ["", "5", "workdays", "-5 workdays", "5 hours", "70000 workdays", "5.3 workdays"] {
        assert!(wrong.parse::<Limit>().is_err(), "{wrong:?}");
    }
    let week = Limit::natural_days(7);
    assert_eq!(Limit::workdays(5).weight(), week.weight());
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 500, failure_persistence: None, ..ProptestConfig::default() })]

    /// A limit of working days ends on a working day, after exactly so many of them, never earlier for more.
    #[test]
    fn working_days_are_counted_one_by_one(start in 0i32..1_000, days in 1u16..120) {
        let calendar = china();
        let start = date(2024, 1, 1) + jiff::Span::new().days(start);
        let last = calendar.last_day(start, Limit::workdays(days));
        prop_assert!(last > start && calendar.is_working_day(last));
        prop_assert_eq!(calendar.working_days_between(start, last), i32::from(days));
        prop_assert_eq!(calendar.working_days_between(last, start), -i32::from(days));
        prop_assert!(calendar.last_day(start, Limit::workdays(days + 1)) > last);
        let natural = calendar.last_day(start, Limit::natural_days(days));
        prop_assert!(natural <= last && calendar.is_working_day(natural));
    }
}
