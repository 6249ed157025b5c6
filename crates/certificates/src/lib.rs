//! Electronic certificates 电子证照: their identifiers, what they say and whether they hold; the keys that sign
//! them; SD-JWT VC, token status lists and the codes that a holder shows.
//!
//! Pure: no clock, no chance, no network, no database. Whoever calls brings the time and the random bytes, fetches
//! status lists and remembers which nonces and codes were used. What could not be checked is never called valid: see
//! [`Verdict`].

mod base64url;
mod certificate;
mod disclosure;
mod holder_proof;
mod id;
mod issue;
mod jwk;
mod jws;
mod key;
mod key_set;
mod present;
mod qr;
mod refusal;
mod show;
mod show_text;
mod status_list;
mod strict;
mod unpack;
mod verify;

pub use certificate::{Certificate, Facts, Grade, Holder, HolderKind, Issuer, Naming, Status};
pub use disclosure::SdJwt;
pub use holder_proof::{HolderProof, PROOF_ALGORITHMS};
pub use id::{BadCertificateId, CertificateId};
pub use issue::{CannotIssue, Issue};
pub use jwk::BadJwk;
pub use jws::{sign_jwt, sign_jwt_as, verify_jwt};
pub use key::{Algorithm, BadKey, SigningKey, VerifyingKey};
pub use key_set::KeySet;
pub use present::{Binding, CannotPresent};
pub use qr::{QrError, qr_svg};
pub use refusal::Refusal;
pub use show::{CannotShow, SHOW_SECONDS, Shown, ShownCertificate};
pub use status_list::{BadList, StatusClaim, StatusList, StatusToken, TokenStatus};
pub use verify::{BindingRule, Credential, Lookup, Nonce, Policy, Verdict, WhyNotChecked, verify};

/// Random bytes as an argument: fills the slice, from the system's generator in production and a seed in tests.
pub type Chance<'a> = &'a mut dyn FnMut(&mut [u8]);
