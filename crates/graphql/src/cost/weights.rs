//! What fields count in addition to the objects that they return, by their names.

/// Fields that work more than their answer shows: a search reads the database for every kind, a
/// number is made over all rows that pass, a feed reads past changes that do not matter.
const WEIGHTS: [(&str, u64); 15] = [
    ("alarms", 50),
    ("clashes", 20),
    ("search", 100),
    ("changes", 20),
    ("latestChanges", 20),
    ("dormant", 20),
    ("frameworkOnly", 20),
    ("history", 20),
    ("groups", 5),
    ("aggregate", 5),
    ("compare", 5),
    ("computed", 5),
    ("expiring", 5),
    ("gap", 5),
    ("totalCount", 5),
];

/// Values that are written with the object that has them: dates, quantities, counts.
const VALUES: [&str; 28] = [
    "amount",
    "asOf",
    "borderKm",
    "coastKm",
    "computed",
    "connectionsMade",
    "delegates",
    "effective",
    "ended",
    "established",
    "expires",
    "founded",
    "from",
    "issued",
    "joined",
    "location",
    "members",
    "on",
    "pageInfo",
    "period",
    "quantity",
    "seatsPerYear",
    "signed",
    "sum",
    "totalCount",
    "until",
    "validTo",
    "when",
];

/// Lists that have no page: how long they can be expected to get.
const CLOSED_LISTS: [(&str, u64); 42] = [
    ("acts", 4),
    ("alarms", 10),
    ("alike", 2),
    ("audienceCountries", 4),
    ("borderLocalities", 3),
    ("candidates", 3),
    ("clashes", 10),
    ("countries", 4),
    ("dimensions", 2),
    ("errors", 3),
    ("fields", 4),
    ("files", 2),
    ("implementedBy", 4),
    ("implements", 2),
    ("inheritedUnits", 4),
    ("instruments", 20),
    ("keys", 2),
    ("leaders", 4),
    ("linkedAgreements", 4),
    ("membersBelow", 12),
    ("memberships", 10),
    ("names", 2),
    ("neighbours", 2),
    ("occasions", 2),
    ("otherNames", 3),
    ("outcomes", 3),
    ("parties", 3),
    ("partners", 4),
    ("posts", 4),
    ("predecessors", 4),
    ("signedBy", 2),
    ("sources", 2),
    ("stages", 3),
    ("subsidiaries", 4),
    ("successors", 1),
    ("terms", 60),
    ("titles", 2),
    ("units", 63),
    ("visits", 3),
    ("webhooks", 20),
    ("figures", 1),
    ("deliveries", 20),
];

/// The work of a field that its objects do not show. The numbers of a group are counted with all
/// others.
pub(super) fn weight(ty: &str, field: &str) -> u64 {
    if ty == "Group" && field == "aggregate" {
        return 0;
    }
    find(&WEIGHTS, field).unwrap_or(0)
}

/// Whether a field is written with the object that has it.
pub(super) fn is_value(field: &str) -> bool {
    VALUES.contains(&field)
}

/// How long a list without a page can be expected to get.
pub(super) fn closed_list(field: &str) -> Option<u64> {
    find(&CLOSED_LISTS, field)
}

fn find(table: &[(&str, u64)], field: &str) -> Option<u64> {
    table.iter().find(|(name, _)| *name == field).map(|(_, number)| *number)
}
