//! Plots as SVG. What they show stands in a table beside them: a picture alone is told to nobody who cannot see it.

use crate::data::{Line, MOST_MODELS, Quota, Report};
use plotters::prelude::*;
use plotters::style::text_anchor::{HPos, Pos, VPos};
use std::error::Error;

type Drawn = Result<String, Box<dyn Error>>;

const WIDTH: u32 = 900;
const FONT: &str = "sans-serif";
const INK: RGBColor = RGBColor(60, 60, 70);
/// Told apart by people who do not tell red from green, too (Okabe and Ito).
const COLOURS: [RGBColor; MOST_MODELS + 1] = [
    RGBColor(0, 114, 178),
    RGBColor(230, 159, 0),
    RGBColor(0, 158, 115),
    RGBColor(204, 121, 167),
    RGBColor(86, 180, 233),
    RGBColor(213, 94, 0),
    RGBColor(240, 228, 66),
    RGBColor(150, 150, 150),
];

/// The models that have a colour, the dearest first, and one for all others.
pub fn legend(report: &Report) -> Vec<(String, RGBColor)> {
    let named = report.by_model.iter().take(MOST_MODELS).map(|line| line.name.clone());
    let others = (report.by_model.len() > MOST_MODELS).then(|| "others".to_owned());
    named.zip(COLOURS).chain(others.zip(COLOURS.last().copied())).collect()
}

fn short(day: &str) -> &str {
    day.get(5..).unwrap_or(day)
}

/// Room above the highest, and a height where there is nothing.
fn top(heights: impl Iterator<Item = f64>) -> f64 {
    let highest = heights.fold(0.0, f64::max);
    if highest > 0.0 { highest * 1.08 } else { 1.0 }
}

/// An axis of amounts: few digits, and as many as are needed.
fn told(amount: f64) -> String {
    match amount.abs() {
        0.0 => "0".to_owned(),
        large if large >= 1e9 => format!("{:.1}G", amount / 1e9),
        large if large >= 1e6 => format!("{:.1}M", amount / 1e6),
        large if large >= 1e4 => format!("{:.0}k", amount / 1e3),
        large if large >= 10.0 => format!("{amount:.0}"),
        small if small >= 0.1 => format!("{amount:.2}"),
        _ => format!("{amount:.2e}"),
    }
}

/// What each day cost, by model.
pub fn cost_by_day(report: &Report) -> Drawn {
    let legend = legend(report);
    let place =
        |model: &str| legend.iter().position(|(name, _)| name == model).unwrap_or(legend.len().saturating_sub(1));
    let mut stacks = vec![vec![0.0; legend.len()]; report.by_day.len()];
    for share in &report.shares {
        if let Some(height) = stacks.get_mut(share.day).and_then(|stack| stack.get_mut(place(&share.model))) {
            *height += share.total_usd.height;
        }
    }
    let heights = stacks.iter().map(|stack| stack.iter().sum::<f64>());
    let stacked = |day: usize| {
        let mut below = 0.0;
        stacks[day]
            .iter()
            .zip(&legend)
            .map(move |(height, (_, colour))| {
                below += height;
                (below - height, below, *colour)
            })
            .collect::<Vec<_>>()
    };
    bars(&report.by_day, top(heights), "USD", stacked)
}

/// Tokens of each day.
pub fn tokens_by_day(report: &Report) -> Drawn {
    let heights = report.by_day.iter().map(|line| line.tokens.height);
    bars(&report.by_day, top(heights), "tokens", |day| vec![(0.0, report.by_day[day].tokens.height, COLOURS[0])])
}

