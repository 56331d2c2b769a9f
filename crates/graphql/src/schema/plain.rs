//! Objects whose fields wait for nothing, written as JSON at once.
//!
//! The engine makes a future and a value for every field of every object. Where a page holds
//! thousands of small objects that are in memory already, that is most of the work. What is asked of
//! them is nearly always a list of plain fields; whatever is more than that is left to the engine,
//! which means the same.

use crate::answer::Flat;
use async_graphql::indexmap::IndexMap;
use async_graphql::{ContextSelectionSet, Name, Value};
use async_graphql_parser::types::{Field, Selection, SelectionSet};
use async_graphql_value::RAW_VALUE_TOKEN;

/// JSON text in the making.
#[derive(Debug, Default)]
pub(crate) struct Json(String);

impl Json {
    /// What `write` writes, if the request can take text and all that is asked for is plain.
    pub(crate) fn of(
        ctx: &ContextSelectionSet<'_>,
        write: impl FnOnce(&mut Self) -> Option<()>,
    ) -> Option<Value> {
        ctx.data_opt::<Flat>()?;
        let mut json = Self::default();
        write(&mut json)?;
        // What the engine knows as text that goes out as it is.
        Some(Value::Object(IndexMap::from_iter([(Name::new(RAW_VALUE_TOKEN), Value::String(json.0))])))
    }

    /// A list with a member for each of these.
    pub(crate) fn list<T>(
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

    /// An object of this type, if all that is selected of it are fields that `field` writes.
    pub(crate) fn object(
        &mut self,
        type_name: &str,
        selected: &SelectionSet,
        mut field: impl FnMut(&mut Self, &Field) -> Option<()>,
    ) -> Option<()> {
        self.0.push('{');
        for (index, selection) in selected.items.iter().enumerate() {
            let Selection::Field(asked) = &selection.node else { return None };
            let asked = &asked.node;
            if !asked.directives.is_empty() || !asked.arguments.is_empty() {
                return None;
            }
            if index > 0 {
                self.0.push(',');
            }
            // Names need no escapes.
            self.0.push('"');
            self.0.push_str(&asked.response_key().node);
            self.0.push_str("\":");
            if asked.name.node == "__typename" { self.text(type_name)? } else { field(self, asked)? }
        }
        self.0.push('}');
        Some(())
    }

    /// A text.
    pub(crate) fn text(&mut self, text: &str) -> Option<()> {
        if text.bytes().all(|byte| matches!(byte, b' '..=b'~') && byte != b'"' && byte != b'\\') {
            self.0.push('"');
            self.0.push_str(text);
            self.0.push('"');
        } else {
            self.0.push_str(&serde_json::to_string(text).ok()?);
        }
        Some(())
    }

    /// A number.
    pub(crate) fn number(&mut self, number: i32) -> Option<()> {
        use std::fmt::Write as _;
        write!(self.0, "{number}").ok()
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use async_graphql_parser::{parse_query, types::DocumentOperations};

    fn ask(document: &str) -> Option<String> {
        let DocumentOperations::Single(operation) = parse_query(document).unwrap().operations else {
            panic!("one operation");
        };
        let mut json = Json::default();
        json.object("Thing", &operation.node.selection_set.node, |json, field| {
            match field.name.node.as_str() {
                "one" => json.number(1),
                "words" => json.text("\"Huế\"\n"),
                "few" => json.list([1, 2], Json::number),
                _ => None,
            }
        })?;
        Some(json.0)
    }

    #[test]
    fn plain_fields_are_written_in_their_order_and_under_their_aliases() {
        assert_eq!(
            ask("{ b: one __typename words a: few }").as_deref(),
            Some(r#"{"b":1,"__typename":"Thing","words":"\"Huế\"\n","a":[1,2]}"#)
        );
    }

    #[test]
    fn everything_else_is_left_to_the_engine() {
        for document in ["{ two }", "{ one(x: 1) }", "{ one @skip(if: false) }", "{ ... on Thing { one } }"] {
            assert_eq!(ask(document), None, "{document}");
        }
    }
}
