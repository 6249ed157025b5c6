//! Reviews as a station is told them, to learn from: its own units that people decided, in the order they were settled.

use casework::{Actor, Outcome, Status};
use domain::{CaseId, from_micros};
use serde::Serialize;
use store::SettledUnit;

use super::marks::findings;
use super::{Label, Marks, Place, says_good};
use crate::stations::Station;
use crate::{App, Error};

/// Most reviews of one answer.
pub const MAX_REVIEWS: i64 = 200;

/// A unit that people decided.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Review {
    /// The case.
    pub case: CaseId,
    /// Serial number of the unit.
    pub serial: String,
    /// Its lot.
    pub lot: String,
    /// The recipe it was inspected by.
    pub recipe: String,
    /// SHA-256 of the picture.
    pub test_picture: String,
    /// SHA-256 of the template.
    pub template_picture: String,
    /// `ok` or `ng`.
    pub decision: &'static str,
    /// When it was settled (RFC 3339).
    pub at: String,
    /// Defects, with their boxes; none of a good unit.
    pub labels: Vec<Label>,
    /// What was called a defect and is none.
    pub false_calls: Vec<Place>,
}

/// Some of a station's reviews, and behind which the next ones begin; none where there are no more.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Reviews {
    /// In the order in which they were settled.
    pub reviews: Vec<Review>,
    /// What to ask with next.
    pub next: Option<String>,
}

impl App {
    /// A station's own units that people decided, behind `after` (0 for the first), at most [`MAX_REVIEWS`].
    ///
    /// # Errors
    /// When the store cannot answer.
    pub async fn reviews(&self, station: &Station, after: i64, limit: i64) -> Result<Reviews, Error> {
        let rows = self.store.settled_after(station.id.0, after, limit.clamp(1, MAX_REVIEWS)).await?;
        let mut reviews = Vec::with_capacity(rows.len());
        for row in &rows {
            reviews.extend(self.review(row).await?);
        }
        Ok(Reviews { reviews, next: rows.last().map(|row| row.n.to_string()) })
    }

    async fn review(&self, row: &SettledUnit) -> Result<Option<Review>, Error> {
        let file = self.case_to_act_on(&row.area, CaseId(row.case_id), &Actor::System).await?;
        let good = match file.case.status {
            Status::Closed(Outcome::Granted) => true,
            Status::Closed(Outcome::Refused) => false,
            // Taken up again.
            _ => return Ok(None),
        };
        // What the last of those saw who said what was decided.
        let looks = self.store.looks_at(&row.area, row.case_id).await?;
        let agrees = looks.iter().rev().find(|look| says_good(&look.action) == Some(good));
        let marks: Marks = match agrees {
            Some(look) => serde_json::from_str(&look.marks)?,
            None => Marks::default(),
        };
        let mut marks = marks.teaching();
        if good {
            let found = findings(&file.case.answers).into_iter();
            marks = Marks { false_calls: found.map(|found| found.label.place).collect(), ..Marks::default() };
        }
        let said = |field: &str| file.case.answers.get(field).cloned().unwrap_or_default();
        Ok(Some(Review {
            case: file.case.id,
            serial: said("serial"),
            lot: said("lot"),
            recipe: said("recipe"),
            test_picture: said("test_picture"),
            template_picture: said("template_picture"),
            decision: if good { super::GOOD } else { super::BAD },
            at: from_micros(row.at).to_string(),
            labels: marks.labels,
            false_calls: marks.false_calls,
        }))
    }
}
