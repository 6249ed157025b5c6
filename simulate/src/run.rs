//! The scheduler: it alone decides who goes on, what is lost, and when something dies.

use std::sync::Arc;
use std::sync::atomic::Ordering;
use std::time::Duration;

use app::{App, Error, Once};
use casework::Actor;
use domain::{CaseId, Clock as _};
use store::Point;
use uuid::Uuid;

use crate::asks::{self, Acked, Ask, Done, Lease};
use crate::chance::Chance;
use crate::check;
use crate::gate::Signal;
use crate::wish;
use crate::world::{Fault, Running, SERVERS, Shared, World};

/// Decisions of the scheduler in one run.
const STEPS: usize = 1_300;
/// A lease of a slow worker, µs.
const LEASE: i64 = 30_000_000;
/// Real time after which a task that neither stops at a point nor ends is stuck.
const STUCK: Duration = Duration::from_secs(30);
/// Turns that all tasks get while a writer stands.
const TURNS: usize = 8;

/// What a run has to tell.
#[derive(Debug, Default)]
pub struct Told {
    /// What went wrong, if anything: the invariant, then the case.
    pub fault: Option<String>,
    /// Every decision, answer and event, one a line.
    pub trace: Vec<String>,
    /// Servers crashed.
    pub crashes: usize,
    /// Failures of disk, network and clock.
    pub faults: usize,
    /// Commits that returned.
    pub commits: usize,
    /// Requests acknowledged.
    pub acknowledged: usize,
    /// Simulated days covered.
    pub days: i64,
}

impl Told {
    /// SHA-256 of the trace: equal for equal runs.
    #[must_use]
    pub fn digest(&self) -> String {
        store::sha256_hex(self.trace.join("\n").as_bytes())
    }
}

/// A request, and what came of it.
pub(crate) struct Request {
    pub(crate) ask: Ask,
    /// What a server answered, whether or not the answer arrived.
    pub(crate) done: Option<Acked>,
    /// The answer arrived, or there is nothing to hope for.
    over: bool,
    tries: usize,
}

pub(crate) struct Run {
    pub(crate) world: World,
    pub(crate) told: Told,
    pub(crate) requests: Vec<Request>,
    chance: Chance,
    slow: Vec<Lease>,
    /// The log's length when something was last acknowledged or seen.
    safe: u64,
    /// The case that somebody last wanted something of.
    focus: Option<Uuid>,
}

/// Runs one seed.
pub(crate) async fn run(shared: Shared, seed: u64) -> Told {
    let world = match World::new(shared, seed).await {
        Ok(world) => world,
        Err(fault) => return Told { fault: Some(fault), ..Told::default() },
    };
    let mut run = Run {
        world,
        told: Told::default(),
        requests: Vec::new(),
        chance: Chance::new(seed),
        slow: Vec::new(),
        safe: 0,
        focus: None,
    };
    let outcome = run.all().await;
    run.told.fault = outcome.err();
    for server in 0..SERVERS {
        run.world.crash(server).await;
    }
    run.told
}

impl Run {
    async fn all(&mut self) -> Result<(), Fault> {
        let began = self.world.truth.now();
        let asks = self.world.settle_in().await?;
        self.requests = asks.into_iter().map(Request::new).collect();
        for _ in 0..STEPS {
            self.step().await?;
        }
        self.calm().await?;
        check::everything(self).await?;
        self.told.days = (self.world.truth.now().as_second() - began.as_second()) / 86_400;
        Ok(())
    }

    pub(crate) fn note(&mut self, line: String) {
        self.told.trace.push(line);
    }

    /// One decision.
    async fn step(&mut self) -> Result<(), Fault> {
        let server = self.chance.below(SERVERS);
        match self.chance.below(40) {
            0 => self.turn_clock(),
            1 => self.skew(server),
            2 if self.world.version == 0 && self.chance.one_in(8) => {
                self.note("the packs have a later version".to_owned());
                self.world.version = 1;
            }
            _ => {}
        }
        if self.world.servers[server].app.is_none() {
            let held = self.holds_the_lock(1 - server);
            if !held && self.chance.one_in(3) {
                self.note(format!("start {server}"));
                self.world.start(server).await?;
                check::acknowledged(self).await?;
            }
            return Ok(());
        }
        match self.world.servers[server]
            .running
            .as_ref()
            .map(|running| running.parked.as_ref().map(|p| p.point))
        {
            None => self.begin(server).await,
            Some(Some(point)) => self.go_on(server, point).await,
            Some(None) => Err(format!("liveness: server {server} runs without the token")),
        }
    }

