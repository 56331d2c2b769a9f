//! Writes objects in memory as JSON text, without the engine.
//!
//! The engine creates a future and a value for every field of every object. For a page of
//! thousands of small objects in memory, that is most of the time of the request. Selections that
//! contain only plain fields are written directly; all others are resolved by the engine, with the
//! same result.

use crate::execution::FlatDocument;
use async_graphql::indexmap::IndexMap;
use async_graphql::{ContextSelectionSet, Name, Value};
use async_graphql_parser::types::{Field, Selection, SelectionSet};
use async_graphql_value::RAW_VALUE_TOKEN;

/// JSON text under construction.
#[derive(Debug, Default)]
pub(crate) struct JsonWriter(String);

impl JsonWriter {
    /// Returns the text that `write` writes; `None` if the document is not flat or a selected field
    /// needs the engine.
    pub(crate) fn write_plain(
        ctx: &ContextSelectionSet<'_>,
        write: impl FnOnce(&mut Self) -> Option<()>,
    ) -> Option<Value> {
        ctx.data_opt::<FlatDocument>()?;
        let mut json = Self::default();
        write(&mut json)?;
        // The engine copies the text under this token to the response unchanged.
        Some(Value::Object(IndexMap::from_iter([(Name::new(RAW_VALUE_TOKEN), Value::String(json.0))])))
    }

    /// Writes a list with one member for each item.
    pub(crate) fn write_list<T>(
        &mut self,
        items: impl IntoIterator<Item = T>,
        mut member: impl FnMut(&mut Self, T) -> Option<()>,
    ) -> Option<()> {
        self.0.push('[');
        for (index, item) in items.into_iter().enumerate() {
            if index > 0 {
                self.0.push(',');
            }
            member(self, item)?;
        }
        self.0.push(']');
        Some(())
    }

    /// Writes an object of this type; `None` if the selection contains anything but fields that
    /// `field` writes.
    pub(crate) fn write_object(
        &mut self,
        type_name: &str,
        selected: &SelectionSet,
        mut field: impl FnMut(&mut Self, &Field) -> Option<()>,
    ) -> Option<()> {
        self.0.push('{');
        for (index, selection) in selected.items.iter().enumerate() {
            let Selection::Field(selected_field) = &selection.node else { return None };
            let selected_field = &selected_field.node;
            if !selected_field.directives.is_empty() || !selected_field.arguments.is_empty() {
                return None;
            }
            if index > 0 {
                self.0.push(',');
            }
            // GraphQL names need no escapes.
            self.0.push('"');
            self.0.push_str(&selected_field.response_key().node);
            self.0.push_str("\":");
            if selected_field.name.node == "__typename" {
                self.write_text(type_name)?;
            } else {
                field(self, selected_field)?;
            }
        }
        self.0.push('}');
        Some(())
    }

    /// Writes a string.
    pub(crate) fn write_text(&mut self, text: &str) -> Option<()> {
        if text.bytes().all(|byte| matches!(byte, b' '..=b'~') && byte != b'"' && byte != b'\\') {
            self.0.push('"');
            self.0.push_str(text);
            self.0.push('"');
        } else {
            self.0.push_str(&serde_json::to_string(text).ok()?);
        }
        Some(())
    }

    /// Writes a number.
    pub(crate) fn write_number(&mut self, number: i32) -> Option<()> {
        use std::fmt::Write as _;
        write!(self.0, "{number}").ok()
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use async_graphql_parser::{parse_query, types::DocumentOperations};

    fn write_selected(document: &str) -> Option<String> {
        let DocumentOperations::Single(operation) = parse_query(document).unwrap().operations else {
            panic!("one operation");
        };
        let mut json = JsonWriter::default();
        json.write_object("Thing", &operation.node.selection_set.node, |json, field| {
            match field.name.node.as_str() {
                "one" => json.write_number(1),
                "words" => json.write_text("\"Huế\"\n"),
                "few" => json.write_list([1, 2], JsonWriter::write_number),
                _ => None,
            }
        })?;
        Some(json.0)
    }

    #[test]
    fn plain_fields_are_written_in_order_under_their_aliases() {
        assert_eq!(
            write_selected("{ b: one __typename words a: few }").as_deref(),
            Some(r#"{"b":1,"__typename":"Thing","words":"\"Huế\"\n","a":[1,2]}"#)
        );
    }

    #[test]
    fn other_selections_are_left_to_the_engine() {
        for document in ["{ two }", "{ one(x: 1) }", "{ one @skip(if: false) }", "{ ... on Thing { one } }"] {
            assert_eq!(write_selected(document), None, "{document}");
        }
    }
}
