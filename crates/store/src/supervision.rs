//! The supervisor's side: cases with cards.

use uuid::Uuid;

use crate::cases::{CaseRow, MAX_PAGE, case_columns};
use crate::engine::args;
use crate::sql::statements;
use crate::{Error, Store};

/// Where a page of carded cases ended.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct CardCursor {
    /// `updated_at` of the last line.
    pub updated_at: i64,
    /// Its case.
    pub id: Uuid,
}

impl From<&CaseRow> for CardCursor {
    fn from(row: &CaseRow) -> Self {
        Self { updated_at: row.view.updated_at, id: row.id }
    }
}

statements! {
    CARDED = concat!("SELECT ", case_columns!(), " FROM cases WHERE area = $1 AND agency = $2 \
        AND cards IS NOT NULL AND (updated_at, id) < ($3, $4) ORDER BY updated_at DESC, id DESC LIMIT $5");
}

impl Store {
    /// The cases of an agency that have supervision cards, open or not, the last changed first.
    ///
    /// # Errors
    /// When the database cannot be read.
    pub async fn carded(
        &self,
        area: &str,
        agency: &str,
        after: Option<CardCursor>,
        limit: i64,
    ) -> Result<Vec<CaseRow>, Error> {
        let (at, id) = after.map_or((i64::MAX, Uuid::max()), |cursor| (cursor.updated_at, cursor.id));
        self.db.list(CARDED, &args![area, agency, at, id, limit.min(MAX_PAGE)]).await
    }
}
