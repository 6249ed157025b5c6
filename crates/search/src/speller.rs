//! Words close to what was typed: one letter wrong, missing, too many or swapped, or a usual slip of
//! the ear. Every key is filed under each of its spellings with one letter left out, so a look-up is a
//! handful of binary searches.

use crate::phonetic;
use crate::table::Fnv;
use std::hash::Hasher;

/// Longest word compared, in letters.
const LONGEST: usize = 30;

/// The keys of one table, filed for correction.
#[derive(Debug, Default)]
pub(crate) struct Speller {
    /// Hash of the blurred spelling and the key's position, sorted.
    blurred: Vec<(u64, u32)>,
    /// Hash of the spelling whole or without one letter and the key's position, sorted.
    without_one: Vec<(u64, u32)>,
}

impl Speller {
    /// Files the keys of at least `shortest` letters.
    pub(crate) fn new(keys: &[Box<str>], shortest: usize) -> Self {
        let mut speller = Self::default();
        for (at, key) in keys.iter().enumerate() {
            let Ok(at) = u32::try_from(at) else { break };
            if !(shortest..=LONGEST).contains(&key.len()) || !key.bytes().all(|b| b.is_ascii_lowercase()) {
                continue;
            }
            speller.blurred.push((hash(phonetic::blurred(key).bytes()), at));
            for_each_shortened(key, |hash| speller.without_one.push((hash, at)));
        }
        for list in [&mut speller.blurred, &mut speller.without_one] {
            list.sort_unstable();
            list.dedup();
            list.shrink_to_fit();
        }
        speller
    }

    /// Positions of the keys that sound like `word` to somebody who mixes up the usual pairs.
    pub(crate) fn sounding_like(&self, word: &str, keys: &[Box<str>]) -> Vec<usize> {
        let blurred = phonetic::blurred(word);
        let mut found = Vec::new();
        filed(&self.blurred, hash(blurred.bytes()), &mut found);
        found.retain(|&at| keys.get(at).is_some_and(|key| phonetic::blurred(key) == blurred));
        found
    }

    /// Positions of the keys one slip of the finger away from `word`.
    pub(crate) fn one_slip_from(&self, word: &str, keys: &[Box<str>]) -> Vec<usize> {
        let mut found = Vec::new();
        if word.len() > LONGEST {
            return found;
        }
        for_each_shortened(word, |hash| filed(&self.without_one, hash, &mut found));
        found.sort_unstable();
        found.dedup();
        found.retain(|&at| keys.get(at).is_some_and(|key| one_slip(key.as_bytes(), word.as_bytes())));
        found
    }
}

fn filed(list: &[(u64, u32)], hash: u64, found: &mut Vec<usize>) {
    let from = list.partition_point(|&(known, _)| known < hash);
    let rest = list.get(from..).unwrap_or(&[]);
    found.extend(rest.iter().take_while(|&&(known, _)| known == hash).map(|&(_, at)| at as usize));
}

fn for_each_shortened(word: &str, mut with: impl FnMut(u64)) {
    with(hash(word.bytes()));
    for left_out in 0..word.len() {
        with(hash(word.bytes().enumerate().filter(|&(at, _)| at != left_out).map(|(_, b)| b)));
    }
}

fn hash(bytes: impl Iterator<Item = u8>) -> u64 {
    let mut hasher = Fnv::default();
    bytes.for_each(|byte| hasher.write_u8(byte));
    hasher.finish()
}

/// Whether one letter added, dropped, replaced or swapped with its neighbour makes `a` into `b`.
fn one_slip(a: &[u8], b: &[u8]) -> bool {
    let (short, long) = if a.len() <= b.len() { (a, b) } else { (b, a) };
    let same = short.iter().zip(long).take_while(|(x, y)| x == y).count();
    match long.len() - short.len() {
        0 if same == long.len() => false,
        0 => {
            rest(short, same + 1) == rest(long, same + 1)
                || (short.get(same) == long.get(same + 1)
                    && short.get(same + 1) == long.get(same)
                    && rest(short, same + 2) == rest(long, same + 2))
        }
        1 => rest(short, same) == rest(long, same + 1),
        _ => false,
    }
}

fn rest(word: &[u8], from: usize) -> &[u8] {
    word.get(from..).unwrap_or(&[])
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn one_slip_is_one_slip() {
        for (a, b) in [("shebao", "shebau"), ("shebao", "sebao"), ("shebao", "shbeao"), ("shebao", "shebaoo")]
        {
            assert!(one_slip(a.as_bytes(), b.as_bytes()), "{a} {b}");
            assert!(one_slip(b.as_bytes(), a.as_bytes()), "{b} {a}");
        }
        for (a, b) in [("shebao", "shebao"), ("shebao", "shebei"), ("shebao", "seba"), ("abcd", "badc")] {
            assert!(!one_slip(a.as_bytes(), b.as_bytes()), "{a} {b}");
        }
    }

    #[test]
    fn near_words_are_found_and_far_ones_are_not() {
        let keys: Vec<Box<str>> = ["jiashizheng", "juzhuzheng", "she", "shebao"].map(Into::into).into();
        let speller = Speller::new(&keys, 4);
        assert_eq!(speller.one_slip_from("shebau", &keys), [3]);
        assert_eq!(speller.one_slip_from("jiashzheng", &keys), [0]);
        assert!(speller.one_slip_from("gongjijin", &keys).is_empty());
        assert_eq!(speller.sounding_like("juzuzhen", &keys), [1]);
        assert!(speller.one_slip_from("", &keys).is_empty());
    }
}
