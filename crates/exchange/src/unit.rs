//! What is known of a unit and its lot, in the platform's own words.

use jiff::Timestamp;
use uuid::Uuid;

/// Scores are told in ten thousandths.
pub(crate) const WHOLE: u32 = 10_000;

/// What a model said.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Judged {
    /// Good.
    Ok,
    /// Defective.
    Ng,
    /// Between the bands.
    Unsure,
    /// The picture cannot be judged.
    CannotJudge,
}

impl Judged {
    /// What a station calls it.
    #[must_use]
    pub fn id(self) -> &'static str {
        match self {
            Self::Ok => "ok",
            Self::Ng => "ng",
            Self::Unsure => "unsure",
            Self::CannotJudge => "cannot-judge",
        }
    }

    /// The verdict a station calls so.
    #[must_use]
    pub fn named(id: &str) -> Option<Self> {
        [Self::Ok, Self::Ng, Self::Unsure, Self::CannotJudge].into_iter().find(|one| one.id() == id)
    }
}

/// What became of a unit.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Decided {
    /// Good.
    Ok,
    /// Defective.
    Ng,
    /// A person is still to look.
    Review,
    /// It was ended otherwise.
    Ended,
}

impl Decided {
    /// What stations are told.
    #[must_use]
    pub fn id(self) -> &'static str {
        match self {
            Self::Ok => "ok",
            Self::Ng => "ng",
            Self::Review => "review",
            Self::Ended => "ended",
        }
    }
}

/// What a person found about a defect, or a unit, that a machine reported (CFX `VerificationResult`).
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, serde::Serialize)]
pub enum Verification {
    /// Nobody looked, or nobody said.
    #[default]
    NotVerifiedYet,
    /// It is one.
    DefectConfirmed,
    /// It was a false call.
    DefectRejected,
}

/// One place that a model, or a person, marked.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Finding {
    /// Class of the defect, as the station names it: lower-case letters, digits and dashes.
    pub class: String,
    /// How sure, in ten thousandths.
    pub score: u32,
    /// Left edge, in pixels of the picture.
    pub x: u32,
    /// Upper edge.
    pub y: u32,
    /// Width.
    pub width: u32,
    /// Height.
    pub height: u32,
    /// What a person said of this very place.
    pub verification: Verification,
}

impl Finding {
    /// Reads a line of a report as the platform keeps it: class, score, left, top, width, height.
    #[must_use]
    pub fn read(line: &str) -> Option<Self> {
        let mut words = line.split(' ');
        let class = words.next().filter(|class| !class.is_empty())?.to_owned();
        let mut number = || words.next()?.parse::<u32>().ok();
        let found = Self {
            class,
            score: number()?.min(WHOLE),
            x: number()?,
            y: number()?,
            width: number()?,
            height: number()?,
            verification: Verification::NotVerifiedYet,
        };
        words.next().is_none().then_some(found)
    }
}

/// One picture of one unit, and what became of it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Unit {
    /// Its case.
    pub case: Uuid,
    /// Serial number.
    pub serial: String,
    /// Its lot.
    pub lot: String,
    /// The recipe it was inspected by.
    pub recipe: String,
    /// Name of the station.
    pub station: String,
    /// Version of the model.
    pub model: String,
    /// What the model said.
    pub judged: Judged,
    /// Why it could not be judged.
    pub obstacle: Option<String>,
    /// How likely a defect is, in ten thousandths.
    pub score: u32,
    /// How many places the model found; more than are listed where a report listed the surest only.
    pub found: u32,
    /// The places.
    pub findings: Vec<Finding>,
    /// What became of it.
    pub decided: Decided,
    /// A person had a hand in it, or is to have.
    pub by_person: bool,
    /// When the picture was taken.
    pub taken: Option<Timestamp>,
    /// When it was reported.
    pub reported: Timestamp,
    /// When it was decided.
    pub decided_at: Option<Timestamp>,
}

impl Unit {
    /// The class of the surest place that no person called false; none without one.
    #[must_use]
    pub fn class(&self) -> Option<&str> {
        let real = |finding: &&Finding| finding.verification != Verification::DefectRejected;
        let confirmed = |finding: &Finding| finding.verification == Verification::DefectConfirmed;
        let surest =
            self.findings.iter().filter(real).max_by_key(|finding| (confirmed(finding), finding.score));
        surest.map(|finding| finding.class.as_str())
    }

    /// What a person's look says of the machine's: nothing where nobody looked, or the unit is still open.
    #[must_use]
    pub fn verification(&self) -> Verification {
        match (self.by_person, self.decided) {
            (true, Decided::Ng) => Verification::DefectConfirmed,
            // A sample of what rules passed had nothing to reject.
            (true, Decided::Ok) if self.judged != Judged::Ok => Verification::DefectRejected,
            _ => Verification::NotVerifiedYet,
        }
    }
}

/// A lot.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Lot {
    /// Its name.
    pub lot: String,
    /// How many units it holds, where that is known.
    pub size: Option<u32>,
}
