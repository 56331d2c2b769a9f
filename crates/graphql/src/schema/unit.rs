//! Units of the first administrative tier.

use super::asking::{Asking, View};
use super::connection::Kind;
use super::country::CountryObject;
use super::enums::{Locale, UnitKind};
use super::fault::Fault;
use super::global_id::GlobalId;
use super::locality::LocalityObject;
use super::organization::OrganizationObject;
use super::province::ProvinceObject;
use super::scalar::LocalDate;
use super::value::Quantity;
use async_graphql::{Context, ID, Object};
use caunoi_domain::date::Day;
use caunoi_domain::entry::{Entry, UnitId};
use caunoi_domain::organization::Organization;
use caunoi_domain::unit::{AdminUnit, Designation, GeographyFact};

/// A unit of the first tier during its validity.
pub(crate) struct UnitObject {
    unit: AdminUnit,
    view: View,
}

impl UnitObject {
    pub(crate) fn new(unit: &AdminUnit, view: View) -> Self {
        Self { unit: unit.clone(), view }
    }

    pub(crate) fn find(asking: &Asking, id: UnitId, view: View) -> Option<Self> {
        asking.directory().unit(id).map(|unit| Self::new(unit, view))
    }

    fn designation(&self, ctx: &Context<'_>, as_of: Option<LocalDate>) -> Option<&Designation> {
        self.unit.designation(self.view.day(ctx, as_of.map(|day| day.0)))
    }
}

/// The length that a source states for a unit, of its border or its coast.
pub(crate) fn length(unit: &AdminUnit, fact: GeographyFact) -> Option<Quantity> {
    let stated = unit.geography.iter().find(|geography| geography.fact == fact);
    stated.map(|geography| Quantity(geography.length.clone()))
}

/// The localities across the border, as far as sources name them.
pub(crate) fn border_localities(asking: &Asking, unit: &AdminUnit, view: View) -> Vec<LocalityObject> {
    let ids = unit.geography.iter().flat_map(|geography| &geography.neighbours);
    ids.filter_map(|id| LocalityObject::find(asking, *id, view)).collect()
}

/// The organizations that name a unit among their members.
fn networks_of(
    organizations: &[Entry<Organization>],
    unit: UnitId,
) -> impl Iterator<Item = &Entry<Organization>> {
    let has_joined = move |network: &&Entry<Organization>| {
        network.content.memberships.iter().any(|membership| membership.unit == unit)
    };
    organizations.iter().filter(has_joined)
}

/// The kind of a unit on a day; one without any designation is a province.
pub(crate) fn kind_on(unit: &AdminUnit, day: Day) -> UnitKind {
    unit.designation(day).map_or(UnitKind::Province, |designation| designation.kind.into())
}

/// A unit of the first administrative tier (đơn vị hành chính cấp tỉnh) during its validity.
/// Codes are reused over time; the id is not.
#[Object(name = "AdminUnit")]
impl UnitObject {
    /// The global id.
    pub(crate) async fn id(&self) -> ID {
        GlobalId::of(GlobalId::Unit, self.unit.id)
    }

    /// The human key; two units may have borne the same one in turn.
    async fn slug(&self) -> &str {
        &self.unit.slug
    }

