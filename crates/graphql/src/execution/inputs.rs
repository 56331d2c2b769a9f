//! Validation of variables against the input types of the schema. The engine validates them only
//! during execution, reports no path, and ignores unknown fields.

use crate::schema_types::{InputObject, SchemaTypes, TYPES};
use async_graphql_parser::types::{BaseType, OperationDefinition, Type};
use caunoi_domain::validation::candidate::{Candidate, most_similar};
use caunoi_texts::ApiText;
use serde_json::Value;

/// Returns the text about the first value that does not fit its type, with its path; none
/// if all fit.
pub(super) fn find_flaw(operation: &OperationDefinition, variables: &Value) -> Option<ApiText> {
    operation.variable_definitions.iter().map(|definition| &definition.node).find_map(|variable| {
        let name = variable.name.node.as_str();
        let value = variables.get(name)?;
        check(&TYPES, &format!("${name}"), &variable.var_type.node, value).err()
    })
}

fn check(types: &SchemaTypes, path: &str, ty: &Type, value: &Value) -> Result<(), ApiText> {
    if value.is_null() {
        return if ty.nullable { Ok(()) } else { Err(ApiText::ValueMissing { path: path.to_owned() }) };
    }
    match (&ty.base, value) {
        (BaseType::List(of), Value::Array(items)) => {
            let mut items = items.iter().enumerate();
            items.try_for_each(|(index, item)| check(types, &format!("{path}.{index}"), of, item))
        }
        // A single value is coerced to a list of it.
        (BaseType::List(of), one) => check(types, path, of, one),
        (BaseType::Named(name), value) => check_named(types, path, name, value),
    }
}

fn check_named(types: &SchemaTypes, path: &str, name: &str, value: &Value) -> Result<(), ApiText> {
    if let Some(object) = types.inputs.get(name) {
        return check_fields(types, path, name, object, value);
    }
    if let Some(words) = types.enums.get(name) {
        return match value.as_str() {
            Some(word) if words.contains(word) => Ok(()),
            Some(word) => Err(ApiText::ValueNotInEnum {
                path: path.to_owned(),
                r#type: name.to_owned(),
                given: shown(word),
                candidates: most_similar(word, words.iter().map(|word| Candidate::new(word))),
            }),
            None => Err(not_of_type(path, name)),
        };
    }
    let fits = match name {
        "Int" if value.is_i64() || value.is_u64() => {
            let is_whole = value.as_i64().is_some_and(|number| i32::try_from(number).is_ok());
            let bounds = ApiText::ValueNotInt { path: path.to_owned(), least: i32::MIN, most: i32::MAX };
            return if is_whole { Ok(()) } else { Err(bounds) };
        }
        "Int" => false,
        "Float" => value.is_number(),
        "Boolean" => value.is_boolean(),
        "ID" => value.is_string() || value.is_i64(),
        // All custom scalars are strings.
        _ => value.is_string(),
    };
    if fits { Ok(()) } else { Err(not_of_type(path, name)) }
}

fn check_fields(
    types: &SchemaTypes,
    path: &str,
    name: &str,
    object: &InputObject,
    value: &Value,
) -> Result<(), ApiText> {
    let Value::Object(given) = value else { return Err(not_of_type(path, name)) };
    for (field, value) in given {
        let Some(known) = object.fields.get(field) else {
            let path = format!("{path}.{}", shown(field));
            return Err(ApiText::FieldUnknown { path, r#type: name.to_owned() });
        };
        check(types, &format!("{path}.{field}"), &known.ty, value)?;
    }
    // In the order of names, so that an input always gets the same error.
    let mut missing: Vec<&String> = object
        .fields
        .iter()
        .filter(|(field, known)| !known.may_be_absent() && !given.contains_key(*field))
        .map(|(field, _)| field)
        .collect();
    missing.sort();
    missing.first().map_or(Ok(()), |field| Err(ApiText::ValueMissing { path: format!("{path}.{field}") }))
}

fn not_of_type(path: &str, name: &str) -> ApiText {
    ApiText::ValueNotOfType { path: path.to_owned(), r#type: name.to_owned() }
}

/// Returns the part of a caller's text that is safe to show.
fn shown(word: &str) -> String {
    word.chars().filter(|c| !c.is_control()).take(60).collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::guard;
    use caunoi_domain::locale::Locale;
    use serde_json::json;

    fn flaw_of(ty: &str, value: &Value) -> Option<String> {
        let parsed = guard::check(&format!("query($v: {ty}) {{ a(b: $v) }}")).unwrap();
        let (_, operation) = parsed.operations.iter().next().unwrap();
        let flaw = find_flaw(&operation.node, &json!({ "v": value }));
        flaw.map(|flaw| flaw.text(Locale::En))
    }

    #[test]
    fn invalid_value_is_reported_with_its_path() {
        let event = |field: &str, value: Value| {
            let mut input =
                json!({"province": "HUE", "title": {"en": "x"}, "kind": "FESTIVAL", "pillar": "STATE"});
            input[field] = value;
            flaw_of("CreateEventInput!", &input)
        };
        assert_eq!(event("place", json!("Huế")), None);
        assert_eq!(event("partnerLocalities", json!(["a", "b"])), None);
        for (field, value, flaw) in [
            ("heldOn", json!(1.5), "$v.heldOn is not of the type EDTF."),
            ("titel", json!({}), "$v.titel is no field of CreateEventInput."),
            ("title", json!({"fr": "x"}), "$v.title.fr is no field of TextInput."),
            ("title", json!(null), "$v.title needs a value."),
            ("pillar", json!("ARMY"), "$v.pillar: Pillar has no ARMY."),
            ("partnerLocalities", json!(["a", 1]), "$v.partnerLocalities.1 is not of the type String."),
            ("leaders", json!([{"name": "A"}]), "$v.leaders.0.post needs a value."),
            (
                "occurrences",
                json!(3_000_000_000_i64),
                "$v.occurrences is not a whole number from -2147483648 to 2147483647.",
            ),
        ] {
            assert_eq!(event(field, value).as_deref(), Some(flaw));
        }
        assert_eq!(flaw_of("[ID!]", &json!("x")), None);
        assert_eq!(flaw_of("NoSuchType", &json!("x")), None);
    }
}
