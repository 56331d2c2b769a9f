//! What the register counts itself of what sources report, indicator by indicator.
//!
//! [`DEFINITIONS`] is the one table of it. A figure that narrows its number by something that
//! entries do not tell has nothing beside it: an organization, a sector, an indicator of the economy.

use super::watch::counted_on;
use super::{Boundaries, FactBook, Facts, GroupBy, GroupKey, KeyValue, Lens, QuantityKey, Rows, groups};
use crate::date::Day;
use crate::directory::Directory;
use crate::entry::{CountryId, Direction, Pillar, UnitId};
use crate::event::EventLevel;
use crate::fact::Period;
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

/// How an indicator is counted from entries.
#[derive(Debug)]
pub struct Definition {
    /// The code of the term of `INDICATOR`.
    pub indicator: &'static str,
    measure: Measure,
    country: Where,
    vi: &'static str,
    en: &'static str,
}

/// What is counted.
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

/// Which country an indicator is narrowed to by its own words.
#[derive(Debug, Clone, Copy)]
enum Where {
    All,
    In(&'static str),
    Outside(&'static str),
}

const fn define(
    indicator: &'static str,
    measure: Measure,
    country: Where,
    [vi, en]: [&'static str; 2],
) -> Definition {
    Definition { indicator, measure, country, vi, en }
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

/// The one table: which indicators the register counts, and how.
pub const DEFINITIONS: &[Definition] = &[
    define("total_agreements", Measure::Agreements, Where::All, SIGNED),
    define("international_agreements_signed", Measure::Agreements, Where::All, SIGNED),
    define("cooperation_documents_laos", Measure::Agreements, Where::In("LA"), SIGNED),
    define("memoranda_and_agreements_other", Measure::Agreements, Where::Outside("LA"), SIGNED),
    define(
        "agreements_in_effect",
        Measure::AgreementsInForce,
        Where::All,
        [
            "Số thỏa thuận đã ghi nhận đang có hiệu lực vào ngày của số liệu; gồm cả thỏa thuận tự động gia hạn.",
            "Recorded agreements IN_FORCE on the day of the figure; those that renew themselves are among them.",
        ],
    ),
    define(
        "partner_countries",
        Measure::PartnerCountries,
        Where::All,
        [
            "Số quốc gia và vùng lãnh thổ khác nhau trong các quan hệ chưa kết thúc và các thỏa thuận đã ký.",
            "Different countries and territories of relations that had not ended and of agreements signed by the day of the figure.",
        ],
    ),
    define("partner_localities", Measure::PartnerLocalities, Where::All, LOCALITIES),
    define("partner_localities_japan", Measure::PartnerLocalities, Where::In("JP"), LOCALITIES),
    define("sister_pairs_with_china", Measure::SisterRelations, Where::In("CN"), SISTERS),
    define("sister_pairs_with_thailand", Measure::SisterRelations, Where::In("TH"), SISTERS),
    define("delegations_out", Measure::Delegations(&[Direction::Out]), Where::All, OUT),
    define("delegations_out_laos", Measure::Delegations(&[Direction::Out]), Where::In("LA"), OUT),
    define("delegations_in", Measure::Delegations(&[Direction::In]), Where::All, IN),
    define("delegations_in_laos", Measure::Delegations(&[Direction::In]), Where::In("LA"), IN),
    define(
        "two_way_high_level_delegations_laos",
        Measure::HighDelegations,
        Where::In("LA"),
        [
            "Số đoàn ra và đoàn vào cấp tỉnh trở lên, hoặc không rõ cấp, đã ghi nhận trong kỳ của số liệu.",
            "Recorded delegation visits IN and OUT of level PROVINCE_LEADER or higher, or of no stated level, within the period of the figure.",
        ],
    ),
    define("delegates_out", Measure::Persons(Direction::Out), Where::All, PERSONS),
    define("delegates_in", Measure::Persons(Direction::In), Where::All, PERSONS),
    define(
        "people_to_people_events",
        Measure::PeopleEvents,
        Where::All,
        [
            "Số hoạt động đối ngoại nhân dân đã ghi nhận trong kỳ của số liệu.",
            "Recorded events of the pillar PEOPLE within the period of the figure.",
        ],
    ),
    define(
        "direct_business_connections",
        Measure::Connections,
        Where::All,
        [
            "Tổng số kết nối tại các hoạt động đã ghi nhận có nêu số kết nối; trống nếu không hoạt động nào nêu.",
            "The connections made at recorded events that state a number, within the period of the figure; null where none does.",
        ],
    ),
    define(
        "friendship_associations",
        Measure::Organizations(OrganizationStage::Established),
        Where::All,
        [
            "Số hội hữu nghị song phương đã ghi nhận, đã thành lập vào ngày của số liệu.",
            "Recorded bilateral friendship associations in the stage ESTABLISHED on the day of the figure.",
        ],
    ),
    define(
        "preparatory_committees",
        Measure::Organizations(OrganizationStage::Committee),
        Where::All,
        [
            "Số ban vận động thành lập hội hữu nghị đã ghi nhận vào ngày của số liệu.",
            "Recorded friendship associations and committees in the stage COMMITTEE on the day of the figure.",
        ],
    ),
];

impl Definition {
    /// How an indicator is counted; none where entries cannot tell.
    #[must_use]
    pub fn of(indicator: &str) -> Option<&'static Self> {
        DEFINITIONS.iter().find(|definition| definition.indicator == indicator)
    }

    /// The sentence for people.
    #[must_use]
    pub fn text(&self, locale: Locale) -> &'static str {
        match locale {
            Locale::Vi => self.vi,
            Locale::En => self.en,
        }
    }

    /// What entries tell of the same thing as this figure: its scope, country, period and day.
    /// Under the scope of a unit counts what came from it and from what had become it by the day.
    #[must_use]
    pub fn compute(
        &self,
        figure: &Figure,
        book: &FactBook,
        directory: &Directory,
        today: Day,
    ) -> Option<Quantity> {
        if figure.organization.is_some() || !figure.dimensions.is_empty() {
            return None;
        }
        let day = day_of(figure, today);
        let lens = Lens { directory, as_of: Some(day), today, boundaries: Boundaries::AtTheTime };
        let question = Question {
            scope: self.scope(figure, &lens)?,
            period: figure.period.as_ref().map(|period| Period::of(Some(period))),
            lens,
            book,
        };
        question.answer(self.measure, &figure.quantity.unit)
    }

    fn scope(&self, figure: &Figure, lens: &Lens<'_>) -> Option<Filter> {
        let mut scope = Filter::default();
        if let Some(unit) = figure.common.origin_unit {
            scope = scope.and(Filter::Is(Predicate::Unit(units_of(unit, lens))));
        }
        let within = |country: CountryId| Filter::Is(Predicate::AnyCountry(vec![country]));
        if let Some(country) = figure.country {
            scope = scope.and(within(country));
        }
        let named = |iso2| lens.directory.country_by_iso2(iso2).map(|country| country.id);
        Some(match self.country {
            Where::All => scope,
            Where::In(iso2) => scope.and(within(named(iso2)?)),
            Where::Outside(iso2) => scope.and(Filter::Not(Box::new(within(named(iso2)?)))),
        })
    }
}

/// The day that a figure speaks of, never later than today: its date, else the end of its period,
/// else the day from which it counts.
fn day_of(figure: &Figure, today: Day) -> Day {
    let said = match (&figure.as_of, &figure.period) {
        (Some(as_of), _) => as_of.latest(),
        (None, Some(period)) => period.latest(),
        (None, None) => figure.common.counts_from,
    };
    said.map_or(today, |day| day.min(today))
}

/// The unit itself, and every unit that had become it by the day.
fn units_of(unit: UnitId, lens: &Lens<'_>) -> Vec<UnitId> {
    let units = lens.directory.units().iter().map(|other| other.id);
    units.filter(|other| *other == unit || lens.unit_of(*other) == unit).collect()
}

/// What a figure asks of the facts.
struct Question<'a> {
    scope: Filter,
    period: Option<Period>,
    lens: Lens<'a>,
    book: &'a FactBook,
}

impl Question<'_> {
    fn answer(&self, measure: Measure, unit: &str) -> Option<Quantity> {
        let book = self.book;
        let count = match measure {
            Measure::Agreements => self.in_period(&book.agreements, Filter::default()).len(),
            Measure::AgreementsInForce => {
                let in_force = Status::Agreement(AgreementStatus::InForce);
                self.by_day(&book.agreements, self.status(vec![in_force])).len()
            }
            Measure::PartnerCountries => {
                let signed = self.by_day(&book.agreements, Filter::default());
                let mut countries = self.values(&book.agreements, &signed, GroupKey::Country);
                countries.extend(self.values(&book.relations, &self.standing(), GroupKey::Country));
                countries.len()
            }
            Measure::PartnerLocalities => {
                self.values(&book.relations, &self.standing(), GroupKey::Locality).len()
            }
            Measure::SisterRelations => {
                let sister = Filter::Is(Predicate::Tier(vec![RelationTier::Sister]));
                self.by_day(&book.relations, sister.and(self.not_ended())).len()
            }
            Measure::Delegations(directions) => self.delegations(directions).len(),
            Measure::HighDelegations => {
                let low =
                    Filter::Is(Predicate::EventLevel(vec![EventLevel::Department, EventLevel::Working]));
                let visits = self.visits(&[Direction::In, Direction::Out])?;
                self.in_period(&book.events, visits.and(Filter::Not(Box::new(low)))).len()
            }
            Measure::Persons(direction) => {
                return book.events.sum(&self.delegations(&[direction]), QuantityKey::Delegates);
            }
            Measure::PeopleEvents => {
                let people = Filter::Is(Predicate::Pillar(vec![Pillar::People]));
                self.in_period(&book.events, people).len()
            }
            Measure::Connections => {
                let events = self.in_period(&book.events, Filter::default());
                return book.events.sum(&events, QuantityKey::Connections);
            }
            Measure::Organizations(stage) => self.organizations(stage)?,
        };
        Quantity::exact(Decimal::from(count), unit).ok()
    }

