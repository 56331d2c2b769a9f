//! The values of variables (`CoerceVariableValues` of the specification): what was sent, else the
//! default, else nothing. The engine would take nothing for null, which clears what it meets.

use async_graphql_parser::types::{DocumentOperations, OperationDefinition, VariableDefinition};
use async_graphql_value::Name;
use serde_json::{Map, Value};
use std::collections::HashSet;

mod absent;
mod usages;

pub(super) use absent::leave_out;
use usages::VariableUsage;
pub(super) use usages::{OperationUsages, VariableUsages};

/// The values that an operation runs with.
pub(super) struct Values {
    /// What was sent, and defaults in the place of what was not; a JSON object.
    pub(super) variables: Value,
    /// Variables without a value that the operation uses: not null, but absent.
    pub(super) absent: HashSet<Name>,
}

/// Gives each variable of an operation its value.
///
/// # Errors
/// Names a variable that has no value, or null, where its type or its use needs one.
pub(super) fn values_of(
    operation: &OperationDefinition,
    usages: Option<&OperationUsages>,
    mut sent: Map<String, Value>,
) -> Result<Values, String> {
    let mut absent = HashSet::new();
    for definition in &operation.variable_definitions {
        let definition = &definition.node;
        let name = definition.name.node.as_str();
        let usage = usages.and_then(|usages| usages.variables.get(name));
        let is_nullable = definition.var_type.node.nullable;
        let default = if sent.contains_key(name) { None } else { default_of(definition) };
        match sent.get(name).or(default.as_ref()).map(Value::is_null) {
            None | Some(true) if !is_nullable => return Err(format!("The variable ${name} needs a value.")),
            None => match usage {
                Some(usage) if usage.is_required => return Err(needed_by(name, usage)),
                Some(usage) if usage.can_be_left_out => {
                    absent.insert(definition.name.node.clone());
                }
                // The engine refuses such a place, and looks at values only where all are known.
                Some(_) => {
                    sent.insert(name.to_owned(), Value::Null);
                }
                None => {}
            },
            Some(is_null) => {
                if let Some(usage) = usage.filter(|usage| is_null && usage.non_null.is_some()) {
                    return Err(needed_by(name, usage));
                }
                if let Some(default) = default {
                    sent.insert(name.to_owned(), default);
                }
            }
        }
    }
    Ok(Values { variables: Value::Object(sent), absent })
}

fn needed_by(name: &str, usage: &VariableUsage) -> String {
    let place = usage.non_null.as_deref().unwrap_or_default();
    format!("The variable ${name} needs a value: `{place}` does not take null.")
}

fn default_of(definition: &VariableDefinition) -> Option<Value> {
    definition.default_value.as_ref()?.node.clone().into_json().ok()
}

/// The name under which a document has the operation that is asked for.
pub(super) fn name_of(operations: &DocumentOperations, asked: Option<&str>) -> Option<Name> {
    match operations {
        DocumentOperations::Single(_) => None,
        DocumentOperations::Multiple(all) => asked.map(Name::new).or_else(|| all.keys().next().cloned()),
    }
}

#[cfg(test)]
mod tests;
