//! Webhooks: an organisation's own system is told of each unit that was decided and each lot that was released or held
//! back (Standard Webhooks 1.0.0). What is told are cases of things: no personal data leaves this way.
//!
//! What there is to tell is a row of the outbox, in the same commit as the decision, with the agency as its receiver. The
//! worker on cases never takes such a row, so that a receiver that is slow or away holds up no case; a row's id is the
//! message's, however often it is sent.

use std::collections::HashMap;
use std::time::Duration;

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use casework::{Actor, Case, Outcome, What};
use domain::{CaseId, from_micros, micros};
use futures_util::stream::{self, StreamExt as _};
use ring::hmac;
use serde_json::{Value, json};
use store::{OutboxRow, Receiver};
use tracing::warn;

use crate::mapping::Effect;
use crate::stations::{inspected_unit, is_stations, released_lot};
use crate::{App, Ask, Error};

/// Looked for this often.
const LOOK_EVERY: Duration = Duration::from_secs(1);
/// Whoever tells has a row for itself so long (µs): longer than a batch may take.
const LEASE: i64 = 60_000_000;
/// Told in one look at a receiver, and at the same time.
const BATCH: i64 = 16;
const TOGETHER: usize = 8;
/// Receivers that are told at the same time.
const RECEIVERS: usize = 8;
/// A secret has so many bytes (Standard Webhooks, signature scheme).
const SECRET_BYTES: std::ops::RangeInclusive<usize> = 24..=64;
/// What a secret begins with, so that it is known for what it is where it should not be.
const PREFIX: &str = "whsec_";

/// Where an agency's own system listens.
#[derive(Debug, Clone)]
pub struct Webhook {
    /// An address by https; by http only on this machine itself.
    pub url: String,
    /// The secret, and while it is being changed the one before.
    pub secrets: Vec<WebhookSecret>,
    /// It lies within a private network, or on this machine.
    pub private: bool,
}

/// What a receiver knows us by.
#[derive(Clone)]
pub struct WebhookSecret(hmac::Key);

// A secret belongs in no log.
impl std::fmt::Debug for WebhookSecret {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("WebhookSecret(…)")
    }
}

impl WebhookSecret {
    /// Reads `whsec_` and 24 to 64 bytes in base64.
    ///
    /// # Errors
    /// What is wrong, without the secret.
    pub fn read(text: &str) -> Result<Self, &'static str> {
        let encoded = text.strip_prefix(PREFIX).ok_or("a secret begins with whsec_")?;
        let bytes = STANDARD.decode(encoded).map_err(|_| "behind whsec_ stands base64, with its padding")?;
        if !SECRET_BYTES.contains(&bytes.len()) {
            return Err("a secret has 24 to 64 bytes");
        }
        Ok(Self(hmac::Key::new(hmac::HMAC_SHA256, &bytes)))
    }

    /// `v1,` and HMAC-SHA256 over id, seconds since 1970 and body, in base64.
    #[must_use]
    pub fn sign(&self, id: &str, at: i64, body: &[u8]) -> String {
        let mut context = hmac::Context::with_key(&self.0);
        context.update(format!("{id}.{at}.").as_bytes());
        context.update(body);
        format!("v1,{}", STANDARD.encode(context.sign()))
    }
}

impl App {
    /// Tells these agencies' own systems, by code.
    #[must_use]
    pub fn with_webhooks(self, webhooks: HashMap<String, Webhook>) -> Self {
        Self { webhooks, ..self }
    }

    /// The agency whose system is to hear of an event.
    pub(crate) fn hears(&self, case: &Case, what: &What) -> Option<String> {
        let decided = matches!(what, What::Closed { outcome: Outcome::Granted | Outcome::Refused });
        let heard = decided && is_stations(case) && self.webhooks.contains_key(&case.agency);
        heard.then(|| case.agency.clone())
    }

    /// Tells until the future is dropped. Beside the work on cases, which a slow receiver must not hold up.
    pub(crate) async fn work_for_receivers(&self) {
        if self.webhooks.is_empty() {
            return;
        }
        loop {
            if let Err(error) = self.tell_receivers().await {
                warn!(%error, "what is told to agencies' own systems could not be read");
            }
            tokio::time::sleep(LOOK_EVERY).await;
        }
    }

    /// Tells every receiver what is due; how many messages were taken. What waits for an agency that is connected no
    /// more waits on.
    ///
    /// # Errors
    /// When the store cannot answer.
    pub async fn tell_receivers(&self) -> Result<usize, Error> {
        let due = self.store.receivers_due(micros(self.now())).await?;
        let mut told = Vec::new();
        for receiver in due {
            if let Some(hook) = self.webhooks.get(&receiver.receiver) {
                told.push(self.tell_receiver(receiver, hook));
            }
        }
        let mut all = stream::iter(told).buffer_unordered(RECEIVERS);
        let mut taken = 0;
        while let Some(told) = all.next().await {
            taken += told?;
        }
        Ok(taken)
    }