    fn by_day(&self, facts: &Facts, filter: Filter) -> Rows {
        facts.select(&counted_on(self.lens.day()).and(self.scope.clone()).and(filter))
    }

    fn in_period(&self, facts: &Facts, filter: Filter) -> Rows {
        let is = |test| Filter::Is(Predicate::Date(DateField::First, test));
        let within = self.period.map_or(Filter::default(), |period| {
            is(DateTest::OnOrAfter(period.earliest)).and(is(DateTest::OnOrBefore(period.latest)))
        });
        self.by_day(facts, filter.and(within))
    }

    fn status(&self, statuses: Vec<Status>) -> Filter {
        Filter::Is(Predicate::Status(statuses, self.lens.day()))
    }

    fn not_ended(&self) -> Filter {
        let over = [RelationStatus::Ended, RelationStatus::Proposed].map(Status::Relation).to_vec();
        Filter::Not(Box::new(self.status(over)))
    }

    fn standing(&self) -> Rows {
        self.by_day(&self.book.relations, self.not_ended())
    }

    fn visits(&self, directions: &[Direction]) -> Option<Filter> {
        let visit = self.lens.directory.term_by_code(Vocabulary::EventKind, "DELEGATION_VISIT")?;
        let kind = Filter::Is(Predicate::Term(vec![visit.id]));
        Some(kind.and(Filter::Is(Predicate::Direction(directions.to_vec()))))
    }

