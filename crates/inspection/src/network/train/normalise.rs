//! Batch normalisation over a chunk (Ioffe and Szegedy 2015; over parts of a batch: Hoffer et al. 2017), with the
//! straight way and ReLU that follow; forward and back.

use fearless_simd::{Level, dispatch};

use crate::network::model::TINY;
use crate::network::plan::Shape;

/// Per channel of one convolution: what its chunk was normalised by.
#[derive(Debug, Clone, Default)]
pub(super) struct Moments {
    pub(super) mean: Vec<f32>,
    pub(super) variance: Vec<f32>,
    /// One over the root of the variance.
    pub(super) inverse: Vec<f32>,
}

/// The pictures of a chunk, and the vectors to go over them with.
#[derive(Clone, Copy)]
pub(super) struct Pictures {
    pub(super) level: Level,
    pub(super) shape: Shape,
    pub(super) crops: usize,
}

/// Where the lines of a chunk of bordered pictures begin.
fn lines(shape: Shape, crops: usize) -> impl Iterator<Item = usize> {
    (0..crops).flat_map(move |crop| (0..shape.height).map(move |row| crop * shape.len() + shape.at(row, 0)))
}

/// Counts the moments of `sums`, and fills `output` with `max(0, scale × normalised + shift + straight)`.
pub(super) fn forward(
    Pictures { level, shape, crops }: Pictures,
    (scale, shift): (&[f32], &[f32]),
    moments: &mut Moments,
    sums: &[f32],
    straight: Option<&[f32]>,
    output: &mut [f32],
) {
    dispatch!(level, _ => {
        count(shape, crops, moments, sums);
        apply(shape, crops, (scale, shift), moments, sums, straight, output);
    });
}

#[inline(always)]
fn count(shape: Shape, crops: usize, moments: &mut Moments, sums: &[f32]) {
    let (channels, line) = (shape.channels, shape.width * shape.channels);
    let share = 1.0 / (crops * shape.pixels()) as f32;
    for totals in [&mut moments.mean, &mut moments.variance, &mut moments.inverse] {
        totals.clear();
        totals.resize(channels, 0.0);
    }
    // each line by itself first: a sum of sums keeps more digits than one long sum
    let mut part = vec![0.0_f32; channels];
    for at in lines(shape, crops) {
        part.fill(0.0);
        for pixel in sums[at..at + line].chunks_exact(channels) {
            part.iter_mut().zip(pixel).for_each(|(part, number)| *part += number);
        }
        moments.mean.iter_mut().zip(&part).for_each(|(mean, part)| *mean += part);
    }
    moments.mean.iter_mut().for_each(|mean| *mean *= share);
    for at in lines(shape, crops) {
        part.fill(0.0);
        for pixel in sums[at..at + line].chunks_exact(channels) {
            for ((part, number), mean) in part.iter_mut().zip(pixel).zip(&moments.mean) {
                *part += (number - mean) * (number - mean);
            }
        }
        moments.variance.iter_mut().zip(&part).for_each(|(variance, part)| *variance += part);
    }
    for (variance, inverse) in moments.variance.iter_mut().zip(&mut moments.inverse) {
        *variance *= share;
        *inverse = 1.0 / (*variance + TINY).sqrt();
    }
}

#[inline(always)]
fn apply(
    shape: Shape,
    crops: usize,
    (scale, shift): (&[f32], &[f32]),
    moments: &Moments,
    sums: &[f32],
    straight: Option<&[f32]>,
    output: &mut [f32],
) {
    let (channels, line) = (shape.channels, shape.width * shape.channels);
    let scale: Vec<f32> =
        scale.iter().zip(&moments.inverse).map(|(scale, inverse)| scale * inverse).collect();
    let shift: Vec<f32> = shift
        .iter()
        .zip(&scale)
        .zip(&moments.mean)
        .map(|((shift, scale), mean)| shift - scale * mean)
        .collect();
    for at in lines(shape, crops) {
        let pixels = sums[at..at + line].chunks_exact(channels);
        let output = output[at..at + line].chunks_exact_mut(channels);
        match straight {
            None => {
                for (output, pixel) in output.zip(pixels) {
                    for (((output, number), scale), shift) in
                        output.iter_mut().zip(pixel).zip(&scale).zip(&shift)
                    {
                        *output = (number * scale + shift).max(0.0);
                    }
                }
            }
            Some(straight) => {
                let straight = straight[at..at + line].chunks_exact(channels);
                for ((output, pixel), straight) in output.zip(pixels).zip(straight) {
                    let numbers = output.iter_mut().zip(pixel).zip(straight);
                    for (((output, number), straight), (scale, shift)) in
                        numbers.zip(scale.iter().zip(&shift))
                    {
                        *output = (number * scale + shift + straight).max(0.0);
                    }
                }
            }
        }
    }
}

