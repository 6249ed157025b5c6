//! `serve --seals FILE`: the seals that agencies have from a recognised authority (电子签名法 art. 16). Read once at the start;
//! every fault is said with file, agency and what to do, and no key is ever said.

use std::collections::{BTreeMap, HashMap};
use std::path::{Path, PathBuf};
use std::sync::Arc;

use app::{AgencySeal, App, SealFault, Seals};
use domain::Timestamp;
use packs::Catalogue;
use rustls::pki_types::pem::PemObject as _;
use rustls::pki_types::{CertificateDer, PrivateKeyDer};
use serde::Deserialize;
use tracing::{info, warn};
use zeroize::{Zeroize as _, Zeroizing};

/// Largest file read, in bytes.
const MOST: u64 = 1024 * 1024;
/// Seconds before the end of a certificate from which the start warns: 30 days.
const SOON: i64 = 30 * 24 * 3_600;

/// The file. [docs/operations.md] has an example.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct File {
    /// By the agency's code.
    seals: BTreeMap<String, Entry>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Entry {
    /// PKCS#8 in PEM.
    key: PathBuf,
    /// PEM, the agency's certificate first.
    certificates: PathBuf,
}

/// The seals that the file names, by the agency's code.
pub(crate) struct Kept(HashMap<String, Arc<AgencySeal>>);

impl Seals for Kept {
    fn of(&self, agency: &str) -> Option<Arc<AgencySeal>> {
        self.0.get(agency).cloned()
    }
}

impl Kept {
    /// Reads the file, and the keys and certificates it names, which stand beside it where their names are relative.
    ///
    /// # Errors
    /// The first fault, with file, agency and what to do.
    pub(crate) fn read(path: &Path, catalogue: &Catalogue, now: Timestamp) -> Result<Self, String> {
        let at = |error: String| format!("{}: {error}", path.display());
        let text = bounded(path).map_err(at)?;
        let text = std::str::from_utf8(&text).map_err(|error| at(error.to_string()))?;
        // What is said of a fault shows the line it stands in.
        if text.contains("PRIVATE KEY") {
            return Err(at("a key stands in it; put the key in a file of its own and name that".to_owned()));
        }
        let file: File = serde_saphyr::from_str(text).map_err(|error| at(error.to_string()))?;
        let beside = path.parent().unwrap_or(Path::new("."));
        let mut kept = HashMap::new();
        for (agency, entry) in file.seals {
            let told = |error: String| at(format!("agency {agency}: {error}"));
            if catalogue.agency(&agency).is_none() {
                return Err(told(
                    "the packs know no agency of this code; write it as the packs do".to_owned(),
                ));
            }
            let seal = seal(&entry, beside, now).map_err(told)?;
            announce(&agency, &seal, now);
            kept.insert(agency, Arc::new(seal));
        }
        Ok(Self(kept))
    }

    /// Connects them.
    pub(crate) fn to(self, app: App) -> App {
        app.with_seals(Arc::new(self))
    }
}

fn seal(entry: &Entry, beside: &Path, now: Timestamp) -> Result<AgencySeal, String> {
    let (key_file, chain_file) = (beside.join(&entry.key), beside.join(&entry.certificates));
    let chain =
        chain(&chain_file).map_err(|error| format!("certificates: {}: {error}", chain_file.display()))?;
    let key = key(&key_file).map_err(|error| format!("key: {}: {error}", key_file.display()))?;
    let seal = AgencySeal::of_pkcs8(&key, chain).map_err(|fault| {
        let file = if fault == SealFault::Key { &key_file } else { &chain_file };
        format!("{}: {fault}", file.display())
    })?;
    if seal.holds(now) {
        Ok(seal)
    } else if seal.until() < now {
        Err(format!("{}: expired {}; ask the authority for a new one", chain_file.display(), seal.until()))
    } else {
        Err(format!("{}: it does not hold yet; look at this machine's clock", chain_file.display()))
    }
}

fn announce(agency: &str, seal: &AgencySeal, now: Timestamp) {
    info!(agency, name = seal.name(), until = %seal.until(), "a seal of the agency's own");
    if !seal.checked() {
        warn!(agency, "a signature in the seal's chain is of a kind that is not checked here");
    }
    if seal.until().as_second() - now.as_second() < SOON {
        warn!(agency, until = %seal.until(), "the seal's certificate ends within 30 days; nothing is sealed with it then");
    }
}

