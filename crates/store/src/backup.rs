//! Backup: one consistent state as plain files, the same from either database.
//!
//! `manifest.json`, one `<table>.jsonl` per table (a line per row, bytes in hexadecimal) and `blobs/`.
//! Personal data stay sealed. The master key is not in it and must be kept elsewhere: without it a
//! backup gives back everything but what is personal. Sessions are left out.

use std::fs::File;
use std::io::{BufWriter, Write as _};
use std::path::Path;

use ring::digest::{Context, SHA256};
use serde::{Deserialize, Serialize};

use crate::blobs::blocking;
use crate::drafts::Count;
use crate::dump::{Cell, DUMPS, Dump, PAGE};
use crate::engine::{Arg, Conn};
use crate::files::{blob_path, sync_folder, write_durably};
use crate::seal::sha256_hex;
use crate::{Error, Store, hex, migrate};

/// The form of backups this program writes and reads.
pub(crate) const FORMAT: u32 = 1;
pub(crate) const MANIFEST: &str = "manifest.json";

/// What a backup holds.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Manifest {
    /// The form of the files.
    pub format: u32,
    /// The version of the schema.
    pub schema: i64,
    /// The tables.
    pub tables: Vec<TableFile>,
    /// How many blobs lie beside them.
    pub blobs: u64,
}

/// One table of a backup.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct TableFile {
    /// The table; its file is `<name>.jsonl`.
    pub name: String,
    /// Lines.
    pub rows: u64,
    /// SHA-256 of the file, hexadecimal.
    pub sha256: String,
}

/// Told how much is done, of how much: rows and blobs.
pub(crate) type Progress<'a> = &'a (dyn Fn(u64, u64) + Send + Sync);

impl Store {
    /// Writes a backup into `to`, a folder that is empty or not there yet, while the store goes on
    /// working. The manifest comes last: a folder without one is no backup.
    ///
    /// # Errors
    /// [`Error::Backup`] when the folder holds something; [`Error::Corrupt`] when a blob is damaged.
    pub async fn backup(&self, to: &Path, progress: Progress<'_>) -> Result<Manifest, Error> {
        std::fs::create_dir_all(to)?;
        if std::fs::read_dir(to)?.next().is_some() {
            return Err(Error::Backup(format!("{} is not empty", to.display())));
        }
        let conn = self.source.snapshot().await?;
        let mut backup = Backup { store: self, conn, to, progress, done: 0, total: 0, blobs: 0 };
        let tables = backup.tables().await?;
        let manifest = Manifest { format: FORMAT, schema: migrate::newest(), tables, blobs: backup.blobs };
        backup.conn.close().await?;
        let text = serde_json::to_vec_pretty(&manifest).map_err(|error| Error::Backup(error.to_string()))?;
        write_durably(&to.join(MANIFEST), &text, "new")?;
        Ok(manifest)
    }
}

struct Backup<'a> {
    store: &'a Store,
    conn: Conn,
    to: &'a Path,
    progress: Progress<'a>,
    done: u64,
    total: u64,
    blobs: u64,
}

impl Backup<'_> {
    async fn tables(&mut self) -> Result<Vec<TableFile>, Error> {
        for dump in DUMPS.iter() {
            let count: Option<Count> = self.conn.optional(dump.count(), &[]).await?;
            let rows = count.and_then(|count| u64::try_from(count.n).ok()).unwrap_or_default();
            self.total += if dump.table.name == "blobs" { rows * 2 } else { rows };
        }
        let mut files = Vec::new();
        for dump in DUMPS.iter() {
            files.push(self.table(dump).await?);
        }
        Ok(files)
    }

    async fn table(&mut self, dump: &'static Dump) -> Result<TableFile, Error> {
        let path = self.to.join(format!("{}.jsonl", dump.table.name));
        let mut file = BufWriter::new(File::create(&path)?);
        let mut hash = Context::new(&SHA256);
        let mut rows = 0;
        let mut page = self.conn.cells(dump.first(), &[], &dump.kinds).await?;
        loop {
            for row in &page {
                let line = dump.line(row) + "\n";
                hash.update(line.as_bytes());
                file.write_all(line.as_bytes())?;
                if let Some(digest) = dump.blob_digest(row) {
                    self.blob(digest).await?;
                }
            }
            rows += page.len() as u64;
            self.step(page.len());
            let Some(last) = page.last().filter(|_| page.len() == PAGE) else { break };
            let key: Vec<Arg<'_>> = dump.key.iter().filter_map(|&n| last.get(n).map(Cell::arg)).collect();
            page = self.conn.cells(dump.next(), &key, &dump.kinds).await?;
        }
        file.into_inner().map_err(std::io::IntoInnerError::into_error)?.sync_all()?;
        sync_folder(&path)?;
        Ok(TableFile { name: dump.table.name.clone(), rows, sha256: hex::encode(hash.finish().as_ref()) })
    }

    async fn blob(&mut self, digest: &str) -> Result<(), Error> {
        let (from, to) = (blob_path(&self.store.data_dir, digest), blob_path(self.to, digest));
        copy_blob(from, to, digest.to_owned()).await?;
        self.blobs += 1;
        self.step(1);
        Ok(())
    }

    fn step(&mut self, steps: usize) {
        self.done += steps as u64;
        (self.progress)(self.done, self.total);
    }
}

/// Copies a blob, having looked that it is what its name says.
pub(crate) async fn copy_blob(
    from: std::path::PathBuf,
    to: std::path::PathBuf,
    digest: String,
) -> Result<(), Error> {
    blocking(move || {
        let bytes =
            std::fs::read(&from).map_err(|error| Error::Corrupt(format!("blob {digest}: {error}")))?;
        if sha256_hex(&bytes) != digest {
            return Err(Error::Corrupt(format!("blob {digest} is not what was stored")));
        }
        write_durably(&to, &bytes, "new")
    })
    .await
}
