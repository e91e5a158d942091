//! A server that does what it is told, byte by byte: answers are written by the tests, not by a library that would not lie.

use rcgen::{CertifiedKey, generate_simple_self_signed};
use rustls::pki_types::PrivateKeyDer;
use rustls::{ServerConfig, ServerConnection, StreamOwned};
use std::io::{BufRead, BufReader, Read, Write};
use std::net::{TcpListener, TcpStream};
use std::sync::{Arc, Mutex};
use std::thread;

/// A request as it came.
#[derive(Clone, Debug, Default)]
pub struct Request {
    /// With the query.
    pub path: String,
    /// Lines of the header, names in small letters.
    pub headers: Vec<(String, String)>,
}

impl Request {
    /// A header's value.
    pub fn header(&self, name: &str) -> Option<&str> {
        self.headers.iter().find(|(found, _)| found == name).map(|(_, value)| value.as_str())
    }
}

/// Where an answer is written. Errors are the client's going away, and end the answer.
pub trait Wire: Write {}
impl<W: Write> Wire for W {}

/// What a server does with a request; it is told how many came before.
pub type Answer = dyn Fn(&Request, usize, &mut dyn Wire) + Send + Sync;

/// A server on this machine, on a port of its own, for as long as the test runs.
pub struct Server {
    /// Its port.
    pub port: u16,
    seen: Arc<Mutex<Vec<Request>>>,
}

fn request(from: &mut dyn Read) -> Option<Request> {
    let mut lines = BufReader::new(from).lines();
    let path = lines.next()?.ok()?.split(' ').nth(1)?.to_owned();
    let mut headers = Vec::new();
    for line in lines {
        let line = line.ok()?;
        let Some((name, value)) = line.split_once(':') else { break };
        headers.push((name.to_ascii_lowercase(), value.trim().to_owned()));
    }
    Some(Request { path, headers })
}

impl Server {
    /// Over HTTP.
    pub fn new(answer: impl Fn(&Request, usize, &mut dyn Wire) + Send + Sync + 'static) -> Self {
        Self::start(None, Arc::new(answer))
    }

    /// Over HTTPS with a certificate of its own for `localhost`; returns it too, as PEM.
    pub fn with_certificate(answer: impl Fn(&Request, usize, &mut dyn Wire) + Send + Sync + 'static) -> (Self, String) {
        let CertifiedKey { cert, signing_key } =
            generate_simple_self_signed(["localhost".to_owned()]).expect("a certificate");
        let key = PrivateKeyDer::Pkcs8(signing_key.serialize_der().into());
        let config = ServerConfig::builder_with_provider(Arc::new(rustls::crypto::ring::default_provider()))
            .with_safe_default_protocol_versions()
            .expect("versions")
            .with_no_client_auth()
            .with_single_cert(vec![cert.der().clone()], key)
            .expect("a server's configuration");
        (Self::start(Some(Arc::new(config)), Arc::new(answer)), cert.pem())
    }

    fn start(tls: Option<Arc<ServerConfig>>, answer: Arc<Answer>) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").expect("a port");
        let port = listener.local_addr().expect("an address").port();
        let seen = Arc::new(Mutex::new(Vec::new()));
        let noted = Arc::clone(&seen);
        thread::spawn(move || {
            for stream in listener.incoming().flatten() {
                let (answer, noted, tls) = (Arc::clone(&answer), Arc::clone(&noted), tls.clone());
                thread::spawn(move || serve(stream, tls, &noted, &*answer));
            }
        });
        Self { port, seen }
    }

    /// An address of it.
    pub fn url(&self, path: &str) -> String {
        format!("http://127.0.0.1:{}{path}", self.port)
    }

    /// The requests so far.
    pub fn seen(&self) -> Vec<Request> {
        self.seen.lock().expect("the requests").clone()
    }
}

fn serve(mut stream: TcpStream, tls: Option<Arc<ServerConfig>>, noted: &Mutex<Vec<Request>>, answer: &Answer) {
    let note = |request: &Request| {
        let mut noted = noted.lock().expect("the requests");
        noted.push(request.clone());
        noted.len() - 1
    };
    match tls {
        None => {
            if let Some(request) = request(&mut stream) {
                answer(&request, note(&request), &mut stream);
            }
        }
        Some(config) => {
            let mut stream = StreamOwned::new(ServerConnection::new(config).expect("a connection"), stream);
            if let Some(request) = request(&mut stream) {
                answer(&request, note(&request), &mut stream);
                stream.conn.send_close_notify();
                let _ = stream.flush();
            }
        }
    }
}

/// Writes an answer with a status, lines of a header and a body of the length that it says it has.
pub fn reply(wire: &mut dyn Wire, status: &str, headers: &str, body: &[u8]) {
    let length = body.len();
    let head = format!("HTTP/1.1 {status}\r\nContent-Length: {length}\r\nConnection: close\r\n{headers}\r\n");
    let _ = wire.write_all(head.as_bytes()).and_then(|()| wire.write_all(body)).and_then(|()| wire.flush());
}

/// Writes a body as JSON.
pub fn json(wire: &mut dyn Wire, headers: &str, body: &str) {
    reply(wire, "200 OK", &format!("Content-Type: application/json\r\n{headers}"), body.as_bytes());
}

/// A feed of so many models as a server sends it.
pub fn feed(models: usize) -> String {
    let models: Vec<String> = (1..=models).map(model).collect();
    format!("{{\"data\": [{}]}}", models.join(","))
}

/// One of them.
pub fn model(number: usize) -> String {
    format!(
        "{{\"id\": \"acme/m{number}\", \"name\": \"Model {number}\", \"context_length\": 4096, \
          \"pricing\": {{\"prompt\": \"0.00000{number}\", \"completion\": \"0.00001\"}}}}"
    )
}
