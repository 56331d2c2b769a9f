//! The cost of a document: how many objects its answer can hold, told before it runs.
//!
//! A field with a selection counts one object for each that it can be expected to return; a page
//! counts as many as were asked for; searches and numbers count the work behind them. Scalars,
//! dates, quantities and introspection are free. The guard has bounded depth and the
//! expanded size of the document, so the walk is short.

use async_graphql_parser::types::{
    ExecutableDocument, Field, OperationDefinition, OperationType, Selection, SelectionSet,
};
use async_graphql_value::Value;
use std::collections::HashMap;

/// The objects that a request without a token may ask for, unless a setting says otherwise.
pub(crate) const USUAL_LIMIT: u64 = 2_000;

/// Rows of a page where nobody says how many.
const USUAL_PAGE: u64 = 20;
/// The most rows of a page; asking for more is refused later.
const LARGEST_PAGE: u64 = 100;

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

/// Values that are written with the object that bears them: dates, quantities, counts.
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
const CLOSED_LISTS: [(&str, u64); 43] = [
    ("acts", 4),
    ("alarms", 10),
    ("alike", 2),
    ("audienceCountries", 4),
    ("borderLocalities", 3),
    ("byProvince", 34),
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
    ("missing", 34),
    ("names", 2),
    ("neighbours", 2),
    ("occasions", 2),
    ("otherNames", 3),
    ("outcomes", 3),
    ("parties", 3),
    ("partners", 4),
    ("posts", 4),
    ("predecessors", 4),
    ("provinces", 34),
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
];

/// Lists that `first` bounds without a page around them.
const BARE_PAGES: [&str; 1] = ["deliveries"];

/// Lists of the whole register at the root whose names lists of one entry bear too.
const ROOT_LISTS: [(&str, u64); 2] = [("countries", 249), ("occasions", 33)];

/// Fields that return a page even where no argument says how long.
const PAGED: [&str; 16] = [
    "agreements",
    "changes",
    "dormant",
    "events",
    "expiring",
    "figures",
    "frameworkOnly",
    "groups",
    "latestChanges",
    "localities",
    "localityProposals",
    "organizations",
    "programmes",
    "relations",
    "search",
    "history",
];

/// The field of payloads that leads back to the root of all questions.
const QUERY: &str = "query";

/// What a write costs beside the objects that its answer can hold.
const WRITE: u64 = 10;

/// How many objects the answer of an operation can hold.
pub(crate) fn of(
    document: &ExecutableDocument,
    operation: &OperationDefinition,
    variables: &serde_json::Value,
) -> u64 {
    let defaults = operation.variable_definitions.iter().filter_map(|definition| {
        let value = definition.node.default_value.as_ref()?.node.clone().into_json().ok()?;
        Some((definition.node.name.node.as_str(), value))
    });
    let walk = Walk { document, defaults: defaults.collect(), variables };
    let root = &operation.selection_set.node;
    let writes = match operation.ty {
        OperationType::Mutation => walk.fields(root),
        OperationType::Query | OperationType::Subscription => 0,
    };
    walk.selections(root, None).saturating_add(writes.saturating_mul(WRITE))
}

struct Walk<'a> {
    document: &'a ExecutableDocument,
    defaults: HashMap<&'a str, serde_json::Value>,
    variables: &'a serde_json::Value,
}

