//! Who may come near what: the one function that use cases and pages ask. The decision itself is
//! `identity::may`; here is looked up what it must know.

use std::collections::HashSet;

use casework::{Actor, By, Case, Event};
use domain::PersonId;
use identity::{Barred, Scope, Service, Subject, Who};

use crate::{App, Error};

impl From<Barred> for Error {
    fn from(barred: Barred) -> Self {
        match barred {
            Barred::SignIn => Self::SignIn,
            Barred::Hidden => Self::NotFound,
            Barred::Role => Self::Forbidden,
        }
    }
}

/// An actor with what their rights rest on, as it stands in the store now.
pub(crate) struct Reach<'a> {
    actor: &'a Actor,
    /// For which services an agent acts.
    scope: Option<Scope>,
    /// Whose cases an officer stays away from: their own, and of everybody a tie binds them to.
    near: HashSet<PersonId>,
}

impl Reach<'_> {
    fn who(&self) -> Who<'_> {
        match (self.actor, &self.scope) {
            (Actor::Applicant(person), _) => Who::Citizen(*person),
            (Actor::Agent(by), Some(scope)) => Who::Agent { agent: by.agent, principal: by.principal, scope },
            (Actor::Agent(by), None) => Who::Citizen(by.agent),
            (Actor::Officer(officer), _) => Who::Officer {
                agency: &officer.agency,
                area: &officer.area,
                roles: &officer.roles,
                person: officer.person,
            },
            (Actor::System, _) => Who::System,
        }
    }

    pub(crate) fn may(&self, subject: Subject<'_>) -> Result<(), Error> {
        Ok(identity::may(self.who(), subject)?)
    }

    /// Whether an officer is this person, or a tie binds them to this person.
    pub(crate) fn is_near(&self, person: PersonId) -> bool {
        self.near.contains(&person)
    }

    /// Whether a case may be read; `torn` where an agent is known to have handled it at a desk.
    pub(crate) fn sees(&self, app: &App, case: &Case, torn: bool) -> bool {
        let near = match self.actor {
            Actor::Officer(officer) => {
                officer.person.is_some_and(|person| case.concerns(person))
                    || self.near.contains(&case.applicant)
            }
            _ => torn,
        };
        self.may(Subject::Case {
            applicant: case.applicant,
            agency: &case.agency,
            area: &case.area,
            service: app.service(&case.item),
            torn: near,
        })
        .is_ok()
    }
}

impl App {
    /// Whether `actor` may come near `subject`.
    ///
    /// # Errors
    /// [`Error::SignIn`], [`Error::NotFound`] for what is not theirs to know of, [`Error::Forbidden`] for a part
    /// of a desk that needs another role.
    pub async fn may(&self, actor: &Actor, subject: Subject<'_>) -> Result<(), Error> {
        self.reach(actor).await?.may(subject)
    }

    /// What an actor's rights rest on now.
    ///
    /// # Errors
    /// [`Error::NotFound`] for an agent whose tie does not stand.
    pub(crate) async fn reach<'a>(&self, actor: &'a Actor) -> Result<Reach<'a>, Error> {
        let (mut scope, mut near) = (None, HashSet::new());
        match actor {
            Actor::Agent(by) => scope = Some(self.standing(by).await?.ok_or(Error::NotFound)?),
            Actor::Officer(officer) => {
                if let Some(person) = officer.person {
                    near = self.tied_to(person).await?;
                    near.insert(person);
                }
            }
            Actor::Applicant(_) | Actor::System => {}
        }
        Ok(Reach { actor, scope, near })
    }

    /// Whether `actor` may read this case with this history.
    pub(crate) async fn may_read(&self, actor: &Actor, case: &Case, events: &[Event]) -> Result<bool, Error> {
        let torn = match actor {
            Actor::Agent(by) => self.handled(by.agent, case, events).await?,
            _ => false,
        };
        match self.reach(actor).await {
            Ok(reach) => Ok(reach.sees(self, case, torn)),
            Err(Error::NotFound) => Ok(false),
            Err(error) => Err(error),
        }
    }

    /// Whether this human being handled the case at a desk, as far as the directory says who its officers are.
    async fn handled(&self, person: PersonId, case: &Case, events: &[Event]) -> Result<bool, Error> {
        let officers: HashSet<_> = events
            .iter()
            .filter_map(|event| match &event.by {
                By::Officer { id, .. } => Some(*id),
                _ => None,
            })
            .collect();
        self.is_one_of(person, &case.agency, officers).await
    }

    /// A service as scopes are asked about it; a part of a joint case has the joint item's themes.
    pub(crate) fn service<'a>(&'a self, item: &'a str) -> Service<'a> {
        let whole = item.split('~').next().unwrap_or_default();
        let themes = self.catalogue.item(whole).map(|item| item.themes.as_slice()).unwrap_or_default();
        Service { item, themes }
    }
}
