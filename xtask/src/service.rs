//! A program that runs beside a chore and never outlives it.
//!
//! The program is started by a small shell that watches a pipe from us. However we end (return, panic, a kill from
//! outside), the pipe closes and the shell stops the program and removes its folder.

use std::fs::File;
use std::net::TcpListener;
use std::os::unix::process::CommandExt;
use std::path::PathBuf;
use std::process::{Child, Command, ExitStatus, Stdio};
use std::thread;
use std::time::Duration;

use crate::clock::Stopwatch;
use crate::machine::value_of;

const KEEPER: &str = r#"
exec 3<&0
signal=$1; folder=$2; note=$3; shift 3
sh -c 'echo $$ > "$0"; exec "$@"' "$note" "$@" </dev/null 3<&- &
program=$!
( cat >/dev/null; kill "-$signal" "$program" ) <&3 3<&- 2>/dev/null &
watch=$!
wait "$program"; status=$?
kill "$watch" 2>/dev/null
[ -n "$folder" ] && rm -rf "$folder"
exit "$status"
"#;

/// How long a program may take to stop once asked.
const STOP_WITHIN: Duration = Duration::from_secs(30);

/// What to start and how to end it.
pub(crate) struct Plan {
    /// What people call it, for messages.
    pub(crate) name: &'static str,
    /// Words put before the keeper itself, such as `runuser -u postgres --`.
    pub(crate) wrapped_in: Vec<String>,
    /// The program and its arguments.
    pub(crate) command: Vec<String>,
    /// The signal that asks it to stop: `TERM`, `INT`.
    pub(crate) signal: &'static str,
    /// A folder that goes when the program goes.
    pub(crate) folder: Option<PathBuf>,
    /// Where its output is written.
    pub(crate) log: PathBuf,
    /// Its working folder.
    pub(crate) within: PathBuf,
}

/// A running program; dropping it stops it.
pub(crate) struct Service {
    name: &'static str,
    keeper: Child,
    log: PathBuf,
    note: PathBuf,
}

impl Service {
    pub(crate) fn start(plan: Plan) -> Result<Self, String> {
        let name = plan.name;
        let say = |e: std::io::Error| format!("{name} did not start: {e}");
        let out = File::create(&plan.log).map_err(say)?;
        let err = out.try_clone().map_err(say)?;
        let mut words = plan.wrapped_in;
        words.extend(["sh", "-c", KEEPER, "keeper", plan.signal].map(str::to_owned));
        let note = plan.log.with_extension("pid");
        words.push(plan.folder.map(|folder| folder.display().to_string()).unwrap_or_default());
        words.push(note.display().to_string());
        words.extend(plan.command);
        let (program, arguments) = words.split_first().ok_or("nothing to start")?;
        let mut command = Command::new(program);
        command.args(arguments).current_dir(plan.within).process_group(0);
        command.stdin(Stdio::piped()).stdout(out).stderr(err);
        let keeper = command.spawn().map_err(say)?;
        Ok(Self { name, keeper, log: plan.log, note })
    }

    /// Waits until `ready` says yes; an early end or a late start is an error that shows the log's end.
    pub(crate) fn wait_until(&mut self, within: Duration, ready: impl Fn() -> bool) -> Result<(), String> {
        let watch = Stopwatch::start();
        loop {
            if let Ok(Some(status)) = self.keeper.try_wait() {
                return Err(self.trouble(&format!("ended at once ({status})")));
            }
            if ready() {
                return Ok(());
            }
            if watch.elapsed() > within {
                return Err(self.trouble(&format!("was not ready within {} s", within.as_secs())));
            }
            thread::sleep(Duration::from_millis(20));
        }
    }

    /// A message about this program with the last lines it wrote.
    pub(crate) fn trouble(&self, what: &str) -> String {
        let text = std::fs::read_to_string(&self.log).unwrap_or_default();
        let lines: Vec<&str> = text.lines().collect();
        let tail = lines[lines.len().saturating_sub(15)..].join("\n    ");
        format!("{} {what}; its last words:\n    {tail}", self.name)
    }

    /// The program's own process id.
    pub(crate) fn program(&self) -> Option<u32> {
        std::fs::read_to_string(&self.note).ok()?.trim().parse().ok()
    }

    /// The program and the processes that it started itself, held still so that it starts no more: all that a
    /// [`kill`] must name.
    pub(crate) fn family(&self) -> Result<Vec<u32>, String> {
        let program = self.program().ok_or_else(|| format!("{} has no process", self.name))?;
        signal("STOP", &[program])?;
        let watch = Stopwatch::start();
        while !stands_still(program) && watch.elapsed() < Duration::from_secs(1) {
            thread::sleep(Duration::from_millis(1));
        }
        let mut family = vec![program];
        family.extend(children(program)?);
        Ok(family)
    }

    fn stop(&mut self) -> Option<ExitStatus> {
        drop(self.keeper.stdin.take());
        let watch = Stopwatch::start();
        while watch.elapsed() < STOP_WITHIN {
            if let Ok(Some(status)) = self.keeper.try_wait() {
                return Some(status);
            }
            thread::sleep(Duration::from_millis(10));
        }
        None
    }
}

