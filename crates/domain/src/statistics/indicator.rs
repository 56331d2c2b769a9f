//! Computed indicators: numbers that sources report and that the register counts from its entries.
//!
//! [`DEFINITIONS`] lists all of them. A figure has no computed number when it is narrowed by an
//! attribute that entries lack: an organization, a sector, an indicator of the economy.

mod national_count;

pub use national_count::reported_beyond_computed;

use super::monitoring::counted_on;
use super::{
    Boundaries, BoundaryView, FactTable, Facts, GroupBy, GroupKey, GroupKeyValue, QuantityKey, RowSelection,
    groups,
};
use crate::date::Day;
use crate::directory::Directory;
use crate::entry::{CountryId, Direction, Pillar, UnitId};
use crate::event::EventRank;
use crate::fact::DateBounds;
use crate::figure::Figure;
use crate::filter::{DateField, DateTest, Filter, Predicate};
use crate::locale::Locale;
use crate::organization::OrganizationStage;
use crate::quantity::Quantity;
use crate::reference::Vocabulary;
use crate::relation::RelationTier;
use crate::status::{AgreementStatus, RelationStatus, Status};
use rust_decimal::Decimal;
use std::collections::HashSet;

/// How an indicator is computed from entries.
#[derive(Debug)]
pub struct IndicatorDefinition {
    /// The code of the `INDICATOR` term.
    pub indicator: &'static str,
    measure: Measure,
    country: CountryScope,
    vi: &'static str,
    en: &'static str,
}

