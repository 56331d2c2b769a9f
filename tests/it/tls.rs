//! TLS of the server itself: handshakes, certificates that change, and clients that do not speak it.

use std::fs;
use std::path::Path;
use std::sync::Arc;
use std::sync::atomic::{AtomicI64, Ordering};
use std::time::Duration;

use caunoi_domain::clock::Clock;
use caunoi_server::Settings;
use caunoi_server::http::TlsFiles;
use http_body_util::{BodyExt as _, Empty};
use hyper::body::Bytes;
use hyper::{Request, StatusCode};
use hyper_util::rt::{TokioExecutor, TokioIo};
use rcgen::CertifiedKey;
use tempfile::TempDir;
use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
use tokio::net::TcpStream;
use tokio_rustls::TlsConnector;
use tokio_rustls::client::TlsStream;
use tokio_rustls::rustls::crypto::ring;
use tokio_rustls::rustls::pki_types::{CertificateDer, ServerName};
use tokio_rustls::rustls::version::{TLS12, TLS13};
use tokio_rustls::rustls::{ClientConfig, RootCertStore, SupportedProtocolVersion};

use crate::harness::{Server, on_sqlite};

/// A clock that a test turns.
struct TurnedClock(AtomicI64);

impl Clock for TurnedClock {
    fn now_us(&self) -> i64 {
        self.0.load(Ordering::Relaxed)
    }
}

/// A certificate for `localhost` in a folder.
struct Identity {
    folder: TempDir,
    certificate: CertificateDer<'static>,
}

impl Identity {
    fn create() -> Self {
        let folder = tempfile::tempdir().expect("a folder");
        let certificate = write_identity(folder.path());
        Self { folder, certificate }
    }

    fn files(&self) -> TlsFiles {
        TlsFiles { certificate: self.folder.path().join("cert.pem"), key: self.folder.path().join("key.pem") }
    }

    /// Replaces both files by those of a new certificate.
    fn renew(&mut self) {
        self.certificate = write_identity(self.folder.path());
    }
}

fn write_identity(folder: &Path) -> CertificateDer<'static> {
    let CertifiedKey { cert, signing_key } =
        rcgen::generate_simple_self_signed(["localhost".to_owned()]).expect("a certificate");
    fs::write(folder.join("cert.pem"), cert.pem()).expect("a file");
    fs::write(folder.join("key.pem"), signing_key.serialize_pem()).expect("a file");
    cert.der().clone()
}

/// What a client offers.
struct Offer {
    versions: &'static [&'static SupportedProtocolVersion],
    protocol: &'static [u8],
}

const ONLY_1_2: &[&SupportedProtocolVersion] = &[&TLS12];
const ONLY_1_3: &[&SupportedProtocolVersion] = &[&TLS13];
const HTTP_1: Offer = Offer { versions: &[&TLS13, &TLS12], protocol: b"http/1.1" };

async fn plain(server: &Server) -> TcpStream {
    TcpStream::connect(server.url("").trim_start_matches("http://")).await.expect("a connection")
}

/// Opens a connection that trusts this certificate only.
async fn connect(
    server: &Server,
    trusted: &CertificateDer<'static>,
    offer: Offer,
) -> std::io::Result<TlsStream<TcpStream>> {
    let mut roots = RootCertStore::empty();
    roots.add(trusted.clone()).expect("a certificate");
    let mut config = ClientConfig::builder_with_provider(Arc::new(ring::default_provider()))
        .with_protocol_versions(offer.versions)
        .expect("versions")
        .with_root_certificates(roots)
        .with_no_client_auth();
    config.alpn_protocols = vec![offer.protocol.to_vec()];
    let name = ServerName::try_from("localhost").expect("a name");
    TlsConnector::from(Arc::new(config)).connect(name, plain(server).await).await
}

fn probe() -> Request<Empty<Bytes>> {
    let request = Request::get("https://localhost/livez").header("host", "localhost");
    request.body(Empty::new()).expect("a request")
}

/// Requests `/livez`, and returns the status and whether browsers are told to use TLS only.
async fn get(stream: TlsStream<TcpStream>) -> (StatusCode, bool) {
    let is_http_2 = stream.get_ref().1.alpn_protocol() == Some(b"h2");
    let io = TokioIo::new(stream);
    let response = if is_http_2 {
        let (mut send, connection) =
            hyper::client::conn::http2::handshake(TokioExecutor::new(), io).await.expect("HTTP/2");
        tokio::spawn(connection);
        send.send_request(probe()).await
    } else {
        let (mut send, connection) = hyper::client::conn::http1::handshake(io).await.expect("HTTP/1.1");
        tokio::spawn(connection);
        send.send_request(probe()).await
    };
    let response = response.expect("a response");
    let (status, is_strict) =
        (response.status(), response.headers().contains_key("strict-transport-security"));
    response.into_body().collect().await.expect("the whole body");
    (status, is_strict)
}

fn with_tls(mut settings: Settings, identity: &Identity) -> Settings {
    settings.tls = Some(identity.files());
    settings
}

