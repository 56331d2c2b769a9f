//! Values of group keys, and their codes in responses.

use crate::agreement::SigningLevel;
use crate::date::{DateUnit, Day};
use crate::directory::Directory;
use crate::entry::{CountryId, Direction, Pillar, TermId, UnitId};
use crate::id::Log;
use crate::organization::OrganizationStage;
use crate::place::{LocalityId, Region};
use crate::relation::RelationTier;
use crate::status::Status;
use std::borrow::Cow;
use strum::EnumMessage as _;

/// The value that the entries of a group share.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub enum GroupKeyValue {
    /// A province that exists today.
    Log(Log),
    /// A unit, former or current.
    Unit(UnitId),
    /// A country or territory.
    Country(CountryId),
    /// A region of the world.
    Region(Region),
    /// A partner locality.
    Locality(LocalityId),
    /// A pillar.
    Pillar(Pillar),
    /// A field, a form, a kind or the level of a partner.
    Term(TermId),
    /// A tier.
    Tier(RelationTier),
    /// A level of an agreement.
    Level(SigningLevel),
    /// A stage of an organization.
    Stage(OrganizationStage),
    /// A status.
    Status(Status),
    /// A direction.
    Direction(Direction),
    /// A period.
    Bucket {
        /// The first day.
        start: Day,
        /// The length.
        unit: DateUnit,
    },
}

impl GroupKeyValue {
    /// Returns the slug, ISO code, term code, enum value or period: `BINH_DUONG`, `JP`, `IN_FORCE`,
    /// `2025-07`. Two units that used one slug in succession have the same code.
    #[must_use]
    pub fn code<'d>(&self, directory: &'d Directory) -> Cow<'d, str> {
        let word = |word: &'static str| Some(word);
        let known = match self {
            Self::Log(log) => {
                let province = directory.province(*log);
                province.and_then(|province| slug(directory, province.unit))
            }
            Self::Unit(id) => slug(directory, *id),
            Self::Country(id) => directory.country(*id).map(|country| country.iso2.as_str()),
            Self::Region(region) => region.get_message(),
            Self::Locality(id) => directory.locality(*id).map(|locality| locality.slug.as_str()),
            Self::Pillar(pillar) => word(pillar.into()),
            Self::Term(id) => directory.term(*id).map(|term| term.code.as_str()),
            Self::Tier(tier) => word(tier.into()),
            Self::Level(level) => word(level.into()),
            Self::Stage(stage) => word(stage.into()),
            Self::Status(status) => word(status.as_str()),
            Self::Direction(direction) => word(direction.into()),
            Self::Bucket { start, unit } => return unit.key(*start).into(),
        };
        known.map_or_else(|| self.number().to_string().into(), Cow::Borrowed)
    }

    /// Returns the number of the key, which distinguishes values with the same code; 0 for values
    /// without a key.
    pub(super) fn number(&self) -> i32 {
        match self {
            Self::Log(log) => i32::from(log.number()),
            Self::Unit(id) => id.number(),
            Self::Country(id) => id.number(),
            Self::Locality(id) => id.number(),
            Self::Term(id) => id.number(),
            Self::Region(_)
            | Self::Pillar(_)
            | Self::Tier(_)
            | Self::Level(_)
            | Self::Stage(_)
            | Self::Status(_)
            | Self::Direction(_)
            | Self::Bucket { .. } => 0,
        }
    }
}

fn slug(directory: &Directory, unit: UnitId) -> Option<&str> {
    directory.unit(unit).map(|unit| unit.slug.as_str())
}