/// The measure that is counted.
#[derive(Debug, Clone, Copy)]
enum Measure {
    Agreements,
    AgreementsInForce,
    PartnerCountries,
    PartnerLocalities,
    SisterRelations,
    Delegations(&'static [Direction]),
    HighDelegations,
    Persons(Direction),
    PeopleEvents,
    Connections,
    Organizations(OrganizationStage),
}

/// The countries that the indicator itself is limited to.
#[derive(Debug, Clone, Copy)]
enum CountryScope {
    All,
    In(&'static str),
    Outside(&'static str),
}

const fn define(
    indicator: &'static str,
    measure: Measure,
    country: CountryScope,
    [vi, en]: [&'static str; 2],
) -> IndicatorDefinition {
    IndicatorDefinition { indicator, measure, country, vi, en }
}

const SIGNED: [&str; 2] = [
    "Số thỏa thuận đã ghi nhận, ký đến ngày của số liệu (trong kỳ, nếu số liệu có kỳ).",
    "Recorded agreements signed by the day of the figure; within its period, where it has one.",
];
const LOCALITIES: [&str; 2] = [
    "Số địa phương nước ngoài khác nhau có quan hệ đã ghi nhận và chưa kết thúc vào ngày của số liệu.",
    "Different localities of recorded relations that had not ended on the day of the figure.",
];
const SISTERS: [&str; 2] = [
    "Số quan hệ kết nghĩa đã ghi nhận và chưa kết thúc vào ngày của số liệu.",
    "Recorded relations of tier SISTER that had not ended on the day of the figure.",
];
const OUT: [&str; 2] = [
    "Số đoàn ra đã ghi nhận đến ngày của số liệu (trong kỳ, nếu số liệu có kỳ).",
    "Recorded delegation visits with direction OUT by the day of the figure; within its period, where it has one.",
];
const IN: [&str; 2] = [
    "Số đoàn vào đã ghi nhận đến ngày của số liệu (trong kỳ, nếu số liệu có kỳ).",
    "Recorded delegation visits with direction IN by the day of the figure; within its period, where it has one.",
];
const PERSONS: [&str; 2] = [
    "Tổng số người của các đoàn đã ghi nhận có nêu số người; trống nếu không đoàn nào nêu.",
    "The persons of the recorded visits that state a number; null where none does.",
];

/// All indicators that the register computes, and how.
pub const DEFINITIONS: &[IndicatorDefinition] = &[
    define("total_agreements", Measure::Agreements, CountryScope::All, SIGNED),
    define("international_agreements_signed", Measure::Agreements, CountryScope::All, SIGNED),
    define("cooperation_documents_laos", Measure::Agreements, CountryScope::In("LA"), SIGNED),
    define("memoranda_and_agreements_other", Measure::Agreements, CountryScope::Outside("LA"), SIGNED),
    define(
        "agreements_in_effect",
        Measure::AgreementsInForce,
        CountryScope::All,
        [
            "Số thỏa thuận đã ghi nhận đang có hiệu lực vào ngày của số liệu; gồm cả thỏa thuận tự động gia hạn.",
            "Recorded agreements IN_FORCE on the day of the figure; those that renew themselves are among them.",
        ],
    ),
    define(
        "partner_countries",
        Measure::PartnerCountries,
        CountryScope::All,
        [
            "Số quốc gia và vùng lãnh thổ khác nhau trong các quan hệ chưa kết thúc và các thỏa thuận đã ký.",
            "Different countries and territories of relations that had not ended and of agreements signed by the day of the figure.",
        ],
    ),
    define("partner_localities", Measure::PartnerLocalities, CountryScope::All, LOCALITIES),
    define("partner_localities_japan", Measure::PartnerLocalities, CountryScope::In("JP"), LOCALITIES),
    define("sister_pairs_with_china", Measure::SisterRelations, CountryScope::In("CN"), SISTERS),
    define("sister_pairs_with_thailand", Measure::SisterRelations, CountryScope::In("TH"), SISTERS),
    define("delegations_out", Measure::Delegations(&[Direction::Out]), CountryScope::All, OUT),
    define("delegations_out_laos", Measure::Delegations(&[Direction::Out]), CountryScope::In("LA"), OUT),
    define("delegations_in", Measure::Delegations(&[Direction::In]), CountryScope::All, IN),
    define("delegations_in_laos", Measure::Delegations(&[Direction::In]), CountryScope::In("LA"), IN),
    define(
        "two_way_high_level_delegations_laos",
        Measure::HighDelegations,
        CountryScope::In("LA"),
        [
            "Số đoàn ra và đoàn vào cấp tỉnh trở lên, hoặc không rõ cấp, đã ghi nhận trong kỳ của số liệu.",
            "Recorded delegation visits IN and OUT of level PROVINCE_LEADER or higher, or of no stated level, within the period of the figure.",
        ],
    ),
    define("delegates_out", Measure::Persons(Direction::Out), CountryScope::All, PERSONS),
    define("delegates_in", Measure::Persons(Direction::In), CountryScope::All, PERSONS),
    define(
        "people_to_people_events",
        Measure::PeopleEvents,
        CountryScope::All,
        [
            "Số hoạt động đối ngoại nhân dân đã ghi nhận trong kỳ của số liệu.",
            "Recorded events of the pillar PEOPLE within the period of the figure.",
        ],
    ),
    define(
        "direct_business_connections",
        Measure::Connections,
        CountryScope::All,
        [
            "Tổng số kết nối tại các hoạt động đã ghi nhận có nêu số kết nối; trống nếu không hoạt động nào nêu.",
            "The connections made at recorded events that state a number, within the period of the figure; null where none does.",
        ],
    ),
    define(
        "friendship_associations",
        Measure::Organizations(OrganizationStage::Established),
        CountryScope::All,
        [
            "Số hội hữu nghị song phương đã ghi nhận, đã thành lập vào ngày của số liệu.",
            "Recorded bilateral friendship associations in the stage ESTABLISHED on the day of the figure.",
        ],
    ),
    define(
        "preparatory_committees",
        Measure::Organizations(OrganizationStage::Committee),
        CountryScope::All,
        [
            "Số ban vận động thành lập hội hữu nghị đã ghi nhận vào ngày của số liệu.",
            "Recorded friendship associations and committees in the stage COMMITTEE on the day of the figure.",
        ],
    ),
];

impl IndicatorDefinition {
    /// Returns the definition of an indicator; `None` when entries do not contain it.
    #[must_use]
    pub fn of(indicator: &str) -> Option<&'static Self> {
        DEFINITIONS.iter().find(|definition| definition.indicator == indicator)
    }

    /// Returns the explanation for people.
    #[must_use]
    pub fn text(&self, locale: Locale) -> &'static str {
        match locale {
            Locale::Vi => self.vi,
            Locale::En => self.en,
        }
    }

    /// Computes the number for the scope, country, period and day of a figure; `None` when entries
    /// do not contain it. Under the scope of a unit it counts the entries of the unit and of those
    /// that had become it by the day.
    #[must_use]
    pub fn compute(
        &self,
        figure: &Figure,
        fact_table: &FactTable,
        directory: &Directory,
        today: Day,
    ) -> Option<Quantity> {
        if figure.organization.is_some() || !figure.dimensions.is_empty() {
            return None;
        }
        let day = day_of(figure, today);
        let view = BoundaryView { directory, as_of: Some(day), today, boundaries: Boundaries::AtTheTime };
        let query = FigureQuery {
            scope: self.scope(figure, &view)?,
            period: figure.period.as_ref().map(|period| DateBounds::from_date(Some(period))),
            view,
            fact_table,
        };
        query.compute(self.measure, &figure.quantity.unit)
    }

    fn scope(&self, figure: &Figure, view: &BoundaryView<'_>) -> Option<Filter> {
        let mut scope = Filter::default();
        if let Some(unit) = figure.common.origin_unit {
            scope = scope.and(Filter::Is(Predicate::Unit(units_of(unit, view))));
        }
        let within = |country: CountryId| Filter::Is(Predicate::AnyCountry(vec![country]));
        if let Some(country) = figure.country {
            scope = scope.and(within(country));
        }
        let named = |iso2| view.directory.country_by_iso2(iso2).map(|country| country.id);
        Some(match self.country {
            CountryScope::All => scope,
            CountryScope::In(iso2) => scope.and(within(named(iso2)?)),
            CountryScope::Outside(iso2) => scope.and(Filter::Not(Box::new(within(named(iso2)?)))),
        })
    }
}

/// Returns the day of a figure, today at the latest: its date, or else the end of its period, or
/// else the day from which it counts.
fn day_of(figure: &Figure, today: Day) -> Day {
    let said = match (&figure.as_of, &figure.period) {
        (Some(as_of), _) => as_of.latest(),
        (None, Some(period)) => period.latest(),
        (None, None) => figure.common.counts_from,
    };
    said.map_or(today, |day| day.min(today))
}

/// Returns the unit and every unit that had become it by the day.
fn units_of(unit: UnitId, view: &BoundaryView<'_>) -> Vec<UnitId> {
    let units = view.directory.units().iter().map(|other| other.id);
    units.filter(|other| *other == unit || view.unit_of(*other) == unit).collect()
}

/// The query over the facts that a figure needs.
struct FigureQuery<'a> {
    scope: Filter,
    period: Option<DateBounds>,
    view: BoundaryView<'a>,
    fact_table: &'a FactTable,
}

impl FigureQuery<'_> {
    fn compute(&self, measure: Measure, unit: &str) -> Option<Quantity> {
        let fact_table = self.fact_table;
        let count = match measure {
            Measure::Agreements => self.in_period(&fact_table.agreements, Filter::default()).len(),
            Measure::AgreementsInForce => {
                let in_force = Status::Agreement(AgreementStatus::InForce);
                self.by_day(&fact_table.agreements, self.status(vec![in_force])).len()
            }
            Measure::PartnerCountries => {
                let signed = self.by_day(&fact_table.agreements, Filter::default());
                let mut countries = self.values(&fact_table.agreements, &signed, GroupKey::Country);
                countries.extend(self.values(
                    &fact_table.relations,
                    &self.relations_not_ended(),
                    GroupKey::Country,
                ));
                countries.len()
            }
            Measure::PartnerLocalities => {
                self.values(&fact_table.relations, &self.relations_not_ended(), GroupKey::Locality).len()
            }
            Measure::SisterRelations => {
                let sister = Filter::Is(Predicate::Tier(vec![RelationTier::Sister]));
                self.by_day(&fact_table.relations, sister.and(self.not_ended())).len()
            }
            Measure::Delegations(directions) => self.delegations(directions).len(),
            Measure::HighDelegations => {
                let low = Filter::Is(Predicate::EventRank(vec![EventRank::Department, EventRank::Working]));
                let visits = self.visits(&[Direction::In, Direction::Out])?;
                self.in_period(&fact_table.events, visits.and(Filter::Not(Box::new(low)))).len()
            }
            Measure::Persons(direction) => {
                let delegates = QuantityKey::Delegates;
                return fact_table.events.sum(&self.delegations(&[direction]), delegates).to_quantity();
            }
            Measure::PeopleEvents => {
                let people = Filter::Is(Predicate::Pillar(vec![Pillar::People]));
                self.in_period(&fact_table.events, people).len()
            }
            Measure::Connections => {
                let events = self.in_period(&fact_table.events, Filter::default());
                return fact_table.events.sum(&events, QuantityKey::Connections).to_quantity();
            }
            Measure::Organizations(stage) => self.organizations(stage)?,
        };
        Quantity::exact(Decimal::from(count), unit).ok()
    }

