//! The end of a document: the agency's name and the day on the right, where the seal goes; the code to check it by on the left.

use super::canvas::Style;
use super::lines::{line, lines};
use super::mark::SIDE;
use super::pager::{Align, LEFT, Pager, WIDTH};
use super::qr;
use crate::font::Piece;
use crate::pdf::A4;
use crate::{Document, Error};

const CODE: f64 = 88.0;
const ADDRESS: Style = Style::grey(7.0);
const NAME: Style = Style::plain(12.0);
const DAY: Style = Style::plain(9.5);
const LEADING: f64 = 19.0;
/// Between the lines of the address.
const BELOW: f64 = 9.5;
/// How wide the left and the right half are.
const HALF: f64 = WIDTH / 2.0 - 10.0;
/// The middle of the right half.
const MIDDLE: f64 = LEFT + WIDTH - HALF / 2.0;

/// Sets the end, and answers with the page of the seal and the seal's lower left corner.
pub(super) fn set(
    document: &Document,
    pager: &mut Pager<'_, '_>,
    sealed: bool,
) -> Result<(usize, (f64, f64)), Error> {
    let address = document.verify().unwrap_or_default();
    let address = lines(pager.used, address, ADDRESS.size, HALF, 0.0);
    let names = lines(pager.used, document.issuer(), NAME.size, HALF, 0.0);
    let left = if document.verify().is_some() { CODE + 16.0 + high(&address, BELOW) } else { 0.0 };
    let day = if sealed { SIDE } else { LEADING };
    pager.y += 12.0;
    pager.need((high(&names, LEADING) + day).max(left))?;
    if let Some(verify) = document.verify() {
        code(pager, verify, &address)?;
    }
    for name in names {
        pager.need(LEADING)?;
        pager.draw(&name, Align::Middle(MIDDLE), LEADING * 0.72, NAME);
        pager.y += LEADING;
    }
    let words = line(pager.used, &pager.labels.date(document.day()));
    pager.need(day)?;
    // The seal lies over the day, which stands in its free middle.
    let down = if sealed { SIDE / 2.0 + DAY.size * 0.1 } else { LEADING * 0.72 };
    pager.draw(&words, Align::Middle(MIDDLE), down, if sealed { DAY } else { NAME });
    Ok((pager.page_number(), (MIDDLE - SIDE / 2.0, A4.1 - pager.y - SIDE)))
}

/// The code to check the document by, with its address for those who type it.
fn code(pager: &mut Pager<'_, '_>, verify: &str, address: &[Vec<Piece>]) -> Result<(), Error> {
    let low = A4.1 - pager.y - CODE;
    qr::draw(pager.page(), verify, (LEFT, low), CODE)?;
    let scan = line(pager.used, pager.labels.scan);
    pager.draw(&scan, Align::Left(0.0), CODE + 13.0, Style::plain(9.0));
    let mut down = CODE + 24.0;
    for part in address {
        pager.draw(part, Align::Left(0.0), down, ADDRESS);
        down += BELOW;
    }
    Ok(())
}

fn high(lines: &[Vec<Piece>], leading: f64) -> f64 {
    lines.iter().map(|_| leading).sum()
}
