//! The verdict on one picture: clear, clearly not, doubtful, or one that nobody could judge. What cannot be judged is never OK.

use serde::{Deserialize, Serialize};

use crate::bitmap::Bitmap;
use crate::candidates::{Pair, copper};
use crate::defect::Finding;
use crate::picture::{Picture, threshold};
use crate::register::REACH;

/// Fewer grays than this between dark and bright: no light, no board, or no focus.
const CONTRAST: f64 = 40.0;
/// More half-dark pixels than this for each pixel of edge: out of focus or moved. Sharp pictures have about one.
const BLUR: f64 = 3.0;
/// A share of differing pixels above this is another board. The worst real pair of DeepPCB's training part has 0.034.
const RESIDUE: f64 = 0.08;
/// More places than this on one tile are no defects but another board or a ruined picture.
const PLACES: usize = 250;

/// Why a picture cannot be judged.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Unjudged {
    /// The picture and its template have different sizes.
    SizeDiffers,
    /// Dark, overexposed or covered: next to no contrast, while the template has some.
    NoContrast,
    /// Out of focus, or moved during exposure.
    Blurred,
    /// Nothing but background, or nothing but copper, while the template has both.
    Empty,
    /// It lies further from its template than is looked for.
    Displaced,
    /// It does not look like its template: another recipe, or upside down.
    AnotherBoard,
}

/// From which `any` score a picture is what. Chosen on held-out boards by [`crate::calibrate`].
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
pub struct Bands {
    /// A place below this is no defect.
    pub ok_below: f32,
    /// A place from here on is one; between both a person looks.
    pub ng_from: f32,
}

/// What becomes of a picture.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case", tag = "verdict", content = "reason")]
pub enum Verdict {
    /// No place is a defect.
    Ok,
    /// At least one place is.
    Ng,
    /// A person looks at it.
    Doubtful,
    /// A person looks at it, and at the camera.
    CannotJudge(Unjudged),
}

/// Lays a picture over its template, if it can be judged at all.
///
/// # Errors
/// Why it cannot.
pub fn lay(test: &Picture, template: &Picture) -> Result<Pair, Unjudged> {
    if (test.width, test.height) != (template.width, template.height) {
        return Err(Unjudged::SizeDiffers);
    }
    let wanted = copper(template);
    let copper_wanted = wanted.count();
    let has_both = copper_wanted > 0 && copper_wanted < wanted.width() * wanted.height();
    if has_both {
        exposed(test)?;
    }
    let seen = copper(test);
    if has_both && (seen.count() * 20 < copper_wanted || seen.not().count() * 20 < wanted.not().count()) {
        return Err(Unjudged::Empty);
    }
    let pair = Pair::of(&seen, &wanted);
    if pair.registration.shift.0.abs().max(pair.registration.shift.1.abs()) >= REACH {
        return Err(Unjudged::Displaced);
    }
    if pair.registration.residue > RESIDUE || pair.candidates.len() > PLACES {
        return Err(Unjudged::AnotherBoard);
    }
    Ok(pair)
}

/// The verdict on a picture that could be laid over its template.
#[must_use]
pub fn verdict(findings: &[Finding], bands: Bands) -> Verdict {
    let worst = findings.iter().map(|finding| finding.any).fold(0.0, f32::max);
    if worst >= bands.ng_from {
        Verdict::Ng
    } else if worst >= bands.ok_below {
        Verdict::Doubtful
    } else {
        Verdict::Ok
    }
}

/// Whether there is enough light, and focus.
fn exposed(picture: &Picture) -> Result<(), Unjudged> {
    let histogram = picture.histogram();
    let (parted, dark, bright) = threshold(&histogram).ok_or(Unjudged::NoContrast)?;
    if bright - dark < CONTRAST {
        return Err(Unjudged::NoContrast);
    }
    let (low, high) = (dark + (bright - dark) * 0.25, dark + (bright - dark) * 0.75);
    let between: u32 = (low.ceil() as usize..=high as usize).map(|gray| histogram[gray.min(255)]).sum();
    let map = Bitmap::darker(picture.width, picture.height, &picture.gray, parted);
    let edge = map.without(&map.eroded(1)).count();
    if edge > 0 && f64::from(between) / edge as f64 > BLUR { Err(Unjudged::Blurred) } else { Ok(()) }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::synth;

    fn shifted(picture: &Picture, by: usize) -> Picture {
        let at = |x: usize, y: usize| {
            let (x, y) = ((x + by).min(picture.width - 1), (y + by).min(picture.height - 1));
            picture.gray[y * picture.width + x]
        };
        let gray = (0..picture.gray.len()).map(|n| at(n % picture.width, n / picture.width)).collect();
        Picture { gray, ..*picture }
    }

    fn blurred(picture: &Picture, reach: isize) -> Picture {
        let (width, height) = (picture.width as isize, picture.height as isize);
        let at = |x: isize, y: isize| {
            let near = |n: isize, end: isize| (n - reach..=n + reach).map(move |n| n.clamp(0, end - 1));
            let sum: usize = near(y, height)
                .flat_map(|y| near(x, width).map(move |x| (x, y)))
                .map(|(x, y)| usize::from(picture.gray[(y * width + x) as usize]))
                .sum();
            (sum / ((2 * reach + 1) as usize).pow(2)) as u8
        };
        let gray = (0..width * height).map(|n| at(n % width, n / width)).collect();
        Picture { gray, ..*picture }
    }

    #[test]
    fn what_cannot_be_judged_says_why() {
        let drawn = synth::draw(3, 5);
        let (test, template) = (&drawn.test, &drawn.template);
        assert!(lay(test, template).is_ok());
        let dark = Picture { gray: test.gray.iter().map(|gray| gray / 8).collect(), ..*test };
        assert_eq!(lay(&dark, template).map(drop).unwrap_err(), Unjudged::NoContrast);
        let covered = Picture { gray: vec![200; test.gray.len()], ..*test };
        assert_eq!(lay(&covered, template).map(drop).unwrap_err(), Unjudged::NoContrast);
        assert_eq!(lay(&blurred(test, 5), template).map(drop).unwrap_err(), Unjudged::Blurred);
        let other = synth::draw(3, 6);
        // At the end of what is looked for, another board and one far away are the same.
        assert!(matches!(lay(&other.test, template), Err(Unjudged::Displaced | Unjudged::AnotherBoard)));
        let small = Picture { width: 320, height: 1280, gray: test.gray.clone() };
        assert_eq!(lay(&small, template).map(drop).unwrap_err(), Unjudged::SizeDiffers);
        assert!(matches!(
            lay(&shifted(test, 40), template),
            Err(Unjudged::Displaced | Unjudged::AnotherBoard)
        ));
        let mut speck = Picture { gray: vec![250; test.gray.len()], ..*test };
        speck.gray[1000..1200].fill(5);
        assert_eq!(lay(&speck, template).map(drop).unwrap_err(), Unjudged::Empty);
    }

    #[test]
    fn between_the_bands_a_person_looks() {
        let bands = Bands { ok_below: 0.1, ng_from: 0.9 };
        let drawn = synth::draw(3, 5).annotations[0];
        let finding = |any: f32| Finding { defect: drawn.defect, score: any, any, at: drawn.at };
        assert_eq!(verdict(&[], bands), Verdict::Ok);
        assert_eq!(verdict(&[finding(0.05)], bands), Verdict::Ok);
        assert_eq!(verdict(&[finding(0.05), finding(0.5)], bands), Verdict::Doubtful);
        assert_eq!(verdict(&[finding(0.5), finding(0.95)], bands), Verdict::Ng);
    }
}
