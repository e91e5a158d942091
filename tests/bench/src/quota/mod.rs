//! The quota functions: what a call costs, what many clients get, and what stays of it.
//!
//! Contenders write the same tables for people of their own, so that at the end `verify_quota()` speaks for all of them.

mod batch;
mod check;
mod consume;
mod growth;
mod hot;
mod people;
mod redis;
mod reserve;
mod reserving;
mod space;

use crate::Result;
use crate::options::{Options, Part};
use crate::report::Report;
use crate::server;
use postgres::Client;

/// Runs the parts that were asked for.
pub fn run(options: &Options, owner: &mut Client, report: &mut Report) -> Result<()> {
    let here = [Part::Calls, Part::Clients, Part::Hot, Part::Redis];
    if here.into_iter().any(|part| options.runs(part)) {
        people::prepare(owner)?;
        people::make_bystanders(owner, options.quick_or(100, 10_000))?;
        if options.runs(Part::Calls) {
            check::run(options, owner, report)?;
            consume::run(options, owner, report)?;
            reserve::run(options, owner, report)?;
            batch::run(options, owner, report)?;
        }
        if options.runs(Part::Clients) {
            reserving::run(options, owner, report)?;
        }
        if options.runs(Part::Hot) {
            hot::run(options, owner, report)?;
        }
        if options.runs(Part::Redis) {
            redis::run(options, owner, report)?;
        }
        verify(owner)?;
    }
    if options.runs(Part::Growth) {
        growth::run(options, report)?;
    }
    if options.runs(Part::Space) {
        space::run(options, report)?;
    }
    Ok(())
}

/// A further database, made ready.
fn database(suffix: &str) -> Result<Client> {
    let mut owner = server::owner_of(suffix)?;
    server::prepare(&mut owner)?;
    people::prepare(&mut owner)?;
    Ok(owner)
}

/// Ends the run unless counters, holds, reservations and ledger agree.
fn verify(owner: &mut Client) -> Result<()> {
    let database: String = owner.query_one("SELECT current_database()::text", &[])?.get(0);
    let query = "SELECT v::text FROM public.verify_quota() AS v";
    let mismatches: Vec<String> = owner.query(query, &[])?.iter().map(|row| row.get(0)).collect();
    match mismatches.first() {
        None => println!("\nverify_quota() finds nothing wrong in {database}"),
        Some(first) => {
            return Err(format!("verify_quota() in {database}: {} mismatches, first {first}", mismatches.len()).into());
        }
    }
    Ok(())
}
