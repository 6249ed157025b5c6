//! `/me/certificates`, `/me/certificates/{id}`, and beneath it `/show` and `/pdf`

use std::sync::Arc;

use app::{Error, Held, RENEW_SECONDS, Standing};
use axum::extract::{Path, RawQuery, State};
use axum::response::Response;
use domain::{CitizenNumber, Date, Lang, Timestamp};
use uuid::Uuid;

use super::materials::attachment;
use super::show;
use crate::failure::Failure;
use crate::forms::Form;
use crate::site::Site;
use crate::view::wallet::{
    Card, CertificatePage, Choice, LedgerView, PaperPage, Preset, Said, ShowPage, WalletPage,
};
use crate::view::{Tx, format};
use crate::visitor::Visitor;

/// What a page shows when nothing was chosen: enough for most who ask, and not the number.
const FIRST: &str = "name";

pub(crate) async fn wallet(State(site): State<Arc<Site>>, visitor: Visitor) -> Result<Response, Failure> {
    let held = site.app.wallet(visitor.holder()?).await?;
    let card = |held: &Held| Card {
        href: place(held.id),
        name: Tx::of(&held.kind.name, visitor.lang),
        issuer: Tx::of(&held.certificate.issuer.name, visitor.lang),
        number: masked(held),
        standing: held.standing.id(),
        until: held.certificate.valid_until.map(|day| format::date(day, visitor.lang)),
        show: shows(held),
    };
    visitor.personal(&WalletPage { cards: held.iter().map(card).collect() })
}

fn place(id: Uuid) -> String {
    format!("/me/certificates/{id}")
}

/// Where it is shown, while it holds.
fn shows(held: &Held) -> Option<String> {
    (held.standing == Standing::Valid).then(|| format!("{}/show", place(held.id)))
}

fn masked(held: &Held) -> String {
    let number = &held.certificate.holder.number;
    // An organisation's is public.
    number.parse::<CitizenNumber>().map_or_else(|_| number.clone(), |number| number.masked())
}

pub(crate) async fn certificate(
    State(site): State<Arc<Site>>,
    Path(id): Path<Uuid>,
    visitor: Visitor,
) -> Result<Response, Failure> {
    let holder = visitor.holder()?;
    let held = site.app.my_certificate(holder, id).await?;
    let ledger = site.app.ledger(holder, id).await?;
    let line = |line: app::LedgerLine| LedgerView {
        at: show::moment(&visitor, line.at),
        fields: line.fields.iter().map(|name| label(&visitor, &held, name).text).collect(),
        outcome: if line.kind == "verified" { line.outcome } else { String::new() },
        kind: line.kind,
        who: line.who,
        known: line.known,
        purpose: line.purpose,
    };
    visitor.personal(&CertificatePage {
        name: Tx::of(&held.kind.name, visitor.lang),
        issuer: Tx::of(&held.certificate.issuer.name, visitor.lang),
        standing: held.standing.id(),
        show: shows(&held),
        pdf: (held.standing == Standing::Valid).then(|| format!("{}/pdf", place(id))),
        permit: format!("{}/permit", place(id)),
        own_seal: !site.app.has_seal(&held.certificate.issuer.code),
        elsewhere: (held.standing == Standing::Valid).then(|| format!("{}/wallet", place(held.id))),
        rows: rows(&visitor, &held),
        identifier: held.certificate.id.as_str().to_owned(),
        grade: held.grade(),
        ledger: ledger.into_iter().map(line).collect(),
    })
}

/// All that a certificate says, for its holder and its issuer.
pub(super) fn rows(visitor: &Visitor, held: &Held) -> Vec<Said> {
    let row = |name: &str| {
        let value = if name == "number" { masked(held) } else { held.value(name)? };
        Some(Said { q: label(visitor, held, name), a: readable(&value, visitor.lang) })
    };
    held.names().filter_map(row).collect()
}

/// `/me/certificates/{id}/pdf`: the sealed file; where something cannot be drawn it is said first.
pub(crate) async fn pdf(
    State(site): State<Arc<Site>>,
    Path(id): Path<Uuid>,
    RawQuery(query): RawQuery,
    visitor: Visitor,
) -> Result<Response, Failure> {
    let held = site.app.my_certificate(visitor.holder()?, id).await?;
    if held.standing != Standing::Valid {
        return Err(Failure::NotFound);
    }
    let row = |name: &str| {
        let value = readable(&held.value(name)?, visitor.lang);
        Some((label(&visitor, &held, name).text, value))
    };
    let apart = ["name", "issued", "until"];
    let rows = held.names().filter(|name| !apart.contains(name)).filter_map(row).collect();
    let paper = site.app.certificate_pdf(&held, visitor.lang, rows).await?;
    let name = Tx::of(&held.kind.name, visitor.lang);
    paper_of(&visitor, paper, name, &place(id), &query.unwrap_or_default())
}