fn bars(days: &[Line], top: f64, unit: &str, pieces: impl Fn(usize) -> Vec<(f64, f64, RGBColor)>) -> Drawn {
    let mut svg = String::new();
    {
        let root = SVGBackend::with_string(&mut svg, (WIDTH, 260)).into_drawing_area();
        let count = i32::try_from(days.len())?;
        let mut chart = ChartBuilder::on(&root)
            .margin(8)
            .x_label_area_size(28)
            .y_label_area_size(64)
            .build_cartesian_2d(0f64..f64::from(count.max(1)), 0f64..top)?;
        chart
            .configure_mesh()
            .disable_x_mesh()
            .axis_style(INK)
            .light_line_style(TRANSPARENT)
            .label_style((FONT, 12, &INK))
            .y_desc(unit)
            .y_labels(6)
            .y_label_formatter(&|amount| told(*amount))
            .x_labels(days.len().clamp(1, 12))
            .x_label_formatter(&|at| days.get(*at as usize).map_or(String::new(), |day| short(&day.name).to_owned()))
            .draw()?;
        for day in 0..days.len() {
            let (left, right) = (day as f64 + 0.1, day as f64 + 0.9);
            chart.draw_series(
                pieces(day)
                    .into_iter()
                    .filter(|(from, to, _)| to > from)
                    .map(|(from, to, colour)| Rectangle::new([(left, from), (right, to)], colour.filled())),
            )?;
        }
        root.present()?;
    }
    Ok(svg)
}

/// What each of some things cost, as bars that lie.
pub fn ranking(lines: &[Line]) -> Drawn {
    let shown = &lines[..lines.len().min(12)];
    let height = 24 * u32::try_from(shown.len().max(1))? + 40;
    let mut svg = String::new();
    {
        let root = SVGBackend::with_string(&mut svg, (WIDTH, height)).into_drawing_area();
        let rows = f64::from(u32::try_from(shown.len().max(1))?);
        let most = top(shown.iter().map(|line| line.total_usd.height));
        let mut chart = ChartBuilder::on(&root)
            .margin(8)
            .x_label_area_size(24)
            .y_label_area_size(250)
            .build_cartesian_2d(0f64..most, rows..0f64)?;
        chart
            .configure_mesh()
            .disable_y_mesh()
            .disable_y_axis()
            .axis_style(INK)
            .light_line_style(TRANSPARENT)
            .label_style((FONT, 12, &INK))
            .x_labels(6)
            .x_label_formatter(&|amount| told(*amount))
            .draw()?;
        for (place, line) in shown.iter().enumerate() {
            let above = place as f64;
            let bar = [(0.0, above + 0.15), (line.total_usd.height.max(0.0), above + 0.85)];
            chart.draw_series([Rectangle::new(bar, COLOURS[0].filled())])?;
            let style = (FONT, 12).into_font().color(&INK).pos(Pos::new(HPos::Right, VPos::Center));
            let (x, y) = chart.backend_coord(&(0.0, above + 0.5));
            root.draw_text(&clipped(&line.name, 38), &style, (x - 8, y))?;
        }
        root.present()?;
    }
    Ok(svg)
}

fn clipped(name: &str, most: usize) -> String {
    match name.char_indices().nth(most) {
        Some((end, _)) => format!("{}…", &name[..end]),
        None => name.to_owned(),
    }
}

/// How much of a quota was left, day by day.
pub fn burn_down(quota: &Quota) -> Drawn {
    let mut svg = String::new();
    {
        let root = SVGBackend::with_string(&mut svg, (WIDTH / 2, 180)).into_drawing_area();
        let days = quota.left.len();
        let lowest = quota.left.iter().fold(0.0, |low: f64, (_, left)| low.min(*left));
        let last = f64::from(u32::try_from(days.max(1))?);
        let mut chart = ChartBuilder::on(&root)
            .margin(8)
            .x_label_area_size(24)
            .y_label_area_size(56)
            .build_cartesian_2d(0f64..last, lowest * 1.05..quota.limit.height * 1.05)?;
        chart
            .configure_mesh()
            .disable_x_mesh()
            .axis_style(INK)
            .light_line_style(TRANSPARENT)
            .label_style((FONT, 11, &INK))
            .y_labels(4)
            .y_label_formatter(&|amount| told(*amount))
            .x_labels(days.clamp(1, 6))
            .x_label_formatter(&|at| {
                quota.left.get(*at as usize).map_or(String::new(), |(day, _)| short(day).to_owned())
            })
            .draw()?;
        let points = quota.left.iter().enumerate().map(|(place, (_, left))| (place as f64 + 1.0, *left));
        let line: Vec<_> = [(0.0, quota.limit.height)].into_iter().chain(points).collect();
        chart.draw_series(LineSeries::new(line, COLOURS[5].stroke_width(2)))?;
        root.present()?;
    }
    Ok(svg)
}
