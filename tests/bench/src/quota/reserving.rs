//! Many clients that reserve and settle, each for a user of his own, with commits that wait for the disk.

use super::people::{self, person};
use super::reserve::{self, STEPS};
use crate::Result;
use crate::clients::{Load, Work, Worker, load};
use crate::figures::{Figures, Row};
use crate::goal::Limit;
use crate::measure::turns;
use crate::options::Options;
use crate::report::Report;
use crate::server::{self, Caller};
use postgres::Client;
use uuid::Uuid;

const FIRST: u64 = 1001;
const CONTENDERS: [&str; 2] = ["floor", "native"];

/// Measures.
pub fn run(options: &Options, owner: &mut Client, report: &mut Report) -> Result<()> {
    let clients: u64 = options.quick_or(3, 32);
    people::make(owner, FIRST, FIRST + 2 * clients - 1)?;
    owner.batch_execute("VACUUM (ANALYZE) public.quota_usage, public.profiles")?;
    let mut floor = workers(FIRST, clients, false)?;
    let mut native = workers(FIRST + clients, clients, true)?;
    let loads = turns(CONTENDERS.len(), options.load_rounds(), |number| {
        load(if number == 0 { &mut floor } else { &mut native }, 0, options.load_lasting())
    })?;
    let name = format!("reserve + settle, {clients} clients, transactions, of which a call has two");
    let row = |(label, loads): (&str, Vec<Load>)| Row {
        label: label.to_owned(),
        rounds: loads.iter().map(Load::figures).collect(),
    };
    let rows = CONTENDERS.into_iter().zip(loads).map(row).collect();
    let figures = Figures { name, columns: Load::COLUMNS, rows };
    let [per_second, _, p99] = [0, 1, 2].map(|place| Load::COLUMNS[place]);
    let promise = |what: &str| format!("{}: native {what}", figures.name);
    report.wish(promise("≥ 2900 a second"), Limit::AtLeast(2900.0), figures.median("native", per_second));
    report.wish(promise("p99 < 19 ms"), Limit::Below(19.0), figures.median("native", p99));
    report.wish(
        promise("≥ 0.8 × floor, per second"),
        Limit::AtLeast(0.8),
        figures.ratio("native", "floor", per_second),
    );
    report.add_figures(figures);
    Ok(())
}

fn workers(first: u64, clients: u64, is_native: bool) -> Result<Vec<Worker<Client>>> {
    let one = |number| -> Result<Worker<Client>> {
        let mut client = if is_native { Caller::connect()?.client } else { server::owner()? };
        let make: fn(&mut Client, Uuid) -> Result<Work> = if is_native { reserve::native } else { reserve::plain };
        let work = make(&mut client, person(number))?;
        Ok(Worker { client, works: vec![work], steps: STEPS })
    };
    (first..first + clients).map(one).collect()
}
