//! All connections of the schema.

/// A connection, and a query for a page of it.
#[derive(Clone, Copy)]
pub(super) struct PagedList {
    /// Its name in error messages.
    pub(super) name: &'static str,
    /// Its field in the schema.
    pub(super) field: &'static str,
    /// The query; `PAGE` is replaced by the arguments and the selection of the list.
    question: &'static str,
    /// Additional arguments of the list.
    arguments: &'static str,
    /// The selection of a row.
    row: &'static str,
    /// The JSON pointer of the list in the response.
    pub(super) pointer: &'static str,
    /// The role that reads it; `None` for the public.
    pub(super) caller: Option<&'static str>,
    /// Whether new rows come last, not first.
    pub(super) appends: bool,
}

impl PagedList {
    pub(super) fn document(&self) -> String {
        let Self { arguments, row, .. } = self;
        let page = format!(
            "({arguments} first: $first, after: $after, last: $last, before: $before) {{
                edges {{ cursor node {{ {row} }} }} nodes {{ {row} }} totalCount {{ value }}
                pageInfo {{ startCursor endCursor hasNextPage hasPreviousPage }}
            }}"
        );
        format!(
            "query($first: Int, $after: String, $last: Int, $before: String) {{ {} }}",
            self.question.replace("PAGE", &page)
        )
    }
}

/// A list of the public whose new rows come first.
const fn list(
    field: &'static str,
    (question, pointer): (&'static str, &'static str),
    arguments: &'static str,
    row: &'static str,
) -> PagedList {
    PagedList { name: field, field, question, arguments, row, pointer, caller: None, appends: false }
}

/// Returns whether a row was renamed between two pages, so that it comes later.
pub(super) fn is_moved(row: &str) -> bool {
    row.contains("Zzz")
}

