//! The rules that look at one selection, argument or directive with its type: `KnownTypeNames`,
//! `FragmentsOnCompositeTypes`, `VariablesAreInputTypes`, `ScalarLeafs`, `FieldsOnCorrectType`,
//! `KnownFragmentNames`, `PossibleFragmentSpreads`, `KnownDirectives`,
//! `UniqueDirectivesPerLocation`, `KnownArgumentNames`, `UniqueArgumentNames` and
//! `ProvidedRequiredArguments`; with `values`, `ValuesOfCorrectType`.

use super::usages::{DefinitionUsages, InputLocation};
use super::values::{ValueCheck, from_const};
use super::{Errors, shown};
use crate::input_path::InputPath;
use crate::schema_types::{InputField, OutputField, SchemaTypes, named};
use async_graphql_parser::types::{
    Directive, DirectiveLocation, ExecutableDocument, Field, InlineFragment, Selection, SelectionSet,
    TypeCondition, VariableDefinition,
};
use async_graphql_parser::{Pos, Positioned};
use async_graphql_value::{Name, Value};
use std::collections::{HashMap, HashSet};

/// Checks one operation or fragment, and collects the variables and fragments that it uses.
pub(super) struct DefinitionCheck<'a, 'e> {
    document: &'a ExecutableDocument,
    types: &'a SchemaTypes,
    errors: &'e mut Errors,
    usages: DefinitionUsages<'a>,
}

impl<'a, 'e> DefinitionCheck<'a, 'e> {
    pub(super) fn new(
        document: &'a ExecutableDocument,
        types: &'a SchemaTypes,
        errors: &'e mut Errors,
    ) -> Self {
        Self { document, types, errors, usages: DefinitionUsages::default() }
    }

