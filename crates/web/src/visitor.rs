//! Whoever asks: language, type size, session, and the pages they are answered with.

use std::net::{IpAddr, SocketAddr};
use std::sync::Arc;

use app::{Acting, Once, Party, Session};
use axum::extract::{ConnectInfo, FromRequestParts};
use axum::http::request::Parts;
use axum::http::{HeaderMap, Method, StatusCode, header};
use axum::response::{Html, IntoResponse, Response};
use casework::{Actor, Officer};
use domain::{Lang, PersonId};
use identity::{Barred, Principal, Subject, Who};

use crate::failure::Failure;
use crate::forms::{Form, Upload};
use crate::origin::Origin;
use crate::shelf::Shelf;
use crate::site::Site;
use crate::view::{Arg, Chrome, Page, SignedIn};

/// Short confirmations a redirect may ask for.
const NOTICES: &[&str] = &[
    "saved",
    "withdrawn",
    "corrected",
    "rated",
    "signed-out",
    "claimed",
    "released",
    "done",
    "draft-deleted",
    "registered",
    "session-ended",
    "passkey-added",
    "passkey-removed",
    "wechat-tied",
    "wechat-untied",
    "asked",
    "tied",
    "declined",
    "tie-ended",
    "acting",
    "acting-stopped",
    "withdrawn-consent",
    "consent-withdrawn",
    "erased",
    "erasure-asked",
    "staying",
];

/// Whoever asks.
pub(crate) struct Visitor {
    pub(crate) site: Arc<Site>,
    pub(crate) lang: Lang,
    pub(crate) elders: bool,
    pub(crate) session: Option<Session>,
    /// For whom the session acts.
    pub(crate) acting: Option<Acting>,
    /// Path and query of the request.
    pub(crate) path: String,
    pub(crate) address: Option<IpAddr>,
    /// The header `User-Agent`, of which two words are kept.
    pub(crate) agent: String,
    /// The header `Host`.
    pub(crate) host: String,
    /// The session cookie, whatever it stands for.
    pub(crate) cookie: Option<String>,
    /// The cookie of a going to a provider elsewhere.
    pub(crate) trip: Option<String>,
    method: Method,
    /// The header `Idempotency-Key`.
    key: Option<String>,
    signed_in: Option<SignedIn>,
}

/// The value of a cookie.
pub(crate) fn cookie<'a>(headers: &'a HeaderMap, name: &str) -> Option<&'a str> {
    let all = headers.get(header::COOKIE)?.to_str().ok()?;
    all.split(';')
        .filter_map(|pair| pair.trim().split_once('='))
        .find(|(key, _)| *key == name)
        .map(|(_, v)| v)
}

/// The last address of `X-Forwarded-For`.
fn forwarded(headers: &HeaderMap) -> Option<IpAddr> {
    let list = headers.get_all("x-forwarded-for").iter().next_back()?.to_str().ok()?;
    list.rsplit(',').next()?.trim().parse().ok()
}

/// The language asked for: the person's choice, else the browser's, else Chinese.
pub(crate) fn language(headers: &HeaderMap) -> Lang {
    match cookie(headers, "lang") {
        Some("en") => Lang::En,
        Some("zh") => Lang::Zh,
        _ => {
            let wanted = headers.get(header::ACCEPT_LANGUAGE).and_then(|value| value.to_str().ok());
            let first = wanted.unwrap_or_default().split(',').next().unwrap_or_default();
            if first.trim_start().to_ascii_lowercase().starts_with("en") { Lang::En } else { Lang::Zh }
        }
    }
}

impl FromRequestParts<Arc<Site>> for Visitor {
    type Rejection = Failure;

    async fn from_request_parts(parts: &mut Parts, site: &Arc<Site>) -> Result<Self, Failure> {
        let session = match cookie(&parts.headers, site.cookie()) {
            Some(cookie) => site.app.session(cookie).await?,
            None => None,
        };
        let mut visitor = Self::anonymous(site.clone(), parts);
        if let Some(session) = session {
            visitor.recognise(session).await?;
        }
        Ok(visitor)
    }
}

impl Visitor {
    /// A visitor whose session is not looked up.
    pub(crate) fn anonymous(site: Arc<Site>, parts: &Parts) -> Self {
        let peer = parts.extensions.get::<ConnectInfo<SocketAddr>>().map(|info| info.0.ip());
        // With https a proxy stands in front: the last address it added is the one it saw itself.
        let address = forwarded(&parts.headers).filter(|_| site.https()).or(peer);
        let text = |name| parts.headers.get(name).and_then(|value| value.to_str().ok()).unwrap_or_default();
        Self {
            agent: text(header::USER_AGENT).to_owned(),
            host: text(header::HOST).to_owned(),
            cookie: cookie(&parts.headers, site.cookie()).map(str::to_owned),
            trip: cookie(&parts.headers, site.trip_cookie()).map(str::to_owned),
            site,
            lang: language(&parts.headers),
            elders: cookie(&parts.headers, "view") == Some("elders"),
            session: None,
            acting: None,
            path: parts.uri.path_and_query().map(|path| path.as_str().to_owned()).unwrap_or_default(),
            address,
            method: parts.method.clone(),
            key: parts.headers.get("idempotency-key").and_then(|key| key.to_str().ok()).map(str::to_owned),
            signed_in: None,
        }
    }

