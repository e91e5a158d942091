//! Why a feed did not come, in words for a log.

use super::resolver::OutOfReach;
use model_access_domain::page::excerpt;
use model_access_domain::source::{self, NoSource, Source};
use std::io::ErrorKind;
use ureq::Error;

/// The kind of failure, a word in the log's details.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Reason {
    /// The address, or one that it leads to, is no source.
    AddressRefused,
    /// The name is not known, nobody answers, or the answer breaks off.
    Connection,
    /// The certificate is not trusted, or the server speaks no TLS.
    Tls,
    /// It took too long.
    Timeout,
    /// The server answered with another status than 200 and 304.
    HttpStatus,
    /// A redirect leads to a redirect, and so on.
    TooManyRedirects,
    /// The next page has a next page, and so on.
    TooManyPages,
    /// It is larger than any feed.
    TooLarge,
    /// It is no JSON, or no list of models.
    NoFeed,
    /// It has not as many models as it says.
    Incomplete,
    /// Nobody waits for it any more.
    Cancelled,
}

impl Reason {
    /// The word.
    pub fn word(self) -> &'static str {
        match self {
            Self::AddressRefused => "address_refused",
            Self::Connection => "connection",
            Self::Tls => "tls",
            Self::Timeout => "timeout",
            Self::HttpStatus => "http_status",
            Self::TooManyRedirects => "too_many_redirects",
            Self::TooManyPages => "too_many_pages",
            Self::TooLarge => "too_large",
            Self::NoFeed => "no_feed",
            Self::Incomplete => "incomplete",
            Self::Cancelled => "cancelled",
        }
    }
}

/// A feed that did not come.
#[derive(Clone, Debug)]
pub struct Failure {
    /// The kind.
    pub reason: Reason,
    /// A sentence without its period.
    pub message: String,
    /// The status, where there was an answer.
    pub status: Option<u16>,
    /// The beginning of the answer, fit for a log.
    pub excerpt: Option<String>,
}

impl Failure {
    /// Without an answer.
    pub fn new(reason: Reason, message: impl Into<String>) -> Self {
        Self { reason, message: message.into(), status: None, excerpt: None }
    }

    /// An address that is no source.
    pub fn refused(address: &str, why: NoSource) -> Self {
        let told = source::told(address);
        Self::new(Reason::AddressRefused, format!("{told} is not asked: {why}"))
    }

    /// An answer with a status that is no success.
    pub fn status(source: &Source, status: u16, body: &[u8]) -> Self {
        Self {
            status: Some(status),
            excerpt: Some(excerpt(body)).filter(|text| !text.is_empty()),
            ..Self::new(Reason::HttpStatus, format!("{} answered {status}", source.server()))
        }
    }

    /// An answer that is no feed.
    pub fn no_feed(source: &Source, why: &str, body: &[u8]) -> Self {
        Self {
            status: Some(200),
            excerpt: Some(excerpt(body)).filter(|text| !text.is_empty()),
            ..Self::new(Reason::NoFeed, format!("{} sent no list of models: {why}", source.server()))
        }
    }

    /// No answer, or none to its end.
    pub fn of_error(source: &Source, error: &Error) -> Self {
        let server = source.server();
        match error {
            Error::Timeout(_) => Self::new(Reason::Timeout, format!("{server} took too long")),
            Error::Other(other) if other.is::<OutOfReach>() => {
                Self::new(Reason::AddressRefused, format!("{server} is not asked: {other}"))
            }
            Error::HostNotFound => Self::new(Reason::Connection, format!("{server} is not known")),
            Error::Rustls(_) | Error::Tls(_) => Self::new(Reason::Tls, format!("{server}: {error}")),
            // TLS fails where bytes are read, too.
            Error::Io(io) if io.kind() == ErrorKind::InvalidData && source.url.scheme() == "https" => {
                Self::new(Reason::Tls, format!("{server}: {io}"))
            }
            Error::Io(io) => Self::new(Reason::Connection, format!("{server}: {io}")),
            other => Self::new(Reason::Connection, format!("{server}: {other}")),
        }
    }

    /// More than is read.
    pub fn too_large(source: &Source, max_bytes: usize) -> Self {
        Self::new(Reason::TooLarge, format!("{} sent more than {max_bytes} bytes", source.server()))
    }
}
