//! Labels of group values for people.

use super::GroupKeyValue;
use crate::agreement::SigningLevel;
use crate::date::{DateUnit, Day};
use crate::directory::Directory;
use crate::entry::{Direction, Pillar, UnitId};
use crate::locale::{Bilingual, Locale};
use crate::organization::OrganizationStage;
use crate::relation::RelationTier;
use crate::status::{AgreementStatus, RelationStatus, Status};
use chrono::Datelike;

impl GroupKeyValue {
    /// Returns the name in a language; of a unit, its name on `day`. A value that is not in the
    /// directory returns its code.
    #[must_use]
    pub fn label(&self, directory: &Directory, day: Day, locale: Locale) -> String {
        let read = |name: &Bilingual| Some(name.in_locale(locale).to_owned());
        let named = |unit: UnitId| {
            let designation = directory.unit(unit).and_then(|unit| unit.designation(day));
            designation.and_then(|designation| read(&designation.name))
        };
        let label = match self {
            Self::Log(log) => directory.province(*log).and_then(|province| named(province.unit)),
            Self::Unit(id) => named(*id),
            Self::Country(id) => directory.country(*id).and_then(|country| read(&country.name)),
            Self::Locality(id) => directory.locality(*id).and_then(|place| read(&place.name)),
            Self::Term(id) => directory.term(*id).and_then(|term| read(&term.name)),
            Self::Region(name) => Some(region(name, locale).to_owned()),
            Self::Pillar(value) => Some(pillar(*value, locale).to_owned()),
            Self::Tier(value) => Some(tier(*value, locale).to_owned()),
            Self::Level(value) => Some(level(*value, locale).to_owned()),
            Self::Stage(value) => Some(stage(*value, locale).to_owned()),
            Self::Status(value) => Some(status(*value, locale).to_owned()),
            Self::Direction(value) => Some(direction(*value, locale).to_owned()),
            Self::Bucket { start, unit } => Some(bucket(*start, *unit, locale)),
        };
        label.unwrap_or_else(|| self.code(directory).into_owned())
    }
}

fn pick(locale: Locale, vi: &'static str, en: &'static str) -> &'static str {
    match locale {
        Locale::Vi => vi,
        Locale::En => en,
    }
}

fn region(name: &str, locale: Locale) -> &str {
    match (locale, name) {
        (Locale::Vi, "Africa") => "Châu Phi",
        (Locale::Vi, "Americas") => "Châu Mỹ",
        (Locale::Vi, "Asia") => "Châu Á",
        (Locale::Vi, "Europe") => "Châu Âu",
        (Locale::Vi, "Oceania") => "Châu Đại Dương",
        (Locale::Vi | Locale::En, _) => name,
    }
}

fn pillar(pillar: Pillar, locale: Locale) -> &'static str {
    match pillar {
        Pillar::Party => pick(locale, "Đối ngoại Đảng", "Party diplomacy"),
        Pillar::State => pick(locale, "Ngoại giao Nhà nước", "State diplomacy"),
        Pillar::People => pick(locale, "Đối ngoại nhân dân", "People-to-people diplomacy"),
    }
}

fn stage(stage: OrganizationStage, locale: Locale) -> &'static str {
    match stage {
        OrganizationStage::Committee => pick(locale, "Ban vận động", "Preparatory committee"),
        OrganizationStage::Established => pick(locale, "Đã thành lập", "Established"),
        OrganizationStage::Suspended => pick(locale, "Tạm ngừng hoạt động", "Suspended"),
        OrganizationStage::Dissolved => pick(locale, "Đã giải thể", "Dissolved"),
    }
}

fn tier(tier: RelationTier, locale: Locale) -> &'static str {
    match tier {
        RelationTier::Sister => pick(locale, "Kết nghĩa", "Sister"),
        RelationTier::Friendship => pick(locale, "Hữu nghị", "Friendship"),
        RelationTier::Cooperation => pick(locale, "Hợp tác", "Cooperation"),
        RelationTier::BorderTwin => pick(locale, "Kết nghĩa biên giới", "Border twinning"),
        RelationTier::PartyToParty => pick(locale, "Quan hệ kênh Đảng", "Party to Party"),
        RelationTier::OrganizationTwin => pick(locale, "Kết nghĩa giữa các tổ chức", "Twinned organizations"),
        RelationTier::Project => pick(locale, "Hợp tác theo dự án", "Project"),
        RelationTier::Contact => pick(locale, "Tiếp xúc, trao đổi", "Contact"),
    }
}

