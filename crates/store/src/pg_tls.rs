//! Whether the connection to PostgreSQL is encrypted, and how sure we are who answers: the five modes of
//! its own clients (PostgreSQL documentation, 34.19 "SSL Support").

use std::io;
use std::sync::Arc;

use rustls::client::WebPkiServerVerifier;
use rustls::client::danger::{HandshakeSignatureValid, ServerCertVerified, ServerCertVerifier};
use rustls::crypto::{self, CryptoProvider};
use rustls::pki_types::pem::PemObject as _;
use rustls::pki_types::{CertificateDer, ServerName, UnixTime};
use rustls::{
    CertificateError, ClientConfig, DigitallySignedStruct, Error as TlsError, RootCertStore, SignatureScheme,
};
use tokio_postgres::config::SslMode;
use tokio_postgres_rustls::MakeRustlsConnect;

use crate::Error;

/// What of an address the driver does not know itself.
pub(crate) struct Secured {
    /// Whether to encrypt.
    pub(crate) mode: SslMode,
    /// How.
    pub(crate) connector: MakeRustlsConnect,
}

/// How the server's certificate is looked at.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Trust {
    /// Not at all: nobody can listen, but anybody can answer.
    Anybody,
    /// Somebody we trust signed it.
    Signed,
    /// …and it names the host that was asked.
    Named,
}

/// Takes `sslmode` and `sslrootcert` out of an address.
///
/// # Errors
/// An unknown mode, or a file of certificates that cannot be read.
pub(crate) fn parse(url: &str) -> Result<(String, Secured), Error> {
    let (base, query) = url.split_once('?').unwrap_or((url, ""));
    let (mut mode, mut roots, mut rest) = ("prefer", None, Vec::new());
    for pair in query.split('&').filter(|pair| !pair.is_empty()) {
        match pair.split_once('=') {
            Some(("sslmode", value)) => mode = value,
            Some(("sslrootcert", value)) => roots = Some(value),
            _ => rest.push(pair),
        }
    }
    let (mode, trust) = match mode {
        "disable" => (SslMode::Disable, Trust::Anybody),
        "allow" | "prefer" => (SslMode::Prefer, Trust::Anybody),
        "require" => (SslMode::Require, Trust::Anybody),
        "verify-ca" => (SslMode::Require, Trust::Signed),
        "verify-full" => (SslMode::Require, Trust::Named),
        other => {
            return Err(bad(format!(
                "sslmode={other} is none of disable, prefer, require, verify-ca, verify-full"
            )));
        }
    };
    let connector = MakeRustlsConnect::new(client(trust, roots)?);
    let rest = if rest.is_empty() { base.to_owned() } else { format!("{base}?{}", rest.join("&")) };
    Ok((rest, Secured { mode, connector }))
}

fn client(trust: Trust, roots: Option<&str>) -> Result<ClientConfig, Error> {
    let provider = Arc::new(crypto::ring::default_provider());
    let config = ClientConfig::builder_with_provider(provider.clone())
        .with_safe_default_protocol_versions()
        .map_err(|error| bad(error.to_string()))?;
    let strict = if trust == Trust::Anybody {
        None
    } else {
        let roots = Arc::new(read_roots(roots)?);
        let verifier = WebPkiServerVerifier::builder_with_provider(roots, provider.clone()).build();
        Some(verifier.map_err(|error| bad(format!("sslrootcert: {error}")))?)
    };
    let verifier = Arc::new(Verifier { trust, strict, provider });
    Ok(config.dangerous().with_custom_certificate_verifier(verifier).with_no_client_auth())
}

/// Those of the file, or those that browsers trust.
fn read_roots(file: Option<&str>) -> Result<RootCertStore, Error> {
    let mut roots = RootCertStore::empty();
    let Some(file) = file else {
        roots.extend(webpki_roots::TLS_SERVER_ROOTS.iter().cloned());
        return Ok(roots);
    };
    let unread = |error: String| bad(format!("sslrootcert={file}: {error}"));
    for certificate in CertificateDer::pem_file_iter(file).map_err(|error| unread(error.to_string()))? {
        let certificate = certificate.map_err(|error| unread(error.to_string()))?;
        roots.add(certificate).map_err(|error| unread(error.to_string()))?;
    }
    Ok(roots)
}

