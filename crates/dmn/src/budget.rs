//! How much an evaluation may cost, and what it has cost so far.

use std::cell::Cell;

use crate::limits::EVALUATION_DEPTH;
use crate::unclear::Unclear;

/// What one evaluation may cost.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Budget {
    /// Steps: one for each operation and for each element or 32 bytes that an operation touches. A step takes some 20 to 100 ns.
    pub steps: u64,
    /// Bytes of all values made, whether or not they are still held.
    pub bytes: usize,
}

impl Default for Budget {
    /// 200,000 steps and 4 MiB: a table of 2,000 rules passes, a runaway loop ends within some 20 ms.
    fn default() -> Self {
        Self { steps: 200_000, bytes: 4 * 1024 * 1024 }
    }
}

/// Counts down.
#[derive(Debug)]
pub(crate) struct Meter {
    allowed: u64,
    steps: Cell<u64>,
    bytes: Cell<usize>,
    depth: Cell<usize>,
}

impl Meter {
    pub(crate) fn new(budget: Budget) -> Self {
        Self {
            allowed: budget.steps,
            steps: Cell::new(budget.steps),
            bytes: Cell::new(budget.bytes),
            depth: Cell::new(0),
        }
    }

    /// Spends steps.
    pub(crate) fn steps(&self, many: usize) -> Result<(), Unclear> {
        let left = self.steps.get().checked_sub(many as u64).ok_or(Unclear::OverBudget)?;
        self.steps.set(left);
        Ok(())
    }

    /// Spends bytes, and the steps that it takes to write them.
    pub(crate) fn bytes(&self, many: usize) -> Result<(), Unclear> {
        let left = self.bytes.get().checked_sub(many).ok_or(Unclear::OverBudget)?;
        self.bytes.set(left);
        self.steps(many / 32)
    }

    /// Goes one level deeper for as long as `inside` runs.
    pub(crate) fn deeper<T>(&self, inside: impl FnOnce() -> Result<T, Unclear>) -> Result<T, Unclear> {
        let depth = self.depth.get();
        if depth >= EVALUATION_DEPTH {
            return Err(Unclear::OverBudget);
        }
        self.depth.set(depth + 1);
        let done = inside();
        self.depth.set(depth);
        done
    }

    /// Steps spent so far.
    pub(crate) fn spent(&self) -> u64 {
        self.allowed - self.steps.get()
    }
}