    async fn recognise(&mut self, session: Session) -> Result<(), Failure> {
        self.acting = self.site.app.acting(&session).await?;
        self.session = Some(session);
        // The answer to a form only sends the browser on: nobody sees its header.
        if self.method == Method::GET { self.greet().await } else { Ok(()) }
    }

    /// Finds out what the header shows, for a page that answers a form.
    pub(crate) async fn greet(&mut self) -> Result<(), Failure> {
        let Some(session) = &self.session else { return Ok(()) };
        self.signed_in = Some(match (session.citizen(), session.officer()) {
            (Some(person), _) => SignedIn {
                name: self.site.app.profile(person).await?.name,
                officer: false,
                unread: u32::try_from(self.site.app.unread(person).await?).unwrap_or(u32::MAX),
            },
            (None, officer) => SignedIn {
                name: officer.map(|officer| officer.name).unwrap_or_default(),
                officer: true,
                unread: 0,
            },
        });
        Ok(())
    }

    /// What was sent is wrong: the form again, with what was typed and what is wrong with it.
    pub(crate) async fn again<P: Page>(&mut self, status: StatusCode, page: &P) -> Result<Response, Failure> {
        self.greet().await?;
        self.page_with(status, page, true)
    }

    /// The address of the site.
    pub(crate) fn origin(&self) -> Result<Origin, Failure> {
        self.site.origin(&self.host)
    }

    /// The session of whoever is signed in.
    pub(crate) fn session(&self) -> Result<&Session, Failure> {
        self.session.as_ref().ok_or_else(|| Failure::SignIn(self.back()))
    }

