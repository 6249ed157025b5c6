//! Certificates from the grant to the stranger who checks one: issued once, shown for a minute, checked once, taken back.

use app::{Algorithm, Checked, Error, IssuerWish, Standing, Verifier};
use casework::{Actor, Command, Officer, Rule};
use domain::Date;
use identity::Post;
use uuid::Uuid;

use crate::life::{grant, meets, refused};
use crate::stage::{AREA, Citizen, Place, SHOP, Stage, on_both};
use crate::tampering::{LOST_STATUS, SWAPPED_CERTIFICATES};

on_both! {
    a_grant_becomes_a_certificate_once;
    a_code_is_good_for_a_minute_and_once;
    what_was_not_chosen_is_not_told;
    what_its_issuer_takes_back_is_not_valid;
    a_replaced_certificate_has_the_next_version;
    what_cannot_be_checked_is_never_valid;
    keys_rotate_and_retire;
    nothing_of_it_stands_in_clear;
    a_file_of_it_is_sealed;
    a_case_granted_again_leaves_one_that_holds;
}

/// Somebody with a certificate.
async fn holder(stage: &Stage) -> (Citizen, Uuid) {
    let who = Citizen::new(stage).await;
    let case = who.submit(stage, SHOP).await;
    grant(stage, case).await;
    stage.work().await;
    let wallet = stage.app.wallet(who.id).await.unwrap();
    assert_eq!(wallet.len(), 1);
    (who, wallet[0].id)
}

async fn code(stage: &Stage, who: &Citizen, id: Uuid, fields: &[&str]) -> String {
    let fields: Vec<String> = fields.iter().map(|&field| field.to_owned()).collect();
    stage.app.show_code(who.id, id, &fields).await.unwrap().1.text
}

/// `valid`, the reason why not, or `not-checked`.
async fn check(stage: &Stage, code: &str) -> &'static str {
    match stage.app.check_code(code, &Verifier::default()).await {
        Checked::Valid(_) => "valid",
        Checked::Invalid(reason) => reason,
        Checked::NotChecked => "not-checked",
    }
}

fn head(stage: &Stage) -> Officer {
    let Actor::Officer(officer) = stage.officer(SHOP, Post::Head) else { panic!("an officer") };
    officer
}

async fn a_grant_becomes_a_certificate_once(place: Place) {
    let stage = Stage::new(&place).await;
    let who = Citizen::new(&stage).await;
    let case = who.submit(&stage, SHOP).await;
    assert!(stage.app.wallet(who.id).await.unwrap().is_empty());
    grant(&stage, case).await;
    // claimed, carried out and forgotten: whoever claims it next finds it done
    let now = domain::micros(stage.app.now());
    let rows = stage.app.store.claim_outbox(AREA, now, now, 100).await.unwrap();
    assert_eq!(rows.iter().filter(|row| row.kind == "issue-certificate").count(), 1);
    stage.work().await;
    stage.work().await;
    let wallet = stage.app.wallet(who.id).await.unwrap();
    let [held] = wallet.as_slice() else { panic!("{} certificates", wallet.len()) };
    assert_eq!(held.standing, Standing::Valid);
    let certificate = &held.certificate;
    assert_eq!(
        (certificate.holder.name.as_str(), certificate.holder.number.as_str()),
        (&*who.name, &*who.number)
    );
    assert_eq!(certificate.issued_on, Date::constant(2026, 9, 7));
    assert_eq!(certificate.valid_until, Some(Date::constant(2029, 9, 6)));
    assert_eq!(certificate.id.version(), 1);
    assert!(held.value("shop").is_some_and(|shop| !shop.is_empty()));
    assert_eq!(stage.app.certificates_of_case(AREA, case.0).await.unwrap(), [held.id]);
    // the day after the last, it has run out
    stage.turn_to(Date::constant(2029, 9, 7), 9);
    assert_eq!(
        stage.app.wallet(who.id).await.unwrap()[0].standing,
        Standing::Expired(Date::constant(2029, 9, 6))
    );
    let other = Citizen::new(&stage).await;
    assert!(matches!(stage.app.my_certificate(other.id, held.id).await, Err(Error::NotFound)));
}

