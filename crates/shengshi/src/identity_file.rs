//! `serve --identity FILE`: who vouches for people. Read once at the start; every fault is said with its place, and
//! nothing is asked of anybody: a provider that is away keeps no site from starting.

use std::collections::{BTreeMap, BTreeSet};
use std::path::{Path, PathBuf};
use std::sync::Arc;

use app::{App, Fetch, OidcProvider};
use domain::Text;
use identity::oidc::{ClaimNames, Client, Levels};
use identity::{MiniProgram, RealNameLevel, WECHAT_API};
use serde::Deserialize;

/// Largest file read, in bytes.
const MOST: u64 = 64 * 1024;
/// Most providers.
const MAX_PROVIDERS: usize = 16;
/// Ids that records use for something else.
const TAKEN: [&str; 8] =
    ["demo", "directory", "window", "register", "company-register", "other", "wechat", "officer"];

/// The file. [docs/operations.md] has an example.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct File {
    #[serde(default)]
    providers: Vec<ProviderEntry>,
    wechat: Option<WechatEntry>,
}

#[derive(Deserialize)]
#[serde(tag = "kind", rename_all = "kebab-case", deny_unknown_fields)]
enum ProviderEntry {
    Oidc(Box<OidcEntry>),
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct OidcEntry {
    id: String,
    name: Names,
    issuer: String,
    client_id: String,
    client_secret_file: Option<PathBuf>,
    #[serde(default = "openid_profile")]
    scope: String,
    claims: ClaimEntry,
    /// Real-name level (2 to 5) by the provider's own word (`acr`).
    #[serde(default)]
    levels: BTreeMap<String, u8>,
    /// The level of an answer that says none, or one that is not in `levels`; left out, it is refused.
    level: Option<u8>,
    /// Never more than this.
    #[serde(default = "face")]
    max_level: u8,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Names {
    zh: String,
    en: String,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct ClaimEntry {
    name: String,
    number: String,
    mobile: Option<String>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct WechatEntry {
    app_id: String,
    secret_file: PathBuf,
    api: Option<String>,
}

fn openid_profile() -> String {
    "openid profile".to_owned()
}

fn face() -> u8 {
    RealNameLevel::Face.number()
}

/// Whom the file names.
#[derive(Default)]
pub(crate) struct Connected {
    providers: Vec<(Client, Text)>,
    wechat: Option<MiniProgram>,
}

impl Connected {
    /// Reads the file and the secrets it names, which stand beside it where their names are relative.
    ///
    /// # Errors
    /// The first fault, with file and place.
    pub(crate) fn read(path: &Path) -> Result<Self, String> {
        let at = |error: String| format!("{}: {error}", path.display());
        let text = bounded(path).map_err(at)?;
        let file: File = serde_saphyr::from_str(&text).map_err(|error| at(error.to_string()))?;
        let beside = path.parent().unwrap_or(Path::new("."));
        if file.providers.len() > MAX_PROVIDERS {
            return Err(at(format!("more than {MAX_PROVIDERS} providers")));
        }
        let mut connected = Self::default();
        let mut seen = BTreeSet::new();
        for ProviderEntry::Oidc(entry) in file.providers {
            let id = entry.id.clone();
            if !seen.insert(id.clone()) {
                return Err(at(format!("providers: {id} stands there twice")));
            }
            let made = provider(*entry, beside).map_err(|error| at(format!("provider {id}: {error}")))?;
            connected.providers.push(made);
        }
        if let Some(entry) = file.wechat {
            connected.wechat = Some(wechat(entry, beside).map_err(|error| at(format!("wechat: {error}")))?);
        }
        Ok(connected)
    }

    /// Connects them.
    pub(crate) fn to(self, mut app: App, http: &Arc<dyn Fetch>) -> App {
        for (client, name) in self.providers {
            app = app.with_provider(Arc::new(OidcProvider::new(client, name, http.clone())));
        }
        match self.wechat {
            Some(program) => app.with_wechat(program),
            None => app,
        }
    }
}

fn provider(entry: OidcEntry, beside: &Path) -> Result<(Client, Text), String> {
    let plain = |byte: u8| byte.is_ascii_lowercase() || byte.is_ascii_digit() || byte == b'-';
    if entry.id.is_empty() || entry.id.len() > 32 || !entry.id.bytes().all(plain) {
        return Err("id: 1 to 32 small letters, digits or dashes".to_owned());
    }
    if TAKEN.contains(&entry.id.as_str()) {
        return Err("id: this word means something else on the record; choose another".to_owned());
    }
    place("issuer", &entry.issuer)?;
    filled("client_id", &entry.client_id)?;
    filled("name: zh", &entry.name.zh)?;
    filled("name: en", &entry.name.en)?;
    filled("claims: name", &entry.claims.name)?;
    filled("claims: number", &entry.claims.number)?;
    if !entry.scope.split(' ').any(|word| word == "openid") {
        return Err("scope: openid must be in it".to_owned());
    }
    let most = level("max_level", entry.max_level)?;
    let capped = |name: &str, number: u8| {
        let level = level(name, number)?;
        if level > most { Err(format!("{name}: {number} is more than max_level")) } else { Ok(level) }
    };
    let by_acr: Result<_, String> =
        entry.levels.iter().map(|(acr, number)| Ok((acr.clone(), capped("levels", *number)?))).collect();
    let levels = Levels {
        by_acr: by_acr?,
        otherwise: entry.level.map(|number| capped("level", number)).transpose()?,
        most,
    };
    if levels.all().is_empty() {
        return Err("levels or level: one of them says what this provider proves".to_owned());
    }
    let secret = entry.client_secret_file.map(|file| secret("client_secret_file", &beside.join(file)));
    let client = Client {
        id: entry.id,
        issuer: entry.issuer,
        client_id: entry.client_id,
        secret: secret.transpose()?,
        scope: entry.scope,
        names: ClaimNames {
            name: entry.claims.name,
            number: entry.claims.number,
            mobile: entry.claims.mobile,
        },
        levels,
    };
    Ok((client, Text::both(entry.name.zh, entry.name.en)))
}

fn wechat(entry: WechatEntry, beside: &Path) -> Result<MiniProgram, String> {
    filled("app_id", &entry.app_id)?;
    let api = entry.api.unwrap_or_else(|| WECHAT_API.to_owned());
    place("api", &api)?;
    Ok(MiniProgram {
        app_id: entry.app_id,
        secret: secret("secret_file", &beside.join(entry.secret_file))?,
        api: api.trim_end_matches('/').to_owned(),
    })
}

fn level(name: &str, number: u8) -> Result<RealNameLevel, String> {
    RealNameLevel::of(number)
        .ok_or_else(|| format!("{name}: a real-name level is 2, 3, 4 or 5, not {number}"))
}

fn filled(name: &str, value: &str) -> Result<(), String> {
    if value.trim().is_empty() { Err(format!("{name}: it is empty")) } else { Ok(()) }
}

/// An address by https, or of this machine itself.
fn place(name: &str, address: &str) -> Result<(), String> {
    let own = ["http://127.0.0.1:", "http://localhost:", "http://[::1]:"];
    let allowed = address.starts_with("https://") || own.iter().any(|own| address.starts_with(own));
    if allowed && !address.contains(['?', '#', ' ', '@']) {
        return Ok(());
    }
    Err(format!("{name}: {address} is no address by https (plain http only to this machine itself)"))
}

/// One line of a file that not everybody on the machine can read.
fn secret(name: &str, path: &Path) -> Result<String, String> {
    let at = |error: String| format!("{name}: {}: {error}", path.display());
    #[cfg(unix)]
    {
        use std::os::unix::fs::PermissionsExt as _;
        let mode = std::fs::metadata(path).map_err(|error| at(error.to_string()))?.permissions().mode();
        if mode & 0o007 != 0 {
            return Err(at("everybody on this machine can read it; chmod o= it".to_owned()));
        }
    }
    let text = bounded(path).map_err(at)?;
    let secret = text.trim();
    if secret.is_empty() || secret.contains('\n') {
        Err(at("it holds no single line".to_owned()))
    } else {
        Ok(secret.to_owned())
    }
}

fn bounded(path: &Path) -> Result<String, String> {
    let size = std::fs::metadata(path).map_err(|error| error.to_string())?.len();
    if size > MOST {
        return Err(format!("larger than {MOST} bytes"));
    }
    std::fs::read_to_string(path).map_err(|error| error.to_string())
}

#[cfg(test)]
mod tests {
    use std::os::unix::fs::PermissionsExt as _;

    use super::Connected;

    const GOOD: &str = "providers:
  - kind: oidc
    id: province
    name: {zh: 示例省统一身份认证, en: Example province}
    issuer: https://id.example
    client_id: shengshi
    client_secret_file: secret
    claims: {name: name, number: id_number, mobile: phone_number}
    levels: {\"urn:matched\": 3, \"urn:face\": 4}
wechat:
  app_id: wxexample
  secret_file: secret
";

    fn read(text: &str) -> Result<Connected, String> {
        let folder = tempfile::tempdir().unwrap();
        let secret = folder.path().join("secret");
        std::fs::write(&secret, "s3cret\n").unwrap();
        std::fs::set_permissions(&secret, std::fs::Permissions::from_mode(0o600)).unwrap();
        std::fs::write(folder.path().join("open"), "s3cret\n").unwrap();
        std::fs::set_permissions(folder.path().join("open"), std::fs::Permissions::from_mode(0o644)).unwrap();
        let file = folder.path().join("identity.yaml");
        std::fs::write(&file, text).unwrap();
        Connected::read(&file)
    }

    #[test]
    fn a_file_is_read_with_its_secrets() {
        let connected = read(GOOD).unwrap();
        let (client, name) = &connected.providers[0];
        assert_eq!(
            (client.secret.as_deref(), name.en.as_deref()),
            (Some("s3cret"), Some("Example province"))
        );
        assert_eq!(connected.wechat.unwrap().api, "https://api.weixin.qq.com");
        assert!(read("providers: []").unwrap().providers.is_empty());
    }

    #[test]
    fn each_fault_is_said_with_its_place() {
        for (from, to, said) in [
            ("https://id.example", "http://id.example", "issuer: http://id.example is no address by https"),
            ("id: province", "id: demo", "id: this word means something else"),
            ("id: province", "id: Province", "id: 1 to 32 small letters"),
            ("client_id: shengshi", "client_id: ''", "client_id: it is empty"),
            (
                "client_secret_file: secret",
                "client_secret_file: open",
                "everybody on this machine can read it",
            ),
            ("client_secret_file: secret", "client_secret_file: gone", "gone: No such file"),
            ("\"urn:face\": 4", "\"urn:face\": 5", "levels: 5 is more than max_level"),
            ("\"urn:face\": 4", "\"urn:face\": 1", "a real-name level is 2, 3, 4 or 5, not 1"),
            (
                "levels: {\"urn:matched\": 3, \"urn:face\": 4}",
                "max_level: 3",
                "says what this provider proves",
            ),
            ("claims: {name: name,", "claims: {nom: name,", "nom"),
            ("kind: oidc", "kind: saml", "saml"),
            ("claims:", "scope: profile\n    claims:", "scope: openid must be in it"),
            ("app_id: wxexample", "app_id: ''", "wechat: app_id: it is empty"),
        ] {
            assert!(GOOD.contains(from), "{from}");
            let error = read(&GOOD.replacen(from, to, 1)).err().unwrap_or_default();
            assert!(error.contains(said) && error.contains("identity.yaml"), "{said}: {error}");
        }
        let twice = format!(
            "{}{}",
            GOOD.split("wechat:").next().unwrap(),
            GOOD.split("providers:\n").nth(1).unwrap()
        );
        assert!(read(&twice).err().unwrap().contains("province stands there twice"));
    }
}
