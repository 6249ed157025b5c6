//! Organisations: registered by their legal representative, who appoints and dismisses agents 经办人.

use casework::Agent;
use domain::{CitizenNumber, CreditCode, PersonId, micros};
use identity::{Bond, Company, RealNameLevel, Side};
use store::Error as StoreError;
use uuid::Uuid;

use crate::acting::MAX_TIES;
use crate::session::Profile;
use crate::ties::{TieError, TieView, TieWish};
use crate::{App, Error};

/// How long a registration stands before the register is asked anew by its legal representative, in µs.
const YEAR: i64 = 366 * 86_400_000_000;

impl App {
    /// Registers an organisation here, or finds it: the register must know this person as its legal
    /// representative. Whether there is such an organisation is not told to anybody else.
    ///
    /// # Errors
    /// [`Error::Tie`] with [`TieError::NotLegal`].
    pub async fn register_organisation(&self, person: PersonId, code: &CreditCode) -> Result<(), Error> {
        self.matched(person).await?;
        let company = self.company_of(person, code).await?.ok_or(TieError::NotLegal)?;
        let profile = Profile {
            name: company.name,
            number: company.code.as_str().to_owned(),
            mobile: None,
            address: None,
            level: RealNameLevel::Matched,
            provider: "company-register".to_owned(),
            organisation: true,
            station: false,
        };
        let lookup = self.store.lookup("credit-code", code.as_str());
        let (fresh, now) = (self.new_id(), micros(self.now()));
        let body = serde_json::to_vec(&profile)?;
        let organisation = PersonId(self.store.create_person(fresh, vec![lookup], &body, now).await?);
        let tie = self.standing_row(person, organisation, Bond::Legal, now + YEAR, now);
        match self.store.add_tie(tie, organisation.0, None).await {
            // It stands already.
            Err(StoreError::Conflict) => Ok(()),
            made => Ok(made?),
        }
    }

    /// The organisation with this code, if the register names this person as its legal representative.
    async fn company_of(&self, person: PersonId, code: &CreditCode) -> Result<Option<Company>, Error> {
        let own: Option<CitizenNumber> = self.profile(person).await?.number.parse().ok();
        let company = self.registers.companies.as_ref().and_then(|register| register.company(code));
        Ok(company.filter(|company| Some(&company.legal) == own.as_ref()))
    }

    /// Whether the register still names an agent as the legal representative.
    pub(crate) async fn is_legal_still(&self, by: &Agent) -> Result<bool, Error> {
        let profile = self.profile(by.principal).await?;
        let Ok(code) = profile.number.parse() else { return Ok(false) };
        Ok(self.company_of(by.agent, &code).await?.is_some())
    }

    /// The organisation's name and agents, for its legal representative.
    ///
    /// # Errors
    /// [`Error::NotFound`] for everybody else, and for what is no organisation.
    pub async fn staff(
        &self,
        person: PersonId,
        organisation: PersonId,
    ) -> Result<(Profile, Vec<TieView>), Error> {
        self.legal(person, organisation).await?;
        let mut ties = self.ties(organisation).await?;
        ties.retain(|tie| tie.bond == Bond::Staff);
        Ok((self.profile(organisation).await?, ties))
    }

    /// Asks somebody to act for the organisation; they accept in their own account.
    ///
    /// # Errors
    /// As for [`App::staff`]; [`Error::Tie`] with the reason.
    pub async fn appoint(
        &self,
        person: PersonId,
        organisation: PersonId,
        wish: TieWish,
    ) -> Result<(), Error> {
        self.legal(person, organisation).await?;
        let wish = TieWish { side: Side::Principal, bond: Bond::Staff, ..wish };
        self.ask_staff(organisation, &wish).await
    }

    /// Dismisses an agent of the organisation, or takes the appointment back, at once.
    ///
    /// # Errors
    /// As for [`App::staff`]; [`Error::NotFound`] for what is no agent of it.
    pub async fn dismiss(&self, person: PersonId, organisation: PersonId, tie: Uuid) -> Result<(), Error> {
        self.legal(person, organisation).await?;
        self.end_tie(organisation, tie).await.map(drop)
    }

    pub(crate) async fn legal(&self, person: PersonId, organisation: PersonId) -> Result<(), Error> {
        let rows = self.store.ties(person.0, MAX_TIES).await?;
        let legal = rows
            .iter()
            .find(|row| row.kind == Bond::Legal.id() && row.other == Some(organisation.0) && self.runs(row));
        let row = legal.ok_or(Error::NotFound)?;
        let agent = Agent { principal: organisation, agent: person, tie: row.id };
        self.standing(&agent).await?.map(drop).ok_or(Error::NotFound)
    }
}
