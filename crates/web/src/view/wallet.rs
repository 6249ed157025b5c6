//! `/me/certificates…`, `/verify` and the certificate at its issuer's desk.

use domain::Lang;
use serde::Serialize;

use super::engine::Page;
use super::parts::Tx;

/// A question and its one answer.
#[derive(Debug, Clone, Serialize)]
pub struct Said {
    /// What it is.
    pub q: Tx,
    /// What the certificate says.
    pub a: String,
}

/// `/me/certificates`.
#[derive(Debug, Clone, Serialize)]
pub struct WalletPage {
    /// Those that hold first.
    pub cards: Vec<Card>,
}

/// A certificate as a card.
#[derive(Debug, Clone, Serialize)]
pub struct Card {
    /// Its page.
    pub href: String,
    /// What it is called.
    pub name: Tx,
    /// Who issued it.
    pub issuer: Tx,
    /// The holder's number, starred.
    pub number: String,
    /// Whether it holds; text `standing-<id>`.
    pub standing: &'static str,
    /// The last day, ready to read.
    pub until: Option<String>,
    /// Where it is shown, while it holds.
    pub show: Option<String>,
}

/// `/me/certificates/{id}`.
#[derive(Debug, Clone, Serialize)]
pub struct CertificatePage {
    /// What it is called.
    pub name: Tx,
    /// Who issued it.
    pub issuer: Tx,
    /// Text `standing-<id>`.
    pub standing: &'static str,
    /// Where it is shown, while it holds.
    pub show: Option<String>,
    /// The sealed file, while it holds.
    pub pdf: Option<String>,
    /// Where an agency is permitted ahead.
    pub permit: String,
    /// Its seal is one of this site's own making.
    pub own_seal: bool,
    /// Where it is put into another wallet, while it holds.
    pub elsewhere: Option<String>,
    /// What it says.
    pub rows: Vec<Said>,
    /// Its national identifier.
    pub identifier: String,
    /// Trust grade; text `grade-<id>`.
    pub grade: &'static str,
    /// Who looked at it, the latest first.
    pub ledger: Vec<LedgerView>,
}

/// Before a file of which some characters cannot be drawn.
#[derive(Debug, Clone, Serialize)]
pub struct PaperPage {
    /// What it is called.
    pub name: Tx,
    /// Where it is.
    pub back: String,
    /// Those characters, with their numbers.
    pub undrawn: Vec<String>,
    /// The file all the same.
    pub anyway: String,
}

impl Page for PaperPage {
    const TEMPLATE: &'static str = "paper.html";

    fn sample() -> Vec<Self> {
        vec![Self {
            name: Tx::own("居住证（示例）"),
            back: "/me/certificates/1".to_owned(),
            undrawn: vec!["\u{2A6A5} (U+2A6A5)".to_owned()],
            anyway: "/me/certificates/1/pdf?anyway=1".to_owned(),
        }]
    }
}

/// A line of the ledger.
#[derive(Debug, Clone, Serialize)]
pub struct LedgerView {
    /// Text `ledger-<kind>`.
    pub kind: String,
    /// When, ready to read.
    pub at: String,
    /// By whom; empty when nobody said.
    pub who: String,
    /// Whether the platform knows who it was.
    pub known: bool,
    /// For what, or why.
    pub purpose: String,
    /// Fields that were shown, ready to read.
    pub fields: Vec<String>,
    /// Of a verification, text `standing-<id>`; else empty.
    pub outcome: String,
}

/// `/me/certificates/{id}/show`.
#[derive(Debug, Clone, Serialize)]
pub struct ShowPage {
    /// What it is called.
    pub name: Tx,
    /// The certificate's page.
    pub back: String,
    /// Text `standing-<id>`.
    pub standing: &'static str,
    /// The code as SVG; none when it does not hold or is too much.
    pub qr: Option<String>,
    /// More was chosen than fits a code.
    pub too_much: bool,
    /// When the code was made, to the second.
    pub made: String,
    /// Until when it is good, to the second.
    pub until: String,
    /// Seconds after which the page asks for the next code.
    pub renew: u8,
    /// This page again, with a new code.
    pub again: String,
    /// Ready choices.
    pub presets: Vec<Preset>,
    /// Where the choice of fields goes (GET).
    pub action: String,
    /// Fields to choose from.
    pub fields: Vec<Choice>,
    /// Fields were chosen one by one.
    pub chosen: bool,
}

