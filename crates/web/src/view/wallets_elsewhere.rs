//! Wallets elsewhere: `/me/certificates/{id}/wallet`, `/verify/ask`.

use domain::Lang;
use serde::Serialize;

use super::engine::Page;
use super::parts::{Link, Tx};
use super::wallet::{Choice, Said};

/// `/me/certificates/{id}/wallet`; a form without fields makes an offer.
#[derive(Debug, Clone, Serialize)]
pub struct OfferPage {
    /// What the certificate is called.
    pub name: Tx,
    /// The certificate's page.
    pub back: String,
    /// Text `standing-<id>`.
    pub standing: &'static str,
    /// The offer just made.
    pub offer: Option<OfferView>,
}

/// An offer to a wallet elsewhere.
#[derive(Debug, Clone, Serialize)]
pub struct OfferView {
    /// The link as SVG; none when the site's address is too long for a code.
    pub qr: Option<String>,
    /// For a wallet on the same phone.
    pub link: String,
    /// What the holder types into the wallet.
    pub pin: String,
    /// Until when it is good, to the second.
    pub until: String,
}

/// `/verify/ask`: first a choice of types, then a form that sends `kind`, `f`, `who`, `purpose`.
#[derive(Debug, Clone, Serialize)]
pub struct AskPage {
    /// Types to choose from; empty once one is chosen.
    pub kinds: Vec<Link>,
    /// The type chosen.
    pub kind: Option<TypeView>,
    /// Who asks.
    pub who: String,
    /// The platform knows who asks: it is not typed.
    pub known: bool,
    /// For what.
    pub purpose: String,
}

/// A type of certificate to ask for.
#[derive(Debug, Clone, Serialize)]
pub struct TypeView {
    /// Its id.
    pub id: String,
    /// What it is called.
    pub name: Tx,
    /// What can be asked of it.
    pub fields: Vec<Choice>,
}

/// `/verify/ask/{view}`.
#[derive(Debug, Clone, Serialize)]
pub struct AskedPage {
    /// What the type is called.
    pub name: Tx,
    /// What was asked for.
    pub fields: Vec<Tx>,
    /// Who asks, as wallets are told.
    pub who: String,
    /// Until when it can be answered, to the second.
    pub until: String,
    /// This page again.
    pub again: String,
    /// How it stands.
    pub state: AskedView,
}

/// How a question stands. Each has words, a shape and a colour of its own.
#[derive(Debug, Clone, Serialize)]
#[serde(tag = "kind", rename_all = "kebab-case")]
pub enum AskedView {
    /// Nothing was accepted yet.
    Waiting {
        /// The link as SVG; none when the site's address is too long for a code.
        qr: Option<String>,
        /// For a wallet on the same phone.
        link: String,
        /// Why what came last was not accepted, text `invalid-shown-<id>`; else empty.
        refused: String,
    },
    /// It holds.
    Valid {
        /// Who issued it.
        issuer: String,
        /// What was asked for.
        rows: Vec<Said>,
        /// When it was checked, to the second.
        at: String,
    },
    /// Nobody knows.
    NotChecked,
}

impl Page for OfferPage {
    const TEMPLATE: &'static str = "wallet-offer.html";

    fn sample() -> Vec<Self> {
        let page = Self {
            name: Tx::zh("居住证（示例）", Lang::En),
            back: "/me/certificates/1".to_owned(),
            standing: "valid",
            offer: None,
        };
        let offer = OfferView {
            qr: Some("<svg viewBox=\"0 0 8 8\" role=\"img\" aria-label=\"二维码\"></svg>".to_owned()),
            link: "openid-credential-offer://?credential_offer_uri=https%3A%2F%2Fsite.example%2F1".to_owned(),
            pin: "042137".to_owned(),
            until: "10:08:07".to_owned(),
        };
        vec![page.clone(), Self { offer: Some(offer), ..page.clone() }, Self { standing: "revoked", ..page }]
    }
}

impl Page for AskPage {
    const TEMPLATE: &'static str = "wallet-ask.html";

    fn sample() -> Vec<Self> {
        let name = || Tx::zh("居住证（示例）", Lang::En);
        let first = Self {
            kinds: vec![Link::new("/verify/ask?kind=residence-permit", name())],
            kind: None,
            who: String::new(),
            known: false,
            purpose: "入住登记".to_owned(),
        };
        let field = |id: &str, sensitive: bool| Choice {
            id: id.to_owned(),
            label: Tx::own("姓名"),
            chosen: !sensitive,
            sensitive,
        };
        let kind = TypeView {
            id: "residence-permit".to_owned(),
            name: name(),
            fields: vec![field("name", false), field("number", true)],
        };
        let second = Self { kinds: vec![], kind: Some(kind), ..first.clone() };
        let officer = Self { who: "示例机关 示例·王".to_owned(), known: true, ..second.clone() };
        vec![first, second, officer]
    }
}

impl Page for AskedPage {
    const TEMPLATE: &'static str = "wallet-asked.html";

    fn sample() -> Vec<Self> {
        let waiting = |reason: &str| AskedView::Waiting {
            qr: Some("<svg viewBox=\"0 0 8 8\" role=\"img\" aria-label=\"二维码\"></svg>".to_owned()),
            link: "openid4vp://?client_id=1".to_owned(),
            refused: reason.to_owned(),
        };
        let page = Self {
            name: Tx::zh("居住证（示例）", Lang::En),
            fields: vec![Tx::own("姓名")],
            who: "示例旅馆".to_owned(),
            until: "10:13:07".to_owned(),
            again: "/verify/ask/1".to_owned(),
            state: waiting(""),
        };
        let row = Said { q: Tx::own("姓名"), a: "示例·陈晓明".to_owned() };
        let valid = AskedView::Valid {
            issuer: "示例机关".to_owned(),
            rows: vec![row],
            at: "2026年9月8日 10:03:07".to_owned(),
        };
        let with = |state| Self { state, ..page.clone() };
        let mut pages = vec![
            page.clone(),
            Self { fields: vec![], who: String::new(), ..page.clone() },
            with(valid),
            with(AskedView::NotChecked),
        ];
        pages.extend(app::WALLET_REASONS.map(|reason| with(waiting(reason))));
        pages
    }
}
