//! Stations: which there are, what opens for them, their pictures by hash, and the units of a lot.

use uuid::Uuid;

use crate::cases::MAX_PAGE;
use crate::engine::{Conn, args, row};
use crate::seal::Lookup;
use crate::sql::statements;
use crate::write::{Write, Written};
use crate::{Error, Store};

row! {
    /// A station as registered.
    pub struct Station {
        /// The organisation it belongs to.
        pub person: Uuid,
        /// The station, as a party.
        pub id: Uuid,
        /// Keyed hash of the credential that opens now.
        pub credential: Vec<u8>,
        /// Who registered it; none for the operator.
        pub added_by: Option<Uuid>,
        /// Microseconds since 1970.
        pub created_at: i64,
        /// When its credential was last replaced.
        pub changed_at: i64,
        /// When it last reported, to the minute.
        pub used_at: Option<i64>,
        /// Microseconds since 1970.
        pub revoked_at: Option<i64>,
    }
}

row! {
    /// Where a credential leads.
    struct Leads {
        person: Uuid,
        station: Uuid,
    }
}

row! {
    /// A picture that a station has sent.
    struct Picture {
        digest: String,
    }
}

row! {
    /// A unit of a lot that a station has reported.
    pub struct StationUnit {
        /// The case.
        pub case_id: Uuid,
        /// Where it is kept.
        pub area: String,
        /// Microseconds since 1970.
        pub at: i64,
    }
}

/// A change, carried out whole or not at all.
#[derive(Debug)]
pub(crate) enum Change {
    Add { station: Station, limit: i64 },
    Replace { person: Uuid, id: Uuid, from: Vec<u8>, to: Vec<u8>, at: i64 },
    Revoke { person: Uuid, id: Uuid, credential: Vec<u8>, at: i64 },
    Used { person: Uuid, id: Uuid, at: i64 },
    AddPicture { person: Uuid, picture: Vec<u8>, digest: String, at: i64 },
    AddUnit { person: Uuid, lot: Vec<u8>, case: Uuid, area: String, at: i64 },
}

statements! {
    /// Counts and adds in one step; adds nothing where there are as many as there may be.
    ADD_STATION = "INSERT INTO stations (person, id, credential, added_by, created_at, changed_at) \
        SELECT $1, $2, $3, $4, $5, $5 WHERE (SELECT count(*) FROM stations WHERE person = $1 AND revoked_at IS NULL) < $6 \
        ON CONFLICT (person, id) DO NOTHING";
    ADD_STATION_CREDENTIAL = "INSERT INTO station_credentials (lookup, person, station) VALUES ($1, $2, $3)";
    DROP_STATION_CREDENTIAL = "DELETE FROM station_credentials WHERE lookup = $1";
    REPLACE_CREDENTIAL = "UPDATE stations SET credential = $4, changed_at = $5 \
        WHERE person = $1 AND id = $2 AND credential = $3 AND revoked_at IS NULL";
    REVOKE_STATION = "UPDATE stations SET revoked_at = $3 WHERE person = $1 AND id = $2 AND revoked_at IS NULL";
    USE_STATION = "UPDATE stations SET used_at = $3 WHERE person = $1 AND id = $2";
    STATION = "SELECT person, id, credential, added_by, created_at, changed_at, used_at, revoked_at \
        FROM stations WHERE person = $1 AND id = $2";
    STATIONS_OF = "SELECT person, id, credential, added_by, created_at, changed_at, used_at, revoked_at \
        FROM stations WHERE person = $1 ORDER BY id LIMIT $2";
    /// Over all shards: for the operator.
    STATIONS_AFTER = "SELECT person, id, credential, added_by, created_at, changed_at, used_at, revoked_at \
        FROM stations WHERE (person, id) > ($1, $2) ORDER BY person, id LIMIT $3";
    CREDENTIAL_LEADS = "SELECT person, station FROM station_credentials WHERE lookup = $1";
    ADD_PICTURE = "INSERT INTO station_pictures (person, picture, digest, created_at) VALUES ($1, $2, $3, $4) \
        ON CONFLICT (person, picture) DO NOTHING";
    PICTURE = "SELECT digest FROM station_pictures WHERE person = $1 AND picture = $2";
    ADD_UNIT = "INSERT INTO station_units (person, lot, case_id, area, at) VALUES ($1, $2, $3, $4, $5) \
        ON CONFLICT (person, lot, case_id) DO NOTHING";
    UNITS = "SELECT case_id, area, at FROM station_units WHERE person = $1 AND lot = $2 AND case_id > $3 \
        ORDER BY case_id LIMIT $4";
}

