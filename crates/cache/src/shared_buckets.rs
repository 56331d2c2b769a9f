//! The debts of rate-limited holders, added up over all nodes in Redis.
//!
//! A node sends what its holders have spent since the last exchange and receives their debts on all
//! nodes. Redis alone measures the time between exchanges, so clocks of nodes may differ. A key is
//! the MAC of a holder under a secret of the register: Redis has no names and no addresses. It
//! expires when its debt is paid. If Redis fails, each node goes on with the debts it knows.

use crate::redis_client::{RedisClient, RedisUrlError};
use caunoi_domain::cursor::InstallationKey;
use caunoi_domain::rate_limit::{MAX_DEBT_US, RateHolder, UnsharedDebt};
use redis::RedisError;
use redis::aio::ConnectionManager;
use std::fmt::Write as _;
use std::time::Duration;
use tokio::time;

/// Time-out of one exchange; no request waits for it.
const TIMEOUT: Duration = Duration::from_millis(200);
/// The most holders of one command: others are served by Redis between two commands.
const HOLDERS_PER_COMMAND: usize = 500;

/// Adds the debts of the arguments to those of the keys and returns the sums, in microseconds. The
/// value of a key is the time at which its debt is paid. A key that is absent, because its debt was
/// paid or Redis has lost it, begins with the whole debt that the node knows, so that an emptied
/// Redis frees no debtor.
const SCRIPT: &str = r"
local time = redis.call('TIME')
local now = time[1] * 1000000 + time[2]
local most = tonumber(ARGV[1])
local debts = {}
for number, key in ipairs(KEYS) do
  local added, known = tonumber(ARGV[2 * number]), tonumber(ARGV[2 * number + 1])
  local paid_at = tonumber(redis.call('GET', key) or '')
  local debt = known
  if paid_at and paid_at > now then debt = math.min(paid_at - now, most) + added end
  debt = math.max(math.min(debt, most), 0)
  if debt > 0 then
    redis.call('SET', key, string.format('%.0f', now + debt), 'PX', math.ceil(debt / 1000))
  else
    redis.call('DEL', key)
  end
  debts[number] = debt
end
return debts
";

/// The debts of all nodes of one register.
pub struct SharedBuckets {
    redis: RedisClient,
    connection: ConnectionManager,
    key: InstallationKey,
}

impl SharedBuckets {
    /// Creates the debts in this Redis; `key` is the secret of the register.
    ///
    /// # Errors
    /// Returns `RedisUrlError` if the connection cannot be configured. No connection is made here.
    pub fn new(redis: &RedisClient, key: &InstallationKey) -> Result<Self, RedisUrlError> {
        Ok(Self { redis: redis.clone(), connection: redis.connect(TIMEOUT)?, key: key.clone() })
    }

    /// Adds these debts. Returns for each of them, in the same order, the debt of its holder on all
    /// nodes in microseconds; `None` for those that could not be exchanged.
    pub async fn exchange(&self, debts: &[UnsharedDebt]) -> Vec<Option<u64>> {
        let mut sums = Vec::with_capacity(debts.len());
        for part in debts.chunks(HOLDERS_PER_COMMAND) {
            match self.run(part).await {
                Ok(found) if found.len() == part.len() => {
                    self.redis.record_success();
                    sums.extend(found.into_iter().map(Some));
                }
                Ok(_) => break,
                Err(error) => {
                    // An error reply shows that Redis is reachable.
                    if error.is_io_error() || error.is_timeout() || error.is_connection_dropped() {
                        self.redis.record_failure(&error);
                    }
                    break;
                }
            }
        }
        sums.resize(debts.len(), None);
        sums
    }

    async fn run(&self, debts: &[UnsharedDebt]) -> Result<Vec<u64>, RedisError> {
        let mut command = redis::cmd("EVAL");
        command.arg(SCRIPT).arg(debts.len());
        for debt in debts {
            command.arg(self.redis_key(&debt.holder));
        }
        command.arg(MAX_DEBT_US);
        for debt in debts {
            command.arg(debt.added_us).arg(debt.debt_us);
        }
        let mut connection = self.connection.clone();
        let late = || Err(std::io::Error::from(std::io::ErrorKind::TimedOut).into());
        let sums = time::timeout(TIMEOUT, command.query_async(&mut connection)).await;
        sums.unwrap_or_else(|_| late())
    }

    /// Returns the name of a holder in Redis, which reveals neither name nor address.
    fn redis_key(&self, holder: &RateHolder) -> String {
        let mac = self.key.derive_key(&[b"rate limit of ", holder.to_bytes().as_slice()].concat());
        let mut name = self.redis.key_for("rate:");
        for byte in &mac[..16] {
            // Writing to a text never fails.
            let _ = write!(name, "{byte:02x}");
        }
        name
    }
}

impl std::fmt::Debug for SharedBuckets {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("SharedBuckets").field("redis", &self.redis).finish_non_exhaustive()
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use caunoi_domain::policy::{Actor, Role};
    use caunoi_domain::rate_limit::Payer;

    #[tokio::test]
    async fn keys_in_redis_reveal_no_name_and_no_address() {
        let redis = RedisClient::new("redis://127.0.0.1:1", "register").unwrap();
        let shared = SharedBuckets::new(&redis, &InstallationKey::new([7; 32])).unwrap();
        let actor = Actor::new(Role::Partner, "partner-of-the-press", None, false).unwrap();
        let person = Payer::of(&actor, None).unwrap();
        let stranger = Payer::of_address("192.0.2.77".parse().unwrap());
        let keys = [&person, &stranger].map(|payer| shared.redis_key(payer.widest_holder()));
        assert_ne!(keys[0], keys[1]);
        for key in keys {
            let mac = key.strip_prefix("caunoi:register:rate:").unwrap();
            assert!(mac.len() == 32 && mac.bytes().all(|byte| byte.is_ascii_hexdigit()), "{key}");
        }
    }
}
