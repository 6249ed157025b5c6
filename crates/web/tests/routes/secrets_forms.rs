//! The forms in which bytes may hold a secret, and the search for all of them.

use std::path::{Path, PathBuf};
use std::sync::{Arc, LazyLock, Mutex};

use base64::Engine as _;
use base64::engine::general_purpose::{STANDARD, URL_SAFE};

/// What must not be found, under the words that tell a failure.
pub(crate) struct Secret {
    pub(crate) what: String,
    forms: Vec<Vec<u8>>,
}

impl Secret {
    /// As it is, as JSON and web addresses escape it, in hexadecimal, and in base64 wherever it may begin.
    pub(crate) fn new(what: &str, text: &str) -> Self {
        assert!(text.len() >= 8, "{what}: too short to be told from chance");
        let hex: String = text.bytes().map(|byte| format!("{byte:02x}")).collect();
        let json: String = text.encode_utf16().map(|unit| format!("\\u{unit:04x}")).collect();
        let mixed: String = text
            .chars()
            .map(|c| {
                if c.is_ascii() {
                    c.to_string()
                } else {
                    let mut units = [0; 2];
                    c.encode_utf16(&mut units).iter().map(|unit| format!("\\u{unit:04x}")).collect()
                }
            })
            .collect();
        let wide: Vec<u8> = text.encode_utf16().flat_map(u16::to_le_bytes).collect();
        let mut forms = vec![text.into(), hex.to_uppercase().into(), hex.into(), json.into(), wide];
        forms.push(mixed.to_uppercase().replace("\\U", "\\u").into());
        forms.push(mixed.into());
        forms.push(form_urlencoded::byte_serialize(text.as_bytes()).collect::<String>().into());
        for engine in [&STANDARD, &URL_SAFE] {
            for before in 0..3 {
                let bytes: Vec<u8> = std::iter::repeat_n(0, before).chain(text.bytes()).collect();
                let whole = engine.encode(&bytes);
                let (from, to) = ((before * 8).div_ceil(6), bytes.len() * 8 / 6);
                forms.push(whole.as_bytes()[from..to].to_vec());
            }
        }
        forms.sort();
        forms.dedup();
        Self { what: what.to_owned(), forms }
    }

    /// The first form of it that these bytes hold.
    pub(crate) fn within(&self, bytes: &[u8]) -> Option<String> {
        let found = self.forms.iter().find(|form| holds(bytes, form))?;
        Some(String::from_utf8_lossy(found).into_owned())
    }
}

/// Whether `bytes` hold `form`; by its rarest end, since much is searched.
fn holds(bytes: &[u8], form: &[u8]) -> bool {
    let Some((&last, rest)) = form.split_last() else { return false };
    let mut from = rest.len();
    while let Some(at) = bytes.get(from..).and_then(|tail| tail.iter().position(|byte| *byte == last)) {
        if bytes[from + at - rest.len()..from + at] == *rest {
            return true;
        }
        from += at + 1;
    }
    false
}

/// Every file under a folder.
pub(crate) fn files_under(folder: &Path) -> Vec<PathBuf> {
    let mut files = Vec::new();
    for entry in std::fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        if path.is_dir() { files.extend(files_under(&path)) } else { files.push(path) }
    }
    files
}

/// All that was logged since [`listen`], by anybody in this process, down to the last detail.
static LOG: LazyLock<Arc<Mutex<Vec<u8>>>> = LazyLock::new(Arc::default);

struct Tape;

impl std::io::Write for Tape {
    fn write(&mut self, bytes: &[u8]) -> std::io::Result<usize> {
        LOG.lock().unwrap().extend_from_slice(bytes);
        Ok(bytes.len())
    }

    fn flush(&mut self) -> std::io::Result<()> {
        Ok(())
    }
}

/// Keeps all that is logged from now on.
pub(crate) fn listen() {
    static ONCE: std::sync::Once = std::sync::Once::new();
    ONCE.call_once(|| {
        let everything = tracing_subscriber::fmt()
            .with_max_level(tracing_subscriber::filter::LevelFilter::TRACE)
            .with_ansi(false)
            .with_writer(|| Tape)
            .finish();
        tracing::subscriber::set_global_default(everything).unwrap();
        tracing::trace!("from here on everything is kept");
    });
}

/// What was logged so far.
pub(crate) fn logged() -> Vec<u8> {
    LOG.lock().unwrap().clone()
}

#[test]
fn a_secret_is_found_in_every_form() {
    let secret = Secret::new("name", "示例·甲1号");
    let text = "示例·甲1号";
    for before in ["", "a", "ab"] {
        let whole = format!("{before}{text}}}");
        for form in [
            whole.clone(),
            STANDARD.encode(&whole),
            URL_SAFE.encode(&whole),
            whole.bytes().map(|byte| format!("{byte:02X}")).collect(),
            "{\"n\":\"\\u793a\\u4f8b\\u00b7\\u75321\\u53f7\"}".to_owned(),
            "/search?q=%E7%A4%BA%E4%BE%8B%C2%B7%E7%94%B21%E5%8F%B7".to_owned(),
        ] {
            assert!(secret.within(form.as_bytes()).is_some(), "{form}");
        }
    }
    assert!(secret.within("示例·甲2号, 示例·乙1号".as_bytes()).is_none());
}
