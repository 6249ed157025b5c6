//! What can be wrong with a track, and where.

use serde::{Deserialize, Serialize};

use crate::regions::Bounds;

/// The six defects of bare boards, with the numbers of the DeepPCB annotations (arXiv 1902.06197, section 3).
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
#[repr(u8)]
pub enum Defect {
    /// A track is cut through.
    Open = 1,
    /// Two tracks that should not touch do.
    Short = 2,
    /// A bite out of an edge.
    Mousebite = 3,
    /// A thorn on an edge.
    Spur = 4,
    /// Copper where there should be none, touching nothing.
    SpuriousCopper = 5,
    /// A hole inside copper.
    PinHole = 6,
}

impl Defect {
    /// All, in the order of their numbers.
    pub const ALL: [Self; 6] =
        [Self::Open, Self::Short, Self::Mousebite, Self::Spur, Self::SpuriousCopper, Self::PinHole];

    /// The defect of an annotation's number, 1 to 6.
    #[must_use]
    pub fn numbered(number: usize) -> Option<Self> {
        Self::ALL.get(number.checked_sub(1)?).copied()
    }

    /// 1 to 6.
    #[must_use]
    pub fn number(self) -> usize {
        self as usize
    }

    /// Whether there is too much copper, rather than too little.
    #[must_use]
    pub fn is_extra(self) -> bool {
        matches!(self, Self::Short | Self::Spur | Self::SpuriousCopper)
    }

    /// Its name in files and on the command line.
    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
            Self::Open => "open",
            Self::Short => "short",
            Self::Mousebite => "mousebite",
            Self::Spur => "spur",
            Self::SpuriousCopper => "spurious-copper",
            Self::PinHole => "pin-hole",
        }
    }
}

/// A rectangle in pixels of the picture, not bound to whole ones.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
pub struct Rect {
    /// Left edge.
    pub left: f32,
    /// Top edge.
    pub top: f32,
    /// Right edge.
    pub right: f32,
    /// Bottom edge.
    pub bottom: f32,
}

impl Rect {
    /// Area of the part in both over the area of either (intersection over union), 0 to 1.
    #[must_use]
    pub fn overlap(&self, other: &Self) -> f32 {
        let shared = self.shared(other);
        let either = self.area() + other.area() - shared;
        if either > 0.0 { shared / either } else { 0.0 }
    }

    /// The area of the part in both, in pixels.
    #[must_use]
    pub fn shared(&self, other: &Self) -> f32 {
        let width = self.right.min(other.right) - self.left.max(other.left);
        let height = self.bottom.min(other.bottom) - self.top.max(other.top);
        width.max(0.0) * height.max(0.0)
    }

    /// Pixels inside.
    #[must_use]
    pub fn area(&self) -> f32 {
        (self.right - self.left).max(0.0) * (self.bottom - self.top).max(0.0)
    }

    /// Each edge further out by `by` pixels.
    #[must_use]
    pub fn padded(&self, by: f32) -> Self {
        Self { left: self.left - by, top: self.top - by, right: self.right + by, bottom: self.bottom + by }
    }
}

impl From<Bounds> for Rect {
    fn from(bounds: Bounds) -> Self {
        Self {
            left: bounds.left as f32,
            top: bounds.top as f32,
            right: bounds.right as f32,
            bottom: bounds.bottom as f32,
        }
    }
}

/// A defect that somebody drew a box around.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
pub struct Annotation {
    /// Which.
    pub defect: Defect,
    /// Where.
    pub at: Rect,
}

/// A defect that was found.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
pub struct Finding {
    /// Which, most likely.
    pub defect: Defect,
    /// How sure that it is this one, 0 to 1.
    pub score: f32,
    /// How sure that it is any, 0 to 1; never less than `score`.
    pub any: f32,
    /// Where.
    pub at: Rect,
}

/// Keeps, of findings on one spot, the surest: two of one defect overlap by less than `same`, two of different ones by less than
/// `other`. The surest first.
#[must_use]
pub fn without_doubles(mut findings: Vec<Finding>, same: f32, other: f32) -> Vec<Finding> {
    findings.sort_by(|a, b| b.score.total_cmp(&a.score));
    let mut kept: Vec<Finding> = Vec::with_capacity(findings.len());
    for finding in findings {
        let is_new = kept.iter().all(|surer| {
            let limit = if surer.defect == finding.defect { same } else { other };
            surer.at.overlap(&finding.at) < limit
        });
        if is_new {
            kept.push(finding);
        }
    }
    kept
}