    pub(super) fn into_usages(self) -> DefinitionUsages<'a> {
        self.usages
    }

    /// Checks the types, defaults and directives of the variables of an operation.
    pub(super) fn variable_definitions(&mut self, definitions: &'a [Positioned<VariableDefinition>]) {
        for definition in definitions {
            let variable = &definition.node;
            let (ty, pos) = (&variable.var_type.node, variable.var_type.pos);
            if !self.types.is_known(named(ty)) {
                self.errors.add(pos, unknown_type(named(ty)));
            } else if !self.types.is_input(named(ty)) {
                let name = shown(&variable.name.node);
                self.errors.add(pos, format!("Variable \"{name}\" cannot be of non-input type \"{ty}\""));
            } else if let Some(default) = &variable.default_value {
                let location = InputLocation { name: "", ty, has_default: false, is_one_of: false };
                // A constant has no variables, so nothing is collected.
                let (value, mut sites) = (from_const(&default.node), Vec::new());
                let (errors, sites, pos) = (&mut *self.errors, &mut sites, default.pos);
                let mut check = ValueCheck { types: self.types, errors, sites, pos };
                check.check(&InputPath::of_variable(&variable.name.node), Some(location), &value);
            }
            self.directives(DirectiveLocation::VariableDefinition, &variable.directives);
        }
    }

    /// Checks a type condition. Returns its type if fields can be selected on it.
    pub(super) fn type_condition(&mut self, condition: &'a Positioned<TypeCondition>) -> Option<&'a str> {
        let name = condition.node.on.node.as_str();
        if self.types.is_composite(name) {
            return Some(name);
        }
        let message = if self.types.is_known(name) {
            format!("Fragment cannot condition non composite type \"{}\"", shown(name))
        } else {
            unknown_type(name)
        };
        self.errors.add(condition.pos, message);
        None
    }

    /// Checks selections on a type; none if it is unknown. Recurses within one definition only, whose
    /// depth the guard limits.
    pub(super) fn selections(&mut self, parent: Option<&'a str>, set: &'a SelectionSet) {
        for item in &set.items {
            match &item.node {
                Selection::Field(field) => self.field(parent, field),
                Selection::InlineFragment(fragment) => self.inline_fragment(parent, fragment),
                Selection::FragmentSpread(spread) => {
                    let name = &spread.node.fragment_name;
                    self.directives(DirectiveLocation::FragmentSpread, &spread.node.directives);
                    self.usages.spreads.push(&name.node);
                    if let Some(fragment) = self.document.fragments.get(&name.node) {
                        let condition = fragment.node.type_condition.node.on.node.as_str();
                        self.spread(parent, condition, Some(&name.node), spread.pos);
                    } else {
                        let message = format!("Unknown fragment: \"{}\"", shown(&name.node));
                        self.errors.add(name.pos, message);
                    }
                }
            }
        }
    }

    fn inline_fragment(&mut self, parent: Option<&'a str>, fragment: &'a Positioned<InlineFragment>) {
        let inner = match &fragment.node.type_condition {
            Some(condition) => {
                let inner = self.type_condition(condition);
                if let Some(inner) = inner {
                    self.spread(parent, inner, None, fragment.pos);
                }
                inner
            }
            None => parent,
        };
        self.directives(DirectiveLocation::InlineFragment, &fragment.node.directives);
        self.selections(inner, &fragment.node.selection_set.node);
    }

    /// Checks that some object has both types.
    fn spread(&mut self, parent: Option<&str>, condition: &str, name: Option<&Name>, pos: Pos) {
        let Some(parent) = parent else { return };
        if self.types.is_composite(condition) && !self.types.overlap(parent, condition) {
            let name = name.map_or_else(String::new, |name| format!(" \"{}\"", shown(name)));
            let message = format!(
                "Fragment{name} cannot be spread here as objects of type \"{parent}\" can never be of type \"{condition}\""
            );
            self.errors.add(pos, message);
        }
    }

    fn field(&mut self, parent: Option<&'a str>, field: &'a Positioned<Field>) {
        let (pos, field) = (field.pos, &field.node);
        let name = field.name.node.as_str();
        let known = self.types.selected_field(parent, name);
        match (parent, known) {
            (Some(parent), Some(known)) => {
                let of = || format!("field \"{name}\" of type \"{parent}\"");
                self.check_arguments(&field.arguments, &known.arguments, pos, &of);
                self.leaf(field, known, pos);
            }
            (Some(parent), None) => {
                let message = format!("Unknown field \"{}\" on type \"{parent}\".", shown(name));
                self.errors.add(pos, message);
                self.collect_arguments(&field.arguments);
            }
            (None, _) => self.collect_arguments(&field.arguments),
        }
        self.directives(DirectiveLocation::Field, &field.directives);
        let inner = known.map(|known| named(&known.ty)).filter(|inner| self.types.is_composite(inner));
        self.selections(inner, &field.selection_set.node);
    }

    fn leaf(&mut self, field: &Field, known: &OutputField, pos: Pos) {
        let (name, ty) = (shown(&field.name.node), named(&known.ty));
        match (self.types.is_composite(ty), field.selection_set.node.items.is_empty()) {
            (true, true) => {
                let message = format!("Field \"{name}\" of type \"{ty}\" must have a selection of subfields");
                self.errors.add(pos, message);
            }
            (false, false) => {
                let message = format!(
                    "Field \"{name}\" must not have a selection since type \"{ty}\" has no subfields"
                );
                self.errors.add(pos, message);
            }
            (true, false) | (false, true) => {}
        }
    }

    /// Checks the directives at a location.
    pub(super) fn directives(&mut self, at: DirectiveLocation, directives: &'a [Positioned<Directive>]) {
        let mut seen: HashSet<&str> = HashSet::new();
        for directive in directives {
            let (pos, directive) = (directive.pos, &directive.node);
            let name = directive.name.node.as_str();
            let Some(known) = self.types.directive(name) else {
                self.errors.add(pos, format!("Unknown directive \"{}\"", shown(name)));
                self.collect_arguments(&directive.arguments);
                continue;
            };
            if !known.locations.contains(&at) {
                self.errors.add(pos, format!("Directive \"{name}\" may not be used on \"{at:?}\""));
            }
            if !seen.insert(name) {
                self.errors.add(pos, format!("Duplicate directive \"{name}\""));
            }
            let of = || format!("directive \"{name}\"");
            self.check_arguments(&directive.arguments, &known.arguments, pos, &of);
        }
    }

    fn check_arguments(
        &mut self,
        given: &'a [(Positioned<Name>, Positioned<Value>)],
        known: &'a HashMap<String, InputField>,
        pos: Pos,
        of: &dyn Fn() -> String,
    ) {
        let mut seen: HashSet<&str> = HashSet::new();
        for (name, value) in given {
            let argument = name.node.as_str();
            if !seen.insert(argument) {
                let message = format!("There can only be one argument named \"{}\"", shown(argument));
                self.errors.add(name.pos, message);
            }
            let field = known.get(argument);
            if field.is_none() {
                self.errors.add(name.pos, format!("Unknown argument \"{}\" on {}.", shown(argument), of()));
            }
            self.value(argument, field, value);
        }
        let mut missing: Vec<_> = known
            .iter()
            .filter(|(name, field)| !field.may_be_absent() && !seen.contains(name.as_str()))
            .collect();
        missing.sort_by_key(|(name, _)| *name);
        for (name, field) in missing {
            let of = of();
            let message =
                format!("Argument \"{name}\" of {of} is required but not provided (\"{}\")", field.ty);
            self.errors.add(pos, message);
        }
    }

    /// Collects the variables in arguments of an unknown field or directive.
    fn collect_arguments(&mut self, given: &'a [(Positioned<Name>, Positioned<Value>)]) {
        for (name, value) in given {
            self.value(&name.node, None, value);
        }
    }

    fn value(&mut self, name: &'a str, field: Option<&'a InputField>, value: &'a Positioned<Value>) {
        let location = field.map(|field| InputLocation::of(name, field, false));
        let (errors, sites) = (&mut *self.errors, &mut self.usages.sites);
        let mut check = ValueCheck { types: self.types, errors, sites, pos: value.pos };
        check.check(&InputPath::of_argument(name), location, &value.node);
    }
}

fn unknown_type(name: &str) -> String {
    format!("Unknown type \"{}\"", shown(name))
}
