//! Breaking text into lines as Chinese is set: between any two Chinese characters, but no closing mark at the beginning of
//! a line and no opening one at its end (GB/T 15834), and Latin words kept whole where they fit.

use std::ops::Range;

use crate::font::{Piece, Used};

const NOT_FIRST: &str = "，。、；：？！）》」』】〕〉”’％…—·,.;:?!)]}%〗～";
const NOT_LAST: &str = "（《「『【〔〈“‘([{〖￥$№";

/// The lines of `text`, each no wider than `width` points at `size`; the first one is `indent` narrower. A line feed
/// ends a line. There is always at least one line.
pub(super) fn lines(used: &mut Used<'_>, text: &str, size: f64, width: f64, indent: f64) -> Vec<Vec<Piece>> {
    let mut all = Vec::new();
    for (at, part) in text.split('\n').enumerate() {
        let part = part.strip_suffix('\r').unwrap_or(part);
        let pieces: Vec<Piece> = part.chars().map(|c| used.piece(if c == '\t' { ' ' } else { c })).collect();
        let first = if at == 0 { indent } else { 0.0 };
        all.extend(
            broken(&pieces, width / size, first / size).into_iter().map(|range| pieces[range].to_vec()),
        );
    }
    all
}

/// All of `text` on one line; line feeds are spaces.
pub(super) fn line(used: &mut Used<'_>, text: &str) -> Vec<Piece> {
    text.chars().map(|c| used.piece(if matches!(c, '\n' | '\r' | '\t') { ' ' } else { c })).collect()
}

fn broken(pieces: &[Piece], width: f64, indent: f64) -> Vec<Range<usize>> {
    let mut lines = Vec::new();
    let mut start = 0;
    loop {
        let room = if lines.is_empty() { width - indent } else { width };
        let (end, next) = one_line(pieces, start, room);
        lines.push(start..end);
        if next >= pieces.len() {
            return lines;
        }
        start = next;
    }
}

/// Where the line that begins at `start` ends, and where the next one begins.
fn one_line(pieces: &[Piece], start: usize, room: f64) -> (usize, usize) {
    /// A fault of addition, far below what can be seen.
    const SLACK: f64 = 1e-6;
    let mut used = 0.0;
    let mut may_end = None;
    for (at, piece) in pieces.iter().enumerate().skip(start) {
        if at > start && may_break(pieces[at - 1].character, piece.character) {
            may_end = Some(at);
        }
        used += piece.width;
        if used > room + SLACK && piece.character != ' ' && at > start {
            let next = may_end.unwrap_or(at);
            let spaces = pieces[start..next].iter().rev().take_while(|piece| piece.character == ' ').count();
            let end = next - spaces;
            // A line of nothing but spaces keeps them: every line takes something off.
            return (if end > start { end } else { next }, next);
        }
    }
    (pieces.len(), pieces.len())
}

fn may_break(before: char, after: char) -> bool {
    if NOT_FIRST.contains(after) || NOT_LAST.contains(before) || after == ' ' {
        return false;
    }
    before == ' ' || chinese(before) || chinese(after) || matches!(before, '-' | '/' | '—' | '–')
}

/// Characters that stand for themselves: ideographs, their punctuation, kana, and everything wide.
fn chinese(c: char) -> bool {
    matches!(c, '\u{2E80}'..='\u{A4CF}' | '\u{AC00}'..='\u{D7AF}' | '\u{F900}'..='\u{FAFF}' | '\u{FE30}'..='\u{FE4F}'
        | '\u{FF00}'..='\u{FFEF}' | '\u{20000}'..='\u{3FFFF}' | '“' | '”' | '‘' | '’' | '…' | '—')
}
