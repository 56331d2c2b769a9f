//! Flaws are reported by file, line, column and reason, all at once.

use super::*;
use caunoi_domain::locale::Locale;
use csv_schemas::ShippedFile;

/// Replaces the first occurrence of a text in a shipped file.
fn corrupt(files: Files, file: ShippedFile, from: &str, to: &str) -> Files {
    let text = files.text(file);
    assert!(text.contains(from), "{from}");
    files.with(csv_schemas::SCHEMAS[file as usize].file, text.replacen(from, to, 1).into_bytes()).unwrap()
}

fn flaws(changes: &[(ShippedFile, &str, &str)]) -> Vec<String> {
    let files =
        changes.iter().fold(Files::shipped(), |files, (file, from, to)| corrupt(files, *file, from, to));
    let flaws = read(&files, &Reference::default()).unwrap_err();
    flaws.as_slice().iter().map(|flaw| flaw.text(Locale::En)).collect()
}

/// Each case: file, text, replacement, expected flaw.
const CASES: [(ShippedFile, &str, &str, &str); 39] = [
    (
        ShippedFile::Agreements,
        "2022-10-12,DAY",
        "2022-13-12,DAY",
        "agreements.csv:2 signed: There is no day 2022-13-12",
    ),
    (
        ShippedFile::Agreements,
        "2022-10-12,DAY",
        "2022-10-12,YEAR",
        "agreements.csv:2 date_precision: The date in signed is of precision DAY",
    ),
    (
        ShippedFile::Agreements,
        ",MOU,STATE,border;education",
        ",MOX,STATE,border;education",
        "agreements.csv:2 type: No term of AGREEMENT_FORM is known as \"MOX\"",
    ),
    (
        ShippedFile::Agreements,
        "border;education;trade",
        "border;xy;trade",
        "agreements.csv:2 fields: No word of field_map.csv is known as \"xy\"",
    ),
    (
        ShippedFile::Agreements,
        "kh-kandal,,KH",
        "kh-kandal,,LA",
        "agreements.csv:2 partner_country: kh-kandal is in KH",
    ),
    (
        ShippedFile::Relations,
        "kh-kandal,COOPERATION",
        "kh-kandal,COUSIN",
        "sister_relations.csv:2 kind: \"COUSIN\" is not a tier of relations",
    ),
    (
        ShippedFile::Relations,
        "AN_GIANG,AN_GIANG",
        "AN_GIANG,CAN_THO",
        "sister_relations.csv:2 successor_slug: The lineage says AN_GIANG",
    ),
    (
        ShippedFile::Relations,
        ",REL-0230,",
        ",REL-9230,",
        "continues_id: No relation is known as \"REL-9230\"",
    ),
    (ShippedFile::Events, "2006-06-16,2006-06-17", "2006-06-16,2005-06-17", "events.csv:2 start: "),
    (
        ShippedFile::EventDetails,
        ",4,400,800,RANGE",
        ",4,400,800,NEARLY",
        "delegates_qualifier: Two numbers require the qualifier RANGE",
    ),
    (
        ShippedFile::Events,
        "2006-06-16,2006-06-17",
        "2006-06-16,2006-16-17",
        "events.csv:2 end: There is no day 2006-16-17",
    ),
    (
        ShippedFile::Events,
        "NGHE_AN,Nghe An delegation visits Ulyanovsk region,DELEGATION_VISIT",
        "NGHE_AN,Visit,TOUR",
        "events.csv:2 type: No term of EVENT_KIND is known as \"TOUR\"",
    ),
    (
        ShippedFile::EventDetails,
        ",4,400,800,RANGE",
        ",4,400,8OO,RANGE",
        "delegates_max: \"8OO\" is not a decimal number",
    ),
    (
        ShippedFile::Posts,
        "Head,Propaganda and Training Department of the Dong Nai Provincial Party Committee",
        "Head,宣教",
        "posts.csv:5 org: It has no letter or digit for a code",
    ),
    (
        ShippedFile::EventDetails,
        ",4,400,800,RANGE",
        ",4,900,800,RANGE",
        "delegates_qualifier: The lower bound 900 is above the upper bound 800",
    ),
    (
        ShippedFile::EventDetails,
        "EVT-0001,DELEGATION_VISIT",
        "EVT-0001,DELEGATION",
        "event_details.csv:2 kind: No term of EVENT_KIND is known as \"DELEGATION\"",
    ),
    (
        ShippedFile::Organizations,
        "its standing agency is ORG-0001",
        "its standing agency is ORG-9001",
        "organizations.csv:48 note: No organization is known as \"ORG-9001\"",
    ),
    (
        ShippedFile::Memberships,
        "HO_CHI_MINH,World Trade",
        "HO_CHI_MINH,World, Trade",
        "memberships.csv:4: 9 fields are expected, 10 found",
    ),
    (
        ShippedFile::Memberships,
        "Association,WTCA,,2022",
        "Association,WTCA,,2O22",
        "memberships.csv:4 as_of: ",
    ),
    (
        ShippedFile::Posts,
        "Director,Binh Duong Department of Foreign Affairs,2022",
        "Director,Binh Duong Department of Foreign Affairs,22",
        "posts.csv:6 as_of: ",
    ),
    (
        ShippedFile::Posts,
        "Government,2025,seed-003",
        "Government,2025,seed-033",
        "posts.csv:8 source_id: No source is known as \"seed-033\"",
    ),
    (
        ShippedFile::Figures,
        "88,agreement,EXACT",
        "88,agreement,EXACTLY",
        "reported_figures.csv:2 qualifier: \"EXACTLY\" is not a qualifier",
    ),
    (
        ShippedFile::Figures,
        "88,agreement,EXACT",
        "88,sheep,EXACT",
        "reported_figures.csv:2 unit: total_agreements is stated in agreement",
    ),
    (
        ShippedFile::Programmes,
        "100000,EXACT,USD,USD",
        "100O00,EXACT,USD,USD",
        "programmes.csv:14 quantity_value: \"100O00\" is not a decimal number",
    ),
    (
        ShippedFile::Instruments,
        "2023-04-25",
        "2023-04-31",
        "instruments.csv:2 issued_on: There is no day 2023-04-31",
    ),
    (
        ShippedFile::Countries,
        "AD,AND,",
        "AD,ANDO,",
        "countries.csv:2 iso3: \"ANDO\" is not a code of 3 capital letters",
    ),
    (ShippedFile::CountryLabels, "TW,", "TX,", "country_labels.csv:2 iso2: No country is known as \"TX\""),
    (
        ShippedFile::Localities,
        "40.3777",
        "240.3777",
        "partner_localities.csv:2 lat: \"240.3777\" is not a number from -90 to 90",
    ),
    (
        ShippedFile::Aliases,
        "az-baku,",
        "az-bakoo,",
        "locality_aliases.csv:2 partner_id: No locality is known as \"az-bakoo\"",
    ),
    (
        ShippedFile::Terms,
        "TRADE_SERVICES,Trade and services,Thương mại - dịch vụ,ECONOMY",
        "TRADE_SERVICES,Trade and services,Thương mại - dịch vụ,ECO",
        "terms.csv:3 parent_code: No term of that vocabulary is known as \"ECO\"",
    ),
    (
        ShippedFile::Occasions,
        ",11-17,",
        ",11-31,",
        "occasions.csv:2 month_day: \"11-31\" is not a month and day such as 11-17",
    ),
    (
        ShippedFile::Provinces,
        "LA,vn-prov-db",
        "XX,vn-prov-db",
        "border_countries: No country is known as \"XX\"",
    ),
    (
        ShippedFile::Lineage,
        "08,TUYEN_QUANG,MERGED",
        "09,TUYEN_QUANG,MERGED",
        "province_lineage.csv:3 successor_code: provinces.csv gives TUYEN_QUANG the code 08",
    ),
    (
        ShippedFile::UnitChanges,
        "DIEN_BIEN,SPLIT,LAI_CHAU",
        "DIEN_BIEN,SPLIT,LAI",
        "unit_changes.csv:2 split_from: No unit is known as \"LAI\"",
    ),
    (
        ShippedFile::UnitChanges,
        "CAN_THO,KIND",
        "CAN_THO,SORT",
        "unit_changes.csv:5 change: \"SORT\" is not a change of units",
    ),
    (
        ShippedFile::Geography,
        "468,EXACT",
        "468,ODD",
        "unit_geography.csv:2 qualifier: \"ODD\" is not a qualifier",
    ),
    (
        ShippedFile::Geography,
        "FIG-0018",
        "FIG-9018",
        "unit_geography.csv:2 figure_id: No figure is known as \"FIG-9018\"",
    ),
    (
        ShippedFile::FieldMap,
        "agriculture,AGRICULTURE",
        "agriculture,FARMING",
        "field_map.csv:3 field_code: No term of FIELD is known as \"FARMING\"",
    ),
    (
        ShippedFile::Sources,
        ",DATASET",
        ",RUMOUR",
        "sources.csv:2 kind: \"RUMOUR\" is not a kind of sources. Permitted are SEED, NEWS, PORTAL, DATASET, LAW",
    ),
];

