//! One sync of the catalogue: read, decide, write, log.

use super::catalogue::{self, RaisedAlarm, Written};
use super::feed::Rejected;
use super::installation::Installation;
use super::notices::{self, Moves};
use super::review_rules;
use super::sync_log::{self, Counts, Run};
use super::sync_plan::{self, Plan, Planned, Reading, Refusal};
use crate::pg::jsonb::{Container, Jsonb};
use crate::pg::session;
use crate::pg::spi::Snapshot;
use crate::pg::subtransaction::{self, Failure};
use model_access_domain::alarm;
use model_access_domain::change::{self, Change};
use model_access_domain::feed::Model;
use model_access_domain::price;
use pgrx::Uuid;
use serde_json::{Value, json};

/// Where a feed comes from.
#[derive(Clone, Copy)]
pub struct Origin {
    /// Without the guard against a feed that lacks too many models.
    pub force: bool,
    /// When the run began.
    pub started: i64,
    /// What the server answered that was asked for it.
    pub http_status: Option<u16>,
}

/// What a run that completed did.
struct Done {
    counts: Counts,
    rejected: Vec<Rejected>,
}

/// Syncs the catalogue with a feed and logs the run, whatever comes of it. Returns what the caller is told.
///
/// The work is done in a subtransaction, the log row is written outside: a failed run leaves the catalogue as it was
/// and says so.
pub fn run(installation: &Installation, payload: Option<&Jsonb>, origin: Origin) -> Value {
    installation.as_owner(|| {
        let id = session::random_uuid();
        let total = sync_plan::list(payload).map_or(0, Container::len);
        let outcome = subtransaction::run(|| work(sync_plan::accepted_list(payload)?, origin.force, id));
        let mut run = Run { http_status: origin.http_status, ..Run::began(id, origin.started) };
        run.counts.total = total;
        match outcome {
            Ok(done) => {
                run.counts = done.counts;
                run.details = sync_log::rejected_details(&done.rejected);
            }
            Err(Failure::Refused(refusal)) => {
                run.counts.rejected = refusal.rejected.len();
                let mut details = refusal.details;
                if let (Some(object), Some(Value::Object(more))) =
                    (details.as_object_mut(), sync_log::rejected_details(&refusal.rejected))
                {
                    object.extend(more);
                }
                run.error = Some(refusal.message);
                run.details = Some(details);
            }
            Err(Failure::Raised(caught)) => {
                let caught = caught.or_raise_again();
                run.error = Some(caught.message());
                run.details = Some(json!({ "sqlstate": caught.sqlstate() }));
            }
        }
        sync_log::write(&run)
    })
}

fn work(list: Container<'_>, force: bool, log_id: Uuid) -> Result<Done, Refusal> {
    catalogue::lock();
    // Read under the lock: a run that waited must not date its prices before those of the run that it waited for.
    let now = session::clock();
    let plan = sync_plan::plan(list, Reading { snapshot: Snapshot::Latest, force, now })?;
    let mut counts = Counts {
        total: list.len(),
        duplicate: plan.duplicate,
        rejected: plan.rejected.len(),
        marked_inactive: plan.missing.len(),
        ..Counts::default()
    };
    plan.elements.iter().for_each(|element| counts.count(element.change));
    apply(&plan, now, log_id);
    Ok(Done { counts, rejected: plan.rejected })
}

fn apply(plan: &Plan, now: i64, log_id: Uuid) {
    let mut changed: Vec<(Written, Change)> = plan.elements.iter().filter_map(changed).collect();
    // Indexes take what comes in their order with less effort.
    changed.sort_unstable_by(|(left, _), (right, _)| left.model.model_id.cmp(&right.model.model_id));
    let written = || changed.iter().map(|(written, _)| *written);
    let of_kind = |is_new: bool| -> Vec<Written> {
        let of_kind = changed.iter().filter(|(_, change)| (*change == Change::Added) == is_new);
        of_kind.map(|(written, _)| *written).collect()
    };
    let stored = |model: &Model| plan.stored.get(&model.model_id);
    let differs = |written: &Written| change::pricing_differs(stored(written.model), written.model);
    let repriced: Vec<Written> = written().filter(differs).collect();
    let seen: Vec<(String, i64)> = plan
        .elements
        .iter()
        .filter(|element| element.note_due)
        .map(|element| (element.id.to_owned(), element.hash))
        .collect();
    let ratio = price::decimal(&plan.alert_ratio).unwrap_or_default();
    let alarms: Vec<RaisedAlarm> = written()
        .map(|written| written.model)
        .flat_map(|model| alarm::findings(stored(model), model, &ratio).into_iter().map(move |found| (model, found)))
        .filter(|(_, finding)| plan.knows_notices || finding.alarm.is_of_price())
        .map(|(model, finding)| RaisedAlarm { model_id: &model.model_id, finding })
        .collect();
    catalogue::insert(now, &of_kind(true));
    catalogue::upsert(now, &of_kind(false));
    catalogue::replace_prices(now, &repriced);
    catalogue::inactivate(now, plan.missing.iter().map(|missing| missing.id.clone()).collect());
    catalogue::note_seen(now, seen);
    catalogue::raise_alarms(now, log_id, &alarms);
    if plan.knows_notices {
        notices::write(now, &Moves::of(plan));
        review_rules::apply(now, plan.to_be_reviewed());
    }
}

fn changed<'a>(element: &'a Planned) -> Option<(Written<'a>, Change)> {
    let (model, documents) = (element.model.as_deref()?, element.documents?);
    Some((Written { model, hash: element.hash, documents }, element.change))
}
