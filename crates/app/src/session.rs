//! Sessions and who they stand for.

use casework::{Actor, Known, Officer};
use domain::{CitizenNumber, PersonId, Sex, micros};
use identity::{Principal, RealNameLevel};
use ring::digest::{SHA256, digest};
use serde::{Deserialize, Serialize};
use uuid::Uuid;

use crate::level::enough;
use crate::second_factor::WAITING_KIND;
use crate::{App, Error};

/// A session is written again at most this often (µs), so that reading pages does not write.
const TOUCH_EVERY: i64 = 60_000_000;

/// How often a change of a profile is decided anew when somebody else was faster.
pub(crate) const TRIES: usize = 8;

/// Somebody signed in.
#[derive(Debug, Clone)]
pub struct Session {
    /// Who.
    pub principal: Principal,
    /// What a form must carry to be believed.
    pub csrf: String,
    /// The principal's id: the session's shard.
    pub(crate) owner: Uuid,
    /// When it was opened, in microseconds since 1970.
    pub(crate) begun: i64,
    pub(crate) token_hash: Vec<u8>,
}

/// A person as shown to themselves; sealed when stored.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Profile {
    /// Name.
    pub name: String,
    /// Citizen number, whole.
    pub number: String,
    /// Mobile number.
    pub mobile: Option<String>,
    /// Address.
    pub address: Option<String>,
    /// How sure we are who they are: the most that was ever proved.
    pub level: RealNameLevel,
    /// Who vouched for that: a provider's id, `directory` or `window`.
    #[serde(default)]
    pub provider: String,
    /// An organisation; then the number is its credit code.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub organisation: bool,
    /// A station: a thing of an organisation's. It has no number.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub station: bool,
}

impl Profile {
    pub(crate) fn of(claims: &identity::Claims) -> Self {
        Self {
            name: claims.name.clone(),
            number: claims.number.reveal().to_owned(),
            mobile: claims.mobile.clone(),
            address: claims.address.clone(),
            level: claims.level,
            provider: claims.provider.clone(),
            organisation: false,
            station: false,
        }
    }

    /// What is known after another proof: what was proved with less never replaces what was proved with more.
    pub(crate) fn after(self, claims: &identity::Claims) -> Self {
        let mobile = claims.mobile.clone().or_else(|| self.mobile.clone());
        let address = claims.address.clone().or_else(|| self.address.clone());
        let known = if claims.level < self.level { self } else { Self::of(claims) };
        Self { mobile, address, ..known }
    }

    /// What decision models may know of the person.
    #[must_use]
    pub(crate) fn known(&self) -> Known {
        if self.organisation {
            return Known::default();
        }
        let number = self.number.parse::<CitizenNumber>().ok();
        let sex = number.as_ref().map(|number| match number.sex() {
            Sex::Female => "female",
            Sex::Male => "male",
        });
        Known {
            sex: sex.map(str::to_owned),
            born: number.map(|number| number.birthday()),
            level: Some(self.level.number()),
            provider: Some(self.provider.clone()).filter(|provider| !provider.is_empty()),
        }
    }

    /// The same where `hand` acted: how sure we are is about whoever acted.
    pub(crate) fn known_by(&self, hand: &Self) -> Known {
        let Known { level, provider, .. } = hand.known();
        Known { level, provider, ..self.known() }
    }

    /// The citizen number with all but its ends starred.
    #[must_use]
    pub fn masked_number(&self) -> String {
        // A credit code is public (社会信用代码 stands on every licence), and so is shown whole.
        if self.organisation {
            return self.number.clone();
        }
        self.number.parse::<CitizenNumber>().map(|n| n.masked()).unwrap_or_default()
    }
}

impl Session {
    /// The citizen, if it is one.
    #[must_use]
    pub fn citizen(&self) -> Option<PersonId> {
        match self.principal {
            Principal::Citizen { person, .. } => Some(person),
            Principal::Officer { .. } => None,
        }
    }

    /// The officer, if it is one.
    #[must_use]
    pub fn officer(&self) -> Option<Officer> {
        match &self.principal {
            Principal::Citizen { .. } => None,
            Principal::Officer { id, name, agency, area, roles, person } => Some(Officer {
                id: *id,
                name: name.clone(),
                agency: agency.clone(),
                area: area.clone(),
                roles: roles.clone(),
                person: *person,
            }),
        }
    }

    /// What outlasts a session is for sessions in which the name was matched: one that was only declared may be
    /// anybody's, whatever its owner proves in the same moment.
    pub(crate) fn matched(&self) -> Result<(), Error> {
        match &self.principal {
            Principal::Citizen { proof, .. } => enough(proof.level, RealNameLevel::Matched),
            Principal::Officer { .. } => Ok(()),
        }
    }

    /// The principal's own id, by which limits count.
    #[must_use]
    pub fn owner(&self) -> Uuid {
        self.owner
    }

    /// Who acts in this session.
    #[must_use]
    pub fn actor(&self) -> Actor {
        match (self.citizen(), self.officer()) {
            (Some(person), _) => Actor::Applicant(person),
            (None, Some(officer)) => Actor::Officer(officer),
            (None, None) => unreachable!("a principal is a citizen or an officer"),
        }
    }
}

