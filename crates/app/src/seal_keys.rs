//! A seal that an agency has from a recognised authority: its key and its certificates, and whether they belong together.

use documents::x509::{Facts, PublicKey, SignedWith};
use documents::{KeyFailed, MAX_CHAIN, SealKey};
use domain::Timestamp;
use ring::rand::SystemRandom;
use ring::signature::{
    ECDSA_P256_SHA256_ASN1, ECDSA_P256_SHA256_ASN1_SIGNING, ECDSA_P256_SHA384_ASN1, ECDSA_P384_SHA256_ASN1,
    ECDSA_P384_SHA384_ASN1, EcdsaKeyPair, KeyPair as _, RSA_PKCS1_2048_8192_SHA256,
    RSA_PKCS1_2048_8192_SHA384, RSA_PKCS1_2048_8192_SHA512, RSA_PKCS1_SHA256, RsaKeyPair, UnparsedPublicKey,
    VerificationAlgorithm,
};

/// A key that seals, with the certificates that vouch for it.
pub struct AgencySeal {
    pub(crate) key: Box<dyn SealKey + Send + Sync>,
    pub(crate) chain: Vec<Vec<u8>>,
    name: String,
    from: Timestamp,
    until: Timestamp,
    checked: bool,
}

/// Why a key and certificates are no seal.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum SealFault {
    /// The key is of a kind that seals nothing here.
    #[error("the key is neither P-256 nor RSA of 2048 to 4096 bits in PKCS#8")]
    Key,
    /// The certificate is of another key.
    #[error("the key does not belong to the first certificate; the agency's own must stand first")]
    OtherKey,
    /// There is no certificate.
    #[error("there is no certificate")]
    Empty,
    /// There are more certificates than a file takes.
    #[error("more than {MAX_CHAIN} certificates")]
    Long,
    /// A certificate cannot be read.
    #[error("certificate {at}: {error}")]
    Unreadable {
        /// Which one, from 1.
        at: usize,
        /// Why.
        error: documents::Error,
    },
    /// A certificate was issued, or signed, by another than the next one.
    #[error("certificate {at} was not signed by certificate {}; the order is agency, then whoever signed it", at + 1)]
    Order {
        /// Which one, from 1.
        at: usize,
    },
    /// A certificate may not vouch for others.
    #[error("certificate {at} may not vouch for others (it is no CA)")]
    NoAuthority {
        /// Which one, from 1.
        at: usize,
    },
    /// The agency's certificate is for something else.
    #[error("the first certificate is not for signing documents (digitalSignature, nonRepudiation)")]
    NotForSigning,
}

impl AgencySeal {
    /// A seal whose key somebody else keeps, such as a security module. `chain`: X.509 certificates in DER, the agency's
    /// own first, then those that vouch for it (电子签名法 art. 16).
    ///
    /// # Errors
    /// [`SealFault`] when the chain is none, as far as its signatures can be checked here.
    pub fn new(key: Box<dyn SealKey + Send + Sync>, chain: Vec<Vec<u8>>) -> Result<Self, SealFault> {
        let facts = read(&chain)?;
        let checked = in_order(&facts)?;
        let own = facts.first().ok_or(SealFault::Empty)?;
        if facts.len() > MAX_CHAIN {
            return Err(SealFault::Long);
        }
        if !matches!(own.key, PublicKey::P256(_) | PublicKey::Rsa { .. }) {
            return Err(SealFault::Key);
        }
        if !own.signs {
            return Err(SealFault::NotForSigning);
        }
        let from = facts.iter().map(|one| one.from).max().unwrap_or(own.from);
        let until = facts.iter().map(|one| one.until).min().unwrap_or(own.until);
        let name = own.name();
        Ok(Self { key, chain, name, from, until, checked })
    }

    /// A seal with a key in memory: PKCS#8 in DER, P-256 or RSA. The bytes are the caller's to wipe.
    ///
    /// # Errors
    /// [`SealFault`] when the key is none, is not the first certificate's, or the chain is none.
    pub fn of_pkcs8(key: &[u8], chain: Vec<Vec<u8>>) -> Result<Self, SealFault> {
        let facts = read(&chain)?;
        let own = facts.first().ok_or(SealFault::Empty)?;
        let key = KeptKey::read(key)?;
        if !key.is_of(&own.key) {
            return Err(SealFault::OtherKey);
        }
        Self::new(Box::new(key), chain)
    }

    /// Whose it is, in the words of the certificate.
    #[must_use]
    pub fn name(&self) -> &str {
        &self.name
    }

    /// The last moment of the certificate that ends first.
    #[must_use]
    pub fn until(&self) -> Timestamp {
        self.until
    }

    /// Whether every certificate holds at `now`.
    #[must_use]
    pub fn holds(&self, now: Timestamp) -> bool {
        (self.from..=self.until).contains(&now)
    }

    /// Whether every signature in the chain was checked: false where one is of a kind that cannot be checked here.
    #[must_use]
    pub fn checked(&self) -> bool {
        self.checked
    }
}

