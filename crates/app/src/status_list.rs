//! The status lists that issuers publish (Token Status List): one of an area has a fixed number of places, so that its
//! length does not tell how many certificates there are.

use certificates::{StatusList, StatusToken, TokenStatus};
use jiff::ToSpan as _;

use crate::{App, Error};

/// Places of one list, one bit each: a kilobyte before compression.
const PLACES: i64 = 8_192;
/// After so many seconds a verifier should fetch it again.
const TTL: u64 = 300;

impl App {
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
