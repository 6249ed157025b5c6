//! An OpenID Connect provider, asked over the network. What it publishes is fetched when it is needed and kept for an
//! hour, so that a provider that is away keeps nobody from starting this site.

use std::sync::Arc;

use domain::Text;
use identity::oidc::{
    self, Client, Discovery, Expected, Fault, IdToken, Judged, Keys, TokenAnswer, token_answer, token_request,
};
use identity::webauthn::to_base64url;
use identity::{Answered, Begin, Claims, Denied, Provider, RealNameLevel, Returned, Visit};
use tokio::sync::Mutex;
use tracing::warn;

use crate::fetch::{Answer, Ask, Fetch};
use crate::oidc_signature::signed_by;

/// Seconds for which a description and keys are kept.
const KEPT: i64 = 3_600;
/// Seconds between two looks for a key that is not there.
const NEW_KEYS: i64 = 60;
/// Seconds for which a provider that was away is not asked again for its description.
const AWAY: i64 = 5;

/// A provider elsewhere.
pub struct OidcProvider {
    client: Client,
    name: Text,
    offers: Vec<RealNameLevel>,
    http: Arc<dyn Fetch>,
    kept: Mutex<Kept>,
}

/// What a provider has published, each with the second at which it was fetched.
#[derive(Default)]
struct Kept {
    place: Option<(Discovery, i64)>,
    keys: Option<(Keys, i64)>,
    /// When it was last away.
    away: Option<i64>,
}

impl OidcProvider {
    /// `name`: what people know it by.
    #[must_use]
    pub fn new(client: Client, name: Text, http: Arc<dyn Fetch>) -> Self {
        Self { offers: client.levels.all(), client, name, http, kept: Mutex::default() }
    }

    async fn ask(&self, ask: Ask) -> Result<Answer, Fault> {
        self.http.fetch(ask).await.map_err(|error| {
            warn!(provider = self.client.id, %error, "a provider is not reached");
            Fault::Away
        })
    }

    async fn get(&self, url: &str) -> Result<Vec<u8>, Fault> {
        let headers = vec![("accept", "application/json".to_owned())];
        let answer = self.ask(Ask { url: url.to_owned(), headers, ..Ask::default() }).await?;
        if answer.status == 200 { Ok(answer.body) } else { Err(Fault::Away) }
    }

    /// Its description: fresh, or an older one while it is away.
    async fn place(&self, now: i64) -> Result<Discovery, Fault> {
        let mut kept = self.kept.lock().await;
        let old = kept.place.clone();
        if let Some((place, at)) = &old
            && now - at < KEPT
        {
            return Ok(place.clone());
        }
        let fetched = match kept.away {
            Some(at) if now - at < AWAY => Err(Fault::Away),
            _ => self.describe().await,
        };
        match (fetched, old) {
            (Ok(place), _) => {
                kept.place = Some((place.clone(), now));
                Ok(place)
            }
            (Err(fault), old) => {
                kept.away = kept.away.filter(|at| now - at < AWAY).or(Some(now));
                old.map(|(place, _)| place).ok_or(fault)
            }
        }
    }

    async fn describe(&self) -> Result<Discovery, Fault> {
        let body = self.get(&Discovery::address(&self.client.issuer)).await?;
        Discovery::read(&body, &self.client.issuer, self.client.secret.is_some())
    }

    /// Its keys; `again`: one was not among them.
    async fn keys(&self, place: &Discovery, now: i64, again: bool) -> Result<Keys, Fault> {
        let mut kept = self.kept.lock().await;
        if let Some((keys, at)) = &kept.keys
            && now - at < if again { NEW_KEYS } else { KEPT }
        {
            return Ok(keys.clone());
        }
        let keys = Keys::read(&self.get(&place.jwks).await?)?;
        kept.keys = Some((keys.clone(), now));
        Ok(keys)
    }

