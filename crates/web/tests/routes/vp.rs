//! `/verify/ask…`: a wallet elsewhere is asked for a certificate (OpenID4VP 1.0), answers, and lies.

use certificates::{Issue, SigningKey};
use serde_json::{Value, json};

use crate::certificates::{holder, revoke};
use crate::client::Client;
use crate::house::{House, Setup, run, zh};
use crate::page::Page;
use crate::person::Citizen;
use crate::vci::{KIND, access, at};
use crate::wallet_elsewhere::{
    SITE, WalletKey, body, claims, credential, decode, encode, error, nonce, wish,
};

const CLIENT: &str = "decentralized_identifier:did:web:site.example";

/// A site with a credential of it in a wallet elsewhere.
struct Scene {
    house: House,
    who: Citizen,
    case: String,
    wallet: Client,
    key: WalletKey,
    credential: String,
}

/// A question: the asker's page, and the address that wallets are told.
struct Question {
    page: String,
    request: String,
    nonce: String,
}

impl Scene {
    async fn set() -> Self {
        let house = House::open(Setup::default()).await;
        let (who, mut client, case, page) = holder(&house).await;
        let mut wallet = Client::new(&house);
        let key = WalletKey::new();
        let token = access(&mut client, &page).await;
        let proof = key.proof(&nonce(&mut wallet).await, at(&house), &[]);
        let answer = body(&credential(&wallet, &token, &wish(KIND, &proof)).await.is(200));
        let credential = answer["credentials"][0]["credential"].as_str().unwrap().to_owned();
        Self { house, who, case, wallet, key, credential }
    }

    /// Asks for the name and the shop.
    async fn ask(&self, verifier: &mut Client) -> Question {
        let form = [("kind", KIND), ("f", "name"), ("f", "shop"), ("who", "示例银行"), ("purpose", "开户")];
        let page = verifier.post_bare("/verify/ask", &form).await.is(303).location().unwrap().to_owned();
        let link = verifier.get(&page).await.is(200).holds("<svg ").link("openid4vp://");
        let request = format!("/verify/asked/{}", link.rsplit("%2F").next().unwrap());
        let object = self.wallet.clone().get(&request).await.is(200);
        assert_eq!(object.header("content-type"), "application/oauth-authz-req+jwt");
        let asked = claims(&object.html);
        assert_eq!((&asked["client_id"], &asked["response_mode"]), (&json!(CLIENT), &json!("direct_post")));
        assert_eq!(asked["response_uri"], json!(format!("{SITE}{request}")));
        let wanted = &asked["dcql_query"]["credentials"][0];
        assert_eq!(wanted["claims"], json!([{ "path": ["holder", "name"] }, { "path": ["shop"] }]));
        Question { page, request, nonce: asked["nonce"].as_str().unwrap().to_owned() }
    }

    /// The credential with these fields, and the holder's proof with these changes.
    fn present(&self, show: &[&str], nonce: &str, change: &[(&str, Value)]) -> String {
        self.bind(&self.shown(show), nonce, change)
    }

    fn shown(&self, show: &[&str]) -> String {
        let mut parts = self.credential.split('~');
        let mut text = format!("{}~", parts.next().unwrap());
        for part in parts.filter(|part| !part.is_empty()) {
            let name = decode(part)[1].as_str().unwrap().to_owned();
            if show.contains(&name.as_str()) {
                text.push_str(&format!("{part}~"));
            }
        }
        text
    }

    fn bind(&self, shown: &str, nonce: &str, change: &[(&str, Value)]) -> String {
        let hash = encode(ring::digest::digest(&ring::digest::SHA256, shown.as_bytes()).as_ref());
        let mut claims = json!({ "aud": CLIENT, "nonce": nonce, "iat": at(&self.house), "sd_hash": hash });
        for (name, value) in change {
            claims[*name] = value.clone();
        }
        format!("{shown}{}", self.key.sign(&json!({ "alg": "ES256", "typ": "kb+jwt" }), &claims))
    }

    async fn answer(&self, question: &Question, presentation: &str) -> Page {
        let token = json!({ "certificate": [presentation] }).to_string();
        self.wallet.clone().post_bare(&question.request, &[("vp_token", &token)]).await
    }

