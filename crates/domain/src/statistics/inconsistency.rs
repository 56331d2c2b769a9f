//! Inconsistencies: reported figures that contradict each other or the computed number.

use super::indicator::IndicatorDefinition;
use crate::date::{Day, FuzzyDate};
use crate::directory::Directory;
use crate::entry::{CountryId, Entry, UnitId};
use crate::figure::{Figure, FigureDimension};
use crate::quantity::Quantity;
use strum::{Display, EnumMessage, EnumString, IntoStaticStr, VariantArray};

/// The rules that reported figures are checked against.
#[derive(
    Debug,
    Clone,
    Copy,
    PartialEq,
    Eq,
    Hash,
    PartialOrd,
    Ord,
    Display,
    EnumString,
    IntoStaticStr,
    VariantArray,
    EnumMessage,
)]
#[strum(serialize_all = "SCREAMING_SNAKE_CASE")]
pub enum InconsistencyRule {
    /// More agreements are reported in effect than signed: `agreements_in_effect` is greater than
    /// `total_agreements`.
    InForceAboveSigned,
    /// The figure of a longer period is less than that of a part of it, for example a year to date
    /// below one of its months. Only additive indicators are checked.
    WholeBelowPart,
    /// Fewer persons than delegations are reported: `delegates_out` is less than `delegations_out`,
    /// or `delegates_in` less than `delegations_in`.
    PersonsBelowDelegations,
    /// The reported number of partner countries differs from the number that the register counts.
    CountriesUnlikeComputed,
}

/// Figures that violate a rule.
#[derive(Debug, Clone)]
pub struct Inconsistency {
    /// The rule.
    pub rule: InconsistencyRule,
    /// The figures; the one that should be greater comes first.
    pub figures: Vec<Entry<Figure>>,
    /// The computed number, for rules that compare with it.
    pub computed: Option<Quantity>,
}

/// Pairs of indicators of which the second must not be greater than the first.
const PAIRS: [(InconsistencyRule, &str, &str); 3] = [
    (InconsistencyRule::InForceAboveSigned, "total_agreements", "agreements_in_effect"),
    (InconsistencyRule::PersonsBelowDelegations, "delegates_out", "delegations_out"),
    (InconsistencyRule::PersonsBelowDelegations, "delegates_in", "delegations_in"),
];

/// The indicator that is compared with the computed number.
const COUNTRIES: &str = "partner_countries";

/// The subject of a figure: all that it is about except its indicator and time.
type FigureSubject<'a> = (Option<UnitId>, Option<&'a str>, Option<CountryId>, &'a [FigureDimension]);

/// Returns every inconsistency of the figures known on a day, ordered by rule and then by the codes
/// of the figures.
///
/// Of each indicator and subject the newest figure counts. Quantities with bounds contradict each
/// other only when none of their possible values agree. `computed` returns the computed number for
/// a figure.
#[must_use]
pub fn find_inconsistencies(
    figures: &[Entry<Figure>],
    directory: &Directory,
    day: Day,
    computed: &dyn Fn(&IndicatorDefinition, &Figure) -> Option<Quantity>,
) -> Vec<Inconsistency> {
    let mut known: Vec<&Entry<Figure>> = figures.iter().filter(|figure| is_known_on(figure, day)).collect();
    known.sort_by(|one, other| one.meta.code.cmp(&other.meta.code));
    let index = FigureIndex { known, directory };
    let mut inconsistencies = index.find_in_pairs();
    inconsistencies.extend(index.find_in_periods());
    inconsistencies.extend(index.find_in_countries(computed));
    inconsistencies.sort_by(|one, other| (one.rule, codes(one)).cmp(&(other.rule, codes(other))));
    inconsistencies.truncate(MAX_INCONSISTENCIES);
    inconsistencies
}

/// The maximum number of inconsistencies in one response.
const MAX_INCONSISTENCIES: usize = 100;

