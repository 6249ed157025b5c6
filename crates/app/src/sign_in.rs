//! Signing in.

use domain::{CitizenNumber, OfficerId, PersonId, micros};
use identity::{Claims, OfficerCard, Principal, RealNameLevel, Returned, SessionKind};
use store::Session as SessionRow;
use uuid::Uuid;

use crate::session::{Profile, cookie, csrf, token_hash};
use crate::{App, Error};

/// What a new session hands the browser.
#[derive(Debug, Clone)]
pub struct SignedIn {
    /// Value of the session cookie.
    pub cookie: String,
    /// Seconds until it ends whatever happens.
    pub max_age: i64,
}

impl App {
    /// Signs a citizen in by what the provider returned. The same citizen number is the same person.
    ///
    /// # Errors
    /// [`Error::Denied`] with the reason, [`Error::SignIn`] when no provider is connected.
    pub async fn sign_in_citizen(&self, returned: &Returned) -> Result<SignedIn, Error> {
        let provider = self.provider.as_ref().ok_or(Error::SignIn)?;
        let claims = provider.complete(returned)?;
        let person = self.person_of(&claims).await?;
        // 免申即享: what somebody is known to qualify for waits for them. A fault of it keeps nobody out.
        if let Err(error) = self.offer_to(person).await {
            tracing::warn!(%error, "nothing could be offered at sign-in");
        }
        self.begin(person.0, Principal::Citizen { person }).await
    }

    /// Signs an officer in at a desk. Only the demonstration's directory may be entered so; real officers
    /// come with a second factor.
    ///
    /// # Errors
    /// [`Error::NotFound`] for an unknown desk, [`Error::SignIn`] when no directory is connected.
    pub async fn sign_in_officer(&self, agency: &str, id: OfficerId) -> Result<SignedIn, Error> {
        let directory = self.officers.as_ref().ok_or(Error::SignIn)?;
        let body = self.catalogue.agency(agency).ok_or(Error::NotFound)?;
        let card = directory.one(agency, id).ok_or(Error::NotFound)?;
        let person = match &card.number {
            Some(number) => Some(self.known_or_new(&directory_claims(&card, number)).await?),
            None => None,
        };
        let principal = Principal::Officer {
            id: card.id,
            name: card.name,
            agency: agency.to_owned(),
            area: body.area.clone(),
            roles: card.roles,
            person,
        };
        self.begin(id.0, principal).await
    }

    /// The person with this number; one is made, known by the directory's name only, where there is none.
    async fn known_or_new(&self, claims: &Claims) -> Result<PersonId, Error> {
        let lookup = self.store.lookup("citizen-number", claims.number.reveal());
        let profile = serde_json::to_vec(&Profile::of(claims))?;
        let (fresh, now) = (self.new_id(), micros(self.now()));
        Ok(PersonId(self.store.create_person(fresh, vec![lookup], &profile, now).await?))
    }

    /// A minor child that the register vouches for, made where it is not known here.
    pub(crate) async fn known_child(&self, name: &str, number: &CitizenNumber) -> Result<PersonId, Error> {
        let claims = Claims {
            provider: "register",
            name: name.to_owned(),
            number: number.clone(),
            mobile: None,
            address: None,
            level: RealNameLevel::Matched,
        };
        self.known_or_new(&claims).await
    }

    async fn person_of(&self, claims: &Claims) -> Result<PersonId, Error> {
        let lookup = self.store.lookup("citizen-number", claims.number.reveal());
        let Some(person) = self.store.find_person(lookup).await? else {
            return self.known_or_new(claims).await;
        };
        let profile = serde_json::to_vec(&Profile::of(claims))?;
        self.store.change_profile(person, &profile, micros(self.now())).await?;
        Ok(PersonId(person))
    }

    async fn begin(&self, owner: Uuid, principal: Principal) -> Result<SignedIn, Error> {
        let mut token = [0; 32];
        self.random.fill(&mut token);
        let now = micros(self.now());
        let max_age = principal.kind().policy().absolute;
        let kind = match principal.kind() {
            SessionKind::Citizen => "citizen",
            SessionKind::Officer => "officer",
        };
        let row = SessionRow {
            person: owner,
            token_hash: token_hash(&token),
            kind: kind.to_owned(),
            principal: serde_json::to_string(&principal)?,
            csrf: csrf(&token),
            created_at: now,
            seen_at: now,
            expires_at: now + max_age * 1_000_000,
        };
        self.store.begin_session(row).await?;
        Ok(SignedIn { cookie: cookie(owner, &token), max_age })
    }
}

/// What the directory knows of an officer as a citizen.
fn directory_claims(card: &OfficerCard, number: &CitizenNumber) -> Claims {
    Claims {
        provider: "directory",
        name: card.name.clone(),
        number: number.clone(),
        mobile: None,
        address: None,
        level: RealNameLevel::Matched,
    }
}
