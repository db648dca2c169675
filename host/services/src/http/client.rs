//! The connections: with rustls, and to addresses that may be.

use std::error::Error;
use std::net::IpAddr;
use std::sync::Arc;
use std::time::Duration;

use reqwest::dns::{Addrs, Name, Resolve, Resolving};
use reqwest::redirect::Policy;
use rustls::ClientConfig;
use rustls::crypto::ring;
use rustls::pki_types::CertificateDer;
use rustls_platform_verifier::Verifier;
use url::{Host, Url};

use super::address::is_public;
use super::hop::Hop;
use super::origin::PrivateHost;
use crate::{Failure, FailureKind};

/// How long it may take to connect to one address.
const CONNECT_TIMEOUT: Duration = Duration::from_secs(10);
/// How long a connection is kept for the next request, and how many of them.
const IDLE_TIMEOUT: Duration = Duration::from_secs(30);
const MAX_IDLE: usize = 4;
/// Headers of an answer: part of the contract.
const MAX_ANSWER_HEADERS: usize = 100;

/// Why there are no connections.
#[derive(Debug, thiserror::Error)]
pub enum ClientError {
    /// The system's certificates cannot be used.
    #[error("certificates: {0}")]
    Certificates(rustls::Error),
    /// There is no client.
    #[error("{0}")]
    Client(reqwest::Error),
}

/// Connects to other servers. Cheap to clone; all clones share their connections.
#[derive(Debug, Clone)]
pub struct Client {
    public: reqwest::Client,
    /// For those that the operator allows.
    private: reqwest::Client,
    private_hosts: Arc<[PrivateHost]>,
}

/// What an operator says of connections.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
#[non_exhaustive]
pub struct ClientSettings {
    /// Hosts that may be connected to though they have no public address.
    pub private_hosts: Vec<PrivateHost>,
    /// Certificates that are trusted beside the system's, in DER.
    pub certificates: Vec<Vec<u8>>,
}

impl Client {
    /// Connects to nobody yet.
    ///
    /// # Errors
    /// [`ClientError`].
    pub fn new(settings: &ClientSettings) -> Result<Self, ClientError> {
        let provider = Arc::new(ring::default_provider());
        let certificates = settings.certificates.iter().map(|der| CertificateDer::from(der.clone()));
        let verifier = Verifier::new_with_extra_roots(certificates, provider.clone())
            .map_err(ClientError::Certificates)?;
        let tls = ClientConfig::builder_with_provider(provider)
            .with_safe_default_protocol_versions()
            .map_err(ClientError::Certificates)?
            .dangerous()
            .with_custom_certificate_verifier(Arc::new(verifier))
            .with_no_client_auth();
        let public = builder(&tls).dns_resolver(PublicOnly).build().map_err(ClientError::Client)?;
        let private = builder(&tls).build().map_err(ClientError::Client)?;
        Ok(Self { public, private, private_hosts: settings.private_hosts.as_slice().into() })
    }

    /// Whether a URL may be connected to, as far as can be told before its name is resolved.
    pub(super) fn check(&self, url: &Url) -> Result<(), Failure> {
        let address = match url.host() {
            Some(Host::Ipv4(address)) => IpAddr::V4(address),
            Some(Host::Ipv6(address)) => IpAddr::V6(address),
            _ => return Ok(()),
        };
        if is_public(address) || self.is_allowed(url) { Ok(()) } else { Err(not_public(url)) }
    }

    /// Sends a request and waits for the head of the answer. Redirects are answers.
    pub(super) async fn send(&self, hop: &Hop) -> Result<reqwest::Response, Failure> {
        let url = hop.url();
        let client = if self.is_allowed(url) { &self.private } else { &self.public };
        hop.to_request(client)
            .send()
            .await
            .map_err(|error| if is_not_public(&error) { not_public(url) } else { unavailable(url, &error) })
    }

    fn is_allowed(&self, url: &Url) -> bool {
        self.private_hosts.iter().any(|host| host.is_of(url))
    }
}

fn builder(tls: &ClientConfig) -> reqwest::ClientBuilder {
    reqwest::Client::builder()
        .tls_backend_preconfigured(tls.clone())
        .redirect(Policy::none())
        .retry(reqwest::retry::never())
        .no_proxy()
        .referer(false)
        .http1_only()
        .http1_max_headers(MAX_ANSWER_HEADERS)
        .connect_timeout(CONNECT_TIMEOUT)
        .pool_idle_timeout(IDLE_TIMEOUT)
        .pool_max_idle_per_host(MAX_IDLE)
}

/// Resolves names to those of their addresses that are public.
struct PublicOnly;

/// A name has addresses, and none is public.
#[derive(Debug, thiserror::Error)]
#[error("no public address")]
struct NotPublic;

impl Resolve for PublicOnly {
    fn resolve(&self, name: Name) -> Resolving {
        Box::pin(async move {
            // The port is filled in by whoever connects.
            let found: Vec<_> = tokio::net::lookup_host((name.as_str(), 0)).await?.collect();
            let had_some = !found.is_empty();
            let public: Vec<_> = found.into_iter().filter(|address| is_public(address.ip())).collect();
            if public.is_empty() && had_some {
                return Err(NotPublic.into());
            }
            let addresses: Addrs = Box::new(public.into_iter());
            Ok(addresses)
        })
    }
}

/// Whether the resolver is the cause of an error.
fn is_not_public(error: &(dyn Error + 'static)) -> bool {
    error.is::<NotPublic>() || error.source().is_some_and(is_not_public)
}

fn not_public(url: &Url) -> Failure {
    let host = url.host_str().unwrap_or_default();
    let message =
        format!("`{host}` has no public address: an operator may allow it with `--allow-private-host`");
    Failure::new(FailureKind::Forbidden, message)
}

/// What was wrong with the connection is not told in detail: it could be used to look around.
fn unavailable(url: &Url, error: &reqwest::Error) -> Failure {
    let what = if error.is_connect() {
        "there is no connection to"
    } else if error.is_timeout() {
        "no answer in time from"
    } else {
        "there is no answer that can be used from"
    };
    let host = url.host_str().unwrap_or_default();
    Failure::new(FailureKind::Unavailable, format!("{what} `{host}`"))
}
