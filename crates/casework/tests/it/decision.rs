//! Acceptance to delivery: limits, extension, forwarding, certificate (行政许可法 arts 38, 42–44).

use casework::{
    Action, Actor, CardRule, Channel, ClockKind, Command, Finding, Outcome, RefusalReason, Rule, Status,
    What, actions,
};
use domain::Limit;
use packs::{Extend, Role, Special};

use crate::given::{
    Bench, applicant, chief, clerk, colleague, deliver, extend, grant, head, made, officer, refuse, review,
    suspend, withdraw,
};

#[test]
fn art_42_an_extension_counts_from_the_laws_last_day() {
    let mut bench = Bench::accepted();
    assert_eq!(bench.days(), ("2026-03-02".into(), Some("2026-03-19".into())));
    assert_eq!(bench.go(&chief(), "2026-02-26", 9, extend(Limit::workdays(10))), ["extended"]);
    assert_eq!(bench.days(), ("2026-04-02".into(), None), "another ten days after 19 March");
}

#[test]
fn art_42_it_is_extended_once() {
    let mut bench = Bench::accepted();
    bench.go(&chief(), "2026-02-26", 9, extend(Limit::workdays(5)));
    assert_eq!(bench.no(&chief(), "2026-02-27", 9, extend(Limit::workdays(5))), Rule::AlreadyExtended);
}

#[test]
fn art_42_by_the_head_alone_with_reasons_told() {
    let mut bench = Bench::accepted();
    for actor in [clerk(), head(), applicant(), Actor::System] {
        assert_eq!(bench.no(&actor, "2026-02-26", 9, extend(Limit::workdays(10))), Rule::NotYourRole);
    }
    let silent = Command::Extend { limit: Limit::workdays(10), words: "  ".into() };
    assert_eq!(bench.no(&chief(), "2026-02-26", 9, silent), Rule::ReasonsRequired);
}

#[test]
fn art_42_by_ten_days_at_most() {
    let mut bench = Bench::accepted();
    for limit in
        [Limit::workdays(11), Limit::workday_quarters(41), Limit::natural_days(15), Limit::workdays(0)]
    {
        assert_eq!(bench.no(&chief(), "2026-02-26", 9, extend(limit)), Rule::ExtensionTooLong, "{limit}");
    }
    bench.go(&chief(), "2026-02-26", 9, extend(Limit::natural_days(14)));
}

#[test]
fn art_42_before_the_law_is_broken_though_the_promise_may_be() {
    let mut late = Bench::accepted();
    assert_eq!(late.no(&chief(), "2026-03-20", 0, extend(Limit::workdays(10))), Rule::TooLateToExtend);
    let mut bench = Bench::accepted();
    bench.go(&chief(), "2026-03-19", 23, extend(Limit::workdays(10)));
}

#[test]
fn art_42_only_the_decision_clock_of_a_procedure_that_says_so() {
    let ten = || extend(Limit::workdays(10));
    assert_eq!(Bench::submitted().no(&chief(), "2026-02-13", 9, ten()), Rule::NoClockToExtend);
    let mut without = Bench::taken(made(|_, procedure| procedure.extend = None));
    assert_eq!(without.no(&chief(), "2026-02-26", 9, ten()), Rule::NotInThisProcedure);
    let mut held = Bench::accepted();
    held.go(&clerk(), "2026-02-25", 9, suspend(Special::Testing, Some(Limit::workdays(5))));
    assert_eq!(held.no(&chief(), "2026-02-26", 9, ten()), Rule::Suspended);
}

#[test]
fn art_42_2_several_bodies_have_forty_five_days_and_fifteen_more() {
    let definition = made(|item, procedure| {
        item.statutory = Some(Limit::workdays(45));
        item.promised = None;
        procedure.extend = Some(Extend { desk: Role::HEAD, up_to: Limit::workdays(15) });
    });
    let mut bench = Bench::taken(definition);
    assert_eq!(bench.days(), ("2026-04-23".into(), None));
    assert_eq!(bench.no(&chief(), "2026-02-26", 9, extend(Limit::workdays(16))), Rule::ExtensionTooLong);
    bench.go(&chief(), "2026-04-23", 9, extend(Limit::workdays(15)));
    assert_eq!(bench.days(), ("2026-05-14".into(), None));
}

