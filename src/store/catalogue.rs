//! The statements of a sync.

use super::feed::Documents;
use crate::pg::arrays::{documents_arg, texts_arg};
use crate::pg::jsonb::JsonValue;
use crate::pg::session;
use crate::pg::spi::{Arg, Row, Snapshot, arg, timestamp_arg, timestamps_arg};
use crate::statement;
use model_access_domain::alarm::Finding;
use model_access_domain::change::Stored;
use model_access_domain::feed::Model;
use model_access_domain::guard::GuardSettings;
use pgrx::{Uuid, pg_sys};
use serde_json::{Map, Value};
use std::collections::HashMap;
use std::ffi::CStr;

/// The tables that a sync reads or writes.
pub const TABLES: [&CStr; 5] =
    [c"model_access", c"model_sync_log", c"model_price_history", c"model_review_items", c"model_catalogue_version"];

statement!(LOCK, "LOCK TABLE public.model_access IN SHARE ROW EXCLUSIVE MODE");
statement!(
    SETTINGS,
    "SELECT s.max_inactive_percent, s.max_rejected_percent, s.price_alert_ratio::pg_catalog.text
       FROM public.model_access_settings AS s WHERE s.singleton"
);
statement!(KNOWN, include_str!("../../sql/queries/catalogue_known.sql"));
statement!(STORED, include_str!("../../sql/queries/catalogue_stored.sql"));
statement!(INSERT, include_str!("../../sql/queries/catalogue_insert.sql"));
statement!(
    UPSERT,
    concat!(
        include_str!("../../sql/queries/catalogue_insert.sql"),
        include_str!("../../sql/queries/catalogue_insert_or_update.sql")
    )
);
statement!(INACTIVATE, include_str!("../../sql/queries/catalogue_inactivate.sql"));
statement!(NOTE_SEEN, include_str!("../../sql/queries/catalogue_note_seen.sql"));
statement!(PRICE_ROWS_CLOSE, include_str!("../../sql/queries/price_rows_close.sql"));
statement!(PRICE_ROWS_OPEN, include_str!("../../sql/queries/price_rows_open.sql"));
statement!(REVIEW_ITEMS_RAISE, include_str!("../../sql/queries/review_items_raise.sql"));

/// One sync at a time, and no other writer beside it. Readers do not wait.
pub fn lock() {
    LOCK.with(|query| query.execute(&[]));
}

/// The settings that guard a sync, and the price ratio that alarms.
pub fn settings(snapshot: Snapshot) -> Option<(GuardSettings, String)> {
    SETTINGS.with(|query| {
        query.first(snapshot, &[], |row| {
            let guard = GuardSettings {
                max_inactive_percent: row.get::<i32>(1).unwrap_or_default(),
                max_rejected_percent: row.get::<i32>(2).unwrap_or_default(),
            };
            (guard, row.get::<String>(3).unwrap_or_default())
        })
    })
}

/// What a sync must know of every row.
pub struct Known {
    /// `status = 'inactive'`
    pub inactive: bool,
    /// `status = 'active'`
    pub active: bool,
    /// Hash of the element that was last stored.
    pub feed_hash: Option<i64>,
    /// Not noted as seen for a week.
    pub note_due: bool,
}

/// Every row of the catalogue.
pub fn known(snapshot: Snapshot, due_before: pg_sys::TimestampTz) -> Vec<(String, Known)> {
    KNOWN.with(|query| {
        query.rows(snapshot, &[timestamp_arg(due_before)], |row| {
            let known = Known {
                inactive: row.get::<bool>(2).unwrap_or_default(),
                feed_hash: row.get::<i64>(3),
                note_due: row.get::<bool>(4).unwrap_or_default(),
                active: row.get::<bool>(5).unwrap_or_default(),
            };
            (row.get::<String>(1).unwrap_or_default(), known)
        })
    })
}

/// The stored state of some models, for the comparison.
pub fn stored(snapshot: Snapshot, ids: Vec<String>) -> Vec<(String, Stored)> {
    STORED.with(|query| query.rows(snapshot, &[arg(ids)], read_stored))
}

fn read_stored(row: &Row) -> (String, Stored) {
    let text = |position| row.get::<String>(position);
    let json = |position| row.get::<JsonValue>(position).and_then(|json| json.0).unwrap_or_default();
    let price = |position| text(position).unwrap_or_else(|| "0".to_owned());
    let id = text(1).unwrap_or_default();
    let model = Model {
        model_id: id.clone(),
        canonical_slug: text(3),
        hugging_face_id: text(4),
        model_name: text(5).unwrap_or_default(),
        model_description: text(6),
        context_length: row.get::<i32>(7).unwrap_or(-1),
        created_timestamp: None,
        modality: text(8),
        input_modalities: json(9),
        output_modalities: json(10),
        tokenizer: text(11),
        prompt_price: price(12),
        completion_price: price(13),
        request_price: price(14),
        image_price: price(15),
        web_search_price: price(16),
        internal_reasoning_price: price(17),
        input_cache_read_price: text(18),
        input_cache_write_price: text(19),
        max_completion_tokens: row.get::<i32>(20),
        is_moderated: row.get::<bool>(21).unwrap_or_default(),
        supported_parameters: json(22),
        expiration_date: None,
        pricing: Map::new(),
    };
    let open_pricing = match json(23) {
        Value::Object(pricing) => Some(pricing),
        _ => None,
    };
    (id, Stored { model, inactive: row.get::<bool>(2).unwrap_or_default(), open_pricing })
}

