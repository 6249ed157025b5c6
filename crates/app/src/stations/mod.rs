//! Stations: things that belong to an organisation and report what they see. A station is a party with a key of its
//! own; each unit it reports becomes a case, handled by the organisation itself.

mod inspect;
mod line;
mod lot_files;
mod lot_page;
mod lots;
mod own;
mod pictures;
mod registered;
mod report;
mod sides;
mod told;
mod units;

pub(crate) use pictures::PICTURES;
pub(crate) use report::digest;
pub(crate) use sides::sides_of;

pub use inspect::{Decided, MAX_BATCH, Reported};
pub use line::{Counts, LineDay, LineNow, LineStation, LotLine};
pub use lot_files::{LotFile, LotFormat};
pub use lot_page::{LotPage, LotRecipe, Sampling};
pub use lots::{LotRelease, LotStands, MAX_LOT};
pub use registered::{MAX_STATIONS, Station, StationCredential, StationLine};
pub use report::{Finding as StationFinding, MAX_FINDINGS, Report};
pub(crate) use told::{inspected_unit, released_lot};
pub(crate) use units::unit_row;
pub use units::{FIRST_UNIT, LotUnit, Sent, UnitCursor, UnitFinding};

/// Whether a station is the applicant of a case.
pub(crate) fn is_stations(case: &casework::Case) -> bool {
    case.known.provider.as_deref() == Some(registered::PROVIDER)
}

/// Why a station is not served.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum StationError {
    /// The credential opens nothing: it was never given, was replaced, or is revoked. All look alike.
    #[error("this credential opens nothing")]
    Unknown,
    /// No organisation has this code here.
    #[error("no organisation is registered under this code")]
    Organisation,
    /// A station needs a name of 1 to 80 characters.
    #[error("a station has a name of 1 to 80 characters, without control characters")]
    Name,
    /// Another station of the organisation has this name.
    #[error("another station of the organisation has this name")]
    Taken,
    /// The organisation has [`MAX_STATIONS`].
    #[error("the organisation has as many stations as it may have")]
    TooMany,
    /// No such item takes reports of this station: it is not there, not for things, or another organisation's.
    #[error("no item of this code takes reports of this station")]
    Item,
    /// A report that says what cannot be, with the member that is wrong.
    #[error("{field}: {why}")]
    Report {
        /// The member of the report, or the field of the item's form.
        field: String,
        /// What is wrong.
        why: &'static str,
    },
    /// The same picture of the same unit was reported for another item.
    #[error("this unit was reported for another item")]
    Other,
    /// More than [`MAX_BATCH`] reports at once, or none.
    #[error("1 to 100 reports at once")]
    Batch,
    /// The bytes are not what their address says.
    #[error("the bytes do not have this SHA-256")]
    Digest,
    /// Neither PNG nor JPEG, or of sides that no camera has.
    #[error("not a PNG or JPEG of at most 16384 pixels a side")]
    Picture,
}

impl StationError {
    /// Id, as programs are told.
    #[must_use]
    pub fn id(&self) -> &'static str {
        match self {
            Self::Unknown => "unknown-credential",
            Self::Organisation => "unknown-organisation",
            Self::Name => "bad-name",
            Self::Taken => "name-taken",
            Self::TooMany => "too-many-stations",
            Self::Item => "unknown-item",
            Self::Report { .. } => "bad-report",
            Self::Other => "other-item",
            Self::Batch => "bad-batch",
            Self::Digest => "wrong-digest",
            Self::Picture => "bad-picture",
        }
    }
}
