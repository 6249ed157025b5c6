//! What an agency sees.

use store::{CaseCommit, Claimed, DeskCursor, DeskFilter, Error, Light, MAX_STEPS, MAX_TALLY, Store};

use tokio::task::JoinSet;

use crate::common::*;

const HOUR: i64 = 3_600_000_000;

on_both! {
    a_desk_is_in_order_of_due_dates;
    a_desk_is_filtered;
    lights_count_what_is_due;
    a_desk_is_walked_both_ways;
    a_desk_shows_one_light;
    counts_have_an_end;
}

fn due(hours: Option<i64>) -> CaseCommit {
    let mut case = new_case(random_id());
    case.view.due_at = hours.map(|hours| NOW + hours * HOUR);
    case
}

async fn put(store: &Store, cases: impl IntoIterator<Item = CaseCommit>) {
    for case in cases {
        store.commit(case).await.unwrap();
    }
}

/// Many at once, but no more than a lane takes.
async fn put_many(store: &Store, cases: impl Iterator<Item = CaseCommit>) {
    let mut tasks = JoinSet::new();
    for case in cases {
        let store = store.clone();
        tasks.spawn(async move { store.commit(case).await.unwrap() });
        if tasks.len() == 256 {
            while tasks.join_next().await.transpose().unwrap().is_some() {}
        }
    }
    tasks.join_all().await;
}

async fn a_desk_is_in_order_of_due_dates(place: Place) {
    let store = place.open().await;
    let mut elsewhere = due(Some(1));
    elsewhere.view.agency = "另一机关".into();
    put(&store, [due(Some(3)), due(None), due(Some(-1)), due(Some(2)), due(Some(2)), due(None), elsewhere])
        .await;
    let mut filter = DeskFilter::default();
    let mut seen = Vec::new();
    loop {
        let page = store.desk(AREA, AGENCY, &filter, 2).await.unwrap();
        let Some(last) = page.last() else { break };
        filter.after = Some(DeskCursor::from(last));
        seen.extend(page.iter().map(|case| case.view.due_at.map(|at| (at - NOW) / HOUR)));
    }
    assert_eq!(seen, [Some(-1), Some(2), Some(2), Some(3), None, None]);
}

async fn a_desk_is_filtered(place: Place) {
    let store = place.open().await;
    let officer = random_id();
    let mut mine = due(Some(1));
    mine.view.claimed_by = Some(officer);
    let mut review = due(Some(2));
    review.view.step = "second_review".into();
    let mut done = due(Some(3));
    done.view.open = false;
    let ids = [mine.case_id, review.case_id, done.case_id];
    put(&store, [mine, review, done]).await;
    let desk = async |filter: DeskFilter| -> Vec<_> {
        store.desk(AREA, AGENCY, &filter, 10).await.unwrap().into_iter().map(|case| case.id).collect()
    };
    let base = DeskFilter::default;
    assert_eq!(desk(base()).await, ids[..2]);
    assert_eq!(desk(DeskFilter { finished: true, ..base() }).await, ids[2..]);
    assert_eq!(desk(DeskFilter { claimed: Claimed::By(officer), ..base() }).await, ids[..1]);
    assert_eq!(desk(DeskFilter { claimed: Claimed::Nobody, ..base() }).await, ids[1..2]);
    assert_eq!(desk(DeskFilter { steps: vec!["second_review".into()], ..base() }).await, ids[1..2]);
    let both = vec!["second_review".into(), "acceptance".into()];
    assert_eq!(desk(DeskFilter { steps: both, ..base() }).await, ids[..2]);
    assert_eq!(desk(DeskFilter { due_before: Some(NOW + 2 * HOUR), ..base() }).await, ids[..1]);
    let many = DeskFilter { steps: vec!["x".into(); MAX_STEPS + 1], ..base() };
    assert!(matches!(store.desk(AREA, AGENCY, &many, 10).await, Err(Error::TooLarge { .. })));
}

async fn lights_count_what_is_due(place: Place) {
    let store = place.open().await;
    let mut paused = due(Some(-5));
    paused.view.clock_paused = true;
    let mut done = due(Some(-5));
    done.view.open = false;
    let mut soon = due(Some(5));
    soon.view.warn_at = Some(NOW);
    let mut later = due(Some(5));
    later.view.warn_at = Some(NOW + HOUR);
    let open = [due(Some(-2)), due(Some(0)), soon, later, due(Some(30)), due(None), paused, done];
    put(&store, open).await;
    let lights = store.lights(AREA, AGENCY, NOW).await.unwrap();
    assert_eq!((lights.red.n, lights.yellow.n, lights.green.n), (2, 1, 4));
}

