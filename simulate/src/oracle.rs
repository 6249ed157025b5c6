//! Oracles of their own: days one after the other from the calendar's file, and the chain from its description.

use std::collections::BTreeMap;
use std::path::Path;

use domain::Date;
use store::EventRow;
use uuid::Uuid;

/// The days the notices name, and whether they are worked.
#[derive(Debug)]
pub(crate) struct Days(BTreeMap<Date, bool>);

impl Days {
    pub(crate) fn read(packs: &Path) -> Result<Self, String> {
        let path = packs.join("services/calendar.csv");
        let text = std::fs::read_to_string(&path).map_err(|error| format!("{}: {error}", path.display()))?;
        let mut days = BTreeMap::new();
        for line in text.lines().skip(1) {
            let mut cells = line.split(',');
            if let (Some(date), Some(kind)) = (cells.next(), cells.next()) {
                let date: Date = date.parse().map_err(|error| format!("{line}: {error}"))?;
                days.insert(date, kind == "makeup-workday");
            }
        }
        Ok(Self(days))
    }

    fn works(&self, day: Date) -> bool {
        let weekday = day.weekday().to_monday_one_offset() < 6;
        self.0.get(&day).copied().unwrap_or(weekday)
    }

    /// The last of `days` working days after `from`.
    pub(crate) fn after(&self, from: Date, days: u64) -> Date {
        let (mut day, mut left) = (from, days);
        while left > 0 {
            day = next(day);
            left -= u64::from(self.works(day));
        }
        day
    }

    /// The last of `days` working days after `from` that lie in none of the spans, whose first day counts.
    pub(crate) fn after_still(&self, from: Date, days: u64, spans: &[(Date, Date)]) -> Date {
        let (mut day, mut left) = (from, days);
        while left > 0 {
            day = next(day);
            let still = spans.iter().any(|(since, on)| *since < day && day <= *on);
            left -= u64::from(self.works(day) && !still);
        }
        day
    }

    /// The last of `days` days after `from`, moved to a working day.
    pub(crate) fn natural(&self, from: Date, days: u64) -> Date {
        let mut day = from;
        for _ in 0..days {
            day = next(day);
        }
        while !self.works(day) {
            day = next(day);
        }
        day
    }

    /// Working days after `from` up to `to`.
    pub(crate) fn between(&self, from: Date, to: Date) -> u64 {
        let (mut day, mut count) = (from, 0);
        while day < to {
            day = next(day);
            count += u64::from(self.works(day));
        }
        count
    }
}

fn next(day: Date) -> Date {
    day.tomorrow().unwrap_or(day)
}

/// The hash that an event must have after `before`, as lower-case hexadecimal: SHA-256 over the parts, each
/// with its length of eight bytes before it.
pub(crate) fn link(before: &[u8], area: &str, case: Uuid, event: &EventRow) -> String {
    let (seq, at) = (event.seq.to_be_bytes(), event.at.to_be_bytes());
    let sealed = event.sealed.as_deref();
    let parts = [
        before,
        area.as_bytes(),
        case.as_bytes(),
        &seq,
        &at,
        event.kind.as_bytes(),
        event.data.as_bytes(),
        &[u8::from(sealed.is_some())],
        sealed.unwrap_or_default(),
    ];
    let mut bytes = Vec::new();
    for part in parts {
        bytes.extend_from_slice(&(part.len() as u64).to_be_bytes());
        bytes.extend_from_slice(part);
    }
    store::sha256_hex(&bytes)
}

/// Bytes as lower-case hexadecimal.
pub(crate) fn hex(bytes: &[u8]) -> String {
    bytes.iter().map(|byte| format!("{byte:02x}")).collect()
}

#[cfg(test)]
mod tests {
    use super::Days;
    use domain::Date;

    #[test]
    fn the_national_day_of_2026_is_skipped_and_its_working_saturday_counts() {
        let root = std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join("packs");
        let days = Days::read(&root).unwrap();
        let eve = Date::constant(2026, 9, 30);
        assert_eq!(days.after(eve, 5), Date::constant(2026, 10, 13));
        assert_eq!(days.between(eve, Date::constant(2026, 10, 13)), 5);
    }
}
