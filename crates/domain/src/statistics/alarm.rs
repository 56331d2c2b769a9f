//! Reported figures that contradict each other, or what the register counts.

use super::computed::Definition;
use crate::date::{Day, FuzzyDate};
use crate::directory::Directory;
use crate::entry::{CountryId, Entry, UnitId};
use crate::figure::{Dimension, Figure};
use crate::locale::Locale;
use crate::quantity::Quantity;
use strum::{Display, EnumString, IntoStaticStr, VariantArray};

/// What two numbers must not do.
#[derive(
    Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Display, EnumString, IntoStaticStr, VariantArray,
)]
#[strum(serialize_all = "SCREAMING_SNAKE_CASE")]
pub enum AlarmRule {
    /// More agreements in effect than were ever signed.
    InForceAboveSigned,
    /// Less in a longer period than in a part of it.
    WholeBelowPart,
    /// Fewer persons than delegations.
    PersonsBelowDelegations,
    /// Another number of countries than the register knows partners in.
    CountriesUnlikeComputed,
}

/// A contradiction.
#[derive(Debug, Clone)]
pub struct Alarm {
    /// Which rule it breaks.
    pub rule: AlarmRule,
    /// The figures concerned, the one that should be greater first.
    pub figures: Vec<Entry<Figure>>,
    /// What the register counts, where the rule asks for it.
    pub computed: Option<Quantity>,
}

/// Pairs of indicators of which the second must not be greater.
const PAIRS: [(AlarmRule, &str, &str); 3] = [
    (AlarmRule::InForceAboveSigned, "total_agreements", "agreements_in_effect"),
    (AlarmRule::PersonsBelowDelegations, "delegates_out", "delegations_out"),
    (AlarmRule::PersonsBelowDelegations, "delegates_in", "delegations_in"),
];

/// The indicator that is held beside what the register counts.
const COUNTRIES: &str = "partner_countries";

impl AlarmRule {
    /// The sentence for people.
    #[must_use]
    pub fn text(self, locale: Locale) -> &'static str {
        match (self, locale) {
            (Self::InForceAboveSigned, Locale::Vi) => {
                "Số thỏa thuận còn hiệu lực lớn hơn tổng số thỏa thuận đã ký."
            }
            (Self::InForceAboveSigned, Locale::En) => {
                "More agreements are in effect than were signed in all."
            }
            (Self::WholeBelowPart, Locale::Vi) => "Số lũy kế nhỏ hơn số của một phần trong kỳ.",
            (Self::WholeBelowPart, Locale::En) => {
                "The number of the longer period is less than that of a part of it."
            }
            (Self::PersonsBelowDelegations, Locale::Vi) => "Số lượt người nhỏ hơn số đoàn.",
            (Self::PersonsBelowDelegations, Locale::En) => "There are fewer persons than delegations.",
            (Self::CountriesUnlikeComputed, Locale::Vi) => {
                "Số quốc gia, vùng lãnh thổ báo cáo khác với số mà hệ thống đếm được."
            }
            (Self::CountriesUnlikeComputed, Locale::En) => {
                "The reported number of countries and territories is not the one that the register counts."
            }
        }
    }
}

/// What a figure is about, apart from its indicator and time.
type About<'a> = (Option<UnitId>, Option<&'a str>, Option<CountryId>, &'a [Dimension]);

/// Every contradiction between figures known on a day, rule by rule in the order of their codes.
/// Of each indicator and scope the newest figure speaks. Numbers with bounds contradict each other
/// only where all that they may mean does. `computed` says what the register counts beside one.
#[must_use]
pub fn alarms(
    figures: &[Entry<Figure>],
    directory: &Directory,
    day: Day,
    computed: &dyn Fn(&Definition, &Figure) -> Option<Quantity>,
) -> Vec<Alarm> {
    let mut known: Vec<&Entry<Figure>> = figures.iter().filter(|figure| speaks_by(figure, day)).collect();
    known.sort_by(|one, other| one.stamp.code.cmp(&other.stamp.code));
    let desk = Desk { known, directory };
    let mut alarms = desk.pairs();
    alarms.extend(desk.parts());
    alarms.extend(desk.countries(computed));
    alarms.sort_by(|one, other| (one.rule, codes(one)).cmp(&(other.rule, codes(other))));
    alarms.truncate(MOST_ALARMS);
    alarms
}

/// The most alarms that are told at once: whoever has more begins to mend with these.
const MOST_ALARMS: usize = 100;

