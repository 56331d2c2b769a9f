//! The cache of responses, in the memory of this process and in Redis.

use crate::bounded_cache::BoundedCache;
use crate::cached_response::CachedResponse;
use crate::shared_cache::SharedCache;
use caunoi_domain::cache_key::CacheKey;
use caunoi_domain::dependency::Dependencies;
use caunoi_metrics::{CacheLevel, ResponseSource};
use std::sync::Arc;
use std::time::Duration;
use tracing::Instrument as _;

/// Estimated size of a response; it only sizes the tables of the cache.
const TYPICAL_RESPONSE_BYTES: u64 = 4 * 1_024;
/// One part in this many of the memory maps request keys to cache keys.
const REQUEST_KEY_SHARE: u64 = 16;

/// Limits of the response cache.
#[derive(Debug, Clone, Copy)]
pub struct CacheConfig {
    /// Capacity in this process in bytes; 0 disables the local cache.
    pub bytes: u64,
    /// Responses that took at least this long to compute are shared. A Redis command costs about
    /// 0.2 ms of this process and a round trip, so sharing pays for counts and searches; a list by
    /// key is computed as fast as it is fetched.
    pub min_shared_duration: Duration,
    /// Time-out of one Redis command; after it the response is computed.
    pub redis_timeout: Duration,
}

impl Default for CacheConfig {
    fn default() -> Self {
        Self {
            bytes: 64 * 1_024 * 1_024,
            min_shared_duration: Duration::from_millis(1),
            redis_timeout: Duration::from_millis(50),
        }
    }
}

/// The cached responses. Each lookup checks that the dependencies of the response still hold.
#[derive(Debug)]
pub struct ResponseCache {
    config: CacheConfig,
    local: Option<LocalCache>,
    shared: Option<Arc<SharedCache>>,
}

#[derive(Debug)]
struct LocalCache {
    responses: BoundedCache<CacheKey, Arc<CachedResponse>>,
    /// The cache key of each request key. A cache key is that of a prepared query; a request key is
    /// that of the raw bytes of a request, which are known before anything is parsed.
    keys_by_request: BoundedCache<CacheKey, CacheKey>,
}

impl ResponseCache {
    /// Creates a cache with these limits; without `shared` it is local to this process.
    #[must_use]
    pub fn new(config: CacheConfig, shared: Option<SharedCache>) -> Self {
        let request_key_bytes = config.bytes / REQUEST_KEY_SHARE;
        let local = (config.bytes > 0).then(|| LocalCache {
            responses: BoundedCache::new(config.bytes - request_key_bytes, TYPICAL_RESPONSE_BYTES),
            keys_by_request: BoundedCache::new(request_key_bytes, 128),
        });
        Self { config, local, shared: shared.map(Arc::new) }
    }

    /// Returns the response to a byte-equal request, if it is cached here and still valid.
    #[must_use]
    pub fn find_by_request_key(
        &self,
        request_key: &CacheKey,
        holds: impl FnOnce(&Dependencies) -> bool,
    ) -> Option<Arc<CachedResponse>> {
        let local = self.local.as_ref()?;
        let response = local.responses.find(&local.keys_by_request.find(request_key)?)?;
        // An invalid one is counted as stale by the lookup with its cache key, which follows.
        holds(&response.dependencies).then(|| {
            caunoi_metrics::count_response(ResponseSource::Process);
            response
        })
    }

    /// Returns the response in this process, if it is still valid.
    #[must_use]
    pub fn find(
        &self,
        key: &CacheKey,
        holds: impl FnOnce(&Dependencies) -> bool,
    ) -> Option<Arc<CachedResponse>> {
        let response = self.local.as_ref()?.responses.find(key)?;
        if holds(&response.dependencies) {
            caunoi_metrics::count_response(ResponseSource::Process);
            return Some(response);
        }
        caunoi_metrics::count_stale_response(CacheLevel::Process);
        None
    }

    /// Returns the response in Redis, if it is still valid, and stores it in this process.
    pub async fn find_shared(
        &self,
        key: &CacheKey,
        holds: impl FnOnce(&Dependencies) -> bool,
    ) -> Option<Arc<CachedResponse>> {
        let response = self.shared.as_ref()?.find(key).await?;
        if holds(&response.dependencies) {
            caunoi_metrics::count_response(ResponseSource::Redis);
            let response = Arc::new(response);
            self.insert_local(*key, &response);
            return Some(response);
        }
        caunoi_metrics::count_stale_response(CacheLevel::Redis);
        None
    }

    /// Returns whether a response that took this long to compute is worth a Redis command; `None`
    /// means that its duration is not known yet, and returns `true`.
    #[must_use]
    pub fn is_worth_sharing(&self, took: Option<Duration>) -> bool {
        self.shared.is_some() && took.is_none_or(|took| took >= self.config.min_shared_duration)
    }

    /// Stores a response that took `took` to compute.
    pub fn insert(&self, key: CacheKey, response: &Arc<CachedResponse>, took: Duration) {
        self.insert_local(key, response);
        if self.is_worth_sharing(Some(took))
            && let Some(shared) = &self.shared
        {
            let (shared, response) = (Arc::clone(shared), Arc::clone(response));
            // The caller does not wait for Redis.
            tokio::spawn(async move { shared.insert(&key, &response).await }.in_current_span());
        }
    }

    /// Stores the cache key of a request key.
    pub fn insert_request_key(&self, request_key: CacheKey, key: CacheKey) {
        if let Some(local) = &self.local {
            local.keys_by_request.insert(request_key, key);
        }
    }

    fn insert_local(&self, key: CacheKey, response: &Arc<CachedResponse>) {
        let Some(local) = &self.local else { return };
        local.responses.insert(key, Arc::clone(response));
        let (entries, bytes) = local.responses.size();
        caunoi_metrics::set_cache_size(entries, bytes);
    }
}
