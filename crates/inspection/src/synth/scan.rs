//! A camera above a line: boards lie a little aside, bend, and their edges are never the same twice.

use super::SIDE;
use crate::bitmap::Bitmap;
use crate::defect::{Annotation, Rect};
use crate::network::Random;
use crate::picture::Picture;

/// Pixels between the values of the coarse noise at edges.
const COARSE: usize = 8;

/// How a board lies under the camera.
pub(super) struct Camera {
    shift: (f32, f32),
    bend: f32,
    period: f32,
    dark: f32,
    bright: f32,
}

impl Camera {
    pub(super) fn straight() -> Self {
        Self { shift: (0.0, 0.0), bend: 0.0, period: 400.0, dark: 12.0, bright: 243.0 }
    }

    pub(super) fn new(random: &mut Random) -> Self {
        // Most boards lie well; some are 10 pixels off.
        let far = if random.unit() < 0.15 { 10.0 } else { 1.5 };
        Self {
            shift: (random.between(-far, far).round(), random.between(-far, far).round()),
            bend: random.between(0.0, 2.0),
            period: random.between(300.0, 900.0),
            dark: random.between(0.0, 50.0),
            bright: random.between(190.0, 255.0),
        }
    }

    /// How far what lies at (x, y) of the board is moved.
    fn moved(&self, x: f32, y: f32) -> (f32, f32) {
        let wave = |n: f32| (n / self.period * std::f32::consts::TAU).sin() * self.bend;
        (self.shift.0 + wave(y), self.shift.1 + wave(x + 100.0))
    }

    /// Where an annotation of the board lies on the picture.
    pub(super) fn see(&self, annotation: &Annotation) -> Annotation {
        let Rect { left, top, right, bottom } = annotation.at;
        let (dx, dy) = self.moved((left + right) / 2.0, (top + bottom) / 2.0);
        let bound = |n: f32| n.round().clamp(0.0, SIDE as f32);
        let at = Rect {
            left: bound(left + dx),
            top: bound(top + dy),
            right: bound(right + dx),
            bottom: bound(bottom + dy),
        };
        Annotation { at, ..*annotation }
    }

    /// The picture: copper dark, edges blurred and cut again at a gray that wanders.
    pub(super) fn scan(&self, copper: &Bitmap, random: &mut Random) -> Picture {
        let mut there = vec![0.0_f32; SIDE * SIDE];
        for y in 0..SIDE {
            for x in 0..SIDE {
                let (dx, dy) = self.moved(x as f32, y as f32);
                let (column, row) = ((x as f32 - dx).round() as isize, (y as f32 - dy).round() as isize);
                there[y * SIDE + x] = f32::from(copper.get(column, row));
            }
        }
        let soft = blurred(&there);
        let noise = noise(random);
        let gray = soft.iter().zip(noise).map(|(copper, noise)| {
            let level = if *copper > 0.5 + noise { self.dark } else { self.bright };
            level as u8
        });
        Picture { width: SIDE, height: SIDE, gray: gray.collect() }
    }
}

/// Means over 3 × 3.
fn blurred(values: &[f32]) -> Vec<f32> {
    let at = |x: usize, y: usize| values[y.min(SIDE - 1) * SIDE + x.min(SIDE - 1)];
    let mut out = Vec::with_capacity(values.len());
    for y in 0..SIDE {
        for x in 0..SIDE {
            let rows = [y.saturating_sub(1), y, y + 1];
            let columns = [x.saturating_sub(1), x, x + 1];
            out.push(rows.iter().map(|y| columns.iter().map(|x| at(*x, *y)).sum::<f32>()).sum::<f32>() / 9.0);
        }
    }
    out
}

/// What wanders: slow waves and single pixels.
fn noise(random: &mut Random) -> impl Iterator<Item = f32> + use<> {
    let side = SIDE / COARSE + 2;
    let strength = random.between(0.05, 0.3);
    let coarse: Vec<f32> = (0..side * side).map(|_| random.between(-strength, strength)).collect();
    let fine: Vec<f32> = (0..SIDE * SIDE).map(|_| random.between(-0.17, 0.17)).collect();
    fine.into_iter().enumerate().map(move |(n, fine)| {
        let (x, y) = ((n % SIDE) as f32 / COARSE as f32, (n / SIDE) as f32 / COARSE as f32);
        let (column, row) = (x as usize, y as usize);
        let (fx, fy) = (x.fract(), y.fract());
        let at = |column: usize, row: usize| coarse[row * side + column];
        let above = at(column, row) * (1.0 - fx) + at(column + 1, row) * fx;
        let below = at(column, row + 1) * (1.0 - fx) + at(column + 1, row + 1) * fx;
        above * (1.0 - fy) + below * fy + fine
    })
}
