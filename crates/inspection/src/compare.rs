//! What differs between a picture and its template beyond a tolerance.

use crate::bitmap::Bitmap;

/// Copper that should not be there, and copper that is not there.
#[derive(Debug, Clone)]
pub struct Difference {
    /// Set in the picture, further than the tolerance from any copper of the template.
    pub extra: Bitmap,
    /// Bright in the picture, further than the tolerance inside copper of the template.
    pub missing: Bitmap,
}

/// Compares with a tolerance of `radius` pixels at each edge; only pixels in `seen` count.
#[must_use]
pub fn compare(test: &Bitmap, template: &Bitmap, seen: &Bitmap, radius: usize) -> Difference {
    Difference {
        extra: test.without(&template.dilated(radius)).and(seen),
        missing: template.eroded(radius).without(test).and(seen),
    }
}

impl Difference {
    /// Both together.
    #[must_use]
    pub fn either(&self) -> Bitmap {
        self.extra.or(&self.missing)
    }
}
