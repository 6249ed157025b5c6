//! 一件事: one application, several agencies at the same time. Each part is a case of its own, with its own
//! agency, procedure, clocks and corrections; this is how the two sides name each other.

use domain::{AreaCode, CaseId};
use packs::{Branch, Handling, Procedure};
use serde::{Deserialize, Serialize};
use sha2::{Digest, Sha256};
use uuid::Builder;

use crate::case::Case;
use crate::command::Facts;
use crate::decide::event;
use crate::definition::Definition;
use crate::event::{Event, Outcome, What};
use crate::refusal::{Refusal, Rule};
use crate::rules::{holds, inputs};
use crate::stops::Stop;

/// The joint case a part belongs to.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct PartOf {
    /// Its area.
    pub area: AreaCode,
    /// Its id.
    pub case: CaseId,
    /// Which part.
    pub branch: String,
}

/// A part, as the joint case knows it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct BranchCase {
    /// Id of the part.
    pub branch: String,
    /// Id of its case.
    pub case: CaseId,
    /// The agency.
    pub agency: String,
    /// The area.
    pub area: AreaCode,
    /// How it ended.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub outcome: Option<Outcome>,
    /// When its clock stood still (行政许可法 art. 45).
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub stops: Vec<Stop>,
}

/// The parts to open at the current step; a part whose condition is false is left out.
pub(crate) fn branched(definition: &Definition, case: &Case, facts: Facts<'_>) -> What {
    let step = definition.step(case.step);
    let known = inputs(definition, case, facts);
    let open = step.map_or(&[][..], |step| &step.branches).iter();
    let open = open.filter(|branch| branch.when.as_deref().is_none_or(|when| holds(when, &known)));
    let branches = open.map(|branch| BranchCase {
        branch: branch.branch.clone(),
        case: part_id(case, &branch.branch),
        agency: branch.agency.clone(),
        area: branch.area.clone().unwrap_or_else(|| case.area.clone()),
        outcome: None,
        stops: Vec::new(),
    });
    What::Branched { branches: branches.collect() }
}

/// The part's id follows from the joint case's and from how far that has come, so that opening it twice opens
/// it once, and coming to the step again opens another.
fn part_id(case: &Case, branch: &str) -> CaseId {
    let Case { id, step, rounds, seq, .. } = case;
    let hash = Sha256::digest(format!("part/{id}/{step}/{rounds}/{seq}/{branch}").as_bytes());
    let mut bytes = [0; 16];
    bytes.copy_from_slice(&hash[..16]);
    CaseId(Builder::from_custom_bytes(bytes).into_uuid())
}

/// How a part ended. Told twice, it is told once; word of an earlier round's part changes nothing.
pub(crate) fn end(
    case: &Case,
    branch: String,
    part: CaseId,
    outcome: Outcome,
    facts: Facts<'_>,
) -> Result<Vec<Event>, Refusal> {
    let known = case.branches.iter().find(|known| known.branch == branch).ok_or(Rule::NoSuchBranch)?;
    if known.case != part || known.outcome.is_some() {
        return Ok(Vec::new());
    }
    Ok(vec![event(facts, What::BranchEnded { branch, case: Some(part), outcome }, None)])
}

/// The definition a part runs under: the joint item's, cut down to what this agency needs.
///
/// # Errors
/// When it cannot be written as JSON, which no loaded pack can cause.
pub fn branch_definition(
    joint: &Definition,
    branch: &Branch,
    procedure: Procedure,
) -> Result<Definition, serde_json::Error> {
    let mut item = joint.item.clone();
    item.code = format!("{}~{}", joint.item.code, branch.branch);
    item.parent = Some(joint.item.code.clone());
    item.name = branch.title.clone();
    item.agency.clone_from(&branch.agency);
    if let Some(area) = &branch.area {
        item.area = area.clone();
    }
    if !branch.law.is_empty() {
        item.law.clone_from(&branch.law);
    }
    item.statutory = branch.statutory.or(item.statutory);
    item.promised = branch.promised;
    item.handling = Handling::Online { procedure: procedure.procedure.clone() };
    item.rules = None;
    // The certificate is the joint decision's.
    item.certificate = None;
    if !branch.fields.is_empty() {
        for page in &mut item.form.pages {
            page.fields.retain(|field| branch.fields.contains(&field.name));
        }
        item.form.pages.retain(|page| !page.fields.is_empty());
    }
    if !branch.materials.is_empty() {
        item.materials.retain(|material| branch.materials.contains(&material.id));
    }
    Definition::new(joint.pack.clone(), item, procedure)
}
