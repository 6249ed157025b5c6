//! What a partner's application is told of a person: a pseudonym, the ID token, and the claims of its scopes.

use domain::micros;
use serde_json::{Map, Value, json};
use store::PartnerGrant;
use uuid::Uuid;

use super::registered::Partner;
use super::scope::Scope;
use super::tokens::{ACCESS_SECONDS, Access, Given};
use super::{OauthError, encode};
use crate::{App, Error, Look, Looked, Profile, Reader};

/// The type of an ID token: nothing else that these keys sign has it, and nothing else is read as one.
pub(super) const ID_TOKEN: &str = "JWT";

impl App {
    /// The pseudonym of a person at all applications of one sector (OpenID Connect Core section 8.1): keyed, so that
    /// it leads back to nobody, and two sectors cannot find out that theirs are the same person.
    pub(super) fn pseudonym(&self, partner: &Partner, person: Uuid) -> String {
        let sector = partner.about.sector().unwrap_or_default();
        encode(self.store.lookup("pairwise-subject", &format!("{}/{sector}", person.simple())).bytes())
    }

    /// What an application knows a sign-in by (`sid`).
    pub(super) fn sign_in_id(&self, grant: Uuid) -> String {
        encode(&self.store.lookup("partner-session", &grant.simple().to_string()).bytes()[..16])
    }

    pub(super) async fn id_token(
        &self,
        partner: &Partner,
        grant: &PartnerGrant,
        given: &Given,
    ) -> Result<String, Error> {
        let now = micros(self.now()) / 1_000_000;
        let mut claims = json!({
            "iss": grant.issuer,
            "sub": self.pseudonym(partner, grant.person),
            "aud": partner.about.id,
            "iat": now,
            "exp": now + ACCESS_SECONDS,
            "auth_time": given.auth_time,
            "acr": level(given.level),
            "sid": self.sign_in_id(grant.id),
        });
        if let Some(nonce) = &given.nonce {
            claims["nonce"] = nonce.as_str().into();
        }
        self.signed(ID_TOKEN, claims).await
    }

    /// A JWT of a type that nothing else here has.
    pub(super) async fn signed(&self, typ: &str, claims: Value) -> Result<String, Error> {
        let keys = self.key_set().await?;
        let signer = keys.signer().ok_or_else(|| Error::Certificate("no key signs".to_owned()))?;
        let Value::Object(claims) = claims else { return Err(Error::Certificate("no claims".to_owned())) };
        certificates::sign_jwt(signer, typ, &claims).map_err(|error| Error::Certificate(error.to_string()))
    }

    /// The JOSE name of the algorithm that signs ID tokens now.
    ///
    /// # Errors
    /// When the keys cannot be read.
    pub async fn id_token_algorithm(&self) -> Result<&'static str, Error> {
        let keys = self.key_set().await?;
        keys.signer().map(|key| key.algorithm().jose()).ok_or(Error::NotFound)
    }

    /// What an access token lets its application see of the person.
    ///
    /// # Errors
    /// [`Error::Oauth`] with `insufficient_scope` without `openid`.
    pub async fn userinfo(&self, access: &Access) -> Result<Map<String, Value>, Error> {
        if !access.scopes.contains(&Scope::Openid) {
            return Err(OauthError::insufficient_scope("the scope openid is missing").into());
        }
        let profile = match self.profile(access.person).await {
            Err(Error::NotFound | Error::Store(store::Error::Erased)) => {
                return Err(OauthError::invalid_token("the account is gone").into());
            }
            profile => profile?,
        };
        // The person finds every look in their ledger, as of anybody else (art. 44).
        let about = &access.partner.about;
        let look = Look { who: about.name.zh.clone(), ..Look::by(Reader::Partner) };
        self.note_read(access.person, (Uuid::nil(), &about.id), Looked::Profile, &look).await?;
        let mut claims = Map::new();
        claims.insert("sub".to_owned(), self.pseudonym(&access.partner, access.person.0).into());
        for scope in &access.scopes {
            put(&mut claims, *scope, &profile);
        }
        Ok(claims)
    }
}

/// `acr`: the real-name level (国办函〔2016〕108号).
pub(super) fn level(number: u8) -> String {
    format!("real-name:{number}")
}

fn put(claims: &mut Map<String, Value>, scope: Scope, profile: &Profile) {
    let mut set = |name: &str, value: Value| {
        claims.insert(name.to_owned(), value);
    };
    match scope {
        // Certificates are fetched from the credential endpoint.
        Scope::Openid | Scope::Certificates | Scope::OfflineAccess => {}
        Scope::Profile => set("name", profile.name.as_str().into()),
        Scope::RealName => {
            let verification = json!({
                "trust_framework": "real-name",
                "assurance_level": level(profile.level.number()),
                "verified_by": profile.provider,
            });
            set(
                "verified_claims",
                json!({ "verification": verification, "claims": { "name": profile.name } }),
            );
        }
        Scope::IdNumberMasked => set("id_number_masked", profile.masked_number().into()),
        Scope::IdNumber => set("id_number", profile.number.as_str().into()),
        Scope::Phone => {
            if let Some(mobile) = &profile.mobile {
                set("phone_number", mobile.as_str().into());
            }
        }
        Scope::Address => {
            if let Some(address) = &profile.address {
                set("address", json!({ "formatted": address }));
            }
        }
    }
}

/// What a scope would show now, masked for whoever looks over a shoulder; empty where nothing is known.
pub(super) fn shown(scope: Scope, profile: &Profile) -> String {
    match scope {
        Scope::Openid | Scope::Certificates | Scope::OfflineAccess => String::new(),
        Scope::Profile => masked(&profile.name, 1, 0),
        Scope::RealName => format!("{} · {}", masked(&profile.name, 1, 0), profile.level.number()),
        Scope::IdNumberMasked | Scope::IdNumber => profile.masked_number(),
        Scope::Phone => masked(profile.mobile.as_deref().unwrap_or_default(), 3, 4),
        Scope::Address => masked(profile.address.as_deref().unwrap_or_default(), 6, 0),
    }
}

/// A text with all but its ends starred.
fn masked(text: &str, first: usize, last: usize) -> String {
    let count = text.chars().count();
    let star = |(at, c)| if at < first || at + last >= count { c } else { '*' };
    text.chars().enumerate().map(star).collect()
}

#[cfg(test)]
mod tests {
    use super::masked;

    #[test]
    fn ends_stay() {
        assert_eq!(masked("13800000000", 3, 4), "138****0000");
        assert_eq!(masked("张三丰", 1, 0), "张**");
        assert_eq!(masked("", 1, 0), "");
    }
}
