//! Who may come near which address: every route there is, asked for by everybody there is, against the table of
//! docs/rights.md. The table is read from the document and the routes from the source, so that neither can part
//! from what the site does.

use std::collections::BTreeMap;

use axum::body::Body;
use axum::http::Method;
use identity::{Post, demo_companies, demo_people};

use crate::client::Client;
use crate::house::{House, Setup, run};
use crate::kin::{act_for, action, agree, asking, bind, tie};
use crate::page::Page;
use crate::partner::{self, Partner, file, member, register};
use crate::person::{CARD, Citizen, SHOP, at_desk, begin, card, citizen, fill, item, officer, submit};

const DOCUMENT: &str = include_str!("../../../../docs/rights.md");
const ROUTES: &str = include_str!("../../src/routes.rs");
const NOWHERE: &str = "01990000-0000-7000-8000-000000000001";

/// The columns of the table. The owner comes last when they are asked, since some addresses end something.
const ACTORS: [&str; 12] = [
    "nobody",
    "owner",
    "another",
    "relative",
    "relative, other service",
    "agent of an organisation",
    "officer",
    "other agency",
    "other area",
    "supervisor",
    "operator",
    "partner",
];

/// Forms with files.
const MULTIPART: [&str; 4] = ["/materials", "/correct", "/supply", "/confirm"];

/// The table's rows: method and route, and a cell for each actor.
fn table() -> BTreeMap<String, Vec<String>> {
    let cells = |line: &str| -> Vec<String> {
        line.trim_matches('|').split('|').map(|cell| cell.trim().replace('`', "")).collect()
    };
    let mut rows = BTreeMap::new();
    for line in DOCUMENT.lines().filter(|line| line.starts_with("| `") && line.contains(" /")) {
        let mut row = cells(line);
        let route = row.remove(0);
        assert_eq!(row.len(), ACTORS.len(), "{route}: a cell for each actor");
        assert!(rows.insert(route.clone(), row).is_none(), "{route} stands there twice");
    }
    let head = DOCUMENT.lines().find(|line| line.starts_with("| address ")).expect("the table's head");
    assert_eq!(cells(head)[1..], ACTORS.map(str::to_owned));
    rows
}

/// Every method and route of the source.
fn routes() -> Vec<String> {
    let mut routes = Vec::new();
    for rest in ROUTES.split(".route(").skip(1) {
        let end = rest.find("\n        .").unwrap_or(rest.len());
        let (path, handlers) = rest[..end].trim_start().trim_start_matches('"').split_once('"').unwrap();
        for (method, name) in [("get(", "GET"), ("post(", "POST"), ("put(", "PUT")] {
            if handlers.contains(method) {
                routes.push(format!("{name} {path}"));
            }
        }
    }
    assert!(routes.len() > 60, "{routes:?}");
    routes
}

/// A site with one of everything that belongs to the owner.
struct Scene {
    clients: BTreeMap<&'static str, Client>,
    ties: BTreeMap<&'static str, String>,
    case: String,
    case_file: String,
    draft: String,
    draft_file: String,
    message: String,
    tie: String,
    ask: String,
    organisation: String,
    staff: String,
    /// The partner, and what it may exchange for a token that still holds.
    partner: Partner,
    refresh: String,
}

/// Somebody who acts for the owner by a tie.
async fn relative(house: &House, owner: (&Citizen, &mut Client), service: Option<&str>) -> (Client, String) {
    let (_, mut client) = citizen(house).await;
    bind(&mut client, owner, service).await;
    let own = tie(&client.get("/me/relatives").await);
    act_for(&mut client, "/me/relatives").await;
    (client, own)
}

/// The last part of the first link that contains `part`.
fn last(page: &Page, part: &str) -> String {
    page.link(part).rsplit('/').next().unwrap().to_owned()
}

/// Of an address, what stands between the first two slashes after `before`.
fn between(address: &str, before: &str) -> String {
    address.split_once(before).unwrap().1.split('/').next().unwrap().to_owned()
}

