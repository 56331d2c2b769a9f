//! Coercion of JSON values to the input types of the schema, as the specification and graphql-js
//! define it: a single value becomes a list of one, an absent field gets its default, `2.0` is an
//! `Int`, a number is an `ID`. Unknown fields are refused.

use crate::input_path::{InputPath, shown};
use crate::schema_types::{InputObject, SchemaTypes};
use async_graphql_parser::types::{BaseType, Type};
use caunoi_domain::validation::candidate::{Candidate, most_similar};
use caunoi_texts::ApiText;
use serde_json::{Map, Value};

/// Coerces a value to a type. The result is canonical: equal inputs have equal results.
///
/// # Errors
/// Returns the text about the first part that does not fit, with its path.
pub(crate) fn coerce(
    types: &SchemaTypes,
    path: &InputPath<'_>,
    ty: &Type,
    value: Value,
) -> Result<Value, ApiText> {
    if value.is_null() {
        return if ty.nullable { Ok(value) } else { Err(ApiText::ValueMissing { path: path.to_string() }) };
    }
    match (&ty.base, value) {
        (BaseType::List(of), Value::Array(items)) => {
            let items = items.into_iter().enumerate();
            items.map(|(index, item)| coerce(types, &path.item(index), of, item)).collect()
        }
        (BaseType::List(of), one) => Ok(Value::Array(vec![coerce(types, path, of, one)?])),
        (BaseType::Named(name), value) => coerce_named(types, path, name, value),
    }
}

fn coerce_named(
    types: &SchemaTypes,
    path: &InputPath<'_>,
    name: &str,
    value: Value,
) -> Result<Value, ApiText> {
    if let Some(object) = types.inputs.get(name) {
        let Value::Object(given) = value else { return Err(not_of_type(path, name)) };
        return coerce_object(types, path, name, object, given);
    }
    if let Some(words) = types.enums.get(name) {
        return match value.as_str() {
            Some(word) if words.contains(word) => Ok(value),
            Some(word) => Err(ApiText::ValueNotInEnum {
                path: path.to_string(),
                r#type: name.to_owned(),
                given: shown(word),
                candidates: most_similar(word, words.iter().map(|word| Candidate::new(word))),
            }),
            None => Err(not_of_type(path, name)),
        };
    }
    let coerced = match name {
        "Int" if value.is_number() => return coerce_int(path, &value),
        "Float" => coerce_float(value),
        "Boolean" => value.is_boolean().then_some(value),
        "ID" => coerce_id(value),
        "Int" => None,
        // All custom scalars are strings.
        _ => value.is_string().then_some(value),
    };
    coerced.ok_or_else(|| not_of_type(path, name))
}

fn coerce_int(path: &InputPath<'_>, value: &Value) -> Result<Value, ApiText> {
    let whole = value.as_i64().or_else(|| value.as_f64().and_then(to_whole));
    match whole.and_then(|whole| i32::try_from(whole).ok()) {
        Some(whole) => Ok(Value::from(whole)),
        None => Err(ApiText::ValueNotInt { path: path.to_string(), least: i32::MIN, most: i32::MAX }),
    }
}

/// Writes a float without a fraction as an integer, so that `2.0` and `2` are equal.
fn coerce_float(value: Value) -> Option<Value> {
    let whole = value.as_f64().and_then(to_whole);
    value.is_number().then(|| whole.map_or(value, Value::from))
}

fn coerce_id(value: Value) -> Option<Value> {
    match value {
        Value::String(_) => Some(value),
        Value::Number(number) => {
            let whole = number.as_i64().or_else(|| number.as_f64().and_then(to_whole))?;
            Some(Value::String(whole.to_string()))
        }
        Value::Null | Value::Bool(_) | Value::Array(_) | Value::Object(_) => None,
    }
}

/// Returns the integer that a float is; none if it has a fraction or is beyond 2^53, up to which
/// floats are exact.
fn to_whole(number: f64) -> Option<i64> {
    const MAX_EXACT: f64 = 9_007_199_254_740_992.0;
    #[expect(clippy::cast_possible_truncation, reason = "in range and without a fraction")]
    let whole = number as i64;
    (number.fract() == 0.0 && number.abs() <= MAX_EXACT).then_some(whole)
}

