//! As much CBOR (RFC 8949) as authenticators write in CTAP2 canonical form: definite lengths, no tags, no floats.

use super::PasskeyFault;

/// Nesting of maps and arrays.
const DEPTH: u8 = 4;
/// Entries of one map or array.
const ENTRIES: u64 = 64;

#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Value {
    Int(i64),
    Bytes(Vec<u8>),
    Text(String),
    Array(Vec<Value>),
    Map(Vec<(Value, Value)>),
    /// false, true, null and their like.
    Simple(u8),
}

/// One value that is all there is.
pub(super) fn read(bytes: &[u8]) -> Result<Value, PasskeyFault> {
    match read_some(bytes)? {
        (value, []) => Ok(value),
        _ => Err(PasskeyFault::Unreadable),
    }
}

/// One value and what follows it.
pub(super) fn read_some(bytes: &[u8]) -> Result<(Value, &[u8]), PasskeyFault> {
    let mut reader = Reader { rest: bytes };
    let value = reader.value(DEPTH)?;
    Ok((value, reader.rest))
}

struct Reader<'a> {
    rest: &'a [u8],
}

impl<'a> Reader<'a> {
    fn take(&mut self, length: u64) -> Result<&'a [u8], PasskeyFault> {
        let length = usize::try_from(length).map_err(|_| PasskeyFault::Unreadable)?;
        let (taken, rest) = self.rest.split_at_checked(length).ok_or(PasskeyFault::Unreadable)?;
        self.rest = rest;
        Ok(taken)
    }

    /// The argument of a head, in its shortest form only: one value has one text.
    fn argument(&mut self, short: u8) -> Result<u64, PasskeyFault> {
        let length = match short {
            0..=23 => return Ok(u64::from(short)),
            24..=27 => 1 << (short - 24),
            _ => return Err(PasskeyFault::Unreadable),
        };
        let value = self.take(length)?.iter().fold(0u64, |value, byte| (value << 8) | u64::from(*byte));
        let least = [24, 1 << 8, 1 << 16, 1 << 32][usize::from(short - 24)];
        if value < least { Err(PasskeyFault::Unreadable) } else { Ok(value) }
    }

    fn entries(&mut self, short: u8) -> Result<u64, PasskeyFault> {
        self.argument(short).and_then(|n| if n > ENTRIES { Err(PasskeyFault::Unreadable) } else { Ok(n) })
    }

    fn value(&mut self, depth: u8) -> Result<Value, PasskeyFault> {
        let head = self.take(1)?[0];
        let (major, short) = (head >> 5, head & 31);
        let int = |value: u64| i64::try_from(value).map_err(|_| PasskeyFault::Unreadable);
        let inner = depth.checked_sub(1).ok_or(PasskeyFault::Unreadable);
        match major {
            0 => Ok(Value::Int(int(self.argument(short)?)?)),
            1 => Ok(Value::Int(-1 - int(self.argument(short)?)?)),
            2 => {
                let length = self.argument(short)?;
                Ok(Value::Bytes(self.take(length)?.to_vec()))
            }
            3 => {
                let length = self.argument(short)?;
                let text = String::from_utf8(self.take(length)?.to_vec());
                text.map(Value::Text).map_err(|_| PasskeyFault::Unreadable)
            }
            4 => {
                let (n, depth) = (self.entries(short)?, inner?);
                (0..n).map(|_| self.value(depth)).collect::<Result<_, _>>().map(Value::Array)
            }
            5 => {
                let (n, depth) = (self.entries(short)?, inner?);
                let mut map: Vec<(Value, Value)> = Vec::new();
                for _ in 0..n {
                    let (key, value) = (self.value(depth)?, self.value(depth)?);
                    if map.iter().any(|(known, _)| *known == key) {
                        return Err(PasskeyFault::Unreadable);
                    }
                    map.push((key, value));
                }
                Ok(Value::Map(map))
            }
            7 if short < 24 => Ok(Value::Simple(short)),
            _ => Err(PasskeyFault::Unreadable),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::{Value, read, read_some};

    #[test]
    fn values_of_the_rfc() {
        for (bytes, value) in [
            (&[0x00][..], Value::Int(0)),
            (&[0x18, 0x64], Value::Int(100)),
            (&[0x39, 0x01, 0x00], Value::Int(-257)),
            (&[0x26], Value::Int(-7)),
            (&[0x43, 1, 2, 3], Value::Bytes(vec![1, 2, 3])),
            (&[0x62, 0xc3, 0xbc], Value::Text("ü".into())),
            (&[0x82, 0x01, 0xf5], Value::Array(vec![Value::Int(1), Value::Simple(21)])),
            (&[0xa1, 0x01, 0x02], Value::Map(vec![(Value::Int(1), Value::Int(2))])),
        ] {
            assert_eq!(read(bytes), Ok(value));
        }
        assert_eq!(read_some(&[0x01, 0xff]), Ok((Value::Int(1), &[0xff][..])));
    }

    #[test]
    fn what_is_not_canonical_or_too_deep_is_not_read() {
        let deep = [0x81; 5].into_iter().chain([0x00]).collect::<Vec<u8>>();
        for wrong in [
            &[][..],
            &[0x18, 0x17],
            &[0x43, 1, 2],
            &[0x61, 0xff],
            &[0x9f, 0xff],
            &[0xc0, 0x00],
            &[0xf9, 0, 0],
            &[0xa2, 1, 2, 1, 3],
            &[0x00, 0x00],
            &[0x1b, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff],
            &[0x5b, 0x7f, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff],
            &[0x98, 0x41],
            &deep,
        ] {
            assert!(read(wrong).is_err(), "{wrong:02x?}");
        }
    }
}