#[test]
fn art_38_a_refusal_has_a_ground_and_reasons_and_ends_it() {
    for reason in RefusalReason::ALL {
        let mut bench = Bench::reviewed();
        let silent = Command::Refuse { reason, words: " ".into() };
        assert_eq!(bench.no(&head(), "2026-02-25", 9, silent), Rule::ReasonsRequired);
        let refuse = Command::Refuse { reason, words: "依据第五条第二款".into() };
        assert_eq!(bench.go(&head(), "2026-02-25", 9, refuse)[..2], ["refused", "closed"]);
        assert_eq!(bench.outcome(), Some(Outcome::Refused));
        let told = bench.events.iter().rev().find(|event| event.what.id() == "refused").unwrap();
        assert_eq!(told.private.as_ref().unwrap().words, "依据第五条第二款", "reasons are the sealed part");
    }
}

#[test]
fn art_43_a_lower_body_leaves_the_decision_to_the_one_above() {
    let forward = |words: &str| Command::Forward { words: words.into() };
    let mut bench = Bench::reviewed();
    assert_eq!(bench.no(&head(), "2026-02-25", 9, forward("")), Rule::ReasonsRequired);
    assert_eq!(bench.no(&clerk(), "2026-02-25", 9, forward("报省厅")), Rule::NotYourRole);
    assert_eq!(bench.go(&head(), "2026-02-25", 9, forward("报省厅")), ["forwarded", "closed"]);
    assert_eq!(bench.outcome(), Some(Outcome::Forwarded));

    let mut early = Bench::accepted();
    assert_eq!(early.no(&head(), "2026-02-24", 9, forward("报省厅")), Rule::WrongStep);
    let mut without = Bench::found_good(made(|_, procedure| procedure.forwards = false));
    assert_eq!(without.no(&head(), "2026-02-25", 9, forward("报省厅")), Rule::NotInThisProcedure);
    assert!(!actions(&without.definition, without.case(), &head()).contains(&Action::Forward));

    let mut late = Bench::reviewed();
    late.go(&head(), "2026-03-20", 9, forward("报省厅"));
    assert_eq!(late.cards(), [CardRule::OverLaw], "its twenty days are over");
}

/// A procedure whose certificates people make and hand out.
fn by_hand() -> casework::Definition {
    made(|_, procedure| {
        procedure.steps[3].desk = Some(Role::new("issue"));
        procedure.steps[4].desk = Some(Role::new("issue"));
    })
}

#[test]
fn art_44_the_certificate_is_made_within_ten_days() {
    let maker = officer(120, &[Role::new("issue")]);
    let mut bench = Bench::found_good(by_hand());
    assert_eq!(bench.go(&head(), "2026-02-25", 9, grant()), ["granted"]);
    assert_eq!(bench.case().clock.as_ref().unwrap().kind, ClockKind::Issue);
    assert_eq!(bench.days(), ("2026-03-10".into(), None));
    assert_eq!(bench.no(&Actor::System, "2026-03-01", 9, Command::Issue), Rule::WrongStep, "a person's step");
    assert_eq!(bench.go(&maker, "2026-03-10", 23, Command::Issue), ["issued"]);
    assert_eq!(bench.case().clock, None);

    let mut late = Bench::found_good(by_hand());
    late.go(&head(), "2026-02-25", 9, grant());
    assert_eq!(late.go(&maker, "2026-03-11", 0, Command::Issue), ["issued", "carded"]);
    assert_eq!(late.cards(), [CardRule::StepLate]);
}

