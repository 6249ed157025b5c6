//! What wallets elsewhere read of this site: which credentials it issues and what their parts are called.

use certificates::PROOF_ALGORITHMS;
use domain::Text;
use packs::CertificateType;
use serde_json::{Map, Value, json};

use crate::{App, Error, Scope};

/// Names of the labels of what every credential has beside its own fields, in the order of [`Labels::common`].
pub const CREDENTIAL_LABELS: [&str; 5] = ["name", "number", "id", "grade", "issuer"];
/// The paths of the same claims.
const COMMON: [&[&str]; 5] =
    [&["holder", "name"], &["holder", "number"], &["certificate_id"], &["grade"], &["issuing_body"]];

/// Texts of the site.
#[derive(Debug, Clone)]
pub struct Labels {
    /// The site's name.
    pub site: Text,
    /// What people read before what every credential has: [`CREDENTIAL_LABELS`].
    pub common: [Text; 5],
}

impl App {
    /// Whether wallets elsewhere may have certificates of this type: packs name it today.
    pub(crate) fn is_for_wallets(&self, kind: &str) -> bool {
        self.catalogue.certificates.iter().any(|known| known.id == kind)
    }

    /// `/.well-known/openid-credential-issuer` (OpenID4VCI 1.0 section 12.2) as JSON.
    ///
    /// # Errors
    /// When the keys cannot be read.
    pub async fn credential_issuer(&self, origin: &str, labels: &Labels) -> Result<String, Error> {
        Ok(Value::Object(self.issuer_claims(origin, labels).await?).to_string())
    }

    /// The same, signed: a JWT of type `openidvci-issuer-metadata+jwt` (section 12.2.3).
    ///
    /// # Errors
    /// When the keys cannot be read.
    pub async fn signed_credential_issuer(&self, origin: &str, labels: &Labels) -> Result<String, Error> {
        let mut claims = self.issuer_claims(origin, labels).await?;
        claims.insert("iss".to_owned(), origin.into());
        claims.insert("sub".to_owned(), origin.into());
        claims.insert("iat".to_owned(), self.now().as_second().into());
        self.sign("openidvci-issuer-metadata+jwt", &claims).await
    }

    /// Signs claims with the key that signs now.
    pub(crate) async fn sign(&self, typ: &str, claims: &Map<String, Value>) -> Result<String, Error> {
        let keys = self.key_set().await?;
        let signer = keys.signer().ok_or_else(|| Error::Certificate("no key signs".to_owned()))?;
        certificates::sign_jwt(signer, typ, claims).map_err(|error| Error::Certificate(error.to_string()))
    }

    async fn issuer_claims(&self, origin: &str, labels: &Labels) -> Result<Map<String, Value>, Error> {
        let keys = self.key_set().await?;
        let algorithm = keys.signer().map(|signer| signer.algorithm().jose());
        let kinds = self.catalogue.certificates.iter();
        let configurations: Map<String, Value> =
            kinds.map(|kind| (kind.id.clone(), configuration(kind, origin, algorithm, labels))).collect();
        let metadata = json!({
            "credential_issuer": origin,
            "credential_endpoint": format!("{origin}/vci/credential"),
            "nonce_endpoint": format!("{origin}/vci/nonce"),
            "display": display(&labels.site, "name"),
            "credential_configurations_supported": configurations,
        });
        match metadata {
            Value::Object(members) => Ok(members),
            _ => Ok(Map::new()),
        }
    }

    /// `/vct/{kind}`: the type as wallets show it (SD-JWT VC section 6), as JSON.
    ///
    /// # Errors
    /// [`Error::NotFound`] when packs do not name it.
    pub fn credential_type(&self, kind: &str, origin: &str, labels: &Labels) -> Result<String, Error> {
        let kind =
            self.catalogue.certificates.iter().find(|known| known.id == kind).ok_or(Error::NotFound)?;
        let claim = |(path, label): (Value, Text)| json!({ "path": path, "display": display(&label, "label"), "sd": sd(&path) });
        let claims: Vec<Value> = claims(kind, labels).map(claim).collect();
        Ok(json!({
            "vct": vct(origin, &kind.id),
            "name": kind.name.zh,
            "display": display(&kind.name, "name"),
            "claims": claims,
        })
        .to_string())
    }
}

/// The name of a type for verifiers: the address where it is described.
pub(crate) fn vct(origin: &str, kind: &str) -> String {
    format!("{origin}/vct/{kind}")
}

fn configuration(kind: &CertificateType, origin: &str, signer: Option<&str>, labels: &Labels) -> Value {
    let claim = |(path, label): (Value, Text)| json!({ "path": path, "display": display(&label, "name") });
    let claims: Vec<Value> = claims(kind, labels).map(claim).collect();
    json!({
        "format": "dc+sd-jwt",
        "scope": Scope::Certificates.id(),
        "vct": vct(origin, &kind.id),
        "cryptographic_binding_methods_supported": ["jwk"],
        "credential_signing_alg_values_supported": signer.into_iter().collect::<Vec<_>>(),
        "proof_types_supported": { "jwt": { "proof_signing_alg_values_supported": PROOF_ALGORITHMS } },
        "credential_metadata": { "display": display(&kind.name, "name"), "claims": claims },
    })
}

/// The path and the label of everything that a credential of this type says.
fn claims<'a>(
    kind: &'a CertificateType,
    labels: &'a Labels,
) -> impl Iterator<Item = (Value, Text)> + use<'a> {
    let own = kind.fields.iter().map(|field| (json!([field.id]), field.label.clone()));
    let common = COMMON.iter().zip(&labels.common).map(|(path, label)| (json!(path), label.clone()));
    common.chain(own)
}

/// Whether the holder may keep it to themselves.
fn sd(path: &Value) -> &'static str {
    let open = path.get(0).is_some_and(|first| first == "grade" || first == "issuing_body");
    if open { "never" } else { "allowed" }
}

/// A text in the languages it has, under the name that the standard gives it there.
fn display(text: &Text, name: &str) -> Vec<Value> {
    let mut all = vec![json!({ name: text.zh, "locale": "zh-CN" })];
    if let Some(en) = &text.en {
        all.push(json!({ name: en, "locale": "en" }));
    }
    all
}