    /// Whether a server stands inside a transaction, so that no other can begin one.
    fn holds_the_lock(&self, server: usize) -> bool {
        let running = self.world.servers[server].running.as_ref();
        running.and_then(|running| running.parked.as_ref()).is_some_and(|at| at.point == Point::BeforeCommit)
    }

    fn turn_clock(&mut self) {
        let seconds = match self.chance.below(6) {
            0 => 86_400 * (1 + self.chance.below(9) as i64),
            1 => 3_600 * (1 + self.chance.below(20) as i64),
            _ => 31 + self.chance.below(300) as i64,
        };
        self.world.truth.advance(seconds);
        self.note(format!("clock +{seconds}"));
    }

    fn skew(&mut self, server: usize) {
        let seconds = self.chance.pick(&[0, 1, -2, -3_600]).unwrap_or(0);
        self.told.faults += usize::from(seconds != 0);
        self.world.servers[server].clock.wrong_by.store(seconds * 1_000_000, Ordering::SeqCst);
        self.note(format!("clock of {server} is wrong by {seconds}"));
    }

    /// A server without a task gets one.
    async fn begin(&mut self, server: usize) -> Result<(), Fault> {
        self.world.truth.advance(1);
        match self.chance.below(26) {
            0..4 => self.engine(server, "work").await,
            4 | 5 => self.engine(server, "lapse").await,
            6 | 7 => self.engine(server, "anchor").await,
            8 => self.engine(server, "migrate").await,
            9 => self.engine(server, "offer").await,
            10 | 11 => self.slow_worker(server).await,
            12..16 => match self.pending() {
                Some(request) => self.send(server, request).await,
                None => self.wish(server).await,
            },
            _ => self.wish(server).await,
        }
    }

    fn pending(&mut self) -> Option<usize> {
        let waiting: Vec<_> = (0..self.requests.len()).filter(|n| !self.requests[*n].over).collect();
        self.chance.pick(&waiting)
    }

    async fn engine(&mut self, server: usize, what: &'static str) -> Result<(), Fault> {
        self.spawn(server, what.to_owned(), move |app| async move {
            Done::Engine(match what {
                "work" => app.work_by(1).await,
                "lapse" => app.lapse_due().await,
                "migrate" => asks::migrate(&app).await,
                "offer" => asks::offer(&app).await,
                _ => app.anchor_heads().await,
            })
        })
        .await
    }

    async fn slow_worker(&mut self, server: usize) -> Result<(), Fault> {
        if self.slow.is_empty() || (self.slow.len() < 3 && self.chance.one_in(2)) {
            let claim = |app: Arc<App>| async move { Done::Slow(asks::claim_slowly(&app, LEASE).await) };
            return self.spawn(server, "claim slowly".to_owned(), claim).await;
        }
        let old = self.slow.remove(0);
        let late = |app: Arc<App>| async move { Done::Late(asks::come_late(&app, &old).await) };
        self.spawn(server, "come late".to_owned(), late).await
    }

    /// Somebody wants something of a case.
    async fn wish(&mut self, server: usize) -> Result<(), Fault> {
        let Some(app) = self.world.servers[server].app.clone() else { return Ok(()) };
        let all = check::cases(&app).await?;
        let mut cases: Vec<_> = all.iter().filter(|row| row.view.open).collect();
        if cases.is_empty() || self.chance.one_in(5) {
            cases = all.iter().collect();
        }
        let parts: Vec<_> = cases.iter().copied().filter(|row| row.view.part_of.is_some()).collect();
        if !parts.is_empty() && self.chance.one_in(2) {
            cases = parts;
        }
        // Often the one just acted upon: it comes far, and both servers want something of it.
        let last = self.focus.filter(|_| !self.chance.one_in(4));
        let again = cases.iter().copied().find(|row| last == Some(row.id));
        let Some(row) = again.or_else(|| self.chance.pick(&cases)) else { return Ok(()) };
        self.focus = Some(row.id);
        let (area, case) = (row.area.clone(), row.id);
        let failed = |error: Error| format!("reading: case {case}: {error}");
        let file = app.open_case(&area, CaseId(case), &Actor::System).await.map_err(failed)?;
        let number = self.requests.len();
        let (actor, command) = wish::wish(&app, &file, number, &mut self.chance);
        let who = match &actor {
            Actor::Applicant(person) => person.0,
            Actor::Agent(agent) => agent.agent.0,
            Actor::Officer(officer) => officer.id.0,
            Actor::System => Uuid::nil(),
        };
        let text = format!("{command:?}");
        let once = Once::new(who, &format!("key-{number}"), [text.as_str()]).map_err(|e| e.to_string())?;
        let (actor, command) = (Box::new(actor), Box::new(command));
        self.requests.push(Request::new(Ask::Act { area, case: CaseId(case), actor, command, once }));
        self.send(server, number).await
    }

