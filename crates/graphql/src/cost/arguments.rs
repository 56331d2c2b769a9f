//! The values of arguments, and the cost of filters.

use async_graphql_parser::types::{Field, OperationDefinition};
use async_graphql_value::{ConstValue, Name};
use serde_json::Value;
use std::collections::HashMap;
use std::convert::Infallible;

/// Conditions of a filter that cost nothing on a small table.
const FREE_CONDITIONS: u64 = 4;
/// The conditions that a search in a filter counts as: it queries the database.
const SEARCH_CONDITIONS: u64 = 20;
/// Members of a list that count as one condition.
const MEMBERS_PER_CONDITION: u64 = 10;

/// The variables of an operation and their defaults.
pub(super) struct Arguments<'a> {
    defaults: HashMap<&'a str, ConstValue>,
    variables: &'a Value,
}

impl<'a> Arguments<'a> {
    pub(super) fn new(operation: &'a OperationDefinition, variables: &'a Value) -> Self {
        let defaults = operation.variable_definitions.iter().filter_map(|definition| {
            let value = definition.node.default_value.as_ref()?.node.clone();
            Some((definition.node.name.node.as_str(), value))
        });
        Self { defaults: defaults.collect(), variables }
    }

    /// Returns the value of an argument; none if it is absent or null.
    pub(super) fn find(&self, field: &Field, name: &str) -> Option<Value> {
        let (_, value) = field.arguments.iter().find(|(argument, _)| argument.node == name)?;
        let value = value.node.clone().into_const_with(|name| Ok::<_, Infallible>(self.variable(&name)));
        let value = value.ok()?.into_json().ok()?;
        (!value.is_null()).then_some(value)
    }

    fn variable(&self, name: &Name) -> ConstValue {
        match self.variables.get(name.as_str()) {
            Some(given) => ConstValue::from_json(given.clone()).unwrap_or_default(),
            None => self.defaults.get(name.as_str()).cloned().unwrap_or_default(),
        }
    }
}

/// Returns the cost of a filter, each of whose conditions may be tested on every row of a table and
/// costs `scan` for that.
pub(super) fn filter_cost(filter: &Value, scan: u64) -> u64 {
    let conditions = count_conditions(filter);
    conditions.saturating_mul(scan).saturating_add(conditions.saturating_sub(FREE_CONDITIONS))
}

/// Counts the conditions of a filter. The depth of recursion is limited by the JSON parser or the
/// guard.
fn count_conditions(filter: &Value) -> u64 {
    match filter {
        Value::Null => 0,
        Value::Bool(_) | Value::Number(_) | Value::String(_) => 1,
        Value::Array(members) if members.iter().any(Value::is_object) => {
            members.iter().map(count_conditions).fold(0, u64::saturating_add)
        }
        Value::Array(members) => {
            u64::try_from(members.len()).unwrap_or(u64::MAX).div_ceil(MEMBERS_PER_CONDITION).max(1)
        }
        Value::Object(fields) => {
            let of = |(name, value): (&String, &Value)| {
                if name == "search" && value.is_string() {
                    SEARCH_CONDITIONS
                } else {
                    count_conditions(value)
                }
            };
            fields.iter().map(of).fold(0, u64::saturating_add)
        }
    }
}

/// Whether a filter of the feed tests the content of changes, not only their log.
pub(super) fn is_narrow(filter: &Value) -> bool {
    let fields = ["country", "locality", "field", "entryType"];
    fields.iter().any(|name| filter.get(name).is_some_and(|field| count_conditions(field) > 0))
}
