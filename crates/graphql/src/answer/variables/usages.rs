//! Where the operations of a document use their variables, and what the schema takes there.

use crate::types::{InputField, Types, named, root_of};
use async_graphql_parser::Positioned;
use async_graphql_parser::types::{BaseType, Directive, ExecutableDocument, Selection, SelectionSet, Type};
use async_graphql_value::{Name, Value};
use std::collections::{HashMap, HashSet};

/// How the operations of a document use their variables.
#[derive(Debug)]
pub(in crate::answer) struct VariableUsages(HashMap<Option<Name>, OperationUsages>);

/// How one operation uses its variables.
#[derive(Debug)]
pub(in crate::answer) struct OperationUsages {
    /// The fragments that it spreads, straight or through others.
    pub(super) fragments: HashSet<Name>,
    /// By the names of the variables. One that is not used is not among them.
    pub(super) variables: HashMap<Name, VariableUsage>,
}

/// What the places where a variable is used say of its value.
#[derive(Debug)]
pub(super) struct VariableUsage {
    /// An argument or input field that takes no null.
    pub(super) non_null: Option<String>,
    /// Whether one of these has no default either, so that the variable needs a value.
    pub(super) is_required: bool,
    /// Whether the schema knows all places, so that the variable can be left out there.
    pub(super) can_be_left_out: bool,
}

impl VariableUsages {
    /// The usages in a document, whose fragments the guard has found to end.
    pub(in crate::answer) fn of(document: &ExecutableDocument, types: &Types) -> Self {
        let fragments = document.fragments.iter().map(|(name, fragment)| {
            let mut found = Found::new(types);
            let fragment = &fragment.node;
            found.directives(&fragment.directives);
            found.selections(Some(&fragment.type_condition.node.on.node), &fragment.selection_set.node);
            (name, found)
        });
        let fragments: HashMap<&Name, Found<'_>> = fragments.collect();
        let operations = document.operations.iter().map(|(name, operation)| {
            let mut own = Found::new(types);
            own.directives(&operation.node.directives);
            own.selections(Some(root_of(operation.node.ty)), &operation.node.selection_set.node);
            (name.cloned(), OperationUsages::of(&own, &fragments))
        });
        Self(operations.collect())
    }

    /// The usages of the operation of this name; a document with one operation that has no name has
    /// it under none.
    pub(in crate::answer) fn find(&self, operation: Option<&Name>) -> Option<&OperationUsages> {
        self.0.get(&operation.cloned())
    }

    /// Whether another operation of the document spreads this fragment too.
    pub(super) fn is_shared(&self, operation: Option<&Name>, fragment: &Name) -> bool {
        let mut others = self.0.iter().filter(|(name, _)| name.as_ref() != operation);
        others.any(|(_, other)| other.fragments.contains(fragment))
    }
}

impl OperationUsages {
    fn of(own: &Found<'_>, fragments: &HashMap<&Name, Found<'_>>) -> Self {
        let mut all = Self { fragments: HashSet::new(), variables: HashMap::new() };
        for usage in &own.usages {
            all.add(usage);
        }
        let mut waiting: Vec<&Name> = own.spreads.clone();
        while let Some(name) = waiting.pop() {
            let Some(fragment) = fragments.get(name) else { continue };
            if all.fragments.insert(name.clone()) {
                for usage in &fragment.usages {
                    all.add(usage);
                }
                waiting.extend(&fragment.spreads);
            }
        }
        all
    }

    fn add(&mut self, usage: &Usage<'_>) {
        let known = self.variables.entry(usage.variable.clone()).or_insert(VariableUsage {
            non_null: None,
            is_required: false,
            can_be_left_out: true,
        });
        match &usage.location {
            None => known.can_be_left_out = false,
            Some(location) if location.takes_null => {}
            Some(location) => {
                known.is_required |= !location.has_default;
                known.non_null.get_or_insert_with(|| location.name.to_owned());
            }
        }
    }
}

