//! `/me/certificates/{id}/wallet`, `/vci`, `/oauth/token`, `/vct`: a certificate put into a wallet elsewhere
//! (OpenID4VCI 1.0), and everything that is refused on the way.

use serde_json::{Value, json};

use crate::certificates::{holder, revoke};
use crate::client::Client;
use crate::house::{House, Setup, run, zh};
use crate::page::Page;
use crate::partner::{self, answer, asking, file, member, parameter, register};
use crate::wallet_elsewhere::{SITE, WalletKey, body, claims, credential, decode, error, nonce, token, wish};

pub(crate) const KIND: &str = "small-restaurant";

/// An offer as its holder sees it: the code and the six digits.
async fn offer(client: &mut Client, page: &str) -> (String, String) {
    let shown = client.post(&format!("{page}/wallet"), &[]).await.is(200).holds("<svg ");
    let link = shown.link("openid-credential-offer://");
    let code = link.rsplit("%2F").next().unwrap().to_owned();
    let (_, rest) = shown.html.split_once("class=\"pin\">").unwrap();
    (code, rest.split_once('<').unwrap().0.to_owned())
}

pub(crate) fn at(house: &House) -> i64 {
    house.app.now().as_second()
}

/// An access token for the certificate at `page`.
pub(crate) async fn access(client: &mut Client, page: &str) -> String {
    let (code, pin) = offer(client, page).await;
    let given = body(&token(client, &code, &pin).await.is(200));
    given["access_token"].as_str().unwrap().to_owned()
}

/// The status that the site's list gives a credential: whether its bit is set.
async fn is_taken_back(wallet: &mut Client, credential: &str) -> bool {
    let status = claims(credential)["status"]["status_list"].clone();
    let list = wallet.get(status["uri"].as_str().unwrap().strip_prefix(SITE).unwrap()).await.is(200);
    let list = certificates::StatusList::from_claim(&claims(&list.html)["status_list"]).unwrap();
    list.get(status["idx"].as_u64().unwrap()).unwrap() != certificates::TokenStatus::Valid
}

#[test]
fn a_certificate_goes_into_a_wallet_elsewhere() {
    run(async {
        let house = House::open(Setup::default()).await;
        let (who, mut client, case, page) = holder(&house).await;
        client.get(&page).await.is(200).link(&format!("{page}/wallet"));
        client.get(&format!("{page}/wallet")).await.is(200).says(&zh("wallet-offer-says"));
        let (code, pin) = offer(&mut client, &page).await;

        let mut wallet = Client::new(&house);
        let offered = body(&wallet.get(&format!("/vci/offers/{code}")).await.is(200));
        assert_eq!(offered["credential_issuer"], SITE);
        assert_eq!(offered["credential_configuration_ids"], json!([KIND]));
        let grant = &offered["grants"]["urn:ietf:params:oauth:grant-type:pre-authorized_code"];
        assert_eq!((&grant["pre-authorized_code"], &grant["tx_code"]["length"]), (&json!(code), &json!(6)));

        let given = body(&token(&mut wallet, &code, &pin).await.is(200));
        assert_eq!((&given["token_type"], &given["expires_in"]), (&json!("Bearer"), &json!(300)));
        let access = given["access_token"].as_str().unwrap();
        let key = WalletKey::new();
        let nonce = nonce(&mut wallet).await;
        let proof = key.proof(&nonce, at(&house), &[]);
        let answer = body(&credential(&wallet, access, &wish(KIND, &proof)).await.is(200));
        let credential = answer["credentials"][0]["credential"].as_str().unwrap();

        let said = claims(credential);
        assert_eq!((&said["iss"], &said["vct"]), (&json!(SITE), &json!(format!("{SITE}/vct/{KIND}"))));
        assert_eq!(said["cnf"]["jwk"]["x"], key.jwk()["x"]);
        assert!(!said.to_string().contains(&who.name), "what is hidden is not in the open");
        assert!(
            credential
                .split('~')
                .skip(1)
                .filter(|part| !part.is_empty())
                .any(|part| { decode(part)[2] == json!(who.name) })
        );
        assert!(!is_taken_back(&mut wallet, credential).await);
        client.get(&page).await.is(200).says(&zh("ledger-wallet"));
        revoke(&house, &case).await;
        assert!(is_taken_back(&mut wallet, credential).await, "the copy ends with the certificate");
        client.get(&format!("{page}/wallet")).await.is(200).says(&zh("wallet-offer-not-valid"));
        client.post(&format!("{page}/wallet"), &[]).await.is(404);
    });
}

