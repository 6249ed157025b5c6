//! Just enough of protocol buffers to write one message: fields in the order they are given, numbers and bytes. What ONNX needs of
//! it is these sixty lines; a generator and its runtime would be two crates and a file of somebody else's to keep.

/// A message under way.
#[derive(Debug, Clone, Default)]
pub(crate) struct Message(Vec<u8>);

impl Message {
    pub(crate) fn new() -> Self {
        Self::default()
    }

    /// A whole number (`int32`, `int64`, an enumeration).
    pub(crate) fn number(mut self, field: u64, value: u64) -> Self {
        self.varint(field << 3);
        self.varint(value);
        self
    }

    /// Several, one field each, as version 2 of the language has it.
    pub(crate) fn numbers(self, field: u64, values: &[u64]) -> Self {
        values.iter().fold(self, |message, value| message.number(field, *value))
    }

    /// Bytes.
    pub(crate) fn bytes(mut self, field: u64, bytes: &[u8]) -> Self {
        self.varint(field << 3 | 2);
        self.varint(bytes.len() as u64);
        self.0.extend_from_slice(bytes);
        self
    }

    /// A text.
    pub(crate) fn text(self, field: u64, text: &str) -> Self {
        self.bytes(field, text.as_bytes())
    }

    /// A message within this one.
    pub(crate) fn message(self, field: u64, inner: &Self) -> Self {
        self.bytes(field, &inner.0)
    }

    /// Several of them.
    pub(crate) fn messages<'a>(self, field: u64, inner: impl IntoIterator<Item = &'a Self>) -> Self {
        inner.into_iter().fold(self, |message, inner| message.message(field, inner))
    }

    pub(crate) fn finish(self) -> Vec<u8> {
        self.0
    }

    /// Seven bits a byte, the lowest first.
    fn varint(&mut self, mut value: u64) {
        while value >= 0x80 {
            self.0.push(value as u8 | 0x80);
            value >>= 7;
        }
        self.0.push(value as u8);
    }
}

#[cfg(test)]
mod tests {
    use super::Message;

    /// The examples of the language's own description of its encoding.
    #[test]
    fn it_is_written_as_the_description_says() {
        assert_eq!(Message::new().number(1, 150).finish(), [0x08, 0x96, 0x01]);
        assert_eq!(Message::new().text(2, "testing").finish(), *b"\x12\x07testing");
        let inner = Message::new().number(1, 150);
        assert_eq!(Message::new().message(3, &inner).finish(), [0x1a, 0x03, 0x08, 0x96, 0x01]);
        assert_eq!(Message::new().number(16, 0).finish(), [0x80, 0x01, 0x00]);
    }
}