impl Scene {
    async fn set(house: &House) -> Self {
        let company = demo_companies().remove(0);
        let person = demo_people().into_iter().find(|person| person.number == company.legal).unwrap();
        let who = Citizen { name: person.name.to_owned(), number: person.number.reveal().to_owned() };
        let mut owner = who.sign_in(house).await;
        let case = submit(&who, &mut owner, SHOP).await;
        let mut desk = officer(house, SHOP, Post::Colleague).await;
        let case_file = last(&desk.get(&at_desk(SHOP, &case)).await, "/files/");
        let draft = fill(&who, &mut owner, SHOP).await;
        let draft_file = last(&owner.get(&format!("{draft}/materials")).await, "/files/");
        let message = last(&owner.get("/me/messages").await, "/me/messages/");
        let (kin, kin_tie) = relative(house, (&who, &mut owner), None).await;
        let (narrow, narrow_tie) = relative(house, (&who, &mut owner), Some(CARD)).await;
        // one tie to end, and one ask to answer
        let own = tie_of(&mut owner, house, &who).await;
        let (_, mut asker) = citizen(house).await;
        asker.post("/me/relatives/ask", &asking("agent", &who)).await.is(303);
        let ask = between(&action(&owner.get("/me/relatives").await, "/answer"), "/me/relatives/");
        // an organisation with an agent who acts for it, and another one to dismiss
        owner.post("/me/organisations", &[("code", company.code.as_str())]).await.is(303);
        let page = owner.get("/me/organisations").await.link("/me/organisations/");
        let (agent, mut agents) = citizen(house).await;
        owner.post(&format!("{page}/appoint"), &asking("principal", &agent)).await.is(303);
        agree(&mut agents, "/me/organisations").await;
        let agents_tie = tie(&agents.get("/me/organisations").await);
        act_for(&mut agents, "/me/organisations").await;
        owner.post(&format!("{page}/appoint"), &asking("principal", &Citizen::new())).await.is(303);
        let staff = between(&action(&owner.get(&page).await, "/dismiss"), "/agents/");
        let (_, another) = citizen(house).await;
        // an application to which the owner has given everything
        let partner = register(house, file("library")).await;
        let code =
            partner::agree(&partner, &mut owner, "openid profile real_name phone address offline_access")
                .await;
        let refresh = member(&partner.exchange(house, &code).await, "refresh_token");
        let clients = BTreeMap::from([
            ("nobody", Client::new(house)),
            ("owner", owner),
            ("another", another),
            ("relative", kin),
            ("relative, other service", narrow),
            ("agent of an organisation", agents),
            ("officer", desk),
            ("other agency", stranger_officer(house, true).await),
            ("other area", stranger_officer(house, false).await),
            ("supervisor", officer(house, SHOP, Post::Chief).await),
            ("operator", officer(house, SHOP, Post::Operator).await),
            ("partner", Client::new(house)),
        ]);
        let ties = BTreeMap::from([
            ("relative", kin_tie),
            ("relative, other service", narrow_tie),
            ("agent of an organisation", agents_tie),
        ]);
        let organisation = page.rsplit('/').next().unwrap().to_owned();
        let draft = draft.strip_prefix("/apply/").unwrap().to_owned();
        Self {
            clients,
            ties,
            case,
            case_file,
            draft,
            draft_file,
            message,
            tie: own,
            ask,
            organisation,
            staff,
            partner,
            refresh,
        }
    }

