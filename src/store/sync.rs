//! One sync of the catalogue: read, decide, write, log.

use super::catalogue::{self, Known, RaisedAlarm};
use super::feed::{self, Element, MAX_BYTES, MAX_ELEMENTS, Rejected};
use super::installation::Installation;
use super::sync_log::{self, Counts, Run};
use crate::pg::jsonb::{Container, Jsonb};
use crate::pg::session;
use crate::pg::subtransaction::{self, Failure};
use foldhash::fast::RandomState;
use model_access_domain::alarm;
use model_access_domain::change::{self, Change, Stored};
use model_access_domain::feed::Model;
use model_access_domain::{guard, price};
use pgrx::Uuid;
use serde_json::{Value, json};

/// The standard maps with a faster hash, seeded anew in each process: ids are a stranger's text.
type HashMap<K, V> = std::collections::HashMap<K, V, RandomState>;
type HashSet<K> = std::collections::HashSet<K, RandomState>;

const WEEK_US: i64 = 7 * 24 * 60 * 60 * 1_000_000;

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

/// Why a run gives up: the message, and what the log keeps about it.
struct Refusal {
    message: String,
    details: Value,
    rejected: Vec<Rejected>,
}

impl Refusal {
    fn new(message: impl Into<String>, details: Value) -> Self {
        Self { message: message.into(), details, rejected: Vec::new() }
    }
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
        let list = payload.and_then(feed::list);
        let total = list.map_or(0, Container::len);
        let bytes = payload.map_or(0, Jsonb::bytes);
        let outcome = subtransaction::run(|| work(accepted_list(list, bytes)?, origin.force, id));
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
    let (guards, ratio) = catalogue::settings()
        .ok_or_else(|| Refusal::new("model_access_settings has no row", json!({ "reason": "settings_missing" })))?;
    let known: HashMap<String, Known> = catalogue::known(now.saturating_sub(WEEK_US)).into_iter().collect();

    let (elements, mut rejected) = feed::elements(list);
    let (latest, duplicate) = latest_valid(&elements, &known, &mut rejected);
    if guard::too_many_rejected(rejected.len(), list.len(), guards) || latest.is_empty() {
        return Err(rejection_refusal(rejected, list.len()));
    }

    let missing = missing_from(&latest, &rejected, &known);
    let not_inactive = known.values().filter(|row| !row.inactive).count();
    if !force && guard::too_many_missing(missing.len(), not_inactive, guards) {
        return Err(missing_refusal(missing.len(), not_inactive, guards.max_inactive_percent));
    }

    let stored = stored_of(&latest, &known);
    let mut counts = Counts {
        total: list.len(),
        duplicate,
        rejected: rejected.len(),
        marked_inactive: missing.len(),
        ..Counts::default()
    };
    let mut writes = Writes::default();
    for candidate in &latest {
        let known = known.get(candidate.element.id);
        let change = match &candidate.model {
            None => Change::Unchanged,
            Some(model) => change::classify(stored.get(candidate.element.id), model),
        };
        counts.count(change);
        match &candidate.model {
            Some(model) if change != Change::Unchanged => writes.changed.push((model.as_ref(), candidate.element.hash)),
            _ if known.is_some_and(|row| row.note_due) => {
                writes.seen.push((candidate.element.id.to_owned(), candidate.element.hash));
            }
            _ => {}
        }
    }
    writes.apply(now, log_id, missing, &stored, &ratio);
    Ok(Done { counts, rejected })
}

fn accepted_list(list: Option<Container<'_>>, bytes: usize) -> Result<Container<'_>, Refusal> {
    let list = list.ok_or_else(|| {
        Refusal::new(
            "models_data must be a JSON array of models, or an object with such an array under \"data\"",
            json!({ "reason": "not_a_list" }),
        )
    })?;
    if list.len() == 0 {
        return Err(Refusal::new("the feed is empty", json!({ "reason": "empty" })));
    }
    if list.len() > MAX_ELEMENTS {
        return Err(Refusal::new(
            format!("the feed has {} elements, more than {MAX_ELEMENTS}", list.len()),
            json!({ "reason": "too_many_elements", "sqlstate": "54000" }),
        ));
    }
    if bytes > MAX_BYTES {
        return Err(Refusal::new(
            format!("the feed has {bytes} bytes, more than {MAX_BYTES}"),
            json!({ "reason": "too_many_bytes", "sqlstate": "54000" }),
        ));
    }
    Ok(list)
}

/// An element that will be stored, unless nothing changed. `model` is `None` when the hash tells that nothing did.
struct Candidate<'a> {
    element: &'a Element<'a>,
    model: Option<Box<Model>>,
}