    fn by_day(&self, facts: &Facts, filter: Filter) -> RowSelection {
        facts.select(&counted_on(self.view.day()).and(self.scope.clone()).and(filter))
    }

    fn in_period(&self, facts: &Facts, filter: Filter) -> RowSelection {
        let is = |test| Filter::Is(Predicate::Date(DateField::FirstStart, test));
        let within = self.period.map_or(Filter::default(), |period| {
            is(DateTest::OnOrAfter(period.earliest)).and(is(DateTest::OnOrBefore(period.latest)))
        });
        self.by_day(facts, filter.and(within))
    }

    fn status(&self, statuses: Vec<Status>) -> Filter {
        Filter::Is(Predicate::Status(statuses, self.view.day()))
    }

    fn not_ended(&self) -> Filter {
        let ended_or_proposed =
            [RelationStatus::Ended, RelationStatus::Proposed].map(Status::Relation).to_vec();
        Filter::Not(Box::new(self.status(ended_or_proposed)))
    }

    fn relations_not_ended(&self) -> RowSelection {
        self.by_day(&self.fact_table.relations, self.not_ended())
    }

    fn visits(&self, directions: &[Direction]) -> Option<Filter> {
        let visit = self.view.directory.term_by_code(Vocabulary::EventKind, "DELEGATION_VISIT")?;
        let kind = Filter::Is(Predicate::Term(vec![visit.id]));
        Some(kind.and(Filter::Is(Predicate::Direction(directions.to_vec()))))
    }

