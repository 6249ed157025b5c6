//! `/api/v1/stations`: what stations report. Each request shows the station's credential (`Authorization: Bearer`),
//! which is looked up anew.

use std::sync::Arc;

use app::{Error, LotFormat, LotRelease, Report, Reported, Station, StationError};
use axum::body::{Body, to_bytes};
use axum::extract::{Path, RawQuery, Request, State};
use axum::http::{HeaderMap, HeaderValue, StatusCode, header};
use axum::response::{IntoResponse as _, Response};
use domain::CaseId;
use serde_json::{Value, json};
use uuid::Uuid;

use crate::failure::Failure;
use crate::forms::Form;
use crate::json::answer;
use crate::limits::{FORM_BYTES, REPORTS_BYTES, STATION_PICTURE_BYTES, UPLOAD_TIME};
use crate::pages::lot_files::send;
use crate::pages::oauth_token::bearer;
use crate::site::Site;
use crate::visitor::Visitor;

/// Longest word on what is wrong with a report, in characters.
const WORDS: usize = 200;
/// What asking about a lot counts as, in reports.
const LOT_UNITS: u32 = 200;

/// Why a request is not answered; told as RFC 9457 has it.
enum Problem {
    Station(StationError),
    Other(StatusCode, &'static str, String),
    /// Nobody's mistake but ours.
    Trouble(Failure),
}

impl From<Error> for Problem {
    fn from(error: Error) -> Self {
        match error {
            Error::Station(error) => Self::Station(error),
            Error::File(error) => Self::Other(StatusCode::PAYLOAD_TOO_LARGE, "too-large", error.to_string()),
            Error::NotFound => {
                Self::Other(StatusCode::NOT_FOUND, "not-found", "there is no such thing".to_owned())
            }
            error => Self::Trouble(error.into()),
        }
    }
}

impl Problem {
    fn too_many() -> Self {
        Self::Trouble(Failure::TooMany)
    }

    fn status(&self) -> StatusCode {
        match self {
            Self::Station(error) => match error {
                StationError::Unknown => StatusCode::UNAUTHORIZED,
                StationError::Other => StatusCode::CONFLICT,
                StationError::Picture => StatusCode::UNSUPPORTED_MEDIA_TYPE,
                StationError::Batch => StatusCode::BAD_REQUEST,
                _ => StatusCode::UNPROCESSABLE_ENTITY,
            },
            Self::Other(status, ..) => *status,
            Self::Trouble(failure) => failure.status(),
        }
    }

    fn body(&self) -> Value {
        let (code, detail) = match self {
            Self::Station(error) => (error.id(), error.to_string()),
            Self::Other(_, code, detail) => (*code, detail.clone()),
            Self::Trouble(failure) if failure.retry_after().is_some() => {
                ("try-again", "nothing is known to be stored; send the same again".to_owned())
            }
            Self::Trouble(_) => ("failed", "nothing is known to be stored; send the same again".to_owned()),
        };
        json!({ "status": self.status().as_u16(), "code": code, "detail": detail })
    }

