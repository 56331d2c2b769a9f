//! The range that the description of an argument states is the range that the server accepts.

use serde_json::Value;

use crate::harness::on_both_engines;

const FIELDS: &str = "{ __schema { types { name fields(includeDeprecated: true) {
    name type { kind ofType { kind ofType { kind ofType { kind } } } }
    args { name description type { kind name ofType { kind name } } }
} } } }";

/// The types with ranges, each with the selection around a field; an empty one is not checked,
/// because its fields need a webhook or a stream.
const PLACES: [(&str, &str); 18] = [
    ("Query", "@"),
    ("Statistics", "statistics { @ }"),
    ("Tally", "statistics { agreements { @ } }"),
    ("Province", "province(slug: \"HUE\") { @ }"),
    ("Country", "country(code: \"JP\") { @ }"),
    ("Locality", "localities(first: 1) { nodes { @ } }"),
    ("Relation", "relations(first: 1) { nodes { @ } }"),
    ("RelationConnection", "relations(first: 1) { @ }"),
    ("Agreement", "agreements(first: 1) { nodes { @ } }"),
    ("AgreementConnection", "agreements(first: 1) { @ }"),
    ("Event", "events(first: 1) { nodes { @ } }"),
    ("EventConnection", "events(first: 1) { @ }"),
    ("Organization", "organizations(first: 1) { nodes { @ } }"),
    ("OrganizationConnection", "organizations(first: 1) { @ }"),
    ("Programme", "programmes(first: 1) { nodes { @ } }"),
    ("Entry", "agreements(first: 1) { nodes { ... on Entry { @ } } }"),
    ("Webhook", ""),
    ("Subscription", ""),
];

/// Parses a range such as `1 to 1,200`.
fn range(description: &str) -> Option<[i64; 2]> {
    let words: Vec<String> = description.split_whitespace().map(|word| word.replace(',', "")).collect();
    words.windows(3).find_map(|words| {
        let bound = |word: &str| word.trim_end_matches(['.', ';']).parse::<i64>().ok();
        Some([bound(&words[0]).filter(|_| words[1] == "to")?, bound(&words[2])?])
    })
}

/// An integer argument whose description states a range.
struct RangedArgument<'a> {
    /// The name of the type of its field.
    ty: &'a str,
    field: &'a Value,
    name: &'a str,
    least: i64,
    most: i64,
}

/// Returns the integer arguments of a schema whose descriptions state a range.
fn ranged_arguments(schema: &Value) -> Vec<RangedArgument<'_>> {
    let mut found = Vec::new();
    for ty in schema["types"].as_array().expect("types") {
        for field in ty["fields"].as_array().into_iter().flatten() {
            for argument in field["args"].as_array().into_iter().flatten() {
                let stated = range(argument["description"].as_str().unwrap_or_default());
                let is_integer = argument["type"].to_string().contains("\"Int\"");
                if let Some([least, most]) = stated.filter(|_| is_integer) {
                    let (ty, name) = (ty["name"].as_str().expect("a name"), argument["name"].as_str());
                    found.push(RangedArgument { ty, field, name: name.expect("a name"), least, most });
                }
            }
        }
    }
    found
}

impl RangedArgument<'_> {
    /// Returns a document that gives the argument a value, in the place of its field.
    fn document(&self, place: &str, value: i64) -> String {
        let others = self.field["args"].as_array().expect("arguments").iter();
        let required = others.filter(|argument| argument["type"]["kind"] == "NON_NULL");
        let required = required.filter_map(|argument| match argument["name"].as_str() {
            Some("by") => Some("by: [{key: COUNTRY}], "),
            Some("query") => Some("query: \"hue\", "),
            Some("prefix") => Some("prefix: \"hue\", "),
            _ => None,
        });
        let (name, required) = (self.field["name"].as_str().expect("a name"), required.collect::<String>());
        let has_fields = self.field["type"].to_string().contains("OBJECT");
        let selection = if has_fields { " { __typename }" } else { "" };
        let text = format!("{name}({required}{}: {value}){selection}", self.name);
        format!("{{ {} }}", place.replace('@', &text))
    }
}

#[tokio::test]
async fn integer_arguments_have_the_range_of_their_description() {
    on_both_engines(|server| async move {
        let schema = server.execute(FIELDS, Value::Null).await;
        let mut checked = 0;
        for argument in ranged_arguments(&schema["data"]["__schema"]) {
            let place = PLACES.iter().find(|(ty, _)| *ty == argument.ty);
            let (_, place) = place.unwrap_or_else(|| panic!("{} has no place", argument.ty));
            if place.is_empty() {
                continue;
            }
            let (least, most) = (argument.least, argument.most);
            for (value, is_in_range) in [(least - 1, false), (least, true), (most, true), (most + 1, false)] {
                let document = argument.document(place, value);
                let answer = server.execute_as("steward", &document, Value::Null).await;
                let code = &answer["errors"][0]["extensions"]["code"];
                let expected = if is_in_range { Value::Null } else { "BAD_INPUT".into() };
                assert_eq!(*code, expected, "{document}: {answer}");
            }
            checked += 1;
        }
        assert!(checked > 30, "{checked}");
    })
    .await;
}
