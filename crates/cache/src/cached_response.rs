//! A response body in the cache.

use crate::bounded_cache::Weigh;
use bytes::Bytes;
use caunoi_domain::cache_key::CacheKey;
use caunoi_domain::dependency::Dependencies;
use sha2::{Digest as _, Sha256};

/// A response body and the state of the register that it depends on.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct CachedResponse {
    /// The whole body; clones share its memory.
    pub body: Bytes,
    /// The log positions and the day that the response depends on; it is valid while they hold.
    pub dependencies: Dependencies,
    /// Identifies the body: equal bytes have the same tag on every node.
    pub tag: Tag,
}

/// The first 128 bits of the SHA-256 of a body.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Tag(u128);

impl CachedResponse {
    /// Creates a cached response and computes its tag.
    #[must_use]
    pub fn new(body: Bytes, dependencies: Dependencies) -> Self {
        let tag = Tag::from_body(&body);
        Self { body, dependencies, tag }
    }
}

impl Tag {
    /// Computes the tag of a body.
    #[must_use]
    pub fn from_body(body: &[u8]) -> Self {
        let hash: [u8; 32] = Sha256::digest(body).into();
        Self::from_bytes(hash.first_chunk().copied().unwrap_or_default())
    }

    pub(crate) const fn from_bytes(bytes: [u8; 16]) -> Self {
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

/// Estimated bytes of a map entry and of the reference count.
const OVERHEAD: usize = 128;

impl Weigh<CacheKey> for std::sync::Arc<CachedResponse> {
    fn weight(&self, _key: &CacheKey) -> usize {
        OVERHEAD + self.body.len() + self.dependencies.size_bytes()
    }
}

/// A request key: a key whose value is the key of a response.
impl Weigh<CacheKey> for CacheKey {
    fn weight(&self, _key: &CacheKey) -> usize {
        OVERHEAD
    }
}
