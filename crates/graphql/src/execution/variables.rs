//! The values of variables (`CoerceVariableValues` of the specification): the sent value, else the
//! default, else absent. The engine takes absent for null, which would clear the field that it is
//! written to.

use async_graphql_parser::types::{DocumentOperations, OperationDefinition, VariableDefinition};
use async_graphql_value::Name;
use caunoi_texts::ApiText;
use serde_json::{Map, Value};
use std::collections::HashSet;

mod omission;
mod usage;

pub(super) use omission::omit_variables;
use usage::VariableUsage;
pub(super) use usage::{OperationUsages, VariableUsages};

/// The values of the variables of an operation.
pub(super) struct VariableValues {
    /// A JSON object: the sent values, and the defaults of variables that were not sent.
    pub(super) variables: Value,
    /// Used variables without a value: absent, not null.
    pub(super) absent: HashSet<Name>,
}

/// Computes the value of each variable of an operation.
///
/// # Errors
/// Returns the text if a variable has no value, or null, and its type or its use needs
/// one.
pub(super) fn coerce_variables(
    operation: &OperationDefinition,
    usages: Option<&OperationUsages>,
    mut sent: Map<String, Value>,
) -> Result<VariableValues, ApiText> {
    let mut absent = HashSet::new();
    for definition in &operation.variable_definitions {
        let definition = &definition.node;
        let name = definition.name.node.as_str();
        let usage = usages.and_then(|usages| usages.variables.get(name));
        let is_nullable = definition.var_type.node.nullable;
        let default = if sent.contains_key(name) { None } else { default_of(definition) };
        match sent.get(name).or(default.as_ref()).map(Value::is_null) {
            None | Some(true) if !is_nullable => {
                return Err(ApiText::VariableMissing { name: name.to_owned() });
            }
            None => match usage {
                Some(usage) if usage.is_required => return Err(missing_value(name, usage)),
                Some(usage) if usage.can_be_omitted => {
                    absent.insert(definition.name.node.clone());
                }
                // The engine refuses such a location, and validates values only if all exist.
                Some(_) => {
                    sent.insert(name.to_owned(), Value::Null);
                }
                None => {}
            },
            Some(is_null) => {
                if let Some(usage) = usage.filter(|usage| is_null && usage.non_null.is_some()) {
                    return Err(missing_value(name, usage));
                }
                if let Some(default) = default {
                    sent.insert(name.to_owned(), default);
                }
            }
        }
    }
    Ok(VariableValues { variables: Value::Object(sent), absent })
}

fn missing_value(name: &str, usage: &VariableUsage) -> ApiText {
    let place = usage.non_null.clone().unwrap_or_default();
    ApiText::VariableNull { name: name.to_owned(), place }
}

fn default_of(definition: &VariableDefinition) -> Option<Value> {
    definition.default_value.as_ref()?.node.clone().into_json().ok()
}

/// Returns the name of the selected operation in its document; none if the only operation has none.
pub(super) fn name_of(operations: &DocumentOperations, name: Option<&str>) -> Option<Name> {
    match operations {
        DocumentOperations::Single(_) => None,
        DocumentOperations::Multiple(all) => name.map(Name::new).or_else(|| all.keys().next().cloned()),
    }
}

#[cfg(test)]
mod tests;