/// A ready choice of what is shown.
#[derive(Debug, Clone, Serialize)]
pub struct Preset {
    /// Text `preset-<id>`.
    pub id: &'static str,
    /// Where it leads.
    pub href: String,
    /// It is the one on the page.
    pub chosen: bool,
}

/// A field to choose.
#[derive(Debug, Clone, Serialize)]
pub struct Choice {
    /// Its name.
    pub id: String,
    /// Its label.
    pub label: Tx,
    /// It is chosen.
    pub chosen: bool,
    /// Sensitive personal information.
    pub sensitive: bool,
}

/// `/verify`: sends `code`, `who`, `purpose`.
#[derive(Debug, Clone, Serialize)]
pub struct VerifyPage {
    /// The code as it came.
    pub code: String,
    /// Who verifies, as typed.
    pub who: String,
    /// For what, as typed.
    pub purpose: String,
    /// No code was sent.
    pub missing: bool,
    /// What the check found.
    pub outcome: Option<OutcomeView>,
}

/// What a check found. Each has words, a shape and a colour of its own.
#[derive(Debug, Clone, Serialize)]
#[serde(tag = "kind", rename_all = "kebab-case")]
pub enum OutcomeView {
    /// It holds.
    Valid {
        /// What it is called.
        name: Tx,
        /// Who issued it.
        issuer: Tx,
        /// What was authorised.
        rows: Vec<Said>,
        /// When it was checked, to the second.
        at: String,
    },
    /// It does not hold.
    Invalid {
        /// Text `invalid-<id>`.
        reason: &'static str,
    },
    /// Nobody knows.
    NotChecked,
}

/// `/desk/certificates/{area}/{id}`.
#[derive(Debug, Clone, Serialize)]
pub struct DeskCertificatePage {
    /// The case it followed from; the queue, where it came with a batch.
    pub case: String,
    /// What it is called.
    pub name: Tx,
    /// Text `standing-<id>`.
    pub standing: &'static str,
    /// Its national identifier.
    pub identifier: String,
    /// What it says.
    pub rows: Vec<Said>,
    /// What may be done with it.
    pub actions: Vec<CertificateAction>,
}

/// Something that the issuer may do; sends `words`.
#[derive(Debug, Clone, Serialize)]
pub struct CertificateAction {
    /// `revoke` or `replace`.
    pub id: &'static str,
    /// Where the form goes.
    pub action: String,
    /// The reason was missing.
    pub error: bool,
    /// The version that the page shows; sent as `seen`.
    pub seen: u16,
}

fn name() -> Tx {
    Tx::zh("居住证（示例）", Lang::En)
}

fn said() -> Vec<Said> {
    let row = |q: &str, a: &str| Said { q: Tx::own(q), a: a.to_owned() };
    vec![row("姓名", "示例·陈晓明"), row("居住地址", "示例路 1 号")]
}

impl Page for WalletPage {
    const TEMPLATE: &'static str = "wallet.html";

    fn sample() -> Vec<Self> {
        let card = |standing, show: bool| Card {
            href: "/me/certificates/1".to_owned(),
            name: name(),
            issuer: Tx::zh("示例机关", Lang::En),
            number: "990000********0017".to_owned(),
            standing,
            until: show.then(|| "2027年9月6日".to_owned()),
            show: show.then(|| "/me/certificates/1/show".to_owned()),
        };
        vec![
            Self { cards: vec![card("valid", true), card("expired", false), card("revoked", false)] },
            Self { cards: vec![] },
        ]
    }
}

impl Page for CertificatePage {
    const TEMPLATE: &'static str = "certificate.html";

