//! Names of the source as ids and as words, and limits from milliseconds.

use domain::{Limit, Text};

use crate::limits;
use crate::role::Role;

/// Milliseconds of a natural day; DIGIT counts the time on the wall.
const DAY_MS: u64 = 86_400_000;

/// `PENDING_APPROVAL` as `pending-approval`: lower-case letters, digits and single dashes; empty when nothing is left.
pub(super) fn slug(name: &str) -> String {
    let mut slug = String::with_capacity(name.len());
    for c in name.chars() {
        if c.is_ascii_alphanumeric() {
            slug.push(c.to_ascii_lowercase());
        } else if !slug.is_empty() && !slug.ends_with('-') {
            slug.push('-');
        }
    }
    slug.truncate(limits::ID_CHARS - 16);
    slug.trim_end_matches('-').to_owned()
}

/// The name an id stands for where nothing was lost on the way.
pub(super) fn unslug(id: &str) -> String {
    id.to_ascii_uppercase().replace('-', "_")
}

/// `SEND_BACK` as `Send back`. The source has no Chinese, and none is invented: both languages read the same.
pub(super) fn readable(name: &str) -> Text {
    let mut words = name.replace(['_', '-', '.'], " ").to_lowercase();
    if let Some(first) = words.get_mut(..1) {
        first.make_ascii_uppercase();
    }
    Text::both(words.clone(), words)
}

/// The desk of a role; `None` when no letter or digit is in its name.
pub(super) fn role(name: &str) -> Option<Role> {
    match name {
        "CITIZEN" => Some(Role::APPLICANT),
        // Not the applicant of this platform.
        "APPLICANT" => Some(Role::new("applicant-role")),
        _ => Some(slug(name)).filter(|id| !id.is_empty()).map(Role::new),
    }
}

/// Whether the role's id tells its name.
pub(super) fn tells_role(role: &Role, name: &str) -> bool {
    name == "CITIZEN" || unslug(role.id()) == name
}

/// Whole natural days, rounded up, and whether that is exact; `None` for nothing or more than the format holds.
pub(super) fn limit(ms: u64) -> Option<(Limit, bool)> {
    let days = u16::try_from(ms.div_ceil(DAY_MS)).ok()?;
    (1..=limits::LIMIT_DAYS).contains(&days).then(|| (Limit::natural_days(days), ms.is_multiple_of(DAY_MS)))
}
