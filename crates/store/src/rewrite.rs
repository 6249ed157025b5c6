//! Rewriting what is derived: a view is rebuilt from the events of its case, which stay as they are.

use uuid::Uuid;

use crate::cases::CaseView;
use crate::chain::Head;
use crate::commit::{PUT_MY_CASES, my_case_args, view_args};
use crate::engine::{Conn, args};
use crate::sql::statements;
use crate::units::{self, InspectedUnit};
use crate::write::{Write, Written};
use crate::{Error, Store};

/// A view to put in the place of the stored one.
#[derive(Debug)]
pub(crate) struct Rewrite {
    pub(crate) area: String,
    pub(crate) case_id: Uuid,
    pub(crate) person: Uuid,
    pub(crate) head: Head,
    pub(crate) view: CaseView,
    /// The row of the unit that the case is about.
    pub(crate) unit: Option<Box<InspectedUnit>>,
}

statements! {
    REWRITE_CASE = "UPDATE cases SET number = $6, item = $7, agency = $8, definition = $9, status = $10, \
        step = $11, outcome = $12, open = $13, received_at = $14, due_at = $15, warn_at = $16, due_kind = $17, \
        clock_paused = $18, claimed_by = $19, updated_at = $20, view = $21, wake_at = $22, part_of = $23, \
        part_area = $24, cards = $25, sort_at = $26, light_at = $27 \
        WHERE area = $1 AND id = $2 AND person = $3 AND seq = $4 AND head = $5";
}

pub(crate) async fn rewrite(conn: &mut Conn, new: &Rewrite) -> Result<Written, Error> {
    let Rewrite { area, case_id, person, head, view, unit } = new;
    let mut bound = args![area, *case_id, *person, head.seq, &head.hash].to_vec();
    view_args(view, &mut bound);
    if conn.run(REWRITE_CASE, &bound).await? == 0 {
        return Ok(Written::Refused(Error::Conflict));
    }
    bound.clear();
    my_case_args(area, *case_id, *person, view, &mut bound);
    PUT_MY_CASES.run(conn, &bound).await?;
    if let Some(unit) = unit {
        units::put(conn, unit).await?;
    }
    Ok(Written::Done)
}

impl Store {
    /// Writes the view of a case and its line in the citizen's list anew, without an event: what it is
    /// derived from does not change.
    ///
    /// # Errors
    /// [`Error::Conflict`] when there is no such case of this person, or its head is no longer `head`.
    pub async fn rewrite_view(
        &self,
        area: &str,
        case_id: Uuid,
        person: Uuid,
        head: Head,
        view: CaseView,
    ) -> Result<(), Error> {
        let area = area.to_owned();
        let rewrite = Rewrite { area, case_id, person, head, view, unit: None };
        self.write(Write::Rewrite(Box::new(rewrite))).await.map(drop)
    }
}