async fn add(conn: &mut Conn, station: &Station, limit: i64) -> Result<Written, Error> {
    let Station { person, id, credential, added_by, created_at, .. } = station;
    let row = args![*person, *id, credential, *added_by, *created_at, limit];
    if conn.run(ADD_STATION, &row).await? == 0 {
        return Ok(Written::Refused(Error::TooMany { limit }));
    }
    conn.run(ADD_STATION_CREDENTIAL, &args![credential, *person, *id]).await?;
    Ok(Written::Done)
}

async fn replace(
    conn: &mut Conn,
    (person, id): (Uuid, Uuid),
    from: &[u8],
    to: &[u8],
    at: i64,
) -> Result<Written, Error> {
    if conn.run(REPLACE_CREDENTIAL, &args![person, id, from, to, at]).await? == 0 {
        return Ok(Written::Refused(Error::NotFound));
    }
    conn.run(DROP_STATION_CREDENTIAL, &args![from]).await?;
    conn.run(ADD_STATION_CREDENTIAL, &args![to, person, id]).await?;
    Ok(Written::Done)
}

impl Change {
    pub(crate) fn shard(&self) -> &[u8] {
        match self {
            Self::Add { station, .. } => station.person.as_bytes(),
            Self::Replace { person, .. }
            | Self::Revoke { person, .. }
            | Self::Used { person, .. }
            | Self::AddPicture { person, .. }
            | Self::AddUnit { person, .. } => person.as_bytes(),
        }
    }

    pub(crate) async fn apply(&self, conn: &mut Conn) -> Result<Written, Error> {
        match self {
            Self::Add { station, limit } => return add(conn, station, *limit).await,
            Self::Replace { person, id, from, to, at } => {
                return replace(conn, (*person, *id), from, to, *at).await;
            }
            Self::Revoke { person, id, credential, at } => {
                conn.run(DROP_STATION_CREDENTIAL, &args![credential]).await?;
                return Written::some(conn.run(REVOKE_STATION, &args![*person, *id, *at]).await?);
            }
            Self::Used { person, id, at } => {
                conn.run(USE_STATION, &args![*person, *id, *at]).await?;
            }
            Self::AddPicture { person, picture, digest, at } => {
                conn.run(ADD_PICTURE, &args![*person, picture, digest, *at]).await?;
            }
            Self::AddUnit { person, lot, case, area, at } => {
                conn.run(ADD_UNIT, &args![*person, lot, *case, area, *at]).await?;
            }
        }
        Ok(Written::Done)
    }
}

/// Reading and writing; all fail when the database cannot be reached.
impl Store {
    async fn change_stations(&self, change: Change) -> Result<(), Error> {
        self.write(Write::Stations(Box::new(change))).await.map(drop)
    }

    /// Adds a station that is a person already, with what opens for it.
    ///
    /// # Errors
    /// [`Error::TooMany`] where the organisation has `limit` that are not revoked.
    pub async fn add_station(&self, station: Station, limit: i64) -> Result<(), Error> {
        self.change_stations(Change::Add { station, limit }).await
    }

    /// Puts another credential in the place of the one that was read; that one opens nothing from now on.
    ///
    /// # Errors
    /// [`Error::NotFound`] when it is revoked or has another by now.
    pub async fn replace_station_credential(
        &self,
        station: &Station,
        to: Lookup,
        at: i64,
    ) -> Result<(), Error> {
        let (person, id, from) = (station.person, station.id, station.credential.clone());
        self.change_stations(Change::Replace { person, id, from, to: to.bytes().to_vec(), at }).await
    }

