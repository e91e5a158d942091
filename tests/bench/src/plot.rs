//! Curves as SVG. What grows does so by decades, so its axis is logarithmic; its ticks are the places that were measured.

use crate::Result;
use crate::curve::{Curve, Line};
use crate::figures::significant;
use plotters::coord::Shift;
use plotters::element::DashedPathElement;
use plotters::prelude::*;
use std::fs;
use std::path::Path;

type Area<'a> = DrawingArea<SVGBackend<'a>, Shift>;

const SIZE: (u32, u32) = (760, 400);
const FONT: &str = "sans-serif";
const TITLE_HEIGHT: u32 = 34;
const LEGEND_HEIGHT: u32 = 24;
const MARGIN: i32 = 16;
const INK: RGBColor = RGBColor(60, 60, 70);
const FAINT: RGBColor = RGBColor(228, 228, 232);
/// Told apart by people who do not tell red from green, too (Okabe and Ito).
const COLOURS: [RGBColor; 4] =
    [RGBColor(0, 114, 178), RGBColor(213, 94, 0), RGBColor(0, 158, 115), RGBColor(204, 121, 167)];
/// Room beside the first and the last place, as a factor.
const BESIDE: f64 = 1.12;
/// Room above the highest, as a factor.
const ABOVE: f64 = 1.12;

/// Writes each curve into a file of its name.
pub fn write(curves: &[Curve], folder: &Path) -> Result<()> {
    for curve in curves {
        let path = folder.join(curve.name).with_extension("svg");
        fs::write(&path, draw(curve)?).map_err(|error| format!("{}: {error}", path.display()))?;
    }
    Ok(())
}

/// A picture of a curve.
fn draw(curve: &Curve) -> Result<String> {
    let mut svg = String::new();
    {
        let root = SVGBackend::with_string(&mut svg, SIZE).into_drawing_area();
        root.fill(&WHITE)?;
        let (head, plot) = root.split_vertically(TITLE_HEIGHT + LEGEND_HEIGHT);
        head.draw_text(curve.title, &(FONT, 20).into_font().color(&INK), (MARGIN, 12))?;
        draw_legend(&head, curve)?;
        draw_lines(&plot, curve)?;
        root.present()?;
    }
    Ok(svg)
}

/// A sample of each line and its name beside it, then the same of what is promised.
fn draw_legend(head: &Area, curve: &Curve) -> Result<()> {
    let entries = i32::try_from(curve.lines.len())? * 2;
    let width = (i32::try_from(SIZE.0)? - 2 * MARGIN) / entries.max(1);
    let middle = i32::try_from(TITLE_HEIGHT + LEGEND_HEIGHT / 2)?;
    let style = (FONT, 15).into_font().color(&INK);
    for (place, (line, colour)) in (0..).zip(curve.lines.iter().zip(COLOURS)) {
        let left = MARGIN + 2 * place * width;
        head.draw(&PathElement::new([(left, middle), (left + 22, middle)], colour.stroke_width(2)))?;
        head.draw_text(line.label, &style, (left + 28, middle - 7))?;
        let left = left + width;
        let ends = [(left, middle), (left + 22, middle)];
        head.draw(&DashedPathElement::new(ends, 5, 3, colour.stroke_width(1)))?;
        head.draw_text(&promised(line), &style, (left + 28, middle - 7))?;
    }
    Ok(())
}

fn promised(line: &Line) -> String {
    let (relation, limit) = line.promised.relation();
    let sign = if relation.starts_with('>') { "≥" } else { "≤" };
    format!("promised: {sign} {}", amount(limit))
}

