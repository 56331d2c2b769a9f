//! How many bytes introspection answers: counted from our own schema, type by type, along each path
//! of the document.

mod tables;

use super::arguments::Arguments;
use super::bytes;
use async_graphql_parser::types::{ExecutableDocument, Field, OperationDefinition, Selection, SelectionSet};
use std::collections::HashMap;
use tables::{Member, Tables, TypeEntry, Wrapped};

/// The most lists of types and fields inside each other, as in the rule of graphql-js.
const MOST_LISTS: usize = 2;
/// The lists that lead from types to types.
const LISTS: [&str; 4] = ["fields", "inputFields", "interfaces", "possibleTypes"];
/// Bytes of `null`, of a kind, of a word for yes or no, about.
const SHORT: u64 = 10;
/// Bytes of a description of a directive.
const LONG: u64 = 120;
/// Directives of the schema, and arguments of all of them, about.
const DIRECTIVES: u64 = 7;

/// Types in a place of the answer, and how often each is there.
type TypesThere = HashMap<Wrapped, u64>;
/// Fields, arguments and words, and how often each is there.
type MembersThere = HashMap<usize, u64>;

/// Whether an operation follows types further than any client needs: lists of types and fields deeper
/// in each other than [`MOST_LISTS`].
pub(crate) fn is_too_deep(document: &ExecutableDocument, operation: &OperationDefinition) -> bool {
    find_deep(document, &operation.selection_set.node, None)
}

/// The same of a selection; `lists` is how many lists it is in, none outside introspection.
fn find_deep(document: &ExecutableDocument, set: &SelectionSet, lists: Option<usize>) -> bool {
    set.items.iter().any(|item| match &item.node {
        Selection::Field(field) => {
            let name = field.node.name.node.as_str();
            let lists = match lists {
                Some(lists) => lists + usize::from(LISTS.contains(&name)),
                None if matches!(name, "__schema" | "__type") => 0,
                // Fields of entries have such names too.
                None => return false,
            };
            lists > MOST_LISTS || find_deep(document, &field.node.selection_set.node, Some(lists))
        }
        Selection::InlineFragment(inline) => find_deep(document, &inline.node.selection_set.node, lists),
        Selection::FragmentSpread(spread) => {
            let fragment = document.fragments.get(&spread.node.fragment_name.node);
            fragment.is_some_and(|fragment| find_deep(document, &fragment.node.selection_set.node, lists))
        }
    })
}

/// The bytes that `__schema` or `__type` can be expected to answer.
pub(super) fn bytes(document: &ExecutableDocument, arguments: &Arguments<'_>, field: &Field) -> u64 {
    let (walk, set) = (Walk { document, tables: Tables::of_schema() }, &field.selection_set.node);
    let below = match field.name.node.as_str() {
        "__schema" => walk.schema(set),
        "__type" => {
            let name = arguments.find(field, "name");
            let name = name.as_ref().and_then(serde_json::Value::as_str).unwrap_or_default();
            walk.types(set, &walk.named(name))
        }
        _ => 0,
    };
    below.saturating_add(bytes::of_name(field))
}

struct Walk<'a> {
    document: &'a ExecutableDocument,
    tables: &'static Tables,
}

