//! Restore: a backup of either database into an empty one of either kind.

use std::fs::File;
use std::io::{BufRead as _, BufReader};
use std::path::Path;

use ring::digest::{Context, SHA256};

use crate::backup::{FORMAT, MANIFEST, Manifest, Progress, TableFile, copy_blob};
use crate::blobs::MAX_BLOB;
use crate::drafts::Count;
use crate::dump::{Cell, DUMPS, Dump, PAGE};
use crate::engine::{Arg, Conn};
use crate::files::blob_path;
use crate::seal::sha256_hex;
use crate::{Error, Store, hex, migrate};

/// Bytes of the largest blob with its seal.
const MAX_SEALED: u64 = MAX_BLOB as u64 + 64;

impl Store {
    /// Puts a backup into this store, which must be migrated and empty. All files are checked against
    /// the manifest first; the rows come in one transaction.
    ///
    /// # Errors
    /// [`Error::Backup`] when the store is not empty or the backup is incomplete, changed or of another
    /// version. Nothing is stored then but, at most, blobs that nothing refers to.
    pub async fn restore(&self, from: &Path, progress: Progress<'_>) -> Result<Manifest, Error> {
        let manifest = read_manifest(from)?;
        for (dump, file) in DUMPS.iter().zip(&manifest.tables) {
            check(dump, file, from)?;
        }
        let total = manifest.tables.iter().map(|table| table.rows).sum::<u64>() + manifest.blobs;
        let mut restore = Restore {
            store: self,
            conn: self.source.connect_writer().await?,
            from,
            progress,
            done: 0,
            total,
        };
        let begin = if restore.conn.is_sqlite() { "BEGIN IMMEDIATE" } else { "BEGIN" };
        restore.conn.raw(begin).await?;
        // an error drops the connection and with it the transaction
        restore.all().await?;
        restore.conn.raw("COMMIT").await?;
        restore.conn.close().await?;
        Ok(manifest)
    }
}

fn read_manifest(from: &Path) -> Result<Manifest, Error> {
    let unreadable = |error: &dyn std::fmt::Display| Error::Backup(format!("{MANIFEST}: {error}"));
    let text = std::fs::read(from.join(MANIFEST)).map_err(|error| unreadable(&error))?;
    let manifest: Manifest = serde_json::from_slice(&text).map_err(|error| unreadable(&error))?;
    if manifest.format != FORMAT || manifest.schema != migrate::newest() {
        return Err(Error::Backup(format!(
            "it is of format {} and schema {}, this program reads format {FORMAT} and schema {}",
            manifest.format,
            manifest.schema,
            migrate::newest()
        )));
    }
    let names = manifest.tables.iter().map(|table| table.name.as_str());
    if !names.eq(DUMPS.iter().map(|dump| dump.table.name.as_str())) {
        return Err(Error::Backup("its tables are not those of this schema".to_owned()));
    }
    Ok(manifest)
}

/// Reads a table's file through: its hash, its number of lines, and every blob it names.
fn check(dump: &Dump, expected: &TableFile, from: &Path) -> Result<(), Error> {
    let name = format!("{}.jsonl", dump.table.name);
    let mut hash = Context::new(&SHA256);
    let mut rows = 0;
    for line in lines(from, &name)? {
        let line = line?;
        hash.update(line.as_bytes());
        hash.update(b"\n");
        rows += 1;
        if dump.table.name != "blobs" {
            continue;
        }
        let row = dump.parse(&line)?;
        let digest = dump.blob_digest(&row).unwrap_or_default();
        if !is_whole(&blob_path(from, digest), digest) {
            return Err(Error::Backup(format!("blob {digest} is missing or changed")));
        }
    }
    if rows != expected.rows || hex::encode(hash.finish().as_ref()) != expected.sha256 {
        return Err(Error::Backup(format!("{name} is not what the manifest says")));
    }
    Ok(())
}

/// Whether this is a plain file with these bytes; what is larger than any blob is not read.
fn is_whole(path: &Path, digest: &str) -> bool {
    let plain =
        std::fs::symlink_metadata(path).is_ok_and(|known| known.is_file() && known.len() <= MAX_SEALED);
    plain && std::fs::read(path).is_ok_and(|bytes| sha256_hex(&bytes) == digest)
}

fn lines(from: &Path, name: &str) -> Result<std::io::Lines<BufReader<File>>, Error> {
    let file = File::open(from.join(name)).map_err(|error| Error::Backup(format!("{name}: {error}")))?;
    Ok(BufReader::new(file).lines())
}

struct Restore<'a> {
    store: &'a Store,
    conn: Conn,
    from: &'a Path,
    progress: Progress<'a>,
    done: u64,
    total: u64,
}

impl Restore<'_> {
    async fn all(&mut self) -> Result<(), Error> {
        for dump in DUMPS.iter() {
            let count: Option<Count> = self.conn.optional(dump.count(), &[]).await?;
            if count.is_none_or(|count| count.n != 0) {
                return Err(Error::Backup(format!("the store is not empty: {} has rows", dump.table.name)));
            }
        }
        for dump in DUMPS.iter() {
            self.table(dump).await?;
        }
        Ok(())
    }

    async fn table(&mut self, dump: &'static Dump) -> Result<(), Error> {
        let mut rows = Vec::with_capacity(PAGE);
        for line in lines(self.from, &format!("{}.jsonl", dump.table.name))? {
            let row = dump.parse(&line?)?;
            if let Some(digest) = dump.blob_digest(&row) {
                let to = blob_path(&self.store.data_dir, digest);
                copy_blob(blob_path(self.from, digest), to, digest.to_owned()).await?;
                self.step(1);
            }
            rows.push(row);
            if rows.len() == PAGE {
                self.insert(dump, &mut rows).await?;
            }
        }
        self.insert(dump, &mut rows).await
    }

    async fn insert(&mut self, dump: &'static Dump, rows: &mut Vec<Vec<Cell>>) -> Result<(), Error> {
        let bound: Vec<Arg<'_>> = rows.iter().flatten().map(Cell::arg).collect();
        dump.insert.run(&mut self.conn, &bound).await?;
        self.step(rows.len());
        rows.clear();
        Ok(())
    }

    fn step(&mut self, steps: usize) {
        self.done += steps as u64;
        (self.progress)(self.done, self.total);
    }
}
