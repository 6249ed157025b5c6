//! Partners' applications: who is registered, what people agreed to, what was given for it, and who is to be told of
//! a sign-out.

use uuid::Uuid;

use crate::cases::MAX_PAGE;
use crate::engine::{Conn, args, row};
use crate::sql::statements;
use crate::write::{Write, Written};
use crate::{Error, Store};

row! {
    /// An application as registered.
    pub struct Partner {
        /// Its id, the `client_id`.
        pub partner: String,
        /// JSON: what the operator's file says.
        pub data: String,
        /// SHA-256 of its secret; none for one that can keep none.
        pub secret_hash: Option<Vec<u8>>,
        /// Since when (microseconds since 1970).
        pub created_at: i64,
        /// Microseconds since 1970.
        pub changed_at: i64,
        /// Microseconds since 1970.
        pub removed_at: Option<i64>,
    }
}

row! {
    /// What somebody agreed to.
    pub struct PartnerConsent {
        /// Who.
        pub person: Uuid,
        /// Its id.
        pub id: Uuid,
        /// The application.
        pub partner: String,
        /// JSON: scopes, with their purposes as shown.
        pub data: String,
        /// Microseconds since 1970.
        pub given_at: i64,
        /// Microseconds since 1970.
        pub expires_at: i64,
        /// When it last served, to the minute.
        pub used_at: i64,
        /// When it was withdrawn or replaced.
        pub ended_at: Option<i64>,
    }
}

row! {
    /// One sign-in at an application.
    pub struct PartnerGrant {
        /// Who.
        pub person: Uuid,
        /// Its id.
        pub id: Uuid,
        /// The application.
        pub partner: String,
        /// The address under which it knows this site.
        pub issuer: String,
        /// Hash of the session's token; none where there was no session.
        pub session: Option<Vec<u8>>,
        /// It outlives the session.
        pub offline: bool,
        /// Microseconds since 1970.
        pub created_at: i64,
        /// Microseconds since 1970.
        pub expires_at: i64,
        /// Microseconds since 1970.
        pub ended_at: Option<i64>,
    }
}

row! {
    /// A code, an access token or a refresh token.
    pub struct PartnerToken {
        /// SHA-256 of the text.
        pub lookup: Vec<u8>,
        /// `code`, `access`, `refresh`.
        pub kind: String,
        /// Whose.
        pub person: Uuid,
        /// The grant it belongs to.
        pub grant_id: Uuid,
        /// To whom it was given.
        pub partner: String,
        /// JSON without personal data.
        pub data: String,
        /// Microseconds since 1970.
        pub created_at: i64,
        /// Microseconds since 1970.
        pub expires_at: i64,
        /// When it was exchanged for others.
        pub used_at: Option<i64>,
    }
}

row! {
    /// An application to be told that somebody signed out.
    pub struct PartnerLogout {
        /// The application.
        pub partner: String,
        /// Its id.
        pub id: Uuid,
        /// JSON: the pseudonym and the session as the application knows them.
        pub data: String,
        /// How often it was tried.
        pub attempts: i64,
        /// Not before, microseconds since 1970.
        pub next_at: i64,
        /// Microseconds since 1970.
        pub created_at: i64,
    }
}

row! {
    struct Spent {
        lookup: Vec<u8>,
    }
}

/// A sign-in with its first token, and the consent that it began with.
#[derive(Debug)]
pub(crate) struct Begun {
    consent: Option<PartnerConsent>,
    grant: PartnerGrant,
    token: PartnerToken,
}

/// A change, carried out whole or not at all.
#[derive(Debug)]
pub(crate) enum Change {
    Register(Partner),
    Remove { partner: String, at: i64 },
    Begin(Box<Begun>),
    Used { person: Uuid, consent: Uuid, at: i64 },
    Exchange { used: Vec<u8>, at: i64, tokens: Vec<PartnerToken> },
    EndGrant { person: Uuid, id: Uuid, at: i64 },
    Withdraw { person: Uuid, partner: String, at: i64, logouts: Vec<PartnerLogout> },
    EndSession { person: Uuid, session: Vec<u8>, at: i64, logouts: Vec<PartnerLogout> },
    MoveSession { person: Uuid, from: Vec<u8>, to: Vec<u8> },
    DropToken(Vec<u8>),
    DropTokens(Vec<Vec<u8>>),
    ClaimLogout { partner: String, id: Uuid, was: i64, next_at: i64 },
    DropLogout { partner: String, id: Uuid },
}

