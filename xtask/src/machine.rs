//! Facts without which a figure means nothing: which machine, which commit, what else it was doing.

use std::process::Command;
use std::thread;

/// Where and when figures were taken.
pub(crate) struct Machine {
    pub(crate) processor: String,
    pub(crate) cores: usize,
    pub(crate) memory_gib: u64,
    /// Load average over the last minute, before the run.
    pub(crate) load: String,
    pub(crate) commit: String,
    pub(crate) date: String,
}

impl Machine {
    pub(crate) fn look() -> Self {
        let cpuinfo = read("/proc/cpuinfo");
        let processor = value_of(&cpuinfo, "model name").unwrap_or("unknown").to_owned();
        let meminfo = read("/proc/meminfo");
        let kib =
            value_of(&meminfo, "MemTotal").and_then(|value| value.split(' ').next()?.parse::<u64>().ok());
        let load = read("/proc/loadavg");
        Self {
            processor,
            cores: thread::available_parallelism().map_or(1, usize::from),
            memory_gib: kib.unwrap_or_default() / (1024 * 1024),
            load: load.split(' ').next().unwrap_or("unknown").to_owned(),
            commit: commit(),
            date: said(Command::new("date").args(["-u", "+%Y-%m-%d"])),
        }
    }

    /// One line for people.
    pub(crate) fn line(&self) -> String {
        let Self { processor, cores, memory_gib, load, commit, date } = self;
        format!("{date}, commit {commit}, {cores} cores ({processor}), {memory_gib} GiB, load before {load}")
    }
}

/// The short commit, with a `+` when files differ from it.
fn commit() -> String {
    let root = crate::paths::root();
    let short = said(Command::new("git").args(["rev-parse", "--short", "HEAD"]).current_dir(&root));
    let changed = said(Command::new("git").args(["status", "--porcelain"]).current_dir(&root));
    if changed.is_empty() { short } else { format!("{short}+") }
}

fn said(command: &mut Command) -> String {
    let output = command.output().map(|output| output.stdout).unwrap_or_default();
    String::from_utf8_lossy(&output).trim().to_owned()
}

fn read(path: &str) -> String {
    std::fs::read_to_string(path).unwrap_or_default()
}

/// The value of the first line `name: value` of a file under `/proc`.
pub(crate) fn value_of<'a>(text: &'a str, name: &str) -> Option<&'a str> {
    let mut pairs = text.lines().filter_map(|line| line.split_once(':'));
    pairs.find(|(key, _)| key.trim() == name).map(|(_, value)| value.trim())
}

#[cfg(test)]
mod tests {
    use super::value_of;

    #[test]
    fn a_fact_is_read_by_its_name() {
        let text = "VmPeak:\t  90 kB\nVmHWM:\t  72 kB\n";
        assert_eq!(value_of(text, "VmHWM"), Some("72 kB"));
        assert_eq!(value_of(text, "Vm"), None);
    }
}
