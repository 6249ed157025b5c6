//! The nouns every other room shares: identifiers and their check digits, areas, texts in two
//! languages, the working calendar, and the clock as an argument.
//!
//! Nothing here reads the time, draws a random number, opens a file or knows a database. What this
//! room says about an identifier or a date is true for every province.

mod agreement;
mod area;
mod calendar;
mod case_number;
mod citizen_number;
mod clock;
mod credit_code;
mod drift;
mod ids;
mod limit;
mod quality;
mod sampling;
mod text;
mod words;

pub use agreement::Agreement;
pub use area::{AreaCode, AreaLevel, BadAreaCode};
pub use calendar::{BadCalendar, BadHours, BusinessHours, Calendar, DayKind, Deadline};
pub use case_number::{BadCaseNumber, CaseNumber, iso7064_mod37_36};
pub use citizen_number::{BadCitizenNumber, CitizenNumber, Sex};
pub use clock::{Clock, ManualClock, Timestamp, from_micros, micros};
pub use credit_code::{BadCreditCode, CreditCode};
pub use drift::{Call, DRIFT_BASE, DRIFT_LEAST, DRIFT_RECENT, DRIFT_WATCHED, Drift, drift};
pub use ids::{CaseId, OfficerId, PersonId};
pub use limit::{BadLimit, DayUnit, Limit};
pub use quality::{ParetoRow, Share, pareto};
pub use sampling::{AQLS, InspectionLevel, Plan, Severity, exact_interval, plan, severity_after};
pub use text::{Lang, Text};
pub use words::{date_in_words, day_in_words};

pub use jiff::civil::{Date, Time};
