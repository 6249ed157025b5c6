//! What the product does, one file per noun: between whoever asks (pages, commands, timers) and the store.
//!
//! Every use case says who acts, asks `casework` what is lawful, commits, and only then answers. Nothing in
//! here speaks HTTP or SQL.

mod act;
mod acting;
mod batch_issue;
mod case_file;
mod certificate_desk;
mod certificate_pdf;
mod certificate_serial;
mod certificates_held;
mod check_code;
mod complete;
mod consent;
mod correct;
mod credential_types;
mod credentials;
mod dead_letters;
mod definitions;
mod desk;
mod drafts;
mod erase;
mod error;
mod fetch;
mod files;
mod handles;
mod issue_certificate;
mod issuer_keys;
mod level;
mod mapping;
mod messages;
mod move_cases;
mod offers;
mod officers;
mod oidc;
mod oidc_signature;
mod once;
mod organisations;
mod partners;
mod parts;
mod permissions;
mod proofs;
mod providers;
mod random;
mod reads;
mod rebuild;
mod reviews;
mod rights;
mod seal_keys;
mod seals;
mod second_factor;
mod session;
mod sessions;
mod show_code;
mod sign_in;
mod stations;
mod status_list;
mod submit;
mod supervise;
mod ties;
mod trip;
mod unmask;
mod verify;
mod walk;
mod wallet_answers;
mod wallet_asks;
mod wallet_offers;
mod webhooks;
mod wechat;
mod window;
mod worker;

use std::sync::Arc;

use domain::{Clock, Timestamp};
use identity::{CompanyRegister, KinRegister, MiniProgram, OfficerDirectory, Provider};
use packs::Catalogue;
use search::Index;
use store::Store;
use tokio::sync::Notify;

pub use acting::{Acting, Party};
pub use batch_issue::{Batch, BatchRow, Row, RowFault};
pub use case_file::{CaseFile, MyCases};
pub use certificate_desk::{DeskCertificate, IssuerWish};
pub use certificate_pdf::Paper;
pub use certificates::Algorithm;
pub use certificates_held::{Held, LedgerLine, Standing};
pub use check_code::{Checked, Told, Verifier};
pub use consent::{ConsentAsked, ConsentState, Consented, consent_asked};
pub use correct::{Correction, Upload};
pub use credential_types::{CREDENTIAL_LABELS, Labels};
pub use dead_letters::DeadLetter;
pub use definitions::{Definitions, USUAL_ROLES, special_roles};
pub use desk::{DeskFilter, DeskRow, MAX_CLAIMS};
pub use drafts::{Draft, DraftBody, DraftMaterial, MAX_DRAFTS};
pub use erase::{DEFAULT_RETENTION_YEARS, Erased, Erasing, Keep};
pub use error::Error;
pub use fetch::{Answer, Ask, Fetch, FetchError, Fetched};
pub use files::{FileError, FileRef, MAX_FILE_BYTES, MAX_FILES};
pub use issuer_keys::IssuerKeyInfo;
pub use mapping::WAITING;
pub use messages::Message;
pub use move_cases::{InUse, Migration, Moved};
pub use offers::Offered;
pub use officers::{OfficerAct, OfficerState, officer_id};
pub use oidc::OidcProvider;
pub use once::{MAX_KEY, Once};
pub use partners::{
    Access, Asked, Authorisation, AuthorisationRequest, AuthorisedScope, CodeUse, Leaving, LogoutRequest,
    MAX_CONSENT_DAYS, OauthError, Partner, PartnerFile, PartnerSecret, Prompt, Returning, Scope, Step,
    TokenAnswer, Wrong,
};
pub use parts::{Part, part_title};
pub use permissions::{Authority, MAX_PERMITTED_DAYS, Permitted};
pub use proofs::{Proof, ProofField, UsedProof};
pub use random::{Random, SystemRandom};
pub use reads::{Look, Looked, ReadCase, ReadLine, Reader};
pub use rebuild::Rebuilt;
pub use reviews::{
    AgreementOf, Agreements, CLASSES, FALSE_CALLS, Found, Given, GivenVerdict, Label, MAX_DRAWN, MAX_REVIEWS,
    Marks, OTHER, Pair, Place, Review, ReviewDesk, ReviewUnit, Reviews, Said, drawn, known,
};
pub use seal_keys::{AgencySeal, SealFault};
pub use seals::Seals;
pub use second_factor::{MAX_PASSKEYS, PasskeyAnswer, PasskeyLine, Second, Waiting};
pub use session::{Profile, Session};
pub use sessions::SessionLine;
pub use show_code::{Code, NAMES, RENEW_SECONDS, qr};
pub use sign_in::SignedIn;
pub use stations::{
    Counts, Decided, FIRST_UNIT, LineDay, LineNow, LineStation, LotFile, LotFormat, LotLine, LotPage,
    LotRecipe, LotRelease, LotStands, LotUnit, MAX_BATCH, MAX_FINDINGS, MAX_LOT, MAX_STATIONS, Report,
    Reported, Sampling, Sent, Station, StationCredential, StationError, StationFinding, StationLine,
    UnitCursor, UnitFinding,
};
pub use supervise::{Card, Carded, cards_of};
pub use ties::{ASK_DAYS, AskView, MAX_TIE_DAYS, TieError, TieState, TieView, TieWish};
pub use trip::{Left, TRIP_SECONDS, Trip};
pub use unmask::{UnmaskReason, Unmasked};
pub use verify::{Fault, Verified};
pub use walk::{Failure, WalkReport, Walked, sample_pdf};
pub use wallet_asks::{
    ShownByWallet, WALLET_REASONS, WalletQuestion, WalletState, WalletWish, askable, wallet_link,
};
pub use wallet_offers::{PRE_AUTHORIZED, WalletOffered, WalletToken};
pub use webhooks::{Webhook, WebhookSecret};
pub use wechat::WechatEntry;
pub use window::{CardKind, Colleague, Seen, WindowAct, WindowFault};

