//! Why a command is not lawful now.

use packs::FieldError;
use serde::Serialize;

use crate::materials::MaterialError;

/// A command that yields no event, and why. Each rule has a text in both languages under its id.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, thiserror::Error)]
#[error("refused: {}", rule.id())]
pub struct Refusal {
    /// The rule that stands against it.
    pub rule: Rule,
    /// Answers that are wrong, for [`Rule::FormInvalid`].
    pub fields: Vec<FieldError>,
    /// Materials that are wrong, for [`Rule::MaterialsMissing`].
    pub materials: Vec<MaterialError>,
}

/// Rules a command can offend against.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum Rule {
    /// The case is at another step.
    WrongStep,
    /// The case belongs to another agency or area.
    NotYourDesk,
    /// The officer does not hold the role the step asks for.
    NotYourRole,
    /// Nobody handles their own case (公务员法 art. 76).
    OwnCase,
    /// Another officer has claimed it.
    ClaimedByOther,
    /// What is missing is asked for once, all at once (行政许可法 art. 32).
    AlreadyCorrectedOnce,
    /// The same officer cannot be two officers (行政许可法 art. 34).
    SameOfficerTwice,
    /// Reasons must be given (行政许可法 art. 38).
    ReasonsRequired,
    /// Only the applicant may do this.
    NotYourCase,
    /// The case is closed.
    AlreadyClosed,
    /// One case, one rating (国办发〔2019〕51号).
    AlreadyRated,
    /// Only a closed case that was decided or answered is rated.
    NotRateable,
    /// A rating is one to five.
    BadRating,
    /// Nothing was asked to be corrected.
    NothingToCorrect,
    /// The acceptance period is over: the application counts as accepted (行政许可法 art. 32).
    DeemedAccepted,
    /// A decision has been made; it can be challenged, not withdrawn from.
    AlreadyDecided,
    /// Answers are missing or wrong.
    FormInvalid,
    /// Materials are missing.
    MaterialsMissing,
    /// The case exists already.
    AlreadySubmitted,
    /// One person has too many drafts open.
    TooManyDrafts,
    /// The tie by which somebody acts does not cover this service.
    NotCovered,
    /// The item is for people alone.
    NotForOrganisations,
    /// One hearing is held on one application.
    AlreadyHeard,
    /// The limit is extended once (行政许可法 art. 42).
    AlreadyExtended,
    /// The extension is longer than the law allows (art. 42).
    ExtensionTooLong,
    /// The limit has run out already; nothing is left to extend.
    TooLateToExtend,
    /// Only the decision clock is extended.
    NoClockToExtend,
    /// The time a special procedure needs is told in writing (art. 45).
    NeededTimeRequired,
    /// The procedure does not provide for it.
    NotInThisProcedure,
    /// The clock stands still until the special procedure is over.
    Suspended,
    /// No special procedure is going on.
    NotSuspended,
    /// The applicant has five days to ask for a hearing (art. 47).
    HearingRightRuns,
    /// A hearing was asked for and has not been held (art. 47).
    HearingOwed,
    /// A hearing is told seven days before (art. 48).
    HearingTooSoon,
    /// A hearing is held within twenty days (art. 47).
    HearingTooLate,
    /// Whoever reviewed the application does not preside (art. 48).
    HostIsReviewer,
    /// Materials promised for later have not arrived (容缺).
    MaterialsOwed,
    /// Nothing was promised for later.
    NothingOwed,
    /// The task has no such outcome.
    NoSuchOutcome,
    /// Only a decided case is taken up again.
    NotReopenable,
    /// A part is taken up again once the joint case, which goes by it, has been decided.
    JointIsOpen,
    /// The joint case has no such part.
    NoSuchBranch,
    /// Parts of it are with other agencies.
    HasParts,
    /// A drafted notice was sent with a blank that nobody filled in: it would give no reasons (行政许可法 art. 38).
    BlankLeft,
    /// It waits for the applicant, so there is nothing for a desk to do.
    WaitsForApplicant,
    /// The hearing's day is set and has not come (行政许可法 art. 48).
    HearingAhead,
}

