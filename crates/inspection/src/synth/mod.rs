//! Boards and defects drawn from a seed, with exact labels, so that everything runs and is tested without a data set.
//!
//! What a defect is follows from what it does to the copper, not from what was meant: a stroke that joins two pieces is a short,
//! whatever it looks like. So the labels cannot be wrong.

mod board;
mod damage;
mod scan;

use crate::bitmap::Bitmap;
use crate::defect::Annotation;
use crate::network::Random;
use crate::picture::Picture;

pub use damage::effect;

/// Pixels a side of what is drawn.
pub const SIDE: usize = 640;

/// A drawn pair.
#[derive(Debug, Clone)]
pub struct Drawn {
    /// The board with its defects, as a camera sees it.
    pub test: Picture,
    /// What it should look like, as a camera saw another one.
    pub template: Picture,
    /// What is wrong, and where on the test picture.
    pub annotations: Vec<Annotation>,
}

/// Draws a pair: a board, up to a dozen defects, the shift and bend of a real line, and the noise of edges. Board `n` of a seed is
/// always the same.
#[must_use]
pub fn draw(seed: u64, n: u64) -> Drawn {
    let mut random = Random::new(&[seed, n, 1]);
    let copper = board::draw(&mut random);
    let mut damaged = copper.clone();
    let wanted = random.below(10) + 2;
    let mut found = Vec::new();
    // A board may have no room for one more: it is not looked for without end.
    for _ in 0..wanted * 4 {
        if found.len() < wanted {
            found.extend(damage::add(&mut damaged, &copper, &found, &mut random));
        }
    }
    let camera = scan::Camera::new(&mut random);
    let template = scan::Camera::straight();
    let annotations = found.iter().map(|annotation| camera.see(annotation)).collect();
    Drawn {
        test: camera.scan(&damaged, &mut random),
        template: template.scan(&copper, &mut random),
        annotations,
    }
}

/// Sets or clears the pixels nearer than `radius` to the line between two points.
fn stroke(map: &mut Bitmap, from: (f32, f32), to: (f32, f32), radius: f32, set: bool) {
    let (low_x, high_x) = (from.0.min(to.0) - radius, from.0.max(to.0) + radius);
    let (low_y, high_y) = (from.1.min(to.1) - radius, from.1.max(to.1) + radius);
    let (dx, dy) = (to.0 - from.0, to.1 - from.1);
    let length = dx * dx + dy * dy;
    for y in low_y.floor() as isize..=high_y.ceil() as isize {
        for x in low_x.floor() as isize..=high_x.ceil() as isize {
            let (px, py) = (x as f32 - from.0, y as f32 - from.1);
            let along = if length > 0.0 { ((px * dx + py * dy) / length).clamp(0.0, 1.0) } else { 0.0 };
            let (away_x, away_y) = (px - along * dx, py - along * dy);
            if away_x * away_x + away_y * away_y <= radius * radius {
                map.put(x, y, set);
            }
        }
    }
}