async fn a_code_is_good_for_a_minute_and_once(place: Place) {
    let stage = Stage::new(&place).await;
    let (who, id) = holder(&stage).await;
    let first = code(&stage, &who, id, &["name"]).await;
    assert_eq!(check(&stage, &first).await, "valid");
    assert_eq!(check(&stage, &first).await, "code-used");
    let late = code(&stage, &who, id, &["name"]).await;
    stage.clock.advance(63);
    assert_eq!(check(&stage, &late).await, "code-expired");
    let mut altered = code(&stage, &who, id, &["name"]).await;
    altered.replace_range(40..41, if &altered[40..41] == "B" { "C" } else { "B" });
    assert_eq!(check(&stage, &altered).await, "altered");
    for text in ["", "HELLO", "1"] {
        assert_eq!(check(&stage, text).await, "code-unreadable", "{text}");
    }
    let ledger = stage.app.ledger(who.id, id).await.unwrap();
    assert_eq!(ledger.len(), 1, "only what was used stands in the ledger");
    assert_eq!((ledger[0].kind.as_str(), ledger[0].outcome.as_str()), ("verified", "valid"));
    assert_eq!(ledger[0].fields, ["name"]);
}

async fn what_was_not_chosen_is_not_told(place: Place) {
    let stage = Stage::new(&place).await;
    let (who, id) = holder(&stage).await;
    let verifier = Verifier { who: "示例旅馆\n".to_owned(), known: false, purpose: "长".repeat(500) };
    for (fields, told) in [(vec![], vec![]), (vec!["until", "name", "nothing"], vec!["name", "until"])] {
        let text = code(&stage, &who, id, &fields).await;
        let Checked::Valid(seen) = stage.app.check_code(&text, &verifier).await else { panic!("valid") };
        let names: Vec<&str> = seen.fields.iter().map(|(name, ..)| name.as_str()).collect();
        assert_eq!(names, told);
        let all: String = seen.fields.iter().map(|(.., value)| value.as_str()).collect();
        assert!(!all.contains(&who.number));
    }
    let ledger = stage.app.ledger(who.id, id).await.unwrap();
    assert_eq!((ledger[0].who.as_str(), ledger[0].known), ("示例旅馆", false));
    assert_eq!(ledger[0].purpose.chars().count(), 60);
}

async fn what_its_issuer_takes_back_is_not_valid(place: Place) {
    let stage = Stage::new(&place).await;
    let (who, id) = holder(&stage).await;
    let shown = code(&stage, &who, id, &["name"]).await;
    let change = async |officer: &Officer, words: &str| {
        stage.app.change_certificate(officer, AREA, (id, 1), IssuerWish::Revoke, words).await
    };
    let head = head(&stage);
    refused(change(&head, " ").await, Rule::ReasonsRequired);
    let others = Officer { agency: "11440000553612461J".to_owned(), ..head.clone() };
    assert!(matches!(change(&others, "理由").await, Err(Error::NotFound)));
    let own = Officer { person: Some(who.id), ..head.clone() };
    assert!(matches!(change(&own, "理由").await, Err(Error::NotFound)));
    let no_decider = Officer { roles: vec![packs::Role::REVIEW], ..head.clone() };
    assert!(matches!(change(&no_decider, "理由").await, Err(Error::Forbidden)));
    assert_eq!(stage.app.my_certificate(who.id, id).await.unwrap().standing, Standing::Valid);
    change(&head, "登记时提交的材料不真实").await.unwrap();
    assert!(matches!(change(&head, "理由").await, Err(Error::Contention)));
    assert_eq!(check(&stage, &shown).await, "revoked");
    assert!(matches!(stage.app.show_code(who.id, id, &[]).await, Err(Error::NotFound)));
    let ledger = stage.app.ledger(who.id, id).await.unwrap();
    let taken = ledger.iter().find(|line| line.kind == "revoked").unwrap();
    assert!(taken.known && taken.purpose == "登记时提交的材料不真实");
    let (messages, _) = stage.app.messages(who.id, None).await.unwrap();
    assert!(messages.iter().any(|message| message.event == "certificate-revoked"));
    let list = stage.app.status_list(AREA, 0, "https://example.org/status/440000/0").await.unwrap();
    assert_eq!(list.matches('.').count(), 2);
    assert!(matches!(stage.app.status_list(AREA, 1, "").await, Err(Error::NotFound)));
    assert!(matches!(stage.app.status_list("999999", 0, "").await, Err(Error::NotFound)));
}

