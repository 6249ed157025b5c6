//! Where a period ends to the hour: parts of a day, business hours, the cut-off.

use domain::{BadHours, BusinessHours, Calendar, Date, Deadline, Limit, Time, Timestamp};
use jiff::SignedDuration;
use jiff::civil::date;
use proptest::prelude::*;

use super::{Days, a_day, any_notices, china, local, next, notices, of, rest, time, walk, with_hours, works};

fn ends(calendar: &Calendar, at: &str, limit: &str) -> String {
    let deadline = calendar.deadline(local(at), limit.parse().expect("a good test value"));
    match deadline.until {
        None => format!("{} 24:00", deadline.last_day),
        Some(until) => format!("{} {:02}:{:02}", deadline.last_day, until.hour(), until.minute()),
    }
}

/// The vectors of the notices again, through the clock: whole days end at 24:00 here, whatever the hours.
#[test]
fn whole_days_end_at_midnight() {
    for calendar in [china(), with_hours(china(), None)] {
        for (at, limit, end) in [
            ("2026-02-12T09:30", "5 workdays", "2026-02-26 24:00"),
            ("2026-02-13T23:59:59", "20 workdays", "2026-03-19 24:00"),
            ("2026-09-18T00:00", "5 workdays", "2026-09-24 24:00"),
            ("2026-09-30T17:30", "5 workdays", "2026-10-13 24:00"),
            ("2025-09-30T12:00", "20 workdays", "2025-11-04 24:00"),
            ("2024-02-03T10:00", "5 workdays", "2024-02-08 24:00"),
            ("2026-04-30T16:00", "20 workdays", "2026-06-01 24:00"),
            ("2026-09-28T10:00", "3 natural days", "2026-10-08 24:00"),
            ("2026-12-30T10:00", "5 workdays", "2027-01-06 24:00"),
        ] {
            assert_eq!(ends(&calendar, at, limit), end, "{at} + {limit}");
        }
        let deadline = calendar.deadline(local("2026-02-12T09:30"), Limit::workdays(5));
        assert_eq!(calendar.end_of_deadline(&deadline), local("2026-02-27T00:00"));
        assert_eq!(calendar.end_of_deadline(&deadline), calendar.end_of(date(2026, 2, 26)));
    }
}

/// 民法典 art. 201(2): what is measured by hours begins at its instant. 2 March 2026 is a Monday.
#[test]
fn parts_of_a_day_are_counted_in_business_hours() {
    let calendar = with_hours(china(), None);
    for (at, limit, end) in [
        ("2026-03-02T10:00", "0.25 workday", "2026-03-02 11:30"),
        // Over the midday break, and from within it.
        ("2026-03-02T11:00", "0.25 workday", "2026-03-02 14:30"),
        ("2026-03-02T12:30", "0.25 workday", "2026-03-02 15:30"),
        // A span that is used up ends with its close, not with the next opening.
        ("2026-03-02T10:30", "0.25 workday", "2026-03-02 12:00"),
        ("2026-03-02T15:30", "0.25 workday", "2026-03-02 17:00"),
        ("2026-03-02T09:00", "0.5 workday", "2026-03-02 12:00"),
        // Overnight, and outside the hours.
        ("2026-03-02T16:30", "0.5 workday", "2026-03-03 11:30"),
        ("2026-03-02T17:00", "0.25 workday", "2026-03-03 10:30"),
        ("2026-03-02T23:59:59", "0.75 workday", "2026-03-03 15:30"),
        ("2026-03-02T06:00", "0.75 workday", "2026-03-02 15:30"),
        // The minute that runs does not count.
        ("2026-03-02T10:00:01", "0.25 workday", "2026-03-02 11:31"),
        // Into a make-up Saturday, over the Sunday, over the holidays.
        ("2026-02-27T17:00", "0.25 workday", "2026-02-28 10:30"),
        ("2026-02-28T16:00", "0.5 workday", "2026-03-02 11:00"),
        ("2026-09-30T16:00", "0.5 workday", "2026-10-08 11:00"),
        ("2026-10-01T10:00", "0.25 workday", "2026-10-08 10:30"),
        // Whole days first, then the part of the day after them.
        ("2026-03-02T10:00", "1.5 workdays", "2026-03-04 12:00"),
        ("2026-02-27T10:00", "2.75 workdays", "2026-03-03 15:30"),
        ("2026-09-30T10:00", "1.25 workdays", "2026-10-09 10:30"),
        // Into a year without a notice.
        ("2026-12-31T16:30", "0.25 workday", "2027-01-01 10:00"),
    ] {
        assert_eq!(ends(&calendar, at, limit), end, "{at} + {limit}");
    }
    let half = calendar.deadline(local("2026-03-02T10:00"), Limit::workday_quarters(1));
    assert_eq!(calendar.end_of_deadline(&half), local("2026-03-02T11:30"));
}

