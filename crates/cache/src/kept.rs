//! One answer that may be given again.

use crate::memo::Weigh;
use bytes::Bytes;
use caunoi_domain::answer::{AnswerKey, Basis};
use sha2::{Digest as _, Sha256};

/// The bytes of an answer, and the state that they were made from.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Kept {
    /// The whole body. Clones share it.
    pub body: Bytes,
    /// How long it holds.
    pub basis: Basis,
    /// Names the body: the same bytes have the same tag on every node.
    pub tag: Tag,
}

/// The beginning of the SHA-256 of a body; 128 bits tell any two apart.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Tag(u128);

impl Kept {
    /// An answer on a basis.
    #[must_use]
    pub fn new(body: Bytes, basis: Basis) -> Self {
        let tag = Tag::of(&body);
        Self { body, basis, tag }
    }
}

impl Tag {
    /// The tag of a body.
    #[must_use]
    pub fn of(body: &[u8]) -> Self {
        let hash: [u8; 32] = Sha256::digest(body).into();
        Self::of_bytes(hash.first_chunk().copied().unwrap_or_default())
    }

    pub(crate) const fn of_bytes(bytes: [u8; 16]) -> Self {
        Self(u128::from_be_bytes(bytes))
    }

    pub(crate) const fn to_bytes(self) -> [u8; 16] {
        self.0.to_be_bytes()
    }
}

impl std::fmt::Display for Tag {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "{:032x}", self.0)
    }
}

/// What the map itself and the count of references take, about.
const OVERHEAD: usize = 128;

impl Weigh<AnswerKey> for std::sync::Arc<Kept> {
    fn weight(&self, _key: &AnswerKey) -> usize {
        OVERHEAD + self.body.len() + self.basis.weight()
    }
}

/// A key that leads to another one.
impl Weigh<AnswerKey> for AnswerKey {
    fn weight(&self, _key: &AnswerKey) -> usize {
        OVERHEAD
    }
}
