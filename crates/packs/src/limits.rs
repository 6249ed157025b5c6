//! Every bound on what a pack may contain, in one place. Files come from partners and are only half trusted.

/// Packs loaded together.
pub const PACKS: usize = 64;
/// Files in one pack.
pub const FILES: usize = 20_000;
/// Folders below a pack's own folder.
pub const FOLDER_DEPTH: usize = 4;
/// Bytes of one file.
pub const FILE_BYTES: usize = 64 * 1024 * 1024;
/// Bytes of one hand-written file (YAML, JSON).
pub const DOCUMENT_BYTES: usize = 256 * 1024;
/// Bytes of one whole pack.
pub const PACK_BYTES: usize = 512 * 1024 * 1024;
/// Nesting of one YAML or JSON document.
pub const DOCUMENT_DEPTH: usize = 24;
/// Nodes of one YAML document.
pub const DOCUMENT_NODES: usize = 50_000;
/// Lines of one CSV file.
pub const ROWS: usize = 500_000;
/// Characters of one CSV cell or one text.
pub const TEXT_CHARS: usize = 20_000;
/// Characters of a name.
pub const NAME_CHARS: usize = 300;
/// Characters of an id or a code.
pub const ID_CHARS: usize = 64;
/// Materials of one item.
pub const MATERIALS: usize = 60;
/// Entries of any other list inside one item, procedure or life event.
pub const LIST: usize = 200;
/// Pages of one form.
pub const FORM_PAGES: usize = 12;
/// Fields of one form.
pub const FORM_FIELDS: usize = 80;
/// Options of one choice.
pub const OPTIONS: usize = 300;
/// Characters a person may type into one field, whatever the form says.
pub const ANSWER_CHARS: u32 = 4_000;
/// Types of certificate have so many fields at most: their names must fit one code that a phone reads.
pub const CERTIFICATE_FIELDS: usize = 10;
/// Characters of the name of a certificate's field, for the same reason.
pub const CERTIFICATE_FIELD_CHARS: usize = 16;
/// Months for which a certificate may hold: a hundred years.
pub const CERTIFICATE_MONTHS: u16 = 1_200;
/// Days for which a consent may hold: ten years.
pub const CONSENT_DAYS: u16 = 3_660;
/// Visits to an office an item may ask for.
pub const VISITS: u8 = 20;
/// Days of a limit: beyond three years it is a typing mistake.
pub const LIMIT_DAYS: u16 = 1_100;
/// Officers who must agree at one step.
pub const OFFICERS: u8 = 9;
/// Branches of one joint step.
pub const BRANCHES: usize = 16;
/// Procedures inside each other through joint steps.
pub const NESTING: usize = 4;
/// Characters of one condition.
pub const CONDITION_CHARS: usize = 1_000;
/// Problems reported before the check stops listing more.
pub const PROBLEMS: usize = 1_000;