/// The last valid element of each id, in feed order of that last one, and how many earlier ones it replaces.
fn latest_valid<'a>(
    elements: &'a [Element<'a>],
    known: &HashMap<String, Known>,
    rejected: &mut Vec<Rejected>,
) -> (Vec<Candidate<'a>>, usize) {
    let mut candidates: Vec<Option<Candidate<'a>>> = Vec::with_capacity(elements.len());
    let mut places: HashMap<&str, usize> = HashMap::with_capacity_and_hasher(elements.len(), RandomState::default());
    let mut duplicate = 0;
    for element in elements {
        session::check_for_interrupts();
        let unchanged = known.get(element.id).is_some_and(|row| !row.inactive && row.feed_hash == Some(element.hash));
        let model = if unchanged { Ok(None) } else { element.model().map(|model| Some(Box::new(model))) };
        match model {
            Ok(model) => {
                let earlier = places.insert(element.id, candidates.len());
                if let Some(earlier) = earlier.and_then(|place| candidates.get_mut(place)) {
                    *earlier = None;
                    duplicate += 1;
                }
                candidates.push(Some(Candidate { element, model }));
            }
            Err(reason) => rejected.push(Rejected { index: element.index, id: Some(element.id.to_owned()), reason }),
        }
    }
    rejected.sort_by_key(|rejection| rejection.index);
    (candidates.into_iter().flatten().collect(), duplicate)
}

fn rejection_refusal(rejected: Vec<Rejected>, total: usize) -> Refusal {
    let first = rejected.first().map(|first| format!("; element {}: {}", first.index, first.reason));
    Refusal {
        message: format!("{} of {total} elements cannot be stored{}", rejected.len(), first.unwrap_or_default()),
        details: json!({ "reason": "too_many_rejected" }),
        rejected,
    }
}

fn missing_refusal(missing: usize, not_inactive: usize, max_inactive_percent: i32) -> Refusal {
    Refusal::new(
        format!("the feed lacks {missing} of {not_inactive} models, more than {max_inactive_percent} percent"),
        json!({ "reason": "too_many_missing", "missing": missing, "not_inactive": not_inactive,
                "max_inactive_percent": max_inactive_percent,
                "hint": "force_sync_openrouter_models applies it all the same" }),
    )
}

/// Known models that the feed does not have. A rejected element counts as seen: its row stays.
fn missing_from(latest: &[Candidate], rejected: &[Rejected], known: &HashMap<String, Known>) -> Vec<String> {
    let seen: HashSet<&str> = latest
        .iter()
        .map(|candidate| candidate.element.id)
        .chain(rejected.iter().filter_map(|rejection| rejection.id.as_deref()))
        .collect();
    let mut missing: Vec<String> = known
        .iter()
        .filter(|(id, row)| !row.inactive && !seen.contains(id.as_str()))
        .map(|(id, _)| id.clone())
        .collect();
    missing.sort_unstable();
    missing
}

fn stored_of(latest: &[Candidate], known: &HashMap<String, Known>) -> HashMap<String, Stored> {
    let compared: Vec<String> = latest
        .iter()
        .filter(|candidate| candidate.model.is_some() && known.contains_key(candidate.element.id))
        .map(|candidate| candidate.element.id.to_owned())
        .collect();
    if compared.is_empty() { HashMap::default() } else { catalogue::stored(compared).into_iter().collect() }
}

/// What a run is going to write.
#[derive(Default)]
struct Writes<'a> {
    changed: Vec<(&'a Model, i64)>,
    seen: Vec<(String, i64)>,
}

impl Writes<'_> {
    fn apply(self, now: i64, log_id: Uuid, missing: Vec<String>, stored: &HashMap<String, Stored>, ratio: &str) {
        let ratio = price::decimal(ratio).unwrap_or_default();
        let repriced: Vec<&Model> = self
            .changed
            .iter()
            .map(|(model, _)| *model)
            .filter(|model| change::pricing_differs(stored.get(&model.model_id), model))
            .collect();
        let alarms: Vec<RaisedAlarm> =
            repriced
                .iter()
                .flat_map(|model| {
                    let old = stored.get(&model.model_id).and_then(|stored| stored.open_pricing.as_ref());
                    alarm::alarms(&model.model_id, old, &model.pricing, &ratio)
                        .into_iter()
                        .map(move |alarm| RaisedAlarm { model, alarm, old })
                })
                .collect();
        catalogue::upsert(now, &self.changed);
        catalogue::replace_prices(now, &repriced);
        catalogue::inactivate(now, missing);
        catalogue::note_seen(now, self.seen);
        catalogue::raise_alarms(now, log_id, &alarms);
    }
}