impl<'a> Walk<'a> {
    /// Adds up what `of` counts of each field of a selection, fragments written out.
    fn each(&self, set: &'a SelectionSet, of: &dyn Fn(&'a Field) -> u64) -> u64 {
        set.items.iter().fold(0, |sum: u64, item| {
            sum.saturating_add(match &item.node {
                Selection::Field(field) => of(&field.node),
                Selection::InlineFragment(inline) => self.each(&inline.node.selection_set.node, of),
                Selection::FragmentSpread(spread) => {
                    let fragment = self.document.fragments.get(&spread.node.fragment_name.node);
                    fragment.map_or(0, |fragment| self.each(&fragment.node.selection_set.node, of))
                }
            })
        })
    }

    fn schema(&self, set: &'a SelectionSet) -> u64 {
        self.each(set, &|field| {
            let below = &field.selection_set.node;
            bytes::of_name(field).saturating_add(match field.name.node.as_str() {
                "types" => {
                    let all = (0..self.tables.types.len()).map(|ty| (named(ty), 1));
                    self.types(below, &all.collect())
                }
                "queryType" => self.types(below, &self.named("Query")),
                "mutationType" => self.types(below, &self.named("Mutation")),
                "subscriptionType" => self.types(below, &self.named("Subscription")),
                "directives" => DIRECTIVES.saturating_mul(self.directive(below)),
                _ => LONG,
            })
        })
    }

    /// What a directive answers, or one of its arguments.
    fn directive(&self, set: &'a SelectionSet) -> u64 {
        self.each(set, &|field| {
            let below = match field.name.node.as_str() {
                "args" | "type" | "ofType" => self.directive(&field.selection_set.node),
                name if LISTS.contains(&name) => self.directive(&field.selection_set.node).saturating_mul(4),
                _ => LONG,
            };
            below.saturating_add(bytes::of_name(field))
        })
    }

    fn named(&self, name: &str) -> TypesThere {
        self.tables.by_name.get(name).map(|ty| (named(*ty), 1)).into_iter().collect()
    }

    fn types(&self, set: &'a SelectionSet, there: &TypesThere) -> u64 {
        let count = there.values().fold(0, |sum: u64, count| sum.saturating_add(*count));
        if count == 0 {
            return 0;
        }
        let sum = |of: fn(&TypeEntry) -> u64| {
            let entries = entries(there).map(|(ty, count)| of(ty).saturating_mul(count));
            entries.fold(0, u64::saturating_add).saturating_add(count.saturating_mul(4))
        };
        let members = |of: fn(&TypeEntry) -> &Vec<usize>| {
            let mut members = MembersThere::new();
            for (ty, count) in entries(there) {
                for member in of(ty) {
                    add(&mut members, *member, count);
                }
            }
            members
        };
        let types = |of: fn(&TypeEntry) -> &Vec<usize>| {
            let mut types = TypesThere::new();
            for (ty, count) in entries(there) {
                for ty in of(ty) {
                    add(&mut types, named(*ty), count);
                }
            }
            types
        };
        let fields = self.each(set, &|field| {
            let below = &field.selection_set.node;
            let value = match field.name.node.as_str() {
                "name" => sum(|ty| ty.name),
                "description" => sum(|ty| ty.description),
                "fields" => self.members(below, &members(|ty| &ty.fields)),
                "inputFields" => self.members(below, &members(|ty| &ty.input_fields)),
                "enumValues" => self.members(below, &members(|ty| &ty.enum_values)),
                "interfaces" => self.types(below, &types(|ty| &ty.interfaces)),
                "possibleTypes" => self.types(below, &types(|ty| &ty.possible_types)),
                "ofType" => self.types(below, &unwrapped(there)),
                _ => count.saturating_mul(SHORT),
            };
            value.saturating_add(count.saturating_mul(bytes::of_name(field)))
        });
        fields.saturating_add(count.saturating_mul(2))
    }

    fn members(&self, set: &'a SelectionSet, there: &MembersThere) -> u64 {
        let count = there.values().fold(0, |sum: u64, count| sum.saturating_add(*count));
        if count == 0 {
            return 0;
        }
        let sum = |of: fn(&Member) -> u64| {
            let all =
                there.iter().map(|(member, count)| of(&self.tables.members[*member]).saturating_mul(*count));
            all.fold(0, u64::saturating_add).saturating_add(count.saturating_mul(4))
        };
        let fields = self.each(set, &|field| {
            let below = &field.selection_set.node;
            let value = match field.name.node.as_str() {
                "name" => sum(|member| member.name),
                "description" => sum(|member| member.description),
                "args" => {
                    let mut args = MembersThere::new();
                    for (member, count) in there {
                        let of = &self.tables.members[*member].args;
                        for argument in of {
                            add(&mut args, *argument, *count);
                        }
                    }
                    self.members(below, &args)
                }
                "type" => {
                    let mut types = TypesThere::new();
                    for (member, count) in there {
                        if let Some(ty) = self.tables.members[*member].ty {
                            add(&mut types, ty, *count);
                        }
                    }
                    self.types(below, &types)
                }
                _ => count.saturating_mul(SHORT),
            };
            value.saturating_add(count.saturating_mul(bytes::of_name(field)))
        });
        fields.saturating_add(count.saturating_mul(2))
    }
}

/// The types that have a name, and how often each is there.
fn entries(there: &TypesThere) -> impl Iterator<Item = (&'static TypeEntry, u64)> + use<'_> {
    let tables = Tables::of_schema();
    let bare = there.iter().filter(|(ty, _)| ty.wrappers == 0);
    bare.filter_map(|(ty, count)| Some((tables.types.get(ty.ty?)?, *count)))
}

fn named(ty: usize) -> Wrapped {
    Wrapped { wrappers: 0, ty: Some(ty) }
}

/// The types one wrapper further in; those without one have none.
fn unwrapped(there: &TypesThere) -> TypesThere {
    let mut inner = TypesThere::new();
    for (ty, count) in there {
        if let Some(wrappers) = ty.wrappers.checked_sub(1) {
            add(&mut inner, Wrapped { wrappers, ..*ty }, *count);
        }
    }
    inner
}

fn add<K: std::hash::Hash + Eq>(there: &mut HashMap<K, u64>, key: K, count: u64) {
    let counted = there.entry(key).or_default();
    *counted = counted.saturating_add(count);
}