    /// What a presentation is refused for: the exact reason, and what the asker reads.
    async fn refused(&self, presentation: impl Fn(&Question) -> String) -> (String, String) {
        let mut verifier = Client::new(&self.house);
        let question = self.ask(&mut verifier).await;
        let page = self.answer(&question, &presentation(&question)).await;
        assert_eq!(error(&page, 400), "invalid_request");
        let seen = verifier.get(&question.page).await.is(200);
        assert!(!seen.html.contains("outcome valid"), "never valid");
        let exact = body(&page)["error_description"].as_str().unwrap().to_owned();
        (exact, seen.words())
    }
}

const BOTH: [&str; 2] = ["name", "shop"];

#[test]
fn a_wallet_elsewhere_shows_what_was_asked_and_nothing_more() {
    run(async {
        let scene = Scene::set().await;
        let mut verifier = Client::new(&scene.house);
        verifier.get("/verify").await.is(200).link("/verify/ask");
        verifier.get("/verify/ask").await.is(200).link("kind=small-restaurant");
        verifier.get("/verify/ask?kind=small-restaurant").await.is(200).says(&zh("wallet-ask-fields"));
        verifier.post_bare("/verify/ask", &[("kind", "unknown")]).await.is(404);

        let question = scene.ask(&mut verifier).await;
        // More is shown than was asked: it is not told.
        let shown = scene.present(&["name", "shop", "premises", "number"], &question.nonce, &[]);
        scene.answer(&question, &shown).await.is(200);
        let seen = verifier.get(&question.page).await.is(200).says(&zh("verify-valid")).says(&scene.who.name);
        seen.never_says(&zh("certificate-number")).never_says("经营场所");
        let again = scene.answer(&question, &shown).await;
        assert_eq!(error(&again, 400), "invalid_request");
        assert_eq!(body(&again)["error_description"], "replayed");
        scene.wallet.clone().get(&question.request).await.is(404);
        // The address that wallets know does not show what came, nor the other way round.
        let request = question.request.rsplit('/').next().unwrap();
        let page = question.page.rsplit('/').next().unwrap();
        verifier.get(&format!("/verify/ask/{request}")).await.is(404);
        verifier.get(&format!("/verify/asked/{page}")).await.is(404);
        scene.house.clock.advance(600);
        verifier.get(&question.page).await.is(404);

        let did = body(&verifier.get("/.well-known/did.json").await.is(200));
        assert_eq!(did["id"], "did:web:site.example");
        assert_eq!(did["verificationMethod"][0]["publicKeyJwk"]["kty"], "OKP");
    });
}