    /// Until nothing is due, or until one message was not taken: then the rest waits for the next look.
    async fn tell_receiver(&self, receiver: Receiver, hook: &Webhook) -> Result<usize, Error> {
        let mut taken = 0;
        loop {
            let now = micros(self.now());
            let rows = self.store.claim_outbox_for(&receiver, now, now + LEASE, BATCH).await?;
            let claimed = rows.len();
            let mut told = Vec::new();
            for row in rows {
                told.push(self.tell(row, hook));
            }
            let told: Vec<_> = stream::iter(told).buffer_unordered(TOGETHER).collect().await;
            let mut now_taken = 0;
            for one in told {
                now_taken += usize::from(one?);
            }
            taken += now_taken;
            if now_taken < claimed || claimed == 0 {
                return Ok(taken);
            }
        }
    }

    async fn tell(&self, row: OutboxRow, hook: &Webhook) -> Result<bool, Error> {
        let sent = match self.outgoing(&row).await {
            Ok(None) => {
                warn!(case = %row.case_id, "nothing is left of a case that was to be told");
                Ok(())
            }
            Ok(Some(body)) => self.send(&row, hook, body.to_string().into_bytes()).await,
            Err(error) => Err(crate::worker::why(&error)),
        };
        match sent {
            Ok(()) => match self.store.outbox_done(row.claim(), None).await {
                Ok(()) | Err(store::Error::NotFound) => Ok(true),
                Err(error) => Err(error.into()),
            },
            Err(why) => self.failed(&row, &why).await.map(|()| false),
        }
    }

    /// What is told, from the case as it stood after the commit that the row came with, so that each try says the same. None
    /// where nothing is left of it to tell.
    async fn outgoing(&self, row: &OutboxRow) -> Result<Option<Value>, Error> {
        let effect: Effect = serde_json::from_str(&row.data)?;
        let file = self.case_to_act_on(&row.area, CaseId(row.case_id), &Actor::System).await?;
        let events: Vec<_> = file.events.into_iter().take(usize::try_from(row.seq).unwrap_or(0)).collect();
        let Some(case) = self.fold(&events).await? else { return Ok(None) };
        let at = from_micros(effect.at);
        if let Some(unit) = inspected_unit(&case, &events) {
            let envelope = exchange::cfx::Envelope {
                unique_id: row.id,
                time_stamp: at,
                source: source(&case),
                transaction_id: unit.case,
                recipe: Some(unit.recipe.clone()),
            };
            let lot = exchange::Lot { lot: unit.lot.clone(), size: None };
            return Ok(Some(exchange::cfx::units_inspected(&envelope, &lot, &[(None, unit)])));
        }
        Ok(released_lot(&case, &events)
            .map(|(kind, lot)| json!({"type": kind, "timestamp": at, "data": lot})))
    }

    async fn send(&self, row: &OutboxRow, hook: &Webhook, body: Vec<u8>) -> Result<(), String> {
        let (id, at) = (row.id.to_string(), micros(self.now()) / 1_000_000);
        let signed: Vec<String> = hook.secrets.iter().map(|secret| secret.sign(&id, at, &body)).collect();
        let headers = vec![
            ("webhook-id", id),
            ("webhook-timestamp", at.to_string()),
            ("webhook-signature", signed.join(" ")),
        ];
        let body = Some(("application/json", body));
        let ask = Ask { url: hook.url.clone(), headers, body, public: !hook.private };
        match self.http.fetch(ask).await {
            Ok(answer) if (200..300).contains(&answer.status) => Ok(()),
            Ok(answer) => Err(format!("the receiver answered {}", answer.status)),
            Err(error) => Err(error.to_string()),
        }
    }
}

/// The CFX handle of a station: its id, which is no name of anybody.
pub(crate) fn source(case: &Case) -> String {
    format!("Shengshi.Station.{}", case.applicant.0.simple())
}

#[cfg(test)]
mod tests {
    use super::WebhookSecret;

    /// The vector that the reference libraries of Standard Webhooks are tested with.
    #[test]
    fn a_signature_is_the_one_that_receivers_expect() {
        let secret = WebhookSecret::read("whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw").unwrap();
        assert_eq!(
            secret.sign("msg_p5jXN8AQM9LWM0D4loKWxJek", 1_614_265_330, br#"{"test": 2432232314}"#),
            "v1,g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OE="
        );
        assert!(!format!("{secret:?}").contains("MfKQ"));
    }

    #[test]
    fn a_secret_is_long_enough_and_written_one_way() {
        let of = |bytes: usize| {
            use base64::Engine as _;
            format!("whsec_{}", base64::engine::general_purpose::STANDARD.encode(vec![7; bytes]))
        };
        assert!(WebhookSecret::read(&of(24)).is_ok() && WebhookSecret::read(&of(64)).is_ok());
        for wrong in
            [&of(23), &of(65), "", "whsec_", "MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw", "whsec_!", "whsk_AAAA"]
        {
            let why = WebhookSecret::read(wrong).unwrap_err();
            assert!(wrong.len() < 8 || !why.contains(&wrong[7..]), "{why}");
        }
    }
}