/// How many outbox rows a worker takes at once, and for how long (µs) they are its own.
pub(crate) const WORKER_BATCH: i64 = 128;
pub(crate) const WORKER_LEASE: i64 = 30_000_000;

/// Everything a use case needs. Cheap to share behind an `Arc`.
pub struct App {
    /// What the packs say.
    pub catalogue: Arc<Catalogue>,
    /// The catalogue's index.
    pub search: Arc<Index>,
    /// Definitions by digest: those of the catalogue and those old cases keep.
    pub definitions: Definitions,
    /// The database and the blobs.
    pub store: Store,
    /// Who vouches for citizens; none is connected until one is configured.
    providers: Vec<Arc<dyn Provider>>,
    /// The mini-program whose people may enter by their WeChat account.
    wechat: Option<MiniProgram>,
    /// Who sits at the desks.
    pub officers: Option<Arc<dyn OfficerDirectory>>,
    /// Who belongs to whom; none is connected until one is configured.
    pub registers: Registers,
    clock: Arc<dyn Clock>,
    random: Arc<dyn Random>,
    wake: Notify,
    /// An application is to be told of a sign-out.
    pub(crate) tell: Notify,
    officers_need_passkeys: bool,
    keys: issuer_keys::Keys,
    /// The agencies' own seals; without them files bear one of this installation's making.
    seals: Option<Arc<dyn Seals>>,
    http: Arc<dyn fetch::Fetch>,
    /// Where agencies' own systems listen, by code.
    webhooks: std::collections::HashMap<String, Webhook>,
    noted: reads::Noted,
    retention_years: u16,
}

/// The registers that vouch for ties.
#[derive(Clone, Default)]
pub struct Registers {
    /// Parents and children, and who has died.
    pub kin: Option<Arc<dyn KinRegister>>,
    /// Organisations and their legal representatives.
    pub companies: Option<Arc<dyn CompanyRegister>>,
}

/// What an [`App`] is put together from.
pub struct Parts {
    /// What the packs say.
    pub catalogue: Arc<Catalogue>,
    /// Its index.
    pub search: Arc<Index>,
    /// The database and the blobs.
    pub store: Store,
    /// Who vouches for citizens on the portal's own page; others are added by [`App::with_provider`].
    pub provider: Option<Arc<dyn Provider>>,
    /// Who sits at the desks.
    pub officers: Option<Arc<dyn OfficerDirectory>>,
    /// The time.
    pub clock: Arc<dyn Clock>,
    /// Chance.
    pub random: Arc<dyn Random>,
}

impl App {
    /// Puts the parts together.
    ///
    /// # Errors
    /// When an item cannot be written as a definition, which no loaded pack can cause.
    pub fn new(parts: Parts) -> Result<Self, Error> {
        let definitions = Definitions::of(&parts.catalogue)?;
        Ok(Self {
            catalogue: parts.catalogue,
            search: parts.search,
            definitions,
            store: parts.store,
            providers: parts.provider.into_iter().collect(),
            wechat: None,
            officers: parts.officers,
            registers: Registers::default(),
            clock: parts.clock,
            random: parts.random,
            wake: Notify::new(),
            tell: Notify::new(),
            officers_need_passkeys: false,
            keys: issuer_keys::Keys::default(),
            seals: None,
            noted: reads::Noted::default(),
            retention_years: DEFAULT_RETENTION_YEARS,
            http: Arc::new(fetch::NoFetch),
            webhooks: std::collections::HashMap::new(),
        })
    }

    /// Connects registers.
    #[must_use]
    pub fn with_registers(self, registers: Registers) -> Self {
        Self { registers, ..self }
    }

    /// Connects a client by which other services are asked.
    #[must_use]
    pub fn with_http(self, http: Arc<dyn Fetch>) -> Self {
        Self { http, ..self }
    }

    /// How other services are asked.
    #[must_use]
    pub fn http(&self) -> &dyn Fetch {
        self.http.as_ref()
    }

    /// Now.
    #[must_use]
    pub fn now(&self) -> Timestamp {
        self.clock.now()
    }

    /// Ready to serve: the store answers.
    ///
    /// # Errors
    /// When it does not.
    pub async fn ready(&self) -> Result<(), Error> {
        Ok(self.store.ready().await?)
    }

    /// Whether this is a demonstration.
    #[must_use]
    pub fn demo(&self) -> bool {
        self.provider("demo").is_some()
    }

    /// A new id: UUID version 7, of now and 74 random bits.
    pub(crate) fn new_id(&self) -> uuid::Uuid {
        let millis = u64::try_from(self.now().as_millisecond()).unwrap_or_default();
        let mut bytes = [0; 10];
        self.random.fill(&mut bytes);
        uuid::Builder::from_unix_timestamp_millis(millis, &bytes).into_uuid()
    }
}
