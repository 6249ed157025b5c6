//! Which stations there are, and what opens for them.

use domain::{CreditCode, PersonId, Timestamp, from_micros, micros};
use identity::RealNameLevel;
use store::{Error as StoreError, Station as StationRow};
use uuid::Uuid;

use super::StationError;
use crate::session::Profile;
use crate::{App, Error};

/// Most stations of one organisation that are not revoked.
pub const MAX_STATIONS: i64 = 500;
/// Longest name, in characters.
const MAX_NAME: usize = 80;
/// That a station reported is noted at most this often (µs).
const NOTE_EVERY: i64 = 60_000_000;
/// Rows an operator's list reads at once.
const PAGE: i64 = 500;
/// Who vouches for a station: its registration.
pub(crate) const PROVIDER: &str = "station";
/// What a credential begins with, so that it is known for what it is where it should not be.
const PREFIX: &str = "station_";

/// A station that has proved to be itself.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Station {
    /// The station, as a party.
    pub id: PersonId,
    /// The organisation it belongs to.
    pub organisation: PersonId,
    /// Its name.
    pub name: String,
    /// The organisation's credit code: it reports to the agency of that code and to no other.
    pub agency: String,
}

/// A credential, to be shown once: 256 random bits.
pub struct StationCredential(pub String);

// A credential belongs in no log.
impl std::fmt::Debug for StationCredential {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("StationCredential(…)")
    }
}

/// A line of a list of stations.
#[derive(Debug, Clone)]
pub struct StationLine {
    /// The station.
    pub id: PersonId,
    /// Its name.
    pub name: String,
    /// The organisation's name.
    pub organisation: String,
    /// The organisation's credit code.
    pub code: String,
    /// Since when.
    pub since: Timestamp,
    /// When it last reported, to the minute.
    pub used: Option<Timestamp>,
    /// When it was revoked.
    pub revoked: Option<Timestamp>,
}

impl App {
    /// Registers a station of an organisation that is registered here. The credential is told once.
    ///
    /// # Errors
    /// [`Error::Station`]: no such organisation, no good name, or too many.
    pub async fn register_station(
        &self,
        code: &CreditCode,
        name: &str,
        by: Option<PersonId>,
    ) -> Result<(PersonId, StationCredential), Error> {
        let name = name.trim();
        if name.is_empty() || name.chars().count() > MAX_NAME || name.chars().any(char::is_control) {
            return Err(StationError::Name.into());
        }
        let organisation = self.organisation(code).await?.ok_or(StationError::Organisation)?;
        let (id, now) = (self.new_thing(name).await?.0, micros(self.now()));
        let credential = self.new_credential();
        let row = StationRow {
            person: organisation.0,
            id,
            credential: self.credential_lookup(&credential.0).bytes().to_vec(),
            added_by: by.map(|person| person.0),
            created_at: now,
            changed_at: now,
            used_at: None,
            revoked_at: None,
        };
        match self.store.add_station(row, MAX_STATIONS).await {
            Err(StoreError::TooMany { .. }) => Err(StationError::TooMany.into()),
            added => Ok(added.map(|()| (PersonId(id), credential))?),
        }
    }

    /// Registers an organisation by an operator's word, where no register of organisations is connected; one that is
    /// registered already stays as it is.
    ///
    /// # Errors
    /// [`Error::Station`] without a good name.
    pub async fn register_organisation_by_hand(
        &self,
        code: &CreditCode,
        name: &str,
    ) -> Result<PersonId, Error> {
        let name = name.trim();
        if name.is_empty() || name.chars().count() > MAX_NAME || name.chars().any(char::is_control) {
            return Err(StationError::Name.into());
        }
        let profile = Profile {
            name: name.to_owned(),
            number: code.as_str().to_owned(),
            mobile: None,
            address: None,
            level: RealNameLevel::Matched,
            provider: "operator".to_owned(),
            organisation: true,
            station: false,
        };
        let lookup = self.store.lookup("credit-code", code.as_str());
        let (fresh, now) = (self.new_id(), micros(self.now()));
        let body = serde_json::to_vec(&profile)?;
        Ok(PersonId(self.store.create_person(fresh, vec![lookup], &body, now).await?))
    }

    /// A thing as a party, with a key of its own. Nothing opens for it yet.
    pub(crate) async fn new_thing(&self, name: &str) -> Result<PersonId, Error> {
        let profile = Profile {
            name: name.to_owned(),
            number: String::new(),
            mobile: None,
            address: None,
            level: RealNameLevel::Matched,
            provider: PROVIDER.to_owned(),
            organisation: false,
            station: true,
        };
        let (id, now) = (self.new_id(), micros(self.now()));
        let lookup = self.store.lookup(PROVIDER, &id.to_string());
        let body = serde_json::to_vec(&profile)?;
        Ok(PersonId(self.store.create_person(id, vec![lookup], &body, now).await?))
    }