    /// The statistical code that it bore on the day that was asked for.
    async fn code(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "The day; that of the question where absent.")] as_of: Option<LocalDate>,
    ) -> &str {
        self.designation(ctx, as_of).map_or("", |designation| designation.code.as_str())
    }

    /// The name that it bore on the day that was asked for.
    async fn name(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "The language; the request's own where absent.")] locale: Option<Locale>,
    ) -> &str {
        let locale = Asking::of(ctx).locale(locale);
        self.designation(ctx, None).map_or("", |designation| designation.name.in_locale(locale))
    }

    /// Province or centrally run city, on a day.
    async fn kind(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "The day; that of the question where absent.")] as_of: Option<LocalDate>,
    ) -> UnitKind {
        kind_on(&self.unit, self.view.day(ctx, as_of.map(|day| day.0)))
    }

    /// ISO 3166-2, where it had one.
    async fn iso_code(&self) -> Option<&str> {
        self.unit.iso_3166_2.as_deref()
    }

    /// Its first day; null where it is not known.
    async fn valid_from(&self) -> Option<LocalDate> {
        self.unit.valid_from.map(LocalDate)
    }

    /// Its last day; null: it lives.
    async fn valid_to(&self) -> Option<LocalDate> {
        self.unit.valid_to.map(LocalDate)
    }

    /// The units that it took over from.
    async fn predecessors(&self, ctx: &Context<'_>) -> Vec<UnitObject> {
        Asking::of(ctx)
            .directory()
            .predecessors(self.unit.id)
            .map(|unit| Self::new(unit, self.view))
            .collect()
    }

    /// The units that took over from it.
    async fn successors(&self, ctx: &Context<'_>) -> Vec<UnitObject> {
        Asking::of(ctx).directory().successors(self.unit.id).map(|unit| Self::new(unit, self.view)).collect()
    }

    /// The province of today that it lives on in.
    async fn province(&self, ctx: &Context<'_>) -> Result<ProvinceObject, Fault> {
        let found = Asking::of(ctx).directory().province_of(self.unit.id);
        found
            .map(|province| ProvinceObject::new(province, self.view))
            .ok_or_else(|| Fault::missing("province"))
    }

    /// The act that opened or changed it, where known.
    async fn legal_basis(&self, ctx: &Context<'_>) -> Option<&str> {
        self.designation(ctx, None).and_then(|designation| designation.legal_basis.as_deref())
    }

    /// The length of its land border, where a source states it.
    async fn border_km(&self) -> Option<Quantity> {
        length(&self.unit, GeographyFact::BorderKm)
    }

    /// The length of its coast, where a source states it.
    async fn coast_km(&self) -> Option<Quantity> {
        length(&self.unit, GeographyFact::CoastKm)
    }

    /// Countries across its land border, as far as sources state the border.
    async fn neighbours(&self, ctx: &Context<'_>) -> Vec<CountryObject> {
        let asking = Asking::of(ctx);
        let mut countries: Vec<_> =
            self.unit.geography.iter().filter_map(|geography| geography.with_country).collect();
        countries.dedup();
        countries.into_iter().filter_map(|id| CountryObject::find(asking, id, self.view)).collect()
    }

    /// Localities across its land border, as far as sources name them.
    async fn border_localities(&self, ctx: &Context<'_>) -> Vec<LocalityObject> {
        border_localities(Asking::of(ctx), &self.unit, self.view)
    }

    /// Networks that it belongs to.
    async fn memberships(&self, ctx: &Context<'_>) -> Vec<OrganizationObject> {
        let networks = networks_of(Asking::of(ctx).organizations(), self.unit.id);
        networks.map(|entry| Organization::object(entry.clone(), self.view)).collect()
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use caunoi_domain::entry::{Common, Publication, Stamp};
    use caunoi_domain::id::{Id, Log};
    use caunoi_domain::locale::Bilingual;
    use caunoi_domain::organization::{Membership, OrganizationStage};

    fn network(number: i32, members: &[i32]) -> Entry<Organization> {
        let stamp = Stamp {
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
        Entry { stamp, content }
    }

    #[test]
    fn a_unit_belongs_once_to_each_network_that_names_it() {
        let organizations = vec![network(1, &[7, 8]), network(2, &[]), network(3, &[8]), network(4, &[7, 7])];
        let codes = |unit| -> Vec<&str> {
            networks_of(&organizations, Id::new(unit)).map(|entry| entry.stamp.code.as_str()).collect()
        };
        assert_eq!(codes(7), ["ORG-1", "ORG-4"]);
        assert_eq!(codes(8), ["ORG-1", "ORG-3"]);
        assert_eq!(codes(9), [""; 0]);
    }
}
