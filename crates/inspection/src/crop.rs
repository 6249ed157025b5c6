//! What the network looks at: a square around a candidate, of three layers (picture, template, difference), channels last.

use crate::candidates::{Candidate, Pair};
use crate::defect::Rect;
use crate::network::Random;

/// Pixels a side of a crop.
pub const SIDE: usize = 64;
/// Layers of a crop.
pub const LAYERS: usize = 3;
/// Numbers beside the picture: how much it was reduced, the sides and the area of the region, which kind.
pub const EXTRA: usize = 6;
/// Numbers of a crop.
pub const LEN: usize = SIDE * SIDE * LAYERS + EXTRA;
/// Pixels of surroundings that a crop shows at least on each side of its region.
const SURROUNDINGS: f32 = 10.0;
/// How far people draw a box around a defect, in pixels: what the network says is told from there.
const PADDING: f32 = 8.0;
/// One of the network's numbers is this many pixels of the crop.
const UNIT: f32 = 8.0;

/// From where and how a crop is looked at.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct View {
    /// Middle, in pixels of the picture.
    centre: (f32, f32),
    /// Pixels of the picture for one of the crop.
    scale: f32,
    /// Left and right change places.
    mirror: bool,
    /// Top and bottom change places.
    flip: bool,
    /// Then rows and columns.
    transpose: bool,
    /// How far the template is moved, in pixels: what registration may leave.
    slip: (isize, isize),
}

impl View {
    /// Straight on, or one of the eight ways a square can be turned: 0 is straight.
    #[must_use]
    pub fn of(candidate: &Candidate, turn: u8) -> Self {
        let bounds = candidate.region.bounds;
        let side = bounds.width().max(bounds.height()) as f32;
        Self {
            centre: ((bounds.left + bounds.right) as f32 / 2.0, (bounds.top + bounds.bottom) as f32 / 2.0),
            scale: ((side + 2.0 * SURROUNDINGS) / SIDE as f32).max(1.0),
            mirror: turn & 1 != 0,
            flip: turn & 2 != 0,
            transpose: turn & 4 != 0,
            slip: (0, 0),
        }
    }

    /// Turned, moved, stretched and with the template slipped by chance, so that the network learns what does not matter.
    #[must_use]
    pub fn disturbed(candidate: &Candidate, random: &mut Random) -> Self {
        let mut view = Self::of(candidate, (random.below(8)) as u8);
        view.centre.0 += random.between(-5.0, 5.0);
        view.centre.1 += random.between(-5.0, 5.0);
        view.scale *= random.between(-0.25, 0.25).exp();
        if random.unit() < 0.4 {
            view.slip = (random.below(3) as isize - 1, random.below(3) as isize - 1);
        }
        view
    }

    /// Writes the crop, [`LEN`] numbers from 0 to 1: rows of pixels of [`LAYERS`], then [`EXTRA`].
    pub fn draw(&self, pair: &Pair, candidate: &Candidate, out: &mut [f32]) {
        let (pixels, extra) = out.split_at_mut(SIDE * SIDE * LAYERS);
        let bounds = candidate.region.bounds;
        let inside = Rect::from(bounds);
        // One look a pixel is enough at scale 1; a reduced crop takes the mean of four, or hairs would vanish.
        let looks: &[f32] = if self.scale > 1.05 { &[-0.25, 0.25] } else { &[0.0] };
        let share = 1.0 / (looks.len() * looks.len()) as f32;
        pixels.fill(0.0);
        for (n, pixel) in pixels.chunks_exact_mut(LAYERS).enumerate() {
            let (column, row) = ((n % SIDE) as f32 + 0.5, (n / SIDE) as f32 + 0.5);
            for down in looks {
                for across in looks {
                    let (x, y) = self.there(column + across, row + down);
                    let (column, row) = (x.floor() as isize, y.floor() as isize);
                    pixel[0] += share * f32::from(pair.test.get(column, row));
                    pixel[1] += share * f32::from(pair.template.get(column + self.slip.0, row + self.slip.1));
                    let is_own = x >= inside.left && x < inside.right && y >= inside.top && y < inside.bottom;
                    pixel[2] += share * f32::from(is_own && pair.difference.get(column, row));
                }
            }
        }
        let (mut width, mut height) = (bounds.width() as f32, bounds.height() as f32);
        if self.transpose {
            std::mem::swap(&mut width, &mut height);
        }
        extra.copy_from_slice(&[
            self.scale.ln(),
            width / SIDE as f32,
            height / SIDE as f32,
            (candidate.region.area as f32).ln() / 8.0,
            f32::from(candidate.is_extra),
            f32::from(candidate.is_fine),
        ]);
    }

