//! The texts of the desk's pages: one for each way of filtering, since a database that sees a parameter
//! cannot tell which index serves it. What a page is filtered by stands in the index it is sorted by.

use std::sync::LazyLock;

use crate::cases::case_columns;
use crate::desk::Claimed;
use crate::engine::Sql;

/// Whose cases, without the officer.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Whose {
    Any,
    Free,
    One,
}

impl From<Claimed> for Whose {
    fn from(claimed: Claimed) -> Self {
        match claimed {
            Claimed::Any => Self::Any,
            Claimed::Nobody => Self::Free,
            Claimed::By(_) => Self::One,
        }
    }
}

/// What a page is asked for by.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Shape {
    pub(crate) finished: bool,
    pub(crate) claimed: Whose,
    /// One step only.
    pub(crate) step: bool,
    /// One light only.
    pub(crate) lit: bool,
    /// The page before a line, last line first.
    pub(crate) back: bool,
}

/// Every shape with its text.
pub(crate) static DESKS: LazyLock<Vec<(Shape, String)>> = LazyLock::new(|| {
    let mut shapes = Vec::new();
    for bits in 0..16 {
        let [finished, step, lit, back] = [1, 2, 4, 8].map(|bit| bits & bit != 0);
        for claimed in [Whose::Any, Whose::Free, Whose::One] {
            shapes.push(Shape { finished, claimed, step, lit, back });
        }
    }
    shapes.into_iter().map(|shape| (shape, shape.text())).collect()
});

impl Shape {
    pub(crate) fn sql(self) -> Sql {
        let found = DESKS.iter().find(|(shape, _)| *shape == self);
        Sql(found.map_or("", |(_, text)| text))
    }

    /// Parameters: area, agency, due date and id of the line to begin at, due date to end at, number of
    /// lines; then, as far as asked for, step, officer, and the two instants between which the light
    /// turns yellow.
    fn text(self) -> String {
        let mut parameter = 6;
        let mut next = || {
            parameter += 1;
            parameter
        };
        let mut filter = String::from(if self.finished { "NOT open" } else { "open" });
        if self.step {
            filter += &format!(" AND step = ${}", next());
        }
        match self.claimed {
            Whose::Any => {}
            Whose::Free => filter += " AND claimed_by IS NULL",
            Whose::One => filter += &format!(" AND claimed_by = ${}", next()),
        }
        if self.lit {
            filter += &format!(" AND light_at > ${} AND light_at <= ${}", next(), next());
        }
        let (range, order) = if self.back {
            ("(sort_at, id) < ($3, $4) AND sort_at >= $5", "sort_at DESC, id DESC")
        } else {
            ("(sort_at, id) > ($3, $4) AND sort_at <= $5", "sort_at, id")
        };
        let columns = case_columns!();
        format!(
            "SELECT {columns} FROM cases WHERE area = $1 AND agency = $2 AND {filter} AND {range} \
             ORDER BY {order} LIMIT $6"
        )
    }
}
