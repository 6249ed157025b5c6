//! Drafts: what a citizen has filled in so far, sealed, until it becomes a case.

use uuid::Uuid;

use crate::cases::MAX_PAGE;
use crate::engine::{Arg, Conn, args, for_each, row};
use crate::sql::statements;
use crate::write::{Write, Written};
use crate::{Error, Store};

row! {
    /// A draft. The content is sealed with the person's key.
    pub struct Draft {
        /// Whose.
        pub person: Uuid,
        /// Made by the caller (version 7).
        pub id: Uuid,
        /// The service item.
        pub item: String,
        /// Digest of the definition it is filled in under.
        pub definition: String,
        /// The step of the form reached.
        pub step: String,
        /// The answers, sealed.
        pub sealed: Vec<u8>,
        /// JSON: which blobs belong to it.
        pub files: String,
        /// The version read; 0 for a new draft. Set by the store.
        pub version: i64,
        /// Microseconds since 1970.
        pub created_at: i64,
        /// Microseconds since 1970.
        pub updated_at: i64,
        /// The case it became. Set by [`Store::commit`].
        pub submitted_case: Option<Uuid>,
    }
}

row! {
    /// A number.
    pub(crate) struct Count {
        /// The number.
        pub(crate) n: i64,
    }
}

statements! {
    COUNT_DRAFTS = "SELECT count(*) AS n FROM drafts WHERE person = $1 AND submitted_case IS NULL";
    /// Counts and adds in one step; adds nothing where the person has as many as they may.
    ADD_DRAFT = "INSERT INTO drafts (person, id, item, definition, step, sealed, files, version, created_at, \
        updated_at) SELECT $1, $2, $3, $4, $5, $6, $7, 1, $8, $9 WHERE (SELECT count(*) FROM drafts \
        WHERE person = $1 AND submitted_case IS NULL) < $10 ON CONFLICT (person, id) DO NOTHING";
    CHANGE_DRAFT = "UPDATE drafts SET definition = $3, step = $4, sealed = $5, files = $6, updated_at = $7, \
        version = version + 1 WHERE person = $1 AND id = $2 AND version = $8 AND submitted_case IS NULL";
    DROP_DRAFT = "DELETE FROM drafts WHERE person = $1 AND id = $2 AND submitted_case IS NULL";
    GET_DRAFT = "SELECT person, id, item, definition, step, sealed, files, version, created_at, updated_at, \
        submitted_case FROM drafts WHERE person = $1 AND id = $2";
    LIST_DRAFTS = "SELECT person, id, item, definition, step, sealed, files, version, created_at, updated_at, \
        submitted_case FROM drafts WHERE person = $1 AND submitted_case IS NULL ORDER BY id DESC LIMIT $2";
}

/// In the order of [`ADD_DRAFT`].
fn added_args<'a>(draft: &'a Draft, limit: &'a i64) -> [Arg<'a>; 10] {
    let Draft { person, id, item, definition, step, sealed, files, created_at, updated_at, .. } = draft;
    args![*person, *id, item, definition, step, sealed, files, *created_at, *updated_at, *limit]
}

/// New drafts, each unless its person has as many as they may.
pub(crate) async fn add(conn: &mut Conn, drafts: &[(&Draft, i64)]) -> Result<Vec<Written>, Error> {
    let rows: Vec<_> = drafts.iter().map(|(draft, limit)| added_args(draft, limit)).collect();
    let added = conn.together(&for_each(ADD_DRAFT, &rows)).await?;
    let mut written = Vec::with_capacity(drafts.len());
    for ((draft, limit), added) in drafts.iter().zip(added) {
        written.push(if added == 1 {
            Written::Version(1)
        } else {
            refused(conn, draft.person, *limit).await?
        });
    }
    Ok(written)
}

/// Why a draft was not added: there are too many, or it is there already.
async fn refused(conn: &mut Conn, person: Uuid, limit: i64) -> Result<Written, Error> {
    let open: Option<Count> = conn.optional(COUNT_DRAFTS, &args![person]).await?;
    let full = open.is_some_and(|open| open.n >= limit);
    Ok(Written::Refused(if full { Error::TooMany { limit } } else { Error::Conflict }))
}

/// In the order of [`CHANGE_DRAFT`].
fn changed_args(draft: &Draft) -> [Arg<'_>; 8] {
    let Draft { person, id, definition, step, sealed, files, updated_at, version, .. } = draft;
    args![*person, *id, definition, step, sealed, files, *updated_at, *version]
}

/// Drafts that were there before, each as it was read.
pub(crate) async fn change(conn: &mut Conn, drafts: &[&Draft]) -> Result<Vec<Written>, Error> {
    let rows: Vec<_> = drafts.iter().map(|draft| changed_args(draft)).collect();
    let changed = conn.together(&for_each(CHANGE_DRAFT, &rows)).await?;
    let written = |(draft, changed): (&&Draft, u64)| match changed {
        0 => Written::Refused(Error::Conflict),
        _ => Written::Version(draft.version + 1),
    };
    Ok(drafts.iter().zip(changed).map(written).collect())
}

pub(crate) async fn discard(conn: &mut Conn, person: Uuid, id: Uuid) -> Result<Written, Error> {
    Written::some(conn.run(DROP_DRAFT, &args![person, id]).await?)
}

impl Store {
    /// Saves a draft and returns its new version. A new one (version 0) counts against `limit`, the
    /// number of open drafts a person may have.
    ///
    /// # Errors
    /// [`Error::Conflict`] when it was changed, submitted or created elsewhere; [`Error::TooMany`].
    pub async fn save_draft(&self, draft: Draft, limit: i64) -> Result<i64, Error> {
        match self.write(Write::SaveDraft { draft, limit }).await? {
            Written::Version(version) => Ok(version),
            _ => Ok(0),
        }
    }

    /// Throws a draft away.
    ///
    /// # Errors
    /// [`Error::NotFound`] when there is none, or it has become a case.
    pub async fn discard_draft(&self, person: Uuid, id: Uuid) -> Result<(), Error> {
        self.write(Write::DiscardDraft { person, id }).await.map(drop)
    }

    /// A draft, submitted or not.
    ///
    /// # Errors
    /// When the database cannot be read.
    pub async fn draft(&self, person: Uuid, id: Uuid) -> Result<Option<Draft>, Error> {
        self.db.optional(GET_DRAFT, &args![person, id]).await
    }

    /// A person's open drafts, newest first.
    ///
    /// # Errors
    /// When the database cannot be read.
    pub async fn drafts(&self, person: Uuid, limit: i64) -> Result<Vec<Draft>, Error> {
        self.db.all(LIST_DRAFTS, &args![person, limit.min(MAX_PAGE)]).await
    }
}
