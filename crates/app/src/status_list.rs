//! The status lists that issuers publish (Token Status List): one of an area has a fixed number of places, so that its
//! length does not tell how many certificates there are.

use certificates::{Lookup, StatusClaim, StatusList, StatusToken, TokenStatus};
use jiff::ToSpan as _;

use crate::{App, Error};

/// Places of one list, one bit each: a kilobyte before compression.
const PLACES: i64 = 8_192;
/// After so many seconds a verifier should fetch it again.
const TTL: u64 = 300;

/// Where the status of a certificate stands. `origin`: this site; `place`: its place among those of the area.
pub(crate) fn claim(origin: &str, area: &str, place: i64) -> StatusClaim {
    let uri = format!("{origin}/status/{area}/{}", place / PLACES);
    StatusClaim { uri, index: (place % PLACES).unsigned_abs() }
}

impl App {
    /// What stands at a place of one of our own lists, as it is now; a place that is not there says nothing.
    pub(crate) async fn own_status(&self, area: &str, n: &str, index: u64) -> Result<Lookup, String> {
        let at =
            || Some((n.parse::<u32>().ok()?, i64::try_from(index).ok().filter(|index| *index < PLACES)?));
        let Some((n, index)) = at() else { return Ok(Lookup::Unavailable) };
        let place = i64::from(n) * PLACES + index;
        let failed = |error: store::Error| error.to_string();
        if self.store.next_status_place(area).await.map_err(failed)? <= place {
            return Ok(Lookup::Unavailable);
        }
        let taken_back = self.store.status_places(area, place, place + 1).await.map_err(failed)?;
        Ok(Lookup::Found(if taken_back.is_empty() { TokenStatus::Valid } else { TokenStatus::Invalid }))
    }

    /// The `n`th status list of an area (from 0) as a signed JWT of type `statuslist+jwt`, good for a day. `uri`: its own
    /// address.
    ///
    /// # Errors
    /// [`Error::NotFound`] when no certificate of the area stands in it.
    pub async fn status_list(&self, area: &str, n: u32, uri: &str) -> Result<String, Error> {
        let from = i64::from(n) * PLACES;
        if self.store.next_status_place(area).await? <= from {
            return Err(Error::NotFound);
        }
        let failed = |error: &dyn std::fmt::Display| Error::Certificate(error.to_string());
        let mut list = StatusList::new(1, PLACES.unsigned_abs()).map_err(|error| failed(&error))?;
        for row in self.store.status_places(area, from, from + PLACES).await? {
            let place = (row.place - from).unsigned_abs();
            list.set(place, TokenStatus::Invalid).map_err(|error| failed(&error))?;
        }
        let now = self.now();
        let expires = now.checked_add(24.hours()).ok();
        let token = StatusToken { uri: uri.to_owned(), issued: now, expires, ttl: Some(TTL), list };
        let keys = self.key_set().await?;
        let signer = keys.signer().ok_or_else(|| Error::Certificate("no key signs".to_owned()))?;
        token.sign(signer).map_err(|error| failed(&error))
    }
}
