//! Signing in.

use domain::{CitizenNumber, OfficerId, PersonId, micros};
use identity::{
    Claims, Denied, OfficerCard, Principal, Proof, RealNameLevel, Returned, SessionKind, device_words,
};
use store::Session as SessionRow;
use uuid::Uuid;

use crate::second_factor::{Second, WAITING, WAITING_KIND};
use crate::session::{Profile, Session, cookie, csrf, token_hash};
use crate::{App, Error};

/// What a new session hands the browser.
#[derive(Debug, Clone)]
pub struct SignedIn {
    /// Value of the session cookie.
    pub cookie: String,
    /// Seconds until it ends whatever happens.
    pub max_age: i64,
    /// Whether a second factor is still wanted: until then the cookie opens nothing.
    pub second: Second,
}

impl App {
    /// Signs a citizen in by what the provider returned. The same citizen number is the same person.
    ///
    /// # Errors
    /// [`Error::Denied`] with the reason, [`Error::SignIn`] when no provider is connected.
    pub async fn sign_in_citizen(&self, returned: &Returned) -> Result<SignedIn, Error> {
        self.sign_in_citizen_on(returned, "").await
    }

    /// [`App::sign_in_citizen`] on a device that its owner shall recognise (header `User-Agent`).
    ///
    /// # Errors
    /// As for [`App::sign_in_citizen`].
    pub async fn sign_in_citizen_on(&self, returned: &Returned, user_agent: &str) -> Result<SignedIn, Error> {
        let claims = self.judged_here(returned).await?;
        self.enter(&claims, user_agent).await
    }

    /// Signs in whom a provider vouches for.
    pub(crate) async fn enter(&self, claims: &Claims, user_agent: &str) -> Result<SignedIn, Error> {
        let person = self.person_of(claims).await?;
        // 免申即享: what somebody is known to qualify for waits for them. A fault of it keeps nobody out.
        if let Err(error) = self.offer_to(person).await {
            tracing::warn!(%error, "nothing could be offered at sign-in");
        }
        self.begin(person.0, Principal::Citizen { person, proof: proof(claims) }, user_agent).await
    }

    /// Signs an officer in at a desk, as [`App::sign_in_officer_on`].
    ///
    /// # Errors
    /// As for [`App::sign_in_officer_on`].
    pub async fn sign_in_officer(&self, agency: &str, id: OfficerId) -> Result<SignedIn, Error> {
        self.sign_in_officer_on(agency, id, "").await
    }

    /// Signs an officer in at a desk, on a device that they shall recognise (header `User-Agent`). Only the
    /// demonstration's directory may be entered so; a passkey follows where the officer has one or must have one.
    ///
    /// # Errors
    /// [`Error::NotFound`] for an unknown desk, and wherever posts are given ([`App::take_post`]); [`Error::SignIn`]
    /// when no directory is connected.
    pub async fn sign_in_officer_on(
        &self,
        agency: &str,
        id: OfficerId,
        user_agent: &str,
    ) -> Result<SignedIn, Error> {
        let directory = self.officers.as_ref().ok_or(Error::SignIn)?;
        if !directory.anybody() {
            return Err(Error::NotFound);
        }
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
        self.begin(id.0, principal, user_agent).await
    }

    /// Proves more in the middle of something: another proof of the same person, after which they go on as
    /// they were, in a session with a new token.
    ///
    /// # Errors
    /// [`Error::Denied`] when the proof is about somebody else or proves no more than is known;
    /// [`Error::SignIn`] when no provider is connected or no citizen is signed in.
    pub async fn step_up(
        &self,
        session: &Session,
        returned: &Returned,
        user_agent: &str,
    ) -> Result<SignedIn, Error> {
        let claims = self.judged_here(returned).await?;
        self.step_up_with(session, &claims, user_agent).await
    }

    /// Raises the level of whoever is signed in by what a provider vouches for.
    pub(crate) async fn step_up_with(
        &self,
        session: &Session,
        claims: &Claims,
        user_agent: &str,
    ) -> Result<SignedIn, Error> {
        let person = session.citizen().ok_or(Error::SignIn)?;
        let profile = self.profile(person).await?;
        if claims.number.reveal() != profile.number {
            return Err(Denied::OtherPerson.into());
        }
        if claims.level <= profile.level {
            return Err(Denied::TooLow.into());
        }
        self.keep_proof(person, claims).await?;
        let principal = Principal::Citizen { person, proof: proof(claims) };
        // What was proved is about this person; their second factor, if they have one, was asked for before.
        let signed_in = self.open_session(person.0, principal, user_agent, Second::Done).await?;
        self.replace_session(session, &signed_in).await?;
        Ok(signed_in)
    }

    /// The person with this number; one is made, known by the directory's name only, where there is none.
    pub(crate) async fn known_or_new(&self, claims: &Claims) -> Result<PersonId, Error> {
        let lookup = self.store.lookup("citizen-number", claims.number.reveal());
        let profile = serde_json::to_vec(&Profile::of(claims))?;
        let (fresh, now) = (self.new_id(), micros(self.now()));
        Ok(PersonId(self.store.create_person(fresh, vec![lookup], &profile, now).await?))
    }

    /// A minor child that the register vouches for, made where it is not known here.
    pub(crate) async fn known_child(&self, name: &str, number: &CitizenNumber) -> Result<PersonId, Error> {
        let claims = Claims {
            provider: "register".to_owned(),
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
        let person = match self.store.find_person(lookup).await? {
            Some(person) => PersonId(person),
            None => self.known_or_new(claims).await?,
        };
        self.keep_proof(person, claims).await?;
        Ok(person)
    }

    /// Notes what was proved. With the first real proof the sessions that a bare declaration opened open nothing more
    /// ([`App::still_opens`]).
    async fn keep_proof(&self, person: PersonId, claims: &Claims) -> Result<(), Error> {
        let after = |before: &Profile| {
            // Anybody can declare a number; it opens nothing that was proved to be somebody's.
            if claims.level == RealNameLevel::Declared && before.level > claims.level {
                return Err(Denied::ProvedMore.into());
            }
            Ok(before.clone().after(claims))
        };
        self.change_profile(person, after).await?;
        Ok(())
    }

    pub(crate) async fn begin(
        &self,
        owner: Uuid,
        principal: Principal,
        user_agent: &str,
    ) -> Result<SignedIn, Error> {
        let second = self.second_factor(owner, principal.kind()).await?;
        self.open_session(owner, principal, user_agent, second).await
    }

    /// A new session with a token of its own; one that waits for a second factor is none until that came.
    pub(crate) async fn open_session(
        &self,
        owner: Uuid,
        principal: Principal,
        user_agent: &str,
        second: Second,
    ) -> Result<SignedIn, Error> {
        let mut token = [0; 32];
        self.random.fill(&mut token);
        let now = micros(self.now());
        let max_age = if second == Second::Done { principal.kind().policy().absolute } else { WAITING };
        let kind = match principal.kind() {
            _ if second != Second::Done => WAITING_KIND,
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
            device: Some(device_words(user_agent)),
        };
        self.store.begin_session(row).await?;
        Ok(SignedIn { cookie: cookie(owner, &token), max_age, second })
    }
}

fn proof(claims: &Claims) -> Proof {
    Proof { provider: claims.provider.clone(), level: claims.level }
}

/// What the directory knows of an officer as a citizen.
fn directory_claims(card: &OfficerCard, number: &CitizenNumber) -> Claims {
    Claims {
        provider: "directory".to_owned(),
        name: card.name.clone(),
        number: number.clone(),
        mobile: None,
        address: None,
        level: RealNameLevel::Matched,
    }
}
