//! 免证办: a certificate stands for a material, from the wallet to the desk.

use identity::Post;

use crate::client::{Client, Part};
use crate::house::{House, Setup, house, run, zh};
use crate::person::{Citizen, act, at_desk, begin, citizen, hand_in, item, officer, submit};

/// Its grant is written down as a certificate.
const PERMIT: &str = "ex-residence-permit";
/// Asks for that certificate.
const ENDORSED: &str = "ex-residence-permit-endorsement";
const MEETS: [(&str, &str); 2] = [("reason", "meets"), ("words", "材料齐全，符合条件")];

/// Somebody with a residence permit, and its page.
pub(crate) async fn holder(house: &House) -> (Citizen, Client, String) {
    let (who, mut client) = citizen(house).await;
    let case = at_desk(PERMIT, &submit(&who, &mut client, PERMIT).await);
    let mut clerk = officer(house, PERMIT, Post::Clerk).await;
    act(&mut clerk, &case, "accept", &[]).await;
    act(&mut officer(house, PERMIT, Post::Colleague).await, &case, "review", &MEETS).await;
    act(&mut officer(house, PERMIT, Post::Head).await, &case, "grant", &[]).await;
    act(&mut clerk, &case, "issue", &[]).await;
    house.work().await;
    let page = client.get("/me/certificates").await.is(200).link("/me/certificates/");
    (who, client, page)
}

/// An application for the endorsement, answered but for its material; it goes to an officer.
async fn answered(who: &Citizen, client: &mut Client) -> String {
    let draft = begin(client, ENDORSED).await;
    let mut answers = who.answers(&item(ENDORSED));
    answers.insert("still_here".into(), "moved".into());
    answers.insert("new_address".into(), "示例省示例市示例路10号".into());
    for page in &item(ENDORSED).form.pages {
        let own: Vec<(&str, &str)> = page
            .fields
            .iter()
            .filter_map(|field| Some((field.name.as_str(), answers.get(&field.name)?.as_str())))
            .collect();
        client.post(&format!("{draft}/{}", page.id), &own).await.is(303);
    }
    draft
}

#[test]
fn a_certificate_stands_for_a_material() {
    run(async {
        let house = House::open(Setup::default()).await;
        let (who, mut client, page) = holder(&house).await;
        let draft = answered(&who, &mut client).await;
        let materials = format!("{draft}/materials");
        client.get(&materials).await.is(200).says(&zh("proof-attached")).says(&zh("proof-detach"));
        let off = client.upload(&materials, &[("detach", "m1")], &[]).await.is(200);
        off.says(&zh("proof-free")).says(&zh("upload-choose")).never_says(&zh("proof-attached"));
        client.upload(&materials, &[("do", "continue")], &[]).await.is(422).says(&zh("material-missing"));
        client.upload(&materials, &[("attach", "m1")], &[]).await.is(200).says(&zh("proof-attached"));
        client.upload(&materials, &[("attach", "m9")], &[]).await.is(404);
        let go = client.upload(&materials, &[("do", "continue")], &[]).await;
        go.goes_to(&format!("{draft}/check"));
        client.get(&format!("{draft}/check")).await.is(200).says("由电子证照证明：居住证");
        let id = hand_in(&mut client, &draft).await;
        client.get(&format!("/me/cases/{id}")).await.is(200).says("由电子证照证明：居住证");
        let ledger = client.get(&page).await.is(200);
        ledger.says(&zh("ledger-used")).says("居住证签注");

        let case = at_desk(ENDORSED, &id);
        let mut head = officer(&house, ENDORSED, Post::Head).await;
        let seen = head.get(&case).await.is(200).says(&zh("proof-today-valid")).says("居住起始日");
        seen.never_says("居住地址").never_says(&zh("not-handed-in"));
        let pdf = head.get(&format!("{case}/proofs/m1/pdf")).await.is(200);
        assert_eq!(pdf.header("content-type"), "application/pdf");
        head.get(&format!("{case}/proofs/m2/pdf")).await.is(404);
        client.get(&page).await.is(200).says(&zh("ledger-seen"));
        let own = page.rsplit('/').next().unwrap();
        let desk = format!("/desk/certificates/{}/{own}", item(PERMIT).area);
        head.post(&format!("{desk}/revoke"), &[("seen", "1"), ("words", "登记有误")]).await.is(303);
        head.get(&case).await.is(200).says(&zh("proof-today-not")).says(&zh("standing-revoked"));
        // what does not hold stands for nothing
        let draft = answered(&who, &mut client).await;
        client.get(&format!("{draft}/materials")).await.is(200).never_says(&zh("proof-attached"));
    });
}

#[test]
fn a_sealed_file_is_had_by_its_holder_alone() {
    run(async {
        let house = house().await;
        let (_, mut client, page) = holder(house).await;
        client.get(&page).await.is(200).says(&zh("certificate-pdf")).says(&zh("certificate-own-seal"));
        let pdf = client.get(&format!("{page}/pdf")).await.is(200);
        assert_eq!(pdf.header("content-type"), "application/pdf");
        assert_eq!(pdf.header("content-security-policy"), "sandbox; default-src 'none'");
        let (_, mut other) = citizen(house).await;
        other.get(&format!("{page}/pdf")).await.is(404);
        let sent = Client::new(house).get(&format!("{page}/pdf")).await.is(303);
        assert!(sent.location().unwrap().starts_with("/signin?back="));
    });
}

#[test]
fn whoever_uploads_gives_no_certificate() {
    run(async {
        let house = house().await;
        let (who, mut client, page) = holder(house).await;
        let draft = answered(&who, &mut client).await;
        let files: [Part<'_>; 1] = [("file-m1", "居住证.pdf", app::sample_pdf())];
        let sent = client.upload(&format!("{draft}/materials"), &[("do", "continue")], &files).await;
        sent.goes_to(&format!("{draft}/check"));
        let id = hand_in(&mut client, &draft).await;
        let mut head = officer(house, ENDORSED, Post::Head).await;
        let seen = head.get(&at_desk(ENDORSED, &id)).await.is(200).says("居住证.pdf");
        seen.never_says(&zh("proof-today-valid"));
        client.get(&page).await.is(200).says(&zh("ledger-none"));
        // somebody without a certificate uploads as ever
        let (other, mut theirs) = citizen(house).await;
        let draft = answered(&other, &mut theirs).await;
        let seen = theirs.get(&format!("{draft}/materials")).await.is(200);
        seen.never_says(&zh("proof-attached")).never_says(&zh("proof-free"));
    });
}