/// Turns the errors of the output into those of the sums, in place; before that, what went past ReLU is copied to
/// `straight`. `slopes` gets the slopes of scale and shift.
pub(super) fn back(
    Pictures { level, shape, crops }: Pictures,
    scale: &[f32],
    moments: &Moments,
    (sums, output): (&[f32], &[f32]),
    errors: &mut [f32],
    straight: Option<&mut [f32]>,
    slopes: &mut [f32],
) {
    dispatch!(level, _ => {
        count_back(shape, crops, moments, (sums, output), errors, slopes);
        if let Some(straight) = straight {
            let line = shape.width * shape.channels;
            lines(shape, crops).for_each(|at| straight[at..at + line].copy_from_slice(&errors[at..at + line]));
        }
        apply_back(shape, crops, scale, moments, sums, errors, slopes);
    });
}

#[inline(always)]
fn count_back(
    shape: Shape,
    crops: usize,
    moments: &Moments,
    (sums, output): (&[f32], &[f32]),
    errors: &mut [f32],
    slopes: &mut [f32],
) {
    let (channels, line) = (shape.channels, shape.width * shape.channels);
    let (scale_slope, shift_slope) = slopes.split_at_mut(channels);
    scale_slope.fill(0.0);
    shift_slope.fill(0.0);
    let (mut by_scale, mut by_shift) = (vec![0.0_f32; channels], vec![0.0_f32; channels]);
    for at in lines(shape, crops) {
        by_scale.fill(0.0);
        by_shift.fill(0.0);
        let pixels =
            sums[at..at + line].chunks_exact(channels).zip(output[at..at + line].chunks_exact(channels));
        for (errors, (pixel, output)) in errors[at..at + line].chunks_exact_mut(channels).zip(pixels) {
            let totals = by_scale.iter_mut().zip(&mut by_shift).zip(&moments.mean);
            let numbers = errors.iter_mut().zip(pixel).zip(output);
            for (((error, number), output), ((by_scale, by_shift), mean)) in numbers.zip(totals) {
                *error = if *output > 0.0 { *error } else { 0.0 };
                *by_shift += *error;
                *by_scale += *error * (number - mean);
            }
        }
        scale_slope.iter_mut().zip(&by_scale).for_each(|(sum, part)| *sum += part);
        shift_slope.iter_mut().zip(&by_shift).for_each(|(sum, part)| *sum += part);
    }
    scale_slope.iter_mut().zip(&moments.inverse).for_each(|(slope, inverse)| *slope *= inverse);
}

#[inline(always)]
fn apply_back(
    shape: Shape,
    crops: usize,
    scale: &[f32],
    moments: &Moments,
    sums: &[f32],
    errors: &mut [f32],
    slopes: &[f32],
) {
    let (channels, line) = (shape.channels, shape.width * shape.channels);
    let share = 1.0 / (crops * shape.pixels()) as f32;
    // error of a sum = error × a + sum × b + c, with all that is the same for a channel worked out first
    let mut factors = vec![[0.0_f32; 3]; channels];
    for (channel, factors) in factors.iter_mut().enumerate() {
        let (inverse, mean) = (moments.inverse[channel], moments.mean[channel]);
        let a = scale[channel] * inverse;
        let b = -a * slopes[channel] * share * inverse;
        *factors = [a, b, -a * slopes[channels + channel] * share - b * mean];
    }
    let [a, b, c] = [0, 1, 2].map(|which| factors.iter().map(|three| three[which]).collect::<Vec<f32>>());
    for at in lines(shape, crops) {
        let pixels = sums[at..at + line].chunks_exact(channels);
        for (errors, pixel) in errors[at..at + line].chunks_exact_mut(channels).zip(pixels) {
            let numbers = errors.iter_mut().zip(pixel).zip(a.iter().zip(&b).zip(&c));
            for ((error, number), ((a, b), c)) in numbers {
                *error = *error * a + number * b + c;
            }
        }
    }
}
