//! Connections: how many there may be, and how long one may stay without getting anywhere.
//!
//! Whoever opens thousands and sends a byte now and then would otherwise keep everybody else out.

use std::io;
use std::net::SocketAddr;
use std::pin::Pin;
use std::sync::Arc;
use std::task::{Context, Poll};
use std::time::Duration;

use axum::serve::Listener;
use tokio::io::{AsyncRead, AsyncWrite, ReadBuf};
use tokio::net::{TcpListener, TcpStream};
use tokio::sync::{OwnedSemaphorePermit, Semaphore};
use tokio::time::{Instant, Sleep, sleep_until};

/// Connections at once; who comes then waits until one is free.
const CONNECTIONS: usize = 8_192;

/// How long a connection may stay.
#[derive(Debug, Clone, Copy)]
struct Patience {
    /// While nothing comes and nothing goes.
    idle: Duration,
    /// While it sends and is never answered: longer than an upload may take.
    unanswered: Duration,
}

const PATIENCE: Patience = Patience { idle: Duration::from_secs(75), unanswered: Duration::from_secs(330) };

/// A listener whose connections end by themselves.
pub(crate) struct Patient {
    listener: TcpListener,
    places: Arc<Semaphore>,
    patience: Patience,
}

impl Patient {
    pub(crate) fn new(listener: TcpListener) -> Self {
        Self { listener, places: Arc::new(Semaphore::new(CONNECTIONS)), patience: PATIENCE }
    }
}

impl Listener for Patient {
    type Io = Connection;
    type Addr = SocketAddr;

    async fn accept(&mut self) -> (Connection, SocketAddr) {
        // Nobody closes the semaphore, so there is always a place in the end.
        let place = self.places.clone().acquire_owned().await.ok();
        let (stream, peer) = Listener::accept(&mut self.listener).await;
        (Connection::new(stream, self.patience, place), peer)
    }

    fn local_addr(&self) -> io::Result<SocketAddr> {
        self.listener.local_addr()
    }
}

/// A connection that ends when it gets nowhere.
pub(crate) struct Connection {
    stream: TcpStream,
    patience: Patience,
    moved: Instant,
    answered: Instant,
    /// Never later than the end of patience, and looked at only when there is nothing to do.
    timer: Pin<Box<Sleep>>,
    _place: Option<OwnedSemaphorePermit>,
}

impl Connection {
    fn new(stream: TcpStream, patience: Patience, place: Option<OwnedSemaphorePermit>) -> Self {
        let now = Instant::now();
        let timer = Box::pin(sleep_until(now + patience.idle));
        Self { stream, patience, moved: now, answered: now, timer, _place: place }
    }

    /// Waits on, or says that it has been long enough.
    fn wait<T>(&mut self, cx: &mut Context<'_>) -> Poll<io::Result<T>> {
        while self.timer.as_mut().poll(cx).is_ready() {
            let end = (self.moved + self.patience.idle).min(self.answered + self.patience.unanswered);
            if Instant::now() >= end {
                return Poll::Ready(Err(io::ErrorKind::TimedOut.into()));
            }
            self.timer.as_mut().reset(end);
        }
        Poll::Pending
    }

    fn wrote(&mut self, cx: &mut Context<'_>, written: Poll<io::Result<usize>>) -> Poll<io::Result<usize>> {
        if written.is_pending() {
            return self.wait(cx);
        }
        self.moved = Instant::now();
        self.answered = self.moved;
        written
    }
}

impl AsyncRead for Connection {
    fn poll_read(
        mut self: Pin<&mut Self>,
        cx: &mut Context<'_>,
        buffer: &mut ReadBuf<'_>,
    ) -> Poll<io::Result<()>> {
        if Pin::new(&mut self.stream).poll_read(cx, buffer)?.is_pending() {
            return self.wait(cx);
        }
        self.moved = Instant::now();
        Poll::Ready(Ok(()))
    }
}

impl AsyncWrite for Connection {
    fn poll_write(mut self: Pin<&mut Self>, cx: &mut Context<'_>, bytes: &[u8]) -> Poll<io::Result<usize>> {
        let written = Pin::new(&mut self.stream).poll_write(cx, bytes);
        self.wrote(cx, written)
    }

    fn poll_write_vectored(
        mut self: Pin<&mut Self>,
        cx: &mut Context<'_>,
        parts: &[io::IoSlice<'_>],
    ) -> Poll<io::Result<usize>> {
        let written = Pin::new(&mut self.stream).poll_write_vectored(cx, parts);
        self.wrote(cx, written)
    }

    fn is_write_vectored(&self) -> bool {
        self.stream.is_write_vectored()
    }

    fn poll_flush(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<io::Result<()>> {
        Pin::new(&mut self.stream).poll_flush(cx)
    }

    fn poll_shutdown(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<io::Result<()>> {
        Pin::new(&mut self.stream).poll_shutdown(cx)
    }
}

#[cfg(test)]
mod tests {
    use axum::Router;
    use axum::routing::get;
    use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
    use tokio::time::{sleep, timeout};

    use super::*;

    const REQUEST: &[u8] = b"GET / HTTP/1.1\r\nhost: x\r\n\r\n";

    async fn served(places: usize, idle: u64, unanswered: u64) -> SocketAddr {
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let address = listener.local_addr().unwrap();
        let patience =
            Patience { idle: Duration::from_millis(idle), unanswered: Duration::from_millis(unanswered) };
        let patient = Patient { listener, places: Arc::new(Semaphore::new(places)), patience };
        let router = Router::new().route("/", get(async || "here"));
        tokio::spawn(async move { axum::serve(patient, router).await });
        address
    }

    async fn answer(stream: &mut TcpStream) -> String {
        let mut answer = vec![0; 1_000];
        let read = timeout(Duration::from_secs(20), stream.read(&mut answer)).await.unwrap().unwrap_or(0);
        String::from_utf8_lossy(&answer[..read]).into_owned()
    }

    #[tokio::test]
    async fn whoever_says_half_a_request_is_not_waited_for() {
        let address = served(1, 200, 60_000).await;
        let mut silent = TcpStream::connect(address).await.unwrap();
        silent.write_all(&REQUEST[..20]).await.unwrap();
        // There is one place: this one waits until the silent one has lost it.
        let mut other = TcpStream::connect(address).await.unwrap();
        other.write_all(REQUEST).await.unwrap();
        assert!(answer(&mut other).await.starts_with("HTTP/1.1 200"));
        assert_eq!(answer(&mut silent).await, "");
    }

    #[tokio::test]
    async fn whoever_sends_a_byte_now_and_then_is_not_waited_for_either() {
        let address = served(1, 10_000, 500).await;
        let mut dripping = TcpStream::connect(address).await.unwrap();
        dripping.write_all(&REQUEST[..20]).await.unwrap();
        let mut other = TcpStream::connect(address).await.unwrap();
        other.write_all(REQUEST).await.unwrap();
        let drip = async {
            while dripping.write_all(b"x").await.is_ok() {
                sleep(Duration::from_millis(50)).await;
            }
        };
        let (answer, ()) = tokio::join!(answer(&mut other), drip);
        assert!(answer.starts_with("HTTP/1.1 200"));
    }

    #[tokio::test]
    async fn whoever_is_answered_may_go_on_asking() {
        let address = served(1, 10_000, 400).await;
        let mut asking = TcpStream::connect(address).await.unwrap();
        for _ in 0..6 {
            asking.write_all(REQUEST).await.unwrap();
            assert!(answer(&mut asking).await.starts_with("HTTP/1.1 200"));
            sleep(Duration::from_millis(150)).await;
        }
    }
}
