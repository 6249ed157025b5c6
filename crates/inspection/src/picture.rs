//! Reading a picture within bounds.

use std::io::Cursor;

use image::{ImageFormat, ImageReader, Limits};

/// The largest file that is read, in bytes.
pub const MAX_BYTES: usize = 16 << 20;
/// The longest side, in pixels; a line's tiles have 640, whole panels are cut before.
pub const MAX_SIDE: u32 = 4096;
/// The shortest side, in pixels: below, no defect could be told from noise.
pub const MIN_SIDE: u32 = 64;

/// Why a file is no picture to judge.
#[derive(Debug, thiserror::Error, PartialEq, Eq)]
pub enum PictureError {
    /// The file is longer than [`MAX_BYTES`].
    #[error("the file has {0} bytes, more than {MAX_BYTES}")]
    TooLong(usize),
    /// Neither JPEG nor PNG by its first bytes.
    #[error("neither a JPEG nor a PNG picture")]
    NotAPicture,
    /// A side is outside [`MIN_SIDE`]`..=`[`MAX_SIDE`].
    #[error("the picture is {0}×{1} pixels; each side must have {MIN_SIDE} to {MAX_SIDE}")]
    Size(u32, u32),
    /// It begins well and cannot be decoded.
    #[error("the picture is damaged: {0}")]
    Damaged(String),
}

/// A gray picture, a byte a pixel, row after row; 0 is black.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Picture {
    /// Pixels a row.
    pub width: usize,
    /// Rows.
    pub height: usize,
    /// `width × height` bytes.
    pub gray: Vec<u8>,
}

impl Picture {
    /// Decodes a JPEG or PNG file. Colour becomes luminance.
    ///
    /// # Errors
    /// When it is too long, too large, too small, damaged, or no picture.
    pub fn decode(bytes: &[u8]) -> Result<Self, PictureError> {
        if bytes.len() > MAX_BYTES {
            return Err(PictureError::TooLong(bytes.len()));
        }
        let format = image::guess_format(bytes).map_err(|_| PictureError::NotAPicture)?;
        if !matches!(format, ImageFormat::Jpeg | ImageFormat::Png) {
            return Err(PictureError::NotAPicture);
        }
        let damaged = |error: image::ImageError| PictureError::Damaged(error.to_string());
        // The sides are read before anything is made room for: a header is not to be believed with memory.
        let (width, height) =
            ImageReader::with_format(Cursor::new(bytes), format).into_dimensions().map_err(damaged)?;
        let bounds = MIN_SIDE..=MAX_SIDE;
        if !bounds.contains(&width) || !bounds.contains(&height) {
            return Err(PictureError::Size(width, height));
        }
        let mut reader = ImageReader::with_format(Cursor::new(bytes), format);
        let mut limits = Limits::default();
        limits.max_image_width = Some(MAX_SIDE);
        limits.max_image_height = Some(MAX_SIDE);
        limits.max_alloc = Some(256 << 20);
        reader.limits(limits);
        let gray = reader.decode().map_err(damaged)?.into_luma8();
        Ok(Self { width: width as usize, height: height as usize, gray: gray.into_raw() })
    }

    /// How many pixels have each of the 256 grays.
    #[must_use]
    pub fn histogram(&self) -> [u32; 256] {
        let mut counts = [0; 256];
        for pixel in &self.gray {
            counts[usize::from(*pixel)] += 1;
        }
        counts
    }
}

/// The gray that parts a picture into dark and bright with the least variance inside both (Otsu, IEEE Trans. SMC 9, 1979),
/// and the mean grays of both sides. A picture of one gray has no such parting.
#[must_use]
pub fn threshold(histogram: &[u32; 256]) -> Option<(u8, f64, f64)> {
    let total: f64 = histogram.iter().map(|n| f64::from(*n)).sum();
    let sum: f64 = histogram.iter().enumerate().map(|(gray, n)| gray as f64 * f64::from(*n)).sum();
    let (mut below, mut sum_below, mut best) = (0.0, 0.0, None::<(f64, u8, f64, f64)>);
    for gray in 0..255_u8 {
        let n = f64::from(histogram[usize::from(gray)]);
        below += n;
        sum_below += n * f64::from(gray);
        if below == 0.0 || below == total {
            continue;
        }
        let (dark, bright) = (sum_below / below, (sum - sum_below) / (total - below));
        let between = below * (total - below) * (bright - dark).powi(2);
        if best.is_none_or(|(most, ..)| between > most) {
            best = Some((between, gray + 1, dark, bright));
        }
    }
    best.map(|(_, gray, dark, bright)| (gray, dark, bright))
}
