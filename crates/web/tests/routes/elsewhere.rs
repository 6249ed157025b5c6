//! A double of providers elsewhere: an OpenID Connect provider that checks what it is sent, and WeChat's
//! `jscode2session` as Tencent documents it.

use std::collections::{BTreeMap, HashMap};
use std::sync::atomic::{AtomicBool, AtomicU32, Ordering};
use std::sync::{Arc, Mutex};

use app::{Answer, App, Ask, Fetch, FetchError, Fetched, OidcProvider};
use domain::Text;
use identity::oidc::{ClaimNames, Client, Levels};
use identity::webauthn::to_base64url;
use identity::{MiniProgram, RealNameLevel, WECHAT_API};
use ring::digest::{SHA256, digest};
use ring::signature::{Ed25519KeyPair, KeyPair as _};
use serde_json::{Value, json};

use crate::house::House;

pub(crate) const ISSUER: &str = "https://id.example";
/// `shengshi:secret` in base64.
const BASIC: &str = "Basic c2hlbmdzaGk6c2VjcmV0";

/// What a code stands for.
struct Issued {
    challenge: String,
    header: Value,
    claims: Value,
}

pub(crate) struct Elsewhere {
    codes: Mutex<HashMap<String, Issued>>,
    next: AtomicU32,
    /// Seed and number of the key that signs.
    key: AtomicU32,
    pub(crate) away: AtomicBool,
    /// How often keys were fetched.
    pub(crate) keys_fetched: AtomicU32,
    /// What WeChat answers to a code, once.
    wechat: Mutex<HashMap<String, Value>>,
}

impl Elsewhere {
    pub(crate) fn new() -> Arc<Self> {
        Arc::new(Self {
            codes: Mutex::default(),
            next: AtomicU32::new(1),
            key: AtomicU32::new(1),
            away: AtomicBool::new(false),
            keys_fetched: AtomicU32::new(0),
            wechat: Mutex::default(),
        })
    }

    fn pair(&self) -> (Ed25519KeyPair, String) {
        let n = self.key.load(Ordering::Relaxed);
        let pair = Ed25519KeyPair::from_seed_unchecked(&[u8::try_from(n).unwrap(); 32]).unwrap();
        (pair, format!("key-{n}"))
    }

    /// Signs with another key from now on.
    pub(crate) fn new_key(&self) {
        self.key.fetch_add(1, Ordering::Relaxed);
    }

    /// Somebody signs in there: where the browser is sent back to. `change` may alter what will be signed.
    pub(crate) fn authorise(
        &self,
        house: &House,
        sent_to: &str,
        who: &[(&str, &str)],
        change: impl FnOnce(&mut Value, &mut Value),
    ) -> String {
        let asked = pairs(sent_to.split_once('?').unwrap().1);
        assert!(sent_to.starts_with("https://id.example/auth?"), "{sent_to}");
        assert_eq!(
            (asked["response_type"].as_str(), asked["code_challenge_method"].as_str()),
            ("code", "S256")
        );
        let now = house.app.now().as_second();
        let mut header = json!({"alg": "EdDSA", "kid": self.pair().1});
        let mut claims = json!({
            "iss": ISSUER, "aud": "shengshi", "sub": "u", "nonce": asked["nonce"], "iat": now, "exp": now + 300,
        });
        for (name, value) in who {
            claims[*name] = json!(value);
        }
        change(&mut header, &mut claims);
        let code = format!("code-{}", self.next.fetch_add(1, Ordering::Relaxed));
        let issued = Issued { challenge: asked["code_challenge"].clone(), header, claims };
        self.codes.lock().unwrap().insert(code.clone(), issued);
        let back = asked["redirect_uri"].strip_prefix("http://site.example").unwrap();
        format!("{back}?code={code}&state={}", asked["state"])
    }

    /// A code of `wx.login` and what WeChat will answer to it.
    pub(crate) fn wechat_code(&self, answer: Value) -> String {
        let code = format!("wx-{}", self.next.fetch_add(1, Ordering::Relaxed));
        self.wechat.lock().unwrap().insert(code.clone(), answer);
        code
    }

