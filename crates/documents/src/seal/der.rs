//! Distinguished encoding (ITU-T X.690), as much of it as certificates and signatures need.

use crate::Error;

pub(super) const INTEGER: u8 = 0x02;
pub(super) const BITS: u8 = 0x03;
pub(super) const OCTETS: u8 = 0x04;
pub(super) const OBJECT: u8 = 0x06;
pub(super) const SEQUENCE: u8 = 0x30;
pub(super) const SET: u8 = 0x31;

/// A value with its tag and length.
pub(super) fn value(tag: u8, body: &[u8]) -> Vec<u8> {
    let mut bytes = vec![tag];
    match u8::try_from(body.len()) {
        Ok(short) if short < 0x80 => bytes.push(short),
        _ => {
            let length: Vec<u8> =
                body.len().to_be_bytes().into_iter().skip_while(|byte| *byte == 0).collect();
            // At most eight bytes of length: the sum fits.
            bytes.push(0x80 | u8::try_from(length.len()).unwrap_or(8));
            bytes.extend(length);
        }
    }
    bytes.extend(body);
    bytes
}

/// A sequence of values already encoded.
pub(super) fn sequence(parts: &[&[u8]]) -> Vec<u8> {
    value(SEQUENCE, &parts.concat())
}

/// A set of values already encoded, in the order that DER asks for.
pub(super) fn set_of(mut parts: Vec<Vec<u8>>) -> Vec<u8> {
    parts.sort();
    value(SET, &parts.concat())
}

/// A whole number that is not negative, from its bytes, the highest first.
pub(super) fn integer(bytes: &[u8]) -> Vec<u8> {
    let start = bytes.iter().position(|byte| *byte != 0).unwrap_or(bytes.len());
    let mut body = bytes.get(start..).unwrap_or_default().to_vec();
    if body.first().is_none_or(|first| *first >= 0x80) {
        body.insert(0, 0);
    }
    value(INTEGER, &body)
}

/// Bits without unused ones.
pub(super) fn bits(bytes: &[u8]) -> Vec<u8> {
    value(BITS, &[&[0], bytes].concat())
}

/// A value read from a file: its tag, what is in it, and its whole bytes.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Read<'a> {
    pub(super) tag: u8,
    pub(super) body: &'a [u8],
    pub(super) whole: &'a [u8],
}

/// Reads one value, and answers with what comes after it.
pub(super) fn read(bytes: &[u8]) -> Result<(Read<'_>, &[u8]), Error> {
    const BAD: Error = Error::Chain("a certificate is not in DER");
    let (&tag, rest) = bytes.split_first().ok_or(BAD)?;
    let (&first, mut rest) = rest.split_first().ok_or(BAD)?;
    let mut length = usize::from(first);
    if first >= 0x80 {
        let count = usize::from(first & 0x7F);
        if !(1..=4).contains(&count) {
            return Err(BAD);
        }
        let (figures, after) = rest.split_at_checked(count).ok_or(BAD)?;
        length = figures.iter().fold(0, |sum, byte| sum << 8 | usize::from(*byte));
        rest = after;
    }
    let (body, after) = rest.split_at_checked(length).ok_or(BAD)?;
    let whole = bytes.get(..bytes.len() - after.len()).ok_or(BAD)?;
    Ok((Read { tag, body, whole }, after))
}

/// Reads one value and asks that it has this tag.
pub(super) fn expect(bytes: &[u8], tag: u8) -> Result<(Read<'_>, &[u8]), Error> {
    let (found, rest) = read(bytes)?;
    if found.tag == tag {
        Ok((found, rest))
    } else {
        Err(Error::Chain("a certificate is not as X.509 has it"))
    }
}
