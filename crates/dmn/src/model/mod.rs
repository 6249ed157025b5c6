//! A model as read, and how it is evaluated.

mod boxed;
mod hit;
mod logic;
mod read;
mod read_table;
mod requirements;
mod table;
mod types;
mod xml;

use std::cell::RefCell;
use std::collections::{BTreeMap, BTreeSet};

use serde::{Deserialize, Serialize};

use crate::budget::{Budget, Meter};
use crate::fault::Fault;
use crate::feel::Scope;
use crate::kind::Kind;
use crate::limits::VALUE_DEPTH;
use crate::unclear::Unclear;
use crate::value::{Value, Words};

pub(crate) use hit::Hit;
pub(crate) use logic::Logic;
pub(crate) use table::Table;
pub(crate) use types::{Type, listed};

/// A decision model: what it asks for, its decisions in the order in which they are made, and their logic.
#[derive(Debug, Clone)]
pub struct Model {
    id: String,
    name: String,
    inputs: Vec<Input>,
    /// The types of `inputs`, in the same order.
    types: Vec<Type>,
    /// Each decision after those it requires.
    decisions: Vec<Decision>,
    knowledge: BTreeMap<String, Knowledge>,
    root: usize,
}

/// Something that a model asks for.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Input {
    /// The name by which it is given to [`Model::evaluate`].
    pub name: String,
    /// Its kind, where the model says one. An input of another kind is refused.
    pub kind: Option<Kind>,
    /// The texts it may be, where the model lists them.
    pub values: Vec<String>,
}

/// A column of what the root decision puts out.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Output {
    /// The column's name; that of the decision if the table has but one unnamed column.
    pub name: String,
    /// What may come out: declared values, or else every literal that stands in a rule. Texts are without quotation
    /// marks. Empty where anything may come out.
    pub values: Vec<String>,
}

/// What a model decided.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Verdict {
    /// The root decision's value: a context if its table has several outputs.
    pub value: Value,
    /// The rules that led there, in the order in which the decisions were made.
    pub matched: Vec<Matched>,
    /// Steps that it took, out of [`Budget::steps`].
    pub steps: u64,
}

/// A rule that fitted.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Matched {
    /// The name of the decision or business knowledge model whose table it is.
    pub decision: String,
    /// Its number in the table, from 1.
    pub rule: usize,
    /// Its id in the file; empty if it has none.
    pub rule_id: String,
    /// Its annotations by column: `zh`, `en` where the columns are named so.
    pub words: Words,
}

#[derive(Debug, Clone)]
pub(crate) struct Decision {
    pub(crate) id: String,
    pub(crate) name: String,
    /// The name under which others use its value.
    variable: String,
    kind: Type,
    pub(crate) logic: Logic,
    pub(crate) line: u32,
    /// Places of the decisions it requires, all of them smaller than its own.
    requires: Vec<usize>,
}

/// A business knowledge model: logic with parameters. They never call one another in a circle.
#[derive(Debug, Clone)]
pub(crate) struct Knowledge {
    parameters: Vec<(String, Type)>,
    result: Type,
    logic: Logic,
}

/// One evaluation under way.
#[derive(Debug)]
pub(crate) struct Run<'m> {
    pub(crate) meter: Meter,
    knowledge: &'m BTreeMap<String, Knowledge>,
    matched: RefCell<Vec<Matched>>,
}

impl<'m> Run<'m> {
    pub(crate) fn new(knowledge: &'m BTreeMap<String, Knowledge>, budget: Budget) -> Self {
        Self { meter: Meter::new(budget), knowledge, matched: RefCell::default() }
    }

    /// Calls a business knowledge model.
    pub(crate) fn invoke(&self, name: &str, given: Vec<Value>) -> Result<Value, Unclear> {
        let Some(knowledge) = self.knowledge.get(name) else {
            return Err(Unclear::wrong(format!("there is no business knowledge model “{name}”")));
        };
        let mut values = BTreeMap::new();
        for ((parameter, kind), value) in knowledge.parameters.iter().zip(given) {
            let here = |unclear: Unclear| unclear.at(&format!("“{name}”, “{parameter}”"));
            values.insert(parameter.clone(), kind.checked(self, value).map_err(here)?);
        }
        let value = self.meter.deeper(|| knowledge.logic.eval(self, name, &Scope::top(&values)))?;
        if value.deeper_than(VALUE_DEPTH) {
            return Err(Unclear::OverBudget);
        }
        knowledge.result.checked(self, value).map_err(|unclear| unclear.at(&format!("“{name}”")))
    }

    fn record(&self, matched: Matched) {
        self.matched.borrow_mut().push(matched);
    }
}

