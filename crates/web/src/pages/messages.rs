//! `/me/messages`

use std::sync::Arc;

use app::Message;
use axum::extract::{Path, RawQuery, State};
use axum::response::Response;
use domain::PersonId;
use uuid::Uuid;

use super::show;
use crate::failure::Failure;
use crate::forms::Form;
use crate::site::Site;
use crate::view::account::{MessageLine, MessagePage, MessagesPage};
use crate::view::{Link, Tx};
use crate::visitor::Visitor;

/// The heading of a message; `who` is the name of whoever asks, confirmed or ended a tie.
pub(super) fn subject(visitor: &Visitor, message: &Message, who: &str) -> String {
    let item = show::item_name(&visitor.site, &message.item, visitor.lang).text;
    visitor.text_with(
        &format!("message-{}-subject", message.event),
        &[("item", &item), ("number", &message.number), ("who", who)],
    )
}

/// The name of whoever it is from; nothing where that is nobody, or somebody erased.
async fn who(visitor: &Visitor, message: &Message) -> Result<String, Failure> {
    Ok(match message.who {
        Some(who) => visitor.site.app.name_of(who).await?,
        None => String::new(),
    })
}

pub(crate) async fn messages(
    State(site): State<Arc<Site>>,
    RawQuery(query): RawQuery,
    visitor: Visitor,
) -> Result<Response, Failure> {
    let before = Form::decode(query.unwrap_or_default().as_bytes()).get("before").parse().ok();
    let (messages, more) = site.app.messages(visitor.citizen()?, before).await?;
    let mut lines = Vec::with_capacity(messages.len());
    for message in &messages {
        lines.push(MessageLine {
            href: format!("/me/messages/{}", message.id),
            subject: subject(&visitor, message, &who(&visitor, message).await?),
            at: show::moment(&visitor, message.at),
            unread: message.unread,
        });
    }
    let last = messages.last().filter(|_| more);
    visitor.personal(&MessagesPage {
        messages: lines,
        older: last.map(|message| format!("/me/messages?before={}", message.id)),
    })
}

/// Every message, for an export: when, and its heading.
pub(super) async fn all(visitor: &Visitor, person: PersonId) -> Result<Vec<serde_json::Value>, Failure> {
    let (mut all, mut before) = (Vec::new(), None);
    loop {
        let (messages, more) = visitor.site.app.messages(person, before).await?;
        for message in &messages {
            let subject = subject(visitor, message, &who(visitor, message).await?);
            all.push(serde_json::json!({"at": show::moment(visitor, message.at), "subject": subject}));
        }
        before = messages.last().filter(|_| more).map(|last| last.id);
        if before.is_none() {
            return Ok(all);
        }
    }
}

pub(crate) async fn message(
    State(site): State<Arc<Site>>,
    Path(id): Path<Uuid>,
    visitor: Visitor,
) -> Result<Response, Failure> {
    let person = visitor.citizen()?;
    let message = site.app.message(person, id).await?;
    site.app.read_message(person, id).await?;
    let who = who(&visitor, &message).await?;
    let item = show::item_name(&site, &message.item, visitor.lang);
    let key = format!("message-{}-body", message.event);
    let args = [("item", item.text.as_str()), ("number", &message.number), ("who", &who)];
    let mut body = vec![visitor.text_with(&key, &args)];
    if let Some(case) = message.case {
        let file = site.app.my_case(person, case).await?;
        let told = file.events.iter().rev().find(|event| event.what.id() == message.event);
        body.extend(told.map(show::words).unwrap_or_default());
        if message.event == "issued" && file.definition.item.certificate.is_some() {
            body.push(visitor.text("message-certificate"));
        }
        if message.who.is_some() {
            body.push(visitor.text_with("message-by-agent", &[("who", &who)]));
        }
    }
    let subject = subject(&visitor, &message, &who);
    let case = message.case.map(|case| Link::new(format!("/me/cases/{case}"), Tx { ..item }));
    let (ties, profile) = (case.is_none() && message.who.is_some(), case.is_none() && message.who.is_none());
    visitor.personal(&MessagePage {
        subject,
        at: show::moment(&visitor, message.at),
        body,
        case,
        ties,
        profile,
    })
}
