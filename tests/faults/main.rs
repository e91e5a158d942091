//! Faults of a server, and what callers see of them: nothing half-done, nothing lost that was acknowledged, nothing twice.
//!
//! `tests/faults/run` starts the server. Each promise is a line `ok - faults …` with figures; parts may be named as arguments.

mod calls;
mod cancel;
mod connections;
mod crash;
mod full;
mod report;
mod server;
mod settle;
mod timeouts;

use std::env;
use std::process::ExitCode;

/// A part: its name, and what says whether its promises were kept.
type Part = (&'static str, fn() -> bool);

const PARTS: [Part; 6] = [
    ("cancel", cancel::run),
    ("timeouts", timeouts::run),
    ("connections", connections::run),
    ("settle", settle::run),
    ("crash", crash::run),
    ("full", full::run),
];

fn main() -> ExitCode {
    let wanted: Vec<String> = env::args().skip(1).collect();
    if let Some(unknown) = wanted.iter().find(|wanted| PARTS.iter().all(|(name, _)| name != wanted)) {
        eprintln!("there is no part {unknown}: {}", PARTS.map(|(name, _)| name).join(" "));
        return ExitCode::from(2);
    }
    let mut kept = true;
    for (_, run) in PARTS.iter().filter(|(name, _)| wanted.is_empty() || wanted.iter().any(|part| part == name)) {
        kept &= run();
    }
    if kept { ExitCode::SUCCESS } else { ExitCode::FAILURE }
}