fn level(level: SigningLevel, locale: Locale) -> &'static str {
    match level {
        SigningLevel::Province => pick(locale, "Cấp tỉnh", "Province"),
        SigningLevel::Council => pick(locale, "Hội đồng nhân dân", "People’s council"),
        SigningLevel::Department => pick(locale, "Cấp sở, ngành", "Department"),
        SigningLevel::District => pick(locale, "Cấp huyện", "District"),
        SigningLevel::BorderCommune => pick(locale, "Cấp xã ở khu vực biên giới", "Border commune"),
        SigningLevel::Organization => pick(locale, "Tổ chức", "Organization"),
        SigningLevel::Party => pick(locale, "Cơ quan của Đảng", "Party"),
    }
}

fn status(status: Status, locale: Locale) -> &'static str {
    match status {
        Status::Relation(status) => relation_status(status, locale),
        Status::Agreement(status) => agreement_status(status, locale),
    }
}

fn relation_status(status: RelationStatus, locale: Locale) -> &'static str {
    match status {
        RelationStatus::Proposed => pick(locale, "Đang đề xuất", "Proposed"),
        RelationStatus::Active => pick(locale, "Đang duy trì", "Active"),
        RelationStatus::Dormant => pick(locale, "Lâu không có hoạt động", "Dormant"),
        RelationStatus::Ended => pick(locale, "Đã chấm dứt", "Ended"),
        RelationStatus::Unknown => pick(locale, "Chưa rõ", "Unknown"),
    }
}

fn agreement_status(status: AgreementStatus, locale: Locale) -> &'static str {
    match status {
        AgreementStatus::SignedNotInForce => pick(locale, "Đã ký, chưa có hiệu lực", "Signed, not in force"),
        AgreementStatus::InForce => pick(locale, "Đang có hiệu lực", "In force"),
        AgreementStatus::Suspended => pick(locale, "Tạm đình chỉ thực hiện", "Suspended"),
        AgreementStatus::Expired => pick(locale, "Đã hết thời hạn", "Expired"),
        AgreementStatus::Terminated => pick(locale, "Đã chấm dứt hiệu lực", "Terminated"),
        AgreementStatus::Withdrawn => pick(locale, "Đã rút khỏi", "Withdrawn"),
        AgreementStatus::Superseded => pick(locale, "Đã được thay thế", "Superseded"),
        AgreementStatus::Unknown => pick(locale, "Chưa rõ", "Unknown"),
    }
}

fn direction(direction: Direction, locale: Locale) -> &'static str {
    match direction {
        Direction::In => pick(locale, "Đoàn vào", "Inbound"),
        Direction::Out => pick(locale, "Đoàn ra", "Outbound"),
        Direction::Domestic => pick(locale, "Trong nước", "Within Vietnam"),
        Direction::Online => pick(locale, "Trực tuyến", "Online"),
    }
}

fn bucket(start: Day, unit: DateUnit, locale: Locale) -> String {
    let (year, month, quarter) = (start.year(), start.month(), start.month0() / 3);
    match (unit, locale) {
        (DateUnit::Month, Locale::Vi) => format!("tháng {month}/{year}"),
        (DateUnit::Month, Locale::En) => format!("{} {year}", start.format("%B")),
        (DateUnit::Quarter, Locale::Vi) => {
            format!("quý {}/{year}", ["I", "II", "III", "IV"][quarter as usize])
        }
        (DateUnit::Quarter, Locale::En) => format!("Q{} {year}", quarter + 1),
        (DateUnit::Year, Locale::Vi) => format!("năm {year}"),
        (DateUnit::Year, Locale::En) => year.to_string(),
        // The first decade begins with the year 1, because there is no year 0.
        (DateUnit::Decade, Locale::Vi) => format!("thập niên {}", year - year % 10),
        (DateUnit::Decade, Locale::En) => format!("{}s", year - year % 10),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn period_labels_follow_local_usage() {
        let start = Day::from_ymd_opt(2025, 7, 1).unwrap();
        let labels = |unit| Locale::ALL.map(|locale| bucket(start, unit, locale));
        assert_eq!(labels(DateUnit::Month), ["tháng 7/2025", "July 2025"]);
        assert_eq!(labels(DateUnit::Quarter), ["quý III/2025", "Q3 2025"]);
        assert_eq!(labels(DateUnit::Year), ["năm 2025", "2025"]);
        assert_eq!(labels(DateUnit::Decade), ["thập niên 2020", "2020s"]);
    }
}