statements! {
    PARTNERS = "SELECT partner, data, secret_hash, created_at, changed_at, removed_at FROM partners \
        ORDER BY partner";
    PARTNER = "SELECT partner, data, secret_hash, created_at, changed_at, removed_at FROM partners \
        WHERE partner = $1";
    PUT_PARTNER = "INSERT INTO partners (partner, data, secret_hash, created_at, changed_at) \
        VALUES ($1, $2, $3, $4, $5) ON CONFLICT (partner) DO UPDATE SET data = $2, secret_hash = $3, \
        created_at = $4, changed_at = $5, removed_at = NULL";
    REMOVE_PARTNER = "UPDATE partners SET removed_at = $2 WHERE partner = $1 AND removed_at IS NULL";
    PARTNER_CONSENTS = "SELECT person, id, partner, data, given_at, expires_at, used_at, ended_at FROM partner_consents \
        WHERE person = $1 ORDER BY id DESC LIMIT $2";
    PARTNER_CONSENT = "SELECT person, id, partner, data, given_at, expires_at, used_at, ended_at FROM partner_consents \
        WHERE person = $1 AND partner = $2 AND ended_at IS NULL AND expires_at > $3 ORDER BY id DESC LIMIT 1";
    ADD_PARTNER_CONSENT = "INSERT INTO partner_consents \
        (person, id, partner, data, given_at, expires_at, used_at) VALUES ($1, $2, $3, $4, $5, $6, $7)";
    END_PARTNER_CONSENTS = "UPDATE partner_consents SET ended_at = $3 \
        WHERE person = $1 AND partner = $2 AND ended_at IS NULL";
    USE_PARTNER_CONSENT = "UPDATE partner_consents SET used_at = $3 WHERE person = $1 AND id = $2";
    GRANT_OF = "SELECT person, id, partner, issuer, session, offline, created_at, expires_at, ended_at \
        FROM partner_grants \
        WHERE person = $1 AND id = $2";
    GRANTS = "SELECT person, id, partner, issuer, session, offline, created_at, expires_at, ended_at \
        FROM partner_grants \
        WHERE person = $1 AND ended_at IS NULL AND expires_at > $2 ORDER BY id DESC LIMIT $3";
    DROP_OLD_GRANTS = "DELETE FROM partner_grants WHERE person = $1 AND expires_at <= $2";
    ADD_GRANT = "INSERT INTO partner_grants \
        (person, id, partner, issuer, session, offline, created_at, expires_at) \
        VALUES ($1, $2, $3, $4, $5, $6, $7, $8)";
    END_GRANT = "UPDATE partner_grants SET ended_at = $3 WHERE person = $1 AND id = $2 AND ended_at IS NULL";
    END_GRANTS_OF_PARTNER = "UPDATE partner_grants SET ended_at = $3 \
        WHERE person = $1 AND partner = $2 AND ended_at IS NULL";
    END_GRANTS_OF_SESSION = "UPDATE partner_grants SET ended_at = $3 \
        WHERE person = $1 AND session = $2 AND ended_at IS NULL AND NOT offline";
    FORGET_SESSION = "UPDATE partner_grants SET session = NULL WHERE person = $1 AND session = $2";
    MOVE_GRANTS = "UPDATE partner_grants SET session = $3 WHERE person = $1 AND session = $2 AND ended_at IS NULL";
    PARTNER_TOKEN = "SELECT lookup, kind, person, grant_id, partner, data, created_at, expires_at, used_at \
        FROM partner_tokens WHERE lookup = $1";
    ADD_PARTNER_TOKEN = "INSERT INTO partner_tokens \
        (lookup, kind, person, grant_id, partner, data, created_at, expires_at) \
        VALUES ($1, $2, $3, $4, $5, $6, $7, $8)";
    USE_PARTNER_TOKEN = "UPDATE partner_tokens SET used_at = $2 WHERE lookup = $1 AND used_at IS NULL";
    DROP_PARTNER_TOKEN = "DELETE FROM partner_tokens WHERE lookup = $1";
    /// Over all shards: what has run out is swept away.
    SPENT_TOKENS = "SELECT lookup FROM partner_tokens WHERE expires_at < $1 ORDER BY expires_at LIMIT $2";
    ADD_LOGOUT = "INSERT INTO partner_logouts (partner, id, data, attempts, next_at, created_at) \
        VALUES ($1, $2, $3, $4, $5, $6)";
    /// Over all shards: whom the worker tells next.
    DUE_LOGOUTS = "SELECT partner, id, data, attempts, next_at, created_at FROM partner_logouts \
        WHERE next_at <= $1 ORDER BY next_at LIMIT $2";
    CLAIM_LOGOUT = "UPDATE partner_logouts SET attempts = attempts + 1, next_at = $4 \
        WHERE partner = $1 AND id = $2 AND next_at = $3";
    DROP_LOGOUT = "DELETE FROM partner_logouts WHERE partner = $1 AND id = $2";
    ERASE_PARTNER_CONSENTS = "DELETE FROM partner_consents WHERE person = $1";
    ERASE_GRANTS = "DELETE FROM partner_grants WHERE person = $1";
}

