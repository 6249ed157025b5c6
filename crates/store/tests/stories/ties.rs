//! Ties: asked under a hash, confirmed once, ended on both sides at once.

use store::{AskLimits, Error, Store, Tie};
use tokio::task::JoinSet;
use uuid::Uuid;

use crate::common::*;

on_both! {
    an_ask_is_confirmed_once_and_ends_on_both_sides;
    asking_is_bounded_and_asked_twice_is_asked_once;
    an_answer_and_a_withdrawal_at_once_leave_one;
    a_session_acts_by_a_tie_until_it_ends;
    who_is_erased_is_tied_to_nobody;
}

const DAY: i64 = 86_400_000_000;
const LIMITS: AskLimits = AskLimits { all: 10, since: 0, one: 3, since_one: 0, waiting: 2 };

async fn person(store: &Store, number: &str) -> Uuid {
    let lookup = store.lookup("citizen-number", number);
    store.create_person(random_id(), vec![lookup], b"{}", NOW).await.unwrap()
}

fn asked(store: &Store, asker: Uuid, of: &str, at: i64) -> Tie {
    Tie {
        person: asker,
        id: random_id(),
        other: None,
        side: "agent".to_owned(),
        kind: "sibling".to_owned(),
        state: "asked".to_owned(),
        scope: "{}".to_owned(),
        asked_of: Some(store.lookup("tie", of).bytes().to_vec()),
        asked_at: at,
        until_at: NOW + 365 * DAY,
        answered_at: None,
        ended_at: None,
        sealed: None,
    }
}

async fn ask(store: &Store, asker: Uuid, of: &str, at: i64) -> Result<Uuid, Error> {
    let tie = asked(store, asker, of, at);
    let id = tie.id;
    store.ask_tie(tie, store.lookup("tie", of), at + 14 * DAY, LIMITS, None).await.map(|()| id)
}

/// Who answers, `asker` having asked them.
async fn bound(store: &Store, asker: Uuid, other: Uuid, of: &str) -> Uuid {
    let id = ask(store, asker, of, NOW).await.unwrap();
    let lookup = store.lookup("tie", of);
    let ask = store.asks(lookup, NOW, 10).await.unwrap().into_iter().find(|ask| ask.id == id).unwrap();
    store.answer_ask(lookup, ask, other, true, NOW + 1, None).await.unwrap();
    id
}

async fn state(store: &Store, person: Uuid, id: Uuid) -> (String, String, Option<Uuid>) {
    let tie = store.tie(person, id).await.unwrap().unwrap();
    (tie.state, tie.side, tie.other)
}

async fn an_ask_is_confirmed_once_and_ends_on_both_sides(place: Place) {
    let store = place.open().await;
    let (ann, bob) = (person(&store, "1").await, person(&store, "2").await);
    let id = ask(&store, ann, "bob", NOW).await.unwrap();
    let lookup = store.lookup("tie", "bob");
    assert!(store.asks(store.lookup("tie", "rob"), NOW, 10).await.unwrap().is_empty());
    assert!(store.asks(lookup, NOW + 14 * DAY, 10).await.unwrap().is_empty(), "it has lapsed by then");
    let asked = store.asks(lookup, NOW, 10).await.unwrap().remove(0);
    let late = store.answer_ask(lookup, asked.clone(), bob, true, NOW + 14 * DAY, None).await;
    assert!(matches!(late, Err(Error::NotFound)));
    store.answer_ask(lookup, asked.clone(), bob, true, NOW + 1, None).await.unwrap();
    let again = store.answer_ask(lookup, asked, bob, true, NOW + 1, None).await;
    assert!(matches!(again, Err(Error::NotFound)));
    let of = |state: &str, side: &str, other| (state.to_owned(), side.to_owned(), Some(other));
    assert_eq!(state(&store, ann, id).await, of("stands", "agent", bob));
    assert_eq!(state(&store, bob, id).await, of("stands", "principal", ann));
    assert!(store.tied(ann, bob, NOW).await.unwrap() && store.tied(bob, ann, NOW).await.unwrap());
    assert!(!store.tied(ann, bob, NOW + 365 * DAY).await.unwrap());
    assert!(matches!(store.end_tie(random_id(), id, NOW + 2, None).await, Err(Error::NotFound)));
    store.end_tie(bob, id, NOW + 2, None).await.unwrap();
    assert!(matches!(store.end_tie(ann, id, NOW + 3, None).await, Err(Error::Conflict)));
    for (who, side, other) in [(ann, "agent", bob), (bob, "principal", ann)] {
        assert_eq!(state(&store, who, id).await, of("ended", side, other));
        assert_eq!(store.tie(who, id).await.unwrap().unwrap().ended_at, Some(NOW + 2));
    }
}

