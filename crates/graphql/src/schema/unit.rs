//! Units of the first administrative tier.

use super::api_error::ApiError;
use super::connection::GraphqlEntry;
use super::cost_directives::{AssumedSize, TextSize};
use super::country::CountryObject;
use super::enums::{Locale, UnitKind};
use super::global_id::GlobalId;
use super::locality::LocalityObject;
use super::organization::OrganizationObject;
use super::province::ProvinceObject;
use super::request_context::{RequestContext, check_units_known};
use super::scalar::LocalDate;
use super::value::Quantity;
use async_graphql::{Context, ID, Object};
use caunoi_domain::date::Day;
use caunoi_domain::entry::{Entry, UnitId};
use caunoi_domain::organization::Organization;
use caunoi_domain::unit::{self, AdminUnit, Designation, GeographyFact};

/// The GraphQL object of an administrative unit.
pub(crate) struct UnitObject(AdminUnit);

impl UnitObject {
    pub(crate) fn new(unit: &AdminUnit) -> Self {
        Self(unit.clone())
    }

    pub(crate) fn find(request: &RequestContext, id: UnitId) -> Option<Self> {
        request.directory().unit(id).map(Self::new)
    }

    /// Returns the designation on a day, by default today.
    fn designation(
        &self,
        ctx: &Context<'_>,
        as_of: Option<LocalDate>,
    ) -> Result<Option<&Designation>, ApiError> {
        Ok(self.0.designation(day_of_unit(ctx, as_of)?))
    }
}

/// Returns the length of the border or coast that a source states for a unit.
pub(crate) fn length(unit: &AdminUnit, fact: GeographyFact) -> Option<Quantity> {
    let stated = unit.geography.iter().find(|geography| geography.fact == fact);
    stated.map(|geography| Quantity(geography.length.clone()))
}

/// Returns the localities across the border that sources name.
pub(crate) fn border_localities(request: &RequestContext, unit: &AdminUnit) -> Vec<LocalityObject> {
    let ids = unit.geography.iter().flat_map(|geography| &geography.neighbours);
    ids.filter_map(|id| LocalityObject::find(request, *id)).collect()
}

/// Returns the organizations of which a unit is a member.
fn networks_of(
    organizations: &[Entry<Organization>],
    unit: UnitId,
) -> impl Iterator<Item = &Entry<Organization>> {
    let has_joined = move |network: &&Entry<Organization>| {
        network.content.memberships.iter().any(|membership| membership.unit == unit)
    };
    organizations.iter().filter(has_joined)
}

/// Returns the day on which a field reports on a unit: its argument, which must be a day for which
/// units are known, else today.
pub(crate) fn day_of_unit(ctx: &Context<'_>, as_of: Option<LocalDate>) -> Result<Day, ApiError> {
    let day = RequestContext::of(ctx).day(as_of);
    check_units_known(day).map(|()| day)
}

/// Returns the kind of a unit on a day; a province if it has no designation.
pub(crate) fn kind_on(unit: &AdminUnit, day: Day) -> unit::UnitKind {
    unit.designation(day).map_or(unit::UnitKind::Province, |designation| designation.kind)
}

/// An administrative unit of the first tier (đơn vị hành chính cấp tỉnh), current or former. Slugs
/// and statistical codes are reused over time, ids are not.
#[Object(name = "AdminUnit")]
impl UnitObject {
    /// The global id, opaque: `RXZlbnQ6NzoxMg`. `node(id:)` returns the object for it.
    pub(crate) async fn id(&self) -> ID {
        GlobalId::of(GlobalId::Unit, self.0.id)
    }

    /// The readable key, for example `BINH_DUONG`. Successive units can have the same one.
    async fn slug(&self) -> &str {
        &self.0.slug
    }