fn codes(alarm: &Alarm) -> Vec<&str> {
    alarm.figures.iter().map(|figure| figure.stamp.code.as_str()).collect()
}

/// When a figure speaks: its date, else its period.
fn date_of(figure: &Figure) -> Option<&FuzzyDate> {
    figure.as_of.as_ref().or(figure.period.as_ref())
}

fn speaks_by(figure: &Entry<Figure>, day: Day) -> bool {
    let counts = figure.content.common.counts_from;
    counts.or_else(|| date_of(&figure.content)?.latest()).is_none_or(|counts| counts <= day)
}

fn about(figure: &Figure) -> About<'_> {
    (figure.common.origin_unit, figure.organization.as_deref(), figure.country, &figure.dimensions)
}

/// Whether the first is certainly less than the second.
fn is_below(one: &Quantity, other: &Quantity) -> bool {
    one.upper.zip(other.lower).is_some_and(|(most, least)| most < least)
}

struct Desk<'a> {
    known: Vec<&'a Entry<Figure>>,
    directory: &'a Directory,
}

impl<'a> Desk<'a> {
    fn of(&self, indicator: &str) -> impl Iterator<Item = &'a Entry<Figure>> {
        let code = |figure: &Entry<Figure>| {
            self.directory.term(figure.content.indicator).map(|term| term.code.as_str())
        };
        self.known.iter().copied().filter(move |figure| code(figure) == Some(indicator))
    }

    /// The newest figure of an indicator about each thing.
    fn newest(&self, indicator: &str) -> Vec<&'a Entry<Figure>> {
        let mut newest: Vec<&Entry<Figure>> = Vec::new();
        for figure in self.of(indicator) {
            let speaks = |figure: &Entry<Figure>| date_of(&figure.content).and_then(FuzzyDate::latest);
            match newest.iter_mut().find(|other| about(&other.content) == about(&figure.content)) {
                Some(other) if speaks(other) < speaks(figure) => *other = figure,
                Some(_) => {}
                None => newest.push(figure),
            }
        }
        newest
    }

    fn pairs(&self) -> Vec<Alarm> {
        let mut alarms = Vec::new();
        for (rule, greater, less) in PAIRS {
            let wholes = self.newest(greater);
            for figure in self.newest(less) {
                let beside = wholes.iter().find(|whole| {
                    about(&whole.content) == about(&figure.content)
                        && whole.content.period == figure.content.period
                        && is_below(&whole.content.quantity, &figure.content.quantity)
                });
                let figures = beside.map(|whole| vec![(*whole).clone(), figure.clone()]);
                alarms.extend(figures.map(|figures| Alarm { rule, figures, computed: None }));
            }
        }
        alarms
    }

    /// Numbers of a period that are less than those of a part of it; of additive indicators alone.
    fn parts(&self) -> Vec<Alarm> {
        let adds = |figure: &&&Entry<Figure>| {
            self.directory.term(figure.content.indicator).is_some_and(|term| term.is_additive)
        };
        let with_period: Vec<_> = self
            .known
            .iter()
            .filter(adds)
            .filter_map(|figure| Some((*figure, figure.content.period.as_ref().and_then(bounds)?)))
            .collect();
        let mut alarms = Vec::new();
        for (whole, (from, to)) in &with_period {
            for (part, (begins, ends)) in &with_period {
                let is_part = from <= begins && ends <= to && (from, to) != (begins, ends);
                let is_same = whole.content.indicator == part.content.indicator
                    && whole.content.quantity.unit == part.content.quantity.unit
                    && whole.content.basis == part.content.basis
                    && about(&whole.content) == about(&part.content);
                if is_part && is_same && is_below(&whole.content.quantity, &part.content.quantity) {
                    let figures = vec![(*whole).clone(), (*part).clone()];
                    alarms.push(Alarm { rule: AlarmRule::WholeBelowPart, figures, computed: None });
                }
                if alarms.len() == MOST_ALARMS {
                    return alarms;
                }
            }
        }
        alarms
    }

    fn countries(&self, computed: &dyn Fn(&Definition, &Figure) -> Option<Quantity>) -> Vec<Alarm> {
        let Some(definition) = Definition::of(COUNTRIES) else { return Vec::new() };
        let unlike = |figure: &&Entry<Figure>| {
            let reported = &figure.content.quantity;
            let counted = computed(definition, &figure.content)?;
            (is_below(reported, &counted) || is_below(&counted, reported)).then(|| Alarm {
                rule: AlarmRule::CountriesUnlikeComputed,
                figures: vec![(*figure).clone()],
                computed: Some(counted),
            })
        };
        self.newest(COUNTRIES).iter().filter_map(unlike).collect()
    }
}

