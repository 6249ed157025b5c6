//! Evaluates expressions. Values in scope are borrowed; whatever is made or copied is paid for.

use std::borrow::Cow;
use std::collections::BTreeMap;

use super::ast::{Compare, Expr, Source, Step, Test, Tests};
use super::ops;
use crate::model::Run;
use crate::unclear::Unclear;
use crate::value::Value;

type Answer<'s> = Result<Cow<'s, Value>, Unclear>;

/// What names mean here: the innermost first.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Scope<'a> {
    frame: Frame<'a>,
    above: Option<&'a Scope<'a>>,
}

#[derive(Debug, Clone, Copy)]
enum Frame<'a> {
    Values(&'a BTreeMap<String, Value>),
    One(&'a str, &'a Value),
    /// The item of a filter; its entries are names too.
    Item(&'a Value),
}

impl<'a> Scope<'a> {
    pub(crate) fn top(values: &'a BTreeMap<String, Value>) -> Self {
        Self { frame: Frame::Values(values), above: None }
    }

    pub(crate) fn with(&'a self, name: &'a str, value: &'a Value) -> Self {
        Self { frame: Frame::One(name, value), above: Some(self) }
    }

    pub(crate) fn with_all(&'a self, values: &'a BTreeMap<String, Value>) -> Self {
        Self { frame: Frame::Values(values), above: Some(self) }
    }

    fn with_item(&'a self, item: &'a Value) -> Self {
        Self { frame: Frame::Item(item), above: Some(self) }
    }

    fn find(&self, name: &str) -> Option<&'a Value> {
        let mut scope = *self;
        loop {
            let found = match scope.frame {
                Frame::Values(values) => values.get(name),
                Frame::One(known, value) => (known == name).then_some(value),
                Frame::Item(item) => {
                    let entry = if let Value::Context(entries) = item { entries.get(name) } else { None };
                    entry.or_else(|| (name == "item").then_some(item))
                }
            };
            match (found, scope.above) {
                (Some(value), _) => return Some(value),
                (None, Some(above)) => scope = *above,
                (None, None) => return None,
            }
        }
    }
}

/// Takes a value into possession; a copy is paid for.
pub(crate) fn own(run: &Run<'_>, value: Cow<'_, Value>) -> Result<Value, Unclear> {
    if let Cow::Borrowed(borrowed) = value {
        run.meter.bytes(borrowed.weight())?;
    }
    Ok(value.into_owned())
}

fn made<'s>(value: Value) -> Answer<'s> {
    Ok(Cow::Owned(value))
}

fn truth<'s>(value: Option<bool>) -> Answer<'s> {
    made(value.map_or(Value::Null, Value::Bool))
}

/// The value of an expression.
pub(crate) fn eval<'s>(run: &Run<'_>, expr: &'s Expr, scope: &'s Scope<'s>) -> Answer<'s> {
    run.meter.steps(1)?;
    match expr {
        Expr::Literal(value) => Ok(Cow::Borrowed(value)),
        Expr::Name(name) => match scope.find(name) {
            Some(value) => Ok(Cow::Borrowed(value)),
            None => Err(Unclear::wrong(format!("there is no “{name}” here"))),
        },
        _ => run.meter.deeper(|| compound(run, expr, scope)),
    }
}

fn compound<'s>(run: &Run<'_>, expr: &'s Expr, scope: &'s Scope<'s>) -> Answer<'s> {
    match expr {
        Expr::Negate(inner) => made(ops::negate(&*eval(run, inner, scope)?)?),
        Expr::Chain(first, more) => {
            let mut value = eval(run, first, scope)?;
            for (arith, next) in more {
                let next = eval(run, next, scope)?;
                value = Cow::Owned(ops::arithmetic(&run.meter, *arith, &value, &next)?);
            }
            Ok(value)
        }
        Expr::Compare(compare, left, right) => {
            let (left, right) = (eval(run, left, scope)?, eval(run, right, scope)?);
            truth(ops::compare(&run.meter, *compare, &left, &right)?)
        }
        Expr::Between(value, low, high) => between(run, [value, low, high], scope),
        Expr::In(value, tests) => {
            let value = eval(run, value, scope)?;
            truth(fits_tests(run, tests, &value, scope)?)
        }
        Expr::And(all) => logic(run, all, false, scope),
        Expr::Or(all) => logic(run, all, true, scope),
        Expr::If(test, yes, no) => {
            let test = boolean(&*eval(run, test, scope)?, "the condition after “if”")?;
            eval(run, if test == Some(true) { yes } else { no }, scope)
        }
        Expr::List(items) => list(run, items, scope),
        Expr::Context(entries) => context(run, entries, scope),
        Expr::For(sources, body) => for_loop(run, sources, body, scope),
        Expr::Quantified(some, sources, test) => quantified(run, *some, sources, test, scope),
        Expr::Path(first, steps) => path(run, first, steps, scope),
        Expr::Call(function, given) => {
            let mut values = Vec::with_capacity(given.len());
            for one in given {
                values.push(eval(run, one, scope)?);
            }
            made(function.run(&run.meter, &values)?)
        }
        Expr::Invoke(name, given) => {
            let mut values = Vec::with_capacity(given.len());
            for one in given {
                values.push(own(run, eval(run, one, scope)?)?);
            }
            made(run.invoke(name, values)?)
        }
        Expr::Literal(_) | Expr::Name(_) => eval(run, expr, scope),
    }
}

