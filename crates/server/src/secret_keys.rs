//! The keys that encrypt secrets in the database. They come from a setting, or from a file in the data
//! folder that the first start creates; the database never has them.

use std::{
    fs,
    io::{self, Write as _},
    path::{Path, PathBuf},
};

use base64::{Engine as _, engine::general_purpose::STANDARD};
use caunoi_domain::locale::Locale;
use caunoi_domain::secret::{EncryptedSecret, SecretCipher, SecretError, SecretKeyId, VERSION};
use caunoi_texts::OperatorText;
use ring::{
    aead::{Aad, CHACHA20_POLY1305, LessSafeKey, NONCE_LEN, Nonce, UnboundKey},
    hkdf,
};

use crate::{Settings, StartError, data_folder};

const FILE: &str = "secret-key";

/// The keys, the current one first.
#[derive(Debug)]
pub(crate) struct SecretKeys(Vec<SecretKey>);

#[derive(Debug)]
struct SecretKey {
    id: SecretKeyId,
    key: LessSafeKey,
}

impl SecretKeys {
    /// Reads the keys of these settings: those of `secret_key`, or the file in the data folder, which
    /// is created if it is missing. On PostgreSQL there are none if it cannot be created.
    ///
    /// # Errors
    /// Returns `StartError::Keys` if the file cannot be used.
    pub(crate) fn load(settings: &Settings) -> Result<Self, StartError> {
        if let Some(text) = &settings.secret_key {
            let named = |why| StartError::Keys { path: PathBuf::from("secret_key"), why: Box::new(why) };
            return Self::parse(text).map_err(named);
        }
        let data_dir = &settings.data_dir;
        let path = data_dir.join(FILE);
        let folder = data_folder::create(data_dir).map_err(|error| OperatorText::system(&error));
        match folder.and_then(|()| make(&path)).and_then(|()| read(&path)) {
            Ok(keys) => Ok(keys),
            // A server on PostgreSQL needs no data folder unless it has webhooks or files.
            Err(why) if settings.database_url.is_some() && !path.exists() => {
                let (path, why) = (path.display(), why.text(Locale::En));
                tracing::warn!(%path, why, "no secret_key is set and none can be created: webhooks cannot be created");
                Ok(Self(Vec::new()))
            }
            Err(why) => Err(StartError::Keys { path, why: Box::new(why) }),
        }
    }

    /// Parses keys of 32 bytes in Base64, separated by white space or commas.
    ///
    /// # Errors
    /// Returns the form if there is no key or one has another form. The text is not quoted.
    pub(crate) fn parse(text: &str) -> Result<Self, OperatorText> {
        let words = text.split(|c: char| c.is_whitespace() || c == ',').filter(|word| !word.is_empty());
        let keys: Option<Vec<SecretKey>> = words.map(parse_key).collect();
        keys.filter(|keys| !keys.is_empty()).map(Self).ok_or(OperatorText::NotASecretKey)
    }

    fn find(&self, id: SecretKeyId) -> Option<&SecretKey> {
        self.0.iter().find(|key| key.id == id)
    }
}

impl SecretCipher for SecretKeys {
    fn encrypt(&self, plain: &[u8; 32], context: &str) -> Result<EncryptedSecret, SecretError> {
        let current = self.0.first().ok_or(SecretError::NoKeys)?;
        // 96 random bits are safe for 2^32 secrets under one key.
        let mut nonce = [0; NONCE_LEN];
        getrandom::fill(&mut nonce).map_err(|_| SecretError::NoRandom)?;
        let mut encrypted = plain.to_vec();
        let aad = Aad::from(context.as_bytes());
        current
            .key
            .seal_in_place_append_tag(Nonce::assume_unique_for_key(nonce), aad, &mut encrypted)
            .map_err(|_| SecretError::Damaged)?;
        let bytes = [&[VERSION], current.id.0.as_slice(), &nonce, &encrypted].concat();
        Ok(EncryptedSecret::from_bytes(bytes))
    }

    fn decrypt(&self, secret: &EncryptedSecret, context: &str) -> Result<[u8; 32], SecretError> {
        let (id, rest) = secret.parts().ok_or(SecretError::Damaged)?;
        let key = self.find(id).ok_or(SecretError::UnknownKey(id))?;
        let (nonce, encrypted) = rest.split_first_chunk::<NONCE_LEN>().ok_or(SecretError::Damaged)?;
        let mut buffer = encrypted.to_vec();
        let nonce = Nonce::assume_unique_for_key(*nonce);
        let plain = key.key.open_in_place(nonce, Aad::from(context.as_bytes()), &mut buffer);
        plain.ok().and_then(|plain| (&*plain).try_into().ok()).ok_or(SecretError::Damaged)
    }

    fn key_ids(&self) -> Vec<SecretKeyId> {
        self.0.iter().map(|key| key.id).collect()
    }
}

