//! Officers of a real site. They sign in as anybody does, take a post that the directory gives them, and confirm it
//! with a passkey. The first passkey is made with a one-time code from the operator: whoever can sign in somewhere as
//! that person has no post by it yet.

use std::sync::Arc;

use casework::Officer;
use domain::{CitizenNumber, OfficerId, PersonId, Timestamp, from_micros, micros};
use identity::webauthn::PasskeyFault;
use identity::{Listed, OfficerCard, OfficerDirectory, Principal, RealNameLevel};
use store::{Error as StoreError, Passkey, Registration, Store};
use tracing::warn;
use uuid::Uuid;

use crate::{App, Error, Session, SignedIn, Waiting};

/// Microseconds that a one-time code may be used.
const CODE_LASTS: i64 = 24 * 3_600 * 1_000_000;
/// Letters of a code: none that is taken for another one (Crockford's base 32).
const LETTERS: &[u8; 32] = b"0123456789ABCDEFGHJKMNPQRSTVWXYZ";
/// Characters of a code, 5 random bits each: too many to guess within its day.
const CODE_LENGTH: usize = 16;

/// What was done to an officer's proof of identity.
#[derive(Debug, Clone)]
pub struct OfficerAct {
    /// When.
    pub at: Timestamp,
    /// `invited`, `enrolled`, `passkeys-removed`.
    pub kind: String,
    /// Who did it.
    pub by: String,
}

/// How an officer stands.
#[derive(Debug, Clone)]
pub struct OfficerState {
    /// Their passkeys.
    pub passkeys: usize,
    /// Until when a code is open; `None` without one.
    pub invited_until: Option<Timestamp>,
    /// What was done, the latest first.
    pub acts: Vec<OfficerAct>,
}

/// Whose citizen number this is, as an officer: a keyed hash, which leads back to the number for nobody, and which
/// nobody without the site's master key can try numbers against.
#[must_use]
pub fn officer_id(store: &Store, number: &CitizenNumber) -> OfficerId {
    Listed::id_of(store.lookup("officer-number", number.reveal()).bytes())
}

impl App {
    /// Connects the directory of the officers.
    #[must_use]
    pub fn with_officers(self, officers: Arc<dyn OfficerDirectory>) -> Self {
        Self { officers: Some(officers), ..self }
    }

    /// Whether a post is taken by whom it is given to: everywhere but in a demonstration.
    #[must_use]
    pub fn posts_are_given(&self) -> bool {
        self.officers.as_ref().is_some_and(|directory| !directory.anybody())
    }

    /// The posts of whoever is signed in, each with the code of its agency; none for most people.
    ///
    /// # Errors
    /// [`Error::SignIn`] where no citizen is; [`Error::Level`] where name and number were not matched.
    pub async fn posts(&self, session: &Session) -> Result<Vec<(String, OfficerCard)>, Error> {
        let person = session.citizen().ok_or(Error::SignIn)?;
        session.matched()?;
        let profile = self.matched(person).await?;
        let (Some(directory), Ok(number)) = (&self.officers, profile.number.parse()) else {
            return Ok(Vec::new());
        };
        let id = officer_id(&self.store, &number);
        let mut posts = directory.posts(id);
        // A number that was taken for another's when the list was written opens nobody else's post.
        posts.retain(|(_, card)| {
            let same = card.name == profile.name;
            if !same {
                warn!(officer = %id.0, "the directory has another name than the one that was proved");
            }
            same
        });
        Ok(posts)
    }

    /// Takes one's post at an agency, on a device that its owner shall recognise. The passkey comes next.
    ///
    /// # Errors
    /// [`Error::NotFound`] for a post that is not theirs; as for [`App::posts`].
    pub async fn take_post(
        &self,
        session: &Session,
        agency: &str,
        user_agent: &str,
    ) -> Result<SignedIn, Error> {
        let posts = self.posts(session).await?;
        let (_, card) = posts.into_iter().find(|(code, _)| code == agency).ok_or(Error::NotFound)?;
        let principal = self.at_desk(card.id, agency, session.citizen()).ok_or(Error::NotFound)?;
        self.begin(card.id.0, principal, user_agent).await
    }

    /// An officer at a desk as the directory knows them now; `None` once they are not there any more.
    pub(crate) fn at_desk(&self, id: OfficerId, agency: &str, person: Option<PersonId>) -> Option<Principal> {
        let card = self.officers.as_ref()?.one(agency, id)?;
        let area = self.catalogue.agency(agency)?.area.clone();
        let (agency, name, roles) = (agency.to_owned(), card.name, card.roles);
        Some(Principal::Officer { id, name, agency, area, roles, person })
    }

    /// Whom a stored session stands for now: what an officer may do is the directory's to say, each time.
    pub(crate) fn now_is(&self, principal: Principal) -> Option<Principal> {
        match principal {
            Principal::Officer { id, agency, person, .. } => self.at_desk(id, &agency, person),
            citizen @ Principal::Citizen { .. } => Some(citizen),
        }
    }

