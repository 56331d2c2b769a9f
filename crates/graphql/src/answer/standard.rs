//! Introspection documents as clients send them, answered from one prepared text.
//!
//! The answer to them depends on nothing but the schema. A document is standard if it asks each
//! thing once and follows no list of types further than any tool needs: the documents of graphql-js
//! with all its options, GraphiQL, Apollo, Rover, Relay and code generators are. Two that differ in
//! nothing but space, fragments and names have one text.

use super::{Answer, Desk, Outcome, Prepared, execute};
use async_graphql::Data;
use async_graphql_parser::types::{
    ExecutableDocument, Field, OperationDefinition, OperationType, Selection, SelectionSet,
};
use async_graphql_value::{ConstValue, Value};
use bytes::Bytes;
use caunoi_metrics::Kind;
use caunoi_register::{Memo, Tag, Weigh};
use std::fmt::Write as _;
use std::sync::Arc;

/// Memory for prepared answers.
const MOST_BYTES: u64 = 8 * 1_024 * 1_024;
/// Bytes of one, about.
const USUAL_BYTES: u64 = 512 * 1_024;

/// The standard documents that were answered, by their normal form.
pub(super) struct Introspections(Memo<Arc<str>, PreparedAnswer>);

/// An answer to an introspection document, the same for all callers of this process.
#[derive(Clone)]
struct PreparedAnswer {
    /// The whole body.
    body: Bytes,
    /// The tag of the body.
    tag: Tag,
}

impl Default for Introspections {
    fn default() -> Self {
        Self(Memo::new(MOST_BYTES, USUAL_BYTES))
    }
}

impl Introspections {
    /// The answer to the document of a normal form, if there is one yet.
    fn find(&self, form: &str) -> Option<PreparedAnswer> {
        self.0.find(form)
    }

    /// Keeps the answer to the document of a normal form.
    fn keep(&self, form: Arc<str>, body: &Bytes) -> PreparedAnswer {
        let prepared = PreparedAnswer { body: body.clone(), tag: Tag::of(body) };
        self.0.keep(form, prepared.clone());
        prepared
    }
}

impl Weigh<Arc<str>> for PreparedAnswer {
    fn weight(&self, form: &Arc<str>) -> usize {
        form.len() + self.body.len()
    }
}

impl Desk {
    /// The answer to a standard introspection document, made once for all who ask.
    pub(super) async fn introspect(&self, form: Arc<str>, question: Prepared) -> Answer {
        if let Some(known) = self.introspections.find(&form) {
            return Answer::introspection(known);
        }
        let answer = execute(&self.schema, question, self.bounds, |_| Data::default()).await;
        if answer.is_plain {
            Answer::introspection(self.introspections.keep(form, &answer.body))
        } else {
            answer.to(OperationType::Query)
        }
    }
}

impl Answer {
    /// An introspection answer, which holds as long as the process lives.
    fn introspection(known: PreparedAnswer) -> Self {
        let PreparedAnswer { body, tag } = known;
        Self {
            body,
            outcome: Outcome::Answered,
            tag: Some(tag),
            is_plain: true,
            kind: Kind::Query,
            event: None,
        }
    }
}

/// The normal form of a standard introspection document: its fields, fragments written out; none
/// for any other document.
pub(super) fn normal_form(
    document: &ExecutableDocument,
    operation: &OperationDefinition,
) -> Option<Arc<str>> {
    let is_bare = operation.variable_definitions.is_empty() && operation.directives.is_empty();
    if operation.ty != OperationType::Query || !is_bare {
        return None;
    }
    let mut form = Form { document, text: String::new() };
    form.write(&operation.selection_set.node, Level::Root)?;
    // `__typename` alone is no introspection.
    form.text.contains("__schema").then(|| form.text.into())
}

/// Types of introspection, and how far a standard document follows them.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Level {
    Root,
    Schema,
    Type,
    /// A type that is named with what is inside it.
    TypeRef,
    Field,
    Input,
    EnumValue,
    Directive,
    /// A value without fields.
    Leaf,
}

impl Level {
    /// The values of a standard document at this level.
    const fn leaves(self) -> &'static [&'static str] {
        match self {
            Self::Root | Self::Leaf => &["__typename"],
            Self::Schema => &["__typename", "description"],
            Self::Type => &["__typename", "kind", "name", "description", "specifiedByURL", "isOneOf"],
            Self::TypeRef => &["__typename", "kind", "name"],
            Self::Field | Self::EnumValue => {
                &["__typename", "name", "description", "isDeprecated", "deprecationReason"]
            }
            Self::Input => {
                &["__typename", "name", "description", "defaultValue", "isDeprecated", "deprecationReason"]
            }
            Self::Directive => &["__typename", "name", "description", "isRepeatable", "locations"],
        }
    }

    /// What a standard document selects below a field of this level: a leaf has nothing below; none
    /// where it has no such field.
    fn below(self, field: &str) -> Option<Self> {
        match (self, field) {
            (Self::Root, "__schema") => Some(Self::Schema),
            (Self::Schema, "types") => Some(Self::Type),
            (Self::Schema, "directives") => Some(Self::Directive),
            (Self::Schema, "queryType" | "mutationType" | "subscriptionType")
            | (Self::Type, "interfaces" | "possibleTypes")
            | (Self::TypeRef, "ofType")
            | (Self::Field | Self::Input, "type") => Some(Self::TypeRef),
            (Self::Type, "fields") => Some(Self::Field),
            (Self::Type, "enumValues") => Some(Self::EnumValue),
            (Self::Type, "inputFields") | (Self::Field | Self::Directive, "args") => Some(Self::Input),
            (_, leaf) => self.leaves().contains(&leaf).then_some(Self::Leaf),
        }
    }
}

