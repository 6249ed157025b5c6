//! Acting for somebody else: the switch in the session, and what stands behind it.

use std::collections::HashSet;

use casework::{Actor, Agent};
use domain::{CitizenNumber, PersonId, micros};
use identity::{Bond, Scope, Side};
use store::Tie;
use uuid::Uuid;

use crate::{App, Error, Profile, Session};

/// Most ties of one person that are looked at.
pub(crate) const MAX_TIES: i64 = 200;

/// For whom an application is made, and by whom: a citizen for themselves, or an agent.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Party {
    /// The applicant.
    pub person: PersonId,
    /// Who acts for them.
    pub agent: Option<Agent>,
}

impl From<PersonId> for Party {
    fn from(person: PersonId) -> Self {
        Self { person, agent: None }
    }
}

impl From<Agent> for Party {
    fn from(agent: Agent) -> Self {
        Self { person: agent.principal, agent: Some(agent) }
    }
}

impl Party {
    /// The human being who acts.
    #[must_use]
    pub fn hand(&self) -> PersonId {
        self.agent.map_or(self.person, |agent| agent.agent)
    }

    /// The actor that acts.
    #[must_use]
    pub fn actor(&self) -> Actor {
        self.agent.map_or(Actor::Applicant(self.person), Actor::Agent)
    }
}

/// For whom a session acts.
#[derive(Debug, Clone)]
pub struct Acting {
    /// Principal, agent and tie.
    pub agent: Agent,
    /// Name of the principal.
    pub name: String,
    /// The principal is an organisation.
    pub organisation: bool,
}

impl App {
    /// For whom a citizen's session acts now; nobody once the tie no longer stands.
    ///
    /// # Errors
    /// When the store cannot answer.
    pub async fn acting(&self, session: &Session) -> Result<Option<Acting>, Error> {
        let Some(person) = session.citizen() else { return Ok(None) };
        let Some(tie) = self.store.acting(person.0, &session.token_hash).await? else { return Ok(None) };
        let Some(agent) = self.agent_by(person, tie).await? else { return Ok(None) };
        if self.standing(&agent).await?.is_none() {
            return Ok(None);
        }
        // Neither is missing: the tie stands.
        let Profile { name, organisation, .. } = self.profile(agent.principal).await?;
        Ok(Some(Acting { agent, name, organisation }))
    }

    /// Lets a session act by a tie of its citizen's; `None` for themselves again.
    ///
    /// # Errors
    /// [`Error::NotFound`] for a tie that is not theirs to act by, or does not stand.
    pub async fn act_for(&self, session: &Session, tie: Option<Uuid>) -> Result<(), Error> {
        let person = session.citizen().ok_or(Error::SignIn)?;
        if let Some(tie) = tie {
            let agent = self.agent_by(person, tie).await?.ok_or(Error::NotFound)?;
            self.standing(&agent).await?.ok_or(Error::NotFound)?;
        }
        let now = micros(self.now());
        Ok(self.store.act_for(person.0, session.token_hash.clone(), tie, now).await?)
    }

    /// Whom a person would act for by one of their ties.
    async fn agent_by(&self, person: PersonId, tie: Uuid) -> Result<Option<Agent>, Error> {
        let row = self.store.tie(person.0, tie).await?;
        let other = row.filter(|row| row.side == Side::Agent.id()).and_then(|row| row.other);
        Ok(other.map(|other| Agent { principal: PersonId(other), agent: person, tie }))
    }

    /// The services for which an agent may act now; `None` where the tie does not stand: it was never confirmed,
    /// was revoked, has run out, one of the two has died or is erased, or the register names another legal
    /// representative.
    pub(crate) async fn standing(&self, by: &Agent) -> Result<Option<Scope>, Error> {
        let Some(row) = self.store.tie(by.agent.0, by.tie).await? else { return Ok(None) };
        let fits = row.side == Side::Agent.id() && row.other == Some(by.principal.0);
        if !fits || !self.runs(&row) || !self.alive(by.agent).await? || !self.alive(by.principal).await? {
            return Ok(None);
        }
        if row.kind == Bond::Legal.id() && !self.is_legal_still(by).await? {
            return Ok(None);
        }
        Ok(Some(serde_json::from_str(&row.scope)?))
    }

    /// Whether a tie stands by its own row.
    pub(crate) fn runs(&self, row: &Tie) -> bool {
        row.state == "stands" && micros(self.now()) < row.until_at
    }

    /// Neither erased nor, by the register, dead.
    async fn alive(&self, person: PersonId) -> Result<bool, Error> {
        let profile = match self.profile(person).await {
            Ok(profile) => profile,
            Err(Error::NotFound | Error::Store(store::Error::Erased)) => return Ok(false),
            Err(error) => return Err(error),
        };
        let today = self.catalogue.calendar.date_of(self.now());
        let number = profile.number.parse::<CitizenNumber>().ok().filter(|_| !profile.organisation);
        let died = number.and_then(|number| self.registers.kin.as_ref()?.died(&number));
        Ok(died.is_none_or(|day| today < day))
    }

    /// Everybody a standing tie binds a person to, on either side.
    pub(crate) async fn tied_to(&self, person: PersonId) -> Result<HashSet<PersonId>, Error> {
        let ties = self.store.ties(person.0, MAX_TIES).await?;
        Ok(ties.iter().filter(|tie| self.runs(tie)).filter_map(|tie| tie.other.map(PersonId)).collect())
    }

    /// Somebody's name; nothing once they are erased.
    ///
    /// # Errors
    /// When the store cannot answer.
    pub async fn name_of(&self, person: PersonId) -> Result<String, Error> {
        match self.profile(person).await {
            Ok(profile) => Ok(profile.name),
            Err(Error::NotFound | Error::Store(store::Error::Erased)) => Ok(String::new()),
            Err(error) => Err(error),
        }
    }
}
