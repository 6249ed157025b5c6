//! What somebody wants to happen.

use std::collections::BTreeMap;

use domain::{Calendar, CaseId, CaseNumber, Timestamp};
use packs::Answers;

use crate::actor::Actor;
use crate::event::{Finding, RefusalReason};
use crate::materials::Handed;

/// The facts a decision rests on besides the case itself.
#[derive(Debug, Clone, Copy)]
pub struct Facts<'a> {
    /// Now.
    pub now: Timestamp,
    /// Who acts.
    pub actor: &'a Actor,
    /// The working calendar of the case's area.
    pub calendar: &'a Calendar,
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
}

/// A wish. `words` are reasons or comments as written; they become the private part of the event.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Command {
    /// Apply.
    Submit(Box<Submission>),
    /// Take the case.
    Claim,
    /// Put it back.
    Release,
    /// Ask once for everything that is missing: words by field, material or `general`.
    AskCorrection {
        /// What, and why.
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
    Deliver,
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