impl Model {
    /// Reads a DMN file.
    ///
    /// # Errors
    /// Everything that is wrong with it, or that it uses and that is not carried out here, with lines.
    pub fn parse(xml: &str) -> Result<Self, Vec<Fault>> {
        read::model(xml)
    }

    /// The id of the definitions, as the file says it.
    #[must_use]
    pub fn id(&self) -> &str {
        &self.id
    }

    /// The name of the definitions.
    #[must_use]
    pub fn name(&self) -> &str {
        &self.name
    }

    /// What the model asks for, in the file's order.
    #[must_use]
    pub fn inputs(&self) -> &[Input] {
        &self.inputs
    }

    /// Names of the decisions, each after those it requires; the last is [`Model::root`].
    pub fn decisions(&self) -> impl Iterator<Item = &str> {
        self.decisions.iter().map(|decision| decision.name.as_str())
    }

    /// The decision that no other requires. If there are several, the last of them in the file.
    #[must_use]
    pub fn root(&self) -> &str {
        &self.decisions[self.root].name
    }

    /// What the root decision may put out, so that a check can see which outcomes are possible.
    #[must_use]
    pub fn outputs(&self) -> Vec<Output> {
        let root = &self.decisions[self.root];
        match &root.logic {
            Logic::Table(table) => table.outcomes(&root.name),
            logic => vec![Output { name: root.name.clone(), values: logic.literals() }],
        }
    }

    /// Remarks on tables that can be read but perhaps do not say what was meant: gaps, overlaps, rules never reached.
    #[must_use]
    pub fn remarks(&self) -> Vec<Fault> {
        crate::remarks::of(&self.decisions)
    }

    /// Evaluates the root decision and those it requires. An input that is not given is null, and fits only `-`.
    ///
    /// # Errors
    /// [`Unclear`]: no rule or several fit, an input is of the wrong kind or not allowed, an operation has no answer,
    /// or the budget is used up.
    pub fn evaluate(&self, inputs: &BTreeMap<String, Value>, budget: Budget) -> Result<Verdict, Unclear> {
        self.evaluate_at(self.root, inputs, budget)
    }

    /// Evaluates one decision by name or id, and those it requires.
    ///
    /// # Errors
    /// As [`Model::evaluate`]; also where there is no such decision.
    pub fn evaluate_decision(
        &self,
        decision: &str,
        inputs: &BTreeMap<String, Value>,
        budget: Budget,
    ) -> Result<Verdict, Unclear> {
        let at = self.decisions.iter().position(|one| one.name == decision || one.id == decision);
        let at = at.ok_or_else(|| Unclear::wrong(format!("there is no decision “{decision}”")))?;
        self.evaluate_at(at, inputs, budget)
    }

    fn evaluate_at(
        &self,
        at: usize,
        inputs: &BTreeMap<String, Value>,
        budget: Budget,
    ) -> Result<Verdict, Unclear> {
        let run = Run::new(&self.knowledge, budget);
        let mut values = self.checked(&run, inputs)?;
        let mut needed = BTreeSet::from([at]);
        for place in (0..=at).rev() {
            if needed.contains(&place) {
                needed.extend(&self.decisions[place].requires);
            }
        }
        let mut value = Value::Null;
        for place in needed {
            let decision = &self.decisions[place];
            let here = format!("decision “{}”", decision.name);
            value = decision
                .logic
                .eval(&run, &decision.name, &Scope::top(&values))
                .and_then(|value| decision.kind.checked(&run, value))
                .map_err(|unclear| unclear.at(&here))?;
            if value.deeper_than(VALUE_DEPTH) {
                return Err(Unclear::OverBudget);
            }
            if place != at {
                run.meter.bytes(value.weight())?;
                values.insert(decision.variable.clone(), value.clone());
            }
        }
        Ok(Verdict { value, steps: run.meter.spent(), matched: run.matched.into_inner() })
    }

    /// The inputs that the model asks for, each judged by its type.
    fn checked(
        &self,
        run: &Run<'_>,
        inputs: &BTreeMap<String, Value>,
    ) -> Result<BTreeMap<String, Value>, Unclear> {
        let mut values = BTreeMap::new();
        for (input, kind) in self.inputs.iter().zip(&self.types) {
            let given = inputs.get(&input.name).cloned().unwrap_or_default();
            let here = format!("input “{}”", input.name);
            if given.deeper_than(VALUE_DEPTH) {
                return Err(Unclear::OverBudget);
            }
            run.meter.bytes(given.weight())?;
            let judged = kind.checked(run, given).map_err(|unclear| unclear.at(&here))?;
            values.insert(input.name.clone(), judged);
        }
        Ok(values)
    }
}