fn codes(inconsistency: &Inconsistency) -> Vec<&str> {
    inconsistency.figures.iter().map(|figure| figure.meta.code.as_str()).collect()
}

/// Returns the date of a figure, or else its period.
fn date_of(figure: &Figure) -> Option<&FuzzyDate> {
    figure.as_of.as_ref().or(figure.period.as_ref())
}

fn is_known_on(figure: &Entry<Figure>, day: Day) -> bool {
    let counts = figure.content.common.counts_from;
    counts.or_else(|| date_of(&figure.content)?.latest()).is_none_or(|counts| counts <= day)
}

fn subject_of(figure: &Figure) -> FigureSubject<'_> {
    (figure.common.origin_unit, figure.organization.as_deref(), figure.country, &figure.dimensions)
}

/// Returns whether every possible value of `one` is less than every one of `other`.
fn is_below(one: &Quantity, other: &Quantity) -> bool {
    one.upper.zip(other.lower).is_some_and(|(most, least)| most < least)
}

struct FigureIndex<'a> {
    known: Vec<&'a Entry<Figure>>,
    directory: &'a Directory,
}

impl<'a> FigureIndex<'a> {
    fn of_indicator(&self, indicator: &str) -> impl Iterator<Item = &'a Entry<Figure>> {
        let code = |figure: &Entry<Figure>| {
            self.directory.term(figure.content.indicator).map(|term| term.code.as_str())
        };
        self.known.iter().copied().filter(move |figure| code(figure) == Some(indicator))
    }

    /// Returns the newest figure of an indicator for each subject.
    fn newest(&self, indicator: &str) -> Vec<&'a Entry<Figure>> {
        let mut newest: Vec<&Entry<Figure>> = Vec::new();
        for figure in self.of_indicator(indicator) {
            let date = |figure: &Entry<Figure>| date_of(&figure.content).and_then(FuzzyDate::latest);
            match newest.iter_mut().find(|other| subject_of(&other.content) == subject_of(&figure.content)) {
                Some(other) if date(other) < date(figure) => *other = figure,
                Some(_) => {}
                None => newest.push(figure),
            }
        }
        newest
    }

    fn find_in_pairs(&self) -> Vec<Inconsistency> {
        let mut inconsistencies = Vec::new();
        for (rule, greater, less) in PAIRS {
            let wholes = self.newest(greater);
            for figure in self.newest(less) {
                let less_than_part = wholes.iter().find(|whole| {
                    subject_of(&whole.content) == subject_of(&figure.content)
                        && whole.content.period == figure.content.period
                        && is_below(&whole.content.quantity, &figure.content.quantity)
                });
                let figures = less_than_part.map(|whole| vec![(*whole).clone(), figure.clone()]);
                inconsistencies.extend(figures.map(|figures| Inconsistency {
                    rule,
                    figures,
                    computed: None,
                }));
            }
        }
        inconsistencies
    }

    /// Returns additive figures that are less than a figure for a part of their period.
    fn find_in_periods(&self) -> Vec<Inconsistency> {
        let is_additive = |figure: &&&Entry<Figure>| {
            self.directory.term(figure.content.indicator).is_some_and(|term| term.is_additive)
        };
        let with_period: Vec<_> = self
            .known
            .iter()
            .filter(is_additive)
            .filter_map(|figure| Some((*figure, figure.content.period.as_ref().and_then(bounds)?)))
            .collect();
        let mut inconsistencies = Vec::new();
        for (whole, (from, to)) in &with_period {
            for (part, (begins, ends)) in &with_period {
                let is_part = from <= begins && ends <= to && (from, to) != (begins, ends);
                let is_same = whole.content.indicator == part.content.indicator
                    && whole.content.quantity.unit == part.content.quantity.unit
                    && whole.content.basis == part.content.basis
                    && subject_of(&whole.content) == subject_of(&part.content);
                if is_part && is_same && is_below(&whole.content.quantity, &part.content.quantity) {
                    let figures = vec![(*whole).clone(), (*part).clone()];
                    inconsistencies.push(Inconsistency {
                        rule: InconsistencyRule::WholeBelowPart,
                        figures,
                        computed: None,
                    });
                }
                if inconsistencies.len() == MAX_INCONSISTENCIES {
                    return inconsistencies;
                }
            }
        }
        inconsistencies
    }

    fn find_in_countries(
        &self,
        computed: &dyn Fn(&IndicatorDefinition, &Figure) -> Option<Quantity>,
    ) -> Vec<Inconsistency> {
        let Some(definition) = IndicatorDefinition::of(COUNTRIES) else { return Vec::new() };
        let inconsistency = |figure: &&Entry<Figure>| {
            let reported = &figure.content.quantity;
            let counted = computed(definition, &figure.content)?;
            (is_below(reported, &counted) || is_below(&counted, reported)).then(|| Inconsistency {
                rule: InconsistencyRule::CountriesUnlikeComputed,
                figures: vec![(*figure).clone()],
                computed: Some(counted),
            })
        };
        self.newest(COUNTRIES).iter().filter_map(inconsistency).collect()
    }
}

