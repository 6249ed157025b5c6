//! `/me/profile`, `/me/level`

use std::sync::Arc;

use app::{Error, WindowAct};
use axum::extract::{RawQuery, State};
use axum::http::StatusCode;
use axum::response::Response;
use identity::{Denied, RealNameLevel, Returned};

use super::providers::{trouble, ways_up};
use super::show;
use super::signin::{arrive, own_path, query, slow_down};
use crate::failure::Failure;
use crate::forms::Form;
use crate::site::Site;
use crate::view::Tx;
use crate::view::identity::{ActLine, LevelPage, ProfilePage};
use crate::visitor::Visitor;

pub(crate) async fn profile(State(site): State<Arc<Site>>, visitor: Visitor) -> Result<Response, Failure> {
    let person = visitor.citizen()?;
    let session = visitor.session()?;
    let profile = site.app.profile(person).await?;
    let since = site.app.wechat_since(person).await?;
    let acts = site.app.window_acts(person).await?;
    visitor.personal(&ProfilePage {
        number: profile.masked_number(),
        level: profile.level.number(),
        vouched: vouched(&visitor, &profile.provider),
        wechat: site.app.has_wechat().then_some(since.is_some()),
        highest: profile.highest(),
        passkeys: u32::try_from(site.app.passkeys(session).await?.len()).unwrap_or(u32::MAX),
        acts: acts.iter().map(|act| act_line(&visitor, act)).collect(),
        name: profile.name,
    })
}

/// Who vouched, in words: a provider elsewhere by its own name.
pub(super) fn vouched(visitor: &Visitor, provider: &str) -> String {
    if let Some(name) = visitor.site.app.provider(provider).and_then(|known| known.name()) {
        return name.get(visitor.lang).to_owned();
    }
    let known = ["demo", "directory", "window"].into_iter().find(|known| *known == provider);
    visitor.text(&format!("vouched-{}", known.unwrap_or("other")))
}

fn act_line(visitor: &Visitor, act: &WindowAct) -> ActLine {
    ActLine {
        kind: if act.kind == "passkeys-removed" { "passkeys-removed" } else { "registered" },
        at: show::moment(visitor, act.at),
        officer: act.officer.clone(),
        agency: show::agency(&visitor.site, &act.agency, visitor.lang),
        card: act.card.map(app::CardKind::id),
        reason: act.reason.clone(),
    }
}

pub(crate) async fn show_level(RawQuery(raw): RawQuery, visitor: Visitor) -> Result<Response, Failure> {
    let page = page(&visitor, &query(raw), None).await?;
    visitor.personal(&page)
}

pub(super) async fn page(
    visitor: &Visitor,
    asked: &Form,
    denied: Option<&Denied>,
) -> Result<LevelPage, Failure> {
    let profile = visitor.site.app.profile(visitor.citizen()?).await?;
    let has = profile.level;
    let needed = asked.get("needed").parse().ok().and_then(RealNameLevel::of);
    let back = own_path(asked.get("back"), "/me/profile").to_owned();
    // Without a service that asks, it is the next step up.
    let to = visitor.site.app.step_to(has, needed);
    let item = back.strip_prefix("/items/").and_then(|rest| rest.split('/').next());
    let item = item.and_then(|code| visitor.site.app.catalogue.item(code));
    Ok(LevelPage {
        needed: needed.or(to).unwrap_or(has).number(),
        has: has.number(),
        to: to.map_or(0, RealNameLevel::number),
        item: item.map(|item| Tx::of(&item.name, visitor.lang)),
        number: profile.masked_number(),
        name: profile.name,
        ways: ways_up(visitor, has, needed, &back),
        back,
        error: denied.map(trouble),
    })
}

/// The demonstration proves what its people have declared; to providers elsewhere lead links of the page.
pub(crate) async fn raise(
    State(site): State<Arc<Site>>,
    mut visitor: Visitor,
    form: Form,
) -> Result<Response, Failure> {
    visitor.believe(form.get("csrf"))?;
    slow_down(&visitor)?;
    let profile = site.app.profile(visitor.citizen()?).await?;
    let returned: Returned = [("name", profile.name), ("number", profile.number)]
        .map(|(name, value)| (name.to_owned(), value))
        .into();
    match site.app.step_up(visitor.session()?, &returned, &visitor.agent).await {
        Ok(signed_in) => Ok(arrive(&visitor, &signed_in, own_path(form.get("back"), "/me/profile"))),
        Err(Error::Denied(denied)) => {
            let page = page(&visitor, &form, Some(&denied)).await?;
            visitor.again(StatusCode::UNPROCESSABLE_ENTITY, &page).await
        }
        Err(error) => Err(error.into()),
    }
}
