//! What a call costs, or would cost, at the catalogue's prices.

use super::quota_arguments;
use crate::error::Error;
use crate::pg::jsonb::Jsonb;
use crate::pg::{Reply, session};
use crate::store::estimates::{self, Estimate};
use crate::store::installation::Installation;
use model_access_domain::bill::Line;
use model_access_domain::limit::Amount;
use model_access_domain::pricing::Origin;
use pgrx::AnyNumeric;
use pgrx::prelude::*;
use std::str::FromStr;

/// Item, units, unit price, amount, price row, note.
type Row = (String, Option<i64>, Option<AnyNumeric>, Option<AnyNumeric>, Option<i64>, Option<String>);

fn numeric(amount: &Amount) -> AnyNumeric {
    AnyNumeric::from_str(&amount.normalized().to_plain_string()).unwrap_or_default()
}

fn estimate(model: Option<&str>, usage: Option<Jsonb>, at: Option<TimestampWithTimeZone>) -> Result<Estimate, Error> {
    let installation = Installation::with(&[c"model_access", c"model_price_history"])?;
    let model = quota_arguments::used_model(model)?;
    let (used, _) = quota_arguments::usage(usage)?;
    let at = at.map_or_else(session::clock, pg_sys::TimestampTz::from);
    Ok(estimates::of_usage(&installation, &model, &used.usage, at))
}

/// What usage of a model costs at the prices in force at an instant (NULL: now), USD; NULL when the price is not known.
///
/// `p_usage` is a provider's usage object; a cost that it names is left aside. Errors: 22004, 22023 for usage that makes no
/// sense. Source: docs/design.md, "Usage and cost".
#[pg_extern(
    stable,
    parallel_restricted,
    sql = "
CREATE FUNCTION model_access.estimate_model_cost(p_model_id text, p_usage jsonb, p_at timestamptz DEFAULT NULL)
RETURNS numeric
STABLE PARALLEL RESTRICTED LANGUAGE c AS 'MODULE_PATHNAME', '@FUNCTION_NAME@';
"
)]
fn estimate_model_cost(
    p_model_id: Option<&str>,
    p_usage: Option<Jsonb>,
    p_at: Option<TimestampWithTimeZone>,
) -> Reply<Option<AnyNumeric>> {
    Reply::of(|| {
        let estimate = estimate(p_model_id, p_usage, p_at)?;
        Ok::<_, Error>(estimate.bill.ok().map(|bill| numeric(&bill.total)))
    })
}

/// The bill of [`estimate_model_cost`], line by line. One line `unknown` says why a price is not known.
///
/// Errors: as there.
#[pg_extern(
    stable,
    parallel_restricted,
    sql = "
CREATE FUNCTION model_access.explain_model_cost(p_model_id text, p_usage jsonb, p_at timestamptz DEFAULT NULL)
RETURNS TABLE (item text, units bigint, unit_price_usd numeric, amount_usd numeric, price_id bigint, note text)
STABLE PARALLEL RESTRICTED ROWS 5 LANGUAGE c AS 'MODULE_PATHNAME', '@FUNCTION_NAME@';
"
)]
fn explain_model_cost(
    p_model_id: Option<&str>,
    p_usage: Option<Jsonb>,
    p_at: Option<TimestampWithTimeZone>,
) -> Reply<TableIterator<'static, Row>> {
    Reply::of(|| {
        let Estimate { price_id, bill } = estimate(p_model_id, p_usage, p_at)?;
        let rows: Vec<_> = match bill {
            Err(why) => vec![("unknown".to_owned(), None, None, None, price_id, Some(why))],
            Ok(bill) => bill.lines.iter().map(|line| row(line, price_id)).collect(),
        };
        Ok::<_, Error>(TableIterator::new(rows))
    })
}

fn row(line: &Line, price_id: Option<i64>) -> Row {
    (
        line.item.to_owned(),
        Some(line.units),
        Some(numeric(&line.unit_price_usd)),
        Some(numeric(&line.amount_usd)),
        price_id,
        note(line),
    )
}

/// Where the price of a line comes from, unless it is the item's own at the top of the pricing object.
fn note(line: &Line) -> Option<String> {
    let instead = (line.priced_as != line.item).then(|| format!("priced as {}", line.priced_as));
    let overridden = match line.origin {
        Origin::Base => None,
        Origin::Override(index) => Some(format!("price of overrides[{index}]")),
    };
    let notes: Vec<String> = [instead, overridden].into_iter().flatten().collect();
    (!notes.is_empty()).then(|| notes.join(", "))
}
