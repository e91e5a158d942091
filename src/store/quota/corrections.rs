//! Corrections: rows of the ledger that change what another one cost. Nothing of it is ever rewritten.
//!
//! Who corrects has one lock, and looks under a snapshot that is taken after it, so every correction starts from the one before.

use super::record::{self, Receipt};
use super::{Instant, amount_or_zero, ledger, locks};
use crate::error::Error;
use crate::lookup;
use crate::pg::arrays::texts_arg;
use crate::pg::spi::{Row, Snapshot, arg, timestamp_arg, timestamps_arg};
use crate::store::audit::{self, Author, Decision};
use crate::store::installation::Installation;
use model_access_domain::limit::Amount;
use pgrx::Uuid;
use serde_json::{Value, json};

lookup!(TARGET, include_str!("../../../sql/queries/correction_target.sql"));
lookup!(INSERT, include_str!("../../../sql/queries/corrections_insert.sql"));

/// What something comes to, or changes by, USD.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Money {
    /// The provider's cost.
    pub cost: Amount,
    /// What is added.
    pub markup: Amount,
    /// Both.
    pub total: Amount,
}

impl Money {
    /// As the audit log tells it: amounts are strings, so that no reader rounds them.
    pub fn told(&self) -> Value {
        let text = |amount: &Amount| amount.normalized().to_plain_string();
        let Self { cost, markup, total } = self;
        json!({ "cost_usd": text(cost), "markup_usd": text(markup), "total_usd": text(total) })
    }
}

/// A correction to be stored.
pub struct Correction {
    /// The row that it corrects.
    pub of: Uuid,
    /// That row's instant.
    pub occurred_at: Instant,
    /// What changes.
    pub change: Money,
    /// The price row that says so.
    pub price_id: Option<i64>,
}

/// A row that is to be corrected.
struct Target {
    occurred_at: Instant,
    corrects: Option<Uuid>,
    net: Money,
    voided_by: Option<Uuid>,
}

fn target(row: &Row) -> Target {
    let [cost, markup, total] = [3, 4, 5].map(|position| amount_or_zero(row, position));
    Target {
        occurred_at: row.timestamp(1).unwrap_or_default(),
        corrects: row.get::<Uuid>(2),
        net: Money { cost, markup, total },
        voided_by: row.get::<Uuid>(6),
    }
}

/// Takes back what a row costs, with all of its corrections; once. PT404 for an unknown row, 22023 for a correction.
pub fn void(installation: &Installation, id: Uuid, author: &Author, now: Instant) -> Result<Receipt, Error> {
    installation.as_owner(|| {
        locks::lock_corrections();
        let found = TARGET.with(|query| query.first(Snapshot::Fresh, &[arg(id)], target));
        let Target { occurred_at, corrects, net, voided_by } =
            found.ok_or_else(|| Error::UnknownUsage(id.to_string()))?;
        if let Some(corrected) = corrects {
            let got = format!("{id}, a correction of {corrected}");
            return Err(Error::BadArgument("p_usage_id", got, "Pass the row that it corrects."));
        }
        if let Some(voided_by) = voided_by {
            return record::receipt(voided_by, occurred_at, None, true);
        }
        let change = Money { cost: -&net.cost, markup: -&net.markup, total: -&net.total };
        let reason = author.reason.as_deref().unwrap_or_default();
        let keys = insert(&[Correction { of: id, occurred_at, change, price_id: None }], "voided", reason, now)?;
        let correction = keys.first().copied().unwrap_or(id);
        let decision = Decision {
            action: "usage_voided",
            resource_type: "usage",
            resource_id: &id.to_string(),
            organization: None,
            old: net.told(),
            new: json!({ "total_usd": "0", "correction": correction.to_string() }),
        };
        audit::note(decision, author);
        record::receipt(correction, occurred_at, None, false)
    })
}

/// Stores corrections; returns their keys. 40001 when a transaction with one snapshot does not see what it corrects.
pub fn insert(corrections: &[Correction], source: &str, reason: &str, now: Instant) -> Result<Vec<Uuid>, Error> {
    let keys: Vec<Uuid> = corrections.iter().map(|_| ledger::new_id(now)).collect();
    let texts = |of: fn(&Money) -> &Amount| -> Vec<String> {
        corrections.iter().map(|correction| of(&correction.change).normalized().to_plain_string()).collect()
    };
    let [cost, markup, total] = [texts(|money| &money.cost), texts(|money| &money.markup), texts(|money| &money.total)]
        .map(|texts| texts_arg(texts.iter().map(|text| Some(text.as_str()))));
    let args = [
        arg(keys.clone()),
        arg(corrections.iter().map(|correction| correction.of).collect::<Vec<Uuid>>()),
        timestamps_arg(corrections.iter().map(|correction| correction.occurred_at).collect()),
        cost,
        markup,
        total,
        arg(corrections.iter().map(|correction| correction.price_id).collect::<Vec<Option<i64>>>()),
        arg(source),
        arg(reason),
        timestamp_arg(now),
    ];
    let stored = INSERT.with(|query| query.execute(&args));
    if usize::try_from(stored).is_ok_and(|stored| stored == keys.len()) { Ok(keys) } else { Err(Error::LedgerChanged) }
}
