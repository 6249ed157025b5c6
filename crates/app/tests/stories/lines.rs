//! What officers see of their line: rows of units follow their cases, can be made again from them, and are counted right.

use app::{Decided, Error, FIRST_UNIT, LotUnit, Report, Sent};
use casework::{Actor, Officer};
use domain::Severity;
use identity::Post;
use store::Line;

use crate::stage::{Place, Stage, on_both};
use crate::stations::{AREA, BOARD, DIE, Factory, code, unit};
use crate::tampering::{NO_UNITS, WRECKED_UNITS};

on_both! {
    rows_follow_their_cases;
    rows_are_made_again_from_their_cases;
    a_lot_is_counted_alike_with_rows_and_without;
    a_line_shows_what_came_out_today;
    a_lot_shows_its_defects_and_its_sample;
    a_line_is_its_own_agencys;
}

fn officer(stage: &Stage, item: &str, post: Post) -> Officer {
    match stage.officer(item, post) {
        Actor::Officer(officer) => officer,
        other => panic!("{other:?}"),
    }
}

async fn units(factory: &Factory, item: &str, lot: &str) -> Vec<LotUnit> {
    let code = code();
    let line = Line { area: AREA, agency: code.as_str(), item };
    let mut units: Vec<LotUnit> = Vec::new();
    // Pages of two, so that there are several.
    loop {
        let after = units.last().map_or(FIRST_UNIT, LotUnit::cursor);
        let page = factory.stage.app.lot_units(line, lot, after, 2).await.unwrap();
        if page.is_empty() {
            return units;
        }
        units.extend(page);
    }
}

async fn rows_follow_their_cases(place: Place) {
    let factory = Factory::new(&place).await;
    let bad = factory.report(&unit(BOARD, "A1", "ng", 0.99)).await.unwrap();
    let doubtful = factory.report(&unit(BOARD, "A2", "unsure", 0.5)).await.unwrap();
    let mut dark = unit(BOARD, "A3", "cannot-judge", 0.0);
    dark.obstacle = Some("dark".to_owned());
    factory.report(&dark).await.unwrap();
    let rows = units(&factory, BOARD, "L-0001").await;
    assert_eq!(rows.len(), 3);
    let of = |serial: &str| rows.iter().find(|row| row.serial == serial).unwrap().clone();
    let row = of("A1");
    assert_eq!((row.case, row.station, row.recipe.as_str()), (bad.case, factory.id, "board-a/3"));
    assert_eq!((row.sent, row.outcome, row.by_person), (Sent::Rule, Decided::Ng, false));
    assert_eq!((row.model.as_str(), row.score, row.found), ("synth-1", 0.99, 1));
    assert_eq!((row.findings[0].class.as_str(), row.findings[0].x, row.findings[0].height), ("open", 10, 8));
    assert_eq!((row.closed, row.template.as_str()), (Some(row.at), "cd".repeat(32).as_str()));
    let row = of("A2");
    assert_eq!((row.sent, row.outcome, row.closed), (Sent::Person, Decided::Review, None));
    assert_eq!((of("A3").judged.as_str(), of("A3").obstacle.as_deref()), ("cannot-judge", Some("dark")));
    // Sent again it is the same row; looked at, it is decided by a person.
    factory.report(&unit(BOARD, "A1", "ok", 0.0)).await.unwrap();
    factory.does(doubtful.case, Post::Clerk, "ok", "").await.unwrap();
    let rows = units(&factory, BOARD, "L-0001").await;
    assert_eq!(rows.len(), 3);
    let row = rows.iter().find(|row| row.serial == "A2").unwrap();
    assert_eq!((row.outcome, row.by_person, row.closed.is_some()), (Decided::Ok, true, true));
    assert_eq!(rows.iter().find(|row| row.serial == "A1").unwrap().judged, "ng", "the first report stands");
    assert!(units(&factory, DIE, "L-0001").await.is_empty(), "of another item");
    assert!(units(&factory, BOARD, "L-0002").await.is_empty(), "of another lot");
}

