//! IPC-2591 (CFX): the message `CFX.Production.TestAndInspection.UnitsInspected`.
//!
//! Types and members have the standard's names, in its order; what is not known is written as null, as the standard's
//! own examples do. Nobody is named: what inspects is a model, which the standard calls a remote system, and of a person's
//! look it tells what it found (`Verification`) and not whose it was.

use jiff::Timestamp;
use serde::Serialize;
use serde_json::{Value, json};
use uuid::Uuid;

use crate::csv::share;
use crate::{Decided, Finding, Judged, Lot, Unit, Verification};

/// The message's name.
pub const MESSAGE_NAME: &str = "CFX.Production.TestAndInspection.UnitsInspected";
/// The version of the standard whose members these are.
pub const VERSION: &str = "1.3";
/// What stands between head and tail of a message that is written in parts.
const UNITS: &str = "\"InspectedUnits\":[]";

/// What an envelope says beside its message.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Envelope {
    /// The same for the same message, whenever it is sent: by it repeats are known.
    pub unique_id: Uuid,
    /// When what it tells took place.
    pub time_stamp: Timestamp,
    /// The CFX handle of whoever tells it.
    pub source: String,
    /// The work transaction: a unit's case, or a lot's release.
    pub transaction_id: Uuid,
    /// The recipe, where all units were inspected by one.
    pub recipe: Option<String>,
}

/// `CFX.Structures.TestResult`; `Skipped` and `Aborted` are not told.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
pub enum TestResult {
    /// Good.
    Passed,
    /// Defective.
    Failed,
    /// It could not be judged.
    Error,
}

/// `CFX.Structures.InspectedUnit`
#[derive(Debug, Serialize)]
#[serde(rename_all = "PascalCase")]
pub struct InspectedUnit<'a> {
    unit_identifier: &'a str,
    unit_position_number: Option<u32>,
    overall_result: TestResult,
    active_recipe_name: &'a str,
    active_recipe_revision: Option<&'a str>,
    inspections: [Inspection<'a>; 1],
    verification: Verification,
}

#[derive(Debug, Serialize)]
#[serde(rename_all = "PascalCase")]
struct Inspection<'a> {
    unique_identifier: String,
    inspection_name: &'static str,
    inspection_start_time: Option<Timestamp>,
    inspection_end_time: Option<Timestamp>,
    test_procedure: Option<&'a str>,
    comments: String,
    result: TestResult,
    verification: Verification,
    verification_detail: Option<&'a str>,
    error: Option<&'a str>,
    defects_found: Vec<Defect<'a>>,
    symptoms: [Value; 0],
    measurements: [Value; 0],
}

#[derive(Debug, Serialize)]
#[serde(rename_all = "PascalCase")]
struct Defect<'a> {
    unique_identifier: String,
    defect_code: &'a str,
    defect_category: &'static str,
    description: &'a str,
    comments: &'static str,
    component_of_interest: Option<Value>,
    region_of_interest: Region,
    defect_images: [Value; 0],
    priority: u32,
    confidence_level: f64,
    related_measurements: [Value; 0],
    related_symptoms: [Value; 0],
    verification: Verification,
    verification_detail: Option<&'a str>,
}

#[derive(Debug, Serialize)]
#[serde(rename_all = "PascalCase")]
struct Region {
    start_point_x: f64,
    start_point_y: f64,
    region_segments: [Segment; 4],
}

#[derive(Debug, Serialize)]
#[serde(rename_all = "PascalCase")]
struct Segment {
    x: f64,
    y: f64,
}

/// A unit as the standard has it; none where it is not decided, since an inspection that goes on is no result.
/// `position`: its number in the lot, from 1, in the order in which units were reported.
#[must_use]
pub fn inspected_unit(unit: &Unit, position: Option<u32>) -> Option<InspectedUnit<'_>> {
    let overall_result = match unit.decided {
        Decided::Ok => TestResult::Passed,
        Decided::Ng => TestResult::Failed,
        Decided::Review | Decided::Ended => return None,
    };
    Some(InspectedUnit {
        unit_identifier: &unit.serial,
        unit_position_number: position,
        overall_result,
        active_recipe_name: &unit.recipe,
        active_recipe_revision: None,
        inspections: [inspection(unit)],
        verification: unit.verification(),
    })
}

