//! Reads a file: bounds, definitions, inputs, business knowledge models, decisions.

use std::collections::{BTreeMap, BTreeSet};

use roxmltree::{Document, Node, ParsingOptions};

use super::boxed::{Reader, expression_of};
use super::types::{Type, Types};
use super::xml::{Faults, all, attribute, children, is_dmn, one, only};
use super::{Decision, Input, Knowledge, Model, requirements};
use crate::fault::Fault;
use crate::feel::{Names, normal};
use crate::limits::{ELEMENTS, FILE_BYTES, NAME_BYTES, NODES, XML_DEPTH};

/// Reads a model.
pub(super) fn model(xml: &str) -> Result<Model, Vec<Fault>> {
    let refused = |line, what: String| vec![Fault { line, path: "file".to_owned(), what }];
    if xml.len() > FILE_BYTES {
        return Err(refused(1, format!("the file is larger than {FILE_BYTES} bytes; split the model")));
    }
    let options = ParsingOptions { allow_dtd: false, nodes_limit: NODES, ..ParsingOptions::default() };
    let document = Document::parse_with_options(xml, options).map_err(|error| {
        refused(error.pos().row, format!("this is no well-formed XML within bounds: {error}"))
    })?;
    let root = document.root_element();
    if !is_dmn(root) || root.tag_name().name() != "definitions" {
        let what = "the file must begin with “definitions” in the name space of DMN 1.2 to 1.5, such as https://www.omg.org/spec/DMN/20191111/MODEL/";
        return Err(refused(1, what.to_owned()));
    }
    if too_deep(root) {
        return Err(refused(1, format!("elements stand more than {XML_DEPTH} deep inside one another")));
    }
    let mut faults = Faults::new(&document);
    let types = Types::read(root, &mut faults);
    let mut reader = Reader::new(&types, faults);
    let model = definitions(&mut reader, root);
    match model {
        Some(model) if reader.faults.all.is_empty() => Ok(model),
        _ => Err(reader.faults.all),
    }
}

fn too_deep(root: Node<'_, '_>) -> bool {
    let mut level: Vec<Node<'_, '_>> = vec![root];
    for _ in 0..XML_DEPTH {
        level = level.iter().flat_map(|node| node.children().filter(Node::is_element)).collect();
        if level.is_empty() {
            return false;
        }
    }
    true
}

/// An element that others refer to by id.
struct Named<'d> {
    node: Node<'d, 'd>,
    id: &'d str,
    name: String,
}

/// All elements of one kind, with faults for missing or doubled names.
fn named<'d>(
    reader: &mut Reader<'_, 'd>,
    root: Node<'d, 'd>,
    tag: &'static str,
    word: &str,
) -> Vec<Named<'d>> {
    let mut found: Vec<Named<'d>> = Vec::new();
    for node in all(root, tag) {
        // The variable's name is what expressions use; editors keep it equal to the element's.
        let variable = one(node, "variable").map_or("", |variable| attribute(variable, "name"));
        let name = normal(if variable.is_empty() { attribute(node, "name") } else { variable });
        let path = format!("{word} “{name}”");
        if name.is_empty() || name.len() > NAME_BYTES {
            reader.faults.at(node, &path, format!("a name of 1 to {NAME_BYTES} bytes is needed"));
        }
        found.push(Named { node, id: attribute(node, "id"), name });
    }
    if found.len() > ELEMENTS {
        reader.faults.at(
            root,
            "definitions",
            format!("more than {ELEMENTS} elements “{tag}”; split the model"),
        );
        found.truncate(ELEMENTS);
    }
    found
}

