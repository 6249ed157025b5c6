//! `/signin/with/{provider}`, `/signin/callback/{provider}`

use std::sync::Arc;

use app::{Error, TRIP_SECONDS, Trip};
use axum::extract::{Path, RawQuery, State};
use axum::http::StatusCode;
use axum::response::Response;
use identity::oidc::Fault;
use identity::{Denied, RealNameLevel};

use super::level;
use super::signin::{self, enter, own_path, query, set_cookie, slow_down};
use crate::failure::{Failure, see_other};
use crate::forms::Form;
use crate::site::Site;
use crate::view::Tx;
use crate::view::providers::{Trouble, Way};
use crate::visitor::Visitor;

fn encoded(text: &str) -> String {
    form_urlencoded::byte_serialize(text.as_bytes()).collect()
}

/// Why an answer was not taken, in words and for staff.
pub(super) fn trouble(denied: &Denied) -> Trouble {
    let code = match denied {
        Denied::Provider(fault) => fault.id(),
        _ => "",
    };
    Trouble { key: denied.key(), code }
}

/// The ways to sign in elsewhere.
pub(super) fn ways(visitor: &Visitor, back: &str) -> Vec<Way> {
    let way = |provider: &dyn identity::Provider| {
        let href = format!("/signin/with/{}?back={}", provider.id(), encoded(back));
        Some(Way { href, name: Tx::of(provider.name()?, visitor.lang) })
    };
    visitor.site.app.remote_providers().filter_map(way).collect()
}

/// The ways to prove more elsewhere.
pub(super) fn ways_up(
    visitor: &Visitor,
    has: RealNameLevel,
    needed: Option<RealNameLevel>,
    back: &str,
) -> Vec<Way> {
    let way = |(provider, to): (&dyn identity::Provider, RealNameLevel)| {
        let needed = needed.unwrap_or(to).number();
        let href = format!("/signin/with/{}?needed={needed}&back={}", provider.id(), encoded(back));
        Some(Way { href, name: Tx::of(provider.name()?, visitor.lang) })
    };
    visitor.site.app.ways_up(has, needed).filter_map(way).collect()
}

/// Where the provider sends the browser back to.
fn callback(visitor: &Visitor, provider: &str) -> Result<String, Failure> {
    Ok(format!("{}/signin/callback/{provider}", visitor.origin()?.as_str()))
}

fn known(site: &Site, provider: &str) -> Result<(), Failure> {
    let remote = site.app.remote_providers().any(|known| known.id() == provider);
    if remote { Ok(()) } else { Err(Failure::NotFound) }
}

pub(crate) async fn leave(
    State(site): State<Arc<Site>>,
    Path(provider): Path<String>,
    RawQuery(raw): RawQuery,
    mut visitor: Visitor,
) -> Result<Response, Failure> {
    known(&site, &provider)?;
    slow_down(&visitor)?;
    let query = query(raw);
    let back = own_path(query.get("back"), "/me").to_owned();
    let needed = query.get("needed").parse().ok().and_then(RealNameLevel::of);
    let raises = visitor.session.as_ref().filter(|session| needed.is_some() && session.citizen().is_some());
    let callback = callback(&visitor, &provider)?;
    match site.app.leave(&provider, (&back, needed), raises, &callback, visitor.lang).await {
        Ok(left) => {
            let mut response = see_other(&left.address);
            set_cookie(&mut response, &visitor, site.trip_cookie(), &left.cookie, TRIP_SECONDS, true);
            Ok(response)
        }
        Err(Error::Denied(denied)) => told(&mut visitor, &denied, &back, raises_from(&query)).await,
        Err(error) => Err(error.into()),
    }
}

/// What `/me/level` needs to say again what is asked for; none for a sign-in.
fn raises_from(query: &Form) -> Option<u8> {
    query.get("needed").parse().ok()
}

pub(crate) async fn callback_of(
    State(site): State<Arc<Site>>,
    Path(provider): Path<String>,
    RawQuery(raw): RawQuery,
    mut visitor: Visitor,
) -> Result<Response, Failure> {
    known(&site, &provider)?;
    slow_down(&visitor)?;
    let returned = query(raw).answers().clone();
    let cookie = visitor.trip.clone();
    let trip = match site.app.trip(cookie.as_deref(), &provider, &returned) {
        Ok(trip) => trip,
        Err(denied) => return told(&mut visitor, &denied, "/me", None).await,
    };
    let callback = callback(&visitor, &provider)?;
    let cookie = cookie.unwrap_or_default();
    let came = site
        .app
        .come_back(&cookie, &trip, &returned, visitor.session.as_ref(), &callback, &visitor.agent)
        .await;
    let mut response = match came {
        Ok(signed_in) if trip.raises() => signin::arrive(&visitor, &signed_in, own_path(&trip.back, "/me")),
        Ok(signed_in) => enter(&visitor, &signed_in, own_path(&trip.back, "/me")).await?,
        Err(Error::Denied(denied)) => told(&mut visitor, &denied, &trip.back, asked(&trip)).await?,
        Err(error) => return Err(error.into()),
    };
    // One answer for one going: the same address opened again finds nothing to belong to.
    set_cookie(&mut response, &visitor, site.trip_cookie(), "", 0, true);
    Ok(response)
}

fn asked(trip: &Trip) -> Option<u8> {
    trip.needed.filter(|_| trip.raises()).map(RealNameLevel::number)
}

/// The page that somebody came from, with what went wrong.
async fn told(
    visitor: &mut Visitor,
    denied: &Denied,
    back: &str,
    needed: Option<u8>,
) -> Result<Response, Failure> {
    let away = matches!(denied, Denied::Provider(Fault::Away | Fault::Description | Fault::OtherIssuer));
    let status = if away { StatusCode::SERVICE_UNAVAILABLE } else { StatusCode::UNPROCESSABLE_ENTITY };
    let raising = needed.filter(|_| visitor.session.as_ref().is_some_and(|own| own.citizen().is_some()));
    if let Some(needed) = raising {
        let asked = Form::decode(format!("needed={needed}&back={}", encoded(back)).as_bytes());
        let page = level::page(visitor, &asked, Some(denied)).await?;
        return visitor.again(status, &page).await;
    }
    let page = signin::page_with(visitor, back.to_owned(), trouble(denied));
    visitor.again(status, &page).await
}