    pub(super) async fn organisation(&self, code: &CreditCode) -> Result<Option<PersonId>, Error> {
        let lookup = self.store.lookup("credit-code", code.as_str());
        Ok(self.store.find_person(lookup).await?.map(PersonId))
    }

    /// Another credential takes the place of the one before, at once.
    ///
    /// # Errors
    /// [`Error::NotFound`] for a station that is not there or revoked.
    pub async fn replace_station_credential(&self, id: PersonId) -> Result<StationCredential, Error> {
        let row = self.any_station(id).await?;
        self.new_credential_for(&row).await
    }

    /// Revokes a station: from the next request on nothing opens for it. What it reported stays.
    ///
    /// # Errors
    /// [`Error::NotFound`] for a station that is not there or revoked already.
    pub async fn revoke_station(&self, id: PersonId) -> Result<(), Error> {
        let row = self.any_station(id).await?;
        Ok(self.store.revoke_station(&row, micros(self.now())).await?)
    }

    /// All stations, revoked ones too: for the operator.
    ///
    /// # Errors
    /// When the store cannot answer.
    pub async fn stations(&self) -> Result<Vec<StationLine>, Error> {
        let rows = self.every_station().await?;
        self.station_lines(rows).await
    }

    pub(super) async fn station_lines(&self, rows: Vec<StationRow>) -> Result<Vec<StationLine>, Error> {
        let mut lines = Vec::new();
        for row in rows {
            let owner = self.profile(PersonId(row.person)).await.ok();
            let (organisation, code) = owner.map(|known| (known.name, known.number)).unwrap_or_default();
            lines.push(StationLine {
                id: PersonId(row.id),
                name: self.name_of(PersonId(row.id)).await?,
                organisation,
                code,
                since: from_micros(row.created_at),
                used: row.used_at.map(from_micros),
                revoked: row.revoked_at.map(from_micros),
            });
        }
        Ok(lines)
    }

    pub(super) async fn new_credential_for(&self, row: &StationRow) -> Result<StationCredential, Error> {
        let credential = self.new_credential();
        let lookup = self.credential_lookup(&credential.0);
        self.store.replace_station_credential(row, lookup, micros(self.now())).await?;
        Ok(credential)
    }

    /// The station that shows this credential. Looked up anew each time, so that a revocation holds from the next
    /// request on, on every server.
    ///
    /// # Errors
    /// [`Error::Station`] with [`StationError::Unknown`], whatever the reason.
    pub async fn station(&self, credential: &str) -> Result<Station, Error> {
        if !credential.starts_with(PREFIX) || credential.len() > 100 {
            return Err(StationError::Unknown.into());
        }
        let found = self.store.station_by_credential(self.credential_lookup(credential)).await?;
        let row = found.ok_or(StationError::Unknown)?;
        let (id, organisation) = (PersonId(row.id), PersonId(row.person));
        // An organisation that was erased has no stations.
        let owner = self.profile(organisation).await.map_err(gone)?;
        let name = self.profile(id).await.map_err(gone)?.name;
        let now = micros(self.now());
        if row.used_at.is_none_or(|used| now - used > NOTE_EVERY) {
            let noted = self.store.use_station(row.person, row.id, now).await;
            crate::session::reading_goes_on(noted)?;
        }
        Ok(Station { id, organisation, name, agency: owner.number })
    }

    async fn any_station(&self, id: PersonId) -> Result<StationRow, Error> {
        let all = self.every_station().await?;
        all.into_iter().find(|row| row.id == id.0 && row.revoked_at.is_none()).ok_or(Error::NotFound)
    }

    async fn every_station(&self) -> Result<Vec<StationRow>, Error> {
        let (mut all, mut after) = (Vec::new(), (Uuid::nil(), Uuid::nil()));
        loop {
            let page = self.store.stations_after(after.0, after.1, PAGE).await?;
            let Some(last) = page.last() else { return Ok(all) };
            after = (last.person, last.id);
            all.extend(page);
        }
    }

    fn new_credential(&self) -> StationCredential {
        let mut bytes = [0; 32];
        self.random.fill(&mut bytes);
        StationCredential(format!("{PREFIX}{}", crate::partners::encode(&bytes)))
    }

    fn credential_lookup(&self, credential: &str) -> store::Lookup {
        self.store.lookup("station-credential", credential)
    }
}

fn gone(error: Error) -> Error {
    match error {
        Error::NotFound | Error::Store(StoreError::Erased) => StationError::Unknown.into(),
        error => error,
    }
}
