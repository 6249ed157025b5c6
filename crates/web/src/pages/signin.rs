//! `/signin`, `/signin/officer`, `/signout`, `/preferences`

use std::sync::Arc;

use app::{Error, Second, SignedIn};
use axum::extract::{RawQuery, State};
use axum::http::{HeaderValue, StatusCode, header};
use axum::response::Response;
use identity::{Denied, OfficerCard, Returned, demo_people};

use super::providers::ways;
use super::show;
use crate::failure::{Failure, see_other};
use crate::forms::Form;
use crate::site::Site;
use crate::view::pages::{OfficerSigninPage, OfficerView, Person, SigninPage, SignoutPage};
use crate::view::providers::Trouble;
use crate::view::{Link, Tx};
use crate::visitor::Visitor;

/// A year, in seconds: how long language and type size are remembered.
const REMEMBERED: i64 = 31_536_000;

/// A longer path than this is none of ours, in bytes: it would stand in every link of a page.
const MAX_PATH: usize = 512;

/// A path of this site, whatever was asked for. Browsers leave tabs and line ends out of an address, so
/// that `/`, tab, `/` would lead to another site.
pub(super) fn own_path<'a>(wanted: &'a str, otherwise: &'a str) -> &'a str {
    let own = wanted.len() <= MAX_PATH
        && wanted.starts_with('/')
        && !wanted.starts_with("//")
        && wanted.bytes().all(|byte| byte.is_ascii_graphic() && byte != b'\\');
    if own { wanted } else { otherwise }
}

pub(super) fn query(raw: Option<String>) -> Form {
    Form::decode(raw.unwrap_or_default().as_bytes())
}

pub(crate) async fn show_signin(RawQuery(raw): RawQuery, visitor: Visitor) -> Result<Response, Failure> {
    let back = own_path(query(raw).get("back"), "/me").to_owned();
    if back.starts_with("/desk") {
        let to: String = form_urlencoded::byte_serialize(back.as_bytes()).collect();
        return Ok(see_other(&format!("/signin/officer?back={to}")));
    }
    visitor.personal(&page(&visitor, back, &Form::default(), None))
}

fn page(visitor: &Visitor, back: String, form: &Form, denied: Option<&Denied>) -> SigninPage {
    let people = if visitor.site.app.demo() { demo_people() } else { Vec::new() };
    let told = denied.map(|denied| (denied, denied.key()));
    let name_error = told.filter(|(denied, _)| **denied == Denied::Name).map(|(_, key)| key);
    let number_error = told.filter(|(denied, _)| **denied != Denied::Name).map(|(_, key)| key);
    SigninPage {
        ways: ways(visitor, &back),
        trouble: None,
        people: people
            .iter()
            .map(|person| Person {
                id: person.number.reveal().to_owned(),
                name: person.name.to_owned(),
                note: person.number.masked(),
            })
            .collect(),
        back,
        name: form.get("name").to_owned(),
        number: form.get("number").to_owned(),
        declared: form.get("level") == "2",
        name_error,
        number_error,
    }
}

/// The page with what went wrong elsewhere.
pub(super) fn page_with(visitor: &Visitor, back: String, trouble: Trouble) -> SigninPage {
    SigninPage { trouble: Some(trouble), ..page(visitor, back, &Form::default(), None) }
}

pub(crate) async fn signin(
    State(site): State<Arc<Site>>,
    mut visitor: Visitor,
    form: Form,
) -> Result<Response, Failure> {
    slow_down(&visitor)?;
    let chosen = demo_people().into_iter().find(|person| person.number.reveal() == form.get("person"));
    let (name, number) = match &chosen {
        Some(person) => (person.name, person.number.reveal()),
        None => (form.get("name"), form.get("number")),
    };
    let returned: Returned = [("name", name), ("number", number), ("level", form.get("level"))]
        .map(|(k, v)| (k.to_owned(), v.to_owned()))
        .into();
    let back = own_path(form.get("back"), "/me").to_owned();
    match site.app.sign_in_citizen_on(&returned, &visitor.agent).await {
        Ok(signed_in) => enter(&visitor, &signed_in, &back).await,
        Err(Error::Denied(denied)) => {
            let page = page(&visitor, back, &form, Some(&denied));
            visitor.again(StatusCode::UNPROCESSABLE_ENTITY, &page).await
        }
        Err(error) => Err(error.into()),
    }
}

/// Guessing is slow: sign-ins of one address are counted.
pub(super) fn slow_down(visitor: &Visitor) -> Result<(), Failure> {
    let free = visitor.address.is_none_or(|address| visitor.site.limits.address(address));
    if free { Ok(()) } else { Err(Failure::TooMany) }
}

/// A new session takes the place of the old one.
pub(super) async fn enter(visitor: &Visitor, signed_in: &SignedIn, back: &str) -> Result<Response, Failure> {
    if let Some(old) = &visitor.session {
        visitor.site.app.replace_session(old, signed_in).await?;
    }
    let to: String = form_urlencoded::byte_serialize(back.as_bytes()).collect();
    Ok(match signed_in.second {
        Second::Done => arrive(visitor, signed_in, back),
        _ => arrive(visitor, signed_in, &format!("/signin/passkey?back={to}")),
    })
}

/// Hands the browser its new cookie, and sends it on.
pub(super) fn arrive(visitor: &Visitor, signed_in: &SignedIn, to: &str) -> Response {
    let mut response = see_other(to);
    session_cookie(&mut response, visitor, signed_in);
    response
}

