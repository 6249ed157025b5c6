//! `/me/passkeys`, `/desk/passkeys`, `/signin/passkey`

use std::sync::Arc;

use app::{Error, PasskeyAnswer, PasskeyLine, Second, Session, Waiting};
use axum::extract::{RawQuery, State};
use axum::http::StatusCode;
use axum::response::{IntoResponse, Response};
use identity::known_device;
use identity::webauthn::{Ceremony, PasskeyFault, Relying, to_base64url};

use super::sessions::own;
use super::show;
use super::signin::{arrive, own_path, query, slow_down};
use crate::failure::{Failure, see_other};
use crate::forms::Form;
use crate::site::Site;
use crate::view::identity::{Maker, PasskeyView, PasskeysPage, SecondPage};
use crate::visitor::Visitor;

/// The site as passkeys know it.
fn relying(visitor: &Visitor) -> Result<Relying, Failure> {
    let origin = visitor.origin()?;
    Ok(Relying { origin: origin.as_str().to_owned(), domain: origin.domain().to_owned() })
}

fn answer(form: &Form) -> PasskeyAnswer {
    let text = |name: &str| form.get(name).to_owned();
    PasskeyAnswer {
        id: text("id"),
        client_data: text("client"),
        data: text("data"),
        signature: text("signature"),
    }
}

fn fault_key(fault: PasskeyFault) -> &'static str {
    match fault {
        PasskeyFault::Unreadable => "unreadable",
        PasskeyFault::Ceremony => "ceremony",
        PasskeyFault::Origin => "origin",
        PasskeyFault::Domain => "domain",
        PasskeyFault::Challenge => "challenge",
        PasskeyFault::NotVerified => "not-verified",
        PasskeyFault::Attestation => "attestation",
        PasskeyFault::Key => "key",
        PasskeyFault::Unknown => "unknown",
        PasskeyFault::Signature => "signature",
        PasskeyFault::Copied => "copied",
        PasskeyFault::TooMany => "too-many",
        PasskeyFault::Last => "last",
        PasskeyFault::Code => "code",
    }
}

fn known(lines: &[PasskeyLine]) -> String {
    lines.iter().map(|line| line.id.as_str()).collect::<Vec<_>>().join(" ")
}

async fn maker(site: &Site, session: &Session, lines: &[PasskeyLine]) -> Result<Maker, Failure> {
    let name = match (session.citizen(), session.officer()) {
        (Some(person), _) => site.app.profile(person).await?.name,
        (None, officer) => officer.map(|officer| officer.name).unwrap_or_default(),
    };
    Ok(Maker { user: to_base64url(session.owner().as_bytes()), name, known: known(lines) })
}

async fn page(visitor: &Visitor, fault: Option<PasskeyFault>) -> Result<PasskeysPage, Failure> {
    let (session, desk) = own(visitor)?;
    let app = &visitor.site.app;
    let lines = app.passkeys(session).await?;
    let line = |line: &PasskeyLine| {
        let (kind, program) = known_device(&line.device);
        PasskeyView {
            id: line.id.clone(),
            kind,
            program,
            made: show::moment(visitor, line.made),
            used: line.used.map(|used| show::moment(visitor, used)).unwrap_or_default(),
        }
    };
    Ok(PasskeysPage {
        base: base(desk),
        back: if desk { "/desk" } else { "/me/profile" },
        maker: maker(&visitor.site, session, &lines).await?,
        lines: lines.iter().map(line).collect(),
        required: app.needs_passkey(session),
        fault: fault.map(fault_key),
    })
}

fn base(desk: bool) -> &'static str {
    if desk { "/desk/passkeys" } else { "/me/passkeys" }
}

pub(crate) async fn show_all(visitor: Visitor) -> Result<Response, Failure> {
    if let Some(person) = visitor.session()?.citizen() {
        let matched = visitor.site.app.matched(person).await;
        matched.map_err(|error| Failure::from(error).back_to(base(false)))?;
    }
    let page = page(&visitor, None).await?;
    visitor.personal(&page)
}

/// What a form about one's passkeys leads to: their page, with what was done or what was wrong.
async fn done(visitor: &mut Visitor, done: Result<(), Error>, notice: &str) -> Result<Response, Failure> {
    match done {
        Ok(()) => Ok(see_other(&format!("{}?notice={notice}", base(own(visitor)?.1)))),
        Err(Error::Passkey(fault)) => {
            let page = page(visitor, Some(fault)).await?;
            visitor.again(StatusCode::UNPROCESSABLE_ENTITY, &page).await
        }
        Err(error) => Err(Failure::from(error).back_to(base(false))),
    }
}

