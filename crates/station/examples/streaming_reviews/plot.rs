//! The rows as a picture: two charts side by side, F-mean and mAP, and the share of calls that go to people.

use std::fmt::Write as _;

use crate::Row;

/// Width of a chart, its height, and where the first begins.
const SIZE: (f64, f64) = (330.0, 220.0);
const LEFT: f64 = 60.0;
const TOP: f64 = 56.0;
const GAP: f64 = 90.0;

/// A line or a mark of a chart.
struct Series<'a> {
    name: &'a str,
    colour: &'a str,
    points: Vec<(f64, f64)>,
}

/// As SVG.
pub(crate) fn draw(rows: &[Row]) -> String {
    let mut svg = String::from(
        "<svg xmlns=\"http://www.w3.org/2000/svg\" viewBox=\"0 0 840 362\" font-family=\"sans-serif\" font-size=\"12\" fill=\"#1f2937\">\n<title>A model that learns from reviews, measured on boards that it never saw</title>\n<rect width=\"840\" height=\"362\" fill=\"#ffffff\"/>\n",
    );
    let people =
        |row: &Row| 100.0 * row.figures.parting.reviewed as f64 / row.figures.parting.calls.max(1) as f64;
    let mean = |row: &Row| row.figures.f_mean;
    let average = |row: &Row| row.figures.mean_average_precision;
    let quality = [
        series("F-mean, taught what was reviewed", "#1d4ed8", rows, "reviewed", mean),
        series("mAP, the same", "#0f766e", rows, "reviewed", average),
        series("F-mean, everything taught", "#b45309", rows, "everything", mean),
        series("F-mean, as many by chance", "#6b7280", rows, "by-chance", mean),
    ];
    let queue = [
        series("taught what was reviewed", "#1d4ed8", rows, "reviewed", people),
        series("everything taught", "#b45309", rows, "everything", people),
        series("as many by chance", "#6b7280", rows, "by-chance", people),
    ];
    let most = rows.iter().map(|row| row.reviewed).max().unwrap_or(1).max(1) as f64;
    chart(&mut svg, LEFT, "F-mean and mAP on unseen boards", &quality, most, None);
    chart(&mut svg, LEFT + SIZE.0 + GAP, "Calls that go to people, %", &queue, most, Some(0.0));
    svg.push_str("</svg>\n");
    svg
}

fn series<'a>(
    name: &'a str,
    colour: &'a str,
    rows: &[Row],
    policy: &str,
    of: impl Fn(&Row) -> f64,
) -> Series<'a> {
    let rows = rows.iter().filter(|row| row.policy == policy);
    Series { name, colour, points: rows.map(|row| (row.reviewed as f64, of(row))).collect() }
}

fn chart(svg: &mut String, left: f64, title: &str, series: &[Series<'_>], most: f64, floor: Option<f64>) {
    let all = || series.iter().flat_map(|one| one.points.iter().map(|point| point.1));
    let (low, high) = (all().fold(f64::INFINITY, f64::min), all().fold(f64::NEG_INFINITY, f64::max));
    if low > high {
        return;
    }
    let step = round_step((high - floor.unwrap_or(low)).max(1e-6) / 4.0);
    let low = floor.unwrap_or((low / step).floor() * step);
    let high = (high / step).ceil() * step;
    let x = |value: f64| left + value / most * SIZE.0;
    let y = |value: f64| TOP + SIZE.1 - (value - low) / (high - low) * SIZE.1;
    let _ =
        writeln!(svg, "<text x=\"{left:.0}\" y=\"22\" font-size=\"14\" font-weight=\"bold\">{title}</text>");
    for n in 0..=((high - low) / step).round() as usize {
        let value = low + n as f64 * step;
        let digits = if step < 0.01 {
            3
        } else if step < 1.0 {
            2
        } else {
            0
        };
        let (at, right, label) = (y(value), left + SIZE.0, left - 6.0);
        let _ = writeln!(
            svg,
            "<path d=\"M{left:.1} {at:.1}H{right:.1}\" stroke=\"#e5e7eb\"/><text x=\"{label:.1}\" y=\"{:.1}\" text-anchor=\"end\">{value:.digits$}</text>",
            at + 4.0
        );
    }
    let bottom = TOP + SIZE.1;
    let step = round_step(most / 4.0);
    for n in 0..=(most / step) as usize {
        let value = n as f64 * step;
        let _ = writeln!(
            svg,
            "<text x=\"{:.1}\" y=\"{:.1}\" text-anchor=\"middle\">{value:.0}</text>",
            x(value),
            bottom + 16.0
        );
    }
    let _ = writeln!(
        svg,
        "<text x=\"{:.1}\" y=\"{:.1}\" text-anchor=\"middle\">pictures reviewed by people</text>",
        left + SIZE.0 / 2.0,
        bottom + 34.0
    );
    for (n, one) in series.iter().filter(|one| !one.points.is_empty()).enumerate() {
        let points: Vec<String> =
            one.points.iter().map(|point| format!("{:.1},{:.1}", x(point.0), y(point.1))).collect();
        let colour = one.colour;
        let _ = writeln!(
            svg,
            "<polyline points=\"{}\" fill=\"none\" stroke=\"{colour}\" stroke-width=\"2\"/>",
            points.join(" ")
        );
        for point in &one.points {
            let _ = writeln!(
                svg,
                "<circle cx=\"{:.1}\" cy=\"{:.1}\" r=\"4\" fill=\"{colour}\"/>",
                x(point.0),
                y(point.1)
            );
        }
        // The key, below the chart in two columns.
        let (column, row) = (left + (n % 2) as f64 * 190.0 - 40.0, bottom + 52.0 + (n / 2) as f64 * 16.0);
        let _ = writeln!(
            svg,
            "<circle cx=\"{column:.1}\" cy=\"{:.1}\" r=\"4\" fill=\"{colour}\"/><text x=\"{:.1}\" y=\"{row:.1}\" font-size=\"11\">{}</text>",
            row - 4.0,
            column + 9.0,
            one.name
        );
    }
}

/// 1, 2 or 5 times a power of ten, not below `about`.
fn round_step(about: f64) -> f64 {
    let power = 10_f64.powf(about.log10().floor());
    [1.0, 2.0, 5.0, 10.0].into_iter().map(|n| n * power).find(|step| *step >= about * 0.999).unwrap_or(about)
}
