//! What was stored by the version before is still read, and nothing new is written where nothing new happened.

use casework::{Actor, Case, Channel, Private, RuleVerdict, What};
use serde_json::{Value, json};

use crate::given::{Bench, applicant, deliver, grant, head};

/// Events as the first version wrote them.
const OLD: [&str; 17] = [
    r#"{"event":"submitted","case":"00000000-0000-0000-0000-00000000004d","number":"440000-20260212-1A000000-K","item":"test-item","definition":"d","agency":"A1","area":"440000","applicant":"00000000-0000-0000-0000-000000000001","materials":[{"material":"m1","files":["f1"],"not_applicable":false},{"material":"m2","files":[],"not_applicable":true}],"clock":{"kind":"acceptance","from":"2026-02-12","last_day":"2026-02-26","statutory_last_day":null,"limit":{"days":5,"unit":"workday"},"provisional":false}}"#,
    r#"{"event":"claimed"}"#,
    r#"{"event":"released"}"#,
    r#"{"event":"correction-asked","points":[{"about":"m1"}]}"#,
    r#"{"event":"corrected","materials":[],"clock":null}"#,
    r#"{"event":"accepted","from":"2026-02-13","clock":null}"#,
    r#"{"event":"deemed-accepted","from":"2026-02-12","clock":null}"#,
    r#"{"event":"not-needed"}"#,
    r#"{"event":"not-ours"}"#,
    r#"{"event":"reviewed","finding":"does-not-meet"}"#,
    r#"{"event":"decided","decision":"granted","clock":null}"#,
    r#"{"event":"decided","decision":"refused","reason":"other-law","clock":null}"#,
    r#"{"event":"issued","document":"440000-20260212-1A000000-K-R1"}"#,
    r#"{"event":"delivered"}"#,
    r#"{"event":"withdrawn"}"#,
    r#"{"event":"closed","outcome":"not-needed"}"#,
    r#"{"event":"rated","level":1}"#,
];

/// A view as the first version wrote it.
const OLD_VIEW: &str = r#"{"id":"00000000-0000-0000-0000-00000000004d","number":"NUMBER","item":"test-item","definition":"d","agency":"A1","area":"440000","applicant":"00000000-0000-0000-0000-000000000001","status":{"status":"in-review"},"step":1,"received":"2026-02-12T02:00:00Z","clock":{"kind":"decision","from":"2026-02-13","last_day":"2026-03-02","statutory_last_day":"2026-03-19","limit":{"days":7,"unit":"workday"},"provisional":false},"claimed_by":null,"materials":[{"material":"m1","files":["f1"],"not_applicable":false}],"correction":null,"accepted":{"from":"2026-02-13","deemed":false},"reviews":[],"decision":null,"document":null,"level":null,"seq":2}"#;

/// With a number whose check character is right.
fn with_number(text: &str) -> String {
    let number = Bench::submitted().case().number.as_str().to_owned();
    text.replace("NUMBER", &number).replace("440000-20260212-1A000000-K", &number)
}

#[test]
fn old_events_are_read_and_written_back_byte_for_byte() {
    for line in OLD.map(with_number) {
        let what: What = serde_json::from_str(&line).unwrap();
        assert_eq!(serde_json::to_string(&what).unwrap(), line);
    }
    let delivered: What = serde_json::from_str(r#"{"event":"delivered"}"#).unwrap();
    assert_eq!(delivered, What::Delivered { channel: Channel::Wallet });
}

#[test]
fn an_old_view_is_read_and_written_back_byte_for_byte() {
    let old = with_number(OLD_VIEW);
    let case: Case = serde_json::from_str(&old).unwrap();
    assert_eq!(serde_json::to_string(&case).unwrap(), old);
}

#[test]
fn a_plain_life_writes_no_key_that_the_first_version_did_not_know() {
    let mut bench = Bench::submitted();
    let old: Value = serde_json::from_str(&with_number(OLD_VIEW)).unwrap();
    let keys = |value: &Value| value.as_object().unwrap().keys().cloned().collect::<Vec<_>>();
    assert_eq!(keys(&serde_json::to_value(bench.case()).unwrap()), keys(&old));
    let line: Value = serde_json::from_str(&with_number(OLD[0])).unwrap();
    assert_eq!(keys(&serde_json::to_value(&bench.events[0].what).unwrap()), keys(&line));

    bench = Bench::reviewed();
    bench.go(&head(), "2026-02-25", 9, grant());
    bench.go(&Actor::System, "2026-02-25", 9, deliver());
    bench.go(&applicant(), "2026-02-25", 9, casework::Command::Rate { level: 1, words: String::new() });
    assert_eq!(keys(&serde_json::to_value(bench.case()).unwrap()), keys(&old), "nor at its end");
}

#[test]
fn old_private_parts_are_read() {
    let private: Private = serde_json::from_str(r#"{"answers":{"name":"示例·甲"}}"#).unwrap();
    assert!(private.known.is_empty() && private.inputs.is_empty() && private.words.is_empty());
    assert_eq!(serde_json::to_value(&private).unwrap(), json!({ "answers": { "name": "示例·甲" } }));
}

#[test]
fn everything_that_happens_is_written_and_read_back_the_same() {
    let histories = [Bench::submitted(), Bench::reviewed()];
    for event in histories.iter().flat_map(|bench| &bench.events) {
        let line = serde_json::to_string(&event.what).unwrap();
        assert_eq!(serde_json::from_str::<What>(&line).unwrap(), event.what);
    }
    let ruled = What::Ruled {
        step: "decide".into(),
        model: "rules/card.dmn".into(),
        definition: "d".into(),
        verdict: RuleVerdict::WouldRefuse { ground: None },
        rules: vec!["card 1".into()],
        words: None,
        sampled: false,
    };
    let line = serde_json::to_string(&ruled).unwrap();
    assert_eq!(serde_json::from_str::<What>(&line).unwrap(), ruled);
}
