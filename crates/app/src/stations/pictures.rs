//! The pictures behind reports: sent by their hash, sealed for the station, shown to whoever handles the case.

use casework::Actor;
use domain::{CaseId, micros};
use ring::digest::{SHA256, digest as sha256};

use super::report::digest;
use super::{Station, StationError, sides};
use crate::files::{FileError, MAX_FILE_BYTES};
use crate::{App, Error};

/// Fields of a report that name a picture.
pub(crate) const PICTURES: [&str; 2] = ["test_picture", "template_picture"];

impl App {
    /// Takes a picture of a station's; false when it was here already. Its kind is found from the bytes.
    ///
    /// # Errors
    /// [`Error::Station`] for bytes that have another hash or are no picture; [`Error::File`] for too many of them.
    pub async fn put_station_picture(
        &self,
        station: &Station,
        hex: &str,
        bytes: Vec<u8>,
    ) -> Result<bool, Error> {
        let picture = digest(hex).ok_or(StationError::Digest)?;
        if bytes.len() > MAX_FILE_BYTES {
            return Err(FileError::TooLarge { name: hex.to_owned() }.into());
        }
        if sha256(&SHA256, &bytes).as_ref() != picture {
            return Err(StationError::Digest.into());
        }
        let kind = infer::get(&bytes).map(|kind| kind.mime_type());
        let media_type = kind.filter(|kind| ["image/png", "image/jpeg"].contains(kind));
        let media_type = media_type.filter(|kind| sides::sane(kind, &bytes)).ok_or(StationError::Picture)?;
        if self.store.station_picture(station.id.0, &picture).await?.is_some() {
            return Ok(false);
        }
        let (person, now) = (station.id.0, micros(self.now()));
        let blob = self.store.put_blob(person, media_type, hex, bytes, MAX_FILE_BYTES, now).await?;
        self.store.add_station_picture(person, picture, blob, now).await?;
        Ok(true)
    }

    /// Those of these pictures that a station has not sent yet.
    pub(super) async fn pictures_wanted(
        &self,
        station: &Station,
        named: [&str; 2],
    ) -> Result<Vec<String>, Error> {
        let mut wanted: Vec<String> = Vec::new();
        for hex in named {
            let Some(picture) = digest(hex) else { continue };
            let known = wanted.iter().any(|other| other == hex);
            if !known && self.store.station_picture(station.id.0, &picture).await?.is_none() {
                wanted.push(hex.to_owned());
            }
        }
        Ok(wanted)
    }

    /// A picture that a case's report names: media type and bytes, for the case's own readers.
    ///
    /// # Errors
    /// [`Error::NotFound`] when the case names no such picture, it was not sent, or the case is not the reader's.
    pub async fn case_picture(
        &self,
        area: &str,
        id: CaseId,
        hex: &str,
        actor: &Actor,
    ) -> Result<(String, Vec<u8>), Error> {
        let opened = self.case_to_act_on(area, id, actor).await?;
        let named = PICTURES.iter().filter_map(|field| opened.case.answers.get(*field));
        let picture =
            named.clone().find(|known| *known == hex).and_then(|hex| digest(hex)).ok_or(Error::NotFound)?;
        let person = opened.case.applicant.0;
        let blob = self.store.station_picture(person, &picture).await?.ok_or(Error::NotFound)?;
        let blob = self.store.get_blob(person, &blob).await?.ok_or(Error::NotFound)?;
        self.note_case_read(actor, &opened, Some((hex, hex))).await?;
        Ok((blob.media_type, blob.bytes))
    }
}
