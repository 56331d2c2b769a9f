//! Whether variables fit the inputs of the schema: the engine notices only while it executes, does
//! not say where, and passes over fields that it does not know.

use async_graphql_parser::parse_schema;
use async_graphql_parser::types::{
    BaseType, InputValueDefinition, OperationDefinition, Type, TypeKind, TypeSystemDefinition,
};
use serde_json::Value;
use std::collections::{HashMap, HashSet};
use std::sync::LazyLock;

static INPUTS: LazyLock<Inputs> = LazyLock::new(|| Inputs::of(&crate::sdl()));

/// The first value of the variables that does not fit its type, and where it stands.
pub(super) fn find_flaw(operation: &OperationDefinition, variables: &Value) -> Option<String> {
    operation.variable_definitions.iter().map(|definition| &definition.node).find_map(|variable| {
        let name = variable.name.node.as_str();
        let value = variables.get(name)?;
        INPUTS.check(&format!("${name}"), &variable.var_type.node, value).err()
    })
}

/// What a field of an input takes.
struct Field {
    ty: Type,
    may_be_absent: bool,
}

/// The inputs of the schema, and the closed lists that they take.
struct Inputs {
    objects: HashMap<String, HashMap<String, Field>>,
    words: HashMap<String, HashSet<String>>,
}

impl Inputs {
    fn of(sdl: &str) -> Self {
        let mut inputs = Self { objects: HashMap::new(), words: HashMap::new() };
        for definition in parse_schema(sdl).map(|document| document.definitions).unwrap_or_default() {
            let TypeSystemDefinition::Type(definition) = definition else { continue };
            let name = definition.node.name.node.to_string();
            match definition.node.kind {
                TypeKind::InputObject(object) => {
                    let fields = object.fields.into_iter().map(|field| Field::of(field.node));
                    inputs.objects.insert(name, fields.collect());
                }
                TypeKind::Enum(list) => {
                    let words = list.values.into_iter().map(|value| value.node.value.node.to_string());
                    inputs.words.insert(name, words.collect());
                }
                TypeKind::Scalar | TypeKind::Object(_) | TypeKind::Interface(_) | TypeKind::Union(_) => {}
            }
        }
        inputs
    }

    fn check(&self, path: &str, ty: &Type, value: &Value) -> Result<(), String> {
        if value.is_null() {
            return if ty.nullable { Ok(()) } else { Err(format!("{path} needs a value.")) };
        }
        match (&ty.base, value) {
            (BaseType::List(of), Value::Array(items)) => {
                let mut items = items.iter().enumerate();
                items.try_for_each(|(index, item)| self.check(&format!("{path}.{index}"), of, item))
            }
            // One value stands for a list of it.
            (BaseType::List(of), one) => self.check(path, of, one),
            (BaseType::Named(name), value) => self.check_named(path, name, value),
        }
    }

    fn check_named(&self, path: &str, name: &str, value: &Value) -> Result<(), String> {
        if let Some(fields) = self.objects.get(name) {
            return self.check_fields(path, name, fields, value);
        }
        if let Some(words) = self.words.get(name) {
            return match value.as_str() {
                Some(word) if words.contains(word) => Ok(()),
                Some(word) => Err(format!("{path}: {name} has no {}.", shown(word))),
                None => Err(format!("{path} is not of the type {name}.")),
            };
        }
        let fits = match name {
            "Int" if value.is_i64() || value.is_u64() => {
                let is_whole = value.as_i64().is_some_and(|number| i32::try_from(number).is_ok());
                let bounds = format!("{path} is not a whole number from {} to {}.", i32::MIN, i32::MAX);
                return if is_whole { Ok(()) } else { Err(bounds) };
            }
            "Int" => false,
            "Float" => value.is_number(),
            "Boolean" => value.is_boolean(),
            "ID" => value.is_string() || value.is_i64(),
            // Every scalar of ours is a text.
            _ => value.is_string(),
        };
        if fits { Ok(()) } else { Err(format!("{path} is not of the type {name}.")) }
    }

    fn check_fields(
        &self,
        path: &str,
        name: &str,
        fields: &HashMap<String, Field>,
        value: &Value,
    ) -> Result<(), String> {
        let Value::Object(given) = value else { return Err(format!("{path} is not of the type {name}.")) };
        for (field, value) in given {
            let Some(known) = fields.get(field) else {
                return Err(format!("{path}.{} is no field of {name}.", shown(field)));
            };
            self.check(&format!("{path}.{field}"), &known.ty, value)?;
        }
        // By name, so that one input is always told the same.
        let mut missing: Vec<&String> = fields
            .iter()
            .filter(|(field, known)| !known.may_be_absent && !given.contains_key(*field))
            .map(|(field, _)| field)
            .collect();
        missing.sort();
        missing.first().map_or(Ok(()), |field| Err(format!("{path}.{field} needs a value.")))
    }
}

/// As much of a word that the caller made up as is fit to be shown.
fn shown(word: &str) -> String {
    word.chars().filter(|c| !c.is_control()).take(60).collect()
}

impl Field {
    fn of(field: InputValueDefinition) -> (String, Self) {
        let ty = field.ty.node;
        let may_be_absent = ty.nullable || field.default_value.is_some();
        (field.name.node.to_string(), Self { ty, may_be_absent })
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::guard;
    use serde_json::json;

    fn told(ty: &str, value: &Value) -> Option<String> {
        let parsed = guard::check(&format!("query($v: {ty}) {{ a(b: $v) }}")).unwrap();
        let (_, operation) = parsed.operations.iter().next().unwrap();
        find_flaw(&operation.node, &json!({ "v": value }))
    }

    #[test]
    fn what_does_not_fit_is_told_with_its_place() {
        let event = |field: &str, value: Value| {
            let mut input =
                json!({"province": "HUE", "title": {"en": "x"}, "kind": "FESTIVAL", "pillar": "STATE"});
            input[field] = value;
            told("CreateEventInput!", &input)
        };
        assert_eq!(event("place", json!("Huế")), None);
        assert_eq!(event("partners", json!(["a", "b"])), None);
        for (field, value, flaw) in [
            ("when", json!(1.5), "$v.when is not of the type EDTF."),
            ("titel", json!({}), "$v.titel is no field of CreateEventInput."),
            ("title", json!({"fr": "x"}), "$v.title.fr is no field of TextInput."),
            ("title", json!(null), "$v.title needs a value."),
            ("pillar", json!("ARMY"), "$v.pillar: Pillar has no ARMY."),
            ("partners", json!(["a", 1]), "$v.partners.1 is not of the type String."),
            ("leaders", json!([{"name": "A"}]), "$v.leaders.0.post needs a value."),
            (
                "occurrences",
                json!(3_000_000_000_i64),
                "$v.occurrences is not a whole number from -2147483648 to 2147483647.",
            ),
        ] {
            assert_eq!(event(field, value).as_deref(), Some(flaw));
        }
        assert_eq!(told("[ID!]", &json!("x")), None);
        assert_eq!(told("NoSuchType", &json!("x")), None);
    }
}