fn draw_lines(plot: &Area, curve: &Curve) -> Result<()> {
    let places = curve.places();
    let (Some(least), Some(most)) = (places.first().copied(), places.last().copied()) else { return Ok(()) };
    let (left, right) = (least / BESIDE, most * BESIDE);
    let mut chart = ChartBuilder::on(plot)
        .margin(8)
        .margin_right(36)
        .x_label_area_size(48)
        .y_label_area_size(76)
        .build_cartesian_2d((left..right).log_scale().with_key_points(places), 0f64..top(curve))?;
    chart
        .configure_mesh()
        .axis_style(INK)
        .bold_line_style(FAINT)
        .light_line_style(TRANSPARENT)
        .label_style((FONT, 15, &INK))
        .axis_desc_style((FONT, 16, &INK))
        .x_desc(curve.x)
        .y_desc(curve.y)
        .x_label_formatter(&|place| amount(*place))
        .y_label_formatter(&|value| amount(*value))
        .y_labels(6)
        .draw()?;
    for (line, colour) in curve.lines.iter().zip(COLOURS) {
        let (_, limit) = line.promised.relation();
        chart.draw_series(DashedLineSeries::new([(left, limit), (right, limit)], 5, 3, colour.stroke_width(1)))?;
        chart.draw_series(LineSeries::new(line.points.iter().copied(), colour.stroke_width(2)))?;
        chart.draw_series(line.points.iter().map(|point| Circle::new(*point, 3, colour.filled())))?;
    }
    Ok(())
}

/// Room above the highest, and a height where there is nothing.
fn top(curve: &Curve) -> f64 {
    let limits = curve.lines.iter().map(|line| line.promised.relation().1);
    let values = curve.lines.iter().flat_map(|line| line.points.iter().map(|(_, value)| *value));
    let highest = limits.chain(values).filter(|value| value.is_finite()).fold(0.0, f64::max);
    if highest > 0.0 { highest * ABOVE } else { 1.0 }
}

/// A number in few digits, its thousands apart.
fn amount(value: f64) -> String {
    let text = if value >= 1000.0 { format!("{value:.0}") } else { significant(value) };
    let (whole, part) = text.split_once('.').unwrap_or((&text, ""));
    let part = part.trim_end_matches('0');
    let digits = whole.chars().count();
    let mut apart = String::new();
    for (place, digit) in whole.chars().enumerate() {
        if place > 0 && (digits - place).is_multiple_of(3) {
            apart.push(',');
        }
        apart.push(digit);
    }
    if part.is_empty() { apart } else { format!("{apart}.{part}") }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::goal::Limit;

    fn curve(points: &[(f64, f64)]) -> Curve {
        let line = |label, limit| Line { label, points: points.to_vec(), promised: limit };
        let lines = vec![line("list & rows", Limit::AtMost(1.5)), line("consume", Limit::AtLeast(1.25))];
        Curve { name: "catalogue", title: "CPU", x: "models", y: "× small", lines }
    }

    #[test]
    fn amounts_have_few_digits_and_thousands_apart() {
        let told = [0.0, 0.25, 1.0, 12.5, 400.0, 4000.0, 100_000.0, 10_000_000.0].map(amount);
        assert_eq!(told, ["0", "0.25", "1", "12.5", "400", "4,000", "100,000", "10,000,000"]);
    }

    #[test]
    fn a_picture_has_its_ticks_its_names_and_what_is_promised() {
        let svg = draw(&curve(&[(400.0, 1.0), (4_000.0, 1.1), (100_000.0, 1.3)])).expect("it is drawn");
        assert!(svg.starts_with("<svg ") && svg.ends_with("</svg>\n"), "{svg}");
        for text in ["400", "4,000", "100,000", "models", "list &amp; rows", "promised: ≤ 1.5", "promised: ≥ 1.25"]
        {
            assert!(svg.lines().any(|line| line.trim() == text), "{text} in {svg}");
        }
    }

    #[test]
    fn a_single_place_and_no_number_are_drawn_too() {
        for points in [&[(400.0, 1.0)][..], &[(400.0, f64::NAN)], &[]] {
            assert!(draw(&curve(points)).expect("it is drawn").contains("</svg>"));
        }
    }
}
