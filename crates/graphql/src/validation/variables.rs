//! The rules about the variables of an operation: `UniqueVariableNames`, `NoUndefinedVariables`,
//! `NoUnusedVariables` and `VariablesInAllowedPosition`.

use super::{Errors, UsageSite, shown};
use crate::schema_types::{SchemaTypes, named};
use async_graphql_parser::types::{BaseType, OperationDefinition, Type, VariableDefinition};
use async_graphql_value::{ConstValue, Name};
use caunoi_texts::ApiText;
use std::collections::{HashMap, HashSet};

/// Checks the variables of an operation against all their usages, those in fragments included.
pub(super) fn check(
    name: Option<&Name>,
    operation: &OperationDefinition,
    sites: &[UsageSite<'_>],
    types: &SchemaTypes,
    errors: &mut Errors,
) {
    let of_operation = name.map_or_else(String::new, |name| format!(" by operation \"{}\"", shown(name)));
    let mut defined: HashMap<&str, &VariableDefinition> = HashMap::new();
    for definition in &operation.variable_definitions {
        let variable = &definition.node;
        if defined.insert(&variable.name.node, variable).is_some() {
            let message = format!("There can only be one variable named \"${}\"", shown(&variable.name.node));
            errors.add(variable.name.pos, message);
        }
    }
    let mut used: HashSet<&str> = HashSet::new();
    for site in sites {
        used.insert(site.variable);
        if let Some(variable) = defined.get(site.variable.as_str()) {
            check_position(variable, site, types, errors);
        } else {
            let variable = shown(site.variable);
            errors.add(site.pos, format!("Variable \"${variable}\" is not defined{of_operation}"));
        }
    }
    for definition in &operation.variable_definitions {
        let variable = definition.node.name.node.as_str();
        if !used.contains(variable) {
            let message = format!("Variable \"${}\" is not used{of_operation}", shown(variable));
            errors.add(definition.pos, message);
        }
    }
}

/// Checks that the type of a variable fits a location (`IsVariableUsageAllowed`).
fn check_position(
    variable: &VariableDefinition,
    site: &UsageSite<'_>,
    types: &SchemaTypes,
    errors: &mut Errors,
) {
    let declared = &variable.var_type.node;
    // A type that is no input type is an error of its own.
    let Some(location) = site.location.filter(|_| types.is_input(named(declared))) else { return };
    let name = shown(&variable.name.node);
    if !is_same_or_stricter(declared, location.ty, true) {
        let message = format!(
            "Variable \"${name}\" of type \"{declared}\" used in position expecting type \"{}\"",
            location.ty
        );
        errors.push(super::DocumentError {
            locations: vec![variable.name.pos, site.pos],
            ..super::DocumentError::bad_input(message)
        });
        return;
    }
    let default = variable.default_value.as_ref().map(|default| &default.node);
    let has_value = location.has_default || default.is_some_and(|value| *value != ConstValue::Null);
    let needs_value = location.is_one_of || (!location.ty.nullable && !has_value);
    if declared.nullable && needs_value {
        let required = Type { base: location.ty.base.clone(), nullable: false };
        let text = ApiText::VariableNullable {
            name: name.to_owned(),
            place: location.name.to_owned(),
            declared: declared.to_string(),
            required: required.to_string(),
        };
        errors.add_text(vec![variable.name.pos, site.pos], text);
    }
}

/// Whether each value of `declared` is one of `expected`; at the outer level regardless of null.
fn is_same_or_stricter(declared: &Type, expected: &Type, is_outer: bool) -> bool {
    (is_outer || expected.nullable || !declared.nullable)
        && match (&declared.base, &expected.base) {
            (BaseType::List(declared), BaseType::List(expected)) => {
                is_same_or_stricter(declared, expected, false)
            }
            (BaseType::Named(declared), BaseType::Named(expected)) => declared == expected,
            (BaseType::List(_), BaseType::Named(_)) | (BaseType::Named(_), BaseType::List(_)) => false,
        }
}
