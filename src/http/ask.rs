//! One address after another: redirects, attempts, and bodies read in pieces.

use super::resolver::Guarded;
use super::{Failure, Reason, Validators};
use model_access_domain::retry::{self, Trouble};
use model_access_domain::source::{Reach, Source};
use std::io::Read;
use std::sync::atomic::{AtomicBool, Ordering};
use std::thread;
use std::time::{Duration, Instant, SystemTime, UNIX_EPOCH};
use ureq::http::{HeaderMap, Response};
use ureq::tls::{RootCerts, TlsConfig};
use ureq::unversioned::transport::DefaultConnector;
use ureq::{Agent, Body, Error};

/// So many redirects are followed for one page.
const MAX_REDIRECTS: usize = 5;
/// So much is read of a body at once.
const PIECE: usize = 64 * 1024;
/// So much is read of an answer that is only shown.
const MAX_SHOWN_BYTES: u64 = 4096;
/// A pause looks up that often whether anybody still waits.
const NAP: Duration = Duration::from_millis(50);
/// Longer ones are not kept: nobody says so much to name a version.
const MAX_VALIDATOR_BYTES: usize = 1000;

/// What a server said.
pub enum Reply {
    /// 304.
    NotModified,
    /// 200.
    Body {
        /// Where it came from, after redirects.
        source: Source,
        /// The body, unpacked.
        body: String,
        /// What it is known by.
        validators: Validators,
    },
}

/// Asks servers, until a deadline.
pub struct Client<'a> {
    deadline: Instant,
    bytes_left: usize,
    max_bytes: usize,
    cancelled: &'a AtomicBool,
}

/// One attempt that did not bring a body.
enum Miss {
    /// The answer is elsewhere.
    Redirect(String),
    /// It failed; the pause that the server asked for.
    Trouble(Trouble, Option<Duration>, Failure),
    /// It failed for good.
    Failed(Failure),
}

impl Miss {
    /// A connection that broke may hold the next time; the rest will not.
    fn of_error(source: &Source, error: &Error) -> Self {
        let failure = Failure::of_error(source, error);
        match failure.reason {
            Reason::Connection => Self::Trouble(Trouble::Broken, None, failure),
            _ => Self::Failed(failure),
        }
    }
}

impl<'a> Client<'a> {
    /// A client that reads no more than so many bytes in all.
    pub fn new(deadline: Instant, max_bytes: usize, cancelled: &'a AtomicBool) -> Self {
        Self { deadline, bytes_left: max_bytes, max_bytes, cancelled }
    }

    fn left(&self) -> Result<Duration, Failure> {
        if self.cancelled.load(Ordering::Relaxed) {
            return Err(Failure::new(Reason::Cancelled, "nobody waits for it any more"));
        }
        let left = self.deadline.saturating_duration_since(Instant::now());
        if left.is_zero() { Err(Failure::new(Reason::Timeout, "the time is over")) } else { Ok(left) }
    }

    /// Gets a page, at the end of its redirects.
    pub fn get(&mut self, source: Source, known: &Validators) -> Result<Reply, Failure> {
        let (mut source, mut redirects, mut attempts) = (source, 0, 0);
        loop {
            attempts += 1;
            match self.attempt(&source, known) {
                Ok(reply) => return Ok(reply),
                Err(Miss::Redirect(_)) if redirects == MAX_REDIRECTS => {
                    let message = format!("it is redirected more than {MAX_REDIRECTS} times");
                    return Err(Failure::new(Reason::TooManyRedirects, message));
                }
                Err(Miss::Redirect(location)) => {
                    source = source.follow(&location).map_err(|why| Failure::refused(&location, why))?;
                    (redirects, attempts) = (redirects + 1, 0);
                }
                Err(Miss::Trouble(trouble, asked, failure)) => {
                    let left = self.left().unwrap_or_default();
                    match retry::pause(trouble, attempts, asked, left) {
                        Some(pause) => self.wait(pause)?,
                        None => return Err(failure),
                    }
                }
                Err(Miss::Failed(failure)) => return Err(failure),
            }
        }
    }