async fn rows_are_made_again_from_their_cases(place: Place) {
    let factory = Factory::new(&place).await;
    for (serial, judged, score) in [("B1", "ng", 0.99), ("B2", "unsure", 0.5), ("B3", "unsure", 0.4)] {
        factory.report(&unit(BOARD, serial, judged, score)).await.unwrap();
    }
    let rows = units(&factory, BOARD, "L-0001").await;
    let second = rows.iter().find(|row| row.serial == "B2").unwrap();
    factory.does(second.case, Post::Clerk, "ng", "").await.unwrap();
    let before = units(&factory, BOARD, "L-0001").await;
    let app = &factory.stage.app;
    let lots = app.store.lots_latest(AREA, code().as_str(), i64::MAX, 10).await.unwrap();
    assert_eq!(app.rebuild(true, &|_, _| {}).await.unwrap().rewritten, 0, "what was committed is right");
    for change in WRECKED_UNITS {
        place.meddle(change).await;
    }
    assert_ne!(units(&factory, BOARD, "L-0001").await, before);
    let rebuilt = app.rebuild(false, &|_, _| {}).await.unwrap();
    assert!(rebuilt.faults.is_empty() && rebuilt.rewritten == 3, "{rebuilt:?}");
    assert_eq!(units(&factory, BOARD, "L-0001").await, before);
    assert_eq!(app.store.lots_latest(AREA, code().as_str(), i64::MAX, 10).await.unwrap(), lots);
    assert_eq!(factory.stage.faults().await, Vec::<String>::new());
}

async fn a_lot_is_counted_alike_with_rows_and_without(place: Place) {
    let factory = Factory::new(&place).await;
    let told = factory.lot("L-1").await;
    factory.looked_at(&told[..30], 3).await;
    let counted = factory.release("L-1", false).await;
    assert!(counted.looked_at > 10 && counted.rejected == 3 && counted.waiting > 0, "{counted:?}");
    for change in NO_UNITS {
        place.meddle(change).await;
        assert_eq!(factory.release("L-1", false).await, counted);
    }
}

async fn a_line_shows_what_came_out_today(place: Place) {
    let factory = Factory::new(&place).await;
    let app = &factory.stage.app;
    let head = officer(&factory.stage, BOARD, Post::Head);
    let empty = app.line_now(&head, BOARD).await.unwrap();
    assert!(empty.last.is_none() && empty.today.reported == 0 && empty.drift.is_none());
    assert_eq!((empty.stations.len(), empty.stations[0].silent), (1, true), "it never reported");
    factory.report(&unit(BOARD, "C1", "ng", 0.99)).await.unwrap();
    let one = factory.report(&unit(BOARD, "C2", "unsure", 0.5)).await.unwrap();
    factory.report(&unit(BOARD, "C3", "unsure", 0.5)).await.unwrap();
    factory.does(one.case, Post::Clerk, "ok", "").await.unwrap();
    let now = app.line_now(&head, BOARD).await.unwrap();
    assert_eq!((now.today.reported, now.today.ng, now.today.ok, now.today.waiting), (3, 1, 1, 1));
    assert_eq!((now.today.called, now.today.overkill, now.waiting), (1, 1, 1));
    assert!(!now.stations[0].silent && now.stations[0].name == "示例·三号线工位");
    // The clock of the stage stands, so that any of them may be the last.
    assert_eq!((now.last.is_some(), now.model.as_deref()), (true, Some("synth-1")));
    let days = app.line_days(&head, BOARD, 30).await.unwrap();
    assert_eq!((days.len(), days[0].counts), (1, now.today));
    assert_eq!(app.line_now(&head, DIE).await.unwrap().today.reported, 0, "of another item");
    let (lots, next) = app.line_lots(&head, i64::MAX, 10).await.unwrap();
    assert_eq!((lots.len(), next, lots[0].counts), (1, None, now.today));
    assert_eq!((lots[0].item.as_str(), lots[0].lot.as_str(), lots[0].release), (BOARD, "L-0001", None));
}

