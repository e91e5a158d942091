//! Hooks of the tests: the quota functions with the instant as an argument. Only in builds with the feature `pg_test`; a
//! released build takes the time from the clock and from nowhere else.

#[pgrx::pg_schema]
#[allow(clippy::unwrap_used)]
mod tests {
    use super::super::quota_answer::decision_json;
    use super::super::quota_arguments::{self, Ask};
    use crate::error::Error;
    use crate::pg::Reply;
    use crate::pg::jsonb::Jsonb;
    use crate::store::installation::Installation;
    use crate::store::quota::admission::{self, Admit};
    use crate::store::quota::{TABLES, organization_months, record, reservations, status, verify};
    use pgrx::JsonB;
    use pgrx::prelude::*;
    use serde_json::{Value, json};

    fn installation() -> Installation {
        Installation::with(&TABLES).unwrap_or_else(|_| unreachable!("the test database is installed"))
    }

    fn ask(user: pgrx::Uuid, model: &str, tokens: i64) -> Ask {
        Ask { user, model: model.to_owned(), usage: quota_arguments::bare(tokens, 1), key: None }
    }

    /// As `check_model_quota`, at an instant.
    #[pg_extern(volatile)]
    fn check_at(user: pgrx::Uuid, model: &str, tokens: i64, at: TimestampWithTimeZone) -> Reply<JsonB> {
        Reply::of(|| {
            let decision =
                admission::check(&installation(), &ask(user, model, tokens).request("check", Value::Null), at.into())?;
            Ok::<_, Error>(JsonB(decision_json(&decision)))
        })
    }

    /// As `consume_model_quota`, at an instant.
    #[pg_extern(volatile)]
    fn consume_at(user: pgrx::Uuid, model: &str, tokens: i64, at: TimestampWithTimeZone) -> Reply<JsonB> {
        Reply::of(|| {
            let request = ask(user, model, tokens).request("consume", Value::Null);
            let decisions = admission::admit(&installation(), &[request], Admit::Consume, at.into())?;
            Ok::<_, Error>(JsonB(decision_json(&quota_arguments::only(decisions))))
        })
    }

    /// As `reserve_model_quota`, at an instant; the life in seconds.
    #[pg_extern(volatile)]
    fn reserve_at(user: pgrx::Uuid, model: &str, tokens: i64, ttl: i32, at: TimestampWithTimeZone) -> Reply<JsonB> {
        Reply::of(|| {
            let request = ask(user, model, tokens).request("reserve", json!(ttl));
            let admit = Admit::Reserve(i64::from(ttl) * 1_000_000);
            let decisions = admission::admit(&installation(), &[request], admit, at.into())?;
            Ok::<_, Error>(JsonB(decision_json(&quota_arguments::only(decisions))))
        })
    }

    /// As `settle_model_quota`, at an instant; the tokens stored.
    #[pg_extern(volatile)]
    fn settle_at(reservation: pgrx::Uuid, usage: Option<Jsonb>, at: TimestampWithTimeZone) -> Reply<i64> {
        Reply::of(|| {
            let (used, fingerprint) = quota_arguments::usage(usage)?;
            let receipt = reservations::settle(&installation(), reservation, &used, fingerprint, at.into())?;
            Ok::<_, Error>(receipt.tokens)
        })
    }

    /// As `extend_model_quota`, at an instant; the life in seconds.
    #[pg_extern(volatile)]
    fn extend_at(reservation: pgrx::Uuid, ttl: i32, at: TimestampWithTimeZone) -> Reply<bool> {
        Reply::of(|| {
            let ttl = i64::from(ttl) * 1_000_000;
            Ok::<_, Error>(reservations::extend(&installation(), reservation, ttl, || at.into())?.is_allowed())
        })
    }

    /// As `record_model_usage`, at an instant; the tokens stored.
    #[pg_extern(volatile)]
    fn record_at(
        user: pgrx::Uuid,
        model: &str,
        usage: Option<Jsonb>,
        occurred_at: TimestampWithTimeZone,
        at: TimestampWithTimeZone,
    ) -> Reply<i64> {
        Reply::of(|| {
            let (used, _) = quota_arguments::usage(usage)?;
            let user = uuid::Uuid::from_bytes(*user.as_bytes());
            let happened = record::Happened { user, model, used, occurred_at: Some(occurred_at.into()) };
            Ok::<_, Error>(record::record(&installation(), &happened, None, at.into())?.tokens)
        })
    }

    /// As `expire_reservations`, at an instant.
    #[pg_extern(volatile)]
    fn expire_at(batch: i32, at: TimestampWithTimeZone) -> Reply<i64> {
        Reply::of(|| {
            let expired = reservations::expire(&installation(), batch, at.into())?;
            Ok::<_, Error>(i64::try_from(expired).unwrap_or(-1))
        })
    }

    /// As `reset_monthly_quotas`, at an instant.
    #[pg_extern(volatile)]
    fn roll_at(at: TimestampWithTimeZone) -> Reply<i64> {
        Reply::of(|| {
            let over = organization_months::roll(&installation(), at.into())?;
            Ok::<_, Error>(i64::try_from(over).unwrap_or(-1))
        })
    }

    /// What `get_quota_status` says of a limit, at an instant: used, held.
    #[pg_extern(volatile)]
    fn status_at(user: pgrx::Uuid, name: &str, at: TimestampWithTimeZone) -> Reply<String> {
        Reply::of(|| {
            let user = uuid::Uuid::from_bytes(*user.as_bytes());
            let lines = status::of_user(&installation(), user, at.into())?;
            let found = lines.into_iter().find(|line| line.figures.limit_name == name);
            let text = found.map(|line| format!("{} used, {} held", line.figures.used, line.figures.held));
            Ok::<_, Error>(text.unwrap_or_default())
        })
    }

    /// The number of rows of `verify_quota`, at an instant.
    #[pg_extern(volatile)]
    fn mismatches_at(at: TimestampWithTimeZone) -> Reply<i64> {
        Reply::of(|| {
            let found = verify::verify(&installation(), None, at.into())?;
            Ok::<_, Error>(i64::try_from(found.len()).unwrap_or(-1))
        })
    }
}
