//! Bounds on what a file may hold. A model that an agency can still read stays far below them.

/// Bytes of a file.
pub(crate) const FILE_BYTES: usize = 512 * 1024;
/// Nodes of the XML tree: elements, texts, comments.
pub(crate) const NODES: u32 = 60_000;
/// Elements inside one another.
pub(crate) const XML_DEPTH: usize = 48;
/// Decisions, inputs and business knowledge models of a file, each.
pub(crate) const ELEMENTS: usize = 300;
/// Rules of one table.
pub(crate) const RULES: usize = 2_000;
/// Input or output columns of one table.
pub(crate) const COLUMNS: usize = 40;
/// Bytes of one expression.
pub(crate) const EXPRESSION_BYTES: usize = 4_096;
/// Brackets, conditions and the like inside one another in an expression.
pub(crate) const EXPRESSION_DEPTH: usize = 24;
/// Expressions and boxed expressions under way at once while evaluating, across all models called.
pub(crate) const EVALUATION_DEPTH: usize = 120;
/// Lists and contexts inside one another in an input.
pub(crate) const VALUE_DEPTH: usize = 24;
/// Bytes of a name.
pub(crate) const NAME_BYTES: usize = 200;
/// Faults that are told before reading stops.
pub(crate) const FAULTS: usize = 50;
/// Whole exponents that a power may have.
pub(crate) const EXPONENT: u64 = 1_000;
