//! `/me/privacy/export`, `/me/privacy/delete`, `/me/privacy/consents`: what people may do with their data.

use app::sample_pdf;
use identity::Post;

use crate::client::Client;
use crate::house::{House, Setup, house, run, zh};
use crate::page::Page;
use crate::person::{Citizen, SHOP, act, at_desk, citizen, fill, hand_in, officer, submit};

/// Its form has one answer that is sensitive, and its item asks for consent.
const HOUSING: &str = "ex-public-rental-housing";

/// The entries of an archive: name and content.
fn entries(zip: &[u8]) -> Vec<(String, Vec<u8>)> {
    let number = |at: usize, bytes: usize| {
        zip[at..at + bytes].iter().rev().fold(0_usize, |number, byte| number << 8 | usize::from(*byte))
    };
    let end = zip.len() - 22;
    assert_eq!(&zip[end..end + 4], b"PK\x05\x06", "the archive is whole");
    let (count, mut at) = (number(end + 10, 2), number(end + 16, 4));
    assert_eq!(at + number(end + 12, 4), end, "the directory ends where the end begins");
    let mut entries = Vec::new();
    for _ in 0..count {
        assert_eq!(&zip[at..at + 4], b"PK\x01\x02");
        let (size, name, local) = (number(at + 24, 4), number(at + 28, 2), number(at + 42, 4));
        let named = String::from_utf8(zip[at + 46..at + 46 + name].to_vec()).unwrap();
        let begin = local + 30 + name;
        entries.push((named, zip[begin..begin + size].to_vec()));
        at += 46 + name;
    }
    entries
}

async fn export(client: &mut Client) -> Page {
    client.get("/me/privacy/export").await.is(200).says(&zh("export-says"));
    client.post("/me/privacy/export", &[]).await.is(200)
}

#[test]
fn everything_about_me_comes_as_one_archive() {
    run(async {
        let house = house().await;
        let (who, mut client) = citizen(house).await;
        let id = submit(&who, &mut client, SHOP).await;
        fill(&who, &mut client, HOUSING).await;
        officer(house, SHOP, Post::Colleague).await.get(&at_desk(SHOP, &id)).await.is(200);
        let page = export(&mut client).await;
        assert_eq!(page.header("content-type"), "application/zip");
        assert!(page.header("content-disposition").contains("shengshi-2026-"));
        let entries = entries(&page.bytes);
        let text = |name: &str| {
            let found = entries.iter().find(|(path, _)| path == name || path.ends_with(name));
            String::from_utf8(found.unwrap_or_else(|| panic!("no {name}")).1.clone()).unwrap()
        };
        assert!(text("profile.json").contains(&who.number) && text("profile.json").contains(&zh("name")));
        let case = text("/case.json");
        for said in [&who.name, "13000000009", &zh("event-submitted"), &zh("status-received")] {
            assert!(case.contains(said), "{said}: {case}");
        }
        assert_eq!([text("permissions.json"), text("authorisations.json")], ["[]", "[]"]);
        assert!(text("reads.json").contains("looked") && text("messages.json").len() > 10);
        assert!(text("/draft.json").contains("9") && text("README.txt").contains(&zh("export-whole")));
        let files = entries.iter().filter(|(name, bytes)| name.ends_with(".pdf") && bytes == sample_pdf());
        assert!(files.count() >= 6, "the files of the case and of the draft");
        let names: std::collections::BTreeSet<_> = entries.iter().map(|(name, _)| name).collect();
        assert_eq!(names.len(), entries.len(), "each name once");
        client.get("/me/privacy/reads").await.is(200).says(&zh("looked-export"));
        // nobody else's, and not without the form's token
        client.post_bare("/me/privacy/export", &[("csrf", "x")]).await.is(403);
        let (_, mut other) = citizen(house).await;
        let theirs = export(&mut other).await;
        assert!(!String::from_utf8_lossy(&theirs.bytes).contains(&who.number));
    });
}

#[test]
fn consent_is_asked_apart_and_withdrawn_by_one_press() {
    run(async {
        let house = house().await;
        let (who, mut client) = citizen(house).await;
        let draft = fill(&who, &mut client, HOUSING).await;
        let check = format!("{draft}/check");
        let page = client.get(&check).await.is(200).says(&zh("consent-title")).says("无障碍房源");
        assert!(page.html.contains("name=\"consent\" value=\"yes\">"), "not ticked before");
        client.post(&check, &[]).await.is(422).says(&zh("consent-missing"));
        client.get("/me").await.is(200).never_says("/me/cases/");
        client.post(&check, &[("consent", "yes")]).await.is(303);
        let id = draft.strip_prefix("/apply/").unwrap().to_owned();
        let page = client.get("/me/privacy").await.is(200).says(&zh("consent-stands"));
        let page = page.says(&zh("consent-ends-case"));
        let withdraw = crate::kin::action(&page, "/withdraw");
        // at the desk the answer is masked, shown for a reason, and after the withdrawal not any more
        let mut desk = officer(house, HOUSING, Post::Colleague).await;
        let case = at_desk(HOUSING, &id);
        let answered = |page: &Page| page.words().contains("需要无障碍房源吗  是");
        let seen = |page: &Page| {
            let words = page.words();
            let (_, rest) = words.split_once("需要无障碍房源吗").unwrap();
            rest.split_whitespace().next().unwrap().to_owned()
        };
        assert!(!answered(&desk.get(&case).await.is(200)));
        let fields = [("reason", "compare"), ("words", "")];
        let unmask = format!("{case}/unmask");
        assert_eq!(seen(&desk.get(&case).await), zh("masked"));
        assert_eq!(seen(&desk.post(&unmask, &fields).await.is(200)), "是");
        let (_, mut other) = citizen(house).await;
        other.post(&withdraw, &[]).await.is(404);
        client.post(&withdraw, &[]).await.goes_to("/me/privacy?notice=consent-withdrawn");
        client.post(&withdraw, &[]).await.is(404);
        client.get("/me/privacy").await.is(200).says(&zh("consent-withdrawn"));
        client.get(&format!("/me/cases/{id}")).await.is(200).says(&zh("status-closed-withdrawn"));
        assert_eq!(seen(&desk.post(&unmask, &fields).await.is(200)), zh("masked"));
    });
}