    /// Whether one of these officers of an agency is this human being, as far as the directory can tell.
    pub(crate) async fn is_one_of(
        &self,
        person: PersonId,
        agency: &str,
        officers: impl IntoIterator<Item = OfficerId>,
    ) -> Result<bool, Error> {
        let Some(directory) = &self.officers else { return Ok(false) };
        let number = match self.profile(person).await {
            Ok(profile) => profile.number.parse::<CitizenNumber>().ok(),
            Err(Error::NotFound) => None,
            Err(error) => return Err(error),
        };
        let Some(number) = number else { return Ok(false) };
        let own = officer_id(&self.store, &number);
        let known = |id| directory.one(agency, id).and_then(|card| card.number);
        Ok(officers.into_iter().any(|id| id == own || known(id).as_ref() == Some(&number)))
    }

    /// A one-time code with which an officer makes their first passkey within a day; one given before is over. Shown
    /// this once and kept as a keyed hash.
    ///
    /// # Errors
    /// [`Error::NotFound`] for whoever is no officer; [`Error::Contention`] for one who has a passkey.
    pub async fn invite_officer(&self, id: OfficerId, by: &str) -> Result<String, Error> {
        let record = self.record(id, by, "invited")?;
        let mut random = [0; CODE_LENGTH];
        self.random.fill(&mut random);
        let letters = random.map(|byte| char::from(LETTERS[usize::from(byte & 31)]));
        let code: String = letters.iter().collect();
        let until = micros(self.now()) + CODE_LASTS;
        self.store.invite(record, self.code_hash(&code), until).await.map_err(|error| match error {
            StoreError::Conflict => Error::Contention,
            error => error.into(),
        })?;
        let parts: Vec<String> = letters.chunks(4).map(|part| part.iter().collect()).collect();
        Ok(parts.join("-"))
    }

    /// Takes an officer's passkeys and open code away, and ends their sessions.
    ///
    /// # Errors
    /// [`Error::NotFound`] for whoever is no officer.
    pub async fn reset_officer(&self, id: OfficerId, by: &str) -> Result<(), Error> {
        self.store.reset_passkeys(self.record(id, by, "passkeys-removed")?).await?;
        self.end_all_sessions(id.0).await
    }

    /// How an officer stands.
    ///
    /// # Errors
    /// When the store cannot answer.
    pub async fn officer_state(&self, id: OfficerId) -> Result<OfficerState, Error> {
        let act =
            |act: Registration| OfficerAct { at: from_micros(act.at), kind: act.kind, by: act.officer_name };
        Ok(OfficerState {
            passkeys: self.store.passkeys(id.0).await?.len(),
            invited_until: self.store.open_invite(id.0, micros(self.now())).await?.map(from_micros),
            acts: self.store.officer_acts(id.0).await?.into_iter().map(act).collect(),
        })
    }

    /// A line for the record about an officer, by somebody with the site's files at hand.
    fn record(&self, id: OfficerId, by: &str, kind: &str) -> Result<Registration, Error> {
        let directory = self.officers.as_ref().ok_or(Error::NotFound)?;
        let (agency, _) = directory.posts(id).into_iter().next().ok_or(Error::NotFound)?;
        let area = self.catalogue.agency(&agency).ok_or(Error::NotFound)?.area.clone();
        let (name, roles) = (by.to_owned(), Vec::new());
        let operator = Officer { id: OfficerId(Uuid::nil()), name, agency, area, roles, person: None };
        let same = (RealNameLevel::InPerson, RealNameLevel::InPerson);
        Ok(self.act_row(&operator, id.0, kind, same))
    }

    /// Small letters, spaces and dashes as people type them; letters that a code has none of are the digits they look
    /// like.
    fn code_hash(&self, typed: &str) -> Vec<u8> {
        let plain = |letter: char| match letter.to_ascii_uppercase() {
            'O' => '0',
            'I' | 'L' => '1',
            other => other,
        };
        let code: String = typed.chars().filter(char::is_ascii_alphanumeric).take(64).map(plain).collect();
        self.store.lookup("officer-code", &code).bytes().to_vec()
    }

    /// Looks whether a code is open for a sign-in that wants one, without using it: nobody makes a passkey in vain.
    ///
    /// # Errors
    /// [`Error::Passkey`] with [`PasskeyFault::Code`].
    pub async fn code_opens(&self, waiting: &Waiting, code: &str) -> Result<(), Error> {
        let hash = self.code_hash(code);
        let owner = waiting.session.owner;
        let open = !waiting.code || self.store.invite_fits(owner, &hash, micros(self.now())).await?;
        if open { Ok(()) } else { Err(PasskeyFault::Code.into()) }
    }

    /// Keeps the first passkey, and uses the code.
    pub(crate) async fn keep_first(
        &self,
        waiting: &Waiting,
        passkey: Passkey,
        code: &str,
    ) -> Result<(), Error> {
        let officer = waiting.session.officer().ok_or(Error::SignIn)?;
        let same = (RealNameLevel::InPerson, RealNameLevel::InPerson);
        let record = self.act_row(&officer, officer.id.0, "enrolled", same);
        self.store.enrol(record, passkey, self.code_hash(code)).await.map_err(|error| match error {
            StoreError::NotFound => PasskeyFault::Code.into(),
            error => Error::from(error),
        })?;
        self.end_other_sessions(&waiting.session).await?;
        Ok(())
    }
}
