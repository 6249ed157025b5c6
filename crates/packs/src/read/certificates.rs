//! `certificates.yaml`: the types of certificate that items name as their result.

use domain::{CreditCode, Text};
use serde::Deserialize;

use crate::certificate::{
    CertificateField, CertificateGrade, CertificateIssuer, CertificateType, FieldSource,
};
use crate::item::ServiceItem;
use crate::limits;
use crate::problem::{Place, Problems};

use super::document::{self, Spanned};
use super::{Draft, Opened, manifest};

/// Claims that verifiers read, and what every certificate says already: no field may bear these names.
const RESERVED: [&str; 17] = [
    "iss",
    "nbf",
    "exp",
    "iat",
    "cnf",
    "vct",
    "status",
    "aud",
    "sub",
    "jti",
    "holder",
    "name",
    "number",
    "issued",
    "until",
    "certificate_id",
    "issuing_body",
];

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Written {
    certificates: Vec<Spanned<One>>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct One {
    id: String,
    #[serde(rename = "type")]
    code: String,
    name: Text,
    issuer: CertificateIssuer,
    valid: String,
    grade: CertificateGrade,
    fields: Vec<Spanned<Field>>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Field {
    id: String,
    label: Text,
    from: String,
    #[serde(default)]
    sensitive: bool,
}

/// What an item leaves behind when it is granted.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct ItemResult {
    certificate: Spanned<String>,
}

/// Reads the types of one pack; items of this pack and of those that need it may name them.
pub(super) fn read(pack: &Opened<'_>, draft: &mut Draft) {
    let Some((label, text)) = pack.text("certificates.yaml", &mut draft.problems) else { return };
    let Some(written) = document::yaml::<Written>(&label, text, &mut draft.problems) else { return };
    if written.certificates.len() > limits::LIST {
        let message = format!("a pack has at most {} types of certificate; split it", limits::LIST);
        draft.problems.error(&Place::file(&label), "too-many-entries", message);
    }
    for one in written.certificates.into_iter().take(limits::LIST) {
        let place = document::place(&label, &one);
        let known = draft.certificates.iter();
        if known.clone().any(|other| other.id == one.value.id || other.code == one.value.code) {
            let message =
                format!("the certificate {} or its type code stands there twice; keep one", one.value.id);
            draft.problems.error(&place, "duplicate-certificate", message);
        } else if let Some(kind) = checked(&label, &place, one.value, &mut draft.problems) {
            draft.certificates.push(kind);
        }
    }
}

fn checked(label: &str, place: &Place, one: One, problems: &mut Problems) -> Option<CertificateType> {
    if !manifest::is_id(&one.id) {
        let message = format!("the certificate id {:?} is not lower-case letters, digits and dashes", one.id);
        problems.error(place, "bad-id", message);
        return None;
    }
    if !is_type_code(&one.code) {
        let message = format!(
            "{} is no type code: write the 18-character credit code of the body that set the type, and three digits",
            one.code
        );
        problems.error(place, "certificate-code", message);
    }
    let Some(months) = months(&one.valid) else {
        let message = format!("{:?} is not like 12 months, 5 years or none", one.valid);
        problems.error(place, "certificate-validity", message);
        return None;
    };
    if one.name.is_empty() {
        problems.error(place, "empty-name", "the certificate has no name; write it");
    }
    if one.fields.len() > limits::CERTIFICATE_FIELDS {
        let message = format!("a certificate has at most {} fields", limits::CERTIFICATE_FIELDS);
        problems.error(place, "too-many-entries", message);
        return None;
    }
    let mut fields: Vec<CertificateField> = Vec::with_capacity(one.fields.len());
    for field in one.fields {
        let place = document::place(label, &field);
        fields.extend(self::field(&place, field.value, &fields, problems));
    }
    let One { id, code, name, issuer, grade, .. } = one;
    Some(CertificateType { id, code, name, issuer, months, grade, fields })
}

/// A credit code whose check character fits, and three digits.
fn is_type_code(code: &str) -> bool {
    let Some((body, digits)) = code.split_at_checked(18) else { return false };
    digits.len() == 3
        && digits.bytes().all(|byte| byte.is_ascii_digit())
        && body.parse::<CreditCode>().is_ok_and(|known| known.as_str() == body)
}

/// `Some(None)` for a certificate without an end.
fn months(valid: &str) -> Option<Option<u16>> {
    if valid == "none" {
        return Some(None);
    }
    let (number, unit) = valid.split_once(' ')?;
    let number: u16 = number.parse().ok()?;
    let months = match unit {
        "month" | "months" => number,
        "year" | "years" => number.checked_mul(12)?,
        _ => return None,
    };
    (1..=limits::CERTIFICATE_MONTHS).contains(&months).then_some(Some(months))
}

fn field(
    place: &Place,
    field: Field,
    before: &[CertificateField],
    problems: &mut Problems,
) -> Option<CertificateField> {
    let id = &field.id;
    let shape = (1..=limits::CERTIFICATE_FIELD_CHARS).contains(&id.len())
        && id.bytes().all(|b| b.is_ascii_lowercase() || b.is_ascii_digit() || b == b'_');
    if !shape || RESERVED.contains(&id.as_str()) || before.iter().any(|other| other.id == *id) {
        let message =
            format!("the field {id:?} is not a new id of a-z, 0-9 and _, or verifiers read that name");
        problems.error(place, "certificate-field", message);
        return None;
    }
    if field.label.is_empty() {
        problems.error(place, "empty-name", "the field has no label; write it");
    }
    let Some(from) = FieldSource::read(&field.from) else {
        let message = format!(
            "{} is neither form.FIELD, applicant.born, applicant.sex, applicant.address nor case.number",
            field.from
        );
        problems.error(place, "certificate-field", message);
        return None;
    };
    Some(CertificateField { id: field.id, label: field.label, from, sensitive: field.sensitive })
}

/// Gives an item the type that it names, as a case will keep it.
pub(super) fn attach(
    label: &str,
    result: Option<&ItemResult>,
    known: &[CertificateType],
    item: &mut ServiceItem,
    problems: &mut Problems,
) {
    let Some(result) = result else { return };
    let place = document::place(label, &result.certificate);
    let id = &result.certificate.value;
    let Some(kind) = known.iter().find(|kind| kind.id == *id) else {
        let message = format!("there is no certificate {id} in certificates.yaml; mend the name");
        return problems.error(&place, "unknown-certificate", message);
    };
    let asked =
        |name: &str| item.form.pages.iter().flat_map(|page| &page.fields).any(|field| field.name == name);
    for field in &kind.fields {
        if let FieldSource::Form(name) = &field.from
            && !asked(name)
        {
            let message = format!("the certificate {id} takes {name} from the form, which does not ask it");
            problems.error(&place, "unknown-field", message);
        }
    }
    if item.agency.len() != 18 || !item.agency.bytes().all(|b| b.is_ascii_digit() || b.is_ascii_uppercase()) {
        let message =
            format!("the agency {} has no 18-character code to issue certificates under", item.agency);
        problems.error(&place, "certificate-issuer", message);
    }
    item.certificate = Some(kind.clone());
}

/// Checks the types that an item's materials name as their proof, and writes out the fields they give.
pub(super) fn proofs(
    place: &Place,
    known: &[CertificateType],
    item: &mut ServiceItem,
    problems: &mut Problems,
) {
    for material in &mut item.materials {
        let Some(proof) = &mut material.certificate else { continue };
        let (id, kind) = (&material.id, &proof.kind);
        let Some(kind) = known.iter().find(|known| known.id == *kind) else {
            let message =
                format!("the material {id} names no certificate of certificates.yaml: {kind}; mend the name");
            problems.error(place, "unknown-certificate", message);
            continue;
        };
        let says = |name: &String| kind.fields.iter().any(|field| field.id == *name);
        if let Some(name) = proof.fields.iter().find(|name| !says(name)) {
            let message = format!(
                "the material {id} takes {name} from the certificate {}, which does not say it",
                kind.id
            );
            problems.error(place, "material-certificate", message);
        }
        if kind.grade > proof.grade {
            let message = format!("the material {id} takes no certificate of the grade that {} has", kind.id);
            problems.error(place, "material-certificate", message);
        }
        if proof.fields.is_empty() {
            let open = kind.fields.iter().filter(|field| !field.sensitive);
            proof.fields = open.map(|field| field.id.clone()).collect();
        }
    }
}