/// Hands the browser its new cookie.
pub(super) fn session_cookie(response: &mut Response, visitor: &Visitor, signed_in: &SignedIn) {
    set_cookie(response, visitor, visitor.site.cookie(), &signed_in.cookie, signed_in.max_age, true);
}

pub(super) fn set_cookie(
    response: &mut Response,
    visitor: &Visitor,
    name: &str,
    value: &str,
    max_age: i64,
    secret: bool,
) {
    let http_only = if secret { "; HttpOnly" } else { "" };
    let secure = if visitor.site.https() { "; Secure" } else { "" };
    let cookie = format!("{name}={value}; Path=/; Max-Age={max_age}; SameSite=Lax{http_only}{secure}");
    if let Ok(cookie) = HeaderValue::from_str(&cookie) {
        response.headers_mut().append(header::SET_COOKIE, cookie);
    }
}

pub(crate) async fn show_officer(
    State(site): State<Arc<Site>>,
    RawQuery(raw): RawQuery,
    visitor: Visitor,
) -> Result<Response, Failure> {
    let query = query(raw);
    let directory = site.app.officers.as_ref().ok_or(Failure::NotFound)?;
    if site.app.posts_are_given() {
        return Ok(see_other(&super::posts::place(query.get("back"))));
    }
    let agency = query.get("agency");
    let back = own_path(query.get("back"), "/desk").to_owned();
    let encoded: String = form_urlencoded::byte_serialize(back.as_bytes()).collect();
    let chosen = site.app.catalogue.agency(agency);
    let link = |known: &packs::Agency| {
        let href = format!("/signin/officer?agency={}&back={encoded}", known.code);
        let online = site
            .shelves
            .agency(&known.code)
            .iter()
            .filter(|&&at| site.app.catalogue.items[at as usize].online());
        Link::counted(href, Tx::of(&known.name, visitor.lang), u32::try_from(online.count()).unwrap_or(0))
    };
    let mut agencies: Vec<Link> =
        if chosen.is_none() { site.app.catalogue.agencies.iter().map(link).collect() } else { Vec::new() };
    agencies.retain(|agency| agency.count.unwrap_or(0) > 0);
    agencies.sort_by_key(|agency| std::cmp::Reverse(agency.count));
    visitor.personal(&OfficerSigninPage {
        officers: chosen
            .map(|chosen| directory.of(&chosen.code))
            .unwrap_or_default()
            .iter()
            .map(|card| officer(&visitor, agency, card))
            .collect(),
        agency: chosen.map(|chosen| Tx::of(&chosen.name, visitor.lang)),
        agencies,
        back,
    })
}

fn officer(visitor: &Visitor, agency: &str, card: &OfficerCard) -> OfficerView {
    OfficerView {
        id: format!("{agency}/{}", card.id),
        name: card.name.clone(),
        post: card.post.id(),
        roles: card.roles.iter().map(|role| super::desk::role_name(visitor, role)).collect(),
    }
}

pub(crate) async fn officer_signin(
    State(site): State<Arc<Site>>,
    visitor: Visitor,
    form: Form,
) -> Result<Response, Failure> {
    slow_down(&visitor)?;
    let (agency, id) = form.get("officer").split_once('/').ok_or(Failure::Bad)?;
    let id = id.parse().map_err(|_| Failure::Bad)?;
    let signed_in = site.app.sign_in_officer_on(agency, domain::OfficerId(id), &visitor.agent).await?;
    enter(&visitor, &signed_in, own_path(form.get("back"), "/desk")).await
}

pub(crate) async fn show_signout(visitor: Visitor) -> Result<Response, Failure> {
    let back = if visitor.officer().is_ok() { "/desk" } else { "/me" };
    visitor.personal(&SignoutPage { back: back.to_owned() })
}

pub(crate) async fn signout(visitor: Visitor, form: Form) -> Result<Response, Failure> {
    visitor.believe_session(form.get("csrf"))?;
    leave(&visitor, see_other("/?notice=signed-out")).await
}

/// Ends the session, if there is one, and answers so that the browser forgets it.
pub(super) async fn leave(visitor: &Visitor, mut response: Response) -> Result<Response, Failure> {
    let site = &visitor.site;
    if let Some(session) = &visitor.session {
        if visitor.acting.is_some() {
            site.app.act_for(session, None).await?;
        }
        site.app.sign_out(session).await?;
    }
    set_cookie(&mut response, visitor, site.cookie(), "", 0, true);
    Ok(response)
}

/// Language and type size, by plain links: nothing but a preference changes.
pub(crate) async fn preferences(RawQuery(raw): RawQuery, visitor: Visitor) -> Result<Response, Failure> {
    let query = query(raw);
    let mut response = see_other(own_path(query.get("back"), "/"));
    if let Some(lang) = ["zh", "en"].into_iter().find(|lang| *lang == query.get("lang")) {
        set_cookie(&mut response, &visitor, "lang", lang, REMEMBERED, false);
    }
    if let Some((_, view)) =
        [("1", "elders"), ("0", "standard")].into_iter().find(|(on, _)| *on == query.get("elders"))
    {
        set_cookie(&mut response, &visitor, "view", view, REMEMBERED, false);
    }
    Ok(response)
}

/// The name of the agency an officer sits at.
pub(crate) fn desk_agency(visitor: &Visitor, code: &str) -> Tx {
    show::agency(&visitor.site, code, visitor.lang)
}
