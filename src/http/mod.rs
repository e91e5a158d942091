//! Fetching a feed over HTTP, bounded in bytes, hops, pages and time. Knows nothing of PostgreSQL: it runs on a thread where no
//! function of the server may be called.

mod ask;
mod failure;
mod resolver;

pub use failure::{Failure, Reason};

use ask::{Client, Reply};
use model_access_domain::page::{self, Page};
use model_access_domain::source::Source;
use std::collections::BTreeSet;
use std::sync::atomic::AtomicBool;
use std::time::{Duration, Instant};

/// More pages are no feed: the whole list has come on one so far.
const MAX_PAGES: usize = 100;

/// What a server said of itself when a feed came whole, by which it tells later whether the feed is still the same.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Validators {
    /// `ETag`
    pub etag: Option<String>,
    /// `Last-Modified`
    pub last_modified: Option<String>,
    /// Where it came from, after redirects: a name of one thing says nothing of another.
    pub url: Option<String>,
}

/// What is asked for.
pub struct Request {
    /// Where.
    pub source: Source,
    /// What is here already.
    pub validators: Validators,
    /// All of it takes no longer.
    pub time: Duration,
    /// Nor is it larger, unpacked, in bytes.
    pub max_bytes: usize,
}

/// What came.
pub enum Answer {
    /// 304: what is here already.
    NotModified,
    /// A feed.
    Feed(Feed),
}

/// A feed.
pub struct Feed {
    /// Its models, a JSON array.
    pub json: String,
    /// What it is known by; nothing of a feed of several pages, whose first one tells nothing of the others.
    pub validators: Validators,
}

/// Fetches a feed. Gives up soon after `cancelled` was set.
pub fn fetch(request: &Request, cancelled: &AtomicBool) -> Result<Answer, Failure> {
    let mut client = Client::new(Instant::now() + request.time, request.max_bytes, cancelled);
    let mut known = request.validators.clone();
    let (mut elements, mut total_count, mut pages) = (Vec::new(), None, BTreeSet::new());
    let mut next = Some(request.source.clone());
    let mut validators = Validators::default();
    while let Some(source) = next.take() {
        let (here, body, found) = match client.get(source, &std::mem::take(&mut known))? {
            Reply::NotModified => return Ok(Answer::NotModified),
            Reply::Body { source, body, validators } => (source, body, validators),
        };
        let page = Page::parse(&body).map_err(|why| Failure::no_feed(&here, &why, body.as_bytes()))?;
        elements.extend(page.elements);
        if elements.len() > page::MAX_ELEMENTS {
            return Err(Failure::new(
                Reason::TooLarge,
                format!("the feed has more than {} models", page::MAX_ELEMENTS),
            ));
        }
        total_count = total_count.or(page.total_count);
        validators = if pages.is_empty() && page.next.is_none() { found } else { Validators::default() };
        next = page.next.map(|next| here.follow(&next).map_err(|why| Failure::refused(&next, why))).transpose()?;
        let is_new = pages.insert(here.url);
        if next.is_some() && (!is_new || pages.len() == MAX_PAGES) {
            return Err(Failure::new(Reason::TooManyPages, format!("the feed has no end after {} pages", pages.len())));
        }
    }
    match total_count.filter(|expected| usize::try_from(*expected) != Ok(elements.len())) {
        Some(expected) => {
            let found = elements.len();
            Err(Failure::new(
                Reason::Incomplete,
                format!("the feed has {found} models and says that it has {expected}"),
            ))
        }
        None => Ok(Answer::Feed(Feed { json: page::joined(&elements), validators })),
    }
}
