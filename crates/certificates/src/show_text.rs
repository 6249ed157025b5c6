//! The bytes of a shown code and their letters.

use crate::id::CertificateId;

/// RFC 4648 base 32: a QR keeps capital letters and digits in 5.5 bits each.
const BASE32: &[u8; 32] = b"ABCDEFGHIJKLMNOPQRSTUVWXYZ234567";
const BASE36: &[u8; 36] = b"0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ";
/// Characters of a certificate's type and issuer.
const KIND: usize = 21;
const KIND_AND_ISSUER: usize = 39;
/// Stands for a text that is not there.
const ABSENT: u8 = u8::MAX;

/// Base 32 without padding.
pub(crate) fn to_base32(bytes: &[u8]) -> String {
    let mut text = String::with_capacity(bytes.len().div_ceil(5) * 8);
    let (mut held, mut bits) = (0_u32, 0);
    for &byte in bytes {
        held = held << 8 | u32::from(byte);
        bits += 8;
        while bits >= 5 {
            bits -= 5;
            text.push(char::from(BASE32[(held >> bits & 31) as usize]));
        }
        held &= (1 << bits) - 1;
    }
    if bits > 0 {
        text.push(char::from(BASE32[(held << (5 - bits) & 31) as usize]));
    }
    text
}

/// The bytes of a base 32 text in its one form: capital letters, nothing left over.
pub(crate) fn from_base32(text: &str) -> Option<Vec<u8>> {
    let mut bytes = Vec::with_capacity(text.len() * 5 / 8);
    let (mut held, mut bits) = (0_u32, 0);
    for letter in text.bytes() {
        let value = match letter {
            b'A'..=b'Z' => letter - b'A',
            b'2'..=b'7' => letter - b'2' + 26,
            _ => return None,
        };
        held = held << 5 | u32::from(value);
        bits += 5;
        if bits >= 8 {
            bits -= 8;
            bytes.push((held >> bits) as u8);
            held &= (1 << bits) - 1;
        }
    }
    (bits < 5 && held == 0).then_some(bytes)
}

#[derive(Default)]
pub(crate) struct Writer {
    pub(crate) bytes: Vec<u8>,
}

impl Writer {
    pub(crate) fn byte(&mut self, byte: u8) {
        self.bytes.push(byte);
    }

    pub(crate) fn raw(&mut self, bytes: &[u8]) {
        self.bytes.extend_from_slice(bytes);
    }

    /// Unix seconds in five bytes: until the year 36,812.
    pub(crate) fn seconds(&mut self, seconds: i64) -> Option<()> {
        let bytes = u64::try_from(seconds).ok().filter(|seconds| *seconds < 1 << 40)?.to_be_bytes();
        self.raw(&bytes[3..]);
        Some(())
    }

    pub(crate) fn text(&mut self, text: Option<&str>) -> Option<()> {
        let Some(text) = text else {
            self.byte(ABSENT);
            return Some(());
        };
        self.byte(u8::try_from(text.len()).ok().filter(|length| *length < ABSENT)?);
        self.raw(text.as_bytes());
        Some(())
    }

    /// Three characters in two bytes, and the version; prefix and check character are made again when read.
    pub(crate) fn certificate_id(&mut self, id: &CertificateId) -> Option<()> {
        self.byte(u8::try_from(id.serial().len()).ok()?);
        let body = [id.kind(), id.issuer(), id.serial()].concat();
        for three in body.as_bytes().chunks(3) {
            let mut number = 0;
            for at in 0..3 {
                let letter = three.get(at).copied().unwrap_or(b'0');
                number = number * 36 + BASE36.iter().position(|known| *known == letter)?;
            }
            self.raw(&u16::try_from(number).ok()?.to_be_bytes());
        }
        self.raw(&id.version().to_be_bytes());
        Some(())
    }
}

pub(crate) struct Reader<'a>(pub(crate) &'a [u8]);

impl Reader<'_> {
    pub(crate) fn byte(&mut self) -> Option<u8> {
        self.array::<1>().map(|[byte]| byte)
    }

    pub(crate) fn array<const N: usize>(&mut self) -> Option<[u8; N]> {
        let (first, rest) = self.0.split_first_chunk::<N>()?;
        self.0 = rest;
        Some(*first)
    }

    pub(crate) fn seconds(&mut self) -> Option<i64> {
        let [a, b, c, d, e] = self.array::<5>()?;
        Some(i64::from_be_bytes([0, 0, 0, a, b, c, d, e]))
    }

    /// A text, or the sign that there is none.
    pub(crate) fn text(&mut self) -> Option<Option<String>> {
        let length = self.byte()?;
        if length == ABSENT {
            return Some(None);
        }
        let (text, rest) = self.0.split_at_checked(length.into())?;
        self.0 = rest;
        String::from_utf8(text.to_vec()).ok().map(Some)
    }

    pub(crate) fn certificate_id(&mut self) -> Option<CertificateId> {
        let length = KIND_AND_ISSUER + usize::from(self.byte()?);
        let mut body = String::with_capacity(length + 2);
        while body.len() < length {
            let number = usize::from(u16::from_be_bytes(self.array::<2>()?));
            for letter in [number / 1296, number / 36 % 36, number % 36] {
                body.push(char::from(*BASE36.get(letter)?));
            }
        }
        let version = u16::from_be_bytes(self.array::<2>()?);
        if body[length..].bytes().any(|filler| filler != b'0') {
            return None;
        }
        let (kind, issuer) = body[..KIND_AND_ISSUER].split_at(KIND);
        CertificateId::new(kind, issuer, &body[KIND_AND_ISSUER..length], version).ok()
    }
}
