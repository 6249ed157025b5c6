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
    /// The case; none where it is about a tie or the person's own account.
    pub case: Option<CaseId>,
    /// Who did it for them, or asks them.
    pub who: Option<PersonId>,
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
        Ok((messages?, more))
    }

    /// What agents did for a person lately, the latest first, as far as their latest messages tell.
    ///
    /// # Errors
    /// When the store cannot answer.
    pub async fn done_for(&self, person: PersonId) -> Result<Vec<Message>, Error> {
        let (messages, _) = self.messages(person, None).await?;
        Ok(messages.into_iter().filter(|message| message.who.is_some() && message.case.is_some()).collect())
    }

    /// A message about a tie: `who` did or asks it.
    pub(crate) fn tie_message(
        &self,
        to: PersonId,
        event: &str,
        who: PersonId,
        now: i64,
    ) -> Result<MessageRow, Error> {
        let effect = Effect {
            event: event.to_owned(),
            at: now,
            number: String::new(),
            item: String::new(),
            part: None,
            who: Some(who),
        };
        Ok(MessageRow {
            person: to.0,
            id: self.new_id(),
            at: now,
            kind: event.to_owned(),
            data: serde_json::to_string(&effect)?,
            sealed: None,
            case_area: None,
            case_id: None,
            read_at: None,
        })
    }

    /// One message of this person.
    ///
    /// # Errors
    /// [`Error::NotFound`] when it is not theirs or not there.
    pub async fn message(&self, person: PersonId, id: Uuid) -> Result<Message, Error> {
        let row = self.store.message(person.0, id).await?.ok_or(Error::NotFound)?;
        read(row)
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

fn read(row: MessageRow) -> Result<Message, Error> {
    let effect: Effect = serde_json::from_str(&row.data)?;
    Ok(Message {
        id: row.id,
        at: from_micros(row.at),
        event: effect.event,
        item: effect.item,
        number: effect.number,
        case: row.case_id.map(CaseId),
        who: effect.who,
        unread: row.read_at.is_none(),
    })
}
