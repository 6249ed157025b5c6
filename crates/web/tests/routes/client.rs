//! A browser as small as one can be: it keeps cookies, follows redirects, and finds the token of the form.

use std::net::{IpAddr, SocketAddr};
use std::sync::Arc;

use axum::Router;
use axum::body::{Body, to_bytes};
use axum::extract::ConnectInfo;
use axum::http::{Method, Request, header};
use domain::ManualClock;
use tower::ServiceExt as _;

use crate::house::House;
use crate::page::Page;

/// Largest answer read.
const MAX: usize = 32 * 1024 * 1024;

/// One browser with its cookies.
#[derive(Clone)]
pub(crate) struct Client {
    router: Router,
    clock: Arc<ManualClock>,
    cookies: Vec<(String, String)>,
    headers: Vec<(&'static str, String)>,
    address: Option<IpAddr>,
    /// The token of the last form seen.
    pub(crate) csrf: String,
}

/// A file of an upload form: field, name, content.
pub(crate) type Part<'a> = (&'a str, &'a str, &'a [u8]);

impl Client {
    pub(crate) fn new(house: &House) -> Self {
        Self {
            router: house.router.clone(),
            clock: house.clock.clone(),
            cookies: Vec::new(),
            headers: Vec::new(),
            address: None,
            csrf: String::new(),
        }
    }

    /// Goes on with the site after its restart.
    pub(crate) fn moves_to(&mut self, house: &House) {
        self.router = house.router.clone();
        self.clock = house.clock.clone();
    }

    /// Sends this header with every request.
    pub(crate) fn with(mut self, name: &'static str, value: &str) -> Self {
        self.headers.push((name, value.to_owned()));
        self
    }

    /// Comes from this address.
    pub(crate) fn from(mut self, address: &str) -> Self {
        self.address = Some(address.parse().unwrap());
        self
    }

    pub(crate) fn set_cookie(&mut self, name: &str, value: &str) {
        self.cookies.retain(|(known, _)| known != name);
        if !value.is_empty() {
            self.cookies.push((name.to_owned(), value.to_owned()));
        }
    }

    pub(crate) fn cookie(&self, name: &str) -> Option<&str> {
        self.cookies.iter().find(|(known, _)| known == name).map(|(_, value)| value.as_str())
    }

    pub(crate) async fn get(&mut self, path: &str) -> Page {
        self.send(Method::GET, path, "", Body::empty()).await
    }

    /// The page, after all redirects.
    pub(crate) async fn visit(&mut self, path: &str) -> Page {
        let mut page = self.get(path).await;
        for _ in 0..5 {
            let Some(next) = page.location().map(str::to_owned) else { return page };
            page = self.get(&next).await;
        }
        panic!("{path} never arrives");
    }

    /// A form with the session's token.
    pub(crate) async fn post(&mut self, path: &str, fields: &[(&str, &str)]) -> Page {
        let token = self.token().await;
        let mut all = vec![("csrf", token.as_str())];
        all.extend_from_slice(fields);
        self.post_bare(path, &all).await
    }

    /// A form as it is.
    pub(crate) async fn post_bare(&mut self, path: &str, fields: &[(&str, &str)]) -> Page {
        let body = form_urlencoded::Serializer::new(String::new()).extend_pairs(fields).finish();
        self.send(Method::POST, path, "application/x-www-form-urlencoded", Body::from(body)).await
    }

    /// A form with files and the session's token.
    pub(crate) async fn upload(&mut self, path: &str, fields: &[(&str, &str)], files: &[Part<'_>]) -> Page {
        let token = self.token().await;
        let mut all = vec![("csrf", token.as_str())];
        all.extend_from_slice(fields);
        self.upload_bare(path, &all, files).await
    }

    pub(crate) async fn upload_bare(
        &mut self,
        path: &str,
        fields: &[(&str, &str)],
        files: &[Part<'_>],
    ) -> Page {
        let mut body = Vec::new();
        for (name, value) in fields {
            body.extend_from_slice(b"--edge\r\nContent-Disposition: form-data; name=\"");
            body.extend_from_slice(format!("{name}\"\r\n\r\n{value}\r\n").as_bytes());
        }
        for (field, name, content) in files {
            let head = format!(
                "--edge\r\nContent-Disposition: form-data; name=\"{field}\"; filename=\"{name}\"\r\n\
                 Content-Type: application/octet-stream\r\n\r\n"
            );
            body.extend_from_slice(head.as_bytes());
            body.extend_from_slice(content);
            body.extend_from_slice(b"\r\n");
        }
        body.extend_from_slice(b"--edge--\r\n");
        self.send(Method::POST, path, "multipart/form-data; boundary=edge", Body::from(body)).await
    }

    /// The session's token, from a page that has a form with it.
    pub(crate) async fn token(&mut self) -> String {
        if self.csrf.is_empty() {
            self.get("/signout").await;
        }
        self.csrf.clone()
    }

    pub(crate) async fn send(&mut self, method: Method, path: &str, kind: &str, body: Body) -> Page {
        // Time passes, so that what happens has an order.
        self.clock.advance(1);
        let mut request = Request::builder().method(method).uri(path).header(header::HOST, "site.example");
        for (name, value) in &self.headers {
            request = request.header(*name, value);
        }
        if !kind.is_empty() {
            request = request.header(header::CONTENT_TYPE, kind);
        }
        if !self.cookies.is_empty() {
            let all: Vec<_> = self.cookies.iter().map(|(name, value)| format!("{name}={value}")).collect();
            request = request.header(header::COOKIE, all.join("; "));
        }
        let mut request = request.body(body).unwrap();
        if let Some(address) = self.address {
            request.extensions_mut().insert(ConnectInfo(SocketAddr::new(address, 40_000)));
        }
        let response = self.router.clone().oneshot(request).await.unwrap();
        let (parts, body) = response.into_parts();
        let body = to_bytes(body, MAX).await.unwrap().to_vec();
        let page = Page::new(path.to_owned(), parts.status.as_u16(), parts.headers, body);
        self.remember(&page);
        page
    }

    fn remember(&mut self, page: &Page) {
        for cookie in page.headers.get_all(header::SET_COOKIE) {
            let (pair, rest) = cookie.to_str().unwrap().split_once(';').unwrap();
            let (name, value) = pair.split_once('=').unwrap();
            let gone = rest.contains("Max-Age=0");
            self.set_cookie(name, if gone { "" } else { value });
            if name.ends_with("session") {
                self.csrf.clear();
            }
        }
        if let Some(token) = page.csrf() {
            self.csrf = token;
        }
    }
}
