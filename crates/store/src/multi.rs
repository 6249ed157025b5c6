//! Statements that write many rows at once: a group commit pays one call per table, not one per row.

use std::borrow::Cow;
use std::sync::OnceLock;

use crate::Error;
use crate::engine::{Arg, Bound, Conn, Row, Sql};

/// The numbers of rows for which a text exists: a bounded set, so that prepared statements stay cached.
pub(crate) const SIZES: [usize; 12] = [64, 48, 32, 24, 16, 12, 8, 6, 4, 3, 2, 1];

/// `head VALUES (…), (…) tail` for each of [`SIZES`].
///
/// The one difference between the engines is how a parameter is written: SQLite searches the list of
/// named parameters for each one bound, which is quadratic in a statement of a thousand, so there they
/// stay nameless.
#[derive(Debug)]
pub(crate) struct Multi {
    head: Cow<'static, str>,
    columns: usize,
    tail: &'static str,
    texts: OnceLock<Vec<[String; 2]>>,
}

/// Every multi-row statement of the crate.
#[cfg(test)]
pub(crate) static MULTIPLE: &[&Multi] = &[
    &crate::commit::PUT_CASES,
    &crate::commit::ADD_EVENTS,
    &crate::commit::PUT_MY_CASES,
    &crate::outbox::ADD_OUTBOX,
    &crate::messages::ADD_MESSAGES,
    &crate::once::TAKE_KEYS,
    &crate::checkpoint::ADD_HEADS,
    &crate::units::PUT_UNITS,
    &crate::units::ADD_LOTS,
];

impl Multi {
    pub(crate) const fn new(head: &'static str, columns: usize, tail: &'static str) -> Self {
        Self { head: Cow::Borrowed(head), columns, tail, texts: OnceLock::new() }
    }

    /// For a head put together from the schema.
    pub(crate) fn built(head: String, columns: usize) -> Self {
        Self { head: Cow::Owned(head), columns, tail: "", texts: OnceLock::new() }
    }

    fn texts(&self) -> &[[String; 2]] {
        self.texts.get_or_init(|| {
            SIZES.iter().map(|&rows| [self.text(rows, true), self.text(rows, false)]).collect()
        })
    }

    fn text(&self, rows: usize, nameless: bool) -> String {
        let parameter = |n: usize| if nameless { "?".to_owned() } else { format!("${n}") };
        let row = |r: usize| {
            let marks: Vec<_> = (1..=self.columns).map(|c| parameter(r * self.columns + c)).collect();
            format!("({})", marks.join(", "))
        };
        let rows: Vec<_> = (0..rows).map(row).collect();
        format!("{} VALUES {} {}", self.head, rows.join(", "), self.tail)
    }

    /// The text for the size at `index` of [`SIZES`].
    pub(crate) fn sql(&'static self, index: usize, sqlite: bool) -> Sql {
        Sql(&self.texts()[index][usize::from(!sqlite)])
    }

    fn next_size(&self, rows: usize) -> usize {
        SIZES.iter().position(|&size| size <= rows).unwrap_or(SIZES.len() - 1)
    }

    /// The statements that write `args` (row after row).
    pub(crate) fn statements<'a>(&'static self, sqlite: bool, args: &'a [Arg<'a>]) -> Vec<Bound<'a>> {
        let mut rest = args;
        let mut statements = Vec::new();
        while !rest.is_empty() {
            let index = self.next_size(rest.len() / self.columns);
            let (now, later) = rest.split_at(SIZES[index] * self.columns);
            statements.push((self.sql(index, sqlite), now));
            rest = later;
        }
        statements
    }

    /// Writes `args` (row after row) and returns the number of rows changed.
    pub(crate) async fn run(&'static self, conn: &mut Conn, args: &[Arg<'_>]) -> Result<u64, Error> {
        let statements = self.statements(conn.is_sqlite(), args);
        Ok(conn.together(&statements).await?.into_iter().sum())
    }

    /// Writes `args` (row after row) and returns what the tail's RETURNING yields.
    pub(crate) async fn all<T: Row>(
        &'static self,
        conn: &mut Conn,
        args: &[Arg<'_>],
    ) -> Result<Vec<T>, Error> {
        let statements = self.statements(conn.is_sqlite(), args);
        conn.all_together(&statements).await
    }
}
