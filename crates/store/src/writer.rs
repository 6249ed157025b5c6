//! Group commit: many callers, one transaction, one wait for the disk.
//!
//! A common disk makes some 300 commits durable in a second, however small. So each lane's task takes
//! all that waits, up to [`MAX_BATCH`] jobs, stores it in one transaction and answers only after COMMIT
//! has returned. SQLite has one lane, PostgreSQL several, sharded so that one case stays in one lane.

use std::collections::HashSet;
use std::hash::{DefaultHasher, Hash, Hasher as _};
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Mutex, PoisonError};
use std::time::Duration;

use tokio::sync::{mpsc, oneshot};
use tokio::task::JoinHandle;
use uuid::Uuid;

use crate::chain::Head;
use crate::commit::{Prepared, commit_all};
use crate::connect::Source;
use crate::engine::Conn;
use crate::error::Fate;
use crate::probe::{Point, Probe};
use crate::write::{self, Write, Written};
use crate::{Error, Store};

/// Jobs in one transaction: beyond this a batch only gets slower.
pub(crate) const MAX_BATCH: usize = 256;
/// Jobs waiting in a lane before callers wait.
const QUEUE: usize = 1_024;
/// How long a caller waits for a place in the queue before [`Error::Busy`].
const PATIENCE: Duration = Duration::from_millis(500);
/// Lanes on PostgreSQL.
pub(crate) const LANES: usize = 2;
/// How often a batch is run again after a serialisation failure or deadlock.
const MAX_RETRIES: u32 = 8;
/// Turns the writer lets others take while it gathers.
const GATHER_TURNS: usize = 8;

type Answer = Result<Written, Error>;

#[derive(Debug)]
enum Work {
    Commit(Box<Prepared>),
    Write(Box<Write>),
    Close,
}

#[derive(Debug)]
struct Job {
    work: Work,
    reply: oneshot::Sender<Answer>,
}

impl Job {
    fn answer(self, answer: Answer) {
        // a caller who no longer waits needs no answer
        drop(self.reply.send(answer));
    }
}

/// The lanes' front: callers hand in jobs here.
#[derive(Debug)]
pub(crate) struct Writers {
    lanes: Vec<mpsc::Sender<Job>>,
    stopped: Arc<AtomicBool>,
    tasks: Mutex<Vec<JoinHandle<()>>>,
    probe: Option<Arc<dyn Probe>>,
}

impl Writers {
    /// Starts a lane for each connection.
    pub(crate) fn start(source: &Source, conns: Vec<Conn>, probe: Option<Arc<dyn Probe>>) -> Self {
        let stopped = Arc::new(AtomicBool::new(false));
        let start = |conn| {
            let (send, receive) = mpsc::channel(QUEUE);
            let (source, stopped, probe) = (source.clone(), Arc::clone(&stopped), probe.clone());
            let lane = Lane { source, conn: Some(conn), stopped, probe };
            (send, tokio::spawn(lane.run(receive)))
        };
        let (lanes, tasks): (Vec<_>, Vec<_>) = conns.into_iter().map(start).unzip();
        Self { lanes, stopped, tasks: Mutex::new(tasks), probe }
    }

    /// Asks the probe, if there is one.
    pub(crate) async fn at(&self, point: Point) -> Result<(), Error> {
        match &self.probe {
            Some(probe) => probe.at(point).await,
            None => Ok(()),
        }
    }

    /// Whether writing has not been stopped by a failing disk.
    pub(crate) fn writing(&self) -> bool {
        !self.stopped.load(Ordering::Acquire)
    }

    pub(crate) async fn commit(&self, prepared: Prepared) -> Result<Head, Error> {
        let (area, id) = (&prepared.commit.area, prepared.commit.case_id);
        let lane = self.lane((area, id));
        let head = prepared.head();
        self.send(lane, Work::Commit(Box::new(prepared))).await.map(|written| match written {
            Written::Head(stored) => stored,
            _ => head,
        })
    }

    async fn write(&self, write: Write) -> Result<Written, Error> {
        self.send(self.lane(write.shard()), Work::Write(Box::new(write))).await
    }

    fn lane(&self, key: impl Hash) -> &mpsc::Sender<Job> {
        let mut hasher = DefaultHasher::new();
        key.hash(&mut hasher);
        &self.lanes[hasher.finish() as usize % self.lanes.len()]
    }

    async fn send(&self, lane: &mpsc::Sender<Job>, work: Work) -> Answer {
        let (reply, answer) = oneshot::channel();
        let job = Job { work, reply };
        match lane.try_send(job) {
            Ok(()) => {}
            Err(mpsc::error::TrySendError::Full(job)) => {
                lane.send_timeout(job, PATIENCE).await.map_err(|_| Error::Busy)?;
            }
            Err(mpsc::error::TrySendError::Closed(_)) => return Err(Error::Stopped),
        }
        match answer.await.unwrap_or(Err(Error::Stopped))? {
            Written::Refused(error) => Err(error),
            written => Ok(written),
        }
    }

