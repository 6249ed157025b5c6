//! What an applicant sends with files to a case of theirs: what was promised for later, the answer to an offer,
//! the answer to a correction notice.

use app::{CaseFile, Correction, Error, MAX_FILE_BYTES, Once, Upload};
use axum::extract::{Multipart, Path};
use axum::http::StatusCode;
use axum::response::Response;
use domain::CaseId;
use uuid::Uuid;

use super::case::{Sent, open, page};
use super::materials::{by_material, told};
use super::show;
use crate::failure::{Failure, see_other};
use crate::forms::{Form, multipart};
use crate::limits::Held;
use crate::view::apply::UploadError;
use crate::visitor::Visitor;

/// A form with files, read.
struct Reply {
    form: Form,
    /// Under which it is carried out once.
    once: Option<Once>,
    files: Vec<Upload>,
    sent: Sent,
    /// The room that the files take.
    _held: Held,
}

impl Reply {
    async fn read(visitor: &Visitor, parts: Multipart) -> Result<Self, Failure> {
        // Files of nobody are not even read.
        visitor.citizen()?;
        let (form, uploads, held) = multipart(parts, MAX_FILE_BYTES, &visitor.site.uploads).await?;
        visitor.believe(form.get("csrf"))?;
        let once = visitor.once_with(&form, &uploads)?;
        let (mut files, mut materials) = (Vec::new(), Vec::new());
        for upload in by_material(uploads) {
            match upload {
                Ok(file) => files.push(file),
                Err((material, error)) => materials.push((material, told(&error))),
            }
        }
        let (answers, note) = (form.with_prefix("answer-"), form.get("note").to_owned());
        let sent = Sent { answers, note, materials, ..Sent::default() };
        Ok(Self { form, once, files, sent, _held: held })
    }

    /// The files, unless one of them was too large to be read.
    fn files(&mut self) -> Option<Vec<Upload>> {
        self.sent.materials.is_empty().then(|| std::mem::take(&mut self.files))
    }

    /// Back to the case; or its page again, with what was sent and what is wrong with it. `None`: nothing
    /// was asked of the case.
    async fn answer(
        mut self,
        mut visitor: Visitor,
        id: Uuid,
        done: Option<Result<CaseFile, Error>>,
        notice: &str,
    ) -> Result<Response, Failure> {
        match done {
            Some(Ok(_)) => return Ok(see_other(&format!("/me/cases/{id}?notice={notice}"))),
            Some(Err(error)) => wrong(error, &mut self.sent)?,
            None => {}
        }
        let file = open(&visitor, id).await?;
        let page = page(&visitor, &file, &self.sent).await?;
        visitor.again(StatusCode::UNPROCESSABLE_ENTITY, &page).await
    }
}

/// What stands against what was sent, beside what it is about.
fn wrong(error: Error, sent: &mut Sent) -> Result<(), Failure> {
    match error {
        Error::CorrectionFile { material, error } => sent.materials.push((material, told(&error))),
        Error::Refused(refusal) if !refusal.materials.is_empty() || !refusal.fields.is_empty() => {
            let missing = |error: casework::MaterialError| {
                let key = "material-missing";
                (error.material, UploadError { key, file: String::new(), max: String::new() })
            };
            sent.materials.extend(refusal.materials.into_iter().map(missing));
            sent.fields = refusal.fields;
        }
        error => return Err(error.into()),
    }
    Ok(())
}

/// What was promised for later.
pub(crate) async fn supply(
    Path(id): Path<Uuid>,
    visitor: Visitor,
    parts: Multipart,
) -> Result<Response, Failure> {
    let mut reply = Reply::read(&visitor, parts).await?;
    let (files, once) = (reply.files(), reply.once.as_ref());
    let done = match files {
        Some(files) => Some(visitor.site.app.supply(visitor.party()?, CaseId(id), files, once).await),
        None => None,
    };
    reply.answer(visitor, id, done, "done").await
}

/// The answer to an offer.
pub(crate) async fn confirm(
    Path(id): Path<Uuid>,
    visitor: Visitor,
    parts: Multipart,
) -> Result<Response, Failure> {
    let mut reply = Reply::read(&visitor, parts).await?;
    let answers = reply.sent.answers.clone();
    let (files, once) = (reply.files(), reply.once.as_ref());
    let done = match files {
        Some(files) => {
            Some(visitor.site.app.confirm(visitor.party()?, CaseId(id), answers, files, once).await)
        }
        None => None,
    };
    reply.answer(visitor, id, done, "done").await
}

/// The answer to a correction notice: files to add, excuses, a note. What was right stays as it was.
pub(crate) async fn correct(
    Path(id): Path<Uuid>,
    visitor: Visitor,
    parts: Multipart,
) -> Result<Response, Failure> {
    let mut reply = Reply::read(&visitor, parts).await?;
    let Some(uploads) = reply.files() else { return reply.answer(visitor, id, None, "").await };
    if visitor.site.app.done(visitor.party()?, CaseId(id), reply.once.as_ref()).await? {
        // What was sent is the case's now, and so would seem to change nothing.
        return Ok(see_other(&format!("/me/cases/{id}?notice=corrected")));
    }
    if uploads.is_empty() && unchanged(&open(&visitor, id).await?, &reply.form) {
        reply.sent.unchanged = true;
        return reply.answer(visitor, id, None, "").await;
    }
    let correction = Correction {
        answers: reply.sent.answers.clone(),
        excuses: reply.form.with_prefix("excuse-"),
        uploads,
        remove: reply.form.several("remove").into_iter().map(str::to_owned).collect(),
        note: reply.sent.note.clone(),
    };
    let done = visitor.site.app.correct(visitor.party()?, CaseId(id), correction, reply.once.as_ref()).await;
    reply.answer(visitor, id, Some(done), "corrected").await
}

/// Whether a reply changes nothing and says nothing: there is one reply, and a slip of the finger is none.
fn unchanged(file: &CaseFile, form: &Form) -> bool {
    let answers = form.with_prefix("answer-").into_iter().filter(|(_, answer)| !answer.is_empty());
    let answers: packs::Answers = answers.collect();
    let excuses = form.with_prefix("excuse-");
    (answers.is_empty() || answers == *file.case.answers)
        && excuses.iter().all(|(id, why)| why.trim() == show::excuse(file, id))
        && form.get("remove").is_empty()
        && form.get("note").trim().is_empty()
}
