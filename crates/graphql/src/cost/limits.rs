//! The cost limits of one operation.

use caunoi_domain::policy::Role;

/// The largest cost of one operation, by role.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct CostLimits {
    /// For the public and partners.
    pub public: u64,
    /// For clerks and publishers.
    pub province: u64,
    /// For analysts and stewards.
    pub ministry: u64,
}

impl Default for CostLimits {
    fn default() -> Self {
        Self { public: 2_000, province: 10_000, ministry: 50_000 }
    }
}

impl CostLimits {
    /// Returns the limit of a role.
    #[must_use]
    pub const fn of(self, role: Role) -> u64 {
        match role {
            Role::Public | Role::Partner => self.public,
            Role::Clerk | Role::Publisher => self.province,
            Role::Analyst | Role::Steward => self.ministry,
        }
    }
}
