//! A document without the variables that have no value: the engine takes each of them for null, and
//! the specification for absent.

use super::{VariableUsages, name_of};
use async_graphql_parser::Positioned;
use async_graphql_parser::types::{
    Directive, DocumentOperations, ExecutableDocument, OperationDefinition, Selection, SelectionSet,
};
use async_graphql_value::{Name, Value};
use std::collections::{HashMap, HashSet};

/// Leaves out arguments and input fields of an operation whose value is an absent variable; in a list
/// it is null.
///
/// Other operations stay as they are: a fragment that they share gets a copy for this one.
pub(in crate::answer) fn leave_out(
    document: &mut ExecutableDocument,
    operation: Option<&str>,
    absent: &HashSet<Name>,
    usages: &VariableUsages,
) {
    let name = name_of(&document.operations, operation);
    let Some(known) = usages.find(name.as_ref()) else { return };
    let mut leaving = Leaving { absent, renamed: HashMap::new() };
    for fragment in &known.fragments {
        if usages.is_shared(name.as_ref(), fragment) {
            let renamed = unused_name(document, &leaving.renamed, fragment);
            leaving.renamed.insert(fragment.clone(), renamed);
        }
    }
    for fragment in &known.fragments {
        let (name, own) = match leaving.renamed.get(fragment) {
            Some(renamed) => (renamed.clone(), document.fragments.get(fragment).cloned()),
            None => (fragment.clone(), document.fragments.remove(fragment)),
        };
        let Some(mut own) = own else { continue };
        leaving.directives(&mut own.node.directives);
        leaving.selections(&mut own.node.selection_set.node);
        document.fragments.insert(name, own);
    }
    if let Some(operation) = find_operation(&mut document.operations, name.as_ref()) {
        operation.variable_definitions.retain(|definition| !absent.contains(&definition.node.name.node));
        leaving.directives(&mut operation.directives);
        leaving.selections(&mut operation.selection_set.node);
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

/// A name that no fragment of the document has, and none of the copies.
fn unused_name(document: &ExecutableDocument, copies: &HashMap<Name, Name>, fragment: &Name) -> Name {
    let mut name = format!("{fragment}_");
    while document.fragments.contains_key(name.as_str()) || copies.values().any(|copy| *copy == name) {
        name.push('_');
    }
    Name::new(name)
}

struct Leaving<'a> {
    absent: &'a HashSet<Name>,
    /// Fragments that have a copy for this operation, and the names of these.
    renamed: HashMap<Name, Name>,
}

impl Leaving<'_> {
    /// Recurses into brackets of one definition only, which the guard has bounded.
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
        arguments.retain_mut(|(_, value)| self.keep(&mut value.node));
    }

    /// Whether a value is there; what is absent inside it is left out.
    fn keep(&self, value: &mut Value) -> bool {
        match value {
            Value::Variable(name) => return !self.absent.contains(name),
            Value::List(items) => {
                for item in items {
                    if !self.keep(item) {
                        *item = Value::Null;
                    }
                }
            }
            Value::Object(fields) => fields.retain(|_, value| self.keep(value)),
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
