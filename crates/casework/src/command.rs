//! What somebody wants to happen.

use std::collections::BTreeMap;

use domain::{Calendar, CaseId, CaseNumber, Date, Limit, OfficerId, PersonId, Timestamp};
use packs::{Answers, Special};

use crate::actor::Actor;
use crate::branches::PartOf;
use crate::channel::Channel;
use crate::event::{Finding, Outcome, RefusalReason, ReopenGround};
use crate::materials::Handed;
use crate::rules::Known;
use crate::stops::Stop;

/// The facts a decision rests on besides the case itself.
#[derive(Debug, Clone, Copy)]
pub struct Facts<'a> {
    /// Now.
    pub now: Timestamp,
    /// Who acts.
    pub actor: &'a Actor,
    /// The working calendar of the case's area.
    pub calendar: &'a Calendar,
    /// Chance, for the sample of automatic decisions that a person looks at: any number, drawn anew.
    pub draw: u64,
}

/// A new application.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Submission {
    /// Id of the case to be.
    pub case: CaseId,
    /// Its number.
    pub number: CaseNumber,
    /// Answers of the form.
    pub answers: Answers,
    /// Materials handed in.
    pub materials: Vec<Handed>,
    /// Why materials do not apply, by material.
    pub about: BTreeMap<String, String>,
    /// What is known about the applicant.
    pub known: Known,
}

/// A case that is opened for somebody: a part of a joint case, or an offer (免申即享).
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Opening {
    /// For whom.
    pub applicant: PersonId,
    /// The joint case it is a part of; `None` for an offer.
    pub part_of: Option<PartOf>,
    /// The rest, as the applicant gave it to the joint case.
    pub submission: Submission,
}

/// A wish. `words` are reasons or comments as written; they become the private part of the event.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Command {
    /// Apply.
    Submit(Box<Submission>),
    /// Open a part of a joint case, or an offer. The engine's alone.
    Open(Box<Opening>),
    /// Take up an offer.
    Confirm {
        /// Answers of the form.
        answers: Answers,
        /// Materials handed in.
        materials: Vec<Handed>,
        /// Why materials do not apply, by material.
        about: BTreeMap<String, String>,
    },
    /// Decline an offer.
    Decline,
    /// Take the case.
    Claim,
    /// Put it back.
    Release,
    /// Ask once for everything that is missing: words by field, material or `general`.
    AskCorrection {
        /// What, and why.
        about: BTreeMap<String, String>,
    },
    /// Put errors right at once, the applicant being there (art. 32(3)).
    CorrectOnSpot {
        /// The right answers, by field.
        answers: Answers,
        /// How the applicant agreed.
        words: String,
    },
    /// Hand in what was promised for later.
    Supply {
        /// The materials that have come.
        materials: Vec<Handed>,
        /// The names of their files.
        about: BTreeMap<String, String>,
    },
    /// Answer a correction notice.
    Correct {
        /// All answers as they stand now.
        answers: Answers,
        /// All materials as they stand now.
        materials: Vec<Handed>,
        /// Why materials do not apply, by material.
        about: BTreeMap<String, String>,
    },
    /// Accept.
    Accept,
    /// Say that nothing need be applied for.
    NotNeeded {
        /// Why.
        words: String,
    },
    /// Say that another body is competent.
    NotOurs {
        /// Which, and why.
        words: String,
    },
    /// Record what a review found.
    Review {
        /// What.
        finding: Finding,
        /// On what grounds.
        words: String,
    },
    /// Stop the decision clock for a special procedure.
    Suspend {
        /// Which.
        kind: Special,
        /// The time it needs, which the applicant is told; a hearing has clocks of its own.
        needed: Option<Limit>,
        /// Why.
        words: String,
    },
    /// Ask for the hearing one was told of.
    RequestHearing,
    /// Do without it.
    WaiveHearing,
    /// Set the hearing's day.
    ScheduleHearing {
        /// The day.
        on: Date,
        /// Who presides.
        host: OfficerId,
        /// Place and time, for the notice.
        words: String,
    },
    /// The special procedure is over.
    Resume {
        /// With what result.
        words: String,
    },
    /// Extend the decision clock.
    Extend {
        /// By how much.
        limit: Limit,
        /// Why.
        words: String,
    },
    /// Do a task.
    Do {
        /// What comes of it.
        action: String,
        /// Words; required where the outcome says so.
        words: String,
    },
    /// One agency of a joint case has ended its part.
    EndBranch {
        /// Id of the part.
        branch: String,
        /// Its case: word of an earlier round's part is not about this round's.
        case: CaseId,
        /// How.
        outcome: Outcome,
    },
    /// One agency of a joint case tells when its clock stood still.
    TellStops {
        /// Id of the part.
        branch: String,
        /// Its case.
        case: CaseId,
        /// All its stops, the first first.
        stops: Vec<Stop>,
    },
    /// Say whether what was promised was kept.
    Check {
        /// Whether.
        kept: bool,
        /// On what grounds.
        words: String,
    },
    /// Record the fee taken.
    RecordFee {
        /// In fen.
        fen: u32,
    },
    /// Leave the decision to a higher body.
    Forward {
        /// To which, and why.
        words: String,
    },
    /// End it without a decision.
    Terminate {
        /// Why.
        words: String,
    },
    /// Take a decided case up again.
    Reopen {
        /// On what ground.
        ground: ReopenGround,
        /// Number of the document, and what it says.
        words: String,
    },
    /// Grant.
    Grant {
        /// Words to the applicant; may be empty.
        words: String,
    },
    /// Refuse.
    Refuse {
        /// On which ground.
        reason: RefusalReason,
        /// The reasons.
        words: String,
    },
    /// Make the result by hand, where the procedure gives the step a desk.
    Issue,
    /// The result has reached the applicant.
    Deliver {
        /// How.
        channel: Channel,
        /// The number of the parcel, or who took it; may be empty.
        words: String,
    },
    /// Let the law take its course on clocks that have run out.
    Lapse,
    /// Withdraw.
    Withdraw {
        /// Why; may be empty.
        words: String,
    },
    /// Rate.
    Rate {
        /// 1 (best) to 5 (GB/T 39046 annex A).
        level: u8,
        /// In words; may be empty.
        words: String,
    },
}

/// What stands in a drafted notice where somebody still has to write.
pub const BLANK: &str = "＿＿＿＿";

impl Command {
    /// Whether a drafted notice goes out unfinished with it: a blank nobody filled in gives no reasons.
    pub(crate) fn leaves_blank(&self) -> bool {
        let blank = |words: &String| words.contains(BLANK);
        match self {
            Self::AskCorrection { about } => about.values().any(blank),
            Self::CorrectOnSpot { words, .. }
            | Self::NotNeeded { words }
            | Self::NotOurs { words }
            | Self::Review { words, .. }
            | Self::Suspend { words, .. }
            | Self::ScheduleHearing { words, .. }
            | Self::Resume { words }
            | Self::Extend { words, .. }
            | Self::Do { words, .. }
            | Self::Check { words, .. }
            | Self::Forward { words }
            | Self::Terminate { words }
            | Self::Reopen { words, .. }
            | Self::Grant { words }
            | Self::Refuse { words, .. }
            | Self::Deliver { words, .. } => blank(words),
            _ => false,
        }
    }
}