    fn token(&self, ask: &Ask) -> Answer {
        let basic = ask.headers.iter().any(|(name, value)| *name == "authorization" && value == BASIC);
        let body = ask.body.as_ref().map(|(_, body)| String::from_utf8(body.clone()).unwrap());
        let sent = pairs(&body.unwrap_or_default());
        let issued = self.codes.lock().unwrap().remove(&sent["code"]);
        let proves = |issued: &Issued| {
            to_base64url(digest(&SHA256, sent["code_verifier"].as_bytes()).as_ref()) == issued.challenge
        };
        let Some(issued) = issued.filter(|issued| basic && proves(issued)) else {
            return answer(400, &json!({"error": "invalid_grant"}));
        };
        let signed =
            [&issued.header, &issued.claims].map(|part| to_base64url(part.to_string().as_bytes())).join(".");
        let signature = to_base64url(self.pair().0.sign(signed.as_bytes()).as_ref());
        answer(
            200,
            &json!({"id_token": format!("{signed}.{signature}"), "access_token": "a", "token_type": "Bearer"}),
        )
    }

    fn answer(&self, ask: &Ask) -> Result<Answer, FetchError> {
        if self.away.load(Ordering::Relaxed) {
            return Err(FetchError::Away("switched off".to_owned()));
        }
        if let Some(query) = ask.url.strip_prefix(&format!("{WECHAT_API}/sns/jscode2session?")) {
            let sent = pairs(query);
            assert_eq!((sent["appid"].as_str(), sent["secret"].as_str()), ("wxexample", "wxsecret"));
            assert_eq!(sent["grant_type"], "authorization_code");
            let known = self.wechat.lock().unwrap().remove(&sent["js_code"]);
            return Ok(answer(200, &known.unwrap_or(json!({"errcode": 40029, "errmsg": "invalid code"}))));
        }
        Ok(match ask.url.strip_prefix(ISSUER) {
            Some("/.well-known/openid-configuration") => answer(200, &description()),
            Some("/jwks") => {
                self.keys_fetched.fetch_add(1, Ordering::Relaxed);
                let (pair, kid) = self.pair();
                let x = to_base64url(pair.public_key().as_ref());
                answer(200, &json!({"keys": [{"kty": "OKP", "crv": "Ed25519", "kid": kid, "x": x}]}))
            }
            Some("/token") => self.token(ask),
            _ => answer(404, &json!({})),
        })
    }
}

struct Shared(Arc<Elsewhere>);

impl Fetch for Shared {
    fn fetch(&self, ask: Ask) -> Fetched<'_> {
        Box::pin(async move { self.0.answer(&ask) })
    }
}

fn description() -> Value {
    json!({
        "issuer": ISSUER,
        "authorization_endpoint": "https://id.example/auth",
        "token_endpoint": "https://id.example/token",
        "jwks_uri": "https://id.example/jwks",
    })
}

fn answer(status: u16, body: &Value) -> Answer {
    Answer { status, body: body.to_string().into_bytes() }
}

pub(crate) fn pairs(encoded: &str) -> BTreeMap<String, String> {
    form_urlencoded::parse(encoded.as_bytes()).into_owned().collect()
}

/// Connects the double as a province's provider that checks faces, and a mini-program.
pub(crate) fn connect(app: App, elsewhere: Arc<Elsewhere>) -> App {
    let http: Arc<dyn Fetch> = Arc::new(Shared(elsewhere));
    let levels = [
        ("stated", RealNameLevel::Declared),
        ("matched", RealNameLevel::Matched),
        ("face", RealNameLevel::Face),
    ];
    let client = Client {
        id: "province".to_owned(),
        issuer: ISSUER.to_owned(),
        client_id: "shengshi".to_owned(),
        secret: Some("secret".to_owned()),
        scope: "openid profile".to_owned(),
        names: ClaimNames { name: "name".to_owned(), number: "id_number".to_owned(), mobile: None },
        levels: Levels {
            by_acr: levels.map(|(acr, level)| (acr.to_owned(), level)).into(),
            otherwise: None,
            most: RealNameLevel::Face,
        },
    };
    let program = MiniProgram {
        app_id: "wxexample".to_owned(),
        secret: "wxsecret".to_owned(),
        api: WECHAT_API.to_owned(),
    };
    let name = Text::both("示例省统一身份认证", "Example province");
    app.with_http(http.clone())
        .with_provider(Arc::new(OidcProvider::new(client, name, http)))
        .with_wechat(program)
}
