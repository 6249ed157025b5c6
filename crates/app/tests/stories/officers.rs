//! Officers of a real site: a list says who has which post, and says it anew with each request.

use std::sync::Arc;

use app::{Error, Second, Session, officer_id};
use casework::Command;
use domain::{AreaCode, OfficerId};
use identity::webauthn::PasskeyFault;
use identity::{Listed, RealNameLevel, Returned, Roster};
use packs::Role;

use crate::stage::{AREA, Citizen, Place, SHOP, Stage, on_both, sign_in};

on_both! {
    a_post_is_theirs_whose_name_and_number_the_list_has;
    what_a_session_may_do_is_what_the_list_says_now;
    nobody_handles_their_own_case;
    a_code_is_one_officers_for_a_day;
}

const DAY: i64 = 24 * 3_600;

/// A site with a list, and the agency of the shop's permit.
async fn stage(place: &Place, passkeys: bool) -> (Stage, Arc<Roster>, String) {
    let stage = Stage::new(place).await;
    let roster = Arc::new(Roster::default());
    let agency = stage.app.catalogue.item(SHOP).unwrap().agency.clone();
    let app = Arc::into_inner(stage.app).unwrap();
    let app = app.with_officers(roster.clone()).with_passkeys_for_officers(passkeys);
    (Stage { app: Arc::new(app), clock: stage.clock }, roster, agency)
}

fn listed(stage: &Stage, who: &Citizen, agency: &str, roles: &[Role]) -> Listed {
    Listed {
        label: "o1".to_owned(),
        id: officer_id(&stage.app.store, &who.number.parse().unwrap()),
        name: who.name.clone(),
        posts: vec![(agency.to_owned(), roles.to_vec())],
    }
}

async fn seated(stage: &Stage, who: &Citizen, agency: &str) -> String {
    let session = sign_in(stage, &who.name, &who.number).await;
    let signed_in = stage.app.take_post(&session, agency, "").await.unwrap();
    assert_eq!(signed_in.second, Second::Done);
    signed_in.cookie
}

async fn now(stage: &Stage, cookie: &str) -> Option<Session> {
    stage.app.session(cookie).await.unwrap()
}

async fn a_post_is_theirs_whose_name_and_number_the_list_has(place: Place) {
    let (stage, roster, agency) = stage(&place, false).await;
    let (who, other) = (Citizen::new(&stage).await, Citizen::new(&stage).await);
    let entry = listed(&stage, &who, &agency, &[Role::INTAKE]);
    let misread = Listed {
        id: officer_id(&stage.app.store, &other.number.parse().unwrap()),
        posts: vec![(agency.clone(), vec![Role::HEAD])],
        ..entry.clone()
    };
    roster.replace(vec![entry.clone(), misread]);
    let session = sign_in(&stage, &who.name, &who.number).await;
    let posts = stage.app.posts(&session).await.unwrap();
    assert_eq!(posts.iter().map(|(agency, _)| agency).collect::<Vec<_>>(), [&agency]);
    let elsewhere = stage.app.catalogue.agencies.iter().find(|known| known.code != agency).unwrap();
    let taken = stage.app.take_post(&session, &elsewhere.code, "").await;
    assert!(matches!(taken, Err(Error::NotFound)), "{taken:?}");
    // another's number under this name
    let stranger = sign_in(&stage, &other.name, &other.number).await;
    assert!(stage.app.posts(&stranger).await.unwrap().is_empty());
    assert!(matches!(stage.app.take_post(&stranger, &agency, "").await, Err(Error::NotFound)));
    // the demonstration's way in is closed
    let entered = stage.app.sign_in_officer(&agency, entry.id).await;
    assert!(matches!(entered, Err(Error::NotFound)), "{entered:?}");
    // a number that somebody only says is theirs opens no post
    let body = "99000019800229977";
    let number = format!("{body}{}", domain::CitizenNumber::check_character(body).unwrap());
    let said: Returned = [("name", "示例·自称"), ("number", &number), ("level", "2")]
        .map(|(key, value)| (key.to_owned(), value.to_owned()))
        .into();
    let declared = stage.app.sign_in_citizen(&said).await.unwrap();
    let declared = now(&stage, &declared.cookie).await.unwrap();
    let posts = stage.app.posts(&declared).await;
    let needed = RealNameLevel::Matched.number();
    assert!(matches!(posts, Err(Error::Level { needed: asked, .. }) if asked == needed), "{posts:?}");
}

