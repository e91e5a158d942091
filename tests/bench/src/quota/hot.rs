//! Many clients of one organisation whose limit is for all of them together: one row that everybody waits for, or several.
//!
//! Three things are measured with one row and with many: `update`, a plain UPDATE by key, which shows what the machine
//! allows; `counter`, the extension's consume with its ledger rows in a table without indexes; `consume`, the whole of it.

use super::consume::{NATIVE, asking};
use super::people::{OPEN, organization, person};
use crate::Result;
use crate::clients::{Load, Work, Worker, load};
use crate::figures::{Figures, Row};
use crate::goal::Limit;
use crate::measure::turns;
use crate::options::Options;
use crate::report::Report;
use crate::server::Caller;
use postgres::Client;

const WAYS: [&str; 3] = ["update", "counter", "consume"];
const COUNTER: usize = 1;
const UPDATE: &str = "UPDATE bench.hot_counters AS u SET used = u.used + 1 WHERE u.counter_id = $1";
const PEOPLE: u64 = 3001;
/// The first of the organisations here.
pub const ORGANIZATIONS: u64 = 11;

/// Clients, rows, and how many times as fast as with one row the counter is to be. A row for each client: more are more to read.
struct Size {
    clients: u64,
    slots: i32,
    goal: f64,
}

/// Measures.
pub fn run(options: &Options, owner: &mut Client, report: &mut Report) -> Result<()> {
    owner.batch_execute(include_str!("../../sql/quota_hot.sql"))?;
    let eight = Size { clients: options.quick_or(3, 8), slots: 8, goal: 3.0 };
    let many = Size { clients: options.quick_or(4, 32), slots: 32, goal: 5.0 };
    for (place, size) in [eight, many].into_iter().enumerate() {
        let first = ORGANIZATIONS + 2 * u64::try_from(place)?;
        let measured = measure(options, owner, &size, first);
        // Whatever happened: nobody shall find the ledger closed.
        owner.execute("CALL bench.keep_ledger(true)", &[])?;
        let figures = measured?;
        let slots = format!("{}, {} rows", WAYS[COUNTER], size.slots);
        let ratio = figures.ratio(&slots, "counter, 1 row", Load::COLUMNS[0]);
        report.bound(format!("{}: {slots} ≥ {} × one row", figures.name, size.goal), Limit::AtLeast(size.goal), ratio);
        report.add_figures(figures);
    }
    Ok(())
}

fn measure(options: &Options, owner: &mut Client, size: &Size, first: u64) -> Result<Figures> {
    let rows = [1, size.slots];
    let mut crews = Vec::new();
    for (number, slots) in (first..).zip(rows) {
        open(owner, number, slots, size.clients)?;
        crews.push(crew(number, slots, size.clients)?);
    }
    let loads = turns(WAYS.len() * rows.len(), options.load_rounds(), |number| {
        let (way, crew) = (number / rows.len(), number % rows.len());
        owner.execute("CALL bench.keep_ledger($1)", &[&(way != COUNTER)])?;
        load(&mut crews[crew], way, options.load_lasting())
    })?;
    owner.execute("CALL bench.keep_ledger(true)", &[])?;
    for number in (first..).take(rows.len()) {
        owner.execute("CALL bench.make_up_ledger($1)", &[&i64::try_from(number)?])?;
    }
    let labels = WAYS.iter().flat_map(|way| {
        rows.iter().map(move |rows| format!("{way}, {rows} {}", if *rows == 1 { "row" } else { "rows" }))
    });
    let rows = labels.zip(loads).map(|(label, loads)| Row { label, rounds: loads.iter().map(Load::figures).collect() });
    let name = format!("one organisation, {} clients", size.clients);
    Ok(Figures { name, columns: Load::COLUMNS, rows: rows.collect() })
}

/// The first of the people of an organisation.
pub fn first_person(organization: u64) -> u64 {
    PEOPLE + 100 * (organization - ORGANIZATIONS)
}

/// An organisation with so many rows per counter, a limit on all its calls, and its people.
pub fn open(owner: &mut Client, number: u64, slots: i32, people: u64) -> Result<()> {
    let (organization_number, first) = (i64::try_from(number)?, i64::try_from(first_person(number))?);
    owner.execute("CALL bench.make_organization($1, $2)", &[&organization_number, &slots])?;
    let last = first + i64::try_from(people)? - 1;
    owner.execute("CALL bench.make_people($1, $2, $3)", &[&first, &last, &organization_number])?;
    let limit = "SELECT public.set_quota_limit(p_name => 'hot', p_metric => 'requests', p_period => 'monthly',
        p_limit_amount => 1000000000, p_scope => 'organization', p_subject => $1, p_per => 'organization', p_reason => 'bench')";
    owner.execute(limit, &[&organization(number).to_string()])?;
    Ok(())
}

/// The clients of an organisation, each of another user.
fn crew(number: u64, slots: i32, people: u64) -> Result<Vec<Worker<Client>>> {
    let first = first_person(number);
    let one = |place: u64| -> Result<Worker<Client>> {
        let mut client = Caller::connect()?.client;
        let row = i64::try_from(place)? % i64::from(slots);
        let update = client.prepare(UPDATE)?;
        let user = person(first + place);
        let counter = asking(&mut client, NATIVE, user, OPEN)?;
        let consume = asking(&mut client, NATIVE, user, OPEN)?;
        let updating: Work = Box::new(move |client| match client.execute(&update, &[&(row + 1)])? {
            1 => Ok(()),
            rows => Err(format!("{rows} rows updated").into()),
        });
        Ok(Worker { client, works: vec![updating, counter, consume], steps: 1 })
    };
    (0..people).map(one).collect()
}
