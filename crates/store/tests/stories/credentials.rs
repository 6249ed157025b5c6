//! Passkeys, challenges, registrations, and the sessions somebody has.

use store::{Binding, Error, Message, Passkey, Registration, Session, Store};
use uuid::Uuid;

use crate::common::*;

on_both! {
    a_challenge_is_taken_once_and_in_time;
    passkeys_are_bounded_counted_and_taken_away;
    a_registration_is_stored_with_what_it_changes_or_not_at_all;
    an_officers_first_passkey_needs_the_code;
    sessions_are_listed_and_ended;
    an_account_elsewhere_is_one_persons_until_it_is_untied;
}

async fn person(store: &Store) -> Uuid {
    let id = random_id();
    let lookup = store.lookup("citizen-number", &id.to_string());
    store.create_person(id, vec![lookup], b"before", NOW).await.unwrap()
}

fn passkey(person: Uuid, id: &[u8]) -> Passkey {
    Passkey {
        person,
        id: id.to_vec(),
        algorithm: -7,
        public_key: vec![4; 65],
        domain_hash: vec![1; 32],
        counter: 0,
        device: "iphone safari".into(),
        created_at: NOW,
        used_at: None,
    }
}

async fn a_challenge_is_taken_once_and_in_time(place: Place) {
    let store = place.open().await;
    let (one, other) = (random_id(), random_id());
    store.add_challenge(one, vec![1; 32], NOW, NOW + 10).await.unwrap();
    let take = |person, hash, now| store.take_challenge(person, hash, now);
    assert!(matches!(take(other, vec![1; 32], NOW).await, Err(Error::NotFound)));
    assert!(matches!(take(one, vec![2; 32], NOW).await, Err(Error::NotFound)));
    assert!(matches!(take(one, vec![1; 32], NOW + 10).await, Err(Error::NotFound)));
    // of many at once one is first
    let tasks: tokio::task::JoinSet<_> = (0..8)
        .map(|_| {
            let store = store.clone();
            async move { store.take_challenge(one, vec![1; 32], NOW + 9).await.is_ok() }
        })
        .collect();
    assert_eq!(tasks.join_all().await.into_iter().filter(|taken| *taken).count(), 1);
}

async fn passkeys_are_bounded_counted_and_taken_away(place: Place) {
    let store = place.open().await;
    let owner = random_id();
    store.add_passkey(passkey(owner, b"a"), 2).await.unwrap();
    assert!(matches!(store.add_passkey(passkey(owner, b"a"), 2).await, Err(Error::TooMany { .. })));
    store.add_passkey(passkey(owner, b"b"), 2).await.unwrap();
    assert!(matches!(store.add_passkey(passkey(owner, b"c"), 2).await, Err(Error::TooMany { .. })));
    store.add_passkey(passkey(random_id(), b"a"), 2).await.unwrap();
    // an authenticator that keeps no count stays at 0; one that does only goes up
    for (counter, taken) in [(0, true), (0, true), (5, true), (5, false), (0, false), (6, true)] {
        let used = store.use_passkey(owner, b"a".to_vec(), counter, NOW + 1).await;
        assert_eq!(used.is_ok(), taken, "{counter}: {used:?}");
    }
    let kept = store.passkeys(owner).await.unwrap();
    let expected = Passkey { counter: 6, used_at: Some(NOW + 1), ..passkey(owner, b"a") };
    assert_eq!(kept, [expected, passkey(owner, b"b")]);
    // two at once leave whoever must have one with one
    let (one, two) = tokio::join!(
        store.drop_passkey(owner, b"a".to_vec(), 1),
        store.drop_passkey(owner, b"b".to_vec(), 1)
    );
    assert_eq!([&one, &two].into_iter().filter(|dropped| dropped.is_ok()).count(), 1, "{one:?} {two:?}");
    let last = store.passkeys(owner).await.unwrap().remove(0).id;
    assert!(matches!(store.drop_passkey(owner, last.clone(), 1).await, Err(Error::NotFound)));
    store.drop_passkey(owner, last.clone(), 0).await.unwrap();
    assert!(matches!(store.drop_passkey(owner, last.clone(), 0).await, Err(Error::NotFound)));
    assert!(matches!(store.use_passkey(owner, last, 9, NOW).await, Err(Error::Conflict)));
    assert!(store.passkeys(owner).await.unwrap().is_empty());
}