#[test]
fn an_offer_is_its_holders_and_is_used_once() {
    run(async {
        let house = House::open(Setup::default()).await;
        let (_, mut client, _, page) = holder(&house).await;
        let mut wallet = Client::new(&house);
        client.post_bare(&format!("{page}/wallet"), &[]).await.is(403);
        wallet.post_bare(&format!("{page}/wallet"), &[]).await.is(303);

        let (code, pin) = offer(&mut client, &page).await;
        assert_eq!(error(&token(&mut wallet, &code, "").await, 400), "invalid_request");
        assert_eq!(error(&token(&mut wallet, "x", &pin).await, 400), "invalid_grant");
        token(&mut wallet, &code, &pin).await.is(200);
        assert_eq!(error(&token(&mut wallet, &code, &pin).await, 400), "invalid_grant", "used twice");
        wallet.get(&format!("/vci/offers/{code}")).await.is(404);
        wallet.get("/vci/offers/x").await.is(404);

        let (code, pin) = offer(&mut client, &page).await;
        let wrong = if pin == "000000" { "000001" } else { "000000" };
        for _ in 0..5 {
            assert_eq!(error(&token(&mut wallet, &code, wrong).await, 400), "invalid_grant");
        }
        assert_eq!(error(&token(&mut wallet, &code, &pin).await, 400), "invalid_grant", "tried too often");

        let (code, pin) = offer(&mut client, &page).await;
        house.clock.advance(300);
        assert_eq!(error(&token(&mut wallet, &code, &pin).await, 400), "invalid_grant", "too late");
        wallet.get(&format!("/vci/offers/{code}")).await.is(404);
        let other = wallet.post_bare("/oauth/token", &[("grant_type", "password")]).await;
        assert_eq!(error(&other, 400), "unsupported_grant_type");
    });
}

/// Asks with a proof made with these changes; the error and its words.
async fn refused(house: &House, token: &str, change: &[(&str, Value)]) -> (String, String) {
    let mut wallet = Client::new(house);
    let nonce = nonce(&mut wallet).await;
    let proof = WalletKey::new().proof(&nonce, at(house), change);
    let page = credential(&wallet, token, &wish(KIND, &proof)).await;
    (error(&page, 400), body(&page)["error_description"].as_str().unwrap().to_owned())
}

#[test]
fn each_bad_proof_is_refused_for_its_own_reason() {
    run(async {
        let house = House::open(Setup::default()).await;
        let (_, mut client, _, page) = holder(&house).await;
        let access = access(&mut client, &page).await;
        let other = WalletKey::new().jwk();
        let cases: [(&str, Value, &str, &str); 8] = [
            ("aud", json!("https://other.example"), "invalid_proof", "wrong-audience"),
            ("iat", json!(at(&house) - 400), "invalid_proof", "proof-not-fresh"),
            ("nonce", json!("made up"), "invalid_nonce", "the nonce is unknown, used or over"),
            ("h.alg", json!("none"), "invalid_proof", "alg-none"),
            ("h.alg", json!("EdDSA"), "invalid_proof", "key-confusion"),
            ("h.alg", json!("HS256"), "invalid_proof", "key-confusion"),
            ("h.typ", json!("JWT"), "invalid_proof", "wrong-form"),
            ("h.jwk", other, "invalid_proof", "proof-altered"),
        ];
        for (name, value, expected, words) in cases {
            let found = refused(&house, &access, &[(name, value)]).await;
            assert_eq!(found, (expected.to_owned(), words.to_owned()), "{name}");
        }

        let mut wallet = Client::new(&house);
        let key = WalletKey::new();
        let once = nonce(&mut wallet).await;
        let proof = key.proof(&once, at(&house), &[]);
        let ask = async |wish: Value| credential(&wallet, &access, &wish).await;
        let wrong = |page: &Page| error(page, 400);
        assert_eq!(wrong(&ask(wish("unknown", &proof)).await), "unknown_credential_configuration");
        assert_eq!(wrong(&ask(wish("residence-permit", &proof)).await), "credential_request_denied");
        assert_eq!(wrong(&ask(json!([])).await), "invalid_credential_request");
        assert_eq!(wrong(&ask(json!({ "credential_configuration_id": KIND })).await), "invalid_proof");
        let two = json!({ "credential_configuration_id": KIND, "proofs": { "jwt": [proof, proof] } });
        assert_eq!(wrong(&ask(two).await), "invalid_proof");
        let identifier = json!({ "credential_identifier": "x", "proofs": { "jwt": [proof] } });
        assert_eq!(wrong(&ask(identifier).await), "unknown_credential_identifier");
        ask(wish(KIND, &proof)).await.is(200);
        let again = ask(wish(KIND, &proof)).await;
        assert_eq!(error(&again, 401), "invalid_token", "a token is used once");
        assert!(again.header("www-authenticate").starts_with("Bearer"));
    });
}

