//! How a limit is written, stored and weighed.

use domain::{DayUnit, Limit};
use proptest::prelude::*;

#[test]
fn limits_read_as_they_are_written() {
    for (text, limit) in [
        ("0 workdays", Limit::workdays(0)),
        ("1 workday", Limit::workdays(1)),
        ("20 workdays", Limit::workdays(20)),
        ("0.25 workday", Limit::workday_quarters(1)),
        ("0.5 workday", Limit::workday_quarters(2)),
        ("1.5 workdays", Limit::workday_quarters(6)),
        ("2.75 workdays", Limit::workday_quarters(11)),
        ("1 natural day", Limit::natural_days(1)),
        ("90 natural days", Limit::natural_days(90)),
    ] {
        assert_eq!(text.parse::<Limit>().unwrap(), limit);
        assert_eq!(limit.to_string(), text);
    }
    assert_eq!("0.50 workdays".parse(), Ok(Limit::workday_quarters(2)));
    for wrong in [
        "",
        "5",
        "workdays",
        "-5 workdays",
        "5 hours",
        "70000 workdays",
        "5.3 workdays",
        "0.125 workday",
        ".5 workday",
        "1. workdays",
        "1.5 natural days",
        "1.2.5 workdays",
        "1,5 workdays",
    ] {
        assert!(wrong.parse::<Limit>().is_err(), "{wrong:?}");
    }
    assert!(Limit::read("0.5", DayUnit::NaturalDay).is_err());
}

#[test]
fn a_working_day_weighs_seven_fifths_of_a_natural_one() {
    assert_eq!(Limit::workdays(5).weight(), Limit::natural_days(7).weight());
    assert_eq!(Limit::workday_quarters(4), Limit::workdays(1));
    assert!(Limit::workday_quarters(2).weight() < Limit::natural_days(1).weight());
    assert!(Limit::workday_quarters(3).weight() > Limit::natural_days(1).weight());
    assert_eq!(Limit::new(u16::MAX, DayUnit::Workday).days_up(), u16::MAX);
}

/// What was stored before quarters came reads on, and is still written the same.
#[test]
fn stored_limits_read_on() {
    let whole = r#"{"days":5,"unit":"workday"}"#;
    assert_eq!(serde_json::from_str::<Limit>(whole).unwrap(), Limit::workdays(5));
    assert_eq!(serde_json::from_str::<Limit>(r#"{"days":5}"#).unwrap(), Limit::workdays(5));
    assert_eq!(serde_json::to_string(&Limit::workdays(5)).unwrap(), whole);
    let half = r#"{"days":0,"quarters":2,"unit":"workday"}"#;
    assert_eq!(serde_json::to_string(&Limit::workday_quarters(2)).unwrap(), half);
    assert_eq!(serde_json::from_str::<Limit>(half).unwrap(), Limit::workday_quarters(2));
    for wrong in [r#"{"days":1,"quarters":4}"#, r#"{"days":1,"quarters":1,"unit":"natural-day"}"#] {
        assert!(serde_json::from_str::<Limit>(wrong).is_err(), "{wrong}");
    }
}

proptest! {
    #![proptest_config(ProptestConfig { failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn text_and_storage_give_back_what_they_got(quarters in any::<u16>(), days in any::<u16>()) {
        for limit in [Limit::workday_quarters(quarters), Limit::workdays(days), Limit::natural_days(days)] {
            prop_assert_eq!(limit.to_string().parse(), Ok(limit));
            prop_assert_eq!(Limit::read(&limit.number(), limit.unit), Ok(limit));
            let stored = serde_json::to_string(&limit).unwrap();
            prop_assert_eq!(serde_json::from_str::<Limit>(&stored).unwrap(), limit);
        }
        prop_assert_eq!(Limit::workday_quarters(quarters).weight(), u32::from(quarters) * 7);
    }
}