    /// Sends a request over a network that loses some.
    async fn send(&mut self, server: usize, number: usize) -> Result<(), Fault> {
        let request = &mut self.requests[number];
        request.tries += 1;
        if request.tries > 12 {
            request.over = true;
        }
        if self.chance.one_in(10) {
            self.told.faults += 1;
            self.note(format!("request {number} to {server} is lost"));
            return Ok(());
        }
        let ask = self.requests[number].ask.clone();
        let what = format!("request {number}: {}", shown(&ask));
        self.spawn(server, what, |app| async move { Done::Answer(number, asks::carry_out(&app, &ask).await) })
            .await
    }

    async fn spawn<T>(
        &mut self,
        server: usize,
        what: String,
        task: impl FnOnce(Arc<App>) -> T,
    ) -> Result<(), Fault>
    where
        T: Future<Output = Done> + Send + 'static,
    {
        self.note(format!("server {server} begins {what}"));
        let Some(app) = self.world.servers[server].app.clone() else { return Ok(()) };
        let sender = self.world.sender();
        let future = task(app);
        let task = tokio::spawn(async move {
            let done = future.await;
            drop(sender.send(Signal::Done { server, done }));
        });
        self.world.servers[server].running = Some(Running { task, parked: None, what });
        self.hear(server).await
    }

    /// A server that stands at a point: it goes on, or something happens to it.
    async fn go_on(&mut self, server: usize, point: Point) -> Result<(), Fault> {
        if point == Point::BeforeBatch && self.holds_the_lock(1 - server) {
            return Ok(());
        }
        if self.chance.one_in(40) {
            self.note(format!("server {server} dies at {point:?}"));
            self.told.crashes += 1;
            self.world.crash(server).await;
            return Ok(());
        }
        if self.chance.one_in(60) {
            self.safe = self.world.log_length();
            return self.power_cut(self.safe).await;
        }
        let word = match point {
            Point::BeforeBatch | Point::BeforeCommit if self.chance.one_in(30) => Err(store::Error::Full),
            Point::BeforeCommit | Point::Committed if self.chance.one_in(60) => Err(store::Error::Stopped),
            _ => Ok(()),
        };
        let stops = matches!(word, Err(store::Error::Stopped));
        if let Err(error) = &word {
            self.told.faults += 1;
            self.note(format!("disk of {server} at {point:?}: {error}"));
        }
        let before = self.world.log_length();
        let parked = self.world.servers[server].running.as_mut().and_then(|running| running.parked.take());
        if let Some(parked) = parked {
            drop(parked.go.send(word));
        }
        self.hear(server).await?;
        if stops {
            self.note(format!("server {server} is started again after its disk failed"));
            self.told.crashes += 1;
            self.world.crash(server).await;
            return Ok(());
        }
        self.perhaps_torn(server, before).await
    }

    /// Power fails while a commit is being written: nobody has been told of it, and any part of it may
    /// be on the disk.
    async fn perhaps_torn(&mut self, server: usize, before: u64) -> Result<(), Fault> {
        let running = self.world.servers[server].running.as_ref();
        let at = running.and_then(|running| running.parked.as_ref()).map(|parked| parked.point);
        let now = self.world.log_length();
        if at != Some(Point::Committed) || now <= before || !self.chance.one_in(40) {
            return Ok(());
        }
        let part = usize::try_from(now - before).unwrap_or(usize::MAX);
        let keep = before + self.chance.below(part) as u64;
        self.power_cut(keep).await
    }

    async fn power_cut(&mut self, keep: u64) -> Result<(), Fault> {
        self.note("power fails".to_owned());
        self.told.crashes += SERVERS;
        self.told.faults += 1;
        self.world.power_cut(keep).await
    }

