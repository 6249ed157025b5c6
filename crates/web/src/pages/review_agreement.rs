//! `/desk/review/agreement`

use std::sync::Arc;

use axum::extract::State;
use axum::response::Response;
use casework::Officer;
use domain::Agreement;
use packs::Role;

use super::desk::tabs;
use super::signin::desk_agency;
use crate::failure::Failure;
use crate::site::Site;
use crate::view::review::{AgreementPage, AgreementRow, PersonRow};
use crate::visitor::Visitor;

/// Whether the page is offered; that it is answered is asked of the one function for rights.
pub(super) fn may_see(officer: &Officer) -> bool {
    [Role::SUPERVISE, Role::DECIDE, Role::HEAD].iter().any(|role| officer.roles.contains(role))
}

pub(crate) async fn show(State(site): State<Arc<Site>>, visitor: Visitor) -> Result<Response, Failure> {
    let officer = visitor.officer()?;
    let told = site.app.review_agreement(&officer).await?;
    let person = |person: &app::AgreementOf| PersonRow {
        name: person.name.clone(),
        looks: person.looks,
        settled: person.settled,
        upheld: person.upheld,
    };
    visitor.personal(&AgreementPage {
        agency: desk_agency(&visitor, &officer.agency),
        tabs: tabs(&visitor, &officer, "review"),
        all: (told.all.things() > 0).then(|| row(Vec::new(), told.all)),
        pairs: told.pairs.iter().map(|pair| row(pair.names.to_vec(), pair.agreement)).collect(),
        people: told.people.iter().map(person).collect(),
        more: told.more,
    })
}

fn row(names: Vec<String>, agreement: Agreement) -> AgreementRow {
    let Agreement { both_good, first_good, second_good, both_bad } = agreement;
    AgreementRow {
        names,
        things: agreement.things(),
        share: agreement.share().map(|share| format!("{:.1} %", share * 100.0)),
        kappa: agreement.kappa().map(|kappa| format!("{kappa:.2}")),
        cells: [both_good, first_good, second_good, both_bad],
    }
}