/// What the cookie holds: the owner's id and 32 random bytes. Only the hash of the bytes is stored.
pub(crate) fn cookie(owner: Uuid, token: &[u8; 32]) -> String {
    format!("{}.{}", owner.simple(), hex(token))
}

pub(crate) fn read_cookie(cookie: &str) -> Option<(Uuid, Vec<u8>)> {
    let (owner, token) = cookie.split_once('.')?;
    let owner = Uuid::try_parse(owner).ok()?;
    (token.len() == 64).then(|| unhex(token)).flatten().map(|token| (owner, token))
}

pub(crate) fn token_hash(token: &[u8]) -> Vec<u8> {
    digest(&SHA256, token).as_ref().to_vec()
}

/// The secret that a session's forms carry: derived, so that the cookie's token itself stands in no page.
pub(crate) fn csrf(token: &[u8]) -> Vec<u8> {
    let mut salted = b"csrf/".to_vec();
    salted.extend_from_slice(token);
    digest(&SHA256, &salted).as_ref()[..16].to_vec()
}

pub(crate) fn hex(bytes: &[u8]) -> String {
    use std::fmt::Write;
    bytes.iter().fold(String::with_capacity(bytes.len() * 2), |mut text, byte| {
        let _ = write!(text, "{byte:02x}");
        text
    })
}

/// What only notes that something was read may fail on a full disk or a busy store: reading goes on.
pub(crate) fn reading_goes_on(noted: Result<(), store::Error>) -> Result<(), Error> {
    match noted {
        Err(store::Error::Full | store::Error::Busy | store::Error::Stopped) => Ok(()),
        noted => Ok(noted?),
    }
}

fn unhex(text: &str) -> Option<Vec<u8>> {
    (0..text.len()).step_by(2).map(|i| u8::from_str_radix(text.get(i..i + 2)?, 16).ok()).collect()
}

impl App {
    /// The session a cookie stands for, while it lasts.
    ///
    /// # Errors
    /// When the store cannot answer.
    pub async fn session(&self, cookie: &str) -> Result<Option<Session>, Error> {
        let Some((owner, token)) = read_cookie(cookie) else { return Ok(None) };
        let hash = token_hash(&token);
        let now = micros(self.now());
        let Some(row) = self.store.session(owner, &hash, now).await? else { return Ok(None) };
        if row.kind == WAITING_KIND {
            return Ok(None);
        }
        let Some(principal) = self.now_is(serde_json::from_str(&row.principal)?) else { return Ok(None) };
        let idle = principal.kind().policy().idle * 1_000_000;
        if now - row.seen_at > idle || !self.still_opens(&principal).await? {
            return Ok(None);
        }
        if now - row.seen_at > TOUCH_EVERY {
            let touched = self.store.touch_session(owner, hash.clone(), now, row.expires_at).await;
            reading_goes_on(touched)?;
        }
        Ok(Some(Session { principal, csrf: hex(&row.csrf), owner, begun: row.created_at, token_hash: hash }))
    }

    /// Ends a session.
    ///
    /// # Errors
    /// When the store cannot take it.
    pub async fn sign_out(&self, session: &Session) -> Result<(), Error> {
        self.store.end_session(session.owner, session.token_hash.clone()).await?;
        self.partners_left(session.owner, &session.token_hash).await
    }

    /// Whether a session may still open what it was opened for: one that somebody only declared themselves in opens
    /// nothing of an account that was proved with more since. Asked each time, so that none slips through that was
    /// opened while the proof was being kept.
    pub(crate) async fn still_opens(&self, principal: &Principal) -> Result<bool, Error> {
        match principal {
            Principal::Citizen { person, proof } if proof.level == RealNameLevel::Declared => {
                Ok(self.profile(*person).await?.level == RealNameLevel::Declared)
            }
            _ => Ok(true),
        }
    }

    /// A person's profile, unsealed.
    ///
    /// # Errors
    /// [`Error::NotFound`] when there is none, or its key was destroyed.
    pub async fn profile(&self, person: PersonId) -> Result<Profile, Error> {
        Ok(serde_json::from_slice(&self.store.profile(person.0).await?)?)
    }

    /// Changes a person's profile, decided anew on what stands there whenever somebody was faster. The profile before
    /// and after.
    ///
    /// # Errors
    /// What `change` answers; [`Error::Contention`] when others were faster each time.
    pub(crate) async fn change_profile(
        &self,
        person: PersonId,
        change: impl Fn(&Profile) -> Result<Profile, Error>,
    ) -> Result<(Profile, Profile), Error> {
        for _ in 0..TRIES {
            let read = self.store.read_profile(person.0).await?;
            let before: Profile = serde_json::from_slice(&read.profile)?;
            let after = change(&before)?;
            if after == before {
                return Ok((before, after));
            }
            let written = serde_json::to_vec(&after)?;
            match self.store.change_profile(&read, &written, micros(self.now())).await {
                Err(store::Error::Conflict) => {}
                changed => return Ok(changed.map(|()| (before, after))?),
            }
        }
        Err(Error::Contention)
    }
}
