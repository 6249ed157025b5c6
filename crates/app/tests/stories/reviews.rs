//! The review desk: a unit goes to one person at a time, a verdict can be taken back until it is carried out, is carried
//! out once, and what people marked comes to the station.

use app::{Error, GivenVerdict, ReviewDesk, Said};
use casework::{Actor, By, Command, Officer, Outcome, Rule, Status, What};
use domain::CaseId;
use identity::Post;

use crate::life::refused;
use crate::stage::{Place, Stage, on_both};
use crate::stations::{BOARD, DIE, Factory, code, picture, unit};

on_both! {
    a_unit_goes_to_one_person_at_a_time;
    a_verdict_is_carried_out_with_the_next_one;
    a_verdict_taken_back_was_never_given;
    the_worker_carries_out_what_waits_also_after_a_crash;
    taken_back_and_carried_out_at_once_is_one_of_the_two;
    who_was_overtaken_is_told;
    two_look_and_a_third_decides_and_each_sees_what_is_theirs;
    the_station_reads_what_people_marked;
    agreement_is_for_whoever_answers_for_it;
    nobody_else_has_a_desk_here;
}

const AREA: &str = "990000";
/// Longer than a verdict waits to be taken back.
const SOON: i64 = 11;

fn officer(stage: &Stage, post: Post) -> Officer {
    stage.officer_of(code().as_str(), AREA, post)
}

fn good() -> Said {
    Said { good: true, ..Said::default() }
}

fn bad(class: &str) -> Said {
    Said { class: Some(class.to_owned()), ..Said::default() }
}

impl Factory {
    async fn doubtful(&self, item: &str, serial: &str) -> CaseId {
        let mut report = unit(item, serial, "ng", 0.5);
        report.judged = "unsure".to_owned();
        self.report(&report).await.unwrap().case
    }

    async fn desk(&self, post: Post) -> ReviewDesk {
        self.stage.app.review_desk(&officer(&self.stage, post), None).await.unwrap()
    }

    async fn shown(&self, post: Post) -> Option<CaseId> {
        self.desk(post).await.unit.map(|unit| unit.file.case.id)
    }

    async fn says(&self, post: Post, case: CaseId, said: Said) -> Result<app::Given, Error> {
        self.stage.clock.advance(1);
        self.stage.app.give_verdict(&officer(&self.stage, post), &GivenVerdict { case, said }).await
    }

    /// Time passes until what waits may not be taken back any more, and the worker looks.
    async fn later(&self) -> usize {
        self.stage.clock.advance(SOON);
        self.stage.app.settle_verdicts().await.unwrap()
    }

    async fn status(&self, case: CaseId) -> Status {
        self.case(case).await.case.status
    }

    /// Looks of officers on the record.
    async fn looks(&self, case: CaseId) -> usize {
        let done = |event: &&casework::Event| {
            matches!((&event.what, &event.by), (What::Done { .. }, By::Officer { .. }))
        };
        self.case(case).await.events.iter().filter(done).count()
    }
}

const PASSED: Status = Status::Closed(Outcome::Granted);
const REJECTED: Status = Status::Closed(Outcome::Refused);

async fn a_unit_goes_to_one_person_at_a_time(place: Place) {
    let factory = Factory::new(&place).await;
    assert!(factory.desk(Post::Clerk).await.unit.is_none(), "nothing waits");
    let units = [factory.doubtful(BOARD, "A1").await, factory.doubtful(BOARD, "A2").await];
    let first = factory.shown(Post::Clerk).await.unwrap();
    let second = factory.shown(Post::Colleague).await.unwrap();
    assert!(first != second && units.contains(&first) && units.contains(&second));
    assert_eq!(factory.shown(Post::Clerk).await, Some(first), "whoever loads the page again sees the same");
    // Somebody else's is shown, and not to be judged.
    let theirs = factory.stage.app.review_unit(&officer(&factory.stage, Post::Clerk), second).await.unwrap();
    let theirs = theirs.unit.unwrap();
    assert!(theirs.held && !theirs.open);
    refused(factory.says(Post::Clerk, second, good()).await.map(|_| first_case()), Rule::ClaimedByOther);
    // Passed on, it goes to whoever comes next; and whoever left it alone for long has left it.
    let clerk = officer(&factory.stage, Post::Clerk);
    let desk = factory.stage.app.review_desk(&clerk, None).await.unwrap();
    assert_eq!((desk.waiting, desk.more), (1, false), "the other one is being looked at");
    factory.stage.app.skip_unit(&clerk, first).await.unwrap();
    factory.stage.app.skip_unit(&clerk, second).await.unwrap();
    assert!(factory.stage.app.review_desk(&clerk, desk.place).await.unwrap().unit.is_some());
    factory.stage.clock.advance(301);
    assert_eq!(factory.desk(Post::Colleague).await.waiting, 2);
    assert_eq!(factory.stage.faults().await, Vec::<String>::new());
}

