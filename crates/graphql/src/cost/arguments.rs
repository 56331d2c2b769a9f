//! The arguments of a field as they will be read, and what filters count.

use async_graphql_parser::types::{Field, OperationDefinition};
use async_graphql_value::{ConstValue, Name};
use serde_json::Value;
use std::collections::HashMap;
use std::convert::Infallible;

/// Parts of a filter that cost nothing while the table is small.
const FREE_PARTS: u64 = 4;
/// What a search in a filter counts: it asks the database.
const SEARCH_PARTS: u64 = 20;
/// Members of a list that count as one part.
const MEMBERS_OF_A_PART: u64 = 10;

/// The variables of an operation, and what they are where they were not sent.
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

    /// The value of an argument; none where it is absent or null.
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

/// What the parts of a filter count, where each may be asked of every row of a table and counts
/// `scan` for that.
pub(super) fn filter(filter: &Value, scan: u64) -> u64 {
    let parts = parts(filter);
    parts.saturating_mul(scan).saturating_add(parts.saturating_sub(FREE_PARTS))
}

/// How many conditions a filter has. Recursion is as deep as the parser of JSON or the guard lets
/// values nest.
fn parts(filter: &Value) -> u64 {
    match filter {
        Value::Null => 0,
        Value::Bool(_) | Value::Number(_) | Value::String(_) => 1,
        Value::Array(members) if members.iter().any(Value::is_object) => {
            members.iter().map(parts).fold(0, u64::saturating_add)
        }
        Value::Array(members) => {
            u64::try_from(members.len()).unwrap_or(u64::MAX).div_ceil(MEMBERS_OF_A_PART).max(1)
        }
        Value::Object(fields) => {
            let of = |(name, value): (&String, &Value)| {
                if name == "search" && value.is_string() { SEARCH_PARTS } else { parts(value) }
            };
            fields.iter().map(of).fold(0, u64::saturating_add)
        }
    }
}

/// Whether a filter of the feed lets pass what only its content tells, not its log.
pub(super) fn is_narrow(filter: &Value) -> bool {
    let fields = ["country", "locality", "field", "entryType"];
    fields.iter().any(|name| filter.get(name).is_some_and(|field| parts(field) > 0))
}
