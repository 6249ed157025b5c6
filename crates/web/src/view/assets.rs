//! Static files: embedded, and served under a URL that changes with their content.

use std::sync::LazyLock;

/// One static file.
#[derive(Debug)]
pub struct Asset {
    /// Its name below `/static/`.
    pub name: &'static str,
    /// Its media type.
    pub content_type: &'static str,
    /// Its content; the stylesheet without the spaces that are there for its readers.
    pub bytes: Vec<u8>,
    /// Sixteen hexadecimal digits that change when the content does (FNV-1a; a cache key, not a seal).
    pub hash: String,
}

static ASSETS: LazyLock<[Asset; 8]> = LazyLock::new(|| {
    let css = squeezed(include_str!("../../../../static/site.css"));
    let wallet = squeezed(include_str!("../../../../static/wallet.css"));
    let review = squeezed(include_str!("../../../../static/review.css"));
    let line = squeezed(include_str!("../../../../static/line.css"));
    [
        Asset::new("review.css", "text/css; charset=utf-8", review.into_bytes()),
        Asset::new(
            "review.js",
            "text/javascript; charset=utf-8",
            include_bytes!("../../../../static/review.js").to_vec(),
        ),
        Asset::new("site.css", "text/css; charset=utf-8", css.into_bytes()),
        Asset::new("wallet.css", "text/css; charset=utf-8", wallet.into_bytes()),
        Asset::new("line.css", "text/css; charset=utf-8", line.into_bytes()),
        Asset::new(
            "site.js",
            "text/javascript; charset=utf-8",
            include_bytes!("../../../../static/site.js").to_vec(),
        ),
        Asset::new(
            "passkey.js",
            "text/javascript; charset=utf-8",
            include_bytes!("../../../../static/passkey.js").to_vec(),
        ),
        Asset::new("icon.svg", "image/svg+xml", include_bytes!("../../../../static/icon.svg").to_vec()),
    ]
});

impl Asset {
    fn new(name: &'static str, content_type: &'static str, bytes: Vec<u8>) -> Self {
        let hash = fnv1a(&bytes);
        Self { name, content_type, bytes, hash }
    }
}

/// A stylesheet without comments, line ends and the spaces around its punctuation. Strings in ours hold no
/// such punctuation but `", "`, which is why a quote switches the squeezing off.
fn squeezed(css: &str) -> String {
    let mut out = String::with_capacity(css.len());
    let (mut rest, mut quoted) = (css, false);
    while let Some(next) = rest.chars().next() {
        if !quoted && rest.starts_with("/*") {
            rest = rest.split_once("*/").map_or("", |(_, after)| after);
            continue;
        }
        rest = &rest[next.len_utf8()..];
        quoted ^= next == '"';
        if quoted || !next.is_ascii_whitespace() {
            if !quoted && matches!(next, '{' | '}') && out.ends_with([' ', ';']) {
                out.pop();
            }
            out.push(next);
        } else if !out.ends_with([' ', '{', '}', ';', ':', ',']) && !out.is_empty() {
            out.push(' ');
        }
    }
    out
}

/// Every static file.
#[must_use]
pub fn assets() -> &'static [Asset] {
    &*ASSETS
}

/// `/static/<name>?v=<hash>`; `None` for a name that is no static file.
#[must_use]
pub fn asset_url(name: &str) -> Option<String> {
    let asset = assets().iter().find(|asset| asset.name == name)?;
    Some(format!("/static/{}?v={}", asset.name, asset.hash))
}

fn fnv1a(bytes: &[u8]) -> String {
    let hash = bytes.iter().fold(0xcbf2_9ce4_8422_2325_u64, |hash, &byte| {
        (hash ^ u64::from(byte)).wrapping_mul(0x0100_0000_01b3)
    });
    format!("{hash:016x}")
}