async fn a_replaced_certificate_has_the_next_version(place: Place) {
    let stage = Stage::new(&place).await;
    let (who, id) = holder(&stage).await;
    let old = code(&stage, &who, id, &["name"]).await;
    let wish = IssuerWish::Replace;
    stage.app.change_certificate(&head(&stage), AREA, (id, 1), wish, "姓名更正").await.unwrap();
    let twice = stage.app.change_certificate(&head(&stage), AREA, (id, 1), wish, "姓名更正").await;
    assert!(matches!(twice, Err(Error::Contention)), "the same form twice is one version");
    assert_eq!(check(&stage, &old).await, "replaced");
    let wallet = stage.app.wallet(who.id).await.unwrap();
    assert_eq!((wallet.len(), wallet[0].certificate.id.version()), (1, 2));
    let new = code(&stage, &who, id, &["name"]).await;
    assert_eq!(check(&stage, &new).await, "valid");
}

async fn what_cannot_be_checked_is_never_valid(place: Place) {
    let stage = Stage::new(&place).await;
    let (who, id) = holder(&stage).await;
    let shown = code(&stage, &who, id, &["name"]).await;
    place.meddle(SWAPPED_CERTIFICATES).await;
    assert_eq!(check(&stage, &shown).await, "not-checked", "what does not open is not called anything");
    let (erased, id) = holder(&stage).await;
    let shown = code(&stage, &erased, id, &["name"]).await;
    stage.app.store.destroy_person(erased.id.0, domain::micros(stage.app.now())).await.unwrap();
    assert_eq!(check(&stage, &shown).await, "unknown");
    let (third, id) = holder(&stage).await;
    let shown = code(&stage, &third, id, &["name"]).await;
    place.meddle(LOST_STATUS).await;
    assert_eq!(check(&stage, &shown).await, "unknown", "what no issuer vouches for");
}

async fn keys_rotate_and_retire(place: Place) {
    let stage = Stage::new(&place).await;
    let (who, id) = holder(&stage).await;
    let before = code(&stage, &who, id, &[]).await;
    let kid = stage.app.issuer_key_list().await.unwrap()[0].kid.clone();
    stage.clock.advance(1);
    stage.app.rotate_issuer_key(None).await.unwrap();
    assert_eq!(check(&stage, &before).await, "valid", "an older key still verifies");
    let before = {
        let keys = stage.app.issuer_key_list().await.unwrap();
        assert_eq!(keys.iter().map(|key| key.signs).collect::<Vec<_>>(), [false, true]);
        code(&stage, &who, id, &[]).await
    };
    assert_eq!(stage.app.retire_issuer_key(&kid).await.unwrap(), None);
    assert_eq!(check(&stage, &before).await, "valid");
    let last = stage.app.issuer_key_list().await.unwrap()[1].kid.clone();
    let before = code(&stage, &who, id, &[]).await;
    stage.clock.advance(1);
    // The key that signs is never retired without another in its place: an older one, which others may have, would
    // sign again.
    let next = stage.app.retire_issuer_key(&last).await.unwrap().unwrap();
    let signer = stage.app.issuer_key_list().await.unwrap().into_iter().find(|key| key.signs).unwrap();
    assert_eq!(signer.kid, next);
    assert_eq!(check(&stage, &before).await, "unknown", "a retired key is not believed");
    for algorithm in [Algorithm::P256, Algorithm::Sm2] {
        stage.clock.advance(1);
        stage.app.rotate_issuer_key(Some(algorithm)).await.unwrap();
        let shown = code(&stage, &who, id, &["name"]).await;
        assert_eq!(check(&stage, &shown).await, "valid", "{algorithm:?}");
    }
    // a server beside this one takes a new key: what it signs is genuine here too
    let beside = Stage::new(&place).await;
    beside.clock.set(stage.app.now());
    beside.app.rotate_issuer_key(Some(Algorithm::Ed25519)).await.unwrap();
    let shown = code(&beside, &who, id, &[]).await;
    stage.clock.advance(2);
    assert_eq!(check(&stage, &shown).await, "valid");
    assert!(matches!(stage.app.retire_issuer_key(&last).await, Err(Error::NotFound)));
}

