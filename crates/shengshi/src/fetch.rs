//! The client by which other services are asked: HTTP/1.1 over TLS, one connection a request.
//!
//! Whom to ask is written by whoever runs the site, or published by a service that they named: private addresses are
//! not refused, since the services of a government network have no others. Where the asker says that everybody could
//! ask ([`Ask::public`]), they are, whatever the name resolves to.

use std::net::{IpAddr, Ipv4Addr, Ipv6Addr, SocketAddr};
use std::sync::Arc;
use std::time::Duration;

use app::{Answer, Ask, Fetch, FetchError, Fetched};
use http_body_util::{BodyExt as _, Full, LengthLimitError, Limited};
use hyper::body::Bytes;
use hyper::client::conn::http1;
use hyper::{Method, Request, Uri, header};
use hyper_util::rt::TokioIo;
use rustls::pki_types::ServerName;
use rustls::{ClientConfig, RootCertStore, crypto};
use tokio::io::{AsyncRead, AsyncWrite};
use tokio::net::TcpStream;
use tokio_rustls::TlsConnector;

/// Longest time for everything: finding, connecting, asking, reading.
const TIME: Duration = Duration::from_secs(10);
/// Largest answer read, in bytes.
const MOST: usize = 256 * 1024;

/// Asks over HTTPS, trusting whom browsers trust; over plain HTTP only this machine itself.
pub(crate) struct Client(TlsConnector);

impl Client {
    /// # Errors
    /// When TLS cannot be set up.
    pub(crate) fn new() -> Result<Self, String> {
        let mut roots = RootCertStore::empty();
        roots.extend(webpki_roots::TLS_SERVER_ROOTS.iter().cloned());
        let config = ClientConfig::builder_with_provider(Arc::new(crypto::ring::default_provider()))
            .with_safe_default_protocol_versions()
            .map_err(|error| format!("TLS: {error}"))?
            .with_root_certificates(roots)
            .with_no_client_auth();
        Ok(Self(TlsConnector::from(Arc::new(config))))
    }

    async fn ask(&self, ask: Ask) -> Result<Answer, FetchError> {
        let place = Place::of(&ask.url)?;
        let public = ask.public;
        let request = request(ask, &place)?;
        let stream = place.connect(public).await?;
        if place.tls {
            let name = ServerName::try_from(place.host.clone()).map_err(|_| place.refused())?;
            let stream = self.0.connect(name, stream).await.map_err(away)?;
            talk(stream, request).await
        } else {
            talk(stream, request).await
        }
    }
}

impl Fetch for Client {
    fn fetch(&self, ask: Ask) -> Fetched<'_> {
        Box::pin(async move {
            let late = |_| Err(FetchError::Away("no answer within 10 seconds".to_owned()));
            tokio::time::timeout(TIME, self.ask(ask)).await.unwrap_or_else(late)
        })
    }
}

/// Whom to connect to.
struct Place {
    tls: bool,
    host: String,
    port: u16,
    /// What the header `Host` says, and what a complaint may show: never path or query, which can hold secrets.
    authority: String,
    path: String,
}

impl Place {
    fn of(url: &str) -> Result<Self, FetchError> {
        let unreadable = || FetchError::Address("not an absolute address".to_owned());
        let uri: Uri = url.parse().map_err(|_| unreadable())?;
        let authority = uri.authority().ok_or_else(unreadable)?;
        let host = authority.host().trim_matches(['[', ']']).to_owned();
        let tls = uri.scheme_str() == Some("https");
        let place = Self {
            tls,
            port: authority.port_u16().unwrap_or(if tls { 443 } else { 80 }),
            authority: authority.as_str().to_owned(),
            path: uri.path_and_query().map_or("/", |path| path.as_str()).to_owned(),
            host,
        };
        let plain = uri.scheme_str() == Some("http") && own(&place.host);
        let names_nobody = !place.host.is_empty() && !place.authority.contains('@');
        if (tls || plain) && names_nobody { Ok(place) } else { Err(place.refused()) }
    }

    /// What was looked at is what is connected to: a name that resolves otherwise a second time gains nothing.
    async fn connect(&self, public: bool) -> Result<TcpStream, FetchError> {
        let found = tokio::net::lookup_host((self.host.as_str(), self.port)).await.map_err(away)?;
        let found: Vec<SocketAddr> = found.collect();
        if public && found.iter().any(|address| private(address.ip())) {
            return Err(FetchError::Address(format!("{} lies within a private network", self.authority)));
        }
        TcpStream::connect(found.as_slice()).await.map_err(away)
    }

    fn refused(&self) -> FetchError {
        FetchError::Address(self.authority.clone())
    }
}

