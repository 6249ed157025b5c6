//! `/me/authorisations`

use std::sync::Arc;

use app::Authorisation;
use axum::extract::State;
use axum::response::Response;

use super::show;
use crate::failure::{Failure, see_other};
use crate::forms::Form;
use crate::site::Site;
use crate::view::Tx;
use crate::view::partners::{AuthorisationView, AuthorisationsPage, ScopeView};
use crate::visitor::Visitor;

pub(crate) async fn show(State(site): State<Arc<Site>>, visitor: Visitor) -> Result<Response, Failure> {
    let all = site.app.authorisations(visitor.citizen()?).await?;
    let (holding, over): (Vec<_>, Vec<_>) = all.iter().partition(|one| one.holds);
    let views = |list: Vec<&Authorisation>| list.into_iter().map(|one| view(&visitor, one)).collect();
    visitor.personal(&AuthorisationsPage { holding: views(holding), over: views(over) })
}

fn view(visitor: &Visitor, one: &Authorisation) -> AuthorisationView {
    let scope = |scope: &app::AuthorisedScope| ScopeView {
        id: scope.scope.id(),
        sensitive: scope.scope.sensitive(),
        purpose: scope.purpose.as_ref().map(|purpose| Tx::of(purpose, visitor.lang)),
        value: String::new(),
    };
    AuthorisationView {
        partner: one.partner.clone(),
        name: Tx::of(&one.name, visitor.lang),
        run_by: Tx::of(&one.run_by, visitor.lang),
        scopes: one.scopes.iter().map(scope).collect(),
        given: show::moment(visitor, one.given),
        expires: show::moment(visitor, one.expires),
        used: show::moment(visitor, one.used),
        ended: one.ended.map(|at| show::moment(visitor, at)).unwrap_or_default(),
    }
}

pub(crate) async fn withdraw(
    State(site): State<Arc<Site>>,
    visitor: Visitor,
    form: Form,
) -> Result<Response, Failure> {
    visitor.believe(form.get("csrf"))?;
    site.app.withdraw(visitor.citizen()?, form.get("partner")).await?;
    Ok(see_other("/me/authorisations?notice=withdrawn-consent"))
}