    /// Waits for the one signal that must come from the server that has the token.
    async fn hear(&mut self, server: usize) -> Result<(), Fault> {
        let heard = tokio::time::timeout(STUCK, self.world.signals.recv()).await;
        let Ok(Some(signal)) = heard else { return Err(format!("liveness: server {server} hangs")) };
        match signal {
            Signal::Parked { server: from, at } => {
                let point = at.point;
                self.told.commits += usize::from(point == Point::Committed);
                self.note(format!("server {from} at {point:?}"));
                match self.world.servers[from].running.as_mut() {
                    Some(running) if from == server && running.parked.is_none() => running.parked = Some(at),
                    _ => return Err(format!("acknowledgement: server {from} writes for nobody who waits")),
                }
                // Whoever was answered already comes to the end now, before the writer has.
                for _ in 0..TURNS {
                    tokio::task::yield_now().await;
                }
                if self.world.signals.try_recv().is_ok() {
                    return Err(format!(
                        "acknowledgement: server {from} answers while its writer stands at {point:?}"
                    ));
                }
            }
            Signal::Done { server: from, done } => {
                let ended = self.world.servers[from].running.take();
                let what = ended.map_or_else(String::new, |running| running.what);
                self.ended(from, &what, done)?;
            }
        }
        Ok(())
    }

    fn ended(&mut self, server: usize, what: &str, done: Done) -> Result<(), Fault> {
        let line = match done {
            Done::Answer(number, answer) => return self.answered(server, number, answer),
            Done::Engine(Ok(count)) => format!("{count}"),
            Done::Engine(Err(error)) if excused(&error) => format!("{error}"),
            Done::Engine(Err(error)) => return Err(format!("engine: {what} failed: {error}")),
            Done::Slow(claims) => {
                self.slow.extend(claims.unwrap_or_default());
                format!("{} held", self.slow.len())
            }
            Done::Late(Err(fault)) => return Err(format!("fence: {fault}")),
            Done::Late(Ok(())) => "refused".to_owned(),
        };
        self.note(format!("server {server} ends {what}: {line}"));
        Ok(())
    }

    fn answered(&mut self, server: usize, number: usize, answer: Result<Acked, Error>) -> Result<(), Fault> {
        let shown = match &answer {
            Ok(acked) => format!("ok, event {}", acked.seq),
            Err(error) => error.to_string(),
        };
        let lost = self.chance.one_in(6);
        let again = self.chance.one_in(8);
        self.note(format!(
            "server {server} answers request {number}: {shown}{}",
            if lost { " (lost)" } else { "" }
        ));
        let request = &mut self.requests[number];
        match answer {
            Ok(acked) => {
                self.told.acknowledged += usize::from(request.done.is_none());
                request.done.get_or_insert(acked);
                // A duplicate of it may still be on its way.
                request.over |= !lost && !again;
            }
            Err(error) if request.done.is_some() && !excused(&error) => {
                return Err(format!("idempotency: request {number} was done and is now answered: {error}"));
            }
            Err(Error::Refused(_) | Error::NotFound) => request.over |= !lost && request.tries > 1,
            Err(error) if excused(&error) => {}
            Err(error) => return Err(format!("answers: request {number}: {error}")),
        }
        self.told.faults += usize::from(lost);
        Ok(())
    }

    /// The trouble is over: nobody is stopped any more, all servers are up, clocks are right.
    async fn calm(&mut self) -> Result<(), Fault> {
        self.note("calm".to_owned());
        self.world.open.store(true, Ordering::SeqCst);
        for server in 0..SERVERS {
            self.world.crash(server).await;
        }
        for server in 0..SERVERS {
            self.world.servers[server].clock.wrong_by.store(0, Ordering::SeqCst);
            self.world.start(server).await?;
        }
        check::acknowledged(self).await
    }
}

impl Request {
    fn new(ask: Ask) -> Self {
        Self { ask, done: None, over: false, tries: 0 }
    }
}

/// What a client may be told when something fails or is busy, and then asks again.
fn excused(error: &Error) -> bool {
    use store::Error as Stored;
    matches!(
        error,
        Error::Contention | Error::Store(Stored::Busy | Stored::Full | Stored::Stopped | Stored::Conflict)
    )
}

fn shown(ask: &Ask) -> String {
    match ask {
        Ask::Submit { draft, .. } => format!("submit {draft}"),
        Ask::Act { case, actor, command, .. } => {
            let who = match actor.as_ref() {
                Actor::Applicant(_) => "citizen",
                Actor::Agent(_) => "agent",
                Actor::Officer(officer) => officer.name.as_str(),
                Actor::System => "engine",
            };
            let command = format!("{command:?}");
            let name: String = command.chars().take_while(char::is_ascii_alphanumeric).collect();
            format!("{who} {name} {case}")
        }
    }
}
