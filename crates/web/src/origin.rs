//! The address people know a site by.

use std::str::FromStr;

/// Scheme, host and port of a site (RFC 6454), with nothing behind them: `https://fuwu.example.gov.cn`.
///
/// It stands in what is signed for others (issuer of certificates, status lists, passkeys), so a real site is told
/// its own; what a visitor writes into the header `Host` is believed in demonstrations alone.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Origin(String);

/// Not an address of a site.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("an address of a site is https://HOST or http://HOST, with a port if need be and nothing behind it")]
pub struct BadOrigin;

impl FromStr for Origin {
    type Err = BadOrigin;

    fn from_str(text: &str) -> Result<Self, BadOrigin> {
        let host = text.strip_prefix("https://").or_else(|| text.strip_prefix("http://")).ok_or(BadOrigin)?;
        let plain = |byte: u8| byte.is_ascii_lowercase() || byte.is_ascii_digit() || b".-:[]".contains(&byte);
        if host.is_empty() || host.len() > 253 || !host.bytes().all(plain) {
            return Err(BadOrigin);
        }
        Ok(Self(text.to_owned()))
    }
}

impl Origin {
    /// The address as a visitor without https wrote it.
    pub(crate) fn of_host(host: &str) -> Option<Self> {
        format!("http://{}", host.to_ascii_lowercase()).parse().ok()
    }

    /// As text.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// People reach it by https.
    #[must_use]
    pub fn is_https(&self) -> bool {
        self.0.starts_with("https://")
    }

    /// Host and port.
    #[must_use]
    pub fn host(&self) -> &str {
        self.0.split_once("://").map_or("", |(_, host)| host)
    }

    /// The host without its port.
    #[must_use]
    pub fn domain(&self) -> &str {
        let host = self.host();
        match host.rsplit_once(':') {
            Some((name, port)) if port.bytes().all(|byte| byte.is_ascii_digit()) => name,
            _ => host,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::Origin;

    #[test]
    fn a_host_with_or_without_a_port_and_nothing_behind() {
        for (text, domain) in [
            ("https://fuwu.example", "fuwu.example"),
            ("http://127.0.0.1:8080", "127.0.0.1"),
            ("http://[::1]:80", "[::1]"),
            ("http://[::1]", "[::1]"),
        ] {
            let origin: Origin = text.parse().unwrap();
            assert_eq!((origin.as_str(), origin.domain()), (text, domain));
        }
        for text in
            ["fuwu.example", "https://", "https://a/", "https://a?b", "https://a@b", "ftp://a", "https://A"]
        {
            assert!(text.parse::<Origin>().is_err(), "{text}");
        }
    }
}
