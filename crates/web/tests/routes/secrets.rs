//! The whole site is used by people whose secrets are known, and then every byte that was left anywhere is
//! searched for them: database, write-ahead log, blobs, checkpoints, backup, and all that was logged.

use app::sample_pdf;
use domain::CitizenNumber;
use identity::{Post, demo_companies, demo_people};

use crate::client::{Client, Part};
use crate::house::{House, Setup, run, zh};
use crate::kin::{act_for, act_for_oneself, action, agree, asking, bind};
use crate::person::{Citizen, SHOP, act, at_desk, begin, hand_in, item, officer};
use crate::secrets_forms::{Secret, files_under, listen, logged};

const MOBILE: &str = "13977317731";
const ADDRESS: &str = "示例省示例市私路7731号";
const ANSWER: &str = "私事7731";
const FILE_NAME: &str = "私名7731";
const FILE_WORDS: &str = "SIJIAN-CONTENT-7731";
const DESK_WORDS: &str = "私因7731看不清";
const NOTE: &str = "私注7731换了一张";
const UNMASKED: &str = "私看7731问地址";
const VERIFIER: &str = "私店7731旅馆";
const MEETS: [(&str, &str); 2] = [("reason", "meets"), ("words", "私评7731符合条件")];

/// Somebody whose number no other test uses.
fn person(order: u32) -> Citizen {
    let body = format!("99000019880707{order}");
    let number = format!("{body}{}", CitizenNumber::check_character(&body).unwrap());
    Citizen { name: format!("示例·私隐{order}号"), number }
}

/// Fills an application in with secrets, by way of what is wrong at first; its address.
async fn fill(who: &Citizen, client: &mut Client) -> String {
    let item = item(SHOP);
    let draft = begin(client, SHOP).await;
    let mut answers = who.answers(&item);
    for field in item.form.pages.iter().flat_map(|page| &page.fields) {
        let Some(answer) = answers.get_mut(&field.name) else { continue };
        match field.kind {
            packs::FieldKind::Text { .. } if answer.contains("示例路9号") => *answer = ADDRESS.to_owned(),
            packs::FieldKind::Text { max, .. } if max >= 10 && !answer.contains(&who.name) => {
                *answer = format!("{ANSWER}·{answer}").chars().take(max as usize).collect();
            }
            packs::FieldKind::Mobile => *answer = MOBILE.to_owned(),
            _ => {}
        }
    }
    for page in &item.form.pages {
        let own: Vec<(&str, &str)> = page
            .fields
            .iter()
            .filter_map(|field| Some((field.name.as_str(), answers.get(&field.name)?.as_str())))
            .collect();
        let place = format!("{draft}/{}", page.id);
        let wrong: Vec<(&str, &str)> = own.iter().map(|(name, _)| (*name, ANSWER)).collect();
        client.post(&place, &wrong).await;
        client.post(&place, &own).await.is(303);
    }
    let mut content = sample_pdf().to_vec();
    content.extend_from_slice(FILE_WORDS.as_bytes());
    let file = format!("{FILE_NAME}.pdf");
    let names: Vec<String> = item.materials.iter().map(|material| format!("file-{}", material.id)).collect();
    let files: Vec<Part<'_>> =
        names.iter().map(|name| (name.as_str(), file.as_str(), content.as_slice())).collect();
    let materials = format!("{draft}/materials");
    client.upload(&materials, &[], &[(names[0].as_str(), &format!("{FILE_NAME}.exe"), b"MZ")]).await;
    client.upload(&materials, &[("do", "continue")], &files).await.goes_to(&format!("{draft}/check"));
    let way = client.get(&materials).await.is(200).link("/files/");
    client.get(&way).await.is(200);
    client.get(&format!("{draft}/check")).await.is(200).says(&who.name);
    draft
}

