//! What a station reports of one unit, and its answers to the item's form. Everything is bounded, and nothing in it is
//! looked into: a text is a text, whatever it says.

use jiff::Timestamp;
use packs::{Answers, Form};
use serde::Deserialize;

use super::StationError;

/// Most findings of one report; a station that has more sends the surest and says how many there are.
pub const MAX_FINDINGS: usize = 64;
/// Longest serial number, lot, recipe and version, in characters.
const MAX_TEXT: usize = 64;
/// Longest name of a class of defects.
const MAX_CLASS: usize = 32;
/// Most findings that are counted.
const MAX_FOUND: u32 = 1_000;
/// Largest coordinate, in pixels.
const MAX_PIXEL: u32 = 65_535;
/// Scores are kept in ten thousandths.
const WHOLE: f64 = 10_000.0;
/// Why a picture cannot be judged.
const OBSTACLES: [&str; 6] = ["dark", "blurred", "shifted", "wrong-recipe", "empty", "other"];
const VERDICTS: [&str; 4] = ["cannot-judge", "unsure", "ok", "ng"];

/// What a station reports of one unit.
#[derive(Debug, Clone, PartialEq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Report {
    /// Code of the item.
    pub item: String,
    /// Serial number of the unit.
    pub serial: String,
    /// Its lot.
    pub lot: String,
    /// How many units the lot holds, where that is known: then a sample is drawn by the item's plan.
    #[serde(default)]
    pub lot_size: Option<u32>,
    /// The recipe it was inspected by.
    pub recipe: String,
    /// `ok`, `ng`, `unsure`, `cannot-judge`.
    pub judged: String,
    /// Why it cannot be judged: `dark`, `blurred`, `shifted`, `wrong-recipe`, `empty`, `other`.
    #[serde(default)]
    pub obstacle: Option<String>,
    /// How likely a defect is, 0 to 1, calibrated.
    pub score: f64,
    /// Version of the model.
    pub model: String,
    /// At most [`MAX_FINDINGS`].
    #[serde(default)]
    pub findings: Vec<Finding>,
    /// How many findings there are, where that is more than are listed.
    #[serde(default)]
    pub found: Option<u32>,
    /// SHA-256 of the picture, 64 lower-case hexadecimal digits.
    pub test_picture: String,
    /// SHA-256 of the template.
    pub template_picture: String,
    /// When the picture was taken (RFC 3339).
    #[serde(default)]
    pub taken: Option<Timestamp>,
}

/// One finding.
#[derive(Debug, Clone, PartialEq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Finding {
    /// Class of the defect: 1 to 32 lower-case letters, digits and dashes.
    pub class: String,
    /// How sure, 0 to 1.
    pub score: f64,
    /// Left edge, in pixels of the picture.
    pub x: u32,
    /// Upper edge.
    pub y: u32,
    /// Width.
    pub width: u32,
    /// Height.
    pub height: u32,
}

fn wrong(field: &str, why: &'static str) -> StationError {
    StationError::Report { field: field.to_owned(), why }
}

/// 1 to 64 characters without control characters or blanks at the ends, so that it is one text however it is sent.
fn text(field: &str, text: &str) -> Result<(), StationError> {
    let fits = !text.is_empty()
        && text.chars().count() <= MAX_TEXT
        && text.trim() == text
        && !text.chars().any(char::is_control);
    if fits {
        Ok(())
    } else {
        Err(wrong(field, "1 to 64 characters, no control characters, no blanks at the ends"))
    }
}

/// Reads 64 lower-case hexadecimal digits.
pub(crate) fn digest(hex: &str) -> Option<[u8; 32]> {
    let digit = |byte: u8| match byte {
        b'0'..=b'9' => Some(byte - b'0'),
        b'a'..=b'f' => Some(byte - b'a' + 10),
        _ => None,
    };
    let mut bytes = [0; 32];
    if hex.len() != 64 {
        return None;
    }
    for (byte, pair) in bytes.iter_mut().zip(hex.as_bytes().chunks_exact(2)) {
        *byte = digit(pair[0])? << 4 | digit(pair[1])?;
    }
    Some(bytes)
}

/// In ten thousandths, rounded up: what lies above a band never comes to lie in it.
#[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "it lies within 0 to 10,000")]
fn ten_thousandths(field: &str, score: f64) -> Result<u32, StationError> {
    if !(0.0..=1.0).contains(&score) {
        return Err(wrong(field, "a number from 0 to 1"));
    }
    // What was meant as 0.02 is 0.02, and not the next above it.
    Ok((score * WHOLE - 1e-6).ceil().max(0.0) as u32)
}

