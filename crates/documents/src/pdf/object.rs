//! Objects, streams and the table that says where they are.

use std::fmt::Write as _;

use domain::Timestamp;

/// The number of an indirect object.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Id(usize);

impl Id {
    /// How other objects speak of it: "7 0 R".
    pub(crate) fn reference(self) -> String {
        format!("{} 0 R", self.0)
    }
}

/// A file while it is written. Every [`Id`] handed out is written once.
pub(crate) struct File {
    bytes: Vec<u8>,
    /// Where object n + 1 begins; 0 until it is written.
    offsets: Vec<usize>,
}

impl File {
    /// PDF 1.7, with the comment of bytes above 127 that PDF/A asks for (ISO 19005-2, 6.1.2).
    pub(crate) fn new() -> Self {
        Self { bytes: b"%PDF-1.7\n%\xE7\x9B\x9B\xE4\xB8\x96\n".to_vec(), offsets: Vec::new() }
    }

    /// A number for an object that is written later.
    pub(crate) fn id(&mut self) -> Id {
        self.offsets.push(0);
        Id(self.offsets.len())
    }

    /// Writes an object, and says at which byte its body begins.
    pub(crate) fn object(&mut self, id: Id, body: &str) -> usize {
        self.begin(id);
        let at = self.bytes.len();
        self.bytes.extend(body.as_bytes());
        self.bytes.extend(b"\nendobj\n");
        at
    }

    /// Writes a packed stream. `entries` are further entries of its dictionary.
    pub(crate) fn stream(&mut self, id: Id, entries: &str, data: &[u8]) {
        /// Beyond 6 the packer takes twice the time for hardly a byte less.
        const LEVEL: u8 = 6;
        let packed = miniz_oxide::deflate::compress_to_vec_zlib(data, LEVEL);
        self.plain_stream(id, &format!("{entries} /Filter /FlateDecode"), &packed);
    }

    /// Writes a stream as it is: metadata is to be readable without unpacking (ISO 19005-1, 6.7.2).
    pub(crate) fn plain_stream(&mut self, id: Id, entries: &str, data: &[u8]) {
        self.begin(id);
        self.bytes.extend(format!("<< {entries} /Length {} >>\nstream\n", data.len()).as_bytes());
        self.bytes.extend(data);
        self.bytes.extend(b"\nendstream\nendobj\n");
    }

    fn begin(&mut self, id: Id) {
        if let Some(offset) = self.offsets.get_mut(id.0 - 1) {
            *offset = self.bytes.len();
        }
        self.bytes.extend(format!("{} 0 obj\n", id.0).as_bytes());
    }

    /// All bytes so far: what the file's identifier is made of.
    pub(crate) fn bytes(&self) -> &[u8] {
        &self.bytes
    }

    /// Ends the file with its table and trailer.
    pub(crate) fn finish(mut self, root: Id, info: Id, identifier: &[u8]) -> Vec<u8> {
        let table = self.bytes.len();
        let mut end = format!("xref\n0 {}\n0000000000 65535 f \n", self.offsets.len() + 1);
        for offset in &self.offsets {
            end.push_str(&format!("{offset:010} 00000 n \n"));
        }
        let identifier = hex(identifier);
        end.push_str(&format!(
            "trailer\n<< /Size {} /Root {} /Info {} /ID [<{identifier}> <{identifier}>] >>\nstartxref\n{table}\n%%EOF\n",
            self.offsets.len() + 1,
            root.reference(),
            info.reference(),
        ));
        self.bytes.extend(end.as_bytes());
        self.bytes
    }
}

/// A number with at most three decimals; PDF knows no exponents.
pub(crate) fn number(value: f64) -> String {
    let shown = format!("{value:.3}");
    let short = shown.trim_end_matches('0').trim_end_matches('.');
    if short == "-0" || short.is_empty() { "0".to_owned() } else { short.to_owned() }
}

/// Bytes as capital hexadecimal figures.
pub(crate) fn hex(bytes: &[u8]) -> String {
    let mut shown = String::with_capacity(bytes.len() * 2);
    for byte in bytes {
        // Writing to a string cannot fail.
        let _ = write!(shown, "{byte:02X}");
    }
    shown
}

/// A text of a dictionary in UTF-16, written as figures so that nothing in it can end it.
pub(crate) fn text_string(text: &str) -> String {
    let mut shown = String::from("<FEFF");
    for unit in text.encode_utf16() {
        let _ = write!(shown, "{unit:04X}");
    }
    shown.push('>');
    shown
}

/// A time as dictionaries have it: `(D:20261123153341Z)`.
pub(crate) fn stamp(at: Timestamp) -> String {
    format!("({})", at.strftime("D:%Y%m%d%H%M%SZ"))
}