    fn response(self) -> Response {
        let (status, body) = (self.status(), self.body().to_string());
        let mut response = answer(status, body);
        let headers = response.headers_mut();
        headers.insert(header::CONTENT_TYPE, HeaderValue::from_static("application/problem+json"));
        if status == StatusCode::UNAUTHORIZED {
            headers.insert(header::WWW_AUTHENTICATE, HeaderValue::from_static("Bearer realm=\"stations\""));
        }
        if let Self::Trouble(failure) = self {
            if let Some(seconds) = failure.retry_after() {
                headers.insert(header::RETRY_AFTER, HeaderValue::from(seconds));
            }
            // Logged as for people.
            drop(failure.into_response());
        }
        response
    }
}

/// The station that asks, within what it may ask in a second.
async fn station(
    site: &Site,
    visitor: &Visitor,
    headers: &HeaderMap,
    units: u32,
) -> Result<Station, Problem> {
    match site.app.station(bearer(headers)).await {
        Ok(station) if site.limits.station(station.id.0, units) => Ok(station),
        Ok(_) => Err(Problem::too_many()),
        // Who guesses is slowed down by address; a credential has 256 bits all the same.
        Err(Error::Station(_)) if visitor.address.is_some_and(|address| !site.limits.address(address)) => {
            Err(Problem::too_many())
        }
        Err(error) => Err(error.into()),
    }
}

/// The body, within its bound and the time there is; never before it is known who asks.
async fn whole(body: Body, limit: usize) -> Result<Vec<u8>, Problem> {
    let too_large =
        || Problem::Other(StatusCode::PAYLOAD_TOO_LARGE, "too-large", format!("at most {limit} bytes"));
    let read = tokio::time::timeout(UPLOAD_TIME, to_bytes(body, limit)).await;
    let read = read.map_err(|_| Problem::Trouble(Failure::Busy))?;
    read.map(|bytes| bytes.to_vec()).map_err(|_| too_large())
}

/// `GET /api/v1/stations/self`: who the platform takes it for, and what it may report to.
pub(crate) async fn own(State(site): State<Arc<Site>>, visitor: Visitor, headers: HeaderMap) -> Response {
    let found = station(&site, &visitor, &headers, 1).await;
    let told = found.map(|station| {
        let items = site.app.station_items(&station);
        json!({ "station": station.id, "name": station.name, "agency": station.agency, "items": items })
    });
    match told {
        Ok(told) => answer(StatusCode::OK, told.to_string()),
        Err(problem) => problem.response(),
    }
}

/// `POST /api/v1/stations/inspections`: a report, or `{"reports": […]}`. One is answered by 201 the first time and
/// by 200 whenever it comes again; several by 200 with an answer each, in their order.
pub(crate) async fn inspections(
    State(site): State<Arc<Site>>,
    visitor: Visitor,
    headers: HeaderMap,
    request: Request,
) -> Response {
    match reported(&site, &visitor, &headers, request.into_body()).await {
        Ok(response) => response,
        Err(problem) => problem.response(),
    }
}

async fn reported(
    site: &Site,
    visitor: &Visitor,
    headers: &HeaderMap,
    body: Body,
) -> Result<Response, Problem> {
    let asks = station(site, visitor, headers, 1).await?;
    let bytes = whole(body, REPORTS_BYTES).await?;
    let sent: Value = serde_json::from_slice(&bytes).map_err(|error| unreadable(&error))?;
    let Some(reports) = sent.get("reports") else {
        let report = read(sent)?;
        let reported = site.app.inspect(&asks, &report).await?;
        let status = if reported.new { StatusCode::CREATED } else { StatusCode::OK };
        return Ok(answer(status, json!(reported).to_string()));
    };
    let reports = reports.as_array().filter(|_| sent.as_object().is_some_and(|sent| sent.len() == 1));
    let reports = reports.ok_or(Problem::Station(StationError::Batch))?;
    // One was counted when it asked.
    let more = u32::try_from(reports.len()).unwrap_or(u32::MAX).saturating_sub(1);
    if more > 0 && reports.len() <= app::MAX_BATCH && !site.limits.station(asks.id.0, more) {
        return Err(Problem::too_many());
    }
    let answers = all(site, &asks, reports).await?;
    Ok(answer(StatusCode::OK, json!({ "results": answers }).to_string()))
}

/// Each report for itself: one that is wrong spoils none of the others.
async fn all(site: &Site, asks: &Station, sent: &[Value]) -> Result<Vec<Value>, Problem> {
    if sent.is_empty() || sent.len() > app::MAX_BATCH {
        return Err(Problem::Station(StationError::Batch));
    }
    let (mut good, mut answers) = (Vec::new(), vec![Value::Null; sent.len()]);
    let mut places = Vec::new();
    for (place, value) in sent.iter().enumerate() {
        match read(value.clone()) {
            Ok(report) => {
                good.push(report);
                places.push(place);
            }
            Err(problem) => answers[place] = problem.body(),
        }
    }
    if good.is_empty() {
        return Ok(answers);
    }
    let taken: Vec<Result<Reported, Error>> = site.app.inspect_all(asks, &good).await?;
    for (place, taken) in places.into_iter().zip(taken) {
        answers[place] = match taken {
            Ok(reported) => {
                let mut told = json!(reported);
                told["status"] = json!(if reported.new { 201 } else { 200 });
                told
            }
            Err(error) => Problem::from(error).body(),
        };
    }
    Ok(answers)
}

fn read(sent: Value) -> Result<Report, Problem> {
    serde_json::from_value(sent).map_err(|error| unreadable(&error))
}

fn unreadable(error: &serde_json::Error) -> Problem {
    let words = error.to_string().chars().take(WORDS).collect();
    Problem::Other(StatusCode::UNPROCESSABLE_ENTITY, "bad-report", words)
}

/// `POST /api/v1/stations/lots`: asks for the release of a lot; 201 when it was asked for, 200 with what is still lacking or how
/// it stands otherwise.
pub(crate) async fn lots(
    State(site): State<Arc<Site>>,
    visitor: Visitor,
    headers: HeaderMap,
    request: Request,
) -> Response {
    let told = async {
        // Counting a lot reads all of it.
        let asks = station(&site, &visitor, &headers, LOT_UNITS).await?;
        let bytes = whole(request.into_body(), FORM_BYTES).await?;
        let wish: LotRelease = serde_json::from_slice(&bytes).map_err(|error| unreadable(&error))?;
        Ok::<_, Problem>(site.app.release_lot(&asks, &wish).await?)
    };
    match told.await {
        Ok(stands) => {
            let status = if stands.new { StatusCode::CREATED } else { StatusCode::OK };
            answer(status, json!(stands).to_string())
        }
        Err(problem) => problem.response(),
    }
}

/// `GET /api/v1/stations/lots/{file}?item=…&lot=…`: what the station reported of a lot, as `units.csv`, `units.cfx.json` or
/// `units.e142.xml`.
pub(crate) async fn lot_file(
    State(site): State<Arc<Site>>,
    Path(file): Path<String>,
    RawQuery(raw): RawQuery,
    visitor: Visitor,
    headers: HeaderMap,
) -> Response {
    let query = Form::decode(raw.unwrap_or_default().as_bytes());
    let lot = query.get("lot");
    let begun = async {
        let asks = station(&site, &visitor, &headers, LOT_UNITS).await?;
        let format = LotFormat::of(&file).ok_or(Error::NotFound)?;
        let begun = site.app.station_lot_file(&asks, query.get("item"), lot, format).await?;
        send(&site, begun, format, lot).map_err(Problem::Trouble)
    };
    begun.await.unwrap_or_else(Problem::response)
}

/// `GET /api/v1/stations/reviews?after=…&limit=…`: the station's own units that people decided, in the order they were
/// settled.
pub(crate) async fn reviews(
    State(site): State<Arc<Site>>,
    RawQuery(raw): RawQuery,
    visitor: Visitor,
    headers: HeaderMap,
) -> Response {
    let told = async {
        let query = Form::decode(raw.unwrap_or_default().as_bytes());
        let number = |name: &str, unsaid: i64| match query.get(name) {
            "" => Ok(unsaid),
            said => said.parse().ok().filter(|said| *said >= 0).ok_or_else(|| bad_query(name)),
        };
        let (after, limit) = (number("after", 0), number("limit", app::MAX_REVIEWS));
        // Each of them is a case that is read.
        let units = limit.as_ref().map_or(1, |limit| (*limit).clamp(1, app::MAX_REVIEWS));
        let asks = station(&site, &visitor, &headers, u32::try_from(units).unwrap_or(1)).await?;
        Ok::<_, Problem>(site.app.reviews(&asks, after?, limit?).await?)
    };
    match told.await {
        Ok(reviews) => answer(StatusCode::OK, json!(reviews).to_string()),
        Err(problem) => problem.response(),
    }
}

fn bad_query(name: &str) -> Problem {
    Problem::Other(StatusCode::BAD_REQUEST, "bad-query", format!("{name} is a whole number, 0 or more"))
}

/// `GET /api/v1/stations/inspections/{case}`: how a unit that was reported stands now.
pub(crate) async fn inspection(
    State(site): State<Arc<Site>>,
    Path(case): Path<Uuid>,
    visitor: Visitor,
    headers: HeaderMap,
) -> Response {
    let stands = async {
        let asks = station(&site, &visitor, &headers, 1).await?;
        Ok::<_, Problem>(site.app.inspection(&asks, CaseId(case)).await?)
    };
    match stands.await {
        Ok(stands) => answer(StatusCode::OK, json!(stands).to_string()),
        Err(problem) => problem.response(),
    }
}

/// `PUT /api/v1/stations/pictures/{sha256}`: a PNG or JPEG, by its hash; 201 the first time, then 200.
pub(crate) async fn picture(
    State(site): State<Arc<Site>>,
    Path(hex): Path<String>,
    visitor: Visitor,
    headers: HeaderMap,
    request: Request,
) -> Response {
    match taken(&site, &visitor, &headers, &hex, request.into_body()).await {
        Ok(status) => answer(status, json!({ "picture": hex }).to_string()),
        Err(problem) => problem.response(),
    }
}

async fn taken(
    site: &Site,
    visitor: &Visitor,
    headers: &HeaderMap,
    hex: &str,
    body: Body,
) -> Result<StatusCode, Problem> {
    let asks = station(site, visitor, headers, 1).await?;
    let declared = headers.get(header::CONTENT_LENGTH).and_then(|length| length.to_str().ok()?.parse().ok());
    let mut held = site.uploads.enter();
    if !held.take(declared.unwrap_or(STATION_PICTURE_BYTES).min(STATION_PICTURE_BYTES)) {
        return Err(Problem::Trouble(Failure::Busy));
    }
    let bytes = whole(body, STATION_PICTURE_BYTES).await?;
    let new = site.app.put_station_picture(&asks, hex, bytes).await?;
    drop(held);
    Ok(if new { StatusCode::CREATED } else { StatusCode::OK })
}