/// Returns the first and the last day of a period; `None` when a side is open.
fn bounds(period: &FuzzyDate) -> Option<(Day, Day)> {
    period.earliest().zip(period.latest())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::directory::Reference;
    use crate::entry::{Common, EntryMeta, Publication};
    use crate::figure::Basis;
    use crate::id::{Id, Log};
    use crate::locale::Bilingual;
    use crate::quantity::{Qualifier, QuantityParts};
    use crate::reference::{Term, Vocabulary};

    const INDICATORS: [&str; 7] = [
        "total_agreements",
        "agreements_in_effect",
        "delegations_out",
        "delegates_out",
        "partner_countries",
        "fdi_total",
        "unesco_titles_new",
    ];

    fn directory() -> Directory {
        let term = |(number, code): (i32, &str)| Term {
            id: Id::new(number),
            vocabulary: Vocabulary::Indicator,
            code: code.to_owned(),
            name: Bilingual::default(),
            parent: None,
            valid_from: None,
            units: Vec::new(),
            is_additive: code != "unesco_titles_new",
            source: None,
        };
        Directory::new(Reference { terms: (1..).zip(INDICATORS).map(term).collect(), ..Reference::default() })
    }

    /// Parses a figure of unit 1 from a line such as `FIG-1 total_agreements EXACT 88 2025-11 -`,
    /// which ends with date and period, `-` for none.
    fn figure(line: &str) -> Entry<Figure> {
        let words: Vec<&str> = line.split(' ').collect();
        let [code, indicator, qualifier, value, as_of, period] = words.try_into().unwrap();
        let date = |text: &str| FuzzyDate::parse(text).ok();
        let indicator = INDICATORS.iter().position(|known| *known == indicator).unwrap();
        let quantity = Quantity::new(QuantityParts {
            value: value.parse().ok(),
            qualifier: qualifier.parse::<Qualifier>().unwrap(),
            unit: "thing".to_owned(),
            ..QuantityParts::default()
        });
        Entry {
            meta: EntryMeta {
                log: Log::new(1),
                number: 1,
                code: code.to_owned(),
                version: 1,
                last_version: 1,
                publication: Publication::Published,
                pending: None,
                published_at_us: None,
                updated_at_us: 0,
            },
            content: Figure {
                common: Common { origin_unit: Some(Id::new(1)), ..Common::default() },
                indicator: Id::new(i32::try_from(indicator).unwrap() + 1),
                quantity: quantity.unwrap(),
                basis: Basis::Reported,
                organization: None,
                country: None,
                dimensions: Vec::new(),
                period: date(period),
                as_of: date(as_of),
                change_percent: None,
                quote: None,
                note: None,
            },
        }
    }

    fn find(lines: &[&str], day: &str, countries: i64) -> Vec<String> {
        let figures: Vec<_> = lines.iter().map(|line| figure(line)).collect();
        let computed = |_: &IndicatorDefinition, _: &Figure| Quantity::exact(countries, "country").ok();
        let found = find_inconsistencies(&figures, &directory(), day.parse().unwrap(), &computed);
        found
            .iter()
            .map(|inconsistency| format!("{} {}", inconsistency.rule, codes(inconsistency).join(" ")))
            .collect()
    }

    #[test]
    fn more_in_effect_than_signed_is_inconsistent() {
        let signed = "F1 total_agreements EXACT 20 2025-11 -";
        let lines = [signed, "F2 agreements_in_effect EXACT 27 2025-11 -"];
        assert_eq!(find(&lines, "2026-11-22", 0), ["IN_FORCE_ABOVE_SIGNED F1 F2"]);
        assert!(find(&lines, "2025-11-29", 0).is_empty(), "neither figure is known before its month is over");
        let lines = [signed, "F2 agreements_in_effect EXACT 20 2025-11 -"];
        assert!(find(&lines, "2026-11-22", 0).is_empty());
        let newer =
            [signed, "F2 agreements_in_effect EXACT 27 2025-11 -", "F3 total_agreements EXACT 30 2026-01 -"];
        assert!(find(&newer, "2026-11-22", 0).is_empty(), "the newest figure counts");
        assert_eq!(find(&newer, "2025-12-31", 0), ["IN_FORCE_ABOVE_SIGNED F1 F2"]);
    }

    #[test]
    fn overlapping_bounds_are_consistent() {
        let in_effect = "F2 agreements_in_effect EXACT 27 2025-11 -";
        let more = ["F1 total_agreements MORE_THAN 20 2025-11 -", in_effect];
        assert!(find(&more, "2026-11-22", 0).is_empty());
        let nearly = ["F1 total_agreements NEARLY 20 2025-11 -", in_effect];
        assert_eq!(find(&nearly, "2026-11-22", 0), ["IN_FORCE_ABOVE_SIGNED F1 F2"]);
    }

    #[test]
    fn additive_year_to_date_below_a_month_is_inconsistent() {
        let lines = ["F1 fdi_total EXACT 5 2025-11 2025-01/2025-11", "F2 fdi_total EXACT 7 2025-10 2025-10"];
        assert_eq!(find(&lines, "2026-11-22", 0), ["WHOLE_BELOW_PART F1 F2"]);
        let lines = ["F1 fdi_total EXACT 9 2025-11 2025-01/2025-11", "F2 fdi_total EXACT 7 2025-10 2025-10"];
        assert!(find(&lines, "2026-11-22", 0).is_empty());
        let titles =
            ["F1 unesco_titles_new EXACT 5 2025 2025", "F2 unesco_titles_new EXACT 7 2025-10 2025-10"];
        assert!(find(&titles, "2026-11-22", 0).is_empty());
    }

    #[test]
    fn fewer_persons_than_delegations_is_inconsistent() {
        let lines = ["F1 delegations_out EXACT 173 - 2020/..", "F2 delegates_out EXACT 100 - 2020/.."];
        assert_eq!(find(&lines, "2026-11-22", 0), ["PERSONS_BELOW_DELEGATIONS F2 F1"]);
        let other = ["F1 delegations_out EXACT 173 - 2020/..", "F2 delegates_out EXACT 100 - 2021/.."];
        assert!(find(&other, "2026-11-22", 0).is_empty(), "of another period");
    }

    #[test]
    fn countries_other_than_computed_are_inconsistent() {
        let lines = ["F1 partner_countries EXACT 17 2025-11 -"];
        assert_eq!(find(&lines, "2026-11-22", 6), ["COUNTRIES_UNLIKE_COMPUTED F1"]);
        assert!(find(&lines, "2026-11-22", 17).is_empty());
    }
}
