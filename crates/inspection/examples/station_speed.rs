//! How fast a station looks on this machine: `cargo run --release -p inspection --example station_speed [SECONDS]`.
//!
//! Prints `name=value` lines: pictures a second from encoded pair to verdict, on all cores, beside the decoding of the same pairs
//! alone; crops a second of the network that comes along, asked and taught, beside a large plain product of matrices by the same
//! kernel with as many multiplications; and the most memory that looking took. `cargo xtask bench` runs it.

use std::error::Error;
use std::hint::black_box;
use std::io::Cursor;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::Instant;

use image::{GrayImage, ImageFormat};
use inspection::crop::{LEN, View};
use inspection::learn::{Course, Lesson};
use inspection::network::{Architecture, Layer, Network, Scratch};
use inspection::{Detector, Model, Pair, Picture, judge, synth};

const MODEL: &[u8] = include_bytes!("../../station/models/drawn.model");
/// Drawn boards of 640×640; none of the seed that the model was taught with.
const SEED: u64 = 2026;
const PAIRS: u64 = 40;
/// Lessons and rounds of the course.
const LESSONS: u64 = 60;

type Files = Vec<(Vec<u8>, Vec<u8>)>;

fn main() -> Result<(), Box<dyn Error>> {
    let seconds = std::env::args().nth(1).map_or(Ok(5.0), |text| text.parse::<f64>())?;
    let threads = std::thread::available_parallelism().map_or(1, usize::from);
    let model = Model::read(MODEL)?;
    println!("threads={threads}");
    for (name, format) in [("png", ImageFormat::Png), ("jpeg", ImageFormat::Jpeg)] {
        let files = files(format)?;
        // What is refused is quick, and no measure of looking.
        if !files.iter().all(|files| pair(files).is_some_and(|(a, b)| judge::lay(&a, &b).is_ok())) {
            return Err("a drawn board cannot be judged".into());
        }
        let (rate, cpu) = judged(&model, &files, threads, seconds);
        let (floor, _) = decoded(&files, threads, seconds / 2.0);
        println!("{name}_judged={rate}\n{name}_cpu_ms={cpu}\n{name}_decoded={floor}");
    }
    println!("peak_kib={}", peak_kib().unwrap_or_default());
    let operations = model.network.operations() as f64;
    let roof = roof(seconds / 2.0)?;
    println!("roof_gflops={}", 2e-9 * roof);
    println!("asked={}\nasked_floor={}", asked(&model, seconds / 2.0), roof / operations);
    let (taught, examples, cpu) = taught(threads)?;
    // Once forward and twice back.
    println!("taught={taught}\ntaught_floor={}", roof * threads as f64 / (3.0 * operations));
    println!("taught_examples={examples}\ntaught_cpu_per_thousand={cpu}");
    Ok(())
}

fn files(format: ImageFormat) -> Result<Files, Box<dyn Error>> {
    let encode = |picture: &Picture| -> Result<Vec<u8>, Box<dyn Error>> {
        let (width, height) = (picture.width as u32, picture.height as u32);
        let image = GrayImage::from_raw(width, height, picture.gray.clone()).ok_or("another size")?;
        let mut bytes = Cursor::new(Vec::new());
        image.write_to(&mut bytes, format)?;
        Ok(bytes.into_inner())
    };
    let pair = |n| {
        let drawn = synth::draw(SEED, n);
        Ok((encode(&drawn.test)?, encode(&drawn.template)?))
    };
    (0..PAIRS).map(pair).collect()
}

fn pair(files: &(Vec<u8>, Vec<u8>)) -> Option<(Picture, Picture)> {
    Some((Picture::decode(&files.0).ok()?, Picture::decode(&files.1).ok()?))
}

/// Pictures a second on the wall, and processor milliseconds each.
fn judged(model: &Model, files: &Files, threads: usize, seconds: f64) -> (f64, f64) {
    over(files.len(), threads, seconds, || {
        let mut detector = Detector::new(model);
        move |n| {
            let verdict = pair(&files[n])
                .and_then(|(test, template)| judge::lay(&test, &template).ok())
                .map(|pair| judge::verdict(&detector.find(&pair, 1), model.card.bands));
            black_box(verdict);
        }
    })
}

fn decoded(files: &Files, threads: usize, seconds: f64) -> (f64, f64) {
    over(files.len(), threads, seconds, || {
        |n| {
            black_box(pair(&files[n]));
        }
    })
}