    /// The statistical code of the unit on a day, for example `74`. For days before the codes of
    /// Decision 124/2004/QĐ-TTg it is the code that this decision gave to the unit.
    async fn code(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "The day to report on, for example `2025-06-30`. The default is today in Vietnam.")]
        as_of: Option<LocalDate>,
    ) -> Result<&str, ApiError> {
        Ok(self.designation(ctx, as_of)?.map_or("", |designation| designation.code.as_str()))
    }

    /// The name of the unit on a day, in the given language: `Bình Dương`. For a day after the unit,
    /// its last name.
    #[graphql(directive = TextSize::apply(40))]
    async fn name(
        &self,
        ctx: &Context<'_>,
        #[graphql(
            desc = "The language of the text. The default is the language of the request (header `Accept-Language`), else Vietnamese."
        )]
        locale: Option<Locale>,
        #[graphql(desc = "The day to report on, for example `2025-06-30`. The default is today in Vietnam.")]
        as_of: Option<LocalDate>,
    ) -> Result<&str, ApiError> {
        let locale = RequestContext::of(ctx).locale(locale);
        Ok(self.designation(ctx, as_of)?.map_or("", |designation| designation.name.in_locale(locale)))
    }

    /// The kind of unit on a day: province or centrally run city.
    async fn kind(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "The day to report on, for example `2025-06-30`. The default is today in Vietnam.")]
        as_of: Option<LocalDate>,
    ) -> Result<UnitKind, ApiError> {
        Ok(kind_on(&self.0, day_of_unit(ctx, as_of)?).into())
    }

    /// The ISO 3166-2 code, for example `VN-57`. Null if it had none.
    async fn iso_code(&self) -> Option<&str> {
        self.0.iso_3166_2.as_deref()
    }

    /// The first day of the unit. Null for a unit that existed on 1997-01-01: the register does not
    /// know the units before that day.
    async fn valid_from(&self) -> Option<LocalDate> {
        self.0.valid_from.map(LocalDate)
    }

    /// The last day of the unit. Null if it still exists.
    async fn valid_to(&self) -> Option<LocalDate> {
        self.0.valid_to.map(LocalDate)
    }

    /// The unit of which it was a part before `validFrom`, and which continued without it: for
    /// `DAK_NONG` the unit `DAK_LAK`. Entries of earlier days stay with that unit. Null if it was not
    /// split from another one.
    async fn split_from(&self, ctx: &Context<'_>) -> Option<UnitObject> {
        Self::find(RequestContext::of(ctx), self.0.split_from?)
    }

    /// The units that were split from it, while it continued: for `DAK_LAK` the unit `DAK_NONG`.
    #[graphql(directive = AssumedSize::apply(1))]
    async fn split_into(&self, ctx: &Context<'_>) -> Vec<UnitObject> {
        let parts = RequestContext::of(ctx).directory().split_into(self.0.id);
        parts.map(Self::new).collect()
    }

    /// The units that it replaced or that became part of it: for `HA_NOI` the unit `HA_TAY`.
    #[graphql(directive = AssumedSize::apply(4))]
    async fn predecessors(&self, ctx: &Context<'_>) -> Vec<UnitObject> {
        RequestContext::of(ctx).directory().predecessors(self.0.id).map(Self::new).collect()
    }

    /// The units that replaced it, or that it became part of.
    #[graphql(directive = AssumedSize::apply(1))]
    async fn successors(&self, ctx: &Context<'_>) -> Vec<UnitObject> {
        RequestContext::of(ctx).directory().successors(self.0.id).map(Self::new).collect()
    }

    /// The present-day province that the unit is or is part of.
    async fn province(&self, ctx: &Context<'_>) -> Result<ProvinceObject, ApiError> {
        let found = RequestContext::of(ctx).directory().province_of(self.0.id);
        found.map(ProvinceObject::new).ok_or_else(|| ApiError::missing("province"))
    }

    /// The legal act that created the unit or gave it its name or kind on a day:
    /// `Resolution 202/2025/QH15`. Null if not known.
    #[graphql(directive = TextSize::apply(80))]
    async fn legal_basis(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "The day to report on, for example `2025-06-30`. The default is today in Vietnam.")]
        as_of: Option<LocalDate>,
    ) -> Result<Option<&str>, ApiError> {
        Ok(self.designation(ctx, as_of)?.and_then(|designation| designation.legal_basis.as_deref()))
    }

    /// The length of the land border in kilometres. Null if no source states it.
    async fn border_km(&self) -> Option<Quantity> {
        length(&self.0, GeographyFact::BorderKm)
    }

    /// The length of the coast in kilometres. Null if no source states it.
    async fn coast_km(&self) -> Option<Quantity> {
        length(&self.0, GeographyFact::CoastKm)
    }

    /// The countries across its land border that sources name.
    #[graphql(directive = AssumedSize::apply(2))]
    async fn neighbours(&self, ctx: &Context<'_>) -> Vec<CountryObject> {
        let request = RequestContext::of(ctx);
        let mut countries: Vec<_> =
            self.0.geography.iter().filter_map(|geography| geography.with_country).collect();
        countries.dedup();
        countries.into_iter().filter_map(|id| CountryObject::find(request, id)).collect()
    }

    /// The localities across its land border that sources name.
    #[graphql(directive = AssumedSize::apply(3))]
    async fn border_localities(&self, ctx: &Context<'_>) -> Vec<LocalityObject> {
        border_localities(RequestContext::of(ctx), &self.0)
    }

    /// The networks of which the unit is a member.
    #[graphql(directive = AssumedSize::apply(10))]
    async fn memberships(&self, ctx: &Context<'_>) -> Vec<OrganizationObject> {
        let networks = networks_of(RequestContext::of(ctx).organizations(), self.0.id);
        networks.map(|entry| Organization::into_object(entry.clone())).collect()
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use caunoi_domain::entry::{Common, EntryMeta, Publication};
    use caunoi_domain::id::{Id, Log};
    use caunoi_domain::locale::Bilingual;
    use caunoi_domain::organization::{Membership, OrganizationStage};

    fn network(number: i32, members: &[i32]) -> Entry<Organization> {
        let meta = EntryMeta {
            log: Log::MINISTRY,
            number,
            code: format!("ORG-{number}"),
            version: 1,
            last_version: 1,
            publication: Publication::Published,
            pending: None,
            published_at_us: None,
            updated_at_us: 0,
        };
        let joined =
            |unit: &i32| Membership { unit: Id::new(*unit), joined: None, as_of: None, source: None };
        let content = Organization {
            common: Common::default(),
            name: Bilingual::default(),
            abbreviation: None,
            kind: None,
            stage: OrganizationStage::Established,
            stages: Vec::new(),
            country: None,
            target_country: None,
            parent: None,
            founded: None,
            members: Vec::new(),
            as_of: None,
            roles: Vec::new(),
            memberships: members.iter().map(joined).collect(),
            posts: Vec::new(),
            note: None,
        };
        Entry { meta, content }
    }

    #[test]
    fn unit_is_listed_once_per_network_it_belongs_to() {
        let organizations = vec![network(1, &[7, 8]), network(2, &[]), network(3, &[8]), network(4, &[7, 7])];
        let codes = |unit| -> Vec<&str> {
            networks_of(&organizations, Id::new(unit)).map(|entry| entry.meta.code.as_str()).collect()
        };
        assert_eq!(codes(7), ["ORG-1", "ORG-4"]);
        assert_eq!(codes(8), ["ORG-1", "ORG-3"]);
        assert_eq!(codes(9), [""; 0]);
    }
}
