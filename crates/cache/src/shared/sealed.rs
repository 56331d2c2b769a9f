//! The form of a shared answer: tag, basis and body, encrypted.

use crate::kept::{Kept, Tag};
use bytes::Bytes;
use caunoi_domain::answer::{AnswerKey, Basis};
use caunoi_domain::cursor::SealingKey;
use chacha20poly1305::XChaCha20Poly1305;
use chacha20poly1305::aead::{Aead as _, AeadInPlace as _, KeyInit as _, Payload};

/// Bodies at least this long are compressed: shorter ones fit into one packet anyway.
const COMPRESSED_FROM: usize = 1_024;

/// So many that random ones never meet.
const NONCE_BYTES: usize = 24;

/// The authentication code at the end of a message.
const MAC_BYTES: usize = 16;

const PLAIN: u8 = 0;
const COMPRESSED: u8 = 1;

/// Encrypts and seals the answers of one register. What a province or the ministry alone may see
/// lies in Redis as well, which knows no rights.
pub(super) struct Cipher(XChaCha20Poly1305);

impl Cipher {
    pub(super) fn new(key: &SealingKey) -> Self {
        Self(XChaCha20Poly1305::new(&key.derive(b"shared answers").into()))
    }

    /// Writes an answer down, for its question alone; none where the machine gives no randomness.
    pub(super) fn seal(&self, question: &AnswerKey, kept: &Kept) -> Option<Vec<u8>> {
        let mut content = kept.tag.to_bytes().to_vec();
        kept.basis.write(&mut content);
        if kept.body.len() < COMPRESSED_FROM {
            content.push(PLAIN);
            content.extend_from_slice(&kept.body);
        } else {
            content.push(COMPRESSED);
            content.extend_from_slice(&lz4_flex::compress_prepend_size(&kept.body));
        }
        let mut nonce = [0; NONCE_BYTES];
        getrandom::fill(&mut nonce).ok()?;
        let message = Payload { msg: &content, aad: question.bytes() };
        let sealed = self.0.encrypt(&nonce.into(), message).ok()?;
        Some([nonce.as_slice(), &sealed].concat())
    }

    /// The answer to a question; none where this register did not seal it for that question.
    pub(super) fn open(&self, question: &AnswerKey, mut sealed: Vec<u8>) -> Option<Kept> {
        let (nonce, rest) = sealed.split_first_chunk_mut::<NONCE_BYTES>()?;
        let (content, mac) = rest.split_last_chunk_mut::<MAC_BYTES>()?;
        // Only what was sealed is read at all: it is ours, so its lengths can be believed.
        let (nonce, mac) = (&*nonce, &*mac);
        self.0.decrypt_in_place_detached(nonce.into(), question.bytes(), content, mac.into()).ok()?;
        let (tag, rest) = content.split_first_chunk()?;
        let (basis, rest) = Basis::read(rest)?;
        let body = match rest.split_first()? {
            (&PLAIN, body) => Bytes::copy_from_slice(body),
            (&COMPRESSED, body) => lz4_flex::decompress_size_prepended(body).ok()?.into(),
            _ => return None,
        };
        Some(Kept { body, basis, tag: Tag::of_bytes(*tag) })
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use caunoi_domain::answer::{Asker, KeyMaker, Reads, Standing};
    use caunoi_domain::cursor::Epoch;
    use caunoi_domain::date::Day;
    use caunoi_domain::id::Log;
    use caunoi_domain::locale::Locale;
    use caunoi_domain::policy::Actor;
    use proptest::prelude::*;

    struct State;

    impl Standing for State {
        fn logs(&self) -> impl Iterator<Item = Log> {
            (0_i16..35).map(Log::new)
        }

        fn at(&self, log: Log) -> i64 {
            i64::from(log.number()) * 1_000_000
        }

        fn today(&self) -> Day {
            "2026-11-22".parse().unwrap()
        }
    }

    fn question(text: &str) -> AnswerKey {
        KeyMaker::new(&[]).key(
            Epoch::new([0; 32]),
            Asker::of(&Actor::public(), Locale::Vi),
            &[text.as_bytes()],
        )
    }

    fn kept(body: Vec<u8>) -> Kept {
        let reads = Reads::default();
        reads.note_all();
        reads.note_day();
        Kept::new(body.into(), Basis::of(&reads, &State).unwrap())
    }

    fn cipher(byte: u8) -> Cipher {
        Cipher::new(&SealingKey::new([byte; 32]))
    }

    #[test]
    fn an_answer_opens_for_its_question_and_its_register_alone() {
        let kept = kept(b"{\"data\":{}}".repeat(1_000));
        let sealed = cipher(7).seal(&question("a"), &kept).unwrap();
        assert!(sealed.len() < kept.body.len() / 10, "{}", sealed.len());
        let in_clear = cipher(7).seal(&question("a"), &self::kept(b"a title".to_vec())).unwrap();
        assert!(!in_clear.windows(7).any(|window| window == b"a title"), "Redis can read it");
        assert_eq!(cipher(7).open(&question("a"), sealed.clone()), Some(kept));
        assert_eq!(cipher(7).open(&question("b"), sealed.clone()), None);
        assert_eq!(cipher(8).open(&question("a"), sealed.clone()), None);
    }

    proptest! {
        #[test]
        fn an_answer_comes_back_whole_or_not_at_all(
            body in prop::collection::vec(any::<u8>(), 0..3_000),
            cut in 1_usize..100,
            (at, bit) in (any::<prop::sample::Index>(), 0_u32..8),
        ) {
            let kept = kept(body);
            let sealed = cipher(7).seal(&question("a"), &kept).unwrap();
            let opened = cipher(7).open(&question("a"), sealed.clone());
            prop_assert_eq!(opened.as_ref(), Some(&kept));
            prop_assert_eq!(cipher(7).open(&question("a"), sealed[..sealed.len().saturating_sub(cut)].to_vec()), None);
            let mut flipped = sealed;
            let at = at.index(flipped.len());
            flipped[at] ^= 1 << bit;
            prop_assert_eq!(cipher(7).open(&question("a"), flipped), None);
        }

        #[test]
        fn junk_is_no_answer(junk in prop::collection::vec(any::<u8>(), 0..300)) {
            prop_assert_eq!(cipher(7).open(&question("a"), junk), None);
        }
    }
}