/// True or false; none for null.
pub(crate) fn boolean(value: &Value, what: &str) -> Result<Option<bool>, Unclear> {
    match value {
        Value::Bool(value) => Ok(Some(*value)),
        Value::Null => Ok(None),
        other => Err(Unclear::wrong(format!("{what} is {}, not true or false", ops::shown(other)))),
    }
}

fn between<'s>(run: &Run<'_>, parts: [&'s Expr; 3], scope: &'s Scope<'s>) -> Answer<'s> {
    let [value, low, high] = parts;
    let value = eval(run, value, scope)?;
    let low = ops::compare(&run.meter, Compare::AtLeast, &value, &*eval(run, low, scope)?)?;
    let high = ops::compare(&run.meter, Compare::AtMost, &value, &*eval(run, high, scope)?)?;
    truth(both(low, high))
}

/// Three-valued “and”.
fn both(left: Option<bool>, right: Option<bool>) -> Option<bool> {
    match (left, right) {
        (Some(false), _) | (_, Some(false)) => Some(false),
        (Some(true), Some(true)) => Some(true),
        _ => None,
    }
}

/// “and” stops at false, “or” at true; null is carried along.
fn logic<'s>(run: &Run<'_>, all: &'s [Expr], stop: bool, scope: &'s Scope<'s>) -> Answer<'s> {
    let mut unknown = false;
    for one in all {
        let word = if stop { "a side of “or”" } else { "a side of “and”" };
        match boolean(&*eval(run, one, scope)?, word)? {
            Some(value) if value == stop => return truth(Some(stop)),
            Some(_) => {}
            None => unknown = true,
        }
    }
    truth(if unknown { None } else { Some(!stop) })
}

fn list<'s>(run: &Run<'_>, items: &'s [Expr], scope: &'s Scope<'s>) -> Answer<'s> {
    run.meter.bytes(32)?;
    let mut values = Vec::with_capacity(items.len());
    for item in items {
        values.push(own(run, eval(run, item, scope)?)?);
    }
    made(Value::List(values))
}

fn context<'s>(run: &Run<'_>, entries: &'s [(String, Expr)], scope: &'s Scope<'s>) -> Answer<'s> {
    let mut values = BTreeMap::new();
    for (key, expr) in entries {
        run.meter.bytes(48 + key.len())?;
        let value = {
            let inner = scope.with_all(&values);
            own(run, eval(run, expr, &inner)?)?
        };
        values.insert(key.clone(), value);
    }
    made(Value::Context(values))
}

/// Calls `each` for every combination of the sources; it says whether to go on.
fn each_of(
    run: &Run<'_>,
    sources: &[(String, Source)],
    scope: &Scope<'_>,
    each: &mut dyn FnMut(&Scope<'_>) -> Result<bool, Unclear>,
) -> Result<bool, Unclear> {
    let Some(((name, source), more)) = sources.split_first() else { return each(scope) };
    run.meter.deeper(|| match source {
        Source::List(expr) => {
            let list = eval(run, expr, scope)?;
            let items: &[Value] = match &*list {
                Value::List(items) => items,
                Value::Null => return Err(Unclear::wrong(format!("“{name}” runs over null"))),
                one => std::slice::from_ref(one),
            };
            for item in items {
                run.meter.steps(1)?;
                if !each_of(run, more, &scope.with(name, item), each)? {
                    return Ok(false);
                }
            }
            Ok(true)
        }
        Source::Range(from, to) => {
            let from = ops::whole(&*eval(run, from, scope)?)?;
            let to = ops::whole(&*eval(run, to, scope)?)?;
            let step = if from <= to { 1 } else { -1 };
            let mut at = from;
            loop {
                run.meter.steps(1)?;
                if !each_of(run, more, &scope.with(name, &Value::from(at)), each)? {
                    return Ok(false);
                }
                if at == to {
                    return Ok(true);
                }
                at += step;
            }
        }
    })
}

fn for_loop<'s>(run: &Run<'_>, sources: &[(String, Source)], body: &Expr, scope: &Scope<'_>) -> Answer<'s> {
    let mut made_so_far = Vec::new();
    each_of(run, sources, scope, &mut |inner| {
        run.meter.bytes(32)?;
        made_so_far.push(own(run, eval(run, body, inner)?)?);
        Ok(true)
    })?;
    made(Value::List(made_so_far))
}

fn quantified<'s>(
    run: &Run<'_>,
    some: bool,
    sources: &[(String, Source)],
    test: &Expr,
    scope: &Scope<'_>,
) -> Answer<'s> {
    let mut unknown = false;
    let to_the_end = each_of(run, sources, scope, &mut |inner| {
        let holds = boolean(&*eval(run, test, inner)?, "the condition after “satisfies”")?;
        unknown |= holds.is_none();
        Ok(holds != Some(some))
    })?;
    truth(match (to_the_end, unknown) {
        (false, _) => Some(some),
        (true, true) => None,
        (true, false) => Some(!some),
    })
}

