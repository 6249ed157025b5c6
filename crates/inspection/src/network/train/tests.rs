use super::super::kernel::levels;
use super::super::random::Random;
use super::super::{Architecture, Layer, Network, Scratch};
use super::chunk::{Chunk, Workspace};
use super::*;

fn architecture(layers: &[Layer]) -> Architecture {
    Architecture {
        height: 7,
        width: 6,
        channels: 3,
        extra: 2,
        layers: layers.to_vec(),
        classes: 3,
        boxes: true,
    }
}

/// Everything a new network begins evenly with made uneven, so that nothing cancels out.
fn shaken(layers: &[Layer], seed: u64) -> Network {
    let mut network = Network::new(&architecture(layers), seed).unwrap();
    let mut random = Random::new(&[seed, 99]);
    for stage in &network.plan.stages {
        for number in &mut network.parameters[stage.vectors.clone()] {
            *number += random.normal() * 0.3;
        }
        for number in &mut network.parameters[stage.weights.clone()] {
            *number += random.normal() * 0.1;
        }
    }
    network
}

fn sample(index: usize, crop: &mut [f32]) -> Target {
    let mut random = Random::new(&[5, index as u64]);
    crop.fill_with(|| random.normal());
    let region = (!index.is_multiple_of(3)).then(|| std::array::from_fn(|_| random.normal()));
    Target { class: index % 3, weight: 0.5 + random.unit(), region }
}

fn learn(network: &Network, options: &TrainOptions) -> (f64, Vec<f32>) {
    let mut weights = Weights::new(&network.plan);
    weights.load(network);
    let mut workspace = Workspace::new(Level::new(), &network.plan, 8);
    let mut chunk = Chunk::new(&network.plan);
    // what an earlier and larger chunk left behind must not show
    workspace.fill(network, 20..28, &sample);
    workspace.learn(network, &weights, options, 1.0, &[0], &mut chunk);
    workspace.fill(network, 0..6, &sample);
    workspace.learn(network, &weights, options, 1.0 / 6.0, &[0], &mut chunk);
    (chunk.loss.mean(), chunk.gradient)
}

/// Slopes against what small steps in random directions really do, for each range of parameters by itself.
fn slopes_hold(name: &str, layers: &[Layer], change: impl Fn(&mut TrainOptions)) {
    let mut options = TrainOptions::new(10);
    options.smoothing = 0.1;
    options.box_bend = 0.7;
    change(&mut options);
    for seed in 0..3 {
        let network = shaken(layers, seed);
        let (_, gradient) = learn(&network, &options);
        let mut random = Random::new(&[seed, 3]);
        for (index, stage) in network.plan.stages.iter().enumerate() {
            for range in [stage.weights.clone(), stage.vectors.clone()] {
                if range.is_empty() {
                    continue;
                }
                let count = (range.len() as f32).sqrt();
                let direction: Vec<f32> = range.clone().map(|_| random.normal() / count).collect();
                let along: f32 = gradient[range.clone()].iter().zip(&direction).map(|(a, b)| a * b).sum();
                let size = gradient[range.clone()].iter().map(|slope| slope * slope).sum::<f32>().sqrt();
                let moved = |by: f32| {
                    let mut network = network.clone();
                    let both = network.parameters[range.clone()].iter_mut().zip(&direction);
                    both.for_each(|(parameter, step)| *parameter += by * step);
                    learn(&network, &options).0
                };
                // a long step may cross the bend of a ReLU, a short one drown in rounding: one of them must hold
                let found =
                    [4e-3, 1e-3].map(|step| ((moved(step) - moved(-step)) / f64::from(2.0 * step)) as f32);
                let allowed = 0.05 * size / count + 6e-4;
                assert!(
                    found.iter().any(|found| (found - along).abs() < allowed) && size > 1e-5,
                    "{name}, seed {seed}, stage {index} {:?} {range:?}: {found:?} by steps, {along} by slopes, size {size}",
                    stage.kind
                );
            }
        }
    }
}

const CONV: Layer = Layer::Conv3 { channels: 16, stride: 1 };

#[test]
fn slopes_of_every_layer() {
    slopes_hold("output", &[], |_| {});
    slopes_hold("dense", &[Layer::Dense { width: 19 }, Layer::Dense { width: 33 }], |_| {});
    slopes_hold("conv3", &[CONV, Layer::Conv3 { channels: 32, stride: 1 }], |_| {});
    slopes_hold("stride", &[CONV, Layer::Conv3 { channels: 16, stride: 2 }, CONV], |_| {});
    slopes_hold("first stride", &[Layer::Conv3 { channels: 16, stride: 2 }], |_| {});
    slopes_hold("conv1", &[CONV, Layer::Conv1 { channels: 32 }, Layer::Conv1 { channels: 16 }], |_| {});
    slopes_hold("pool", &[CONV, Layer::Pool, CONV], |_| {});
    slopes_hold("residual", &[CONV, Layer::Residual, Layer::Residual, Layer::Pool], |_| {});
    slopes_hold("average", &[CONV, Layer::Average], |_| {});
    slopes_hold("dropout", &[CONV, Layer::Dropout { percent: 40 }, Layer::Dense { width: 20 }], |_| {});
}

