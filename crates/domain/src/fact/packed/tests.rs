use super::*;
use crate::agreement::Lapse;
use crate::date::{Day, FuzzyDate};
use crate::entry::{Direction, EntryKey, EntryKind, Pillar, Publication};
use crate::event::{EventMode, EventRank, EventState};
use crate::fact::DateBounds;
use crate::id::{Id, Log};
use crate::organization::{OrganizationStage, StageStart};
use crate::quantity::{Qualifier, Quantity, QuantityParts};
use crate::relation::{ActivityPeriod, RelationTier};
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
        sources: vec![Id::new(40_000_000)],
        localities: vec![Id::new(901)],
        country: Some(Id::new(84)),
        countries: vec![Id::new(81), Id::new(84)],
        tier: Some(RelationTier::VARIANTS[1]),
        level: None,
        term: Some(Id::new(12)),
        direction: Some(Direction::Out),
        event_level: Some(EventRank::VARIANTS[0]),
        mode: Some(EventMode::VARIANTS[1]),
        state: Some(EventState::VARIANTS[1]),
        series: Some("ngay viet nam".to_owned()),
        edition: None,
        delegates: Some(Quantity::new(parts).unwrap()),
        connections: None,
        stage: Some(OrganizationStage::VARIANTS[0]),
        stage_starts: vec![StageStart { on: until, stage: OrganizationStage::VARIANTS[1] }],
        counts_from: day("2019-05-02"),
        first: DateBounds::from_date(Some(&FuzzyDate::parse("2019-05").unwrap())),
        expires: DateBounds::UNDATED,
        published: DateBounds::of_day(until),
        publication: Publication::Published,
        spans: vec![
            Span { status: Status::Agreement(AgreementStatus::InForce), from: day("2019-05-02"), to: until },
            Span {
                status: Status::Relation(RelationStatus::Ended),
                from: day("2025-01-01"),
                to: day("9999-12-31"),
            },
        ],
        lapses: vec![Lapse { known_from: day("2019-05-02"), on: until }],
        activity: vec![ActivityPeriod { from: day("2019-05-02"), to: until }],
        shared_units: vec![Id::new(49), Id::new(50)],
        shared_logs: vec![Log::new(7)],
    }
}

/// These bytes are stored in databases: where this test fails, [`FORMAT`] must change.
#[test]
fn packed_bytes_are_stable() {
    let bytes = whole().to_bytes().unwrap();
    let digits = bytes.iter().flat_map(|byte| [byte >> 4, byte & 15]);
    let hex: String = digits.filter_map(|digit| char::from_digit(digit.into(), 16)).collect();
    let expected = concat!(
        "023ee0c5080160010202060a0180e89226018a0e01a80102a201a80101010001180101010001010101010d6e676179",
        "2076696574206e616d000101033132300103313230000106706572736f6e00000100010a323032342d31322d333101",
        "bafe5902b8fe59f4fe590001e69e5a02020101bafe59e69e5a0003e89e5ab6e7bd0301bafe59e69e5a01bafe59e69e5a026264010e",
    );
    assert_eq!(hex, expected);
    assert_eq!(Fact::from_bytes(&bytes), Ok(whole()));
}

#[test]
fn bounds_of_dates_are_packed_and_unpacked() {
    for edtf in ["2019-05-02", "2019-05", "2019~", "2025-10-30/2025-11-03", "2025-10/..", "../2025?"] {
        let first = DateBounds::from_date(Some(&FuzzyDate::parse(edtf).unwrap()));
        let fact = Fact { first, ..whole() };
        assert_eq!(Fact::from_bytes(&fact.to_bytes().unwrap()), Ok(fact), "{edtf}");
    }
}

#[test]
fn truncated_or_longer_bytes_are_refused() {
    let bytes = whole().to_bytes().unwrap();
    assert!(Fact::from_bytes(&[]).is_err());
    assert!(Fact::from_bytes(&bytes[..bytes.len() - 1]).is_err());
    let followed = Fact::from_bytes(&[bytes, vec![0, 0]].concat()).unwrap_err();
    assert_eq!(followed.to_string(), format!("2 bytes follow a fact of format {FORMAT}"));
}

#[test]
fn fact_that_is_not_read_back_is_not_packed() {
    let mut fact = whole();
    // No constructor returns it: it has more digits than a quantity.
    fact.delegates.as_mut().unwrap().value = Some(99_999_999_999_999_990_000_i128.into());
    assert!(matches!(fact.to_bytes(), Err(PackedFactError::Malformed(_))));
    let mut fact = whole();
    // A count between its bounds loses nothing, a lower bound that does not fit is lost.
    fact.delegates.as_mut().unwrap().lower = None;
    assert_eq!(fact.to_bytes(), Err(PackedFactError::Changed));
}
