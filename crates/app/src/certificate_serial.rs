//! The serial of a certificate: the area that keeps its status and the effect that issued it, so that whoever has the
//! identifier finds the status without a register of serials.

use domain::AreaCode;
use uuid::Uuid;

const DIGITS: &[u8; 36] = b"0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ";
/// Characters of an area: 36^8 is more than twelve decimal digits.
const AREA: usize = 8;
/// Characters of a UUID of version 7 without the six bits that are always the same: 36^24 is more than 2^122.
const ID: usize = 24;

/// 32 characters, the most that an identifier takes.
pub(crate) fn serial(area: &AreaCode, id: Uuid) -> String {
    // An area code is 6, 9 or 12 digits.
    let area: u128 = area.as_str().parse().unwrap_or_default();
    let number = id.as_u128();
    let short = number >> 80 << 74 | (number >> 64 & 0xfff) << 62 | number & ((1 << 62) - 1);
    [base36(area, AREA), base36(short, ID)].concat()
}

/// The area and the id in a serial of ours.
pub(crate) fn read(serial: &str) -> Option<(AreaCode, Uuid)> {
    let (area, id) = serial.split_at_checked(AREA).filter(|(_, id)| id.len() == ID)?;
    let area = number(area)?.to_string().parse().ok()?;
    let short = number(id).filter(|short| short >> 122 == 0)?;
    let id = short >> 74 << 80 | 7 << 76 | (short >> 62 & 0xfff) << 64 | 2 << 62 | short & ((1 << 62) - 1);
    Some((area, Uuid::from_u128(id)))
}

fn base36(mut number: u128, length: usize) -> String {
    let mut text = vec![b'0'; length];
    for place in text.iter_mut().rev() {
        *place = DIGITS[(number % 36) as usize];
        number /= 36;
    }
    text.into_iter().map(char::from).collect()
}

fn number(text: &str) -> Option<u128> {
    text.bytes().try_fold(0_u128, |number, byte| {
        let digit = DIGITS.iter().position(|known| *known == byte)?;
        number.checked_mul(36)?.checked_add(digit as u128)
    })
}

#[cfg(test)]
mod tests {
    use super::{read, serial};

    #[test]
    fn a_serial_leads_back() {
        for area in ["110000", "440100", "441900003", "659012999999"] {
            for bytes in [[0; 10], [0xff; 10], *b"0123456789"] {
                let id = uuid::Builder::from_unix_timestamp_millis(1_795_392_000_000, &bytes).into_uuid();
                let area = area.parse().unwrap();
                let text = serial(&area, id);
                assert_eq!(text.len(), 32);
                assert_eq!(read(&text), Some((area, id)));
            }
        }
        assert_eq!(read("2025052201"), None, "another's");
        assert_eq!(read(&"Z".repeat(32)), None);
    }
}
