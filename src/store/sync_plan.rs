//! What a sync is going to do: the payload read, guarded and compared with the catalogue. Nothing is written here.

use super::catalogue::{self, Known};
use super::feed::{self, Documents, Element, MAX_BYTES, MAX_ELEMENTS, Rejected};
use super::notices;
use crate::pg::jsonb::{Container, Jsonb};
use crate::pg::session;
use crate::pg::spi::Snapshot;
use foldhash::fast::RandomState;
use model_access_domain::change::{self, Change, Stored};
use model_access_domain::feed::Model;
use model_access_domain::guard;
use serde_json::{Value, json};

/// The standard maps with a faster hash, seeded anew in each process: ids are a stranger's text.
type HashMap<K, V> = std::collections::HashMap<K, V, RandomState>;
type HashSet<K> = std::collections::HashSet<K, RandomState>;

const WEEK_US: i64 = 7 * 24 * 60 * 60 * 1_000_000;

/// Why a run gives up: the message, and what the log keeps about it.
pub struct Refusal {
    /// What the caller is told.
    pub message: String,
    /// Figures, and a word for programs.
    pub details: Value,
    /// The elements that cannot be stored.
    pub rejected: Vec<Rejected>,
}

impl Refusal {
    fn new(message: impl Into<String>, details: Value) -> Self {
        Self { message: message.into(), details, rejected: Vec::new() }
    }
}

/// What is read, and how.
#[derive(Clone, Copy)]
pub struct Reading {
    /// Which rows the comparison is with.
    pub snapshot: Snapshot,
    /// Whether a feed may lack any number of models.
    pub force: bool,
    /// The instant of the run.
    pub now: i64,
}

/// An element of the feed that will be stored, unless nothing changed.
pub struct Planned<'a> {
    /// Its id.
    pub id: &'a str,
    /// Hash of its mapped part.
    pub hash: i64,
    /// What it says; `None` when the hash tells that nothing changed.
    pub model: Option<Box<Model>>,
    /// What is stored of it as it came, where something is.
    pub documents: Option<Documents<'a>>,
    /// How it stands to the catalogue.
    pub change: Change,
    /// Unchanged, and not noted as seen for a week.
    pub note_due: bool,
}

/// A model that the feed no longer has.
pub struct Missing {
    /// Its id.
    pub id: String,
    /// Whether users could call it.
    pub was_active: bool,
}

/// What a run is going to do.
pub struct Plan<'a> {
    /// The last valid element of each id, in feed order.
    pub elements: Vec<Planned<'a>>,
    /// Elements that cannot be stored.
    pub rejected: Vec<Rejected>,
    /// How many elements another one of the same id replaced.
    pub duplicate: usize,
    /// What goes inactive, by id.
    pub missing: Vec<Missing>,
    /// What is stored of the models that were compared.
    pub stored: HashMap<String, Stored>,
    /// A price that moves by more than this factor alarms.
    pub alert_ratio: String,
    /// Whether the tables know days of expiration, notices and rules: those of 0.1.0 do not.
    pub knows_notices: bool,
}

impl Plan<'_> {
    /// The models that come, and come back: nobody has decided about them.
    pub fn to_be_reviewed(&self) -> Vec<String> {
        let comes = |element: &&Planned| matches!(element.change, Change::Added | Change::Reactivated);
        self.elements.iter().filter(comes).map(|element| element.id.to_owned()).collect()
    }
}

/// The list in a payload.
pub fn list(payload: Option<&Jsonb>) -> Option<Container<'_>> {
    payload.and_then(feed::list)
}

