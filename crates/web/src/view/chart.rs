//! Charts as SVG, made here and nowhere else: pure functions from numbers to text. Sizes are in units of which 360 make the
//! width, about a pixel of a phone; colours are classes of `line.css`, so that they follow light and dark. Each chart says
//! in words what it shows, and stands above a table with the same numbers.

use std::fmt::Write as _;

use minijinja::HtmlEscape;

/// Width of a chart.
const WIDTH: f64 = 360.0;
/// Labels are made to fit at the size of the elders' version; it is smaller otherwise.
const TYPE: f64 = 15.0;
/// Marks that are drawn one by one on a board; more are drawn as dots that grow with their number.
pub const MAX_MARKS: usize = 150;
/// Dots a row of a board.
const CELLS: u32 = 24;

/// What a chart is called and says.
#[derive(Debug, Clone, Copy)]
pub struct Said<'a> {
    /// Unique within the page.
    pub id: &'a str,
    /// Its name.
    pub title: &'a str,
    /// What is to be seen, in a sentence.
    pub words: &'a str,
}

/// A bar with its words.
#[derive(Debug, Clone, PartialEq)]
pub struct Bar {
    /// What it is of.
    pub label: String,
    /// Its number, ready to read.
    pub note: String,
    /// Of the whole, 0 to 1.
    pub share: f64,
    /// This one and those before it, 0 to 1.
    pub up_to: f64,
}

/// A place on a board, in its pixels.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Mark {
    /// Which class, from 0; its letter is the alphabet's.
    pub class: usize,
    /// Left edge.
    pub x: u32,
    /// Upper edge.
    pub y: u32,
    /// Width.
    pub width: u32,
    /// Height.
    pub height: u32,
}

/// A share at a time, with its interval.
#[derive(Debug, Clone, PartialEq)]
pub struct Point {
    /// When.
    pub label: String,
    /// Share, lower and upper end, 0 to 1; none where nothing was looked at.
    pub share: Option<(f64, f64, f64)>,
}

/// How wide a text is at most, in ems: Chinese is as wide as high.
fn ems(text: &str) -> f64 {
    text.chars().map(|c| if c.is_ascii() { 0.6 } else { 1.0 }).sum()
}

/// A text cut so that it fits.
fn fitted(text: &str, width: f64) -> String {
    if ems(text) * TYPE <= width {
        return text.to_owned();
    }
    let mut kept = String::new();
    for c in text.chars() {
        if (ems(&kept) + 2.0) * TYPE > width {
            break;
        }
        kept.push(c);
    }
    kept + "…"
}

fn opening(said: Said<'_>, width: f64, height: f64) -> String {
    let Said { id, title, words } = said;
    format!(
        "<svg class=\"chart\" viewBox=\"0 0 {width:.0} {height:.0}\" role=\"img\" aria-labelledby=\"{id}-t {id}-d\">\
         <title id=\"{id}-t\">{}</title><desc id=\"{id}-d\">{}</desc>",
        HtmlEscape(title),
        HtmlEscape(words)
    )
}

fn text(out: &mut String, class: &str, x: f64, y: f64, words: &str) {
    let _ = write!(out, "<text class=\"{class}\" x=\"{x:.1}\" y=\"{y:.1}\">{}</text>", HtmlEscape(words));
}

/// Bars below one another, each with its words above it, and the line of how much they make together (Pareto).
#[must_use]
pub fn bars(said: Said<'_>, bars: &[Bar]) -> String {
    const ROW: f64 = 40.0;
    // Room for the last point of the line.
    const END: f64 = WIDTH - 5.0;
    let height = ROW * bars.len().max(1) as f64 + 24.0;
    let mut out = opening(said, WIDTH, height);
    for percent in [0, 50, 80, 100] {
        let x = f64::from(percent) * END / 100.0;
        let class = if percent == 80 { "grid most" } else { "grid" };
        let _ = write!(out, "<path class=\"{class}\" d=\"M{x:.1} 0V{:.1}\"/>", height - 20.0);
        let anchor = match percent {
            0 => "axis",
            100 => "axis end",
            _ => "axis mid",
        };
        text(&mut out, anchor, x, height - 4.0, &format!("{percent} %"));
    }
    let mut line = String::new();
    for (n, bar) in bars.iter().enumerate() {
        let y = ROW * n as f64;
        let (full, up_to) = (bar.share.clamp(0.0, 1.0) * END, bar.up_to.clamp(0.0, 1.0) * END);
        let _ = write!(
            out,
            "<rect class=\"bar\" x=\"0\" y=\"{:.1}\" width=\"{:.1}\" height=\"14\"/>",
            y + 20.0,
            full.max(1.0)
        );
        let _ = write!(line, "{}{up_to:.1} {:.1}", if n == 0 { "M" } else { "L" }, y + 27.0);
    }
    let _ = write!(out, "<path class=\"sum\" d=\"{line}\"/>");
    for (n, bar) in bars.iter().enumerate() {
        let (x, y) = (bar.up_to.clamp(0.0, 1.0) * END, ROW * n as f64 + 27.0);
        let _ = write!(out, "<circle class=\"sum\" cx=\"{x:.1}\" cy=\"{y:.1}\" r=\"3\"/>");
    }
    // Words last, so that they are read over the line.
    for (n, bar) in bars.iter().enumerate() {
        let y = ROW * n as f64 + 15.0;
        let note = fitted(&bar.note, WIDTH * 0.6);
        let label = fitted(&bar.label, WIDTH - ems(&note) * TYPE - 10.0);
        let _ = write!(
            out,
            "<text class=\"label\" x=\"0\" y=\"{y:.1}\">{} <tspan class=\"note\">{}</tspan></text>",
            HtmlEscape(&label),
            HtmlEscape(&note)
        );
    }
    out + "</svg>"
}

