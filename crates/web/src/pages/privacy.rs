//! `/me/privacy…`: what is held about somebody, and who looked at it.

use std::sync::Arc;

use app::{ConsentState, ReadLine};
use axum::extract::{Path, RawQuery, State};
use axum::response::Response;
use casework::Action;
use domain::{CaseId, PersonId};
use uuid::Uuid;

use super::show;
use crate::failure::{Failure, see_other};
use crate::forms::Form;
use crate::site::Site;
use crate::view::privacy::{ConsentView, PrivacyPage, ReadView, ReadsPage};
use crate::view::{Link, Tx, format};
use crate::visitor::Visitor;

/// Looks shown on the first page.
const FEW: usize = 3;

pub(crate) async fn centre(State(site): State<Arc<Site>>, visitor: Visitor) -> Result<Response, Failure> {
    let person = visitor.citizen()?;
    let (lines, _) = site.app.reads(person, None).await?;
    visitor.personal(&PrivacyPage {
        reads: lines.iter().take(FEW).map(|line| view(&visitor, line)).collect(),
        consents: consents(&visitor, person).await?,
        leaving: site
            .app
            .leaving(person)
            .await?
            .map(|leaving| leaving.on.map(|day| format::date(day, visitor.lang)).unwrap_or_default()),
    })
}

pub(crate) async fn reads(
    State(site): State<Arc<Site>>,
    RawQuery(query): RawQuery,
    visitor: Visitor,
) -> Result<Response, Failure> {
    let before = Form::decode(query.unwrap_or_default().as_bytes()).get("before").parse().ok();
    let (lines, older) = site.app.reads(visitor.citizen()?, before).await?;
    visitor.personal(&ReadsPage {
        lines: lines.iter().map(|line| view(&visitor, line)).collect(),
        older: older.map(|last| format!("/me/privacy/reads?before={last}")),
    })
}

pub(super) fn view(visitor: &Visitor, line: &ReadLine) -> ReadView {
    let look = &line.look;
    ReadView {
        at: show::moment(visitor, line.at),
        looked: line.looked,
        what: look.what.clone(),
        reader: look.reader.id(),
        who: look.who.clone(),
        agency: look.agency.as_ref().map(|code| show::agency(&visitor.site, code, visitor.lang)),
        why: why(visitor, line),
        words: look.words.clone(),
        case: look.case.as_ref().map(|case| {
            let name = show::item_name(&visitor.site, &case.item, visitor.lang);
            Link::new(format!("/me/cases/{}", case.id), name)
        }),
    }
}

/// Somebody's consents, the latest first.
pub(super) async fn consents(visitor: &Visitor, person: PersonId) -> Result<Vec<ConsentView>, Failure> {
    let mut views = Vec::new();
    for given in visitor.site.app.consents(person).await? {
        let mine = match visitor.site.app.my_case(person, given.id).await {
            Ok(file) => Some(file),
            // Not handed in, or thrown away as a draft.
            Err(app::Error::NotFound) => None,
            Err(error) => return Err(error.into()),
        };
        let (asked, lang) = (&given.asked, visitor.lang);
        let stands = given.state == ConsentState::Stands;
        views.push(ConsentView {
            item: show::item_name(&visitor.site, &asked.item, lang),
            case: mine.as_ref().map(|_| format!("/me/cases/{}", given.id)),
            fields: asked.fields.iter().map(|(_, title)| Tx::of(title, lang)).collect(),
            purpose: Tx::of(&asked.purpose, lang),
            given: show::moment(visitor, given.given),
            until: format::date(given.until, lang),
            state: given.state.id(),
            withdraw: stands.then(|| format!("/me/privacy/consents/{}/withdraw", given.id)),
            ends_case: mine.is_some_and(|file| file.actions.contains(&Action::Withdraw)),
        });
    }
    Ok(views)
}

/// A consent is withdrawn by one press, as it was given by one.
pub(crate) async fn withdraw(
    State(site): State<Arc<Site>>,
    Path(id): Path<Uuid>,
    visitor: Visitor,
    form: Form,
) -> Result<Response, Failure> {
    visitor.believe(form.get("csrf"))?;
    site.app.withdraw_consent(visitor.citizen()?, CaseId(id)).await?;
    Ok(see_other("/me/privacy?notice=consent-withdrawn"))
}

/// The address of a form without a page of its own leads to the page it stands on.
pub(crate) async fn back() -> Response {
    see_other("/me/privacy")
}

/// The step at which the case stood, the reason that was chosen, or what happened at a window.
fn why(visitor: &Visitor, line: &ReadLine) -> String {
    let look = &line.look;
    if let Some(reason) = app::UnmaskReason::of(&look.why).filter(|_| line.looked == "unmasked") {
        return visitor.text(&format!("unmask-{}", reason.id()));
    }
    let step = match &look.step {
        Some(step) => step.get(visitor.lang).to_owned(),
        None => match look.why.as_str() {
            "" => return String::new(),
            "window" => return visitor.text("read-window"),
            kind => visitor.text(&format!("step-{kind}")),
        },
    };
    visitor.text_with("read-step", &[("step", &step)])
}
