//! The program tells a factory's own system, over the wire: what arrives is signed, and comes again when it was not taken.

#![expect(clippy::unwrap_used, reason = "a test fails by panicking")]

use std::collections::HashMap;
use std::io::{BufRead as _, BufReader, Read as _, Write as _};
use std::net::{TcpListener, TcpStream};
use std::os::unix::fs::PermissionsExt as _;
use std::path::Path;
use std::process::{Child, Command, Stdio};
use std::sync::mpsc::{self, Receiver};
use std::time::Duration;

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use ring::hmac;
use serde_json::{Value, json};

/// The factory of the packs built in.
const AGENCY: &str = "91990000MADEMX02XW";
const SECRET: &[u8] = b"thirty-two bytes for an example!";
/// Longer than the second try is away, and shorter than anybody waits.
const PATIENCE: Duration = Duration::from_secs(60);

fn shengshi(args: &[&str]) -> Command {
    let mut command = Command::new(env!("CARGO_BIN_EXE_shengshi"));
    command.args(args).stdin(Stdio::null());
    command
}

/// What came in one request.
struct Came {
    line: String,
    headers: HashMap<String, String>,
    body: Vec<u8>,
}

fn read(stream: &TcpStream) -> Came {
    let mut reader = BufReader::new(stream);
    let mut lines = Vec::new();
    loop {
        let mut line = String::new();
        reader.read_line(&mut line).unwrap();
        if line.trim().is_empty() {
            break;
        }
        lines.push(line.trim_end().to_owned());
    }
    let headers: HashMap<_, _> = lines[1..]
        .iter()
        .filter_map(|line| line.split_once(": "))
        .map(|(name, value)| (name.to_lowercase(), value.to_owned()))
        .collect();
    let mut body = vec![0; headers["content-length"].parse().unwrap()];
    reader.read_exact(&mut body).unwrap();
    Came { line: lines.remove(0), headers, body }
}

/// Listens, and answers one after the other with these statuses.
fn receiver(statuses: &'static [&'static str]) -> (String, Receiver<Came>) {
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    let place = format!("http://{}/hook", listener.local_addr().unwrap());
    let (sender, came) = mpsc::channel();
    std::thread::spawn(move || {
        for status in statuses {
            let (mut stream, _) = listener.accept().unwrap();
            let one = read(&stream);
            write!(stream, "HTTP/1.1 {status}\r\ncontent-length: 0\r\nconnection: close\r\n\r\n").unwrap();
            if sender.send(one).is_err() {
                return;
            }
        }
    });
    (place, came)
}

/// Ended with the test, however that ends.
struct Server(Child);

impl Drop for Server {
    fn drop(&mut self) {
        let _ = self.0.kill();
        let _ = self.0.wait();
    }
}

fn serve(data: &str, webhooks: &Path) -> (Server, String) {
    let webhooks = webhooks.to_str().unwrap();
    let listen = ["serve", "--listen", "127.0.0.1:0", "--public-url", "https://mes.example", "--data", data];
    let mut command = shengshi(&[&listen[..], &["--webhooks", webhooks]].concat());
    let mut server = command.stdout(Stdio::piped()).stderr(Stdio::null()).spawn().unwrap();
    let mut line = String::new();
    BufReader::new(server.stdout.take().unwrap()).read_line(&mut line).unwrap();
    let address = line.trim().strip_prefix("shengshi: http://").unwrap().to_owned();
    (Server(server), address)
}

fn credential(data: &str) -> String {
    let named =
        ["--organisation", AGENCY, "--organisation-name", "示例·远航电子科技有限公司", "--name", "示例·工位"];
    let said = shengshi(&[&["stations", "register", "--data", data][..], &named].concat()).output().unwrap();
    let said = String::from_utf8(said.stdout).unwrap();
    said.lines().find_map(|line| line.strip_prefix("credential: ")).unwrap().to_owned()
}

fn report(address: &str, credential: &str) -> Value {
    let finding = json!({"class": "open", "score": 0.999, "x": 1, "y": 2, "width": 3, "height": 4});
    let body = json!({
        "item": "ex-incoming-board", "serial": "B-1", "lot": "L-1", "recipe": "r", "judged": "ng", "score": 0.999,
        "model": "m", "findings": [finding], "test_picture": "ab".repeat(32), "template_picture": "cd".repeat(32),
    })
    .to_string();
    let mut stream = TcpStream::connect(address).unwrap();
    write!(
        stream,
        "POST /api/v1/stations/inspections HTTP/1.1\r\nhost: mes.example\r\nconnection: close\r\n\
         authorization: Bearer {credential}\r\ncontent-type: application/json\r\ncontent-length: {}\r\n\r\n{body}",
        body.len()
    )
    .unwrap();
    let mut answer = String::new();
    stream.read_to_string(&mut answer).unwrap();
    assert!(answer.starts_with("HTTP/1.1 201"), "{answer}");
    let body = &answer[answer.find('{').unwrap()..=answer.rfind('}').unwrap()];
    serde_json::from_str(body).unwrap()
}

#[test]
fn a_unit_is_told_over_the_wire_until_it_is_taken() {
    let folder = tempfile::tempdir().unwrap();
    let data = folder.path().join("data");
    let data = data.to_str().unwrap();
    let (place, came) = receiver(&["500 Oops", "204 No Content", "204 No Content"]);
    let secret = folder.path().join("mes.secret");
    std::fs::write(&secret, format!("whsec_{}\n", STANDARD.encode(SECRET))).unwrap();
    std::fs::set_permissions(&secret, std::fs::Permissions::from_mode(0o600)).unwrap();
    let webhooks = folder.path().join("webhooks.yaml");
    let said = json!({"webhooks": {AGENCY: {"url": place, "secret_file": "mes.secret", "private": true}}});
    std::fs::write(&webhooks, said.to_string()).unwrap();

    let (_server, address) = serve(data, &webhooks);
    let reported = report(&address, &credential(data));
    let first = came.recv_timeout(PATIENCE).unwrap();
    let second = came.recv_timeout(PATIENCE).unwrap();

    for one in [&first, &second] {
        assert_eq!(one.line, "POST /hook HTTP/1.1");
        assert_eq!(one.headers["content-type"], "application/json");
        let (id, at) = (&one.headers["webhook-id"], &one.headers["webhook-timestamp"]);
        let signed = [id.as_bytes(), b".", at.as_bytes(), b".", &one.body].concat();
        let sent = one.headers["webhook-signature"].strip_prefix("v1,").unwrap();
        let key = hmac::Key::new(hmac::HMAC_SHA256, SECRET);
        hmac::verify(&key, &signed, &STANDARD.decode(sent).unwrap()).unwrap();
    }
    assert_eq!(first.headers["webhook-id"], second.headers["webhook-id"]);
    assert_eq!(first.body, second.body, "each try says the same");
    let told: Value = serde_json::from_slice(&second.body).unwrap();
    assert_eq!(told["MessageName"], "CFX.Production.TestAndInspection.UnitsInspected");
    assert_eq!(told["MessageBody"]["TransactionId"], reported["case"]);
    assert_eq!(told["MessageBody"]["InspectedUnits"][0]["OverallResult"], "Failed");
    assert!(came.recv_timeout(Duration::from_secs(3)).is_err(), "taken once");
}
