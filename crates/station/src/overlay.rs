//! A picture with what was found drawn on it.

use std::io::Cursor;

use image::{ImageFormat, Rgb, RgbImage};
use inspection::judge::Bands;
use inspection::{Defect, Finding, Picture, Rect};

/// Clear to the machine.
const SURE: Rgb<u8> = Rgb([214, 39, 40]);
/// For a person.
const DOUBTFUL: Rgb<u8> = Rgb([230, 145, 0]);

/// As PNG: copper in grays, a box a finding, red where the machine is sure and amber where a person should look. The kind is told
/// by ticks on the upper edge, one for an open to six for a pin-hole, since a picture carries no text.
///
/// # Errors
/// When it cannot be encoded.
pub(crate) fn draw(picture: &Picture, findings: &[Finding], bands: Bands) -> Result<Vec<u8>, String> {
    let gray = |n: usize| picture.gray[n];
    let (width, height) = (picture.width as u32, picture.height as u32);
    let mut image = RgbImage::from_fn(width, height, |x, y| {
        let level = gray(y as usize * picture.width + x as usize);
        Rgb([level, level, level])
    });
    for finding in findings {
        let colour = if finding.any >= bands.ng_from { SURE } else { DOUBTFUL };
        frame(&mut image, &finding.at, finding.defect, colour);
    }
    let mut png = Cursor::new(Vec::new());
    image.write_to(&mut png, ImageFormat::Png).map_err(|error| error.to_string())?;
    Ok(png.into_inner())
}

fn frame(image: &mut RgbImage, at: &Rect, defect: Defect, colour: Rgb<u8>) {
    let (left, top, right, bottom) = (at.left as i64, at.top as i64, at.right as i64, at.bottom as i64);
    let mut put = |x: i64, y: i64| {
        let inside = |n: i64, end: u32| u32::try_from(n).ok().filter(|n| *n < end);
        if let (Some(x), Some(y)) = (inside(x, image.width()), inside(y, image.height())) {
            image.put_pixel(x, y, colour);
        }
    };
    for thick in 0..2 {
        (left..=right).for_each(|x| [top - thick, bottom + thick].into_iter().for_each(|y| put(x, y)));
        (top..=bottom).for_each(|y| [left - thick, right + thick].into_iter().for_each(|x| put(x, y)));
    }
    for tick in 0..defect.number() as i64 {
        (3..8).for_each(|up| (0..2).for_each(|wide| put(left + tick * 4 + wide, top - up)));
    }
}