async fn a_lot_shows_its_defects_and_its_sample(place: Place) {
    let factory = Factory::new(&place).await;
    let app = &factory.stage.app;
    let head = officer(&factory.stage, DIE, Post::Head);
    for lot in ["L-1", "L-2"] {
        let told = factory.lot(lot).await;
        factory.looked_at(&told, told.len()).await;
        factory.release(lot, false).await;
    }
    let page = app.lot_page(&head, DIE, "L-2").await.unwrap();
    assert_eq!((page.counts.reported, page.counts.escaped, page.cut), (60, page.counts.drawn, false));
    let sample = &page.samples[0];
    assert_eq!((sample.size, sample.sample, sample.accept, sample.looked_at), (60, Some(50), 0, 50));
    assert_eq!((sample.escaped.found, sample.severity), (50, Severity::Normal));
    assert_eq!(sample.release.map(|(_, decided)| decided), Some(Decided::Ng), "held back");
    let bad = Report { lot: "L-3".to_owned(), ..unit(DIE, "D1", "ng", 0.999) };
    factory.report(&bad).await.unwrap();
    let page = app.lot_page(&head, DIE, "L-3").await.unwrap();
    assert_eq!((page.pareto.len(), page.pareto[0].class.as_str(), page.pareto[0].units), (1, "open", 1));
    assert_eq!((page.ng.len(), page.waiting.len(), page.recipes.len()), (1, 0, 1));
    assert_eq!(page.samples[0].severity, Severity::Tightened, "two of two were held back");
    assert!(matches!(app.lot_page(&head, DIE, "L-9").await, Err(Error::NotFound)));
    let (lots, _) = app.line_lots(&head, i64::MAX, 10).await.unwrap();
    assert_eq!(lots.iter().map(|lot| lot.lot.as_str()).collect::<Vec<_>>().len(), 3);
    assert_eq!(lots.iter().filter(|lot| lot.release == Some(Decided::Ng)).count(), 2);
    let (first, next) = app.line_lots(&head, i64::MAX, 1).await.unwrap();
    assert!(first.len() == 1 && next.is_some(), "a page after the other");
}

async fn a_line_is_its_own_agencys(place: Place) {
    let factory = Factory::new(&place).await;
    factory.report(&unit(BOARD, "E1", "ng", 0.99)).await.unwrap();
    let app = &factory.stage.app;
    for post in [Post::Clerk, Post::Head, Post::Chief] {
        app.line_now(&officer(&factory.stage, BOARD, post), BOARD).await.unwrap();
    }
    let operator = officer(&factory.stage, BOARD, Post::Operator);
    assert!(matches!(app.line_now(&operator, BOARD).await, Err(Error::Forbidden)));
    assert!(matches!(app.lot_page(&operator, BOARD, "L-0001").await, Err(Error::Forbidden)));
    let mut stranger = officer(&factory.stage, BOARD, Post::Head);
    stranger.agency = "91990000MADEMX01XY".to_owned();
    assert!(!app.sees_line(&stranger));
    assert!(matches!(app.line_now(&stranger, BOARD).await, Err(Error::NotFound)));
    assert!(matches!(app.line_lots(&stranger, i64::MAX, 10).await, Err(Error::NotFound)));
    assert!(matches!(app.lot_page(&stranger, BOARD, "L-0001").await, Err(Error::NotFound)));
    assert!(
        matches!(app.line_now(&stranger, "ex-lot-release").await, Err(Error::NotFound)),
        "no item of units"
    );
    let mut elsewhere = officer(&factory.stage, BOARD, Post::Head);
    elsewhere.area = "440000".parse().unwrap();
    assert!(matches!(app.line_now(&elsewhere, BOARD).await, Err(Error::NotFound)), "another area");
}
