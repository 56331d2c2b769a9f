//! The response cache, in the memory of this process and in Redis; the wake-ups that nodes send each
//! other through Redis, and the debts of rate-limited holders that they add up there.
//!
//! Nothing here is authoritative: all of it may be lost at any moment, and the register returns the
//! same responses without it, only later. No SQL, no GraphQL, no HTTP.
//!
//! Start reading at [`ResponseCache`] and [`WakeupChannel`].

mod bounded_cache;
mod cached_response;
mod redis_client;
mod response_cache;
mod shared_buckets;
mod shared_cache;
mod single_flight;
mod wakeups;

pub use bounded_cache::{BoundedCache, Weigh};
pub use cached_response::{CachedResponse, Tag};
pub use redis_client::{RedisClient, RedisUrlError};
pub use response_cache::{CacheConfig, ResponseCache};
pub use shared_buckets::SharedBuckets;
pub use shared_cache::SharedCache;
pub use single_flight::{FlightRole, SingleFlight};
pub use wakeups::WakeupChannel;
