//! The cost of fields in addition to the objects that they return, by the name of the field.

/// The cost of fields with more work than their response shows: a search queries the database for
/// every kind, a statistic counts all rows that match, a feed skips changes that do not match.
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

/// Values that are part of their object: dates, quantities, counts.
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
    "signedOn",
    "sum",
    "totalCount",
    "until",
    "validTo",
    "heldOn",
];

/// The expected lengths of lists without pages.
const LIST_LENGTHS: [(&str, u64); 42] = [
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
    ("children", 12),
    ("memberships", 10),
    ("names", 2),
    ("neighbours", 2),
    ("occasions", 2),
    ("otherNames", 3),
    ("outcomes", 3),
    ("parties", 3),
    ("partnerLocalities", 4),
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

/// Returns the cost of a field in addition to its objects. The statistics of all groups are counted
/// at once, so those of a group cost nothing more.
pub(super) fn weight(ty: &str, field: &str) -> u64 {
    if ty == "Group" && field == "aggregate" {
        return 0;
    }
    find(&WEIGHTS, field).unwrap_or(0)
}

/// Whether a field is part of its object.
pub(super) fn is_value(field: &str) -> bool {
    VALUES.contains(&field)
}

/// Returns the expected length of a list without pages; none if the table does not contain it.
pub(super) fn list_length(field: &str) -> Option<u64> {
    find(&LIST_LENGTHS, field)
}

fn find(table: &[(&str, u64)], field: &str) -> Option<u64> {
    table.iter().find(|(name, _)| *name == field).map(|(_, number)| *number)
}
