//! Labels of group values and of rules.

use crate::catalogue::{text, word};
use caunoi_domain::date::{DateUnit, Day};
use caunoi_domain::directory::Directory;
use caunoi_domain::entry::UnitId;
use caunoi_domain::locale::{Bilingual, Locale};
use caunoi_domain::statistics::{GroupKeyValue, InconsistencyRule};
use caunoi_domain::status::Status;
use chrono::Datelike;
use serde::Serialize;
use strum::{EnumDiscriminants, VariantArray};

/// A calendar period.
#[derive(Debug, Clone, Copy, Serialize, EnumDiscriminants)]
#[strum_discriminants(name(BucketKind), derive(VariantArray), vis(pub(crate)))]
#[serde(rename_all = "kebab-case")]
pub(crate) enum Bucket {
    Month { month: u32, year: YearNumber },
    Quarter { quarter: u32, year: YearNumber },
    Year { year: YearNumber },
    Decade { year: YearNumber },
}

/// A year, which no language groups into thousands.
#[derive(Debug, Clone, Copy)]
pub(crate) struct YearNumber(pub(crate) i32);

impl Serialize for YearNumber {
    fn serialize<S: serde::Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_str(&self.0)
    }
}

/// Returns the name of a group value in a language; of a unit, its name on `day`. A value that is
/// not in the directory returns its code.
#[must_use]
pub fn label(value: &GroupKeyValue, directory: &Directory, day: Day, locale: Locale) -> String {
    let read = |name: &Bilingual| Some(name.in_locale(locale).to_owned());
    let named = |unit: UnitId| {
        let designation = directory.unit(unit).and_then(|unit| unit.designation(day));
        designation.and_then(|designation| read(&designation.name))
    };
    let label = match value {
        GroupKeyValue::Log(log) => directory.province(*log).and_then(|province| named(province.unit)),
        GroupKeyValue::Unit(id) => named(*id),
        GroupKeyValue::Country(id) => directory.country(*id).and_then(|country| read(&country.name)),
        GroupKeyValue::Locality(id) => directory.locality(*id).and_then(|place| read(&place.name)),
        GroupKeyValue::Term(id) => directory.term(*id).and_then(|term| read(&term.name)),
        GroupKeyValue::Region(value) => Some(word("region", (*value).into(), locale)),
        GroupKeyValue::Pillar(value) => Some(word("pillar", (*value).into(), locale)),
        GroupKeyValue::Tier(value) => Some(word("tier", (*value).into(), locale)),
        GroupKeyValue::Level(value) => Some(word("level", (*value).into(), locale)),
        GroupKeyValue::Stage(value) => Some(word("stage", (*value).into(), locale)),
        GroupKeyValue::Status(Status::Relation(value)) => {
            Some(word("relation-status", (*value).into(), locale))
        }
        GroupKeyValue::Status(Status::Agreement(value)) => {
            Some(word("agreement-status", (*value).into(), locale))
        }
        GroupKeyValue::Direction(value) => Some(word("direction", (*value).into(), locale)),
        GroupKeyValue::Bucket { start, unit } => Some(bucket(*start, *unit, locale)),
    };
    label.unwrap_or_else(|| value.code(directory).into_owned())
}

/// Returns the explanation of a rule that figures violate.
#[must_use]
pub fn inconsistency(rule: InconsistencyRule, locale: Locale) -> String {
    word("inconsistency", rule.into(), locale)
}

fn bucket(start: Day, unit: DateUnit, locale: Locale) -> String {
    let year = YearNumber(start.year());
    let bucket = match unit {
        DateUnit::Month => Bucket::Month { month: start.month(), year },
        DateUnit::Quarter => Bucket::Quarter { quarter: start.month0() / 3 + 1, year },
        DateUnit::Year => Bucket::Year { year },
        // The first decade begins with the year 1, because there is no year 0.
        DateUnit::Decade => Bucket::Decade { year: YearNumber(year.0 - year.0 % 10) },
    };
    text("bucket", &bucket, locale)
}

#[cfg(test)]
mod tests {
    use super::*;
    use caunoi_domain::agreement::SigningLevel;
    use caunoi_domain::directory::Reference;
    use caunoi_domain::entry::{Direction, Pillar};
    use caunoi_domain::id::Id;
    use caunoi_domain::organization::OrganizationStage;
    use caunoi_domain::place::{Country, Region, Subregion};
    use caunoi_domain::relation::RelationTier;
    use caunoi_domain::status::{AgreementStatus, RelationStatus};

    #[test]
    fn period_labels_follow_local_usage() {
        let start = Day::from_ymd_opt(2025, 7, 1).unwrap();
        let labels = |unit| Locale::ALL.map(|locale| bucket(start, unit, locale));
        assert_eq!(labels(DateUnit::Month), ["tháng 7/2025", "July 2025"]);
        assert_eq!(labels(DateUnit::Quarter), ["quý III/2025", "Q3 2025"]);
        assert_eq!(labels(DateUnit::Year), ["năm 2025", "2025"]);
        assert_eq!(labels(DateUnit::Decade), ["thập niên 2020", "2020s"]);
    }

    fn day() -> Day {
        Day::from_ymd_opt(2026, 11, 22).unwrap()
    }

    #[test]
    fn labels_of_closed_lists_are_unique() {
        let directory = Directory::default();
        let relation = RelationStatus::VARIANTS.iter().copied().map(Status::Relation);
        let agreement = AgreementStatus::VARIANTS.iter().copied().map(Status::Agreement);
        let sets: [Vec<GroupKeyValue>; 7] = [
            Pillar::VARIANTS.iter().copied().map(GroupKeyValue::Pillar).collect(),
            RelationTier::VARIANTS.iter().copied().map(GroupKeyValue::Tier).collect(),
            SigningLevel::VARIANTS.iter().copied().map(GroupKeyValue::Level).collect(),
            OrganizationStage::VARIANTS.iter().copied().map(GroupKeyValue::Stage).collect(),
            Direction::VARIANTS.iter().copied().map(GroupKeyValue::Direction).collect(),
            relation.map(GroupKeyValue::Status).collect(),
            agreement.map(GroupKeyValue::Status).collect(),
        ];
        for values in sets {
            for locale in Locale::ALL {
                let mut labels: Vec<String> =
                    values.iter().map(|value| label(value, &directory, day(), locale)).collect();
                labels.sort();
                labels.dedup();
                assert_eq!(labels.len(), values.len());
            }
        }
    }

    #[test]
    fn labels_have_both_languages_and_fall_back_to_codes() {
        let country = Country {
            id: Id::new(2),
            iso2: "LA".to_owned(),
            iso3: "LAO".to_owned(),
            name: Bilingual::both("nước 2".to_owned(), "land 2".to_owned()),
            region: Some(Region::Asia),
            subregion: Some(Subregion::SouthEasternAsia),
        };
        let directory = Directory::new(Reference { countries: vec![country], ..Reference::default() });
        let label = |value: GroupKeyValue, locale| label(&value, &directory, day(), locale);
        assert_eq!(label(GroupKeyValue::Country(Id::new(2)), Locale::Vi), "nước 2");
        assert_eq!(label(GroupKeyValue::Country(Id::new(2)), Locale::En), "land 2");
        assert_eq!(label(GroupKeyValue::Region(Region::Oceania), Locale::Vi), "Châu Đại Dương");
        assert_eq!(label(GroupKeyValue::Region(Region::Oceania), Locale::En), "Oceania");
        assert_eq!(label(GroupKeyValue::Unit(UnitId::new(99)), Locale::Vi), "99");
    }
}