    fn sample() -> Vec<Self> {
        let line = |kind: &str, who: &str, known, fields: &[&str], outcome: &str| LedgerView {
            kind: kind.to_owned(),
            at: "2026年9月8日 10:03".to_owned(),
            who: who.to_owned(),
            known,
            purpose: if who.is_empty() { String::new() } else { "入住登记".to_owned() },
            fields: fields.iter().map(|&field| field.to_owned()).collect(),
            outcome: outcome.to_owned(),
        };
        let page = Self {
            name: name(),
            issuer: Tx::zh("示例机关", Lang::En),
            standing: "valid",
            show: Some("/me/certificates/1/show".to_owned()),
            pdf: Some("/me/certificates/1/pdf".to_owned()),
            permit: "/me/certificates/1/permit".to_owned(),
            own_seal: true,
            elsewhere: Some("/me/certificates/1/wallet".to_owned()),
            rows: said(),
            identifier: "1.2.156.3005.2.11990000MB0000011N001.1.1.001.0".to_owned(),
            grade: "a",
            ledger: vec![
                line("revoked", "示例机关 示例·王", true, &[], ""),
                line("verified", "示例旅馆", false, &["姓名", "有效期至"], "valid"),
                line("verified", "", false, &[], "expired"),
                line("wallet", "", true, &["姓名"], ""),
            ],
        };
        vec![page.clone(), Self { standing: "replaced", show: None, elsewhere: None, ledger: vec![], ..page }]
    }
}

impl Page for ShowPage {
    const TEMPLATE: &'static str = "show.html";

    fn sample() -> Vec<Self> {
        let preset = |id, chosen| Preset { id, href: format!("?preset={id}"), chosen };
        let page = Self {
            name: name(),
            back: "/me/certificates/1".to_owned(),
            standing: "valid",
            qr: Some("<svg viewBox=\"0 0 8 8\" role=\"img\" aria-label=\"二维码\"></svg>".to_owned()),
            too_much: false,
            made: "10:03:07".to_owned(),
            until: "10:04:07".to_owned(),
            renew: 40,
            again: "/me/certificates/1/show?preset=name".to_owned(),
            presets: vec![preset("valid", false), preset("name", true), preset("all", false)],
            action: "/me/certificates/1/show".to_owned(),
            fields: vec![Choice {
                id: "name".to_owned(),
                label: Tx::own("姓名"),
                chosen: true,
                sensitive: true,
            }],
            chosen: false,
        };
        vec![
            page.clone(),
            Self { qr: None, too_much: true, chosen: true, ..page.clone() },
            Self { qr: None, standing: "expired", ..page },
        ]
    }
}

impl Page for VerifyPage {
    const TEMPLATE: &'static str = "verify.html";

    fn sample() -> Vec<Self> {
        let page = Self {
            code: "AEBAGBAF".to_owned(),
            who: "示例旅馆".to_owned(),
            purpose: "入住登记".to_owned(),
            missing: false,
            outcome: None,
        };
        let with = |outcome| Self { outcome: Some(outcome), ..page.clone() };
        let mut pages = vec![page.clone(), Self { missing: true, ..page.clone() }];
        pages.push(with(OutcomeView::Valid {
            name: name(),
            issuer: Tx::zh("示例机关", Lang::En),
            rows: said(),
            at: "2026年9月8日 10:03:07".to_owned(),
        }));
        pages.extend(REASONS.map(|reason| with(OutcomeView::Invalid { reason })));
        pages.push(with(OutcomeView::NotChecked));
        pages
    }
}

/// Why a code or certificate is not valid, as the application says it.
const REASONS: [&str; 9] = [
    "code-expired",
    "code-used",
    "code-unreadable",
    "altered",
    "unknown",
    "expired",
    "not-yet",
    "revoked",
    "replaced",
];

impl Page for DeskCertificatePage {
    const TEMPLATE: &'static str = "desk-certificate.html";
    const DESK: bool = true;

    fn sample() -> Vec<Self> {
        let action =
            |id, error| CertificateAction { id, action: "/desk/certificates/1/1".to_owned(), error, seen: 1 };
        let page = Self {
            case: "/desk/cases/440000/1".to_owned(),
            name: name(),
            standing: "valid",
            identifier: "1.2.156.3005.2.11990000MB0000011N001.1.1.001.0".to_owned(),
            rows: said(),
            actions: vec![action("revoke", true), action("replace", false)],
        };
        vec![page.clone(), Self { standing: "revoked", actions: vec![], ..page }]
    }
}