    fn delegations(&self, directions: &[Direction]) -> RowSelection {
        let nothing = Filter::Any(Vec::new());
        self.in_period(&self.fact_table.events, self.visits(directions).unwrap_or(nothing))
    }

    fn values(&self, facts: &Facts, rows: &RowSelection, key: GroupKey) -> HashSet<GroupKeyValue> {
        let groups = groups(facts, rows, &[GroupBy::Key(key)], &self.view).unwrap_or_default();
        groups.into_iter().flat_map(|group| group.keys).collect()
    }

    fn organizations(&self, stage: OrganizationStage) -> Option<usize> {
        let kind = |code| self.view.directory.term_by_code(Vocabulary::OrganizationKind, code);
        let kinds = [kind("ASSOCIATION")?.id, kind("COMMITTEE")?.id].to_vec();
        let rows = self.by_day(&self.fact_table.organizations, Filter::Is(Predicate::Term(kinds)));
        let by = [GroupBy::Key(GroupKey::Stage)];
        let groups = groups(&self.fact_table.organizations, &rows, &by, &self.view).ok()?;
        let of_stage = groups.into_iter().find(|group| group.keys == [GroupKeyValue::Stage(stage)]);
        Some(of_stage.map_or(0, |group| usize::try_from(group.count).unwrap_or(usize::MAX)))
    }
}

/// Returns the reported less the computed number; negative when the computed one is greater. `None`
/// when one of them is not a single number.
#[must_use]
pub fn reported_minus_computed(reported: &Quantity, computed: &Quantity) -> Option<Decimal> {
    Some((reported.value? - computed.value?).normalize())
}