async fn nothing_of_it_stands_in_clear(place: Place) {
    let stage = Stage::new(&place).await;
    let (who, id) = holder(&stage).await;
    let text = code(&stage, &who, id, &["name", "number"]).await;
    let verifier =
        Verifier { who: "示例旅馆".to_owned(), known: false, purpose: "入住登记".to_owned() };
    assert!(matches!(stage.app.check_code(&text, &verifier).await, Checked::Valid(_)));
    stage.app.change_certificate(&head(&stage), AREA, (id, 1), IssuerWish::Revoke, "登记有误").await.unwrap();
    let held = stage.app.my_certificate(who.id, id).await.unwrap();
    let shop = held.value("shop").unwrap();
    stage.app.store.close().await;
    let mut bytes = Vec::new();
    for file in std::fs::read_dir(place.folder()).unwrap() {
        let path = file.unwrap().path();
        if path.is_file() {
            bytes.extend(std::fs::read(path).unwrap());
        }
    }
    let serial = held.certificate.id.serial();
    for secret in [&who.number, &who.name, &shop, "示例旅馆", "入住登记", "登记有误", serial] {
        let found = bytes.windows(secret.len()).any(|window| window == secret.as_bytes());
        assert!(!found, "{secret} stands in the database");
    }
}

async fn a_case_granted_again_leaves_one_that_holds(place: Place) {
    let stage = Stage::new(&place).await;
    let who = Citizen::new(&stage).await;
    let case = who.submit(&stage, SHOP).await;
    grant(&stage, case).await;
    stage.work().await;
    let first = stage.app.wallet(who.id).await.unwrap()[0].id;
    let [first_review, second_review, head, chief] =
        [Post::Colleague, Post::Clerk, Post::Head, Post::Chief].map(|post| stage.officer(SHOP, post));
    let ground = casework::ReopenGround::OwnCorrection;
    stage.act(case, &chief, Command::Reopen { ground, words: "登记有误".to_owned() }).await.unwrap();
    stage.act(case, &first_review, meets()).await.unwrap();
    stage.act(case, &second_review, meets()).await.unwrap();
    stage.act(case, &head, Command::Grant { words: String::new() }).await.unwrap();
    stage.work().await;
    stage.work().await;
    let wallet = stage.app.wallet(who.id).await.unwrap();
    let standing: Vec<(bool, Standing)> =
        wallet.iter().map(|held| (held.id == first, held.standing)).collect();
    assert_eq!(standing, [(false, Standing::Valid), (true, Standing::Replaced)]);
    let ledger = stage.app.ledger(who.id, first).await.unwrap();
    assert_eq!((ledger.len(), ledger[0].kind.as_str()), (1, "replaced"));
    assert_eq!(stage.faults().await, Vec::<String>::new());
}

async fn a_file_of_it_is_sealed(place: Place) {
    let stage = Stage::new(&place).await;
    let (who, id) = holder(&stage).await;
    let held = stage.app.my_certificate(who.id, id).await.unwrap();
    let paper = stage.app.certificate_pdf(&held, domain::Lang::Zh, Vec::new()).await.unwrap();
    assert!(paper.bytes.starts_with(b"%PDF-") && paper.undrawn.is_empty());
    assert!(!stage.app.has_seal(&held.certificate.issuer.code), "nobody vouches for it, and it says so");
    let rare = vec![("名".to_owned(), "示例·\u{2a6a5}".to_owned())];
    let paper = stage.app.certificate_pdf(&held, domain::Lang::Zh, rare).await.unwrap();
    assert_eq!(paper.undrawn, ['\u{2a6a5}']);
}
