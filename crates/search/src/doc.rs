//! What goes in and what comes out: plain data.

use domain::Text;
use std::ops::Range;

/// One service item as the index sees it. Its number is its position in the list given to
/// [`Index::build`](crate::Index::build).
#[derive(Debug, Clone, PartialEq, Default)]
pub struct Doc {
    /// The official name.
    pub name: Text,
    /// What people call it: 社保, 驾照.
    pub common_names: Vec<String>,
    /// The catalogue item it is a part of.
    pub parent: Option<String>,
    /// Name of the agency.
    pub agency: String,
    /// Names of its themes.
    pub themes: Vec<String>,
    /// Conditions of acceptance, in Chinese.
    pub conditions: Option<String>,
    /// Whether one can apply for it here; such items come a little earlier.
    pub online: bool,
    /// Factor on its score: 1.0 for an ordinary item, more for one worked out by hand. Values outside
    /// 0.1..=10.0 are brought inside; not-a-number counts as 1.0.
    pub boost: f32,
}

/// What a search found.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct Results {
    /// How many items match, before the limit.
    pub total: usize,
    /// All of them, in no order: for counting.
    pub found: Vec<u32>,
    /// The best of them, best first; equal ones in the order of the catalogue.
    pub hits: Vec<Hit>,
    /// No item has everything that was asked; these have the most of it.
    pub partial: bool,
    /// The query as it was understood, when the spelling was corrected: `shebao` for `shebau`.
    pub corrected: Option<String>,
    /// Words of the query that no item has.
    pub missing: Vec<String>,
}

/// One item found, and why.
#[derive(Debug, Clone, PartialEq)]
pub struct Hit {
    /// Position of the item in the list the index was built from.
    pub doc: u32,
    /// Comparable within one search only.
    pub score: f32,
    /// Byte ranges of `name.zh` that matched: on character boundaries, ordered, not touching.
    pub name_marks: Vec<Range<usize>>,
    /// The same for `name.en`; empty where there is none.
    pub name_en_marks: Vec<Range<usize>>,
    /// Where else the words were found, when the name alone does not explain the hit.
    pub why: Option<Why>,
}

/// A text beside the name that explains a hit.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Why {
    /// Which text of the item it is.
    pub field: Field,
    /// The text to show: for conditions an excerpt, for a synonym the word that was meant.
    pub text: String,
    /// Byte ranges of `text` that matched: on character boundaries, ordered, not touching.
    pub marks: Vec<Range<usize>>,
}

/// The texts of an item, most telling first.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Field {
    /// The official name, Chinese or English.
    Name,
    /// A common spoken name.
    CommonName,
    /// A word that means the same as one in the name, a common name or the parent's name.
    Synonym,
    /// The catalogue item it is a part of.
    Parent,
    /// A theme, or a word that means the same as one in it.
    Theme,
    /// The agency.
    Agency,
    /// The conditions of acceptance.
    Conditions,
}

impl Field {
    /// How much one occurrence in this text says about the item.
    pub(crate) fn weight(self) -> f32 {
        match self {
            Self::Name => 3.0,
            Self::CommonName => 2.6,
            Self::Synonym => 1.8,
            Self::Parent => 1.2,
            Self::Theme => 0.6,
            Self::Agency => 0.7,
            Self::Conditions => 0.12,
        }
    }

    /// The same for initials: people abbreviate what they say, not what a statute says.
    pub(crate) fn initials_weight(self) -> f32 {
        match self {
            Self::Name => 0.6,
            Self::CommonName | Self::Synonym => 4.0,
            Self::Parent => 0.4,
            Self::Agency => 0.5,
            Self::Theme => 0.3,
            Self::Conditions => 0.0,
        }
    }

    /// The bit that stands for this text in a posting.
    pub(crate) fn bit(self) -> u8 {
        1 << (self as u8)
    }
}
