//! An organisation's own stations, for whoever represents it.

use domain::{PersonId, micros};

use super::{StationCredential, StationError, StationLine};
use crate::session::Profile;
use crate::{App, Error};

impl App {
    /// The organisation and its stations, for its legal representative.
    ///
    /// # Errors
    /// [`Error::NotFound`] for everybody else, and for what is no organisation.
    pub async fn own_stations(
        &self,
        person: PersonId,
        organisation: PersonId,
    ) -> Result<(Profile, Vec<StationLine>), Error> {
        self.legal(person, organisation).await?;
        let rows = self.store.stations_of(organisation.0).await?;
        Ok((self.profile(organisation).await?, self.station_lines(rows).await?))
    }

    /// Registers a station of the organisation that this person represents.
    ///
    /// # Errors
    /// As for [`App::own_stations`] and [`App::register_station`]; [`StationError::Taken`] for a name that another
    /// station of it has, as a form that is sent twice would give.
    pub async fn register_own_station(
        &self,
        person: PersonId,
        organisation: PersonId,
        name: &str,
    ) -> Result<(PersonId, StationCredential), Error> {
        let (profile, known) = self.own_stations(person, organisation).await?;
        if known.iter().any(|line| line.revoked.is_none() && line.name == name.trim()) {
            return Err(StationError::Taken.into());
        }
        let code = profile.number.parse().map_err(|_| StationError::Organisation)?;
        self.register_station(&code, name, Some(person)).await
    }

    /// Another credential for a station of the organisation that this person represents.
    ///
    /// # Errors
    /// [`Error::NotFound`] for a station that is not its own, and as for [`App::own_stations`].
    pub async fn replace_own_credential(
        &self,
        person: PersonId,
        organisation: PersonId,
        station: PersonId,
    ) -> Result<StationCredential, Error> {
        self.legal(person, organisation).await?;
        let row = self.store.station(organisation.0, station.0).await?.ok_or(Error::NotFound)?;
        self.new_credential_for(&row).await
    }

    /// Revokes a station of the organisation that this person represents.
    ///
    /// # Errors
    /// [`Error::NotFound`] for a station that is not its own or revoked already, and as for [`App::own_stations`].
    pub async fn revoke_own_station(
        &self,
        person: PersonId,
        organisation: PersonId,
        station: PersonId,
    ) -> Result<(), Error> {
        self.legal(person, organisation).await?;
        let row = self.store.station(organisation.0, station.0).await?.ok_or(Error::NotFound)?;
        Ok(self.store.revoke_station(&row, micros(self.now())).await?)
    }
}
