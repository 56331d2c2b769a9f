//! Agreements and what happens to them.

use async_graphql::Enum;

/// The state of an agreement on a day; it follows from dated acts and the term.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Enum)]
#[graphql(remote = "caunoi_domain::status::AgreementStatus")]
pub(crate) enum AgreementStatus {
    /// Signed; its effect begins later.
    SignedNotInForce,
    /// In effect (còn hiệu lực).
    InForce,
    /// Its effect is paused.
    Suspended,
    /// Its term ran out (hết hiệu lực).
    Expired,
    /// Ended by an act.
    Terminated,
    /// One side left it.
    Withdrawn,
    /// Another document took its place.
    Superseded,
    /// The sources do not say; never counted as in force.
    Unknown,
}

/// At which level of government, or by whom else, an agreement was concluded.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Enum)]
#[graphql(remote = "caunoi_domain::agreement::AgreementLevel")]
pub(crate) enum AgreementLevel {
    /// The province (cấp tỉnh).
    Province,
    /// The people’s council (Hội đồng nhân dân).
    Council,
    /// A department of the province (sở, ngành).
    Department,
    /// A district (cấp huyện); there are none since 2025-07-01.
    District,
    /// A commune at a land border (cấp xã ở khu vực biên giới).
    BorderCommune,
    /// A body, such as a union of friendship organizations (tổ chức).
    Organization,
    /// A committee of the Party (cơ quan của Đảng).
    Party,
}

/// How an agreement takes effect (hình thức có hiệu lực).
#[derive(Debug, Clone, Copy, PartialEq, Eq, Enum)]
#[graphql(remote = "caunoi_domain::agreement::EntryIntoForce")]
pub(crate) enum EntryIntoForce {
    /// With its signature.
    OnSignature,
    /// Once the sides have notified each other.
    OnNotification,
    /// Once an authority has approved it.
    OnApproval,
    /// On a day that it names.
    OnDate,
    /// Otherwise.
    Other,
}

/// What can happen to an agreement.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Enum)]
#[graphql(remote = "caunoi_domain::agreement::ActKind")]
pub(crate) enum ActKind {
    /// It was signed.
    Sign,
    /// It took effect.
    EnterIntoForce,
    /// Its text was changed.
    Amend,
    /// Its term was prolonged.
    Extend,
    /// It was concluded anew.
    Renew,
    /// Its effect was paused.
    Suspend,
    /// Its effect goes on after a pause.
    Resume,
    /// One side left it.
    Withdraw,
    /// It was ended.
    Terminate,
    /// Its term ran out.
    Expire,
    /// Another document took its place.
    Supersede,
    /// A successor unit took it over.
    Succeed,
    /// An error of the register was mended.
    Correct,
}
