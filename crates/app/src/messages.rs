//! Messages: what the platform tells a citizen about their cases.

use domain::{CaseId, PersonId, Timestamp, from_micros, micros};
use uuid::Uuid;

use crate::mapping::Effect;
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
    /// The case.
    pub case: CaseId,
    /// Not yet read.
    pub unread: bool,
}

const PAGE: i64 = 50;

impl App {
    /// A citizen's messages, the latest first.
    ///
    /// # Errors
    /// When the store cannot answer.
    pub async fn messages(&self, person: PersonId, before: Option<Uuid>) -> Result<Vec<Message>, Error> {
        let rows = self.store.messages(person.0, before, PAGE).await?;
        let mut messages = Vec::with_capacity(rows.len());
        for row in rows {
            let effect: Effect = serde_json::from_str(&row.data)?;
            let Some(case) = row.case_id else { continue };
            messages.push(Message {
                id: row.id,
                at: from_micros(row.at),
                event: effect.event,
                item: effect.item,
                number: effect.number,
                case: CaseId(case),
                unread: row.read_at.is_none(),
            });
        }
        Ok(messages)
    }

    /// How many messages are unread.
    ///
    /// # Errors
    /// When the store cannot answer.
    pub async fn unread(&self, person: PersonId) -> Result<i64, Error> {
        Ok(self.store.unread(person.0).await?)
    }

    /// Marks a message of this person read.
    ///
    /// # Errors
    /// When the store cannot take it.
    pub async fn read_message(&self, person: PersonId, id: Uuid) -> Result<(), Error> {
        Ok(self.store.mark_read(person.0, Some(id), micros(self.now())).await?)
    }
}