    /// Revokes a station: nothing opens for it any more. Its row stays.
    ///
    /// # Errors
    /// [`Error::NotFound`] when it is revoked already.
    pub async fn revoke_station(&self, station: &Station, at: i64) -> Result<(), Error> {
        let (person, id, credential) = (station.person, station.id, station.credential.clone());
        self.change_stations(Change::Revoke { person, id, credential, at }).await
    }

    /// Notes when a station last reported.
    ///
    /// # Errors
    /// When nothing can be written.
    pub async fn use_station(&self, person: Uuid, id: Uuid, at: i64) -> Result<(), Error> {
        self.change_stations(Change::Used { person, id, at }).await
    }

    /// A station of an organisation, revoked or not.
    ///
    /// # Errors
    /// When the database cannot be read.
    pub async fn station(&self, person: Uuid, id: Uuid) -> Result<Option<Station>, Error> {
        self.db.optional(STATION, &args![person, id]).await
    }

    /// The stations of an organisation, revoked ones too, in the order they were registered.
    ///
    /// # Errors
    /// When the database cannot be read.
    pub async fn stations_of(&self, person: Uuid) -> Result<Vec<Station>, Error> {
        self.db.list(STATIONS_OF, &args![person, MAX_PAGE]).await
    }

    /// Stations of all organisations after (`person`, `id`); begin with nils.
    ///
    /// # Errors
    /// When the database cannot be read.
    pub async fn stations_after(&self, person: Uuid, id: Uuid, limit: i64) -> Result<Vec<Station>, Error> {
        self.db.list(STATIONS_AFTER, &args![person, id, limit.min(MAX_PAGE)]).await
    }

    /// The station for which a credential opens: that of its own row, not revoked.
    ///
    /// # Errors
    /// When the database cannot be read.
    pub async fn station_by_credential(&self, lookup: Lookup) -> Result<Option<Station>, Error> {
        let lookup = lookup.bytes();
        let leads: Option<Leads> = self.db.optional(CREDENTIAL_LEADS, &args![lookup]).await?;
        let Some(Leads { person, station }) = leads else { return Ok(None) };
        let station = self.station(person, station).await?;
        Ok(station.filter(|row| row.revoked_at.is_none() && row.credential == *lookup))
    }

    /// Notes which blob holds a station's picture; the first stays.
    ///
    /// # Errors
    /// When nothing can be written.
    pub async fn add_station_picture(
        &self,
        person: Uuid,
        picture: [u8; 32],
        digest: String,
        at: i64,
    ) -> Result<(), Error> {
        self.change_stations(Change::AddPicture { person, picture: picture.to_vec(), digest, at }).await
    }

    /// The blob that holds a station's picture.
    ///
    /// # Errors
    /// When the database cannot be read.
    pub async fn station_picture(&self, person: Uuid, picture: &[u8; 32]) -> Result<Option<String>, Error> {
        let found: Option<Picture> = self.db.optional(PICTURE, &args![person, picture]).await?;
        Ok(found.map(|found| found.digest))
    }

    /// Notes a unit of a lot.
    ///
    /// # Errors
    /// When nothing can be written.
    pub async fn add_station_unit(&self, person: Uuid, lot: Lookup, unit: StationUnit) -> Result<(), Error> {
        let StationUnit { case_id: case, area, at } = unit;
        self.change_stations(Change::AddUnit { person, lot: lot.bytes().to_vec(), case, area, at }).await
    }

    /// A page of the units of a lot by case, after the last one of the page before.
    ///
    /// # Errors
    /// When the database cannot be read.
    pub async fn station_units(
        &self,
        person: Uuid,
        lot: Lookup,
        after: Uuid,
        limit: i64,
    ) -> Result<Vec<StationUnit>, Error> {
        self.db.all(UNITS, &args![person, lot.bytes(), after, limit.min(MAX_PAGE)]).await
    }
}
