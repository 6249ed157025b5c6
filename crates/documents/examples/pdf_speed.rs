//! How long a sealed PDF takes on one core, the fonts read once:
//! `cargo run --release -p documents --example pdf_speed`

#![expect(
    clippy::unwrap_used,
    clippy::disallowed_methods,
    reason = "a measurement, not a part of the product"
)]

use std::time::{Duration, Instant};

use documents::{Document, Row, Seal, render, render_sealed};

mod common;

const TIMES: usize = 500;

fn main() {
    let start = Instant::now();
    let fonts = common::fonts();
    println!("fonts read in {:.2} ms", start.elapsed().as_secs_f64() * 1_000.0);
    let agency = common::Agency::found("示例机构电子印章");
    let seal = Seal { key: &agency.key, chain: &agency.chain };
    let mut documents = common::all();
    let mut full = common::certificate();
    full.rows = (0..1_000).map(|at| Row::new(format!("项目{at}"), "示例内容，一行一条")).collect();
    documents.push(("1,000 rows", Document::Certificate(full), Vec::new()));
    for (at, (name, document, _)) in documents.into_iter().enumerate() {
        let times = if name == "1,000 rows" { TIMES / 10 } else { TIMES };
        let mut bytes = 0;
        let sealed = measured(times, || {
            bytes = render_sealed(&document, &fonts, common::made(), &seal).unwrap().bytes.len();
        });
        let plain = measured(times, || {
            render(&document, &fonts, common::made()).unwrap();
        });
        println!("{name}: {bytes} bytes; sealed {}; without a seal {}", shown(&sealed), shown(&plain));
        if at == 0 {
            let [p50, p99, bare] = [at_share(&sealed, 50), at_share(&sealed, 99), at_share(&plain, 50)];
            println!("sealed_p50_ms={p50:.3}\nsealed_p99_ms={p99:.3}\nplain_p50_ms={bare:.3}");
        }
    }
}

/// How long each of `times` runs took, the shortest first.
fn measured(times: usize, mut run: impl FnMut()) -> Vec<Duration> {
    let mut taken: Vec<Duration> = (0..times)
        .map(|_| {
            let start = Instant::now();
            run();
            start.elapsed()
        })
        .collect();
    taken.sort();
    taken
}

fn shown(taken: &[Duration]) -> String {
    format!("median {:.2} ms, p99 {:.2} ms", at_share(taken, 50), at_share(taken, 99))
}

/// In milliseconds.
fn at_share(taken: &[Duration], percent: usize) -> f64 {
    taken[(taken.len() * percent / 100).min(taken.len() - 1)].as_secs_f64() * 1_000.0
}
