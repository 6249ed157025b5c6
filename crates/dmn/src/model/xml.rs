//! What the readers need of XML: elements of DMN's name spaces, their texts, lines and attributes.

use roxmltree::{Document, Node};

use crate::fault::Fault;
use crate::limits::FAULTS;

/// Name spaces of DMN 1.2, 1.3, 1.4 and 1.5.
const SPACES: [&str; 4] = [
    "http://www.omg.org/spec/DMN/20180521/MODEL/",
    "https://www.omg.org/spec/DMN/20191111/MODEL/",
    "https://www.omg.org/spec/DMN/20211108/MODEL/",
    "https://www.omg.org/spec/DMN/20230324/MODEL/",
];

/// Whether this is an element of DMN.
pub(super) fn is_dmn(node: Node<'_, '_>) -> bool {
    node.is_element() && node.tag_name().namespace().is_some_and(|space| SPACES.contains(&space))
}

/// Child elements of DMN; those of others, such as diagrams and vendors' extensions, are passed over.
pub(super) fn children<'d>(node: Node<'d, 'd>) -> impl Iterator<Item = Node<'d, 'd>> {
    node.children().filter(|child| is_dmn(*child))
}

/// Child elements of this name.
pub(super) fn all<'d>(node: Node<'d, 'd>, name: &'static str) -> impl Iterator<Item = Node<'d, 'd>> {
    children(node).filter(move |child| child.tag_name().name() == name)
}

/// The first child element of this name.
pub(super) fn one<'d>(node: Node<'d, 'd>, name: &'static str) -> Option<Node<'d, 'd>> {
    all(node, name).next()
}

/// An attribute; empty if absent.
pub(super) fn attribute<'d>(node: Node<'d, 'd>, name: &str) -> &'d str {
    node.attribute(name).unwrap_or_default().trim()
}

/// All text directly within an element, and the line on which it begins.
pub(super) struct Written {
    pub(super) text: String,
    pub(super) line: u32,
}

impl Written {
    /// The line of a byte of the text.
    pub(super) fn line_at(&self, byte: usize) -> u32 {
        let before = &self.text.as_bytes()[..byte.min(self.text.len())];
        self.line + u32::try_from(before.iter().filter(|byte| **byte == b'\n').count()).unwrap_or(0)
    }

    pub(super) fn is_blank(&self) -> bool {
        self.text.trim().is_empty()
    }
}

/// Collects what is wrong.
pub(super) struct Faults<'d> {
    document: &'d Document<'d>,
    pub(super) all: Vec<Fault>,
}

impl<'d> Faults<'d> {
    pub(super) fn new(document: &'d Document<'d>) -> Self {
        Self { document, all: Vec::new() }
    }

    pub(super) fn line(&self, node: Node<'_, '_>) -> u32 {
        self.document.text_pos_at(node.range().start).row
    }

    pub(super) fn at(&mut self, node: Node<'_, '_>, path: &str, what: impl Into<String>) {
        let line = self.line(node);
        self.on(line, path, what);
    }

    pub(super) fn on(&mut self, line: u32, path: &str, what: impl Into<String>) {
        if self.all.len() < FAULTS {
            self.all.push(Fault { line, path: path.to_owned(), what: what.into() });
        }
    }

    /// The content of the element's `text` child.
    pub(super) fn written(&self, node: Node<'_, '_>) -> Option<Written> {
        let text = one(node, "text")?;
        let pieces = text.children().filter(|piece| piece.is_text());
        let joined: String = pieces.clone().filter_map(|piece| piece.text()).collect();
        let line = pieces.clone().next().map_or_else(|| self.line(text), |piece| self.line(piece));
        Some(Written { text: joined, line })
    }
}

/// Says which child elements of DMN are none of these, so that nothing is passed over in silence.
pub(super) fn only<'n>(node: Node<'n, 'n>, known: &[&str], path: &str, faults: &mut Faults<'_>) {
    for child in children(node) {
        let name = child.tag_name().name();
        if !known.contains(&name) && !["description", "extensionElements"].contains(&name) {
            faults.at(
                child,
                path,
                format!("“{name}” is not carried out here; remove it or say it otherwise"),
            );
        }
    }
}
