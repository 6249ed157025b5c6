//! Packs: a folder of plain files becomes a validated, versioned catalogue.
//!
//! This room reads files that partners wrote, so everything is bounded (size, depth, count), nothing
//! in a pack can run code, and every complaint names file, line and rule. It knows no database, no
//! network and no clock. The format is specified in `docs/pack-format.md`.

mod catalogue;
mod certificate;
mod diff;
mod files;
pub mod form;
pub mod import;
pub mod item;
pub mod limits;
mod problem;
pub mod procedure;
mod read;
mod role;
mod rules;

pub use catalogue::{
    Agency, Area, Catalogue, Code, CodeList, Counts, LifeEvent, PackInfo, Source, Theme, ThemeAudience,
};
pub use certificate::{
    Attribute, CertificateField, CertificateGrade, CertificateIssuer, CertificateType, FieldSource,
};
pub use diff::{Change, Diff, ItemDiff, Kind, Named, PackDiff, Running, diff};
pub use files::{Contents, FileFault, Files, Folder, Memory};
pub use form::{Answers, Field, FieldError, FieldKind, FieldRule, Form, Option_, Page, Prefill, ShowWhen};
pub use item::{
    Audience, ConsentNeeded, DEFAULT_REAL_NAME, Fee, Handling, ItemKind, ItemRules, Law, Level, LotPlan,
    Material, MaterialProof, Missing, REAL_NAME, ServiceItem, Window,
};
pub use problem::{Problem, Severity};
pub use procedure::{
    ApplicantSilence, ApplicantTerm, Branch, ByRules, End, Extend, Otherwise, Procedure, Renewal, Special,
    Step, StepKind, TaskOutcome, Walk, Within, walks,
};
pub use read::{Loaded, load, load_files, read_form};
pub use role::Role;
pub use rules::{RULES, explain};
