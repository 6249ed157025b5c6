//! Whatever anybody tries, in whatever order, the invariants hold.

use std::collections::BTreeMap;

use casework::{Action, Actor, Command, Finding, RefusalReason, Status, actions};
use proptest::prelude::*;

use crate::given::{Bench, STRANGER, applicant, at, clerk, colleague, deliver, handed, head, submission};

fn actor(pick: u8) -> Actor {
    match pick % 6 {
        0 => applicant(),
        1 => clerk(),
        2 => colleague(),
        3 => head(),
        4 => Actor::Applicant(STRANGER),
        _ => Actor::System,
    }
}

fn command(pick: u8) -> Command {
    let words = || if pick.is_multiple_of(2) { "理由".to_owned() } else { String::new() };
    let about = || BTreeMap::from([("m1".to_owned(), words())]);
    match pick % 15 {
        0 => Command::Submit(Box::new(submission())),
        1 => Command::Claim,
        2 => Command::Release,
        3 => Command::AskCorrection { about: about() },
        4 => Command::Correct { answers: submission().answers, materials: handed(), about: about() },
        5 => Command::Accept,
        6 => Command::NotNeeded { words: words() },
        7 => Command::NotOurs { words: words() },
        8 | 9 => Command::Review { finding: Finding::Meets, words: "符合".into() },
        10 => Command::Grant { words: words() },
        11 => Command::Refuse { reason: RefusalReason::OtherLaw, words: words() },
        12 => deliver(),
        13 => Command::Rate { level: pick / 40, words: words() },
        _ => Command::Lapse,
    }
}

proptest! {
    #[test]
    fn any_course_folds_closes_once_and_keeps_its_record(
        moves in prop::collection::vec((any::<u8>(), any::<u8>(), 0i64..72), 1..60)
    ) {
        let mut bench = Bench::submitted();
        let mut hours = 0;
        for (who, what, wait) in moves {
            hours += wait;
            let now = at("2026-02-12", 11) + jiff::SignedDuration::from_hours(hours);
            let before = bench.case().clone();
            let offered = actions(&bench.definition, &before, &actor(who));
            let result = bench.when(&actor(who), now, command(what));
            if result.is_err() {
                prop_assert_eq!(&before, bench.case());
            }
            if !before.status.open() {
                let rated = matches!(result.as_deref(), Ok([event]) if *event == "rated");
                prop_assert!(result.is_err() || rated, "a closed case only takes a rating");
                prop_assert_eq!(offered.iter().any(|a| *a != Action::Rate), false);
            }
        }
        let closed = bench.events.iter().filter(|e| e.what.id() == "closed").count();
        prop_assert_eq!(closed, usize::from(!bench.case().status.open()));
        let folded = bench.replayed();
        prop_assert_eq!(folded.as_ref(), bench.case.as_ref());
        let reviewed: Vec<_> = bench.case().reviews.iter().map(|r| r.officer).collect();
        if bench.case().decision.is_some() {
            prop_assert!(reviewed.len() == 2 && reviewed[0] != reviewed[1]);
            prop_assert!(bench.case().accepted.is_some());
        }
        prop_assert!(bench.case().status != Status::Issuing, "steps without a desk never wait");
    }
}