fn read(chain: &[Vec<u8>]) -> Result<Vec<Facts<'_>>, SealFault> {
    let numbered = chain.iter().zip(1..);
    numbered.map(|(der, at)| Facts::read(der).map_err(|error| SealFault::Unreadable { at, error })).collect()
}

/// Whether each certificate was signed by the next one, which may do so; false where a signature is of an unknown kind.
fn in_order(chain: &[Facts<'_>]) -> Result<bool, SealFault> {
    let mut checked = true;
    for ((below, above), at) in chain.iter().zip(chain.iter().skip(1)).zip(1..) {
        if below.issuer != above.subject {
            return Err(SealFault::Order { at });
        }
        if !above.vouches {
            return Err(SealFault::NoAuthority { at: at + 1 });
        }
        match signed_by(below, &above.key) {
            Some(true) => {}
            Some(false) => return Err(SealFault::Order { at }),
            None => checked = false,
        }
    }
    Ok(checked)
}

/// Whether the key's holder signed a certificate; none where its kind cannot be checked here.
fn signed_by(certificate: &Facts<'_>, key: &PublicKey<'_>) -> Option<bool> {
    let (algorithm, bytes): (&'static dyn VerificationAlgorithm, &[u8]) = match (key, certificate.signed_with)
    {
        (PublicKey::P256(point), SignedWith::EcdsaSha256) => (&ECDSA_P256_SHA256_ASN1, point),
        (PublicKey::P256(point), SignedWith::EcdsaSha384) => (&ECDSA_P256_SHA384_ASN1, point),
        (PublicKey::P384(point), SignedWith::EcdsaSha256) => (&ECDSA_P384_SHA256_ASN1, point),
        (PublicKey::P384(point), SignedWith::EcdsaSha384) => (&ECDSA_P384_SHA384_ASN1, point),
        (PublicKey::Rsa { whole, .. }, SignedWith::RsaSha256) => (&RSA_PKCS1_2048_8192_SHA256, whole),
        (PublicKey::Rsa { whole, .. }, SignedWith::RsaSha384) => (&RSA_PKCS1_2048_8192_SHA384, whole),
        (PublicKey::Rsa { whole, .. }, SignedWith::RsaSha512) => (&RSA_PKCS1_2048_8192_SHA512, whole),
        (PublicKey::Other, _) | (_, SignedWith::Other) => return None,
        // A signature of one kind by a key of another.
        _ => return Some(false),
    };
    let verified = UnparsedPublicKey::new(algorithm, bytes).verify(certificate.signed, certificate.signature);
    Some(verified.is_ok())
}

/// A key in this process's memory.
enum KeptKey {
    P256(EcdsaKeyPair),
    Rsa(RsaKeyPair),
}

impl KeptKey {
    fn read(pkcs8: &[u8]) -> Result<Self, SealFault> {
        let kind = &ECDSA_P256_SHA256_ASN1_SIGNING;
        if let Ok(key) = EcdsaKeyPair::from_pkcs8(kind, pkcs8, &SystemRandom::new()) {
            return Ok(Self::P256(key));
        }
        RsaKeyPair::from_pkcs8(pkcs8).map(Self::Rsa).map_err(|_| SealFault::Key)
    }

    fn is_of(&self, public: &PublicKey<'_>) -> bool {
        match (self, public) {
            (Self::P256(key), PublicKey::P256(point)) => key.public_key().as_ref() == *point,
            (Self::Rsa(key), PublicKey::Rsa { whole, .. }) => key.public().as_ref() == *whole,
            _ => false,
        }
    }
}

impl SealKey for KeptKey {
    fn sign(&self, message: &[u8]) -> Result<Vec<u8>, KeyFailed> {
        let chance = SystemRandom::new();
        let failed = |error: ring::error::Unspecified| KeyFailed(error.to_string());
        match self {
            Self::P256(key) => {
                key.sign(&chance, message).map(|signature| signature.as_ref().to_vec()).map_err(failed)
            }
            Self::Rsa(key) => {
                let mut signature = vec![0; key.public().modulus_len()];
                let signed = key.sign(&RSA_PKCS1_SHA256, &chance, message, &mut signature);
                signed.map(|()| signature).map_err(failed)
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use documents::{KeyFailed, SealKey, x509};
    use domain::Timestamp;
    use ring::signature::{ECDSA_P256_SHA256_ASN1_SIGNING, EcdsaKeyPair};

    use super::{AgencySeal, KeptKey, SealFault};

    const RSA_KEY: &[u8] = include_bytes!("../../documents/tests/rsa/key.der");
    const RSA_AGENCY: &[u8] = include_bytes!("../../documents/tests/rsa/agency.der");
    const RSA_ROOT: &[u8] = include_bytes!("../../documents/tests/rsa/root.der");

    fn key() -> Vec<u8> {
        let kind = &ECDSA_P256_SHA256_ASN1_SIGNING;
        let chance = ring::rand::SystemRandom::new();
        EcdsaKeyPair::generate_pkcs8(kind, &chance).unwrap().as_ref().to_vec()
    }

    /// A root's key and certificate, and an agency's.
    fn made() -> [(Vec<u8>, Vec<u8>); 2] {
        let (root_key, own_key) = (key(), key());
        let root = issued("示例根证书", &root_key, None, &root_key);
        let own = issued("示例局", &own_key, Some(&root), &root_key);
        [(root_key, root), (own_key, own)]
    }

    fn issued(name: &str, key: &[u8], issuer: Option<&[u8]>, signer: &[u8]) -> Vec<u8> {
        let KeptKey::P256(pair) = KeptKey::read(key).unwrap() else { panic!("P-256") };
        let public = ring::signature::KeyPair::public_key(&pair).as_ref().try_into().unwrap();
        let moment = |text: &str| text.parse::<Timestamp>().unwrap();
        let (from, until) = (moment("2026-01-01T00:00:00Z"), moment("2027-01-01T00:00:00Z"));
        let asked = x509::Request { name, public_key: &public, serial: [9; 16], from, until };
        let signer = KeptKey::read(signer).unwrap();
        match issuer {
            Some(issuer) => x509::seal(&asked, issuer, &signer).unwrap(),
            None => x509::root(&asked, &signer).unwrap(),
        }
    }

    fn fault(key: &[u8], chain: &[&[u8]]) -> SealFault {
        AgencySeal::of_pkcs8(key, chain.iter().map(|der| der.to_vec()).collect()).err().unwrap()
    }

    #[test]
    fn keys_and_chains_that_fit_are_seals() {
        let [(_, root), (key, own)] = made();
        let seal = AgencySeal::of_pkcs8(&key, vec![own.clone(), root]).unwrap();
        assert_eq!((seal.name(), seal.checked()), ("示例局", true));
        assert!(seal.holds("2026-11-23T00:00:00Z".parse().unwrap()));
        assert!(!seal.holds("2027-01-01T00:00:01Z".parse().unwrap()));
        assert!(!seal.holds("2025-12-31T23:59:59Z".parse().unwrap()));
        // The root need not stand there.
        assert!(AgencySeal::of_pkcs8(&key, vec![own]).is_ok());
        let seal = AgencySeal::of_pkcs8(RSA_KEY, vec![RSA_AGENCY.to_vec(), RSA_ROOT.to_vec()]).unwrap();
        assert_eq!((seal.name(), seal.checked()), ("示例市公安局电子印章", true));
        assert_eq!(seal.key.sign(b"a file").unwrap().len(), 256);
    }

    #[test]
    fn what_does_not_belong_together_is_refused() {
        let [(root_key, root), (key, own)] = made();
        let [(_, other_root), (other_key, _)] = made();
        assert_eq!(fault(&key, &[]), SealFault::Empty);
        assert_eq!(fault(b"no key", &[&own]), SealFault::Key);
        let ring = [&own[..], &root, &root, &root, &root, &root];
        assert_eq!(fault(&key, &ring), SealFault::Long);
        assert_eq!(fault(&other_key, &[&own, &root]), SealFault::OtherKey);
        assert_eq!(fault(RSA_KEY, &[&own, &root]), SealFault::OtherKey);
        assert_eq!(fault(&key, &[&root, &own]), SealFault::OtherKey, "the order is turned round");
        // Another root of the same name: only the signature tells.
        assert_eq!(fault(&key, &[&own, &other_root]), SealFault::Order { at: 1 });
        assert_eq!(fault(&key, &[&own, RSA_ROOT]), SealFault::Order { at: 1 });
        assert_eq!(fault(&root_key, &[&root]), SealFault::NotForSigning);
        let unreadable = fault(&key, &[&own, b"no certificate"]);
        assert!(matches!(unreadable, SealFault::Unreadable { at: 2, .. }), "{unreadable}");
        // A seal vouches for nobody, whoever it signed.
        let below = issued("示例所", &other_key, Some(&own), &key);
        assert_eq!(fault(&other_key, &[&below, &own, &root]), SealFault::NoAuthority { at: 2 });
        // One byte of the name is another.
        let mut altered = own.clone();
        let at = altered.windows(9).rposition(|part| part == "示例局".as_bytes()).unwrap();
        altered[at] ^= 1;
        assert_eq!(fault(&key, &[&altered, &root]), SealFault::Order { at: 1 });
    }

    struct Elsewhere;

    impl SealKey for Elsewhere {
        fn sign(&self, _: &[u8]) -> Result<Vec<u8>, KeyFailed> {
            Err(KeyFailed("away".to_owned()))
        }
    }

    #[test]
    fn a_key_elsewhere_needs_a_chain_all_the_same() {
        let [(_, root), (_, own)] = made();
        assert!(AgencySeal::new(Box::new(Elsewhere), vec![own.clone(), root.clone()]).is_ok());
        let turned = AgencySeal::new(Box::new(Elsewhere), vec![root, own]).err();
        assert_eq!(turned, Some(SealFault::Order { at: 1 }));
    }
}
