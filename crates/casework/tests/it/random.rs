//! Whatever anybody tries, in whatever order, the invariants hold.

use casework::{
    Action, Actor, By, Case, Channel, ClockKind, Command, Definition, Event, Facts, Finding, Outcome,
    ReopenGround, Status, What, actions, evolve, wakes_at,
};
use jiff::SignedDuration;
use proptest::prelude::*;

use crate::choices::{about_the_content, actor, aimed, command, given, kind, rich};
use crate::given::{Bench, applicant, at, clerk, colleague, deliver, head};

/// One random course of a case, with everything that must hold at each step.
struct Course {
    bench: Bench,
    closes: usize,
    reopens: usize,
}

impl Course {
    fn turn(&mut self, actor: &Actor, now: domain::Timestamp, command: Command) -> Result<(), TestCaseError> {
        let before = self.bench.case().clone();
        let command = aimed(command, &before);
        let facts = Facts { now, actor, calendar: &self.bench.calendar, draw: 0 };
        let in_law =
            casework::lapsed(&self.bench.definition, &before, facts).unwrap_or_else(|| before.clone());
        let offered = actions(&self.bench.definition, &in_law, actor);
        let (action, said) = (kind(&command), format!("{command:?} by {actor:?} at {now}"));
        let had = self.bench.events.len();
        let result = self.bench.when(actor, now, command);
        if let (Some(action), false) = (action, action == Some(Action::Lapse)) {
            match &result {
                Ok(_) => prop_assert!(offered.contains(&action), "{said} went through and was not offered"),
                Err(rule) => prop_assert!(
                    !offered.contains(&action) || about_the_content(*rule),
                    "{said} was offered and refused: {rule:?}"
                ),
            }
        }
        if result.is_err() {
            prop_assert_eq!(&before, self.bench.case(), "a refusal changes nothing");
        }
        let new: Vec<Event> = self.bench.events[had..].to_vec();
        self.ends(&before, &new, &said)?;
        self.clock(&before, &new, &said)
    }

    /// A round closes once, and what is closed takes a rating, late word of a part, or another round.
    fn ends(&mut self, before: &Case, new: &[Event], said: &str) -> Result<(), TestCaseError> {
        self.closes += new.iter().filter(|event| event.what.id() == "closed").count();
        self.reopens += new.iter().filter(|event| event.what.id() == "reopened").count();
        let closed = usize::from(!self.bench.case().status.open());
        prop_assert_eq!(self.closes, self.reopens + closed, "{}", said);
        if !before.status.open()
            && let Some(first) = new.first()
        {
            let id = first.what.id();
            prop_assert!(
                ["rated", "branch-ended", "reopened"].contains(&id),
                "{said}: {id} on a closed case"
            );
        }
        Ok(())
    }

    /// The decision clock only ever ends later, and only by resuming, extending or another round; nobody
    /// lets it go while nothing is decided.
    fn clock(&self, before: &Case, new: &[Event], said: &str) -> Result<(), TestCaseError> {
        let mut case = Some(before.clone());
        for event in new {
            let was = case.as_ref().and_then(|case| case.decision_clock().cloned());
            case = evolve(&self.bench.definition, case, event);
            let now = case.as_ref().unwrap();
            let Some(was) = was else { continue };
            match now.decision_clock() {
                Some(clock) if *clock != was => {
                    let moves = matches!(
                        event.what,
                        What::Resumed { .. }
                            | What::Extended { .. }
                            | What::PartStopped { .. }
                            | What::Reopened { .. }
                    );
                    prop_assert!(moves, "{said}: {:?} moved the clock", event.what);
                    prop_assert!(clock.last_day >= was.last_day, "{said}: {was:?} became {clock:?}");
                }
                Some(_) => {}
                None => prop_assert!(
                    now.decision.is_some() || !now.status.open(),
                    "{said}: {:?} lost the decision clock",
                    event.what
                ),
            }
        }
        Ok(())
    }