    fn delegations(&self, directions: &[Direction]) -> Rows {
        let nothing = Filter::Any(Vec::new());
        self.in_period(&self.book.events, self.visits(directions).unwrap_or(nothing))
    }

    fn values(&self, facts: &Facts, rows: &Rows, key: GroupKey) -> HashSet<KeyValue> {
        let groups = groups(facts, rows, &[GroupBy::Key(key)], &self.lens).unwrap_or_default();
        groups.into_iter().flat_map(|group| group.keys).collect()
    }

    fn organizations(&self, stage: OrganizationStage) -> Option<usize> {
        let kind = |code| self.lens.directory.term_by_code(Vocabulary::OrganizationKind, code);
        let kinds = [kind("ASSOCIATION")?.id, kind("COMMITTEE")?.id].to_vec();
        let rows = self.by_day(&self.book.organizations, Filter::Is(Predicate::Term(kinds)));
        let by = [GroupBy::Key(GroupKey::Stage)];
        let groups = groups(&self.book.organizations, &rows, &by, &self.lens).ok()?;
        let of_stage = groups.into_iter().find(|group| group.keys == [KeyValue::Stage(stage)]);
        Some(of_stage.map_or(0, |group| usize::try_from(group.count).unwrap_or(usize::MAX)))
    }
}

/// How much more a source reports than the register counts; negative where it counts more. None
/// where either is no single number.
#[must_use]
pub fn gap(reported: &Quantity, computed: &Quantity) -> Option<Decimal> {
    Some((reported.value? - computed.value?).normalize())
}
