//! The end of a document: the agency's name and the day on the right, where the seal goes; the code to check it by on the left.

use super::canvas::Style;
use super::lines::lines;
use super::mark::SIDE;
use super::pager::{Align, LEFT, Pager, WIDTH};
use super::qr;
use crate::pdf::A4;
use crate::{Document, Error};

const CODE: f64 = 88.0;
const ADDRESS: Style = Style::grey(7.0);
const NAME: Style = Style::plain(12.0);
const DAY: Style = Style::plain(9.5);
const LEADING: f64 = 19.0;
/// How wide the left and the right half are.
const HALF: f64 = WIDTH / 2.0 - 10.0;

/// Sets the end, and answers with the page of the seal and the seal's lower left corner.
pub(super) fn set(
    document: &Document,
    pager: &mut Pager<'_, '_>,
    sealed: bool,
) -> Result<(usize, (f64, f64)), Error> {
    let address = document.verify().map(|address| lines(pager.used, address, ADDRESS.size, HALF, 0.0));
    #[expect(clippy::cast_precision_loss, reason = "an address has a few lines")]
    let below = address.as_ref().map_or(0.0, |lines| lines.len() as f64 * 9.5);
    pager.y += 10.0;
    let right = if sealed { SIDE + 2.0 * LEADING } else { 3.0 * LEADING };
    pager.need((CODE + 18.0 + below).max(right))?;
    let top = pager.y;
    if let (Some(verify), Some(address)) = (document.verify(), address) {
        qr::draw(pager.page(), verify, (LEFT, A4.1 - top - CODE), CODE)?;
        let scan = super::lines::line(pager.used, pager.labels.scan);
        pager.draw(&scan, Align::Left(0.0), CODE + 13.0, Style::plain(9.0));
        for (at, line) in address.iter().enumerate() {
            #[expect(clippy::cast_precision_loss, reason = "an address has a few lines")]
            pager.draw(line, Align::Left(0.0), CODE + 24.0 + at as f64 * 9.5, ADDRESS);
        }
    }
    let middle = LEFT + WIDTH - HALF / 2.0;
    for name in lines(pager.used, document.issuer(), NAME.size, HALF, 0.0) {
        pager.need(LEADING)?;
        pager.draw(&name, Align::Middle(middle), LEADING * 0.72, NAME);
        pager.y += LEADING;
    }
    let day = pager.labels.date(document.day());
    let day = super::lines::line(pager.used, &day);
    pager.need(if sealed { SIDE } else { LEADING })?;
    // The seal lies over the day, which stands in its free middle.
    let down = if sealed { SIDE / 2.0 + DAY.size * 0.1 } else { LEADING * 0.72 };
    pager.draw(&day, Align::Middle(middle), down, if sealed { DAY } else { NAME });
    Ok((pager.page_number(), (middle - SIDE / 2.0, A4.1 - pager.y - SIDE)))
}