fn definitions<'d>(reader: &mut Reader<'_, 'd>, root: Node<'d, 'd>) -> Option<Model> {
    let passed = [
        "import",
        "itemDefinition",
        "inputData",
        "decision",
        "businessKnowledgeModel",
        "knowledgeSource",
        "decisionService",
        "textAnnotation",
        "association",
        "group",
        "elementCollection",
        "performanceIndicator",
        "organizationUnit",
    ];
    only(root, &passed, "definitions", &mut reader.faults);
    for import in all(root, "import") {
        reader.faults.at(
            import,
            "definitions",
            "models cannot import others here; copy what is needed into this file",
        );
    }
    let inputs = named(reader, root, "inputData", "input");
    let knowledge = named(reader, root, "businessKnowledgeModel", "business knowledge model");
    let decisions = named(reader, root, "decision", "decision");
    twice(reader, &[&inputs, &knowledge, &decisions]);
    if decisions.is_empty() {
        reader.faults.at(root, "definitions", "there is no decision; draw one");
        return None;
    }
    let mut types = Vec::new();
    let mut asked = Vec::new();
    for input in &inputs {
        let path = format!("input “{}”", input.name);
        let kind = one(input.node, "variable")
            .map_or_else(Type::default, |variable| reader.types.of(variable, &path, &mut reader.faults));
        asked.push(Input { name: input.name.clone(), kind: kind.kind.clone(), values: kind.texts() });
        types.push(kind);
    }
    let (knowledge, models) = read_knowledge(reader, &knowledge)?;
    let places = Places { inputs: &inputs, decisions: &decisions, models: &models };
    let (decisions, root_at) = read_decisions(reader, &places)?;
    Some(Model {
        id: attribute(root, "id").to_owned(),
        name: attribute(root, "name").to_owned(),
        inputs: asked,
        types,
        decisions,
        knowledge,
        root: root_at,
    })
}

fn twice(reader: &mut Reader<'_, '_>, all: &[&Vec<Named<'_>>]) {
    let mut names = BTreeSet::new();
    let mut ids = BTreeSet::new();
    for element in all.iter().copied().flatten() {
        let path = format!("“{}”", element.name);
        if !names.insert(element.name.as_str()) {
            reader.faults.at(
                element.node,
                &path,
                "two elements have this name; expressions could not tell them apart",
            );
        }
        if !element.id.is_empty() && !ids.insert(element.id) {
            reader.faults.at(element.node, &path, format!("two elements have the id “{}”", element.id));
        }
    }
}

/// Ids of business knowledge models, with name and parameters.
type Models<'d> = BTreeMap<&'d str, (String, Vec<String>)>;

/// What requirements may point at.
struct Places<'p, 'd> {
    inputs: &'p [Named<'d>],
    decisions: &'p [Named<'d>],
    models: &'p Models<'d>,
}

/// The id that a requirement points at.
fn target<'d>(requirement: Node<'d, 'd>, name: &'static str) -> Option<&'d str> {
    let href = attribute(one(requirement, name)?, "href");
    Some(href.rsplit_once('#').map_or(href, |(_, id)| id))
}

fn read_knowledge<'d>(
    reader: &mut Reader<'_, 'd>,
    found: &[Named<'d>],
) -> Option<(BTreeMap<String, Knowledge>, Models<'d>)> {
    let mut models: Models<'d> = BTreeMap::new();
    for element in found {
        let parameters = one(element.node, "encapsulatedLogic").map_or_else(Vec::new, |logic| {
            all(logic, "formalParameter").map(|parameter| normal(attribute(parameter, "name"))).collect()
        });
        models.insert(element.id, (element.name.clone(), parameters));
    }
    let mut requires = BTreeMap::new();
    for (at, element) in found.iter().enumerate() {
        let needed =
            all(element.node, "knowledgeRequirement").filter_map(|one| target(one, "requiredKnowledge"));
        let needed = needed.filter_map(|id| found.iter().position(|other| other.id == id));
        requires.insert(at, needed.collect());
    }
    if let Err(at) = requirements::order(found.len(), &requires) {
        let path = format!("business knowledge model “{}”", found[at].name);
        reader.faults.at(
            found[at].node,
            &path,
            "business knowledge models call one another in a circle; break it",
        );
        return None;
    }
    let mut knowledge = BTreeMap::new();
    for element in found {
        let path = format!("business knowledge model “{}”", element.name);
        let Some(encapsulated) = one(element.node, "encapsulatedLogic") else {
            reader.faults.at(element.node, &path, "there is no logic in it; write some");
            continue;
        };
        if !["", "FEEL"].contains(&attribute(encapsulated, "kind")) {
            reader.faults.at(encapsulated, &path, "only FEEL is carried out, no Java and no PMML");
        }
        let mut parameters = Vec::new();
        for parameter in all(encapsulated, "formalParameter") {
            let kind = reader.types.of(parameter, &path, &mut reader.faults);
            parameters.push((normal(attribute(parameter, "name")), kind));
        }
        let mut names =
            Names::new(parameters.iter().map(|(name, _)| name.clone())).entries(&reader.types.entries);
        require_knowledge(reader, element, &models, &path, &mut names);
        let beside = ["formalParameter", "description", "extensionElements", "variable"];
        let expression = children(encapsulated).find(|child| !beside.contains(&child.tag_name().name()));
        let Some(expression) = expression else {
            reader.faults.at(encapsulated, &path, "there is no logic in it; write some");
            continue;
        };
        if let Some(logic) = reader.logic(expression, &path, &names) {
            let result = one(element.node, "variable")
                .map_or_else(Type::default, |variable| reader.types.of(variable, &path, &mut reader.faults));
            knowledge.insert(element.name.clone(), Knowledge { parameters, result, logic });
        }
    }
    Some((knowledge, models))
}