/// This machine itself.
pub(crate) fn own(host: &str) -> bool {
    host == "localhost" || host.parse::<IpAddr>().is_ok_and(|address| address.is_loopback())
}

/// This machine itself, or an address of a private network, as far as the text says it.
pub(crate) fn own_or_private(host: &str) -> bool {
    own(host) || host.parse::<IpAddr>().is_ok_and(private)
}

/// Not an address of the public network (the special-purpose registries of IANA, RFC 6890), or a way to one of these.
fn private(address: IpAddr) -> bool {
    match address {
        IpAddr::V4(address) => private_v4(address),
        IpAddr::V6(address) => private_v6(address),
    }
}

fn private_v4(address: Ipv4Addr) -> bool {
    let [a, b, c, _] = address.octets();
    match (a, b, c) {
        // this network, shared (RFC 6598), protocol assignments, benchmarks
        (0, ..) | (100, 64..=127, _) | (192, 0, 0) | (198, 18 | 19, _) => true,
        // multicast, reserved
        (224.., ..) => true,
        _ => {
            address.is_private()
                || address.is_loopback()
                || address.is_link_local()
                || address.is_documentation()
        }
    }
}

fn private_v6(address: Ipv6Addr) -> bool {
    let parts = address.segments();
    let low = || {
        let [a, b, c, d] = [parts[6] >> 8, parts[6] & 0xFF, parts[7] >> 8, parts[7] & 0xFF];
        Ipv4Addr::new(byte(a), byte(b), byte(c), byte(d))
    };
    match parts {
        // mapped, compatible, translated (RFC 6052): what matters is the address within
        [0, 0, 0, 0, 0, 0xFFFF | 0, ..] | [0x64, 0xFF9B, 0, 0, 0, 0, ..] => private_v4(low()),
        // 6to4 (RFC 3056)
        [0x2002, high, rest, ..] => {
            private_v4(Ipv4Addr::new(byte(high >> 8), byte(high), byte(rest >> 8), byte(rest)))
        }
        // everything else outside the one block that is routed: unique local, link-local, multicast …
        [first, ..] if first & 0xE000 != 0x2000 => true,
        // protocol assignments with Teredo, documentation
        [0x2001, 0x0..=0x1FF | 0xDB8, ..] | [0x3FFF, ..] => true,
        _ => false,
    }
}

/// The lower byte.
fn byte(of: u16) -> u8 {
    of.to_be_bytes()[1]
}

fn request(ask: Ask, place: &Place) -> Result<Request<Full<Bytes>>, FetchError> {
    let method = if ask.body.is_some() { Method::POST } else { Method::GET };
    let mut request = Request::builder().method(method).uri(place.path.as_str());
    request = request.header(header::HOST, place.authority.as_str()).header(header::USER_AGENT, "shengshi");
    for (name, value) in ask.headers {
        request = request.header(name, value);
    }
    let (kind, body) = ask.body.unwrap_or_default();
    if !kind.is_empty() {
        request = request.header(header::CONTENT_TYPE, kind);
    }
    request.body(Full::new(Bytes::from(body))).map_err(|error| FetchError::Address(error.to_string()))
}

fn away(error: impl std::fmt::Display) -> FetchError {
    FetchError::Away(error.to_string())
}

/// One request on one connection, which ends with it.
async fn talk<S>(stream: S, request: Request<Full<Bytes>>) -> Result<Answer, FetchError>
where
    S: AsyncRead + AsyncWrite + Unpin + Send + 'static,
{
    let (mut sender, connection) = http1::handshake(TokioIo::new(stream)).await.map_err(away)?;
    let talking = async {
        let response = sender.send_request(request).await.map_err(away)?;
        let status = response.status().as_u16();
        let body = Limited::new(response.into_body(), MOST).collect().await;
        let body = body.map_err(|error| match error.downcast_ref::<LengthLimitError>() {
            Some(_) => FetchError::TooLarge,
            None => away(error),
        })?;
        Ok(Answer { status, body: body.to_bytes().to_vec() })
    };
    // Both in one task: whoever gives up waiting ends the connection too.
    let mut talking = std::pin::pin!(talking);
    tokio::select! {
        answer = &mut talking => answer,
        ended = connection => match ended {
            Ok(()) => talking.await,
            Err(error) => Err(away(error)),
        },
    }
}

#[cfg(test)]
mod tests {
    use app::{Ask, Fetch as _, FetchError};
    use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
    use tokio::net::TcpListener;

    use super::{Client, MOST, private};

    fn get(url: &str) -> Ask {
        Ask { url: url.to_owned(), ..Ask::default() }
    }

