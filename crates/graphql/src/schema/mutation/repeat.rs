//! The directive `@idempotent`: the same request under a key is done once.

use super::super::fault::Fault;
use async_graphql::{Context, CustomDirective, Directive, Value};
use async_graphql_value::ConstValue;
use caunoi_domain::change::fingerprint;
use caunoi_domain::refusal::{Problem, Refusal};
use caunoi_register::Repeat;

/// The name of the directive.
pub(crate) const NAME: &str = "idempotent";
/// The most characters of a key.
const LONGEST_KEY: usize = 255;

/// On the field of a mutation: the same field with the same input under the same key is done once.
/// Whoever repeats it within 24 hours gets the first answer; another input under the key is
/// refused. Keys are each author's own, 1 to 255 characters.
#[Directive(location = "Field")]
#[expect(clippy::needless_pass_by_value, reason = "the engine hands arguments over")]
pub(crate) fn idempotent(
    #[graphql(desc = "The key, 1 to 255 characters, none of them a control character.")] key: String,
) -> impl CustomDirective {
    let _ = key;
    Passing
}

/// The key is read by the mutation; here nothing is left to do.
struct Passing;

impl CustomDirective for Passing {}

/// The key of this field and what it stands for; none where the field has no key.
pub(super) fn of(ctx: &Context<'_>) -> Result<Result<Option<Repeat>, Problem>, Fault> {
    let unreadable = |_| Fault::bad_input("a variable of this field has no value");
    let field = ctx.field();
    let directives = field.directives().map_err(unreadable)?;
    let Some(directive) = directives.iter().find(|directive| directive.name.node == NAME) else {
        return Ok(Ok(None));
    };
    let given = directive.arguments.iter().find(|(name, _)| name.node == "key");
    let key = match read_key(given.map(|(_, value)| &value.node)) {
        Ok(key) => key,
        Err(refusal) => return Ok(Err(Problem { path: vec!["key".to_owned()], refusal })),
    };
    let arguments = field.arguments().map_err(unreadable)?;
    let input = arguments.into_iter().find(|(name, _)| name == "input").map(|(_, value)| value);
    let input = hash(input.unwrap_or_default())?;
    Ok(Ok(Some(Repeat { key, operation: field.name().to_owned(), input })))
}

fn read_key(given: Option<&Value>) -> Result<String, Refusal> {
    let Some(Value::String(key)) = given else { return Err(Refusal::Required) };
    if !(1..=LONGEST_KEY).contains(&key.chars().count()) {
        return Err(Refusal::Invalid("a key has 1 to 255 characters".to_owned()));
    }
    if key.chars().any(char::is_control) {
        return Err(Refusal::Invalid("control characters are not allowed".to_owned()));
    }
    Ok(key.clone())
}

/// A hash over a value that does not depend on how it was written: the order of names, or
/// whether it came in variables.
fn hash(input: ConstValue) -> Result<[u8; 32], Fault> {
    let json = input.into_json().map_err(|_| Fault::bad_input("the input is no JSON"))?;
    let mut text = String::new();
    write_sorted(&json, &mut text);
    Ok(fingerprint(&text))
}

fn write_sorted(json: &serde_json::Value, text: &mut String) {
    match json {
        serde_json::Value::Object(fields) => {
            let mut names: Vec<&String> = fields.keys().collect();
            names.sort();
            text.push('{');
            for name in names {
                text.push_str(&serde_json::Value::from(name.as_str()).to_string());
                text.push(':');
                write_sorted(&fields[name], text);
                text.push(',');
            }
            text.push('}');
        }
        serde_json::Value::Array(items) => {
            text.push('[');
            for item in items {
                write_sorted(item, text);
                text.push(',');
            }
            text.push(']');
        }
        serde_json::Value::Null
        | serde_json::Value::Bool(_)
        | serde_json::Value::Number(_)
        | serde_json::Value::String(_) => text.push_str(&json.to_string()),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    fn hash_of(json: serde_json::Value) -> [u8; 32] {
        hash(ConstValue::from_json(json).unwrap()).unwrap()
    }

    #[test]
    fn the_order_of_names_does_not_tell_inputs_apart_and_all_else_does() {
        let one: serde_json::Value = serde_json::from_str(r#"{"a": 1, "b": {"c": [1], "d": null}}"#).unwrap();
        let other: serde_json::Value =
            serde_json::from_str(r#"{"b": {"d": null, "c": [1]}, "a": 1}"#).unwrap();
        assert_eq!(hash_of(one.clone()), hash_of(other));
        for different in [
            json!({"a": 1, "b": {"c": [1]}}),
            json!({"a": "1", "b": {"c": [1], "d": null}}),
            json!({"a": 1, "b": {"c": [1, 1], "d": null}}),
        ] {
            assert_ne!(hash_of(one.clone()), hash_of(different));
        }
    }

    #[test]
    fn keys_are_short_and_seen() {
        let read = |key: &str| read_key(Some(&Value::from(key)));
        assert_eq!(read("đơn 7").as_deref(), Ok("đơn 7"));
        assert!(read(&"ư".repeat(255)).is_ok());
        for bad in ["", "a\0b", "a\nb", &"ư".repeat(256)] {
            assert!(matches!(read(bad), Err(Refusal::Invalid(_))), "{bad:?}");
        }
        assert_eq!(read_key(None), Err(Refusal::Required));
        assert_eq!(read_key(Some(&Value::from(7))), Err(Refusal::Required));
    }
}
