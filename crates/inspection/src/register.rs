//! Laying the template over the picture: one shift for the whole, then small ones block by block, because boards bend.
//!
//! The measure is the number of pixels that differ, counted on words; there is no gradient, no feature and no threshold to set.

use std::ops::RangeInclusive;

use crate::bitmap::Bitmap;

/// The widest shift that is looked for, in pixels each way. The data of the field are shifted by up to 10.
pub const REACH: isize = 16;
/// Side of a block, one word of pixels.
pub const BLOCK: usize = 64;
/// How far a block may move from the shift of the whole, in pixels each way.
const BEND: isize = 4;
/// How far beyond its own edge a block looks, in pixels, so that each has some structure to hold on to.
const MARGIN: usize = 32;

/// Where each block of a picture lies on the template.
#[derive(Debug, Clone, PartialEq)]
pub struct Registration {
    /// The shift of the whole: pixel (x, y) of the picture is (x + dx, y + dy) of the template.
    pub shift: (isize, isize),
    /// Blocks a row.
    pub columns: usize,
    /// The shift of each block, row after row.
    pub blocks: Vec<(isize, isize)>,
    /// The share of the pixels that still differ, 0 to 1.
    pub residue: f64,
}

/// Finds how `template` lies under `test`. Both must have one size.
#[must_use]
pub fn register(test: &Bitmap, template: &Bitmap) -> Registration {
    let shift = whole(test, template);
    let (columns, rows) = (test.width().div_ceil(BLOCK), test.height().div_ceil(BLOCK));
    let blocks = bend(test, template, shift, columns, rows);
    let mut found = Registration { shift, columns, blocks, residue: 0.0 };
    let (laid, seen) = found.lay(template);
    found.residue = laid.xor(test).and(&seen).count() as f64 / seen.count().max(1) as f64;
    found
}

impl Registration {
    /// The template as it lies under the picture, and the pixels for which there is one.
    #[must_use]
    pub fn lay(&self, template: &Bitmap) -> (Bitmap, Bitmap) {
        let (width, height) = (template.width(), template.height());
        let (mut laid, mut seen) = (Bitmap::empty(width, height), Bitmap::empty(width, height));
        let full = Bitmap::full(width, height);
        for y in 0..height {
            for column in 0..self.columns {
                let (dx, dy) = self.blocks[y / BLOCK * self.columns + column];
                let (x, y_there) = ((column * BLOCK) as isize + dx, y as isize + dy);
                let inside = full.row(y)[column];
                laid.row_mut(y)[column] = template.window(x, y_there) & inside;
                seen.row_mut(y)[column] = full.window(x, y_there) & inside;
            }
        }
        (laid, seen)
    }
}

/// The template moved sideways by each of `reach` columns, so that a shift is compared word by word.
struct Sideways {
    first: isize,
    maps: Vec<Bitmap>,
}

impl Sideways {
    fn new(template: &Bitmap, reach: RangeInclusive<isize>, step: usize) -> Self {
        Self { first: *reach.start(), maps: reach.step_by(step).map(|dx| template.shifted(dx, 0)).collect() }
    }
}

/// The shift of the whole: every second within [`REACH`] on every fourth row, then closer and closer.
fn whole(test: &Bitmap, template: &Bitmap) -> (isize, isize) {
    let mut best = (0, 0);
    for (reach, step, rows) in [(REACH, 2, 4), (2, 1, 4), (1, 1, 1)] {
        let sideways = Sideways::new(template, best.0 - reach..=best.0 + reach, step);
        let down = (best.1 - reach..=best.1 + reach).step_by(step);
        let shifts = down.flat_map(|dy| sideways.maps.iter().enumerate().map(move |(n, map)| (n, map, dy)));
        let found = shifts.min_by_key(|(n, map, dy)| {
            let shift = (sideways.first + (n * step) as isize, *dy);
            (differing(test, map, *dy, rows), far(shift, (0, 0)))
        });
        if let Some((n, _, dy)) = found {
            best = (sideways.first + (n * step) as isize, dy);
        }
    }
    best
}

/// How many pixels differ where both pictures have some, whatever the shift within [`REACH`]: looking at every `step`th row.
fn differing(test: &Bitmap, moved: &Bitmap, dy: isize, step: usize) -> usize {
    let reach = REACH as usize;
    let (first, last) = (u64::MAX << REACH, u64::MAX >> REACH);
    let words = test.row(0).len();
    let mut count = 0;
    for y in (reach..test.height().saturating_sub(reach)).step_by(step) {
        let Some(y_there) = y.checked_add_signed(dy).filter(|y| *y < moved.height()) else { continue };
        let (here, there) = (test.row(y), moved.row(y_there));
        let all: u32 = here.iter().zip(there).map(|(a, b)| (a ^ b).count_ones()).sum();
        // The ends have no template at some shifts and would speak for the others.
        let ends = ((here[0] ^ there[0]) & !first).count_ones()
            + ((here[words - 1] ^ there[words - 1]) & !last).count_ones();
        count += (all - ends) as usize;
    }
    count
}

