//! Transactions a second of `consume` as clients become more: each in an organisation of its own, and all in one, under one limit
//! for all of them. Commits wait for the disk.

use crate::Result;
use crate::clients::{Load, Worker, load};
use crate::curve::{Curve, Line, Point, best_before_last, kept};
use crate::figures::{Figures, Row};
use crate::goal::Limit;
use crate::measure::turns;
use crate::options::Options;
use crate::quota::consume::{NATIVE, asking};
use crate::quota::hot::{ORGANIZATIONS, first_person, open};
use crate::quota::people::{OPEN, person};
use crate::report::Report;
use crate::server::Caller;
use postgres::Client;

/// The works of a client: as one of its own organisation, and as one of that of all. With their names in a picture.
const WAYS: [(&str, &str); 2] = [("even", "an organisation each"), ("hot", "one organisation")];
const SUFFIX: &str = "_small";
/// Rows of the counter that all wait for.
const SLOTS: i32 = 64;
/// Throughput does not collapse: of the best that fewer clients had, the most have at least so much.
const KEPT: f64 = 0.7;
const ROUNDS: usize = 3;

/// Measures.
pub fn run(options: &Options, owner: &mut Client, report: &mut Report) -> Result<()> {
    let counts = options.quick_or(&[1, 3][..], &[1, 2, 4, 8, 16, 32, 64][..]);
    let most = counts.iter().copied().max().unwrap_or_default();
    let mut crew = crew(owner, u64::try_from(most)?)?;
    let rounds = options.load_rounds().min(ROUNDS);
    let loads = turns(WAYS.len() * counts.len(), rounds, |number| {
        let (way, clients) = (number % WAYS.len(), counts[number / WAYS.len()]);
        load(&mut crew[..clients], way, options.load_lasting() / 2)
    })?;
    let mut rows = WAYS.map(|_| Vec::new());
    for (number, loads) in loads.iter().enumerate() {
        let label = counts[number / WAYS.len()].to_string();
        rows[number % WAYS.len()].push(Row { label, rounds: loads.iter().map(Load::figures).collect() });
    }
    let mut lines = Vec::new();
    for ((way, label), rows) in WAYS.into_iter().zip(rows) {
        let name = format!("consume, clients become more, {way}");
        let figures = Figures { name, columns: Load::COLUMNS, rows };
        lines.push(promised(report, label, &figures, counts));
        report.add_figures(figures);
    }
    report.add_curve(Curve {
        name: "clients",
        title: "Consumes a second, as clients become more",
        x: "clients",
        y: "transactions a second",
        lines,
    });
    Ok(())
}

fn promised(report: &mut Report, label: &'static str, figures: &Figures, counts: &[usize]) -> Line {
    let column = Load::COLUMNS[0];
    let points: Vec<Point> =
        counts.iter().map(|clients| (*clients as f64, figures.median(&clients.to_string(), column))).collect();
    let promise = format!("{}: the most have ≥ {KEPT} × the best of fewer, {column}", figures.name);
    report.bound(promise, Limit::AtLeast(KEPT), kept(&points));
    let promised = Limit::AtLeast(KEPT * best_before_last(&points));
    Line { label, points, promised }
}

/// Clients of two users each. Every organisation has a limit on all its calls; that of all has its counter in several rows.
fn crew(owner: &mut Client, clients: u64) -> Result<Vec<Worker<Client>>> {
    let shared = ORGANIZATIONS + clients;
    for own in ORGANIZATIONS..shared {
        open(owner, own, 1, 1)?;
    }
    open(owner, shared, SLOTS, clients)?;
    owner.batch_execute("VACUUM (ANALYZE) public.profiles, public.organizations, public.quota_limits")?;
    let one = |place: u64| -> Result<Worker<Client>> {
        let mut client = Caller::connect_to(SUFFIX)?.client;
        client.batch_execute("SET synchronous_commit = on")?;
        let works = vec![
            asking(&mut client, NATIVE, person(first_person(ORGANIZATIONS + place)), OPEN)?,
            asking(&mut client, NATIVE, person(first_person(shared) + place), OPEN)?,
        ];
        Ok(Worker { client, works, steps: 1 })
    };
    (0..clients).map(one).collect()
}
