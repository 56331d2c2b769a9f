//! What is counted, and how.

use async_graphql::Enum;

/// Under which boundaries a predecessor’s entries count.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Enum)]
#[graphql(remote = "caunoi_domain::statistics::Boundaries")]
pub(crate) enum Boundaries {
    /// The units of the day that was asked for; where no day was, the unit that each entry came from.
    AtTheTime,
    /// The units that live today, with all that they inherited.
    Today,
}

/// The width of a date bucket.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Enum)]
#[graphql(remote = "caunoi_domain::date::DateUnit")]
pub(crate) enum DateUnit {
    /// Calendar months.
    Month,
    /// Quarters of a calendar year.
    Quarter,
    /// Calendar years.
    Year,
    /// Decades: 2020 to 2029.
    Decade,
}

/// What entries are grouped or told apart by. An entry without a value is in no group; one with several values is in each of their groups.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Enum)]
#[graphql(remote = "caunoi_domain::statistics::GroupKey")]
pub(crate) enum GroupKey {
    /// The province that owns the entry today; under `AT_THE_TIME` the unit that it counted under then. The ministry’s own entries are left out.
    Province,
    /// The unit of administration, under the boundaries that were asked for.
    Unit,
    /// The partner’s country, or that of the place of an event.
    Country,
    /// The region of the world of that country (UN M49).
    Region,
    /// The partner locality.
    Locality,
    /// The pillar.
    Pillar,
    /// A field of cooperation.
    Field,
    /// The form of an agreement.
    Form,
    /// The kind of an event, organization or programme.
    Kind,
    /// The tier of a relation.
    Tier,
    /// The level of an agreement; `LEVEL` is that of the partner.
    AgreementLevel,
    /// The status on the day that was asked for.
    Status,
    /// The level of the partner locality.
    Level,
    /// The stage of an organization on the day that was asked for.
    Stage,
    /// Which way an event went.
    Direction,
}

/// A quantity that can be summed.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Enum)]
#[graphql(remote = "caunoi_domain::statistics::QuantityKey")]
pub(crate) enum QuantityKey {
    /// Delegates at events; an entry that stands for several counts as many times.
    Delegates,
    /// Direct connections made at events.
    Connections,
}

/// Which date makes the buckets.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Enum)]
#[graphql(remote = "caunoi_domain::statistics::BucketField")]
pub(crate) enum DateField {
    /// When agreements were signed.
    Signed,
    /// The last day of the term of agreements.
    Expires,
    /// When relations were established.
    Established,
    /// When events were held.
    Starts,
    /// When entries were published.
    Published,
}

/// What stands behind a figure.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Enum)]
#[graphql(remote = "caunoi_domain::figure::Basis")]
pub(crate) enum Basis {
    /// A source reports it as a fact.
    Reported,
    /// A source expects it.
    Estimate,
    /// A plan aims at it.
    Target,
    /// The register counted it.
    Computed,
}
