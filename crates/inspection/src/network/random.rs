//! A small generator of numbers that look random and follow from a seed (SplitMix64, Steele et al. 2014).

/// The same seed gives the same numbers, everywhere and always.
#[derive(Debug, Clone)]
pub struct Random(u64);

impl Random {
    /// A generator for a purpose: seeds that differ in any part give unrelated numbers.
    pub fn new(parts: &[u64]) -> Self {
        let mut random = Self(0x5851_f42d_4c95_7f2d);
        for part in parts {
            random.0 = random.next_u64() ^ part.wrapping_mul(0x9e37_79b9_7f4a_7c15).wrapping_add(*part);
        }
        random.next_u64();
        random
    }

    /// 64 bits.
    pub fn next_u64(&mut self) -> u64 {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mut mixed = self.0;
        mixed = (mixed ^ (mixed >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        mixed = (mixed ^ (mixed >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        mixed ^ (mixed >> 31)
    }

    /// From 0 up to, not including, 1.
    pub fn unit(&mut self) -> f32 {
        (self.next_u64() >> 40) as f32 / 16_777_216.0
    }

    /// From `low` up to `high`.
    pub fn between(&mut self, low: f32, high: f32) -> f32 {
        low + (high - low) * self.unit()
    }

    /// From 0 up to, not including, `end`; 0 if `end` is.
    pub fn below(&mut self, end: usize) -> usize {
        ((u128::from(self.next_u64()) * end as u128) >> 64) as usize
    }

    /// Mean 0, variance 1: the sum of twelve, which needs no logarithm and so is the same on every machine.
    pub fn normal(&mut self) -> f32 {
        (0..12).map(|_| self.unit()).sum::<f32>() - 6.0
    }

    /// Puts the items in a random order (Fisher and Yates).
    pub fn shuffle<T>(&mut self, items: &mut [T]) {
        for last in (1..items.len()).rev() {
            items.swap(last, self.below(last + 1));
        }
    }
}
