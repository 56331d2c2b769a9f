//! TLS of the public listener: the certificate and its key, read again when their files change.

use std::{fs, path::PathBuf, sync::Arc, time::SystemTime};

use caunoi_domain::clock::Clock;
use parking_lot::Mutex;
use tokio::io::{AsyncRead, AsyncWrite, AsyncWriteExt as _};
use tokio_rustls::{
    TlsAcceptor,
    rustls::{
        ServerConfig,
        crypto::ring,
        pki_types::{CertificateDer, PrivateKeyDer, pem, pem::PemObject as _},
    },
    server::TlsStream,
};

use crate::StartError;

/// Minimum interval between two checks of the files, in microseconds.
const CHECK_INTERVAL_US: u64 = 4_000_000;
/// The protocols that a client may choose, the preferred one first.
const PROTOCOLS: [&[u8]; 2] = [b"h2", b"http/1.1"];
/// The first byte of a handshake.
const HANDSHAKE: u8 = 22;
/// The response to plain HTTP. Its head is not read, so it is in both languages.
const PLAIN_HTTP: &str = "HTTP/1.1 400 Bad Request\r\ncontent-type: application/json; charset=utf-8\r\n\
    content-length: 140\r\nconnection: close\r\n\r\n";
const PLAIN_HTTP_BODY: &str = r#"{"errors":[{"message":"This port speaks HTTPS only. / Cổng này chỉ dùng HTTPS.","extensions":{"code":"BAD_INPUT","retryable":false}}]}"#;

/// The files of the settings, both in PEM form.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct TlsFiles {
    /// The certificate of the server, then those between it and the root.
    pub certificate: PathBuf,
    /// The private key of the certificate.
    pub key: PathBuf,
}

/// The certificate and key in use.
pub struct TlsIdentity {
    files: TlsFiles,
    clock: Arc<dyn Clock>,
    last: Mutex<LoadedIdentity>,
}

struct LoadedIdentity {
    checked_at_us: i64,
    stamps: [FileStamp; 2],
    acceptor: TlsAcceptor,
}

/// Modification time and size, to detect a change without reading the file; None if it is missing.
type FileStamp = Option<(Option<SystemTime>, u64)>;

/// Why a certificate and a key cannot be used. Not part of the contract: it becomes a text in
/// [`StartError::Tls`] or a log line.
#[derive(Debug, thiserror::Error)]
enum TlsError {
    #[error("{}: {source}", .path.display())]
    File { path: PathBuf, source: pem::Error },
    #[error("{}: it contains no certificate", .0.display())]
    NoCertificate(PathBuf),
    #[error("the certificate and the key of tls_key do not fit: {0}")]
    Unfit(#[from] tokio_rustls::rustls::Error),
}

impl TlsIdentity {
    /// Reads the files.
    ///
    /// # Errors
    /// Returns `StartError::Tls` if they cannot be read, are no PEM files, or do not fit each other.
    pub(crate) fn open(files: TlsFiles, clock: Arc<dyn Clock>) -> Result<Self, StartError> {
        // Before the contents: a change after this is detected at the next check.
        let stamps = stamps(&files);
        match read(&files) {
            Ok(acceptor) => {
                let last = LoadedIdentity { checked_at_us: clock.now_us(), stamps, acceptor };
                Ok(Self { files, clock, last: Mutex::new(last) })
            }
            Err(error) => Err(StartError::Tls { why: error.to_string() }),
        }
    }

    /// Returns the current acceptor. If a file is missing or invalid, it is the last valid one: the
    /// two files are never replaced at one instant.
    fn acceptor(&self) -> TlsAcceptor {
        let mut last = self.last.lock();
        let now_us = self.clock.now_us();
        if now_us.abs_diff(last.checked_at_us) >= CHECK_INTERVAL_US {
            last.checked_at_us = now_us;
            reload_if_changed(&self.files, &mut last);
        }
        last.acceptor.clone()
    }

    /// Performs the handshake; None if it fails. A client that speaks plain HTTP gets a response that
    /// says so.
    pub(super) async fn accept<T>(&self, mut stream: T, first_byte: u8) -> Option<TlsStream<T>>
    where
        T: AsyncRead + AsyncWrite + Unpin,
    {
        if first_byte != HANDSHAKE {
            // The client may have gone.
            let _ = stream.write_all(PLAIN_HTTP.as_bytes()).await;
            let _ = stream.write_all(PLAIN_HTTP_BODY.as_bytes()).await;
            let _ = stream.shutdown().await;
            return None;
        }
        match self.acceptor().accept(stream).await {
            Ok(stream) => Some(stream),
            Err(error) => {
                tracing::debug!(%error, "a TLS handshake failed");
                None
            }
        }
    }
}

impl std::fmt::Debug for TlsIdentity {
    fn fmt(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        formatter.debug_struct("TlsIdentity").field("files", &self.files).finish_non_exhaustive()
    }
}

fn reload_if_changed(files: &TlsFiles, last: &mut LoadedIdentity) {
    let stamps = stamps(files);
    if stamps == last.stamps {
        return;
    }
    match read(files) {
        Ok(acceptor) => {
            (last.stamps, last.acceptor) = (stamps, acceptor);
            tracing::info!(certificate = %files.certificate.display(), "reloaded the TLS certificate");
        }
        Err(error) => {
            tracing::error!(%error, "the TLS certificate or key is invalid; keeping the last one");
        }
    }
}

fn stamps(files: &TlsFiles) -> [FileStamp; 2] {
    [&files.certificate, &files.key].map(|path| {
        let metadata = fs::metadata(path).ok()?;
        Some((metadata.modified().ok(), metadata.len()))
    })
}

fn read(TlsFiles { certificate, key }: &TlsFiles) -> Result<TlsAcceptor, TlsError> {
    let unreadable = |path: &PathBuf| {
        let path = path.clone();
        move |source| TlsError::File { path, source }
    };
    let chain: Vec<CertificateDer<'static>> = CertificateDer::pem_file_iter(certificate)
        .and_then(Iterator::collect)
        .map_err(unreadable(certificate))?;
    if chain.is_empty() {
        return Err(TlsError::NoCertificate(certificate.clone()));
    }
    let key = PrivateKeyDer::from_pem_file(key).map_err(unreadable(key))?;
    // TLS 1.2 and 1.3, with the cipher suites of ring.
    let mut config = ServerConfig::builder_with_provider(Arc::new(ring::default_provider()))
        .with_safe_default_protocol_versions()?
        .with_no_client_auth()
        .with_single_cert(chain, key)?;
    config.alpn_protocols = PROTOCOLS.map(<[u8]>::to_vec).to_vec();
    Ok(TlsAcceptor::from(Arc::new(config)))
}
