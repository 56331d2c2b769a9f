//! Stored filters: filters of the feed as webhooks keep them. Earlier releases wrote types of entries
//! in other words, and terms may have left the register since; a stored filter with such words stays
//! valid, and they match nothing.

use crate::schema::global_id::parse_entry_type;
use caunoi_domain::validation::ValidationError;
use serde_json::Value;

/// The field for types of entries.
const ENTRY_TYPE: &str = "entryType";

/// Parses a stored filter, with the present words for types of entries. Earlier releases stored
/// other words, and unknown ones too; these match nothing and are left out.
pub(crate) fn read(text: &str) -> Option<Value> {
    let mut filter: Value = serde_json::from_str(text).ok()?;
    if let Some(Value::Array(types)) = filter.get_mut(ENTRY_TYPE) {
        let word = |given: &Value| Some(Value::from(<&str>::from(parse_entry_type(given.as_str()?).ok()?)));
        *types = types.iter().filter_map(word).collect();
    }
    Some(filter)
}

/// Returns the unknown types of entries in a stored filter, each with its path.
pub(crate) fn unknown_types(text: &str) -> Vec<ValidationError> {
    let filter: Value = serde_json::from_str(text).unwrap_or_default();
    let types = filter[ENTRY_TYPE].as_array().into_iter().flatten().enumerate();
    let unknown = types.filter_map(|(index, given)| {
        let path = vec![ENTRY_TYPE.to_owned(), index.to_string()];
        Some(ValidationError { path, reason: parse_entry_type(given.as_str()?).err()? })
    });
    unknown.collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    #[test]
    fn stored_types_of_entries_are_read_as_present_words() {
        let stored = r#"{"entryType":["Agreement","EVENT","agreement"],"province":{"in":["HUE"]}}"#;
        let filter = json!({"entryType": ["AGREEMENT", "EVENT"], "province": {"in": ["HUE"]}});
        assert_eq!(read(stored), Some(filter));
        assert_eq!(
            unknown_types(stored).iter().map(|error| error.path.join(".")).collect::<Vec<_>>(),
            ["entryType.2"]
        );
        assert_eq!(read(r#"{"entryType":["agreement"]}"#), Some(json!({"entryType": []})));
        assert_eq!(read("{}"), Some(json!({})));
    }
}