/// A board of `sides` pixels with what was found on it: boxes with the letter of their class, or, of many, dots that grow
/// with how many lie there. `picture` is the address of what lies behind.
#[must_use]
pub fn board(said: Said<'_>, sides: (u32, u32), picture: Option<&str>, marks: &[Mark]) -> String {
    let (width, height) = (f64::from(sides.0.max(1)), f64::from(sides.1.max(1)));
    let unit = width.max(height) / WIDTH;
    let mut out = opening(said, width, height);
    let _ = write!(
        out,
        "<rect class=\"outline\" x=\"0\" y=\"0\" width=\"{width:.0}\" height=\"{height:.0}\" stroke-width=\"{:.1}\"/>",
        unit * 2.0
    );
    if let Some(href) = picture {
        let _ = write!(
            out,
            "<image class=\"template\" href=\"{}\" width=\"{width:.0}\" height=\"{height:.0}\"/>",
            HtmlEscape(href)
        );
    }
    if marks.len() <= MAX_MARKS {
        marks.iter().for_each(|mark| boxed(&mut out, mark, unit, height));
    } else {
        dotted(&mut out, marks, width.max(height));
    }
    out + "</svg>"
}

/// A box with its letter beside it, inside the board.
fn boxed(out: &mut String, mark: &Mark, unit: f64, height: f64) {
    let class = mark.class.min(6);
    let Mark { x, y, .. } = *mark;
    let (w, h) = (f64::from(mark.width).max(unit * 3.0), f64::from(mark.height).max(unit * 3.0));
    let _ = write!(
        out,
        "<rect class=\"k k{class}\" x=\"{x}\" y=\"{y}\" width=\"{w:.0}\" height=\"{h:.0}\" stroke-width=\"{:.1}\"/>",
        unit * 1.5
    );
    let size = unit * 11.0;
    let above = f64::from(y) - unit * 2.0;
    let at = if above > size { above } else { (f64::from(y) + h + size).min(height - unit) };
    let _ = write!(
        out,
        "<text class=\"t{class}\" x=\"{x}\" y=\"{at:.0}\" font-size=\"{size:.1}\">{}</text>",
        letter(mark.class)
    );
}

/// The letter of a class.
#[must_use]
pub fn letter(class: usize) -> char {
    u8::try_from(class)
        .ok()
        .and_then(|class| b'A'.checked_add(class))
        .filter(u8::is_ascii_uppercase)
        .map_or('?', char::from)
}

fn dotted(out: &mut String, marks: &[Mark], longest: f64) {
    let cell = (longest / f64::from(CELLS)).max(1.0);
    let mut counted = std::collections::BTreeMap::<(u32, u32), u32>::new();
    for mark in marks {
        let place = |at: u32, long: u32| ((f64::from(at) + f64::from(long) / 2.0) / cell) as u32;
        *counted.entry((place(mark.x, mark.width), place(mark.y, mark.height))).or_default() += 1;
    }
    let most = counted.values().copied().max().unwrap_or(1);
    for ((column, row), n) in counted {
        let middle = |at: u32| (f64::from(at) + 0.5) * cell;
        // By area, so that twice as many look like twice as much.
        let radius = cell * 0.5 * (f64::from(n) / f64::from(most)).sqrt().max(0.15);
        let _ = write!(
            out,
            "<circle class=\"dot\" cx=\"{:.0}\" cy=\"{:.0}\" r=\"{radius:.1}\"/>",
            middle(column),
            middle(row)
        );
    }
}

