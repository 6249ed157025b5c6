//! Going to a provider elsewhere and coming back.
//!
//! The browser keeps, in a cookie of its own, where it wants to go and a number that nobody guesses. State, nonce and
//! PKCE verifier are keyed hashes of that cookie: they can be computed here alone, belong to this browser, and no
//! letter of the cookie can be changed without losing them. The provider takes a code once, and the cookie goes with
//! the first answer.

use domain::{Lang, PersonId};
use identity::oidc::Fault;
use identity::webauthn::{from_base64url, to_base64url};
use identity::{Begin, Denied, RealNameLevel, Returned, Visit};
use serde::{Deserialize, Serialize};

use crate::session::hex;
use crate::{App, Error, Session, SignedIn};

/// Seconds that somebody may take at a provider.
pub const TRIP_SECONDS: i64 = 600;
/// Longest way back kept, in bytes; a longer one leads to `/me`.
const MAX_BACK: usize = 1_024;
/// Longest cookie read, in bytes.
const MAX_COOKIE: usize = 4_096;

/// Where a browser goes and what for; the content of its cookie.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Trip {
    /// The provider's id.
    pub provider: String,
    /// Where to go afterwards: a path of this site.
    pub back: String,
    /// The level that is asked for, where somebody proves more.
    pub needed: Option<RealNameLevel>,
    /// Who proves more; none for a sign-in.
    pub person: Option<PersonId>,
    expires: i64,
    salt: String,
}

/// Somebody about to leave for a provider.
#[derive(Debug, Clone)]
pub struct Left {
    /// Where the browser goes.
    pub address: String,
    /// What it keeps meanwhile, for [`TRIP_SECONDS`].
    pub cookie: String,
}

impl Trip {
    fn cookie(&self) -> Result<String, Error> {
        Ok(to_base64url(&serde_json::to_vec(self)?))
    }

    fn read(cookie: &str) -> Option<Self> {
        let short = Some(cookie).filter(|cookie| cookie.len() <= MAX_COOKIE);
        serde_json::from_slice(&short.and_then(from_base64url)?).ok()
    }

    /// Whether somebody who is signed in proves more.
    #[must_use]
    pub fn raises(&self) -> bool {
        self.person.is_some()
    }
}

impl App {
    /// Leaves for a provider; `session`: of whoever proves more, none for a sign-in. `callback` is where the provider
    /// sends the browser back to, absolute.
    ///
    /// # Errors
    /// [`Error::NotFound`] for a provider that is none; [`Error::Denied`] where it cannot be reached.
    pub async fn leave(
        &self,
        provider: &str,
        to: (&str, Option<RealNameLevel>),
        session: Option<&Session>,
        callback: &str,
        lang: Lang,
    ) -> Result<Left, Error> {
        let known = self.provider(provider).ok_or(Error::NotFound)?;
        let (back, needed) = to;
        let mut salt = [0; 32];
        self.random.fill(&mut salt);
        let trip = Trip {
            provider: provider.to_owned(),
            back: if back.len() > MAX_BACK { "/me" } else { back }.to_owned(),
            needed,
            person: session.and_then(Session::citizen),
            expires: self.now().as_second() + TRIP_SECONDS,
            salt: hex(&salt),
        };
        let cookie = trip.cookie()?;
        let visit = self.visit(&cookie, &trip, callback, lang);
        match known.begin(&visit).await? {
            Begin::Redirect(address) => Ok(Left { address, cookie }),
            Begin::OwnPage => Err(Error::NotFound),
        }
    }

    /// The trip that a browser comes back from, where the state is its own.
    ///
    /// # Errors
    /// [`Fault::State`].
    pub fn trip(&self, cookie: Option<&str>, provider: &str, returned: &Returned) -> Result<Trip, Denied> {
        let cookie = cookie.ok_or(Fault::State)?;
        let trip = Trip::read(cookie).ok_or(Fault::State)?;
        let state = returned.get("state").map(String::as_str).unwrap_or_default();
        let own = state == self.keyed("state", cookie) && trip.provider == provider;
        if own && self.now().as_second() < trip.expires { Ok(trip) } else { Err(Fault::State.into()) }
    }

    /// Signs in whom the provider vouches for, or raises the level of whoever left to prove more.
    ///
    /// # Errors
    /// [`Error::Denied`] with the reason; [`Fault::State`] also when somebody else is signed in meanwhile.
    pub async fn come_back(
        &self,
        cookie: &str,
        trip: &Trip,
        returned: &Returned,
        session: Option<&Session>,
        callback: &str,
        user_agent: &str,
    ) -> Result<SignedIn, Error> {
        let provider = self.provider(&trip.provider).ok_or(Error::NotFound)?;
        let raised = match trip.person {
            Some(person) => {
                let same = session.filter(|session| session.citizen() == Some(person));
                Some(same.ok_or(Denied::Provider(Fault::State))?)
            }
            None => None,
        };
        let visit = self.visit(cookie, trip, callback, Lang::Zh);
        let claims = self.judged_there(provider, returned, &visit).await?;
        match raised {
            Some(session) => self.step_up_with(session, &claims, user_agent).await,
            None => self.enter(&claims, user_agent).await,
        }
    }

    fn keyed(&self, what: &str, cookie: &str) -> String {
        to_base64url(self.store.lookup(&format!("trip-{what}"), cookie).bytes())
    }

    fn visit(&self, cookie: &str, trip: &Trip, callback: &str, lang: Lang) -> Visit {
        Visit {
            state: self.keyed("state", cookie),
            nonce: self.keyed("nonce", cookie),
            verifier: self.keyed("verifier", cookie),
            callback: callback.to_owned(),
            needed: trip.needed,
            lang,
            now: self.now(),
        }
    }
}
