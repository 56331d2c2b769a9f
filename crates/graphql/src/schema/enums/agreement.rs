//! Enums of agreements and their acts.

use async_graphql::Enum;

/// The status of an agreement on a day, computed from its acts and its term.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Enum)]
#[graphql(remote = "caunoi_domain::status::AgreementStatus")]
pub(crate) enum AgreementStatus {
    /// It is signed and not yet in force.
    SignedNotInForce,
    /// It is in force (còn hiệu lực).
    InForce,
    /// It is suspended.
    Suspended,
    /// Its term has ended (hết hiệu lực).
    Expired,
    /// It was terminated.
    Terminated,
    /// One party has withdrawn from it.
    Withdrawn,
    /// Another document has replaced it.
    Superseded,
    /// The sources do not state the status. It does not count as in force.
    Unknown,
}

/// The level of government or the body that concluded an agreement.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Enum)]
#[graphql(remote = "caunoi_domain::agreement::SigningLevel")]
pub(crate) enum SigningLevel {
    /// The province (cấp tỉnh).
    Province,
    /// The people’s council (Hội đồng nhân dân).
    Council,
    /// A department of the province (sở, ngành).
    Department,
    /// A district (cấp huyện). Districts were abolished on 2025-07-01.
    District,
    /// A commune at a land border (cấp xã ở khu vực biên giới).
    BorderCommune,
    /// An organization, for example a union of friendship organizations (tổ chức).
    Organization,
    /// A committee of the Party (cơ quan của Đảng).
    Party,
}

/// The way in which an agreement takes effect (hình thức có hiệu lực).
#[derive(Debug, Clone, Copy, PartialEq, Eq, Enum)]
#[graphql(remote = "caunoi_domain::agreement::EntryIntoForce")]
pub(crate) enum EntryIntoForce {
    /// It takes effect on signature.
    OnSignature,
    /// It takes effect after the parties have notified each other.
    OnNotification,
    /// It takes effect after approval by an authority.
    OnApproval,
    /// It takes effect on a day stated in it.
    OnDate,
    /// It takes effect in another way.
    Other,
}

/// The kind of a dated act of an agreement.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Enum)]
#[graphql(remote = "caunoi_domain::agreement::ActKind")]
pub(crate) enum ActKind {
    /// It was signed.
    Sign,
    /// It entered into force.
    EnterIntoForce,
    /// Its text was amended.
    Amend,
    /// Its term was extended.
    Extend,
    /// It was renewed for a new term.
    Renew,
    /// It was suspended.
    Suspend,
    /// It was resumed after a suspension.
    Resume,
    /// One party withdrew from it.
    Withdraw,
    /// It was terminated.
    Terminate,
    /// Its term ended.
    Expire,
    /// Another document replaced it.
    Supersede,
    /// A successor unit took it over after a merger of units.
    Succeed,
    /// An error in the register was corrected. The agreement itself did not change.
    Correct,
}
