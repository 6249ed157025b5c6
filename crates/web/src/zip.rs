//! A ZIP archive (APPNOTE 6.3) written as it goes, nothing packed: an export streams through it file by file and holds
//! no more than one of them.

use domain::Date;

/// Most entries and bytes of an archive without the 64-bit form.
pub(crate) const MAX_ENTRIES: usize = 60_000;
pub(crate) const MAX_BYTES: u64 = 3_900_000_000;
/// The names are UTF-8.
const UTF8: u16 = 0x0800;
const VERSION: u16 = 20;

/// An archive under way.
pub(crate) struct Zip {
    directory: Vec<u8>,
    entries: u16,
    offset: u32,
    day: u16,
}

impl Zip {
    pub(crate) fn new(day: Date) -> Self {
        let year = u16::try_from(day.year() - 1980).unwrap_or_default().min(127);
        let (month, of_month) = (day.month().unsigned_abs(), day.day().unsigned_abs());
        let day = year << 9 | u16::from(month) << 5 | u16::from(of_month);
        Self { directory: Vec::new(), entries: 0, offset: 0, day }
    }

    /// Whether an entry of so many bytes still fits.
    pub(crate) fn has_room(&self, bytes: usize) -> bool {
        usize::from(self.entries) < MAX_ENTRIES && u64::from(self.offset) + bytes as u64 <= MAX_BYTES
    }

    /// What stands before the content of an entry; the content follows as it is.
    pub(crate) fn begin(&mut self, name: &str, content: &[u8]) -> Vec<u8> {
        let size = u32::try_from(content.len()).unwrap_or(u32::MAX);
        let length = u16::try_from(name.len()).unwrap_or(u16::MAX);
        let mut known = Vec::with_capacity(26);
        for word in [VERSION, UTF8, 0, 0, self.day] {
            known.extend_from_slice(&word.to_le_bytes());
        }
        for number in [crc32(content), size, size] {
            known.extend_from_slice(&number.to_le_bytes());
        }
        known.extend_from_slice(&length.to_le_bytes());
        known.extend_from_slice(&0_u16.to_le_bytes());
        let mut head = 0x0403_4b50_u32.to_le_bytes().to_vec();
        head.extend_from_slice(&known);
        head.extend_from_slice(name.as_bytes());

        self.directory.extend_from_slice(&0x0201_4b50_u32.to_le_bytes());
        self.directory.extend_from_slice(&VERSION.to_le_bytes());
        self.directory.extend_from_slice(&known);
        // No comment, first disk, no attributes.
        self.directory.extend_from_slice(&[0; 10]);
        self.directory.extend_from_slice(&self.offset.to_le_bytes());
        self.directory.extend_from_slice(name.as_bytes());
        self.entries = self.entries.saturating_add(1);
        let written = u32::try_from(head.len()).unwrap_or(u32::MAX).saturating_add(size);
        self.offset = self.offset.saturating_add(written);
        head
    }

    /// The directory, which ends the archive.
    pub(crate) fn end(self) -> Vec<u8> {
        let size = u32::try_from(self.directory.len()).unwrap_or(u32::MAX);
        let mut end = self.directory;
        end.extend_from_slice(&0x0605_4b50_u32.to_le_bytes());
        end.extend_from_slice(&[0; 4]);
        end.extend_from_slice(&self.entries.to_le_bytes());
        end.extend_from_slice(&self.entries.to_le_bytes());
        end.extend_from_slice(&size.to_le_bytes());
        end.extend_from_slice(&self.offset.to_le_bytes());
        end.extend_from_slice(&[0; 2]);
        end
    }
}

/// A name as a part of a path in an archive: nothing that leads out of it.
pub(crate) fn part(name: &str) -> String {
    let safe = |c: char| if c.is_control() || r#"/\:*?"<>|"#.contains(c) { '_' } else { c };
    let name: String = name.trim().trim_start_matches('.').chars().take(80).map(safe).collect();
    if name.is_empty() { "_".to_owned() } else { name }
}

/// CRC-32 of ISO 3309, as ZIP counts it.
fn crc32(bytes: &[u8]) -> u32 {
    const TABLE: [u32; 256] = table();
    !bytes.iter().fold(!0, |crc, byte| TABLE[usize::from(crc as u8 ^ byte)] ^ (crc >> 8))
}

const fn table() -> [u32; 256] {
    let mut table = [0; 256];
    let mut n = 0;
    while n < 256 {
        let mut value = n as u32;
        let mut bit = 0;
        while bit < 8 {
            value = if value & 1 == 1 { 0xedb8_8320 ^ (value >> 1) } else { value >> 1 };
            bit += 1;
        }
        table[n] = value;
        n += 1;
    }
    table
}

#[cfg(test)]
mod tests {
    use super::{Zip, crc32, part};

    #[test]
    fn the_check_value_of_the_standard() {
        assert_eq!(crc32(b"123456789"), 0xcbf4_3926);
    }

    #[test]
    fn names_stay_within_the_archive() {
        assert_eq!(part("../../etc/passwd"), "_.._etc_passwd");
        assert_eq!(part("布局 图.pdf"), "布局 图.pdf");
        assert_eq!(part(" \u{0}"), "_");
    }

    #[test]
    fn an_empty_archive_is_its_end() {
        assert_eq!(Zip::new(domain::Date::constant(2026, 9, 7)).end().len(), 22);
    }
}
