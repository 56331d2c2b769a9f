//! The bytes of an introspection response, computed from our own schema, type by type, along each
//! path of the document.

mod tables;

use super::arguments::Arguments;
use super::bytes;
use async_graphql_parser::types::{ExecutableDocument, Field, OperationDefinition, Selection, SelectionSet};
use std::collections::HashMap;
use tables::{IntrospectionTables, Member, TypeEntry, WrappedType};

/// The deepest nesting of lists of types and fields, as in the rule of graphql-js.
const MAX_LISTS: usize = 2;
/// The list fields that lead from types to types.
const LIST_FIELDS: [&str; 4] = ["fields", "inputFields", "interfaces", "possibleTypes"];
/// The typical bytes of `null`, of a kind and of a boolean.
const SHORT_BYTES: u64 = 10;
/// The typical bytes of a description of a directive.
const DESCRIPTION_BYTES: u64 = 120;
/// The number of directives of the schema with all their arguments, about.
const DIRECTIVES: u64 = 13;

/// How often each type occurs at a location of the response.
type TypeCounts = HashMap<WrappedType, u64>;
/// How often each field, argument and enum value occurs at a location of the response.
type MemberCounts = HashMap<usize, u64>;

/// Whether an operation nests lists of types and fields deeper than [`MAX_LISTS`], which no client
/// needs.
pub(crate) fn is_too_deep(document: &ExecutableDocument, operation: &OperationDefinition) -> bool {
    find_deep(document, &operation.selection_set.node, None)
}

/// The same for a selection set; `lists` is the number of lists around it, none outside
/// introspection.
fn find_deep(document: &ExecutableDocument, set: &SelectionSet, lists: Option<usize>) -> bool {
    set.items.iter().any(|item| match &item.node {
        Selection::Field(field) => {
            let name = field.node.name.node.as_str();
            let lists = match lists {
                Some(lists) => lists + usize::from(LIST_FIELDS.contains(&name)),
                None if matches!(name, "__schema" | "__type") => 0,
                // Entries have fields with such names too.
                None => return false,
            };
            lists > MAX_LISTS || find_deep(document, &field.node.selection_set.node, Some(lists))
        }
        Selection::InlineFragment(inline) => find_deep(document, &inline.node.selection_set.node, lists),
        Selection::FragmentSpread(spread) => {
            let fragment = document.fragments.get(&spread.node.fragment_name.node);
            fragment.is_some_and(|fragment| find_deep(document, &fragment.node.selection_set.node, lists))
        }
    })
}

/// Returns the estimated bytes of `__schema` or `__type`.
pub(super) fn bytes(document: &ExecutableDocument, arguments: &Arguments<'_>, field: &Field) -> u64 {
    let estimator = IntrospectionEstimator { document, tables: IntrospectionTables::of_schema() };
    let set = &field.selection_set.node;
    let below = match field.name.node.as_str() {
        "__schema" => estimator.schema_bytes(set),
        "__type" => {
            let name = arguments.find(field, "name");
            let name = name.as_ref().and_then(serde_json::Value::as_str).unwrap_or_default();
            estimator.type_bytes(set, &estimator.named(name))
        }
        _ => 0,
    };
    below.saturating_add(bytes::of_name(field))
}

struct IntrospectionEstimator<'a> {
    document: &'a ExecutableDocument,
    tables: &'static IntrospectionTables,
}