#[test]
fn slopes_of_every_loss() {
    slopes_hold("focal", &[CONV], |options| options.focal = 2.0);
    slopes_hold("plain", &[CONV], |options| (options.smoothing, options.box_weight) = (0.0, 3.0));
}

fn taught(level: Level, threads: usize, layers: &[Layer]) -> Vec<u8> {
    let options = TrainOptions { threads, chunk: 4, rate: 0.01, average: 0.5, ..TrainOptions::new(12) };
    let mut trainer = Trainer::new(Network::new(&architecture(layers), 1).unwrap(), options).unwrap();
    trainer.level = level;
    for step in 0..12 {
        trainer.step(19, |index, crop| sample(step * 19 + index, crop));
    }
    trainer.network().write().unwrap()
}

#[test]
fn neither_threads_nor_the_width_of_vectors_change_a_byte() {
    let layers = [CONV, Layer::Residual, Layer::Pool, Layer::Dropout { percent: 30 }];
    let levels = levels();
    let one = taught(levels[0].0, 1, &layers);
    assert_eq!(one, taught(levels[0].0, 2, &layers));
    assert_eq!(one, taught(levels[0].0, 3, &layers));
    for (level, _) in levels.iter().filter(|(_, fuses)| *fuses) {
        assert_eq!(one, taught(*level, 2, &layers), "{level:?}");
    }
    let other = Network::new(&architecture(&layers), 2).unwrap().write().unwrap();
    assert_ne!(one, other);
}

/// A square, a cross or a ring somewhere on noise; the box is where its middle lies.
fn drawn(seed: u64, index: usize, crop: &mut [f32]) -> Target {
    let mut random = Random::new(&[seed, index as u64]);
    let class = random.below(3);
    let (row, column) = (3 + random.below(6), 3 + random.below(6));
    for (at, number) in crop.iter_mut().enumerate() {
        let (down, right) = ((at / 12).abs_diff(row), (at % 12).abs_diff(column));
        let inside = match class {
            0 => down <= 2 && right <= 2,
            1 => down.min(right) == 0 && down.max(right) <= 2,
            _ => down.max(right) == 2,
        };
        *number = f32::from(u8::from(inside)) + random.normal() * 0.2;
    }
    let middle = [row as f32 / 12.0, column as f32 / 12.0, 0.0, 0.0];
    Target { class, weight: 1.0, region: Some(middle) }
}

#[test]
fn learns_shapes_and_their_places_and_goes_on_from_a_file() {
    let architecture = Architecture {
        height: 12,
        width: 12,
        channels: 1,
        extra: 0,
        layers: vec![CONV, Layer::Pool, CONV, Layer::Pool, Layer::Dense { width: 24 }],
        classes: 3,
        boxes: true,
    };
    let steps = 60;
    let mut trainer = Trainer::new(
        Network::new(&architecture, 0).unwrap(),
        TrainOptions { average: 0.9, rate: 0.01, box_weight: 3.0, threads: 2, ..TrainOptions::new(steps) },
    )
    .unwrap();
    let losses: Vec<f64> = (0..steps)
        .map(|step| trainer.step(64, |index, crop| drawn(step as u64, index, crop)).mean())
        .collect();
    assert!(losses[steps - 1] < losses[0] / 4.0, "{losses:?}");
    let network = Network::read(&trainer.network().write().unwrap()).unwrap();
    let (mut scratch, mut crop) = (Scratch::new(), vec![0.0; 144]);
    let (mut right, mut off) = (0, 0.0_f32);
    for index in 0..200 {
        let target = drawn(u64::MAX, index, &mut crop);
        let output = network.infer(&mut scratch, &crop);
        right += usize::from((0..3).all(|class| output[class] <= output[target.class]));
        off = off.max((output[3] - target.region.unwrap()[0]).abs());
    }
    assert!(right >= 190 && off < 0.3, "{right} of 200 right, at most {off} off");

    let mut more = Trainer::new(network, TrainOptions { rate: 1e-3, ..TrainOptions::new(5) }).unwrap();
    let loss = more.step(64, |index, crop| drawn(7, index, crop));
    assert!(loss.mean() < losses[0] / 3.0 && loss.samples == 64 && loss.correct > 50, "{loss:?}");
}

#[test]
fn senseless_options_are_refused() {
    let network = Network::new(&architecture(&[]), 0).unwrap();
    let refuses = |change: fn(&mut TrainOptions)| {
        let mut options = TrainOptions::new(3);
        change(&mut options);
        assert!(Trainer::new(network.clone(), options).is_err());
    };
    refuses(|options| options.average = 1.0);
    refuses(|options| options.rate = f32::NAN);
    refuses(|options| options.clip = 0.0);
    refuses(|options| options.chunk = 1);
    refuses(|options| options.threads = 0);
    refuses(|options| options.steps = 0);
}
