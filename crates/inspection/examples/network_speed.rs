//! How fast the network is on this machine: `cargo run --release -p inspection --example network_speed`.
//!
//! Prints crops per second and billions of operations per second (two for each multiply-add), asking and teaching,
//! on one and on two threads, beside what a large plain product of matrices reaches with the same kernel (a 1×1
//! convolution of 1024 to 1024 channels): the roof under which everything else lives.

use std::hint::black_box;
use std::time::Instant;

use inspection::network::{
    Architecture, Layer, Network, NetworkError, Random, Scratch, Target, TrainOptions, Trainer,
};

const CONV: fn(u16) -> Layer = |channels| Layer::Conv3 { channels, stride: 1 };

fn architecture(side: u16) -> Architecture {
    let layers = vec![
        CONV(16),
        Layer::Pool,
        CONV(32),
        Layer::Pool,
        CONV(48),
        Layer::Pool,
        CONV(64),
        Layer::Residual,
        Layer::Dropout { percent: 20 },
        Layer::Dense { width: 64 },
    ];
    Architecture { height: side, width: side, channels: 4, extra: 5, layers, classes: 7, boxes: true }
}

#[expect(clippy::disallowed_methods, reason = "this program measures time and does nothing else")]
fn seconds(mut work: impl FnMut()) -> f64 {
    work();
    let mut best = f64::INFINITY;
    let start = Instant::now();
    while start.elapsed().as_secs_f64() < 2.0 {
        let one = Instant::now();
        work();
        best = best.min(one.elapsed().as_secs_f64());
    }
    best
}

fn ask(network: &Network, threads: usize, batch: &[f32]) -> f64 {
    let mut scratches = vec![Scratch::new(); threads];
    seconds(|| {
        std::thread::scope(|scope| {
            for scratch in &mut scratches {
                scope.spawn(|| black_box(network.infer(scratch, batch).len()));
            }
        });
    })
}

fn teach(network: &Network, threads: usize, count: usize) -> Result<f64, NetworkError> {
    let options = TrainOptions { threads, ..TrainOptions::new(1_000_000) };
    let mut trainer = Trainer::new(network.clone(), options)?;
    Ok(seconds(|| {
        trainer.step(count, |index, crop| {
            let mut random = Random::new(&[index as u64]);
            crop.fill_with(|| random.unit());
            Target::class(index % 7)
        });
    }))
}

fn main() -> Result<(), NetworkError> {
    let square = Architecture {
        height: 32,
        width: 32,
        channels: 64,
        extra: 0,
        layers: vec![Layer::Conv1 { channels: 1024 }, Layer::Conv1 { channels: 1024 }, Layer::Average],
        classes: 2,
        boxes: false,
    };
    let roof = Network::new(&square, 1)?;
    let batch = vec![0.5; roof.architecture().input_len()];
    let best = ask(&roof, 1, &batch);
    println!("roof: {:.1} GFLOP/s on one thread (1024×1024×1024)", 2e-9 * roof.operations() as f64 / best);
    for side in [48, 64] {
        let network = Network::new(&architecture(side), 1)?;
        let operations = network.operations() as f64;
        println!(
            "{side}×{side}: {} parameters, {:.2} M multiply-adds a crop",
            network.parameters(),
            operations / 1e6
        );
        let crops = 32;
        let mut random = Random::new(&[1]);
        let batch: Vec<f32> =
            (0..crops * network.architecture().input_len()).map(|_| random.unit()).collect();
        for threads in [1, 2] {
            let rate = (threads * crops) as f64 / ask(&network, threads, &batch);
            println!(
                "  asking,   {threads} threads: {rate:8.0} crops/s {:6.1} GFLOP/s",
                rate * 2e-9 * operations
            );
            let count = 64;
            let rate = count as f64 / teach(&network, threads, count)?;
            println!(
                "  teaching, {threads} threads: {rate:8.0} crops/s {:6.1} GFLOP/s",
                rate * 6e-9 * operations
            );
        }
    }
    Ok(())
}
