//! Quotas of writers: how much one author, and one province, may write in an hour or in a day.
//!
//! The log keeps every version for ever, so the disk fills by writes, whether or not their entries remain:
//! quotas count writes and their bytes. A period is a whole hour or day of the log's clock
//! ([`crate::log_clock`]); at its end the quota is full again.

use crate::lifecycle::Action;
use crate::policy::{Permit, Role};
use crate::quota_kind::QuotaKind;
use crate::validation::Reason;

const MINUTE_US: i64 = 60 * 1_000_000;

/// The most idempotency keys of one author in a day. Keys are stored for two days, so an author has
/// at most three times as many.
pub const MOST_KEYS_PER_DAY: i64 = 20_000;
/// The maximum size of the content of one entry, in bytes of its canonical text.
pub const MOST_CONTENT_BYTES: usize = 256 * 1_024;

/// The limits of the quotas. Bytes of an author's hour are an eighth of those of the day of a
/// province, so one author never takes the quota of all others.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct WriteLimits {
    /// New entries and proposals of one author in an hour.
    pub drafts_per_hour: u32,
    /// Other writes of one author in an hour.
    pub changes_per_hour: u32,
    /// Writes of one author of the ministry in an hour, new entries or not.
    pub ministry_writes_per_hour: u32,
    /// Bytes that a province writes into its log in a day.
    pub province_bytes_per_day: u64,
    /// Bytes of the files that a province uploads in a day.
    pub upload_bytes_per_day: u64,
}

impl Default for WriteLimits {
    fn default() -> Self {
        Self {
            drafts_per_hour: 600,
            changes_per_hour: 3_000,
            ministry_writes_per_hour: 10_000,
            province_bytes_per_day: 256 << 20,
            upload_bytes_per_day: 2 << 30,
        }
    }
}

/// A use of a quota by one command.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Charge {
    /// The quota.
    pub kind: QuotaKind,
    /// The amount that the command uses, in the unit of the kind.
    pub amount: i64,
    /// The amount that the period allows.
    pub limit: i64,
}

impl Charge {
    /// Returns the charge for the bytes of an uploaded file.
    #[must_use]
    pub fn of_upload(limits: &WriteLimits, bytes: i32) -> Self {
        let amount = kilobytes(u64::try_from(bytes).unwrap_or(0));
        Self { kind: QuotaKind::UploadKilobytes, amount, limit: kilobytes(limits.upload_bytes_per_day) }
    }

    /// Checks the amount that the period has with this charge.
    ///
    /// # Errors
    /// `QuotaExceeded` if it is more than the limit.
    pub fn check(self, used: i64, time_us: i64) -> Result<(), Reason> {
        if used <= self.limit {
            return Ok(());
        }
        let rest_us = self.kind.period_us() - time_us.rem_euclid(self.kind.period_us());
        Err(Reason::QuotaExceeded {
            quota: self.kind,
            limit: self.limit,
            used: used - self.amount,
            minutes: rest_us.div_euclid(MINUTE_US) + 1,
        })
    }
}

/// Returns the charges of a command that writes `bytes` into the log.
#[must_use]
pub fn charges(limits: &WriteLimits, permit: &Permit, bytes: u64, has_key: bool) -> Vec<Charge> {
    let is_ministry = match permit.role() {
        Role::Steward | Role::Analyst => true,
        Role::Public | Role::Partner | Role::Clerk | Role::Publisher => false,
    };
    let creates = matches!(permit.action(), Action::Create | Action::Propose);
    let kind = if creates { QuotaKind::Drafts } else { QuotaKind::Changes };
    let writes = match (is_ministry, creates) {
        (true, _) => limits.ministry_writes_per_hour,
        (false, true) => limits.drafts_per_hour,
        (false, false) => limits.changes_per_hour,
    };
    let day = limits.province_bytes_per_day;
    let mut charges = vec![
        Charge { kind, amount: 1, limit: i64::from(writes) },
        Charge { kind: QuotaKind::AuthorKilobytes, amount: kilobytes(bytes), limit: kilobytes(day / 8) },
    ];
    // Writes of the ministry in the log of a province do not count for the province.
    if !is_ministry {
        let kind = QuotaKind::ProvinceKilobytes;
        charges.push(Charge { kind, amount: kilobytes(bytes), limit: kilobytes(day) });
    }
    if has_key {
        charges.push(Charge { kind: QuotaKind::Keys, amount: 1, limit: MOST_KEYS_PER_DAY });
    }
    charges
}

/// Returns a number of bytes in kilobytes of 1,024 bytes, rounded up.
fn kilobytes(bytes: u64) -> i64 {
    i64::try_from(bytes.div_ceil(1_024)).unwrap_or(i64::MAX)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::id::Log;
    use crate::policy::Actor;

    const HOUR_US: i64 = 3_600 * 1_000_000;

    fn permit(role: Role, action: Action) -> Permit {
        let home = (role == Role::Clerk).then(|| Log::new(3));
        let actor = Actor::new(role, "a", home, true).unwrap();
        actor.permit(action, home.unwrap_or(Log::MINISTRY)).unwrap()
    }

    fn kinds(permit: &Permit, has_key: bool) -> Vec<(QuotaKind, i64)> {
        let charges = charges(&WriteLimits::default(), permit, 2_049, has_key);
        charges.into_iter().map(|charge| (charge.kind, charge.amount)).collect()
    }

    #[test]
    fn command_is_charged_to_its_author_and_province() {
        use QuotaKind::{AuthorKilobytes, Changes, Drafts, Keys, ProvinceKilobytes};
        let clerk = permit(Role::Clerk, Action::Create);
        assert_eq!(kinds(&clerk, false), [(Drafts, 1), (AuthorKilobytes, 3), (ProvinceKilobytes, 3)]);
        let clerk = permit(Role::Clerk, Action::Update);
        assert_eq!(
            kinds(&clerk, true),
            [(Changes, 1), (AuthorKilobytes, 3), (ProvinceKilobytes, 3), (Keys, 1)]
        );
        let steward = permit(Role::Steward, Action::Maintain);
        assert_eq!(kinds(&steward, false), [(Changes, 1), (AuthorKilobytes, 3)]);
    }

    #[test]
    fn quota_is_exceeded_beyond_its_limit_until_the_period_ends() {
        let charge = Charge { kind: QuotaKind::Drafts, amount: 1, limit: 600 };
        assert_eq!(charge.check(600, 0), Ok(()));
        let refused =
            |minutes| Err(Reason::QuotaExceeded { quota: QuotaKind::Drafts, limit: 600, used: 600, minutes });
        assert_eq!(charge.check(601, 7 * HOUR_US), refused(61));
        assert_eq!(charge.check(601, 8 * HOUR_US - 1), refused(1));
        assert_eq!(charge.check(601, 7 * HOUR_US + 30 * MINUTE_US), refused(31));
    }

    #[test]
    fn one_author_cannot_use_the_day_of_a_province_in_an_hour() {
        let limits = WriteLimits::default();
        let clerk = charges(&limits, &permit(Role::Clerk, Action::Create), 0, false);
        let limit = |kind| clerk.iter().find(|charge| charge.kind == kind).unwrap().limit;
        assert_eq!(limit(QuotaKind::AuthorKilobytes) * 8, limit(QuotaKind::ProvinceKilobytes));
    }
}