/// The certificates of a file, in DER.
fn chain(path: &Path) -> Result<Vec<Vec<u8>>, String> {
    let text = bounded(path)?;
    let read: Result<Vec<_>, _> = CertificateDer::pem_slice_iter(&text).collect();
    let read = read.map_err(|error| error.to_string())?;
    if read.is_empty() {
        return Err("no certificate in PEM (-----BEGIN CERTIFICATE-----)".to_owned());
    }
    Ok(read.into_iter().map(|der| der.as_ref().to_vec()).collect())
}

/// The key of a file that not everybody on the machine can read: PKCS#8 in DER, wiped after use.
fn key(path: &Path) -> Result<Zeroizing<Vec<u8>>, String> {
    const PKCS8: &str = "make it PKCS#8: openssl pkcs8 -topk8 -nocrypt -in OLD -out NEW";
    #[cfg(unix)]
    {
        use std::os::unix::fs::PermissionsExt as _;
        let mode = std::fs::metadata(path).map_err(|error| error.to_string())?.permissions().mode();
        if mode & 0o007 != 0 {
            return Err("everybody on this machine can read it; chmod o= it".to_owned());
        }
    }
    let text = bounded(path)?;
    match PrivateKeyDer::from_pem_slice(&text) {
        Ok(PrivateKeyDer::Pkcs8(mut key)) => {
            let der = Zeroizing::new(key.secret_pkcs8_der().to_vec());
            key.zeroize();
            Ok(der)
        }
        Ok(mut other) => {
            other.zeroize();
            Err(format!("it is no PKCS#8; {PKCS8}"))
        }
        // What the reader says of a key might hold a part of it.
        Err(_) => Err(format!("no key in PEM (-----BEGIN PRIVATE KEY-----) without a passphrase; {PKCS8}")),
    }
}

/// The bytes of a file, wiped after use.
fn bounded(path: &Path) -> Result<Zeroizing<Vec<u8>>, String> {
    let size = std::fs::metadata(path).map_err(|error| error.to_string())?.len();
    if size > MOST {
        return Err(format!("larger than {MOST} bytes"));
    }
    std::fs::read(path).map(Zeroizing::new).map_err(|error| error.to_string())
}

#[cfg(test)]
mod tests {
    use std::os::unix::fs::PermissionsExt as _;
    use std::path::Path;

    use app::Seals as _;
    use base64::Engine as _;
    use base64::engine::general_purpose::STANDARD;
    use documents::{KeyFailed, SealKey, x509};
    use domain::Timestamp;
    use ring::rand::SystemRandom;
    use ring::signature::{ECDSA_P256_SHA256_ASN1_SIGNING, EcdsaKeyPair, KeyPair as _};

    use super::Kept;
    use crate::open;

    struct Key(Vec<u8>);

    impl Key {
        fn draw() -> Self {
            let pkcs8 =
                EcdsaKeyPair::generate_pkcs8(&ECDSA_P256_SHA256_ASN1_SIGNING, &SystemRandom::new()).unwrap();
            Self(pkcs8.as_ref().to_vec())
        }

        fn pair(&self) -> EcdsaKeyPair {
            EcdsaKeyPair::from_pkcs8(&ECDSA_P256_SHA256_ASN1_SIGNING, &self.0, &SystemRandom::new()).unwrap()
        }
    }

    impl SealKey for Key {
        fn sign(&self, message: &[u8]) -> Result<Vec<u8>, KeyFailed> {
            let signed = self.pair().sign(&SystemRandom::new(), message);
            Ok(signed.map_err(|error| KeyFailed(error.to_string()))?.as_ref().to_vec())
        }
    }

    fn moment(text: &str) -> Timestamp {
        text.parse().unwrap()
    }

    fn pem(kind: &str, der: &[u8]) -> String {
        format!("-----BEGIN {kind}-----\n{}\n-----END {kind}-----\n", STANDARD.encode(der))
    }

    fn write(path: &Path, text: &str, mode: u32) {
        std::fs::write(path, text).unwrap();
        std::fs::set_permissions(path, std::fs::Permissions::from_mode(mode)).unwrap();
    }