/// A value for the type alone.
fn first_case() -> app::CaseFile {
    unreachable!("it was refused")
}

async fn a_verdict_is_carried_out_with_the_next_one(place: Place) {
    let factory = Factory::new(&place).await;
    for serial in ["B1", "B2", "B3"] {
        factory.doubtful(BOARD, serial).await;
    }
    let first = factory.shown(Post::Clerk).await.unwrap();
    factory.says(Post::Clerk, first, bad("short")).await.unwrap();
    assert_eq!(factory.status(first).await, Status::InTask, "it can still be taken back");
    // Twice the same is the same.
    factory.says(Post::Clerk, first, bad("short")).await.unwrap();
    let desk = factory.desk(Post::Clerk).await;
    let second = desk.unit.unwrap().file.case.id;
    assert_ne!(first, second, "what was judged is not shown again");
    assert_eq!(desk.last.map(|(row, _)| row.case_id), Some(first.0));
    assert_eq!(factory.says(Post::Clerk, second, good()).await.unwrap().refused, None);
    assert_eq!((factory.status(first).await, factory.status(second).await), (REJECTED, Status::InTask));
    // Sent once more, by a browser that goes back: it does not count twice, and the one that waits is carried out.
    refused(factory.says(Post::Clerk, first, good()).await.map(|_| first_case()), Rule::AlreadyClosed);
    assert_eq!(factory.looks(first).await, 1);
    assert_eq!(factory.later().await, 1);
    assert_eq!(factory.status(second).await, PASSED);
    assert_eq!(factory.stage.faults().await, Vec::<String>::new());
}

async fn a_verdict_taken_back_was_never_given(place: Place) {
    let factory = Factory::new(&place).await;
    let (case, app) = (factory.doubtful(BOARD, "C1").await, &factory.stage.app);
    let clerk = officer(&factory.stage, Post::Clerk);
    factory.says(Post::Clerk, case, bad("open")).await.unwrap();
    let (waits, serial) = factory.desk(Post::Clerk).await.last.unwrap();
    assert_eq!((waits.action.as_str(), serial.as_str()), ("ng", "C1"));
    // Nobody takes another's back.
    let colleague = officer(&factory.stage, Post::Colleague);
    assert!(matches!(app.undo_verdict(&colleague, waits.id).await, Err(Error::NotFound)));
    assert_eq!(app.undo_verdict(&clerk, waits.id).await.unwrap(), case);
    assert!(matches!(app.undo_verdict(&clerk, waits.id).await, Err(Error::NotFound)), "once");
    assert_eq!(factory.later().await, 0);
    assert_eq!((factory.status(case).await, factory.looks(case).await), (Status::InTask, 0));
    assert_eq!(factory.shown(Post::Clerk).await, Some(case), "and it is there again");
    factory.says(Post::Clerk, case, good()).await.unwrap();
    let (other, _) = factory.desk(Post::Clerk).await.last.unwrap();
    assert!(matches!(app.undo_verdict(&clerk, waits.id).await, Err(Error::NotFound)), "this is a later one");
    assert_eq!(factory.later().await, 1);
    assert_eq!(factory.status(case).await, PASSED);
    assert!(matches!(app.undo_verdict(&clerk, other.id).await, Err(Error::NotFound)), "what is done is done");
    assert_eq!(factory.stage.faults().await, Vec::<String>::new());
}