fn coerce_object(
    types: &SchemaTypes,
    path: &InputPath<'_>,
    name: &str,
    object: &InputObject,
    given: Map<String, Value>,
) -> Result<Value, ApiText> {
    let mut coerced = Map::new();
    for (field, value) in given {
        let path = path.field(&field);
        let Some(known) = object.fields.get(&field) else {
            return Err(ApiText::FieldUnknown { path: path.to_string(), r#type: name.to_owned() });
        };
        let is_valid = !(object.is_one_of && value.is_null());
        let value = coerce(types, &path, &known.ty, value)?;
        if !is_valid {
            return Err(ApiText::ValueMissing { path: path.to_string() });
        }
        coerced.insert(field, value);
    }
    if let Some(missing) = object.missing(|field| coerced.contains_key(field)).first() {
        return Err(ApiText::ValueMissing { path: path.field(missing).to_string() });
    }
    if object.is_one_of && coerced.len() != 1 {
        return Err(ApiText::ValueNotOneOf { path: path.to_string(), r#type: name.to_owned() });
    }
    for (field, known) in &object.fields {
        if let Some(default) = &known.default
            && !coerced.contains_key(field)
        {
            let value = coerce(types, &path.field(field), &known.ty, default.clone())?;
            coerced.insert(field.clone(), value);
        }
    }
    Ok(Value::Object(coerced))
}

fn not_of_type(path: &InputPath<'_>, name: &str) -> ApiText {
    ApiText::ValueNotOfType { path: path.to_string(), r#type: name.to_owned() }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::schema_types::TYPES;
    use caunoi_domain::locale::Locale;
    use serde_json::json;

    fn coerced(ty: &str, value: Value) -> Result<Value, String> {
        let ty = Type::new(ty).unwrap();
        coerce(&TYPES, &InputPath::of_variable("v"), &ty, value).map_err(|text| text.text(Locale::En))
    }

    #[test]
    fn invalid_value_is_reported_with_its_path() {
        let event = |field: &str, value: Value| {
            let mut input =
                json!({"province": "HUE", "title": {"en": "x"}, "kind": "FESTIVAL", "pillar": "STATE"});
            input[field] = value;
            coerced("CreateEventInput!", input).err()
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
    }

    #[test]
    fn values_are_coerced_as_graphql_js_does() {
        let same = |ty: &str, value: Value| assert_eq!(coerced(ty, value.clone()), Ok(value), "{ty}");
        for (ty, value, expected) in [
            ("Int", json!(2.0), json!(2)),
            ("Int", json!(-0.0), json!(0)),
            ("Int", json!(2_147_483_647.0), json!(2_147_483_647)),
            ("ID", json!(7), json!("7")),
            ("ID", json!(7.0), json!("7")),
            ("[ID!]", json!("x"), json!(["x"])),
            ("[[Int]]", json!(1), json!([[1]])),
            ("[[Int]]", json!([1, [2.0], null]), json!([[1], [2], null])),
            ("EventFilter", json!({"pillar": {"in": "STATE"}}), json!({"pillar": {"in": ["STATE"]}})),
        ] {
            assert_eq!(coerced(ty, value.clone()), Ok(expected), "{ty} {value}");
        }
        same("Float", json!(1));
        same("Float", json!(-2.5));
        assert_eq!(coerced("Float", json!(2.0)), Ok(json!(2)));
        same("Boolean", json!(true));
        same("EntryBy", json!({"code": "x"}));
        let with_default = coerced(
            "CreateAgreementInput",
            json!({"acts": [], "form": "MOU", "pillar": "STATE", "province": "HUE", "title": {}}),
        );
        assert_eq!(with_default.unwrap()["signingLevel"], "PROVINCE");
        for (ty, value) in [
            ("Int", json!(2.5)),
            ("Int", json!(2_147_483_648_u64)),
            ("Int", json!(1e300)),
            ("Int", json!("2")),
            ("Int", json!(true)),
            ("Float", json!("1")),
            ("Boolean", json!(1)),
            ("Boolean", json!("true")),
            ("String", json!(1)),
            ("ID", json!(1.5)),
            ("ID", json!(true)),
            ("[Int!]", json!([1, null])),
            ("EntryBy", json!({})),
            ("EntryBy", json!([])),
            ("EntryBy", json!({"code": null})),
            ("EntryBy", json!({"code": "x", "id": "y"})),
            ("EntryBy", json!({"code": "x", "id": null})),
        ] {
            assert!(coerced(ty, value.clone()).is_err(), "{ty} {value}");
        }
    }
}
