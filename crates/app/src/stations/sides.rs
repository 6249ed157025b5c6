//! The sides of a PNG or JPEG as its header says, so that what no camera makes is refused before anything unpacks it.

/// Longest side, in pixels.
const MAX_SIDE: u32 = 16_384;

/// Whether a picture has sides, and neither is longer than [`MAX_SIDE`].
pub(super) fn sane(media_type: &str, bytes: &[u8]) -> bool {
    sides_of(media_type, bytes)
        .is_some_and(|(width, height)| (1..=MAX_SIDE).contains(&width) && (1..=MAX_SIDE).contains(&height))
}

/// Width and height as the header says.
pub(crate) fn sides_of(media_type: &str, bytes: &[u8]) -> Option<(u32, u32)> {
    if media_type == "image/png" { png(bytes) } else { jpeg(bytes) }
}

/// The header chunk comes first (PNG, section 11.2.2).
fn png(bytes: &[u8]) -> Option<(u32, u32)> {
    let number = |at: usize| Some(u32::from_be_bytes(bytes.get(at..at + 4)?.try_into().ok()?));
    (bytes.get(12..16)? == b"IHDR").then_some(())?;
    Some((number(16)?, number(20)?))
}

/// The first frame header (ITU-T T.81, B.2.2) behind segments that are passed over by their length.
fn jpeg(bytes: &[u8]) -> Option<(u32, u32)> {
    let short = |at: usize| Some(u16::from_be_bytes(bytes.get(at..at + 2)?.try_into().ok()?));
    let mut at = 2;
    loop {
        let (&lead, &marker) = (bytes.get(at)?, bytes.get(at + 1)?);
        if lead != 0xFF {
            return None;
        }
        match marker {
            0xFF => at += 1,
            0xC0..=0xCF if !matches!(marker, 0xC4 | 0xC8 | 0xCC) => {
                return Some((u32::from(short(at + 7)?), u32::from(short(at + 5)?)));
            }
            // The picture itself begins without a frame, or ends.
            0xD9 | 0xDA => return None,
            0x01 | 0xD0..=0xD8 => at += 2,
            _ => at += 2 + usize::from(short(at + 2)?.max(2)),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::{jpeg, png, sane};

    fn png_of(width: u32, height: u32) -> Vec<u8> {
        [b"\x89PNG\r\n\x1a\n\0\0\0\rIHDR".as_slice(), &width.to_be_bytes(), &height.to_be_bytes()].concat()
    }

    const JPEG: &[u8] = b"\xFF\xD8\xFF\xE0\0\x04ab\xFF\xFF\xC4\0\x03x\xFF\xC2\0\x0B\x08\x02\x80\x01\xE0\x03";

    #[test]
    fn sides_stand_in_the_header() {
        assert_eq!(png(&png_of(640, 480)), Some((640, 480)));
        assert_eq!(jpeg(JPEG), Some((480, 640)));
        assert!(sane("image/png", &png_of(16_384, 1)) && sane("image/jpeg", JPEG));
        for (width, height) in [(0, 1), (1, 0), (16_385, 1), (1, u32::MAX)] {
            assert!(!sane("image/png", &png_of(width, height)), "{width} x {height}");
        }
    }

    #[test]
    fn what_ends_early_has_no_sides() {
        for end in 0..24 {
            assert_eq!(png(&png_of(1, 1)[..end]), None);
            // The width is read to its last byte, the 23rd.
            assert_eq!(jpeg(&JPEG[..end]).is_some(), end == 23);
        }
        assert_eq!(jpeg(b"\xFF\xD8\xFF\xDA\0\x02"), None, "no frame before the scan");
        assert_eq!(jpeg(b"\xFF\xD8\xFF\xE0\0\0\xFF\xE0\0\0"), None, "lengths of nothing do not hold it up");
    }
}