#[tokio::test(flavor = "multi_thread")]
async fn clients_of_both_versions_and_protocols_are_served() {
    on_sqlite(|settings| async move {
        let identity = Identity::create();
        let server = Server::start(with_tls(settings, &identity)).await;
        for versions in [ONLY_1_2, ONLY_1_3] {
            for protocol in [&b"h2"[..], b"http/1.1"] {
                let stream = connect(&server, &identity.certificate, Offer { versions, protocol }).await;
                let stream = stream.expect("a handshake");
                assert_eq!(stream.get_ref().1.alpn_protocol(), Some(protocol));
                assert_eq!(get(stream).await, (StatusCode::OK, true));
            }
        }
        let other = Offer { versions: ONLY_1_3, protocol: b"spdy/3" };
        assert!(connect(&server, &identity.certificate, other).await.is_err());
        server.stop().await;
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn changed_files_are_used_and_broken_ones_are_not() {
    on_sqlite(|mut settings| async move {
        let clock = Arc::new(TurnedClock(AtomicI64::new(1_800_000_000_000_000)));
        settings.clock = Arc::clone(&clock) as Arc<dyn Clock>;
        let turn = |seconds: i64| clock.0.fetch_add(seconds * 1_000_000, Ordering::Relaxed);
        let mut identity = Identity::create();
        let first = identity.certificate.clone();
        let server = Server::start(with_tls(settings, &identity)).await;
        identity.renew();
        turn(3);
        assert!(
            connect(&server, &first, HTTP_1).await.is_ok(),
            "the files are not checked at every connection"
        );
        turn(1);
        assert!(connect(&server, &identity.certificate, HTTP_1).await.is_ok());
        assert!(connect(&server, &first, HTTP_1).await.is_err());
        let renewed = identity.certificate.clone();
        let files = identity.files();
        for broken in ["", "-----BEGIN CERTIFICATE-----\nAAAA\n-----END CERTIFICATE-----\n", "\u{0}"] {
            fs::write(&files.certificate, broken).expect("a file");
            turn(4);
            assert!(connect(&server, &renewed, HTTP_1).await.is_ok(), "{broken:?}");
        }
        // The certificate of another key, as between the writes of two files.
        let other = Identity::create();
        fs::copy(other.files().certificate, &files.certificate).expect("a file");
        turn(4);
        assert!(connect(&server, &renewed, HTTP_1).await.is_ok());
        fs::remove_file(&files.key).expect("a file");
        turn(4);
        assert!(connect(&server, &renewed, HTTP_1).await.is_ok());
        fs::copy(other.files().key, &files.key).expect("a file");
        turn(4);
        assert!(connect(&server, &other.certificate, HTTP_1).await.is_ok());
        server.stop().await;
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn plain_http_gets_an_error_in_json() {
    on_sqlite(|settings| async move {
        let identity = Identity::create();
        let server = Server::start(with_tls(settings, &identity)).await;
        let mut stream = plain(&server).await;
        stream.write_all(b"GET /livez HTTP/1.1\r\nhost: localhost\r\n\r\n").await.expect("a request");
        let mut answer = String::new();
        stream.read_to_string(&mut answer).await.expect("a response");
        let (head, body) = answer.split_once("\r\n\r\n").expect("a head");
        assert!(head.starts_with("HTTP/1.1 400 "), "{answer}");
        assert!(head.contains(&format!("content-length: {}", body.len())), "{answer}");
        let body: serde_json::Value = serde_json::from_str(body).expect("JSON");
        assert_eq!(body["errors"][0]["extensions"]["code"], "BAD_INPUT");
        assert_eq!(get(connect(&server, &identity.certificate, HTTP_1).await.expect("TLS")).await.0, 200);
        server.stop().await;
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn stalled_and_false_handshakes_are_closed() {
    on_sqlite(|mut settings| async move {
        let identity = Identity::create();
        settings.limits.head_timeout = Duration::from_millis(200);
        let server = Server::start(with_tls(settings, &identity)).await;
        // Nothing, the beginning of a handshake, and a record that is none.
        for sent in [&b""[..], &[22, 3, 1, 2, 0, 1], &[22, 3, 1, 0, 4, 255, 255, 255, 255]] {
            let mut stream = plain(&server).await;
            stream.write_all(sent).await.expect("bytes are sent");
            let mut rest = Vec::new();
            // The server closes the connection, with or without an alert.
            let _ = stream.read_to_end(&mut rest).await;
            assert!(rest.len() < 100, "{rest:?}");
        }
        server.stop().await;
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn unusable_files_prevent_the_start() {
    on_sqlite(|settings| async move {
        let (identity, other) = (Identity::create(), Identity::create());
        let good = identity.files();
        for (files, part) in [
            (TlsFiles { certificate: "no/such.pem".into(), ..good.clone() }, "no/such.pem"),
            (TlsFiles { key: "no/such.pem".into(), ..good.clone() }, "no/such.pem"),
            (TlsFiles { key: other.files().key, ..good.clone() }, "tls_key"),
            (TlsFiles { certificate: good.key.clone(), ..good.clone() }, "no certificate"),
            (TlsFiles { key: good.certificate.clone(), ..good.clone() }, "cert.pem"),
        ] {
            let refused =
                caunoi_server::start(Settings { tls: Some(files.clone()), ..settings.clone() }).await;
            let why = refused.err().unwrap_or_else(|| panic!("{files:?}")).to_string();
            assert!(why.contains(part), "{why}");
        }
    })
    .await;
}
