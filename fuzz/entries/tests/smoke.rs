//! The fuzz targets on a stable toolchain: each entry point with good inputs, broken ones and noise. A failure prints
//! its seed; `SHENGSHI_FUZZ_SEED=… cargo test -p fuzz-entries` plays it again.

use std::panic::catch_unwind;

use fuzz_entries::{MODEL, PACK, answers, certificate, expression, good_certificates, model, pack, words};

/// A small generator (splitmix64).
struct Chance(u64);

impl Chance {
    fn next(&mut self) -> u64 {
        self.0 = self.0.wrapping_add(0x9E37_79B9_7F4A_7C15);
        let mut mixed = self.0;
        mixed = (mixed ^ (mixed >> 30)).wrapping_mul(0xBF58_476D_1CE4_E5B9);
        mixed = (mixed ^ (mixed >> 27)).wrapping_mul(0x94D0_49BB_1331_11EB);
        mixed ^ (mixed >> 31)
    }

    fn below(&mut self, bound: usize) -> usize {
        (self.next() % bound.max(1) as u64) as usize
    }
}

/// Pieces that readers stumble over.
const PIECES: [&[u8]; 24] = [
    b"\"",
    b"'",
    b",",
    b"\n",
    b"\r\n",
    b"|",
    b"&",
    b"=",
    b"%",
    b"%E7%A4",
    b"\xff\xfe",
    b"\xef\xbb\xbf",
    b"{",
    b"[[[[[[[[",
    b"- - - - ",
    b"&a *a",
    b"!!binary",
    b"18446744073709551616",
    b"-1",
    b"1e999",
    b"NaN",
    "广东".as_bytes(),
    b"\0",
    b"../../x",
];

/// A seed that differs from run to run, unless one is asked for.
fn seed() -> u64 {
    let asked = std::env::var("SHENGSHI_FUZZ_SEED").ok().and_then(|text| text.parse().ok());
    asked.unwrap_or_else(|| u64::from(std::process::id()))
}

/// Breaks a good input in one to four places.
fn broken(chance: &mut Chance, good: &[u8]) -> Vec<u8> {
    let mut bytes = good.to_vec();
    for _ in 0..=chance.below(4) {
        let at = chance.below(bytes.len() + 1);
        match chance.below(5) {
            0 => bytes.truncate(at),
            1 => {
                let end = (at + 1 + chance.below(12)).min(bytes.len());
                drop(bytes.drain(at.min(end)..end));
            }
            2 if at < bytes.len() => bytes[at] ^= 1 << chance.below(8),
            3 => {
                let end = (at + chance.below(40)).min(bytes.len());
                let copy = bytes[at..end].to_vec();
                drop(bytes.splice(at..at, copy));
            }
            _ => drop(bytes.splice(at..at, PIECES[chance.below(PIECES.len())].iter().copied())),
        }
    }
    bytes
}

/// Gives `entry` many broken forms of its good inputs; says seed and input when it panics.
fn hammer(name: &str, entry: fn(&[u8]), good: &[Vec<u8>], times: usize) {
    let seed = seed();
    let mut chance = Chance(seed);
    println!("{name}: seed {seed}");
    for input in good {
        entry(input);
    }
    for _ in 0..times {
        let which = chance.below(good.len());
        let input = broken(&mut chance, &good[which]);
        if catch_unwind(|| entry(&input)).is_err() {
            panic!("{name} panicked, seed {seed}, on {:?}", String::from_utf8_lossy(&input));
        }
    }
}

#[test]
fn the_small_pack_is_good_as_it_stands() {
    let files = PACK.iter().map(|(path, bytes)| (*path, bytes.to_vec()));
    let loaded = packs::load_files(&[&packs::Memory::new("base", files)]);
    assert!(loaded.catalogue.is_some(), "{:?}", loaded.problems);
}

#[test]
fn pack_readers_survive_broken_files() {
    let good: Vec<Vec<u8>> =
        (0_u8..).zip(PACK).map(|(at, (_, content))| [&[at], *content].concat()).collect();
    hammer("pack", pack, &good, 1_500);
}

#[test]
fn form_decoding_survives_broken_bodies() {
    let good = [
        "text=%E7%A4%BA%E4%BE%8B&integer=12&money=12.50&date=2026-01-02&choice=a&choices=a&choices=b&confirm=yes\
         &citizen_number=990000199001010010&mobile=13000000001",
        "text=a+b&choice=b&mobile=%2B8613000000001",
        "integer=-99999999999999999999&money=1.234&date=2026-02-30&choices=%7C%7C&credit_code=91440000000000000X",
    ];
    hammer("answers", answers, &good.map(|text| text.as_bytes().to_vec()), 20_000);
}

#[test]
fn typed_words_survive() {
    let good = [
        "990000199001010010",
        "91350100M000100Y43",
        "440000",
        "20 workdays",
        "10 natural days",
        "440000-20261123-000017-4",
    ];
    hammer("words", words, &good.map(|text| text.as_bytes().to_vec()), 50_000);
}

#[test]
fn certificates_that_strangers_show_survive() {
    hammer("certificate", certificate, &good_certificates(), 4_000);
}

#[test]
fn decision_models_survive_broken_files() {
    assert!(dmn::Model::parse(MODEL).is_ok(), "{:?}", dmn::Model::parse(MODEL));
    hammer("model", model, &[MODEL.as_bytes().to_vec()], 3_000);
}

#[test]
fn expressions_survive() {
    let good = [
        "if x > 3 and a name = \"示例\" then [1, 2][1] else {a: 1}.a",
        "for i in 1..9, k in list return i * k ** 2 - -1 / 3",
        "some i in list satisfies i in [1..3], not(x between 1 and 2)",
        "sum(list[item > 2]) + string length(substring(a name, 1, 1))",
        "day + duration(\"P1Y6M\") >= date(2026, 2, 28) or @\"P1DT2H\" * 2 = null",
        "{a: list, b c: count(a)}.b c in (<= 3, (4..7])",
        "((((((((((((x))))))))))))",
    ];
    hammer("expression", expression, &good.map(|text| text.as_bytes().to_vec()), 30_000);
}