#[test]
fn a_nonce_is_used_once_and_a_token_ends() {
    run(async {
        let house = House::open(Setup::default()).await;
        let (_, mut client, case, page) = holder(&house).await;
        let mut wallet = Client::new(&house);
        let (first, second) = (access(&mut client, &page).await, access(&mut client, &page).await);
        let key = WalletKey::new();
        let proof = key.proof(&nonce(&mut wallet).await, at(&house), &[]);
        credential(&wallet, &first, &wish(KIND, &proof)).await.is(200);
        let replayed = credential(&wallet, &second, &wish(KIND, &proof)).await;
        assert_eq!(error(&replayed, 400), "invalid_nonce", "replayed");

        let late = nonce(&mut wallet).await;
        house.clock.advance(290);
        let proof = key.proof(&late, at(&house), &[]);
        let third = access(&mut client, &page).await;
        house.clock.advance(10);
        let expired = credential(&wallet, &third, &wish(KIND, &proof)).await;
        assert_eq!(error(&expired, 400), "invalid_nonce", "over");
        let proof = key.proof(&nonce(&mut wallet).await, at(&house), &[]);
        assert_eq!(error(&credential(&wallet, &second, &wish(KIND, &proof)).await, 401), "invalid_token");
        credential(&wallet, "", &wish(KIND, &proof)).await.is(401);
        for wrong in ["x", &late] {
            assert_eq!(error(&credential(&wallet, wrong, &wish(KIND, &proof)).await, 401), "invalid_token");
        }
        revoke(&house, &case).await;
        let gone = credential(&wallet, &third, &wish(KIND, &proof)).await;
        assert_eq!(error(&gone, 400), "credential_request_denied", "revoked meanwhile");
    });
}

#[test]
fn wallets_find_what_they_need() {
    run(async {
        let house = House::open(Setup::default()).await;
        let mut wallet = Client::new(&house);
        let plain = wallet.get("/.well-known/openid-credential-issuer").await.is(200);
        let metadata = body(&plain);
        let known = &metadata["credential_configurations_supported"][KIND];
        assert_eq!(
            (&known["format"], &known["vct"]),
            (&json!("dc+sd-jwt"), &json!(format!("{SITE}/vct/{KIND}")))
        );
        let names = known["credential_metadata"]["display"].as_array().unwrap();
        assert_eq!(names.len(), 2, "a name in each language");
        let mut signing = wallet.clone().with("accept", "application/jwt");
        let signed = signing.get("/.well-known/openid-credential-issuer").await.is(200);
        assert_eq!(signed.header("content-type"), "application/jwt");
        let said = claims(&signed.html);
        assert_eq!((&said["sub"], &said["nonce_endpoint"]), (&json!(SITE), &metadata["nonce_endpoint"]));
        let server = body(&wallet.get("/.well-known/oauth-authorization-server").await.is(200));
        assert_eq!(
            (&server["issuer"], &server["token_endpoint"]),
            (&json!(SITE), &json!(format!("{SITE}/oauth/token")))
        );
        let kind = body(&wallet.get(&format!("/vct/{KIND}")).await.is(200));
        assert_eq!(kind["vct"], known["vct"]);
        wallet.get("/vct/unknown").await.is(404);
    });
}

/// An access token of an application for what somebody agreed to.
async fn agreed(
    house: &House,
    partner: &partner::Partner,
    client: &mut Client,
    chosen: &[(&str, &str)],
) -> String {
    let page = client.get(&asking(partner, "openid certificates", &[])).await.is(200);
    let to = answer(client, &page, "yes", chosen).await;
    let code = parameter(&to, "code").unwrap();
    member(&partner.exchange(house, &code).await, "access_token")
}

#[test]
fn an_application_fetches_what_its_holder_agreed_to() {
    run(async {
        let house = House::open(Setup::default()).await;
        let (_, mut client, case, page) = holder(&house).await;
        let mut about = file("wallet-app");
        about
            .scopes
            .insert(app::Scope::Certificates, domain::Text::both("存进钱包", "To keep in the wallet"));
        let partner = register(&house, about).await;
        let mut wallet = Client::new(&house);
        let key = WalletKey::new();
        // Certificates are agreed to apart: without the box the token does not open them.
        let bare = agreed(&house, &partner, &mut client, &[]).await;
        let proof = key.proof(&nonce(&mut wallet).await, at(&house), &[]);
        let refused = credential(&wallet, &bare, &wish(KIND, &proof)).await;
        assert_eq!(error(&refused, 403), "insufficient_scope");

        let token = agreed(&house, &partner, &mut client, &[("scope-certificates", "yes")]).await;
        let fetch = async |kind: &str| {
            let mut asking = wallet.clone();
            let proof = key.proof(&nonce(&mut asking).await, at(&house), &[]);
            credential(&wallet, &token, &wish(kind, &proof)).await
        };
        let answer = body(&fetch(KIND).await.is(200));
        let fetched = answer["credentials"][0]["credential"].as_str().unwrap();
        assert_eq!(claims(fetched)["cnf"]["jwk"]["x"], key.jwk()["x"]);
        assert_eq!(error(&fetch("residence-permit").await, 400), "credential_request_denied", "none is held");
        client.get(&page).await.is(200).says(&zh("ledger-wallet")).says("示例·图书馆");
        revoke(&house, &case).await;
        assert_eq!(error(&fetch(KIND).await, 400), "credential_request_denied");
        house.clock.advance(601);
        assert_eq!(error(&fetch(KIND).await, 401), "invalid_token");
    });
}
