//! An answer, and what is true of every one of them.

use axum::http::{HeaderMap, header};
use domain::CitizenNumber;

/// Beginnings of the keys that handlers make up at run time. A page that shows one lacks a text.
const KEYS: [&str; 33] = [
    "action-",
    "applicant-",
    "audience-",
    "certificate-",
    "clock-",
    "consent-",
    "draft-",
    "error-",
    "event-",
    "file-",
    "finding-",
    "invalid-",
    "keep-",
    "kind-",
    "ledger-",
    "light-",
    "looked-",
    "material-",
    "message-",
    "notice-",
    "now-",
    "preset-",
    "reader-",
    "reason-",
    "refusal-",
    "result-",
    "rule-",
    "signin-",
    "source-",
    "standing-",
    "status-",
    "unmask-",
    "verify-",
];

/// An answer.
pub(crate) struct Page {
    pub(crate) path: String,
    pub(crate) status: u16,
    pub(crate) headers: HeaderMap,
    pub(crate) bytes: Vec<u8>,
    pub(crate) html: String,
}

impl Page {
    pub(crate) fn new(path: String, status: u16, headers: HeaderMap, bytes: Vec<u8>) -> Self {
        let html = String::from_utf8_lossy(&bytes).into_owned();
        let page = Self { path, status, headers, bytes, html };
        page.keeps_browsers_careful();
        if page.header("content-type").starts_with("text/html") {
            page.says_everything_in_words();
            page.shows_no_citizen_number();
        }
        page
    }

    pub(crate) fn header(&self, name: &str) -> &str {
        self.headers.get(name).and_then(|value| value.to_str().ok()).unwrap_or_default()
    }

    pub(crate) fn location(&self) -> Option<&str> {
        self.headers.get(header::LOCATION).map(|value| value.to_str().unwrap())
    }

    /// The token in the page's first form that has one.
    pub(crate) fn csrf(&self) -> Option<String> {
        let (_, rest) = self.html.split_once("name=\"csrf\" value=\"")?;
        let (token, _) = rest.split_once('"')?;
        (!token.is_empty()).then(|| token.to_owned())
    }

    /// What a reader reads: no tags, entities as the characters they mean.
    pub(crate) fn words(&self) -> String {
        let mut words = String::new();
        for part in self.html.split('<') {
            words.push_str(part.split_once('>').map_or("", |(_, text)| text));
            words.push(' ');
        }
        decoded(&words)
    }

    /// The whole page with entities decoded: words and what stands in inputs.
    pub(crate) fn source(&self) -> String {
        decoded(&self.html)
    }

    /// Every address the page leads to.
    pub(crate) fn links(&self) -> Vec<String> {
        self.html
            .split(" href=\"")
            .skip(1)
            .filter_map(|rest| Some(decoded(rest.split_once('"')?.0)))
            .collect()
    }

    /// The first address that contains `part`.
    pub(crate) fn link(&self, part: &str) -> String {
        let found = self.links().into_iter().find(|link| link.contains(part));
        found.unwrap_or_else(|| panic!("{} has no link with {part}:\n{}", self.path, self.words()))
    }

    #[track_caller]
    pub(crate) fn is(self, status: u16) -> Self {
        assert_eq!(self.status, status, "{}: {:?}\n{}", self.path, self.location(), self.words());
        self
    }

    #[track_caller]
    pub(crate) fn goes_to(self, place: &str) -> Self {
        assert_eq!((self.status, self.location()), (303, Some(place)), "{}:\n{}", self.path, self.words());
        self
    }

    #[track_caller]
    pub(crate) fn says(self, words: &str) -> Self {
        assert!(self.words().contains(words), "{} does not say {words:?}:\n{}", self.path, self.words());
        self
    }

    #[track_caller]
    pub(crate) fn never_says(self, words: &str) -> Self {
        assert!(!self.source().contains(words), "{} says {words:?}:\n{}", self.path, self.words());
        self
    }

    #[track_caller]
    pub(crate) fn holds(self, source: &str) -> Self {
        assert!(self.html.contains(source), "{} does not hold {source}:\n{}", self.path, self.html);
        self
    }

    #[track_caller]
    fn keeps_browsers_careful(&self) {
        let policy = self.header("content-security-policy");
        assert!(policy.contains("default-src 'none'"), "{}: {policy}", self.path);
        assert!(!policy.contains("unsafe"), "{}: {policy}", self.path);
        let sandbox = policy.contains("sandbox");
        assert!(sandbox || policy.contains("frame-ancestors 'none'"), "{}: {policy}", self.path);
        assert_eq!(self.header("x-content-type-options"), "nosniff", "{}", self.path);
        assert_eq!(self.header("referrer-policy"), "same-origin", "{}", self.path);
        let kept = self.header("cache-control");
        let for_all = ["/static/", "/status/", "/.well-known/", "/vct/"];
        let public = for_all.iter().any(|start| self.path.starts_with(start)) && self.status == 200;
        // A picture of a thing, by its hash, for one session and a while.
        let picture = self.path.contains("/pictures/") && self.status == 200;
        let private = kept.starts_with("private, max-age=") && self.header("vary") == "cookie";
        let stored = if picture { private } else { public };
        assert!(kept.contains("no-store") != stored, "{} {}: {kept}", self.path, self.status);
        for cookie in self.headers.get_all(header::SET_COOKIE) {
            let cookie = cookie.to_str().unwrap();
            assert!(cookie.contains("SameSite=Lax") && cookie.contains("Path=/;"), "{cookie}");
            assert!(!cookie.contains("session") || cookie.contains("HttpOnly"), "{cookie}");
        }
    }

    /// A text that is missing shows its key.
    #[track_caller]
    fn says_everything_in_words(&self) {
        let source = self.words();
        for word in source.split(|c: char| !c.is_ascii_alphanumeric() && c != '-') {
            let key = KEYS.iter().any(|start| word.starts_with(start) && word.len() > start.len());
            assert!(!key, "{} shows the key {word} where words should be", self.path);
        }
    }

    /// A whole number stands in its owner's own input, and where an officer gave a reason.
    #[track_caller]
    fn shows_no_citizen_number(&self) {
        if self.path.ends_with("/unmask") {
            return;
        }
        let words = self.words();
        for run in words.split(|c: char| !c.is_ascii_alphanumeric()).filter(|run| run.len() == 18) {
            let number = run.parse::<CitizenNumber>().is_ok();
            assert!(!number, "{} shows the whole number {run}", self.path);
        }
    }
}

/// Text with the entities our templates write turned back.
pub(crate) fn decoded(text: &str) -> String {
    const ENTITIES: [(&str, &str); 7] = [
        ("&lt;", "<"),
        ("&gt;", ">"),
        ("&quot;", "\""),
        ("&#x27;", "'"),
        ("&#39;", "'"),
        ("&#x2f;", "/"),
        ("&amp;", "&"),
    ];
    ENTITIES.iter().fold(text.to_owned(), |text, (entity, means)| text.replace(entity, means))
}
