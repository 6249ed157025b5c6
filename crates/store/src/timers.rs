//! Durable timers: the instants at which clocks take effect by themselves.

use uuid::Uuid;

use crate::cases::MAX_PAGE;
use crate::engine::{args, row};
use crate::outbox::Area;
use crate::sql::statements;
use crate::{Error, Store};

row! {
    /// A case whose clock has run out.
    struct Due {
        /// The case.
        id: Uuid,
    }
}

statements! {
    DUE_WAKES = "SELECT id FROM cases WHERE area = $1 AND wake_at <= $2 ORDER BY wake_at, id LIMIT $3";
    /// Over all shards: tells the workers where to look.
    AREAS_WITH_WAKES = "SELECT DISTINCT area FROM cases WHERE wake_at <= $1 ORDER BY area";
}

impl Store {
    /// The cases of an area whose `wake_at` has come at `now` (microseconds since 1970), the longest
    /// overdue first. A case stays in this list until a commit or a rewrite gives it another `wake_at`.
    ///
    /// # Errors
    /// When the database cannot be read.
    pub async fn due_wakes(&self, area: &str, now: i64, limit: i64) -> Result<Vec<Uuid>, Error> {
        let due: Vec<Due> = self.db.all(DUE_WAKES, &args![area, now, limit.min(MAX_PAGE)]).await?;
        Ok(due.into_iter().map(|row| row.id).collect())
    }

    /// The areas in which a `wake_at` has come.
    ///
    /// # Errors
    /// When the database cannot be read.
    pub async fn areas_with_wakes(&self, now: i64) -> Result<Vec<String>, Error> {
        let areas: Vec<Area> = self.db.all(AREAS_WITH_WAKES, &args![now]).await?;
        Ok(areas.into_iter().map(|row| row.area).collect())
    }
}
