//! A letter: the agency's name in red over a red line, number, title, to whom, text.

use super::canvas::{RED, Style};
use super::certificate::title;
use super::lines::lines;
use super::pager::{Align, Pager, WIDTH};
use super::table;
use crate::{Error, Letter, Part};

const BODY: Style = Style::plain(12.0);
const LEADING: f64 = 21.0;
const BETWEEN: f64 = 5.0;

pub(super) fn set(letter: &Letter, pager: &mut Pager<'_, '_>) -> Result<(), Error> {
    let head = Style::bold(20.0).red();
    let issuer = lines(pager.used, &letter.issuer, head.size, WIDTH, 0.0);
    pager.centred(&issuer, 28.0, head)?;
    pager.y += 12.0;
    let y = pager.y;
    pager.rule(y, RED);
    if let Some(reference) = &letter.reference {
        let reference = format!("{}{}{reference}", pager.labels.number, pager.labels.colon);
        for line in lines(pager.used, &reference, 10.0, WIDTH, 0.0) {
            pager.draw(&line, Align::Right, 17.0, Style::grey(10.0));
            pager.y += 17.0;
        }
    }
    pager.y += 14.0;
    title(&letter.title, pager)?;
    pager.y += 16.0;
    text(pager, &format!("{}{}", letter.addressee, pager.labels.colon.trim_end()), BODY, 0.0)?;
    for part in &letter.body {
        match part {
            Part::Heading(words) => heading(pager, words)?,
            Part::Paragraph(words) => {
                let indent = pager.labels.indent * BODY.size;
                text(pager, words, BODY, indent)?;
            }
            Part::Rows(rows) => {
                for row in rows {
                    table::row(pager, row)?;
                }
                pager.y += BETWEEN;
            }
        }
    }
    Ok(())
}

/// A heading keeps at least two lines of what follows on its page.
fn heading(pager: &mut Pager<'_, '_>, words: &str) -> Result<(), Error> {
    pager.need(3.0 * LEADING + BETWEEN)?;
    pager.y += BETWEEN;
    text(pager, words, Style::bold(12.5), 0.0)
}

fn text(pager: &mut Pager<'_, '_>, words: &str, style: Style, indent: f64) -> Result<(), Error> {
    for (at, line) in lines(pager.used, words, style.size, WIDTH, indent).into_iter().enumerate() {
        pager.need(LEADING)?;
        let left = if at == 0 { indent } else { 0.0 };
        pager.draw(&line, Align::Left(left), LEADING * 0.7, style);
        pager.y += LEADING;
    }
    pager.y += BETWEEN;
    Ok(())
}
