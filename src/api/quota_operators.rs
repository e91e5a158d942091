//! What operators do with limits, and what users see of theirs.

use super::caller;
use super::quota_arguments::{model, privileged};
use crate::error::Error;
use crate::pg::{Reply, session};
use crate::store::audit::Author;
use crate::store::installation::Installation;
use crate::store::quota::operators::{self, Adjustment, NewLimit};
use crate::store::quota::{TABLES, status, verify};
use model_access_domain::limit::{Amount, Metric, Per, Scope};
use model_access_domain::pattern;
use model_access_domain::tier::Tier;
use model_access_domain::window::{Period, Zone};
use pgrx::AnyNumeric;
use pgrx::prelude::*;
use std::str::FromStr;

type Status = TableIterator<
    'static,
    (
        String,
        String,
        String,
        Option<String>,
        Option<AnyNumeric>,
        AnyNumeric,
        AnyNumeric,
        Option<AnyNumeric>,
        Option<TimestampWithTimeZone>,
        String,
    ),
>;
type Mismatches = TableIterator<
    'static,
    (
        String,
        Option<String>,
        Option<pgrx::Uuid>,
        Option<String>,
        Option<i64>,
        Option<AnyNumeric>,
        Option<AnyNumeric>,
        String,
    ),
>;

fn number(text: &str) -> AnyNumeric {
    AnyNumeric::from_str(text).unwrap_or_default()
}

fn of_amount(amount: &Amount) -> AnyNumeric {
    number(&amount.normalized().to_plain_string())
}

/// What a user has used of each limit that applies, and what is left: one row per limit.
///
/// NULL is the signed-in user. Errors: 42501 for a foreign user or without one. Source: docs/design.md, "Quota engine".
#[pg_extern(
    stable,
    parallel_restricted,
    sql = "
CREATE FUNCTION model_access.get_quota_status(user_uuid uuid DEFAULT NULL)
RETURNS TABLE (
    name text, scope text, metric text, period text, limit_amount numeric, used numeric, held numeric, remaining numeric,
    resets_at timestamptz, model text
)
STABLE PARALLEL RESTRICTED ROWS 10 LANGUAGE c AS 'MODULE_PATHNAME', '@FUNCTION_NAME@';
"
)]
fn get_quota_status(user_uuid: Option<pgrx::Uuid>) -> Reply<Status> {
    Reply::of(|| {
        let installation = Installation::with(&TABLES)?;
        let user = caller::user_served(&installation, user_uuid)?;
        let user = uuid::Uuid::from_bytes(*user.as_bytes());
        let lines = status::of_user(&installation, user, session::clock())?;
        let rows: Vec<_> = lines
            .into_iter()
            .map(|line| {
                let found = line.figures;
                (
                    found.limit_name,
                    found.scope.to_owned(),
                    found.metric.to_owned(),
                    found.period.map(str::to_owned),
                    found.limit_amount.as_ref().map(of_amount),
                    of_amount(&found.used),
                    of_amount(&found.held),
                    found.remaining.as_ref().map(of_amount),
                    found.resets_at.and_then(|at| TimestampWithTimeZone::try_from(at).ok()),
                    line.model,
                )
            })
            .collect();
        Ok::<_, Error>(TableIterator::new(rows))
    })
}

/// The word of an enum, or 22023 with the words that there are.
fn word<T>(
    name: &'static str,
    given: Option<&str>,
    of: fn(&str) -> Option<T>,
    known: &'static str,
) -> Result<T, Error> {
    let given = given.ok_or(Error::NoArgument(name))?;
    of(given).ok_or_else(|| Error::BadArgument(name, format!("\"{given}\""), known))
}

/// The subject of a scope, in the form in which it is compared.
fn subject(scope: Scope, given: Option<&str>) -> Result<String, Error> {
    const RIGHT: &str = "Pass a uuid for user and organization, a tier, a plan, and none for everyone.";
    let bad = || {
        Error::BadArgument(
            "p_subject",
            given.map_or("NULL".to_owned(), |text| format!("\"{}\"", text.chars().take(40).collect::<String>())),
            RIGHT,
        )
    };
    match (scope, given) {
        (Scope::Everyone, None | Some("")) => Ok(String::new()),
        (Scope::Everyone, Some(_)) | (_, None | Some("")) => Err(bad()),
        (Scope::User | Scope::Organization, Some(id)) => {
            uuid::Uuid::parse_str(id).map(|id| id.to_string()).map_err(|_| bad())
        }
        (Scope::Tier, Some(word)) if Tier::of_profile(Some(word)).is_none() => Err(bad()),
        (Scope::Plan, Some(word)) if word.chars().count() > 100 => Err(bad()),
        (Scope::Tier | Scope::Plan, Some(word)) => Ok(word.to_owned()),
    }
}

