//! What calls cost at the prices that are known now, where our own prices said what they cost.

use super::corrections::{self, Correction, Money};
use super::priced_line::{self, Line};
use super::{Instant, locks};
use crate::error::Error;
use crate::pg::spi::{Row, Snapshot, arg, timestamp_arg};
use crate::pg::{memory, session};
use crate::statement;
use crate::store::audit::{self, Author, Decision};
use crate::store::installation::Installation;
use crate::store::prices::Price;
use model_access_domain::charge::markup;
use model_access_domain::limit::Amount;
use pgrx::Uuid;
use serde_json::{Value, json};

statement!(PRICES, include_str!("../../../sql/queries/reprice_prices.sql"));
statement!(ROWS, include_str!("../../../sql/queries/reprice_rows.sql"));

/// So many rows are read and corrected at once.
const CHUNK: i32 = 1000;

/// Which rows, and why.
pub struct Repricing<'a> {
    /// Of this model.
    pub model: &'a str,
    /// From then on.
    pub from: Instant,
    /// Until before then.
    pub to: Instant,
    /// Who wants it, and why.
    pub author: &'a Author,
}

/// What was done.
#[derive(Default)]
pub struct Repriced {
    /// Rows whose cost is our own or unknown, and that were not voided.
    pub seen: i64,
    /// Of these: those that cost something else now.
    pub corrected: i64,
    /// Of these: those whose price is not known.
    pub unknown: i64,
    /// What the corrections come to.
    pub change: Money,
}

/// A price and when it held.
struct Held {
    price: Price,
    from: Instant,
    to: Option<Instant>,
}

/// The price that held at an instant, else the first one after it.
fn price_of(prices: &[Held], at: Instant) -> Option<&Price> {
    let in_force = |held: &&Held| held.from <= at && held.to.is_none_or(|to| at < to);
    let found = prices.iter().rev().find(in_force).or_else(|| prices.iter().find(|held| held.from > at));
    found.map(|held| &held.price)
}

/// Brings rows whose cost is our own, or unknown, in line with the prices of their instants, by corrections. Costs that a
/// provider or an application said, and rows that were voided, stay.
pub fn reprice(installation: &Installation, repricing: &Repricing, now: Instant) -> Result<Repriced, Error> {
    installation.as_owner(|| {
        locks::lock_corrections();
        let held =
            |row: &Row| Some(Held { price: Price::read(row, 1)?, from: row.timestamp(3)?, to: row.timestamp(4) });
        let found = PRICES.with(|query| query.rows(Snapshot::Fresh, &[arg(repricing.model)], held));
        let prices: Vec<Held> = found.into_iter().flatten().collect();
        let mut done = Repriced::default();
        let mut last = Some((Uuid::from_bytes([0; 16]), Instant::MIN));
        while let Some(after) = last {
            last = memory::given_back(|| chunk(repricing, &prices, after, now, &mut done))?;
        }
        if done.corrected > 0 {
            note(repricing, &done);
        }
        Ok(done)
    })
}

fn note(repricing: &Repricing, done: &Repriced) {
    let decision = Decision {
        action: "usage_repriced",
        resource_type: "model",
        resource_id: repricing.model,
        organization: None,
        old: Value::Null,
        new: json!({
            "from": session::iso_8601(repricing.from),
            "to": session::iso_8601(repricing.to),
            "rows_corrected": done.corrected,
            "change": done.change.told(),
        }),
    };
    audit::note(decision, repricing.author);
}

/// Reprices some rows after one; returns the last of them, `None` when there are no more.
fn chunk(
    repricing: &Repricing,
    prices: &[Held],
    after: (Uuid, Instant),
    now: Instant,
    done: &mut Repriced,
) -> Result<Option<(Uuid, Instant)>, Error> {
    let args = [
        arg(repricing.model),
        timestamp_arg(repricing.from),
        timestamp_arg(repricing.to),
        arg(after.0),
        timestamp_arg(after.1),
        arg(i64::from(CHUNK)),
    ];
    let lines: Vec<Line> =
        ROWS.with(|query| query.rows(Snapshot::Fresh, &args, priced_line::read)).into_iter().flatten().collect();
    let last = lines.last().map(|line| (line.id, line.occurred_at));
    let mut corrections = Vec::new();
    for line in lines.into_iter().filter(|line| !line.is_voided) {
        done.seen += 1;
        let price = price_of(prices, line.occurred_at);
        match price.and_then(|price| Some((price.id, line.cost(price.pricing().ok()?)?))) {
            None => done.unknown += 1,
            Some((price_id, cost)) => corrections.extend(correction(line, price_id, cost)),
        }
    }
    if !corrections.is_empty() {
        let reason = repricing.author.reason.as_deref().unwrap_or_default();
        corrections::insert(&corrections, "repriced", reason, now)?;
    }
    for Correction { change, .. } in corrections {
        done.corrected += 1;
        done.change.cost += change.cost;
        done.change.total += change.total;
        done.change.markup += change.markup;
    }
    Ok(last)
}

/// What makes a row cost what it should; `None` when it does. A cost that was not known is told even when it is nothing.
fn correction(line: Line, price_id: i64, cost: Amount) -> Option<Correction> {
    let markup = markup(&cost, &line.markup_percent);
    let total = &cost + &markup;
    let change = Money { cost: cost - line.net.cost, markup: markup - line.net.markup, total: total - line.net.total };
    (line.is_unknown || change != Money::default()).then_some(Correction {
        of: line.id,
        occurred_at: line.occurred_at,
        change,
        price_id: Some(price_id),
    })
}