fn path<'s>(run: &Run<'_>, first: &'s Expr, steps: &'s [Step], scope: &'s Scope<'s>) -> Answer<'s> {
    let mut value = eval(run, first, scope)?;
    for step in steps {
        run.meter.steps(1)?;
        value = match (step, value) {
            // Going into what is borrowed copies nothing.
            (Step::Entry(name), Cow::Borrowed(Value::Context(entries))) => match entries.get(name) {
                Some(entry) => Cow::Borrowed(entry),
                None => return Err(ops::no_entry(name)),
            },
            (Step::Entry(name), value) => Cow::Owned(ops::entry(&run.meter, &value, name)?),
            (Step::Filter(test), value) => Cow::Owned(filter(run, &value, test, scope)?),
        };
    }
    Ok(value)
}

fn filter(run: &Run<'_>, list: &Value, test: &Expr, scope: &Scope<'_>) -> Result<Value, Unclear> {
    let items = match list {
        Value::List(items) => items.as_slice(),
        Value::Null => return Ok(Value::Null),
        one => std::slice::from_ref(one),
    };
    run.meter.bytes(32)?;
    let mut kept = Vec::new();
    for item in items {
        run.meter.steps(1)?;
        let inner = scope.with_item(item);
        let answer = eval(run, test, &inner)?;
        match &*answer {
            Value::Number(_) => {
                let place = ops::whole(&answer)?;
                return own(run, ops::at_place(items, place).map_or(Cow::Owned(Value::Null), Cow::Borrowed));
            }
            other => {
                if boolean(other, "the condition of a filter")? == Some(true) {
                    kept.push(own(run, Cow::Borrowed(item))?);
                }
            }
        }
    }
    Ok(Value::List(kept))
}

/// Whether a value fits a cell; none if that is not known, as when the value is null.
pub(crate) fn fits_tests(
    run: &Run<'_>,
    tests: &Tests,
    value: &Value,
    scope: &Scope<'_>,
) -> Result<Option<bool>, Unclear> {
    if tests.any.is_empty() {
        return Ok(Some(true));
    }
    let mut known = Some(false);
    for test in &tests.any {
        match fits(run, test, value, scope)? {
            Some(true) => {
                known = Some(true);
                break;
            }
            Some(false) => {}
            None => known = None,
        }
    }
    Ok(if tests.negated { known.map(|fits| !fits) } else { known })
}

fn fits(run: &Run<'_>, test: &Test, value: &Value, scope: &Scope<'_>) -> Result<Option<bool>, Unclear> {
    let meter = &run.meter;
    meter.steps(1)?;
    let scope = scope.with("?", value);
    match test {
        Test::Compare(compare, bound) => ops::compare(meter, *compare, value, &*eval(run, bound, &scope)?),
        Test::Range { low, low_included, high, high_included } => {
            let above = if *low_included { Compare::AtLeast } else { Compare::Greater };
            let below = if *high_included { Compare::AtMost } else { Compare::Less };
            let above = ops::compare(meter, above, value, &*eval(run, low, &scope)?)?;
            let below = ops::compare(meter, below, value, &*eval(run, high, &scope)?)?;
            Ok(both(above, below))
        }
        Test::Value(expr) => {
            let wanted = eval(run, expr, &scope)?;
            ops::is_or_is_among(meter, value, &wanted).map(Some)
        }
        Test::Condition(expr) => boolean(&*eval(run, expr, &scope)?, "the condition of a cell"),
    }
}
