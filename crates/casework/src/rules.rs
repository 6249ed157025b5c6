//! 秒批: steps that the item's decision model takes, within bounds, on the record; what is unclear is a
//! person's.

use std::collections::BTreeMap;

use dmn::{Budget, Model, Unclear, Value};
use domain::{Date, Text};
use packs::FieldKind;
use serde::{Deserialize, Serialize};

use crate::case::Case;
use crate::command::Facts;
use crate::decide::today;
use crate::definition::Definition;
use crate::event::RefusalReason;

/// What is known about an applicant from whoever vouched for them, at the time they applied. Personal: it
/// stands in the private part of the event.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
pub struct Known {
    /// Date of birth.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub born: Option<Date>,
    /// `female` or `male`, as the identity card has it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub sex: Option<String>,
    /// Real-name level, 2 to 5.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub level: Option<u8>,
    /// Who vouched for that level: the provider's id, or `window`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub provider: Option<String>,
}

impl Known {
    /// Nothing is known.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        *self == Self::default()
    }
}

/// What a decision model said about a step.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case", tag = "verdict")]
pub enum RuleVerdict {
    /// All conditions are met.
    Grant,
    /// The model would refuse; only a person may (个人信息保护法 art. 24).
    WouldRefuse {
        /// On which ground, where the model names one.
        ground: Option<RefusalReason>,
    },
    /// The model hands it to a person.
    Person,
    /// No rule fits.
    NoRule,
    /// Rules contradict each other.
    SeveralRules,
    /// The model ran longer or grew larger than it may.
    OverBudget,
    /// The model could not be evaluated with these answers.
    Wrong,
}

impl RuleVerdict {
    /// Id of its text (`verdict-<id>`).
    #[must_use]
    pub fn id(self) -> &'static str {
        match self {
            Self::Grant => "grant",
            Self::WouldRefuse { .. } => "would-refuse",
            Self::Person => "person",
            Self::NoRule => "no-rule",
            Self::SeveralRules => "several-rules",
            Self::OverBudget => "over-budget",
            Self::Wrong => "wrong",
        }
    }
}

/// A model's answer, ready for the record.
#[derive(Debug, Clone, PartialEq)]
pub struct Ruling {
    /// What it said.
    pub verdict: RuleVerdict,
    /// `<decision> <rule>` of each rule that matched.
    pub rules: Vec<String>,
    /// The rules' own explanation.
    pub words: Option<Text>,
    /// What went in. Personal.
    pub inputs: BTreeMap<String, serde_json::Value>,
}

/// The decision of a model that says who is offered an item without asking for it.
const ENTITLED: &str = "entitled";

/// 免申即享: whether the item's model finds that somebody known qualifies. Its decision `entitled` is asked,
/// which rests on what is known about the person alone; anything but true is no.
#[must_use]
pub fn entitled(definition: &Definition, known: &Known, today: Date) -> bool {
    let Some(Ok(model)) = definition.model().filter(|_| definition.item.entitlement) else { return false };
    let inputs = BTreeMap::from([
        ("applicant".into(), Value::Context(applicant(known, today))),
        ("today".into(), Value::Date(today)),
    ]);
    let verdict = model.evaluate_decision(ENTITLED, &inputs, Budget::default());
    verdict.is_ok_and(|verdict| verdict.value == Value::Bool(true))
}

/// Asks the item's decision model; `None` where it has none.
#[must_use]
pub fn ask(definition: &Definition, case: &Case, facts: Facts<'_>) -> Option<Ruling> {
    let model = definition.model()?;
    let inputs = inputs(definition, case, facts);
    let recorded = inputs
        .iter()
        .map(|(name, value)| (name.clone(), serde_json::to_value(value).unwrap_or_default()))
        .collect();
    let (verdict, rules, words) = match model {
        Ok(model) => read(model, &inputs),
        Err(()) => (RuleVerdict::Wrong, Vec::new(), None),
    };
    Some(Ruling { verdict, rules, words, inputs: recorded })
}

fn read(model: &Model, inputs: &BTreeMap<String, Value>) -> (RuleVerdict, Vec<String>, Option<Text>) {
    let verdict = match model.evaluate(inputs, Budget::default()) {
        Ok(verdict) => verdict,
        Err(unclear) => {
            let verdict = match unclear {
                Unclear::NoRule { .. } => RuleVerdict::NoRule,
                Unclear::SeveralRules { .. } => RuleVerdict::SeveralRules,
                Unclear::OverBudget => RuleVerdict::OverBudget,
                Unclear::Wrong { .. } => RuleVerdict::Wrong,
            };
            return (verdict, Vec::new(), None);
        }
    };
    let rules = verdict.matched.iter().map(|rule| format!("{} {}", rule.decision, rule.rule)).collect();
    let words = verdict.matched.iter().rev().find_map(|rule| text(&rule.words));
    (outcome(&verdict.value), rules, words)
}

fn text(words: &BTreeMap<String, String>) -> Option<Text> {
    let zh = words.get("zh")?;
    Some(words.get("en").map_or_else(|| Text::zh(zh), |en| Text::both(zh, en)))
}

