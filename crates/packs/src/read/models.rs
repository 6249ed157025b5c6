//! `rules/*.dmn`: the decision model of an item, read before anybody's case is.
//!
//! The convention: a model reads `form`, `applicant`, `materials` and `today`; its last decision says `outcome`
//! (`grant`, `refuse`, `person`) and, beside a refusal, may say `reason` (the id of a ground). For 免申即享 its
//! decision `entitled` says who is offered the item.

use dmn::Model;
use serde::Deserialize;

use crate::item::{ItemRules, LotPlan, ServiceItem};
use crate::limits;
use crate::problem::{Place, Problems};
use crate::procedure::ByRules;

use super::condition::{self, ROOTS};
use super::document::{self, Spanned};
use super::{Draft, Opened};

/// `rules:` of an item as written.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Written {
    /// `rules/….dmn`
    model: Spanned<String>,
    sample_percent: Spanned<u8>,
    #[serde(default)]
    lot_plan: Option<Spanned<LotPlan>>,
}

const OUTCOMES: [&str; 3] = ["grant", "refuse", "person"];
/// 不予许可的理由, as the desk offers them.
const GROUNDS: [&str; 4] = ["conditions-not-met", "materials-untrue", "quota-exhausted", "other-law"];
const ENTITLED: &str = "entitled";

/// Reads the model that an item names and gives it to the item.
pub(super) fn read(
    pack: &Opened<'_>,
    label: &str,
    written: Option<&Written>,
    entitlement: Option<&Spanned<bool>>,
    item: &mut ServiceItem,
    problems: &mut Problems,
) {
    item.entitlement = entitlement.is_some_and(|entitlement| entitlement.value);
    let model = written.and_then(|written| model(pack, label, written, item, problems));
    let Some(entitlement) = entitlement.filter(|entitlement| entitlement.value) else { return };
    let found = model.as_ref().is_some_and(|model| model.decisions().any(|decision| decision == ENTITLED));
    if !found && (written.is_none() || model.is_some()) {
        let message = "nothing says whom to offer it to: give rules a model with a decision named entitled, which is true or false";
        problems.error(&document::place(label, entitlement), "rules-entitled", message);
    }
}

fn model(
    pack: &Opened<'_>,
    label: &str,
    written: &Written,
    item: &mut ServiceItem,
    problems: &mut Problems,
) -> Option<Model> {
    let place = document::place(label, &written.model);
    let percent = &written.sample_percent;
    if percent.value > 100 {
        let message = format!("sample_percent is 0 to 100, not {}", percent.value);
        problems.error(&document::place(label, percent), "bad-number", message);
    }
    let path = &written.model.value;
    if !path.starts_with("rules/") || !pack.contents.contains_key(path) {
        let message = format!("there is no model {path} in this pack; models lie in rules/ and end in .dmn");
        problems.error(&place, "missing-model", message);
        return None;
    }
    let (file, xml) = pack.text(path, problems)?;
    if xml.len() > limits::DOCUMENT_BYTES {
        let message = format!("a model holds at most {} bytes; split it", limits::DOCUMENT_BYTES);
        problems.error(&Place::file(file), "file-too-large", message);
        return None;
    }
    let model = match Model::parse(xml) {
        Ok(model) => model,
        Err(faults) => {
            for fault in faults {
                let message = format!("{}: {}", fault.path, fault.what);
                problems.error(&Place::line(&file, u64::from(fault.line)), "rules-model", message);
            }
            return None;
        }
    };
    check(&file, xml, &model, item, problems);
    if let Some(plan) = &written.lot_plan
        && !domain::AQLS.contains(&plan.value.aql.as_str())
    {
        let message = format!(
            "the AQL {:?} heads no column of the standard; it is one of {}",
            plan.value.aql,
            domain::AQLS.join(", ")
        );
        problems.error(&document::place(label, plan), "unknown-word", message);
    }
    item.rules = Some(ItemRules {
        file: path.clone(),
        xml: xml.to_owned(),
        sample_percent: percent.value.min(100),
        lot_plan: written.lot_plan.as_ref().map(|plan| plan.value.clone()),
    });
    Some(model)
}

fn check(file: &str, xml: &str, model: &Model, item: &ServiceItem, problems: &mut Problems) {
    let whole = Place::file(file);
    for input in model.inputs().iter().filter(|input| !ROOTS.contains(&input.name.as_str())) {
        let message =
            format!("the input {:?} is not known here; a model reads {}", input.name, ROOTS.join(", "));
        problems.error(&whole, "rules-input", message);
    }
    for (line, word) in words(xml) {
        for (root, name) in condition::paths(&word) {
            let Some(name) = name else { continue };
            if let Some(what) = unknown(root, name, item) {
                let message = format!("{root}.{name} is {what} of {}; mend the name or add it", item.code);
                problems.error(&Place::line(file, line), "rules-input", message);
            }
        }
    }
    outcomes(&whole, model, problems);
    for remark in model.remarks() {
        let message = format!("{}: {}", remark.path, remark.what);
        problems.warning(&Place::line(file, u64::from(remark.line)), "rules-remark", message);
    }
}

fn unknown(root: &str, name: &str, item: &ServiceItem) -> Option<&'static str> {
    let field = || item.form.pages.iter().flat_map(|page| &page.fields).any(|field| field.name == name);
    let material = || item.materials.iter().any(|material| material.id == name);
    match root {
        "form" if !field() => Some("no field"),
        "materials" if !material() => Some("no material"),
        "applicant" if !condition::FACTS.contains(&name) => Some("no fact known to applications"),
        _ => None,
    }
}