    async fn exchange(&self, place: &Discovery, code: &str, visit: &Visit) -> Result<TokenAnswer, Fault> {
        let (body, secret) = token_request(&self.client, place.auth, code, visit, to_base64);
        let mut headers = vec![("accept", "application/json".to_owned())];
        headers.extend(secret.map(|secret| ("authorization", secret)));
        let body = Some(("application/x-www-form-urlencoded", body.into_bytes()));
        let answer = self.ask(Ask { url: place.token.clone(), headers, body, ..Ask::default() }).await?;
        let read = token_answer(answer.status, &answer.body);
        if read == Err(Fault::Away) {
            warn!(
                provider = self.client.id,
                status = answer.status,
                "a provider refuses this site its tokens"
            );
        }
        read
    }

    async fn judged(&self, place: &Discovery, answer: &TokenAnswer, visit: &Visit) -> Result<Judged, Fault> {
        let now = visit.now.as_second();
        let expected = Expected {
            issuer: &self.client.issuer,
            client_id: &self.client.client_id,
            nonce: &visit.nonce,
            now,
            access_token: answer.access_token.as_deref(),
        };
        let token = IdToken::read(&answer.id_token)?;
        let keys = self.keys(place, now, false).await?;
        match token.clone().judge(&keys, signed_by, &expected) {
            Err(Fault::UnknownKey) => token.judge(&self.keys(place, now, true).await?, signed_by, &expected),
            judged => judged,
        }
    }

    /// Further claims, where the token leaves something open and the provider has more.
    async fn more(
        &self,
        place: &Discovery,
        answer: &TokenAnswer,
        judged: &Judged,
    ) -> Result<Option<Vec<u8>>, Fault> {
        let (Some(userinfo), Some(token)) = (&place.userinfo, &answer.access_token) else { return Ok(None) };
        if !self.client.lacks(&judged.claims) {
            return Ok(None);
        }
        let headers =
            vec![("accept", "application/json".to_owned()), ("authorization", format!("Bearer {token}"))];
        let said = self.ask(Ask { url: userinfo.clone(), headers, ..Ask::default() }).await?;
        if said.status == 200 { Ok(Some(said.body)) } else { Err(Fault::Away) }
    }

    async fn vouch(&self, returned: &Returned, visit: &Visit) -> Result<Claims, Denied> {
        let place = self.place(visit.now.as_second()).await?;
        let code = oidc::code(&self.client, &place, returned)?;
        let answer = self.exchange(&place, code, visit).await?;
        let judged = self.judged(&place, &answer, visit).await?;
        let more = self.more(&place, &answer, &judged).await?;
        oidc::person(&self.client, &judged, more.as_deref())
    }
}

impl Provider for OidcProvider {
    fn id(&self) -> &str {
        &self.client.id
    }

    fn name(&self) -> Option<&Text> {
        Some(&self.name)
    }

    fn offers(&self) -> &[RealNameLevel] {
        &self.offers
    }

    fn begin<'a>(&'a self, visit: &'a Visit) -> Answered<'a, Begin> {
        Box::pin(async move {
            let place = self.place(visit.now.as_second()).await.inspect_err(|fault| self.log(*fault))?;
            Ok(Begin::Redirect(oidc::address(&self.client, &place, visit)))
        })
    }

    fn complete<'a>(&'a self, returned: &'a Returned, visit: &'a Visit) -> Answered<'a, Claims> {
        Box::pin(async move {
            self.vouch(returned, visit).await.inspect_err(|denied| {
                if let Denied::Provider(fault) = denied {
                    self.log(*fault);
                }
            })
        })
    }
}

impl OidcProvider {
    fn log(&self, fault: Fault) {
        warn!(provider = self.client.id, fault = fault.id(), "a provider's answer was not taken");
    }
}

/// Base64 with padding (RFC 4648 § 4).
fn to_base64(bytes: &[u8]) -> String {
    let mut text = to_base64url(bytes).replace('-', "+").replace('_', "/");
    while !text.len().is_multiple_of(4) {
        text.push('=');
    }
    text
}

#[cfg(test)]
mod tests {
    use super::to_base64;

    #[test]
    fn base64_has_its_padding() {
        for (plain, text) in [("", ""), ("f", "Zg=="), ("fo", "Zm8="), ("foo", "Zm9v"), ("\u{3fb}?", "z7s/")]
        {
            assert_eq!(to_base64(plain.as_bytes()), text);
        }
    }
}
