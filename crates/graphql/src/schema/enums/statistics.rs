//! Enums of statistics.

use async_graphql::Enum;

/// The boundaries by which the entries of merged units are assigned to a unit.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Enum)]
#[graphql(remote = "caunoi_domain::statistics::Boundaries")]
pub(crate) enum Boundaries {
    /// Entries count under the unit that their unit was, or had become part of, on the `asOf` day.
    /// Without `asOf`, they count under the unit that they came from.
    AtTheTime,
    /// Entries count under the present-day province, including those of units merged into it.
    Today,
}

/// The length of the periods of a date bucket.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Enum)]
#[graphql(remote = "caunoi_domain::date::DateUnit")]
pub(crate) enum DateUnit {
    /// Calendar months, for example `2025-07`.
    Month,
    /// Quarters of a calendar year, for example `2025-Q3`.
    Quarter,
    /// Calendar years, for example `2025`.
    Year,
    /// Decades, for example `2020s` for 2020 to 2029.
    Decade,
}

/// A property to group or count entries by. An entry without a value is in no group; an entry with
/// several values is in the group of each.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Enum)]
#[graphql(remote = "caunoi_domain::statistics::GroupKey")]
pub(crate) enum GroupKey {
    /// The province that owns the entry today; with boundaries `AT_THE_TIME`, the unit that it
    /// counted under at that time. Entries of the ministry are in no group.
    Province,
    /// The administrative unit, under the boundaries given.
    Unit,
    /// The country of the partner, or of the place of an event.
    Country,
    /// The region of the world of that country, by UN M49.
    Region,
    /// The partner locality.
    Locality,
    /// The pillar of diplomacy.
    Pillar,
    /// A field of cooperation.
    Field,
    /// The form of an agreement.
    Form,
    /// The kind of an event or organization.
    Kind,
    /// The tier of a relation.
    Tier,
    /// The signing level of an agreement.
    SigningLevel,
    /// The status on the day reported on.
    Status,
    /// The administrative level of the partner locality.
    LocalityLevel,
    /// The stage of an organization on the day reported on.
    Stage,
    /// The direction of an event.
    Direction,
}

/// A quantity that can be summed.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Enum)]
#[graphql(remote = "caunoi_domain::statistics::QuantityKey")]
pub(crate) enum QuantityKey {
    /// The delegates at events. An entry that represents several events counts that many times.
    Delegates,
    /// The direct business connections made at events.
    Connections,
}

/// A date to group entries by.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Enum)]
#[graphql(remote = "caunoi_domain::statistics::BucketField")]
pub(crate) enum DateField {
    /// The date on which agreements were signed.
    SignedOn,
    /// The last day of the term of agreements.
    Expires,
    /// The date on which relations were established.
    Established,
    /// The date on which events were held.
    HeldOn,
    /// The day on which entries were first published.
    Published,
}

/// The basis of a figure.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Enum)]
#[graphql(remote = "caunoi_domain::figure::Basis")]
pub(crate) enum Basis {
    /// A source reports it as a fact.
    Reported,
    /// A source estimates it.
    Estimate,
    /// A plan sets it as a target.
    Target,
    /// The register counted it.
    Computed,
}