impl Walk<'_> {
    /// The objects below a selection; `page` is how many rows its `nodes`, `edges` and `messages` have,
    /// none at the root.
    fn selections(&self, set: &SelectionSet, page: Option<u64>) -> u64 {
        set.items.iter().fold(0, |sum: u64, item| {
            sum.saturating_add(match &item.node {
                Selection::Field(field) => self.field(&field.node, page),
                Selection::InlineFragment(fragment) => {
                    self.selections(&fragment.node.selection_set.node, page)
                }
                Selection::FragmentSpread(spread) => {
                    let fragment = self.document.fragments.get(&spread.node.fragment_name.node);
                    fragment.map_or(0, |fragment| self.selections(&fragment.node.selection_set.node, page))
                }
            })
        })
    }

    /// How many fields a selection has, without what is below them.
    fn fields(&self, set: &SelectionSet) -> u64 {
        set.items.iter().fold(0, |sum: u64, item| {
            sum.saturating_add(match &item.node {
                Selection::Field(_) => 1,
                Selection::InlineFragment(fragment) => self.fields(&fragment.node.selection_set.node),
                Selection::FragmentSpread(spread) => {
                    let fragment = self.document.fragments.get(&spread.node.fragment_name.node);
                    fragment.map_or(0, |fragment| self.fields(&fragment.node.selection_set.node))
                }
            })
        })
    }

    fn field(&self, field: &Field, page: Option<u64>) -> u64 {
        let name = field.name.node.as_str();
        let weight = WEIGHTS.iter().find(|(heavy, _)| *heavy == name).map_or(0, |(_, weight)| *weight);
        if field.selection_set.node.items.is_empty() || name.starts_with("__") {
            return weight;
        }
        let (objects, below) = match self.page_of(field) {
            Some(rows) if BARE_PAGES.contains(&name) => (rows, 1),
            Some(rows) => (1, rows),
            None => match name {
                _ if VALUES.contains(&name) => (0, 1),
                "nodes" | "edges" | "messages" => (self.ids_of(field).or(page).unwrap_or(1), 1),
                _ => (closed_list(name, page.is_none()).unwrap_or(1), 1),
            },
        };
        // Below the `query` of a payload everything begins anew.
        let rows = (name != QUERY).then_some(below);
        let each = self.selections(&field.selection_set.node, rows).saturating_add(1);
        objects.saturating_mul(each).saturating_add(weight)
    }

    /// How many rows a page of this field has; none where the field is no page. A name that is
    /// a page on one type and a plain list on another counts as a page.
    fn page_of(&self, field: &Field) -> Option<u64> {
        let asked = ["first", "last"].iter().find_map(|name| self.argument(field, name));
        let rows = asked.and_then(|rows| rows.as_u64()).map(|rows| rows.min(LARGEST_PAGE));
        let name = field.name.node.as_str();
        let is_page = PAGED.contains(&name) || BARE_PAGES.contains(&name);
        rows.or(is_page.then_some(USUAL_PAGE))
    }

    /// How many ids `Query.nodes` was given.
    fn ids_of(&self, field: &Field) -> Option<u64> {
        let (_, given) = field.arguments.iter().find(|(argument, _)| argument.node == "ids")?;
        if let Value::List(ids) = &given.node {
            return u64::try_from(ids.len()).ok();
        }
        let ids = self.argument(field, "ids")?;
        ids.as_array().and_then(|ids| u64::try_from(ids.len()).ok())
    }

    fn argument(&self, field: &Field, name: &str) -> Option<serde_json::Value> {
        let (_, value) = field.arguments.iter().find(|(argument, _)| argument.node == name)?;
        let value = if let Value::Variable(variable) = &value.node {
            let given = self.variables.get(variable.as_str()).cloned();
            given.or_else(|| self.defaults.get(variable.as_str()).cloned())?
        } else {
            value.node.clone().into_const()?.into_json().ok()?
        };
        (!value.is_null()).then_some(value)
    }
}