async fn asking_is_bounded_and_asked_twice_is_asked_once(place: Place) {
    let store = place.open().await;
    let ann = person(&store, "1").await;
    for n in 0..3 {
        let id = ask(&store, ann, "bob", NOW + n).await.unwrap();
        assert!(matches!(ask(&store, ann, "bob", NOW + n).await, Err(Error::Conflict)));
        store.end_tie(ann, id, NOW + n, None).await.unwrap();
        assert!(store.asks(store.lookup("tie", "bob"), NOW, 10).await.unwrap().is_empty());
    }
    assert!(matches!(ask(&store, ann, "bob", NOW + 4).await, Err(Error::TooMany { limit: 3 })));
    for n in 0..7 {
        ask(&store, ann, &format!("other {n}"), NOW).await.unwrap();
    }
    assert!(matches!(ask(&store, ann, "one more", NOW).await, Err(Error::TooMany { limit: 10 })));
    // beyond what one person may have waiting an ask goes nowhere, and its asker sees no difference
    for n in 0..4 {
        let asker = person(&store, &format!("asker {n}")).await;
        ask(&store, asker, "carol", NOW).await.unwrap();
        assert_eq!(store.ties(asker, 10).await.unwrap().len(), 1);
    }
    assert_eq!(store.asks(store.lookup("tie", "carol"), NOW, 10).await.unwrap().len(), 2);
}

/// Many times: an ask is taken back in the moment in which it is confirmed. Both sides see the same afterwards.
async fn an_answer_and_a_withdrawal_at_once_leave_one(place: Place) {
    let store = place.open().await;
    for n in 0..20 {
        let (ann, bob) = (person(&store, &format!("a{n}")).await, person(&store, &format!("b{n}")).await);
        let of = format!("bob {n}");
        let id = ask(&store, ann, &of, NOW).await.unwrap();
        let lookup = store.lookup("tie", &of);
        let asked = store.asks(lookup, NOW, 10).await.unwrap().remove(0);
        let mut both = JoinSet::new();
        let (one, other) = (store.clone(), store.clone());
        both.spawn(async move { one.answer_ask(lookup, asked, bob, true, NOW + 1, None).await });
        both.spawn(async move { other.end_tie(ann, id, NOW + 1, None).await });
        both.join_all().await;
        let (own, theirs) = (store.tie(ann, id).await.unwrap().unwrap(), store.tie(bob, id).await.unwrap());
        match theirs {
            Some(theirs) => assert_eq!(own.state, theirs.state, "time {n}"),
            None => assert_eq!(own.state, "ended", "time {n}"),
        }
    }
}

async fn a_session_acts_by_a_tie_until_it_ends(place: Place) {
    let store = place.open().await;
    let (ann, bob) = (person(&store, "1").await, person(&store, "2").await);
    let (one, two) = (bound(&store, ann, bob, "x").await, bound(&store, ann, bob, "y").await);
    let (phone, desk) = (vec![1; 32], vec![2; 32]);
    for (token, tie) in [(&phone, one), (&desk, two)] {
        store.act_for(ann, token.clone(), Some(tie), NOW).await.unwrap();
        assert_eq!(store.acting(ann, token).await.unwrap(), Some(tie));
    }
    store.act_for(ann, phone.clone(), Some(two), NOW).await.unwrap();
    store.act_for(ann, phone.clone(), Some(one), NOW).await.unwrap();
    store.end_tie(bob, one, NOW, None).await.unwrap();
    assert_eq!(store.acting(ann, &phone).await.unwrap(), None);
    assert_eq!(store.acting(ann, &desk).await.unwrap(), Some(two));
    store.act_for(ann, desk.clone(), None, NOW).await.unwrap();
    assert_eq!(store.acting(ann, &desk).await.unwrap(), None);
}

async fn who_is_erased_is_tied_to_nobody(place: Place) {
    let store = place.open().await;
    let (ann, bob) = (person(&store, "1").await, person(&store, "2").await);
    let id = bound(&store, ann, bob, "bob").await;
    store.act_for(ann, vec![1; 32], Some(id), NOW).await.unwrap();
    let waits = ask(&store, bob, "carol", NOW).await.unwrap();
    store.destroy_person(bob, NOW + 5).await.unwrap();
    assert_eq!(state(&store, ann, id).await.0, "ended");
    assert_eq!(store.acting(ann, &[1; 32]).await.unwrap(), None);
    assert_eq!(state(&store, bob, waits).await.0, "ended");
    assert!(store.asks(store.lookup("tie", "carol"), NOW, 10).await.unwrap().is_empty());
}