async fn the_worker_carries_out_what_waits_also_after_a_crash(place: Place) {
    let factory = Factory::new(&place).await;
    let case = factory.doubtful(BOARD, "D1").await;
    factory.says(Post::Clerk, case, bad("spur")).await.unwrap();
    assert_eq!(factory.stage.app.settle_verdicts().await.unwrap(), 0, "its time is not over");
    factory.stage.app.store.crash().await;
    let again = Stage::with(&place, crate::stations::packs()).await;
    again.clock.advance(60);
    assert_eq!(again.app.settle_verdicts().await.unwrap(), 1);
    let file = again.app.open_case(AREA, case, &Actor::System).await.unwrap();
    assert_eq!(file.case.status, REJECTED);
    let done = file.events.iter().find(|event| matches!(event.what, What::Done { .. })).unwrap();
    assert!(matches!(&done.by, By::Officer { id, .. } if *id == officer(&again, Post::Clerk).id));
    assert_eq!(done.private.as_ref().unwrap().words, "spur; spur 10 20 30 8");
    assert_eq!(again.app.settle_verdicts().await.unwrap(), 0);
    assert_eq!(again.faults().await, Vec::<String>::new());
}

async fn taken_back_and_carried_out_at_once_is_one_of_the_two(place: Place) {
    let factory = Factory::new(&place).await;
    let (app, clerk) = (&factory.stage.app, officer(&factory.stage, Post::Clerk));
    for n in 0..12 {
        let case = factory.doubtful(BOARD, &format!("E{n}")).await;
        factory.says(Post::Clerk, case, good()).await.unwrap();
        let (waits, _) = factory.desk(Post::Clerk).await.last.unwrap();
        factory.stage.clock.advance(SOON);
        let undo = app.undo_verdict(&clerk, waits.id);
        let (one, other, undone) = tokio::join!(app.settle_verdicts(), app.settle_verdicts(), undo);
        assert!(one.is_ok() && other.is_ok());
        let status = factory.status(case).await;
        assert_eq!(status == Status::InTask, undone.is_ok(), "{n}: {undone:?}");
        assert_eq!(factory.looks(case).await, usize::from(undone.is_err()), "{n}");
        if undone.is_ok() {
            factory.says(Post::Clerk, case, good()).await.unwrap();
            factory.later().await;
        }
    }
    assert_eq!(factory.stage.faults().await, Vec::<String>::new());
}

async fn who_was_overtaken_is_told(place: Place) {
    let factory = Factory::new(&place).await;
    let units = [factory.doubtful(BOARD, "F1").await, factory.doubtful(BOARD, "F2").await];
    let overtake = async |case: CaseId| {
        let colleague = factory.stage.officer(BOARD, Post::Colleague);
        let command = Command::Do { action: "ng".to_owned(), words: String::new() };
        factory.stage.app.act(AREA, case, &colleague, command).await.unwrap();
    };
    factory.says(Post::Clerk, units[0], good()).await.unwrap();
    // At the desk of all cases nobody sees who looks at what.
    overtake(units[0]).await;
    let given = factory.says(Post::Clerk, units[1], good()).await.unwrap();
    assert_eq!(given.refused, Some((units[0], Rule::AlreadyClosed.id().to_owned())));
    assert_eq!(factory.status(units[0]).await, REJECTED, "whoever came first is right");
    overtake(units[1]).await;
    assert_eq!(factory.later().await, 1);
    let (last, serial) = factory.desk(Post::Clerk).await.last.unwrap();
    assert_eq!((last.refused.as_deref(), serial.as_str()), (Some(Rule::AlreadyClosed.id()), "F2"));
    let clerk = officer(&factory.stage, Post::Clerk);
    assert!(matches!(factory.stage.app.undo_verdict(&clerk, last.id).await, Err(Error::NotFound)));
    let third = factory.doubtful(BOARD, "F3").await;
    let given = factory.says(Post::Clerk, third, good()).await.unwrap();
    assert_eq!(given.refused.map(|(case, _)| case), Some(units[1]), "told with the next one");
    assert_eq!(factory.later().await, 1);
    assert_eq!((factory.status(third).await, factory.looks(third).await), (PASSED, 1));
    assert_eq!(factory.stage.faults().await, Vec::<String>::new());
}

