//! `/signin/posts`: officers of a real site choose the post they sit down at.

use std::sync::Arc;

use axum::extract::{RawQuery, State};
use axum::response::Response;

use super::desk::role_name;
use super::signin::{desk_agency, enter, own_path, query, slow_down};
use crate::failure::Failure;
use crate::forms::Form;
use crate::site::Site;
use crate::view::identity::{PostView, PostsPage};
use crate::visitor::Visitor;

/// Where the desk's sign-in leads on a real site.
pub(super) fn place(back: &str) -> String {
    let to: String = form_urlencoded::byte_serialize(own_path(back, "/desk").as_bytes()).collect();
    format!("/signin/posts?back={to}")
}

pub(crate) async fn show(
    State(site): State<Arc<Site>>,
    RawQuery(raw): RawQuery,
    visitor: Visitor,
) -> Result<Response, Failure> {
    let query = query(raw);
    let back = own_path(query.get("back"), "/desk").to_owned();
    visitor.citizen()?;
    let posts = site.app.posts(visitor.session()?).await;
    let posts = posts.map_err(|error| Failure::from(error).back_to(&place(&back)))?;
    let view = |(agency, card): &(String, identity::OfficerCard)| PostView {
        agency: desk_agency(&visitor, agency),
        code: agency.clone(),
        roles: card.roles.iter().map(|role| role_name(&visitor, role)).collect(),
    };
    visitor.personal(&PostsPage { posts: posts.iter().map(view).collect(), back })
}

pub(crate) async fn take(
    State(site): State<Arc<Site>>,
    visitor: Visitor,
    form: Form,
) -> Result<Response, Failure> {
    slow_down(&visitor)?;
    visitor.citizen()?;
    visitor.believe(form.get("csrf"))?;
    let back = own_path(form.get("back"), "/desk");
    let taken = site.app.take_post(visitor.session()?, form.get("agency"), &visitor.agent).await;
    let signed_in = taken.map_err(|error| Failure::from(error).back_to(&place(back)))?;
    enter(&visitor, &signed_in, back).await
}