/// What the machine saw: `Result` is its own, `OverallResult` of the unit what became of it.
fn inspection(unit: &Unit) -> Inspection<'_> {
    let result = match unit.judged {
        Judged::Ok => TestResult::Passed,
        // What an inspection machine is not sure of it fails, for a person to verify.
        Judged::Ng | Judged::Unsure => TestResult::Failed,
        Judged::CannotJudge => TestResult::Error,
    };
    let (model, likely) = (&unit.model, share(unit.score));
    let found = (1..).zip(&unit.findings);
    Inspection {
        unique_identifier: unit.case.to_string(),
        inspection_name: "AOI",
        inspection_start_time: unit.taken,
        inspection_end_time: unit.decided_at,
        test_procedure: None,
        comments: format!("model {model}, likelihood of a defect {likely}, {} found", unit.found),
        result,
        verification: unit.verification(),
        verification_detail: None,
        error: unit.obstacle.as_deref(),
        defects_found: found.map(|(number, finding)| defect(unit.case, number, finding)).collect(),
        symptoms: [],
        measurements: [],
    }
}

fn defect(case: Uuid, number: u32, finding: &Finding) -> Defect<'_> {
    Defect {
        unique_identifier: format!("{case}/{number}"),
        defect_code: &finding.class,
        // The standard suggests categories for soldered boards; of these, one is a defect of bare ones too.
        defect_category: if finding.class == "short" { "Short" } else { "Miscellaneous" },
        description: &finding.class,
        comments: "region in pixels of the picture, from its upper left corner",
        component_of_interest: None,
        region_of_interest: region(finding),
        defect_images: [],
        priority: number,
        // 1 to 100.
        confidence_level: (f64::from(finding.score) / 100.0).max(1.0),
        related_measurements: [],
        related_symptoms: [],
        verification: finding.verification,
        verification_detail: None,
    }
}

/// The box, clockwise from its upper left corner and back to it.
fn region(finding: &Finding) -> Region {
    let (left, top) = (f64::from(finding.x), f64::from(finding.y));
    let (right, bottom) = (left + f64::from(finding.width), top + f64::from(finding.height));
    let corners = [(right, top), (right, bottom), (left, bottom), (left, top)];
    Region {
        start_point_x: left,
        start_point_y: top,
        region_segments: corners.map(|(x, y)| Segment { x, y }),
    }
}

/// The message about units, each with its number in the lot where it has one. Those that are not decided are left out.
#[must_use]
pub fn units_inspected(envelope: &Envelope, lot: &Lot, units: &[(Option<u32>, Unit)]) -> Value {
    let mut message = message(envelope, lot);
    let told = units.iter().filter_map(|(position, unit)| inspected_unit(unit, *position));
    message["MessageBody"]["InspectedUnits"] = told.map(|unit| json!(unit)).collect();
    message
}

/// The message's text before and after its units, for one that is written unit by unit with commas between.
#[must_use]
pub fn frame(envelope: &Envelope, lot: &Lot) -> (String, String) {
    let whole = message(envelope, lot).to_string();
    // No text of a station can hold it: quotes in a text are escaped.
    let cut = whole.find(UNITS).map_or(whole.len(), |at| at + UNITS.len() - 1);
    let (head, tail) = whole.split_at(cut);
    (head.to_owned(), tail.to_owned())
}

fn message(envelope: &Envelope, lot: &Lot) -> Value {
    json!({
        "MessageName": MESSAGE_NAME,
        "Version": VERSION,
        "TimeStamp": envelope.time_stamp,
        "UniqueID": envelope.unique_id,
        "Source": envelope.source,
        "Target": null,
        "RequestID": null,
        "MessageBody": {
            "$type": format!("{MESSAGE_NAME}, CFX"),
            "TransactionId": envelope.transaction_id,
            "InspectionMethod": "AOI",
            "SamplingInformation": {
                // Every unit is inspected; the sample of ISO 2859-1 is of what people look at again.
                "SamplingMethod": "NoSampling",
                "LotSize": lot.size.map(f64::from),
                "SampleSize": null,
            },
            "Inspector": {
                "OperatorIdentifier": null,
                "ActorType": "RemoteSystem",
                "LastName": null,
                "FirstName": null,
                "LoginName": null,
            },
            "RecipeName": envelope.recipe,
            "RecipeRevision": null,
            "InspectedUnits": [],
        },
    })
}
