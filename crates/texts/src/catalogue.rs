//! The messages of both languages, and the conversion of a value to the id and the parameters of its
//! message.
//!
//! A value is serialized: the name of its variant, after a prefix, is the id of the message, and its
//! fields are the parameters. A parameter that names a word of [`CODED`] is replaced by the text of
//! that word.

use caunoi_domain::locale::Locale;
use fluent_bundle::concurrent::FluentBundle;
use fluent_bundle::{FluentArgs, FluentResource, FluentValue};
use serde::Serialize;
use serde_json::Value;
use std::sync::LazyLock;

/// The resource files, in the order of [`Locale::ALL`].
pub(crate) const FILES: [(&str, &str); 2] =
    [("vi", include_str!("../locales/vi.ftl")), ("en", include_str!("../locales/en.ftl"))];

/// The parameters whose values are words with texts of their own, and the prefix of those texts.
pub(crate) const CODED: [(&str, &str); 11] = [
    ("action", "action"),
    ("entries", "entries"),
    ("entry", "entry"),
    ("format", "format"),
    ("from", "publication"),
    ("list", "list"),
    ("quota", "quota"),
    ("reference", "reference"),
    ("required", "required-role"),
    ("tier", "tier"),
    ("use", "use"),
];

/// The parameters whose values are texts of the same prefix.
pub(crate) const NESTED: [&str; 2] = ["hint", "why"];

/// The text of an absent number.
const NONE: &str = "–";

static BUNDLES: LazyLock<[FluentBundle<FluentResource>; 2]> = LazyLock::new(|| FILES.map(bundle));

/// A message to format.
#[derive(Debug, PartialEq)]
pub(crate) struct Call {
    /// The id of the message.
    pub(crate) id: String,
    /// The parameters, by name.
    pub(crate) parameters: Vec<(String, Value)>,
}

/// Returns the text of a value.
pub(crate) fn text<T: Serialize>(prefix: &str, value: &T, locale: Locale) -> String {
    format(&call(prefix, value), locale)
}

/// Returns the text of a word of a closed list, such as `IN_FORCE`.
pub(crate) fn word(prefix: &str, word: &str, locale: Locale) -> String {
    format(&Call { id: word_id(prefix, word), parameters: Vec::new() }, locale)
}

/// Returns the id of the message of a word.
pub(crate) fn word_id(prefix: &str, word: &str) -> String {
    format!("{prefix}-{}", word.to_ascii_lowercase().replace('_', "-"))
}

/// Returns the message of a value.
pub(crate) fn call<T: Serialize>(prefix: &str, value: &T) -> Call {
    call_of_json(prefix, serde_json::to_value(value).unwrap_or_default())
}

fn call_of_json(prefix: &str, value: Value) -> Call {
    let (name, fields) = match value {
        Value::Object(variant) => variant.into_iter().next().unwrap_or_default(),
        Value::String(name) => (name, Value::Null),
        Value::Null | Value::Bool(_) | Value::Number(_) | Value::Array(_) => Default::default(),
    };
    let parameters = match fields {
        Value::Object(fields) => fields.into_iter().collect(),
        Value::Null | Value::Bool(_) | Value::Number(_) | Value::String(_) | Value::Array(_) => Vec::new(),
    };
    Call { id: format!("{prefix}-{name}"), parameters }
}

fn format(call: &Call, locale: Locale) -> String {
    // Each message exists in both languages with these parameters; a test holds it.
    try_format(call, locale).unwrap_or_else(|_| call.id.clone())
}

/// Returns the text of a message, or its defects.
pub(crate) fn try_format(call: &Call, locale: Locale) -> Result<String, Vec<String>> {
    let bundle = &BUNDLES[locale as usize];
    let mut parameters = FluentArgs::new();
    for (name, value) in &call.parameters {
        if NESTED.contains(&name.as_str()) {
            let prefix = call.id.split('-').next().unwrap_or_default();
            parameters.set(name.clone(), try_format(&call_of_json(prefix, value.clone()), locale)?);
        } else {
            set(&mut parameters, name, value, locale);
        }
    }
    let pattern = bundle.get_message(&call.id).and_then(|message| message.value());
    let pattern = pattern.ok_or_else(|| vec![format!("no message {}", call.id)])?;
    let mut errors = Vec::new();
    let text = bundle.format_pattern(pattern, Some(&parameters), &mut errors).into_owned();
    if errors.is_empty() { Ok(text) } else { Err(errors.iter().map(ToString::to_string).collect()) }
}

fn set(parameters: &mut FluentArgs<'_>, name: &str, value: &Value, locale: Locale) {
    let prefix = CODED.iter().find(|(coded, _)| *coded == name).map(|(_, prefix)| *prefix);
    let value: FluentValue<'static> = match (value, prefix) {
        (Value::String(code), Some(prefix)) => word(prefix, code, locale).into(),
        (Value::String(text), None) => text.clone().into(),
        (Value::Number(number), _) => number.as_i64().map_or_else(|| number.to_string().into(), Into::into),
        (Value::Array(words), _) => {
            parameters.set(format!("{name}-count"), words.len());
            let words: Vec<&str> = words.iter().filter_map(Value::as_str).collect();
            words.join(", ").into()
        }
        (Value::Null | Value::Bool(_) | Value::Object(_), _) => NONE.into(),
    };
    parameters.set(name.to_owned(), value);
}

fn bundle((language, text): (&str, &str)) -> FluentBundle<FluentResource> {
    let mut bundle = FluentBundle::new_concurrent(language.parse().into_iter().collect());
    // The texts go into JSON and terminals, where marks of direction would be noise.
    bundle.set_use_isolating(false);
    // A defective entry is left out; a test finds it.
    let resource = FluentResource::try_new(text.to_owned()).unwrap_or_else(|(resource, _)| resource);
    bundle.add_resource_overriding(resource);
    bundle
}