struct Form<'a> {
    document: &'a ExecutableDocument,
    text: String,
}

impl<'a> Form<'a> {
    /// Writes a selection; none where it is not standard.
    fn write(&mut self, set: &'a SelectionSet, level: Level) -> Option<()> {
        let mut fields = Vec::new();
        self.collect(set, &mut fields)?;
        self.text.push('{');
        for (number, field) in fields.iter().enumerate() {
            let name = field.name.node.as_str();
            let is_again = fields.iter().take(number).any(|other| other.name.node == field.name.node);
            if is_again || field.alias.is_some() || !field.directives.is_empty() {
                return None;
            }
            let below = level.below(name)?;
            self.text.push_str(name);
            self.write_arguments(field)?;
            let set = &field.selection_set.node;
            if below != Level::Leaf {
                self.write(set, below)?;
            } else if !set.items.is_empty() {
                return None;
            }
            self.text.push(' ');
        }
        self.text.push('}');
        (!fields.is_empty()).then_some(())
    }

    /// The only argument that they have, written out.
    fn write_arguments(&mut self, field: &Field) -> Option<()> {
        for (name, value) in &field.arguments {
            let Value::Boolean(value) = &value.node else { return None };
            let takes = matches!(field.name.node.as_str(), "fields" | "args" | "inputFields" | "enumValues");
            if !takes || name.node != "includeDeprecated" || field.arguments.len() > 1 {
                return None;
            }
            write!(self.text, "({})", ConstValue::Boolean(*value)).ok()?;
        }
        Some(())
    }

    fn collect(&self, set: &'a SelectionSet, fields: &mut Vec<&'a Field>) -> Option<()> {
        for item in &set.items {
            let (directives, below) = match &item.node {
                Selection::Field(field) => {
                    fields.push(&field.node);
                    continue;
                }
                Selection::InlineFragment(inline) => {
                    (&inline.node.directives, &inline.node.selection_set.node)
                }
                Selection::FragmentSpread(spread) => {
                    let fragment = self.document.fragments.get(&spread.node.fragment_name.node)?;
                    if !fragment.node.directives.is_empty() {
                        return None;
                    }
                    (&spread.node.directives, &fragment.node.selection_set.node)
                }
            };
            if !directives.is_empty() {
                return None;
            }
            self.collect(below, fields)?;
        }
        Some(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::guard;

    fn form(text: &str) -> Option<Arc<str>> {
        let document = guard::check(text).unwrap();
        let (_, operation) = document.operations.iter().next().unwrap();
        normal_form(&document, &operation.node)
    }

    #[test]
    fn documents_that_differ_in_fragments_and_space_have_one_form() {
        let one = form("query A { __schema { types { kind name } } }").unwrap();
        let other =
            form("{ __schema { types { ...F ... on __Type { name } } } } fragment F on __Type { kind }")
                .unwrap();
        assert_eq!(one, other);
        assert_ne!(one, form("{ __schema { types { name kind } } }").unwrap());
        assert_ne!(
            form("{ __schema { types { fields(includeDeprecated: true) { name } } } }").unwrap(),
            form("{ __schema { types { fields { name } } } }").unwrap()
        );
    }

    #[test]
    fn documents_of_tools_are_standard_and_others_are_not() {
        assert!(form(include_str!("../guard/introspection.graphql")).is_some());
        for other in [
            "{ __typename }",
            "{ __schema { types { name } } provinces { slug } }",
            "{ a: __schema { types { name } } }",
            "{ __schema { types { a: name } } }",
            "{ __schema { types { name name } } }",
            "{ __schema { types { name @skip(if: false) } } }",
            "query($d: Boolean) { __schema { types { fields(includeDeprecated: $d) { name } } } }",
            "{ __schema { types { possibleTypes { interfaces { name } } } } }",
            "{ __schema { types { fields { type { fields { name } } } } } }",
            "{ __type(name: \"Query\") { name } }",
            "subscription { __schema { types { name } } }",
        ] {
            assert!(form(other).is_none(), "{other}");
        }
    }
}