/// The period of a metric.
fn period(metric: Metric, given: Option<&str>) -> Result<Option<Period>, Error> {
    const KNOWN: &str =
        "Use minutely, hourly, daily, weekly, monthly, yearly or lifetime; NULL for concurrent, and only for it.";
    match (metric, given) {
        (Metric::Concurrent, None) => Ok(None),
        (Metric::Concurrent, Some(word)) => Err(Error::BadArgument("p_period", format!("\"{word}\""), KNOWN)),
        (_, None) => Err(Error::BadArgument("p_period", "NULL".to_owned(), KNOWN)),
        (_, given) => word("p_period", given, Period::of_word, KNOWN).map(Some),
    }
}

/// Sets a limit: one per name, scope and subject. Returns its key.
///
/// Setting it anew with another amount, enforcement, time or alerts keeps its counters; with another metric, period, pattern,
/// zone or way of counting they begin anew from the ledger. NULL amount is unlimited. Errors: 42501 unless privileged, 22004,
/// 22023. Source: docs/design.md, "Quota engine".
#[pg_extern(volatile, parallel_unsafe)]
#[allow(clippy::too_many_arguments)]
fn set_quota_limit(
    p_name: Option<&str>,
    p_metric: Option<&str>,
    p_period: Option<&str>,
    p_limit_amount: Option<AnyNumeric>,
    p_scope: default!(Option<&str>, "'everyone'"),
    p_subject: default!(Option<&str>, "NULL"),
    p_per: default!(Option<&str>, "'user'"),
    p_model_pattern: default!(Option<&str>, "'*'"),
    p_per_model: default!(Option<bool>, "false"),
    p_enforcement: default!(Option<&str>, "'hard'"),
    p_time_zone: default!(Option<&str>, "'UTC'"),
    p_anchor: default!(Option<TimestampWithTimeZone>, "NULL"),
    p_starts_at: default!(Option<TimestampWithTimeZone>, "NULL"),
    p_ends_at: default!(Option<TimestampWithTimeZone>, "NULL"),
    p_alert_at: default!(Option<Vec<Option<AnyNumeric>>>, "'{0.8,1}'"),
    p_reason: default!(Option<&str>, "NULL"),
) -> Reply<i64> {
    Reply::of(|| {
        let installation = privileged()?;
        let name = p_name.ok_or(Error::NoArgument("p_name"))?;
        if name.is_empty() || name.chars().count() > 100 {
            return Err(Error::BadArgument(
                "p_name",
                format!("{} characters long", name.chars().count()),
                "Pass 1 to 100 characters.",
            ));
        }
        let metric = word("p_metric", p_metric, Metric::of_word, "Use requests, tokens, cost_usd or concurrent.")?;
        let scope = word("p_scope", p_scope, Scope::of_word, "Use user, organization, plan, tier or everyone.")?;
        let pattern = p_model_pattern.ok_or(Error::NoArgument("p_model_pattern"))?;
        if !pattern::is_pattern(pattern) {
            return Err(Error::BadArgument(
                "p_model_pattern",
                format!("\"{pattern}\""),
                "Use an exact id, vendor/* or *.",
            ));
        }
        let zone = p_time_zone.ok_or(Error::NoArgument("p_time_zone"))?;
        if Zone::of_name(zone).is_none() {
            return Err(Error::BadArgument(
                "p_time_zone",
                format!("\"{zone}\""),
                "Use an IANA name, such as Asia/Tokyo.",
            ));
        }
        let amount = p_limit_amount.map(|amount| finite("p_limit_amount", amount)).transpose()?;
        let hard = |word: &str| [("hard", true), ("soft", false)].into_iter().find(|(known, _)| *known == word);
        let enforcement = p_enforcement.ok_or(Error::NoArgument("p_enforcement"))?;
        let (_, hard) = hard(enforcement)
            .ok_or_else(|| Error::BadArgument("p_enforcement", format!("\"{enforcement}\""), "Use hard or soft."))?;
        let (starts_at, ends_at) = (instant(p_starts_at), instant(p_ends_at));
        if let (Some(start), Some(end)) = (starts_at, ends_at)
            && end <= start
        {
            return Err(Error::BadArgument("p_ends_at", "not after p_starts_at".to_owned(), "Pass a later instant."));
        }
        let shares = p_alert_at.unwrap_or_default().into_iter().flatten();
        let limit = NewLimit {
            name: name.to_owned(),
            scope,
            subject: subject(scope, p_subject)?,
            per: word("p_per", p_per, Per::of_word, "Use user, organization or pool.")?,
            pattern: pattern.to_owned(),
            per_model: p_per_model.ok_or(Error::NoArgument("p_per_model"))?,
            metric,
            period: period(metric, p_period)?,
            amount,
            hard,
            time_zone: zone.to_owned(),
            anchor: instant(p_anchor),
            starts_at,
            ends_at,
            alert_at: shares.map(|share| finite("p_alert_at", share)).collect::<Result<_, _>>()?,
        };
        operators::set(&installation, &limit, &Author::of_call(p_reason)?, session::clock())
    })
}

