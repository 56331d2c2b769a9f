//! The description of the schema (`__schema.description`). The engine always answers with a fixed text
//! about schemas in general, and omits it from the definition language.

use async_graphql::Value;

/// The description of this schema.
const DESCRIPTION: &str = "The register of the external relations of Vietnam's provinces: relations with \
localities abroad, agreements, events, organizations, programmes, figures and instruments. Each province \
writes its own entries; everybody reads the published ones. Lists are Relay connections, changes can be \
followed with a cursor, and errors have a code in `extensions`.";

/// The text of the engine.
const ENGINE_DESCRIPTION: &str = "A GraphQL Schema defines the capabilities of a GraphQL server. It exposes \
all available types and directives on the server, as well as the entry points for query, mutation, and \
subscription operations.";

/// Returns the definition of the schema with its description.
pub(crate) fn describe_schema(sdl: &str) -> String {
    sdl.replacen("\nschema {", &format!("\n\"\"\"\n{DESCRIPTION}\n\"\"\"\nschema {{"), 1)
}

/// Whether the response to a document may contain the description: a name of a document has no other
/// spelling.
pub(crate) fn may_describe_schema(document: &str) -> bool {
    document.contains("__schema")
}

/// Replaces the text of the engine in a response.
pub(crate) fn replace_description(value: &mut Value) {
    match value {
        Value::String(text) if text == ENGINE_DESCRIPTION => DESCRIPTION.clone_into(text),
        Value::List(items) => items.iter_mut().for_each(replace_description),
        Value::Object(fields) => fields.values_mut().for_each(replace_description),
        Value::Null
        | Value::Number(_)
        | Value::String(_)
        | Value::Boolean(_)
        | Value::Binary(_)
        | Value::Enum(_) => {}
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[tokio::test]
    async fn description_replaces_the_text_of_the_engine() {
        let schema = crate::builder().finish();
        let document = "{ a: __schema { b: description } __type(name: \"__Schema\") { description } }";
        let mut data = schema.execute(document).await.data;
        replace_description(&mut data);
        let json = data.into_json().unwrap();
        assert_eq!(json["a"]["b"], DESCRIPTION);
        assert_ne!(json["__type"]["description"], DESCRIPTION);
    }

    #[test]
    fn published_schema_has_the_description() {
        assert!(crate::published_sdl().contains(DESCRIPTION));
    }

    #[test]
    fn every_custom_scalar_states_its_specification() {
        let sdl = crate::published_sdl();
        let pages = include_str!("../../../docs/reference/scalars.md");
        let scalars: Vec<&str> = sdl.lines().filter(|line| line.starts_with("scalar ")).collect();
        assert!(scalars.len() >= 9, "{scalars:?}");
        for scalar in scalars {
            let url = scalar.split_once("@specifiedBy(url: \"").and_then(|(_, rest)| rest.split('"').next());
            let url = url.unwrap_or_else(|| panic!("{scalar}"));
            let name = scalar.split_whitespace().nth(1).unwrap_or_default();
            let own = format!("/docs/scalars.md#{}", name.to_lowercase());
            let is_standard = url.starts_with("https://");
            assert!(is_standard || url == own, "{scalar}");
            assert!(pages.contains(&format!("\n## {name}\n")), "{name}");
            assert!(!is_standard || pages.contains(&format!("({url})")), "{url}");
        }
    }
}
