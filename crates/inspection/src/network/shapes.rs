//! What changes the shape of one crop and has no weights: pooling, flattening, averaging; forward and back.

use fearless_simd::{Level, dispatch};

use super::plan::Stage;

/// The greatest of each 2×2 square.
pub(super) fn pool(stage: &Stage, input: &[f32], output: &mut [f32]) {
    let channels = stage.input.channels;
    for row in 0..stage.output.height {
        for column in 0..stage.output.width {
            let [a, b, c, d] = square(stage, row, column).map(|at| &input[at..][..channels]);
            let output = &mut output[stage.output.at(row, column)..][..channels];
            for channel in 0..channels {
                let (top, bottom) = (larger(a[channel], b[channel]), larger(c[channel], d[channel]));
                output[channel] = larger(top, bottom);
            }
        }
    }
}

/// The error of each square goes to the first of its greatest.
pub(super) fn pool_back(
    level: Level,
    stage: &Stage,
    input: &[f32],
    output: &[f32],
    errors: &[f32],
    back: &mut [f32],
) {
    dispatch!(level, _ => pool_back_with(stage, input, output, errors, back));
}

#[inline(always)]
fn pool_back_with(stage: &Stage, input: &[f32], output: &[f32], errors: &[f32], back: &mut [f32]) {
    let channels = stage.input.channels;
    back.fill(0.0);
    for row in 0..stage.output.height {
        for column in 0..stage.output.width {
            let [a, b, c, d] = square(stage, row, column);
            let at = stage.output.at(row, column);
            let (upper, lower) = back.split_at_mut(c);
            let (back_a, back_b) = upper[a..][..2 * channels].split_at_mut(channels);
            let (back_c, back_d) = lower[..2 * channels].split_at_mut(channels);
            let [a, b, c, d] = [a, b, c, d].map(|at| &input[at..][..channels]);
            let (output, errors) = (&output[at..][..channels], &errors[at..][..channels]);
            for channel in 0..channels {
                let greatest = output[channel];
                let mut left = errors[channel];
                for (number, back) in [
                    (a[channel], &mut back_a[channel]),
                    (b[channel], &mut back_b[channel]),
                    (c[channel], &mut back_c[channel]),
                    (d[channel], &mut back_d[channel]),
                ] {
                    *back = if number == greatest { left } else { 0.0 };
                    left = if number == greatest { 0.0 } else { left };
                }
            }
        }
    }
}

fn larger(a: f32, b: f32) -> f32 {
    if a > b { a } else { b }
}

/// Where the four pixels of a square lie.
fn square(stage: &Stage, row: usize, column: usize) -> [usize; 4] {
    let at = |down, right| stage.input.at(row * 2 + down, column * 2 + right);
    [at(0, 0), at(0, 1), at(1, 0), at(1, 1)]
}

/// Row by row without borders, then the extra numbers.
pub(super) fn flatten(stage: &Stage, input: &[f32], extra: &[f32], output: &mut [f32]) {
    let line = stage.input.width * stage.input.channels;
    for row in 0..stage.input.height {
        output[row * line..][..line].copy_from_slice(&input[stage.input.at(row, 0)..][..line]);
    }
    output[stage.input.height * line..][..extra.len()].copy_from_slice(extra);
}

/// The same way back; nothing flows into the extra numbers.
pub(super) fn flatten_back(stage: &Stage, errors: &[f32], back: &mut [f32]) {
    let line = stage.input.width * stage.input.channels;
    for row in 0..stage.input.height {
        back[stage.input.at(row, 0)..][..line].copy_from_slice(&errors[row * line..][..line]);
    }
}

/// The mean of each channel, then the extra numbers.
pub(super) fn average(stage: &Stage, input: &[f32], extra: &[f32], output: &mut [f32]) {
    let channels = stage.input.channels;
    let (means, rest) = output.split_at_mut(channels);
    means.fill(0.0);
    for row in 0..stage.input.height {
        let line = &input[stage.input.at(row, 0)..][..stage.input.width * channels];
        for pixel in line.chunks_exact(channels) {
            means.iter_mut().zip(pixel).for_each(|(mean, number)| *mean += number);
        }
    }
    let share = 1.0 / stage.input.pixels() as f32;
    means.iter_mut().for_each(|mean| *mean *= share);
    rest[..extra.len()].copy_from_slice(extra);
}

/// Each pixel has an equal part in the mean.
pub(super) fn average_back(stage: &Stage, errors: &[f32], back: &mut [f32]) {
    let channels = stage.input.channels;
    let share = 1.0 / stage.input.pixels() as f32;
    for row in 0..stage.input.height {
        let line = &mut back[stage.input.at(row, 0)..][..stage.input.width * channels];
        for pixel in line.chunks_exact_mut(channels) {
            pixel.iter_mut().zip(errors).for_each(|(number, error)| *number = error * share);
        }
    }
}
