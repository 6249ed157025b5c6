//! 电子监察: what a supervisor is shown. A card is an event; nobody gives or takes it by hand.

use serde::{Deserialize, Serialize};

use crate::case::Case;
use crate::clock::{ClockKind, Running};
use crate::command::Facts;
use crate::definition::Definition;
use crate::event::{Event, Finding, GrantedOrNot, What};
use crate::rules::RuleVerdict;

/// Rules of the supervision view (国办函〔2016〕108号; rules of electronic supervision).
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum CardRule {
    /// Refused although every review, or the rules, found the conditions met.
    RefusedQualified,
    /// Decided after the promised day, within the law's.
    OverPromise,
    /// Decided after the law's last day.
    OverLaw,
    /// Nothing was said within the acceptance period: the law accepted it.
    SilentIntake,
    /// A step was done after its last day.
    StepLate,
    /// A refusal whose reasons say next to nothing.
    NoReasons,
    /// Another fee than the guide's was taken.
    WrongFee,
}

/// How grave.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum CardColour {
    /// 黄牌: to be watched.
    Yellow,
    /// 红牌: against the law.
    Red,
}

impl CardRule {
    /// All rules.
    pub const ALL: [Self; 7] = [
        Self::RefusedQualified,
        Self::OverPromise,
        Self::OverLaw,
        Self::SilentIntake,
        Self::StepLate,
        Self::NoReasons,
        Self::WrongFee,
    ];

    /// Id of its text (`card-<id>`).
    #[must_use]
    pub fn id(self) -> &'static str {
        match self {
            Self::RefusedQualified => "refused-qualified",
            Self::OverPromise => "over-promise",
            Self::OverLaw => "over-law",
            Self::SilentIntake => "silent-intake",
            Self::StepLate => "step-late",
            Self::NoReasons => "no-reasons",
            Self::WrongFee => "wrong-fee",
        }
    }

    /// How grave.
    #[must_use]
    pub fn colour(self) -> CardColour {
        match self {
            Self::OverPromise | Self::StepLate | Self::NoReasons => CardColour::Yellow,
            Self::RefusedQualified | Self::OverLaw | Self::SilentIntake | Self::WrongFee => CardColour::Red,
        }
    }
}

/// Reasons of fewer characters say next to nothing.
const FEWEST_WORDS: usize = 6;

/// The cards that `event` on `case` (as it stood before) earns.
pub(crate) fn cards(
    definition: &Definition,
    case: &Case,
    event: &Event,
    facts: Facts<'_>,
    cards: &mut Vec<CardRule>,
) {
    let late = |clock: &Running| event.at >= clock.over_at(facts.calendar);
    match &event.what {
        What::DeemedAccepted { .. } => cards.push(CardRule::SilentIntake),
        What::Decided { decision, .. } => {
            cards.extend(late_decision(case, event, facts));
            if let GrantedOrNot::Refused { .. } = decision {
                if qualified(case) {
                    cards.push(CardRule::RefusedQualified);
                }
                let words = event.private.as_ref().map_or(0, |private| private.words.trim().chars().count());
                if words < FEWEST_WORDS {
                    cards.push(CardRule::NoReasons);
                }
            }
        }
        What::DeemedGranted { .. } => cards.push(CardRule::OverLaw),
        // A lower body's first review has the same twenty days (art. 43).
        What::Forwarded => cards.extend(late_decision(case, event, facts)),
        What::Accepted { .. } | What::Issued { .. } | What::Done { .. } | What::Checked { .. } => {
            // The decision clock is judged once, by the decision.
            let own = case.clock.as_ref().filter(|clock| clock.kind != ClockKind::Decision);
            if own.is_some_and(late) {
                cards.push(CardRule::StepLate);
            }
        }
        What::HearingScheduled { on, .. } => {
            let clock = case.held.as_ref().and_then(|held| held.clock.as_ref());
            if clock.is_some_and(|clock| *on > clock.last_day) {
                cards.push(CardRule::StepLate);
            }
        }
        // No fee but the guide's (行政许可法 art. 58); a guide that names none allows none.
        What::FeeRecorded { fen } if definition.item.fee.as_ref().map_or(0, |fee| fee.fen) != *fen => {
            cards.push(CardRule::WrongFee);
        }
        _ => {}
    }
}

fn late_decision(case: &Case, event: &Event, facts: Facts<'_>) -> Option<CardRule> {
    let clock = case.clock.as_ref().filter(|clock| clock.kind == ClockKind::Decision)?;
    if event.at >= clock.legally_over_at(facts.calendar) {
        return Some(CardRule::OverLaw);
    }
    (event.at >= clock.over_at(facts.calendar)).then_some(CardRule::OverPromise)
}

fn qualified(case: &Case) -> bool {
    let reviewed = !case.reviews.is_empty() && case.reviews.iter().all(|r| r.finding == Finding::Meets);
    reviewed || case.ruling == Some(RuleVerdict::Grant)
}