fn closed_list(name: &str, is_root: bool) -> Option<u64> {
    let of_the_root = ROOT_LISTS.iter().filter(|_| is_root);
    of_the_root.chain(&CLOSED_LISTS).find(|(list, _)| *list == name).map(|(_, length)| *length)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::guard;
    use serde_json::json;

    fn cost(document: &str, variables: &serde_json::Value) -> u64 {
        let parsed = guard::check(document).unwrap();
        let (_, operation) = parsed.operations.iter().next().unwrap();
        of(&parsed, &operation.node, variables)
    }

    #[test]
    fn a_page_costs_its_rows_and_itself() {
        assert_eq!(cost("{ relations(first: 100) { nodes { id } } }", &json!(null)), 101);
        assert_eq!(cost("{ relations { nodes { id partner { slug } } } }", &json!(null)), 41);
        assert_eq!(cost("query($n: Int = 7) { relations(first: $n) { nodes { id } } }", &json!({"n": 3})), 4);
        assert_eq!(cost("query($n: Int = 7) { relations(first: $n) { nodes { id } } }", &json!({})), 8);
        assert_eq!(cost("{ relations(first: 5) { totalCount { value } } }", &json!(null)), 6);
        assert_eq!(cost("{ relations(first: 5) { nodes { established { edtf } } } }", &json!(null)), 6);
        assert_eq!(cost("{ search(query: \"hoa\", first: 5) { nodes { __typename } } }", &json!(null)), 106);
    }

    #[test]
    fn twenty_provinces_with_relations_and_agreements_fit_a_stranger() {
        let ids: Vec<String> = (0..20).map(|id| id.to_string()).collect();
        let document = "query($ids: [ID!]!) { nodes(ids: $ids) { ... on Province { relations(first: 10) { nodes { partner { name agreements(first: 5) { nodes { code } } } } } } } }";
        assert_eq!(cost(document, &json!({"ids": ids})), 1_640);
        assert!(cost(document, &json!({"ids": ids})) <= USUAL_LIMIT);
    }

    #[test]
    fn a_list_of_one_entry_costs_less_than_the_list_of_that_name_at_the_root() {
        assert_eq!(cost("{ countries { code } }", &json!(null)), 249);
        assert_eq!(cost("{ programmes(first: 5) { nodes { countries { code } } } }", &json!(null)), 26);
        assert_eq!(cost("{ events(first: 5) { nodes { occasions { code } } } }", &json!(null)), 16);
    }

    #[test]
    fn ids_count_however_they_are_written() {
        let each = "{ ... on Relation { partner { slug } } }";
        let listed = format!("query($a: ID!, $b: ID!) {{ nodes(ids: [$a, $b]) {each} }}");
        let literal = format!("{{ nodes(ids: [\"x\", \"y\"]) {each} }}");
        let variable = format!("query($ids: [ID!]!) {{ nodes(ids: $ids) {each} }}");
        assert_eq!(cost(&listed, &json!({"a": "x", "b": "y"})), 4);
        assert_eq!(cost(&literal, &json!(null)), 4);
        assert_eq!(cost(&variable, &json!({"ids": ["x", "y"]})), 4);
    }

    #[test]
    fn nested_pages_multiply_and_never_overflow() {
        let mut document = String::from("{ id }");
        for _ in 0..7 {
            document = format!("{{ relations(first: 100) {{ nodes {document} }} }}");
        }
        assert!(cost(&document, &json!(null)) > 1_000_000_000_000);
    }

    #[test]
    fn a_write_costs_itself_and_what_it_shows() {
        let document = "mutation { createEvent(input: {}) { event { id } errors { code } cursor } }";
        assert_eq!(cost(document, &json!(null)), 15);
        let document =
            "mutation { a: go { ...F } b: go { ...F } } fragment F on P { query { countries { code } } }";
        assert_eq!(cost(document, &json!(null)), 2 * (10 + 1 + 1 + 249));
    }

    #[test]
    fn a_feed_costs_its_page_and_the_log_behind_it_and_a_message_of_a_stream_itself() {
        assert_eq!(cost("{ changes(first: 50) { messages { __typename } } }", &json!(null)), 71);
        assert_eq!(cost("{ changes { nodes { entry { code } } } }", &json!(null)), 61);
        assert_eq!(cost("{ latestChanges(first: 50) { nodes { entry { code } } } }", &json!(null)), 121);
        assert_eq!(cost("subscription { changes { ... on Change { entry { code } } } }", &json!(null)), 22);
    }

    #[test]
    fn what_is_computed_beside_a_figure_costs_a_walk_over_the_facts() {
        assert_eq!(cost("{ figures(first: 10) { nodes { code gap } } }", &json!(null)), 61);
        assert_eq!(cost("{ figures(first: 10) { nodes { computed { value } } } }", &json!(null)), 61);
        assert_eq!(cost("{ statistics { coverage { filed missing { slug } } } }", &json!(null)), 36);
        assert_eq!(cost("{ statistics { alarms { rule figures { code } } } }", &json!(null)), 71);
        assert_eq!(cost("{ statistics { expiring(first: 5) { nodes { code } } } }", &json!(null)), 12);
    }

    #[test]
    fn deliveries_count_by_how_many_are_asked_for() {
        assert_eq!(cost("{ webhooks { id } }", &json!(null)), 20);
        assert_eq!(cost("{ webhooks { deliveries { id } } }", &json!(null)), 20 * 21);
        assert_eq!(cost("{ webhooks { deliveries(first: 3) { id } } }", &json!(null)), 20 * 4);
    }

    #[test]
    fn introspection_is_free() {
        assert_eq!(cost("{ __schema { types { name fields { name } } } __typename }", &json!(null)), 0);
    }
}
