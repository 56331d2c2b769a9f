//! The local key: signs tokens for servers that listen on loopback only.

use std::{
    fs,
    io::{self, Write as _},
    path::{Path, PathBuf},
};

use base64::{
    Engine as _,
    engine::general_purpose::{STANDARD, URL_SAFE_NO_PAD},
};
use caunoi_texts::OperatorText;
use ring::signature::{Ed25519KeyPair, KeyPair as _};
use serde_json::json;
use sha2::{Digest as _, Sha256};

use super::{grant::Grant, keys::KeySet};
use crate::{Settings, StartError, data_folder};

/// The `iss` of its tokens.
pub(super) const ISSUER: &str = "caunoi-local";
/// Maximum lifetime of its tokens: seven days.
pub(super) const MAX_LIFETIME_S: i64 = 7 * 24 * 3_600;

const FILE: &str = "local-key.pem";
const BEGIN: &str = "-----BEGIN PRIVATE KEY-----";
const END: &str = "-----END PRIVATE KEY-----";

/// The prefix of the 32 bytes of an Ed25519 key in PKCS#8 (RFC 8410, section 7).
pub(super) const PKCS8: [u8; 16] =
    [0x30, 0x2e, 0x02, 0x01, 0x00, 0x30, 0x05, 0x06, 0x03, 0x2b, 0x65, 0x70, 0x04, 0x22, 0x04, 0x20];

/// An Ed25519 key in PEM, the format of `openssl genpkey -algorithm ed25519`.
pub(super) struct LocalKey {
    id: String,
    key: Ed25519KeyPair,
    public: KeySet,
}

impl LocalKey {
    /// Reads the key of these settings; creates it if missing.
    pub(super) fn load(settings: &Settings) -> Result<Self, StartError> {
        if settings.auth.key_file.is_none() {
            let data_dir = &settings.data_dir;
            data_folder::create(data_dir)
                .map_err(|source| StartError::Folder { path: data_dir.clone(), source })?;
        }
        Self::open(&key_file(settings))
    }

    fn open(path: &Path) -> Result<Self, StartError> {
        make(path)
            .and_then(|()| read(path))
            .map_err(|why| StartError::Keys { path: path.to_owned(), why: Box::new(why) })
    }

    /// Returns the public key, which verifies its signatures.
    pub(super) fn public(self) -> KeySet {
        self.public
    }

    /// Returns a signed token for this grant, valid from now on.
    pub(super) fn issue(&self, settings: &Settings, grant: &Grant) -> String {
        let now_s = settings.clock.now_us().div_euclid(1_000_000);
        let mut claims = json!({
            "iss": ISSUER,
            "aud": settings.auth.audience,
            "sub": grant.name,
            "exp": now_s.saturating_add_unsigned(grant.lifetime.as_secs()),
            "nbf": now_s,
            "iat": now_s,
            "role": grant.role.to_string(),
        });
        if let Some(province) = &grant.province {
            claims["province"] = json!(province);
        }
        if grant.read_only {
            claims["scope"] = json!("read");
        }
        let header = json!({"typ": "JWT", "alg": "EdDSA", "kid": self.id}).to_string();
        let claims = claims.to_string();
        let message = format!("{}.{}", URL_SAFE_NO_PAD.encode(header), URL_SAFE_NO_PAD.encode(claims));
        let signature = URL_SAFE_NO_PAD.encode(self.key.sign(message.as_bytes()));
        format!("{message}.{signature}")
    }
}

/// Returns the path of the local key of these settings; the file may be missing.
pub(crate) fn key_file(settings: &Settings) -> PathBuf {
    settings.auth.key_file.clone().unwrap_or_else(|| settings.data_dir.join(FILE))
}

/// Creates the file atomically if it is missing; of two concurrent processes, one creates it.
fn make(path: &Path) -> Result<(), OperatorText> {
    if path.exists() {
        return Ok(());
    }
    let mut seed = [0; 32];
    getrandom::fill(&mut seed).map_err(|error| OperatorText::system(&error))?;
    let text = format!("{BEGIN}\n{}\n{END}\n", STANDARD.encode([&PKCS8[..], &seed].concat()));
    let write = || -> io::Result<()> {
        // Temporary files have mode 0600.
        let mut file = tempfile::NamedTempFile::new_in(folder_of(path))?;
        file.write_all(text.as_bytes())?;
        file.as_file().sync_all()?;
        match file.persist_noclobber(path) {
            Err(refused) if refused.error.kind() != io::ErrorKind::AlreadyExists => Err(refused.error),
            Ok(_) | Err(_) => Ok(()),
        }
    };
    write().map_err(|error| OperatorText::system(&error))
}

/// Returns the parent folder; `.` for a bare file name.
fn folder_of(path: &Path) -> &Path {
    path.parent().filter(|folder| !folder.as_os_str().is_empty()).unwrap_or(Path::new("."))
}

fn read(path: &Path) -> Result<LocalKey, OperatorText> {
    if data_folder::is_open_to_others(path).map_err(|error| OperatorText::system(&error))? {
        return Err(OperatorText::KeyOpenToOthers);
    }
    let text = fs::read_to_string(path).map_err(|error| OperatorText::system(&error))?;
    let flawed = || OperatorText::NotAnEd25519Pem;
    let armoured = text.trim().strip_prefix(BEGIN).and_then(|rest| rest.strip_suffix(END));
    let der = armoured.and_then(|base64| STANDARD.decode(base64.trim()).ok()).ok_or_else(flawed)?;
    // The file has no public key to compare: OpenSSL does not write it.
    let key = Ed25519KeyPair::from_pkcs8_maybe_unchecked(&der).map_err(|_| flawed())?;
    let public_key = key.public_key().as_ref();
    let id = thumbprint(public_key);
    let public = KeySet::from_ed25519(id.clone(), public_key);
    Ok(LocalKey { id, key, public })
}

/// Returns the thumbprint of an Ed25519 key (RFC 7638, RFC 8037).
pub(super) fn thumbprint(public_key: &[u8]) -> String {
    let x = URL_SAFE_NO_PAD.encode(public_key);
    URL_SAFE_NO_PAD.encode(Sha256::digest(format!(r#"{{"crv":"Ed25519","kty":"OKP","x":"{x}"}}"#)))
}