pub(crate) async fn add(
    State(site): State<Arc<Site>>,
    mut visitor: Visitor,
    form: Form,
) -> Result<Response, Failure> {
    visitor.believe(form.get("csrf"))?;
    let (session, _) = own(&visitor)?;
    let added = site.app.add_passkey(session, &relying(&visitor)?, &answer(&form), &visitor.agent).await;
    done(&mut visitor, added, "passkey-added").await
}

pub(crate) async fn remove(
    State(site): State<Arc<Site>>,
    mut visitor: Visitor,
    form: Form,
) -> Result<Response, Failure> {
    visitor.believe(form.get("csrf"))?;
    let (session, _) = own(&visitor)?;
    let removed = site.app.remove_passkey(session, form.get("id")).await;
    done(&mut visitor, removed, "passkey-removed").await
}

pub(crate) async fn challenge(
    State(site): State<Arc<Site>>,
    visitor: Visitor,
    form: Form,
) -> Result<Response, Failure> {
    visitor.believe(form.get("csrf"))?;
    let (session, _) = own(&visitor)?;
    Ok(site.app.challenge(session, Ceremony::Create).await?.into_response())
}

/// The sign-in that waits in this browser; whoever has none begins anew.
async fn waiting(visitor: &Visitor) -> Result<Waiting, Failure> {
    let cookie = visitor.cookie.as_deref().unwrap_or_default();
    let waiting = visitor.site.app.waiting(cookie).await?;
    waiting.ok_or_else(|| Failure::SignIn("/me".to_owned()))
}

/// The form of the waiting sign-in itself, and not too many of them.
async fn believed(visitor: &Visitor, form: &Form) -> Result<Waiting, Failure> {
    slow_down(visitor)?;
    let waiting = waiting(visitor).await?;
    if waiting.session.csrf != form.get("csrf") {
        return Err(Failure::Forbidden);
    }
    let free = visitor.site.limits.person(waiting.session.owner());
    if free { Ok(waiting) } else { Err(Failure::TooMany) }
}

async fn second_page(
    visitor: &Visitor,
    waiting: &Waiting,
    back: &str,
    fault: Option<PasskeyFault>,
) -> Result<SecondPage, Failure> {
    let officer = waiting.session.officer().is_some();
    let lines = visitor.site.app.passkeys(&waiting.session).await?;
    let maker = match waiting.second {
        Second::Enrol => Some(maker(&visitor.site, &waiting.session, &lines).await?),
        _ => None,
    };
    Ok(SecondPage {
        csrf: waiting.session.csrf.clone(),
        maker,
        code: waiting.code,
        known: known(&lines),
        officer,
        back: own_path(back, if officer { "/desk" } else { "/me" }).to_owned(),
        fault: fault.map(fault_key),
    })
}

pub(crate) async fn show_second(RawQuery(raw): RawQuery, visitor: Visitor) -> Result<Response, Failure> {
    let waiting = waiting(&visitor).await?;
    let page = second_page(&visitor, &waiting, query(raw).get("back"), None).await?;
    visitor.personal(&page)
}

pub(crate) async fn second_challenge(
    State(site): State<Arc<Site>>,
    visitor: Visitor,
    form: Form,
) -> Result<Response, Failure> {
    let waiting = believed(&visitor, &form).await?;
    // Said before the device makes a passkey that nobody would keep.
    match site.app.code_opens(&waiting, form.get("code")).await {
        Err(Error::Passkey(_)) => return Ok(StatusCode::UNPROCESSABLE_ENTITY.into_response()),
        opens => opens?,
    }
    let ceremony = if waiting.second == Second::Enrol { Ceremony::Create } else { Ceremony::Get };
    Ok(site.app.challenge(&waiting.session, ceremony).await?.into_response())
}

pub(crate) async fn second(
    State(site): State<Arc<Site>>,
    mut visitor: Visitor,
    form: Form,
) -> Result<Response, Failure> {
    let waiting = believed(&visitor, &form).await?;
    let (relying, answer) = (relying(&visitor)?, answer(&form));
    let entered = match waiting.second {
        Second::Enrol => {
            site.app.enrol(&waiting, &relying, (&answer, form.get("code")), &visitor.agent).await
        }
        _ => site.app.prove_passkey(&waiting, &relying, &answer, &visitor.agent).await,
    };
    match entered {
        Ok(signed_in) => {
            let otherwise = if waiting.session.officer().is_some() { "/desk" } else { "/me" };
            Ok(arrive(&visitor, &signed_in, own_path(form.get("back"), otherwise)))
        }
        Err(Error::Passkey(fault)) => {
            let page = second_page(&visitor, &waiting, form.get("back"), Some(fault)).await?;
            visitor.again(StatusCode::UNPROCESSABLE_ENTITY, &page).await
        }
        Err(error) => Err(error.into()),
    }
}