fn instant(given: Option<TimestampWithTimeZone>) -> Option<pg_sys::TimestampTz> {
    given.map(pg_sys::TimestampTz::from)
}

/// A number from 0 up that is one; 22023 else.
fn finite(name: &'static str, amount: AnyNumeric) -> Result<AnyNumeric, Error> {
    let text = amount.to_string();
    let right = if name == "p_change" {
        "Pass a number of at most 100 digits."
    } else {
        "Pass 0 or more, of at most 100 digits."
    };
    if text.len() > 100 || Amount::from_str(&text).map_or(true, |amount| amount < Amount::default()) {
        let shown: String = text.chars().take(40).collect();
        return Err(Error::BadArgument(name, shown, right));
    }
    Ok(amount)
}

/// Removes a limit with its counters; false when there is none of that key.
///
/// Errors: 42501 unless privileged, 22004.
#[pg_extern(volatile, parallel_unsafe)]
fn remove_quota_limit(p_limit_id: Option<i64>, p_reason: default!(Option<&str>, "NULL")) -> Reply<bool> {
    Reply::of(|| {
        let installation = privileged()?;
        let id = p_limit_id.ok_or(Error::NoArgument("p_limit_id"))?;
        operators::remove(&installation, id, &Author::of_call(p_reason)?, session::clock())
    })
}

/// Changes what is used, in the open window, of the limit of a name that decides about a call; returns what is used then.
///
/// Negative changes give back. The limit is that of `decision.limit_name`. Errors: 42501 unless privileged, 22004, 22023 when
/// less than nothing would be used, PT404 when no limit of that name decides.
#[pg_extern(volatile, parallel_unsafe)]
fn adjust_quota(
    user_uuid: Option<pgrx::Uuid>,
    p_model_id: Option<&str>,
    p_limit_name: Option<&str>,
    p_change: Option<AnyNumeric>,
    p_reason: Option<&str>,
) -> Reply<AnyNumeric> {
    Reply::of(|| {
        let installation = privileged()?;
        let user = user_uuid.ok_or(Error::NoArgument("user_uuid"))?;
        let change = p_change.ok_or(Error::NoArgument("p_change"))?;
        let text = change.to_string();
        finite("p_change", change.abs())?;
        let adjustment = Adjustment {
            user: uuid::Uuid::from_bytes(*user.as_bytes()),
            model: &model(p_model_id)?,
            limit_name: p_limit_name.ok_or(Error::NoArgument("p_limit_name"))?,
            change: Amount::from_str(&text).unwrap_or_default(),
        };
        let author = Author::of_call(Some(p_reason.ok_or(Error::NoArgument("p_reason"))?))?;
        operators::adjust(&installation, &adjustment, &author, session::clock()).map(|used| of_amount(&used))
    })
}

/// Whether counters, holds, reservations and ledger agree, of one user or organisation or (NULL) of all. No row: they do.
///
/// Errors: 42501 unless privileged. Source: docs/design.md, "Quota engine".
#[pg_extern(
    stable,
    parallel_restricted,
    sql = "
CREATE FUNCTION model_access.verify_quota(p_subject uuid DEFAULT NULL)
RETURNS TABLE (
    problem text, limit_name text, subject uuid, model text, counter_id bigint, expected numeric, actual numeric, detail text
)
STABLE PARALLEL RESTRICTED LANGUAGE c AS 'MODULE_PATHNAME', '@FUNCTION_NAME@';
"
)]
fn verify_quota(p_subject: Option<pgrx::Uuid>) -> Reply<Mismatches> {
    Reply::of(|| {
        let installation = privileged()?;
        let rows: Vec<_> = verify::verify(&installation, p_subject, session::clock())?
            .into_iter()
            .map(|found| {
                let numbers = [found.expected, found.actual].map(|text| text.as_deref().map(number));
                let [expected, actual] = numbers;
                (
                    found.problem,
                    found.limit_name,
                    found.subject,
                    found.model,
                    found.counter_id,
                    expected,
                    actual,
                    found.detail,
                )
            })
            .collect();
        Ok::<_, Error>(TableIterator::new(rows))
    })
}