    /// Stores what waits, then closes the connections.
    pub(crate) async fn close(&self) {
        for lane in &self.lanes {
            drop(self.send(lane, Work::Close).await);
        }
        for task in self.take_tasks() {
            drop(task.await);
        }
    }

    /// Ends the lanes where they stand: nothing more is stored and nobody is answered.
    pub(crate) async fn crash(&self) {
        self.stopped.store(true, Ordering::Release);
        for task in self.take_tasks() {
            task.abort();
            drop(task.await);
        }
    }

    fn take_tasks(&self) -> Vec<JoinHandle<()>> {
        std::mem::take(&mut *self.tasks.lock().unwrap_or_else(PoisonError::into_inner))
    }
}

impl Store {
    /// Ends the writers where they stand, as a crash of the process would: a transaction under way is
    /// lost, nothing more is stored, and nobody is answered. For simulations.
    pub async fn crash(&self) {
        self.writers.crash().await;
        self.db.close().await;
    }

    pub(crate) async fn write(&self, write: Write) -> Result<Written, Error> {
        self.writers.write(write).await
    }
}

/// One writer task and its connection.
struct Lane {
    source: Source,
    conn: Option<Conn>,
    stopped: Arc<AtomicBool>,
    probe: Option<Arc<dyn Probe>>,
}

impl Lane {
    async fn run(mut self, mut queue: mpsc::Receiver<Job>) {
        let mut waiting = Vec::with_capacity(MAX_BATCH);
        loop {
            if waiting.is_empty() && queue.recv_many(&mut waiting, MAX_BATCH).await == 0 {
                break;
            }
            gather(&mut queue, &mut waiting).await;
            if let Some(at) = waiting.iter().position(|job| matches!(job.work, Work::Close)) {
                queue.close();
                waiting.swap_remove(at).answer(Ok(Written::Done));
            }
            let batch = take_batch(&mut waiting);
            if !batch.is_empty() {
                self.store(batch).await;
            }
        }
        if let Some(conn) = self.conn.take()
            && let Err(error) = conn.close().await
        {
            tracing::warn!(%error, "closing the writer's connection");
        }
    }

    /// Stores a batch. If one job is at fault, halves are tried until it stands alone.
    async fn store(&mut self, batch: Vec<Job>) {
        let mut stack = vec![batch];
        while let Some(mut batch) = stack.pop() {
            match self.attempt(&batch).await {
                Ok(answers) => {
                    batch.into_iter().zip(answers).for_each(|(job, answer)| job.answer(Ok(answer)))
                }
                Err(error) if error.fate() == Fate::Isolate && batch.len() > 1 => {
                    let second = batch.split_off(batch.len() / 2);
                    stack.extend([second, batch]);
                }
                Err(error) => {
                    tracing::warn!(%error, jobs = batch.len(), "not stored");
                    batch.into_iter().for_each(|job| job.answer(Err(error.clone())));
                }
            }
        }
    }

    async fn attempt(&mut self, batch: &[Job]) -> Result<Vec<Written>, Error> {
        for retry in 1.. {
            if self.stopped.load(Ordering::Acquire) {
                return Err(Error::Stopped);
            }
            let error = match self.transaction(batch).await {
                Ok(answers) => return Ok(answers),
                Err(error) => error,
            };
            match error.fate() {
                // The database made the loser wait already: no pause of our own, which would depend on time.
                Fate::Retry if retry <= MAX_RETRIES => tokio::task::yield_now().await,
                Fate::Retry => return Err(Error::Busy),
                Fate::Stop => {
                    tracing::error!("the disk failed under a write: nothing more is written");
                    self.stopped.store(true, Ordering::Release);
                    return Err(error);
                }
                Fate::Isolate | Fate::All => return Err(error),
            }
        }
        Err(Error::Busy)
    }

    /// A connection in a new transaction. One that has died since the last batch is replaced: nothing
    /// has been sent on it yet.
    async fn begin(&mut self) -> Result<Conn, Error> {
        let begin = |conn: &Conn| if conn.is_sqlite() { "BEGIN IMMEDIATE" } else { "BEGIN" };
        if let Some(mut conn) = self.conn.take() {
            match conn.raw(begin(&conn)).await {
                Ok(()) => return Ok(conn),
                Err(Error::Unavailable(error)) => tracing::warn!(%error, "connecting again"),
                Err(error) => {
                    self.conn = Some(conn);
                    return Err(error);
                }
            }
        }
        let mut conn = self.source.connect_writer().await?;
        conn.raw(begin(&conn)).await?;
        Ok(conn)
    }

    async fn probe(&mut self, point: Point) -> Result<(), Error> {
        match &self.probe {
            Some(probe) => probe.at(point).await,
            None => Ok(()),
        }
    }