/// Derives the id and the cipher's key from a key of 32 bytes, so that the id reveals nothing of it.
fn parse_key(text: &str) -> Option<SecretKey> {
    let bytes = STANDARD.decode(text).ok().filter(|bytes| bytes.len() == 32)?;
    let root = hkdf::Salt::new(hkdf::HKDF_SHA256, b"caunoi secret key").extract(&bytes);
    let key = UnboundKey::from(root.expand(&[b"encryption"], &CHACHA20_POLY1305).ok()?);
    let mut id = [0; 32];
    root.expand(&[b"id"], hkdf::HKDF_SHA256).ok()?.fill(&mut id).ok()?;
    Some(SecretKey { id: SecretKeyId(*id.first_chunk()?), key: LessSafeKey::new(key) })
}

/// Creates the file with mode 0600 if it is missing; of two concurrent processes, one creates it.
fn make(path: &Path) -> Result<(), OperatorText> {
    if path.exists() {
        return Ok(());
    }
    let mut key = [0; 32];
    getrandom::fill(&mut key).map_err(|error| OperatorText::system(&error))?;
    let write = || -> io::Result<()> {
        let folder = path.parent().unwrap_or(Path::new("."));
        let mut file = tempfile::NamedTempFile::new_in(folder)?;
        writeln!(file, "{}", STANDARD.encode(key))?;
        file.as_file().sync_all()?;
        match file.persist_noclobber(path) {
            Err(refused) if refused.error.kind() != io::ErrorKind::AlreadyExists => Err(refused.error),
            Ok(_) | Err(_) => Ok(()),
        }
    };
    write().map_err(|error| OperatorText::system(&error))
}

fn read(path: &Path) -> Result<SecretKeys, OperatorText> {
    if data_folder::is_open_to_others(path).map_err(|error| OperatorText::system(&error))? {
        return Err(OperatorText::KeyOpenToOthers);
    }
    SecretKeys::parse(&fs::read_to_string(path).map_err(|error| OperatorText::system(&error))?)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn keys(bytes: &[u8]) -> SecretKeys {
        let words: Vec<String> = bytes.iter().map(|byte| STANDARD.encode([*byte; 32])).collect();
        SecretKeys::parse(&words.join("\n")).unwrap()
    }

    #[test]
    fn secret_is_decrypted_with_its_key_in_its_context_only() {
        let [one, two, both] = [keys(&[1]), keys(&[2]), keys(&[2, 1])];
        let secret = one.encrypt(&[7; 32], "webhook wh_1").unwrap();
        assert_eq!(secret.bytes().len(), 69);
        assert_ne!(one.encrypt(&[7; 32], "webhook wh_1").unwrap(), secret);
        assert_eq!(one.decrypt(&secret, "webhook wh_1"), Ok([7; 32]));
        assert_eq!(both.decrypt(&secret, "webhook wh_1"), Ok([7; 32]));
        assert_eq!(one.decrypt(&secret, "webhook wh_2"), Err(SecretError::Damaged));
        assert_eq!(two.decrypt(&secret, "webhook wh_1"), Err(SecretError::UnknownKey(one.key_ids()[0])));
        for at in 0..secret.bytes().len() {
            let mut changed = secret.bytes().to_vec();
            changed[at] ^= 1;
            let changed = one.decrypt(&EncryptedSecret::from_bytes(changed), "webhook wh_1");
            assert!(changed.is_err(), "byte {at}");
        }
        assert_eq!(both.encrypt(&[7; 32], "x").unwrap().parts().unwrap().0, two.key_ids()[0]);
    }

    #[test]
    fn keys_have_32_bytes_in_base64() {
        let key = STANDARD.encode([1; 32]);
        assert_eq!(SecretKeys::parse(&format!(" {key},\n{key} ")).unwrap().0.len(), 2);
        for bad in ["", " \n", "secret", &STANDARD.encode([1; 31]), &format!("{key} x")] {
            assert_eq!(SecretKeys::parse(bad).unwrap_err(), OperatorText::NotASecretKey, "{bad}");
        }
    }

    #[test]
    fn missing_file_is_created_once_for_its_owner_only() {
        let folder = tempfile::tempdir().unwrap();
        let settings = Settings { data_dir: folder.path().join("data"), ..Settings::default() };
        let first = SecretKeys::load(&settings).unwrap().key_ids();
        assert_eq!(SecretKeys::load(&settings).unwrap().key_ids(), first);
        #[cfg(unix)]
        {
            use std::os::unix::fs::PermissionsExt as _;
            let path = settings.data_dir.join(FILE);
            assert_eq!(fs::metadata(&path).unwrap().permissions().mode() & 0o777, 0o600);
            fs::set_permissions(&path, fs::Permissions::from_mode(0o644)).unwrap();
            let refused = SecretKeys::load(&settings).unwrap_err().to_string();
            assert!(refused.contains("chmod 600"), "{refused}");
        }
        let given = Settings { secret_key: Some(STANDARD.encode([9; 32])), ..settings };
        assert_ne!(SecretKeys::load(&given).unwrap().key_ids(), first);
    }
}
