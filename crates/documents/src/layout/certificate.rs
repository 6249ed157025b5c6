//! A certificate: the agency, what it is, its identifier, whose it is, what it says, how long it holds.

use super::canvas::{RED, Style};
use super::lines::lines;
use super::pager::{Pager, WIDTH};
use super::table;
use crate::{Certificate, Error, Row};

/// The title's sizes: the first one at which it takes one line, or else the last.
const TITLES: [f64; 3] = [28.0, 23.0, 19.0];

pub(super) fn set(certificate: &Certificate, pager: &mut Pager<'_, '_>) -> Result<(), Error> {
    let issuer = lines(pager.used, &certificate.issuer, 12.5, WIDTH, 0.0);
    pager.centred(&issuer, 19.0, Style::plain(12.5))?;
    pager.y += 12.0;
    title(&certificate.title, pager)?;
    pager.y += 10.0;
    let identifier = format!("{}{}{}", pager.labels.identifier, pager.labels.colon, certificate.identifier);
    let identifier = lines(pager.used, &identifier, 9.0, WIDTH, 0.0);
    pager.centred(&identifier, 13.0, Style::grey(9.0))?;
    pager.y += 16.0;
    let y = pager.y;
    pager.rule(y, RED);
    pager.y += 4.0;
    table::row(pager, &Row::new(pager.labels.holder, &certificate.holder))?;
    for row in &certificate.rows {
        table::row(pager, row)?;
    }
    let validity = pager.labels.validity(certificate.validity);
    table::row(pager, &Row::new(pager.labels.valid, validity))
}

/// The title in the middle, smaller where it is long.
pub(super) fn title(title: &str, pager: &mut Pager<'_, '_>) -> Result<(), Error> {
    let mut set = (TITLES[0], Vec::new());
    for size in TITLES {
        set = (size, lines(pager.used, title, size, WIDTH, 0.0));
        if set.1.len() == 1 {
            break;
        }
    }
    let (size, lines) = set;
    pager.centred(&lines, size * 1.35, Style::bold(size))
}
