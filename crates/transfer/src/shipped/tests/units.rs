//! Units, provinces and the ids that the register already uses.

use super::*;
use caunoi_domain::id::{Id, Log};
use caunoi_domain::unit::{AdminUnit, GeographyFact, SuccessionKind, UnitId, UnitKind};

fn valid_on(text: &str) -> usize {
    SHIPPED.reference.units.iter().filter(|unit| unit.is_valid_on(day(text))).count()
}

#[test]
fn number_of_units_matches_the_law() {
    for (on, count) in [
        ("1997-01-01", 61),
        ("2003-12-31", 61),
        ("2004-01-01", 64),
        ("2008-07-31", 64),
        ("2008-08-01", 63),
        ("2024-12-31", 63),
        ("2025-01-01", 63),
        ("2025-06-30", 63),
        ("2025-07-01", 34),
    ] {
        assert_eq!(valid_on(on), count, "{on}");
    }
}

/// Returns the oldest unit with a slug.
fn oldest(slug: &str) -> &'static AdminUnit {
    DIRECTORY.unit(DIRECTORY.units_by_slug(slug)[0]).unwrap()
}

#[test]
fn parts_of_2004_begin_where_their_origin_continues() {
    let law = Some("Resolution 22/2003/QH11");
    for (part, origin, province) in [
        ("DAK_NONG", "DAK_LAK", "LAM_DONG"),
        ("HAU_GIANG", "CAN_THO", "CAN_THO"),
        ("DIEN_BIEN", "LAI_CHAU", "DIEN_BIEN"),
    ] {
        let (part, origin) = (oldest(part), oldest(origin));
        assert_eq!((part.valid_from, part.split_from), (Some(day("2004-01-01")), Some(origin.id)));
        assert_eq!(part.designations[0].legal_basis.as_deref(), law);
        assert_eq!((origin.valid_from, origin.split_from), (None, None));
        assert_eq!(DIRECTORY.split_into(origin.id).map(|unit| unit.id).collect::<Vec<_>>(), [part.id]);
        // A split moves no entry: the origin stays itself, and the part represents itself before.
        assert_eq!(DIRECTORY.unit_on(origin.id, Some(day("2004-01-01"))), origin.id);
        assert_eq!(DIRECTORY.unit_on(part.id, Some(day("2003-12-31"))), part.id);
        let province = DIRECTORY.province_by_slug(province).unwrap();
        assert_eq!(DIRECTORY.province_of(part.id).unwrap().log, province.log);
    }
}

#[test]
fn can_tho_is_a_city_since_2004() {
    let kind = |on: &str| oldest("CAN_THO").designation(day(on)).unwrap().kind;
    assert_eq!((kind("2003-12-31"), kind("2004-01-01")), (UnitKind::Province, UnitKind::City));
    let bases: Vec<_> =
        oldest("CAN_THO").designations.iter().map(|step| step.legal_basis.as_deref()).collect();
    assert_eq!(bases, [None, Some("Resolution 22/2003/QH11")]);
}

#[test]
fn ha_tay_becomes_part_of_ha_noi_which_continues() {
    let (ha_tay, ha_noi) = (oldest("HA_TAY"), oldest("HA_NOI"));
    assert_eq!((ha_tay.valid_from, ha_tay.valid_to), (None, Some(day("2008-07-31"))));
    assert_eq!(ha_tay.designations[0].code, "28");
    assert_eq!((ha_noi.valid_from, ha_noi.valid_to, ha_noi.designations.len()), (None, None, 1));
    assert_eq!(DIRECTORY.unit_on(ha_tay.id, Some(day("2008-07-31"))), ha_tay.id);
    assert_eq!(DIRECTORY.unit_on(ha_tay.id, Some(day("2008-08-01"))), ha_noi.id);
    let succession =
        DIRECTORY.successions().iter().find(|succession| succession.successor == ha_noi.id).unwrap();
    assert_eq!((succession.predecessor, succession.kind), (ha_tay.id, SuccessionKind::Merged));
    assert_eq!(succession.legal_basis, "Resolution 15/2008/QH12");
}

#[test]
fn lineage_has_no_cycle_and_ends_in_one_province() {
    let successors = |unit: &AdminUnit| -> Vec<UnitId> {
        let replaced = DIRECTORY.successors(unit.id).map(|next| next.id);
        replaced.chain(DIRECTORY.split_into(unit.id).map(|part| part.id)).collect()
    };
    for unit in DIRECTORY.units() {
        assert!(DIRECTORY.province_of(unit.id).is_some(), "{}", unit.slug);
        assert_eq!(
            DIRECTORY.successors(unit.id).count(),
            usize::from(unit.valid_to.is_some()),
            "{}",
            unit.slug
        );
        let mut ahead = successors(unit);
        for _ in 0..DIRECTORY.units().len() {
            assert!(!ahead.contains(&unit.id), "{} follows itself", unit.slug);
            ahead = ahead.iter().flat_map(|next| successors(DIRECTORY.unit(*next).unwrap())).collect();
        }
        assert!(ahead.is_empty());
    }
}