fn registration(person: Uuid) -> Registration {
    Registration {
        person,
        id: random_id(),
        at: NOW,
        officer: random_id(),
        officer_name: "示例·梁同事".into(),
        agency: "A1".into(),
        area: "440000".into(),
        kind: "registered".into(),
        level_before: 3,
        level_after: 5,
        sealed: Vec::new(),
    }
}

async fn a_registration_is_stored_with_what_it_changes_or_not_at_all(place: Place) {
    let store = place.open().await;
    let who = person(&store).await;
    store.add_passkey(passkey(who, b"lost"), 9).await.unwrap();
    let message = |id| Message {
        person: who,
        id,
        at: NOW,
        kind: "window".into(),
        data: "{}".into(),
        sealed: None,
        case_area: None,
        case_id: None,
        read_at: None,
    };
    let row = registration(who);
    let told = message(random_id());
    let read = store.read_profile(who).await.unwrap();
    store.register(row.clone(), "丢了手机".as_bytes(), (&read, b"after"), true, told).await.unwrap();
    assert_eq!(store.profile(who).await.unwrap(), b"after");
    assert!(store.passkeys(who).await.unwrap().is_empty());
    assert_eq!(store.unread(who).await.unwrap(), 1);
    let kept = store.registrations(who).await.unwrap();
    let [(stored, words)] = kept.as_slice() else { panic!("{kept:?}") };
    assert_eq!(
        (stored.officer, &stored.kind, words.as_slice()),
        (row.officer, &row.kind, "丢了手机".as_bytes())
    );
    assert!(!stored.sealed.windows(3).any(|bytes| bytes == "丢".as_bytes()), "the words are sealed");
    // the same row again fails as a whole: nothing of it is done twice
    store.add_passkey(passkey(who, b"new"), 9).await.unwrap();
    let now = store.read_profile(who).await.unwrap();
    assert!(store.register(row, b"again", (&now, b"twice"), true, message(random_id())).await.is_err());
    // and one that was decided on a profile that is another by now changes nothing
    let late = store.register(registration(who), b"late", (&read, b"late"), true, message(random_id())).await;
    assert!(matches!(late, Err(Error::Conflict)), "{late:?}");
    assert_eq!(store.profile(who).await.unwrap(), b"after");
    assert_eq!((store.passkeys(who).await.unwrap().len(), store.unread(who).await.unwrap()), (1, 1));
    // an officer's passkeys go without a key to seal with; an erased person's go with the person
    let officer = random_id();
    store.add_passkey(passkey(officer, b"desk"), 9).await.unwrap();
    store.reset_passkeys(registration(officer)).await.unwrap();
    assert!(store.passkeys(officer).await.unwrap().is_empty());
    store.destroy_person(who, NOW + 1).await.unwrap();
    assert!(store.passkeys(who).await.unwrap().is_empty());
    assert!(matches!(store.registrations(who).await, Err(Error::Erased)));
}

