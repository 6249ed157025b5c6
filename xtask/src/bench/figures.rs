//! Figures and how they are told: to people, to programs, to docs/performance.md.

use std::fmt::Write as _;
use std::fs::OpenOptions;
use std::io::Write as _;

use crate::build_cost::BuildCost;
use crate::machine::Machine;
use crate::paths;

/// What docs/performance.md begins with.
const HEAD: &str = "\
# Performance

Every figure here was appended by the command above its table (`--record`). Rates stand beside a floor measured in the
same run on the same machine, client included on the same cores: for pages and searches a bare hello of the same HTTP
stack, for submissions the same rows in the same batches written straight into the same database. A run counts only
answers that were read whole and held what the page must hold.
";

/// One line of the table.
pub(crate) struct Figure {
    /// What was measured, for people and (with dashes) for programs.
    pub(crate) name: String,
    pub(crate) value: f64,
    pub(crate) unit: &'static str,
    /// The floor measured in the same run, and the share of it aimed at.
    pub(crate) floor: Option<Floor>,
    /// What else is worth knowing.
    pub(crate) note: String,
}

/// What the stack below can do at best.
pub(crate) struct Floor {
    pub(crate) value: f64,
    pub(crate) aim: f64,
}

/// All figures of a run.
#[derive(Default)]
pub(crate) struct Figures(Vec<Figure>);

impl Figures {
    pub(crate) fn add(&mut self, name: &str, value: f64, unit: &'static str, note: impl Into<String>) {
        self.0.push(Figure { name: name.to_owned(), value, unit, floor: None, note: note.into() });
    }

    pub(crate) fn add_beside(
        &mut self,
        name: &str,
        value: f64,
        unit: &'static str,
        floor: Floor,
        note: String,
    ) {
        self.0.push(Figure { name: name.to_owned(), value, unit, floor: Some(floor), note });
    }

    /// As a Markdown table.
    pub(crate) fn table(&self) -> String {
        let mut text =
            "| figure | measured | floor | of the floor | aim | note |\n|---|--:|--:|--:|--:|---|\n"
                .to_owned();
        for Figure { name, value, unit, floor, note } in &self.0 {
            let value = format!("{} {unit}", number(*value));
            let (floor, share, aim) = match floor {
                Some(Floor { value: floor, aim }) => {
                    let share = format!("{:.2}", self.share(name).unwrap_or_default());
                    (format!("{} {unit}", number(*floor)), share, format!("≥ {aim}"))
                }
                None => Default::default(),
            };
            // A string takes everything.
            let _ = writeln!(text, "| {name} | {value} | {floor} | {share} | {aim} | {note} |");
        }
        text
    }

    fn share(&self, name: &str) -> Option<f64> {
        let figure = self.0.iter().find(|figure| figure.name == name)?;
        figure.floor.as_ref().map(|floor| figure.value / floor.value)
    }

    /// As one JSON object.
    pub(crate) fn json(&self, machine: &Machine) -> String {
        let Machine { processor, cores, memory_gib, load, commit, date } = machine;
        let mut text = format!(
            "{{\"date\":{date:?},\"commit\":{commit:?},\"cores\":{cores},\"processor\":{processor:?},\
             \"memory_gib\":{memory_gib},\"load_before\":{load:?},\"figures\":["
        );
        for (at, Figure { name, value, unit, floor, .. }) in self.0.iter().enumerate() {
            let comma = if at == 0 { "" } else { "," };
            let _ = write!(text, "{comma}{{\"name\":{name:?},\"value\":{value},\"unit\":{unit:?}");
            if let Some(Floor { value, aim }) = floor {
                let share = self.share(name).unwrap_or_default();
                let _ = write!(text, ",\"floor\":{value},\"share\":{share:.3},\"aim\":{aim}");
            }
            text.push('}');
        }
        text.push_str("]}");
        text
    }

    /// Appends the table to docs/performance.md.
    pub(crate) fn record(&self, machine: &Machine, command: &str) -> Result<(), String> {
        let path = paths::root().join("docs/performance.md");
        let say = |e: std::io::Error| format!("{}: {e}", path.display());
        let begin = if path.exists() { "" } else { HEAD };
        let mut file = OpenOptions::new().append(true).create(true).open(&path).map_err(say)?;
        let text = format!("{begin}\n## `{command}`\n\n{}.\n\n{}", machine.line(), self.table());
        file.write_all(text.as_bytes()).map_err(say)?;
        println!("recorded in {}", path.display());
        Ok(())
    }
}

/// A number without digits that nobody reads.
fn number(value: f64) -> String {
    if value >= 100.0 { format!("{value:.0}") } else { format!("{value:.2}") }
}

/// What a build cost, as figures.
pub(crate) fn of_build(cost: &BuildCost) -> Figures {
    let mut figures = Figures::default();
    let command = "`cargo build --release` of the program, from nothing";
    figures.add("release build", cost.wall, "s", command);
    figures.add(
        "its processor time",
        cost.processor,
        "CPU s",
        format!("{} packages compiled", cost.packages),
    );
    figures.add("build scripts and the rest", cost.rest, "CPU s", "C code of SQLite and ring among it");
    for (package, seconds) in &cost.dearest {
        figures.add(package, *seconds, "CPU s", "");
    }
    figures
}

#[cfg(test)]
mod tests {
    use super::*;

    fn sample() -> Figures {
        let mut figures = Figures::default();
        figures.add("cold start", 0.25, "s", "");
        let floor = Floor { value: 40_000.0, aim: 0.5 };
        figures.add_beside("item pages", 22_000.0, "/s", floor, "p99 4.1 ms".to_owned());
        figures
    }

    #[test]
    fn a_figure_stands_beside_its_floor() {
        let table = sample().table();
        assert!(
            table.contains("| item pages | 22000 /s | 40000 /s | 0.55 | ≥ 0.5 | p99 4.1 ms |"),
            "{table}"
        );
        assert!(table.contains("| cold start | 0.25 s |  |  |  |  |"), "{table}");
    }

    #[test]
    fn programs_read_the_same_figures() {
        let machine = Machine {
            processor: "a \"quoted\" one".to_owned(),
            cores: 2,
            memory_gib: 24,
            load: "0.1".to_owned(),
            commit: "abc".to_owned(),
            date: "2026-11-23".to_owned(),
        };
        let read: serde_json::Value = serde_json::from_str(&sample().json(&machine)).unwrap();
        assert_eq!(read["figures"][1]["share"], 0.55);
        assert_eq!(read["processor"], "a \"quoted\" one");
    }
}
