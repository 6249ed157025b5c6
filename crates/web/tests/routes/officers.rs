//! `/signin/posts`: officers of a real site, whom a provider vouches for and the operator's list gives a post.

use std::sync::Arc;

use app::officer_id;
use identity::{Listed, Roster};
use packs::Role;

use crate::authenticator::Authenticator;
use crate::client::Client;
use crate::elsewhere::Elsewhere;
use crate::house::{House, Setup, house, run, zh};
use crate::kin::{act_for, bind};
use crate::page::Page;
use crate::passkeys::{challenge, send};
use crate::person::{Citizen, SHOP, act, at_desk, citizen, item, submit};

const BY: &str = "示例·管理员";
const POSTS: &str = "/signin/posts?back=%2Fdesk";

/// A real site: nobody is synthetic, a province vouches for people, and a list for officers.
struct Real {
    house: House,
    elsewhere: Arc<Elsewhere>,
    roster: Arc<Roster>,
    agency: String,
}

impl Real {
    async fn open() -> Self {
        let (elsewhere, roster) = (Elsewhere::new(), Arc::new(Roster::default()));
        let setup = Setup {
            demo: false,
            passkeys: true,
            elsewhere: Some(elsewhere.clone()),
            officers: Some(roster.clone()),
            ..Setup::default()
        };
        Self { house: House::open(setup).await, elsewhere, roster, agency: item(SHOP).agency }
    }

    fn list(&self, who: &Citizen, roles: &[Role]) -> Listed {
        Listed {
            label: "o1".to_owned(),
            id: officer_id(&self.house.app.store, &who.number.parse().unwrap()),
            name: who.name.clone(),
            posts: vec![(self.agency.clone(), roles.to_vec())],
        }
    }

    /// Somebody on the way to the desk, signed in at the province.
    async fn signed_in(&self, who: &Citizen) -> Client {
        let mut client = Client::new(&self.house);
        client.get("/desk").await.goes_to("/signin?back=%2Fdesk");
        client.get("/signin?back=%2Fdesk").await.goes_to("/signin/officer?back=%2Fdesk");
        client.get("/signin/officer?back=%2Fdesk").await.goes_to(POSTS);
        let to = client.get(POSTS).await.is(303).location().unwrap().to_owned();
        let way = client.get(&to).await.is(200).link("/signin/with/");
        let sent_to = client.get(&way).await.is(303).location().unwrap().to_owned();
        let said = [("name", who.name.as_str()), ("id_number", &who.number), ("acr", "matched")];
        let back = self.elsewhere.authorise(&self.house, &sent_to, &said, |_, _| {});
        client.get(&back).await.goes_to(POSTS);
        client
    }

    /// The same, at their post and before the passkey.
    async fn half(&self, who: &Citizen) -> Client {
        let mut client = self.signed_in(who).await;
        client.get(POSTS).await.is(200).says(&zh("role-intake"));
        let fields = [("agency", self.agency.as_str()), ("back", "/desk")];
        client.post("/signin/posts", &fields).await.goes_to("/signin/passkey?back=%2Fdesk");
        client.get("/desk").await.is(303);
        client.get("/me").await.is(303);
        client.get("/signin/passkey?back=%2Fdesk").await.is(200);
        client
    }
}

async fn enrol(client: &mut Client, key: &Authenticator, code: &str, kept: &str) -> Page {
    let fields = [("code", code)];
    let given = client.post("/signin/passkey/challenge", &fields).await.is(200);
    let mut fields = key.create(std::str::from_utf8(&given.bytes).unwrap());
    fields.push(("code", kept.to_owned()));
    fields.push(("back", "/desk".to_owned()));
    send(client, "/signin/passkey", &fields).await
}

async fn prove(client: &mut Client, key: &mut Authenticator) -> Page {
    let given = challenge(client, "/signin/passkey").await;
    send(client, "/signin/passkey", &key.get(&given)).await
}

#[test]
fn an_officer_comes_to_the_desk_by_list_code_and_passkey() {
    run(async {
        let real = Real::open().await;
        let who = Citizen::new();
        let entry = real.list(&who, &[Role::INTAKE, Role::REVIEW]);
        real.roster.replace(vec![entry.clone()]);
        let mut client = real.half(&who).await;
        client.get("/signin/passkey").await.is(200).says(&zh("factor-code-says")).holds("name=\"code\"");
        // without the code no passkey is even begun
        for code in ["", "0000-0000-0000-0000"] {
            client.post("/signin/passkey/challenge", &[("code", code)]).await.is(422);
        }
        let code = real.house.app.invite_officer(entry.id, BY).await.unwrap();
        let mut key = Authenticator::es256(b"desk");
        enrol(&mut client, &key, &code, "wrong").await.is(422).says(&zh("passkey-code"));
        client.get("/desk").await.is(303);
        enrol(&mut client, &key, &code.to_lowercase(), &code).await.goes_to("/desk");
        client.get("/desk").await.is(200).says(&zh("role-review"));
        // next time the passkey is enough, and the code is used
        let mut next = real.half(&who).await;
        next.get("/signin/passkey")
            .await
            .is(200)
            .says(&zh("factor-title"))
            .never_says(&zh("factor-code-says"));
        prove(&mut next, &mut key).await.goes_to("/desk");
        next.get("/desk").await.is(200);
        let state = real.house.app.officer_state(entry.id).await.unwrap();
        let kinds: Vec<_> = state.acts.iter().map(|act| act.kind.as_str()).collect();
        assert_eq!((state.passkeys, state.invited_until, kinds), (1, None, vec!["enrolled", "invited"]));
        // a reset ends all of it; the code that was used makes no other passkey
        real.house.app.reset_officer(entry.id, BY).await.unwrap();
        client.get("/desk").await.is(303);
        next.get("/desk").await.is(303);
        let mut anew = real.half(&who).await;
        anew.post("/signin/passkey/challenge", &[("code", &code)]).await.is(422);
    });
}

