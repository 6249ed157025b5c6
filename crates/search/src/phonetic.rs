//! How Chinese sounds, in letters: spellings, initials, and the slips people make.

use std::sync::LazyLock;

use pinyin::ToPinyinMulti;

/// Most readings of one character that are indexed.
const READINGS: usize = 3;

/// Most spellings of one word that are indexed.
const SPELLINGS: usize = 6;

/// Words in which a character is not read as usual, and how it is read there.
const READ_OTHERWISE: &[(&str, char, &str)] = &[
    ("银行", '行', "hang"),
    ("行业", '行', "hang"),
    ("重新", '重', "chong"),
    ("重复", '重', "chong"),
    ("校长", '长', "zhang"),
    ("院长", '长', "zhang"),
    ("会长", '长', "zhang"),
    ("增长", '长', "zhang"),
    ("成长", '长', "zhang"),
    ("调解", '调', "tiao"),
    ("调整", '调', "tiao"),
    ("会计", '会', "kuai"),
    ("音乐", '乐', "yue"),
    ("给付", '给', "ji"),
    ("供给", '给', "ji"),
];

/// The block in which nearly every character in use lies (CJK Unified Ideographs).
const FIRST: char = '\u{4E00}';
const LAST: char = '\u{9FFF}';

/// The readings of that block, looked up once: marking a page of hits asks for thousands.
static COMMON: LazyLock<Vec<Readings>> = LazyLock::new(|| (FIRST..=LAST).map(Readings::looked_up).collect());

/// The readings of one character without tones, the most likely first; `lü` is written `lv`.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub(crate) struct Readings {
    all: [&'static str; READINGS],
    count: usize,
}

impl Readings {
    /// Those of `c`; none when it is not Chinese.
    pub(crate) fn of(c: char) -> Self {
        let known = (c as usize).checked_sub(FIRST as usize).and_then(|at| COMMON.get(at));
        known.copied().unwrap_or_else(|| Self::looked_up(c))
    }

    fn looked_up(c: char) -> Self {
        let mut readings = Self::default();
        for reading in c.to_pinyin_multi().into_iter().flatten() {
            readings.push(in_letters(reading.plain()));
        }
        readings
    }

    fn push(&mut self, reading: &'static str) {
        let plain = !reading.is_empty() && reading.bytes().all(|b| b.is_ascii_lowercase());
        if plain
            && !self.all().contains(&reading)
            && let Some(place) = self.all.get_mut(self.count)
        {
            *place = reading;
            self.count += 1;
        }
    }

    /// All of them, the most likely first.
    pub(crate) fn all(&self) -> &[&'static str] {
        self.all.get(..self.count).unwrap_or(&[])
    }

    /// The most likely one.
    pub(crate) fn usual(&self) -> Option<&'static str> {
        self.all().first().copied()
    }

    /// The letter the most likely one begins with.
    pub(crate) fn initial(&self) -> Option<&'static str> {
        self.usual()?.get(..1)
    }

    fn prefer(&mut self, reading: &'static str) {
        let rest = *self;
        *self = Self::default();
        self.push(reading);
        for other in rest.all() {
            self.push(other);
        }
    }
}

fn in_letters(plain: &'static str) -> &'static str {
    match plain {
        "lü" => "lv",
        "nü" => "nv",
        "lüe" => "lve",
        "nüe" => "nve",
        other => other,
    }
}

/// The readings of every character of a text, those of known words put right.
pub(crate) fn sounds(text: &[char]) -> Vec<Readings> {
    let mut sounds: Vec<Readings> = text.iter().map(|&c| Readings::of(c)).collect();
    for (word, c, reading) in READ_OTHERWISE {
        if !text.contains(c) {
            continue;
        }
        let (Some(at), length) = (word.chars().position(|other| other == *c), word.chars().count()) else {
            continue;
        };
        for start in 0..text.len().saturating_sub(length - 1) {
            let here =
                text.get(start..start + length).is_some_and(|part| part.iter().copied().eq(word.chars()));
            if here && let Some(readings) = sounds.get_mut(start + at) {
                readings.prefer(reading);
            }
        }
    }
    sounds
}

/// The spellings of a word: the usual one first, then those with one character read otherwise. Empty
/// when a character has no reading.
pub(crate) fn spellings(word: &[Readings]) -> Vec<String> {
    let Some(usual) = word.iter().map(Readings::usual).collect::<Option<Vec<_>>>() else {
        return Vec::new();
    };
    let mut found = vec![usual.concat()];
    for (at, readings) in word.iter().enumerate() {
        for other in readings.all().iter().skip(1) {
            let mut changed = usual.clone();
            if let Some(place) = changed.get_mut(at) {
                *place = other;
            }
            let spelt = changed.concat();
            if found.len() < SPELLINGS && !found.contains(&spelt) {
                found.push(spelt);
            }
        }
    }
    found
}

/// The initials of a word as it is usually read; nothing when a character has no reading.
pub(crate) fn initials(word: &[Readings]) -> Option<String> {
    word.iter().map(Readings::initial).collect()
}

/// What a spelling has in common with those that southern speakers take for it: `zh` and `z`, `ch` and
/// `c`, `sh` and `s`, `n` and `l` at the start, `ing` and `in`, `eng` and `en`, `ang` and `an`, `v` and `u`.
pub(crate) fn blurred(spelling: &str) -> String {
    let letters = spelling.as_bytes();
    let mut out = String::with_capacity(letters.len());
    for (at, &letter) in letters.iter().enumerate() {
        let before = at.checked_sub(1).and_then(|i| letters.get(i)).copied().unwrap_or(0);
        let after = letters.get(at + 1).copied().unwrap_or(0);
        match letter {
            b'h' if matches!(before, b'z' | b'c' | b's') => {}
            b'g' if before == b'n' && !is_vowel(after) => {}
            b'n' if is_vowel(after) && !is_vowel(before) => out.push('l'),
            b'v' => out.push('u'),
            _ => out.push(char::from(letter)),
        }
    }
    out
}

fn is_vowel(letter: u8) -> bool {
    matches!(letter, b'a' | b'e' | b'i' | b'o' | b'u' | b'v')
}

#[cfg(test)]
mod tests {
    use super::*;

    fn word(text: &str) -> Vec<Readings> {
        sounds(&text.chars().collect::<Vec<_>>())
    }

    #[test]
    fn the_usual_reading_comes_first_and_others_follow() {
        assert_eq!(spellings(&word("社保"))[0], "shebao");
        assert_eq!(spellings(&word("银行"))[0], "yinhang");
        assert!(spellings(&word("行")).contains(&"hang".to_owned()));
        assert_eq!(spellings(&word("律师"))[0], "lvshi");
        assert_eq!(initials(&word("公积金")).as_deref(), Some("gjj"));
        assert!(spellings(&word("A卡")).is_empty());
        assert_eq!(initials(&word("A卡")), None);
    }

    #[test]
    fn a_word_of_many_readings_stays_bounded() {
        assert!(spellings(&word("行长重调乐单参会")).len() <= SPELLINGS);
    }

    #[test]
    fn common_slips_blur_into_one() {
        for (right, slip) in [
            ("juzhuzheng", "juzuzheng"),
            ("shebao", "sebao"),
            ("chusheng", "cusheng"),
            ("jiashizheng", "jiashizhen"),
            ("nengyuan", "lengyuan"),
            ("shengyu", "shenyu"),
            ("lvshi", "lushi"),
            ("gang", "gan"),
        ] {
            assert_eq!(blurred(right), blurred(slip), "{right} {slip}");
        }
        assert_ne!(blurred("shebao"), blurred("shebei"));
    }
}
