//! `/me/privacy…`: what is held about somebody, and who looked at it.

use std::sync::Arc;

use app::ReadLine;
use axum::extract::{RawQuery, State};
use axum::response::Response;

use super::show;
use crate::failure::Failure;
use crate::forms::Form;
use crate::site::Site;
use crate::view::Link;
use crate::view::privacy::{PrivacyPage, ReadView, ReadsPage};
use crate::visitor::Visitor;

/// Looks shown on the first page.
const FEW: usize = 3;

pub(crate) async fn centre(State(site): State<Arc<Site>>, visitor: Visitor) -> Result<Response, Failure> {
    let person = visitor.citizen()?;
    let (lines, _) = site.app.reads(person, None).await?;
    visitor.personal(&PrivacyPage {
        reads: lines.iter().take(FEW).map(|line| view(&visitor, line)).collect(),
        consents: Vec::new(),
        goes: None,
    })
}

pub(crate) async fn reads(
    State(site): State<Arc<Site>>,
    RawQuery(query): RawQuery,
    visitor: Visitor,
) -> Result<Response, Failure> {
    let before = Form::decode(query.unwrap_or_default().as_bytes()).get("before").parse().ok();
    let (lines, more) = site.app.reads(visitor.citizen()?, before).await?;
    visitor.personal(&ReadsPage {
        lines: lines.iter().map(|line| view(&visitor, line)).collect(),
        older: lines.last().filter(|_| more).map(|last| format!("/me/privacy/reads?before={}", last.id)),
    })
}

fn view(visitor: &Visitor, line: &ReadLine) -> ReadView {
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