/// Works through `count` things again and again on all threads, after one round that is not counted.
fn over<W: FnMut(usize)>(
    count: usize,
    threads: usize,
    seconds: f64,
    begin: impl Fn() -> W + Sync,
) -> (f64, f64) {
    let next = AtomicUsize::new(0);
    let work = |until: &(dyn Fn(usize) -> bool + Sync)| {
        next.store(0, Ordering::Relaxed);
        std::thread::scope(|scope| {
            for _ in 0..threads {
                scope.spawn(|| {
                    let mut work = begin();
                    while until(next.load(Ordering::Relaxed)) {
                        work(next.fetch_add(1, Ordering::Relaxed) % count);
                    }
                });
            }
        });
    };
    work(&|n| n < count);
    let (wall, cpu) = (now(), cpu_seconds());
    work(&|_| wall.elapsed().as_secs_f64() < seconds);
    let done = next.load(Ordering::Relaxed) as f64;
    (done / wall.elapsed().as_secs_f64(), (cpu_seconds() - cpu) * 1e3 / done)
}

/// Crops a second of the network on one thread.
fn asked(model: &Model, seconds: f64) -> f64 {
    const CROPS: usize = 32;
    let drawn = synth::draw(SEED, 0);
    let pair = Pair::new(&drawn.test, &drawn.template);
    let mut batch = vec![0.0; CROPS * LEN];
    for (candidate, out) in pair.candidates.iter().cycle().zip(batch.chunks_exact_mut(LEN)) {
        View::of(candidate, 0).draw(&pair, candidate, out);
    }
    let mut scratch = Scratch::new();
    let rate = best(seconds, || {
        black_box(model.network.infer(&mut scratch, &batch).len());
    });
    CROPS as f64 * rate
}

/// Multiplications a second of a product of 1024×1024×1024 on one thread.
fn roof(seconds: f64) -> Result<f64, Box<dyn Error>> {
    let layers = vec![Layer::Conv1 { channels: 1024 }, Layer::Conv1 { channels: 1024 }, Layer::Average];
    let square =
        Architecture { height: 32, width: 32, channels: 64, extra: 0, layers, classes: 2, boxes: false };
    let network = Network::new(&square, 1)?;
    let batch = vec![0.5; network.architecture().input_len()];
    let mut scratch = Scratch::new();
    let rate = best(seconds, || {
        black_box(network.infer(&mut scratch, &batch).len());
    });
    Ok(rate * network.operations() as f64)
}

/// The best rate of some seconds.
fn best(seconds: f64, mut work: impl FnMut()) -> f64 {
    work();
    let start = now();
    let mut best = f64::INFINITY;
    while start.elapsed().as_secs_f64() < seconds {
        let one = now();
        work();
        best = best.min(one.elapsed().as_secs_f64());
    }
    1.0 / best
}

/// Examples taught a second on all threads, how many, and processor seconds for a thousand of them.
fn taught(threads: usize) -> Result<(f64, f64, f64), Box<dyn Error>> {
    let lessons: Vec<Lesson> = (0..LESSONS)
        .map(|n| synth::draw(SEED, n))
        .map(|drawn| Lesson { pair: Pair::new(&drawn.test, &drawn.template), annotations: drawn.annotations })
        .collect();
    let lessons: Vec<&Lesson> = lessons.iter().collect();
    let course = Course { epochs: 6, seed: 1, threads };
    let (mut steps, mut samples) = (0, 0);
    let (wall, cpu) = (now(), cpu_seconds());
    inspection::learn::teach(&lessons, None, course, |_, _, loss| {
        steps += 1;
        samples += loss.samples;
    })?;
    let (wall, cpu) = (wall.elapsed().as_secs_f64(), cpu_seconds() - cpu);
    let examples = samples as f64;
    Ok((examples / wall, examples, cpu * 1e3 / examples))
}

#[expect(clippy::disallowed_methods, reason = "this program measures time and does nothing else")]
fn now() -> Instant {
    Instant::now()
}

/// Processor time of this program: the kernel tells it in ticks of 10 ms (`man 5 proc`, `utime` and `stime`).
fn cpu_seconds() -> f64 {
    let ticks = || {
        let stat = std::fs::read_to_string("/proc/self/stat").ok()?;
        let mut fields = stat.rsplit_once(')')?.1.split_whitespace().skip(11);
        Some(fields.next()?.parse::<f64>().ok()? + fields.next()?.parse::<f64>().ok()?)
    };
    ticks().unwrap_or_default() / 100.0
}

fn peak_kib() -> Option<u64> {
    let status = std::fs::read_to_string("/proc/self/status").ok()?;
    let line = status.lines().find_map(|line| line.strip_prefix("VmHWM:"))?;
    line.split_whitespace().next()?.parse().ok()
}
