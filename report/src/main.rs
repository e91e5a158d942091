//! `bin/report`: usage and cost by day, model and organisation, and how quotas burn down, as one HTML page that needs nothing else.

mod data;
mod page;
mod plot;

use clap::Parser;
use postgres::{Client, NoTls};
use std::error::Error;
use std::fs;
use std::path::PathBuf;

/// Renders usage, cost and quotas of a database into one HTML page.
#[derive(Parser)]
#[command(name = "bin/report", version, about)]
struct Arguments {
    /// Where the database is: `host=… dbname=…` or `postgresql://…`. Its role sees what service_role or the tables' owner sees.
    connection: String,
    /// The first day (UTC), such as 2026-11-01; 30 days before `--to` without it.
    #[arg(long)]
    from: Option<String>,
    /// The first day that is no longer told (UTC); tomorrow without it.
    #[arg(long)]
    to: Option<String>,
    /// The file to write.
    #[arg(long, default_value = "report.html")]
    out: PathBuf,
}

fn main() -> Result<(), Box<dyn Error>> {
    let arguments = Arguments::parse();
    let mut client = Client::connect(&arguments.connection, NoTls)?;
    let report = data::read(&mut client, arguments.from.as_deref(), arguments.to.as_deref())?;
    fs::write(&arguments.out, page::render(&report)?)?;
    println!("{}", arguments.out.display());
    Ok(())
}
