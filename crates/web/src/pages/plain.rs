//! `/help`, `/about`, `/readyz` and the page for what does not exist.

use std::sync::Arc;

use axum::extract::State;
use axum::response::Response;

use super::shelves::count;
use crate::failure::Failure;
use crate::site::Site;
use crate::view::Tx;
use crate::view::pages::{AboutPage, DataSource, HelpPage};
use crate::visitor::Visitor;

pub(crate) async fn help(visitor: Visitor) -> Result<Response, Failure> {
    visitor.page(&HelpPage {})
}

pub(crate) async fn about(State(site): State<Arc<Site>>, visitor: Visitor) -> Result<Response, Failure> {
    let catalogue = &site.app.catalogue;
    let sources = catalogue.packs.iter().flat_map(|pack| &pack.sources);
    let number = |n: usize| u32::try_from(n).unwrap_or(u32::MAX);
    visitor.page(&AboutPage {
        items: count(&site.shelves.all),
        agencies: number(catalogue.agencies.len()),
        online: site.shelves.online,
        worked_examples: site.shelves.worked_examples,
        sources: sources
            .map(|source| DataSource {
                what: Tx::zh(source.title.clone(), visitor.lang),
                from: source.url.clone().unwrap_or_default(),
                licence: source.licence.clone(),
            })
            .collect(),
        version: env!("CARGO_PKG_VERSION").to_owned(),
    })
}

/// Ready: the store answers.
pub(crate) async fn ready(State(site): State<Arc<Site>>) -> Result<&'static str, Failure> {
    site.app.ready().await?;
    Ok("ready\n")
}

pub(crate) async fn nothing() -> Failure {
    Failure::NotFound
}
