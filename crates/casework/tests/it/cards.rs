//! 电子监察: each card earned, and not earned (国办函〔2016〕108号).

use casework::{Actor, CardColour, CardRule, Command, Definition, Finding, RefusalReason};
use packs::{Fee, Role};

use crate::given::{Bench, clerk, colleague, grant, head, made, officer, refuse, review};

fn with_fee(fen: Option<u32>) -> Definition {
    made(|item, _| item.fee = fen.map(|fen| Fee { fen, note: None }))
}

fn reviewed(findings: [Finding; 2]) -> Bench {
    let mut bench = Bench::accepted();
    bench.go(&clerk(), "2026-02-24", 9, review(findings[0]));
    bench.go(&colleague(), "2026-02-24", 9, review(findings[1]));
    bench
}

fn refused_with(words: &str) -> Command {
    Command::Refuse { reason: RefusalReason::ConditionsNotMet, words: words.into() }
}

#[test]
fn refused_although_everybody_found_it_good() {
    let mut bench = reviewed([Finding::Meets, Finding::Meets]);
    bench.go(&head(), "2026-02-25", 9, refuse());
    assert_eq!(bench.cards(), [CardRule::RefusedQualified]);
    assert_eq!(bench.case().cards, 1);
    for findings in [[Finding::Meets, Finding::DoesNotMeet], [Finding::DoesNotMeet, Finding::DoesNotMeet]] {
        let mut bench = reviewed(findings);
        bench.go(&head(), "2026-02-25", 9, refuse());
        assert!(bench.cards().is_empty(), "{findings:?}");
    }
    let mut bench = reviewed([Finding::Meets, Finding::Meets]);
    bench.go(&head(), "2026-02-25", 9, grant());
    assert!(bench.cards().is_empty());
}

#[test]
fn decided_over_the_promise_or_over_the_law() {
    let on = |day: &str, hour: i8| {
        let mut bench = reviewed([Finding::Meets, Finding::Meets]);
        bench.go(&head(), day, hour, grant());
        bench.cards()
    };
    assert_eq!(on("2026-03-02", 23), []);
    assert_eq!(on("2026-03-03", 0), [CardRule::OverPromise]);
    assert_eq!(on("2026-03-19", 23), [CardRule::OverPromise]);
    assert_eq!(on("2026-03-20", 0), [CardRule::OverLaw], "the graver one alone");
}

#[test]
fn silent_at_the_intake() {
    let mut bench = Bench::submitted();
    assert!(bench.lapse("2026-02-26", 23).is_empty());
    bench.lapse("2026-02-27", 0);
    assert_eq!(bench.cards(), [CardRule::SilentIntake]);
    assert!(Bench::accepted().cards().is_empty());
}

#[test]
fn accepted_late_where_no_law_accepts_by_silence() {
    let definition = || made(|_, procedure| procedure.steps[0].otherwise = None);
    let mut bench = Bench::received(definition());
    bench.go(&clerk(), "2026-02-26", 23, Command::Accept);
    assert!(bench.cards().is_empty());
    let mut bench = Bench::received(definition());
    bench.go(&clerk(), "2026-02-27", 0, Command::Accept);
    assert_eq!(bench.cards(), [CardRule::StepLate]);
}

#[test]
fn reasons_that_say_next_to_nothing() {
    for (words, card) in [("不符合", true), ("  不符合条 ", true), ("不符合第五条", false)] {
        let mut bench = reviewed([Finding::DoesNotMeet, Finding::DoesNotMeet]);
        bench.go(&head(), "2026-02-25", 9, refused_with(words));
        assert_eq!(bench.cards() == [CardRule::NoReasons], card, "{words}");
    }
}

#[test]
fn art_58_another_fee_than_the_guides() {
    for (guide, taken, card) in [
        (Some(1000), 1000, false),
        (Some(1000), 1001, true),
        (Some(0), 1, true),
        (None, 500, true),
        (None, 0, false),
    ] {
        let mut bench = Bench::taken(with_fee(guide));
        bench.go(&clerk(), "2026-02-24", 9, Command::RecordFee { fen: taken });
        assert_eq!(bench.case().fee, Some(taken));
        assert_eq!(bench.cards() == [CardRule::WrongFee], card, "guide {guide:?}, taken {taken}");
    }
}

#[test]
fn every_card_has_a_colour_and_what_the_law_forbids_is_red() {
    for card in CardRule::ALL {
        let watch = [CardRule::OverPromise, CardRule::StepLate, CardRule::NoReasons].contains(&card);
        assert_eq!(card.colour() == CardColour::Yellow, watch, "{card:?}");
    }
}

#[test]
fn nobody_gives_or_takes_a_card_by_hand() {
    let supervisor = officer(150, &[Role::SUPERVISE]);
    let mut bench = reviewed([Finding::Meets, Finding::Meets]);
    bench.go(&head(), "2026-02-25", 9, refuse());
    let offered = casework::actions(&bench.definition, bench.case(), &supervisor);
    assert!(offered.is_empty(), "{offered:?}");
    assert!(
        bench
            .events
            .iter()
            .filter(|event| event.what.id() == "carded")
            .all(|event| event.by == Actor::System.by())
    );
}