impl Rule {
    /// All rules.
    pub const ALL: &[Self] = &[
        Self::WrongStep,
        Self::NotYourDesk,
        Self::NotYourRole,
        Self::OwnCase,
        Self::ClaimedByOther,
        Self::AlreadyCorrectedOnce,
        Self::SameOfficerTwice,
        Self::ReasonsRequired,
        Self::NotYourCase,
        Self::AlreadyClosed,
        Self::AlreadyRated,
        Self::NotRateable,
        Self::BadRating,
        Self::NothingToCorrect,
        Self::DeemedAccepted,
        Self::AlreadyDecided,
        Self::FormInvalid,
        Self::MaterialsMissing,
        Self::AlreadySubmitted,
        Self::TooManyDrafts,
        Self::NotCovered,
        Self::NotForOrganisations,
        Self::AlreadyHeard,
        Self::AlreadyExtended,
        Self::ExtensionTooLong,
        Self::TooLateToExtend,
        Self::NoClockToExtend,
        Self::NeededTimeRequired,
        Self::NotInThisProcedure,
        Self::Suspended,
        Self::NotSuspended,
        Self::HearingRightRuns,
        Self::HearingOwed,
        Self::HearingTooSoon,
        Self::HearingTooLate,
        Self::HostIsReviewer,
        Self::MaterialsOwed,
        Self::NothingOwed,
        Self::NoSuchOutcome,
        Self::NotReopenable,
        Self::JointIsOpen,
        Self::NoSuchBranch,
        Self::HasParts,
        Self::BlankLeft,
        Self::WaitsForApplicant,
        Self::HearingAhead,
    ];

    /// Id of the rule's text (`refusal-<id>`).
    #[must_use]
    pub fn id(self) -> &'static str {
        match self {
            Self::WrongStep => "wrong-step",
            Self::NotYourDesk => "not-your-desk",
            Self::NotYourRole => "not-your-role",
            Self::OwnCase => "own-case",
            Self::ClaimedByOther => "claimed-by-other",
            Self::AlreadyCorrectedOnce => "already-corrected-once",
            Self::SameOfficerTwice => "same-officer-twice",
            Self::ReasonsRequired => "reasons-required",
            Self::NotYourCase => "not-your-case",
            Self::AlreadyClosed => "already-closed",
            Self::AlreadyRated => "already-rated",
            Self::NotRateable => "not-rateable",
            Self::BadRating => "bad-rating",
            Self::NothingToCorrect => "nothing-to-correct",
            Self::DeemedAccepted => "deemed-accepted",
            Self::AlreadyDecided => "already-decided",
            Self::FormInvalid => "form-invalid",
            Self::MaterialsMissing => "materials-missing",
            Self::AlreadySubmitted => "already-submitted",
            Self::TooManyDrafts => "too-many-drafts",
            Self::NotCovered => "not-covered",
            Self::NotForOrganisations => "not-for-organisations",
            Self::AlreadyHeard => "already-heard",
            Self::AlreadyExtended => "already-extended",
            Self::ExtensionTooLong => "extension-too-long",
            Self::TooLateToExtend => "too-late-to-extend",
            Self::NoClockToExtend => "no-clock-to-extend",
            Self::NeededTimeRequired => "needed-time-required",
            Self::NotInThisProcedure => "not-in-this-procedure",
            Self::Suspended => "suspended",
            Self::NotSuspended => "not-suspended",
            Self::HearingRightRuns => "hearing-right-runs",
            Self::HearingOwed => "hearing-owed",
            Self::HearingTooSoon => "hearing-too-soon",
            Self::HearingTooLate => "hearing-too-late",
            Self::HostIsReviewer => "host-is-reviewer",
            Self::MaterialsOwed => "materials-owed",
            Self::NothingOwed => "nothing-owed",
            Self::NoSuchOutcome => "no-such-outcome",
            Self::NotReopenable => "not-reopenable",
            Self::JointIsOpen => "joint-is-open",
            Self::NoSuchBranch => "no-such-branch",
            Self::HasParts => "has-parts",
            Self::BlankLeft => "blank-left",
            Self::WaitsForApplicant => "waits-for-applicant",
            Self::HearingAhead => "hearing-ahead",
        }
    }
}

impl From<Rule> for Refusal {
    fn from(rule: Rule) -> Self {
        Self { rule, fields: Vec::new(), materials: Vec::new() }
    }
}