fn require_knowledge<'d>(
    reader: &mut Reader<'_, 'd>,
    element: &Named<'d>,
    models: &Models<'d>,
    path: &str,
    names: &mut Names,
) {
    for requirement in all(element.node, "knowledgeRequirement") {
        let id = target(requirement, "requiredKnowledge").unwrap_or_default();
        match models.get(id) {
            Some((name, parameters)) => names.add_model(name, parameters),
            None => reader.faults.at(requirement, path, format!("it requires the knowledge “{id}”, which is no business knowledge model of this file; decision services and other files cannot be called")),
        }
    }
}

/// The decisions in order, and the place of the root.
fn read_decisions<'d>(
    reader: &mut Reader<'_, 'd>,
    places: &Places<'_, 'd>,
) -> Option<(Vec<Decision>, usize)> {
    let found = places.decisions;
    let mut requires: BTreeMap<usize, Vec<usize>> = BTreeMap::new();
    let mut scopes = Vec::new();
    for (at, element) in found.iter().enumerate() {
        let path = format!("decision “{}”", element.name);
        let mut names = Names::default().entries(&reader.types.entries);
        let mut needed = Vec::new();
        for requirement in all(element.node, "informationRequirement") {
            let input = target(requirement, "requiredInput");
            let decision = target(requirement, "requiredDecision");
            let id = input.or(decision).unwrap_or_default();
            let to_input = places.inputs.iter().find(|other| other.id == id);
            let to_decision = found.iter().position(|other| other.id == id);
            match (to_input, to_decision) {
                (Some(input), _) => names.add(&input.name),
                (None, Some(place)) => {
                    names.add(&found[place].name);
                    needed.push(place);
                }
                _ => reader.faults.at(
                    requirement,
                    &path,
                    format!("it requires “{id}”, which is neither an input nor a decision of this file"),
                ),
            }
        }
        require_knowledge(reader, element, places.models, &path, &mut names);
        requires.insert(at, needed);
        scopes.push(names);
    }
    let ordered = match requirements::order(found.len(), &requires) {
        Ok(ordered) => ordered,
        Err(at) => {
            let path = format!("decision “{}”", found[at].name);
            reader.faults.at(found[at].node, &path, "decisions require one another in a circle; break it");
            return None;
        }
    };
    let place_of = |at: usize| ordered.iter().position(|other| *other == at);
    let mut decisions = Vec::new();
    for at in &ordered {
        let needed = requires.get(at).map(|all| all.iter().filter_map(|one| place_of(*one)).collect());
        decisions.extend(read_decision(reader, &found[*at], &scopes[*at], needed.unwrap_or_default()));
    }
    let required: BTreeSet<usize> = requires.values().flatten().copied().collect();
    let root = (0..found.len()).rev().find(|at| !required.contains(at)).and_then(place_of)?;
    Some((decisions, root))
}

fn read_decision<'d>(
    reader: &mut Reader<'_, 'd>,
    element: &Named<'d>,
    names: &Names,
    requires: Vec<usize>,
) -> Option<Decision> {
    let path = format!("decision “{}”", element.name);
    let Some(expression) = expression_of(element.node) else {
        reader.faults.at(element.node, &path, "it has no logic; write a decision table or an expression");
        return None;
    };
    let kind = one(element.node, "variable")
        .map_or_else(Type::default, |variable| reader.types.of(variable, &path, &mut reader.faults));
    let logic = reader.logic(expression, &path, names)?;
    let name = match normal(attribute(element.node, "name")) {
        name if name.is_empty() => element.name.clone(),
        name => name,
    };
    let line = reader.faults.line(element.node);
    Some(Decision {
        id: element.id.to_owned(),
        name,
        variable: element.name.clone(),
        kind,
        logic,
        line,
        requires,
    })
}
