//! Messages to a citizen, in their own box.

use uuid::Uuid;

use crate::cases::MAX_PAGE;
use crate::drafts::Count;
use crate::engine::{Arg, Conn, args, row};
use crate::multi::Multi;
use crate::sql::statements;
use crate::write::{Write, Written};
use crate::{Error, Store};

row! {
    /// A message. What is personal in it is sealed.
    pub struct Message {
        /// To whom.
        pub person: Uuid,
        /// Made by the caller (version 7) and kept over retries: a message is stored once.
        pub id: Uuid,
        /// Microseconds since 1970.
        pub at: i64,
        /// What kind of news.
        pub kind: String,
        /// JSON without personal data.
        pub data: String,
        /// Sealed with the person's key.
        pub sealed: Option<Vec<u8>>,
        /// The area of the case it is about.
        pub case_area: Option<String>,
        /// The case it is about.
        pub case_id: Option<Uuid>,
        /// When it was read.
        pub read_at: Option<i64>,
    }
}

pub(crate) static ADD_MESSAGES: Multi = Multi::new(
    "INSERT INTO messages (person, id, at, kind, data, sealed, case_area, case_id, read_at)",
    9,
    "ON CONFLICT (person, id) DO NOTHING",
);

statements! {
    READ_MESSAGE = "UPDATE messages SET read_at = $3 WHERE person = $1 AND id = $2 AND read_at IS NULL";
    READ_MESSAGES = "UPDATE messages SET read_at = $2 WHERE person = $1 AND read_at IS NULL";
    UNREAD = "SELECT count(*) AS n FROM messages WHERE person = $1 AND read_at IS NULL";
    MESSAGES = "SELECT person, id, at, kind, data, sealed, case_area, case_id, read_at FROM messages \
        WHERE person = $1 AND id < $2 ORDER BY id DESC LIMIT $3";
    MESSAGE = "SELECT person, id, at, kind, data, sealed, case_area, case_id, read_at FROM messages \
        WHERE person = $1 AND id = $2";
}

impl Message {
    /// In the order of [`ADD_MESSAGES`].
    pub(crate) fn push_args<'a>(&'a self, out: &mut Vec<Arg<'a>>) {
        let Self { person, id, at, kind, data, sealed, case_area, case_id, read_at } = self;
        out.extend(args![*person, *id, *at, kind, data, sealed, case_area, *case_id, *read_at]);
    }
}

pub(crate) async fn add(conn: &mut Conn, message: &Message) -> Result<Written, Error> {
    let mut bound = Vec::new();
    message.push_args(&mut bound);
    ADD_MESSAGES.run(conn, &bound).await?;
    Ok(Written::Done)
}

pub(crate) async fn read(conn: &mut Conn, person: Uuid, id: Option<Uuid>, at: i64) -> Result<Written, Error> {
    match id {
        Some(id) => conn.run(READ_MESSAGE, &args![person, id, at]).await?,
        None => conn.run(READ_MESSAGES, &args![person, at]).await?,
    };
    Ok(Written::Done)
}

impl Store {
    /// Puts a message into a citizen's box; the same id a second time changes nothing.
    ///
    /// # Errors
    /// When nothing can be written.
    pub async fn add_message(&self, message: Message) -> Result<(), Error> {
        self.write(Write::AddMessage(message)).await.map(drop)
    }

    /// Marks one message (or, without an id, all of them) as read at `at`.
    ///
    /// # Errors
    /// When nothing can be written.
    pub async fn mark_read(&self, person: Uuid, id: Option<Uuid>, at: i64) -> Result<(), Error> {
        self.write(Write::ReadMessages { person, id, at }).await.map(drop)
    }

    /// A page of messages, newest first. `before` is the last id of the page before.
    ///
    /// # Errors
    /// When the database cannot be read.
    pub async fn messages(
        &self,
        person: Uuid,
        before: Option<Uuid>,
        limit: i64,
    ) -> Result<Vec<Message>, Error> {
        self.db.all(MESSAGES, &args![person, before.unwrap_or(Uuid::max()), limit.min(MAX_PAGE)]).await
    }

    /// One message of this person.
    ///
    /// # Errors
    /// When the database cannot be read.
    pub async fn message(&self, person: Uuid, id: Uuid) -> Result<Option<Message>, Error> {
        self.db.optional(MESSAGE, &args![person, id]).await
    }

    /// How many messages are unread.
    ///
    /// # Errors
    /// When the database cannot be read.
    pub async fn unread(&self, person: Uuid) -> Result<i64, Error> {
        self.db.one::<Count>(UNREAD, &args![person]).await.map(|count| count.n)
    }
}
