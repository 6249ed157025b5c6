//! A partner's application as a test plays it: it sends people here, and comes back with its secret.

use app::PartnerFile;
use base64::Engine as _;
use base64::engine::general_purpose::{STANDARD, URL_SAFE_NO_PAD};
use domain::Text;
use ring::digest::{SHA256, digest};

use crate::client::Client;
use crate::house::House;
use crate::page::Page;

pub(crate) const BACK: &str = "https://library.example/cb";
pub(crate) const LEFT: &str = "https://library.example/left";
pub(crate) const TOLD: &str = "https://library.example/told";
pub(crate) const VERIFIER: &str = "a-verifier-that-has-more-than-forty-three-characters";

/// An application with its secret; empty for a public one.
pub(crate) struct Partner {
    pub(crate) id: String,
    pub(crate) secret: String,
}

pub(crate) fn file(id: &str) -> PartnerFile {
    use app::Scope::{Address, IdNumber, IdNumberMasked, OfflineAccess, Phone, Profile, RealName};
    let scopes = [Profile, RealName, IdNumberMasked, IdNumber, Phone, Address, OfflineAccess];
    PartnerFile {
        id: id.to_owned(),
        name: Text::both("示例·图书馆", "Example Library"),
        run_by: Text::both("示例·某市图书馆", "Example City Library"),
        redirect_uris: vec![BACK.to_owned(), format!("{BACK}?from=there")],
        post_logout_redirect_uris: vec![LEFT.to_owned()],
        backchannel_logout_uri: Some(TOLD.to_owned()),
        public: false,
        level: 3,
        consent_days: 180,
        sector: None,
        scopes: scopes.map(|scope| (scope, Text::both("办理借书证", "To make a reader's card"))).into(),
    }
}

pub(crate) async fn register(house: &House, file: PartnerFile) -> Partner {
    let id = file.id.clone();
    let secret = house.app.register_partner(file).await.unwrap();
    Partner { id, secret: secret.map(|secret| secret.0).unwrap_or_default() }
}

/// The claims of a JWT, unverified.
pub(crate) fn claims(jwt: &str) -> serde_json::Value {
    serde_json::from_slice(&URL_SAFE_NO_PAD.decode(jwt.split('.').nth(1).unwrap()).unwrap()).unwrap()
}

/// The parameters of an address.
pub(crate) fn parameter(address: &str, name: &str) -> Option<String> {
    let (_, query) = address.split_once('?')?;
    let mut pairs = form_urlencoded::parse(query.as_bytes());
    pairs.find(|(known, _)| known == name).map(|(_, value)| value.into_owned())
}

/// An authorisation request, with parameters changed (or left out, where empty).
pub(crate) fn asking(partner: &Partner, scope: &str, changed: &[(&str, &str)]) -> String {
    let challenge = URL_SAFE_NO_PAD.encode(digest(&SHA256, VERIFIER.as_bytes()));
    let mut pairs = vec![
        ("response_type", "code"),
        ("client_id", &partner.id),
        ("redirect_uri", BACK),
        ("scope", scope),
        ("state", "s t&ate"),
        ("nonce", "n-0S6"),
        ("code_challenge", &challenge),
        ("code_challenge_method", "S256"),
    ];
    for &(name, value) in changed {
        pairs.retain(|(known, _)| *known != name);
        pairs.push((name, value));
    }
    pairs.retain(|(_, value)| !value.is_empty());
    let query = form_urlencoded::Serializer::new(String::new()).extend_pairs(pairs).finish();
    format!("/oauth/authorize?{query}")
}

/// Where the page that leads on leads.
pub(crate) fn leads(page: &Page) -> String {
    let source = page.source();
    let (_, rest) = source.split_once("content=\"0;url=").expect("a page that leads on");
    rest.split_once('"').unwrap().0.to_owned()
}

/// The value of a hidden field.
pub(crate) fn value(page: &Page, name: &str) -> String {
    let source = page.source();
    let (_, rest) = source.split_once(&format!("name=\"{name}\" value=\"")).expect("a hidden field");
    rest.split_once('"').unwrap().0.to_owned()
}

/// Presses a button of the page that asks; where the browser goes.
pub(crate) async fn answer(
    client: &mut Client,
    page: &Page,
    answer: &str,
    chosen: &[(&str, &str)],
) -> String {
    let (request, seen) = (value(page, "request"), value(page, "seen"));
    let mut fields = vec![("request", request.as_str()), ("seen", &seen), ("answer", answer)];
    fields.extend_from_slice(chosen);
    let page = client.post("/oauth/consent", &fields).await.is(200);
    leads(&page)
}

/// Somebody agrees to all but what is sensitive; the code.
pub(crate) async fn agree(partner: &Partner, client: &mut Client, scope: &str) -> String {
    let page = client.get(&asking(partner, scope, &[])).await.is(200);
    let to = answer(client, &page, "yes", &[]).await;
    assert!(to.starts_with(BACK), "{to}");
    parameter(&to, "code").expect("a code")
}

impl Partner {
    /// The application's own server: no cookies, and its secret by HTTP Basic.
    pub(crate) fn server(&self, house: &House) -> Client {
        let basic = form_urlencoded::byte_serialize(self.secret.as_bytes()).collect::<String>();
        let pair = STANDARD.encode(format!("{}:{basic}", self.id));
        Client::new(house).with("authorization", &format!("Basic {pair}"))
    }

    /// Exchanges a code.
    pub(crate) async fn exchange(&self, house: &House, code: &str) -> Page {
        self.exchange_with(house, &[("code", code)]).await
    }

    pub(crate) async fn exchange_with(&self, house: &House, changed: &[(&str, &str)]) -> Page {
        let mut fields =
            vec![("grant_type", "authorization_code"), ("redirect_uri", BACK), ("code_verifier", VERIFIER)];
        for &(name, value) in changed {
            fields.retain(|(known, _)| *known != name);
            fields.push((name, value));
        }
        self.server(house).post_bare("/oauth/token", &fields).await
    }

    pub(crate) async fn refresh(&self, house: &House, token: &str) -> Page {
        let fields = [("grant_type", "refresh_token"), ("refresh_token", token)];
        self.server(house).post_bare("/oauth/token", &fields).await
    }
}

/// A member of a JSON answer.
pub(crate) fn member(page: &Page, name: &str) -> String {
    let value: serde_json::Value = serde_json::from_slice(&page.bytes).unwrap();
    value[name].as_str().unwrap_or_default().to_owned()
}

/// Looks at the person with an access token.
pub(crate) async fn look(house: &House, token: &str) -> Page {
    Client::new(house).with("authorization", &format!("Bearer {token}")).get("/oauth/userinfo").await
}

/// The site as its applications know it.
pub(crate) const ISSUER: &str = "http://site.example";

/// Whether an answer is an OAuth error with this code and status.
pub(crate) fn fails(page: &Page, status: u16, code: &str) {
    assert_eq!((page.status, member(page, "error").as_str()), (status, code), "{}", page.html);
}