impl Finding {
    fn line(&self) -> Result<String, StationError> {
        let Self { class, score, x, y, width, height } = self;
        let plain = |byte: u8| byte.is_ascii_lowercase() || byte.is_ascii_digit() || byte == b'-';
        if class.is_empty() || class.len() > MAX_CLASS || !class.bytes().all(plain) {
            return Err(wrong("findings.class", "1 to 32 lower-case letters, digits and dashes"));
        }
        if [x, y, width, height].into_iter().any(|side| *side > MAX_PIXEL) || *width == 0 || *height == 0 {
            return Err(wrong("findings", "a box of at least one pixel, within 65535 pixels"));
        }
        let score = ten_thousandths("findings.score", *score)?;
        Ok(format!("{class} {score} {x} {y} {width} {height}"))
    }
}

impl Report {
    /// What makes it this picture of this unit: what comes again with the same is the same report.
    pub(crate) fn key(&self) -> [&str; 4] {
        [&self.serial, &self.lot, &self.recipe, &self.test_picture]
    }

    /// The pictures it names.
    pub(crate) fn pictures(&self) -> [&str; 2] {
        [&self.test_picture, &self.template_picture]
    }

    /// The answers to an item's form, of which `station` is the platform's own.
    ///
    /// # Errors
    /// [`StationError::Report`] naming what is wrong.
    pub(crate) fn answers(&self, form: &Form, station: &str) -> Result<Answers, StationError> {
        for (field, value) in
            [("serial", &self.serial), ("lot", &self.lot), ("recipe", &self.recipe), ("model", &self.model)]
        {
            text(field, value)?;
        }
        for (field, hex) in
            [("test_picture", &self.test_picture), ("template_picture", &self.template_picture)]
        {
            digest(hex).ok_or_else(|| wrong(field, "a SHA-256 of 64 lower-case hexadecimal digits"))?;
        }
        if !VERDICTS.contains(&self.judged.as_str()) {
            return Err(wrong("judged", "ok, ng, unsure or cannot-judge"));
        }
        let found = self.found.unwrap_or_default().max(self.findings.len() as u32);
        if self.findings.len() > MAX_FINDINGS || found > MAX_FOUND {
            return Err(wrong("findings", "at most 64 are listed and 1000 counted"));
        }
        let lines = self.findings.iter().map(Finding::line).collect::<Result<Vec<_>, _>>()?;
        let mut answers = Answers::from([
            ("serial".to_owned(), self.serial.clone()),
            ("lot".to_owned(), self.lot.clone()),
            ("recipe".to_owned(), self.recipe.clone()),
            ("station".to_owned(), station.to_owned()),
            ("judged".to_owned(), self.judged.clone()),
            ("score".to_owned(), ten_thousandths("score", self.score)?.to_string()),
            ("model".to_owned(), self.model.clone()),
            ("found".to_owned(), found.to_string()),
            ("findings".to_owned(), lines.join("\n")),
            ("test_picture".to_owned(), self.test_picture.clone()),
            ("template_picture".to_owned(), self.template_picture.clone()),
        ]);
        match (self.judged.as_str(), self.obstacle.as_deref()) {
            ("cannot-judge", obstacle) => {
                let obstacle = obstacle.unwrap_or("other");
                if !OBSTACLES.contains(&obstacle) {
                    return Err(wrong("obstacle", "dark, blurred, shifted, wrong-recipe, empty or other"));
                }
                answers.insert("obstacle".to_owned(), obstacle.to_owned());
            }
            (_, Some(_)) => return Err(wrong("obstacle", "only where the verdict is cannot-judge")),
            (_, None) => {}
        }
        if let Some(taken) = self.taken {
            answers.insert("taken".to_owned(), taken.to_string());
        }
        let asked =
            |name: &str| form.pages.iter().flat_map(|page| &page.fields).any(|field| field.name == name);
        answers.retain(|name, _| asked(name));
        Ok(answers)
    }
}

#[cfg(test)]
mod tests {
    use super::{digest, ten_thousandths};

    #[test]
    fn scores_are_rounded_up_into_no_band() {
        for (score, kept) in
            [(0.0, 0), (0.02, 200), (0.020_01, 201), (0.979_99, 9_800), (0.98, 9_800), (1.0, 10_000)]
        {
            assert_eq!(ten_thousandths("score", score), Ok(kept), "{score}");
        }
        for score in [-0.01, 1.01, f64::NAN, f64::INFINITY] {
            assert!(ten_thousandths("score", score).is_err(), "{score}");
        }
    }

    #[test]
    fn a_digest_is_written_in_one_way() {
        assert_eq!(digest(&"0f".repeat(32)), Some([15; 32]));
        for hex in ["", "0F", &"0F".repeat(32), &"0f".repeat(31), &"é".repeat(32), &"0g".repeat(32)] {
            assert_eq!(digest(hex), None, "{hex}");
        }
    }
}
