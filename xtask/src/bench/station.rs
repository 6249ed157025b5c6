//! How fast a station looks and learns: the example `station_speed` of `inspection`, as figures.

use std::process::Command;

use super::figures::{Figures, Floor};
use crate::{cargo, load, paths};

/// The station and nothing else.
pub(crate) fn alone(quick: bool) -> Result<Figures, String> {
    cargo::run(&["build", "--release", "--package", "inspection", "--example", "station_speed"], &[])?;
    let mut figures = Figures::default();
    speed(&mut figures, if quick { 3 } else { 10 })?;
    Ok(figures)
}

/// Judging from the file to the verdict, the network alone, and teaching; each beside its floor.
pub(crate) fn speed(figures: &mut Figures, seconds: u32) -> Result<(), String> {
    println!("── a station beside a line");
    let mut command = Command::new(paths::built("release", "examples/station_speed")?);
    let counted = load::counted(command.arg(seconds.to_string()))?;
    let get = |name: &str| counted.get(name);
    let threads = get("threads");
    for (name, what) in [("PNG", "png"), ("JPEG", "jpeg")] {
        let of = |part: &str| get(&format!("{what}_{part}"));
        let note = format!(
            "aim ≥ 100/s; 640×640, from the encoded pair to the verdict, {threads} threads, {:.1} CPU ms each; floor: the pair decoded",
            of("cpu_ms")
        );
        let floor = Floor { value: of("decoded"), aim: 0.1 };
        figures.add_beside(&format!("pictures judged, {name}"), of("judged"), "/s", floor, note);
    }
    let roof = get("roof_gflops");
    let note = format!("one thread; floor: as many multiplications in a product of 1024³, {roof:.0} GFLOP/s");
    let floor = Floor { value: get("asked_floor"), aim: 0.5 };
    figures.add_beside("crops asked", get("asked"), "/s", floor, note);
    let note = format!(
        "{threads} threads, {:.2} CPU s a thousand, over {} of drawn boards, drawing of crops included; floor: three times the multiplications",
        get("taught_cpu_per_thousand"),
        get("taught_examples")
    );
    let floor = Floor { value: get("taught_floor"), aim: 0.3 };
    figures.add_beside("examples taught", get("taught"), "/s", floor, note);
    let peak = get("peak_kib") / 1024.0;
    figures.add("peak memory, judging", peak, "MiB", "aim < 300 MiB; the encoded pairs included");
    Ok(())
}
