//! From single pixels to places: what lies near together is one place.

use crate::bitmap::Bitmap;

/// A rectangle of whole pixels; the right and bottom edges are outside.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Bounds {
    /// First column.
    pub left: usize,
    /// First row.
    pub top: usize,
    /// The column after the last.
    pub right: usize,
    /// The row after the last.
    pub bottom: usize,
}

/// Pixels that hang together.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Region {
    /// The smallest rectangle around them.
    pub bounds: Bounds,
    /// How many they are.
    pub area: usize,
}

/// The places of `map`: pixels are of one place when their growths by `near` pixels touch. In order of their first pixel.
#[must_use]
pub fn regions(map: &Bitmap, near: usize) -> Vec<Region> {
    let grown = map.dilated(near);
    let runs = runs(&grown);
    let mut places = Places::new(runs.len());
    let mut above = 0;
    for (n, run) in runs.iter().enumerate() {
        while above < n
            && (runs[above].y + 1 < run.y || runs[above].y + 1 == run.y && runs[above].right < run.left)
        {
            above += 1;
        }
        let mut other = above;
        // Touching at a corner counts.
        while other < n && runs[other].y + 1 == run.y && runs[other].left <= run.right {
            places.join(n, other);
            other += 1;
        }
    }
    let mut found: Vec<Option<Region>> = vec![None; runs.len()];
    for (n, run) in runs.iter().enumerate() {
        measure(map, run, &mut found[places.root(n)]);
    }
    found.into_iter().flatten().collect()
}

/// A row of set pixels.
struct Run {
    y: usize,
    left: usize,
    right: usize,
}

fn runs(map: &Bitmap) -> Vec<Run> {
    let mut runs: Vec<Run> = Vec::new();
    for y in 0..map.height() {
        for (n, &word) in map.row(y).iter().enumerate() {
            let mut rest = word;
            while rest != 0 {
                let start = rest.trailing_zeros() as usize;
                let length = (!(rest >> start)).trailing_zeros() as usize;
                rest &= if start + length >= 64 { 0 } else { u64::MAX << (start + length) };
                let (left, right) = (n * 64 + start, n * 64 + start + length);
                match runs.last_mut() {
                    Some(last) if last.y == y && last.right == left => last.right = right,
                    _ => runs.push(Run { y, left, right }),
                }
            }
        }
    }
    runs
}

/// Adds the pixels that `map` itself has within the run.
fn measure(map: &Bitmap, run: &Run, region: &mut Option<Region>) {
    let mut x = run.left;
    while x < run.right {
        let mask = if run.right - x >= 64 { u64::MAX } else { (1 << (run.right - x)) - 1 };
        let bits = map.window(x as isize, run.y as isize) & mask;
        if bits != 0 {
            let (left, right) = (x + bits.trailing_zeros() as usize, x + 64 - bits.leading_zeros() as usize);
            let new = Bounds { left, top: run.y, right, bottom: run.y + 1 };
            let region = region.get_or_insert(Region { bounds: new, area: 0 });
            region.area += bits.count_ones() as usize;
            region.bounds = region.bounds.around(new);
        }
        x += 64;
    }
}

/// Who belongs together, by the roots of trees whose paths are halved on the way.
struct Places(Vec<usize>);

impl Places {
    fn new(len: usize) -> Self {
        Self((0..len).collect())
    }

    fn root(&mut self, mut n: usize) -> usize {
        while self.0[n] != n {
            self.0[n] = self.0[self.0[n]];
            n = self.0[n];
        }
        n
    }

    fn join(&mut self, a: usize, b: usize) {
        let (a, b) = (self.root(a), self.root(b));
        self.0[a.max(b)] = a.min(b);
    }
}

impl Bounds {
    /// Pixels a row.
    #[must_use]
    pub fn width(&self) -> usize {
        self.right - self.left
    }

    /// Rows.
    #[must_use]
    pub fn height(&self) -> usize {
        self.bottom - self.top
    }

    /// Whether they share a pixel.
    #[must_use]
    pub fn touches(self, other: Self) -> bool {
        self.left < other.right
            && other.left < self.right
            && self.top < other.bottom
            && other.top < self.bottom
    }

    /// The smallest rectangle around both.
    #[must_use]
    pub fn around(self, other: Self) -> Self {
        Self {
            left: self.left.min(other.left),
            top: self.top.min(other.top),
            right: self.right.max(other.right),
            bottom: self.bottom.max(other.bottom),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn places_are_told_apart() {
        let map = Bitmap::from_fn(200, 40, |x, y| {
            (10..14).contains(&x) && (5..7).contains(&y)
                || x == 17 && y == 6
                || (60..70).contains(&x) && y == 30
                || x == 199 && y == 0
        });
        let found = regions(&map, 3);
        assert_eq!(
            found,
            [
                Region { bounds: Bounds { left: 199, top: 0, right: 200, bottom: 1 }, area: 1 },
                Region { bounds: Bounds { left: 10, top: 5, right: 18, bottom: 7 }, area: 9 },
                Region { bounds: Bounds { left: 60, top: 30, right: 70, bottom: 31 }, area: 10 },
            ]
        );
        assert_eq!(regions(&map, 0).len(), 4);
    }
}
