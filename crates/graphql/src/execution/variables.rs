//! The values of variables (`CoerceVariableValues` of the specification): the sent value, else the
//! default, else absent. The engine takes absent for null, which would clear the field that it is
//! written to.

use crate::input_path::InputPath;
use crate::schema_types::SchemaTypes;
use crate::validation::OperationUsages;
use async_graphql_parser::types::{DocumentOperations, OperationDefinition, VariableDefinition};
use async_graphql_value::Name;
use caunoi_texts::ApiText;
use serde_json::{Map, Value};
use std::collections::HashSet;

mod coercion;
mod omission;

pub(crate) use coercion::coerce;
pub(super) use omission::omit_variables;

/// The values of the variables of an operation.
pub(crate) struct VariableValues {
    /// A JSON object: the coerced values of the variables that were sent or have a default.
    pub(crate) variables: Value,
    /// Variables without a value: absent, not null.
    pub(crate) absent: HashSet<Name>,
}

/// Computes the value of each variable of an operation. Sent values that it does not define are
/// ignored.
///
/// # Errors
/// Returns the text about the first value that is missing or does not fit its type.
pub(crate) fn coerce_variables(
    types: &SchemaTypes,
    operation: &OperationDefinition,
    mut sent: Map<String, Value>,
) -> Result<VariableValues, ApiText> {
    let (mut variables, mut absent) = (Map::new(), HashSet::new());
    for definition in &operation.variable_definitions {
        let definition = &definition.node;
        let (name, ty) = (definition.name.node.as_str(), &definition.var_type.node);
        let value = sent.remove(name).or_else(|| default_of(definition));
        match value {
            None | Some(Value::Null) if !ty.nullable => {
                return Err(ApiText::VariableMissing { name: name.to_owned() });
            }
            None => {
                absent.insert(definition.name.node.clone());
            }
            Some(value) => {
                let value = coerce(types, &InputPath::of_variable(name), ty, value)?;
                variables.insert(name.to_owned(), value);
            }
        }
    }
    Ok(VariableValues { variables: Value::Object(variables), absent })
}

/// Refuses null in a variable that is used where null is not accepted: a default, of the variable or
/// of the place, lets its type be nullable. graphql-js reports this for each field during execution.
///
/// # Errors
/// Returns the text about the first such variable, by name.
pub(super) fn refuse_null(values: &VariableValues, usages: Option<&OperationUsages>) -> Result<(), ApiText> {
    let (Some(usages), Value::Object(variables)) = (usages, &values.variables) else { return Ok(()) };
    for (name, value) in variables {
        if let Some(place) = usages.non_null.get(name.as_str()).filter(|_| value.is_null()) {
            return Err(ApiText::VariableNull { name: name.clone(), place: place.clone() });
        }
    }
    Ok(())
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