    /// A box of the picture as the network says it: its edges from those of the region, padded as people draw them.
    #[must_use]
    pub fn tell(&self, candidate: &Candidate, at: &Rect) -> [f32; 4] {
        let (base, at) = (self.base(candidate), self.seen(at));
        [at.left - base.left, at.top - base.top, at.right - base.right, at.bottom - base.bottom]
            .map(|d| d / UNIT)
    }

    /// The box of the picture that the network means.
    #[must_use]
    pub fn understand(&self, candidate: &Candidate, told: &[f32]) -> Rect {
        let base = self.base(candidate);
        let edge = |n: usize| told.get(n).copied().unwrap_or(0.0).clamp(-8.0, 8.0) * UNIT;
        let (left, right) = (base.left + edge(0), base.right + edge(2));
        let (top, bottom) = (base.top + edge(1), base.bottom + edge(3));
        let (a, b) = (self.there(left, top), self.there(right, bottom));
        Rect { left: a.0.min(b.0), top: a.1.min(b.1), right: a.0.max(b.0), bottom: a.1.max(b.1) }
    }

    fn base(&self, candidate: &Candidate) -> Rect {
        self.seen(&Rect::from(candidate.region.bounds)).padded(PADDING / self.scale)
    }

    /// Where a point of the crop lies on the picture.
    fn there(&self, column: f32, row: f32) -> (f32, f32) {
        let half = SIDE as f32 / 2.0;
        let (mut across, mut down) = (column - half, row - half);
        if self.transpose {
            std::mem::swap(&mut across, &mut down);
        }
        let turned = |n: f32, back: bool| if back { -n } else { n };
        (
            self.centre.0 + turned(across, self.mirror) * self.scale,
            self.centre.1 + turned(down, self.flip) * self.scale,
        )
    }

    /// Where a rectangle of the picture lies on the crop.
    fn seen(&self, at: &Rect) -> Rect {
        let half = SIDE as f32 / 2.0;
        let turned = |n: f32, back: bool| if back { -n } else { n };
        let point = |x: f32, y: f32| {
            let mut across = turned((x - self.centre.0) / self.scale, self.mirror);
            let mut down = turned((y - self.centre.1) / self.scale, self.flip);
            if self.transpose {
                std::mem::swap(&mut across, &mut down);
            }
            (across + half, down + half)
        };
        let (a, b) = (point(at.left, at.top), point(at.right, at.bottom));
        Rect { left: a.0.min(b.0), top: a.1.min(b.1), right: a.0.max(b.0), bottom: a.1.max(b.1) }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::bitmap::Bitmap;
    use crate::regions::{Bounds, Region};

    fn pair() -> Pair {
        let template = Bitmap::from_fn(320, 320, |x, y| (x / 20) % 3 == 0 || (y / 25) % 4 == 0);
        let mut test = template.clone();
        (150..170).for_each(|x| (140..146).for_each(|y| test.put(x, y, true)));
        Pair::of(&test, &template)
    }

    #[test]
    fn what_is_told_is_understood_from_every_side() {
        let region = Region { bounds: Bounds { left: 100, top: 50, right: 190, bottom: 70 }, area: 300 };
        let candidate = Candidate { region, is_extra: true, is_fine: false };
        let at = Rect { left: 90.0, top: 41.0, right: 203.0, bottom: 84.0 };
        let mut random = Random::new(&[7]);
        let turned = (0..8).map(|turn| View::of(&candidate, turn));
        for view in turned.chain((0..50).map(|_| View::disturbed(&candidate, &mut random))) {
            let back = view.understand(&candidate, &view.tell(&candidate, &at));
            assert!(back.overlap(&at) > 0.999, "{view:?}: {back:?}");
        }
    }

    #[test]
    fn a_turned_crop_is_the_crop_turned() {
        let pair = pair();
        let candidate = pair.candidates[0];
        let draw = |turn| {
            let mut out = vec![0.0; LEN];
            View::of(&candidate, turn).draw(&pair, &candidate, &mut out);
            out
        };
        let (straight, mirrored) = (draw(0), draw(1));
        assert!(straight.iter().take(SIDE * SIDE * LAYERS).skip(2).step_by(LAYERS).any(|n| *n > 0.0));
        for row in 0..SIDE {
            for column in 0..SIDE {
                let at = |crop: &[f32], column: usize| crop[(row * SIDE + column) * LAYERS];
                // A centre between two pixels moves by one when it is mirrored.
                let there = at(&straight, SIDE - 1 - column);
                assert!(at(&mirrored, column) == there || candidate.region.bounds.width() % 2 == 1);
            }
        }
    }
}
