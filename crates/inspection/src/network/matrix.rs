//! Weights laid out for the kernel: panels of 16 columns, each row of a panel in one piece.

use super::plan::PANEL;

/// Floats of a packed matrix; the last panel is filled up with zeros.
pub(super) fn packed_len(rows: usize, columns: usize) -> usize {
    rows * columns.next_multiple_of(PANEL)
}

/// Packs the matrix whose number at `(row, column)` the closure tells.
pub(super) fn pack(rows: usize, columns: usize, packed: &mut [f32], at: impl Fn(usize, usize) -> f32) {
    for (panel, packed) in packed.chunks_exact_mut(rows * PANEL).enumerate() {
        for (row, packed) in packed.chunks_exact_mut(PANEL).enumerate() {
            for (column, number) in packed.iter_mut().enumerate() {
                let column = panel * PANEL + column;
                *number = if column < columns { at(row, column) } else { 0.0 };
            }
        }
    }
}

/// The other way round: into a plain matrix, row by row.
pub(super) fn unpack(rows: usize, columns: usize, packed: &[f32], plain: &mut [f32]) {
    for (panel, packed) in packed.chunks_exact(rows * PANEL).enumerate() {
        let first = panel * PANEL;
        let width = PANEL.min(columns - first);
        for (row, packed) in packed.chunks_exact(PANEL).enumerate() {
            plain[row * columns + first..][..width].copy_from_slice(&packed[..width]);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_packed_comes_back() {
        let (rows, columns) = (5, 19);
        let plain: Vec<f32> = (0..rows * columns).map(|number| number as f32).collect();
        let mut packed = vec![f32::NAN; packed_len(rows, columns)];
        pack(rows, columns, &mut packed, |row, column| plain[row * columns + column]);
        assert_eq!(packed[rows * PANEL..][..PANEL][3..], [0.0; 13]);
        let mut back = vec![f32::NAN; plain.len()];
        unpack(rows, columns, &packed, &mut back);
        assert_eq!(back, plain);
    }
}
