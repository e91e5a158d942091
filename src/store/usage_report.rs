//! Reports over the ledger, in the caller's own rights: his policies decide which rows there are.

use super::installation::Installation;
use crate::pg::owner::{PLAIN_SQL, with_settings};
use crate::pg::spi::{Arg, Snapshot, arg, timestamp_arg};
use crate::pg::tuplestore::Sink;
use crate::{lookup, planned_anew, statement};
use model_access_domain::report::Grouping;
use pgrx::{Uuid, pg_sys};

planned_anew!(SUMMARY, include_str!("../../sql/queries/usage_summary.sql"));
planned_anew!(EXPORT, include_str!("../../sql/queries/usage_export.sql"));
statement!(POLICIES, include_str!("../../sql/queries/usage_policies.sql"));
lookup!(SAMPLE, include_str!("../../sql/queries/usage_sample.sql"));
lookup!(
    IS_SEEN,
    "SELECT EXISTS (SELECT FROM public.ai_usage AS u
                     WHERE u.id OPERATOR(pg_catalog.=) $1 AND u.occurred_at OPERATOR(pg_catalog.=) $2)"
);
// As the policies of the ledger ask.
lookup!(
    IDENTITY,
    "SELECT i.id, (SELECT p.organization_id FROM public.profiles AS p
                    WHERE p.id OPERATOR(pg_catalog.=) i.id
                      AND (p.role OPERATOR(pg_catalog.=) 'admin' OR p.role OPERATOR(pg_catalog.=) 'superadmin'))
       FROM (SELECT auth.uid() AS id) AS i"
);

/// From an instant until before another.
#[derive(Clone, Copy)]
pub struct Window {
    /// The first instant.
    pub from: pg_sys::TimestampTz,
    /// The first instant that is too late.
    pub to: pg_sys::TimestampTz,
}

/// Where the rows that the caller may see can lie. The policies are alternatives, and one of them for all rows makes every
/// index useless, also for those whom it shows nothing; so the statement says where to look, and the policies still decide.
struct Reach {
    anywhere: bool,
    user: Option<Uuid>,
    organization: Option<Uuid>,
}

impl Reach {
    const ANYWHERE: Self = Self { anywhere: true, user: None, organization: None };

    /// Of the caller, as the calling query sees it.
    fn of_caller(installation: &Installation) -> Self {
        let policies = with_settings(&PLAIN_SQL, || {
            let flag = |found: Option<bool>| found.unwrap_or(true);
            POLICIES.with(|query| query.first(Snapshot::Callers, &[], |row| (flag(row.get(1)), flag(row.get(2)))))
        });
        let Some((false, all_or_none)) = policies else { return Self::ANYWHERE };
        let identity =
            IDENTITY.with(|query| query.first(Snapshot::Callers, &[], |row| (row.get::<Uuid>(1), row.get::<Uuid>(2))));
        let (user, organization) = identity.unwrap_or_default();
        if all_or_none && sees_rows_of_others(installation, user, organization) {
            return Self::ANYWHERE;
        }
        Self { anywhere: false, user, organization }
    }

    fn args(&self, window: Window) -> Vec<Arg> {
        let bounds = [window.from, window.to].map(timestamp_arg);
        bounds.into_iter().chain([arg(self.anywhere), arg(self.user), arg(self.organization)]).collect()
    }
}

/// Whether a policy that shows all rows or none shows them. What one row of somebody else says holds for all of them, unless
/// it is of the caller's organisation, whose rows he sees anyway: then he may see all.
fn sees_rows_of_others(installation: &Installation, user: Option<Uuid>, organization: Option<Uuid>) -> bool {
    let args = [arg(user.unwrap_or(Uuid::from_bytes([0; 16]))), arg(organization)];
    let sample = installation.as_owner(|| {
        SAMPLE.with(|query| {
            query.first(Snapshot::Callers, &args, |row| (row.get::<Uuid>(1), row.timestamp(2), row.get::<bool>(3)))
        })
    });
    match sample {
        None => false,
        Some((Some(id), Some(occurred_at), Some(false))) => {
            let args = [arg(id), timestamp_arg(occurred_at)];
            IS_SEEN.with(|query| query.first(Snapshot::Callers, &args, |row| row.get::<bool>(1))).flatten()
                != Some(false)
        }
        Some(_) => true,
    }
}

/// Sends sums over the window into the result of the running function.
pub fn summary(installation: &Installation, window: Window, grouping: &Grouping, sink: &Sink) {
    let mut args = Reach::of_caller(installation).args(window);
    args.push(arg(grouping.period));
    let keys = [grouping.model, grouping.provider, grouping.user, grouping.organization, grouping.is_total()];
    args.extend(keys.map(arg));
    SUMMARY.with(|query| sink.append(query, Snapshot::Callers, &args));
}

/// Sends the window's rows as events into the result of the running function.
pub fn export(installation: &Installation, window: Window, sink: &Sink) {
    let args = Reach::of_caller(installation).args(window);
    EXPORT.with(|query| sink.append(query, Snapshot::Callers, &args));
}
