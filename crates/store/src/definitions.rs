//! Definitions that cases run under, and which cases those are.

use uuid::Uuid;

use crate::cases::MAX_PAGE;
use crate::engine::{Conn, args, row};
use crate::sql::statements;
use crate::write::{Write, Written};
use crate::{Error, Store};

row! {
    /// A definition (JSON) that running cases keep until they are migrated on the record.
    pub struct Definition {
        /// SHA-256 of the body, hexadecimal.
        pub digest: String,
        /// The service item.
        pub item: String,
        /// JSON.
        pub body: String,
        /// Microseconds since 1970.
        pub created_at: i64,
    }
}

row! {
    /// A definition under which cases are running.
    pub struct DefinitionInUse {
        /// SHA-256 of the body, hexadecimal.
        pub digest: String,
        /// The service item.
        pub item: String,
        /// Cases under it that have no outcome yet.
        pub cases: i64,
    }
}

row! {
    /// Where a case is kept.
    pub struct CaseKey {
        /// Six digits of the handling area.
        pub area: String,
        /// The case.
        pub id: Uuid,
    }
}

statements! {
    PUT_DEFINITION = "INSERT INTO definitions (digest, item, body, created_at) VALUES ($1, $2, $3, $4) \
        ON CONFLICT (digest) DO NOTHING";
    GET_DEFINITION = "SELECT digest, item, body, created_at FROM definitions WHERE digest = $1";
    /// Over all areas, for a migration: a keyset walk.
    CASES_BY_DEFINITION = "SELECT area, id FROM cases WHERE definition = $1 AND outcome IS NULL \
        AND (area, id) > ($2, $3) ORDER BY area, id LIMIT $4";
    /// Over all areas, for a migration.
    DEFINITIONS_IN_USE = "SELECT definition AS digest, min(item) AS item, count(*) AS cases FROM cases \
        WHERE outcome IS NULL GROUP BY definition ORDER BY definition";
}

pub(crate) async fn keep(conn: &mut Conn, definition: &Definition) -> Result<Written, Error> {
    let Definition { digest, item, body, created_at } = definition;
    conn.run(PUT_DEFINITION, &args![digest, item, body, *created_at]).await?;
    Ok(Written::Done)
}

impl Store {
    /// Keeps a definition; one that is kept already stays as it is.
    ///
    /// # Errors
    /// When nothing can be written.
    pub async fn keep_definition(&self, definition: Definition) -> Result<(), Error> {
        self.write(Write::KeepDefinition(definition)).await.map(drop)
    }

    /// A definition by its digest.
    ///
    /// # Errors
    /// When the database cannot be read.
    pub async fn definition(&self, digest: &str) -> Result<Option<Definition>, Error> {
        self.db.optional(GET_DEFINITION, &args![digest]).await
    }

    /// The next running cases under a definition (those without an outcome, whoever has to act) after
    /// (`area`, `id`), of all areas; begin with `("", nil)`.
    ///
    /// # Errors
    /// When the database cannot be read.
    pub async fn cases_by_definition(
        &self,
        digest: &str,
        area: &str,
        id: Uuid,
        limit: i64,
    ) -> Result<Vec<CaseKey>, Error> {
        self.db.list(CASES_BY_DEFINITION, &args![digest, area, id, limit.min(MAX_PAGE)]).await
    }

    /// The definitions that running cases are under, and how many each; reads every running case.
    ///
    /// # Errors
    /// When the database cannot be read.
    pub async fn definitions_in_use(&self) -> Result<Vec<DefinitionInUse>, Error> {
        self.db.list(DEFINITIONS_IN_USE, &[]).await
    }
}
