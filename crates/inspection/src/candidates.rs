//! Places that may be a defect: what differs beyond a tolerance, told apart into too much copper and too little.

use crate::bitmap::Bitmap;
use crate::compare::compare;
use crate::picture::{Picture, threshold};
use crate::regions::{Region, regions};
use crate::register::{Registration, register};

/// The tolerance at edges that is inspected with, in pixels: the jitter of binarised edges, with what registration leaves.
const TOLERANCE: usize = 2;
/// Pixels nearer to each other than twice this belong to one place.
const NEAR: usize = 3;
/// With the finer tolerance of one pixel, a place must have this many pixels: scratches as thin as a hair have.
const FINE_AREA: usize = 12;

/// A place to look at.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Candidate {
    /// The pixels that differ.
    pub region: Region,
    /// Too much copper, rather than too little.
    pub is_extra: bool,
    /// Seen with the finer tolerance only.
    pub is_fine: bool,
}

/// A picture laid over its template.
#[derive(Debug, Clone)]
pub struct Pair {
    /// Copper of the picture.
    pub test: Bitmap,
    /// Copper of the template, moved to where the picture has it.
    pub template: Bitmap,
    /// Where they differ by more than one pixel at edges.
    pub difference: Bitmap,
    /// How the template was laid.
    pub registration: Registration,
    /// The places to look at, the plain ones first.
    pub candidates: Vec<Candidate>,
}

impl Pair {
    /// Binarises, registers and compares two pictures of one size.
    #[must_use]
    pub fn new(test: &Picture, template: &Picture) -> Self {
        Self::of(&copper(test), &copper(template))
    }

    /// A picture that could not be laid over its template: no place to look at.
    #[must_use]
    pub fn empty(test: &Picture) -> Self {
        let test = copper(test);
        let nothing = Bitmap::empty(test.width(), test.height());
        let registration = Registration { shift: (0, 0), columns: 0, blocks: Vec::new(), residue: 1.0 };
        Self { template: nothing.clone(), difference: nothing, registration, candidates: Vec::new(), test }
    }

    /// Registers and compares.
    #[must_use]
    pub fn of(test: &Bitmap, template: &Bitmap) -> Self {
        let registration = register(test, template);
        let (laid, seen) = registration.lay(template);
        let plain = compare(test, &laid, &seen, TOLERANCE);
        let fine = compare(test, &laid, &seen, 1);
        let mut candidates = Vec::new();
        for (is_extra, map) in [(true, &plain.extra), (false, &plain.missing)] {
            let found = regions(map, NEAR).into_iter();
            candidates.extend(found.map(|region| Candidate { region, is_extra, is_fine: false }));
        }
        let plain_count = candidates.len();
        for (is_extra, map) in [(true, &fine.extra), (false, &fine.missing)] {
            for region in regions(map, NEAR).into_iter().filter(|region| region.area >= FINE_AREA) {
                let known = candidates[..plain_count]
                    .iter()
                    .any(|other| other.is_extra == is_extra && region.bounds.touches(other.region.bounds));
                if !known {
                    candidates.push(Candidate { region, is_extra, is_fine: true });
                }
            }
        }
        let difference = fine.either();
        Self { test: test.clone(), template: laid, difference, registration, candidates }
    }
}

/// Where a picture is dark. One of a single gray is all copper or none.
#[must_use]
pub fn copper(picture: &Picture) -> Bitmap {
    let parted = threshold(&picture.histogram()).map_or(128, |(gray, ..)| gray);
    Bitmap::darker(picture.width, picture.height, &picture.gray, parted)
}