/// The upper end of a scale: the first of a fixed row that holds what is to be seen.
fn scale(points: &[Point]) -> f64 {
    // Of few looks the interval is wide and says little; a point and twice its distance from nothing are always seen.
    let wanted = |point: &Point| point.share.map(|(rate, _, high)| high.min(rate * 3.0 + 0.03));
    let top = points.iter().filter_map(wanted).fold(0.0, f64::max);
    [0.01, 0.02, 0.05, 0.1, 0.2, 0.5].into_iter().find(|end| top <= *end).unwrap_or(1.0)
}

fn percent(share: f64) -> String {
    let percent = share * 100.0;
    if percent < 2.0 && percent > 0.0 { format!("{percent:.1} %") } else { format!("{percent:.0} %") }
}

/// Shares over time with their intervals, one point a day; `none` is said where there is no point.
#[must_use]
pub fn over_time(said: Said<'_>, points: &[Point], none: &str) -> String {
    const HEIGHT: f64 = 190.0;
    let (left, right, top, bottom) = (50.0, WIDTH - 14.0, 14.0, HEIGHT - 28.0);
    let mut out = opening(said, WIDTH, HEIGHT);
    let known: Vec<(usize, (f64, f64, f64))> =
        points.iter().enumerate().filter_map(|(n, point)| Some((n, point.share?))).collect();
    if known.is_empty() {
        text(&mut out, "axis mid", WIDTH / 2.0, HEIGHT / 2.0, &fitted(none, WIDTH - 10.0));
        return out + "</svg>";
    }
    let end = scale(points);
    let y = |share: f64| bottom - (share / end).clamp(0.0, 1.0) * (bottom - top);
    let step = (right - left) / (points.len().saturating_sub(1)).max(1) as f64;
    let x = |n: usize| if points.len() == 1 { f64::midpoint(left, right) } else { left + step * n as f64 };
    for part in [0.0, 0.5, 1.0] {
        let at = y(end * part);
        let _ = write!(out, "<path class=\"grid\" d=\"M{left:.1} {at:.1}H{right:.1}\"/>");
        text(&mut out, "axis end", left - 6.0, at + 5.0, &percent(end * part));
    }
    // No more labels than have room beside one another.
    let every = points.len().div_ceil(5).max(1);
    for (n, point) in points.iter().enumerate().filter(|(n, _)| n.is_multiple_of(every)) {
        let anchor = if x(n) > right - 20.0 { "axis end" } else { "axis mid" };
        text(&mut out, anchor, x(n), HEIGHT - 6.0, &fitted(&point.label, 62.0));
    }
    let mut line = String::new();
    for (n, (rate, low, high)) in &known {
        let _ = write!(out, "<path class=\"range\" d=\"M{:.1} {:.1}V{:.1}\"/>", x(*n), y(*low), y(*high));
        let _ = write!(line, "{}{:.1} {:.1}", if line.is_empty() { "M" } else { "L" }, x(*n), y(*rate));
    }
    let _ = write!(out, "<path class=\"sum\" d=\"{line}\"/>");
    for (n, (rate, ..)) in &known {
        let _ = write!(out, "<circle class=\"sum\" cx=\"{:.1}\" cy=\"{:.1}\" r=\"4\"/>", x(*n), y(*rate));
    }
    out + "</svg>"
}

#[cfg(test)]
mod tests {
    use super::{Bar, MAX_MARKS, Mark, Point, Said, bars, board, ems, fitted, letter, over_time, scale};

    const SAID: Said<'_> = Said { id: "c", title: "A <chart>", words: "b & c" };

    fn point(label: &str, share: Option<(f64, f64, f64)>) -> Point {
        Point { label: label.to_owned(), share }
    }

    /// Every number of an attribute, to hold against the size of the chart.
    fn numbers(svg: &str, name: &str) -> Vec<f64> {
        let name = format!(" {name}=\"");
        svg.split(&name).skip(1).map(|rest| rest.split('"').next().unwrap().parse().unwrap()).collect()
    }

    #[test]
    fn a_chart_says_what_it_is_and_escapes_it() {
        for svg in [bars(SAID, &[]), board(SAID, (10, 10), None, &[]), over_time(SAID, &[], "none")] {
            assert!(svg.starts_with("<svg class=\"chart\"") && svg.ends_with("</svg>"), "{svg}");
            assert!(svg.contains("<title id=\"c-t\">A &lt;chart&gt;</title>"), "{svg}");
            assert!(svg.contains("<desc id=\"c-d\">b &amp; c</desc>"), "{svg}");
        }
        let bar = Bar { label: "<i>".to_owned(), note: "1".to_owned(), share: 1.0, up_to: 1.0 };
        assert!(bars(SAID, &[bar]).contains(">&lt;i&gt; <tspan"));
        assert!(board(SAID, (9, 9), Some("/a?b&c\"d"), &[]).contains("b&amp;c&quot;d\""));
    }