/// What may come out of the last decision is one of the three outcomes.
fn outcomes(place: &Place, model: &Model, problems: &mut Problems) {
    let outputs = model.outputs();
    let outcome = match &outputs[..] {
        [single] => Some(single),
        several => several.iter().find(|output| output.name == "outcome"),
    };
    let Some(outcome) = outcome else {
        let message = format!(
            "the decision {} has no output named outcome; add one, with the values grant, refuse and person",
            model.root()
        );
        return problems.error(place, "rules-outcome", message);
    };
    if outcome.values.is_empty() {
        let message = format!(
            "anything may come out of {}; write each outcome as a text, or list grant, refuse and person as its output values",
            model.root()
        );
        problems.error(place, "rules-outcome", message);
    }
    for value in outcome.values.iter().filter(|value| !OUTCOMES.contains(&value.as_str())) {
        let message = format!("{value:?} may come out of {}; it is grant, refuse or person", model.root());
        problems.error(place, "rules-outcome", message);
    }
    let reasons = outputs.iter().filter(|output| output.name == "reason").flat_map(|output| &output.values);
    for reason in reasons.filter(|reason| !matches!(reason.as_str(), "" | "null" | "-")) {
        if !GROUNDS.contains(&reason.as_str()) {
            let message =
                format!("the reason {reason:?} is no ground of refusal; it is one of {}", GROUNDS.join(", "));
            problems.error(place, "rules-outcome", message);
        }
    }
}

/// Elements whose text is for people.
const PROSE: [&str; 4] = ["description", "question", "annotationEntry", "textAnnotation"];

/// The texts between the tags of a document that has been read without a fault, with their lines; without those
/// for people.
fn words(xml: &str) -> Vec<(u64, String)> {
    let (mut words, mut open, mut rest, mut line) = (Vec::new(), Vec::new(), xml, 1u64);
    while let Some(tag) = rest.find('<') {
        let text = &rest[..tag];
        let prose = open.iter().any(|name: &&str| PROSE.contains(name));
        if !prose && !text.trim().is_empty() {
            let plain = [("&quot;", "\""), ("&apos;", "'"), ("&lt;", "<"), ("&gt;", ">"), ("&amp;", "&")];
            let plain = plain.iter().fold(text.to_owned(), |text, (from, to)| text.replace(from, to));
            words.push((line, plain));
        }
        let from = &rest[tag..];
        let (length, name) = element(from);
        match name {
            Tag::Opens(name) => open.push(name),
            Tag::Closes => {
                open.pop();
            }
            Tag::Other => {}
        }
        line += rest[..tag + length].matches('\n').count() as u64;
        rest = &from[length..];
    }
    words
}

enum Tag<'a> {
    Opens(&'a str),
    Closes,
    /// Empty elements, comments and instructions.
    Other,
}

/// The bytes of the tag at the start of a text, and what it is. A `>` may stand in an attribute.
fn element(text: &str) -> (usize, Tag<'_>) {
    if let Some(comment) = text.strip_prefix("<!--") {
        return (comment.find("-->").map_or(text.len(), |end| end + 7), Tag::Other);
    }
    if let Some(data) = text.strip_prefix("<![CDATA[") {
        return (data.find("]]>").map_or(text.len(), |end| end + 12), Tag::Other);
    }
    let mut quote = None;
    let end = text.char_indices().find(|(_, c)| match (quote, c) {
        (None, '>') => true,
        (None, '"' | '\'') => {
            quote = Some(*c);
            false
        }
        (Some(open), c) if open == *c => {
            quote = None;
            false
        }
        _ => false,
    });
    let end = end.map_or(text.len(), |(at, _)| at + 1);
    let inside = text[1..end].trim_end_matches('>');
    if inside.starts_with('/') {
        return (end, Tag::Closes);
    }
    if inside.starts_with(['?', '!']) || inside.ends_with('/') {
        return (end, Tag::Other);
    }
    let name = inside.split(|c: char| c.is_whitespace()).next().unwrap_or("");
    (end, Tag::Opens(name.rsplit(':').next().unwrap_or(name)))
}

/// What needs the item's procedure: a model that no step asks, materials that may follow without a term.
pub(super) fn used(draft: &Draft, problems: &mut Problems) {
    for (item, place) in draft.items.iter().zip(&draft.item_places) {
        let procedure =
            draft.procedures.iter().find(|procedure| super::procedures::goes_through(item, procedure));
        let Some(procedure) = procedure else { continue };
        let asks = procedure.steps.iter().any(|step| step.rules);
        if item.rules.is_some() && !asks && !item.entitlement {
            let message = format!(
                "no step of {} asks the model; write rules: true at its intake, review, task or decision",
                procedure.procedure
            );
            problems.warning(place, "rules-unused", message);
        }
        let mut outcomes = procedure.steps.iter().flat_map(|step| &step.outcomes);
        if !item.for_things() && outcomes.any(|outcome| outcome.by_rules == Some(ByRules::Refuse)) {
            let message = format!(
                "{} lets rules refuse, and {} is not for things alone; a refusal of a person is a person's (个人信息保护法 第二十四条), so take by_rules: refuse out",
                procedure.procedure, item.code
            );
            problems.error(place, "rules-refuse", message);
        }
        if procedure.owed.is_none()
            && let Some(material) = item.materials.iter().find(|material| material.later)
        {
            let message = format!(
                "{} may follow later, but {} sets no time for that, so a case could wait for ever; add owed: {{within: …}}",
                material.id, procedure.procedure
            );
            problems.error(place, "later-without-term", message);
        }
    }
}
