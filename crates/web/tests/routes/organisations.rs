//! `/me/organisations`: applications of organisations, through whoever may act for them.

use identity::{Post, demo_companies, demo_people};

use crate::house::{House, Setup, run, zh};
use crate::kin::{act_for, action, agree, asking};
use crate::person::{CARD, Citizen, SHOP, act, at_desk, citizen, officer, submit};

fn legal() -> Citizen {
    let company = demo_companies().remove(0);
    let person = demo_people().into_iter().find(|person| person.number == company.legal).unwrap();
    Citizen { name: person.name.to_owned(), number: person.number.reveal().to_owned() }
}

#[test]
fn an_organisation_applies_through_its_agents() {
    run(async {
        let house = House::open(Setup::default()).await;
        let company = demo_companies().remove(0);
        let mut head = legal().sign_in(&house).await;
        let code = company.code.as_str();
        head.post("/me/organisations", &[("code", code)]).await.goes_to("/me/organisations?notice=tied");
        // sent twice it is there once
        head.post("/me/organisations", &[("code", code)]).await.is(303);
        let list = head.get("/me/organisations").await;
        assert_eq!(list.html.matches("name=\"tie\"").count(), 1);
        let list = head.get("/me/organisations").await.is(200).says(&company.name);
        let page = list.link("/me/organisations/");
        // one agent for one service
        let (agent, mut theirs) = citizen(&house).await;
        let mut fields = asking("principal", &agent);
        fields.retain(|(name, _)| *name != "scope");
        fields.extend([("scope", "items"), ("item", SHOP)]);
        head.post(&format!("{page}/appoint"), &fields).await.goes_to(&format!("{page}?notice=asked"));
        theirs.get("/me/relatives").await.is(200).never_says("/answer");
        agree(&mut theirs, "/me/organisations").await;
        head.get(&page).await.is(200).says(&agent.name).says(&zh("tie-state-stands"));
        act_for(&mut theirs, "/me/organisations").await;
        // the organisation is the party, whoever stood behind it stays on the record
        let id = submit(&agent, &mut theirs, SHOP).await;
        let case = format!("/me/cases/{id}");
        theirs.get(&format!("{case}/receipt")).await.is(200).says(&company.name);
        let mut desk = officer(&house, SHOP, Post::Colleague).await;
        let at = desk.get(&at_desk(SHOP, &id)).await.is(200);
        at.says(&company.name).says(company.code.as_str()).says(&agent.name);
        theirs.get(&format!("/items/{CARD}/apply")).await.is(409).says(&zh("refusal-not-covered"));
        // what it is granted is in its wallet, which its agents open as far as their tie reaches, and the ledger says who
        let meets = [("reason", "meets"), ("words", "材料齐全，符合条件")];
        let at = at_desk(SHOP, &id);
        act(&mut desk, &at, "claim", &[]).await;
        act(&mut desk, &at, "accept", &[]).await;
        act(&mut desk, &at, "review", &meets).await;
        act(&mut officer(&house, SHOP, Post::Clerk).await, &at, "review", &meets).await;
        act(&mut officer(&house, SHOP, Post::Head).await, &at, "grant", &[]).await;
        house.work().await;
        let certificate = theirs.get("/me/certificates").await.is(200).link("/me/certificates/");
        theirs.get(&certificate).await.is(200).says(company.code.as_str()).says(&company.name);
        theirs.get(&format!("{certificate}/show")).await.is(200).holds("<svg ");
        theirs.get(&certificate).await.is(200).says(&zh("ledger-shown")).says(&agent.name);
        head.get("/me/certificates").await.is(200).says(&zh("certificates-none"));
        // its legal representative sees it too, and applies for what organisations may have
        act_for(&mut head, "/me/organisations").await;
        head.get(&case).await.is(200).says(&format!("{} 代办", agent.name));
        head.get(&format!("/items/{CARD}/apply")).await.is(409).says(&zh("refusal-not-for-organisations"));
        // dismissed is dismissed at once
        let dismiss = action(&head.get(&page).await, "/dismiss");
        head.post(&dismiss, &[]).await.goes_to(&format!("{page}?notice=tie-ended"));
        theirs.csrf.clear();
        theirs.get(&case).await.is(404);
        theirs.get(&certificate).await.is(404);
        theirs.get("/me/certificates").await.is(200).says(&zh("certificates-none"));
        head.get(&case).await.is(200);
        head.get(&certificate).await.is(200);
    });
}

#[test]
fn only_the_legal_representative_registers_and_appoints() {
    run(async {
        let house = House::open(Setup::default()).await;
        let company = demo_companies().remove(0);
        let mut head = legal().sign_in(&house).await;
        head.post("/me/organisations", &[("code", company.code.as_str())]).await.is(303);
        let page = head.get("/me/organisations").await.link("/me/organisations/");
        let (_, mut stranger) = citizen(&house).await;
        // another's organisation and none at all are told alike
        let known = stranger.post("/me/organisations", &[("code", company.code.as_str())]).await.is(422);
        let unknown = stranger.post("/me/organisations", &[("code", "91110000100000000Y")]).await.is(422);
        let told = |page: &crate::page::Page| page.words().contains(&zh("tie-not-legal"));
        assert!(told(&known));
        assert!(told(&unknown) || unknown.words().contains(&zh("credit-code-wrong")));
        stranger.post("/me/organisations", &[("code", "91X")]).await.is(422).says(&zh("credit-code-wrong"));
        let nowhere = "/me/organisations/01990000-0000-7000-8000-000000000001";
        assert_eq!(stranger.get(&page).await.is(404).words(), stranger.get(nowhere).await.is(404).words());
        for form in ["appoint", "agents/01990000-0000-7000-8000-000000000001/dismiss"] {
            let whom = Citizen::new();
            let fields = asking("principal", &whom);
            stranger.post(&format!("{page}/{form}"), &fields).await.is(404);
            head.post_bare(&format!("{page}/{form}"), &[("csrf", "wrong")]).await.is(403);
        }
        // an agent appoints nobody
        let (agent, mut theirs) = citizen(&house).await;
        head.post(&format!("{page}/appoint"), &asking("principal", &agent)).await.is(303);
        agree(&mut theirs, "/me/organisations").await;
        theirs.get(&page).await.is(404);
        theirs.get("/me/organisations").await.is(200).says(&company.name);
        // and leaves when they like; the legal representative stays the register's
        let end = action(&theirs.get("/me/organisations").await, "/end");
        theirs.post(&end, &[]).await.is(303);
        theirs.get("/me/organisations").await.is(200).never_says("name=\"tie\"");
        head.get("/me/organisations").await.is(200).never_says("/end\"");
    });
}
