//! What was inspected, in the formats that factories' systems read: CFX messages (IPC-2591), maps of a substrate
//! (SEMI E142.1) and CSV. Pure: values in, text out. It knows no case, no person and no database, and whoever calls it
//! decides who may read what it writes.
//!
//! Neither standard is free. The names come from what is public: the classes of the CFX SDK (`CFX.Structures`,
//! `CFX.Production.TestAndInspection`), and descriptions and files of E142.1. docs/exchange.md says where each value is
//! from, and what is not there.

pub mod cfx;
pub mod csv;
pub mod e142;
mod unit;

pub use unit::{Decided, Finding, Judged, Lot, Unit, Verification};
