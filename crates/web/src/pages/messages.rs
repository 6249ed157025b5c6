//! `/me/messages`

use std::sync::Arc;

use app::Message;
use axum::extract::{Path, RawQuery, State};
use axum::response::Response;
use uuid::Uuid;

use super::show;
use crate::failure::Failure;
use crate::forms::Form;
use crate::site::Site;
use crate::view::account::{MessageLine, MessagePage, MessagesPage};
use crate::view::{Link, Tx};
use crate::visitor::Visitor;

fn subject(visitor: &Visitor, message: &Message) -> String {
    let item = show::item_name(&visitor.site, &message.item, visitor.lang).text;
    visitor.text_with(
        &format!("message-{}-subject", message.event),
        &[("item", &item), ("number", &message.number)],
    )
}

pub(crate) async fn messages(
    State(site): State<Arc<Site>>,
    RawQuery(query): RawQuery,
    visitor: Visitor,
) -> Result<Response, Failure> {
    let before = Form::decode(query.unwrap_or_default().as_bytes()).get("before").parse().ok();
    let (messages, more) = site.app.messages(visitor.citizen()?, before).await?;
    let line = |message: &Message| MessageLine {
        href: format!("/me/messages/{}", message.id),
        subject: subject(&visitor, message),
        at: show::moment(&visitor, message.at),
        unread: message.unread,
    };
    let last = messages.last().filter(|_| more);
    visitor.personal(&MessagesPage {
        messages: messages.iter().map(line).collect(),
        older: last.map(|message| format!("/me/messages?before={}", message.id)),
    })
}

pub(crate) async fn message(
    State(site): State<Arc<Site>>,
    Path(id): Path<Uuid>,
    visitor: Visitor,
) -> Result<Response, Failure> {
    let person = visitor.citizen()?;
    let message = site.app.message(person, id).await?;
    site.app.read_message(person, id).await?;
    let Some(case) = message.case else {
        let body = visitor.text(&format!("message-{}-body", message.event));
        return visitor.personal(&MessagePage {
            subject: subject(&visitor, &message),
            at: show::moment(&visitor, message.at),
            body: vec![body],
            case: None,
            profile: true,
        });
    };
    let file = site.app.my_case(person, case).await?;
    let told = file.events.iter().rev().find(|event| event.what.id() == message.event);
    let item = show::item_name(&site, &message.item, visitor.lang);
    let key = format!("message-{}-body", message.event);
    let mut body = vec![visitor.text_with(&key, &[("item", &item.text), ("number", &message.number)])];
    body.extend(told.map(show::words).unwrap_or_default());
    visitor.personal(&MessagePage {
        subject: subject(&visitor, &message),
        at: show::moment(&visitor, message.at),
        body,
        case: Some(Link::new(format!("/me/cases/{case}"), Tx { ..item })),
        profile: false,
    })
}
