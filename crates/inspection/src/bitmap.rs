//! Pictures of one bit a pixel, 64 pixels a word, so that comparing two boards is a few thousand operations on words.

/// One bit a pixel, row after row; bit 0 of a word is its leftmost pixel. Bits beyond the width are always 0.
#[derive(Clone, PartialEq, Eq)]
pub struct Bitmap {
    width: usize,
    height: usize,
    stride: usize,
    words: Vec<u64>,
}

impl std::fmt::Debug for Bitmap {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "Bitmap({}×{}, {} set)", self.width, self.height, self.count())
    }
}

impl Bitmap {
    /// All bits 0.
    #[must_use]
    pub fn empty(width: usize, height: usize) -> Self {
        let stride = width.div_ceil(64);
        Self { width, height, stride, words: vec![0; stride * height] }
    }

    /// All bits 1.
    #[must_use]
    pub fn full(width: usize, height: usize) -> Self {
        let mut map = Self::empty(width, height);
        map.words.fill(u64::MAX);
        map.trim();
        map
    }

    /// The bits for which `is_set(x, y)`.
    pub fn from_fn(width: usize, height: usize, mut is_set: impl FnMut(usize, usize) -> bool) -> Self {
        let mut map = Self::empty(width, height);
        for y in 0..height {
            for x in 0..width {
                if is_set(x, y) {
                    map.words[y * map.stride + x / 64] |= 1 << (x % 64);
                }
            }
        }
        map
    }

    /// The pixels of `gray` (row after row) that are darker than `threshold`.
    #[must_use]
    pub fn darker(width: usize, height: usize, gray: &[u8], threshold: u8) -> Self {
        assert_eq!(gray.len(), width * height, "one byte a pixel");
        let mut map = Self::empty(width, height);
        for (row, words) in gray.chunks_exact(width).zip(map.words.chunks_exact_mut(map.stride)) {
            for (pixels, word) in row.chunks(64).zip(words) {
                for (bit, pixel) in pixels.iter().enumerate() {
                    *word |= u64::from(*pixel < threshold) << bit;
                }
            }
        }
        map
    }

    /// Pixels a row.
    #[must_use]
    pub fn width(&self) -> usize {
        self.width
    }

    /// Rows.
    #[must_use]
    pub fn height(&self) -> usize {
        self.height
    }

    /// Whether the pixel is set; none outside is.
    #[must_use]
    pub fn get(&self, x: isize, y: isize) -> bool {
        let (Ok(x), Ok(y)) = (usize::try_from(x), usize::try_from(y)) else { return false };
        x < self.width && y < self.height && self.words[y * self.stride + x / 64] >> (x % 64) & 1 == 1
    }

    /// Sets a pixel that lies inside; the others are no error, a stroke may leave the picture.
    pub fn put(&mut self, x: isize, y: isize, set: bool) {
        let (Ok(x), Ok(y)) = (usize::try_from(x), usize::try_from(y)) else { return };
        if x < self.width && y < self.height {
            let word = &mut self.words[y * self.stride + x / 64];
            *word = *word & !(1 << (x % 64)) | u64::from(set) << (x % 64);
        }
    }

    /// The words of a row.
    #[must_use]
    pub fn row(&self, y: usize) -> &[u64] {
        &self.words[y * self.stride..][..self.stride]
    }

    /// The words of a row, to write; bits beyond the width must stay 0.
    pub(crate) fn row_mut(&mut self, y: usize) -> &mut [u64] {
        &mut self.words[y * self.stride..][..self.stride]
    }

    /// 64 pixels of row `y` beginning at pixel `x`; those outside are 0.
    #[must_use]
    pub fn window(&self, x: isize, y: isize) -> u64 {
        let Ok(y) = usize::try_from(y) else { return 0 };
        if y >= self.height {
            return 0;
        }
        let row = self.row(y);
        let word = |n: isize| usize::try_from(n).ok().and_then(|n| row.get(n)).copied().unwrap_or(0);
        let (first, shift) = (x.div_euclid(64), x.rem_euclid(64));
        let low = word(first) >> shift;
        if shift == 0 { low } else { low | word(first + 1) << (64 - shift) }
    }

    /// How many bits are set.
    #[must_use]
    pub fn count(&self) -> usize {
        self.words.iter().map(|word| word.count_ones() as usize).sum()
    }

    /// Each pixel (x, y) becomes what (x + dx, y + dy) was; what comes from outside is 0.
    #[must_use]
    pub fn shifted(&self, dx: isize, dy: isize) -> Self {
        let mut out = Self::empty(self.width, self.height);
        for y in 0..self.height {
            for n in 0..self.stride {
                out.words[y * self.stride + n] = self.window(n as isize * 64 + dx, y as isize + dy);
            }
        }
        out.trim();
        out
    }

