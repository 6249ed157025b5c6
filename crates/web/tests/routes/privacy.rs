//! `/me/privacy…`, `/desk/unmaskings`: who looked at what, and what is masked at the desk.

use app::{Look, Looked, Reader};
use identity::Post;

use crate::client::Client;
use crate::house::{House, Setup, house, run, zh};
use crate::kin::{act_for, bind};
use crate::person::{CARD, Citizen, SHOP, at_desk, card, citizen, item, officer, submit};

const MOBILE: &str = "13000000009";
const ADDRESS: &str = "示例省示例市示例路9号";

async fn looks(client: &mut Client, looked: &str) -> usize {
    client.get("/me/privacy/reads").await.is(200).words().matches(&zh(looked)).count()
}

#[test]
fn whoever_looks_at_my_case_is_on_my_list_once_in_ten_minutes() {
    run(async {
        let house = house().await;
        let (who, mut client) = citizen(house).await;
        client.get("/me/privacy").await.is(200).says(&zh("reads-none")).link("/me/sessions");
        let id = submit(&who, &mut client, SHOP).await;
        client.get(&format!("/me/cases/{id}")).await.is(200);
        assert_eq!(looks(&mut client, "looked-case").await, 0, "one's own look is no line");
        let mut desk = officer(house, SHOP, Post::Colleague).await;
        for _ in 0..3 {
            desk.get(&at_desk(SHOP, &id)).await.is(200);
        }
        let page = client.get("/me/privacy/reads").await.is(200).says(&zh("reader-officer"));
        let page = page.says(&card(&item(SHOP).agency, Post::Colleague).name).says(&zh("step-intake"));
        page.link(&format!("/me/cases/{id}"));
        assert_eq!(looks(&mut client, "looked-case").await, 1);
        let file = desk.get(&at_desk(SHOP, &id)).await.link("/files/");
        desk.get(&file).await.is(200);
        assert_eq!(looks(&mut client, "looked-file").await, 1);
        client.get("/me/privacy/reads").await.says("材料.pdf");
        officer(house, SHOP, Post::Clerk).await.get(&at_desk(SHOP, &id)).await.is(200);
        assert_eq!(looks(&mut client, "looked-case").await, 2);
        // Whoever may not see it leaves no trace of it.
        officer(house, CARD, Post::Clerk).await.get(&at_desk(SHOP, &id)).await.is(404);
        assert_eq!(looks(&mut client, "looked-case").await, 2);
        client.set_cookie("lang", "en");
        client.get("/me/privacy").await.is(200).says("Who looked at my data");
    });
}

#[test]
fn later_looks_are_other_lines() {
    run(async {
        let house = House::open(Setup::default()).await;
        let (who, mut client) = citizen(&house).await;
        let id = submit(&who, &mut client, SHOP).await;
        let mut desk = officer(&house, SHOP, Post::Colleague).await;
        for _ in 0..3 {
            desk.get(&at_desk(SHOP, &id)).await.is(200);
            house.clock.advance(601);
        }
        assert_eq!(looks(&mut client, "looked-case").await, 3);
    });
}

#[test]
fn agents_windows_and_partners_are_on_the_list_too() {
    run(async {
        let house = house().await;
        let ((who, mut client), (kin, mut other)) = (citizen(house).await, citizen(house).await);
        let id = submit(&who, &mut client, SHOP).await;
        bind(&mut other, (&who, &mut client), None).await;
        act_for(&mut other, "/me/relatives").await;
        other.get(&format!("/me/cases/{id}")).await.is(200);
        let page = client.get("/me/privacy/reads").await.is(200).says(&zh("reader-agent")).says(&kin.name);
        page.never_says(&who.number);
        // Whoever acts for me sees their own list.
        other.get("/me/privacy/reads").await.is(200).says(&zh("reads-none"));
        let mut desk = officer(house, CARD, Post::Colleague).await;
        let seen =
            [("name", who.name.as_str()), ("number", &who.number), ("card", "id-card"), ("words", "到窗口")];
        desk.post("/desk/window", &seen).await.is(303);
        client.get("/me/privacy/reads").await.is(200).says(&zh("looked-profile")).says(&zh("read-window"));
        let session = house.app.session(client.cookie("session").unwrap()).await.unwrap().unwrap();
        let person = session.citizen().unwrap();
        let look =
            Look {
                who: "示例应用".to_owned(), words: "核对住址".to_owned(), ..Look::by(Reader::Partner)
            };
        let partner = uuid::Uuid::from_u128(7);
        for n in 0..60 {
            let thing = n.to_string();
            house.app.note_read(person, (partner, &thing), Looked::Profile, &look).await.unwrap();
        }
        let first = client.get("/me/privacy/reads").await.is(200).says("示例应用").says("核对住址");
        assert_eq!(first.html.matches("class=\"row\"").count(), 50, "a page of fifty");
        let rest = client.get(&first.link("/me/privacy/reads?before=")).await.is(200);
        assert!(rest.html.matches("class=\"row\"").count() >= 12, "{}", rest.words());
    });
}