    #[test]
    fn labels_fit() {
        let long = "一个很长很长的缺陷名称一个很长很长的缺陷名称";
        let short = fitted(long, 100.0);
        assert!(short.ends_with('…') && ems(&short) * 15.0 <= 100.0, "{short}");
        assert_eq!(fitted("open", 100.0), "open");
        let bar = Bar { label: long.to_owned(), note: "12,345 (45.6 %)".to_owned(), share: 0.5, up_to: 0.5 };
        let svg = bars(SAID, &[bar]);
        assert!(!svg.contains(long) && svg.contains('…') && svg.contains("12,345 (45.6 %)"), "{svg}");
    }

    #[test]
    fn bars_lie_within_the_chart() {
        let bar = |share, up_to| Bar { label: "a".to_owned(), note: "1".to_owned(), share, up_to };
        let svg = bars(SAID, &[bar(0.7, 0.7), bar(0.3, 1.0), bar(f64::NAN, 2.0)]);
        assert!(numbers(&svg, "width").iter().all(|width| (1.0..=360.0).contains(width)), "{svg}");
        assert!(numbers(&svg, "cx").iter().all(|x| (0.0..=360.0).contains(x)), "{svg}");
        assert_eq!(svg.matches("<rect").count(), 3);
    }

    #[test]
    fn few_marks_are_boxes_with_letters_and_many_are_dots() {
        let mark = |n: usize| Mark { class: n % 3, x: (n as u32 * 37) % 600, y: 5, width: 9, height: 9 };
        let few: Vec<Mark> = (0..MAX_MARKS).map(mark).collect();
        let svg = board(SAID, (640, 640), None, &few);
        assert_eq!((svg.matches("class=\"k k").count(), svg.matches("<circle").count()), (MAX_MARKS, 0));
        assert!(numbers(&svg, "y").iter().all(|y| (0.0..=640.0).contains(y)), "a letter lies on the board");
        let many: Vec<Mark> = (0..5_000).map(mark).collect();
        let svg = board(SAID, (640, 640), None, &many);
        assert!(svg.matches("<circle").count() <= 24 && svg.len() < 4_000, "{}", svg.len());
        assert_eq!((letter(0), letter(25), letter(26), letter(999)), ('A', 'Z', '?', '?'));
    }

    #[test]
    fn a_scale_holds_what_is_to_be_seen() {
        assert!((scale(&[point("a", Some((0.0, 0.0, 0.004)))]) - 0.01).abs() < 1e-9);
        assert!((scale(&[point("a", Some((0.04, 0.01, 0.09)))]) - 0.1).abs() < 1e-9);
        assert!(
            (scale(&[point("a", Some((0.0, 0.0, 1.0)))]) - 0.05).abs() < 1e-9,
            "one look does not flatten all"
        );
        assert!((scale(&[point("a", Some((1.0, 0.2, 1.0)))]) - 1.0).abs() < 1e-9);
        assert!((scale(&[]) - 0.01).abs() < 1e-9);
    }

    #[test]
    fn one_point_lies_in_the_middle_and_none_is_said() {
        let svg = over_time(SAID, &[point("11-24", Some((0.5, 0.2, 0.8)))], "none");
        assert_eq!((numbers(&svg, "cx"), svg.contains("none")), (vec![198.0], false));
        let svg = over_time(SAID, &[point("11-23", None), point("11-24", None)], "nothing was looked at");
        assert!(svg.contains("nothing was looked at") && !svg.contains("<circle"), "{svg}");
    }

    #[test]
    fn a_month_has_few_labels_and_stays_inside() {
        let month: Vec<Point> = (1..=30)
            .map(|day| point(&format!("11-{day:02}"), (day % 4 != 0).then_some((0.02, 0.0, 0.4))))
            .collect();
        let svg = over_time(SAID, &month, "none");
        assert!(svg.matches("11-").count() <= 6, "{svg}");
        for (name, end) in [("cx", 360.0), ("cy", 190.0), ("x", 360.0), ("y", 190.0)] {
            assert!(numbers(&svg, name).iter().all(|at| (0.0..=end).contains(at)), "{name}: {svg}");
        }
    }
}
