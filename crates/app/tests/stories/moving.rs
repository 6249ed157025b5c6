//! Thousands of running cases move to another version, and back; whoever acts meanwhile is not disturbed.

use std::collections::BTreeMap;
use std::time::Instant;

use app::{Migration, Moved};
use casework::{Actor, Command, Finding, What};
use domain::{CaseId, Limit};
use identity::Post;
use packs::{Answers, Kind, Running, Special};

use crate::stage::{AREA, Citizen, Place, Stage, on_both};
use crate::two_versions::{AGENCY, ITEM, version};

on_both! {
    running_cases_move_and_go_back;
    an_officer_acts_while_cases_move;
}

/// What a case has come to, and whether its answers fit the new form only when nothing more is asked.
const STATES: [&str; 8] = ["received", "asked", "check", "held", "site", "decide", "delivering", "closed"];

fn officer(stage: &Stage, post: Post) -> Actor {
    Actor::Officer(stage.officer_of(AGENCY, AREA, post))
}

fn review() -> Command {
    Command::Review { finding: Finding::Meets, words: "符合条件".to_owned() }
}

/// A case brought to one of [`STATES`].
async fn bring(stage: &Stage, who: &Citizen, state: usize, large: bool) -> CaseId {
    let id = stage.app.start_draft(who.id, ITEM).await.unwrap();
    let draft = stage.app.draft(who.id, id).await.unwrap();
    let size = if large { "large" } else { "small" };
    let answers = Answers::from([("size".to_owned(), size.to_owned())]);
    assert!(stage.app.save_page(&draft, "one", &answers).await.unwrap().is_empty());
    let case = stage.app.submit(who.id, id).await.unwrap();
    let clerk = officer(stage, Post::Colleague);
    let act = async |actor: &Actor, command| {
        stage.app.act(AREA, case, actor, command).await.unwrap();
    };
    if state == 1 {
        let about = BTreeMap::from([("size".to_owned(), "再看一下".to_owned())]);
        act(&clerk, Command::AskCorrection { about }).await;
    }
    if state >= 2 {
        act(&clerk, Command::Accept).await;
    }
    if state == 3 {
        let (needed, words) = (Some(Limit::workdays(3)), "需要检验".to_owned());
        act(&clerk, Command::Suspend { kind: Special::Inspection, needed, words }).await;
    }
    if state >= 4 {
        act(&clerk, review()).await;
    }
    if state >= 5 {
        act(&clerk, review()).await;
    }
    if state == 6 {
        act(&officer(stage, Post::Head), Command::Grant { words: String::new() }).await;
    }
    if state == 7 {
        act(&who.actor(), Command::Withdraw { words: String::new() }).await;
    }
    case
}

/// `count` cases, an equal part of each state, half of them large; by state and size.
async fn crowd(stage: &Stage, count: usize) -> Vec<(CaseId, usize, bool)> {
    let mut makers = tokio::task::JoinSet::new();
    for maker in 0..16 {
        let stage = stage.clone();
        makers.spawn(async move {
            let who = Citizen::new(&stage).await;
            let mut made = Vec::new();
            for n in (maker..count).step_by(16) {
                let (state, large) = (n / 16 % STATES.len(), n / 16 / STATES.len() % 2 == 1);
                made.push((bring(&stage, &who, state, large).await, state, large));
            }
            made
        });
    }
    makers.join_all().await.into_iter().flatten().collect()
}

async fn moved(stage: &Stage, from: &str, to: &str, dry_run: bool) -> (Migration, Vec<Moved>) {
    let mut told = Vec::new();
    let result = stage.app.move_cases(from, to, dry_run, &mut |moved| told.push(moved)).await.unwrap();
    told.sort_by_key(|moved| moved.case.0);
    (result, told)
}

/// The law of the newer version: what stands at the step that is gone stays, and what is past intake and
/// lacks an answer. A case that is being delivered, or held, is past intake too.
fn stays(state: usize, large: bool) -> bool {
    STATES[state] == "site" || (large && !["received", "asked"].contains(&STATES[state]))
}