fn bad(words: String) -> Error {
    io::Error::new(io::ErrorKind::InvalidInput, words).into()
}

/// Looks at the certificate as the mode asks; that the server holds its key is checked in each.
#[derive(Debug)]
struct Verifier {
    trust: Trust,
    strict: Option<Arc<WebPkiServerVerifier>>,
    provider: Arc<CryptoProvider>,
}

impl ServerCertVerifier for Verifier {
    fn verify_server_cert(
        &self,
        end_entity: &CertificateDer<'_>,
        intermediates: &[CertificateDer<'_>],
        server_name: &ServerName<'_>,
        ocsp_response: &[u8],
        now: UnixTime,
    ) -> Result<ServerCertVerified, TlsError> {
        let Some(strict) = &self.strict else { return Ok(ServerCertVerified::assertion()) };
        match strict.verify_server_cert(end_entity, intermediates, server_name, ocsp_response, now) {
            Err(TlsError::InvalidCertificate(
                CertificateError::NotValidForName | CertificateError::NotValidForNameContext { .. },
            )) if self.trust == Trust::Signed => Ok(ServerCertVerified::assertion()),
            judged => judged,
        }
    }

    fn verify_tls12_signature(
        &self,
        message: &[u8],
        cert: &CertificateDer<'_>,
        dss: &DigitallySignedStruct,
    ) -> Result<HandshakeSignatureValid, TlsError> {
        crypto::verify_tls12_signature(message, cert, dss, &self.provider.signature_verification_algorithms)
    }

    fn verify_tls13_signature(
        &self,
        message: &[u8],
        cert: &CertificateDer<'_>,
        dss: &DigitallySignedStruct,
    ) -> Result<HandshakeSignatureValid, TlsError> {
        crypto::verify_tls13_signature(message, cert, dss, &self.provider.signature_verification_algorithms)
    }

    fn supported_verify_schemes(&self) -> Vec<SignatureScheme> {
        self.provider.signature_verification_algorithms.supported_schemes()
    }
}

#[cfg(test)]
mod tests {
    use tokio_postgres::config::SslMode;

    use super::parse;

    #[test]
    fn the_modes_are_taken_out_of_the_address() {
        let parsed = |query: &str| parse(&format!("postgres://u@h/d{query}"));
        let (address, secured) = parsed("?connect_timeout=3&sslmode=verify-full&application_name=x").unwrap();
        assert_eq!(address, "postgres://u@h/d?connect_timeout=3&application_name=x");
        assert_eq!(secured.mode, SslMode::Require);
        for (query, mode) in [
            ("", SslMode::Prefer),
            ("?sslmode=disable", SslMode::Disable),
            ("?sslmode=allow", SslMode::Prefer),
            ("?sslmode=require", SslMode::Require),
            ("?sslmode=verify-ca", SslMode::Require),
        ] {
            let (address, secured) = parsed(query).unwrap();
            assert_eq!((address.as_str(), secured.mode), ("postgres://u@h/d", mode), "{query}");
        }
    }

    #[test]
    fn what_is_not_understood_is_refused_and_not_weakened() {
        let refused =
            |query: &str| parse(&format!("postgres://u@h/d?{query}")).map(drop).unwrap_err().to_string();
        assert!(refused("sslmode=verify").contains("sslmode=verify is none of"));
        assert!(
            refused("sslmode=verify-full&sslrootcert=/nowhere/ca.pem")
                .contains("sslrootcert=/nowhere/ca.pem")
        );
        let empty = tempfile::NamedTempFile::new().unwrap();
        let path = empty.path().display();
        assert!(refused(&format!("sslmode=verify-ca&sslrootcert={path}")).contains("sslrootcert"));
    }
}
