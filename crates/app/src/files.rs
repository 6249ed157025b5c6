//! Uploaded files: what is taken, and how much.

use domain::{PersonId, micros};
use serde::{Deserialize, Serialize};

use crate::{App, Error};

/// Largest file, in bytes (10 MiB).
pub const MAX_FILE_BYTES: usize = store::MAX_BLOB;
/// Most files of one application.
pub const MAX_FILES: usize = 60;
/// Longest file name kept, in characters.
const MAX_NAME: usize = 120;

/// An uploaded file, as an application refers to it. The name is personal and sealed with the draft.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct FileRef {
    /// Id of the blob.
    pub id: String,
    /// The name it came with.
    pub name: String,
    /// What it is, found from its bytes.
    pub media_type: String,
    /// Its size.
    pub bytes: u64,
}

/// Why a file is not taken; the web tells it by the file's name.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum FileError {
    /// Nothing in it.
    #[error("{name} is empty")]
    Empty {
        /// The file.
        name: String,
    },
    /// Larger than [`MAX_FILE_BYTES`].
    #[error("{name} is too large")]
    TooLarge {
        /// The file.
        name: String,
    },
    /// Neither PDF, JPEG nor PNG, whatever its name says.
    #[error("{name} is not a PDF, JPEG or PNG")]
    Kind {
        /// The file.
        name: String,
    },
    /// More than [`MAX_FILES`].
    #[error("too many files")]
    TooMany,
}

impl FileError {
    /// Id of its text (`file-<id>`).
    #[must_use]
    pub fn id(&self) -> &'static str {
        match self {
            Self::Empty { .. } => "empty",
            Self::TooLarge { .. } => "too-large",
            Self::Kind { .. } => "kind",
            Self::TooMany => "too-many",
        }
    }

    /// The file it is about.
    #[must_use]
    pub fn name(&self) -> &str {
        match self {
            Self::Empty { name } | Self::TooLarge { name } | Self::Kind { name } => name,
            Self::TooMany => "",
        }
    }
}

/// The media type, by the bytes and not by the name.
fn media_type(bytes: &[u8]) -> Option<&'static str> {
    let kind = infer::get(bytes)?;
    ["application/pdf", "image/jpeg", "image/png"].into_iter().find(|&known| known == kind.mime_type())
}

/// Whether a character turns the direction of writing: `\u{202e}fdp.exe` reads as a PDF.
fn turns(c: char) -> bool {
    matches!(c, '\u{200e}' | '\u{200f}' | '\u{061c}' | '\u{202a}'..='\u{202e}' | '\u{2066}'..='\u{2069}')
}

/// The last part of a name as it may be shown.
fn short(name: &str) -> String {
    let last = name.rsplit(['/', '\\']).next().unwrap_or_default();
    let clean: String = last.chars().filter(|c| !c.is_control() && !turns(*c)).take(MAX_NAME).collect();
    if clean.trim().is_empty() { "file".to_owned() } else { clean }
}

impl App {
    /// Checks a file, seals it and puts it on disk.
    pub(crate) async fn keep_file(
        &self,
        person: PersonId,
        name: &str,
        bytes: Vec<u8>,
    ) -> Result<FileRef, Error> {
        let name = short(name);
        if bytes.is_empty() {
            return Err(FileError::Empty { name }.into());
        }
        if bytes.len() > MAX_FILE_BYTES {
            return Err(FileError::TooLarge { name }.into());
        }
        let Some(media_type) = media_type(&bytes) else {
            return Err(FileError::Kind { name }.into());
        };
        let size = bytes.len() as u64;
        let now = micros(self.now());
        let id = self.store.put_blob(person.0, media_type, &name, bytes, MAX_FILE_BYTES, now).await?;
        Ok(FileRef { id, name, media_type: media_type.to_owned(), bytes: size })
    }
}

#[cfg(test)]
mod tests {
    use super::{MAX_NAME, short};

    #[test]
    fn a_name_is_one_part_short_and_reads_as_it_is() {
        assert_eq!(short("../../etc/passwd"), "passwd");
        assert_eq!(short("C:\\图\\布局 图.pdf"), "布局 图.pdf");
        assert_eq!(short("\u{202e}fdp.exe"), "fdp.exe");
        assert_eq!(short("a\r\nSet-Cookie: b"), "aSet-Cookie: b");
        assert_eq!(short(" \u{2066}\0"), "file");
        assert_eq!(short(&"长".repeat(5_000)).chars().count(), MAX_NAME);
    }
}