/// A place where a variable is used.
struct Usage<'a> {
    variable: &'a Name,
    /// None where the schema does not know the place; the engine refuses such a document.
    location: Option<Location<'a>>,
}

/// What a place takes.
#[derive(Clone, Copy)]
struct Location<'a> {
    /// The argument or the input field.
    name: &'a str,
    ty: &'a Type,
    takes_null: bool,
    has_default: bool,
}

impl<'a> Location<'a> {
    fn of(name: &'a str, field: &'a InputField) -> Self {
        Self { name, ty: &field.ty, takes_null: field.ty.nullable, has_default: field.has_default }
    }

    /// A member of a list that is written here.
    fn member(self) -> Self {
        match &self.ty.base {
            BaseType::List(of) => Self { ty: of, takes_null: of.nullable, has_default: false, ..self },
            BaseType::Named(_) => self,
        }
    }
}

/// What one operation or fragment has of its own.
struct Found<'a> {
    types: &'a Types,
    usages: Vec<Usage<'a>>,
    spreads: Vec<&'a Name>,
}

impl<'a> Found<'a> {
    fn new(types: &'a Types) -> Self {
        Self { types, usages: Vec::new(), spreads: Vec::new() }
    }

    /// Recurses into brackets of one definition only, which the guard has bounded.
    fn selections(&mut self, parent: Option<&'a str>, set: &'a SelectionSet) {
        for item in &set.items {
            match &item.node {
                Selection::Field(field) => {
                    let field = &field.node;
                    let known = self.types.field(parent, &field.name.node);
                    self.arguments(&field.arguments, |name| known?.arguments.get(name));
                    self.directives(&field.directives);
                    self.selections(known.map(|known| named(&known.ty)), &field.selection_set.node);
                }
                Selection::InlineFragment(fragment) => {
                    let condition = fragment.node.type_condition.as_ref();
                    let parent = condition.map_or(parent, |condition| Some(condition.node.on.node.as_str()));
                    self.directives(&fragment.node.directives);
                    self.selections(parent, &fragment.node.selection_set.node);
                }
                Selection::FragmentSpread(spread) => {
                    self.directives(&spread.node.directives);
                    self.spreads.push(&spread.node.fragment_name.node);
                }
            }
        }
    }

    fn directives(&mut self, directives: &'a [Positioned<Directive>]) {
        let types = self.types;
        for directive in directives {
            let directive = &directive.node;
            let known = |name: &str| types.directive_argument(&directive.name.node, name);
            self.arguments(&directive.arguments, known);
        }
    }

    fn arguments(
        &mut self,
        arguments: &'a [(Positioned<Name>, Positioned<Value>)],
        known: impl Fn(&str) -> Option<&'a InputField>,
    ) {
        let mut times: HashMap<&str, usize> = HashMap::new();
        for (name, _) in arguments {
            *times.entry(&name.node).or_default() += 1;
        }
        for (name, value) in arguments {
            let name = name.node.as_str();
            // Of an argument that is given twice the engine has to see both.
            let field = known(name).filter(|_| times.get(name) == Some(&1));
            self.value(field.map(|field| Location::of(name, field)), &value.node);
        }
    }

    fn value(&mut self, location: Option<Location<'a>>, value: &'a Value) {
        match value {
            Value::Variable(variable) => self.usages.push(Usage { variable, location }),
            Value::List(items) => {
                for item in items {
                    self.value(location.map(Location::member), item);
                }
            }
            Value::Object(fields) => {
                let input = location.and_then(|location| self.types.inputs.get(named(location.ty)));
                for (name, value) in fields {
                    let known = input.and_then(|input| Some((input, input.fields.get(name.as_str())?)));
                    let location = known.map(|(input, field)| {
                        let location = Location::of(name, field);
                        // The one field that such an object has needs a value.
                        Location { takes_null: location.takes_null && !input.is_one_of, ..location }
                    });
                    self.value(location, value);
                }
            }
            Value::Null
            | Value::Number(_)
            | Value::String(_)
            | Value::Boolean(_)
            | Value::Binary(_)
            | Value::Enum(_) => {}
        }
    }
}