    /// After the worker looked, nothing that was due is left.
    fn lapse(&mut self, now: domain::Timestamp) -> Result<(), TestCaseError> {
        if self.bench.case().status.open() {
            self.turn(&Actor::System, now, Command::Lapse)?;
            let wakes = wakes_at(&self.bench.definition, self.bench.case(), &self.bench.calendar);
            prop_assert!(wakes.is_none_or(|at| at > now), "{wakes:?} was due at {now}");
        }
        Ok(())
    }

    fn end(&self) -> Result<(), TestCaseError> {
        let case = self.bench.case();
        let folded = self.bench.replayed();
        prop_assert_eq!(folded.as_ref(), Some(case));
        prop_assert_eq!(usize::try_from(case.seq).unwrap(), self.bench.events.len());
        let bare: Vec<Event> =
            self.bench.events.iter().map(|event| Event { private: None, ..event.clone() }).collect();
        let bare = casework::replay(|_| Some(&self.bench.definition), &bare).unwrap();
        prop_assert_eq!(
            serde_json::to_string(&bare).unwrap(),
            serde_json::to_string(case).unwrap(),
            "a destroyed key changes no state"
        );
        self.two_officers()
    }

    /// Art. 34: whoever's word decides, two different people checked before, unless silence granted it.
    fn two_officers(&self) -> Result<(), TestCaseError> {
        let by_word = self.bench.events.iter().any(|event| matches!(event.what, What::Decided { .. }));
        if by_word {
            let reviewers: std::collections::BTreeSet<_> = self
                .bench
                .events
                .iter()
                .filter(|event| matches!(event.what, What::Reviewed { .. }))
                .filter_map(|event| match &event.by {
                    By::Officer { id, .. } => Some(*id),
                    _ => None,
                })
                .collect();
            prop_assert!(reviewers.len() >= 2, "{reviewers:?}");
        }
        Ok(())
    }
}

fn begun(definition: Definition, pick: u8) -> Course {
    let mut bench = Bench::of(definition);
    bench.go(&applicant(), "2026-02-12", 10, Command::Submit(Box::new(given(pick))));
    Course { bench, closes: 0, reopens: 0 }
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(400))]

    #[test]
    fn any_course_keeps_the_law_and_its_record(
        first in any::<u8>(),
        rich_one in any::<bool>(),
        moves in prop::collection::vec((any::<u8>(), any::<u8>(), any::<u8>(), 0i64..60), 1..90)
    ) {
        let definition = if rich_one { rich() } else { crate::given::definition() };
        // The plain permit lets nothing follow and renews nothing.
        let mut course = begun(definition, if rich_one { first } else { 1 });
        let mut now = at("2026-02-12", 11);
        for (who, what, pick, wait) in moves {
            now += SignedDuration::from_hours(wait * wait / 30);
            let today = course.bench.calendar.date_of(now);
            course.turn(&actor(who), now, command(what, pick, today))?;
            if pick.is_multiple_of(3) {
                course.lapse(now)?;
            }
        }
        course.end()?;
    }

    /// As above, but each actor takes one of the actions that are offered: courses go deep.
    #[test]
    fn whoever_does_what_is_offered_goes_through_the_whole_life(
        first in any::<u8>(),
        moves in prop::collection::vec((any::<u8>(), any::<u8>(), any::<u8>(), 0i64..18), 40..160)
    ) {
        let mut course = begun(rich(), first);
        let mut now = at("2026-02-12", 11);
        for (who, which, pick, wait) in moves {
            now += SignedDuration::from_hours(wait);
            let (actor, today) = (actor(who), course.bench.calendar.date_of(now));
            let offered = actions(&course.bench.definition, course.bench.case(), &actor);
            let wanted = offered.get(usize::from(which) % offered.len().max(1)).copied();
            let ends = [Action::Withdraw, Action::Terminate, Action::NotNeeded, Action::NotOurs, Action::Forward];
            if wanted.is_some_and(|action| ends.contains(&action)) && pick < 245 {
                continue;
            }
            let found = (0..34).map(|what| command(what, pick, today)).find(|one| kind(one) == wanted);
            if let Some(command) = found {
                course.turn(&actor, now, command)?;
            }
            if pick.is_multiple_of(5) {
                course.lapse(now)?;
            }
        }
        course.end()?;
    }

    /// A damaged history: events out of place, repeated, of another case. The fold is total.
    #[test]
    fn any_events_in_any_order_fold_without_a_fall(
        order in prop::collection::vec((any::<prop::sample::Index>(), any::<bool>()), 1..80)
    ) {
        let pool = pool();
        let definition = rich();
        let mut case = evolve(&definition, None, &pool[0]);
        for (seq, (index, bare)) in (2..).zip(order) {
            let mut event = index.get(&pool).clone();
            if bare {
                event.private = None;
            }
            case = evolve(&definition, case, &event);
            prop_assert_eq!(case.as_ref().unwrap().seq, seq);
        }
        let case = case.unwrap();
        let facts = Facts { now: at("2026-09-01", 9), actor: &Actor::System, calendar: &crate::given::calendar(), draw: 0 };
        let _ = casework::decide(&definition, Some(&case), Command::Lapse, facts);
        let line = serde_json::to_string(&case).unwrap();
        prop_assert_eq!(serde_json::to_string(&serde_json::from_str::<Case>(&line).unwrap()).unwrap(), line);
    }
}

