//! One connection kept open, and just enough of HTTP/1.1 to know a whole answer.

use std::net::SocketAddr;

use memchr::memmem;
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::TcpStream;

/// The largest answer believed: more is an error, not a page of ours.
const MOST: usize = 4 * 1024 * 1024;

/// A connection and its buffer.
pub(crate) struct Connection {
    stream: TcpStream,
    buffer: Vec<u8>,
}

/// A whole answer, borrowed from the connection's buffer.
#[derive(Debug)]
pub(crate) struct Answer<'a> {
    pub(crate) status: u16,
    head: &'a [u8],
    pub(crate) body: &'a [u8],
}

impl Answer<'_> {
    /// The value of a header, by its name in any case.
    pub(crate) fn header(&self, name: &str) -> Option<&str> {
        header(self.head, name)
    }

    /// Names and values of the cookies it sets.
    pub(crate) fn cookies(&self) -> impl Iterator<Item = (String, String)> {
        let lines = str::from_utf8(self.head).unwrap_or_default().split("\r\n");
        let values = lines.filter_map(|line| {
            let (key, value) = line.split_once(':')?;
            key.eq_ignore_ascii_case("set-cookie").then_some(value)
        });
        values.filter_map(|value| {
            let (name, value) = value.split(';').next()?.split_once('=')?;
            Some((name.trim().to_owned(), value.trim().to_owned()))
        })
    }

    /// Whether the body holds this text.
    pub(crate) fn holds(&self, marker: &str) -> bool {
        memmem::find(self.body, marker.as_bytes()).is_some()
    }

    /// The beginning of the answer, for an error message.
    pub(crate) fn beginning(&self) -> String {
        let body = String::from_utf8_lossy(self.body);
        format!("{} {}", self.status, body.chars().take(300).collect::<String>())
    }
}

/// Where the head ends and how the body's length is told.
struct Frame {
    head: usize,
    status: u16,
    length: Length,
}

enum Length {
    Bytes(usize),
    Chunks,
}

impl Connection {
    /// Connects; refuses any address outside the loopback range.
    pub(crate) async fn open(address: SocketAddr) -> Result<Self, String> {
        if !address.ip().is_loopback() {
            return Err(format!("{address} is not an address of this machine"));
        }
        let stream = TcpStream::connect(address).await.map_err(|e| format!("{address}: {e}"))?;
        stream.set_nodelay(true).map_err(|e| e.to_string())?;
        Ok(Self { stream, buffer: Vec::with_capacity(64 * 1024) })
    }

    /// Sends one request and reads the whole answer.
    pub(crate) async fn ask(&mut self, request: &[u8]) -> Result<Answer<'_>, String> {
        self.stream.write_all(request).await.map_err(|e| format!("sending: {e}"))?;
        self.buffer.clear();
        let frame = loop {
            if let Some(end) = memmem::find(&self.buffer, b"\r\n\r\n") {
                break frame(&self.buffer[..end + 4])?;
            }
            self.more().await?;
        };
        let body_end = match frame.length {
            Length::Bytes(length) => {
                while self.buffer.len() < frame.head + length {
                    self.more().await?;
                }
                frame.head + length
            }
            Length::Chunks => {
                while !self.buffer.ends_with(b"0\r\n\r\n") {
                    self.more().await?;
                }
                self.buffer.len()
            }
        };
        let (head, rest) = self.buffer.split_at(frame.head);
        Ok(Answer { status: frame.status, head, body: &rest[..body_end - frame.head] })
    }

    async fn more(&mut self) -> Result<(), String> {
        let read = self.stream.read_buf(&mut self.buffer).await.map_err(|e| format!("reading: {e}"))?;
        match read {
            0 => Err("the server closed the connection".to_owned()),
            _ if self.buffer.len() > MOST => Err(format!("an answer of more than {MOST} bytes")),
            _ => Ok(()),
        }
    }
}

fn header<'a>(head: &'a [u8], name: &str) -> Option<&'a str> {
    let text = str::from_utf8(head).ok()?;
    let lines = text.split("\r\n").skip(1);
    let mut pairs = lines.filter_map(|line| line.split_once(':'));
    pairs.find(|(key, _)| key.eq_ignore_ascii_case(name)).map(|(_, value)| value.trim())
}

fn frame(head: &[u8]) -> Result<Frame, String> {
    let not_http = || format!("not an answer: {}", String::from_utf8_lossy(&head[..head.len().min(80)]));
    let status = head.strip_prefix(b"HTTP/1.1 ").and_then(|rest| rest.get(..3)).ok_or_else(not_http)?;
    let status: u16 = str::from_utf8(status).ok().and_then(|text| text.parse().ok()).ok_or_else(not_http)?;
    let length = match header(head, "content-length").map(str::parse) {
        Some(Ok(length)) => Length::Bytes(length),
        Some(Err(_)) => return Err(not_http()),
        None if header(head, "transfer-encoding") == Some("chunked") => Length::Chunks,
        None => Length::Bytes(0),
    };
    Ok(Frame { head: head.len(), status, length })
}

#[cfg(test)]
mod tests {
    use super::*;
    use tokio::net::TcpListener;

    /// Answers one connection with these pieces, with a pause between them.
    async fn server(pieces: &'static [&'static str]) -> SocketAddr {
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let address = listener.local_addr().unwrap();
        tokio::spawn(async move {
            let (mut stream, _) = listener.accept().await.unwrap();
            stream.read_exact(&mut [0; 18]).await.unwrap();
            for piece in pieces {
                stream.write_all(piece.as_bytes()).await.unwrap();
                tokio::time::sleep(std::time::Duration::from_millis(5)).await;
            }
        });
        address
    }

    #[tokio::test]
    async fn an_answer_in_pieces_is_read_whole() {
        let address =
            server(&["HTTP/1.1 303 See Other\r\nLocation: /me\r\nContent-", "Length: 5\r\n\r\nhe", "llo"])
                .await;
        let mut connection = Connection::open(address).await.unwrap();
        let answer = connection.ask(b"GET / HTTP/1.1\r\n\r\n").await.unwrap();
        assert_eq!((answer.status, answer.header("location")), (303, Some("/me")));
        assert!(answer.holds("hello") && !answer.holds("hello!"));
    }

    #[tokio::test]
    async fn chunks_are_read_to_their_end() {
        let address =
            server(&["HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n3\r\nabc\r\n", "0\r\n\r\n"]).await;
        let mut connection = Connection::open(address).await.unwrap();
        assert!(connection.ask(b"GET / HTTP/1.1\r\n\r\n").await.unwrap().holds("abc"));
    }

    #[tokio::test]
    async fn a_cut_answer_is_an_error() {
        let address = server(&["HTTP/1.1 200 OK\r\nContent-Length: 50\r\n\r\nshort"]).await;
        let mut connection = Connection::open(address).await.unwrap();
        let error = connection.ask(b"GET / HTTP/1.1\r\n\r\n").await.unwrap_err();
        assert!(error.contains("closed"), "{error}");
    }

    #[tokio::test]
    async fn an_address_of_another_machine_is_refused() {
        let error = Connection::open("192.0.2.1:80".parse().unwrap()).await.err().unwrap();
        assert!(error.contains("not an address of this machine"), "{error}");
    }
}