/// Officers ask for a correction, get it, and grant.
async fn decide(house: &House, client: &mut Client, id: &str) {
    let (mine, case) = (format!("/me/cases/{id}"), at_desk(SHOP, id));
    let mut desk = officer(house, SHOP, Post::Colleague).await;
    act(&mut desk, &case, "claim", &[]).await;
    act(&mut desk, &case, "ask-correction", &[("material", "m2"), ("words", DESK_WORDS)]).await;
    let new = [("file-m2", "私名7731二.pdf", sample_pdf())];
    client.upload(&format!("{mine}/correct"), &[("note", NOTE)], &new).await.is(303);
    let way = desk.get(&case).await.is(200).says(NOTE).link("/files/");
    desk.get(&way).await.is(200);
    act(&mut desk, &case, "accept", &[]).await;
    act(&mut desk, &case, "review", &MEETS).await;
    act(&mut officer(house, SHOP, Post::Clerk).await, &case, "review", &MEETS).await;
    act(&mut officer(house, SHOP, Post::Head).await, &case, "grant", &[]).await;
    house.work().await;
}

/// The holder shows their certificate, a stranger checks it, and an officer takes it back.
async fn certificate(house: &House, client: &mut Client, id: &str) {
    let page = client.get(&format!("/me/cases/{id}")).await.is(200).link("/me/certificates/");
    client.get(&format!("{page}/show?preset=all")).await.is(200);
    let session = house.app.session(client.cookie("session").unwrap()).await.unwrap().unwrap();
    let own = page.rsplit('/').next().unwrap().parse().unwrap();
    let fields = ["name".to_owned(), "shop".to_owned()];
    let code = house.app.show_code(session.citizen().unwrap(), own, &fields).await.unwrap().1.text;
    let mut stranger = Client::new(house);
    stranger.get(&format!("/verify?c={code}")).await.is(200);
    let fields = [("code", code.as_str()), ("who", VERIFIER), ("purpose", "私用7731登记")];
    stranger.post_bare("/verify", &fields).await.is(200).says(&zh("verify-valid"));
    let mut head = officer(house, SHOP, Post::Head).await;
    let desk = head.get(&at_desk(SHOP, id)).await.is(200).link("/desk/certificates/");
    head.post(&format!("{desk}/revoke"), &[("seen", "1"), ("words", "私撤7731有误")]).await.is(303);
    client.get(&page).await.is(200).says("私撤7731有误");
}

/// What somebody types where it does not belong.
async fn mistakes(house: &House, client: &mut Client, who: &Citizen) {
    let mut stranger = Client::new(house);
    let wrong = [("name", who.name.as_str()), ("number", &who.number[..17]), ("back", "/me")];
    stranger.post_bare("/signin", &wrong).await.is(422);
    let other = [("name", "示例·不是我"), ("number", who.number.as_str()), ("back", "/me")];
    stranger.post_bare("/signin", &other).await;
    for client in [&mut stranger, client] {
        for place in ["/search?q=", "/items/", "/me/cases/", "/verify?c=", "/static/", "/me/messages/"] {
            // A page that repeats what was searched for would show the whole number, so its ends are cut.
            for secret in [&who.number[1..17], MOBILE] {
                client.get(&format!("{place}{secret}")).await;
            }
        }
        client.post("/signin", &[("name", &who.name), ("number", "123")]).await;
        client.post_bare(&format!("/me/{}", &who.number[1..17]), &[("name", &who.name)]).await;
    }
}

/// An officer has what is masked shown, the person exports and looks, and leaves.
async fn rights(house: &House, client: &mut Client, id: &str, leaves: (&Citizen, &mut Client)) {
    let mut desk = officer(house, SHOP, Post::Colleague).await;
    let fields = [("reason", "other"), ("words", UNMASKED)];
    desk.post(&format!("{}/unmask", at_desk(SHOP, id)), &fields).await.is(200).says(MOBILE);
    let mut chief = officer(house, SHOP, Post::Chief).await;
    chief.get("/desk/unmaskings").await.is(200).says(UNMASKED);
    client.get("/me/privacy/reads").await.is(200).says(UNMASKED).says(VERIFIER);
    let archive = client.post("/me/privacy/export", &[]).await.is(200);
    assert!(archive.bytes.len() > 2_000, "an archive with files");
    let draft = begin(leaves.1, "ex-public-rental-housing").await;
    leaves.1.get(&format!("{draft}/check")).await.is(200);
    leaves.1.post("/me/privacy/delete", &[("sure", "yes")]).await.goes_to("/?notice=erased");
    assert!(!leaves.0.name.is_empty());
}

