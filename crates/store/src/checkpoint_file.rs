//! `checkpoints.jsonl`: every checkpoint as a line of its own outside the database, for the operator to copy
//! to another place. A tail cut off in the database shows against it.

use std::fs::{File, OpenOptions};
use std::io::{BufRead as _, BufReader, Read as _, Seek as _, SeekFrom, Write as _};
use std::path::{Path, PathBuf};

use serde::{Deserialize, Serialize};

use crate::blobs::blocking;
use crate::checkpoint::Checkpoint;
use crate::files::sync_folder;
use crate::{Error, Store, hex};

const NAME: &str = "checkpoints.jsonl";

/// A checkpoint as JSON: bytes in hexadecimal.
#[derive(Serialize, Deserialize)]
struct Line {
    area: String,
    n: i64,
    at: i64,
    cases: i64,
    events: i64,
    root: String,
    prev: String,
    signature: String,
    signer: String,
}

impl From<&Checkpoint> for Line {
    fn from(checkpoint: &Checkpoint) -> Self {
        let Checkpoint { area, n, at, cases, events, root, prev, signature, signer } = checkpoint;
        Self {
            area: area.clone(),
            n: *n,
            at: *at,
            cases: *cases,
            events: *events,
            root: hex::encode(root),
            prev: hex::encode(prev),
            signature: hex::encode(signature),
            signer: signer.clone(),
        }
    }
}

impl Line {
    fn checkpoint(self) -> Option<Checkpoint> {
        let Self { area, n, at, cases, events, root, prev, signature, signer } = self;
        let (root, prev, signature) = (hex::decode(&root)?, hex::decode(&prev)?, hex::decode(&signature)?);
        Some(Checkpoint { area, n, at, cases, events, root, prev, signature, signer })
    }
}

/// The checkpoints of a file in the order of its lines; `Err` is the number of a line that holds none. No
/// file, no lines.
pub(crate) fn read(path: &Path) -> Result<Vec<Result<Checkpoint, usize>>, Error> {
    let file = match File::open(path) {
        Err(error) if error.kind() == std::io::ErrorKind::NotFound => return Ok(Vec::new()),
        opened => opened?,
    };
    let mut found = Vec::new();
    for (n, line) in BufReader::new(file).split(b'\n').enumerate() {
        let line: Option<Line> = serde_json::from_slice(&line?).ok();
        found.push(line.and_then(Line::checkpoint).ok_or(n + 1));
    }
    Ok(found)
}

/// Appends whole lines, on the disk when this returns.
fn append(path: &Path, checkpoints: &[Checkpoint]) -> Result<(), Error> {
    let mut file = OpenOptions::new().create(true).append(true).read(true).open(path)?;
    let mut text = Vec::new();
    if !ends_with_a_line(&mut file)? {
        text.push(b'\n');
    }
    for checkpoint in checkpoints {
        let line = serde_json::to_vec(&Line::from(checkpoint));
        text.extend(line.map_err(|error| Error::Io(std::sync::Arc::new(error.into())))?);
        text.push(b'\n');
    }
    file.write_all(&text)?;
    file.sync_all()?;
    sync_folder(path)
}

/// A power cut may have left half a line.
fn ends_with_a_line(file: &mut File) -> Result<bool, Error> {
    if file.seek(SeekFrom::End(0))? == 0 {
        return Ok(true);
    }
    file.seek(SeekFrom::End(-1))?;
    let mut last = [0];
    file.read_exact(&mut last)?;
    Ok(last == *b"\n")
}

impl Store {
    /// Where the file is.
    #[must_use]
    pub fn checkpoint_file(&self) -> PathBuf {
        self.data_dir.join(NAME)
    }

    pub(crate) async fn append_checkpoints(&self, checkpoints: Vec<Checkpoint>) -> Result<(), Error> {
        let path = self.checkpoint_file();
        blocking(move || append(&path, &checkpoints)).await
    }
}
