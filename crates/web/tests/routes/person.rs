//! People at the site: synthetic citizens, officers, and what they do all the time.

use std::sync::atomic::{AtomicU32, Ordering};

use app::sample_pdf;
use domain::CitizenNumber;
use identity::{DemoOfficers, OfficerCard, OfficerDirectory, Post};
use packs::form::{self, SamplePerson};
use packs::{Answers, ServiceItem};

use crate::client::{Client, Part};
use crate::house::{House, catalogue, monday};

/// A permit: two officers review, three materials are always needed, a question depends on another.
pub(crate) const SHOP: &str = "ex-small-restaurant";
/// No procedure asks for two officers here.
pub(crate) const CARD: &str = "ex-elder-card";

/// A citizen nobody else in the test plays.
pub(crate) struct Citizen {
    pub(crate) name: String,
    pub(crate) number: String,
}

impl Citizen {
    pub(crate) fn new() -> Self {
        static NEXT: AtomicU32 = AtomicU32::new(0);
        let n = NEXT.fetch_add(1, Ordering::Relaxed);
        let body = format!("990000{}0101{:03}", 1950 + n / 900, 100 + n % 900);
        let number = format!("{body}{}", CitizenNumber::check_character(&body).unwrap());
        Self { name: format!("示例·甲{n}号"), number }
    }

    pub(crate) async fn sign_in(&self, house: &House) -> Client {
        let mut client = Client::new(house);
        self.enter(&mut client).await;
        client
    }

    pub(crate) async fn enter(&self, client: &mut Client) {
        let fields = [("name", self.name.as_str()), ("number", &self.number), ("back", "/me")];
        client.post_bare("/signin", &fields).await.goes_to("/me");
    }

    /// Valid answers to an item's form.
    pub(crate) fn answers(&self, item: &ServiceItem) -> Answers {
        let person = SamplePerson {
            name: self.name.clone(),
            citizen_number: self.number.clone(),
            mobile: "13000000009".to_owned(),
            address: "示例省示例市示例路9号".to_owned(),
        };
        form::sample(&item.form, monday(), &person)
    }
}

/// A citizen, signed in.
pub(crate) async fn citizen(house: &House) -> (Citizen, Client) {
    let citizen = Citizen::new();
    let client = citizen.sign_in(house).await;
    (citizen, client)
}

/// An officer of the agency that handles `item`, signed in.
pub(crate) async fn officer(house: &House, item: &str, post: Post) -> Client {
    let agency = &self::item(item).agency;
    let mut client = Client::new(house);
    let id = format!("{agency}/{}", card(agency, post).id);
    client.post_bare("/signin/officer", &[("officer", &id), ("back", "/desk")]).await.goes_to("/desk");
    client
}

pub(crate) fn card(agency: &str, post: Post) -> OfficerCard {
    DemoOfficers::default().of(agency).into_iter().find(|card| card.post == post).unwrap()
}

pub(crate) fn item(code: &str) -> ServiceItem {
    catalogue().0.item(code).unwrap().clone()
}

/// Begins an application; its address without the page: `/apply/{id}`.
pub(crate) async fn begin(client: &mut Client, item: &str) -> String {
    let page = client.get(&format!("/items/{item}/apply")).await.is(303);
    let place = page.location().unwrap();
    let (draft, _) = place.rsplit_once('/').unwrap();
    assert!(draft.starts_with("/apply/"), "{place}");
    draft.to_owned()
}

/// Begins an application and answers everything; its address.
pub(crate) async fn fill(citizen: &Citizen, client: &mut Client, code: &str) -> String {
    fill_without(citizen, client, code, None).await
}

/// [`fill`], saying of one document that it does not apply.
pub(crate) async fn fill_without(
    citizen: &Citizen,
    client: &mut Client,
    code: &str,
    without: Option<&str>,
) -> String {
    let item = item(code);
    let draft = begin(client, code).await;
    let answers = citizen.answers(&item);
    for page in &item.form.pages {
        let own: Vec<(&str, &str)> = page
            .fields
            .iter()
            .filter_map(|field| Some((field.name.as_str(), answers.get(&field.name)?.as_str())))
            .collect();
        client.post(&format!("{draft}/{}", page.id), &own).await.is(303);
    }
    let handed = item.materials.iter().filter(|material| Some(material.id.as_str()) != without);
    let names: Vec<String> = handed.map(|material| format!("file-{}", material.id)).collect();
    let files: Vec<Part<'_>> = names.iter().map(|name| (name.as_str(), "材料.pdf", sample_pdf())).collect();
    let excuse = without.map(|id| format!("excuse-{id}"));
    let mut said = vec![("do", "continue")];
    said.extend(excuse.iter().map(|name| (name.as_str(), "我没有这一项")));
    let place = client.upload(&format!("{draft}/materials"), &said, &files).await;
    place.goes_to(&format!("{draft}/check"));
    draft
}

/// Hands a whole application in; the case's id.
pub(crate) async fn submit(citizen: &Citizen, client: &mut Client, code: &str) -> String {
    let draft = fill(citizen, client, code).await;
    hand_in(client, &draft).await
}

/// Hands a filled-in draft in; the case's id.
pub(crate) async fn hand_in(client: &mut Client, draft: &str) -> String {
    let id = draft.strip_prefix("/apply/").unwrap();
    let place = format!("/me/cases/{id}/receipt?fresh=1");
    client.post(&format!("{draft}/check"), &[("consent", "yes")]).await.goes_to(&place);
    id.to_owned()
}

/// The desk's address of a case of `item`.
pub(crate) fn at_desk(code: &str, id: &str) -> String {
    format!("/desk/cases/{}/{id}", item(code).area)
}

/// An officer's action that is lawful.
pub(crate) async fn act(officer: &mut Client, case: &str, action: &str, fields: &[(&str, &str)]) {
    let page = officer.post(&format!("{case}/{action}"), fields).await;
    assert_eq!(page.status, 303, "{action} on {case}:\n{}", page.words());
}