/// The convention: `outcome` is grant, refuse or person; `reason` names a ground.
fn outcome(value: &Value) -> RuleVerdict {
    let (outcome, reason) = match value {
        Value::Context(entries) => (entries.get("outcome"), entries.get("reason")),
        single => (Some(single), None),
    };
    let word = |value: Option<&Value>| match value {
        Some(Value::Text(text)) => Some(text.clone()),
        _ => None,
    };
    match word(outcome).as_deref() {
        Some("grant") => RuleVerdict::Grant,
        Some("refuse") => {
            let reason = word(reason);
            let ground = RefusalReason::ALL.into_iter().find(|ground| Some(ground.id()) == reason.as_deref());
            RuleVerdict::WouldRefuse { ground }
        }
        Some("person") => RuleVerdict::Person,
        _ => RuleVerdict::Wrong,
    }
}

/// What a model or a condition may read: `form`, `materials`, `applicant`, `today`.
pub(crate) fn inputs(definition: &Definition, case: &Case, facts: Facts<'_>) -> BTreeMap<String, Value> {
    let today = today(facts);
    let form = definition.item.form.pages.iter().flat_map(|page| &page.fields);
    let form = form.map(|field| (field.name.clone(), answer(&field.kind, case.answers.get(&field.name))));
    let materials = definition.item.materials.iter().map(|material| {
        let handed = case.materials.iter().find(|handed| handed.material == material.id);
        let state = match handed {
            Some(handed) if handed.is_there() => "handed",
            Some(handed) if handed.later => "owed",
            Some(handed) if handed.not_applicable => "not-applicable",
            _ => "missing",
        };
        (material.id.clone(), Value::Text(state.into()))
    });
    BTreeMap::from([
        ("form".into(), Value::Context(form.collect())),
        ("materials".into(), Value::Context(materials.collect())),
        ("applicant".into(), Value::Context(applicant(&case.known, today))),
        ("today".into(), Value::Date(today)),
    ])
}

fn applicant(known: &Known, today: Date) -> BTreeMap<String, Value> {
    let age = known.born.map(|born| years_between(born, today));
    let facts = [
        ("born", known.born.map_or(Value::Null, Value::Date)),
        ("age", age.map_or(Value::Null, Value::from)),
        ("sex", known.sex.clone().map_or(Value::Null, Value::Text)),
        ("level", known.level.map_or(Value::Null, |level| Value::from(i64::from(level)))),
    ];
    facts.into_iter().map(|(name, value)| (name.to_owned(), value)).collect()
}

fn answer(kind: &FieldKind, typed: Option<&String>) -> Value {
    let Some(typed) = typed.filter(|typed| !typed.is_empty()) else { return Value::Null };
    match kind {
        // No rule needs to know which person it is.
        FieldKind::CitizenNumber | FieldKind::Mobile => Value::Null,
        FieldKind::Integer { .. } => typed.parse::<i64>().map_or(Value::Null, Value::from),
        FieldKind::Money { .. } => typed.parse().map_or(Value::Null, Value::Number),
        FieldKind::Date { .. } => typed.parse().map_or(Value::Null, Value::Date),
        FieldKind::Confirm => Value::Bool(!typed.is_empty()),
        FieldKind::Choices { .. } => {
            Value::List(typed.split('|').map(|one| Value::Text(one.into())).collect())
        }
        _ => Value::Text(typed.clone()),
    }
}

/// Whole years of age: a year is reached on the birthday itself (民法典 art. 1259 counts it in).
fn years_between(born: Date, today: Date) -> i64 {
    let years = i64::from(today.year()) - i64::from(born.year());
    let before = (today.month(), today.day()) < (born.month(), born.day());
    years - i64::from(before)
}

/// Whether a FEEL condition holds. What cannot be said counts as holding, so that no step is skipped for
/// want of knowledge.
pub(crate) fn holds(condition: &str, inputs: &BTreeMap<String, Value>) -> bool {
    !matches!(dmn::evaluate_expression(condition, inputs, Budget::default()), Ok(Value::Bool(false)))
}

/// Inputs as recorded, `form.street: 示例路` and the like, one a value; what was not known is left out. A
/// recorded value names its kind: `{"text": …}`, `{"number": …}`, `{"context": {…}}`.
pub(crate) fn spoken(inputs: &BTreeMap<String, serde_json::Value>) -> Vec<(String, String)> {
    let mut spoken_so_far = Vec::new();
    for (name, value) in inputs {
        spread(name, value, &mut spoken_so_far);
    }
    spoken_so_far
}

fn spread(name: &str, value: &serde_json::Value, rows: &mut Vec<(String, String)>) {
    let Some((kind, inner)) = value.as_object().and_then(|object| object.iter().next()) else { return };
    match (kind.as_str(), inner) {
        ("context", serde_json::Value::Object(entries)) => {
            for (entry, value) in entries {
                spread(&format!("{name}.{entry}"), value, rows);
            }
        }
        (_, serde_json::Value::String(text)) => rows.push((name.to_owned(), text.clone())),
        (_, other) => rows.push((name.to_owned(), other.to_string())),
    }
}
