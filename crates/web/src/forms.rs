//! Reading forms.

use std::collections::BTreeMap;

use axum::body::Bytes;
use axum::extract::multipart::Field;
use axum::extract::{FromRequest, Multipart, Request};
use packs::Answers;

use crate::failure::Failure;
use crate::limits::{FORM_BYTES, Held, Room, UPLOAD_TIME};

/// Most fields of a form.
const MAX_FIELDS: usize = 400;
/// Longest reasons or comments, in characters.
const MAX_WORDS: usize = 2_000;
/// Most files sent at once.
const MAX_FILES: usize = 40;

/// A form as sent: several values of a name are joined by `|`, as answers are stored.
#[derive(Debug, Default)]
pub(crate) struct Form(BTreeMap<String, String>);

/// A file as sent. `None` bytes: it was larger than the largest file.
pub(crate) struct Upload {
    pub(crate) field: String,
    pub(crate) name: String,
    pub(crate) bytes: Option<Vec<u8>>,
}

impl<S: Send + Sync> FromRequest<S> for Form {
    type Rejection = Failure;

    async fn from_request(request: Request, state: &S) -> Result<Self, Failure> {
        let body = Bytes::from_request(request, state).await.map_err(|_| Failure::TooLarge)?;
        Ok(Self::decode(&body))
    }
}

impl Form {
    /// Decodes `application/x-www-form-urlencoded`; never fails, what is not a form is an empty one.
    pub(crate) fn decode(body: &[u8]) -> Self {
        let mut form = Self::default();
        for (name, value) in form_urlencoded::parse(body).take(MAX_FIELDS) {
            form.add(name.into_owned(), value.into_owned());
        }
        form
    }

    fn add(&mut self, name: String, value: String) {
        match self.0.get_mut(&name) {
            Some(values) if !value.is_empty() => {
                values.push('|');
                values.push_str(&value);
            }
            Some(_) => {}
            None => {
                self.0.insert(name, value);
            }
        }
    }

    pub(crate) fn get(&self, name: &str) -> &str {
        self.0.get(name).map(String::as_str).unwrap_or_default()
    }

    /// The reasons or comments written, cut to a sane length.
    pub(crate) fn words(&self) -> String {
        self.get("words").trim().chars().take(MAX_WORDS).collect()
    }

    /// Everything sent, as answers.
    pub(crate) fn answers(&self) -> &Answers {
        &self.0
    }

    /// The values whose names begin with `prefix`, by the rest of the name.
    pub(crate) fn with_prefix(&self, prefix: &str) -> Answers {
        let named = self.0.iter().filter_map(|(name, value)| Some((name.strip_prefix(prefix)?, value)));
        named.map(|(name, value)| (name.to_owned(), value.clone())).collect()
    }

    /// Several values of one name.
    pub(crate) fn several(&self, name: &str) -> Vec<&str> {
        self.get(name).split('|').filter(|value| !value.is_empty()).collect()
    }
}

/// Reads a form with files, within the room and the time there is. A file beyond `limit` bytes is read to its
/// end and not kept. What is held must live as long as the files do.
pub(crate) async fn multipart(
    parts: Multipart,
    limit: usize,
    room: &Room,
) -> Result<(Form, Vec<Upload>, Held), Failure> {
    let mut held = room.enter();
    let read = tokio::time::timeout(UPLOAD_TIME, all_parts(parts, limit, &mut held)).await;
    let (form, uploads) = read.map_err(|_| Failure::Busy)??;
    Ok((form, uploads, held))
}

async fn all_parts(
    mut parts: Multipart,
    limit: usize,
    held: &mut Held,
) -> Result<(Form, Vec<Upload>), Failure> {
    let mut form = Form::default();
    let mut uploads = Vec::new();
    for _ in 0..MAX_FIELDS {
        let Some(mut field) = parts.next_field().await.map_err(|_| Failure::TooLarge)? else { break };
        let name = field.name().unwrap_or_default().to_owned();
        let file = field.file_name().map(str::to_owned);
        match file {
            // An input without a choice sends an empty file without a name.
            Some(file) if file.is_empty() => {}
            Some(file) => {
                if uploads.len() == MAX_FILES {
                    return Err(Failure::TooLarge);
                }
                let bytes = read(&mut field, limit, held).await?;
                uploads.push(Upload { field: name, name: file, bytes });
            }
            None => {
                let bytes = read(&mut field, FORM_BYTES, held).await?.ok_or(Failure::TooLarge)?;
                form.add(name, String::from_utf8_lossy(&bytes).into_owned());
            }
        }
    }
    Ok((form, uploads))
}

async fn read(field: &mut Field<'_>, limit: usize, held: &mut Held) -> Result<Option<Vec<u8>>, Failure> {
    let mut bytes = Vec::new();
    let mut over = false;
    while let Some(chunk) = field.chunk().await.map_err(|_| Failure::TooLarge)? {
        over |= bytes.len() + chunk.len() > limit;
        if over {
            bytes = Vec::new();
        } else if held.take(chunk.len()) {
            bytes.extend_from_slice(&chunk);
        } else {
            return Err(Failure::Busy);
        }
    }
    Ok((!over).then_some(bytes))
}
