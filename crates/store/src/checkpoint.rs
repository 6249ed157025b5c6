//! Signed checkpoints: from time to time the heads of the cases that have changed are listed, hashed into
//! one root, chained to the checkpoint before and signed.
//!
//! A case's own chain shows any change inside it, but not that its end was cut off or that the whole of it
//! was written anew: who can write the table can compute hashes. They cannot sign. What happens after the
//! last checkpoint is not covered until the next.

use ring::digest::{Context, SHA256};
use uuid::Uuid;

use crate::cases::MAX_PAGE;
use crate::engine::{Conn, args, row};
use crate::multi::Multi;
use crate::outbox::Area;
use crate::signer::Signer;
use crate::sql::statements;
use crate::write::{Write, Written};
use crate::{Error, PublicKey, Store};

/// Heads one checkpoint takes: more would hold up the writers.
pub const MAX_HEADS: usize = 2_000;

row! {
    /// A signed list of heads of one area.
    pub struct Checkpoint {
        /// Six digits.
        pub area: String,
        /// From 1, without gaps.
        pub n: i64,
        /// When, microseconds since 1970.
        pub at: i64,
        /// How many heads it holds.
        pub cases: i64,
        /// How many events these cases have together.
        pub events: i64,
        /// SHA-256 over the heads, in the order of their cases.
        pub root: Vec<u8>,
        /// [`Checkpoint::digest`] of the one before; 32 zero bytes for the first.
        pub prev: Vec<u8>,
        /// Ed25519 over [`Checkpoint::statement`].
        pub signature: Vec<u8>,
        /// The public key it was signed with, hexadecimal.
        pub signer: String,
    }
}

row! {
    /// A head as a checkpoint holds it, beside what is stored now.
    pub struct CheckpointHead {
        /// The case.
        pub case_id: Uuid,
        /// Its last event at that time.
        pub seq: i64,
        /// The hash of that event.
        pub hash: Vec<u8>,
        /// The hash that event has now; `None` when it is gone.
        pub stored: Option<Vec<u8>>,
        /// The number of the last event stored now; `None` when there are none.
        pub last: Option<i64>,
        /// The head of the case as its row says now; `None` when the row is gone.
        pub head: Option<i64>,
    }
}

impl Checkpoint {
    /// What is signed: a fixed word, then area, number, time, counts, root and the one before, each with
    /// its length before it.
    #[must_use]
    pub fn statement(&self) -> Vec<u8> {
        let mut out = b"shengshi checkpoint 1".to_vec();
        let numbers = [self.n, self.at, self.cases, self.events].map(i64::to_be_bytes);
        let texts = [self.area.as_bytes(), self.signer.as_bytes()];
        let parts = texts.into_iter().chain(numbers.iter().map(<[u8; 8]>::as_slice));
        for part in parts.chain([self.root.as_slice(), self.prev.as_slice()]) {
            out.extend_from_slice(&(part.len() as u64).to_be_bytes());
            out.extend_from_slice(part);
        }
        out
    }

    /// SHA-256 of the statement: what the next checkpoint names.
    #[must_use]
    pub fn digest(&self) -> [u8; 32] {
        let mut context = Context::new(&SHA256);
        context.update(&self.statement());
        finish(context)
    }

    /// Whether the signature is that of this key.
    #[must_use]
    pub fn signed_by(&self, key: &PublicKey) -> bool {
        key.fits(&self.statement(), &self.signature)
    }
}

/// The root of some heads, which it sorts by case first.
pub(crate) fn root(heads: &mut [(Uuid, i64, &[u8])]) -> [u8; 32] {
    heads.sort_unstable_by_key(|(case, ..)| *case);
    let mut context = Context::new(&SHA256);
    context.update(b"shengshi heads 1");
    for (case, seq, hash) in heads {
        context.update(case.as_bytes());
        context.update(&seq.to_be_bytes());
        context.update(&(hash.len() as u64).to_be_bytes());
        context.update(hash);
    }
    finish(context)
}

fn finish(context: Context) -> [u8; 32] {
    let mut hash = [0; 32];
    hash.copy_from_slice(context.finish().as_ref());
    hash
}

row! {
    /// A head just taken into a checkpoint.
    struct Taken {
        id: Uuid,
        seq: i64,
        head: Vec<u8>,
    }
}

