//! A period that stands still: 行政许可法 art. 45.

use domain::{Calendar, Date, DayUnit, Limit};
use jiff::civil::date;
use proptest::prelude::*;

use super::{Days, a_day, any_notices, china, next, of, rest, walked};

#[test]
fn what_remained_is_counted_from_the_day_it_runs_again() {
    let calendar = china();
    let workdays = |s, r, last| calendar.resume(s, r, last, DayUnit::Workday);
    // Accepted on 2 March with 20 days; the hearing is called on the 6th, four counted, and is over on 7 April.
    let last = calendar.last_day(date(2026, 3, 2), Limit::workdays(20));
    assert_eq!(calendar.remaining(date(2026, 3, 6), last, DayUnit::Workday), 16);
    assert_eq!(workdays(date(2026, 3, 6), date(2026, 4, 7), last), date(2026, 4, 29));
    // Suspended on the last day: it runs out on the day it runs again, or the next working day.
    assert_eq!(workdays(last, date(2026, 4, 3), last), date(2026, 4, 3));
    assert_eq!(workdays(last, date(2026, 4, 4), last), date(2026, 4, 7));
    // Over before it was suspended, and ended before it began: nothing changes.
    assert_eq!(workdays(next(last), date(2026, 4, 30), last), last);
    assert_eq!(workdays(date(2026, 3, 6), date(2026, 3, 4), last), last);
    assert_eq!(calendar.remaining(next(last), last, DayUnit::Workday), 0);
}

#[test]
fn natural_days_stand_still_too() {
    let calendar = china();
    let last = calendar.last_day(date(2026, 3, 2), Limit::natural_days(30));
    assert_eq!(last, date(2026, 4, 1));
    assert_eq!(calendar.remaining(date(2026, 3, 12), last, DayUnit::NaturalDay), 20);
    let again = calendar.resume(date(2026, 3, 12), date(2026, 4, 12), last, DayUnit::NaturalDay);
    assert_eq!(again, date(2026, 5, 6), "2 May is a holiday, and the 6th the first working day after it");
}

/// Natural days from `from` (not counted) to `to`, found by walking.
fn nights(from: Date, to: Date) -> usize {
    std::iter::successors(Some(from), |day| Some(next(*day))).take_while(|day| *day < to).count()
}

/// Suspends after `run` days, for `pause` days.
fn stop(calendar: &Calendar, start: Date, limit: Limit, run: i32, pause: i32) -> (Date, Date, Date, Date) {
    let last = calendar.last_day(start, limit);
    let suspended = (start + jiff::Span::new().days(run)).min(last);
    let resumed = suspended + jiff::Span::new().days(pause);
    (last, suspended, resumed, calendar.resume(suspended, resumed, last, limit.unit))
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 500, failure_persistence: None, ..ProptestConfig::default() })]

    /// As many days are counted with the suspension as without it.
    #[test]
    fn a_suspension_takes_no_day_and_gives_none(
        days in any_notices(), start in a_day(), n in 1u16..60, run in 0i32..90, pause in 1i32..200,
    ) {
        let calendar = of(&days);
        let (last, suspended, resumed, again) = stop(&calendar, start, Limit::workdays(n), run, pause);
        let counted = walked(&days, start, suspended) + walked(&days, resumed, again);
        // Nothing remains of the last day itself: what is then added is only the way to a working day.
        let moved = suspended == last && again > resumed;
        prop_assert_eq!(counted - i32::from(moved), i32::from(n));
        prop_assert!(again >= last && again >= resumed);
        prop_assert_eq!(again, rest(&days, again));
    }

    #[test]
    fn natural_days_are_the_same_up_to_the_next_working_day(
        days in any_notices(), start in a_day(), n in 1u16..60, run in 0i32..90, pause in 1i32..200,
    ) {
        let calendar = of(&days);
        let (last, suspended, resumed, again) = stop(&calendar, start, Limit::natural_days(n), run, pause);
        let left = nights(suspended, last);
        let due = (0..left).fold(resumed, |day, _| next(day));
        prop_assert_eq!(again, rest(&days, due));
        prop_assert!(again >= last);
    }

    #[test]
    fn a_suspension_of_no_time_changes_nothing(
        days in any_notices(), start in a_day(), n in 1u16..60, run in 0i32..90, workdays in any::<bool>(),
    ) {
        let limit = if workdays { Limit::workdays(n) } else { Limit::natural_days(n) };
        let (last, _, _, again) = stop(&of(&days), start, limit, run, 0);
        prop_assert_eq!(again, last);
        // And a second one, later, builds on the first.
        let calendar = of(&Days::new());
        let (last, suspended, resumed, once) = stop(&calendar, start, limit, run, 7);
        let twice = calendar.resume(resumed, resumed, once, limit.unit);
        prop_assert!(twice == once && once >= last && suspended < resumed);
    }
}
