//! Pages, one after the other: what every page has, and how far the current one is filled.

use super::canvas::{self, GREY, LIGHT, RED, Start, Style};
use super::lines::line;
use super::watermark;
use crate::font::{Piece, Used};
use crate::labels::Labels;
use crate::limits::{MAX_PAGES, within};
use crate::pdf::{A4, Page};
use crate::{Document, Error};

/// The left edge of the text.
pub(super) const LEFT: f64 = 68.0;
/// How wide the text is.
pub(super) const WIDTH: f64 = A4.0 - 2.0 * LEFT;
/// The upper edge of the text on a page that goes on.
const TOP: f64 = 84.0;
/// The lower edge.
pub(super) const BOTTOM: f64 = A4.1 - 70.0;

/// Draws what every page has.
const WATERMARK: &str = "/Artifact BMC /Every Do EMC\n";

/// How a line stands between the edges.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(super) enum Align {
    /// It begins so far from the left edge of the text.
    Left(f64),
    /// Its middle is this far from the left edge of the page.
    Middle(f64),
    /// It ends at the right edge of the text.
    Right,
}

/// The pages of one document while they are set.
pub(super) struct Pager<'a, 'f> {
    pub(super) labels: &'static Labels,
    pub(super) used: &'a mut Used<'f>,
    document: &'a Document,
    /// The words of the watermark, and how it is drawn.
    copy: Vec<Piece>,
    watermark: Option<Page>,
    pages: Vec<Page>,
    /// How far the page is filled, from its upper edge.
    pub(super) y: f64,
}

impl<'a, 'f> Pager<'a, 'f> {
    pub(super) fn new(document: &'a Document, labels: &'static Labels, used: &'a mut Used<'f>) -> Self {
        let copy = document.watermark().map(|mark| line(used, &labels.watermark(mark))).unwrap_or_default();
        let watermark = (!copy.is_empty()).then(|| watermark::drawing(&copy, used));
        let mut pager = Self { labels, used, document, copy, watermark, pages: Vec::new(), y: TOP };
        pager.begin_page();
        pager
    }

    /// The current page and its number from 0.
    pub(super) fn page(&mut self) -> &mut Page {
        if self.pages.is_empty() {
            self.pages.push(Page::new());
        }
        let last = self.pages.len() - 1;
        &mut self.pages[last]
    }

    pub(super) fn page_number(&self) -> usize {
        self.pages.len().saturating_sub(1)
    }

    /// Goes on to a new page unless so much room is left on this one. Answers whether it did.
    pub(super) fn need(&mut self, height: f64) -> Result<bool, Error> {
        if self.y + height <= BOTTOM {
            return Ok(false);
        }
        within("pages", self.pages.len() + 1, MAX_PAGES)?;
        self.begin_page();
        self.y = TOP;
        let title = line(self.used, self.document.title());
        let shown = fitting(&title, 9.0, WIDTH);
        self.place(shown, Align::Left(0.0), 66.0, Style::grey(9.0));
        self.rule(72.0, LIGHT);
        Ok(true)
    }

    /// Draws a line whose baseline is `down` below what is filled, and fills no room.
    pub(super) fn draw(&mut self, pieces: &[Piece], align: Align, down: f64, style: Style) {
        self.place(pieces, align, self.y + down, style);
    }

    /// Draws `lines` in the middle of the page, each `leading` below the other, and fills the room.
    pub(super) fn centred(&mut self, lines: &[Vec<Piece>], leading: f64, style: Style) -> Result<(), Error> {
        for pieces in lines {
            self.need(leading)?;
            self.draw(pieces, Align::Middle(A4.0 / 2.0), leading * 0.8, style);
            self.y += leading;
        }
        Ok(())
    }

    fn place(&mut self, pieces: &[Piece], align: Align, y: f64, style: Style) {
        let wide = canvas::width(pieces, style.size);
        let x = match align {
            Align::Left(indent) => LEFT + indent,
            Align::Middle(middle) => middle - wide / 2.0,
            Align::Right => LEFT + WIDTH - wide,
        };
        self.text(pieces, Start { x, y: A4.1 - y, angle: 0.0 }, style);
    }

    fn text(&mut self, pieces: &[Piece], start: Start, style: Style) {
        let Some(page) = self.pages.last_mut() else { return };
        canvas::text(page, self.used, pieces, start, style);
    }

    /// A thin line across the text, `y` from the upper edge.
    pub(super) fn rule(&mut self, y: f64, colour: canvas::Colour) {
        canvas::rule(self.page(), (LEFT, A4.1 - y), (LEFT + WIDTH, A4.1 - y), 0.6, colour);
    }

    fn begin_page(&mut self) {
        self.pages.push(if self.watermark.is_some() { WATERMARK.to_owned() } else { Page::new() });
        if matches!(self.document, Document::Certificate(_)) {
            for (edge, thick) in [(28.0, 1.4), (32.5, 0.5)] {
                let size = (A4.0 - 2.0 * edge, A4.1 - 2.0 * edge);
                canvas::frame(self.page(), (edge, edge), size, thick, RED);
            }
        }
        if self.document.demo() {
            let words = line(self.used, self.labels.example);
            self.place(&words, Align::Middle(A4.0 / 2.0), 50.0, Style { colour: GREY, ..Style::bold(9.0) });
        }
    }

    /// All pages with their feet (what the document is called by, and the page's number), and what is drawn on each.
    pub(super) fn finish(mut self) -> (Vec<Page>, Option<Page>) {
        const FOOT: f64 = 46.0;
        let style = Style::grey(8.0);
        let reference = line(self.used, self.document.reference());
        let reference = fitting(&reference, style.size, WIDTH - 110.0).to_vec();
        let copy = fitting(&self.copy, style.size, WIDTH).to_vec();
        let of = self.pages.len();
        for (at, page) in self.pages.iter_mut().enumerate() {
            canvas::text(page, self.used, &reference, Start { x: LEFT, y: FOOT, angle: 0.0 }, style);
            canvas::text(page, self.used, &copy, Start { x: LEFT, y: FOOT + 12.0, angle: 0.0 }, style);
            let number = line(self.used, &self.labels.page(at + 1, of));
            let x = LEFT + WIDTH - canvas::width(&number, style.size);
            canvas::text(page, self.used, &number, Start { x, y: FOOT, angle: 0.0 }, style);
        }
        (self.pages, self.watermark)
    }
}

/// As much of a line as fits. Only for what stands in full elsewhere in the document.
fn fitting(pieces: &[Piece], size: f64, room: f64) -> &[Piece] {
    let mut wide = 0.0;
    let fits = pieces.iter().take_while(|piece| {
        wide += piece.width * size;
        wide <= room
    });
    &pieces[..fits.count()]
}
