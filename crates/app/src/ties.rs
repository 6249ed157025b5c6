//! 亲友代办: asking, confirming and ending ties between people.

use domain::{CitizenNumber, Date, PersonId, Timestamp, from_micros, micros};
use identity::{Bond, RealNameLevel, Scope, Side, comes_of_age, is_minor};
use serde::{Deserialize, Serialize};
use store::{Ask, AskLimits, Error as StoreError, Tie};
use uuid::Uuid;

use crate::acting::MAX_TIES;
use crate::session::Profile;
use crate::{App, Error};

/// How long an ask waits for its answer, in days.
pub const ASK_DAYS: i64 = 14;
/// Longest a tie stands, in days.
pub const MAX_TIE_DAYS: i32 = 3 * 366;
/// Most asks of one person in 30 days.
const ASKS_A_MONTH: i64 = 10;
/// Most asks of an organisation in 30 days.
const STAFF_A_MONTH: i64 = 100;
/// Most asks of one person to the same one in a year.
const ASKS_OF_ONE: i64 = 3;
/// Most open asks to one person, of whomever.
const ASKS_WAITING: i64 = 20;
const DAY: i64 = 86_400_000_000;
/// The purpose under which the asker's own note is sealed.
const NOTE: &str = "tie";

/// Why a tie is not asked for or not made; the web tells it beside the field.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum TieError {
    /// Oneself.
    #[error("one cannot act for oneself by a tie")]
    Yourself,
    /// A minor acts for nobody.
    #[error("a minor acts for nobody")]
    Underage,
    /// A minor's parent is found in the register and nowhere else.
    #[error("the register does not know this child as theirs")]
    NotInRegister,
    /// No such organisation, or another legal representative.
    #[error("the register does not know them as its legal representative")]
    NotLegal,
    /// The end lies before tomorrow or too far ahead.
    #[error("the end of a tie lies between tomorrow and {MAX_TIE_DAYS} days from now")]
    Until,
    /// A scope that names nothing.
    #[error("a tie covers something")]
    Scope,
    /// Asked too often.
    #[error("asked too often")]
    TooMany,
}

impl TieError {
    /// Id of its text (`tie-<id>`).
    #[must_use]
    pub fn id(self) -> &'static str {
        match self {
            Self::Yourself => "yourself",
            Self::Underage => "underage",
            Self::NotInRegister => "not-in-register",
            Self::NotLegal => "not-legal",
            Self::Until => "until-error",
            Self::Scope => "scope-error",
            Self::TooMany => "too-many",
        }
    }
}

/// What somebody asks for.
#[derive(Debug, Clone)]
pub struct TieWish {
    /// What the asker will be.
    pub side: Side,
    /// How the two belong together.
    pub bond: Bond,
    /// Name of the other.
    pub name: String,
    /// Citizen number of the other.
    pub number: CitizenNumber,
    /// Which services.
    pub scope: Scope,
    /// The last day.
    pub until: Date,
}

/// How a tie stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum TieState {
    /// Waits for the other.
    Asked,
    /// Nobody confirmed in time.
    Lapsed,
    /// Stands.
    Stands,
    /// Its time is over.
    Over,
    /// One side ended it.
    Ended,
}

impl TieState {
    /// Id of its text (`tie-state-<id>`).
    #[must_use]
    pub fn id(self) -> &'static str {
        match self {
            Self::Asked => "asked",
            Self::Lapsed => "lapsed",
            Self::Stands => "stands",
            Self::Over => "over",
            Self::Ended => "ended",
        }
    }
}

/// A tie as one side sees it.
#[derive(Debug, Clone)]
pub struct TieView {
    /// Its id.
    pub id: Uuid,
    /// The other side, once confirmed.
    pub other: Option<PersonId>,
    /// Their name; as the asker wrote it until they confirm.
    pub name: String,
    /// What this side is in it.
    pub side: Side,
    /// How the two belong together.
    pub bond: Bond,
    /// How it stands.
    pub state: TieState,
    /// Which services.
    pub scope: Scope,
    /// Until when it stands.
    pub until: Timestamp,
    /// Asked or confirmed.
    pub since: Timestamp,
}

