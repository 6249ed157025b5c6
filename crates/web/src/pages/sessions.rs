//! `/me/sessions`, `/desk/sessions`

use std::sync::Arc;

use app::Session;
use axum::extract::State;
use axum::response::Response;
use identity::known_device;

use super::show;
use crate::failure::{Failure, see_other};
use crate::forms::Form;
use crate::site::Site;
use crate::view::identity::{SessionView, SessionsPage};
use crate::visitor::Visitor;

/// One's own session, at the address that is one's own: officers at the desk, citizens at `/me`.
pub(super) fn own(visitor: &Visitor) -> Result<(&Session, bool), Failure> {
    let desk = visitor.path.starts_with("/desk");
    if desk {
        visitor.officer()?;
    } else {
        visitor.citizen()?;
    }
    Ok((visitor.session()?, desk))
}

pub(crate) async fn show(State(site): State<Arc<Site>>, visitor: Visitor) -> Result<Response, Failure> {
    let (session, desk) = own(&visitor)?;
    let line = |line: &app::SessionLine| {
        let (kind, program) = known_device(&line.device);
        SessionView {
            id: line.id.clone(),
            current: line.current,
            kind,
            program,
            begun: show::moment(&visitor, line.begun),
            seen: show::moment(&visitor, line.seen),
        }
    };
    let lines = site.app.sessions(session).await?;
    visitor.personal(&SessionsPage {
        base: base(desk),
        back: if desk { "/desk" } else { "/me/profile" },
        lines: lines.iter().map(line).collect(),
    })
}

fn base(desk: bool) -> &'static str {
    if desk { "/desk/sessions" } else { "/me/sessions" }
}

pub(crate) async fn end(
    State(site): State<Arc<Site>>,
    visitor: Visitor,
    form: Form,
) -> Result<Response, Failure> {
    visitor.believe(form.get("csrf"))?;
    let (session, desk) = own(&visitor)?;
    site.app.end_session(session, form.get("id")).await?;
    Ok(see_other(&format!("{}?notice=session-ended", base(desk))))
}

pub(crate) async fn end_others(
    State(site): State<Arc<Site>>,
    visitor: Visitor,
    form: Form,
) -> Result<Response, Failure> {
    visitor.believe(form.get("csrf"))?;
    let (session, desk) = own(&visitor)?;
    site.app.end_other_sessions(session).await?;
    Ok(see_other(&format!("{}?notice=session-ended", base(desk))))
}
