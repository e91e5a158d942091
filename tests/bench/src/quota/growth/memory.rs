//! Memory of a backend: just connected, and with warm caches.

use super::size::{self, Size};
use crate::figures::{Figures, Row};
use crate::options::Options;
use crate::report::Report;
use crate::server::Caller;
use crate::{Result, list};

const COLUMNS: &[&str] = &["RssAnon kB"];
const CONSUMES: usize = 1_000;
/// Backends that are looked at, one after the other.
const BACKENDS: usize = 5;

/// Looks at backends of the small database, whose catalogue stands.
pub fn run(options: &Options, report: &mut Report) -> Result<()> {
    let people = Size::small(options).people;
    let mut rows: Vec<Row> = Vec::new();
    for _ in 0..options.rounds.min(BACKENDS) {
        for (place, (label, private_kb)) in one(people)?.into_iter().enumerate() {
            if rows.len() == place {
                rows.push(Row { label: label.to_owned(), rounds: Vec::new() });
            }
            rows[place].rounds.push(vec![private_kb]);
        }
    }
    let name = format!("memory of a backend, catalogue of {} models", options.quick_or(20, 400));
    report.add_figures(Figures { name, columns: COLUMNS, rows });
    Ok(())
}

/// What one backend has after each of its calls.
fn one(people: i64) -> Result<Vec<(&'static str, f64)>> {
    let mut caller = Caller::connect_to("_small")?;
    let mut found = vec![("just connected", caller.private_kb()?)];
    let has_json = list::has_json(&mut caller.client)?;
    let calls = [("list called", list::NATIVE, true), ("JSON list called, too", list::JSON, has_json)];
    for (label, query, is_there) in calls {
        if is_there {
            caller.client.query(query, &[&list::ENTERPRISE])?;
            found.push((label, caller.private_kb()?));
        }
    }
    let mut consume = size::calling(&mut caller.client, people)?;
    (0..CONSUMES).try_for_each(|_| consume(&mut caller.client))?;
    found.push(("1,000 consumes, too", caller.private_kb()?));
    Ok(found)
}