/// An ask that waits for this person's answer.
#[derive(Debug, Clone)]
pub struct AskView {
    /// Its id.
    pub id: Uuid,
    /// Who asks.
    pub asker: PersonId,
    /// Their name.
    pub name: String,
    /// What this person will be.
    pub side: Side,
    /// How the two belong together.
    pub bond: Bond,
    /// Which services.
    pub scope: Scope,
    /// Until when it would stand.
    pub until: Timestamp,
}

/// What the asker wrote, for the asker's own list.
#[derive(Serialize, Deserialize)]
struct Note {
    name: String,
}

impl App {
    /// Asks for a tie. Whether the other is registered here is not told: the answer and what is stored are the
    /// same. A parent who asks to act for a minor child is looked up in the register, and then acts at once.
    ///
    /// # Errors
    /// [`Error::Tie`] with the reason.
    pub async fn ask_tie(&self, person: PersonId, wish: &TieWish) -> Result<(), Error> {
        let own = self.matched(person).await?;
        let number: CitizenNumber = own.number.parse().map_err(|_| Error::NotFound)?;
        let today = self.catalogue.calendar.date_of(self.now());
        if number == wish.number {
            return Err(TieError::Yourself.into());
        }
        if is_minor(&number, today) {
            return Err(TieError::Underage.into());
        }
        match wish.side {
            _ if !is_minor(&wish.number, today) => self.ask(person, wish, ASKS_A_MONTH).await,
            Side::Agent => self.act_for_child(person, &number, wish).await,
            Side::Principal => Err(TieError::Underage.into()),
        }
    }

    /// An organisation asks somebody to act for it.
    pub(crate) async fn ask_staff(&self, organisation: PersonId, wish: &TieWish) -> Result<(), Error> {
        let today = self.catalogue.calendar.date_of(self.now());
        if is_minor(&wish.number, today) {
            return Err(TieError::Underage.into());
        }
        self.ask(organisation, wish, STAFF_A_MONTH).await
    }

    async fn ask(&self, asker: PersonId, wish: &TieWish, a_month: i64) -> Result<(), Error> {
        let until_at = self.end_of(wish)?;
        let now = micros(self.now());
        let lookup = self.store.lookup("tie", &under(&wish.name, &wish.number));
        let note = serde_json::to_vec(&Note { name: wish.name.clone() })?;
        let tie = Tie {
            person: asker.0,
            id: self.new_id(),
            other: None,
            side: wish.side.id().to_owned(),
            kind: wish.bond.id().to_owned(),
            state: "asked".to_owned(),
            scope: serde_json::to_string(&wish.scope)?,
            asked_of: Some(lookup.bytes().to_vec()),
            asked_at: now,
            until_at,
            answered_at: None,
            ended_at: None,
            sealed: Some(self.store.person_key(asker.0).await?.seal(NOTE, &note)?),
        };
        let limits = AskLimits {
            all: a_month,
            since: now - 30 * DAY,
            one: ASKS_OF_ONE,
            since_one: now - 365 * DAY,
            waiting: ASKS_WAITING,
        };
        // Whoever only says that the number is theirs is not told who asks whom.
        let message = match self.known_as(&wish.name, &wish.number).await? {
            Some(other) if self.matched(other).await.is_ok() => {
                Some(self.tie_message(other, "tie-asked", asker, now)?)
            }
            _ => None,
        };
        match self.store.ask_tie(tie, lookup, now + ASK_DAYS * DAY, limits, message).await {
            // The same is asked already and waits: asked twice is asked once.
            Err(StoreError::Conflict) => Ok(()),
            Err(StoreError::TooMany { .. }) => Err(TieError::TooMany.into()),
            asked => Ok(asked?),
        }
    }

    /// The person with this number, if that is their name.
    async fn known_as(&self, name: &str, number: &CitizenNumber) -> Result<Option<PersonId>, Error> {
        let lookup = self.store.lookup("citizen-number", number.reveal());
        let Some(person) = self.store.find_person(lookup).await?.map(PersonId) else { return Ok(None) };
        Ok((self.name_of(person).await? == name).then_some(person))
    }

