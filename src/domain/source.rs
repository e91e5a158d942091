//! Where a catalogue may be fetched from: addresses that nobody can be tricked into asking.
//!
//! The whole internet over https, or a server on this very machine. What lies between, private networks and the metadata
//! services of clouds, is no source, whatever a name, a redirect or a next page leads to.

use std::fmt;
use std::net::{IpAddr, Ipv4Addr, Ipv6Addr};
use url::{Host, Url};

/// Longer addresses are none.
pub const MAX_URL_CHARS: usize = 2000;

/// Why an address is no source.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum NoSource {
    /// No absolute URL with a host.
    NotAUrl,
    /// Neither https, nor http to this machine.
    Scheme,
    /// A user or a password in it would be logged.
    Credentials,
    /// The host lies in a network that is not public.
    NotPublic,
}

impl fmt::Display for NoSource {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        out.write_str(match self {
            Self::NotAUrl => "it is no URL with a host",
            Self::Scheme => "only https is asked, and http on this machine",
            Self::Credentials => "it has a user or a password in it",
            Self::NotPublic => "it is no public address",
        })
    }
}

/// Which addresses a source may have.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Reach {
    /// Of the public internet.
    Public,
    /// Of this machine.
    Loopback,
}

impl Reach {
    /// Whether a name that was looked up may be connected to at such an address.
    pub fn allows(self, address: IpAddr) -> bool {
        match self {
            Self::Public => is_public(address),
            Self::Loopback => plain(address).is_loopback(),
        }
    }
}

/// A URL that may be asked, once its host's addresses are looked at too.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Source {
    /// The URL.
    pub url: Url,
    /// What its host may be.
    pub reach: Reach,
}

impl Source {
    /// A URL as somebody wrote it.
    pub fn parse(text: &str) -> Result<Self, NoSource> {
        if text.len() > MAX_URL_CHARS {
            return Err(NoSource::NotAUrl);
        }
        Url::parse(text).map_err(|_| NoSource::NotAUrl).and_then(Self::of)
    }

    /// Where a redirect or a next page leads to, from here; a server out there leads nobody to this machine.
    pub fn follow(&self, reference: &str) -> Result<Self, NoSource> {
        if reference.len() > MAX_URL_CHARS {
            return Err(NoSource::NotAUrl);
        }
        let next = Self::of(self.url.join(reference).map_err(|_| NoSource::NotAUrl)?)?;
        match (self.reach, next.reach) {
            (Reach::Public, Reach::Loopback) => Err(NoSource::NotPublic),
            _ => Ok(next),
        }
    }

    /// Its host and port: a path and a query may be long, or secret.
    pub fn server(&self) -> String {
        server(&self.url).unwrap_or_default()
    }

    fn of(url: Url) -> Result<Self, NoSource> {
        if !url.username().is_empty() || url.password().is_some() {
            return Err(NoSource::Credentials);
        }
        let reach = match url.host().ok_or(NoSource::NotAUrl)? {
            Host::Domain(name) if name.trim_end_matches('.').eq_ignore_ascii_case("localhost") => Reach::Loopback,
            Host::Domain(_) => Reach::Public,
            Host::Ipv4(address) => reach_of(address.into())?,
            Host::Ipv6(address) => reach_of(address.into())?,
        };
        match (url.scheme(), reach) {
            ("https", _) | ("http", Reach::Loopback) => Ok(Self { url, reach }),
            _ => Err(NoSource::Scheme),
        }
    }
}

/// What of an address may be told to a log: neither path nor query nor who asks.
pub fn told(address: &str) -> String {
    let url = Url::parse(address).ok();
    let told = url.as_ref().and_then(|url| Some(format!("{}://{}", url.scheme(), server(url)?)));
    told.unwrap_or_else(|| "an address".to_owned())
}

fn server(url: &Url) -> Option<String> {
    let host = url.host_str()?;
    Some(url.port().map_or_else(|| host.to_owned(), |port| format!("{host}:{port}")))
}

fn reach_of(address: IpAddr) -> Result<Reach, NoSource> {
    [Reach::Loopback, Reach::Public].into_iter().find(|reach| reach.allows(address)).ok_or(NoSource::NotPublic)
}

/// An IPv4 address that is written as an IPv6 one, as itself.
fn plain(address: IpAddr) -> IpAddr {
    match address {
        IpAddr::V6(six) => six.to_ipv4_mapped().map_or(address, IpAddr::V4),
        IpAddr::V4(_) => address,
    }
}

/// Whether an address is one of the public internet: the registries of special addresses (RFC 6890 and its successors).
pub fn is_public(address: IpAddr) -> bool {
    match plain(address) {
        IpAddr::V4(address) => is_public_four(address),
        IpAddr::V6(address) => is_public_six(address),
    }
}

fn is_public_four(address: Ipv4Addr) -> bool {
    let [a, b, c, _] = address.octets();
    let is_special = match (a, b, c) {
        // This network, private, loopback, multicast, reserved and broadcast.
        (0 | 10 | 127 | 224.., _, _) => true,
        // Shared between a provider and his customers.
        (100, 64..=127, _) => true,
        // Link-local, where clouds tell their secrets.
        (169, 254, _) | (172, 16..=31, _) | (192, 168, _) => true,
        // Protocol assignments, 6to4 relays.
        (192, 0, 0) | (192, 88, 99) => true,
        // Benchmarks and documentation.
        (198, 18..=19, _) | (192, 0, 2) | (198, 51, 100) | (203, 0, 113) => true,
        _ => false,
    };
    !is_special
}

fn is_public_six(address: Ipv6Addr) -> bool {
    let [a, b, c, d, e, f, ..] = address.segments();
    match (a, b) {
        // NAT64 and 6to4 lead to an IPv4 address; what of NAT64 is for one's own network does not.
        (0x64, 0xff9b) => (c, d, e, f) == (0, 0, 0, 0) && is_public_four(low_four(address)),
        (0x2002, _) => {
            let [_, b, c, ..] = address.segments();
            let ([d, e], [f, g]) = (b.to_be_bytes(), c.to_be_bytes());
            is_public_four(Ipv4Addr::new(d, e, f, g))
        }
        // Teredo, benchmarks, identifiers that route nowhere, documentation.
        (0x2001, 0..=0x1ff | 0xdb8) | (0x3fff, 0..=0xfff) => false,
        // What is handed out at all is 2000::/3.
        _ => (0x2000..0x4000).contains(&a),
    }
}

fn low_four(address: Ipv6Addr) -> Ipv4Addr {
    let [.., a, b, c, d] = address.octets();
    Ipv4Addr::new(a, b, c, d)
}

#[cfg(test)]
#[path = "source_tests.rs"]
mod tests;