/// Any filter, page by page: what the pages hold together is what the filter means, in order, and the
/// same backwards.
async fn a_desk_is_walked_both_ways(place: Place) {
    let store = place.open().await;
    let officer = random_id();
    let steps = ["acceptance", "review", "decision"];
    let mut cases = Vec::new();
    for n in 0..60_i64 {
        let mut case = due((n % 7 != 6).then_some(n * 37 % 11 - 4));
        case.view.warn_at = case.view.due_at.map(|at| at - (n % 5) * HOUR);
        case.view.step = steps[(n % 3) as usize].into();
        case.view.claimed_by = [None, Some(officer), Some(random_id())][(n / 3 % 3) as usize];
        case.view.clock_paused = n % 13 == 5;
        case.view.open = n % 10 != 9;
        cases.push(case);
    }
    put(&store, cases.clone()).await;
    let mut shapes = 0;
    for claimed in [Claimed::Any, Claimed::Nobody, Claimed::By(officer)] {
        for chosen in [vec![], vec![steps[1]], vec![steps[2], steps[0]]] {
            for light in [None, Some(Light::Red), Some(Light::Yellow), Some(Light::Green)] {
                for finished in [false, true] {
                    let filter = DeskFilter {
                        finished,
                        claimed,
                        steps: chosen.iter().map(|step| (*step).to_owned()).collect(),
                        light: light.map(|light| (light, NOW)),
                        ..DeskFilter::default()
                    };
                    let expected = meant(&cases, &filter);
                    walk(&store, &filter, &expected).await;
                    shapes += usize::from(!expected.is_empty());
                }
            }
        }
    }
    assert!(shapes > 50, "the cases are too few to tell: {shapes}");
}

/// What a filter means, said plainly.
fn meant(cases: &[CaseCommit], filter: &DeskFilter) -> Vec<uuid::Uuid> {
    let mut fitting: Vec<_> = cases
        .iter()
        .filter(|case| {
            let view = &case.view;
            let running = view.due_at.filter(|_| !view.clock_paused);
            let light = match (running, view.warn_at) {
                (Some(due), _) if due <= NOW => Light::Red,
                (Some(_), Some(warn)) if warn <= NOW => Light::Yellow,
                _ => Light::Green,
            };
            view.open != filter.finished
                && (filter.steps.is_empty() || filter.steps.contains(&view.step))
                && match filter.claimed {
                    Claimed::Any => true,
                    Claimed::Nobody => view.claimed_by.is_none(),
                    Claimed::By(officer) => view.claimed_by == Some(officer),
                }
                && (filter.finished || filter.light.is_none_or(|(asked, _)| asked == light))
        })
        .map(|case| {
            let due = case.view.due_at.filter(|_| !case.view.clock_paused);
            (due.unwrap_or(i64::MAX), case.case_id)
        })
        .collect();
    fitting.sort_unstable();
    fitting.into_iter().map(|(_, id)| id).collect()
}

async fn walk(store: &Store, filter: &DeskFilter, expected: &[uuid::Uuid]) {
    let (mut filter, mut pages) = (filter.clone(), Vec::new());
    loop {
        let page = store.desk(AREA, AGENCY, &filter, 4).await.unwrap();
        let Some(last) = page.last() else { break };
        filter.after = Some(DeskCursor::from(last));
        pages.push(page);
    }
    let seen: Vec<_> = pages.iter().flatten().map(|row| row.id).collect();
    assert_eq!(seen, expected, "{filter:?}");
    for two in pages.windows(2) {
        filter.before = Some(DeskCursor::from(&two[1][0]));
        assert_eq!(store.desk(AREA, AGENCY, &filter, 4).await.unwrap(), two[0], "{filter:?}");
    }
    if let Some(first) = pages.first() {
        filter.before = Some(DeskCursor::from(&first[0]));
        assert!(store.desk(AREA, AGENCY, &filter, 4).await.unwrap().is_empty());
    }
}

/// More cases past their warning than are looked through, so that yellow ones are met on a walk.
async fn a_desk_shows_one_light(place: Place) {
    let store = place.open().await;
    let cases = (0..5_100).map(|n| {
        let mut case = due(Some(-1));
        case.outbox.clear();
        if n % 1_700 == 0 {
            case.view.due_at = Some(NOW + 1 + n);
            case.view.warn_at = Some(NOW - 9 * HOUR - n);
        }
        case
    });
    put_many(&store, cases).await;
    let yellow = DeskFilter { light: Some((Light::Yellow, NOW)), ..DeskFilter::default() };
    let dues: Vec<_> = store.desk(AREA, AGENCY, &yellow, 9).await.unwrap();
    let dues: Vec<_> = dues.iter().filter_map(|row| row.view.due_at).collect();
    assert_eq!(dues, [NOW + 1, NOW + 1_701, NOW + 3_401]);
    // they are the longest warned, so that the count does not see them, and says so
    let lights = store.lights(AREA, AGENCY, NOW).await.unwrap();
    assert_eq!((lights.yellow.n, lights.yellow.more), (0, true));
    assert_eq!((lights.red.to_string().as_str(), lights.green.to_string().as_str()), ("999+", "0"));
}

async fn counts_have_an_end(place: Place) {
    let store = place.open().await;
    let officer = random_id();
    let cases = (0..=MAX_TALLY).map(|n| {
        let mut case = due(Some(5));
        case.view.claimed_by = (n % 100 == 0).then_some(officer);
        case
    });
    put_many(&store, cases).await;
    let count = async |claimed| store.desk_count(AREA, AGENCY, claimed).await.unwrap();
    let all = count(Claimed::Any).await;
    assert_eq!((all.n, all.more, all.to_string().as_str()), (MAX_TALLY, true, "999+"));
    assert_eq!(count(Claimed::Nobody).await.to_string(), "990");
    assert_eq!(count(Claimed::By(officer)).await.to_string(), "10");
    assert_eq!(store.lights(AREA, AGENCY, NOW).await.unwrap().green.to_string(), "999+");
}
