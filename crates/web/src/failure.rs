//! What goes wrong, as HTTP says it. The page itself is written by the guard, in the reader's language.

use app::Error;
use axum::http::{HeaderValue, StatusCode, header};
use axum::response::{IntoResponse, Response};
use casework::Rule;
use tracing::{error, warn};

use crate::view::ViewError;
use crate::view::pages::ErrorPage;

/// Why there is no ordinary answer.
#[derive(Debug)]
pub(crate) enum Failure {
    /// The request makes no sense.
    Bad,
    /// Nobody is signed in; come back here afterwards.
    SignIn(String),
    /// More must be proved first, 2 to 5; come back here afterwards.
    StepUp(u8, String),
    /// Not allowed, or the form's token is not this session's.
    Forbidden,
    /// No such page, or not this person's to know.
    NotFound,
    /// More than the body may hold.
    TooLarge,
    /// Too many writes.
    TooMany,
    /// The law or the procedure stands against it.
    Refused(Rule),
    /// The key of this request came with another one before.
    KeyReused,
    /// The disk is full: nothing was stored.
    DiskFull,
    /// Too busy just now: nothing was stored.
    Busy,
    /// The database is away: nobody knows whether anything was stored.
    Away(String),
    /// The certificate behind an agency's seal does not hold today: nothing was sealed.
    SealOver,
    /// A fault of ours.
    Fault(String),
}

impl From<Error> for Failure {
    fn from(error: Error) -> Self {
        use store::Error as Store;
        match error {
            Error::NotFound | Error::NotOnline | Error::Store(Store::NotFound | Store::Erased) => {
                Self::NotFound
            }
            Error::Forbidden => Self::Forbidden,
            Error::SignIn => Self::SignIn("/".to_owned()),
            Error::Level { needed, .. } => Self::StepUp(needed, "/me".to_owned()),
            Error::Refused(refusal) => Self::Refused(refusal.rule),
            Error::KeyReused => Self::KeyReused,
            Error::BadKey => Self::Bad,
            Error::TooManyDrafts => Self::Refused(Rule::TooManyDrafts),
            Error::Consent
            | Error::Answers(_)
            | Error::Denied(_)
            | Error::Passkey(_)
            | Error::Tie(_)
            | Error::Oauth(_)
            | Error::Partner(_)
            | Error::Station(_)
            | Error::Window(_) => Self::Bad,
            Error::File(_) => Self::TooLarge,
            Error::SealOver => Self::SealOver,
            Error::Store(Store::Full) => Self::DiskFull,
            Error::Contention | Error::Store(Store::Busy | Store::Conflict | Store::Stopped) => Self::Busy,
            Error::Store(away) if away.is_away() => Self::Away(away.to_string()),
            other => Self::Fault(other.to_string()),
        }
    }
}

impl From<ViewError> for Failure {
    fn from(error: ViewError) -> Self {
        Self::Fault(error.to_string())
    }
}

impl Failure {
    pub(crate) fn status(&self) -> StatusCode {
        match self {
            Self::Bad => StatusCode::BAD_REQUEST,
            Self::SignIn(_) | Self::StepUp(..) => StatusCode::SEE_OTHER,
            Self::Forbidden => StatusCode::FORBIDDEN,
            Self::NotFound => StatusCode::NOT_FOUND,
            Self::TooLarge => StatusCode::PAYLOAD_TOO_LARGE,
            Self::TooMany => StatusCode::TOO_MANY_REQUESTS,
            Self::Refused(_) | Self::KeyReused => StatusCode::CONFLICT,
            Self::DiskFull | Self::Busy | Self::Away(_) | Self::SealOver => StatusCode::SERVICE_UNAVAILABLE,
            Self::Fault(_) => StatusCode::INTERNAL_SERVER_ERROR,
        }
    }

    /// Seconds after which the same may be tried again, where there is hope that it works then.
    pub(crate) fn retry_after(&self) -> Option<u16> {
        match self {
            Self::TooMany => Some(60),
            Self::Busy | Self::Away(_) => Some(10),
            _ => None,
        }
    }

    /// The page that says so.
    pub(crate) fn page(&self) -> ErrorPage {
        let mut page = ErrorPage::new(self.status().as_u16());
        match self {
            Self::Refused(rule) => page.refusal = Some(rule.id()),
            Self::DiskFull => page.disk_full = true,
            Self::Away(_) => page.away = true,
            Self::SealOver => page.seal_over = true,
            Self::TooMany => page.retry_after = 60,
            _ => {}
        }
        page
    }
}

impl Failure {
    /// What is too low a level leads back to `place` once it is raised.
    pub(crate) fn back_to(self, place: &str) -> Self {
        match self {
            Self::StepUp(needed, _) => Self::StepUp(needed, place.to_owned()),
            other => other,
        }
    }
}

impl IntoResponse for Failure {
    fn into_response(self) -> Response {
        let status = self.status();
        let encoded = |back: &str| form_urlencoded::byte_serialize(back.as_bytes()).collect::<String>();
        match &self {
            Self::SignIn(back) => return see_other(&format!("/signin?back={}", encoded(back))),
            Self::StepUp(needed, back) => {
                return see_other(&format!("/me/level?needed={needed}&back={}", encoded(back)));
            }
            _ => {}
        }
        match &self {
            Self::Fault(what) => error!(what, "a request failed"),
            Self::Away(what) => warn!(what, "a request found no database"),
            _ => {}
        }
        let mut response = status.into_response();
        response.extensions_mut().insert(std::sync::Arc::new(self));
        response
    }
}

/// Sends the browser on with a GET.
pub(crate) fn see_other(to: &str) -> Response {
    let mut response = StatusCode::SEE_OTHER.into_response();
    let place = HeaderValue::from_str(to).unwrap_or(HeaderValue::from_static("/"));
    response.headers_mut().insert(header::LOCATION, place);
    response
}
