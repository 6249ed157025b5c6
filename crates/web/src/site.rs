//! What every handler shares.

use std::sync::Arc;

use app::App;
use domain::Text;
use tokio::sync::Semaphore;

use crate::failure::Failure;
use crate::limits::{EXPORTS, KEPT_PAGES, KEPT_SEARCHES, Limits, MAPS, Room, UPLOADS_KIB};
use crate::origin::Origin;
use crate::shelf::Shelf;
use crate::view::{ViewError, Views};

/// How the site is set up.
#[derive(Debug, Clone)]
pub struct Config {
    /// The name on every page.
    pub name: Text,
    /// The address people know the site by. With https (a proxy in front ends TLS) cookies are `__Host-` and secure.
    /// None for a demonstration: then it is whatever a visitor writes, over plain HTTP.
    pub public: Option<Origin>,
    /// Most writes a minute of one person, and of one address that is not signed in; 0 for no limit.
    pub writes_per_minute: u32,
}

/// The site.
pub struct Site {
    pub(crate) app: Arc<App>,
    pub(crate) views: Views,
    pub(crate) config: Config,
    pub(crate) limits: Limits,
    pub(crate) uploads: Room,
    /// Exports under way: each holds a file in memory.
    pub(crate) exports: Arc<Semaphore>,
    /// Maps of lots under way: each is made in memory.
    pub(crate) maps: Arc<Semaphore>,
    pub(crate) kept: Shelf,
    pub(crate) searches: Shelf,
    pub(crate) shelves: crate::pages::Shelves,
}

impl Site {
    /// Loads templates and texts.
    ///
    /// # Errors
    /// When a template or text is broken.
    pub fn new(app: Arc<App>, config: Config) -> Result<Self, ViewError> {
        let limits = Limits::new(config.writes_per_minute);
        let uploads = Room::of_kib(UPLOADS_KIB);
        let (exports, maps) = (Arc::new(Semaphore::new(EXPORTS)), Arc::new(Semaphore::new(MAPS)));
        let (kept, searches) = (Shelf::with_room_for(KEPT_PAGES), Shelf::with_room_for(KEPT_SEARCHES));
        let shelves = crate::pages::Shelves::of(&app.catalogue);
        Ok(Self {
            app,
            views: Views::new()?,
            config,
            limits,
            uploads,
            exports,
            maps,
            kept,
            searches,
            shelves,
        })
    }

    /// Name of the session cookie.
    pub(crate) fn cookie(&self) -> &'static str {
        if self.https() { "__Host-session" } else { "session" }
    }

    /// Name of the cookie that a browser keeps while it is at a provider elsewhere.
    pub(crate) fn trip_cookie(&self) -> &'static str {
        if self.https() { "__Host-trip" } else { "trip" }
    }

    /// People reach the site by https.
    pub(crate) fn https(&self) -> bool {
        self.config.public.as_ref().is_some_and(Origin::is_https)
    }

    /// The address of the site: its own, or else that of a request's header `Host`.
    pub(crate) fn origin(&self, host: &str) -> Result<Origin, Failure> {
        self.config.public.clone().or_else(|| Origin::of_host(host)).ok_or(Failure::Bad)
    }
}
