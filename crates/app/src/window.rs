//! Registration at a window: an officer who has seen somebody and their card vouches for them (level 5). The same
//! window takes lost passkeys away, so that nobody is locked out for good.

use casework::{Officer, Rule};
use domain::{CitizenNumber, OfficerId, PersonId, Timestamp, from_micros, micros};
use identity::{Claims, Denied, RealNameLevel, is_synthetic};
use packs::Role;
use serde::{Deserialize, Serialize};
use store::{Message as MessageRow, Registration};
use uuid::Uuid;

use crate::mapping::Effect;
use crate::session::{Profile, TRIES};
use crate::{App, Error};

/// Longest name on a card, in characters.
const MAX_NAME: usize = 40;
/// Longest reason, in characters.
const MAX_REASON: usize = 500;
/// The provider's id of who was seen at a window.
const WINDOW: &str = "window";

/// What somebody showed.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum CardKind {
    /// 居民身份证
    IdCard,
    /// 临时居民身份证
    TemporaryIdCard,
    /// 港澳台居民居住证
    ResidencePermit,
}

impl CardKind {
    /// All kinds.
    pub const ALL: [Self; 3] = [Self::IdCard, Self::TemporaryIdCard, Self::ResidencePermit];

    /// Id of its text (`card-<id>`).
    #[must_use]
    pub fn id(self) -> &'static str {
        match self {
            Self::IdCard => "id-card",
            Self::TemporaryIdCard => "temporary-id-card",
            Self::ResidencePermit => "residence-permit",
        }
    }
}

/// What an officer saw and writes down.
#[derive(Debug, Clone)]
pub struct Seen {
    /// Name on the card.
    pub name: String,
    /// Number on the card.
    pub number: String,
    /// Which card; `None` where none was chosen.
    pub card: Option<CardKind>,
    /// Why.
    pub reason: String,
    /// Lost passkeys go.
    pub remove_passkeys: bool,
}

/// What is wrong with what an officer wrote down.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum WindowFault {
    /// No card was chosen.
    #[error("no kind of card was chosen")]
    Card,
    /// No reason was given.
    #[error("no reason was given")]
    Reason,
}

/// The sealed words of a registration.
#[derive(Debug, Default, Serialize, Deserialize)]
struct Words {
    card: Option<CardKind>,
    reason: String,
}

/// An act at a window, as the person it is about sees it.
#[derive(Debug, Clone)]
pub struct WindowAct {
    /// When.
    pub at: Timestamp,
    /// Who did it.
    pub officer: String,
    /// Code of their agency.
    pub agency: String,
    /// `registered`, `passkeys-removed`.
    pub kind: String,
    /// What was shown.
    pub card: Option<CardKind>,
    /// Why.
    pub reason: String,
}

/// An officer of one's own agency, and how many passkeys they have.
#[derive(Debug, Clone)]
pub struct Colleague {
    /// The officer.
    pub card: identity::OfficerCard,
    /// Their passkeys.
    pub passkeys: usize,
}

impl App {
    /// Registers somebody whom an officer has seen with their card, or lifts them to that level; the person gets
    /// a message. Nobody registers themselves.
    ///
    /// # Errors
    /// [`Error::Forbidden`] without the role; [`Error::Denied`] for a name or number that cannot be; [`Error::Window`]
    /// for what is missing; [`Error::Refused`] with [`Rule::OwnCase`].
    pub async fn register_at_window(&self, officer: &Officer, seen: &Seen) -> Result<PersonId, Error> {
        if !officer.roles.contains(&Role::REGISTER) {
            return Err(Error::Forbidden);
        }
        let (claims, words) = self.written(seen)?;
        let lookup = self.store.lookup("citizen-number", claims.number.reveal());
        let known = self.store.find_person(lookup).await?.map(PersonId);
        let own = known.is_some() && known == officer.person;
        if own {
            return Err(Rule::OwnCase.into());
        }
        let person = match known {
            Some(person) => person,
            None => self.known_or_new(&Claims { level: RealNameLevel::Declared, ..claims.clone() }).await?,
        };
        for _ in 0..TRIES {
            match self.registered(officer, person, &claims, &words, seen.remove_passkeys).await {
                Err(Error::Store(store::Error::Conflict)) => {}
                done => return done.map(|()| person),
            }
        }
        Err(Error::Contention)
    }

    /// Notes what an officer saw, decided on the profile as it stands now.
    async fn registered(
        &self,
        officer: &Officer,
        person: PersonId,
        claims: &Claims,
        words: &Words,
        remove_passkeys: bool,
    ) -> Result<(), Error> {
        let read = self.store.read_profile(person.0).await?;
        let before: Profile = serde_json::from_slice(&read.profile)?;
        // A name that was matched before is not changed by a slip of the pen.
        if before.level > RealNameLevel::Declared && before.name != claims.name {
            return Err(Denied::Mismatch.into());
        }
        let level = before.level;
        let profile = serde_json::to_vec(&before.after(claims))?;
        let kind = if remove_passkeys { "passkeys-removed" } else { "registered" };
        let row = self.act_row(officer, person.0, kind, (level, claims.level));
        let message = self.account_message(person, &format!("window-{kind}"))?;
        let words = serde_json::to_vec(words)?;
        self.store.register(row, &words, (&read, &profile), remove_passkeys, message).await?;
        let look = crate::Look { why: "window".to_owned(), ..crate::Look::by_officer(officer) };
        self.note_read(person, (officer.id.0, ""), crate::Looked::Profile, &look).await?;
        if remove_passkeys {
            self.end_all_sessions(person.0).await?;
            // Whoever has lost the phone has lost the WeChat account on it.
            self.drop_wechat(person).await?;
        }
        Ok(())
    }

