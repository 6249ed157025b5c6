//! Plans and switching as examples of the standard and its users have them, and intervals as tables of the binomial do.

use domain::{AQLS, InspectionLevel, Plan, Severity, exact_interval, plan, severity_after};

use InspectionLevel::{I, II, III};
use Severity::{Normal, Stopped, Tightened};

fn numbers(plan: Option<Plan>) -> Option<(char, u32, u32)> {
    plan.map(|plan| (plan.letter, plan.sample, plan.accept))
}

#[test]
fn plans_of_the_master_tables() {
    for (lot, level, aql, severity, wanted) in [
        // A lot of 1,000 at level II is letter J.
        (1_000, II, "1.0", Normal, ('J', 80, 2)),
        (1_000, II, "0.65", Normal, ('J', 80, 1)),
        (1_000, II, "2.5", Normal, ('J', 80, 5)),
        (1_000, II, "4.0", Normal, ('J', 80, 7)),
        (1_000, II, "6.5", Normal, ('J', 80, 10)),
        (1_000, II, "10", Normal, ('J', 80, 14)),
        (1_000, II, "1.0", Tightened, ('J', 80, 1)),
        (1_000, II, "2.5", Tightened, ('J', 80, 3)),
        (1_000, II, "6.5", Tightened, ('J', 80, 8)),
        (1_000, I, "1.0", Normal, ('H', 50, 1)),
        (1_000, III, "1.0", Normal, ('K', 125, 3)),
        (4_000, II, "1.5", Normal, ('L', 200, 7)),
        (4_000, II, "0.25", Normal, ('L', 200, 1)),
        (4_000, II, "1.5", Tightened, ('L', 200, 5)),
        // Arrows down and up.
        (1_000, II, "0.10", Normal, ('K', 125, 0)),
        (1_000, II, "0.40", Normal, ('K', 125, 1)),
        (1_000, II, "0.25", Normal, ('H', 50, 0)),
        (1_000_000, II, "10", Normal, ('K', 125, 21)),
        (1_000_000, II, "10", Tightened, ('K', 125, 18)),
        (1_000_000, III, "0.025", Tightened, ('S', 3_150, 1)),
        // No larger than its sample: all of it.
        (60, II, "0.10", Normal, ('K', 60, 0)),
        (2, II, "6.5", Normal, ('A', 2, 0)),
    ] {
        assert_eq!(
            numbers(plan(lot, level, aql, severity)),
            Some(wanted),
            "{lot} {level:?} {aql} {severity:?}"
        );
    }
    for none in [plan(0, II, "1.0", Normal), plan(9, II, "1.00", Normal), plan(9, II, "1.0", Stopped)] {
        assert_eq!(none, None);
    }
}

#[test]
fn letters_change_where_table_i_says() {
    for (lot, letters) in
        [(8, "AAB"), (9, "ABC"), (25, "BCD"), (26, "CDE"), (90, "CEF"), (91, "DFG"), (280, "EGH")]
    {
        // Where 2.5 and 4.0 have a plan of their own, the plan's letter is the lot's.
        for (level, letter) in [I, II, III].into_iter().zip(letters.chars()) {
            let own =
                AQLS.iter().filter_map(|aql| plan(lot, level, aql, Normal)).any(|plan| plan.letter == letter);
            assert!(own, "{lot} {level:?} is {letter}");
        }
    }
}

/// A stricter AQL, a larger lot or tightened inspection never lets more through.
#[test]
fn stricter_is_never_looser() {
    for lot in [50, 500, 5_000, 50_000] {
        for (n, aql) in AQLS.iter().enumerate() {
            let Some(normal) = plan(lot, II, aql, Normal) else { continue };
            if let Some(tightened) = plan(lot, II, aql, Tightened) {
                let rate = |plan: Plan| f64::from(plan.accept) / f64::from(plan.sample);
                assert!(rate(tightened) <= rate(normal), "{lot} {aql}: {tightened:?} {normal:?}");
            }
            if let Some(looser) = AQLS.get(n + 1).and_then(|aql| plan(lot, II, aql, Normal)) {
                assert!(looser.accept >= normal.accept, "{lot} {aql}");
            }
        }
    }
}

#[test]
fn inspection_tightens_relaxes_and_stops() {
    let after = |lots: &str| severity_after(&lots.chars().map(|lot| lot == '+').collect::<Vec<_>>());
    for (lots, wanted) in [
        ("", Normal),
        ("+++++", Normal),
        ("-", Normal),
        ("--", Tightened),
        ("-+++-", Tightened),
        ("-++++-", Normal),
        ("--+++++", Normal),
        ("--++++", Tightened),
        ("--++++-", Tightened),
        ("--+++++-", Normal),
        ("-------", Stopped),
        ("--+-+-+-+-+-", Stopped),
        ("-------++++++++", Stopped),
    ] {
        assert_eq!(after(lots), wanted, "{lots}");
    }
}

#[test]
fn intervals_are_exact() {
    let near = |found: f64, wanted: f64| (found - wanted).abs() < 5e-5;
    // None of n: the upper end is 1 - 0.025^(1/n); found of found: the lower end is its mirror.
    for (found, of, low, high) in [
        (0, 10, 0.0, 0.308_50),
        (10, 10, 0.691_50, 1.0),
        (1, 10, 0.002_53, 0.445_02),
        (5, 10, 0.187_09, 0.812_91),
        (0, 80, 0.0, 0.045_06),
        (2, 80, 0.003_04, 0.087_39),
        (0, 3_150, 0.0, 0.001_17),
    ] {
        let (lower, upper) = exact_interval(found, of);
        assert!(near(lower, low) && near(upper, high), "{found} of {of}: {lower} {upper}");
    }
    assert_eq!(exact_interval(0, 0), (0.0, 1.0), "nothing is known of nothing");
}