async fn what_a_session_may_do_is_what_the_list_says_now(place: Place) {
    let (stage, roster, agency) = stage(&place, false).await;
    let who = Citizen::new(&stage).await;
    let entry = listed(&stage, &who, &agency, &[Role::INTAKE, Role::HEAD]);
    roster.replace(vec![entry.clone()]);
    let cookie = seated(&stage, &who, &agency).await;
    let officer = now(&stage, &cookie).await.unwrap().officer().unwrap();
    let area: AreaCode = AREA.parse().unwrap();
    assert_eq!((officer.id, &officer.name, officer.area), (entry.id, &who.name, area));
    assert_eq!((officer.roles, officer.person), (vec![Role::INTAKE, Role::HEAD], Some(who.id)));
    // fewer roles, with the next request
    roster.replace(vec![listed(&stage, &who, &agency, &[Role::INTAKE])]);
    let officer = now(&stage, &cookie).await.unwrap().officer().unwrap();
    assert_eq!(officer.roles, [Role::INTAKE]);
    assert!(matches!(stage.app.colleagues(&officer).await, Err(Error::Forbidden)));
    // a post elsewhere is another post
    let elsewhere = stage.app.catalogue.agencies.iter().find(|known| known.code != agency).unwrap();
    roster.replace(vec![listed(&stage, &who, &elsewhere.code, &[Role::INTAKE])]);
    assert!(now(&stage, &cookie).await.is_none());
    // nobody's any more
    roster.replace(vec![Listed { id: OfficerId(uuid::Uuid::nil()), ..entry }]);
    assert!(now(&stage, &cookie).await.is_none());
    // what is kept with the session names neither roles nor the officer
    let owner = officer.id.0;
    let rows = stage.app.store.sessions(owner, domain::micros(stage.app.now())).await.unwrap();
    assert!(!rows.is_empty());
    for row in rows {
        assert!(!row.principal.contains("roles") && !row.principal.contains(&who.name), "{}", row.principal);
    }
}

async fn nobody_handles_their_own_case(place: Place) {
    let (stage, roster, agency) = stage(&place, false).await;
    let (who, other) = (Citizen::new(&stage).await, Citizen::new(&stage).await);
    roster.replace(vec![listed(&stage, &who, &agency, &[Role::INTAKE])]);
    let cookie = seated(&stage, &who, &agency).await;
    let officer = now(&stage, &cookie).await.unwrap().actor();
    let own = who.submit(&stage, SHOP).await;
    let refused = stage.act(own, &officer, Command::Accept).await;
    assert!(matches!(refused, Err(Error::NotFound)), "not even there: {:?}", refused.err());
    let anothers = other.submit(&stage, SHOP).await;
    stage.act(anothers, &officer, Command::Accept).await.unwrap();
}

async fn a_code_is_one_officers_for_a_day(place: Place) {
    let (stage, roster, agency) = stage(&place, true).await;
    let who = Citizen::new(&stage).await;
    let entry = listed(&stage, &who, &agency, &[Role::INTAKE]);
    let nobody = stage.app.invite_officer(entry.id, "示例·管理员").await;
    assert!(matches!(nobody, Err(Error::NotFound)), "{nobody:?}");
    roster.replace(vec![entry.clone()]);
    let session = sign_in(&stage, &who.name, &who.number).await;
    let half = stage.app.take_post(&session, &agency, "").await.unwrap();
    assert_eq!(half.second, Second::Enrol);
    assert!(now(&stage, &half.cookie).await.is_none(), "it opens nothing yet");
    let waiting = stage.app.waiting(&half.cookie).await.unwrap().unwrap();
    assert!(waiting.code);
    let fits = async |code: &str| match stage.app.code_opens(&waiting, code).await {
        Ok(()) => true,
        Err(Error::Passkey(PasskeyFault::Code)) => false,
        Err(error) => panic!("{error}"),
    };
    assert!(!fits("").await);
    let first = stage.app.invite_officer(entry.id, "示例·管理员").await.unwrap();
    let code = stage.app.invite_officer(entry.id, "示例·管理员").await.unwrap();
    assert!(first != code && code.len() == 19, "{code}");
    assert!(!fits(&first).await, "the newer one counts");
    assert!(fits(&code).await && fits(&code.to_lowercase().replace('-', " ")).await);
    assert!(!fits(&code[1..]).await);
    let state = stage.app.officer_state(entry.id).await.unwrap();
    assert_eq!((state.passkeys, state.invited_until.is_some(), state.acts.len()), (0, true, 2));
    assert_eq!((state.acts[0].kind.as_str(), state.acts[0].by.as_str()), ("invited", "示例·管理员"));
    stage.app.reset_officer(entry.id, "示例·管理员").await.unwrap();
    assert!(!fits(&code).await, "a reset takes the code away");
    assert!(stage.app.waiting(&half.cookie).await.unwrap().is_none(), "and ends what waits");
    let late = stage.app.invite_officer(entry.id, "示例·管理员").await.unwrap();
    stage.clock.advance(DAY - 1);
    assert!(fits(&late).await);
    stage.clock.advance(1);
    assert!(!fits(&late).await);
}