    fn written(&self, seen: &Seen) -> Result<(Claims, Words), Error> {
        let name: String = seen.name.trim().chars().take(MAX_NAME).collect();
        let number: CitizenNumber = seen.number.trim().parse().map_err(Denied::from)?;
        if name.is_empty() {
            return Err(Denied::Name.into());
        }
        if self.demo() && !is_synthetic(&number) {
            return Err(Denied::NotSynthetic.into());
        }
        let reason: String = seen.reason.trim().chars().take(MAX_REASON).collect();
        if seen.card.is_none() {
            return Err(WindowFault::Card.into());
        }
        if reason.is_empty() {
            return Err(WindowFault::Reason.into());
        }
        let claims = Claims {
            provider: WINDOW.to_owned(),
            name,
            number,
            mobile: None,
            address: None,
            level: RealNameLevel::InPerson,
        };
        Ok((claims, Words { card: seen.card, reason }))
    }

    /// An act of an officer for the record, its words not sealed yet.
    pub(crate) fn act_row(
        &self,
        officer: &Officer,
        person: Uuid,
        kind: &str,
        (before, after): (RealNameLevel, RealNameLevel),
    ) -> Registration {
        Registration {
            person,
            id: self.new_id(),
            at: micros(self.now()),
            officer: officer.id.0,
            officer_name: officer.name.clone(),
            agency: officer.agency.clone(),
            area: officer.area.as_str().to_owned(),
            kind: kind.to_owned(),
            level_before: i64::from(before.number()),
            level_after: i64::from(after.number().max(before.number())),
            sealed: Vec::new(),
        }
    }

    /// News about somebody's own account; texts `message-<event>-subject` and `-body`.
    pub(crate) fn account_message(&self, person: PersonId, event: &str) -> Result<MessageRow, Error> {
        let at = micros(self.now());
        let (number, item) = (String::new(), String::new());
        let effect = Effect { event: event.to_owned(), at, number, item, part: None, who: None };
        Ok(MessageRow {
            person: person.0,
            id: self.new_id(),
            at,
            kind: "account".to_owned(),
            data: serde_json::to_string(&effect)?,
            sealed: None,
            case_area: None,
            case_id: None,
            read_at: None,
        })
    }

    /// What was done at windows about a person, the latest first.
    ///
    /// # Errors
    /// When the store cannot answer.
    pub async fn window_acts(&self, person: PersonId) -> Result<Vec<WindowAct>, Error> {
        let rows = self.store.registrations(person.0).await?;
        let act = |(row, words): (Registration, Vec<u8>)| {
            let words: Words = serde_json::from_slice(&words)?;
            Ok(WindowAct {
                at: from_micros(row.at),
                officer: row.officer_name,
                agency: row.agency,
                kind: row.kind,
                card: words.card,
                reason: words.reason,
            })
        };
        rows.into_iter().map(act).collect()
    }

    /// The officers of one's own agency, and how many passkeys each has.
    ///
    /// # Errors
    /// [`Error::Forbidden`] for all but the head of the agency.
    pub async fn colleagues(&self, officer: &Officer) -> Result<Vec<Colleague>, Error> {
        if !officer.roles.contains(&Role::HEAD) {
            return Err(Error::Forbidden);
        }
        let cards = self.officers.as_ref().map(|known| known.of(&officer.agency)).unwrap_or_default();
        let mut colleagues = Vec::new();
        for card in cards {
            let passkeys = self.store.passkeys(card.id.0).await?.len();
            colleagues.push(Colleague { card, passkeys });
        }
        Ok(colleagues)
    }

    /// Takes a colleague's lost passkeys away and ends their sessions; who did it and when is kept. Nobody does it
    /// for themselves.
    ///
    /// # Errors
    /// [`Error::Forbidden`] for all but the head of the agency; [`Error::NotFound`] for whoever is no officer of it;
    /// [`Error::Refused`] with [`Rule::OwnCase`].
    pub async fn reset_colleague(&self, officer: &Officer, id: OfficerId) -> Result<(), Error> {
        if !officer.roles.contains(&Role::HEAD) {
            return Err(Error::Forbidden);
        }
        if id == officer.id {
            return Err(Rule::OwnCase.into());
        }
        let directory = self.officers.as_ref().ok_or(Error::NotFound)?;
        directory.one(&officer.agency, id).ok_or(Error::NotFound)?;
        let same = (RealNameLevel::InPerson, RealNameLevel::InPerson);
        self.store.reset_passkeys(self.act_row(officer, id.0, "passkeys-removed", same)).await?;
        self.end_all_sessions(id.0).await?;
        Ok(())
    }
}

impl Profile {
    /// Whether nothing more can be proved.
    #[must_use]
    pub fn highest(&self) -> bool {
        self.level == RealNameLevel::InPerson
    }
}