impl PartnerToken {
    async fn add(&self, conn: &mut Conn) -> Result<u64, Error> {
        let Self { lookup, kind, person, grant_id, partner, data, created_at, expires_at, .. } = self;
        let row = args![lookup, kind, *person, *grant_id, partner, data, *created_at, *expires_at];
        conn.run(ADD_PARTNER_TOKEN, &row).await
    }
}

async fn tell(conn: &mut Conn, logouts: &[PartnerLogout]) -> Result<(), Error> {
    for PartnerLogout { partner, id, data, attempts, next_at, created_at } in logouts {
        let row = args![partner, *id, data, *attempts, *next_at, *created_at];
        conn.run(ADD_LOGOUT, &row).await?;
    }
    Ok(())
}

async fn begin(conn: &mut Conn, Begun { consent, grant, token }: &Begun) -> Result<Written, Error> {
    if let Some(PartnerConsent { person, id, partner, data, given_at, expires_at, used_at, .. }) = consent {
        conn.run(END_PARTNER_CONSENTS, &args![*person, partner, *given_at]).await?;
        let row = args![*person, *id, partner, data, *given_at, *expires_at, *used_at];
        conn.run(ADD_PARTNER_CONSENT, &row).await?;
    }
    let PartnerGrant { person, id, partner, issuer, session, offline, created_at, expires_at, .. } = grant;
    conn.run(DROP_OLD_GRANTS, &args![*person, *created_at]).await?;
    let row = args![*person, *id, partner, issuer, session, *offline, *created_at, *expires_at];
    conn.run(ADD_GRANT, &row).await?;
    token.add(conn).await?;
    Ok(Written::Done)
}

/// Takes a token out of use and puts others in its place; of two who try, one succeeds.
async fn exchange(conn: &mut Conn, used: &[u8], at: i64, tokens: &[PartnerToken]) -> Result<Written, Error> {
    if conn.run(USE_PARTNER_TOKEN, &args![used, at]).await? == 0 {
        return Ok(Written::Refused(Error::Conflict));
    }
    for token in tokens {
        token.add(conn).await?;
    }
    Ok(Written::Done)
}

async fn end_session(
    conn: &mut Conn,
    person: Uuid,
    session: &[u8],
    at: i64,
    logouts: &[PartnerLogout],
) -> Result<Written, Error> {
    conn.run(END_GRANTS_OF_SESSION, &args![person, session, at]).await?;
    // Those that outlive it are told of it once.
    conn.run(FORGET_SESSION, &args![person, session]).await?;
    tell(conn, logouts).await?;
    Ok(Written::Done)
}

pub(crate) async fn erase(conn: &mut Conn, person: Uuid) -> Result<(), Error> {
    for sql in [ERASE_PARTNER_CONSENTS, ERASE_GRANTS] {
        conn.run(sql, &args![person]).await?;
    }
    Ok(())
}

impl Change {
    pub(crate) fn shard(&self) -> &[u8] {
        match self {
            Self::Register(partner) => partner.partner.as_bytes(),
            Self::Remove { partner, .. }
            | Self::ClaimLogout { partner, .. }
            | Self::DropLogout { partner, .. } => partner.as_bytes(),
            Self::Begin(begun) => begun.grant.person.as_bytes(),
            Self::Exchange { used, .. } => used,
            Self::DropToken(lookup) => lookup,
            Self::DropTokens(lookups) => lookups.first().map_or(&[], Vec::as_slice),
            Self::Used { person, .. }
            | Self::EndGrant { person, .. }
            | Self::Withdraw { person, .. }
            | Self::EndSession { person, .. }
            | Self::MoveSession { person, .. } => person.as_bytes(),
        }
    }