    fn wait(&self, pause: Duration) -> Result<(), Failure> {
        let end = Instant::now() + pause;
        while Instant::now() < end {
            self.left()?;
            thread::sleep(NAP.min(end.saturating_duration_since(Instant::now())));
        }
        Ok(())
    }

    fn attempt(&mut self, source: &Source, known: &Validators) -> Result<Reply, Miss> {
        let left = self.left().map_err(Miss::Failed)?;
        let mut request = agent(source.reach, left).get(source.url.as_str()).header("Accept", "application/json");
        let is_known = known.url.as_deref() == Some(source.url.as_str());
        if let Some(etag) = known.etag.as_ref().filter(|_| is_known) {
            request = request.header("If-None-Match", etag);
        }
        if let Some(last_modified) = known.last_modified.as_ref().filter(|_| is_known) {
            request = request.header("If-Modified-Since", last_modified);
        }
        let response = request.call().map_err(|error| Miss::of_error(source, &error))?;
        match response.status().as_u16() {
            304 if is_known => Ok(Reply::NotModified),
            200 => self.body(source, response),
            status @ (301 | 302 | 303 | 307 | 308) => {
                let location = text(response.headers(), "location");
                Err(location.map_or_else(|| Miss::Failed(Failure::status(source, status, &[])), Miss::Redirect))
            }
            status => {
                let asked = text(response.headers(), "retry-after").and_then(|value| retry::retry_after(&value, now()));
                let mut shown = Vec::new();
                // What cannot be read is not shown.
                let _ = response.into_body().into_reader().take(MAX_SHOWN_BYTES).read_to_end(&mut shown);
                Err(Miss::Trouble(Trouble::Status(status), asked, Failure::status(source, status, &shown)))
            }
        }
    }

    fn body(&mut self, source: &Source, response: Response<Body>) -> Result<Reply, Miss> {
        let validator = |name| text(response.headers(), name).filter(|value| value.len() <= MAX_VALIDATOR_BYTES);
        let sent = text(response.headers(), "date").and_then(|date| retry::http_date(&date)).unwrap_or_else(now);
        let etag = validator("etag");
        let last_modified = validator("last-modified").filter(|value| etag.is_some() || retry::is_strong(value, sent));
        let url = (etag.is_some() || last_modified.is_some()).then(|| source.url.to_string());
        let validators = Validators { etag, last_modified, url };
        let mut reader = response.into_body().into_reader();
        let (mut body, mut piece) = (Vec::new(), vec![0; PIECE]);
        loop {
            self.left().map_err(Miss::Failed)?;
            let read = reader.read(&mut piece).map_err(|error| Miss::of_error(source, &Error::from(error)))?;
            if read == 0 {
                break;
            }
            if body.len() + read > self.bytes_left {
                return Err(Miss::Failed(Failure::too_large(source, self.max_bytes)));
            }
            body.extend_from_slice(piece.get(..read).unwrap_or_default());
        }
        let body = String::from_utf8(body)
            .map_err(|error| Miss::Failed(Failure::no_feed(source, "it is not UTF-8", error.as_bytes())))?;
        self.bytes_left -= body.len();
        Ok(Reply::Body { source: source.clone(), body, validators })
    }
}

/// Proxies are not asked: what is connected to is what was looked at.
fn agent(reach: Reach, left: Duration) -> Agent {
    let config = Agent::config_builder()
        .http_status_as_error(false)
        .max_redirects(0)
        .proxy(None)
        .timeout_global(Some(left))
        .tls_config(TlsConfig::builder().root_certs(RootCerts::PlatformVerifier).build())
        .user_agent(concat!("model_access/", env!("CARGO_PKG_VERSION")))
        .build();
    Agent::with_parts(config, DefaultConnector::new(), Guarded(reach))
}

fn text(headers: &HeaderMap, name: &str) -> Option<String> {
    headers.get(name)?.to_str().ok().map(str::to_owned)
}

fn now() -> i64 {
    let since = SystemTime::now().duration_since(UNIX_EPOCH).unwrap_or_default();
    i64::try_from(since.as_secs()).unwrap_or(i64::MAX)
}