/// Events of several lives, and some that no life writes.
fn pool() -> Vec<Event> {
    let mut events = Vec::new();
    let mut course = begun(rich(), 0);
    let mut now = at("2026-02-12", 11);
    for turn in 0..400u32 {
        now += SignedDuration::from_hours(3);
        let pick = (turn * 37 % 251) as u8;
        let today = course.bench.calendar.date_of(now);
        let next = aimed(command((turn * 7 % 34) as u8, pick, today), course.bench.case());
        let _ = course.bench.when(&actor((turn % 9) as u8), now, next);
    }
    events.append(&mut course.bench.events);
    let strange = [
        What::Migrated { from: "a".into(), to: "b".into(), step: "nowhere".into(), index: usize::MAX },
        What::Done { step: "visit".into(), action: "on".into(), to: "wait".into() },
        What::Passed { step: "nowhere".into() },
        What::WaitOver { step: "wait".into() },
        What::Joined { all_granted: false },
        What::BranchEnded { branch: "moon".into(), case: None, outcome: Outcome::Granted },
        What::PartStopped {
            branch: "fire".into(),
            case: domain::CaseId(uuid::Uuid::nil()),
            stops: vec![],
            clock: None,
            behind: None,
        },
        What::DeemedGranted { clock: None },
        What::Delivered { channel: Channel::Post },
        What::Reopened { ground: ReopenGround::Judgment, step: "review".into(), clock: None },
        What::Closed { outcome: Outcome::Granted },
    ];
    let strange = strange.map(|what| Event { at: now, by: By::System, what, private: None });
    events.extend(strange);
    events
}

#[test]
fn the_rich_procedure_can_be_lived_to_its_end() {
    let mut bench = begun(rich(), 1).bench;
    bench.go(&clerk(), "2026-02-13", 9, Command::Accept);
    bench.go(&clerk(), "2026-02-24", 9, crate::given::review(Finding::Meets));
    bench.go(&colleague(), "2026-02-24", 9, crate::given::review(Finding::Meets));
    bench.go(&clerk(), "2026-02-24", 9, Command::Do { action: "on".into(), words: String::new() });
    assert_eq!(bench.case().clock.as_ref().map(|clock| clock.kind), Some(ClockKind::Step));
    assert_eq!(bench.lapse("2026-02-27", 0), ["wait-over", "step-began", "branched"]);
    for branch in ["fire", "water"] {
        let (case, outcome) = (domain::CaseId(uuid::Uuid::nil()), Outcome::Granted);
        let ended = Command::EndBranch { branch: branch.into(), case, outcome };
        let ended = aimed(ended, bench.case());
        bench.go(&Actor::System, "2026-02-28", 9, ended);
    }
    bench.go(&head(), "2026-03-02", 9, crate::given::grant());
    bench.go(&head(), "2026-03-02", 9, Command::Issue);
    bench.go(&Actor::System, "2026-03-02", 9, deliver());
    bench.go(&head(), "2026-03-02", 9, Command::Check { kept: true, words: String::new() });
    assert_eq!(bench.case().status, Status::Closed(Outcome::Granted));
}
