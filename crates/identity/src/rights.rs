//! The one place that says who may come near what. What may lawfully be done to a case at its step is asked of
//! `casework` afterwards. The table of all addresses is docs/rights.md.

use domain::{AreaCode, PersonId};
use packs::Role;

use crate::scope::{Scope, Service};

/// Whoever asks.
#[derive(Debug, Clone, Copy)]
pub enum Who<'a> {
    /// Nobody is signed in.
    Nobody,
    /// A citizen for themselves.
    Citizen(PersonId),
    /// A citizen for somebody else, by a tie that stands.
    Agent {
        /// Who acts.
        agent: PersonId,
        /// For whom.
        principal: PersonId,
        /// For which services.
        scope: &'a Scope,
    },
    /// An officer at a desk.
    Officer {
        /// Code of their agency.
        agency: &'a str,
        /// The area they serve.
        area: &'a AreaCode,
        /// What they may do there.
        roles: &'a [Role],
        /// The same human being as a citizen.
        person: Option<PersonId>,
    },
    /// The engine.
    System,
}

/// What is asked about.
#[derive(Debug, Clone, Copy)]
pub enum Subject<'a> {
    /// The pages of whoever is signed in as a citizen. Messages, relatives and organisations are found under that
    /// citizen's own id and no other, whomever they act for.
    Portal,
    /// An application that is written, or to be begun.
    Application {
        /// For whom.
        applicant: PersonId,
        /// The service.
        service: Service<'a>,
    },
    /// A case.
    Case {
        /// The applicant.
        applicant: PersonId,
        /// The handling agency.
        agency: &'a str,
        /// The handling area.
        area: &'a AreaCode,
        /// The service.
        service: Service<'a>,
        /// Whoever asks stands on the other side as well: an officer who is the applicant, acted for them or may do
        /// so now; an agent who handled the case at a desk (公务员法 art. 76).
        torn: bool,
    },
    /// The pages of a desk.
    Desk,
    /// The cards of a desk's agency.
    Supervision,
    /// The effects of a desk's agency that were given up.
    Operation,
    /// How far the people of a desk agree who look at the same units.
    Agreement,
}

/// Why not.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Barred {
    /// Nobody is signed in, or as somebody of the other kind.
    SignIn,
    /// Answered as what does not exist.
    Hidden,
    /// The desk is theirs, this part of it is not.
    Role,
}

/// Whether `who` may come near `subject`.
///
/// # Errors
/// Why not.
pub fn may(who: Who<'_>, subject: Subject<'_>) -> Result<(), Barred> {
    match subject {
        Subject::Portal => citizen(who).map(drop),
        Subject::Application { applicant, service } => {
            citizen(who)?;
            own(applies(who, applicant, service))
        }
        Subject::Case { applicant, agency, area, service, torn } => match who {
            Who::System => Ok(()),
            Who::Officer { agency: at, area: serves, .. } => own(at == agency && serves == area && !torn),
            Who::Nobody => Err(Barred::SignIn),
            Who::Citizen(_) => own(applies(who, applicant, service)),
            Who::Agent { .. } => own(applies(who, applicant, service) && !torn),
        },
        Subject::Desk => roles(who).map(drop),
        Subject::Supervision => holds(who, &Role::SUPERVISE),
        Subject::Operation => holds(who, &Role::OPERATE),
        Subject::Agreement => {
            let any = [Role::SUPERVISE, Role::DECIDE, Role::HEAD].iter().any(|role| holds(who, role).is_ok());
            roles(who)?;
            if any { Ok(()) } else { Err(Barred::Role) }
        }
    }
}

/// The human being who is signed in as a citizen, whomever they act for.
fn citizen(who: Who<'_>) -> Result<PersonId, Barred> {
    match who {
        Who::Citizen(person) => Ok(person),
        Who::Agent { agent, .. } => Ok(agent),
        Who::Nobody | Who::Officer { .. } | Who::System => Err(Barred::SignIn),
    }
}

fn applies(who: Who<'_>, applicant: PersonId, service: Service<'_>) -> bool {
    match who {
        Who::Citizen(person) => person == applicant,
        Who::Agent { principal, scope, .. } => principal == applicant && scope.covers(service),
        Who::Nobody | Who::Officer { .. } | Who::System => false,
    }
}

fn own(own: bool) -> Result<(), Barred> {
    if own { Ok(()) } else { Err(Barred::Hidden) }
}

fn roles(who: Who<'_>) -> Result<&[Role], Barred> {
    match who {
        Who::Officer { roles, .. } => Ok(roles),
        _ => Err(Barred::SignIn),
    }
}

fn holds(who: Who<'_>, role: &Role) -> Result<(), Barred> {
    if roles(who)?.contains(role) { Ok(()) } else { Err(Barred::Role) }
}

#[cfg(test)]
mod tests {
    use domain::{AreaCode, PersonId};
    use packs::Role;
    use uuid::Uuid;

    use super::{Barred, Subject, Who, may};
    use crate::scope::{Scope, Service};

    const ANN: PersonId = PersonId(Uuid::from_u128(1));
    const BOB: PersonId = PersonId(Uuid::from_u128(2));

    fn case(area: &AreaCode, torn: bool) -> Subject<'_> {
        let service = Service { item: "card", themes: &[] };
        Subject::Case { applicant: ANN, agency: "bureau", area, service, torn }
    }

    #[test]
    fn a_case_is_its_applicants_their_agents_and_its_desks() {
        let area: AreaCode = "440000".parse().unwrap();
        let elsewhere: AreaCode = "440100".parse().unwrap();
        let wide = Scope::Items(vec!["card".to_owned()]);
        let narrow = Scope::Items(vec!["other".to_owned()]);
        let agent = |principal, scope| Who::Agent { agent: BOB, principal, scope };
        let officer = |agency, area| Who::Officer { agency, area, roles: &[], person: None };
        let hidden = Err(Barred::Hidden);
        for (who, answer) in [
            (Who::Nobody, Err(Barred::SignIn)),
            (Who::Citizen(ANN), Ok(())),
            (Who::Citizen(BOB), hidden),
            (agent(ANN, &wide), Ok(())),
            (agent(ANN, &narrow), hidden),
            (agent(BOB, &wide), hidden),
            (officer("bureau", &area), Ok(())),
            (officer("other", &area), hidden),
            (officer("bureau", &elsewhere), hidden),
            (Who::System, Ok(())),
        ] {
            assert_eq!(may(who, case(&area, false)), answer, "{who:?}");
        }
        // Whoever stands on both sides stands on neither.
        assert_eq!(may(officer("bureau", &area), case(&area, true)), hidden);
        assert_eq!(may(agent(ANN, &wide), case(&area, true)), hidden);
    }

    #[test]
    fn a_desk_is_an_officers_and_parts_of_it_need_a_role() {
        let area: AreaCode = "440000".parse().unwrap();
        let roles = [Role::SUPERVISE];
        let chief = Who::Officer { agency: "bureau", area: &area, roles: &roles, person: None };
        assert_eq!(may(chief, Subject::Supervision), Ok(()));
        assert_eq!(may(chief, Subject::Operation), Err(Barred::Role));
        assert_eq!(may(Who::Citizen(ANN), Subject::Desk), Err(Barred::SignIn));
        assert_eq!(may(chief, Subject::Portal), Err(Barred::SignIn));
    }
}