/// A model to write.
#[derive(Clone, Copy)]
pub struct Written<'a> {
    /// What its element says.
    pub model: &'a Model,
    /// Hash of the element.
    pub hash: i64,
    /// What is stored of the element as it came.
    pub documents: Documents<'a>,
}

/// Writes models that no row has. Nobody else can have made one since they were looked for, but in a transaction that still sees
/// what was before.
pub fn insert(now: pg_sys::TimestampTz, models: &[Written]) {
    if session::has_one_snapshot() {
        upsert(now, models);
    } else if !models.is_empty() {
        INSERT.with(|query| query.execute(&columns(now, models)));
    }
}

/// Writes changed and returning models.
pub fn upsert(now: pg_sys::TimestampTz, models: &[Written]) {
    if !models.is_empty() {
        UPSERT.with(|query| query.execute(&columns(now, models)));
    }
}

fn columns(now: pg_sys::TimestampTz, written: &[Written]) -> Vec<Arg> {
    let models = || written.iter().map(|written| written.model);
    let texts = |column: fn(&Model) -> &String| texts_arg(models().map(|m| Some(column(m).as_str())));
    let maybe = |column: fn(&Model) -> &Option<String>| texts_arg(models().map(|m| column(m).as_deref()));
    let documents = |column: fn(Documents<'_>) -> &[u8]| documents_arg(written.iter().map(|w| column(w.documents)));
    vec![
        timestamp_arg(now),
        texts(|m| &m.model_id),
        maybe(|m| &m.canonical_slug),
        maybe(|m| &m.hugging_face_id),
        texts(|m| &m.model_name),
        maybe(|m| &m.model_description),
        arg(models().map(|m| m.context_length).collect::<Vec<_>>()),
        arg(models().map(|m| m.created_timestamp).collect::<Vec<_>>()),
        maybe(|m| &m.modality),
        documents(|d| d.input_modalities),
        documents(|d| d.output_modalities),
        maybe(|m| &m.tokenizer),
        texts(|m| &m.prompt_price),
        texts(|m| &m.completion_price),
        texts(|m| &m.request_price),
        texts(|m| &m.image_price),
        texts(|m| &m.web_search_price),
        texts(|m| &m.internal_reasoning_price),
        maybe(|m| &m.input_cache_read_price),
        maybe(|m| &m.input_cache_write_price),
        arg(models().map(|m| m.max_completion_tokens).collect::<Vec<_>>()),
        arg(models().map(|m| m.is_moderated).collect::<Vec<_>>()),
        documents(|d| d.supported_parameters),
        arg(written.iter().map(|written| written.hash).collect::<Vec<_>>()),
    ]
}

/// Marks models that are gone from the feed.
pub fn inactivate(now: pg_sys::TimestampTz, ids: Vec<String>) {
    if !ids.is_empty() {
        INACTIVATE.with(|query| query.execute(&[timestamp_arg(now), arg(ids)]));
    }
}

/// Notes unchanged models as seen, with the hash of what was seen.
pub fn note_seen(now: pg_sys::TimestampTz, seen: Vec<(String, i64)>) {
    if !seen.is_empty() {
        let (ids, hashes): (Vec<_>, Vec<_>) = seen.into_iter().unzip();
        NOTE_SEEN.with(|query| query.execute(&[timestamp_arg(now), arg(ids), arg(hashes)]));
    }
}

/// Ends the open price of some models and opens the new one.
pub fn replace_prices(now: pg_sys::TimestampTz, repriced: &[Written]) {
    if repriced.is_empty() {
        return;
    }
    let models = || repriced.iter().map(|written| written.model.model_id.as_str());
    let ids = || texts_arg(models().map(Some));
    let ended: HashMap<String, pg_sys::TimestampTz> = PRICE_ROWS_CLOSE
        .with(|query| {
            query.rows(Snapshot::Latest, &[timestamp_arg(now), ids()], |row| {
                (row.get::<String>(1).unwrap_or_default(), row.timestamp(2).unwrap_or(now))
            })
        })
        .into_iter()
        .collect();
    let starts = models().map(|model| ended.get(model).copied().unwrap_or(now)).collect();
    let pricing = documents_arg(repriced.iter().map(|written| written.documents.pricing));
    PRICE_ROWS_OPEN.with(|query| query.execute(&[ids(), timestamps_arg(starts), pricing]));
}

/// An alarm about one model.
pub struct RaisedAlarm<'a> {
    /// The model.
    pub model_id: &'a str,
    /// Why, with what was and what is.
    pub finding: Finding,
}

/// Puts alarms before a person.
pub fn raise_alarms(now: pg_sys::TimestampTz, sync_log_id: Uuid, alarms: &[RaisedAlarm]) {
    if alarms.is_empty() {
        return;
    }
    let args = [
        timestamp_arg(now),
        arg(sync_log_id),
        arg(alarms.iter().map(|raised| raised.model_id.to_owned()).collect::<Vec<_>>()),
        arg(alarms.iter().map(|raised| raised.finding.alarm.word().to_owned()).collect::<Vec<_>>()),
        arg(alarms.iter().map(|raised| raised.finding.old.as_ref().map(Value::to_string)).collect::<Vec<_>>()),
        arg(alarms.iter().map(|raised| raised.finding.new.to_string()).collect::<Vec<_>>()),
    ];
    REVIEW_ITEMS_RAISE.with(|query| query.execute(&args));
}