async fn two_look_and_a_third_decides_and_each_sees_what_is_theirs(place: Place) {
    let factory = Factory::new(&place).await;
    let case = factory.doubtful(DIE, "G1").await;
    assert_eq!(factory.shown(Post::Head).await, None, "a head has nothing to decide yet");
    factory.says(Post::Clerk, case, bad("open")).await.unwrap();
    factory.later().await;
    assert_eq!(factory.shown(Post::Clerk).await, None, "nobody looks twice");
    refused(factory.says(Post::Clerk, case, good()).await.map(|_| first_case()), Rule::SameOfficerTwice);
    assert_eq!(factory.shown(Post::Colleague).await, Some(case));
    factory.says(Post::Colleague, case, good()).await.unwrap();
    factory.later().await;
    assert_eq!(factory.shown(Post::Colleague).await, None);
    assert_eq!(factory.shown(Post::Head).await, Some(case));
    factory.says(Post::Head, case, bad("mousebite")).await.unwrap();
    factory.later().await;
    assert_eq!(factory.status(case).await, REJECTED);
    assert_eq!(factory.looks(case).await, 3);
    // The label is that of the last look that agrees with what was decided.
    let told = factory.stage.app.reviews(&factory.station().await, 0, 10).await.unwrap();
    assert_eq!(told.reviews[0].labels[0].class, "mousebite");
    assert_eq!(factory.stage.faults().await, Vec::<String>::new());
}

async fn the_station_reads_what_people_marked(place: Place) {
    let factory = Factory::new(&place).await;
    let (app, station) = (&factory.stage.app, factory.station().await);
    let empty = app.reviews(&station, 0, 10).await.unwrap();
    assert_eq!((empty.reviews.len(), empty.next), (0, None));
    let mut units = Vec::new();
    for serial in ["H1", "H2", "H3", "H4"] {
        units.push(factory.doubtful(BOARD, serial).await);
    }
    factory.says(Post::Clerk, units[0], bad("short")).await.unwrap();
    factory.says(Post::Clerk, units[1], good()).await.unwrap();
    factory.says(Post::Clerk, units[2], bad("other")).await.unwrap();
    factory.later().await;
    // At the desk of all cases: of a good one it is known what was called falsely, of a defective one nothing.
    let clerk = factory.stage.officer(BOARD, Post::Clerk);
    for (case, action) in [(units[3], "ok"), (factory.doubtful(BOARD, "H5").await, "ng")] {
        let command = Command::Do { action: action.to_owned(), words: String::new() };
        app.act(AREA, case, &clerk, command).await.unwrap();
    }
    // What rules decided is no review, and neither is what waits.
    factory.report(&unit(BOARD, "H6", "ng", 0.99)).await.unwrap();
    factory.doubtful(BOARD, "H7").await;
    let told = app.reviews(&station, 0, 10).await.unwrap();
    let serials: Vec<_> = told.reviews.iter().map(|review| review.serial.as_str()).collect();
    assert_eq!(serials, ["H1", "H2", "H3", "H4", "H5"], "in the order they were settled");
    let json = serde_json::to_value(&told.reviews).unwrap();
    let place = serde_json::json!({"x": 10, "y": 20, "width": 30, "height": 8});
    let labelled = serde_json::json!({"class": "short", "x": 10, "y": 20, "width": 30, "height": 8});
    assert_eq!((&json[0]["labels"][0], &json[0]["decision"]), (&labelled, &"ng".into()));
    assert_eq!((&json[0]["lot"], &json[0]["recipe"]), (&"L-0001".into(), &"board-a/3".into()));
    for n in [1, 3] {
        assert_eq!((&json[n]["decision"], &json[n]["false_calls"][0]), (&"ok".into(), &place), "{n}");
        assert_eq!(json[n]["labels"].as_array().map(Vec::len), Some(0));
    }
    for n in [2, 4] {
        let lists = [&json[n]["labels"], &json[n]["false_calls"]].map(|list| list.as_array().unwrap().len());
        assert_eq!((lists, &json[n]["decision"]), ([0, 0], &"ng".into()), "{n}: nothing is learnt from it");
    }
    // Page by page it is the same.
    let (mut after, mut paged) = (0, Vec::new());
    while let Some(next) = {
        let page = app.reviews(&station, after, 2).await.unwrap();
        assert!(page.reviews.len() <= 2);
        paged.extend(page.reviews);
        page.next
    } {
        after = next.parse().unwrap();
    }
    assert_eq!(paged, told.reviews);
    // Another station of the same factory has none of them.
    let (_, credential) = app.register_station(&code(), "示例·四号线工位", None).await.unwrap();
    let other = app.station(&credential.0).await.unwrap();
    assert!(app.reviews(&other, 0, 10).await.unwrap().reviews.is_empty());
    assert_eq!(factory.stage.faults().await, Vec::<String>::new());
}

