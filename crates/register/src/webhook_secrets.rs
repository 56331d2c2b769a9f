//! The secrets of webhooks: encryption, decryption, signatures, and the change of keys.

use crate::Register;
use crate::error::Error;
use caunoi_domain::secret::{EncryptedSecret, SecretCipher, SecretError, SecretKeyId};
use caunoi_domain::webhook::Webhook;
use caunoi_domain::webhook::signature::{Secret, sign_all};
use caunoi_store::{DatabaseLocation, Store, StoreError, StoredSecrets};
use std::collections::BTreeMap;
use std::sync::Arc;

/// The webhooks that one statement reads.
const PAGE: u64 = 100;
/// What the value has encrypted by which nodes compare their keys, and its context.
const KEY_CHECK: ([u8; 32], &str) = ([0; 32], "secret key");

/// How many secrets of webhooks are encrypted with each key.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct SecretUse {
    /// The number of secrets by key.
    pub by_key: BTreeMap<SecretKeyId, usize>,
    /// The number of secrets in plain.
    pub plain: usize,
    /// The ids of webhooks with a secret that cannot be decrypted, each with the cause.
    pub unreadable: Vec<(String, SecretError)>,
    /// The key of the value by which nodes compare their keys, if it is missing.
    pub missing_key: Option<SecretKeyId>,
}

/// Why secrets cannot be used or changed.
#[derive(Debug)]
pub enum KeyProblem {
    /// The database has secrets that are encrypted with a key that is missing.
    Missing(SecretKeyId),
    /// The database does not respond, or the system gave no random bytes.
    Register(Error),
}

impl From<StoreError> for KeyProblem {
    fn from(error: StoreError) -> Self {
        Self::Register(error.into())
    }
}

impl Register {
    /// Sets the cipher of secrets, checks that it has the keys of the database, and encrypts the
    /// secrets that an earlier release stored in plain. Returns their number.
    ///
    /// # Errors
    /// Returns the key that is missing, or an error if the database does not respond.
    pub async fn set_cipher(&mut self, cipher: Arc<dyn SecretCipher>) -> Result<usize, KeyProblem> {
        let found = count_use(&self.store, cipher.as_ref()).await?;
        let unknown = found.by_key.keys().find(|key| !cipher.key_ids().contains(key)).copied();
        if let Some(key) = found.missing_key.or(unknown) {
            return Err(KeyProblem::Missing(key));
        }
        for (webhook, error) in &found.unreadable {
            tracing::error!(webhook, %error, "the secret of a webhook cannot be decrypted");
        }
        let plain = if found.plain == 0 || cipher.key_ids().is_empty() {
            0
        } else {
            reencrypt(&self.store, cipher.as_ref(), |secret| secret.plain().is_some()).await?
        };
        self.cipher = Some(cipher);
        Ok(plain)
    }

    /// Encrypts the secret of a webhook. With the first one of the database the key becomes that of
    /// all nodes.
    pub(crate) async fn encrypt_secret(
        &self,
        webhook: &str,
        secret: &Secret,
    ) -> Result<EncryptedSecret, Error> {
        let cipher = self.cipher.as_deref().ok_or(SecretError::NoKeys).map_err(broken)?;
        let check = cipher.encrypt(&KEY_CHECK.0, KEY_CHECK.1).map_err(broken)?;
        let check = self.check_write(self.store.insert_key_check(&check).await)?;
        cipher.decrypt(&check, KEY_CHECK.1).map_err(broken)?;
        cipher.encrypt(secret.bytes(), &Webhook::secret_context(webhook)).map_err(broken)
    }

    /// Returns the value of the signature header of a request of a webhook at this time: the
    /// signature of the secret, and of the previous one while it signs too and can be decrypted.
    ///
    /// # Errors
    /// Returns why the secret cannot be decrypted.
    pub fn sign_delivery(
        &self,
        webhook: &Webhook,
        message: &str,
        at_us: i64,
        body: &[u8],
    ) -> Result<String, SecretError> {
        let cipher = self.cipher.as_deref().ok_or(SecretError::NoKeys)?;
        let decrypt = |secret| decrypt(cipher, &webhook.id, secret).map(Secret::new);
        let mut secrets = vec![decrypt(&webhook.secret)?];
        secrets.extend(webhook.former_at(at_us).and_then(|former| decrypt(former).ok()));
        Ok(sign_all(&secrets, message, at_us, body))
    }
}