    /// A folder with keys and certificates of two agencies (2026 and 2027) under one root, and an RSA one; `{agency}` in the
    /// text stands for a code that the packs know.
    fn read(text: &str, now: &str) -> Result<Kept, String> {
        let folder = tempfile::tempdir().unwrap();
        let at = |name: &str| folder.path().join(name);
        let root_key = Key::draw();
        let asked = |name, key: &[u8; 65], of: &dyn Fn(&x509::Request<'_>) -> Vec<u8>| {
            let (from, until) = (moment("2026-01-01T00:00:00Z"), moment("2027-12-31T00:00:00Z"));
            of(&x509::Request { name, public_key: key, serial: [3; 16], from, until })
        };
        let public = |key: &Key| -> [u8; 65] { key.pair().public_key().as_ref().try_into().unwrap() };
        let root = asked("示例认证机构", &public(&root_key), &|it| x509::root(it, &root_key).unwrap());
        for name in ["one", "two"] {
            let key = Key::draw();
            let own = asked("示例局", &public(&key), &|it| x509::seal(it, &root, &root_key).unwrap());
            write(&at(&format!("{name}.key")), &pem("PRIVATE KEY", &key.0), 0o600);
            let chain = pem("CERTIFICATE", &own) + &pem("CERTIFICATE", &root);
            write(&at(&format!("{name}.pem")), &chain, 0o644);
            write(&at("open.key"), &pem("PRIVATE KEY", &key.0), 0o604);
            write(&at("old.key"), &pem("EC PRIVATE KEY", &key.0), 0o600);
            write(&at("locked.key"), &pem("ENCRYPTED PRIVATE KEY", &key.0), 0o600);
        }
        let rsa = [
            &include_bytes!("../../documents/tests/rsa/agency.der")[..],
            include_bytes!("../../documents/tests/rsa/root.der"),
        ];
        write(&at("rsa.pem"), &rsa.map(|der| pem("CERTIFICATE", der)).concat(), 0o644);
        let key = include_bytes!("../../documents/tests/rsa/key.der");
        write(&at("rsa.key"), &pem("PRIVATE KEY", key), 0o640);
        write(&at("empty.pem"), "nothing", 0o644);
        let catalogue = open::catalogue(&[]).unwrap();
        let file = at("seals.yaml");
        write(&file, &text.replace("{agency}", &catalogue.agencies[0].code), 0o644);
        Kept::read(&file, &catalogue, moment(now))
    }

    const GOOD: &str = "seals:\n  \"{agency}\":\n    key: one.key\n    certificates: one.pem\n";
    const NOW: &str = "2026-11-23T00:00:00Z";

    #[test]
    fn the_file_names_agencies_keys_and_certificates() {
        let kept = read(GOOD, NOW).unwrap();
        let (code, seal) = kept.0.iter().next().unwrap();
        assert_eq!((kept.0.len(), seal.name(), seal.checked()), (1, "示例局", true));
        assert!(kept.of(code).is_some() && kept.of("another").is_none());
        let rsa = read(&GOOD.replace("one", "rsa"), NOW).unwrap();
        assert_eq!(rsa.0.values().next().unwrap().name(), "示例市公安局电子印章");
        let json = r#"{"seals": {"{agency}": {"key": "one.key", "certificates": "one.pem"}}}"#;
        assert_eq!(read(json, NOW).unwrap().0.len(), 1);
        assert!(read("seals: {}", NOW).unwrap().0.is_empty());
    }

    #[test]
    fn each_fault_is_said_with_file_and_agency() {
        for (from, to, said) in [
            ("one.key", "two.key", "one.pem: the key does not belong to the first certificate"),
            ("one.key", "open.key", "open.key: everybody on this machine can read it; chmod o= it"),
            ("one.key", "old.key", "old.key: it is no PKCS#8; make it PKCS#8: openssl pkcs8"),
            ("one.key", "locked.key", "locked.key: no key in PEM"),
            ("one.key", "one.pem", "one.pem: everybody on this machine can read it"),
            ("one.key", "gone.key", "gone.key: No such file"),
            ("one.pem", "empty.pem", "empty.pem: no certificate in PEM"),
            ("one.pem", "gone.pem", "gone.pem: No such file"),
            ("{agency}", "示例", "agency 示例: the packs know no agency of this code"),
            ("key:", "keys:", "keys"),
            ("one.key", "-----BEGIN PRIVATE KEY-----", "a key stands in it"),
        ] {
            assert!(GOOD.contains(from), "{from}");
            let error = read(&GOOD.replacen(from, to, 1), NOW).err().unwrap_or_default();
            assert!(error.contains(said) && error.contains("seals.yaml"), "{said}: {error}");
        }
    }

    #[test]
    fn a_certificate_that_does_not_hold_is_refused() {
        let over = read(GOOD, "2028-01-01T00:00:00Z").err().unwrap();
        assert!(over.contains("one.pem: expired 2027-12-31T00:00:00Z; ask the authority"), "{over}");
        let early = read(GOOD, "2025-12-31T00:00:00Z").err().unwrap();
        assert!(early.contains("one.pem: it does not hold yet"), "{early}");
        assert!(read(GOOD, "2027-12-30T00:00:00Z").is_ok(), "it warns");
    }
}
