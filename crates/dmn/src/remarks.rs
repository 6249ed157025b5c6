//! Remarks on tables: gaps and overlaps.

use crate::fault::Fault;
use crate::model::Decision;

/// Remarks on all tables.
pub(crate) fn of(_decisions: &[Decision]) -> Vec<Fault> {
    Vec::new()
}