/// The list of a payload, if it could be a catalogue.
pub fn accepted_list(payload: Option<&Jsonb>) -> Result<Container<'_>, Refusal> {
    let bytes = payload.map_or(0, Jsonb::bytes);
    let list = list(payload).ok_or_else(|| {
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

/// Reads a list, guards against what cannot be right, and compares it with the catalogue.
pub fn plan(list: Container<'_>, reading: Reading) -> Result<Plan<'_>, Refusal> {
    let Reading { snapshot, force, now } = reading;
    let (guards, alert_ratio) = catalogue::settings(snapshot)
        .ok_or_else(|| Refusal::new("model_access_settings has no row", json!({ "reason": "settings_missing" })))?;
    let known: HashMap<String, Known> = catalogue::known(snapshot, now.saturating_sub(WEEK_US)).into_iter().collect();

    let (elements, mut rejected) = feed::elements(list);
    let (mut latest, duplicate) = latest_valid(&elements, &known, &mut rejected);
    if guard::too_many_rejected(rejected.len(), list.len(), guards) || latest.is_empty() {
        return Err(rejection_refusal(rejected, list.len()));
    }

    let missing = missing_from(&latest, &rejected, &known);
    let not_inactive = known.values().filter(|row| !row.inactive).count();
    if !force && guard::too_many_missing(missing.len(), not_inactive, guards) {
        return Err(missing_refusal(missing.len(), not_inactive, guards.max_inactive_percent));
    }

    let knows_notices = notices::stand();
    if !knows_notices {
        latest
            .iter_mut()
            .filter_map(|candidate| candidate.model.as_mut())
            .for_each(|model| model.expiration_date = None);
    }
    let stored = stored_of(snapshot, &latest, &known, knows_notices);
    let elements = latest.into_iter().map(|candidate| planned(candidate, &known, &stored)).collect();
    Ok(Plan { elements, rejected, duplicate, missing, stored, alert_ratio, knows_notices })
}

fn planned<'a>(
    candidate: Candidate<'_, 'a>,
    known: &HashMap<String, Known>,
    stored: &HashMap<String, Stored>,
) -> Planned<'a> {
    let Candidate { element, model } = candidate;
    let change = match &model {
        None => Change::Unchanged,
        Some(model) => change::classify(stored.get(element.id), model),
    };
    let note_due = change == Change::Unchanged && known.get(element.id).is_some_and(|row| row.note_due);
    let documents = (change != Change::Unchanged).then(|| element.documents());
    Planned { id: element.id, hash: element.hash, model, documents, change, note_due }
}

/// An element that will be stored, unless nothing changed. `model` is `None` when the hash tells that nothing did.
struct Candidate<'e, 'a> {
    element: &'e Element<'a>,
    model: Option<Box<Model>>,
}

/// The last valid element of each id, in feed order of that last one, and how many earlier ones it replaces.
fn latest_valid<'e, 'a>(
    elements: &'e [Element<'a>],
    known: &HashMap<String, Known>,
    rejected: &mut Vec<Rejected>,
) -> (Vec<Candidate<'e, 'a>>, usize) {
    let mut candidates: Vec<Option<Candidate<'e, 'a>>> = Vec::with_capacity(elements.len());
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
fn missing_from(latest: &[Candidate], rejected: &[Rejected], known: &HashMap<String, Known>) -> Vec<Missing> {
    let seen: HashSet<&str> = latest
        .iter()
        .map(|candidate| candidate.element.id)
        .chain(rejected.iter().filter_map(|rejection| rejection.id.as_deref()))
        .collect();
    let mut missing: Vec<Missing> = known
        .iter()
        .filter(|(id, row)| !row.inactive && !seen.contains(id.as_str()))
        .map(|(id, row)| Missing { id: id.clone(), was_active: row.active })
        .collect();
    missing.sort_unstable_by(|left, right| left.id.cmp(&right.id));
    missing
}

fn stored_of(
    snapshot: Snapshot,
    latest: &[Candidate],
    known: &HashMap<String, Known>,
    knows_notices: bool,
) -> HashMap<String, Stored> {
    let compared: Vec<String> = latest
        .iter()
        .filter(|candidate| candidate.model.is_some() && known.contains_key(candidate.element.id))
        .map(|candidate| candidate.element.id.to_owned())
        .collect();
    if compared.is_empty() {
        return HashMap::default();
    }
    let dates = if knows_notices { notices::expirations(snapshot, compared.clone()) } else { Vec::new() };
    let mut stored: HashMap<String, Stored> = catalogue::stored(snapshot, compared).into_iter().collect();
    for (id, date) in dates {
        if let Some(stored) = stored.get_mut(&id) {
            stored.model.expiration_date = date;
        }
    }
    stored
}