    /// Whoever asks, as rights know them.
    fn who(&self) -> Who<'_> {
        match self.session.as_ref().map(|session| &session.principal) {
            None => Who::Nobody,
            Some(Principal::Citizen { person, .. }) => Who::Citizen(*person),
            Some(Principal::Officer { agency, area, roles, person, .. }) => {
                Who::Officer { agency, area, roles, person: *person }
            }
        }
    }

    /// Whether these pages are for whoever asks; what single things are theirs is asked of `app`.
    fn may(&self, subject: Subject<'_>) -> Result<&Session, Failure> {
        let barred = |barred| match barred {
            Barred::SignIn => Failure::SignIn(self.back()),
            Barred::Hidden => Failure::NotFound,
            Barred::Role => Failure::Forbidden,
        };
        identity::may(self.who(), subject).map_err(barred)?;
        self.session.as_ref().ok_or_else(|| Failure::SignIn(self.back()))
    }

    /// The citizen signed in, whomever they act for: messages, relatives and organisations are their own.
    pub(crate) fn citizen(&self) -> Result<PersonId, Failure> {
        self.may(Subject::Portal)?.citizen().ok_or(Failure::NotFound)
    }

    /// For whom the citizen signed in applies: for themselves, or for whom the session acts.
    pub(crate) fn party(&self) -> Result<Party, Failure> {
        let person = self.citizen()?;
        Ok(self.acting.as_ref().map_or_else(|| person.into(), |acting| acting.agent.into()))
    }

    /// Whose wallet is opened: the citizen's own, or of the organisation for which the session acts. A relative's is not.
    pub(crate) fn holder(&self) -> Result<Party, Failure> {
        let person = self.citizen()?;
        let organisation = self.acting.as_ref().filter(|acting| acting.organisation);
        Ok(organisation.map_or_else(|| person.into(), |acting| acting.agent.into()))
    }

    /// The officer signed in.
    pub(crate) fn officer(&self) -> Result<Officer, Failure> {
        self.may(Subject::Desk)?.officer().ok_or(Failure::NotFound)
    }

    /// Who acts in this session.
    pub(crate) fn actor(&self) -> Result<Actor, Failure> {
        match self.officer() {
            Ok(officer) => Ok(Actor::Officer(officer)),
            Err(_) => Ok(self.party()?.actor()),
        }
    }

    /// The tie this session acts by; empty for none.
    pub(crate) fn tie(&self) -> String {
        self.acting.as_ref().map(|acting| acting.agent.tie.to_string()).unwrap_or_default()
    }

    /// What forms must carry: the session's secret, and for whom the session acted when the page was made. A page
    /// made for somebody else does nothing for this one.
    fn token(&self) -> String {
        let csrf = self.session.as_ref().map(|session| session.csrf.clone()).unwrap_or_default();
        match &self.acting {
            Some(acting) => format!("{csrf}.{}", acting.agent.tie.simple()),
            None => csrf,
        }
    }

    /// Where to come back to: the page itself, or for a form the page it stands on.
    fn back(&self) -> String {
        if self.method == Method::GET { self.path.clone() } else { "/me".to_owned() }
    }

    /// Believes a form: the token is this session's, and the person does not write too much.
    pub(crate) fn believe(&self, token: &str) -> Result<(), Failure> {
        let session = self.session.as_ref().ok_or_else(|| Failure::SignIn(self.back()))?;
        if self.token() != token {
            return Err(Failure::Forbidden);
        }
        self.slow_down(session)
    }

    /// [`Visitor::believe`] for forms that are the same whomever the session acts for: signing out, and the switch.
    pub(crate) fn believe_session(&self, token: &str) -> Result<(), Failure> {
        let session = self.session.as_ref().ok_or_else(|| Failure::SignIn(self.back()))?;
        if token.split('.').next() != Some(&session.csrf) {
            return Err(Failure::Forbidden);
        }
        self.slow_down(session)
    }

    fn slow_down(&self, session: &Session) -> Result<(), Failure> {
        if self.site.limits.person(session.owner()) { Ok(()) } else { Err(Failure::TooMany) }
    }

    /// The key under which a form is carried out once: the header `Idempotency-Key`, else the form's own;
    /// none where neither is there.
    pub(crate) fn once(&self, form: &Form) -> Result<Option<Once>, Failure> {
        self.once_with(form, &[])
    }

    /// [`Visitor::once`] of a form with files: other files are another request.
    pub(crate) fn once_with(&self, form: &Form, uploads: &[Upload]) -> Result<Option<Once>, Failure> {
        let session = self.session.as_ref().ok_or_else(|| Failure::SignIn(self.back()))?;
        let sent = self.key.as_deref().filter(|key| !key.is_empty());
        let key = sent.unwrap_or(form.get("once"));
        if key.is_empty() {
            return Ok(None);
        }
        let (path, _) = self.path.split_once('?').unwrap_or((&self.path, ""));
        // The token and the key itself are not what is asked for.
        let asked =
            form.answers().iter().filter(|(name, _)| !matches!(name.as_str(), "csrf" | "once" | "seen"));
        let fields = asked.flat_map(|(name, value)| [name.as_bytes(), value.as_bytes()]);
        let files = uploads.iter().flat_map(|upload| {
            let bytes = upload.bytes.as_deref().unwrap_or_default();
            [upload.field.as_bytes(), upload.name.as_bytes(), bytes]
        });
        let parts = std::iter::once(path.as_bytes()).chain(fields).chain(files);
        Ok(Some(Once::new(session.owner(), key, parts)?))
    }

    /// The page, kept out of every cache that others share.
    pub(crate) fn page<P: Page>(&self, page: &P) -> Result<Response, Failure> {
        self.page_with(StatusCode::OK, page, false)
    }

    /// A page that is the same for everybody: made once for `path`, then only surrounded anew.
    pub(crate) fn kept<P: Page>(
        &self,
        shelf: &Shelf,
        path: &str,
        make: impl FnOnce() -> Result<P, Failure>,
    ) -> Result<Response, Failure> {
        let views = &self.site.views;
        let page = match shelf.get(path, self.lang) {
            Some(page) => page,
            None => {
                let page = Arc::new(views.keep(&make()?, self.lang)?);
                shelf.put(path, self.lang, page.clone());
                page
            }
        };
        Ok(Html(views.render_kept(&page, &self.chrome(false))?).into_response())
    }

    /// A page about a person: search engines are told to keep away.
    pub(crate) fn personal<P: Page>(&self, page: &P) -> Result<Response, Failure> {
        self.page_with(StatusCode::OK, page, true)
    }

    /// A page with another status.
    pub(crate) fn page_with<P: Page>(
        &self,
        status: StatusCode,
        page: &P,
        noindex: bool,
    ) -> Result<Response, Failure> {
        let html = self.site.views.render(page, &self.chrome(noindex))?;
        Ok((status, Html(html)).into_response())
    }

    fn chrome(&self, noindex: bool) -> Chrome {
        Chrome {
            lang: self.lang,
            elders: self.elders,
            demo: self.site.app.demo(),
            site_name: self.site.config.name.get(self.lang).to_owned(),
            signed_in: self.signed_in.clone(),
            path: self.path.clone(),
            csrf: self.token(),
            once: self.session.as_ref().map(|_| self.site.app.new_key()).unwrap_or_default(),
            noindex,
            acting: self.acting.as_ref().map(|acting| acting.name.clone()),
            notice: self.notice(),
        }
    }

    fn notice(&self) -> Option<&'static str> {
        let (_, query) = self.path.split_once('?')?;
        let wanted = query.split('&').find_map(|pair| pair.strip_prefix("notice="))?;
        NOTICES.iter().copied().find(|known| *known == wanted)
    }

    /// A text in the visitor's language.
    pub(crate) fn text(&self, key: &str) -> String {
        self.site.views.text(self.lang, key, &[])
    }

    /// A text with words put in.
    pub(crate) fn text_with(&self, key: &str, args: &[(&str, &str)]) -> String {
        let args: Vec<_> = args.iter().map(|&(name, value)| (name, Arg::from(value))).collect();
        self.site.views.text(self.lang, key, &args)
    }
}
