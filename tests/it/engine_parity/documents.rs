//! Documents of every kind, each with its request language.

/// Without cursors and write times, which differ between registers.
pub(super) const DOCUMENTS: [(&str, &str); 35] = [
    (
        "vi",
        "{
            relations(first: 100, orderBy: [{by: NAME, direction: ASC}]) {
                nodes { id code partnerLocality { name } province { name } }
            }
        }",
    ),
    (
        "vi",
        "{
            relations(first: 100, orderBy: [{by: NAME, direction: DESC}]) {
                nodes { id code partnerLocality { name } }
            }
        }",
    ),
    (
        "en",
        "{
            relations(first: 100, orderBy: [{by: NAME, direction: ASC}]) {
                nodes { code partnerLocality { name } province { name } }
            }
        }",
    ),
    (
        "en",
        "{
            relations(first: 100, orderBy: [{by: NAME}]) { nodes { code partnerLocality { name } } }
        }",
    ),
    (
        "vi",
        "{
            relations(first: 100) {
                nodes { code established { edtf earliest latest text } status lastActivityOn }
            }
        }",
    ),
    (
        "vi",
        "{
            relations(first: 100, orderBy: [{by: ESTABLISHED, direction: ASC}, {by: NAME, direction: DESC}]) {
                nodes { code established { text } }
            }
        }",
    ),
    (
        "vi",
        "{
            agreements(first: 100, orderBy: [{by: SIGNED_ON, direction: ASC}]) {
                nodes { code signedOn { edtf text } status acts { kind on { edtf } } }
            }
        }",
    ),
    (
        "vi",
        "{
            agreements(first: 60) {
                nodes {
                    code signingLevel languages legalBasis signingPlace signedBy { name } files { sha256 }
                    entryIntoForce renewsAutomatically noticeDays renewedBy { code } parent { code }
                    subsidiaries { code } acts { until { edtf } source { code } }
                }
            }
            relations(first: 50) { nodes { code foundingAgreement { code } linkedAgreements { code } } }
        }",
    ),
    (
        "vi",
        "{
            agreements(first: 100, orderBy: [{by: EXPIRES, direction: ASC}]) {
                nodes { code expires { edtf latest } }
            }
        }",
    ),
    (
        "en",
        "{
            agreements(first: 100, orderBy: [{by: EXPIRES, direction: DESC}, {by: TITLE, direction: ASC}]) {
                nodes { code title }
            }
        }",
    ),
    (
        "vi",
        "{
            agreements(first: 100, orderBy: [{by: TITLE, direction: ASC}]) {
                nodes { code title titles { value locale } form { name } }
            }
        }",
    ),
    (
        "en",
        "{
            events(first: 100, orderBy: [{by: TITLE, direction: DESC}]) {
                nodes { code title kind { name } place }
            }
        }",
    ),
    (
        "vi",
        "{
            events(first: 100, orderBy: [{by: HELD_ON, direction: ASC}]) {
                nodes { code heldOn { edtf text } delegates { value lower upper text } }
            }
        }",
    ),
    (
        "vi",
        "{
            organizations(first: 100) {
                nodes {
                    code name stage members { text } posts { person post } parent { code }
                    targetCountry { name }
                }
            }
        }",
    ),
    (
        "en",
        "{
            programmes(first: 100) {
                nodes {
                    code title kind { code } amount { amount currency } quantity { text }
                    partnerLocalities { __typename } countries { code }
                }
            }
        }",
    ),
    (
        "vi",
        "{
            figures(first: 100) {
                nodes {
                    code indicator { name } quantity { value lower upper qualifier text } asOf { text }
                    period { edtf } unit { slug }
                }
            }
        }",
    ),
    (
        "vi",
        "{
            provinces {
                slug name region capital kind unit { code } inheritedUnits { slug } borderKm { text }
                neighbours { name }
            }
        }",
    ),
    (
        "en",
        r#"{
            then: units(asOf: "2025-06-30") {
                code(asOf: "2025-06-30") slug name(asOf: "2025-06-30") kind(asOf: "2025-06-30")
            }
            now: units { code slug name kind validFrom predecessors { slug } }
        }"#,
    ),
    ("vi", "{ countries { code name region } }"),
    (
        "vi",
        "{
            localities(first: 100) {
                nodes {
                    slug name nativeName aliases country { code } level { code }
                    location { latitude longitude }
                }
            }
        }",
    ),
    (
        "vi",
        r#"{
            relations(filter: {not: {anyOf: [{country: {in: ["LA", "KH"]}}, {tier: {in: [SISTER]}}]}}, first: 100) {
                totalCount { value } nodes { code }
            }
        }"#,
    ),
    (
        "vi",
        "{
            relations(filter: {allOf: [{established: {isNull: true}}, {not: {status: {in: [ACTIVE]}}}]}, first: 100) {
                totalCount { value } nodes { code }
            }
        }",
    ),
    (
        "vi",
        r#"{
            agreements(first: 100, asOf: "2024-06-30", filter: {status: {in: [UNKNOWN, IN_FORCE]}, anyOf: [
                {field: {in: ["EDUCATION"]}}, {signedOn: {gte: "2024-01-01", lt: "2025-01-01"}}]}) {
                totalCount { value } nodes { code status(asOf: "2024-06-30") }
            }
        }"#,
    ),
    (
        "vi",
        r#"{
            events(first: 100, filter: {withCountry: {in: ["JP"]}, not: {direction: {in: [OUT]}},
                                        kind: {in: ["DELEGATION_VISIT", "CONFERENCE"]}}) {
                totalCount { value } nodes { code }
            }
        }"#,
    ),
    (
        "vi",
        r#"{
            relations(first: 100, boundaries: AT_THE_TIME, asOf: "2025-06-30",
                      filter: {province: {in: ["QUANG_NAM", "BINH_DUONG"]}}) {
                nodes { code originUnit { slug } }
                groups(by: [{key: PROVINCE}]) { nodes { keys { value label } } }
            }
        }"#,
    ),
    (
        "vi",
        "{
            nfc: search(query: \"Hoà Bình\", first: 50) {
                totalCount { value }
                edges {
                    highlights
                    node {
                        __typename ... on AdminUnit { slug } ... on Event { code }
                        ... on Relation { code }
                    }
                }
            }
        }",
    ),
    (
        "vi",
        "{
            nfd: search(query: \"Đa\u{300} Na\u{306}\u{303}ng\", first: 50) {
                totalCount { value }
                edges {
                    highlights node { __typename ... on Locality { slug } ... on Agreement { code } }
                }
            }
        }",
    ),
    (
        "vi",
        r#"{
            agreements(filter: {search: "hop tac"}, first: 100) { totalCount { value } nodes { code } }
            events(filter: {search: "hội nghị"}) { totalCount { value } }
            relations(filter: {search: "Hàn Quốc"}) { totalCount { value } }
        }"#,
    ),
    (
        "vi",
        "{
            statistics {
                relations {
                    count inForce earliest latest distinct(of: LOCALITY)
                    groups(by: [{key: PROVINCE}, {key: TIER}], first: 100) {
                        totalCount { value } nodes { keys { value label } aggregate { count inForce } }
                    }
                }
            }
        }",
    ),
    (
        "en",
        r#"{
            statistics(asOf: "2025-06-30", boundaries: AT_THE_TIME) {
                relations {
                    groups(by: [{key: UNIT}], first: 100) {
                        nodes { keys { value label } aggregate { count distinct(of: COUNTRY) } }
                    }
                }
                agreements {
                    groups(by: [{key: STATUS}]) { nodes { keys { value } aggregate { count } } }
                }
            }
        }"#,
    ),
    (
        "vi",
        "{
            statistics {
                agreements {
                    year: groups(first: 60, orderBy: {by: KEY, direction: ASC},
                                 by: [{bucket: {field: SIGNED_ON, unit: YEAR, fillGaps: true}}]) {
                        nodes { keys { value label } aggregate { count inForce } }
                    }
                    decade: groups(by: [{bucket: {field: EXPIRES, unit: DECADE}}]) {
                        nodes { keys { value label } aggregate { count } }
                    }
                    form: groups(by: [{key: FORM}, {key: PILLAR}]) {
                        nodes { keys { label } aggregate { count } }
                    }
                }
            }
        }",
    ),
    (
        "vi",
        "{
            statistics {
                events {
                    month: groups(by: [{bucket: {field: HELD_ON, unit: MONTH}}], first: 100) {
                        nodes { keys { value label } aggregate { count } }
                    }
                    quarter: groups(by: [{bucket: {field: HELD_ON, unit: QUARTER}}], first: 60) {
                        nodes { keys { value label } }
                    }
                    kind: groups(by: [{key: KIND}, {key: DIRECTION}], first: 40) {
                        nodes { keys { value label } aggregate { count } }
                    }
                }
            }
        }",
    ),
    (
        "en",
        "{
            statistics {
                relations {
                    country: groups(by: [{key: COUNTRY}], first: 100) {
                        nodes { keys { value label } aggregate { count } }
                    }
                    region: groups(by: [{key: REGION}], first: 10) {
                        nodes { keys { value label } aggregate { count } }
                    }
                    level: groups(by: [{key: LOCALITY_LEVEL}, {key: STATUS}], first: 40) {
                        nodes { keys { value label } aggregate { count } }
                    }
                    locality: groups(by: [{key: LOCALITY}], first: 100) {
                        nodes { keys { value label } }
                    }
                }
            }
        }",
    ),
    (
        "vi",
        "{
            relations(last: 30, orderBy: [{by: NAME, direction: ASC}]) {
                pageInfo { hasNextPage hasPreviousPage } nodes { code }
            }
            agreements(last: 30) { nodes { code } } events(last: 30) { nodes { code } }
        }",
    ),
    (
        "vi",
        "{
            provinces {
                slug
                relations(first: 4, orderBy: [{by: NAME, direction: ASC}]) {
                    totalCount { value }
                    nodes {
                        code
                        partnerLocality { slug name agreements(first: 2) { nodes { code signedOn { edtf } } } }
                    }
                }
            }
        }",
    ),
];