#[expect(clippy::disallowed_methods, reason = "how long it takes is told beside the result")]
fn stopwatch() -> Instant {
    Instant::now()
}

/// Every case is where the dry run had said, once, on the record.
async fn as_foretold(stage: &Stage, cases: &[(CaseId, usize, bool)], would: &[Moved], [old, new]: [&str; 2]) {
    for (case, state, large) in cases {
        let file = stage.look(*case).await;
        let named = format!("{} {large}", STATES[*state]);
        let migrated: Vec<_> = file.events.iter().filter(|event| event.what.id() == "migrated").collect();
        let moves = STATES[*state] != "closed" && !stays(*state, *large);
        assert_eq!(migrated.len(), usize::from(moves), "{named}: once, on the record");
        assert_eq!(file.case.definition, if moves { new } else { old }, "{named}");
        // as the dry run had said
        let said = would.iter().find(|said| said.case == *case);
        assert_eq!(said.is_some_and(|said| said.steps.is_some()), moves, "{named}");
        if let (Some(event), Some((_, step))) = (migrated.first(), said.and_then(|said| said.steps.clone())) {
            assert!(matches!(&event.what, What::Migrated { step: landed, .. } if *landed == step), "{named}");
        }
    }
}

async fn tell_it(place: &Place, count: usize) {
    let before = Stage::with(place, version(false)).await;
    let old = before.app.definitions.current(ITEM).unwrap().digest().to_owned();
    let begun = stopwatch();
    let cases = crowd(&before, count).await;
    eprintln!("{count} cases made in {:.1} s", begun.elapsed().as_secs_f64());
    assert_eq!(before.faults().await, Vec::<String>::new());

    let stage = Stage::with(place, version(true)).await;
    let new = stage.app.definitions.current(ITEM).unwrap().digest().to_owned();
    assert_ne!(old, new);
    let open: Vec<_> = cases.iter().filter(|(_, state, _)| STATES[*state] != "closed").collect();
    let stuck = open.iter().filter(|(_, state, large)| stays(*state, *large)).count() as u64;
    let in_use = stage.app.versions_in_use().await.unwrap();
    assert_eq!(in_use.len(), 1);
    assert_eq!((in_use[0].cases, in_use[0].current), (open.len() as u64, false));
    assert_eq!(in_use[0].today.as_ref(), Some(&new));

    let (dry, would) = moved(&stage, &old, &new, true).await;
    assert_eq!((dry.moved, dry.stuck), (open.len() as u64 - stuck, stuck));
    assert_eq!(stage.look(cases[0].0).await.case.definition, old, "a dry run changes nothing");

    // broken off in the middle, wherever that is, and begun again
    let mut seen = 0;
    let (stop, mut stopped) = tokio::sync::mpsc::unbounded_channel();
    let mut count_moved = |_: Moved| {
        seen += 1;
        if seen == count / 4 {
            stop.send(()).unwrap();
        }
    };
    let begun = stopwatch();
    tokio::select! {
        _ = stage.app.move_cases(&old, &new, false, &mut count_moved) => panic!("it was not broken off"),
        _ = stopped.recv() => {}
    }
    let (rest, _) = moved(&stage, &old, &new, false).await;
    let took = begun.elapsed().as_secs_f64();
    eprintln!("{} cases moved, {stuck} stay, in {took:.2} s", dry.moved);
    assert!(rest.moved < dry.moved && rest.moved > 0, "it went on where it was broken off: {rest:?}");
    assert_eq!(rest.stuck, stuck);

    as_foretold(&stage, &cases, &would, [&old, &new]).await;
    let at = |state: &str| cases.iter().find(|(_, s, large)| STATES[*s] == state && !large).unwrap().0;
    let step = async |state| {
        let file = stage.look(at(state)).await;
        file.definition.step(file.case.step).map(|step| step.id().to_owned())
    };
    assert_eq!(step("check").await.as_deref(), Some("papers"));
    assert_eq!(step("held").await.as_deref(), Some("papers"));
    assert_eq!(step("site").await.as_deref(), Some("site"), "an old case renders under its own version");
    assert_eq!(stage.look(at("held")).await.case.held.unwrap().kind, Special::Inspection);
    assert_eq!(stage.faults().await, Vec::<String>::new());
    assert_eq!(stage.app.rebuild(true, &|_, _| {}).await.unwrap().rewritten, 0);

    // the way back, and the same again: nobody is lost
    let (back, _) = moved(&stage, &new, &old, false).await;
    assert_eq!((back.moved, back.stuck), (dry.moved, 0));
    assert_eq!(before.look(at("check")).await.case.definition, old);
    let clerk = officer(&before, Post::Clerk);
    before.app.act(AREA, at("check"), &clerk, review()).await.unwrap();
    let (again, _) = moved(&stage, &old, &new, true).await;
    assert_eq!(again.moved + again.stuck, open.len() as u64);
    assert_eq!(Stage::with(place, version(true)).await.faults().await, Vec::<String>::new());
    assert_eq!(would.iter().filter(|said| said.stuck.is_some()).count() as u64, stuck);
}

