//! The rule about subscriptions, `SingleFieldSubscriptions`, and the form of them that the engine
//! executes: it ignores fragments at the root.

use super::Errors;
use crate::schema_types::{SchemaTypes, root_of};
use async_graphql_parser::Positioned;
use async_graphql_parser::types::{
    Directive, DocumentOperations, ExecutableDocument, Field, FragmentDefinition, OperationDefinition,
    OperationType, Selection, SelectionSet,
};
use async_graphql_value::{Name, Value};
use caunoi_texts::ApiText;
use std::collections::{HashMap, HashSet};

/// Checks that a subscription selects one field of the register.
pub(super) fn check(
    document: &ExecutableDocument,
    types: &SchemaTypes,
    subscription: &Positioned<OperationDefinition>,
    errors: &mut Errors,
) {
    let mut root = RootFields { fragments: &document.fragments, seen: HashSet::new(), fields: Vec::new() };
    let is_fixed = root.collect(&subscription.node.selection_set.node, &|condition| {
        types.fits(root_of(OperationType::Subscription), condition)
    });
    if !is_fixed {
        let message = "Whether the root field of a subscription is selected cannot depend on a variable";
        errors.add(subscription.pos, message.to_owned());
    }
    let key = |field: &Field| field.response_key().node.clone();
    let first = root.fields.first().map(|field| key(&field.node));
    let is_single = root.fields.iter().all(|field| Some(key(&field.node)) == first);
    let is_of_register = root.fields.iter().all(|field| !field.node.name.node.starts_with("__"));
    if root.fields.is_empty() || !is_single || !is_of_register {
        errors.add_text(vec![subscription.pos], ApiText::OneField);
    }
}

/// Replaces the root selections of each subscription of a valid document by its one field, fragments
/// expanded.
pub(crate) fn flatten_subscriptions(document: &mut ExecutableDocument) {
    let ExecutableDocument { operations, fragments } = document;
    let operations: Vec<&mut Positioned<OperationDefinition>> = match operations {
        DocumentOperations::Single(operation) => vec![operation],
        DocumentOperations::Multiple(all) => all.values_mut().collect(),
    };
    for operation in operations {
        let set = &mut operation.node.selection_set.node;
        let is_flat = matches!(set.items.as_slice(), [only] if matches!(only.node, Selection::Field(_)));
        if operation.node.ty == OperationType::Subscription && !is_flat {
            let mut root = RootFields { fragments, seen: HashSet::new(), fields: Vec::new() };
            root.collect(set, &|_| true);
            if let Some(field) = merge(&root.fields) {
                set.items = vec![Positioned::new(Selection::Field(field.clone()), field.pos)];
            }
        }
    }
}

/// Merges selections of one field.
fn merge(fields: &[&Positioned<Field>]) -> Option<Positioned<Field>> {
    let (first, others) = fields.split_first()?;
    let mut merged = (*first).clone();
    for other in others {
        let items = &other.node.selection_set.node.items;
        merged.node.selection_set.node.items.extend(items.iter().cloned());
    }
    Some(merged)
}

struct RootFields<'a> {
    fragments: &'a HashMap<Name, Positioned<FragmentDefinition>>,
    seen: HashSet<&'a str>,
    fields: Vec<&'a Positioned<Field>>,
}

impl<'a> RootFields<'a> {
    /// Collects the fields of a set, fragments that fit expanded. Returns false if a selection depends on
    /// a variable.
    fn collect(&mut self, set: &'a SelectionSet, fits: &dyn Fn(&str) -> bool) -> bool {
        let mut is_fixed = true;
        for item in &set.items {
            let Some(is_selected) = is_selected(item.node.directives()) else {
                is_fixed = false;
                continue;
            };
            if !is_selected {
                continue;
            }
            match &item.node {
                Selection::Field(field) => self.fields.push(field),
                Selection::InlineFragment(fragment) => {
                    let condition = fragment.node.type_condition.as_ref();
                    if condition.is_none_or(|condition| fits(&condition.node.on.node)) {
                        is_fixed &= self.collect(&fragment.node.selection_set.node, fits);
                    }
                }
                Selection::FragmentSpread(spread) => {
                    let name = &spread.node.fragment_name.node;
                    let Some(fragment) = self.fragments.get(name) else { continue };
                    if self.seen.insert(name) && fits(&fragment.node.type_condition.node.on.node) {
                        is_fixed &= self.collect(&fragment.node.selection_set.node, fits);
                    }
                }
            }
        }
        is_fixed
    }
}

/// Whether `@skip` and `@include` select a selection; none if that depends on a variable.
fn is_selected(directives: &[Positioned<Directive>]) -> Option<bool> {
    for directive in directives {
        let directive = &directive.node;
        let name = directive.name.node.as_str();
        if matches!(name, "skip" | "include") {
            match directive.get_argument("if").map(|value| &value.node) {
                Some(Value::Boolean(value)) if *value == (name == "skip") => return Some(false),
                Some(Value::Variable(_)) => return None,
                _ => {}
            }
        }
    }
    Some(true)
}
