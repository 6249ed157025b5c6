//! Labels with their values, line by line, so that a long value goes on over the edge of a page.

use super::canvas::{LIGHT, Style};
use super::lines::lines;
use super::pager::{Align, Pager, WIDTH};
use crate::{Error, Row};

const LABEL: Style = Style::grey(10.5);
const VALUE: Style = Style::plain(12.0);
const LEADING: f64 = 18.5;
const PADDING: f64 = 6.5;
/// How wide the labels' column is, with the gap after it.
const COLUMN: f64 = 126.0;
const GAP: f64 = 14.0;
/// A row up to this height is not divided.
const KEPT: f64 = 5.0 * LEADING;

/// Sets a row and the thin line under it.
pub(super) fn row(pager: &mut Pager<'_, '_>, row: &Row) -> Result<(), Error> {
    let labels = lines(pager.used, &row.label, LABEL.size, COLUMN - GAP, 0.0);
    let values = lines(pager.used, &row.value, VALUE.size, WIDTH - COLUMN, 0.0);
    let count = labels.len().max(values.len());
    #[expect(clippy::cast_precision_loss, reason = "a document has far fewer lines than 2^52")]
    let height = count as f64 * LEADING;
    pager.need(2.0 * PADDING + if height <= KEPT { height } else { LEADING })?;
    pager.y += PADDING;
    for at in 0..count {
        pager.need(LEADING)?;
        if let Some(label) = labels.get(at) {
            pager.draw(label, Align::Left(0.0), LEADING * 0.72, LABEL);
        }
        if let Some(value) = values.get(at) {
            pager.draw(value, Align::Left(COLUMN), LEADING * 0.72, VALUE);
        }
        pager.y += LEADING;
    }
    pager.y += PADDING;
    let y = pager.y;
    pager.rule(y, LIGHT);
    Ok(())
}