#[test]
fn flaw_has_file_line_column_and_reason() {
    for (file, from, to, expected) in CASES {
        let flaws = flaws(&[(file, from, to)]);
        assert_eq!(flaws.len(), 1, "{flaws:#?}");
        assert!(flaws[0].contains(expected), "{} instead of {expected}", flaws[0]);
    }
}

#[test]
fn all_flaws_of_all_files_are_returned_at_once() {
    let flaws = flaws(&[
        (ShippedFile::Agreements, "2022-10-12,DAY", "2022-13-12,DAY"),
        (ShippedFile::Agreements, "kh-takeo", "kh-takeoff"),
        (ShippedFile::Relations, "2024,HIGH", "2024,SURE"),
        (ShippedFile::Localities, "Baku,", ","),
    ]);
    assert_eq!(
        flaws,
        [
            "agreements.csv:2 signed: There is no day 2022-13-12.",
            "agreements.csv:3 partner_id: No locality is known as \"kh-takeoff\". Did you mean kh-takeo?",
            "partner_localities.csv:2 name_en: A value is required here.",
            "sister_relations.csv:2 confidence: \"SURE\" is not a degree of confidence. Permitted are HIGH, MEDIUM, LOW.",
        ]
    );
}

#[test]
fn wrong_header_stops_further_checks() {
    let flaws = flaws(&[
        (ShippedFile::Sources, "id,title", "id,titel"),
        (ShippedFile::Agreements, "AGR-0002", "AGR-0001"),
        (ShippedFile::Relations, "kh-kandal", "kh-candle"),
    ]);
    assert_eq!(
        flaws,
        [
            "agreements.csv:3 id: \"AGR-0001\" is taken already.",
            "sources.csv:1 titel: The column is unknown.",
            "sources.csv:1 title: The column is missing.",
        ]
    );
}
