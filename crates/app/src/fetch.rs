//! Asking other services over HTTP: the interface, behind which the program puts a client and tests a double.

use std::future::Future;
use std::pin::Pin;

/// A request to another service.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Ask {
    /// Where: an absolute address with scheme `https`, or `http` where whoever runs the site allowed it.
    pub url: String,
    /// Headers beside host, length and type.
    pub headers: Vec<(&'static str, String)>,
    /// Media type and body of a POST; none makes it a GET.
    pub body: Option<(&'static str, Vec<u8>)>,
    /// Only where everybody could ask: nothing is sent into a private network, or to this machine itself, whatever the name
    /// resolves to.
    pub public: bool,
}

/// What came back, whatever its status.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Answer {
    /// HTTP status.
    pub status: u16,
    /// The body, 256 KiB at most.
    pub body: Vec<u8>,
}

/// Why nothing came back.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum FetchError {
    /// The address is none, or is not allowed.
    #[error("the address is not allowed: {0}")]
    Address(String),
    /// Not reached, or broken off, within the time allowed.
    #[error("not reached: {0}")]
    Away(String),
    /// More came back than is read.
    #[error("the answer is too large")]
    TooLarge,
    /// No client is connected.
    #[error("no client is connected")]
    None,
}

/// An answer to come.
pub type Fetched<'a> = Pin<Box<dyn Future<Output = Result<Answer, FetchError>> + Send + 'a>>;

/// A bounded HTTP client: ten seconds, 256 KiB, no redirects followed, nothing kept between requests.
pub trait Fetch: Send + Sync {
    /// Sends one request.
    fn fetch(&self, ask: Ask) -> Fetched<'_>;
}

/// Where no client is connected.
pub(crate) struct NoFetch;

impl Fetch for NoFetch {
    fn fetch(&self, _: Ask) -> Fetched<'_> {
        Box::pin(async { Err(FetchError::None) })
    }
}