    pub(crate) async fn apply(&self, conn: &mut Conn) -> Result<Written, Error> {
        match self {
            Self::Register(Partner { partner, data, secret_hash, created_at, changed_at, .. }) => {
                let row = args![partner, data, secret_hash, *created_at, *changed_at];
                conn.run(PUT_PARTNER, &row).await?;
            }
            Self::Remove { partner, at } => {
                return Written::some(conn.run(REMOVE_PARTNER, &args![partner, *at]).await?);
            }
            Self::Begin(begun) => return begin(conn, begun).await,
            Self::Used { person, consent, at } => {
                conn.run(USE_PARTNER_CONSENT, &args![*person, *consent, *at]).await?;
            }
            Self::Exchange { used, at, tokens } => return exchange(conn, used, *at, tokens).await,
            Self::EndGrant { person, id, at } => {
                conn.run(END_GRANT, &args![*person, *id, *at]).await?;
            }
            Self::Withdraw { person, partner, at, logouts } => {
                conn.run(END_PARTNER_CONSENTS, &args![*person, partner, *at]).await?;
                conn.run(END_GRANTS_OF_PARTNER, &args![*person, partner, *at]).await?;
                tell(conn, logouts).await?;
            }
            Self::EndSession { person, session, at, logouts } => {
                return end_session(conn, *person, session, *at, logouts).await;
            }
            Self::MoveSession { person, from, to } => {
                conn.run(MOVE_GRANTS, &args![*person, from, to]).await?;
            }
            Self::DropToken(lookup) => {
                conn.run(DROP_PARTNER_TOKEN, &args![lookup]).await?;
            }
            Self::DropTokens(lookups) => {
                for lookup in lookups {
                    conn.run(DROP_PARTNER_TOKEN, &args![lookup]).await?;
                }
            }
            Self::ClaimLogout { partner, id, was, next_at } => {
                let row = args![partner, *id, *was, *next_at];
                return Written::some(conn.run(CLAIM_LOGOUT, &row).await?);
            }
            Self::DropLogout { partner, id } => {
                conn.run(DROP_LOGOUT, &args![partner, *id]).await?;
            }
        }
        Ok(Written::Done)
    }
}

/// Reading and writing; all fail when the database cannot be reached.
impl Store {
    async fn change_partners(&self, change: Change) -> Result<(), Error> {
        self.write(Write::Partners(Box::new(change))).await.map(drop)
    }

    /// Registers an application, or changes what is registered.
    ///
    /// # Errors
    /// When nothing can be written.
    pub async fn put_partner(&self, partner: Partner) -> Result<(), Error> {
        self.change_partners(Change::Register(partner)).await
    }

    /// Takes an application off; its row stays, so that consents still say what they were for.
    ///
    /// # Errors
    /// [`Error::NotFound`] when there is none.
    pub async fn remove_partner(&self, partner: &str, at: i64) -> Result<(), Error> {
        self.change_partners(Change::Remove { partner: partner.to_owned(), at }).await
    }

    /// All applications, removed ones too.
    ///
    /// # Errors
    /// When the database cannot be read.
    pub async fn partners(&self) -> Result<Vec<Partner>, Error> {
        self.db.list(PARTNERS, &[]).await
    }

    /// An application, removed or not.
    ///
    /// # Errors
    /// When the database cannot be read.
    pub async fn partner(&self, partner: &str) -> Result<Option<Partner>, Error> {
        self.db.optional(PARTNER, &args![partner]).await
    }

    /// Stores a sign-in at an application with its first token; with a consent, in place of those before it.
    ///
    /// # Errors
    /// When nothing can be written.
    pub async fn begin_grant(
        &self,
        consent: Option<PartnerConsent>,
        grant: PartnerGrant,
        token: PartnerToken,
    ) -> Result<(), Error> {
        self.change_partners(Change::Begin(Box::new(Begun { consent, grant, token }))).await
    }

    /// Takes a token out of use and stores what it is exchanged for.
    ///
    /// # Errors
    /// [`Error::Conflict`] when it was used before: nothing is stored then.
    pub async fn exchange_token(
        &self,
        used: Vec<u8>,
        at: i64,
        tokens: Vec<PartnerToken>,
    ) -> Result<(), Error> {
        self.change_partners(Change::Exchange { used, at, tokens }).await
    }

    /// A token by its SHA-256, whatever its state.
    ///
    /// # Errors
    /// When the database cannot be read.
    pub async fn partner_token(&self, lookup: &[u8]) -> Result<Option<PartnerToken>, Error> {
        self.db.optional(PARTNER_TOKEN, &args![lookup]).await
    }

    /// Drops one token.
    ///
    /// # Errors
    /// When nothing can be written.
    pub async fn drop_partner_token(&self, lookup: Vec<u8>) -> Result<(), Error> {
        self.change_partners(Change::DropToken(lookup)).await
    }

    /// Drops up to `limit` tokens that ran out before `before`; how many those were.
    ///
    /// # Errors
    /// When nothing can be written.
    pub async fn sweep_partner_tokens(&self, before: i64, limit: i64) -> Result<usize, Error> {
        let spent: Vec<Spent> = self.db.list(SPENT_TOKENS, &args![before, limit.min(MAX_PAGE)]).await?;
        let spent: Vec<_> = spent.into_iter().map(|row| row.lookup).collect();
        let count = spent.len();
        if count > 0 {
            self.change_partners(Change::DropTokens(spent)).await?;
        }
        Ok(count)
    }

