//! Messages: what the platform tells a citizen about their cases.

use domain::{CaseId, PersonId, Timestamp, from_micros, micros};
use store::Message as MessageRow;
use uuid::Uuid;

use crate::mapping::Effect;
use crate::session::reading_goes_on;
use crate::{App, Error};

/// One message.
#[derive(Debug, Clone)]
pub struct Message {
    /// Its id.
    pub id: Uuid,
    /// When it came.
    pub at: Timestamp,
    /// Kind of event it tells of.
    pub event: String,
    /// Code of the item.
    pub item: String,
    /// Number of the case.
    pub number: String,
    /// The case; `None` for news about the person's own account.
    pub case: Option<CaseId>,
    /// Not yet read.
    pub unread: bool,
}

const PAGE: i64 = 50;

impl App {
    /// A page of a citizen's messages, the latest first, and whether there are older ones.
    ///
    /// # Errors
    /// When the store cannot answer.
    pub async fn messages(
        &self,
        person: PersonId,
        before: Option<Uuid>,
    ) -> Result<(Vec<Message>, bool), Error> {
        let mut rows = self.store.messages(person.0, before, PAGE + 1).await?;
        let more = rows.len() as i64 > PAGE;
        rows.truncate(PAGE as usize);
        let messages: Result<Vec<_>, _> = rows.into_iter().map(read).collect();
        Ok((messages?.into_iter().flatten().collect(), more))
    }

    /// One message of this person.
    ///
    /// # Errors
    /// [`Error::NotFound`] when it is not theirs or not there.
    pub async fn message(&self, person: PersonId, id: Uuid) -> Result<Message, Error> {
        let row = self.store.message(person.0, id).await?.ok_or(Error::NotFound)?;
        read(row)?.ok_or(Error::NotFound)
    }

    /// How many messages are unread.
    ///
    /// # Errors
    /// When the store cannot answer.
    pub async fn unread(&self, person: PersonId) -> Result<i64, Error> {
        Ok(self.store.unread(person.0).await?)
    }

    /// Marks a message of this person read, if the store can take that just now.
    ///
    /// # Errors
    /// When the store fails otherwise.
    pub async fn read_message(&self, person: PersonId, id: Uuid) -> Result<(), Error> {
        reading_goes_on(self.store.mark_read(person.0, Some(id), micros(self.now())).await)
    }
}

fn read(row: MessageRow) -> Result<Option<Message>, Error> {
    let effect: Effect = serde_json::from_str(&row.data)?;
    Ok(Some(Message {
        id: row.id,
        at: from_micros(row.at),
        event: effect.event,
        item: effect.item,
        number: effect.number,
        case: row.case_id.map(CaseId),
        unread: row.read_at.is_none(),
    }))
}
