//! `serve --webhooks FILE`: where agencies' own systems are told of units and lots. Read once at the start; every fault is
//! said with file, agency and what to do, and no secret is ever said.

use std::collections::{BTreeMap, HashMap};
use std::path::{Path, PathBuf};

use app::{App, Webhook, WebhookSecret};
use packs::Catalogue;
use serde::Deserialize;
use tracing::info;
use zeroize::Zeroizing;

use crate::fetch::own_or_private;

/// Largest file read, in bytes.
const MOST: u64 = 64 * 1024;
/// Most agencies: each is looked at once a second while something waits for it.
const MAX_AGENCIES: usize = 1_000;

/// The file. [docs/operations.md] has an example.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct File {
    /// By the agency's code.
    webhooks: BTreeMap<String, Entry>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Entry {
    url: String,
    /// One line `whsec_…`; two while it is being changed, the new one first.
    secret_file: PathBuf,
    /// It lies within a private network, or on this machine.
    #[serde(default)]
    private: bool,
}

/// Where the file says that agencies listen.
#[derive(Debug)]
pub(crate) struct Listening(HashMap<String, Webhook>);

impl Listening {
    /// Reads the file, and the secrets it names, which stand beside it where their names are relative.
    ///
    /// # Errors
    /// The first fault, with file, agency and what to do.
    pub(crate) fn read(path: &Path, catalogue: &Catalogue) -> Result<Self, String> {
        let at = |error: String| format!("{}: {error}", path.display());
        let text = bounded(path).map_err(at)?;
        // What is said of a fault shows the line it stands in.
        if text.contains("whsec_") {
            return Err(at(
                "a secret stands in it; put it in a file of its own and name that with secret_file"
                    .to_owned(),
            ));
        }
        let file: File = serde_saphyr::from_str(&text).map_err(|error| at(error.to_string()))?;
        if file.webhooks.len() > MAX_AGENCIES {
            return Err(at(format!("more than {MAX_AGENCIES} agencies")));
        }
        let beside = path.parent().unwrap_or(Path::new("."));
        let mut listening = HashMap::new();
        for (agency, entry) in file.webhooks {
            let told = |error: String| at(format!("agency {agency}: {error}"));
            if catalogue.agency(&agency).is_none() {
                return Err(told(
                    "the packs know no agency of this code; write it as the packs do".to_owned(),
                ));
            }
            place(&entry).map_err(told)?;
            let file = beside.join(&entry.secret_file);
            let secrets =
                secrets(&file).map_err(|error| told(format!("secret_file: {}: {error}", file.display())))?;
            info!(agency, private = entry.private, "units and lots are told to the agency's own system");
            listening.insert(agency, Webhook { url: entry.url, secrets, private: entry.private });
        }
        Ok(Self(listening))
    }

    /// Connects them.
    pub(crate) fn to(self, app: App) -> App {
        app.with_webhooks(self.0)
    }
}

/// An address by https, or by http on this machine itself; without a name or password in it.
fn place(entry: &Entry) -> Result<(), String> {
    let url: hyper::Uri = entry.url.parse().map_err(|_| "url: it is no absolute address".to_owned())?;
    let authority = url.authority().ok_or("url: it is no absolute address")?;
    let host = authority.host().trim_matches(['[', ']']);
    if authority.as_str().contains('@') || entry.url.contains('#') || host.is_empty() {
        return Err("url: an address without user, password or #".to_owned());
    }
    let own = own_or_private(host);
    match url.scheme_str() {
        Some("https") if own && !entry.private => {
            Err(format!("url: {host} lies within a private network; say private: true if it is meant to"))
        }
        Some("https") => Ok(()),
        Some("http") if !crate::fetch::own(host) => {
            Err("url: https; plain http only to this machine itself".to_owned())
        }
        Some("http") if !entry.private => {
            Err("url: this machine itself; say private: true if it is meant to be".to_owned())
        }
        Some("http") => Ok(()),
        _ => Err("url: an address by https".to_owned()),
    }
}

/// One or two lines of a file that not everybody on the machine can read.
fn secrets(path: &Path) -> Result<Vec<WebhookSecret>, String> {
    #[cfg(unix)]
    {
        use std::os::unix::fs::PermissionsExt as _;
        let mode = std::fs::metadata(path).map_err(|error| error.to_string())?.permissions().mode();
        if mode & 0o007 != 0 {
            return Err("everybody on this machine can read it; chmod o= it".to_owned());
        }
    }
    let text = bounded(path)?;
    let lines: Vec<&str> = text.lines().map(str::trim).filter(|line| !line.is_empty()).collect();
    if lines.is_empty() || lines.len() > 2 {
        return Err("it holds one line whsec_…, or two while the secret is being changed".to_owned());
    }
    lines.into_iter().map(|line| WebhookSecret::read(line).map_err(str::to_owned)).collect()
}