async fn an_officers_first_passkey_needs_the_code(place: Place) {
    let store = place.open().await;
    let (officer, other) = (random_id(), random_id());
    let act = |kind: &str| Registration { kind: kind.into(), ..registration(officer) };
    let enrol = |code: &[u8], at| {
        let made = Passkey { created_at: at, ..passkey(officer, b"first") };
        store.enrol(act("enrolled"), made, code.to_vec())
    };
    assert!(matches!(enrol(b"none", NOW).await, Err(Error::NotFound)));
    store.invite(act("invited"), b"old".to_vec(), NOW + 10).await.unwrap();
    store.invite(act("invited"), b"new".to_vec(), NOW + 10).await.unwrap();
    assert!(!store.invite_fits(officer, b"old", NOW).await.unwrap(), "a newer one takes its place");
    assert!(store.invite_fits(officer, b"new", NOW + 9).await.unwrap());
    assert!(!store.invite_fits(other, b"new", NOW).await.unwrap(), "it is one officer's");
    assert!(!store.invite_fits(officer, b"new", NOW + 10).await.unwrap(), "and over in time");
    assert_eq!(store.open_invite(officer, NOW).await.unwrap(), Some(NOW + 10));
    assert!(matches!(enrol(b"old", NOW).await, Err(Error::NotFound)));
    assert!(matches!(enrol(b"new", NOW + 10).await, Err(Error::NotFound)));
    assert!(store.passkeys(officer).await.unwrap().is_empty());
    enrol(b"new", NOW + 9).await.unwrap();
    assert_eq!(store.open_invite(officer, NOW).await.unwrap(), None, "used once");
    assert!(matches!(enrol(b"new", NOW).await, Err(Error::NotFound)));
    // whoever has a passkey is not invited; a reset takes passkey and code away
    let late = store.invite(act("invited"), b"more".to_vec(), NOW + 10).await;
    assert!(matches!(late, Err(Error::Conflict)), "{late:?}");
    store.reset_passkeys(act("passkeys-removed")).await.unwrap();
    store.invite(act("invited"), b"again".to_vec(), NOW + 10).await.unwrap();
    store.reset_passkeys(act("passkeys-removed")).await.unwrap();
    assert!(matches!(enrol(b"again", NOW).await, Err(Error::NotFound)));
    let mut kinds: Vec<_> =
        store.officer_acts(officer).await.unwrap().into_iter().map(|act| act.kind).collect();
    kinds.sort();
    let kept = ["enrolled", "invited", "invited", "invited", "passkeys-removed", "passkeys-removed"];
    assert_eq!(kinds, kept, "what was refused is not on the record");
}

async fn sessions_are_listed_and_ended(place: Place) {
    let store = place.open().await;
    let (owner, other) = (random_id(), random_id());
    let session = |person, n: u8| Session {
        person,
        token_hash: vec![n; 32],
        kind: "citizen".into(),
        principal: "{}".into(),
        csrf: vec![2; 16],
        created_at: NOW,
        seen_at: NOW,
        expires_at: NOW + i64::from(n),
        device: Some("mac safari".into()),
    };
    for n in [1, 20, 30] {
        store.begin_session(session(owner, n)).await.unwrap();
    }
    store.begin_session(session(other, 20)).await.unwrap();
    let mut all = store.sessions(owner, NOW + 5).await.unwrap();
    all.sort_by_key(|session| session.expires_at);
    assert_eq!(all, [session(owner, 20), session(owner, 30)]);
    assert_eq!(store.end_other_sessions(owner, vec![20; 32]).await.unwrap(), 2);
    assert_eq!(store.sessions(owner, NOW).await.unwrap(), [session(owner, 20)]);
    assert_eq!(store.sessions(other, NOW).await.unwrap().len(), 1);
    // no token is this: all of them end
    assert_eq!(store.end_other_sessions(owner, Vec::new()).await.unwrap(), 1);
}

async fn an_account_elsewhere_is_one_persons_until_it_is_untied(place: Place) {
    let store = place.open().await;
    let (one, other) = (person(&store).await, person(&store).await);
    let (first, second) =
        (store.lookup("wechat:a", &one.to_string()), store.lookup("wechat:a", &other.to_string()));
    let tie = |person: Uuid, lookup: store::Lookup| {
        let binding =
            Binding { person, provider: "wechat:a".into(), lookup: lookup.bytes().to_vec(), bound_at: NOW };
        store.bind(binding)
    };
    tie(one, first).await.unwrap();
    tie(one, first).await.unwrap();
    assert_eq!(store.find_person(first).await.unwrap(), Some(one));
    assert!(matches!(tie(other, first).await, Err(Error::Conflict)), "it is somebody else's");
    assert!(store.binding(other, "wechat:a").await.unwrap().is_none());
    // another account takes the place of the one before
    tie(one, second).await.unwrap();
    assert_eq!(store.find_person(first).await.unwrap(), None);
    assert_eq!(store.find_person(second).await.unwrap(), Some(one));
    tie(other, first).await.unwrap();
    store.unbind(one, "wechat:a".into()).await.unwrap();
    assert!(matches!(store.unbind(one, "wechat:a".into()).await, Err(Error::NotFound)));
    assert_eq!(store.find_person(second).await.unwrap(), None);
    // whoever is erased leaves none
    store.destroy_person(other, NOW).await.unwrap();
    assert_eq!(store.find_person(first).await.unwrap(), None);
    assert!(store.binding(other, "wechat:a").await.unwrap().is_none());
}