/// Returns how many secrets of a database are encrypted with each key; safe while a server runs.
///
/// # Errors
/// Returns an error if the database does not respond.
pub async fn secret_use(place: &DatabaseLocation, cipher: &dyn SecretCipher) -> Result<SecretUse, Error> {
    let store = Store::open(place).await?;
    let found = count_use(&store, cipher).await;
    store.close().await;
    Ok(found?)
}

/// Encrypts with the current key all secrets of a database that have another one, each webhook in a
/// transaction of its own, so an interrupted run continues with the next. Returns the number of
/// changed webhooks. Secrets that cannot be decrypted are left.
///
/// # Errors
/// Returns an error if the database does not respond, or the key of other nodes is missing.
pub async fn reencrypt_secrets(
    place: &DatabaseLocation,
    cipher: &dyn SecretCipher,
) -> Result<usize, KeyProblem> {
    let store = Store::open(place).await?;
    let changed = reencrypt_all(&store, cipher).await;
    store.close().await;
    changed
}

async fn reencrypt_all(store: &Store, cipher: &dyn SecretCipher) -> Result<usize, KeyProblem> {
    let current = current_key(cipher)?;
    if let Some(check) = store.find_key_check().await? {
        if let Err(SecretError::UnknownKey(key)) = cipher.decrypt(&check, KEY_CHECK.1) {
            return Err(KeyProblem::Missing(key));
        }
        if check.is_outdated(current) {
            let check = cipher.encrypt(&KEY_CHECK.0, KEY_CHECK.1).map_err(problem)?;
            store.replace_key_check(&check).await?;
        }
    }
    reencrypt(store, cipher, |secret| secret.is_outdated(current)).await
}

/// Encrypts the secrets again that `is_due` selects, and returns the number of changed webhooks.
async fn reencrypt(
    store: &Store,
    cipher: &dyn SecretCipher,
    is_due: impl Fn(&EncryptedSecret) -> bool,
) -> Result<usize, KeyProblem> {
    let (mut changed, mut after) = (0, String::new());
    loop {
        let page = store.webhook_secrets(&after, PAGE).await?;
        let Some(last) = page.last() else { return Ok(changed) };
        after.clone_from(&last.id);
        for old in page {
            let renew = |secret: &EncryptedSecret| match decrypt(cipher, &old.id, secret) {
                Ok(plain) if is_due(secret) => cipher.encrypt(&plain, &Webhook::secret_context(&old.id)),
                Ok(_) | Err(_) => Ok(secret.clone()),
            };
            let secret = renew(&old.secret).map_err(problem)?;
            let former = old.former.as_ref().map(renew).transpose().map_err(problem)?;
            let new = StoredSecrets { id: old.id.clone(), secret, former };
            if new != old && store.replace_webhook_secrets(&old, &new).await? {
                changed += 1;
            }
        }
    }
}

async fn count_use(store: &Store, cipher: &dyn SecretCipher) -> Result<SecretUse, StoreError> {
    let mut found = SecretUse::default();
    if let Some(check) = store.find_key_check().await?
        && let Err(SecretError::UnknownKey(key)) = cipher.decrypt(&check, KEY_CHECK.1)
    {
        found.missing_key = Some(key);
    }
    let mut after = String::new();
    loop {
        let page = store.webhook_secrets(&after, PAGE).await?;
        let Some(last) = page.last() else { return Ok(found) };
        after.clone_from(&last.id);
        for StoredSecrets { id, secret, former } in page {
            for secret in std::iter::once(secret).chain(former) {
                match secret.parts() {
                    Some((key, _)) => *found.by_key.entry(key).or_default() += 1,
                    None => found.plain += usize::from(secret.plain().is_some()),
                }
                if let Err(error) = decrypt(cipher, &id, &secret) {
                    found.unreadable.push((id.clone(), error));
                }
            }
        }
    }
}

/// Decrypts a secret of a webhook; one that an earlier release stored in plain is returned as it is.
fn decrypt(
    cipher: &dyn SecretCipher,
    webhook: &str,
    secret: &EncryptedSecret,
) -> Result<[u8; 32], SecretError> {
    match secret.plain() {
        Some(plain) => Ok(*plain),
        None => cipher.decrypt(secret, &Webhook::secret_context(webhook)),
    }
}

fn current_key(cipher: &dyn SecretCipher) -> Result<SecretKeyId, KeyProblem> {
    cipher.key_ids().first().copied().ok_or(SecretError::NoKeys).map_err(problem)
}

fn problem(error: SecretError) -> KeyProblem {
    KeyProblem::Register(broken(error))
}

fn broken(error: SecretError) -> Error {
    Error::Broken(StoreError::Corrupt {
        table: "webhook",
        column: "secret",
        id: "new".to_owned(),
        why: error.to_string(),
    })
}
