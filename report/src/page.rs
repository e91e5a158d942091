//! The page: plots, and the figures that they show.

use crate::data::{Line, Quota, Report};
use crate::plot;
use maud::{DOCTYPE, Markup, PreEscaped, html};
use std::error::Error;

const STYLE: &str = "
body { font: 15px/1.5 system-ui, sans-serif; color: #222; background: #fff; margin: 2rem auto; max-width: 56rem; padding: 0 1rem }
h1 { font-size: 1.5rem } h2 { font-size: 1.15rem; margin-top: 2.2rem; border-bottom: 1px solid #ddd }
svg { max-width: 100%; height: auto } figure { margin: 1rem 0 } .quotas { display: grid; grid-template-columns: 1fr 1fr; gap: 0 1rem }
table { border-collapse: collapse; margin: .5rem 0 } th, td { padding: .15rem .8rem .15rem 0; text-align: left }
td.n, th.n { text-align: right; font-variant-numeric: tabular-nums } .key { display: inline-block; width: .8em; height: .8em; margin-right: .3em }
.sums { display: flex; gap: 2.5rem } .sums b { display: block; font-size: 1.4rem } details { margin: .5rem 0 }
@media (max-width: 40rem) { .quotas { grid-template-columns: 1fr } }";

/// A document that asks nothing of the network.
pub fn render(report: &Report) -> Result<String, Box<dyn Error>> {
    let (first, last) = &report.days;
    let quotas = report.quotas.iter().map(quota).collect::<Result<Vec<_>, _>>()?;
    let page = html! {
        (DOCTYPE)
        html lang="en" {
            head {
                meta charset="utf-8";
                meta name="viewport" content="width=device-width, initial-scale=1";
                title { "Usage of " (report.database) ", " (first) " to " (last) }
                style { (PreEscaped(STYLE)) }
            }
            body {
                h1 { "Usage of " (report.database) }
                p { "From " (first) " until before " (last) " (UTC), read at " (report.read_at) "." }
                div.sums {
                    p { b #requests { (report.sum.requests) } "requests" }
                    p { b #tokens { (report.sum.tokens.text) } "tokens" }
                    p { b #total_usd { (report.sum.total_usd.text) } "USD with markup" }
                }
                @if report.unknown > 0 {
                    p #unknown { (report.unknown) " requests are of unknown cost: see the view usage_of_unknown_cost." }
                }
                (section("Cost by day", "USD by model.", &plot::cost_by_day(report)?, html! {
                    p { @for (model, colour) in plot::legend(report) {
                        span.key style=(format!("background: rgb({}, {}, {})", colour.0, colour.1, colour.2)) {} (model) "  "
                    } }
                    details { summary { "Figures" } (table("day", "days", &report.by_day)) }
                }))
                (section("Tokens by day", "All models.", &plot::tokens_by_day(report)?, html! {}))
                (section("Cost by model", "USD, the dearest first.", &plot::ranking(&report.by_model)?, table("model", "models", &report.by_model)))
                (section("Cost by organisation", "USD, the dearest first.", &plot::ranking(&report.by_organisation)?,
                         table("organisation", "organisations", &report.by_organisation)))
                h2 { "Quotas" }
                @if quotas.is_empty() { p { "No limit has a window that is open." } }
                @else { p { "What was left at the end of each day of the window, by the ledger; those closest to their limits." } }
                div.quotas { @for quota in quotas { (quota) } }
            }
        }
    };
    Ok(page.into_string())
}

fn section(title: &str, about: &str, plot: &str, figures: Markup) -> Markup {
    html! {
        h2 { (title) }
        figure role="img" aria-label=(title) { (PreEscaped(plot)) figcaption { (about) } }
        (figures)
    }
}

fn table(kind: &str, id: &str, lines: &[Line]) -> Markup {
    html! {
        table id=(id) {
            thead { tr { th { (kind) } th.n { "requests" } th.n { "tokens" } th.n { "USD" } } }
            tbody { @for line in lines {
                tr { td { (line.name) } td.n { (line.requests) } td.n { (line.tokens.text) } td.n { (line.total_usd.text) } }
            } }
        }
    }
}

fn quota(quota: &Quota) -> Result<Markup, Box<dyn Error>> {
    let plot = plot::burn_down(quota)?;
    Ok(html! {
        figure role="img" aria-label=(quota.name) {
            (PreEscaped(plot))
            figcaption {
                b { (quota.name) } ": " span.used { (quota.used.text) } " of " (quota.limit.text) " " (quota.metric)
                ", anew " (quota.ends)
            }
        }
    })
}
