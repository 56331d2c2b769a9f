//! All paged lists.

/// Lists that the database pages: they continue after the sort keys of a row.
pub(super) const LISTS: [&str; 25] = [
    "Agreement.history",
    "Entry.history",
    "Event.history",
    "Locality.agreements",
    "Locality.events",
    "Locality.relations",
    "Organization.history",
    "Programme.history",
    "Province.agreements",
    "Province.events",
    "Province.figures",
    "Province.relations",
    "Query.agreements",
    "Query.changes",
    "Query.events",
    "Query.figures",
    "Query.localityProposals",
    "Query.organizations",
    "Query.programmes",
    "Query.relations",
    "Query.ruleViolations",
    "Relation.agreements",
    "Relation.events",
    "Relation.history",
    "Subscription.changes",
];

/// A list in memory, and a query for a page of it.
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
}

impl PagedList {
    pub(super) fn document(&self) -> String {
        let page = format!(
            "({} first: $n, after: $c) {{ nodes {{ {} }} pageInfo {{ endCursor hasNextPage hasPreviousPage }} }}",
            self.arguments, self.row
        );
        format!("query($n: Int!, $c: String) {{ {} }}", self.question.replace("PAGE", &page))
    }
}

/// Returns whether a row was renamed between two pages, so that it comes later.
pub(super) fn is_moved(row: &str) -> bool {
    row.contains("Zzz")
}

/// Agreements that expire soon.
pub(super) const EXPIRING: PagedList = PagedList {
    name: "expiring",
    field: "Statistics.expiring",
    question: r#"statistics(asOf: "2001-12-01") { expiringPAGE }"#,
    arguments: "withinDays: 800",
    row: "code",
    pointer: "/statistics/expiring",
};

/// Relations without activity.
pub(super) const SILENT: PagedList = PagedList {
    name: "dormant",
    field: "Statistics.dormant",
    question: r#"statistics(asOf: "2026-11-01") { dormantPAGE }"#,
    arguments: "months: 24",
    row: "code",
    pointer: "/statistics/dormant",
};

/// Framework agreements without later documents or events.
pub(super) const FRAMEWORKS: PagedList = PagedList {
    name: "frameworkOnly",
    field: "Statistics.frameworkOnly",
    question: r#"statistics(asOf: "2026-11-01") { frameworkOnlyPAGE }"#,
    arguments: "",
    row: "code",
    pointer: "/statistics/frameworkOnly",
};

const BY_FIELD: &str = "by: [{key: FIELD}], orderBy: {by: KEY, direction: ASC}";
const KEYS: &str = "keys { value }";

const fn grouped(
    name: &'static str,
    field: &'static str,
    (question, pointer): (&'static str, &'static str),
    arguments: &'static str,
) -> PagedList {
    PagedList { name, field, question, arguments, row: KEYS, pointer }
}

/// Groups of every kind of entry.
pub(super) const GROUPED: [PagedList; 7] = [
    grouped(
        "groups of relations",
        "RelationConnection.groups",
        ("relations { groupsPAGE }", "/relations/groups"),
        BY_FIELD,
    ),
    grouped(
        "groups of agreements",
        "AgreementConnection.groups",
        ("agreements { groupsPAGE }", "/agreements/groups"),
        BY_FIELD,
    ),
    grouped(
        "groups of events",
        "EventConnection.groups",
        ("events { groupsPAGE }", "/events/groups"),
        BY_FIELD,
    ),
    grouped(
        "groups of organizations",
        "OrganizationConnection.groups",
        ("organizations { groupsPAGE }", "/organizations/groups"),
        BY_FIELD,
    ),
    grouped(
        "groups of a tally",
        "Tally.groups",
        ("statistics { events { groupsPAGE } }", "/statistics/events/groups"),
        BY_FIELD,
    ),
    grouped(
        "groups by two keys",
        "Tally.groups",
        ("statistics { agreements { groupsPAGE } }", "/statistics/agreements/groups"),
        "by: [{key: FIELD}, {key: PILLAR}], orderBy: {by: KEY, direction: ASC}",
    ),
    grouped(
        "groups by size, then by key",
        "Tally.groups",
        ("statistics { agreements { groupsPAGE } }", "/statistics/agreements/groups"),
        "by: [{key: FIELD}], orderBy: [{by: COUNT, direction: ASC}, {by: KEY, direction: ASC}]",
    ),
];

/// Localities: all, those of a country, those of a search.
pub(super) const NAMED: [PagedList; 3] = [
    PagedList {
        name: "localities by name",
        field: "Query.localities",
        question: "localitiesPAGE",
        arguments: "",
        row: "name",
        pointer: "/localities",
    },
    PagedList {
        name: "localities of a country",
        field: "Country.localities",
        question: r#"country(code: "KR") { localitiesPAGE }"#,
        arguments: "",
        row: "name",
        pointer: "/country/localities",
    },
    PagedList {
        name: "localities by a search",
        field: "Query.localities",
        question: "localitiesPAGE",
        arguments: r#"search: "0 trang""#,
        row: "name",
        pointer: "/localities",
    },
];

/// Sources: all, those of a search.
pub(super) const SOURCED: [PagedList; 2] = [
    PagedList {
        name: "sources by title",
        field: "Query.sources",
        question: "sourcesPAGE",
        arguments: "",
        row: "title code",
        pointer: "/sources",
    },
    PagedList {
        name: "sources by a search",
        field: "Query.sources",
        question: "sourcesPAGE",
        arguments: r#"search: "viet", kind: [NEWS, PORTAL]"#,
        row: "title code",
        pointer: "/sources",
    },
];

/// The hits of a search.
pub(super) const SEARCHED: PagedList = PagedList {
    name: "search",
    field: "Query.search",
    question: "searchPAGE",
    arguments: r#"query: "quokka page""#,
    row: "__typename ... on Entry { code }",
    pointer: "/search",
};

/// All lists in memory.
pub(super) fn in_memory() -> impl Iterator<Item = PagedList> {
    [EXPIRING, SILENT, FRAMEWORKS, SEARCHED].into_iter().chain(GROUPED).chain(NAMED).chain(SOURCED)
}
