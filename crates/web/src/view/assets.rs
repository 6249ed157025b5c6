//! Static files: embedded, and served under a URL that changes with their content.

use std::sync::LazyLock;

/// One static file.
#[derive(Debug)]
pub struct Asset {
    /// Its name below `/static/`.
    pub name: &'static str,
    /// Its media type.
    pub content_type: &'static str,
    /// Its content.
    pub bytes: &'static [u8],
    /// Sixteen hexadecimal digits that change when the content does (FNV-1a; a cache key, not a seal).
    pub hash: String,
}

macro_rules! embedded {
    ($($name:literal => $kind:literal),+ $(,)?) => {
        [$(Asset {
            name: $name,
            content_type: $kind,
            bytes: include_bytes!(concat!("../../../../static/", $name)),
            hash: fnv1a(include_bytes!(concat!("../../../../static/", $name))),
        }),+]
    };
}

static ASSETS: LazyLock<[Asset; 3]> = LazyLock::new(|| {
    embedded! {
        "site.css" => "text/css; charset=utf-8",
        "site.js" => "text/javascript; charset=utf-8",
        "icon.svg" => "image/svg+xml",
    }
});

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