    /// A sign-in at an application, whatever its state.
    ///
    /// # Errors
    /// When the database cannot be read.
    pub async fn partner_grant(&self, person: Uuid, id: Uuid) -> Result<Option<PartnerGrant>, Error> {
        self.db.optional(GRANT_OF, &args![person, id]).await
    }

    /// A person's sign-ins that last, the latest first.
    ///
    /// # Errors
    /// When the database cannot be read.
    pub async fn partner_grants(&self, person: Uuid, now: i64) -> Result<Vec<PartnerGrant>, Error> {
        self.db.list(GRANTS, &args![person, now, MAX_PAGE]).await
    }

    /// Ends a sign-in: nothing that was given for it holds any more.
    ///
    /// # Errors
    /// When nothing can be written.
    pub async fn end_partner_grant(&self, person: Uuid, id: Uuid, at: i64) -> Result<(), Error> {
        self.change_partners(Change::EndGrant { person, id, at }).await
    }

    /// What a person agreed to, the latest first, ended or not.
    ///
    /// # Errors
    /// When the database cannot be read.
    pub async fn partner_consents(&self, person: Uuid) -> Result<Vec<PartnerConsent>, Error> {
        self.db.list(PARTNER_CONSENTS, &args![person, MAX_PAGE]).await
    }

    /// The consent that holds now.
    ///
    /// # Errors
    /// When the database cannot be read.
    pub async fn partner_consent(
        &self,
        person: Uuid,
        partner: &str,
        now: i64,
    ) -> Result<Option<PartnerConsent>, Error> {
        self.db.optional(PARTNER_CONSENT, &args![person, partner, now]).await
    }

    /// Notes that a consent served.
    ///
    /// # Errors
    /// When nothing can be written.
    pub async fn use_partner_consent(&self, person: Uuid, consent: Uuid, at: i64) -> Result<(), Error> {
        self.change_partners(Change::Used { person, consent, at }).await
    }

    /// Withdraws what a person agreed to at an application, ends all sign-ins there, and notes whom to tell.
    ///
    /// # Errors
    /// When nothing can be written.
    pub async fn withdraw_partner(
        &self,
        person: Uuid,
        partner: &str,
        at: i64,
        logouts: Vec<PartnerLogout>,
    ) -> Result<(), Error> {
        let partner = partner.to_owned();
        self.change_partners(Change::Withdraw { person, partner, at, logouts }).await
    }

    /// Ends the sign-ins of a session that do not outlive it, and notes whom to tell.
    ///
    /// # Errors
    /// When nothing can be written.
    pub async fn end_partner_session(
        &self,
        person: Uuid,
        session: Vec<u8>,
        at: i64,
        logouts: Vec<PartnerLogout>,
    ) -> Result<(), Error> {
        self.change_partners(Change::EndSession { person, session, at, logouts }).await
    }

    /// The sign-ins of a session go on with the one that takes its place.
    ///
    /// # Errors
    /// When nothing can be written.
    pub async fn move_partner_session(&self, person: Uuid, from: Vec<u8>, to: Vec<u8>) -> Result<(), Error> {
        self.change_partners(Change::MoveSession { person, from, to }).await
    }

    /// Applications to be told now.
    ///
    /// # Errors
    /// When the database cannot be read.
    pub async fn due_logouts(&self, now: i64, limit: i64) -> Result<Vec<PartnerLogout>, Error> {
        self.db.list(DUE_LOGOUTS, &args![now, limit.min(MAX_PAGE)]).await
    }

    /// Takes one to tell; nobody else tells it before `next_at`.
    ///
    /// # Errors
    /// [`Error::NotFound`] when somebody else was first.
    pub async fn claim_logout(&self, logout: &PartnerLogout, next_at: i64) -> Result<(), Error> {
        let PartnerLogout { partner, id, next_at: was, .. } = logout;
        let (partner, id, was) = (partner.clone(), *id, *was);
        self.change_partners(Change::ClaimLogout { partner, id, was, next_at }).await
    }

    /// It was told, or never will be.
    ///
    /// # Errors
    /// When nothing can be written.
    pub async fn drop_logout(&self, logout: &PartnerLogout) -> Result<(), Error> {
        let (partner, id) = (logout.partner.clone(), logout.id);
        self.change_partners(Change::DropLogout { partner, id }).await
    }
}
