//! By what an answer is found again.

use crate::cursor::Epoch;
use crate::id::Log;
use crate::locale::Locale;
use crate::policy::{Actor, Role};
use sha2::{Digest as _, Sha256};

/// Names one question of one class of askers to one state of program and database. Two that are
/// equal are the same question: nobody can make two texts with one SHA-256.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub struct AnswerKey([u8; 32]);

impl AnswerKey {
    /// The bytes.
    #[must_use]
    pub fn bytes(&self) -> &[u8; 32] {
        &self.0
    }
}

/// What all have in common who get the same answers. Everything of an [`Actor`] is part of it but
/// the name; answers that tell the name are one person's alone ([`super::Reads::note_person`]).
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub struct Asker {
    role: Role,
    province: Option<Log>,
    may_write: bool,
    locale: Locale,
}

impl Asker {
    /// The class of an actor who reads this language.
    #[must_use]
    pub fn of(actor: &Actor, locale: Locale) -> Self {
        Self { role: actor.role(), province: actor.province(), may_write: actor.may_write(), locale }
    }
}

/// Makes the keys of one program.
#[derive(Debug, Clone)]
pub struct KeyMaker(Sha256);

impl KeyMaker {
    /// For a program: what it answers, another one may answer otherwise.
    #[must_use]
    pub fn new(program: &[&str]) -> Self {
        let mut hash = Sha256::new();
        for part in program {
            absorb(&mut hash, part.as_bytes());
        }
        Self(hash)
    }

    /// The key of a question in these parts, asked in an epoch of the database: in another one the
    /// same positions may have other changes. Equal keys mean equal parts, one by one.
    #[must_use]
    pub fn key(&self, epoch: Epoch, asker: Asker, parts: &[&[u8]]) -> AnswerKey {
        let mut hash = self.0.clone();
        absorb(&mut hash, epoch.bytes());
        let province = asker.province.map_or(-1, Log::number).to_be_bytes();
        let class: [&[u8]; 4] = [
            <&str>::from(asker.role).as_bytes(),
            &province,
            &[u8::from(asker.may_write)],
            &[match asker.locale {
                Locale::Vi => 0,
                Locale::En => 1,
            }],
        ];
        for part in class.iter().chain(parts) {
            absorb(&mut hash, part);
        }
        AnswerKey(hash.finalize().into())
    }
}

/// Takes a part with its length, so that no two lists of parts read the same.
fn absorb(hash: &mut Sha256, part: &[u8]) {
    hash.update((part.len() as u64).to_be_bytes());
    hash.update(part);
}
