//! `/desk/line/lot/{file}`: a lot for other programs, sent as it is read.

use std::sync::Arc;

use app::{LotFile, LotFormat};
use axum::body::{Body, Bytes};
use axum::extract::{Path, RawQuery, State};
use axum::http::header;
use axum::response::{IntoResponse as _, Response};
use futures_util::stream;

use crate::failure::Failure;
use crate::forms::Form;
use crate::site::Site;
use crate::visitor::Visitor;

pub(crate) async fn file(
    State(site): State<Arc<Site>>,
    Path(file): Path<String>,
    RawQuery(raw): RawQuery,
    visitor: Visitor,
) -> Result<Response, Failure> {
    let officer = visitor.officer()?;
    let format = LotFormat::of(&file).ok_or(Failure::NotFound)?;
    let query = Form::decode(raw.unwrap_or_default().as_bytes());
    let lot = query.get("lot");
    let begun = site.app.lot_file(&officer, query.get("item"), lot, format).await?;
    send(&site, begun, format, lot)
}

/// The file as an attachment. One that breaks off ends without its last piece of the body, so that nobody takes it for whole.
pub(crate) fn send(
    site: &Arc<Site>,
    file: LotFile,
    format: LotFormat,
    lot: &str,
) -> Result<Response, Failure> {
    // A map is made in memory.
    let place = match format {
        LotFormat::E142 => Some(site.maps.clone().try_acquire_owned().map_err(|_| Failure::Busy)?),
        LotFormat::Csv | LotFormat::Cfx => None,
    };
    let pieces = stream::try_unfold((site.clone(), file, place), |(site, mut file, place)| async move {
        match file.next(&site.app).await {
            Ok(piece) => Ok(piece.map(|piece| (Bytes::from(piece), (site, file, place)))),
            Err(error) => {
                tracing::warn!(%error, "a lot's file was broken off");
                Err(std::io::Error::other("broken off"))
            }
        }
    });
    let name: String =
        form_urlencoded::byte_serialize(format!("{lot}.{}", format.file()).as_bytes()).collect();
    let headers = [
        (header::CONTENT_TYPE, format.media_type().to_owned()),
        (header::CONTENT_DISPOSITION, format!("attachment; filename*=UTF-8''{}", name.replace('+', "%20"))),
        (header::CONTENT_SECURITY_POLICY, "sandbox; default-src 'none'".to_owned()),
    ];
    Ok((headers, Body::from_stream(pieces)).into_response())
}
