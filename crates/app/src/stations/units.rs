//! The row of a unit, derived from its case, and reading rows back: what the pages of a line and the exchange with other
//! programs are made of, without opening a case.

use casework::{Case, Definition, Event, Outcome, Status, What};
use domain::{CaseId, PersonId, Timestamp, from_micros, micros};
use serde::Serialize;
use store::{InspectedUnit, Line};
use uuid::Uuid;

use super::{Decided, is_stations};
use crate::{App, Error};

/// Scores are kept in ten thousandths.
const WHOLE: f64 = 10_000.0;

/// Where a unit went when it was reported.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum Sent {
    /// Rules decided it.
    Rule,
    /// Rules passed it, and it was drawn for a look.
    Sample,
    /// A person decides.
    Person,
}

impl Sent {
    const ALL: [Self; 3] = [Self::Rule, Self::Sample, Self::Person];

    /// Id, as stored.
    #[must_use]
    pub fn id(self) -> &'static str {
        match self {
            Self::Rule => "rule",
            Self::Sample => "sample",
            Self::Person => "person",
        }
    }

    /// Reads what [`Sent::id`] writes.
    #[must_use]
    pub fn of(id: &str) -> Self {
        Self::ALL.into_iter().find(|sent| sent.id() == id).unwrap_or(Self::Person)
    }
}

/// A finding of a unit, in pixels of its picture.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct UnitFinding {
    /// Class of the defect.
    pub class: String,
    /// How sure, 0 to 1.
    pub score: f64,
    /// Left edge.
    pub x: u32,
    /// Upper edge.
    pub y: u32,
    /// Width.
    pub width: u32,
    /// Height.
    pub height: u32,
}

/// A unit as its case stands.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct LotUnit {
    /// The case.
    pub case: CaseId,
    /// Serial number.
    pub serial: String,
    /// Code of the item.
    pub item: String,
    /// The lot.
    pub lot: String,
    /// The recipe it was inspected by.
    pub recipe: String,
    /// The station, as a party.
    pub station: PersonId,
    /// When it was reported.
    pub at: Timestamp,
    /// `ok`, `ng`, `unsure`, `cannot-judge`.
    pub judged: String,
    /// How likely a defect is, 0 to 1.
    pub score: f64,
    /// Version of the model.
    pub model: String,
    /// Why it could not be judged.
    pub obstacle: Option<String>,
    /// How many findings there are, which may be more than are listed.
    pub found: u32,
    /// What the model found.
    pub findings: Vec<UnitFinding>,
    /// SHA-256 of the template, hexadecimal.
    pub template: String,
    /// Where it went.
    pub sent: Sent,
    /// How it stands.
    pub outcome: Decided,
    /// A person decided it.
    pub by_person: bool,
    /// When it was decided.
    pub closed: Option<Timestamp>,
}

/// Where a page of units ended.
pub type UnitCursor = (i64, Uuid);

/// Before the first unit.
pub const FIRST_UNIT: UnitCursor = (i64::MIN, Uuid::nil());

/// The row of a unit; none for a case that is no unit's, and for one whose station was erased: its answers are gone, and
/// what stands in its row stays there. `events` are all of the case's.
pub(crate) fn unit_row<'a>(
    definition: &Definition,
    case: &Case,
    events: impl Iterator<Item = &'a Event>,
) -> Option<Box<InspectedUnit>> {
    if !definition.item.for_things() || !is_stations(case) {
        return None;
    }
    let answer = |field: &str| case.answers.get(field).cloned();
    let number = |field: &str| case.answers.get(field).and_then(|text| text.parse().ok()).unwrap_or_default();
    let (mut sampled, mut closed_at) = (false, None);
    for event in events {
        match &event.what {
            What::Ruled { sampled: drawn, .. } => sampled |= drawn,
            What::Closed { .. } => closed_at = Some(micros(event.at)),
            _ => {}
        }
    }
    let (closed, by_rule) = (matches!(case.status, Status::Closed(_)), case.done_by.is_empty());
    let sent = match (sampled, closed && by_rule) {
        (true, _) => Sent::Sample,
        (false, true) => Sent::Rule,
        (false, false) => Sent::Person,
    };
    Some(Box::new(InspectedUnit {
        area: case.area.as_str().to_owned(),
        case_id: case.id.0,
        agency: case.agency.clone(),
        item: case.item.clone(),
        lot: answer("lot")?,
        serial: answer("serial")?,
        recipe: answer("recipe").unwrap_or_default(),
        station: case.applicant.0,
        at: micros(case.received),
        judged: answer("judged")?,
        score: number("score"),
        model: answer("model").unwrap_or_default(),
        obstacle: answer("obstacle"),
        found: number("found"),
        findings: compact(&answer("findings").unwrap_or_default()),
        template: answer("template_picture").unwrap_or_default(),
        sent: sent.id().to_owned(),
        outcome: outcome(case.status).to_owned(),
        by_person: closed && !by_rule,
        closed_at: closed_at.filter(|_| closed),
    }))
}

