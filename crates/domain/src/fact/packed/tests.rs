use super::*;
use crate::date::{Day, FuzzyDate};
use crate::entry::{Direction, EntryKey, EntryKind, Pillar, Publication};
use crate::event::{EventLevel, EventMode};
use crate::fact::Period;
use crate::id::{Id, Log};
use crate::organization::{OrganizationStage, StageTurn};
use crate::quantity::{Qualifier, Quantity, QuantityParts};
use crate::relation::RelationTier;
use crate::status::{AgreementStatus, RelationStatus, Span, Status};
use strum::VariantArray as _;

fn day(text: &str) -> Day {
    text.parse().unwrap()
}

fn whole() -> Fact {
    let parts = QuantityParts {
        value: Some(120.into()),
        qualifier: Qualifier::AtLeast,
        unit: "person".to_owned(),
        ..QuantityParts::default()
    };
    let until = day("2024-12-31");
    Fact {
        key: EntryKey { kind: EntryKind::Event, log: Log::new(31), number: 70_000 },
        origin_unit: Some(Id::new(48)),
        pillar: Some(Pillar::People),
        fields: vec![Id::new(3), Id::new(5)],
        localities: vec![Id::new(901)],
        country: Some(Id::new(84)),
        countries: vec![Id::new(81), Id::new(84)],
        tier: Some(RelationTier::VARIANTS[1]),
        level: None,
        term: Some(Id::new(12)),
        direction: Some(Direction::Out),
        event_level: Some(EventLevel::VARIANTS[0]),
        mode: Some(EventMode::VARIANTS[1]),
        series: Some("ngay viet nam".to_owned()),
        edition: None,
        delegates: Some(Quantity::new(parts).unwrap()),
        connections: None,
        stage: Some(OrganizationStage::VARIANTS[0]),
        stage_turns: vec![StageTurn { on: until, stage: OrganizationStage::VARIANTS[1] }],
        counts_from: day("2019-05-02"),
        first: Period::of(Some(&FuzzyDate::parse("2019-05").unwrap())),
        expires: Period::UNDATED,
        published: Period { is_dated: true, earliest: until, latest: until },
        publication: Publication::Published,
        spans: vec![
            Span { status: Status::Agreement(AgreementStatus::InForce), from: day("2019-05-02"), to: until },
            Span {
                status: Status::Relation(RelationStatus::Ended),
                from: day("2025-01-01"),
                to: day("9999-12-31"),
            },
        ],
    }
}

/// The bytes stand in databases: where this test fails, [`FORMAT`] must be another one.
#[test]
fn a_fact_is_packed_in_these_bytes() {
    let bytes = whole().packed().unwrap();
    let digits = bytes.iter().flat_map(|byte| [byte >> 4, byte & 15]);
    let hex: String = digits.filter_map(|digit| char::from_digit(digit.into(), 16)).collect();
    let expected = concat!(
        "023ee0c5080160010202060a018a0e01a80102a201a8010101000118010101000101010d6e6761792076696574206e",
        "616d000101033132300103313230000106706572736f6e00000100010a323032342d31322d333101bafe5901b8fe59",
        "f4fe590002b6e7bd0301e69e5ae69e5a02020101bafe59e69e5a0003e89e5ab6e7bd03",
    );
    assert_eq!(hex, expected);
    assert_eq!(Fact::unpacked(&bytes), Ok(whole()));
}

#[test]
fn other_bytes_are_no_fact() {
    let bytes = whole().packed().unwrap();
    assert!(Fact::unpacked(&[]).is_err());
    assert!(Fact::unpacked(&bytes[..bytes.len() - 1]).is_err());
    let followed = Fact::unpacked(&[bytes, vec![0, 0]].concat()).unwrap_err();
    assert_eq!(followed.to_string(), format!("2 bytes follow a fact of format {FORMAT}"));
}