#[test]
fn each_lie_has_its_own_reason() {
    run(async {
        let scene = Scene::set().await;
        let honest =
            |question: &Question, change: &[(&str, Value)]| scene.present(&BOTH, &question.nonce, change);
        let old = json!(at(&scene.house) - 400);
        let other = json!("decentralized_identifier:did:web:other.example");
        let swapped = |text: &str, from: &str, to: &str| {
            assert!(text.contains(from));
            text.replacen(from, to, 1)
        };
        let header = scene.credential.split('.').next().unwrap().to_owned();
        let forged = |alg: &str| {
            let mut read = decode(&header);
            read["alg"] = json!(alg);
            encode(read.to_string().as_bytes())
        };
        let with_header = |question: &Question, alg: &str| {
            scene.bind(&swapped(&scene.shown(&BOTH), &header, &forged(alg)), &question.nonce, &[])
        };
        type Answer<'a> = &'a dyn Fn(&Question) -> String;
        let cases: [(&str, &str, Answer<'_>); 11] = [
            ("wrong-audience", "wrong-audience", &|q| honest(q, &[("aud", other.clone())])),
            ("wrong-nonce", "wrong-nonce", &|q| honest(q, &[("nonce", json!("another"))])),
            ("proof-not-fresh", "not-fresh", &|q| honest(q, &[("iat", old.clone())])),
            ("proof-of-other", "proof-altered", &|q| honest(q, &[("sd_hash", json!("x"))])),
            ("proof-missing", "proof-missing", &|_| scene.shown(&BOTH)),
            ("incomplete", "incomplete", &|q| scene.present(&["name"], &q.nonce, &[])),
            ("alg-none", "altered", &|q| with_header(q, "none")),
            ("key-confusion", "altered", &|q| with_header(q, "HS256")),
            ("altered", "altered", &|q| {
                let shown = scene.shown(&BOTH);
                let signature = shown.split('~').next().unwrap().rsplit('.').next().unwrap();
                let first = if signature.starts_with('A') { "B" } else { "A" };
                let changed = format!("{first}{}", &signature[1..]);
                scene.bind(&swapped(&shown, signature, &changed), &q.nonce, &[])
            }),
            ("malformed", "unreadable", &|_| "no certificate".to_owned()),
            ("disclosure-unreferenced", "altered", &|q| {
                let made = encode(json!(["salt", "shop", "示例·别家"]).to_string().as_bytes());
                scene.bind(&format!("{}{made}~", scene.shown(&["name"])), &q.nonce, &[])
            }),
        ];
        for (exact, told, make) in cases {
            let found = scene.refused(make).await;
            assert_eq!(found.0, exact);
            assert!(found.1.contains(&zh(&format!("invalid-shown-{told}"))), "{exact}: {}", found.1);
        }
        let mut verifier = Client::new(&scene.house);
        let question = scene.ask(&mut verifier).await;
        scene.wallet.clone().post_bare(&question.request, &[("error", "access_denied")]).await.is(200);
        verifier.get(&question.page).await.is(200).says(&zh("invalid-shown-declined"));
        // What was refused leaves the question open for the one who can answer it.
        scene.answer(&question, &honest(&question, &[])).await.is(200);
        verifier.get(&question.page).await.is(200).says(&zh("verify-valid"));

        revoke(&scene.house, &scene.case).await;
        let gone = scene.refused(|question| honest(question, &[])).await;
        assert_eq!(gone.0, "revoked");
        assert!(gone.1.contains(&zh("invalid-shown-revoked")));
        scene.house.clock.advance(4 * 366 * 86_400);
        let late = scene.refused(|question| honest(question, &[])).await;
        assert_eq!(late.0, "expired");
        assert!(late.1.contains(&zh("invalid-shown-expired")));
    });
}

/// What the site's own key signs, as only the site could: with another issuer, type or status.
async fn signed(scene: &Scene, change: &[(&str, Value)]) -> String {
    let mut said = claims(&scene.credential);
    for name in ["_sd", "_sd_alg", "cnf", "holder"] {
        said.as_object_mut().unwrap().remove(name);
    }
    said["holder"] = json!({ "name": "示例·某" });
    said["shop"] = json!("示例小吃");
    for (name, value) in change {
        said[*name] = value.clone();
    }
    let kept = scene.house.app.store.issuer_keys().await.unwrap().remove(0);
    let key = SigningKey::from_secret_jwk(&serde_json::from_slice(&kept.secret).unwrap()).unwrap();
    let holder = certificates::VerifyingKey::from_jwk(&scene.key.jwk()).unwrap();
    let issue = Issue { claims: said.as_object().unwrap(), hide: &[], holder: Some(&holder), decoys: 0 };
    issue.sign(&key, &mut |bytes| bytes.fill(7)).unwrap().to_string()
}

#[test]
fn what_cannot_be_checked_is_never_called_valid() {
    run(async {
        let scene = Scene::set().await;
        for status in [
            json!({ "status_list": { "idx": 0, "uri": "https://elsewhere.example/status/1" } }),
            json!({ "status_list": { "idx": 0, "uri": format!("{SITE}/status/440100/0") } }),
            json!({ "status_list": { "idx": 9_000, "uri": format!("{SITE}/status/440000/0") } }),
            json!({ "other_mechanism": {} }),
        ] {
            let credential = signed(&scene, &[("status", status.clone())]).await;
            let mut verifier = Client::new(&scene.house);
            let question = scene.ask(&mut verifier).await;
            scene.answer(&question, &scene.bind(&credential, &question.nonce, &[])).await.is(200);
            let seen = verifier.get(&question.page).await.is(200).says(&zh("verify-not-checked"));
            assert!(!seen.words().contains("示例小吃"), "{status}: nothing is told of it");
        }
        let foreign = signed(&scene, &[("iss", json!("https://other.example"))]).await;
        let found = scene.refused(|q| scene.bind(&foreign, &q.nonce, &[])).await;
        assert_eq!(found.0, "unknown-issuer");
        let another = signed(&scene, &[("vct", json!(format!("{SITE}/vct/residence-permit")))]).await;
        let found = scene.refused(|q| scene.bind(&another, &q.nonce, &[])).await;
        assert_eq!(found.0, "unknown-type");
    });
}

#[test]
fn a_question_of_somebody_signed_in_is_theirs() {
    run(async {
        let scene = Scene::set().await;
        let mut asker = scene.who.sign_in(&scene.house).await;
        let question = scene.ask(&mut asker).await;
        asker.get(&question.page).await.is(200);
        Client::new(&scene.house).get(&question.page).await.is(404);
    });
}