fn outcome(status: Status) -> &'static str {
    match status {
        Status::Closed(Outcome::Granted) => "ok",
        Status::Closed(Outcome::Refused) => "ng",
        Status::Closed(_) => "ended",
        _ => "open",
    }
}

/// How a unit stands, by the word that is stored.
pub(super) fn decided(outcome: &str) -> Decided {
    match outcome {
        "ok" => Decided::Ok,
        "ng" => Decided::Ng,
        "ended" => Decided::Ended,
        _ => Decided::Review,
    }
}

/// The lines of a form's findings as a list of lists.
fn compact(lines: &str) -> String {
    let lists = lines.lines().filter_map(|line| {
        let (class, rest) = line.split_once(' ')?;
        let numbers = rest.split(' ').map(|word| word.parse().ok()).collect::<Option<Vec<u32>>>()?;
        let [score, x, y, width, height] = numbers[..] else { return None };
        Some((class, score, x, y, width, height))
    });
    serde_json::to_string(&lists.collect::<Vec<_>>()).unwrap_or_default()
}

fn findings(compact: &str) -> Vec<UnitFinding> {
    let lists: Vec<(String, u32, u32, u32, u32, u32)> = serde_json::from_str(compact).unwrap_or_default();
    let finding = |(class, score, x, y, width, height)| UnitFinding {
        class,
        score: f64::from(score) / WHOLE,
        x,
        y,
        width,
        height,
    };
    lists.into_iter().map(finding).collect()
}

impl From<InspectedUnit> for LotUnit {
    fn from(row: InspectedUnit) -> Self {
        let small = |number: i64| u32::try_from(number).unwrap_or_default();
        Self {
            case: CaseId(row.case_id),
            findings: findings(&row.findings),
            serial: row.serial,
            item: row.item,
            lot: row.lot,
            recipe: row.recipe,
            station: PersonId(row.station),
            at: from_micros(row.at),
            judged: row.judged,
            score: f64::from(small(row.score)) / WHOLE,
            model: row.model,
            obstacle: row.obstacle,
            found: small(row.found),
            template: row.template,
            sent: Sent::of(&row.sent),
            outcome: decided(&row.outcome),
            by_person: row.by_person,
            closed: row.closed_at.map(from_micros),
        }
    }
}

impl LotUnit {
    /// Where the next page begins.
    #[must_use]
    pub fn cursor(&self) -> UnitCursor {
        (micros(self.at), self.case.0)
    }
}

impl App {
    /// A page of a lot's units, in the order they were reported, after the last one of the page before; begin with
    /// [`FIRST_UNIT`]. Whoever asks must be of the agency: nothing here looks at who that is.
    ///
    /// # Errors
    /// When the store cannot answer.
    pub async fn lot_units(
        &self,
        line: Line<'_>,
        lot: &str,
        after: UnitCursor,
        limit: i64,
    ) -> Result<Vec<LotUnit>, Error> {
        let rows = self.store.units_of_lot(line, lot, after, limit).await?;
        Ok(rows.into_iter().map(LotUnit::from).collect())
    }
}

#[cfg(test)]
mod tests {
    use super::{compact, findings};

    #[test]
    fn findings_are_kept_as_reported() {
        let kept = compact("open 9913 120 44 18 9\nmouse-bite 20 0 0 1 1");
        assert_eq!(kept, r#"[["open",9913,120,44,18,9],["mouse-bite",20,0,0,1,1]]"#);
        let read = findings(&kept);
        assert_eq!((read.len(), read[0].class.as_str(), read[0].score), (2, "open", 0.9913));
        assert_eq!((read[1].x, read[1].width, read[1].height), (0, 1, 1));
        assert_eq!((compact(""), findings("")), ("[]".to_owned(), Vec::new()));
    }
}