    /// Bits of both.
    #[must_use]
    pub fn and(&self, other: &Self) -> Self {
        self.zip(other, |a, b| a & b)
    }

    /// Bits of either.
    #[must_use]
    pub fn or(&self, other: &Self) -> Self {
        self.zip(other, |a, b| a | b)
    }

    /// Bits of this one that the other lacks.
    #[must_use]
    pub fn without(&self, other: &Self) -> Self {
        self.zip(other, |a, b| a & !b)
    }

    /// Bits in which they differ.
    #[must_use]
    pub fn xor(&self, other: &Self) -> Self {
        self.zip(other, |a, b| a ^ b)
    }

    /// What is not set.
    #[must_use]
    pub fn not(&self) -> Self {
        let mut out = self.zip(self, |a, _| !a);
        out.trim();
        out
    }

    /// Grown by `radius` pixels in the shape of an octagon: crosses and squares by turns, which is near a disc.
    #[must_use]
    pub fn dilated(&self, radius: usize) -> Self {
        let mut map = self.clone();
        for step in 0..radius {
            map = map.grown(step % 2 == 1);
        }
        map
    }

    /// Shrunk by `radius`; outside the picture counts as set, so that copper that leaves it keeps its edge.
    #[must_use]
    pub fn eroded(&self, radius: usize) -> Self {
        self.not().dilated(radius).not()
    }

    /// Grown by one pixel: the cross of four neighbours, or the square of eight.
    fn grown(&self, square: bool) -> Self {
        let mut wide = Self::empty(self.width, self.height);
        for y in 0..self.height {
            let (from, to) = (self.row(y), y * self.stride);
            for n in 0..self.stride {
                let before = if n > 0 { from[n - 1] >> 63 } else { 0 };
                let after = from.get(n + 1).map_or(0, |word| word << 63);
                wide.words[to + n] = from[n] | from[n] << 1 | from[n] >> 1 | before | after;
            }
        }
        let mut out = wide.clone();
        let beside = if square { &wide } else { self };
        for y in 0..self.height {
            for n in 0..self.stride {
                let above = if y > 0 { beside.words[(y - 1) * self.stride + n] } else { 0 };
                let below = if y + 1 < self.height { beside.words[(y + 1) * self.stride + n] } else { 0 };
                out.words[y * self.stride + n] |= above | below;
            }
        }
        out.trim();
        out
    }

    fn zip(&self, other: &Self, with: impl Fn(u64, u64) -> u64) -> Self {
        assert_eq!((self.width, self.height), (other.width, other.height), "pictures of one size");
        let words = self.words.iter().zip(&other.words).map(|(a, b)| with(*a, *b)).collect();
        Self { words, ..*self }
    }

    fn trim(&mut self) {
        let rest = self.width % 64;
        if rest > 0 {
            for row in self.words.chunks_exact_mut(self.stride) {
                row[self.stride - 1] &= (1 << rest) - 1;
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn map() -> impl Strategy<Value = Bitmap> {
        (1_usize..150, 1_usize..20).prop_flat_map(|(width, height)| {
            proptest::collection::vec(any::<bool>(), width * height)
                .prop_map(move |bits| Bitmap::from_fn(width, height, |x, y| bits[y * width + x]))
        })
    }

    proptest! {
        #[test]
        fn shifting_is_what_it_says(map in map(), dx in -70_isize..70, dy in -10_isize..10) {
            let shifted = map.shifted(dx, dy);
            for y in 0..map.height() as isize {
                for x in 0..map.width() as isize {
                    prop_assert_eq!(shifted.get(x, y), map.get(x + dx, y + dy));
                }
            }
        }

        #[test]
        fn growing_is_what_it_says(map in map()) {
            let (one, two) = (map.dilated(1), map.dilated(2));
            for y in 0..map.height() as isize {
                for x in 0..map.width() as isize {
                    let cross = [(0, 0), (1, 0), (-1, 0), (0, 1), (0, -1)];
                    prop_assert_eq!(one.get(x, y), cross.iter().any(|(i, j)| map.get(x + i, y + j)));
                    let square = (-1..=1).any(|j| (-1..=1).any(|i| one.get(x + i, y + j)));
                    prop_assert_eq!(two.get(x, y), square);
                }
            }
            prop_assert_eq!(map.not().not(), map.clone());
            prop_assert_eq!(map.count() + map.not().count(), map.width() * map.height());
        }
    }

    #[test]
    fn copper_that_leaves_the_picture_keeps_its_edge() {
        assert_eq!(Bitmap::full(70, 9).eroded(3), Bitmap::full(70, 9));
    }
}
