//! 授权用证: what agencies asked of a holder's certificates, and what the holder said.

use uuid::Uuid;

use crate::cases::MAX_PAGE;
use crate::drafts::Count;
use crate::engine::{Conn, args, row};
use crate::messages::{self, Message};
use crate::sql::statements;
use crate::write::{Write, Written};
use crate::{Error, Store};

row! {
    /// One permission, in its holder's list.
    pub struct Permission {
        /// The holder.
        pub person: Uuid,
        /// Its id.
        pub id: Uuid,
        /// The pack's name of the type of certificate.
        pub kind: String,
        /// The agency.
        pub agency: String,
        /// The agency's area.
        pub area: String,
        /// The service it is for.
        pub item: String,
        /// The case it is for; none where the holder permitted ahead of one.
        pub case_id: Option<Uuid>,
        /// `asked`, `stands`, `refused` or `ended`.
        pub state: String,
        /// Microseconds since 1970.
        pub asked_at: i64,
        /// Until when it stands; none until the holder says yes.
        pub until_at: Option<i64>,
        /// When the holder answered.
        pub answered_at: Option<i64>,
        /// When the holder ended it.
        pub ended_at: Option<i64>,
        /// Who asks and why, sealed with the holder's key.
        pub sealed: Vec<u8>,
    }
}

/// What a holder says to an permission.
#[derive(Debug, Clone)]
pub struct PermissionAnswer {
    /// The holder.
    pub person: Uuid,
    /// Which.
    pub id: Uuid,
    /// `asked` or `stands`: what it must be.
    pub from: &'static str,
    /// `stands`, `refused` or `ended`: what it becomes.
    pub to: &'static str,
    /// Until when it stands.
    pub until_at: Option<i64>,
    /// Microseconds since 1970.
    pub at: i64,
}

statements! {
    OPEN_ASKS = "SELECT count(*) AS n FROM certificate_permissions WHERE person = $1 AND case_id = $2 AND kind = $3 \
        AND (state = 'asked' OR (state = 'stands' AND until_at > $4))";
    ALL_OF_CASE = "SELECT count(*) AS n FROM certificate_permissions WHERE person = $1 AND case_id = $2";
    ADD_PERMISSION = "INSERT INTO certificate_permissions (person, id, kind, agency, area, item, case_id, state, asked_at, \
        until_at, answered_at, ended_at, sealed) VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13)";
    ANSWER_PERMISSION = "UPDATE certificate_permissions SET state = $4, until_at = coalesce($5, until_at), \
        answered_at = $6 WHERE person = $1 AND id = $2 AND state = $3";
    END_PERMISSION = "UPDATE certificate_permissions SET state = 'ended', ended_at = $3 \
        WHERE person = $1 AND id = $2 AND state = 'stands'";
    PERMISSIONS = "SELECT person, id, kind, agency, area, item, case_id, state, asked_at, until_at, answered_at, \
        ended_at, sealed FROM certificate_permissions WHERE person = $1 ORDER BY id DESC LIMIT $2";
    PERMISSION = "SELECT person, id, kind, agency, area, item, case_id, state, asked_at, until_at, answered_at, \
        ended_at, sealed FROM certificate_permissions WHERE person = $1 AND id = $2";
}

/// Adds one. Of a case's, a type is asked for once at a time, and `limit` times in all.
pub(crate) async fn add(
    conn: &mut Conn,
    new: &Permission,
    message: Option<&Message>,
    limit: i64,
) -> Result<Written, Error> {
    let Permission { person, id, kind, agency, area, item, case_id, state, .. } = new;
    if let Some(case) = case_id {
        let open = args![*person, *case, kind, new.asked_at];
        let all = args![*person, *case];
        let open = conn.optional::<Count>(OPEN_ASKS, &open).await?.map_or(0, |count| count.n);
        let all = conn.optional::<Count>(ALL_OF_CASE, &all).await?.map_or(0, |count| count.n);
        if open > 0 || all >= limit {
            return Ok(Written::Refused(Error::Conflict));
        }
    }
    let row = args![
        *person,
        *id,
        kind,
        agency,
        area,
        item,
        *case_id,
        state,
        new.asked_at,
        new.until_at,
        new.answered_at,
        new.ended_at,
        &new.sealed
    ];
    conn.run(ADD_PERMISSION, &row).await?;
    if let Some(message) = message {
        messages::add(conn, message).await?;
    }
    Ok(Written::Done)
}

pub(crate) async fn answer(conn: &mut Conn, answer: &PermissionAnswer) -> Result<Written, Error> {
    let PermissionAnswer { person, id, from, to, until_at, at } = answer;
    let changed = if *to == "ended" {
        conn.run(END_PERMISSION, &args![*person, *id, *at]).await?
    } else {
        conn.run(ANSWER_PERMISSION, &args![*person, *id, *from, *to, *until_at, *at]).await?
    };
    Written::some(changed)
}

impl Store {
    /// Keeps what an agency asks, or what a holder permits ahead, with the message that tells of it.
    ///
    /// # Errors
    /// [`Error::Conflict`] when the type is asked for within the case already, or too often.
    pub async fn add_permission(
        &self,
        new: Permission,
        message: Option<Message>,
        limit: i64,
    ) -> Result<(), Error> {
        self.write(Write::AddPermission { new: Box::new(new), message, limit }).await.map(drop)
    }

    /// Keeps what the holder says.
    ///
    /// # Errors
    /// [`Error::NotFound`] when there is none of theirs in that state.
    pub async fn answer_permission(&self, answer: PermissionAnswer) -> Result<(), Error> {
        self.write(Write::AnswerPermission(answer)).await.map(drop)
    }

    /// A holder's permissions, the latest first.
    ///
    /// # Errors
    /// When the database cannot be read.
    pub async fn permissions(&self, person: Uuid, limit: i64) -> Result<Vec<Permission>, Error> {
        self.db.all(PERMISSIONS, &args![person, limit.min(MAX_PAGE)]).await
    }

    /// One permission of a holder.
    ///
    /// # Errors
    /// When the database cannot be read.
    pub async fn permission(&self, person: Uuid, id: Uuid) -> Result<Option<Permission>, Error> {
        self.db.optional(PERMISSION, &args![person, id]).await
    }
}
