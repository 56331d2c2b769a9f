//! The form of a shared answer: basis, body, seal.

use crate::kept::Kept;
use bytes::Bytes;
use caunoi_domain::answer::{AnswerKey, Basis};
use caunoi_domain::cursor::SealingKey;

/// Bodies at least this long are compressed: shorter ones fit into one packet anyway.
const COMPRESSED_FROM: usize = 1_024;

const PLAIN: u8 = 0;
const COMPRESSED: u8 = 1;

/// Writes an answer down, sealed for its question.
pub(super) fn seal(key: &SealingKey, question: &AnswerKey, kept: &Kept) -> Vec<u8> {
    let mut out = Vec::new();
    kept.basis.write(&mut out);
    if kept.body.len() < COMPRESSED_FROM {
        out.push(PLAIN);
        out.extend_from_slice(&kept.body);
    } else {
        out.push(COMPRESSED);
        out.extend_from_slice(&lz4_flex::compress_prepend_size(&kept.body));
    }
    key.seal_bytes(&purpose(question), out)
}

/// The answer to a question; none where this register did not seal it for that question.
pub(super) fn open(key: &SealingKey, question: &AnswerKey, sealed: &[u8]) -> Option<Kept> {
    // Only what was sealed is read at all: it is ours, so its lengths can be believed.
    let content = key.open_bytes(&purpose(question), sealed)?;
    let (basis, rest) = Basis::read(content)?;
    let body = match rest.split_first()? {
        (&PLAIN, body) => Bytes::copy_from_slice(body),
        (&COMPRESSED, body) => lz4_flex::decompress_size_prepended(body).ok()?.into(),
        _ => return None,
    };
    Some(Kept::new(body, basis))
}

fn purpose(question: &AnswerKey) -> Vec<u8> {
    [b"answer ".as_slice(), question.bytes()].concat()
}

#[cfg(test)]
mod tests {
    use super::*;
    use caunoi_domain::answer::{Asker, KeyMaker, Reads, Standing};
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
        KeyMaker::new(b"", &[]).key(Asker::of(&Actor::public(), Locale::Vi), &[text.as_bytes()])
    }

    fn kept(body: Vec<u8>) -> Kept {
        let reads = Reads::default();
        reads.note_all();
        reads.note_day();
        Kept::new(body.into(), Basis::of(&reads, &State).unwrap())
    }

    const KEY: SealingKey = SealingKey::new([7; 32]);

    #[test]
    fn an_answer_opens_for_its_question_and_its_register_alone() {
        let kept = kept(b"{\"data\":{}}".repeat(1_000));
        let sealed = seal(&KEY, &question("a"), &kept);
        assert!(sealed.len() < kept.body.len() / 10, "{}", sealed.len());
        assert_eq!(open(&KEY, &question("a"), &sealed), Some(kept));
        assert_eq!(open(&KEY, &question("b"), &sealed), None);
        assert_eq!(open(&SealingKey::new([8; 32]), &question("a"), &sealed), None);
    }

    proptest! {
        #[test]
        fn an_answer_comes_back_whole_or_not_at_all(
            body in prop::collection::vec(any::<u8>(), 0..3_000),
            cut in 1_usize..100,
            (at, bit) in (any::<prop::sample::Index>(), 0_u32..8),
        ) {
            let kept = kept(body);
            let sealed = seal(&KEY, &question("a"), &kept);
            let opened = open(&KEY, &question("a"), &sealed);
            prop_assert_eq!(opened.as_ref(), Some(&kept));
            prop_assert_eq!(open(&KEY, &question("a"), &sealed[..sealed.len().saturating_sub(cut)]), None);
            let mut flipped = sealed;
            let at = at.index(flipped.len());
            flipped[at] ^= 1 << bit;
            prop_assert_eq!(open(&KEY, &question("a"), &flipped), None);
        }

        #[test]
        fn junk_is_no_answer(junk in prop::collection::vec(any::<u8>(), 0..300)) {
            prop_assert_eq!(open(&KEY, &question("a"), &junk), None);
        }
    }
}