#[test]
fn without_hours_a_part_of_a_day_is_a_whole_one() {
    assert_eq!(ends(&china(), "2026-03-02T10:00", "0.25 workday"), "2026-03-03 24:00");
    assert_eq!(ends(&china(), "2026-03-02T10:00", "1.5 workdays"), "2026-03-04 24:00");
}

/// 民法典 art. 203(2): where there are business hours, a day of a period ends with them.
#[test]
fn a_cut_off_ends_the_day() {
    let calendar = with_hours(china(), Some(time(17, 0)));
    for (at, day) in [
        ("2026-03-02T00:00", date(2026, 3, 2)),
        ("2026-03-02T16:59:59", date(2026, 3, 2)),
        ("2026-03-02T17:00", date(2026, 3, 3)),
        ("2026-02-27T20:00", date(2026, 2, 28)),
        ("2026-02-28T16:00", date(2026, 2, 28)),
        ("2026-02-28T17:00", date(2026, 3, 2)),
        ("2026-03-07T10:00", date(2026, 3, 9)),
        ("2026-09-30T18:00", date(2026, 10, 8)),
        ("2025-12-31T17:30", date(2026, 1, 4)),
    ] {
        assert_eq!(calendar.received_on(local(at)), day, "{at}");
        assert_eq!(
            china().received_on(local(at)),
            local(at).to_zoned(jiff::tz::TimeZone::fixed(jiff::tz::offset(8))).date()
        );
    }
    assert_eq!(ends(&calendar, "2026-03-02T18:00", "5 workdays"), "2026-03-09 17:00");
    assert_eq!(ends(&calendar, "2026-03-02T16:00", "0.5 workday"), "2026-03-03 11:00");
    let late = calendar.deadline_on_receipt(local("2026-03-02T18:00"), Limit::workdays(5));
    assert_eq!(late, Deadline { last_day: date(2026, 3, 10), until: Some(time(17, 0)) });
    let early = calendar.deadline_on_receipt(local("2026-03-02T16:00"), Limit::workdays(5));
    assert_eq!(early.last_day, date(2026, 3, 9));
    let part = calendar.deadline_on_receipt(local("2026-03-02T18:00"), Limit::workday_quarters(2));
    assert_eq!(part, Deadline { last_day: date(2026, 3, 3), until: Some(time(12, 0)) });
}

#[test]
fn hours_that_cannot_be_are_refused() {
    let of = |spans: &[(i8, i8)], cut_off: Option<Time>| {
        BusinessHours::new(spans.iter().map(|&(from, to)| (time(from, 0), time(to, 0))), cut_off)
    };
    assert_eq!(of(&[], None), Err(BadHours::Count));
    assert_eq!(
        of(&[(1, 2), (3, 4), (5, 6), (7, 8), (9, 10), (11, 12), (13, 14)], None),
        Err(BadHours::Count)
    );
    assert_eq!(of(&[(9, 9)], None), Err(BadHours::Order));
    assert_eq!(of(&[(14, 17), (9, 12)], None), Err(BadHours::Order));
    assert_eq!(of(&[(9, 12), (12, 17)], None), Err(BadHours::Order));
    assert_eq!(of(&[(9, 12), (14, 17)], Some(time(16, 59))), Err(BadHours::CutOff));
    assert_eq!(of(&[(9, 12)], Some(Time::constant(17, 0, 1, 0))), Err(BadHours::Seconds));
    assert_eq!(BusinessHours::new([(Time::constant(9, 0, 0, 1), time(12, 0))], None), Err(BadHours::Seconds));
    assert_eq!(of(&[(9, 12), (14, 17)], Some(time(20, 0))).unwrap().cut_off(), Some(time(20, 0)));
}

