//! The one secret of an installation: it wraps every person's key and keys every look-up hash.

use std::fmt;
use std::io::Write as _;
use std::path::Path;

use ring::aead::{AES_256_GCM, LessSafeKey, UnboundKey};
use ring::hkdf::{HKDF_SHA256, Salt};
use ring::hmac;
use ring::rand::{SecureRandom as _, SystemRandom};

use crate::{Error, Signer, hex};

const LEN: usize = 32;

/// 256 bits kept outside the database and outside every backup. Who loses it loses all sealed data.
#[derive(Clone)]
pub struct MasterKey([u8; LEN]);

impl fmt::Debug for MasterKey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("MasterKey(…)")
    }
}

impl MasterKey {
    /// A key from elsewhere, such as a hardware module or a secret store.
    #[must_use]
    pub fn from_bytes(bytes: [u8; LEN]) -> Self {
        Self(bytes)
    }

    /// Reads the key file (64 hexadecimal digits), or makes one that only its owner can read.
    ///
    /// # Errors
    /// [`Error::MasterKey`] when the file holds no key or others can read it; [`Error::Io`].
    pub fn load_or_create(path: &Path) -> Result<Self, Error> {
        match std::fs::read_to_string(path) {
            Ok(text) => {
                refuse_wide_permissions(path)?;
                let bytes = hex::decode(text.trim()).and_then(|bytes| <[u8; LEN]>::try_from(bytes).ok());
                bytes.map(Self).ok_or_else(|| fault(path, "is not 64 hexadecimal digits"))
            }
            Err(error) if error.kind() == std::io::ErrorKind::NotFound => Self::create(path),
            Err(error) => Err(error.into()),
        }
    }

    fn create(path: &Path) -> Result<Self, Error> {
        let mut bytes = [0; LEN];
        random(&mut bytes)?;
        if let Some(folder) = path.parent() {
            std::fs::create_dir_all(folder)?;
        }
        let mut options = std::fs::OpenOptions::new();
        options.write(true).create_new(true);
        #[cfg(unix)]
        std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o600);
        let mut file = options.open(path)?;
        file.write_all(hex::encode(&bytes).as_bytes())?;
        file.sync_all()?;
        crate::files::sync_folder(path)?;
        Ok(Self(bytes))
    }

    /// The key under which persons' keys are wrapped.
    pub(crate) fn wrapping(&self) -> Result<LessSafeKey, Error> {
        aead_key(&self.derive(b"shengshi wrap 1")?)
    }

    /// The key of what is handed out sealed, which anybody can ask for much of: no other data lie under it.
    pub(crate) fn handed_out(&self) -> Result<LessSafeKey, Error> {
        aead_key(&self.derive(b"shengshi handed out 1")?)
    }

    /// The key of the look-up hashes.
    pub(crate) fn lookup(&self) -> Result<hmac::Key, Error> {
        Ok(hmac::Key::new(hmac::HMAC_SHA256, &self.derive(b"shengshi lookup 1")?))
    }

    /// The key of the installation's other secrets.
    pub(crate) fn secrets(&self) -> Result<hmac::Key, Error> {
        Ok(hmac::Key::new(hmac::HMAC_SHA256, &self.derive(b"shengshi secrets 1")?))
    }

    /// The key pair that signs checkpoints, always the same for one master key.
    ///
    /// # Errors
    /// [`Error::MasterKey`] when none can be derived.
    pub fn signer(&self) -> Result<Signer, Error> {
        Signer::from_seed(&self.derive(b"shengshi checkpoint 1")?)
    }

    fn derive(&self, purpose: &[u8]) -> Result<[u8; LEN], Error> {
        let mut out = [0; LEN];
        Salt::new(HKDF_SHA256, b"shengshi")
            .extract(&self.0)
            .expand(&[purpose], HKDF_SHA256)
            .and_then(|okm| okm.fill(&mut out))
            .map_err(|_| Error::MasterKey("cannot derive a key".to_owned()))?;
        Ok(out)
    }
}

pub(crate) fn aead_key(bytes: &[u8; LEN]) -> Result<LessSafeKey, Error> {
    let key = UnboundKey::new(&AES_256_GCM, bytes);
    Ok(LessSafeKey::new(key.map_err(|_| Error::MasterKey("not a key".to_owned()))?))
}

pub(crate) fn random(bytes: &mut [u8]) -> Result<(), Error> {
    let failed = |_| Error::MasterKey("the system gives no random numbers".to_owned());
    SystemRandom::new().fill(bytes).map_err(failed)
}

fn fault(path: &Path, what: &str) -> Error {
    Error::MasterKey(format!("{} {what}", path.display()))
}

#[cfg(unix)]
fn refuse_wide_permissions(path: &Path) -> Result<(), Error> {
    use std::os::unix::fs::PermissionsExt as _;
    let mode = std::fs::metadata(path)?.permissions().mode();
    if mode & 0o077 == 0 { Ok(()) } else { Err(fault(path, "can be read by others: set its mode to 600")) }
}

#[cfg(not(unix))]
fn refuse_wide_permissions(_path: &Path) -> Result<(), Error> {
    Ok(())
}
