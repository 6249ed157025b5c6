//! The colour space of every page: sRGB (IEC 61966-2-1) as an ICC profile of version 2, written from its definition.

/// Red, green and blue as XYZ adapted to D50.
const PRIMARIES: [(&[u8; 4], [f64; 3]); 3] = [
    (b"rXYZ", [0.436_066, 0.222_488, 0.013_916]),
    (b"gXYZ", [0.385_147, 0.716_873, 0.097_076]),
    (b"bXYZ", [0.143_066, 0.060_608, 0.714_096]),
];

/// The white of the profile's own space, D50.
const WHITE: [f64; 3] = [0.964_203, 1.0, 0.824_905];

/// Points of the curve: enough that a straight line between two is off by less than an eighth of a bit in eight.
const POINTS: u16 = 1_024;

/// The profile's bytes.
pub(super) fn srgb() -> Vec<u8> {
    const HEADER: usize = 128;
    let mut tags: Vec<([u8; 4], Vec<u8>)> = vec![
        (*b"desc", description("sRGB")),
        (*b"cprt", b"text\0\0\0\0CC0\0".to_vec()),
        (*b"wtpt", xyz(WHITE)),
    ];
    tags.extend(PRIMARIES.map(|(tag, values)| (*tag, xyz(values))));
    let curves = [*b"rTRC", *b"gTRC", *b"bTRC"];
    let mut table = be(tags.len() + curves.len());
    let mut data = Vec::new();
    let begin = HEADER + 4 + (tags.len() + curves.len()) * 12;
    let mut add = |names: &[[u8; 4]], mut bytes: Vec<u8>| {
        for name in names {
            table.extend(name);
            table.extend(be(begin + data.len()));
            table.extend(be(bytes.len()));
        }
        bytes.resize(bytes.len().next_multiple_of(4), 0);
        data.extend(bytes);
    };
    for (name, bytes) in tags {
        add(&[name], bytes);
    }
    // The three colours share one curve.
    add(&curves, curve());
    [header(begin + data.len()), table, data].concat()
}

fn header(length: usize) -> Vec<u8> {
    let mut header = be(length);
    header.extend([0; 4]);
    header.extend([2, 0x10, 0, 0]); // version 2.1
    header.extend(b"mntrRGB XYZ ");
    // A fixed day, as the bytes must not change.
    header.extend([2026_u16, 1, 1, 0, 0, 0].map(u16::to_be_bytes).concat());
    header.extend(b"acsp");
    header.resize(68, 0);
    header.extend(WHITE.map(fixed).concat());
    header.resize(128, 0);
    header
}

fn be(value: usize) -> Vec<u8> {
    u32::try_from(value).unwrap_or(u32::MAX).to_be_bytes().to_vec()
}

/// A number with sixteen bits after the point.
fn fixed(value: f64) -> [u8; 4] {
    #[expect(clippy::cast_possible_truncation, reason = "the values above are all at most 1")]
    let bits = (value * 65_536.0).round() as i32;
    bits.to_be_bytes()
}

fn xyz(values: [f64; 3]) -> Vec<u8> {
    [b"XYZ \0\0\0\0".to_vec(), values.map(fixed).concat()].concat()
}

/// sRGB's curve from what is stored to what shines, in points.
fn curve() -> Vec<u8> {
    let mut bytes = b"curv\0\0\0\0".to_vec();
    bytes.extend(be(usize::from(POINTS)));
    for point in 0..POINTS {
        let stored = f64::from(point) / f64::from(POINTS - 1);
        let light = if stored <= 0.040_45 { stored / 12.92 } else { ((stored + 0.055) / 1.055).powf(2.4) };
        #[expect(
            clippy::cast_possible_truncation,
            clippy::cast_sign_loss,
            reason = "the light is from 0 to 1"
        )]
        let light = (light * 65_535.0).round() as u16;
        bytes.extend(light.to_be_bytes());
    }
    bytes
}

/// A description in ASCII; the places for other scripts stay empty.
fn description(text: &str) -> Vec<u8> {
    const OTHER_SCRIPTS: usize = 4 + 4 + 2 + 1 + 67;
    let mut bytes = b"desc\0\0\0\0".to_vec();
    bytes.extend(be(text.len() + 1));
    bytes.extend(text.as_bytes());
    bytes.resize(bytes.len() + 1 + OTHER_SCRIPTS, 0);
    bytes
}