/// The text of a file, wiped after use.
fn bounded(path: &Path) -> Result<Zeroizing<String>, String> {
    let size = std::fs::metadata(path).map_err(|error| error.to_string())?.len();
    if size > MOST {
        return Err(format!("larger than {MOST} bytes"));
    }
    std::fs::read_to_string(path).map(Zeroizing::new).map_err(|error| error.to_string())
}

#[cfg(test)]
mod tests {
    use std::os::unix::fs::PermissionsExt as _;

    use super::Listening;
    use crate::open;

    const SECRET: &str = "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw\n";
    const GOOD: &str =
        "webhooks:\n  \"{agency}\":\n    url: https://mes.example/hooks\n    secret_file: mes.secret\n";

    /// `{agency}` in the text stands for a code that the packs know.
    fn read(text: &str, secret: &str, mode: u32) -> Result<Listening, String> {
        let folder = tempfile::tempdir().unwrap();
        let file = folder.path().join("mes.secret");
        std::fs::write(&file, secret).unwrap();
        std::fs::set_permissions(&file, std::fs::Permissions::from_mode(mode)).unwrap();
        let catalogue = open::catalogue(&[]).unwrap();
        let path = folder.path().join("webhooks.yaml");
        std::fs::write(&path, text.replace("{agency}", &catalogue.agencies[0].code)).unwrap();
        Listening::read(&path, &catalogue)
    }

    #[test]
    fn the_file_names_agencies_addresses_and_secrets() {
        let read_well = |text: &str, secret: &str| read(text, secret, 0o600).unwrap().0;
        let listening = read_well(GOOD, SECRET);
        let hook = listening.values().next().unwrap();
        assert_eq!(
            (hook.url.as_str(), hook.secrets.len(), hook.private),
            ("https://mes.example/hooks", 1, false)
        );
        let changing = read_well(GOOD, &SECRET.repeat(2));
        assert_eq!(changing.values().next().unwrap().secrets.len(), 2);
        for own in
            ["http://127.0.0.1:9000/x", "http://localhost/x", "https://10.1.2.3/x", "https://[fd00::1]/x"]
        {
            let text = GOOD.replace("https://mes.example/hooks", own) + "    private: true\n";
            assert!(read_well(&text, SECRET).values().next().unwrap().private, "{own}");
        }
        assert!(read_well("webhooks: {}", SECRET).is_empty());
    }

    #[test]
    fn each_fault_is_said_with_file_and_agency_and_without_the_secret() {
        let url = "https://mes.example/hooks";
        for (from, to, said) in [
            (url, "http://mes.example/hooks", "plain http only to this machine itself"),
            (url, "http://127.0.0.1:9000/", "say private: true"),
            (url, "https://127.0.0.1/", "127.0.0.1 lies within a private network; say private: true"),
            (url, "https://169.254.169.254/latest", "lies within a private network"),
            (url, "https://[::ffff:10.0.0.1]/", "lies within a private network"),
            (url, "https://u:p@mes.example/", "without user, password"),
            (url, "https://mes.example/#x", "without user, password"),
            (url, "ftp://mes.example/", "an address by https"),
            (url, "/hooks", "it is no absolute address"),
            ("{agency}", "示例", "agency 示例: the packs know no agency of this code"),
            ("mes.secret", "gone", "gone: No such file"),
            ("url:", "address:", "address"),
            ("mes.secret", "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw", "a secret stands in it"),
        ] {
            assert!(GOOD.contains(from), "{from}");
            let error = read(&GOOD.replacen(from, to, 1), SECRET, 0o600).unwrap_err();
            assert!(error.contains(said) && error.contains("webhooks.yaml"), "{said}: {error}");
            assert!(!error.contains("MfKQ"), "{error}");
        }
        for (secret, mode, said) in [
            (SECRET, 0o604, "everybody on this machine can read it; chmod o= it"),
            ("", 0o600, "it holds one line"),
            (&SECRET.repeat(3), 0o600, "it holds one line"),
            ("MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw", 0o600, "a secret begins with whsec_"),
            ("whsec_MfKQ", 0o600, "a secret has 24 to 64 bytes"),
        ] {
            let error = read(GOOD, secret, mode).unwrap_err();
            assert!(error.contains(said) && error.contains("mes.secret"), "{said}: {error}");
            assert!(!error.contains("MfKQ"), "{error}");
        }
    }
}