    /// A parent by the birth certificate acts for a child until it comes of age.
    async fn act_for_child(
        &self,
        person: PersonId,
        number: &CitizenNumber,
        wish: &TieWish,
    ) -> Result<(), Error> {
        let register = self.registers.kin.as_ref().ok_or(TieError::NotInRegister)?;
        if !register.is_child(number, &wish.name, &wish.number) {
            return Err(TieError::NotInRegister.into());
        }
        let adult = comes_of_age(&wish.number, &self.catalogue.calendar).ok_or(TieError::Until)?;
        let child = self.known_child(&wish.name, &wish.number).await?;
        let now = micros(self.now());
        let tie = self.standing_row(person, child, Bond::Minor, micros(adult), now);
        match self.store.add_tie(tie, child.0, None).await {
            // It stands already.
            Err(StoreError::Conflict) => Ok(()),
            made => Ok(made?),
        }
    }

    /// The agent's row of a tie that a register vouches for.
    pub(crate) fn standing_row(
        &self,
        agent: PersonId,
        principal: PersonId,
        bond: Bond,
        until_at: i64,
        now: i64,
    ) -> Tie {
        Tie {
            person: agent.0,
            id: self.new_id(),
            other: Some(principal.0),
            side: Side::Agent.id().to_owned(),
            kind: bond.id().to_owned(),
            state: "stands".to_owned(),
            scope: r#"{"covers":"all"}"#.to_owned(),
            asked_of: None,
            asked_at: now,
            until_at,
            answered_at: Some(now),
            ended_at: None,
            sealed: None,
        }
    }

    fn end_of(&self, wish: &TieWish) -> Result<i64, Error> {
        let named = match &wish.scope {
            Scope::All => true,
            Scope::Themes(these) | Scope::Items(these) => (1..=identity::MAX_SCOPE).contains(&these.len()),
        };
        if !named {
            return Err(TieError::Scope.into());
        }
        let calendar = &self.catalogue.calendar;
        let days = calendar.date_of(self.now()).until(wish.until).map_or(0, |span| span.get_days());
        if !(1..=MAX_TIE_DAYS).contains(&days) {
            return Err(TieError::Until.into());
        }
        let after = wish.until.tomorrow().map_err(|_| TieError::Until)?;
        Ok(micros(calendar.at(after, 0)))
    }

    /// What waits for a person's answer, the latest first.
    ///
    /// # Errors
    /// When the store cannot answer.
    pub async fn asks(&self, person: PersonId) -> Result<Vec<AskView>, Error> {
        let profile = self.profile(person).await?;
        let mut asks = Vec::new();
        for ask in self.asked(&profile).await? {
            let (Some(side), Some(bond)) = (Side::of(&ask.side), Bond::of(&ask.kind)) else { continue };
            let asker = PersonId(ask.asker);
            let name = self.name_of(asker).await?;
            // Whoever asked is erased since, or asked themselves under another name.
            if name.is_empty() || asker == person {
                continue;
            }
            asks.push(AskView {
                id: ask.id,
                asker,
                name,
                side: if side == Side::Agent { Side::Principal } else { Side::Agent },
                bond,
                scope: serde_json::from_str(&ask.scope)?,
                until: from_micros(ask.until_at),
            });
        }
        Ok(asks)
    }

    async fn asked(&self, profile: &Profile) -> Result<Vec<Ask>, Error> {
        let Ok(number) = profile.number.parse::<CitizenNumber>() else { return Ok(Vec::new()) };
        // A number that somebody only says is theirs shows them nobody's asks.
        if profile.level < RealNameLevel::Matched {
            return Ok(Vec::new());
        }
        let lookup = self.store.lookup("tie", &under(&profile.name, &number));
        Ok(self.store.asks(lookup, micros(self.now()), ASKS_WAITING).await?)
    }

