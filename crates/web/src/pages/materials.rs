//! `/apply/{draft}/materials`

use std::sync::Arc;

use app::{Draft, Error, FileError, MAX_FILE_BYTES, MAX_FILES};
use axum::extract::{Multipart, Path, State};
use axum::http::{StatusCode, header};
use axum::response::{IntoResponse, Response};
use casework::{MaterialRule, check_materials};
use uuid::Uuid;

use super::apply::{next, open, progress};
use super::show as shown;
use crate::failure::{Failure, see_other};
use crate::forms::{Form, Upload, multipart};
use crate::site::Site;
use crate::view::apply::{FileView, MaterialView, MaterialsPage, ProofView, UploadError};
use crate::view::{SummaryLine, Tx, format};
use crate::visitor::Visitor;

/// Megabytes as people are told.
pub(crate) const MAX_MB: u32 = (MAX_FILE_BYTES / (1024 * 1024)) as u32;

/// What is wrong with a material, by its id.
type Wrong = Vec<(String, UploadError)>;

pub(crate) async fn show(
    State(_): State<Arc<Site>>,
    Path(id): Path<Uuid>,
    visitor: Visitor,
) -> Result<Response, Failure> {
    match open(&visitor, id).await? {
        Ok(draft) => visitor.personal(&page(&visitor, &draft, Vec::new())),
        Err(elsewhere) => Ok(elsewhere),
    }
}

pub(crate) async fn save(
    State(site): State<Arc<Site>>,
    Path(id): Path<Uuid>,
    mut visitor: Visitor,
    parts: Multipart,
) -> Result<Response, Failure> {
    // Files of nobody are not even read.
    visitor.citizen()?;
    let (form, uploads, _held) = multipart(parts, MAX_FILE_BYTES, &site.uploads).await?;
    visitor.believe(form.get("csrf"))?;
    let draft = match open(&visitor, id).await? {
        Ok(draft) => draft,
        Err(elsewhere) => return Ok(elsewhere),
    };
    let (draft, mut wrong) = take(&site, draft, &form, uploads).await?;
    let stays = ["remove", "attach", "detach"].iter().any(|name| !form.get(name).is_empty());
    let goes_on = form.get("do") == "continue" && !stays;
    if goes_on && wrong.is_empty() {
        wrong = lacking(&draft);
        if wrong.is_empty() {
            return Ok(see_other(&next(&draft, "materials")));
        }
    }
    let status = if wrong.is_empty() { StatusCode::OK } else { StatusCode::UNPROCESSABLE_ENTITY };
    visitor.again(status, &page(&visitor, &draft, wrong)).await
}

/// Keeps what was sent: every file that can be taken is, whatever is wrong with the others.
async fn take(
    site: &Site,
    mut draft: Draft,
    form: &Form,
    uploads: Vec<Upload>,
) -> Result<(Draft, Wrong), Failure> {
    let known = |id: &str| draft.definition.item.materials.iter().any(|material| material.id == id);
    let excuses: packs::Answers =
        form.with_prefix("excuse-").into_iter().filter(|(material, _)| known(material)).collect();
    draft = site.app.say_not_applicable(&draft, &excuses).await?;
    let promised: Vec<String> = form.with_prefix("later-").into_keys().collect();
    draft = site.app.promise_later(&draft, &promised).await?;
    if let Some(material) = holder(&draft, form.get("remove")) {
        draft = site.app.remove_file(&draft, &material, form.get("remove")).await?;
    }
    for (name, on) in [("attach", true), ("detach", false)] {
        if !form.get(name).is_empty() {
            draft = site.app.attach_proof(&draft, form.get(name), on).await?;
        }
    }
    let mut wrong = Wrong::new();
    for upload in by_material(uploads) {
        let (material, taken) = match upload {
            Ok(file) => {
                let taken = site.app.upload(&draft, &file.material, &file.name, file.bytes).await;
                (file.material, taken)
            }
            Err((material, error)) => (material, Err(error.into())),
        };
        match taken {
            Ok(saved) => draft = saved,
            Err(Error::File(error)) => wrong.push((material, told(&error))),
            Err(error) => return Err(error.into()),
        }
    }
    Ok((draft, wrong))
}

/// The files of a form, each for a material; of one too large to be read, its material and its name.
pub(super) fn by_material(
    uploads: Vec<Upload>,
) -> impl Iterator<Item = Result<app::Upload, (String, FileError)>> {
    uploads.into_iter().filter_map(|Upload { field, name, bytes }| {
        let material = field.strip_prefix("file-")?.to_owned();
        Some(match bytes {
            Some(bytes) => Ok(app::Upload { material, name, bytes }),
            None => Err((material, FileError::TooLarge { name })),
        })
    })
}