/// The desk's page of a case of the elders' card, which asks for number, mobile and address.
async fn at_the_desk(house: &House) -> (Citizen, Client, Client, String) {
    let (who, mut client) = citizen(house).await;
    let id = submit(&who, &mut client, CARD).await;
    let desk = officer(house, CARD, Post::Colleague).await;
    (who, client, desk, at_desk(CARD, &id))
}

#[test]
fn numbers_and_addresses_are_masked_until_a_reason_is_given() {
    run(async {
        let house = house().await;
        let (who, mut client, mut desk, case) = at_the_desk(house).await;
        let page = desk.get(&case).await.is(200).says(&zh("masked")).says(&zh("unmask"));
        page.never_says(&who.number).never_says(MOBILE).never_says(ADDRESS);
        let unmask = format!("{case}/unmask");
        for fields in [vec![], vec![("reason", "other")], vec![("reason", "curious"), ("words", "x")]] {
            let page = desk.post(&unmask, &fields).await.is(409).says(&zh("unmask-error"));
            page.never_says(&who.number).never_says(MOBILE).never_says(ADDRESS);
        }
        assert_eq!(looks(&mut client, "looked-unmasked").await, 0);
        let fields = [("reason", "contact"), ("words", "打电话问邮寄时间")];
        for _ in 0..2 {
            let page = desk.post(&unmask, &fields).await.is(200).says(&zh("unmask-shown"));
            page.says(&who.number).says(MOBILE).says(ADDRESS);
        }
        // once shown, masked again
        let page = desk.get(&case).await.is(200).never_says(MOBILE).says(&zh("unmasked-here"));
        page.says("打电话问邮寄时间").says(&zh("unmask-contact"));
        desk.get(&unmask).await.goes_to(&case);
        assert_eq!(looks(&mut client, "looked-unmasked").await, 1, "sent twice it is noted once");
        let page = client.get("/me/privacy/reads").await.is(200).says(&zh("unmask-contact"));
        page.says("打电话问邮寄时间").says(&card(&item(CARD).agency, Post::Colleague).name);
    });
}

#[test]
fn a_supervisor_sees_what_their_officers_uncovered() {
    run(async {
        let house = House::open(Setup::default()).await;
        let (who, _, mut desk, case) = at_the_desk(&house).await;
        let mut chief = officer(&house, CARD, Post::Chief).await;
        chief.get("/desk/unmaskings").await.is(200).says(&zh("unmaskings-none"));
        let fields = [("reason", "other"), ("words", "上门送证")];
        desk.post(&format!("{case}/unmask"), &fields).await.is(200);
        let page = chief.get("/desk/unmaskings").await.is(200).says("上门送证").never_says(&who.number);
        assert_eq!(page.link("/desk/cases/"), case);
        desk.get("/desk/unmaskings").await.is(403);
        assert_ne!(item(SHOP).agency, item(CARD).agency);
        let mut other = officer(&house, SHOP, Post::Chief).await;
        other.get("/desk/unmaskings").await.is(200).says(&zh("unmaskings-none"));
        let mut foreign = officer(&house, SHOP, Post::Colleague).await;
        foreign.post(&format!("{case}/unmask"), &fields).await.is(404);
    });
}
