//! What was used: sums for bills and dashboards, and events for other systems.

use crate::error::Error;
use crate::pg::Reply;
use crate::pg::tuplestore::Sink;
use crate::store::installation::Installation;
use crate::store::usage_report::{self, Window};
use model_access_domain::report::{Grouping, GroupingError, WORDS};
use pgrx::prelude::*;

/// No more of an unknown word is repeated in an error.
const SHOWN_CHARS: usize = 40;

/// Sums over the ledger's rows from `p_from` until before `p_to` that the caller may see, by the words of `p_group_by`.
///
/// NULL or no word: one row, of zeros when there is no usage. Else a row per group with usage, in the order of the group
/// columns. Corrections count in money. Money is USD. Errors: 22004, 22023. Source: docs/reference.md, "Reports".
#[pg_extern(
    stable,
    parallel_restricted,
    sql = "
CREATE FUNCTION model_access.get_usage_summary(p_from timestamptz, p_to timestamptz, p_group_by text[] DEFAULT NULL)
RETURNS TABLE (
    period_start timestamptz, model text, provider text, user_id uuid, organization_id uuid, requests bigint,
    prompt_tokens numeric, completion_tokens numeric, cached_tokens numeric, cache_write_tokens numeric,
    reasoning_tokens numeric, total_tokens numeric, cost_usd numeric, markup_usd numeric, total_usd numeric,
    unknown_cost_requests bigint
)
STABLE PARALLEL RESTRICTED ROWS 100 LANGUAGE c AS 'MODULE_PATHNAME', '@FUNCTION_NAME@';
"
)]
fn get_usage_summary(
    p_from: Option<TimestampWithTimeZone>,
    p_to: Option<TimestampWithTimeZone>,
    p_group_by: Option<Vec<Option<String>>>,
    fcinfo: pg_sys::FunctionCallInfo,
) -> Reply<()> {
    Reply::of(|| {
        let window = window(p_from, p_to)?;
        let grouping = Grouping::of_words(&p_group_by.unwrap_or_default()).map_err(no_grouping)?;
        Installation::with(&[c"ai_usage"])?;
        usage_report::summary(window, &grouping, &Sink::open(fcinfo));
        Ok::<_, Error>(())
    })
}

/// The ledger's rows from `p_from` until before `p_to` that the caller may see as CloudEvents 1.0, one object a row.
///
/// In the order of `occurred_at`, then `id`. The rows go from the plan into a store that spills to disk. Errors: 22004, 22023.
/// Source: docs/reference.md, "Reports".
#[pg_extern(
    stable,
    parallel_restricted,
    sql = "
CREATE FUNCTION model_access.export_usage(p_from timestamptz, p_to timestamptz) RETURNS SETOF jsonb
STABLE PARALLEL RESTRICTED ROWS 10000 LANGUAGE c AS 'MODULE_PATHNAME', '@FUNCTION_NAME@';
"
)]
fn export_usage(
    p_from: Option<TimestampWithTimeZone>,
    p_to: Option<TimestampWithTimeZone>,
    fcinfo: pg_sys::FunctionCallInfo,
) -> Reply<()> {
    Reply::of(|| {
        let window = window(p_from, p_to)?;
        Installation::with(&[c"ai_usage"])?;
        usage_report::export(window, &Sink::open_of_values(fcinfo));
        Ok::<_, Error>(())
    })
}

fn window(from: Option<TimestampWithTimeZone>, to: Option<TimestampWithTimeZone>) -> Result<Window, Error> {
    let from = pg_sys::TimestampTz::from(from.ok_or(Error::NoArgument("p_from"))?);
    let to = pg_sys::TimestampTz::from(to.ok_or(Error::NoArgument("p_to"))?);
    if to < from {
        return Err(Error::BadArgument("p_to", "before p_from".to_owned(), "Pass the later instant as p_to."));
    }
    Ok(Window { from, to })
}

fn no_grouping(error: GroupingError) -> Error {
    let got = match error {
        GroupingError::Unknown(None) => "an array with NULL in it".to_owned(),
        GroupingError::Unknown(Some(word)) => {
            format!("an array with \"{}\" in it", word.chars().take(SHOWN_CHARS).collect::<String>())
        }
        GroupingError::Twice(word) => format!("an array with {word} twice"),
        GroupingError::TwoPeriods(one, other) => format!("an array with both {one} and {other}"),
    };
    Error::BadArgument("p_group_by", got, WORDS)
}
