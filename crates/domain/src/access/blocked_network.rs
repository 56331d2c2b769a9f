//! Networks whose requests are refused.

use ipnet::IpNet;
use serde::{Deserialize, Serialize};

/// A blocked network.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct BlockedNetwork {
    /// The network.
    pub network: IpNet,
    /// The time at which the block ends by itself, in microseconds since 1970; None if it does not.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub until_us: Option<i64>,
    /// The reason that the steward gave.
    pub reason: String,
}