#[test]
fn merger_opens_a_unit_even_with_the_same_slug() {
    let units: Vec<_> =
        DIRECTORY.units_by_slug("QUANG_TRI").iter().map(|id| DIRECTORY.unit(*id).unwrap()).collect();
    assert_eq!(units.len(), 2);
    assert_eq!((units[0].valid_from, units[0].valid_to), (None, Some(day("2025-06-30"))));
    assert_eq!((units[1].valid_from, units[1].valid_to), (Some(day("2025-07-01")), None));
    assert_eq!(
        (units[0].designations[0].code.as_str(), units[1].designations[0].code.as_str()),
        ("45", "44")
    );
    assert_eq!(DIRECTORY.predecessors(units[1].id).count(), 2);
    assert_eq!((units[0].iso_3166_2.as_deref(), units[1].iso_3166_2.as_deref()), (Some("VN-25"), None));
}

#[test]
fn renaming_opens_a_unit_that_the_reform_does_not_change() {
    let hue = DIRECTORY.unit(DIRECTORY.units_by_slug("HUE")[0]).unwrap();
    assert_eq!((hue.valid_from, hue.valid_to, hue.designations.len()), (Some(day("2025-01-01")), None, 1));
    assert_eq!(hue.designations[0].kind, UnitKind::City);
    let before = DIRECTORY.unit(DIRECTORY.units_by_slug("THUA_THIEN_HUE")[0]).unwrap();
    assert_eq!(before.valid_to, Some(day("2024-12-31")));
    let succession =
        DIRECTORY.successions().iter().find(|succession| succession.successor == hue.id).unwrap();
    assert_eq!((succession.predecessor, succession.kind), (before.id, SuccessionKind::Renamed));
}

#[test]
fn unchanged_unit_continues_with_dated_kinds() {
    let ids = DIRECTORY.units_by_slug("NGHE_AN");
    assert_eq!(ids.len(), 1);
    let nghe_an = DIRECTORY.unit(ids[0]).unwrap();
    assert_eq!((nghe_an.valid_from, nghe_an.designations.len(), nghe_an.geography.len()), (None, 1, 2));
    let border = nghe_an.geography.iter().find(|length| length.fact == GeographyFact::BorderKm).unwrap();
    assert_eq!((format_quantity(&border.length).as_str(), border.neighbours.len()), ("EXACT 468 468 468", 3));
    let dong_nai = DIRECTORY.unit(DIRECTORY.province_by_slug("DONG_NAI").unwrap().unit).unwrap();
    let kind = |on: &str| dong_nai.designation(day(on)).unwrap().kind;
    assert_eq!((kind("2026-04-29"), kind("2026-04-30")), (UnitKind::Province, UnitKind::City));
    assert_eq!(dong_nai.designations[1].legal_basis.as_deref(), Some("Resolution 30/2026/QH16"));
}

#[test]
fn undated_length_belongs_to_the_oldest_unit() {
    let geography = |slug: &str| DIRECTORY.unit(DIRECTORY.units_by_slug(slug)[0]).unwrap().geography.len();
    assert_eq!((geography("HA_GIANG"), geography("DAK_NONG"), geography("BINH_PHUOC")), (1, 1, 1));
    assert_eq!(geography("LANG_SON"), 1);
}

#[test]
fn provinces_are_numbered_by_their_codes() {
    let slug = |log: i16| {
        let province = DIRECTORY.province(Log::new(log)).unwrap();
        DIRECTORY.unit(province.unit).unwrap().slug.as_str()
    };
    assert_eq!((slug(1), slug(2), slug(34)), ("HA_NOI", "CAO_BANG", "CA_MAU"));
}

#[test]
fn known_rows_keep_their_ids() {
    let mut known = SHIPPED.reference.clone();
    // This register uses other ids and logs, and lacks one locality and one source.
    known.localities.retain(|locality| locality.slug != "bg-sofia");
    known.sources.retain(|source| source.code != "general-knowledge");
    known.localities.reverse();
    for locality in &mut known.localities {
        locality.id = Id::new(locality.id.number() + 1000);
    }
    for unit in &mut known.units {
        unit.id = Id::new(unit.id.number() + 500);
    }
    for province in &mut known.provinces {
        province.unit = Id::new(province.unit.number() + 500);
        province.log = Log::new(35 - province.log.number());
    }
    let reread = data_set(&known).unwrap();
    for locality in &known.localities {
        let same = reread.reference.localities.iter().find(|other| other.slug == locality.slug).unwrap();
        assert_eq!(same.id, locality.id);
    }
    let sofia = reread.reference.localities.iter().find(|locality| locality.slug == "bg-sofia").unwrap();
    assert_eq!(Some(sofia.id.number()), known.localities.iter().map(|known| known.id.number() + 1).max());
    let keys = |reference: &Reference| -> Vec<_> {
        reference.units.iter().map(|unit| (unit.id, unit.slug.clone(), unit.valid_to)).collect()
    };
    assert_eq!(keys(&reread.reference), keys(&known));
    for province in &known.provinces {
        let same = reread.reference.provinces.iter().find(|other| other.unit == province.unit).unwrap();
        assert_eq!(same.log, province.log);
    }
    let terms = |reference: &Reference| -> Vec<_> {
        reference.terms.iter().map(|term| (term.id, term.code.clone())).collect()
    };
    assert_eq!(terms(&reread.reference), terms(&known));
}