#[test]
fn what_is_left_empty_takes_no_consent() {
    run(async {
        let house = house().await;
        let (who, mut client) = citizen(house).await;
        let draft = fill(&who, &mut client, HOUSING).await;
        let item = crate::person::item(HOUSING);
        let answers = who.answers(&item);
        let page = item.form.pages.iter().find(|page| page.id == "need").unwrap();
        let own: Vec<(&str, &str)> = page
            .fields
            .iter()
            .filter(|field| !field.sensitive)
            .filter_map(|field| Some((field.name.as_str(), answers.get(&field.name)?.as_str())))
            .collect();
        client.post(&format!("{draft}/need"), &own).await.is(303);
        client.get(&format!("{draft}/check")).await.is(200).never_says(&zh("consent-title"));
        hand_in(&mut client, &draft).await;
        client.get("/me/privacy").await.is(200).never_says(&zh("consents"));
    });
}

/// Signs in again and asks to be erased.
async fn delete(who: &Citizen, client: &mut Client, notice: &str) {
    client.post("/me/privacy/delete", &[]).await.is(422).says(&zh("delete-error"));
    let to = format!("/?notice={notice}");
    client.post("/me/privacy/delete", &[("sure", "yes")]).await.goes_to(&to);
    client.get(&to).await.is(200).says(&zh(&format!("notice-{notice}")));
    client.get("/me").await.goes_to("/signin?back=%2Fme");
    assert!(!who.number.is_empty());
    client.csrf.clear();
}

#[test]
fn whoever_left_nothing_that_must_be_kept_is_gone_at_once() {
    run(async {
        let house = House::open(Setup::default()).await;
        let (who, mut client) = citizen(&house).await;
        fill(&who, &mut client, SHOP).await;
        client.get("/me/privacy/delete").await.is(200).says(&zh("delete-nothing-kept"));
        let session = house.app.session(client.cookie("session").unwrap()).await.unwrap().unwrap();
        let person = session.citizen().unwrap();
        delete(&who, &mut client, "erased").await;
        assert!(house.app.profile(person).await.is_err(), "the key is destroyed");
        // whoever comes back with the same number is somebody new
        let mut again = who.sign_in(&house).await;
        again.get("/me").await.is(200).says(&zh("me-empty"));
        assert_eq!(house.app.erase_due().await.unwrap(), 0);
    });
}

#[test]
fn what_must_be_kept_is_kept_until_its_day_and_then_goes_by_itself() {
    run(async {
        let house = House::open(Setup::default()).await;
        let (who, mut client) = citizen(&house).await;
        let id = submit(&who, &mut client, SHOP).await;
        fill(&who, &mut client, "ex-elder-card").await;
        client.get("/me/privacy/delete").await.is(200).says("1 件正在办的事");
        delete(&who, &mut client, "erasure-asked").await;
        // the case goes on, and its applicant may look
        let mut client = who.sign_in(&house).await;
        client.get("/me").await.is(200).never_says(&zh("me-drafts"));
        client.get("/me/privacy").await.is(200).says(&zh("leaving"));
        client.get("/me/privacy/delete").await.is(200).says(&zh("delete-asked"));
        let mut desk = officer(&house, SHOP, Post::Colleague).await;
        act(&mut desk, &at_desk(SHOP, &id), "not-needed", &[("words", "不用办")]).await;
        house.work().await;
        house.clock.advance(2 * 86_400);
        assert_eq!(house.app.erase_due().await.unwrap(), 0, "the record is kept");
        let mut client = who.sign_in(&house).await;
        client.get("/me/privacy").await.is(200).says("2036年9月7日");
        let person = house.app.session(client.cookie("session").unwrap()).await.unwrap().unwrap().citizen();
        house.clock.advance(3650 * 86_400);
        assert_eq!(house.app.erase_due().await.unwrap(), 0, "ten years, to the day");
        house.clock.advance(3 * 86_400);
        assert_eq!(house.app.erase_due().await.unwrap(), 1);
        assert!(house.app.profile(person.unwrap()).await.is_err());
        assert_eq!(house.app.erase_due().await.unwrap(), 0);
        let verified = house.app.verify(&|_, _| {}).await.unwrap();
        assert_eq!((verified.cases, verified.faults.len()), (1, 0), "{:?}", verified.faults);
    });
}

#[test]
fn a_request_is_taken_back_before_it_is_carried_out() {
    run(async {
        let house = House::open(Setup::default()).await;
        let (who, mut client) = citizen(&house).await;
        let id = submit(&who, &mut client, SHOP).await;
        delete(&who, &mut client, "erasure-asked").await;
        let mut client = who.sign_in(&house).await;
        client.post("/me/privacy/stay", &[]).await.goes_to("/me/privacy?notice=staying");
        client.get("/me/privacy").await.is(200).never_says(&zh("leaving"));
        client.post(&format!("/me/cases/{id}/withdraw"), &[]).await.is(303);
        house.clock.advance(11 * 366 * 86_400);
        assert_eq!(house.app.erase_due().await.unwrap(), 0);
        who.sign_in(&house).await.get(&format!("/me/cases/{id}")).await.is(200).says(&who.name);
    });
}
