//! Where the operations of a document use their variables, and the types that the schema expects
//! there.

use crate::schema_types::InputField;
use async_graphql_parser::Pos;
use async_graphql_parser::types::{BaseType, Type};
use async_graphql_value::Name;
use std::collections::{HashMap, HashSet};

/// The variable usages of all operations of a valid document, by the name of the operation.
#[derive(Debug)]
pub(crate) struct VariableUsages(HashMap<Option<Name>, OperationUsages>);

/// The variable usages of one operation.
#[derive(Debug)]
pub(crate) struct OperationUsages {
    /// The fragments that it spreads, directly or through others.
    pub(crate) fragments: HashSet<Name>,
    /// For each variable that is used where null is not accepted, the name of that argument or input
    /// field.
    pub(crate) non_null: HashMap<Name, String>,
}

impl VariableUsages {
    /// The usages of these operations.
    pub(crate) fn new(operations: HashMap<Option<Name>, OperationUsages>) -> Self {
        Self(operations)
    }

    /// Returns the usages of the operation with this name; none is the name of an anonymous
    /// operation.
    pub(crate) fn find(&self, operation: Option<&Name>) -> Option<&OperationUsages> {
        self.0.get(&operation.cloned())
    }

    /// Whether another operation of the document spreads this fragment too.
    pub(crate) fn is_spread_by_others(&self, operation: Option<&Name>, fragment: &Name) -> bool {
        let mut others = self.0.iter().filter(|(name, _)| name.as_ref() != operation);
        others.any(|(_, other)| other.fragments.contains(fragment))
    }
}

impl OperationUsages {
    pub(super) fn of(spread: HashSet<&Name>, sites: &[UsageSite<'_>]) -> Self {
        let mut non_null = HashMap::new();
        for site in sites {
            if let Some(location) = site.location.filter(|location| !location.takes_null()) {
                non_null.entry(site.variable.clone()).or_insert_with(|| location.name.to_owned());
            }
        }
        Self { fragments: spread.into_iter().cloned().collect(), non_null }
    }
}

/// One use of a variable.
#[derive(Clone, Copy)]
pub(super) struct UsageSite<'a> {
    pub(super) variable: &'a Name,
    pub(super) pos: Pos,
    /// None if the schema does not have the location, which is an error of its own.
    pub(super) location: Option<InputLocation<'a>>,
}

/// An argument, an input field, or an item of a list in one of these.
#[derive(Clone, Copy)]
pub(super) struct InputLocation<'a> {
    /// The name of the argument or input field.
    pub(super) name: &'a str,
    /// The expected type.
    pub(super) ty: &'a Type,
    /// Whether the schema has a default for it.
    pub(super) has_default: bool,
    /// Whether it is the single field of a `@oneOf` object, which needs a value.
    pub(super) is_one_of: bool,
}

impl<'a> InputLocation<'a> {
    pub(super) fn of(name: &'a str, field: &'a InputField, is_one_of: bool) -> Self {
        Self { name, ty: &field.ty, has_default: field.default.is_some(), is_one_of }
    }

    /// Returns the location of the items of a list literal.
    pub(super) fn item(self) -> Self {
        match &self.ty.base {
            BaseType::List(of) => Self { ty: of, has_default: false, is_one_of: false, ..self },
            BaseType::Named(_) => self,
        }
    }

    fn takes_null(&self) -> bool {
        self.ty.nullable && !self.is_one_of
    }
}

/// The variables and spreads of one operation or fragment, without those of nested fragments.
#[derive(Default)]
pub(super) struct DefinitionUsages<'a> {
    pub(super) sites: Vec<UsageSite<'a>>,
    pub(super) spreads: Vec<&'a Name>,
}

impl<'a> DefinitionUsages<'a> {
    /// Returns the fragments that are spread, directly or through others, and all usages.
    pub(super) fn with_fragments(
        &self,
        fragments: &HashMap<&'a Name, DefinitionUsages<'a>>,
    ) -> (HashSet<&'a Name>, Vec<UsageSite<'a>>) {
        let mut spread = HashSet::new();
        let mut sites = self.sites.clone();
        let mut waiting = self.spreads.clone();
        while let Some(name) = waiting.pop() {
            let Some(fragment) = fragments.get(name) else { continue };
            if spread.insert(name) {
                sites.extend(&fragment.sites);
                waiting.extend(&fragment.spreads);
            }
        }
        (spread, sites)
    }
}