pub(crate) static ADD_HEADS: Multi =
    Multi::new("INSERT INTO checkpoint_heads (area, n, case_id, seq, hash)", 5, "");

statements! {
    LAST_CHECKPOINT = "SELECT area, n, at, cases, events, root, prev, signature, signer FROM checkpoints \
        WHERE area = $1 ORDER BY n DESC LIMIT 1";
    /// Up to the first that is left for the next time, and not "those among these": a planner that does not know the
    /// table yet looks these up again for each row.
    TAKE_HEADS = "UPDATE cases SET anchored = $2 WHERE area = $1 AND anchored IS NULL AND id < coalesce((SELECT id \
        FROM cases WHERE area = $1 AND anchored IS NULL ORDER BY id LIMIT 1 OFFSET $3), $4) RETURNING id, seq, head";
    ADD_CHECKPOINT = "INSERT INTO checkpoints (area, n, at, cases, events, root, prev, signature, signer) \
        VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9)";
    CHECKPOINTS = "SELECT area, n, at, cases, events, root, prev, signature, signer FROM checkpoints \
        WHERE area = $1 AND n > $2 ORDER BY n LIMIT $3";
    CHECKPOINT_HEADS = "SELECT h.case_id, h.seq, h.hash, e.hash AS stored, c.seq AS head, \
        (SELECT max(l.seq) FROM events l WHERE l.area = $1 AND l.case_id = h.case_id) AS last \
        FROM checkpoint_heads h \
        LEFT JOIN events e ON e.area = h.area AND e.case_id = h.case_id AND e.seq = h.seq \
        LEFT JOIN cases c ON c.area = h.area AND c.id = h.case_id \
        WHERE h.area = $1 AND h.n = $2 ORDER BY h.case_id";
    /// Only to locate a fault.
    EARLIER_HEADS = "SELECT max(h.seq) AS seq FROM checkpoint_heads h \
        JOIN events e ON e.area = h.area AND e.case_id = h.case_id AND e.seq = h.seq AND e.hash = h.hash \
        WHERE h.area = $1 AND h.case_id = $2 AND h.seq < $3";
    EVENT_HASH = "SELECT hash FROM events WHERE area = $1 AND case_id = $2 AND seq = $3";
    /// Over all shards, for verification.
    AREAS_WITH_CHECKPOINTS = "SELECT DISTINCT area FROM checkpoints ORDER BY area";
    /// Over all shards: tells the worker where to look.
    AREAS_WITH_UNANCHORED = "SELECT DISTINCT area FROM cases WHERE anchored IS NULL ORDER BY area";
}

row! {
    /// The last event of a case that a checkpoint still vouches for.
    struct Earlier {
        seq: Option<i64>,
    }
}

row! {
    struct EventHash {
        hash: Vec<u8>,
    }
}

/// Runs in a transaction of its own, which gives way to whoever holds one of the cases.
pub(crate) async fn write(
    conn: &mut Conn,
    area: &str,
    at: i64,
    limit: i64,
    signer: &Signer,
) -> Result<Written, Error> {
    if !conn.is_sqlite() {
        conn.raw("SET LOCAL lock_timeout = 50").await?;
    }
    let last: Option<Checkpoint> = conn.optional(LAST_CHECKPOINT, &args![area]).await?;
    // Behind the clock that made the last one, time stands still.
    let at = last.as_ref().map_or(at, |last| at.max(last.at));
    let (n, prev) =
        last.map_or((1, vec![0; 32]), |checkpoint| (checkpoint.n + 1, checkpoint.digest().to_vec()));
    let taken: Vec<Taken> = conn.all(TAKE_HEADS, &args![area, n, limit, Uuid::max()]).await?;
    if taken.is_empty() {
        return Ok(Written::Checkpoint(None));
    }
    let mut heads: Vec<_> = taken.iter().map(|row| (row.id, row.seq, row.head.as_slice())).collect();
    let mut checkpoint = Checkpoint {
        area: area.to_owned(),
        n,
        at,
        cases: i64::try_from(heads.len()).unwrap_or(i64::MAX),
        events: heads.iter().map(|(_, seq, _)| seq).sum(),
        root: root(&mut heads).to_vec(),
        prev,
        signature: Vec::new(),
        signer: signer.public().to_string(),
    };
    checkpoint.signature = signer.sign(&checkpoint.statement());
    let Checkpoint { cases, events, root, prev, signature, signer, .. } = &checkpoint;
    let row = args![area, n, at, *cases, *events, root, prev, signature, signer];
    conn.run(ADD_CHECKPOINT, &row).await?;
    let bound: Vec<_> = heads.iter().flat_map(|&(case, seq, hash)| args![area, n, case, seq, hash]).collect();
    ADD_HEADS.run(conn, &bound).await?;
    Ok(Written::Checkpoint(Some(Box::new(checkpoint))))
}

