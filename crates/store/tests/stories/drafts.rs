//! Drafts, messages and sessions: what a signed-in citizen leaves and comes back to.

use store::{DraftDone, Error, Session};

use crate::common::*;

on_both! {
    a_draft_is_changed_by_one_hand;
    a_person_has_so_many_drafts;
    a_submitted_draft_is_closed;
    a_draft_that_changed_meanwhile_is_not_submitted;
    messages_are_read;
    a_session_ends;
}

async fn a_draft_is_changed_by_one_hand(place: Place) {
    let store = place.open().await;
    let mut draft = draft(random_id());
    assert_eq!(store.save_draft(draft.clone(), 5).await.unwrap(), 1);
    assert!(matches!(store.save_draft(draft.clone(), 5).await, Err(Error::Conflict)));
    draft.version = 1;
    draft.sealed = vec![5; 100];
    draft.step = "materials".into();
    assert_eq!(store.save_draft(draft.clone(), 5).await.unwrap(), 2);
    assert!(matches!(store.save_draft(draft.clone(), 5).await, Err(Error::Conflict)));
    draft.version = 2;
    assert_eq!(store.draft(draft.person, draft.id).await.unwrap(), Some(draft.clone()));
    assert_eq!(store.draft(random_id(), draft.id).await.unwrap(), None);
    store.discard_draft(draft.person, draft.id).await.unwrap();
    assert!(matches!(store.discard_draft(draft.person, draft.id).await, Err(Error::NotFound)));
}

async fn a_person_has_so_many_drafts(place: Place) {
    let store = place.open().await;
    let person = random_id();
    for _ in 0..3 {
        store.save_draft(draft(person), 3).await.unwrap();
    }
    assert!(matches!(store.save_draft(draft(person), 3).await, Err(Error::TooMany { limit: 3 })));
    store.save_draft(draft(random_id()), 3).await.unwrap();
    let drafts = store.drafts(person, 10).await.unwrap();
    assert_eq!(drafts.len(), 3);
    store.discard_draft(person, drafts[0].id).await.unwrap();
    store.save_draft(draft(person), 3).await.unwrap();
}

async fn a_submitted_draft_is_closed(place: Place) {
    let store = place.open().await;
    let mut draft = draft(random_id());
    draft.version = store.save_draft(draft.clone(), 5).await.unwrap();
    let mut case = new_case(draft.person);
    case.draft_done = Some(DraftDone { id: draft.id, version: draft.version });
    store.commit(case.clone()).await.unwrap();
    assert!(store.drafts(draft.person, 10).await.unwrap().is_empty());
    let kept = store.draft(draft.person, draft.id).await.unwrap().unwrap();
    assert_eq!(kept.submitted_case, Some(case.case_id));
    draft.version = kept.version;
    assert!(matches!(store.save_draft(draft.clone(), 5).await, Err(Error::Conflict)));
    assert!(matches!(store.discard_draft(draft.person, draft.id).await, Err(Error::NotFound)));
}

/// Saved after it was read for the submission: the submission is refused whole, and nothing that was saved is lost.
async fn a_draft_that_changed_meanwhile_is_not_submitted(place: Place) {
    let store = place.open().await;
    let mut draft = draft(random_id());
    draft.version = store.save_draft(draft.clone(), 5).await.unwrap();
    let mut case = new_case(draft.person);
    case.draft_done = Some(DraftDone { id: draft.id, version: draft.version });
    let saved = store.save_draft(draft.clone(), 5).await.unwrap();
    assert!(matches!(store.commit(case.clone()).await, Err(Error::Conflict)));
    assert!(store.load_case(AREA, case.case_id).await.unwrap().is_none());
    assert_eq!(store.drafts(draft.person, 10).await.unwrap().len(), 1);
    case.draft_done = Some(DraftDone { id: draft.id, version: saved });
    store.commit(case.clone()).await.unwrap();
    let mut other = new_case(draft.person);
    other.draft_done = case.draft_done;
    assert!(matches!(store.commit(other).await, Err(Error::Conflict)), "it has become a case");
    store.discard_draft(draft.person, draft.id).await.unwrap_err();
    let mut gone = new_case(draft.person);
    gone.draft_done = Some(DraftDone { id: new_id(), version: 1 });
    assert!(matches!(store.commit(gone).await, Err(Error::Conflict)), "it was thrown away");
}

async fn messages_are_read(place: Place) {
    let store = place.open().await;
    let person = random_id();
    let ids: Vec<_> = (0..3).map(|_| new_id()).collect();
    for id in &ids {
        store.add_message(message(person, *id)).await.unwrap();
        store.add_message(message(person, *id)).await.unwrap();
    }
    assert_eq!(store.unread(person).await.unwrap(), 3);
    let page = store.messages(person, None, 2).await.unwrap();
    assert_eq!(page.iter().map(|message| message.id).collect::<Vec<_>>(), [ids[2], ids[1]]);
    let page = store.messages(person, Some(ids[1]), 2).await.unwrap();
    assert_eq!(page, [message(person, ids[0])]);
    store.mark_read(person, Some(ids[0]), NOW + 1).await.unwrap();
    assert_eq!(store.unread(person).await.unwrap(), 2);
    store.mark_read(person, None, NOW + 2).await.unwrap();
    let read: Vec<_> = store.messages(person, None, 9).await.unwrap().iter().map(|m| m.read_at).collect();
    assert_eq!(read, [Some(NOW + 2), Some(NOW + 2), Some(NOW + 1)]);
}

async fn a_session_ends(place: Place) {
    let store = place.open().await;
    let session = Session {
        person: random_id(),
        token_hash: vec![1; 32],
        kind: "citizen".into(),
        principal: "{}".into(),
        csrf: vec![2; 32],
        created_at: NOW,
        seen_at: NOW,
        expires_at: NOW + 10,
        device: Some("iphone wechat".into()),
    };
    let (person, hash) = (session.person, &session.token_hash);
    store.begin_session(session.clone()).await.unwrap();
    assert_eq!(store.session(person, hash, NOW).await.unwrap(), Some(session.clone()));
    assert_eq!(store.session(person, &[9; 32], NOW).await.unwrap(), None);
    assert_eq!(store.session(person, hash, NOW + 10).await.unwrap(), None);
    store.touch_session(person, hash.clone(), NOW + 5, NOW + 20).await.unwrap();
    let touched = store.session(person, hash, NOW + 10).await.unwrap().unwrap();
    assert_eq!((touched.seen_at, touched.expires_at), (NOW + 5, NOW + 20));
    store.end_session(person, hash.clone()).await.unwrap();
    store.end_session(person, hash.clone()).await.unwrap();
    assert_eq!(store.session(person, hash, NOW).await.unwrap(), None);
    assert!(matches!(store.touch_session(person, hash.clone(), NOW, NOW).await, Err(Error::NotFound)));
}