    /// An address of a route: of what belongs to the owner, or of what nobody has.
    fn address(&self, route: &str, real: bool) -> String {
        let id = |known: &str| if real { known.to_owned() } else { NOWHERE.to_owned() };
        let catalogue = crate::house::catalogue().0;
        let shop = item(SHOP);
        let page = shop.form.pages[0].id.clone();
        let values: Vec<(&str, String)> = match route.split('/').nth(1).unwrap() {
            "themes" => vec![("{id}", catalogue.themes[0].id.clone())],
            "agencies" => vec![("{code}", shop.agency.clone())],
            "areas" => vec![("{code}", shop.area.to_string())],
            "items" => vec![("{code}", SHOP.to_owned())],
            "signin" => vec![("{provider}", "province".to_owned())],
            "static" => vec![("{name}", "icon.svg".to_owned())],
            "apply" => {
                vec![("{draft}", id(&self.draft)), ("{page}", page), ("{file}", self.draft_file.clone())]
            }
            "desk" if route.contains("officers") => vec![("{id}", NOWHERE.to_owned())],
            "desk" if route.contains("dead-letters") => vec![("{id}", NOWHERE.to_owned())],
            "desk" if route.contains("/line/") => vec![("{file}", "units.csv".to_owned())],
            "verify" => vec![("{view}", NOWHERE.to_owned()), ("{request}", NOWHERE.to_owned())],
            "vci" => vec![("{code}", NOWHERE.to_owned())],
            "api" => vec![
                ("{case}", NOWHERE.to_owned()),
                ("{picture}", "0f".repeat(32)),
                ("{file}", "units.csv".to_owned()),
            ],
            "vct" => vec![("{kind}", "small-restaurant".to_owned())],
            "status" => vec![("{area}", shop.area.to_string()), ("{n}", "0".to_owned())],
            _ if route.contains("/certificates/") => vec![
                ("{area}", shop.area.to_string()),
                ("{id}", NOWHERE.to_owned()),
                ("{wish}", "revoke".to_owned()),
            ],
            "desk" => vec![
                ("{area}", shop.area.to_string()),
                ("{id}", id(&self.case)),
                ("{action}", "claim".to_owned()),
                ("{material}", "m1".to_owned()),
                ("{permission}", NOWHERE.to_owned()),
                ("{file}", self.case_file.clone()),
                ("{picture}", "0f".repeat(32)),
            ],
            _ if route.contains("/cases/") => {
                vec![("{id}", id(&self.case)), ("{file}", self.case_file.clone())]
            }
            _ if route.contains("/messages/") => vec![("{id}", id(&self.message))],
            _ if route.contains("/answer") => vec![("{id}", id(&self.ask))],
            _ if route.contains("/relatives/") => vec![("{id}", id(&self.tie))],
            _ => vec![
                ("{id}", id(&self.organisation)),
                ("{tie}", id(&self.staff)),
                ("{station}", NOWHERE.to_owned()),
            ],
        };
        let address = values.iter().fold(route.to_owned(), |path, (name, value)| path.replace(name, value));
        assert!(!address.contains('{'), "no address is known for {route}");
        address
    }

    async fn ask(
        &mut self,
        house: &House,
        method: &str,
        route: &str,
        actor: &'static str,
        real: bool,
    ) -> Page {
        if actor == "partner" {
            // Time passes while everybody asks: a token of its own for each question.
            let tokens = self.partner.refresh(house, &self.refresh).await;
            self.refresh = member(&tokens, "refresh_token");
            let bearer = format!("Bearer {}", member(&tokens, "access_token"));
            self.clients.insert(actor, Client::new(house).with("authorization", &bearer));
        }
        if method == "POST" && route.starts_with("/apply/") {
            // Whoever came before may have thrown it away.
            let owner = self.clients.get_mut("owner").unwrap();
            let draft = begin(owner, SHOP).await;
            self.draft = draft.strip_prefix("/apply/").unwrap().to_owned();
        }
        let address = self.address(route, real);
        let tie = self.ties.get(actor).cloned().unwrap_or_default();
        let client = self.clients.get_mut(actor).unwrap();
        match method {
            "GET" => client.get(&address).await,
            "PUT" => client.send(Method::PUT, &address, "image/png", Body::from("x")).await,
            _ if MULTIPART.iter().any(|end| route.ends_with(end)) => client.upload(&address, &[], &[]).await,
            _ if route == "/me/acting" => client.post(&address, &[("tie", &tie)]).await,
            _ if route.ends_with("/answer") => client.post(&address, &[("answer", "no")]).await,
            _ if route.ends_with("/appoint") => {
                let whom = Citizen::new();
                client.post(&address, &asking("principal", &whom)).await
            }
            // Nobody is signed out yet: what is wished is not readable.
            _ if route == "/oauth/signout" => client.post(&address, &[("request", "client_id=nobody")]).await,
            _ => client.post(&address, &[]).await,
        }
    }
}

