//! What the platform is told of one unit: docs/stations.md has each member.

use std::fmt::Write as _;

use inspection::judge::{Unjudged, Verdict};
use inspection::{Card, Finding};
use serde::{Deserialize, Serialize};
use sha2::{Digest, Sha256};

/// Most findings that are listed; of more, the surest.
const MAX_FINDINGS: usize = 64;
/// Most findings that are counted.
const MAX_FOUND: usize = 1_000;
/// Longest name that the platform takes, in characters.
const MAX_NAME: usize = 64;

/// A report, in the platform's words.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub(crate) struct Report {
    pub(crate) item: String,
    pub(crate) serial: String,
    pub(crate) lot: String,
    pub(crate) recipe: String,
    pub(crate) judged: String,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) obstacle: Option<String>,
    pub(crate) score: f32,
    pub(crate) model: String,
    pub(crate) findings: Vec<Found>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) found: Option<usize>,
    pub(crate) test_picture: String,
    pub(crate) template_picture: String,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) taken: Option<String>,
}

/// One finding, in whole pixels.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub(crate) struct Found {
    pub(crate) class: String,
    pub(crate) score: f32,
    pub(crate) x: u32,
    pub(crate) y: u32,
    pub(crate) width: u32,
    pub(crate) height: u32,
}

/// Which unit, by the folders and the name of its picture.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Unit {
    pub(crate) lot: String,
    pub(crate) recipe: String,
    pub(crate) serial: String,
}

impl Unit {
    /// From the parts of a path; none where one of them is no name that the platform takes.
    pub(crate) fn new(lot: &str, recipe: &str, serial: &str) -> Option<Self> {
        let is_name = |name: &str| {
            !name.is_empty()
                && name.chars().count() <= MAX_NAME
                && name.trim() == name
                && !name.starts_with('.')
                && !name.chars().any(char::is_control)
        };
        [lot, recipe, serial].into_iter().all(is_name).then(|| Self {
            lot: lot.to_owned(),
            recipe: recipe.to_owned(),
            serial: serial.to_owned(),
        })
    }
}

impl Report {
    /// What a look at a unit's picture says.
    pub(crate) fn new(
        item: &str,
        unit: &Unit,
        look: &Look,
        card: &Card,
        model: &str,
        hashes: (&str, &str),
    ) -> Self {
        let called: Vec<&Finding> = look.findings.iter().filter(|f| f.any >= card.bands.ok_below).collect();
        let (judged, obstacle) = match look.verdict {
            Verdict::Ok => ("ok", None),
            Verdict::Ng => ("ng", None),
            Verdict::Doubtful => ("unsure", None),
            Verdict::CannotJudge(reason) => ("cannot-judge", Some(obstacle(reason))),
        };
        Self {
            item: item.to_owned(),
            serial: unit.serial.clone(),
            lot: unit.lot.clone(),
            recipe: unit.recipe.clone(),
            judged: judged.to_owned(),
            obstacle: obstacle.map(|told| if look.damaged { "other" } else { told }.to_owned()),
            score: look.findings.iter().map(|f| f.any).fold(0.0, f32::max).clamp(0.0, 1.0),
            model: model.to_owned(),
            findings: called.iter().take(MAX_FINDINGS).map(|finding| found(finding)).collect(),
            found: (called.len() > MAX_FINDINGS).then(|| called.len().min(MAX_FOUND)),
            test_picture: hashes.0.to_owned(),
            template_picture: hashes.1.to_owned(),
            taken: look.taken.clone(),
        }
    }

    /// The name under which it waits: of what makes it this report for the platform, so that a unit that is looked at twice, since
    /// the power went in between, waits once.
    pub(crate) fn name(&self) -> String {
        let parts = [&self.item, &self.lot, &self.recipe, &self.serial, &self.test_picture];
        hash(parts.map(String::as_str).join("\u{1f}").as_bytes())
    }
}

/// What was seen on a picture.
pub(crate) struct Look {
    pub(crate) verdict: Verdict,
    pub(crate) findings: Vec<Finding>,
    /// The file is no picture, or the model gave no answer.
    pub(crate) damaged: bool,
    pub(crate) taken: Option<String>,
}

fn found(finding: &Finding) -> Found {
    let at = finding.at;
    let (x, y) = (at.left.max(0.0) as u32, at.top.max(0.0) as u32);
    Found {
        class: finding.defect.name().to_owned(),
        score: finding.any.clamp(0.0, 1.0),
        x,
        y,
        width: (at.right.max(0.0) as u32).saturating_sub(x).max(1),
        height: (at.bottom.max(0.0) as u32).saturating_sub(y).max(1),
    }
}

fn obstacle(reason: Unjudged) -> &'static str {
    match reason {
        Unjudged::NoContrast => "dark",
        Unjudged::Blurred => "blurred",
        Unjudged::Empty => "empty",
        Unjudged::Displaced => "shifted",
        Unjudged::SizeDiffers | Unjudged::AnotherBoard => "wrong-recipe",
    }
}

/// SHA-256 in lower-case hexadecimal digits.
pub(crate) fn hash(bytes: &[u8]) -> String {
    Sha256::digest(bytes).iter().fold(String::with_capacity(64), |mut text, byte| {
        let _ = write!(text, "{byte:02x}");
        text
    })
}