    /// Answers an ask; the kind of tie it was about. A refusal is told to nobody: the ask lapses as if it had not
    /// been read.
    ///
    /// # Errors
    /// [`Error::NotFound`] when it was taken back, has lapsed or was never this person's.
    pub async fn answer_ask(&self, person: PersonId, id: Uuid, accept: bool) -> Result<Bond, Error> {
        let profile = self.matched(person).await?;
        let number: CitizenNumber = profile.number.parse().map_err(|_| Error::NotFound)?;
        let Some(ask) = self.asked(&profile).await?.into_iter().find(|ask| ask.id == id) else {
            // Agreed to twice is agreed to once.
            let own = self.store.tie(person.0, id).await?.filter(|tie| accept && tie.state == "stands");
            let own = own.filter(|tie| tie.asked_of.is_none());
            return own.and_then(|tie| Bond::of(&tie.kind)).ok_or(Error::NotFound);
        };
        if accept && is_minor(&number, self.catalogue.calendar.date_of(self.now())) {
            return Err(TieError::Underage.into());
        }
        let now = micros(self.now());
        let lookup = self.store.lookup("tie", &under(&profile.name, &number));
        let message = self.tie_message(PersonId(ask.asker), "tie-confirmed", person, now)?;
        let message = Some(message).filter(|_| accept);
        let bond = Bond::of(&ask.kind).ok_or(Error::NotFound)?;
        self.store.answer_ask(lookup, ask, person.0, accept, now, message).await?;
        Ok(bond)
    }

    /// A person's or an organisation's ties, the latest first.
    ///
    /// # Errors
    /// When the store cannot answer.
    pub async fn ties(&self, person: PersonId) -> Result<Vec<TieView>, Error> {
        let mut ties = Vec::new();
        for row in self.store.ties(person.0, MAX_TIES).await? {
            ties.extend(self.tie_view(row).await?);
        }
        Ok(ties)
    }

    async fn tie_view(&self, row: Tie) -> Result<Option<TieView>, Error> {
        let (Some(side), Some(bond)) = (Side::of(&row.side), Bond::of(&row.kind)) else { return Ok(None) };
        let now = micros(self.now());
        let state = match row.state.as_str() {
            "asked" if now < row.asked_at + ASK_DAYS * DAY => TieState::Asked,
            "asked" => TieState::Lapsed,
            "stands" if now < row.until_at => TieState::Stands,
            "stands" => TieState::Over,
            _ => TieState::Ended,
        };
        let name = match (row.other, &row.sealed) {
            (Some(other), _) => self.name_of(PersonId(other)).await?,
            (None, Some(sealed)) => {
                let plain = self.store.person_key(row.person).await?.open(NOTE, sealed)?;
                serde_json::from_slice::<Note>(&plain)?.name
            }
            (None, None) => String::new(),
        };
        Ok(Some(TieView {
            id: row.id,
            other: row.other.map(PersonId),
            name,
            side,
            bond,
            state,
            scope: serde_json::from_str(&row.scope)?,
            until: from_micros(row.until_at),
            since: from_micros(row.answered_at.unwrap_or(row.asked_at)),
        }))
    }

    /// Ends a tie from either side, at once, or takes an ask back; its kind. A minor's is their parent's to end, and the
    /// legal representative's the register's. Ended twice is ended once.
    ///
    /// # Errors
    /// [`Error::NotFound`] when it is not in this person's list, [`Error::Forbidden`] where it is not theirs to end.
    pub async fn end_tie(&self, person: PersonId, id: Uuid) -> Result<Bond, Error> {
        let row = self.store.tie(person.0, id).await?.ok_or(Error::NotFound)?;
        let bond = Bond::of(&row.kind).ok_or(Error::NotFound)?;
        let own = match bond {
            Bond::Minor => row.side == Side::Agent.id(),
            Bond::Legal => false,
            _ => true,
        };
        if !own {
            return Err(Error::Forbidden);
        }
        let now = micros(self.now());
        let message = match row.other.filter(|_| row.state == "stands") {
            Some(other) => Some(self.tie_message(PersonId(other), "tie-ended", person, now)?),
            None => None,
        };
        match self.store.end_tie(person.0, id, now, message).await {
            Err(StoreError::Conflict) if row.state == "ended" => Ok(bond),
            ended => Ok(ended.map(|()| bond)?),
        }
    }
}

/// What an ask is kept under: name and number together, so that a number alone finds nothing.
fn under(name: &str, number: &CitizenNumber) -> String {
    format!("{}\n{}", number.reveal(), name.trim())
}