/// A sealed file, or the page before it that says which characters it lacks. Its own address is `back` and `/pdf`.
pub(super) fn paper_of(
    visitor: &Visitor,
    paper: app::Paper,
    name: Tx,
    back: &str,
    query: &str,
) -> Result<Response, Failure> {
    if paper.undrawn.is_empty() || Form::decode(query.as_bytes()).get("anyway") == "1" {
        return Ok(attachment("application/pdf", &format!("{}.pdf", name.text), paper.bytes));
    }
    let numbered = |character: &char| format!("{character} (U+{:04X})", u32::from(*character));
    let undrawn = paper.undrawn.iter().map(numbered).collect();
    visitor.personal(&PaperPage {
        name,
        back: back.to_owned(),
        undrawn,
        anyway: format!("{back}/pdf?anyway=1"),
    })
}

/// What people read before a value.
fn label(visitor: &Visitor, held: &Held, name: &str) -> Tx {
    match held.label(name) {
        Some(label) => Tx::of(label, visitor.lang),
        None if held.of_organisation() && ["name", "number"].contains(&name) => {
            Tx::own(visitor.text(&format!("certificate-organisation-{name}")))
        }
        None => Tx::own(visitor.text(&format!("certificate-{name}"))),
    }
}

/// A day as people read it; all else as it is.
pub(super) fn readable(value: &str, lang: Lang) -> String {
    value.parse::<Date>().map_or_else(|_| value.to_owned(), |day| format::date(day, lang))
}

/// The time of an instant, to the second.
pub(super) fn second(visitor: &Visitor, at: Timestamp) -> String {
    let at = visitor.site.app.catalogue.calendar.civil(at);
    format!("{:02}:{:02}:{:02}", at.hour(), at.minute(), at.second())
}

/// An instant to the second, with its day.
pub(super) fn moment(visitor: &Visitor, at: Timestamp) -> String {
    let day = visitor.site.app.catalogue.calendar.date_of(at);
    format!("{} {}", format::date(day, visitor.lang), second(visitor, at))
}

pub(crate) async fn show(
    State(site): State<Arc<Site>>,
    Path(id): Path<Uuid>,
    RawQuery(query): RawQuery,
    visitor: Visitor,
) -> Result<Response, Failure> {
    let holder = visitor.holder()?;
    let held = site.app.my_certificate(holder, id).await?;
    let form = Form::decode(query.unwrap_or_default().as_bytes());
    let preset = preset(form.get("preset"));
    let wanted: Vec<String> = match preset {
        "valid" => Vec::new(),
        "all" => held.names().map(str::to_owned).collect(),
        "some" => form.get("f").split('|').map(str::to_owned).collect(),
        _ => vec!["name".to_owned(), "until".to_owned()],
    };
    let mut page = page(&visitor, &held, preset, &wanted);
    if held.standing == Standing::Valid {
        match site.app.show_code(holder, id, &wanted).await {
            Ok((_, code)) => {
                let address = format!("{}/verify?c={}", visitor.origin()?.as_str(), code.text);
                page.qr = code.qr(&address, &visitor.text("show-qr"));
                page.too_much = page.qr.is_none();
                page.until = second(&visitor, code.expires);
            }
            Err(Error::Certificate(_)) => page.too_much = true,
            Err(error) => return Err(error.into()),
        }
    }
    visitor.personal(&page)
}

fn preset(asked: &str) -> &'static str {
    ["valid", "all", "some"].into_iter().find(|known| *known == asked).unwrap_or(FIRST)
}

fn page(visitor: &Visitor, held: &Held, preset: &'static str, wanted: &[String]) -> ShowPage {
    let here = format!("{}/show", place(held.id));
    let chosen = |name: &str| wanted.iter().any(|wanted| wanted == name);
    let query = match preset {
        "some" => wanted.iter().fold("preset=some".to_owned(), |query, name| {
            let name: String = form_urlencoded::byte_serialize(name.as_bytes()).collect();
            format!("{query}&f={name}")
        }),
        preset => format!("preset={preset}"),
    };
    ShowPage {
        name: Tx::of(&held.kind.name, visitor.lang),
        back: place(held.id),
        standing: held.standing.id(),
        qr: None,
        too_much: false,
        made: second(visitor, visitor.site.app.now()),
        until: String::new(),
        renew: RENEW_SECONDS,
        again: format!("{here}?{query}"),
        presets: ["valid", FIRST, "all"]
            .map(|id| Preset { id, href: format!("{here}?preset={id}"), chosen: id == preset })
            .into(),
        fields: held
            .names()
            .map(|name| Choice {
                id: name.to_owned(),
                label: label(visitor, held, name),
                chosen: chosen(name),
                sensitive: held.sensitive(name),
            })
            .collect(),
        action: here,
        chosen: preset == "some",
    }
}
