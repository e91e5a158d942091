//! Measures the extension against plain SQL and plpgsql and prints ratios. `bin/bench` runs it.
//!
//! The server is the one of PGHOST, PGPORT, PGUSER (the developer role) and PGDATABASE: a database in which
//! `install()` ran and whose catalogue may be thrown away; beside it others like it, whose names end in `_small`, `_limits`,
//! `_grown`, `_ledger`, `_catalogue` and `_space`.

mod clients;
mod compare;
mod contender;
mod cores;
mod curve;
mod figures;
mod goal;
mod list;
mod measure;
mod options;
mod plot;
mod quota;
mod report;
mod server;
mod sync;

use options::{Options, Part};
use report::Report;
use std::error::Error;
use std::process::ExitCode;

/// Whatever ends a run before its end is told in one line.
type Result<T> = std::result::Result<T, Box<dyn Error>>;

fn main() -> ExitCode {
    match run() {
        Ok(true) => ExitCode::SUCCESS,
        Ok(false) => ExitCode::FAILURE,
        Err(error) => {
            eprintln!("error: {error}");
            // The client library's own text is "db error"; what the server said is the cause.
            let mut cause = error.source();
            while let Some(error) = cause {
                eprintln!("  {error}");
                cause = error.source();
            }
            ExitCode::FAILURE
        }
    }
}

/// Whether every goal that was asserted is met.
fn run() -> Result<bool> {
    let options = Options::parse(std::env::args().skip(1))?;
    let mut owner = server::owner()?;
    let mut report = Report::new(&options, server::describe(&mut owner)?);
    report.print_setting();
    server::prepare(&mut owner)?;
    if options.runs(Part::List) {
        list::run(&options, &mut owner, &mut report)?;
    }
    if options.runs(Part::Sync) {
        sync::run(&options, &mut owner, &mut report)?;
    }
    quota::run(&options, &mut owner, &mut report)?;
    let met = report.print_goals();
    if let Some(path) = &options.json {
        report.write_json(path)?;
    }
    if let Some(folder) = &options.svg {
        plot::write(report.curves(), folder)?;
    }
    Ok(met)
}
