//! Blobs: files people hand in, sealed on the disk, named by the hash of the sealed bytes.

use uuid::Uuid;

use crate::cases::MAX_PAGE;
use crate::engine::{Conn, args, row};
use crate::files::{blob_path, write_durably};
use crate::seal::sha256_hex;
use crate::sql::statements;
use crate::write::{Write, Written};
use crate::{Error, Store};

/// Bytes a blob may have unless the caller allows less: 10 MiB.
pub const MAX_BLOB: usize = 10 * 1024 * 1024;

const CONTENT: &str = "blob";
const NAME: &str = "blob name";

row! {
    /// What is known of a blob; its content lies in a file.
    pub struct BlobRow {
        /// Whose.
        pub person: Uuid,
        /// SHA-256 of the sealed content, hexadecimal.
        pub digest: String,
        /// What the content was found to be.
        pub media_type: String,
        /// Length of the content before sealing.
        pub bytes: i64,
        /// The file's name, sealed.
        pub name_sealed: Vec<u8>,
        /// Microseconds since 1970.
        pub created_at: i64,
    }
}

/// A blob, opened.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Blob {
    /// What the content was found to be.
    pub media_type: String,
    /// The name the person gave it.
    pub name: String,
    /// The content.
    pub bytes: Vec<u8>,
    /// Microseconds since 1970.
    pub created_at: i64,
}

statements! {
    ADD_BLOB = "INSERT INTO blobs (person, digest, media_type, bytes, name_sealed, created_at) \
        VALUES ($1, $2, $3, $4, $5, $6) ON CONFLICT (person, digest) DO NOTHING";
    GET_BLOB = "SELECT person, digest, media_type, bytes, name_sealed, created_at FROM blobs \
        WHERE person = $1 AND digest = $2";
    LIST_BLOBS = "SELECT person, digest, media_type, bytes, name_sealed, created_at FROM blobs \
        WHERE person = $1 AND digest > $2 ORDER BY digest LIMIT $3";
}

pub(crate) async fn add(conn: &mut Conn, blob: &BlobRow) -> Result<Written, Error> {
    let BlobRow { person, digest, media_type, bytes, name_sealed, created_at } = blob;
    conn.run(ADD_BLOB, &args![*person, digest, media_type, *bytes, name_sealed, *created_at]).await?;
    Ok(Written::Done)
}

impl Store {
    /// Seals a file with the person's key, puts it on the disk and then notes it. Returns the digest it
    /// is found by. A crash in between leaves a sealed file that nothing refers to.
    ///
    /// # Errors
    /// [`Error::TooLarge`] above `limit` or [`MAX_BLOB`]; [`Error::Full`]; as [`Store::person_key`].
    pub async fn put_blob(
        &self,
        person: Uuid,
        media_type: &str,
        name: &str,
        bytes: Vec<u8>,
        limit: usize,
        at: i64,
    ) -> Result<String, Error> {
        let limit = limit.min(MAX_BLOB);
        if bytes.len() > limit {
            return Err(Error::TooLarge { limit });
        }
        let key = self.person_key(person).await?;
        let name_sealed = key.seal(NAME, name.as_bytes())?;
        let length = i64::try_from(bytes.len()).map_err(|_| Error::TooLarge { limit })?;
        let root = self.data_dir.clone();
        let digest = blocking(move || {
            let sealed = key.seal(CONTENT, &bytes)?;
            let digest = sha256_hex(&sealed);
            write_durably(&blob_path(&root, &digest), &sealed, &digest[..8])?;
            Ok(digest)
        })
        .await?;
        let media_type = media_type.to_owned();
        let row = BlobRow {
            person,
            digest: digest.clone(),
            media_type,
            bytes: length,
            name_sealed,
            created_at: at,
        };
        self.write(Write::AddBlob(row)).await?;
        Ok(digest)
    }

    /// A person's blob, opened; `None` when that person has none of this digest.
    ///
    /// # Errors
    /// [`Error::Corrupt`] when the file is missing or not what was stored; as [`Store::person_key`].
    pub async fn get_blob(&self, person: Uuid, digest: &str) -> Result<Option<Blob>, Error> {
        let Some(row) = self.db.optional::<BlobRow>(GET_BLOB, &args![person, digest]).await? else {
            return Ok(None);
        };
        let key = self.person_key(person).await?;
        let path = blob_path(&self.data_dir, &row.digest);
        blocking(move || {
            let damaged = || Error::Corrupt(format!("blob {}", row.digest));
            let sealed = match std::fs::read(&path) {
                Err(error) if error.kind() == std::io::ErrorKind::NotFound => return Err(damaged()),
                read => read?,
            };
            if sha256_hex(&sealed) != row.digest {
                return Err(damaged());
            }
            let name = String::from_utf8(key.open(NAME, &row.name_sealed)?).map_err(|_| damaged())?;
            let bytes = key.open(CONTENT, &sealed)?;
            Ok(Some(Blob { media_type: row.media_type, name, bytes, created_at: row.created_at }))
        })
        .await
    }

    /// Whether a blob's file is there and unchanged, without opening its seal.
    ///
    /// # Errors
    /// [`Error::Corrupt`] when it is missing or altered.
    pub async fn check_blob(&self, digest: &str) -> Result<(), Error> {
        let path = blob_path(&self.data_dir, digest);
        let digest = digest.to_owned();
        blocking(move || match std::fs::read(&path) {
            Ok(sealed) if sha256_hex(&sealed) == digest => Ok(()),
            Ok(_) => Err(Error::Corrupt(format!("blob {digest} was altered"))),
            Err(error) if error.kind() == std::io::ErrorKind::NotFound => {
                Err(Error::Corrupt(format!("blob {digest} is missing")))
            }
            Err(error) => Err(error.into()),
        })
        .await
    }

    /// A page of a person's blobs by digest, after the last one of the page before.
    ///
    /// # Errors
    /// When the database cannot be read.
    pub async fn blobs(&self, person: Uuid, after: &str, limit: i64) -> Result<Vec<BlobRow>, Error> {
        self.db.all(LIST_BLOBS, &args![person, after, limit.min(MAX_PAGE)]).await
    }
}

/// Runs file work off the async threads.
pub(crate) async fn blocking<T: Send + 'static>(
    work: impl FnOnce() -> Result<T, Error> + Send + 'static,
) -> Result<T, Error> {
    let stopped = |_| Error::Io(std::sync::Arc::new(std::io::Error::other("the work was cut short")));
    tokio::task::spawn_blocking(work).await.map_err(stopped)?
}
