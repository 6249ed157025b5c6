//! The two loops that all the time goes into, on vectors of whatever width the CPU has.
//!
//! A convolution over a bordered picture is a product of matrices whose left rows lie in the picture as they
//! are: for each of the three rows under the window, `3 × channels` numbers in one piece. So nothing is
//! unrolled into columns first. Each output is summed in the order of its window whatever the width of the
//! vectors, so CPUs that multiply and add in one rounding agree in every bit.

use fearless_simd::{Level, dispatch, prelude::*};

use super::plan::PANEL;

/// Which numbers of the input make a row of the left matrix, and where the row of the result goes.
pub(super) struct Windows<'a> {
    /// Per row of one crop: where its window begins in the input.
    pub(super) from: &'a [u32],
    /// Per row of one crop: where its result begins in the output.
    pub(super) to: &'a [u32],
    /// Pieces of a window, the distance between them, and the length of each.
    pub(super) pieces: usize,
    pub(super) step: usize,
    pub(super) length: usize,
    /// Floats from one crop to the next.
    pub(super) from_crop: usize,
    pub(super) to_crop: usize,
}

/// What a row begins with and ends in.
#[derive(Clone, Copy)]
pub(super) enum Finish<'a> {
    /// Begins with the shift of each column.
    Shift(&'a [f32]),
    /// The same, and what is below zero becomes zero.
    Relu(&'a [f32]),
    /// The same, after the numbers at the same place of the other were added.
    AddRelu(&'a [f32], &'a [f32]),
    /// Begins with zero.
    Plain,
    /// Begins with what stands in the output.
    Add,
}

/// `output = windows(input) × weights`, for so many crops and panels of 16 columns.
pub(super) fn multiply(
    level: Level,
    windows: &Windows<'_>,
    crops: usize,
    input: &[f32],
    panels: &[f32],
    output: &mut [f32],
    finish: Finish<'_>,
) {
    dispatch!(level, simd => multiply_with(simd, windows, crops, input, panels, output, finish));
}

#[inline(always)]
fn multiply_with<S: Simd>(
    simd: S,
    windows: &Windows<'_>,
    crops: usize,
    input: &[f32],
    panels: &[f32],
    output: &mut [f32],
    finish: Finish<'_>,
) {
    // rows at once × vectors of a panel: as many sums as there are registers for
    match S::f32s::LEN {
        16 => multiply_tiles::<S, 8, 1>(simd, windows, crops, input, panels, output, finish),
        8 => multiply_tiles::<S, 6, 2>(simd, windows, crops, input, panels, output, finish),
        _ => multiply_tiles::<S, 2, 4>(simd, windows, crops, input, panels, output, finish),
    }
}

#[inline(always)]
fn multiply_tiles<S: Simd, const ROWS: usize, const VECTORS: usize>(
    simd: S,
    windows: &Windows<'_>,
    crops: usize,
    input: &[f32],
    panels: &[f32],
    output: &mut [f32],
    finish: Finish<'_>,
) {
    let depth = windows.pieces * windows.length;
    let rows = windows.from.len();
    let total = crops * rows;
    for (panel, weights) in panels.chunks_exact(depth * PANEL).enumerate() {
        let column = panel * PANEL;
        let (mut crop, mut row, mut done) = (0, 0, 0);
        while done < total {
            let (mut from, mut to) = ([0; ROWS], [0; ROWS]);
            for place in 0..ROWS {
                from[place] = crop * windows.from_crop + windows.from[row] as usize;
                to[place] = crop * windows.to_crop + windows.to[row] as usize + column;
                // past the last row it is computed again
                if done + place + 1 < total {
                    row += 1;
                    if row == rows {
                        (crop, row) = (crop + 1, 0);
                    }
                }
            }
            let real = (total - done).min(ROWS);
            let mut sums = begin::<S, ROWS, VECTORS>(simd, output, &to, column, finish);
            sum_windows(simd, windows, input, weights, &from, &mut sums);
            store(simd, output, &to[..real], sums, finish);
            done += ROWS;
        }
    }
}

#[inline(always)]
fn begin<S: Simd, const ROWS: usize, const VECTORS: usize>(
    simd: S,
    output: &[f32],
    to: &[usize; ROWS],
    column: usize,
    finish: Finish<'_>,
) -> [[S::f32s; VECTORS]; ROWS] {
    match finish {
        Finish::Plain => [[S::f32s::splat(simd, 0.0); VECTORS]; ROWS],
        Finish::Add => to.map(|at| vectors(simd, &output[at..])),
        Finish::Shift(shift) | Finish::Relu(shift) | Finish::AddRelu(shift, _) => {
            [vectors(simd, &shift[column..]); ROWS]
        }
    }
}

/// A panel's worth of numbers as vectors.
#[inline(always)]
fn vectors<S: Simd, const VECTORS: usize>(simd: S, numbers: &[f32]) -> [S::f32s; VECTORS] {
    let numbers = &numbers[..VECTORS * S::f32s::LEN];
    std::array::from_fn(|vector| {
        S::f32s::from_slice(simd, &numbers[vector * S::f32s::LEN..(vector + 1) * S::f32s::LEN])
    })
}

#[inline(always)]
fn sum_windows<S: Simd, const ROWS: usize, const VECTORS: usize>(
    simd: S,
    windows: &Windows<'_>,
    input: &[f32],
    weights: &[f32],
    from: &[usize; ROWS],
    sums: &mut [[S::f32s; VECTORS]; ROWS],
) {
    for piece in 0..windows.pieces {
        let lines: [&[f32]; ROWS] =
            std::array::from_fn(|row| &input[from[row] + piece * windows.step..][..windows.length]);
        let weights = &weights[piece * windows.length * PANEL..][..windows.length * PANEL];
        for (index, weights) in weights.chunks_exact(PANEL).enumerate() {
            let weights: [S::f32s; VECTORS] = vectors(simd, weights);
            for row in 0..ROWS {
                let number = S::f32s::splat(simd, lines[row][index]);
                for vector in 0..VECTORS {
                    sums[row][vector] = weights[vector].mul_add(number, sums[row][vector]);
                }
            }
        }
    }
}

#[inline(always)]
fn store<S: Simd, const ROWS: usize, const VECTORS: usize>(
    simd: S,
    output: &mut [f32],
    to: &[usize],
    sums: [[S::f32s; VECTORS]; ROWS],
    finish: Finish<'_>,
) {
    for (at, sums) in to.iter().zip(sums) {
        let added: [S::f32s; VECTORS] = match finish {
            Finish::AddRelu(_, other) => vectors(simd, &other[*at..]),
            _ => [S::f32s::splat(simd, 0.0); VECTORS],
        };
        let output = &mut output[*at..][..VECTORS * S::f32s::LEN];
        for vector in 0..VECTORS {
            let sum = match finish {
                Finish::AddRelu(..) => (sums[vector] + added[vector]).max(0.0),
                Finish::Relu(_) => sums[vector].max(0.0),
                Finish::Shift(_) | Finish::Plain | Finish::Add => sums[vector],
            };
            sum.store_slice(&mut output[vector * S::f32s::LEN..(vector + 1) * S::f32s::LEN]);
        }
    }
}

/// `gradient += windows(input)ᵀ × errors`: what each weight had to do with the errors of the outputs.
/// `gradient` is laid out in panels of 16 columns, as the weights are.
pub(super) fn correlate(
    level: Level,
    windows: &Windows<'_>,
    crops: usize,
    input: &[f32],
    errors: &[f32],
    gradient: &mut [f32],
) {
    dispatch!(level, simd => correlate_with(simd, windows, crops, input, errors, gradient));
}

#[inline(always)]
fn correlate_with<S: Simd>(
    simd: S,
    windows: &Windows<'_>,
    crops: usize,
    input: &[f32],
    errors: &[f32],
    gradient: &mut [f32],
) {
    let depth = windows.pieces * windows.length;
    for crop in 0..crops {
        let input = &input[crop * windows.from_crop..];
        let errors = &errors[crop * windows.to_crop..];
        for (panel, gradient) in gradient.chunks_exact_mut(depth * PANEL).enumerate() {
            let errors = &errors[panel * PANEL..];
            for (piece, gradient) in gradient.chunks_exact_mut(windows.length * PANEL).enumerate() {
                let input = &input[piece * windows.step..];
                match S::f32s::LEN {
                    16 => {
                        let next = correlate_tiles::<S, 16, 1>(simd, windows, input, errors, gradient, 0);
                        let next = correlate_tiles::<S, 4, 1>(simd, windows, input, errors, gradient, next);
                        correlate_tiles::<S, 1, 1>(simd, windows, input, errors, gradient, next);
                    }
                    8 => {
                        let next = correlate_tiles::<S, 6, 2>(simd, windows, input, errors, gradient, 0);
                        let next = correlate_tiles::<S, 2, 2>(simd, windows, input, errors, gradient, next);
                        correlate_tiles::<S, 1, 2>(simd, windows, input, errors, gradient, next);
                    }
                    _ => {
                        let next = correlate_tiles::<S, 2, 4>(simd, windows, input, errors, gradient, 0);
                        correlate_tiles::<S, 1, 4>(simd, windows, input, errors, gradient, next);
                    }
                }
            }
        }
    }
}

/// As many whole tiles of rows of the gradient as there are from `start`; says where it stopped.
#[inline(always)]
fn correlate_tiles<S: Simd, const ROWS: usize, const VECTORS: usize>(
    simd: S,
    windows: &Windows<'_>,
    input: &[f32],
    errors: &[f32],
    gradient: &mut [f32],
    start: usize,
) -> usize {
    let mut next = start;
    while next + ROWS <= windows.length {
        let gradient = &mut gradient[next * PANEL..][..ROWS * PANEL];
        let mut sums = [[S::f32s::splat(simd, 0.0); VECTORS]; ROWS];
        for (from, to) in windows.from.iter().zip(windows.to) {
            let numbers = &input[*from as usize + next..][..ROWS];
            let errors: [S::f32s; VECTORS] = vectors(simd, &errors[*to as usize..]);
            for row in 0..ROWS {
                let number = S::f32s::splat(simd, numbers[row]);
                for vector in 0..VECTORS {
                    sums[row][vector] = errors[vector].mul_add(number, sums[row][vector]);
                }
            }
        }
        for (gradient, sums) in gradient.chunks_exact_mut(PANEL).zip(sums) {
            let before: [S::f32s; VECTORS] = vectors(simd, gradient);
            for vector in 0..VECTORS {
                let sum = before[vector] + sums[vector];
                sum.store_slice(&mut gradient[vector * S::f32s::LEN..(vector + 1) * S::f32s::LEN]);
            }
        }
        next += ROWS;
    }
    next
}

/// The levels of this CPU, the best first, and whether they multiply and add in one rounding.
#[cfg(test)]
pub(super) fn levels() -> Vec<(Level, bool)> {
    let best = Level::new();
    #[cfg(target_arch = "x86_64")]
    if let Some(avx2) = best.as_avx2() {
        let lesser = best.as_sse4_2().map(|sse| (Level::Sse4_2(sse), false));
        return [(best, true), (Level::Avx2(avx2), true)].into_iter().chain(lesser).collect();
    }
    vec![(best, false)]
}

#[cfg(test)]
mod tests {
    use super::super::random::Random;
    use super::*;

    /// Every level this CPU has gives what the plain sums give; those with fused sums give the very same bits.
    #[test]
    fn levels_agree_with_plain_sums() {
        let mut random = Random::new(&[7]);
        let mut numbers = |length: usize| (0..length).map(|_| random.normal()).collect::<Vec<f32>>();
        let (crops, length, pieces, step, columns) = (3, 13, 3, 40, 32);
        let (input, panels) = (numbers(crops * 200), numbers(pieces * length * columns));
        let (shift, other) = (numbers(columns), numbers(crops * 7 * columns));
        let from: Vec<u32> = (0..7).map(|row| row * 9).collect();
        let to: Vec<u32> = (0..7).map(|row| row * 32).collect();
        let (from_crop, to_crop) = (200, 7 * columns);
        let windows = Windows { from: &from, to: &to, pieces, step, length, from_crop, to_crop };
        let depth = pieces * length;
        let mut plain = vec![0.0_f32; crops * to_crop];
        let mut plain_gradient = vec![0.0_f32; panels.len()];
        for crop in 0..crops {
            for row in 0..7 {
                for (column, shift) in shift.iter().enumerate() {
                    let at = crop * to_crop + row * 32 + column;
                    let panel = (column / PANEL) * depth * PANEL + column % PANEL;
                    let mut sum = f64::from(*shift);
                    for index in 0..depth {
                        let place = crop * 200 + row * 9 + index / length * step + index % length;
                        sum += f64::from(input[place]) * f64::from(panels[panel + index * PANEL]);
                        plain_gradient[panel + index * PANEL] += input[place] * other[at];
                    }
                    plain[at] = (sum + f64::from(other[at])).max(0.0) as f32;
                }
            }
        }
        let mut fused = Vec::new();
        for (level, fuses) in levels() {
            let (mut output, mut gradient) = (vec![0.0; plain.len()], vec![0.0; panels.len()]);
            multiply(level, &windows, crops, &input, &panels, &mut output, Finish::AddRelu(&shift, &other));
            correlate(level, &windows, crops, &input, &other, &mut gradient);
            for (found, wanted) in output.iter().chain(&gradient).zip(plain.iter().chain(&plain_gradient)) {
                assert!((found - wanted).abs() < 1e-4 * wanted.abs().max(1.0), "{level:?}: {found} {wanted}");
            }
            if fuses {
                fused.push((output, gradient));
            }
        }
        assert!(fused.windows(2).all(|pair| pair[0] == pair[1]));
    }
}