#[test]
fn a_session_is_worth_what_the_list_says_when_it_asks() {
    run(async {
        let real = Real::open().await;
        let who = Citizen::new();
        let entry = real.list(&who, &[Role::INTAKE, Role::HEAD, Role::REGISTER]);
        real.roster.replace(vec![entry.clone()]);
        let mut client = real.half(&who).await;
        let code = real.house.app.invite_officer(entry.id, BY).await.unwrap();
        enrol(&mut client, &Authenticator::eddsa(b"desk"), &code, &code).await.goes_to("/desk");
        client.get("/desk/officers").await.is(200).says(&who.name);
        client.get("/desk/window").await.is(200);
        real.roster.replace(vec![real.list(&who, &[Role::INTAKE])]);
        client.get("/desk").await.is(200).never_says(&zh("tab-officers"));
        client.get("/desk/officers").await.is(403);
        client.get("/desk/window").await.is(403);
        real.roster.replace(Vec::new());
        for closed in ["/desk", "/desk/sessions", "/desk/passkeys", "/desk/window"] {
            client.get(closed).await.is(303);
        }
        let mut again = real.signed_in(&who).await;
        again.get(POSTS).await.is(200).says(&zh("posts-none"));
        again.post("/signin/posts", &[("agency", &real.agency)]).await.is(404);
    });
}

#[test]
fn a_post_is_its_owners_alone() {
    run(async {
        let real = Real::open().await;
        let (who, other) = (Citizen::new(), Citizen::new());
        let entry = real.list(&who, &[Role::INTAKE]);
        real.roster.replace(vec![entry.clone()]);
        let mut stranger = real.signed_in(&other).await;
        stranger.get(POSTS).await.is(200).says(&zh("posts-none"));
        stranger.post("/signin/posts", &[("agency", &real.agency)]).await.is(404);
        stranger.get("/me").await.is(200);
        // the demonstration's way in does not exist, for anybody
        let one = format!("{}/{}", real.agency, entry.id);
        for client in [&mut stranger, &mut Client::new(&real.house)] {
            client.post_bare("/signin/officer", &[("officer", &one), ("back", "/desk")]).await.is(404);
        }
        // another's code and another's passkey open nothing
        let third = Citizen::new();
        let both = vec![entry.clone(), real.list(&third, &[Role::INTAKE])];
        real.roster.replace(both);
        let code = real.house.app.invite_officer(entry.id, BY).await.unwrap();
        let mut thirds = real.half(&third).await;
        thirds.post("/signin/passkey/challenge", &[("code", &code)]).await.is(422);
        // a form without the session's token takes no post
        let mut own = real.signed_in(&who).await;
        own.post_bare("/signin/posts", &[("agency", &real.agency)]).await.is(403);
        own.get("/me").await.is(200);
    });
}

/// The list has no numbers, and yet nobody stands on both sides of a case.
#[test]
fn whoever_handled_a_case_does_not_act_in_it_for_the_applicant() {
    run(async {
        let real = Real::open().await;
        let (owner, officer, sister) = (Citizen::new(), Citizen::new(), Citizen::new());
        let mut applicant = real.signed_in(&owner).await;
        let case = submit(&owner, &mut applicant, SHOP).await;
        let entry = real.list(&officer, &[Role::INTAKE]);
        real.roster.replace(vec![entry.clone()]);
        let mut desk = real.half(&officer).await;
        let code = real.house.app.invite_officer(entry.id, BY).await.unwrap();
        enrol(&mut desk, &Authenticator::es256(b"desk"), &code, &code).await.goes_to("/desk");
        act(&mut desk, &at_desk(SHOP, &case), "accept", &[]).await;
        let mine = format!("/me/cases/{case}");
        for (kin, status) in [(&sister, 200), (&officer, 404)] {
            let mut client = real.signed_in(kin).await;
            bind(&mut client, (&owner, &mut applicant), None).await;
            act_for(&mut client, "/me/relatives").await;
            client.get(&mine).await.is(status);
            // Nor once they have left the agency.
            real.roster.replace(if status == 404 { Vec::new() } else { vec![entry.clone()] });
            client.get(&mine).await.is(status);
        }
        real.roster.replace(vec![entry]);
        desk.get(&at_desk(SHOP, &case)).await.is(404);
    });
}

#[test]
fn a_demonstration_gives_no_posts() {
    run(async {
        let (_, mut client) = citizen(house().await).await;
        client.get("/signin/posts").await.is(200).says(&zh("posts-none"));
        client.get("/signin/officer").await.is(200);
    });
}