fn holder(draft: &Draft, file: &str) -> Option<String> {
    let holds = |material: &app::DraftMaterial| material.files.iter().any(|known| known.id == file);
    draft.body.materials.iter().find(|(_, material)| holds(material)).map(|(id, _)| id.clone())
}

/// A refused file, named.
pub(crate) fn told(error: &FileError) -> UploadError {
    let (key, max) = match error {
        FileError::Empty { .. } => ("file-empty", String::new()),
        FileError::TooLarge { .. } => ("file-too-large", MAX_MB.to_string()),
        FileError::Kind { .. } => ("file-kind", String::new()),
        FileError::TooMany => ("file-too-many", MAX_FILES.to_string()),
    };
    UploadError { key, file: error.name().to_owned(), max }
}

/// Materials about which nothing was said.
fn lacking(draft: &Draft) -> Wrong {
    let item = &draft.definition.item;
    let errors = check_materials(item, &draft.handed()).into_iter().map(|error| {
        let open = item.materials.iter().any(|m| m.id == error.material && m.required.is_none());
        let key = match error.rule {
            MaterialRule::Missing if open => "material-missing-or-excuse",
            _ => "material-missing",
        };
        (error.material, UploadError { key, file: String::new(), max: String::new() })
    });
    errors.collect()
}

fn page(visitor: &Visitor, draft: &Draft, wrong: Wrong) -> MaterialsPage {
    let materials: Vec<MaterialView> = draft
        .definition
        .item
        .materials
        .iter()
        .map(|material| {
            let given = draft.body.materials.get(&material.id);
            let error = wrong.iter().find(|(id, _)| *id == material.id).map(|(_, error)| UploadError {
                key: error.key,
                file: error.file.clone(),
                max: error.max.clone(),
            });
            MaterialView {
                id: material.id.clone(),
                name: Tx::of(&material.name, visitor.lang),
                note: material.note.as_ref().map(|note| Tx::of(note, visitor.lang)),
                required: material.required,
                later: material.later.then(|| given.is_some_and(|given| given.later)),
                files: given.map(|given| files(draft, given)).unwrap_or_default(),
                excuse: given.map(|given| given.not_applicable.clone()).unwrap_or_default(),
                error,
                proof: draft.provable(&material.id).map(|proof| ProofView {
                    name: Tx::of(&proof.name, visitor.lang),
                    issuer: Tx::of(&proof.issuer, visitor.lang),
                    rows: shown::proof_rows(visitor, proof),
                    on: draft.proof(&material.id).is_some(),
                    free: given.is_none_or(|given| given.files.is_empty() && given.not_applicable.is_empty()),
                }),
            }
        })
        .collect();
    MaterialsPage {
        progress: progress(visitor, draft, "materials"),
        errors: materials.iter().filter_map(summary).collect(),
        materials,
        max_mb: MAX_MB,
        max_files: u32::try_from(MAX_FILES).unwrap_or(u32::MAX),
    }
}

/// The line about a wrong material on top of the page.
pub(crate) fn summary(material: &MaterialView) -> Option<SummaryLine> {
    let error = material.error.as_ref()?;
    Some(SummaryLine {
        href: format!("#m-{}", material.id),
        title: material.name.clone(),
        key: error.key.to_owned(),
        min: error.file.clone(),
        max: error.max.clone(),
    })
}

fn files(draft: &Draft, given: &app::DraftMaterial) -> Vec<FileView> {
    let view = |file: &app::FileRef| FileView {
        id: file.id.clone(),
        name: file.name.clone(),
        href: format!("/apply/{}/files/{}", draft.id, file.id),
        size: format::size(file.bytes),
    };
    given.files.iter().map(view).collect()
}

pub(crate) async fn file(
    State(site): State<Arc<Site>>,
    Path((id, file)): Path<(Uuid, String)>,
    visitor: Visitor,
) -> Result<Response, Failure> {
    let draft = site.app.draft(visitor.party()?, domain::CaseId(id)).await?;
    holder(&draft, &file).ok_or(Failure::NotFound)?;
    let (media_type, name, bytes) = site.app.draft_file(&draft, &file).await?;
    Ok(attachment(&media_type, &name, bytes))
}

/// A file as sent to the browser: of its checked type and in a sandbox, never as a page of ours.
pub(crate) fn attachment(media_type: &str, name: &str, bytes: Vec<u8>) -> Response {
    let encoded: String = form_urlencoded::byte_serialize(name.as_bytes()).collect();
    let encoded = encoded.replace('+', "%20");
    let disposition = format!("inline; filename*=UTF-8''{encoded}");
    let headers = [
        (header::CONTENT_TYPE, media_type.to_owned()),
        (header::CONTENT_DISPOSITION, disposition),
        (header::CONTENT_SECURITY_POLICY, "sandbox; default-src 'none'".to_owned()),
    ];
    (headers, bytes).into_response()
}
