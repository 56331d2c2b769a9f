//! Where the operations of a document use their variables, and the types that the schema expects
//! there.

use crate::schema_types::{InputField, SchemaTypes, named, root_of};
use async_graphql_parser::Positioned;
use async_graphql_parser::types::{BaseType, Directive, ExecutableDocument, Selection, SelectionSet, Type};
use async_graphql_value::{Name, Value};
use std::collections::{HashMap, HashSet};

/// The variable usages of all operations of a document, by the name of the operation.
#[derive(Debug)]
pub(in crate::execution) struct VariableUsages(HashMap<Option<Name>, OperationUsages>);

/// The variable usages of one operation.
#[derive(Debug)]
pub(in crate::execution) struct OperationUsages {
    /// The fragments that it spreads, directly or through others.
    pub(super) fragments: HashSet<Name>,
    /// By the name of the variable; unused variables have no entry.
    pub(super) variables: HashMap<Name, VariableUsage>,
}

/// The requirements of all uses of a variable.
#[derive(Debug)]
pub(super) struct VariableUsage {
    /// The name of an argument or input field that does not accept null, if there is one.
    pub(super) non_null: Option<String>,
    /// Whether one of these has no default, so that the variable needs a value.
    pub(super) is_required: bool,
    /// Whether the schema has all locations, so that the variable can be omitted there.
    pub(super) can_be_omitted: bool,
}

impl VariableUsages {
    /// Collects the usages of a document. The guard has refused cyclic fragments.
    pub(in crate::execution) fn of(document: &ExecutableDocument, types: &SchemaTypes) -> Self {
        let fragments = document.fragments.iter().map(|(name, fragment)| {
            let mut found = DefinitionUsages::new(types);
            let fragment = &fragment.node;
            found.directives(&fragment.directives);
            found.selections(Some(&fragment.type_condition.node.on.node), &fragment.selection_set.node);
            (name, found)
        });
        let fragments: HashMap<&Name, DefinitionUsages<'_>> = fragments.collect();
        let operations = document.operations.iter().map(|(name, operation)| {
            let mut own = DefinitionUsages::new(types);
            own.directives(&operation.node.directives);
            own.selections(Some(root_of(operation.node.ty)), &operation.node.selection_set.node);
            (name.cloned(), OperationUsages::of(&own, &fragments))
        });
        Self(operations.collect())
    }

    /// Returns the usages of the operation with this name; none is the name of an anonymous
    /// operation.
    pub(in crate::execution) fn find(&self, operation: Option<&Name>) -> Option<&OperationUsages> {
        self.0.get(&operation.cloned())
    }

    /// Whether another operation of the document spreads this fragment too.
    pub(super) fn is_spread_by_others(&self, operation: Option<&Name>, fragment: &Name) -> bool {
        let mut others = self.0.iter().filter(|(name, _)| name.as_ref() != operation);
        others.any(|(_, other)| other.fragments.contains(fragment))
    }
}

impl OperationUsages {
    fn of(own: &DefinitionUsages<'_>, fragments: &HashMap<&Name, DefinitionUsages<'_>>) -> Self {
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

    fn add(&mut self, usage: &UsageSite<'_>) {
        let known = self.variables.entry(usage.variable.clone()).or_insert(VariableUsage {
            non_null: None,
            is_required: false,
            can_be_omitted: true,
        });
        match &usage.location {
            None => known.can_be_omitted = false,
            Some(location) if location.takes_null => {}
            Some(location) => {
                known.is_required |= !location.has_default;
                known.non_null.get_or_insert_with(|| location.name.to_owned());
            }
        }
    }
}

/// One use of a variable.
struct UsageSite<'a> {
    variable: &'a Name,
    /// None if the schema does not have the location; the engine refuses such a document.
    location: Option<InputLocation<'a>>,
}

/// The type that the schema expects at a location.
#[derive(Clone, Copy)]
struct InputLocation<'a> {
    /// The argument or the input field.
    name: &'a str,
    ty: &'a Type,
    takes_null: bool,
    has_default: bool,
}

impl<'a> InputLocation<'a> {
    fn of(name: &'a str, field: &'a InputField) -> Self {
        Self { name, ty: &field.ty, takes_null: field.ty.nullable, has_default: field.has_default }
    }

    /// Returns the expected type of the items of a list literal.
    fn member(self) -> Self {
        match &self.ty.base {
            BaseType::List(of) => Self { ty: of, takes_null: of.nullable, has_default: false, ..self },
            BaseType::Named(_) => self,
        }
    }
}

/// The variables and spreads of one operation or fragment, without those of nested fragments.
struct DefinitionUsages<'a> {
    types: &'a SchemaTypes,
    usages: Vec<UsageSite<'a>>,
    spreads: Vec<&'a Name>,
}

impl<'a> DefinitionUsages<'a> {
    fn new(types: &'a SchemaTypes) -> Self {
        Self { types, usages: Vec::new(), spreads: Vec::new() }
    }

    /// Recurses within one definition only, whose depth the guard limits.
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
            // The engine refuses an argument that is given twice, so both must stay.
            let field = known(name).filter(|_| times.get(name) == Some(&1));
            self.value(field.map(|field| InputLocation::of(name, field)), &value.node);
        }
    }

    fn value(&mut self, location: Option<InputLocation<'a>>, value: &'a Value) {
        match value {
            Value::Variable(variable) => self.usages.push(UsageSite { variable, location }),
            Value::List(items) => {
                for item in items {
                    self.value(location.map(InputLocation::member), item);
                }
            }
            Value::Object(fields) => {
                let input = location.and_then(|location| self.types.inputs.get(named(location.ty)));
                for (name, value) in fields {
                    let known = input.and_then(|input| Some((input, input.fields.get(name.as_str())?)));
                    let location = known.map(|(input, field)| {
                        let location = InputLocation::of(name, field);
                        // The single field of a `@oneOf` object needs a value.
                        InputLocation { takes_null: location.takes_null && !input.is_one_of, ..location }
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
