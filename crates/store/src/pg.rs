//! PostgreSQL's driver: many questions on one connection, each sent before the one before is answered.
//!
//! A look-up by key takes the server less time than the two processes take to wake each other for it. So
//! callers share a few connections: what they ask at the same time leaves in one packet and is answered in
//! one. What may pass many rows has connections of its own, so that no look-up waits behind it.

use std::collections::HashMap;
use std::error::Error as StdError;
use std::fmt;
use std::sync::atomic::{AtomicBool, AtomicUsize, Ordering};
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use bytes::BytesMut;
use futures_util::future::join_all;
use tokio::task::JoinHandle;
use tokio_postgres::types::{IsNull, ToSql, Type, to_sql_checked};
use tokio_postgres::{Client, Config, Row as PgRow, Statement};
use tokio_postgres_rustls::MakeRustlsConnect;

use crate::Error;
use crate::dump::Cell;
use crate::engine::{Arg, Bound, Columns, Row, Sql, Value};
use crate::error::Fault;
use crate::pg_tls;
use crate::schema::Kind;

/// How long a connection may stay without any sign of its server.
const GONE_AFTER: Duration = Duration::from_secs(20);

/// How connections are made.
#[derive(Clone)]
pub(crate) struct Options {
    config: Arc<Config>,
    tls: MakeRustlsConnect,
    wait: Duration,
}

impl Options {
    /// From `postgres://user:password@host:port/database?sslmode=…&sslrootcert=…`; `wait` bounds how long a
    /// connection is waited for.
    pub(crate) fn parse(url: &str, wait: Duration) -> Result<Self, Error> {
        let (address, secured) = pg_tls::parse(url)?;
        let mut config: Config = address.parse()?;
        config.application_name("shengshi").ssl_mode(secured.mode).connect_timeout(wait);
        // A server that vanishes without a word (power, network) is given up instead of being waited for.
        config.keepalives_idle(GONE_AFTER / 2).keepalives_interval(GONE_AFTER / 8).keepalives_retries(4);
        config.tcp_user_timeout(GONE_AFTER);
        Ok(Self { config: Arc::new(config), tls: secured.connector, wait })
    }

    pub(crate) async fn connect(&self) -> Result<Conn, Error> {
        let (client, connection) = self.config.connect(self.tls.clone()).await?;
        let driver = tokio::spawn(async move {
            if let Err(error) = connection.await {
                tracing::warn!(error = %Fault::Postgres(error), "a connection to the database ended");
            }
        });
        Ok(Conn { client, prepared: Mutex::default(), driver })
    }
}

/// A connection.
pub(crate) struct Conn {
    client: Client,
    /// Prepared once and kept: the texts are constants, told apart by where they lie.
    prepared: Mutex<HashMap<(usize, usize), Statement>>,
    driver: JoinHandle<()>,
}

impl fmt::Debug for Conn {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Conn(…)")
    }
}

impl Conn {
    /// A text of one or more statements without parameters or answer.
    pub(crate) async fn raw(&self, sql: &str) -> Result<(), Error> {
        Ok(self.client.batch_execute(sql).await?)
    }

