//! The cache of responses to standard introspection documents.
//!
//! Such a response depends on the schema only. A document is standard if it selects each field once
//! and follows lists of types no deeper than tools do: the documents of graphql-js with all its
//! options, GraphiQL, Apollo, Rover, Relay and code generators are standard. Documents that differ
//! in space, fragments and names only have one normal form, which is the key.

use super::{Executor, GraphqlResponse, PreparedOperation, ResponseOutcome, execute};
use async_graphql::Data;
use async_graphql_parser::types::{
    ExecutableDocument, Field, OperationDefinition, OperationType, Selection, SelectionSet,
};
use async_graphql_value::{ConstValue, Value};
use bytes::Bytes;
use caunoi_cache::{BoundedCache, Tag, Weigh};
use caunoi_metrics::OperationKind;
use std::fmt::Write as _;
use std::sync::Arc;

/// The largest memory of the cache in bytes.
const MAX_BYTES: u64 = 8 * 1_024 * 1_024;
/// The typical bytes of one response.
const TYPICAL_RESPONSE_BYTES: u64 = 512 * 1_024;

/// The responses to standard documents, by normal form.
pub(super) struct IntrospectionCache(BoundedCache<Arc<str>, CachedIntrospection>);

/// A response to an introspection document, the same for all callers of this process.
#[derive(Clone)]
struct CachedIntrospection {
    /// The whole body.
    body: Bytes,
    /// The tag of the body.
    tag: Tag,
}

impl Default for IntrospectionCache {
    fn default() -> Self {
        Self(BoundedCache::new(MAX_BYTES, TYPICAL_RESPONSE_BYTES))
    }
}

impl IntrospectionCache {
    /// Returns the response to the document with this normal form; none if it is not cached yet.
    fn find(&self, form: &str) -> Option<CachedIntrospection> {
        self.0.find(form)
    }

    /// Stores and returns the response to the document with this normal form.
    fn insert(&self, form: Arc<str>, body: &Bytes) -> CachedIntrospection {
        let prepared = CachedIntrospection { body: body.clone(), tag: Tag::from_body(body) };
        self.0.insert(form, prepared.clone());
        prepared
    }
}

impl Weigh<Arc<str>> for CachedIntrospection {
    fn weight(&self, form: &Arc<str>) -> usize {
        form.len() + self.body.len()
    }
}

impl Executor {
    /// Returns the response to a standard introspection document, executed once per process.
    pub(super) async fn execute_introspection(
        &self,
        form: Arc<str>,
        request: PreparedOperation,
    ) -> GraphqlResponse {
        if let Some(known) = self.introspections.find(&form) {
            return GraphqlResponse::from_introspection(known);
        }
        let response =
            execute(self.schemas.for_introspection(), request, self.limits, |_| Data::default()).await;
        if response.is_error_free {
            GraphqlResponse::from_introspection(self.introspections.insert(form, &response.body))
        } else {
            response.with_kind(OperationType::Query)
        }
    }
}

impl GraphqlResponse {
    /// The response with a cached body, which is valid for the life of the process.
    fn from_introspection(known: CachedIntrospection) -> Self {
        let CachedIntrospection { body, tag } = known;
        Self {
            body,
            outcome: ResponseOutcome::Answered,
            tag: Some(tag),
            is_error_free: true,
            kind: OperationKind::Query,
            refusal: None,
            feed_message: None,
            rate: None,
            retry_after_seconds: None,
            work: None,
        }
    }
}

/// Returns the normal form of a standard introspection document: its fields with fragments
/// expanded; none for any other document.
pub(super) fn normal_form(
    document: &ExecutableDocument,
    operation: &OperationDefinition,
) -> Option<Arc<str>> {
    let is_bare = operation.variable_definitions.is_empty() && operation.directives.is_empty();
    if operation.ty != OperationType::Query || !is_bare {
        return None;
    }
    let mut form = NormalFormWriter { document, text: String::new() };
    form.write(&operation.selection_set.node, IntrospectionLevel::Root)?;
    // `__typename` alone is not introspection.
    form.text.contains("__schema").then(|| form.text.into())
}

/// The levels of a standard document, by the type that is selected from.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum IntrospectionLevel {
    Root,
    Schema,
    Type,
    /// A type reference with its wrapped types.
    TypeRef,
    Field,
    Input,
    EnumValue,
    Directive,
    /// A scalar or enum value.
    Leaf,
}

impl IntrospectionLevel {
    /// Returns the leaf fields of a standard document at this level.
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

    /// Returns the level below a field of this level, `Leaf` for a leaf field; none if a standard
    /// document has no such field here.
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

struct NormalFormWriter<'a> {
    document: &'a ExecutableDocument,
    text: String,
}

impl<'a> NormalFormWriter<'a> {
    /// Appends the normal form of a selection set; returns none if it is not standard.
    fn write(&mut self, set: &'a SelectionSet, level: IntrospectionLevel) -> Option<()> {
        let mut fields = Vec::new();
        self.collect(set, &mut fields)?;
        self.text.push('{');
        for (number, field) in fields.iter().enumerate() {
            let name = field.name.node.as_str();
            let is_repeated = fields.iter().take(number).any(|other| other.name.node == field.name.node);
            if is_repeated || field.alias.is_some() || !field.directives.is_empty() {
                return None;
            }
            let below = level.below(name)?;
            self.text.push_str(name);
            self.write_arguments(field)?;
            let set = &field.selection_set.node;
            if below != IntrospectionLevel::Leaf {
                self.write(set, below)?;
            } else if !set.items.is_empty() {
                return None;
            }
            self.text.push(' ');
        }
        self.text.push('}');
        (!fields.is_empty()).then_some(())
    }

    /// Appends `includeDeprecated`, the only argument of a standard document.
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

    /// Collects the fields of a selection set; returns none if it has directives.
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
    fn fragments_and_space_do_not_change_the_normal_form() {
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
    fn tool_documents_are_standard_and_others_are_not() {
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