impl Drop for Service {
    fn drop(&mut self) {
        if self.stop().is_none() {
            eprintln!("xtask: {} did not stop within {} s", self.name, STOP_WITHIN.as_secs());
        }
    }
}

/// Ends processes at once, without a word to them, as a power failure would.
pub(crate) fn kill(processes: &[u32]) -> Result<(), String> {
    signal("KILL", processes)
}

fn signal(name: &str, processes: &[u32]) -> Result<(), String> {
    let ids: Vec<String> = processes.iter().map(u32::to_string).collect();
    let status = Command::new("kill").args(["-s", name]).args(&ids).status();
    if status.is_ok_and(|status| status.success()) {
        Ok(())
    } else {
        Err(format!("the signal {name} did not reach all of {}", ids.join(" ")))
    }
}

/// The processes whose parent is this one.
fn children(parent: u32) -> Result<Vec<u32>, String> {
    let all = std::fs::read_dir("/proc").map_err(|e| format!("/proc: {e}"))?;
    let ids = all.flatten().filter_map(|entry| entry.file_name().to_str()?.parse().ok());
    // One that ends while we look is no longer a child.
    let is_child = |id: &u32| fact(*id, "PPid").is_some_and(|id| id == parent.to_string());
    Ok(ids.filter(is_child).collect())
}

fn stands_still(process: u32) -> bool {
    fact(process, "State").is_some_and(|state| state.starts_with('T'))
}

/// What the system tells about a process.
fn fact(process: u32, name: &str) -> Option<String> {
    let status = std::fs::read_to_string(format!("/proc/{process}/status")).ok()?;
    value_of(&status, name).map(str::to_owned)
}

/// A port of the loopback address that was free a moment ago.
pub(crate) fn free_port() -> Result<u16, String> {
    let listener = TcpListener::bind(("127.0.0.1", 0)).map_err(|e| format!("no free port: {e}"))?;
    listener.local_addr().map(|address| address.port()).map_err(|e| format!("no free port: {e}"))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::scratch::Scratch;

    fn plan(scratch: &Scratch, script: &str) -> Plan {
        let folder = scratch.path().join("own");
        std::fs::create_dir(&folder).unwrap();
        Plan {
            name: "the sleeper",
            wrapped_in: Vec::new(),
            command: ["sh", "-c", script].map(str::to_owned).to_vec(),
            signal: "TERM",
            folder: Some(folder),
            log: scratch.path().join("log"),
            within: scratch.path().to_path_buf(),
        }
    }

    #[test]
    fn dropping_a_service_stops_it_and_removes_its_folder() {
        let scratch = Scratch::new("service").unwrap();
        let started = scratch.path().join("started");
        let mut service = Service::start(plan(&scratch, "echo yes > started; exec sleep 60")).unwrap();
        let written = || std::fs::read_to_string(&started).is_ok_and(|text| text.ends_with('\n'));
        service.wait_until(Duration::from_secs(10), written).unwrap();
        let process = format!("/proc/{}", service.program().unwrap());
        let watch = Stopwatch::start();
        drop(service);
        assert!(watch.elapsed() < Duration::from_secs(10), "stopping took {:?}", watch.elapsed());
        assert!(!std::path::Path::new(&process).exists(), "the program still runs");
        assert!(!scratch.path().join("own").exists(), "its folder is still there");
    }

    #[test]
    fn a_killed_service_is_gone_with_those_it_started() {
        let scratch = Scratch::new("service").unwrap();
        let started = scratch.path().join("started");
        let stubborn = "trap '' TERM; sleep 60 & sleep 61 & echo yes > started; while :; do sleep 1; done";
        let mut service = Service::start(plan(&scratch, stubborn)).unwrap();
        service.wait_until(Duration::from_secs(10), || started.is_file()).unwrap();
        let family = service.family().unwrap();
        assert!(family.len() >= 3, "the program and what sleeps: {family:?}");
        assert_eq!(family.first().copied(), service.program());
        kill(&family).unwrap();
        drop(service);
        // Whoever adopts the orphans may take a moment to bury them.
        let runs = |id: &u32| fact(*id, "State").is_some_and(|state| !state.starts_with(['Z', 'X']));
        let watch = Stopwatch::start();
        while family.iter().any(runs) {
            assert!(watch.elapsed() < Duration::from_secs(10), "some of {family:?} still run");
            thread::sleep(Duration::from_millis(10));
        }
    }

    #[test]
    fn an_early_end_is_told_with_its_last_words() {
        let scratch = Scratch::new("service").unwrap();
        let mut service = Service::start(plan(&scratch, "echo no such pack; exit 3")).unwrap();
        let error = service.wait_until(Duration::from_secs(10), || false).unwrap_err();
        assert!(error.contains("ended at once") && error.contains("no such pack"), "{error}");
    }
}