#[test]
fn art_44_the_result_is_delivered_by_wallet_post_or_window() {
    let maker = officer(120, &[Role::new("issue")]);
    for channel in Channel::ALL {
        let mut bench = Bench::found_good(by_hand());
        bench.go(&head(), "2026-02-25", 9, grant());
        let hand = Command::Deliver { channel, words: "签收人：示例·甲".into() };
        assert_eq!(bench.no(&maker, "2026-02-26", 9, hand.clone()), Rule::WrongStep, "nothing is made yet");
        bench.go(&maker, "2026-02-26", 9, Command::Issue);
        assert_eq!(bench.go(&maker, "2026-02-26", 10, hand), ["delivered", "closed"]);
        let said = bench.events.iter().find_map(|event| match event.what {
            What::Delivered { channel } => Some(channel),
            _ => None,
        });
        assert_eq!((said, bench.outcome()), (Some(channel), Some(Outcome::Granted)));
    }
}

#[test]
fn a_decision_can_be_withdrawn_from_until_it_is_made() {
    let mut bench = Bench::reviewed();
    bench.go(&head(), "2026-02-25", 9, grant());
    assert_eq!(bench.no(&applicant(), "2026-02-25", 10, withdraw()), Rule::AlreadyDecided);
    assert_eq!(bench.no(&head(), "2026-02-25", 10, refuse()), Rule::WrongStep, "one decision a case");
    assert_eq!(bench.go(&Actor::System, "2026-02-25", 11, deliver()), ["delivered", "closed"]);
    assert_eq!(bench.no(&Actor::System, "2026-02-25", 11, deliver()), Rule::AlreadyClosed, "delivered once");
}

#[test]
fn it_is_ended_without_a_decision_by_who_decides_with_reasons() {
    let terminate = |words: &str| Command::Terminate { words: words.into() };
    for mut bench in [Bench::submitted(), Bench::accepted(), Bench::reviewed()] {
        assert_eq!(bench.no(&clerk(), "2026-02-25", 9, terminate("申请人死亡")), Rule::NotYourRole);
        assert_eq!(bench.no(&head(), "2026-02-25", 9, terminate(" ")), Rule::ReasonsRequired);
        assert_eq!(bench.go(&head(), "2026-02-25", 9, terminate("申请人死亡")), ["terminated", "closed"]);
        assert_eq!(bench.outcome(), Some(Outcome::Terminated));
    }
    let mut bench = Bench::reviewed();
    bench.go(&head(), "2026-02-25", 9, grant());
    assert_eq!(bench.no(&head(), "2026-02-25", 10, terminate("改变主意")), Rule::WrongStep);
}

#[test]
fn art_34_two_steps_of_review_each_have_their_two_officers() {
    let definition = made(|_, procedure| {
        let mut second = procedure.steps[1].clone();
        second.id = Some("second".into());
        procedure.steps.insert(2, second);
    });
    let mut bench = Bench::found_good(definition);
    assert_eq!(bench.case().status, Status::InReview);
    assert!(bench.case().reviews.is_empty(), "the second step begins anew");
    bench.go(&clerk(), "2026-02-25", 9, review(Finding::Meets));
    assert_eq!(bench.no(&clerk(), "2026-02-25", 9, review(Finding::Meets)), Rule::SameOfficerTwice);
    bench.go(&colleague(), "2026-02-25", 9, review(Finding::Meets));
    assert_eq!(bench.case().status, Status::AwaitingDecision);
}

#[test]
fn art_38_a_notice_with_a_blank_left_gives_no_reasons() {
    let words = || format!("不符合下列条件：{}", casework::BLANK);
    let mut bench = Bench::reviewed();
    let refused = Command::Refuse { reason: RefusalReason::ConditionsNotMet, words: words() };
    assert_eq!(bench.no(&head(), "2026-02-26", 9, refused), Rule::BlankLeft);
    let ended = Command::Terminate { words: words() };
    assert_eq!(bench.no(&head(), "2026-02-26", 9, ended), Rule::BlankLeft);
    let mut bench = Bench::submitted();
    let asked = Command::AskCorrection { about: crate::given::about("m1", &words()) };
    assert_eq!(bench.no(&clerk(), "2026-02-13", 9, asked), Rule::BlankLeft);
    // An applicant's own words are theirs.
    bench.go(&applicant(), "2026-02-13", 9, Command::Withdraw { words: words() });
}
