//! Looking names up, and looking at what they are names of: the address that was looked at is the one that is connected to.

use model_access_domain::source::{NoSource, Reach};
use ureq::Error;
use ureq::config::Config;
use ureq::http::Uri;
use ureq::unversioned::resolver::{DefaultResolver, ResolvedSocketAddrs, Resolver};
use ureq::unversioned::transport::NextTimeout;

/// The system's resolver, without addresses that are out of reach.
#[derive(Debug)]
pub struct Guarded(pub Reach);

impl Resolver for Guarded {
    fn resolve(&self, uri: &Uri, config: &Config, timeout: NextTimeout) -> Result<ResolvedSocketAddrs, Error> {
        let found = DefaultResolver::default().resolve(uri, config, timeout)?;
        let mut allowed = self.empty();
        for address in found.iter().filter(|address| self.0.allows(address.ip())) {
            allowed.push(*address);
        }
        if allowed.is_empty() { Err(Error::Other(Box::new(OutOfReach))) } else { Ok(allowed) }
    }
}

/// A name of nothing that may be asked.
#[derive(Debug)]
pub struct OutOfReach;

impl std::error::Error for OutOfReach {}

impl std::fmt::Display for OutOfReach {
    fn fmt(&self, out: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        NoSource::NotPublic.fmt(out)
    }
}