async fn running_cases_move_and_go_back(place: Place) {
    tell_it(&place, 256).await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
#[ignore = "takes a minute or two; run with --ignored"]
async fn ten_thousand_running_cases() {
    tell_it(&Place::sqlite(), 10_000).await;
}

/// Nobody's work is lost, and no case is left between two versions.
async fn an_officer_acts_while_cases_move(place: Place) {
    let before = Stage::with(&place, version(false)).await;
    let who = Citizen::new(&before).await;
    let mut cases = Vec::new();
    for _ in 0..24 {
        cases.push(bring(&before, &who, 2, false).await);
    }
    let stage = Stage::with(&place, version(true)).await;
    let [old, new] = [&before, &stage].map(|stage| stage.app.definitions.current(ITEM).unwrap());
    let clerk = officer(&before, Post::Clerk);
    let (app, claimed) = (before.app.clone(), cases.clone());
    let desk = tokio::spawn(async move {
        for case in claimed {
            app.act(AREA, case, &clerk, Command::Claim).await.unwrap();
        }
    });
    let (result, _) = moved(&stage, old.digest(), new.digest(), false).await;
    desk.await.unwrap();
    assert_eq!((result.moved, result.stuck), (24, 0));
    for case in cases {
        let file = stage.look(case).await;
        assert!(file.case.claimed_by.is_some());
        assert_eq!(file.case.definition, new.digest());
    }
    assert_eq!(stage.faults().await, Vec::<String>::new());
}

/// The diff says beforehand what the migration does.
#[test]
fn the_diff_foretells_it() {
    let ((old, _), (new, _)) = (version(false), version(true));
    assert!(packs::diff(&old, &old).is_empty());
    let diff = packs::diff(&old, &new);
    assert_eq!((diff.added.len(), diff.removed.len(), diff.changed.len()), (0, 0, 1));
    let found: Vec<_> =
        diff.changes().map(|change| (change.kind, change.about.as_str(), change.running)).collect();
    assert_eq!(
        found,
        [
            (Kind::StepRenamed, "step papers", Running::Moves),
            (Kind::StepSplit, "step premises", Running::Moves),
            (Kind::StepRemoved, "step site", Running::Stuck),
            (Kind::FieldAdded, "field floor", Running::Stuck),
        ]
    );
    let back = packs::diff(&new, &old);
    assert!(back.changes().any(|change| change.kind == Kind::FieldRemoved));
    let text = diff.to_string();
    assert!(text.starts_with(
        "pack moving: 0.1.0 → 0.2.0\nchanged ex-moving step-renamed step papers: was check; moves: "
    ));
    assert!(
        text.ends_with("0 items added, 0 removed, 1 changed; 4 changes, 2 of which some cases cannot follow")
    );
    let json = serde_json::to_string(&diff).unwrap();
    assert_eq!(serde_json::from_str::<packs::Diff>(&json).unwrap(), diff);
}