    /// Answers one connection with these bytes, and tells what was asked.
    async fn once(answer: Vec<u8>) -> (String, tokio::task::JoinHandle<String>) {
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let url = format!("http://{}/a?b=c", listener.local_addr().unwrap());
        let asked = tokio::spawn(async move {
            let (mut stream, _) = listener.accept().await.unwrap();
            let mut asked = vec![0; 4096];
            let read = stream.read(&mut asked).await.unwrap();
            // Whoever asks may have heard enough.
            let _ = stream.write_all(&answer).await;
            String::from_utf8_lossy(&asked[..read]).into_owned()
        });
        (url, asked)
    }

    #[tokio::test]
    async fn asks_and_reads_whatever_the_status() {
        let client = Client::new().unwrap();
        let (url, asked) =
            once(b"HTTP/1.1 302 Found\r\nlocation: /x\r\ncontent-length: 2\r\n\r\nok".to_vec()).await;
        let body = Some(("application/x-www-form-urlencoded", b"d=e".to_vec()));
        let ask = Ask { headers: vec![("authorization", "Basic x".to_owned())], body, ..get(&url) };
        let answer = client.fetch(ask).await.unwrap();
        assert_eq!(
            (answer.status, answer.body.as_slice()),
            (302, b"ok".as_slice()),
            "no redirect is followed"
        );
        let asked = asked.await.unwrap();
        assert!(asked.starts_with("POST /a?b=c HTTP/1.1\r\n") && asked.ends_with("d=e"), "{asked}");
        assert!(asked.contains("authorization: Basic x\r\n"), "{asked}");
    }

    #[tokio::test]
    async fn reads_no_more_than_the_bound() {
        let client = Client::new().unwrap();
        let mut answer = b"HTTP/1.1 200 OK\r\n\r\n".to_vec();
        answer.resize(answer.len() + MOST + 1, b'x');
        let (url, _asked) = once(answer).await;
        assert_eq!(client.fetch(get(&url)).await, Err(FetchError::TooLarge));
        let mut answer = b"HTTP/1.1 200 OK\r\n\r\n".to_vec();
        answer.resize(answer.len() + MOST, b'x');
        let (url, _asked) = once(answer).await;
        assert_eq!(client.fetch(get(&url)).await.unwrap().body.len(), MOST);
    }

    #[test]
    fn knows_what_is_not_public() {
        let inner = [
            "0.0.0.0",
            "10.0.0.1",
            "100.64.0.1",
            "100.127.255.255",
            "127.0.0.1",
            "169.254.169.254",
            "172.16.0.1",
            "172.31.255.255",
            "192.0.0.1",
            "192.168.1.1",
            "192.0.2.1",
            "198.18.0.1",
            "198.51.100.1",
            "203.0.113.1",
            "224.0.0.1",
            "255.255.255.255",
            "::",
            "::1",
            "::10.0.0.1",
            "::ffff:127.0.0.1",
            "64:ff9b::a00:1",
            "2002:a00:1::",
            "fc00::1",
            "fd00::1",
            "fe80::1",
            "ff02::1",
            "2001::1",
            "2001:db8::1",
            "100::1",
        ];
        for address in inner {
            assert!(private(address.parse().unwrap()), "{address}");
        }
        let outer = [
            "1.1.1.1",
            "100.63.255.255",
            "100.128.0.1",
            "172.15.0.1",
            "172.32.0.1",
            "192.0.1.1",
            "198.20.0.1",
            "223.255.255.255",
            "::ffff:1.1.1.1",
            "64:ff9b::101:101",
            "2002:101:101::",
            "2400:3200::1",
            "2001:4860::1",
        ];
        for address in outer {
            assert!(!private(address.parse().unwrap()), "{address}");
        }
    }

    #[tokio::test]
    async fn asks_in_clear_only_this_machine() {
        let client = Client::new().unwrap();
        for url in [
            "http://192.0.2.1/?secret=1",
            "http://example.org/",
            "ftp://127.0.0.1/",
            "https://u:p@a.example/",
            "/a",
            "",
        ] {
            let refused = client.fetch(get(url)).await;
            assert!(
                matches!(&refused, Err(FetchError::Address(said)) if !said.contains("secret")),
                "{url}: {refused:?}"
            );
        }
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let own = Ask { public: true, ..get(&format!("http://{}/", listener.local_addr().unwrap())) };
        let refused = client.fetch(own).await;
        assert!(
            matches!(&refused, Err(FetchError::Address(why)) if why.contains("private network")),
            "{refused:?}"
        );
        let gone = format!("http://{}/", listener.local_addr().unwrap());
        drop(listener);
        assert!(matches!(client.fetch(get(&gone)).await, Err(FetchError::Away(_))));
    }
}