/// The days of a period that has both ends.
fn bounds(period: &FuzzyDate) -> Option<(Day, Day)> {
    period.earliest().zip(period.latest())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::directory::Reference;
    use crate::entry::{Common, Publication, Stamp};
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

    /// A figure of unit 1 in one line: `FIG-1 total_agreements EXACT 88 2025-11 -`, with its date
    /// and its period, `-` for none.
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
            stamp: Stamp {
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

    fn told(lines: &[&str], day: &str, countries: i64) -> Vec<String> {
        let figures: Vec<_> = lines.iter().map(|line| figure(line)).collect();
        let computed = |_: &Definition, _: &Figure| Quantity::exact(countries, "country").ok();
        let found = alarms(&figures, &directory(), day.parse().unwrap(), &computed);
        found.iter().map(|alarm| format!("{} {}", alarm.rule, codes(alarm).join(" "))).collect()
    }

    #[test]
    fn more_in_effect_than_signed_is_an_alarm() {
        let signed = "F1 total_agreements EXACT 20 2025-11 -";
        let lines = [signed, "F2 agreements_in_effect EXACT 27 2025-11 -"];
        assert_eq!(told(&lines, "2026-11-22", 0), ["IN_FORCE_ABOVE_SIGNED F1 F2"]);
        assert!(told(&lines, "2025-11-29", 0).is_empty(), "neither speaks before its month is over");
        let lines = [signed, "F2 agreements_in_effect EXACT 20 2025-11 -"];
        assert!(told(&lines, "2026-11-22", 0).is_empty());
        let newer =
            [signed, "F2 agreements_in_effect EXACT 27 2025-11 -", "F3 total_agreements EXACT 30 2026-01 -"];
        assert!(told(&newer, "2026-11-22", 0).is_empty(), "the newest figure speaks");
        assert_eq!(told(&newer, "2025-12-31", 0), ["IN_FORCE_ABOVE_SIGNED F1 F2"]);
    }

    #[test]
    fn bounds_contradict_only_where_nothing_else_can_be_meant() {
        let in_effect = "F2 agreements_in_effect EXACT 27 2025-11 -";
        let more = ["F1 total_agreements MORE_THAN 20 2025-11 -", in_effect];
        assert!(told(&more, "2026-11-22", 0).is_empty());
        let nearly = ["F1 total_agreements NEARLY 20 2025-11 -", in_effect];
        assert_eq!(told(&nearly, "2026-11-22", 0), ["IN_FORCE_ABOVE_SIGNED F1 F2"]);
    }

    #[test]
    fn a_year_to_date_below_its_month_is_an_alarm_of_what_adds_up() {
        let lines = ["F1 fdi_total EXACT 5 2025-11 2025-01/2025-11", "F2 fdi_total EXACT 7 2025-10 2025-10"];
        assert_eq!(told(&lines, "2026-11-22", 0), ["WHOLE_BELOW_PART F1 F2"]);
        let lines = ["F1 fdi_total EXACT 9 2025-11 2025-01/2025-11", "F2 fdi_total EXACT 7 2025-10 2025-10"];
        assert!(told(&lines, "2026-11-22", 0).is_empty());
        let titles =
            ["F1 unesco_titles_new EXACT 5 2025 2025", "F2 unesco_titles_new EXACT 7 2025-10 2025-10"];
        assert!(told(&titles, "2026-11-22", 0).is_empty());
    }

    #[test]
    fn fewer_persons_than_delegations_is_an_alarm() {
        let lines = ["F1 delegations_out EXACT 173 - 2020/..", "F2 delegates_out EXACT 100 - 2020/.."];
        assert_eq!(told(&lines, "2026-11-22", 0), ["PERSONS_BELOW_DELEGATIONS F2 F1"]);
        let other = ["F1 delegations_out EXACT 173 - 2020/..", "F2 delegates_out EXACT 100 - 2021/.."];
        assert!(told(&other, "2026-11-22", 0).is_empty(), "of another period");
    }

    #[test]
    fn another_number_of_countries_than_computed_is_an_alarm() {
        let lines = ["F1 partner_countries EXACT 17 2025-11 -"];
        assert_eq!(told(&lines, "2026-11-22", 6), ["COUNTRIES_UNLIKE_COMPUTED F1"]);
        assert!(told(&lines, "2026-11-22", 17).is_empty());
    }
}
