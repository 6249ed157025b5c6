//! Judging what a wallet elsewhere shows. What could not be checked is never called valid.

use std::cell::RefCell;
use std::collections::BTreeMap;
use std::sync::Arc;

use certificates::{
    BindingRule, Credential, KeySet, Lookup, Nonce, Policy, Refusal, StatusClaim, StatusToken, Verdict,
};
use domain::micros;
use serde_json::Value;

use crate::credential_types::vct;
use crate::fetch::Ask;
use crate::wallet_asks::{Asked, QUERY, ShownByWallet, WalletState, client_id, shown};
use crate::{App, Error};

/// Seconds by which clocks may differ, and for which a holder's proof is fresh.
const LEEWAY: i64 = 60;
const PROOF_AGE: i64 = 300;

/// How a question stands then, and what the wallet is told when it is refused.
type Judged = (WalletState, Option<&'static str>);

impl App {
    pub(crate) async fn judge(&self, asked: &Asked, vp_token: &str, origin: &str) -> Result<Judged, Error> {
        let Some(presentation) = presentation(vp_token) else {
            return Ok(refused(Refusal::Malformed("vp_token")));
        };
        let mut keys = self.key_set().await?;
        let mut claimed = self.status_claim(asked, &presentation, (origin, &keys));
        if matches!(claimed, Err(Refusal::UnknownKey)) {
            keys = self.newer_keys().await?;
            claimed = self.status_claim(asked, &presentation, (origin, &keys));
        }
        let lookup = match claimed {
            Err(why) => return Ok(refused(why)),
            Ok(Some(claim)) => self.status_of(&claim, origin, &keys).await,
            Ok(None) => Lookup::Unavailable,
        };
        Ok(match self.read(asked, &presentation, (origin, &keys), &|_| lookup) {
            Err(why) => refused(why),
            Ok(Verdict::NotChecked(..)) => (WalletState::NotChecked, None),
            Ok(Verdict::Valid(credential)) => self.told(asked, &credential),
        })
    }

    /// The first reading believes signatures before it looks for the status, so that no stranger chooses what is
    /// fetched; the second knows the status.
    fn status_claim(
        &self,
        asked: &Asked,
        presentation: &str,
        signed: (&str, &Arc<KeySet>),
    ) -> Result<Option<StatusClaim>, Refusal> {
        let claim = RefCell::new(None);
        self.read(asked, presentation, signed, &|status| {
            *claim.borrow_mut() = Some(status.clone());
            Lookup::Unavailable
        })?;
        Ok(claim.into_inner())
    }

    fn read(
        &self,
        asked: &Asked,
        presentation: &str,
        (origin, keys): (&str, &Arc<KeySet>),
        status: &dyn Fn(&StatusClaim) -> Lookup,
    ) -> Result<Verdict, Refusal> {
        let issuers = BTreeMap::from([(origin.to_owned(), keys.public())]);
        let nonce = |nonce: &str| if nonce == asked.nonce { Nonce::Fresh } else { Nonce::Unknown };
        let policy = Policy {
            now: self.now(),
            leeway: LEEWAY,
            issuers: &issuers,
            types: &[&vct(origin, &asked.kind)],
            binding: BindingRule::Asked { audience: &client_id(origin), nonce: &nonce, max_age: PROOF_AGE },
            status,
        };
        certificates::verify(presentation, &policy)
    }

    /// What was asked for, of what was shown.
    fn told(&self, asked: &Asked, credential: &Credential) -> Judged {
        let value = |name: &String| Some((name.clone(), shown(&credential.claims, name)?.to_owned()));
        let Some(fields) = asked.fields.iter().map(value).collect::<Option<Vec<_>>>() else {
            return (WalletState::Refused("incomplete".to_owned()), Some("incomplete"));
        };
        let issuer = credential.claims.get("issuing_body").and_then(Value::as_str).unwrap_or_default();
        let told = ShownByWallet {
            fields,
            issuer: issuer.to_owned(),
            until: credential.expires.map(micros),
            at: micros(self.now()),
        };
        (WalletState::Valid(told), None)
    }

    /// What the issuer says: our own lists are read from where they are made, others are fetched.
    async fn status_of(&self, claim: &StatusClaim, origin: &str, keys: &KeySet) -> Lookup {
        let own = claim.uri.strip_prefix(origin).and_then(|path| path.strip_prefix("/status/"));
        let found = match own.and_then(|list| list.split_once('/')) {
            Some((area, n)) => self.own_status(area, n, claim.index).await,
            None => self.fetched_status(claim, keys).await,
        };
        found.unwrap_or_else(|error| {
            tracing::warn!(error, "a status could not be had");
            Lookup::Unavailable
        })
    }

    async fn fetched_status(&self, claim: &StatusClaim, keys: &KeySet) -> Result<Lookup, String> {
        let headers = vec![("accept", "application/statuslist+jwt".to_owned())];
        let ask = Ask { url: claim.uri.clone(), headers, ..Ask::default() };
        let answer = self.http.fetch(ask).await.map_err(|error| error.to_string())?;
        if answer.status != 200 {
            return Err(format!("the list is answered with {}", answer.status));
        }
        let text = String::from_utf8(answer.body).map_err(|error| error.to_string())?;
        let token = StatusToken::verify(text.trim(), &claim.uri, keys, self.now(), LEEWAY);
        Ok(token.map_err(|why| why.to_string())?.lookup(claim, self.now()))
    }
}

/// The one presentation in `vp_token`.
fn presentation(vp_token: &str) -> Option<String> {
    let token: Value = serde_json::from_str(vp_token).ok()?;
    let token = token.as_object().filter(|token| token.len() == 1)?;
    match token.get(QUERY)?.as_array().map(Vec::as_slice)? {
        [Value::String(presentation)] => Some(presentation.clone()),
        _ => None,
    }
}

/// The reason for people, and the exact one for whoever builds wallets.
fn refused(why: Refusal) -> Judged {
    let reason = match why {
        Refusal::Altered
        | Refusal::AlgNone
        | Refusal::KeyConfusion
        | Refusal::DigestAlgorithm
        | Refusal::BadDisclosure
        | Refusal::DisclosureRepeated
        | Refusal::DisclosureUnreferenced => "altered",
        Refusal::UnknownIssuer | Refusal::UnknownKey | Refusal::RetiredKey => "unknown-issuer",
        Refusal::UnknownType => "unknown-type",
        Refusal::NotYetValid => "not-yet",
        Refusal::Expired => "expired",
        Refusal::Revoked | Refusal::Suspended | Refusal::OtherStatus(_) => "revoked",
        Refusal::ProofMissing | Refusal::NotBound => "proof-missing",
        Refusal::ProofAltered | Refusal::ProofOfOther => "proof-altered",
        Refusal::WrongAudience => "wrong-audience",
        Refusal::WrongNonce => "wrong-nonce",
        Refusal::Replayed => "replayed",
        Refusal::ProofNotFresh => "not-fresh",
        Refusal::TooLarge
        | Refusal::Malformed(_)
        | Refusal::WrongForm
        | Refusal::UnknownExtension
        | Refusal::OtherList => "unreadable",
    };
    (WalletState::Refused(reason.to_owned()), Some(why.code()))
}