#[test]
fn deadlines_are_stored_short() {
    let day = Deadline { last_day: date(2026, 3, 2), until: None };
    let hour = Deadline { until: Some(time(11, 30)), ..day };
    assert_eq!(serde_json::to_string(&day).unwrap(), r#"{"last_day":"2026-03-02"}"#);
    for deadline in [day, hour] {
        let stored = serde_json::to_string(&deadline).unwrap();
        assert_eq!(serde_json::from_str::<Deadline>(&stored).unwrap(), deadline);
    }
    assert!(hour < day && day < Deadline { last_day: date(2026, 3, 3), ..hour });
}

#[test]
fn the_end_of_time_ends_a_deadline() {
    let calendar = with_hours(china(), None);
    let deadline = calendar.deadline(Timestamp::MAX, Limit::workday_quarters(7));
    assert!(deadline.last_day >= date(9999, 12, 30) && calendar.end_of_deadline(&deadline) <= Timestamp::MAX);
}

/// The end of a part of a day, minute by minute.
fn minute_by_minute(days: &Days, at: Timestamp, limit: Limit) -> Timestamp {
    let zone = jiff::tz::TimeZone::fixed(jiff::tz::offset(8));
    let start = zone.to_datetime(at);
    let mut now = at;
    if limit.days > 0 {
        let after = next(walk(days, start.date(), limit.days));
        now = zone.to_timestamp(after.at(0, 0, 0, 0)).expect("a good test value");
    }
    let mut left = u32::from(limit.quarters()) * 90;
    while left > 0 {
        let civil = zone.to_datetime(now);
        let open = matches!(civil.hour(), 9..12 | 14..17) && works(days, civil.date());
        left -= u32::from(open);
        now += SignedDuration::from_mins(1);
    }
    now
}

fn an_instant() -> impl Strategy<Value = Timestamp> {
    let calendar = china();
    (a_day(), 0i64..1_440)
        .prop_map(move |(day, minute)| calendar.start_of(day) + SignedDuration::from_mins(minute))
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 400, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn parts_of_a_day_agree_with_the_minutes(at in an_instant(), quarters in 1u16..13, days in any_notices()) {
        let limit = Limit::workday_quarters(quarters);
        prop_assume!(limit.quarters() > 0);
        let calendar = with_hours(of(&days), None);
        let deadline = calendar.deadline(at, limit);
        prop_assert_eq!(calendar.end_of_deadline(&deadline), minute_by_minute(&days, at, limit));
        prop_assert!(deadline.last_day <= calendar.last_day(calendar.date_of(at), limit));
    }

    /// More time never ends earlier, and neither does what begins later.
    #[test]
    fn longer_and_later_never_ends_earlier(
        at in an_instant(), wait in 0i64..10_000, quarters in 1u16..40, more in 1u16..9, cut in any::<bool>(),
    ) {
        let calendar = with_hours(of(&notices()), cut.then(|| time(17, 0)));
        let end = |at, quarters| {
            calendar.end_of_deadline(&calendar.deadline(at, Limit::workday_quarters(quarters)))
        };
        let (short, long) = (Limit::workday_quarters(quarters), Limit::workday_quarters(quarters + more));
        prop_assert!(calendar.deadline(at, short) < calendar.deadline(at, long));
        prop_assert!(end(at, quarters) > at);
        prop_assert!(end(at, quarters) < end(at, quarters + more));
        prop_assert!(end(at, quarters) <= end(at + SignedDuration::from_mins(wait), quarters));
    }

    /// What arrives before a deadline is over counts as received on its last day or before, and only that.
    #[test]
    fn in_time_is_received_in_time(start in a_day(), n in 1u16..10, at in an_instant(), cut in any::<bool>()) {
        let calendar = with_hours(china(), cut.then(|| time(17, 0)));
        let deadline = calendar.deadline(calendar.at(start, 10), Limit::workdays(n));
        let near = calendar.start_of(deadline.last_day) + (at.duration_since(calendar.start_of(start)) / 400);
        for at in [at, near] {
            let in_time = at < calendar.end_of_deadline(&deadline);
            prop_assert_eq!(in_time, calendar.received_on(at) <= deadline.last_day, "{}", at);
        }
        let day: Date = calendar.received_on(at);
        prop_assert!(!cut || day == rest(&notices(), day));
    }
}
