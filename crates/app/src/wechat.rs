//! Entering by a WeChat mini-program: a WeChat account opens what somebody who had proved their name tied to it.
//!
//! The account's id is kept as a keyed hash, the session key of WeChat not at all.

use domain::{PersonId, Timestamp, from_micros, micros};
use identity::webauthn::{from_base64url, to_base64url};
use identity::{MiniProgram, Principal, Proof, WechatFault};
use ring::digest::{SHA256, digest};
use store::{Binding, Error as StoreError};
use uuid::Uuid;

use crate::fetch::Ask;
use crate::{App, Error, Session, SignedIn};

/// Id of the proof that a session opened so has.
const WECHAT: &str = "wechat";
/// Seconds for which a ticket may be used.
const TICKET: i64 = 600;

/// What a code of a mini-program comes to.
#[derive(Debug, Clone)]
pub enum WechatEntry {
    /// The account is tied to a person, who is in.
    SignedIn(SignedIn),
    /// It is tied to nobody yet: a ticket with which somebody who is signed in may tie it to themselves, once.
    Bind {
        /// The ticket.
        ticket: String,
        /// For how many seconds.
        seconds: i64,
    },
}

/// The keyed hash of an account, and the number that makes the ticket one of its own.
struct Ticket {
    lookup: [u8; 32],
    bytes: Vec<u8>,
}

impl Ticket {
    fn read(text: &str) -> Option<Self> {
        let bytes = Some(text).filter(|text| text.len() < 100).and_then(from_base64url)?;
        let lookup = bytes.get(..32)?.try_into().ok()?;
        Some(Self { lookup, bytes }).filter(|ticket| ticket.bytes.len() == 64)
    }

    /// Under which tickets of one account are noted: they belong to no person yet.
    fn shelf(&self) -> Uuid {
        let mut half = [0; 16];
        half.copy_from_slice(&self.lookup[..16]);
        uuid::Builder::from_custom_bytes(half).into_uuid()
    }

    fn hash(&self) -> Vec<u8> {
        digest(&SHA256, &[b"wechat/", self.bytes.as_slice()].concat()).as_ref().to_vec()
    }
}

fn service(program: &MiniProgram) -> String {
    format!("{WECHAT}:{}", program.app_id)
}

impl App {
    /// Whether a mini-program is connected.
    #[must_use]
    pub fn has_wechat(&self) -> bool {
        self.wechat.is_some()
    }

    fn program(&self) -> Result<&MiniProgram, Error> {
        self.wechat.as_ref().ok_or(Error::NotFound)
    }

    /// Enters with a code of `wx.login`.
    ///
    /// # Errors
    /// [`Error::Wechat`]; [`Error::NotFound`] where no mini-program is connected.
    pub async fn enter_by_wechat(&self, code: &str, user_agent: &str) -> Result<WechatEntry, Error> {
        let program = self.program()?;
        let ask = Ask { url: program.address(code)?, ..Ask::default() };
        let answer = self.http.fetch(ask).await.map_err(|error| {
            tracing::warn!(%error, "WeChat is not reached");
            WechatFault::Away
        })?;
        let openid = MiniProgram::openid(answer.status, &answer.body).inspect_err(|fault| {
            tracing::warn!(%fault, "WeChat's answer opens nothing");
        })?;
        let lookup = self.store.lookup(&service(program), &openid);
        let Some(person) = self.store.find_person(lookup).await?.map(PersonId) else {
            return self.ticket(*lookup.bytes()).await;
        };
        let level = self.profile(person).await?.level;
        let principal = Principal::Citizen { person, proof: Proof { provider: WECHAT.to_owned(), level } };
        Ok(WechatEntry::SignedIn(self.begin(person.0, principal, user_agent).await?))
    }

    async fn ticket(&self, lookup: [u8; 32]) -> Result<WechatEntry, Error> {
        let mut bytes = lookup.to_vec();
        bytes.resize(64, 0);
        self.random.fill(&mut bytes[32..]);
        let ticket = Ticket { lookup, bytes };
        let now = micros(self.now());
        self.store.add_challenge(ticket.shelf(), ticket.hash(), now, now + TICKET * 1_000_000).await?;
        Ok(WechatEntry::Bind { ticket: to_base64url(&ticket.bytes), seconds: TICKET })
    }

    /// Ties the WeChat account of a ticket to whoever is signed in, and tells them. One tied before is not any more.
    ///
    /// # Errors
    /// [`Error::Level`] for somebody whose name and number were not matched; [`Error::Wechat`] for a ticket that was
    /// used or an account that is somebody else's.
    pub async fn bind_wechat(&self, session: &Session, ticket: &str) -> Result<(), Error> {
        let provider = service(self.program()?);
        let person = session.citizen().ok_or(Error::SignIn)?;
        session.matched()?;
        let ticket = Ticket::read(ticket).ok_or(WechatFault::Ticket)?;
        let now = micros(self.now());
        let taken = self.store.take_challenge(ticket.shelf(), ticket.hash(), now).await;
        taken.map_err(|error| match error {
            StoreError::NotFound => WechatFault::Ticket.into(),
            error => Error::from(error),
        })?;
        let lookup = ticket.lookup.to_vec();
        let bound = self.store.bind(Binding { person: person.0, provider, lookup, bound_at: now }).await;
        bound.map_err(|error| match error {
            StoreError::Conflict => WechatFault::Taken.into(),
            error => Error::from(error),
        })?;
        Ok(self.store.add_message(self.account_message(person, "wechat-tied")?).await?)
    }

    /// Since when a WeChat account is tied to somebody.
    ///
    /// # Errors
    /// When the store cannot answer.
    pub async fn wechat_since(&self, person: PersonId) -> Result<Option<Timestamp>, Error> {
        let Some(program) = &self.wechat else { return Ok(None) };
        let binding = self.store.binding(person.0, &service(program)).await?;
        Ok(binding.map(|binding| from_micros(binding.bound_at)))
    }

    /// The WeChat account opens nothing any more; sessions that it opened end.
    ///
    /// # Errors
    /// [`Error::NotFound`] when none is tied.
    pub async fn unbind_wechat(&self, session: &Session) -> Result<(), Error> {
        let person = session.citizen().ok_or(Error::SignIn)?;
        if !self.drop_wechat(person).await? {
            return Err(Error::NotFound);
        }
        for row in self.store.sessions(person.0, micros(self.now())).await? {
            let principal: Principal = serde_json::from_str(&row.principal)?;
            let by_wechat =
                matches!(&principal, Principal::Citizen { proof, .. } if proof.provider == WECHAT);
            if by_wechat && row.token_hash != session.token_hash {
                self.store.end_session(person.0, row.token_hash).await?;
            }
        }
        Ok(self.store.add_message(self.account_message(person, "wechat-untied")?).await?)
    }

    /// Whether there was anything to untie.
    pub(crate) async fn drop_wechat(&self, person: PersonId) -> Result<bool, Error> {
        let Some(program) = &self.wechat else { return Ok(false) };
        match self.store.unbind(person.0, service(program)).await {
            Ok(()) => Ok(true),
            Err(StoreError::NotFound) => Ok(false),
            Err(error) => Err(error.into()),
        }
    }
}