    /// The number of rows changed.
    pub(crate) async fn run(&self, sql: Sql, args: &[Arg<'_>]) -> Result<u64, Error> {
        let statement = self.prepared(sql, args).await?;
        Ok(self.client.execute(&statement, &bound(args)).await?)
    }

    /// All sent before the first is answered, and carried out in their order. The first error counts: in a
    /// transaction those after it only say that there was one.
    pub(crate) async fn together(&self, statements: &[Bound<'_>]) -> Result<Vec<u64>, Error> {
        let prepared = self.all_prepared(statements).await?;
        let send = async |(statement, (_, args)): (&Statement, &Bound<'_>)| {
            self.client.execute(statement, &bound(args)).await
        };
        let answers = join_all(prepared.iter().zip(statements).map(send)).await;
        answers.into_iter().map(|answer| Ok(answer?)).collect()
    }

    /// [`Conn::together`], for the rows.
    pub(crate) async fn all_together<T: Row>(&self, statements: &[Bound<'_>]) -> Result<Vec<T>, Error> {
        let prepared = self.all_prepared(statements).await?;
        let send = async |(statement, (_, args)): (&Statement, &Bound<'_>)| {
            self.client.query(statement, &bound(args)).await
        };
        let answers = join_all(prepared.iter().zip(statements).map(send)).await;
        let mut rows = Vec::new();
        for answer in answers {
            for row in answer? {
                rows.push(T::read(&row)?);
            }
        }
        Ok(rows)
    }

    /// Before any of them is sent: one that has yet to be prepared would be overtaken by those after it.
    async fn all_prepared(&self, statements: &[Bound<'_>]) -> Result<Vec<Statement>, Error> {
        let mut prepared = Vec::with_capacity(statements.len());
        for (sql, args) in statements {
            prepared.push(self.prepared(*sql, args).await?);
        }
        Ok(prepared)
    }

    pub(crate) async fn all<T: Row>(&self, sql: Sql, args: &[Arg<'_>]) -> Result<Vec<T>, Error> {
        self.rows(sql, args).await?.iter().map(T::read).collect()
    }

    /// Rows of columns known only by the schema.
    pub(crate) async fn cells(
        &self,
        sql: Sql,
        args: &[Arg<'_>],
        kinds: &[Kind],
    ) -> Result<Vec<Vec<Cell>>, Error> {
        self.rows(sql, args).await?.iter().map(|row| cells(row, kinds)).collect()
    }

    /// Takes leave of the server.
    pub(crate) async fn close(self) {
        drop(self.client);
        // it only ends early when the runtime does
        drop(self.driver.await);
    }

    async fn rows(&self, sql: Sql, args: &[Arg<'_>]) -> Result<Vec<PgRow>, Error> {
        let statement = self.prepared(sql, args).await?;
        Ok(self.client.query(&statement, &bound(args)).await?)
    }

    async fn prepared(&self, sql: Sql, args: &[Arg<'_>]) -> Result<Statement, Error> {
        let key = (sql.0.as_ptr().addr(), sql.0.len());
        let kept = || self.prepared.lock().unwrap_or_else(PoisonError::into_inner);
        let known = kept().get(&key).cloned();
        if let Some(statement) = known {
            return Ok(statement);
        }
        let types: Vec<Type> = args.iter().map(type_of).collect();
        let statement = self.client.prepare_typed(sql.0, &types).await?;
        kept().insert(key, statement.clone());
        Ok(statement)
    }
}

fn cells(row: &PgRow, kinds: &[Kind]) -> Result<Vec<Cell>, Error> {
    let cell = |(n, kind): (usize, &Kind)| {
        Ok(match kind {
            Kind::Int => Cell::Int(row.try_get(n)?),
            Kind::Text => Cell::Text(row.try_get(n)?),
            Kind::Bytes => Cell::Bytes(row.try_get(n)?),
            Kind::Id => Cell::Id(row.try_get(n)?),
            Kind::Bool => Cell::Bool(row.try_get(n)?),
        })
    };
    kinds.iter().enumerate().map(cell).collect()
}

fn bound<'a>(args: &'a [Arg<'_>]) -> Vec<&'a (dyn ToSql + Sync)> {
    args.iter().map(|arg| arg as &(dyn ToSql + Sync)).collect()
}

fn type_of(arg: &Arg<'_>) -> Type {
    match arg {
        Arg::Int(_) => Type::INT8,
        Arg::Text(_) => Type::TEXT,
        Arg::Bytes(_) => Type::BYTEA,
        Arg::Id(_) => Type::UUID,
        Arg::Bool(_) => Type::BOOL,
    }
}

impl ToSql for Arg<'_> {
    fn to_sql(&self, ty: &Type, out: &mut BytesMut) -> Result<IsNull, Box<dyn StdError + Sync + Send>> {
        match self {
            Self::Int(value) => value.to_sql(ty, out),
            Self::Text(value) => value.to_sql(ty, out),
            Self::Bytes(value) => value.to_sql(ty, out),
            Self::Id(value) => value.to_sql(ty, out),
            Self::Bool(value) => value.to_sql(ty, out),
        }
    }

    /// Whatever the statement was prepared with: see [`type_of`].
    fn accepts(_: &Type) -> bool {
        true
    }

    to_sql_checked!();
}

impl Columns for PgRow {
    fn get<T: Value>(&self, name: &str) -> Result<T, Error> {
        Ok(self.try_get(name)?)
    }
}

/// How much a question may pass.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Length {
    /// A few rows, by key.
    Short,
    /// Perhaps many.
    Long,
}

/// A place for one connection, made when it is first asked for and again after it was lost.
type Slot = tokio::sync::Mutex<Option<Arc<Conn>>>;

/// The connections for reading, shared by all who read.
#[derive(Clone)]
pub(crate) struct Pool(Arc<Shared>);

struct Shared {
    options: Options,
    /// The first half for short questions, the others for long ones.
    slots: Vec<Slot>,
    asked: AtomicUsize,
    closed: AtomicBool,
}

impl fmt::Debug for Pool {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Pool({} connections)", self.0.slots.len())
    }
}

impl Pool {
    /// At least two: one of each kind.
    pub(crate) fn new(options: Options, connections: usize) -> Self {
        let slots = (0..connections.max(2)).map(|_| Slot::default()).collect();
        Self(Arc::new(Shared { options, slots, asked: AtomicUsize::new(0), closed: AtomicBool::new(false) }))
    }

    /// The rows. A connection that was lost meanwhile is replaced and asked again, which for reading does no
    /// harm.
    pub(crate) async fn all<T: Row>(
        &self,
        length: Length,
        sql: Sql,
        args: &[Arg<'_>],
    ) -> Result<Vec<T>, Error> {
        let slot = self.slot(length);
        let conn = self.connection(slot).await?;
        match conn.all(sql, args).await {
            Err(error) if error.is_away() => {
                tracing::debug!(%error, "asking the database again");
                slot.lock().await.take_if(|kept| Arc::ptr_eq(kept, &conn));
                self.connection(slot).await?.all(sql, args).await
            }
            answered => answered,
        }
    }

    /// In turn, among those for such questions.
    fn slot(&self, length: Length) -> &Slot {
        let Shared { slots, asked, .. } = &*self.0;
        let (short, long) = slots.split_at(slots.len() / 2);
        let own = if length == Length::Short { short } else { long };
        &own[asked.fetch_add(1, Ordering::Relaxed) % own.len()]
    }

    async fn connection(&self, slot: &Slot) -> Result<Arc<Conn>, Error> {
        let alive = |kept: &Option<Arc<Conn>>| kept.clone().filter(|conn| !conn.client.is_closed());
        if let Some(conn) = slot.try_lock().ok().and_then(|kept| alive(&kept)) {
            return Ok(conn);
        }
        let made = async {
            let mut kept = slot.lock().await;
            if self.0.closed.load(Ordering::Acquire) {
                return Err(Fault::Closed.into());
            }
            if let Some(conn) = alive(&kept) {
                return Ok(conn);
            }
            let conn = Arc::new(self.0.options.connect().await?);
            *kept = Some(conn.clone());
            Ok(conn)
        };
        tokio::time::timeout(self.0.options.wait, made).await.map_err(|_| Fault::Late)?
    }

    /// Takes leave of the server, and lets nobody read any more.
    pub(crate) async fn close(&self) {
        self.0.closed.store(true, Ordering::Release);
        for slot in &self.0.slots {
            let kept = slot.lock().await.take();
            if let Some(conn) = kept.and_then(Arc::into_inner) {
                conn.close().await;
            }
        }
    }
}