    /// One transaction. The connection is kept only if it is known to be outside any transaction; after
    /// an error of the probe it is not.
    async fn transaction(&mut self, batch: &[Job]) -> Result<Vec<Written>, Error> {
        self.probe(Point::BeforeBatch).await?;
        let mut conn = self.begin().await?;
        let stored = match apply(&mut conn, batch).await {
            Ok(answers) => {
                self.probe(Point::BeforeCommit).await?;
                conn.raw("COMMIT").await.map(|()| answers)
            }
            Err(error) => Err(error),
        };
        if stored.is_ok() {
            self.probe(Point::Committed).await?;
        }
        if stored.is_ok() {
            forget(&mut conn, batch).await;
            self.probe(Point::Answer).await?;
            self.conn = Some(conn);
        } else if conn.raw("ROLLBACK").await.is_ok() {
            self.conn = Some(conn);
        }
        stored
    }
}

/// After a key was destroyed SQLite's log still holds the page it stood on: the log is written back and
/// cut. The commit stands whether or not that succeeds.
async fn forget(conn: &mut Conn, batch: &[Job]) {
    let erases =
        |job: &Job| matches!(&job.work, Work::Write(write) if matches!(**write, Write::ErasePerson { .. }));
    if conn.is_sqlite()
        && batch.iter().any(erases)
        && let Err(error) = conn.raw("PRAGMA wal_checkpoint(TRUNCATE)").await
    {
        tracing::warn!(%error, "a destroyed key may still stand in the log of the database");
    }
}

/// Takes what is ready to come: callers woken by the last commit are about to hand in their next job,
/// and a transaction for one of them costs as much as one for all.
async fn gather(queue: &mut mpsc::Receiver<Job>, waiting: &mut Vec<Job>) {
    let mut idle = 0;
    while idle < GATHER_TURNS && waiting.len() < MAX_BATCH {
        idle += 1;
        while waiting.len() < MAX_BATCH
            && let Ok(job) = queue.try_recv()
        {
            waiting.push(job);
            idle = 0;
        }
        tokio::task::yield_now().await;
    }
}

/// Splits off one batch: of two commits for one case the second waits for the next. The commits come in
/// the order of their cases, so that two servers take the same locks in the same order. A checkpoint
/// comes alone: it touches cases of others.
fn take_batch(waiting: &mut Vec<Job>) -> Vec<Job> {
    if waiting.first().is_some_and(is_checkpoint) {
        return vec![waiting.remove(0)];
    }
    let mut cases: HashSet<(String, Uuid)> = HashSet::with_capacity(waiting.len());
    let (mut batch, later): (Vec<_>, Vec<_>) =
        std::mem::take(waiting).into_iter().partition(|job| match &job.work {
            Work::Commit(prepared) => cases.insert((prepared.commit.area.clone(), prepared.commit.case_id)),
            Work::Write(_) => !is_checkpoint(job),
            Work::Close => true,
        });
    *waiting = later;
    batch.sort_by(|one, other| order(one).cmp(&order(other)));
    batch
}

/// Commits by case, then all else as it came.
fn order(job: &Job) -> (bool, Option<(&str, Uuid)>) {
    let case = commit_of(&job.work).map(|job| (job.commit.area.as_str(), job.commit.case_id));
    (case.is_none(), case)
}

fn is_checkpoint(job: &Job) -> bool {
    matches!(&job.work, Work::Write(write) if matches!(**write, Write::Checkpoint { .. }))
}

/// Runs all jobs of a batch: the commits together, the other writes in their order.
async fn apply(conn: &mut Conn, batch: &[Job]) -> Result<Vec<Written>, Error> {
    let commits: Vec<&Prepared> = batch.iter().filter_map(|job| commit_of(&job.work)).collect();
    let mut won = if commits.is_empty() { Vec::new() } else { commit_all(conn, &commits).await? }.into_iter();
    let writes: Vec<&Write> = batch.iter().filter_map(|job| write_of(&job.work)).collect();
    let mut written = write::apply_all(conn, &writes).await?.into_iter();
    let answer = |job: &Job| match &job.work {
        Work::Commit(prepared) if won.next() == Some(true) => Written::Head(prepared.head()),
        Work::Commit(_) => Written::Refused(Error::Conflict),
        Work::Write(_) => written.next().unwrap_or(Written::Refused(Error::Stopped)),
        Work::Close => Written::Done,
    };
    Ok(batch.iter().map(answer).collect())
}

fn write_of(work: &Work) -> Option<&Write> {
    match work {
        Work::Write(write) => Some(write),
        Work::Commit(_) | Work::Close => None,
    }
}

fn commit_of(work: &Work) -> Option<&Prepared> {
    match work {
        Work::Commit(prepared) => Some(prepared),
        Work::Write(_) | Work::Close => None,
    }
}