/// Relatives, an organisation, the window.
async fn others(house: &House, base: u32, one: (&Citizen, &mut Client), two: (&Citizen, &mut Client)) {
    bind(&mut *two.1, (one.0, &mut *one.1), None).await;
    act_for(&mut *two.1, "/me/relatives").await;
    two.1.get("/me").await.is(200).says(&one.0.name);
    act_for_oneself(&mut *two.1).await;
    let nobody = person(base + 3);
    one.1.post("/me/relatives/ask", &asking("agent", &nobody)).await.is(303);
    let company = demo_companies().remove(0);
    let legal = demo_people().into_iter().find(|person| person.number == company.legal).unwrap();
    let legal = Citizen { name: legal.name.to_owned(), number: legal.number.reveal().to_owned() };
    let mut head = legal.sign_in(house).await;
    head.post("/me/organisations", &[("code", company.code.as_str())]).await.is(303);
    let page = head.get("/me/organisations").await.link("/me/organisations/");
    head.post(&format!("{page}/appoint"), &asking("principal", two.0)).await.is(303);
    agree(&mut *two.1, "/me/organisations").await;
    action(&head.get(&page).await, "/dismiss");
    let seen = person(base + 4);
    let mut desk = officer(house, SHOP, Post::Colleague).await;
    for (name, number) in [(&seen.name, &seen.number), (&one.0.name, &one.0.number)] {
        let fields =
            [("name", name.as_str()), ("number", number), ("card", "id-card"), ("words", "私到7731")];
        desk.post("/desk/window", &fields).await.is(303);
    }
    let wrong =
        [("name", seen.name.as_str()), ("number", &one.0.number), ("card", "id-card"), ("words", "x")];
    desk.post("/desk/window", &wrong).await.is(422);
}

/// One day of the site; everybody's secrets.
async fn day(house: &House, base: u32) -> Vec<Secret> {
    let (one, two) = (person(base + 1), person(base + 2));
    let (mut client, mut second) = (one.sign_in(house).await, two.sign_in(house).await);
    for place in ["/me/profile", "/me/sessions", "/me/passkeys", "/me/messages", "/me/certificates"] {
        client.get(place).await.is(200);
    }
    let draft = fill(&one, &mut client).await;
    let id = hand_in(&mut client, &draft).await;
    client.get(&format!("/me/cases/{id}/receipt")).await.is(200);
    decide(house, &mut client, &id).await;
    certificate(house, &mut client, &id).await;
    client.post(&format!("/me/cases/{id}/rate"), &[("level", "5"), ("words", "私怨7731太慢")]).await.is(303);
    let letters = client.get("/me/messages").await.links();
    for link in letters.iter().filter(|link| link.starts_with("/me/messages/")) {
        client.get(link).await.is(200);
    }
    let (leaver, mut leaving) = (person(base + 5), person(base + 5).sign_in(house).await);
    rights(house, &mut client, &id, (&leaver, &mut leaving)).await;
    others(house, base, (&one, &mut client), (&two, &mut second)).await;
    mistakes(house, &mut client, &one).await;
    // one draft stays
    fill(&two, &mut second).await;
    house.work().await;
    house.app.anchor_heads().await.unwrap();
    let mut secrets = Vec::new();
    for order in base + 1..base + 6 {
        let who = person(order);
        secrets.push(Secret::new("a citizen number", &who.number));
        secrets.push(Secret::new("the body of a citizen number", &who.number[6..17]));
        secrets.push(Secret::new("a name", &who.name));
    }
    let words = [MOBILE, ADDRESS, ANSWER, FILE_NAME, FILE_WORDS, DESK_WORDS, NOTE, VERIFIER, MEETS[1].1];
    let more = ["私用7731登记", "私撤7731有误", "私到7731", "私怨7731太慢", UNMASKED, "示例·不是我"];
    secrets.extend(words.into_iter().chain(more).map(|words| Secret::new(words, words)));
    secrets
}