async fn agreement_is_for_whoever_answers_for_it(place: Place) {
    let factory = Factory::new(&place).await;
    for (n, (first, second)) in [(true, true), (false, true), (false, false)].into_iter().enumerate() {
        let case = factory.doubtful(DIE, &format!("I{n}")).await;
        for (post, fine) in [(Post::Clerk, first), (Post::Colleague, second)] {
            factory.says(post, case, if fine { good() } else { bad("open") }).await.unwrap();
            factory.later().await;
        }
    }
    let app = &factory.stage.app;
    for post in [Post::Clerk, Post::Colleague, Post::Operator] {
        let answer = app.review_agreement(&officer(&factory.stage, post)).await;
        assert!(matches!(answer, Err(Error::Forbidden)), "{post:?}");
    }
    for post in [Post::Head, Post::Chief] {
        let told = app.review_agreement(&officer(&factory.stage, post)).await.unwrap();
        // Two of three: the shares are 1/3 and 2/3 good, chance 4/9, so kappa is (2/3 − 4/9) / (5/9) = 0.4.
        assert_eq!((told.all.things(), told.all.both_good, told.all.second_good), (3, 1, 1));
        assert!((told.all.kappa().unwrap() - 0.4).abs() < 1e-12);
        assert_eq!((told.pairs.len(), told.people.len(), told.more), (1, 2, false));
        assert_eq!(told.people[0].looks, 3);
    }
}

async fn nobody_else_has_a_desk_here(place: Place) {
    let factory = Factory::new(&place).await;
    let (app, case) = (&factory.stage.app, factory.doubtful(BOARD, "J1").await);
    let (hex, bytes) = picture(9);
    let mut report = unit(BOARD, "J2", "unsure", 0.5);
    report.test_picture.clone_from(&hex);
    let pictured = factory.report(&report).await.unwrap().case;
    app.put_station_picture(&factory.station().await, &hex, bytes).await.unwrap();
    let own = officer(&factory.stage, Post::Clerk);
    let stranger = Officer { agency: "11990000000000000X".to_owned(), ..own.clone() };
    // Nor has one who sits there for another area.
    let far = Officer { area: "440000".parse().unwrap(), ..own };
    for stranger in [stranger, far] {
        assert!(app.review_desk(&stranger, None).await.unwrap().unit.is_none());
        for id in [case, pictured, CaseId(uuid::Uuid::from_u128(7))] {
            assert!(matches!(app.review_unit(&stranger, id).await, Err(Error::NotFound)));
            let given = GivenVerdict { case: id, said: good() };
            assert!(matches!(app.give_verdict(&stranger, &given).await, Err(Error::NotFound)));
        }
        app.skip_unit(&stranger, case).await.unwrap();
    }
    // Of its own desk it is shown with its picture, and that it was looked at is on the record.
    let clerk = officer(&factory.stage, Post::Clerk);
    let shown = app.review_unit(&clerk, pictured).await.unwrap().unit.unwrap();
    assert_eq!((shown.pictures, shown.sides, shown.open), ([Some(hex), None], Some((1, 1)), true));
    let (read, _) = app.reads(factory.id, None).await.unwrap();
    assert!(read.iter().any(|line| line.looked == "case"));
    // A release of a lot is decided, and it is no unit.
    let station = factory.station().await;
    let wish = app::LotRelease { item: BOARD.to_owned(), lot: "L-0001".to_owned(), size: 2, as_it_is: true };
    let release = app.release_lot(&station, &wish).await.unwrap().case.unwrap();
    let head = officer(&factory.stage, Post::Head);
    assert!(matches!(app.review_unit(&head, release).await, Err(Error::NotFound)));
    assert!(app.review_desk(&head, None).await.unwrap().unit.is_none());
}
