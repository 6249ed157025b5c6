//! What is handed in for each material of an item.

use packs::ServiceItem;
use serde::{Deserialize, Serialize};

/// One material as handed in: files, or a statement that it does not apply.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Handed {
    /// Id of the material in the item.
    pub material: String,
    /// Ids of uploaded files.
    #[serde(default)]
    pub files: Vec<String>,
    /// The applicant says it does not apply; the words why stand in the private part of the event.
    #[serde(default)]
    pub not_applicable: bool,
    /// 容缺: the applicant promises it for later.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub later: bool,
    /// 免证办: a certificate of the applicant's proves it; which one stands in the private part of the event, under
    /// [`proof_key`].
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub proven: bool,
}

/// Under which key the name a file came with stands among the words about materials.
#[must_use]
pub fn file_key(id: &str) -> String {
    format!("file/{id}")
}

/// Under which key the certificate that proves a material stands among the words about materials.
#[must_use]
pub fn proof_key(material: &str) -> String {
    format!("certificate/{material}")
}

impl Handed {
    /// Nothing yet for this material.
    #[must_use]
    pub fn nothing(material: impl Into<String>) -> Self {
        let material = material.into();
        Self { material, files: Vec::new(), not_applicable: false, later: false, proven: false }
    }

    /// Files, or a certificate that stands for them.
    #[must_use]
    pub fn is_there(&self) -> bool {
        !self.files.is_empty() || self.proven
    }

    /// Promised and not there yet.
    #[must_use]
    pub fn is_owed(&self) -> bool {
        self.later && !self.is_there() && !self.not_applicable
    }
}

/// What is wrong with one material.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct MaterialError {
    /// Id of the material.
    pub material: String,
    /// What is wrong.
    pub rule: MaterialRule,
}

/// What can be wrong with a material.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum MaterialRule {
    /// Neither a file nor a statement.
    Missing,
    /// Said not to apply, but the guide says it always does.
    AlwaysNeeded,
    /// The item asks for no such material.
    Unknown,
}

/// Checks what was handed in against the item: nothing beyond its list may be asked (优化营商环境条例 art. 35),
/// nothing on it may be passed over in silence.
#[must_use]
pub fn check_materials(item: &ServiceItem, handed: &[Handed]) -> Vec<MaterialError> {
    let mut errors = Vec::new();
    for material in &item.materials {
        let given = handed.iter().find(|h| h.material == material.id);
        // A certificate stands only for a material whose guide says so.
        let proven = given.is_some_and(|h| h.proven && material.certificate.is_some());
        let has_file = proven || given.is_some_and(|h| !h.files.is_empty());
        let waived = given.is_some_and(|h| h.not_applicable);
        let owed = given.is_some_and(Handed::is_owed);
        if material.later && owed {
            continue;
        }
        let rule = match (has_file, waived, material.required) {
            // Only what the guide lets follow may be promised.
            _ if owed => MaterialRule::Missing,
            (true, _, _) | (false, _, Some(false)) | (false, true, None) => continue,
            (false, true, Some(true)) => MaterialRule::AlwaysNeeded,
            (false, false, _) => MaterialRule::Missing,
        };
        errors.push(MaterialError { material: material.id.clone(), rule });
    }
    for given in handed {
        if !item.materials.iter().any(|m| m.id == given.material) {
            errors.push(MaterialError { material: given.material.clone(), rule: MaterialRule::Unknown });
        }
    }
    errors
}
