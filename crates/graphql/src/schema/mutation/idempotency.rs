//! The directive `@idempotent`: a mutation with the same key and input is executed once.

use super::super::api_error::ApiError;
use crate::execution::variables::coerce;
use crate::input_path::InputPath;
use crate::schema_types::TYPES;
use async_graphql::{Context, CustomDirective, Directive, Value};
use async_graphql_value::ConstValue;
use caunoi_domain::change::fingerprint;
use caunoi_domain::idempotency::IdempotencyKey;
use caunoi_domain::text::{composed, is_unsafe};
use caunoi_domain::validation::{InvalidReason, Reason, ValidationError};
use caunoi_texts::ApiText;

/// The name of the directive.
pub(crate) const NAME: &str = "idempotent";
/// The maximum length of a key in characters.
const LONGEST_KEY: usize = 255;

/// Makes a mutation safe to retry. A repetition of the same mutation with the same input and key
/// within 24 hours is not executed again and returns the first result; another input under the
/// same key fails with `IDEMPOTENCY_CONFLICT`. Each caller has its own keys, for example
/// `event-2025-10-30-1`.
#[Directive(location = "Field")]
#[expect(clippy::needless_pass_by_value, reason = "the engine hands arguments over")]
pub(crate) fn idempotent(
    #[graphql(desc = "The key, 1 to 255 characters, none of them a control character.")] key: String,
) -> impl CustomDirective {
    let _ = key;
    NoEffect
}

/// A directive without effect: the mutation reads the key itself.
struct NoEffect;

impl CustomDirective for NoEffect {}

/// Reads the key of this field with the hash of its input; `None` if the field has no key.
///
/// # Errors
/// The outer error is a malformed request; the inner problem is an invalid key, which the payload
/// returns.
pub(super) fn read_key(
    ctx: &Context<'_>,
) -> Result<Result<Option<IdempotencyKey>, ValidationError>, ApiError> {
    let unreadable = |_| ApiError::bad_input(ApiText::VariableWithoutValue);
    let field = ctx.field();
    let directives = field.directives().map_err(unreadable)?;
    let Some(directive) = directives.iter().find(|directive| directive.name.node == NAME) else {
        return Ok(Ok(None));
    };
    let given = directive.arguments.iter().find(|(name, _)| name.node == "key");
    let key = match parse_key(given.map(|(_, value)| &value.node)) {
        Ok(key) => key,
        Err(reason) => return Ok(Err(ValidationError { path: vec!["key".to_owned()], reason })),
    };
    let arguments = field.arguments().map_err(unreadable)?;
    let input = arguments.into_iter().find(|(name, _)| name == "input").map(|(_, value)| value);
    let input_hash = hash_input(field.name(), input.unwrap_or_default())?;
    Ok(Ok(Some(IdempotencyKey { key, operation: field.name().to_owned(), input_hash })))
}

fn parse_key(given: Option<&Value>) -> Result<String, Reason> {
    let Some(Value::String(key)) = given else { return Err(Reason::Required) };
    if !(1..=LONGEST_KEY).contains(&key.chars().count()) {
        return Err(InvalidReason::KeyLength { most: LONGEST_KEY }.into());
    }
    if key.chars().any(is_unsafe) {
        return Err(InvalidReason::ControlCharacters.into());
    }
    Ok(key.clone())
}

/// Returns a hash of the input of a mutation that depends neither on the order of its fields, nor on
/// whether it came in variables, nor on whether defaults were written out, nor on the encoding of
/// marks.
fn hash_input(mutation: &str, input: ConstValue) -> Result<[u8; 32], ApiError> {
    let mut json = input.into_json().map_err(|_| ApiError::bad_input(ApiText::InputNotJson))?;
    let argument = TYPES.field(Some("Mutation"), mutation).and_then(|field| field.arguments.get("input"));
    if let Some(argument) = argument {
        let path = InputPath::of_argument("input");
        json = coerce(&TYPES, &path, &argument.ty, json).map_err(ApiError::bad_input)?;
    }
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
        serde_json::Value::String(string) => {
            text.push_str(&serde_json::Value::from(composed(string)).to_string());
        }
        serde_json::Value::Null | serde_json::Value::Bool(_) | serde_json::Value::Number(_) => {
            text.push_str(&json.to_string());
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    fn hash_of(json: serde_json::Value) -> [u8; 32] {
        hash_input("none", ConstValue::from_json(json).unwrap()).unwrap()
    }

    #[test]
    fn input_hash_ignores_written_defaults_and_the_encoding_of_marks() {
        let base = json!({
            "acts": [], "form": "MOU", "pillar": "STATE", "province": "HUE", "title": {"vi": "Biên bản"}
        });
        let hash = |change: &dyn Fn(&mut serde_json::Value)| {
            let mut input = base.clone();
            change(&mut input);
            hash_input("createAgreement", ConstValue::from_json(input).unwrap()).unwrap()
        };
        let first = hash(&|_| {});
        assert_eq!(hash(&|input| input["secrecy"] = json!("PUBLIC")), first);
        assert_eq!(hash(&|input| input["allowDuplicate"] = json!(false)), first);
        assert_eq!(hash(&|input| input["title"]["vi"] = json!("Bie\u{302}n ba\u{309}n")), first);
        assert_ne!(hash(&|input| input["allowDuplicate"] = json!(true)), first);
        assert_ne!(hash(&|input| input["expires"] = json!(null)), first);
        assert_eq!(
            hash(&|input| input["languages"] = json!("vi")),
            hash(&|input| input["languages"] = json!(["vi"]))
        );
    }

    #[test]
    fn input_hash_ignores_only_the_order_of_fields() {
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
    fn key_is_short_and_printable() {
        let read = |key: &str| parse_key(Some(&Value::from(key)));
        assert_eq!(read("đơn 7").as_deref(), Ok("đơn 7"));
        assert!(read(&"ư".repeat(255)).is_ok());
        for bad in ["", "a\0b", "a\nb", &"ư".repeat(256)] {
            assert!(matches!(read(bad), Err(Reason::Invalid(_))), "{bad:?}");
        }
        assert_eq!(parse_key(None), Err(Reason::Required));
        assert_eq!(parse_key(Some(&Value::from(7))), Err(Reason::Required));
    }
}
