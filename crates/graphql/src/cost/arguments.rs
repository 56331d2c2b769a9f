//! The values of arguments, and the cost of filters.

use crate::schema_types::{InputObject, SchemaTypes, named};
use async_graphql_parser::types::{Field, OperationDefinition};
use async_graphql_value::{ConstValue, Name};
use serde_json::Value;
use std::collections::HashMap;
use std::convert::Infallible;

/// Conditions of a filter that cost nothing on a small table.
const FREE_CONDITIONS: u64 = 4;
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

/// The value of a filter and its input type.
#[derive(Clone, Copy)]
pub(super) struct FilterInput<'a> {
    types: &'static SchemaTypes,
    /// None for a type that is no input object.
    ty: Option<&'static InputObject>,
    value: &'a Value,
}

impl<'a> FilterInput<'a> {
    pub(super) fn new(types: &'static SchemaTypes, ty: Option<&str>, value: &'a Value) -> Self {
        Self { types, ty: ty.and_then(|ty| types.inputs.get(ty)), value }
    }

    /// Returns the cost of a filter, each of whose conditions may be tested on every row of a table
    /// and costs `scan` for that.
    pub(super) fn cost(self, scan: u64) -> u64 {
        let conditions = self.count_conditions();
        conditions.saturating_mul(scan).saturating_add(conditions.saturating_sub(FREE_CONDITIONS))
    }

    /// Returns the largest weight of the given fields; 0 if none of them has a weight.
    pub(super) fn largest_weight(self) -> u64 {
        let given = self.fields().filter(|(_, field)| field.count_conditions() > 0);
        given.filter_map(|(weight, _)| weight).max().unwrap_or_default()
    }

    /// Counts the conditions of a filter; a field with a weight counts as so many. The depth of
    /// recursion is limited by the JSON parser or the guard.
    fn count_conditions(self) -> u64 {
        match self.value {
            Value::Null => 0,
            Value::Bool(_) | Value::Number(_) | Value::String(_) => 1,
            Value::Array(members) if members.iter().any(Value::is_object) => {
                let members = members.iter().map(|value| Self { value, ..self }.count_conditions());
                members.fold(0, u64::saturating_add)
            }
            Value::Array(members) => {
                u64::try_from(members.len()).unwrap_or(u64::MAX).div_ceil(MEMBERS_PER_CONDITION).max(1)
            }
            Value::Object(_) => {
                let counts = self.fields().map(|(weight, field)| match (weight, field.count_conditions()) {
                    (Some(weight), 1..) => weight,
                    (_, conditions) => conditions,
                });
                counts.fold(0, u64::saturating_add)
            }
        }
    }

    /// Returns the given fields, each with its weight if the schema states one.
    fn fields(self) -> impl Iterator<Item = (Option<u64>, Self)> {
        let given = self.value.as_object().into_iter().flatten();
        given.map(move |(name, value)| {
            let field = self.ty.and_then(|ty| ty.fields.get(name));
            let ty = field.map(|field| named(&field.ty));
            (field.and_then(|field| field.weight), Self::new(self.types, ty, value))
        })
    }
}
