//! The stored format of a shared response: tag, dependencies and body, encrypted.

use crate::cached_response::{CachedResponse, Tag};
use bytes::Bytes;
use caunoi_domain::cache_key::CacheKey;
use caunoi_domain::cursor::InstallationKey;
use caunoi_domain::dependency::Dependencies;
use chacha20poly1305::XChaCha20Poly1305;
use chacha20poly1305::aead::{Aead as _, AeadInOut as _, KeyInit as _, Payload};

/// Bodies of at least this length are compressed: shorter ones fit into one packet anyway.
const MIN_COMPRESSED_BYTES: usize = 1_024;

/// Long enough for random nonces not to repeat (`XChaCha20`).
const NONCE_BYTES: usize = 24;

/// The Poly1305 authentication code at the end of a message.
const MAC_BYTES: usize = 16;

const PLAIN: u8 = 0;
const COMPRESSED: u8 = 1;

/// Encrypts and authenticates the responses of one register: some are visible to one province or
/// the ministry alone, and Redis knows no permissions.
pub(super) struct ResponseCipher(XChaCha20Poly1305);

impl ResponseCipher {
    pub(super) fn new(key: &InstallationKey) -> Self {
        Self(XChaCha20Poly1305::new(&key.derive_key(b"shared answers").into()))
    }

    /// Returns a response encrypted for this cache key alone; `None` if the system has no
    /// randomness.
    pub(super) fn encrypt(&self, key: &CacheKey, response: &CachedResponse) -> Option<Vec<u8>> {
        let mut content = response.tag.to_bytes().to_vec();
        response.dependencies.encode(&mut content);
        if response.body.len() < MIN_COMPRESSED_BYTES {
            content.push(PLAIN);
            content.extend_from_slice(&response.body);
        } else {
            content.push(COMPRESSED);
            content.extend_from_slice(&lz4_flex::compress_prepend_size(&response.body));
        }
        let mut nonce = [0; NONCE_BYTES];
        getrandom::fill(&mut nonce).ok()?;
        let message = Payload { msg: &content, aad: key.bytes() };
        let ciphertext = self.0.encrypt(&nonce.into(), message).ok()?;
        Some([nonce.as_slice(), &ciphertext].concat())
    }

    /// Returns the response of a key; `None` if this register did not encrypt it for that key.
    pub(super) fn decrypt(&self, key: &CacheKey, mut ciphertext: Vec<u8>) -> Option<CachedResponse> {
        let (nonce, rest) = ciphertext.split_first_chunk_mut::<NONCE_BYTES>()?;
        let (content, mac) = rest.split_last_chunk_mut::<MAC_BYTES>()?;
        // Only authenticated content is parsed: this register wrote it, so its lengths can be
        // trusted.
        let (nonce, mac) = (&*nonce, &*mac);
        self.0.decrypt_inout_detached(nonce.into(), key.bytes(), (&mut *content).into(), mac.into()).ok()?;
        let (tag, rest) = content.split_first_chunk()?;
        let (dependencies, rest) = Dependencies::decode(rest)?;
        let body = match rest.split_first()? {
            (&PLAIN, body) => Bytes::copy_from_slice(body),
            (&COMPRESSED, body) => lz4_flex::decompress_size_prepended(body).ok()?.into(),
            _ => return None,
        };
        Some(CachedResponse { body, dependencies, tag: Tag::from_bytes(*tag) })
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use caunoi_domain::cache_key::{CacheKeyHasher, CallerClass};
    use caunoi_domain::cursor::Epoch;
    use caunoi_domain::date::Day;
    use caunoi_domain::dependency::{ReadSet, RegisterState};
    use caunoi_domain::id::Log;
    use caunoi_domain::locale::Locale;
    use caunoi_domain::policy::Actor;
    use proptest::prelude::*;

    struct TestRegisterState;

    impl RegisterState for TestRegisterState {
        fn logs(&self) -> impl Iterator<Item = Log> {
            (0_i16..35).map(Log::new)
        }

        fn head(&self, log: Log) -> i64 {
            i64::from(log.number()) * 1_000_000
        }

        fn today(&self) -> Day {
            "2026-11-22".parse().unwrap()
        }
    }

    fn cache_key(text: &str) -> CacheKey {
        CacheKeyHasher::new(&[]).key(
            Epoch::new([0; 32]),
            CallerClass::of(&Actor::public(), Locale::Vi),
            &[text.as_bytes()],
        )
    }

    fn response(body: Vec<u8>) -> CachedResponse {
        let reads = ReadSet::default();
        reads.add_all_logs();
        reads.add_day();
        CachedResponse::new(body.into(), Dependencies::from_reads(&reads, &TestRegisterState).unwrap())
    }

    fn cipher(byte: u8) -> ResponseCipher {
        ResponseCipher::new(&InstallationKey::new([byte; 32]))
    }

    #[test]
    fn response_decrypts_for_its_key_and_register_only() {
        let response = response(b"{\"data\":{}}".repeat(1_000));
        let ciphertext = cipher(7).encrypt(&cache_key("a"), &response).unwrap();
        assert!(ciphertext.len() < response.body.len() / 10, "{}", ciphertext.len());
        let title_only = cipher(7).encrypt(&cache_key("a"), &self::response(b"a title".to_vec())).unwrap();
        assert!(
            !title_only.windows(7).any(|window| window == b"a title"),
            "the ciphertext contains the plain text"
        );
        assert_eq!(cipher(7).decrypt(&cache_key("a"), ciphertext.clone()), Some(response));
        assert_eq!(cipher(7).decrypt(&cache_key("b"), ciphertext.clone()), None);
        assert_eq!(cipher(8).decrypt(&cache_key("a"), ciphertext.clone()), None);
    }

    proptest! {
        #[test]
        fn changed_ciphertext_is_rejected(
            body in prop::collection::vec(any::<u8>(), 0..3_000),
            cut in 1_usize..100,
            (at, bit) in (any::<prop::sample::Index>(), 0_u32..8),
        ) {
            let response = response(body);
            let ciphertext = cipher(7).encrypt(&cache_key("a"), &response).unwrap();
            let decrypted = cipher(7).decrypt(&cache_key("a"), ciphertext.clone());
            prop_assert_eq!(decrypted.as_ref(), Some(&response));
            prop_assert_eq!(cipher(7).decrypt(&cache_key("a"), ciphertext[..ciphertext.len().saturating_sub(cut)].to_vec()), None);
            let mut flipped = ciphertext;
            let at = at.index(flipped.len());
            flipped[at] ^= 1 << bit;
            prop_assert_eq!(cipher(7).decrypt(&cache_key("a"), flipped), None);
        }

        #[test]
        fn random_bytes_are_rejected(junk in prop::collection::vec(any::<u8>(), 0..300)) {
            prop_assert_eq!(cipher(7).decrypt(&cache_key("a"), junk), None);
        }
    }
}
