//! Accounts elsewhere that open a person's account here, each known by a keyed hash only.

use uuid::Uuid;

use crate::engine::{Conn, args, row};
use crate::people::{ADD_LOOKUP, FIND_PERSON, Found};
use crate::sql::statements;
use crate::write::{Write, Written};
use crate::{Error, Store};

row! {
    /// An account elsewhere, tied to a person.
    pub struct Binding {
        /// The person.
        pub person: Uuid,
        /// Which service and application, such as `wechat:APPID`.
        pub provider: String,
        /// The keyed hash of the account's id there.
        pub lookup: Vec<u8>,
        /// Microseconds since 1970.
        pub bound_at: i64,
    }
}

statements! {
    GET_BINDING = "SELECT person, provider, lookup, bound_at FROM bindings WHERE person = $1 AND provider = $2";
    PUT_BINDING = "INSERT INTO bindings (person, provider, lookup, bound_at) VALUES ($1, $2, $3, $4) \
        ON CONFLICT (person, provider) DO UPDATE SET lookup = excluded.lookup, bound_at = excluded.bound_at";
    DROP_BINDING = "DELETE FROM bindings WHERE person = $1 AND provider = $2";
    DROP_LOOKUP = "DELETE FROM person_lookup WHERE person = $1 AND lookup = $2";
}

/// One account there is one person's here; another of the same service takes the place of the one before.
pub(crate) async fn bind(conn: &mut Conn, binding: &Binding) -> Result<Written, Error> {
    let Binding { person, provider, lookup, bound_at } = binding;
    if conn.run(ADD_LOOKUP, &args![lookup, *person]).await? == 0 {
        let found: Option<Found> = conn.optional(FIND_PERSON, &args![lookup]).await?;
        if found.is_none_or(|found| found.person != *person) {
            return Ok(Written::Refused(Error::Conflict));
        }
    }
    let before: Option<Binding> = conn.optional(GET_BINDING, &args![*person, provider]).await?;
    if let Some(before) = before.filter(|before| before.lookup != *lookup) {
        conn.run(DROP_LOOKUP, &args![*person, &before.lookup]).await?;
    }
    conn.run(PUT_BINDING, &args![*person, provider, lookup, *bound_at]).await?;
    Ok(Written::Done)
}

pub(crate) async fn unbind(conn: &mut Conn, person: Uuid, provider: &str) -> Result<Written, Error> {
    let before: Option<Binding> = conn.optional(GET_BINDING, &args![person, provider]).await?;
    let Some(before) = before else { return Ok(Written::Refused(Error::NotFound)) };
    conn.run(DROP_LOOKUP, &args![person, &before.lookup]).await?;
    conn.run(DROP_BINDING, &args![person, provider]).await?;
    Ok(Written::Done)
}

impl Store {
    /// Ties an account elsewhere to a person; one of the same service that was tied before is not any more.
    ///
    /// # Errors
    /// [`Error::Conflict`] when it is somebody else's.
    pub async fn bind(&self, binding: Binding) -> Result<(), Error> {
        self.write(Write::Bind(binding)).await.map(drop)
    }

    /// Ends that.
    ///
    /// # Errors
    /// [`Error::NotFound`] when none is tied.
    pub async fn unbind(&self, person: Uuid, provider: String) -> Result<(), Error> {
        self.write(Write::Unbind { person, provider }).await.map(drop)
    }

    /// What is tied to a person of this service.
    ///
    /// # Errors
    /// When the database cannot be read.
    pub async fn binding(&self, person: Uuid, provider: &str) -> Result<Option<Binding>, Error> {
        self.db.optional(GET_BINDING, &args![person, provider]).await
    }
}
