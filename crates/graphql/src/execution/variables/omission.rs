//! Omission of absent variables from a document: the engine takes each of them for null, the
//! specification for absent.

use super::name_of;
use crate::validation::VariableUsages;
use async_graphql_parser::Positioned;
use async_graphql_parser::types::{
    Directive, DocumentOperations, ExecutableDocument, OperationDefinition, Selection, SelectionSet,
};
use async_graphql_value::{Name, Value};
use std::collections::{HashMap, HashSet};

/// Omits arguments and input fields of an operation whose value is an absent variable; in a list
/// such a value becomes null.
///
/// Other operations are unchanged: a fragment that they share is copied for this one.
pub(in crate::execution) fn omit_variables(
    document: &mut ExecutableDocument,
    operation: Option<&str>,
    absent: &HashSet<Name>,
    usages: &VariableUsages,
) {
    let name = name_of(&document.operations, operation);
    let Some(known) = usages.find(name.as_ref()) else { return };
    let mut omission = Omission { absent, renamed: HashMap::new() };
    for fragment in &known.fragments {
        if usages.is_spread_by_others(name.as_ref(), fragment) {
            let renamed = unused_name(document, &omission.renamed, fragment);
            omission.renamed.insert(fragment.clone(), renamed);
        }
    }
    for fragment in &known.fragments {
        let (name, own) = match omission.renamed.get(fragment) {
            Some(renamed) => (renamed.clone(), document.fragments.get(fragment).cloned()),
            None => (fragment.clone(), document.fragments.remove(fragment)),
        };
        let Some(mut own) = own else { continue };
        omission.directives(&mut own.node.directives);
        omission.selections(&mut own.node.selection_set.node);
        document.fragments.insert(name, own);
    }
    if let Some(operation) = find_operation(&mut document.operations, name.as_ref()) {
        operation.variable_definitions.retain(|definition| !absent.contains(&definition.node.name.node));
        omission.directives(&mut operation.directives);
        omission.selections(&mut operation.selection_set.node);
    }
}

fn find_operation<'a>(
    operations: &'a mut DocumentOperations,
    name: Option<&Name>,
) -> Option<&'a mut OperationDefinition> {
    match operations {
        DocumentOperations::Single(operation) => Some(&mut operation.node),
        DocumentOperations::Multiple(all) => all.get_mut(name?).map(|operation| &mut operation.node),
    }
}

/// Returns a name that neither a fragment of the document nor a copy has.
fn unused_name(document: &ExecutableDocument, copies: &HashMap<Name, Name>, fragment: &Name) -> Name {
    let mut name = format!("{fragment}_");
    while document.fragments.contains_key(name.as_str()) || copies.values().any(|copy| *copy == name) {
        name.push('_');
    }
    Name::new(name)
}

struct Omission<'a> {
    absent: &'a HashSet<Name>,
    /// The copied fragments, and the names of their copies.
    renamed: HashMap<Name, Name>,
}

impl Omission<'_> {
    /// Recurses within one definition only, whose depth the guard limits.
    fn selections(&self, set: &mut SelectionSet) {
        for item in &mut set.items {
            match &mut item.node {
                Selection::Field(field) => {
                    let field = &mut field.node;
                    self.arguments(&mut field.arguments);
                    self.directives(&mut field.directives);
                    self.selections(&mut field.selection_set.node);
                }
                Selection::InlineFragment(fragment) => {
                    self.directives(&mut fragment.node.directives);
                    self.selections(&mut fragment.node.selection_set.node);
                }
                Selection::FragmentSpread(spread) => {
                    let spread = &mut spread.node;
                    self.directives(&mut spread.directives);
                    if let Some(renamed) = self.renamed.get(&spread.fragment_name.node) {
                        spread.fragment_name.node = renamed.clone();
                    }
                }
            }
        }
    }

    fn directives(&self, directives: &mut [Positioned<Directive>]) {
        for directive in directives {
            self.arguments(&mut directive.node.arguments);
        }
    }

    fn arguments(&self, arguments: &mut Vec<(Positioned<Name>, Positioned<Value>)>) {
        arguments.retain_mut(|(_, value)| self.omit_absent(&mut value.node));
    }

    /// Omits absent variables inside a value. Returns whether the value itself is present.
    fn omit_absent(&self, value: &mut Value) -> bool {
        match value {
            Value::Variable(name) => return !self.absent.contains(name),
            Value::List(items) => {
                for item in items {
                    if !self.omit_absent(item) {
                        *item = Value::Null;
                    }
                }
            }
            Value::Object(fields) => fields.retain(|_, value| self.omit_absent(value)),
            Value::Null
            | Value::Number(_)
            | Value::String(_)
            | Value::Boolean(_)
            | Value::Binary(_)
            | Value::Enum(_) => {}
        }
        true
    }
}