impl<'a> IntrospectionEstimator<'a> {
    /// Returns the sum of `of` over the fields of a selection set, fragments expanded.
    fn sum_fields(&self, set: &'a SelectionSet, of: &dyn Fn(&'a Field) -> u64) -> u64 {
        set.items.iter().fold(0, |sum: u64, item| {
            sum.saturating_add(match &item.node {
                Selection::Field(field) => of(&field.node),
                Selection::InlineFragment(inline) => self.sum_fields(&inline.node.selection_set.node, of),
                Selection::FragmentSpread(spread) => {
                    let fragment = self.document.fragments.get(&spread.node.fragment_name.node);
                    fragment.map_or(0, |fragment| self.sum_fields(&fragment.node.selection_set.node, of))
                }
            })
        })
    }

    fn schema_bytes(&self, set: &'a SelectionSet) -> u64 {
        self.sum_fields(set, &|field| {
            let below = &field.selection_set.node;
            bytes::of_name(field).saturating_add(match field.name.node.as_str() {
                "types" => {
                    let all = (0..self.tables.types.len()).map(|ty| (named(ty), 1));
                    self.type_bytes(below, &all.collect())
                }
                "queryType" => self.type_bytes(below, &self.named("Query")),
                "mutationType" => self.type_bytes(below, &self.named("Mutation")),
                "subscriptionType" => self.type_bytes(below, &self.named("Subscription")),
                "directives" => DIRECTIVES.saturating_mul(self.directive_bytes(below)),
                _ => DESCRIPTION_BYTES,
            })
        })
    }

    /// Returns the bytes of a directive, or of one of its arguments.
    fn directive_bytes(&self, set: &'a SelectionSet) -> u64 {
        self.sum_fields(set, &|field| {
            let below = match field.name.node.as_str() {
                "args" | "type" | "ofType" => self.directive_bytes(&field.selection_set.node),
                name if LIST_FIELDS.contains(&name) => {
                    self.directive_bytes(&field.selection_set.node).saturating_mul(4)
                }
                _ => DESCRIPTION_BYTES,
            };
            below.saturating_add(bytes::of_name(field))
        })
    }

    fn named(&self, name: &str) -> TypeCounts {
        self.tables.by_name.get(name).map(|ty| (named(*ty), 1)).into_iter().collect()
    }

    fn type_bytes(&self, set: &'a SelectionSet, counts: &TypeCounts) -> u64 {
        let count = counts.values().fold(0, |sum: u64, count| sum.saturating_add(*count));
        if count == 0 {
            return 0;
        }
        let sum = |of: fn(&TypeEntry) -> u64| {
            let entries = entries(counts).map(|(ty, count)| of(ty).saturating_mul(count));
            entries.fold(0, u64::saturating_add).saturating_add(count.saturating_mul(4))
        };
        let members = |of: fn(&TypeEntry) -> &Vec<usize>| {
            let mut members = MemberCounts::new();
            for (ty, count) in entries(counts) {
                for member in of(ty) {
                    add(&mut members, *member, count);
                }
            }
            members
        };
        let types = |of: fn(&TypeEntry) -> &Vec<usize>| {
            let mut types = TypeCounts::new();
            for (ty, count) in entries(counts) {
                for ty in of(ty) {
                    add(&mut types, named(*ty), count);
                }
            }
            types
        };
        let fields = self.sum_fields(set, &|field| {
            let below = &field.selection_set.node;
            let value = match field.name.node.as_str() {
                "name" => sum(|ty| ty.name),
                "description" => sum(|ty| ty.description),
                "fields" => self.member_bytes(below, &members(|ty| &ty.fields)),
                "inputFields" => self.member_bytes(below, &members(|ty| &ty.input_fields)),
                "enumValues" => self.member_bytes(below, &members(|ty| &ty.enum_values)),
                "interfaces" => self.type_bytes(below, &types(|ty| &ty.interfaces)),
                "possibleTypes" => self.type_bytes(below, &types(|ty| &ty.possible_types)),
                "ofType" => self.type_bytes(below, &unwrapped(counts)),
                _ => count.saturating_mul(SHORT_BYTES),
            };
            value.saturating_add(count.saturating_mul(bytes::of_name(field)))
        });
        fields.saturating_add(count.saturating_mul(2))
    }

    fn member_bytes(&self, set: &'a SelectionSet, counts: &MemberCounts) -> u64 {
        let count = counts.values().fold(0, |sum: u64, count| sum.saturating_add(*count));
        if count == 0 {
            return 0;
        }
        let sum = |of: fn(&Member) -> u64| {
            let all =
                counts.iter().map(|(member, count)| of(&self.tables.members[*member]).saturating_mul(*count));
            all.fold(0, u64::saturating_add).saturating_add(count.saturating_mul(4))
        };
        let fields = self.sum_fields(set, &|field| {
            let below = &field.selection_set.node;
            let value = match field.name.node.as_str() {
                "name" => sum(|member| member.name),
                "description" => sum(|member| member.description),
                "args" => {
                    let mut args = MemberCounts::new();
                    for (member, count) in counts {
                        let of = &self.tables.members[*member].args;
                        for argument in of {
                            add(&mut args, *argument, *count);
                        }
                    }
                    self.member_bytes(below, &args)
                }
                "type" => {
                    let mut types = TypeCounts::new();
                    for (member, count) in counts {
                        if let Some(ty) = self.tables.members[*member].ty {
                            add(&mut types, ty, *count);
                        }
                    }
                    self.type_bytes(below, &types)
                }
                _ => count.saturating_mul(SHORT_BYTES),
            };
            value.saturating_add(count.saturating_mul(bytes::of_name(field)))
        });
        fields.saturating_add(count.saturating_mul(2))
    }
}

/// Returns the types without wrappers, and how often each occurs.
fn entries(counts: &TypeCounts) -> impl Iterator<Item = (&'static TypeEntry, u64)> + use<'_> {
    let tables = IntrospectionTables::of_schema();
    let bare = counts.iter().filter(|(ty, _)| ty.wrappers == 0);
    bare.filter_map(|(ty, count)| Some((tables.types.get(ty.ty?)?, *count)))
}

fn named(ty: usize) -> WrappedType {
    WrappedType { wrappers: 0, ty: Some(ty) }
}

/// Returns the types inside the outer wrapper; types without a wrapper have none.
fn unwrapped(counts: &TypeCounts) -> TypeCounts {
    let mut inner = TypeCounts::new();
    for (ty, count) in counts {
        if let Some(wrappers) = ty.wrappers.checked_sub(1) {
            add(&mut inner, WrappedType { wrappers, ..*ty }, *count);
        }
    }
    inner
}

fn add<K: std::hash::Hash + Eq>(counts: &mut HashMap<K, u64>, key: K, count: u64) {
    let counted = counts.entry(key).or_default();
    *counted = counted.saturating_add(count);
}
