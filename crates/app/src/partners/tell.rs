//! Telling applications that somebody signed out (OpenID Connect Back-Channel Logout 1.0). Only registered addresses
//! are asked, no redirect is followed, and nothing of the answer is kept.

use std::time::Duration;

use domain::micros;
use futures_util::stream::{self, StreamExt as _};
use serde::{Deserialize, Serialize};
use serde_json::json;
use store::{PartnerGrant, PartnerLogout};
use tracing::warn;

use crate::{App, Ask, Error};

/// The type of a logout token: nobody takes it for an ID token.
const LOGOUT_TOKEN: &str = "logout+jwt";
const EVENT: &str = "http://schemas.openid.net/event/backchannel-logout";
/// How long a logout token is good, in seconds.
const GOOD_FOR: i64 = 120;
/// How often an application is told before it is given up.
const MOST_TRIES: i64 = 8;
/// The first pause between tries (µs); each further one is twice as long: 20 minutes in all.
const FIRST_PAUSE: i64 = 10_000_000;
/// Whoever tells has it for itself so long (µs): longer than a request may take.
const LEASE: i64 = 30_000_000;
/// Told in one look, and at the same time.
const BATCH: i64 = 64;
const TOGETHER: usize = 8;
/// Looked for at least this often.
const LOOK_EVERY: Duration = Duration::from_secs(5);
/// Codes and tokens stay so long after they ran out (µs), so that who comes late with a used one is found out.
const KEEP_SPENT: i64 = 24 * 3_600_000_000;
const SWEEP: i64 = 500;

/// What there is to tell, as stored.
#[derive(Debug, Serialize, Deserialize)]
struct Told {
    iss: String,
    sub: String,
    sid: String,
}

impl App {
    /// Rows for the applications among these sign-ins that want to be told.
    pub(super) async fn to_tell(&self, grants: &[PartnerGrant]) -> Result<Vec<PartnerLogout>, Error> {
        let now = micros(self.now());
        let mut rows = Vec::new();
        for grant in grants {
            let Some(partner) = self.partner(&grant.partner).await? else { continue };
            if partner.about.backchannel_logout_uri.is_none() {
                continue;
            }
            let told = Told {
                iss: grant.issuer.clone(),
                sub: self.pseudonym(&partner, grant.person),
                sid: self.sign_in_id(grant.id),
            };
            rows.push(PartnerLogout {
                partner: grant.partner.clone(),
                id: self.new_id(),
                data: serde_json::to_string(&told)?,
                attempts: 0,
                next_at: now,
                created_at: now,
            });
        }
        Ok(rows)
    }

    /// Tells applications and sweeps what has run out, until the future is dropped. Beside the work on cases, which
    /// a slow application must not hold up.
    pub(crate) async fn work_for_partners(&self) {
        loop {
            let worked = async {
                self.store.sweep_partner_tokens(micros(self.now()) - KEEP_SPENT, SWEEP).await?;
                self.tell_partners().await
            };
            if let Err(error) = worked.await {
                warn!(%error, "applications could not be told of sign-outs");
            }
            let _ = tokio::time::timeout(LOOK_EVERY, self.tell.notified()).await;
        }
    }

    /// Tells every application that is due; how many heard it.
    ///
    /// # Errors
    /// When the store cannot answer.
    pub async fn tell_partners(&self) -> Result<usize, Error> {
        let due = self.store.due_logouts(micros(self.now()), BATCH).await?;
        let mut all = stream::iter(due.into_iter().map(|row| self.tell_one(row))).buffer_unordered(TOGETHER);
        let mut heard = 0;
        while let Some(told) = all.next().await {
            heard += usize::from(told?);
        }
        Ok(heard)
    }

    async fn tell_one(&self, mut row: PartnerLogout) -> Result<bool, Error> {
        let now = micros(self.now());
        let pause = FIRST_PAUSE << row.attempts.clamp(0, MOST_TRIES);
        let next_at = now + pause.max(LEASE);
        match self.store.claim_logout(&row, next_at).await {
            Err(store::Error::NotFound) => return Ok(false),
            claimed => claimed?,
        }
        (row.attempts, row.next_at) = (row.attempts + 1, next_at);
        let heard = self.say_so(&row).await?;
        if !heard && row.attempts < MOST_TRIES {
            return Ok(false);
        }
        if !heard {
            warn!(partner = row.partner, "an application could not be told of a sign-out, and is given up");
        }
        self.store.drop_logout(&row).await?;
        Ok(heard)
    }

    /// Sends a logout token to where the application is registered now; whether it was taken. One that wants to hear
    /// nothing any more has heard it.
    async fn say_so(&self, row: &PartnerLogout) -> Result<bool, Error> {
        let uri = self.partner(&row.partner).await?.and_then(|partner| partner.about.backchannel_logout_uri);
        let Some(url) = uri else { return Ok(true) };
        let told: Told = serde_json::from_str(&row.data)?;
        let now = micros(self.now()) / 1_000_000;
        let claims = json!({
            "iss": told.iss,
            "sub": told.sub,
            "sid": told.sid,
            "aud": row.partner,
            "iat": now,
            "exp": now + GOOD_FOR,
            "jti": row.id.simple().to_string(),
            "events": { EVENT: {} },
        });
        let token = self.signed(LOGOUT_TOKEN, claims).await?;
        let body = ("application/x-www-form-urlencoded", format!("logout_token={token}").into_bytes());
        let ask = Ask { url, body: Some(body), ..Ask::default() };
        match self.http.fetch(ask).await {
            Ok(answer) => Ok(matches!(answer.status, 200 | 204)),
            Err(error) => {
                warn!(%error, partner = row.partner, "an application did not hear of a sign-out");
                Ok(false)
            }
        }
    }
}