fn far(shift: (isize, isize), from: (isize, isize)) -> usize {
    (shift.0 - from.0).unsigned_abs() + (shift.1 - from.1).unsigned_abs()
}

/// How the pixels that differ lie over the picture, counted in cells of 32 × 8 pixels.
struct Cells {
    columns: usize,
    rows: usize,
    counts: Vec<u32>,
}

impl Cells {
    const WIDTH: usize = 32;
    const HEIGHT: usize = 8;

    fn count(test: &Bitmap, moved: &Bitmap, dy: isize) -> Self {
        let (columns, rows) = (test.row(0).len() * 2, test.height().div_ceil(Self::HEIGHT));
        let mut counts = vec![0; columns * rows];
        for y in 0..test.height() {
            let Some(y_there) = y.checked_add_signed(dy).filter(|y| *y < moved.height()) else { continue };
            let cells = &mut counts[y / Self::HEIGHT * columns..][..columns];
            for ((cell, a), b) in cells.chunks_exact_mut(2).zip(test.row(y)).zip(moved.row(y_there)) {
                let differing = a ^ b;
                cell[0] += (differing as u32).count_ones();
                cell[1] += ((differing >> 32) as u32).count_ones();
            }
        }
        Self { columns, rows, counts }
    }

    /// The sum over a block and [`MARGIN`] around it.
    fn around(&self, column: usize, row: usize) -> usize {
        let (across, down) = (BLOCK / Self::WIDTH, BLOCK / Self::HEIGHT);
        let (beside, above) = (MARGIN / Self::WIDTH, MARGIN / Self::HEIGHT);
        let columns =
            (column * across).saturating_sub(beside)..((column + 1) * across + beside).min(self.columns);
        let rows = (row * down).saturating_sub(above)..((row + 1) * down + above).min(self.rows);
        rows.map(|row| self.counts[row * self.columns..][columns.clone()].iter().sum::<u32>() as usize).sum()
    }
}

/// The shift of each block. A pixel of distance costs as much as two pixels that differ: without structure a block stays.
fn bend(
    test: &Bitmap,
    template: &Bitmap,
    whole: (isize, isize),
    columns: usize,
    rows: usize,
) -> Vec<(isize, isize)> {
    let sideways = Sideways::new(template, whole.0 - BEND..=whole.0 + BEND, 1);
    let mut best = vec![(usize::MAX, usize::MAX, whole); columns * rows];
    for dy in whole.1 - BEND..=whole.1 + BEND {
        for (n, moved) in sideways.maps.iter().enumerate() {
            let shift = (sideways.first + n as isize, dy);
            let away = far(shift, whole);
            let cells = Cells::count(test, moved, dy);
            for (n, best) in best.iter_mut().enumerate() {
                let cost = cells.around(n % columns, n / columns) + 2 * away;
                *best = (*best).min((cost, away, shift));
            }
        }
    }
    best.into_iter().map(|(_, _, shift)| shift).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Tracks and pads without a period that a shift could fall into.
    fn board(width: usize, height: usize) -> Bitmap {
        Bitmap::from_fn(width, height, |x, y| {
            (x % 97 < 12)
                || (y % 131 < 14)
                || ((x % 173) as isize - 60).pow(2) + ((y % 149) as isize - 70).pow(2) < 400
        })
    }

    #[test]
    fn a_shift_is_found() {
        let template = board(640, 640);
        for shift in [(0, 0), (10, -7), (-16, 16), (3, 1)] {
            let test = template.shifted(shift.0, shift.1);
            let found = register(&test, &template);
            assert_eq!(found.shift, shift);
            assert!(found.residue < 0.002, "{shift:?}: {}", found.residue);
        }
    }

    #[test]
    fn a_board_that_bends_is_followed_block_by_block() {
        let template = board(640, 640);
        let bend = |x: usize| (x / 160) as isize - 2;
        let test = Bitmap::from_fn(640, 640, |x, y| template.get(x as isize + bend(x), y as isize));
        let found = register(&test, &template);
        assert!(found.residue < 0.01, "{}", found.residue);
        assert!(
            found.blocks.iter().any(|block| block.0 == -2) && found.blocks.iter().any(|block| block.0 == 1)
        );
    }
}