/// Agreements that expire soon.
pub(super) const EXPIRING: PagedList = list(
    "Statistics.expiring",
    (r#"statistics(asOf: "2001-12-01") { expiringPAGE }"#, "/statistics/expiring"),
    "withinDays: 800",
    "code",
);

/// Relations without activity.
pub(super) const SILENT: PagedList = list(
    "Statistics.dormant",
    (r#"statistics(asOf: "2026-11-01") { dormantPAGE }"#, "/statistics/dormant"),
    "months: 24",
    "code",
);

/// Framework agreements without later documents or events.
pub(super) const FRAMEWORKS: PagedList = list(
    "Statistics.frameworkOnly",
    (r#"statistics(asOf: "2026-11-01") { frameworkOnlyPAGE }"#, "/statistics/frameworkOnly"),
    "",
    "code",
);

const BY_FIELD: &str = "by: [{key: FIELD}], orderBy: {by: KEY, direction: ASC}";
const KEYS: &str = "keys { value }";

const fn grouped(
    field: &'static str,
    place: (&'static str, &'static str),
    arguments: &'static str,
    name: &'static str,
) -> PagedList {
    PagedList { name, ..list(field, place, arguments, KEYS) }
}

const OF_AGREEMENTS: (&str, &str) =
    ("statistics { agreements { groupsPAGE } }", "/statistics/agreements/groups");

/// Groups of every kind of entry.
pub(super) const GROUPED: [PagedList; 9] = [
    list("RelationConnection.groups", ("relations { groupsPAGE }", "/relations/groups"), BY_FIELD, KEYS),
    list("AgreementConnection.groups", ("agreements { groupsPAGE }", "/agreements/groups"), BY_FIELD, KEYS),
    list("EventConnection.groups", ("events { groupsPAGE }", "/events/groups"), BY_FIELD, KEYS),
    list(
        "OrganizationConnection.groups",
        ("organizations { groupsPAGE }", "/organizations/groups"),
        BY_FIELD,
        KEYS,
    ),
    list(
        "Tally.groups",
        ("statistics { events { groupsPAGE } }", "/statistics/events/groups"),
        BY_FIELD,
        KEYS,
    ),
    grouped(
        "Tally.groups",
        OF_AGREEMENTS,
        "by: [{key: FIELD}, {key: PILLAR}], orderBy: {by: KEY, direction: ASC}",
        "groups by two keys",
    ),
    grouped(
        "Tally.groups",
        OF_AGREEMENTS,
        "by: [{key: FIELD}], orderBy: [{by: COUNT, direction: ASC}, {by: KEY, direction: ASC}]",
        "groups by size, then by key",
    ),
    grouped(
        "Tally.groups",
        OF_AGREEMENTS,
        "by: [{key: FIELD}], orderBy: {by: LABEL, direction: ASC}",
        "groups by label",
    ),
    grouped(
        "Tally.groups",
        OF_AGREEMENTS,
        "by: [{key: FIELD}, {key: PILLAR}], orderBy: [{by: COUNT, direction: ASC}, {by: LABEL, direction: ASC}]",
        "groups by size, then by two labels",
    ),
];

/// Localities: all, those of a country, those of a search.
pub(super) const NAMED: [PagedList; 3] = [
    list("Query.localities", ("localitiesPAGE", "/localities"), "", "name slug"),
    list(
        "Country.localities",
        (r#"country(code: "KR") { localitiesPAGE }"#, "/country/localities"),
        "",
        "name slug",
    ),
    PagedList {
        name: "localities by a search",
        ..list("Query.localities", ("localitiesPAGE", "/localities"), r#"search: "0 trang""#, "name slug")
    },
];

/// Sources: all, those of a search.
pub(super) const SOURCED: [PagedList; 2] = [
    list("Query.sources", ("sourcesPAGE", "/sources"), "", "title code"),
    PagedList {
        name: "sources by a search",
        ..list(
            "Query.sources",
            ("sourcesPAGE", "/sources"),
            r#"search: "viet", kind: [NEWS, PORTAL]"#,
            "title code",
        )
    },
];

/// The hits of a search.
pub(super) const SEARCHED: PagedList = list(
    "Query.search",
    ("searchPAGE", "/search"),
    r#"query: "quokka page""#,
    "__typename ... on Entry { code }",
);

/// Proposals for localities, the oldest first.
pub(super) const PROPOSED: PagedList = PagedList {
    caller: Some("steward"),
    appends: true,
    ..list("Query.localityProposals", ("localityProposalsPAGE", "/localityProposals"), "", "name(locale: EN)")
};

const PARTNER: &str = r#"filter: {locality: {in: ["kr-trang-1"]}},"#;
const TITLED: &str = r#"filter: {search: "0 Trang"},"#;
const OLDEST: &str = r#"relations(filter: {locality: {in: ["kr-trang-1"]}}, orderBy: [{by: ESTABLISHED, direction: ASC}], first: 1)"#;

/// Entries with one partner, or with similar names: those of the register and those of their
/// parents.
pub(super) fn entries() -> Vec<PagedList> {
    let mut lists = vec![
        list("Query.relations", ("relationsPAGE", "/relations"), PARTNER, "code"),
        list("Query.agreements", ("agreementsPAGE", "/agreements"), PARTNER, "code"),
        list("Query.events", ("eventsPAGE", "/events"), PARTNER, "code"),
        list("Query.organizations", ("organizationsPAGE", "/organizations"), TITLED, "code"),
        list("Query.programmes", ("programmesPAGE", "/programmes"), TITLED, "code"),
        PagedList {
            name: "relations, the oldest last, by two keys",
            ..list(
                "Query.relations",
                ("relationsPAGE", "/relations"),
                r#"filter: {locality: {in: ["kr-trang-1"]}}, orderBy: [{by: ESTABLISHED}, {by: NAME, direction: ASC}],"#,
                "code",
            )
        },
    ];
    for (field, place) in [
        ("Province.relations", (r#"province(slug: "DONG_NAI") { relationsPAGE }"#, "/province/relations")),
        ("Province.agreements", (r#"province(slug: "DONG_NAI") { agreementsPAGE }"#, "/province/agreements")),
        ("Province.events", (r#"province(slug: "DONG_NAI") { eventsPAGE }"#, "/province/events")),
    ] {
        lists.push(list(field, place, PARTNER, "code"));
    }
    for (field, place) in [
        ("Locality.relations", (r#"locality(slug: "kr-trang-1") { relationsPAGE }"#, "/locality/relations")),
        (
            "Locality.agreements",
            (r#"locality(slug: "kr-trang-1") { agreementsPAGE }"#, "/locality/agreements"),
        ),
        ("Locality.events", (r#"locality(slug: "kr-trang-1") { eventsPAGE }"#, "/locality/events")),
    ] {
        lists.push(list(field, place, "", "code"));
    }
    // The oldest relation remains, so the parent is the same on every page.
    for (field, child, pointer) in [
        ("Relation.agreements", "agreementsPAGE", "/relations/nodes/0/agreements"),
        ("Relation.events", "eventsPAGE", "/relations/nodes/0/events"),
    ] {
        let question = format!("{OLDEST} {{ nodes {{ {child} }} }}").leak();
        lists.push(list(field, (question, pointer), "", "code"));
    }
    lists
}

/// Figures, which only data sets contain: no caller writes them between two pages.
pub(super) const FIGURES: [PagedList; 2] = [
    list("Query.figures", ("figuresPAGE", "/figures"), "", "code"),
    list(
        "Province.figures",
        (r#"province(slug: "DONG_NAI") { figuresPAGE }"#, "/province/figures"),
        "",
        "code",
    ),
];

/// All lists.
pub(super) fn all() -> Vec<PagedList> {
    let fixed = [EXPIRING, SILENT, FRAMEWORKS, SEARCHED, PROPOSED].into_iter();
    fixed.chain(GROUPED).chain(NAMED).chain(SOURCED).chain(FIGURES).chain(entries()).collect()
}