/// Every place in which a secret stands.
fn found(house: &House, secrets: &[Secret]) -> Vec<String> {
    let mut all: Vec<(String, Vec<u8>)> = files_under(house.folder())
        .into_iter()
        .map(|file| (file.display().to_string(), std::fs::read(&file).unwrap()))
        .collect();
    all.push(("the log".to_owned(), logged()));
    let mut found = Vec::new();
    for (place, bytes) in &all {
        for secret in secrets {
            let names = secret.within(place.as_bytes());
            if let Some(form) = secret.within(bytes).or(names) {
                found.push(format!("{} stands in {place} as {form}", secret.what));
            }
        }
    }
    found
}

async fn search(setup: Setup, base: u32) {
    listen();
    let sqlite = setup.postgres.is_none();
    let house = House::open(setup).await;
    let secrets = day(&house, base).await;
    house.app.store.backup(&house.folder().join("backup"), &|_, _| {}).await.unwrap();
    let files: Vec<String> =
        files_under(house.folder()).iter().map(|file| file.display().to_string()).collect();
    for part in ["/blobs/", "checkpoints.jsonl", "/backup/persons.jsonl", "/backup/events.jsonl"] {
        assert!(files.iter().any(|file| file.contains(part)), "{part} is searched: {files:?}");
    }
    let write_ahead = files.iter().any(|file| file.ends_with("store.db-wal"));
    assert_eq!(write_ahead, sqlite);
    assert!(!logged().is_empty());
    let clear = found(&house, &secrets);
    assert!(clear.is_empty(), "{}", clear.join("\n"));
    planted(&house, &person(base + 1), &secrets).await;
}

/// The search would find what stood there: each secret is put into a row, a file and the log in some form.
async fn planted(house: &House, who: &Citizen, secrets: &[Secret]) {
    let letter = store::Message {
        person: uuid::Uuid::from_u128(1),
        id: uuid::Uuid::from_u128(2),
        at: 0,
        kind: "submitted".to_owned(),
        data: format!("{{\"name\":\"{}\"}}", who.name),
        sealed: Some(who.number.clone().into_bytes()),
        case_area: None,
        case_id: None,
        read_at: None,
    };
    house.app.store.add_message(letter).await.unwrap();
    house.app.store.backup(&house.folder().join("planted"), &|_, _| {}).await.unwrap();
    let told = found(house, secrets).join("\n");
    assert!(told.contains("a citizen number stands in ") && told.contains("a name stands in "), "{told}");
    assert!(told.contains("planted/messages.jsonl"), "{told}");
    if house.folder().join("store.db").exists() {
        assert!(told.contains("store.db"), "the raw database is searched: {told}");
    }
    tracing::trace!(number = who.number, "planted");
    std::fs::write(house.folder().join("data/blobs/planted"), ADDRESS).unwrap();
    let told = found(house, secrets).join("\n");
    assert!(told.contains("stands in the log"), "{told}");
    assert!(told.contains(&format!("{ADDRESS} stands in ")), "{told}");
}

#[test]
fn no_byte_anywhere_tells_who_somebody_is_or_what_they_wrote() {
    run(search(Setup::default(), 800));
}

#[test]
fn no_byte_anywhere_tells_it_on_postgresql_either() {
    let Ok(server) = std::env::var("SHENGSHI_TEST_POSTGRES") else {
        eprintln!("skipped on PostgreSQL: SHENGSHI_TEST_POSTGRES is not set");
        return;
    };
    run(async {
        let name = format!("web_{}", uuid::Uuid::from_bytes(store::random().unwrap()).simple());
        let (client, connection) = tokio_postgres::connect(&server, tokio_postgres::NoTls).await.unwrap();
        tokio::spawn(connection);
        client.batch_execute(&format!("CREATE DATABASE {name}")).await.unwrap();
        let (base, _) = server.rsplit_once('/').unwrap();
        search(Setup { postgres: Some(format!("{base}/{name}")), ..Setup::default() }, 810).await;
    });
}
