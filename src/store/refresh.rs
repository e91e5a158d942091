//! Fetching the catalogue and storing what came. Whatever becomes of it is a row of `model_sync_log`.

use super::installation::Installation;
use super::sync::{self, Origin};
use super::sync_log::{self, Run};
use crate::http::{self, Answer, Failure, Feed, Reason, Request, Validators};
use crate::lookup;
use crate::pg::advisory::{Mode, Space, lock_at_once};
use crate::pg::background::{self, Failed};
use crate::pg::jsonb::Jsonb;
use crate::pg::session;
use crate::pg::spi::{Row, Snapshot, arg, timestamp_arg};
use crate::pg::subtransaction::{self, Failure as Raised};
use model_access_domain::source::{NoSource, Source};
use pgrx::Uuid;
use serde_json::{Value, json};
use std::convert::Infallible;
use std::ffi::CStr;
use std::time::Duration;

lookup!(KNOWN, include_str!("../../sql/queries/refresh_known.sql"));
lookup!(SOURCE_NOTE, include_str!("../../sql/queries/source_note.sql"));

/// The tables that are read and written, beside those of a sync.
pub const TABLES: [&CStr; 1] = [c"model_catalogue_source"];

/// A feed that is larger, unpacked, is none: the largest real one has 0.7 MB.
const MAX_BYTES: usize = 32 * 1024 * 1024;

/// What stands before a fetch.
struct Known {
    url: String,
    time: Duration,
    validators: Validators,
}

fn known(row: &Row) -> Known {
    let seconds = u64::try_from(row.get::<i32>(2).unwrap_or_default()).unwrap_or_default();
    Known {
        url: row.get::<String>(1).unwrap_or_default(),
        time: Duration::from_secs(seconds),
        validators: Validators {
            etag: row.get::<String>(3),
            last_modified: row.get::<String>(4),
            url: row.get::<String>(5),
        },
    }
}

/// Fetches the catalogue and syncs it. Nothing is locked before the feed is here, but the right to fetch: a run beside another
/// one steps aside at once, and is told so.
pub fn run(installation: &Installation) -> Value {
    let started = session::clock();
    session::require_writable(c"refresh_openrouter_models()");
    if lock_at_once(Space::Refresh, 0, Mode::Alone).is_none() {
        return json!({ "success": false, "skipped": true, "error": "another refresh is running" });
    }
    let read = || KNOWN.with(|query| query.first(Snapshot::Fresh, &[timestamp_arg(started)], known));
    let Some(Known { url, time, validators }) = installation.as_owner(read) else {
        return failed(
            installation,
            started,
            &Failure::new(Reason::AddressRefused, "model_access_settings has no row"),
        );
    };
    let fetched = match Source::parse(&url) {
        Ok(source) => fetched(Request { source, validators, time, max_bytes: MAX_BYTES }),
        Err(why) => Err(not_a_source(&url, why)),
    };
    match fetched {
        Ok(Answer::NotModified) => not_modified(installation, started),
        Ok(Answer::Feed(feed)) => stored(installation, started, &url, feed),
        Err(failure) => failed(installation, started, &failure),
    }
}

fn not_a_source(url: &str, why: NoSource) -> Failure {
    let mut failure = Failure::refused(url, why);
    failure.message.push_str("; set openrouter_url in model_access_settings");
    failure
}

fn fetched(request: Request) -> Result<Answer, Failure> {
    let broken = |why| match why {
        Failed::NoThread => "the server cannot start a thread to fetch with",
        Failed::Broke => "the thread that fetches broke: this is a bug of model_access",
    };
    background::run(move |cancelled| http::fetch(&request, cancelled))
        .unwrap_or_else(|why| Err(Failure::new(Reason::Connection, broken(why))))
}

/// The feed is what was stored last.
fn not_modified(installation: &Installation, started: i64) -> Value {
    let run = Run { http_status: Some(304), ..Run::began(session::random_uuid(), started) };
    let mut answer = installation.as_owner(|| sync_log::write(&run));
    if let Some(answer) = answer.as_object_mut() {
        answer.insert("not_modified".to_owned(), json!(true));
    }
    answer
}

fn failed(installation: &Installation, started: i64, failure: &Failure) -> Value {
    let Failure { reason, message, status, excerpt } = failure;
    let details = json!({ "reason": reason.word(), "http_status": status, "excerpt": excerpt });
    written(installation, started, *status, message.clone(), details)
}

fn written(installation: &Installation, started: i64, status: Option<u16>, error: String, details: Value) -> Value {
    let run = Run {
        error: Some(error),
        details: Some(details),
        http_status: status,
        ..Run::began(session::random_uuid(), started)
    };
    installation.as_owner(|| sync_log::write(&run))
}

fn stored(installation: &Installation, started: i64, url: &str, feed: Feed) -> Value {
    let fetched_at = session::clock();
    let origin = Origin { force: false, started, http_status: Some(200) };
    // JSON that jsonb refuses, such as an escaped NUL.
    let payload = match subtransaction::run(|| Ok::<_, Infallible>(Jsonb::parse(&feed.json))) {
        Ok(payload) => payload,
        Err(Raised::Refused(never)) => match never {},
        Err(Raised::Raised(caught)) => {
            let caught = caught.or_raise_again();
            let error = format!("the feed cannot be stored: {}", caught.message());
            let details = json!({ "reason": "no_feed", "sqlstate": caught.sqlstate() });
            caught.forget();
            return written(installation, started, Some(200), error, details);
        }
    };
    drop(feed.json);
    let answer = sync::run(installation, Some(&payload), origin);
    let id = answer.get("sync_log_id").and_then(Value::as_str).and_then(|id| uuid::Uuid::parse_str(id).ok());
    if let (Some(true), Some(id)) = (answer.get("success").and_then(Value::as_bool), id) {
        let Validators { etag, last_modified, url: validated } = feed.validators;
        let id = Uuid::from_bytes(id.into_bytes());
        let args = [arg(url), arg(etag), arg(last_modified), timestamp_arg(fetched_at), arg(id), arg(validated)];
        installation.as_owner(|| SOURCE_NOTE.with(|query| query.execute(&args)));
    }
    answer
}