impl Store {
    /// Anchors up to `limit` (at most [`MAX_HEADS`]) cases of an area that have changed since the last
    /// checkpoint, in one durable commit, and appends the checkpoint to `checkpoints.jsonl`. `None` when
    /// nothing has changed. Where one is returned there may be more to anchor: call again.
    ///
    /// # Errors
    /// [`Error::Conflict`] when another server was first, [`Error::Busy`] when cases were being written
    /// for too long: try again later. When the file cannot be written the checkpoint stands, and
    /// [`Store::repair_checkpoint_file`] adds the line.
    pub async fn checkpoint(&self, area: &str, at: i64, limit: usize) -> Result<Option<Checkpoint>, Error> {
        let limit = i64::try_from(limit.clamp(1, MAX_HEADS)).unwrap_or(1);
        let write = Write::Checkpoint { area: area.to_owned(), at, limit, signer: self.signer.clone() };
        let Written::Checkpoint(Some(checkpoint)) = self.write(write).await? else { return Ok(None) };
        self.append_checkpoints(vec![(*checkpoint).clone()]).await?;
        Ok(Some(*checkpoint))
    }

    /// The key pair of this installation's master key.
    #[must_use]
    pub fn signer(&self) -> &Signer {
        &self.signer
    }

    /// The checkpoints of an area after number `after`, in order.
    ///
    /// # Errors
    /// When the database cannot be read.
    pub async fn checkpoints(&self, area: &str, after: i64, limit: i64) -> Result<Vec<Checkpoint>, Error> {
        self.db.all(CHECKPOINTS, &args![area, after, limit.min(MAX_PAGE)]).await
    }

    /// The heads a checkpoint holds, by case, each beside what is stored now.
    ///
    /// # Errors
    /// When the database cannot be read.
    pub async fn checkpoint_heads(&self, area: &str, n: i64) -> Result<Vec<CheckpointHead>, Error> {
        self.db.list(CHECKPOINT_HEADS, &args![area, n]).await
    }

    /// The last event before `seq` that an earlier checkpoint vouches for; 0 when none does.
    pub(crate) async fn vouched_before(&self, area: &str, case_id: Uuid, seq: i64) -> Result<i64, Error> {
        let earlier: Earlier = self.db.one(EARLIER_HEADS, &args![area, case_id, seq]).await?;
        Ok(earlier.seq.unwrap_or(0))
    }

    /// The stored hash of an event; `None` when there is no such event.
    ///
    /// # Errors
    /// When the database cannot be read.
    pub async fn event_hash(&self, area: &str, case_id: Uuid, seq: i64) -> Result<Option<Vec<u8>>, Error> {
        let found: Option<EventHash> = self.db.optional(EVENT_HASH, &args![area, case_id, seq]).await?;
        Ok(found.map(|event| event.hash))
    }

    /// The areas that have checkpoints.
    ///
    /// # Errors
    /// When the database cannot be read.
    pub async fn areas_with_checkpoints(&self) -> Result<Vec<String>, Error> {
        let areas: Vec<Area> = self.db.all(AREAS_WITH_CHECKPOINTS, &[]).await?;
        Ok(areas.into_iter().map(|row| row.area).collect())
    }

    /// The areas in which cases have changed since their last checkpoint.
    ///
    /// # Errors
    /// When the database cannot be read.
    pub async fn areas_with_unanchored(&self) -> Result<Vec<String>, Error> {
        let areas: Vec<Area> = self.db.all(AREAS_WITH_UNANCHORED, &[]).await?;
        Ok(areas.into_iter().map(|row| row.area).collect())
    }
}