/// A tie that the owner may end: somebody acts for them.
async fn tie_of(owner: &mut Client, house: &House, who: &Citizen) -> String {
    let (_, mut other) = citizen(house).await;
    bind(&mut other, (who, owner), None).await;
    tie(&other.get("/me/relatives").await)
}

/// An officer of another agency, in the same area or in another.
async fn stranger_officer(house: &House, here: bool) -> Client {
    let shop = item(SHOP);
    let catalogue = crate::house::catalogue().0;
    let agency = catalogue
        .agencies
        .iter()
        .find(|agency| agency.code != shop.agency && (agency.area == shop.area) == here);
    let code = &agency.unwrap().code;
    let mut client = Client::new(house);
    let id = format!("{code}/{}", card(code, Post::Colleague).id);
    client.post_bare("/signin/officer", &[("officer", &id), ("back", "/desk")]).await.goes_to("/desk");
    client
}

/// What an answer comes to, in the words of the table.
fn outcome(page: &Page) -> &'static str {
    match page.status {
        303 if page.location().is_some_and(|place| place.starts_with("/signin")) => "sign in",
        404 => "hidden",
        403 => "no",
        401 => "prove",
        _ => "yes",
    }
}

/// A page without what differs from request to request, and without its own address.
fn bare(page: &Page, address: &str) -> String {
    let mut rest = page.html.replace(address, "ADDRESS");
    let encoded: String = form_urlencoded::byte_serialize(address.as_bytes()).collect();
    rest = rest.replace(&encoded, "ADDRESS").replace(&encoded.replace("%2F", "/"), "ADDRESS");
    let mut bare = String::new();
    while let Some((before, after)) = rest.split_once("name=\"once\" value=\"") {
        bare.push_str(before);
        rest = after.split_once('"').unwrap().1.to_owned();
    }
    bare + &rest
}

#[test]
fn the_table_names_every_route() {
    let (table, mut routes) = (table(), routes());
    routes.sort();
    assert_eq!(table.keys().cloned().collect::<Vec<_>>(), routes);
}

/// A token opens what was agreed to, and nothing else.
#[test]
fn a_partner_is_nobody_but_where_its_token_is_asked_for() {
    let table = table();
    let differs = table.iter().filter(|(_, cells)| cells.first() != cells.last());
    let routes: Vec<_> = differs.map(|(route, _)| route.as_str()).collect();
    assert_eq!(routes, ["GET /oauth/userinfo", "POST /oauth/userinfo", "POST /vci/credential"]);
}

#[test]
fn everybody_is_answered_as_the_table_says() {
    run(async {
        let house = House::open(Setup::default()).await;
        let mut scene = Scene::set(&house).await;
        let table = table();
        let (mut wrong, mut compared) = (Vec::new(), 0);
        let mut rows: Vec<_> = table.iter().collect();
        // Signing out comes last, since nobody comes back from it.
        rows.sort_by_key(|(route, _)| route.ends_with("/signout") && route.starts_with("POST"));
        for (row, cells) in rows {
            let (method, route) = row.split_once(' ').unwrap();
            let mut order: Vec<usize> = (0..ACTORS.len()).collect();
            order.sort_by_key(|&at| ACTORS[at] == "owner");
            for at in order {
                let actor = ACTORS[at];
                let page = scene.ask(&house, method, route, actor, true).await;
                let found = outcome(&page);
                if found != cells[at] {
                    wrong.push(format!("{row}, {actor}: {found} ({}), not {}", page.status, cells[at]));
                }
                let address = scene.address(route, true);
                if found == "hidden" && address.contains('-') && route.contains('{') {
                    let nobodys = scene.ask(&house, method, route, actor, false).await;
                    compared += 1;
                    let there = bare(&page, &scene.address(route, true));
                    let nowhere = bare(&nobodys, &scene.address(route, false));
                    if page.status != nobodys.status || there != nowhere {
                        wrong.push(format!("{row}, {actor}: what is hidden and what is not there differ"));
                    }
                }
            }
        }
        assert!(compared > 80, "what is hidden is compared with what is not there: {compared}");
        assert!(
            wrong.is_empty(),
            "{} answers are not as docs/rights.md says:\n{}",
            wrong.len(),
            wrong.join("\n")
        );
    });
}
