//! Whether selections of one response name can be merged (`FieldsInSetCanMerge` of the
//! specification): the engine would execute each of them and answer with the last.
//!
//! Selections of one name are compared as a group, with its first member, and what is selected below
//! the whole group is checked as one set. So each field is visited about as often as it is selected
//! when fragments are written out, which the guard has bounded, instead of once for every pair.
//! Where a name is selected on an interface and on several object types, fields of the interface are
//! visited once for each of these; a document that abuses this ends at [`MAX_STEPS`].

use super::{Invalid, shown};
use crate::answer::Code;
use crate::types::{Types, named, root_of};
use async_graphql_parser::types::{BaseType, ExecutableDocument, Field, Selection, SelectionSet, Type};
use async_graphql_parser::{Pos, Positioned};
use async_graphql_value::Value;
use std::collections::{HashMap, HashSet};

/// The most steps that one document takes: a field that is collected or compared, and each value in
/// an argument that is compared, is one.
pub(super) const MAX_STEPS: usize = 100_000;

/// Checks all operations of a document. Returns how many steps that took.
///
/// Fragments are checked where operations spread them; the engine refuses those that none does.
///
/// # Errors
/// Two selections of one name cannot be merged, or finding that out takes too many steps.
pub(super) fn check(document: &ExecutableDocument, types: &Types) -> Result<usize, Invalid> {
    let mut merging = Merging { document, types, steps: 0, start: Pos::default() };
    // In the order of the text, so that one document is always refused with the same words.
    let mut operations: Vec<_> = document.operations.iter().map(|(_, operation)| operation).collect();
    operations.sort_by_key(|operation| (operation.pos.line, operation.pos.column));
    for operation in operations {
        merging.start = operation.pos;
        let mut set = Collected::default();
        let root = Some(root_of(operation.node.ty));
        merging.collect(root, &operation.node.selection_set.node, &mut set)?;
        merging.check_meaning(&set.fields)?;
        merging.check_shape(&set.fields)?;
    }
    Ok(merging.steps)
}

struct Merging<'a> {
    document: &'a ExecutableDocument,
    types: &'a Types,
    steps: usize,
    /// Where the operation that is checked begins.
    start: Pos,
}

/// A field as it is selected of a type; none where the type is unknown.
#[derive(Clone, Copy)]
struct Selected<'a> {
    parent: Option<&'a str>,
    field: &'a Positioned<Field>,
}

/// The fields of one place, fragments written out.
#[derive(Default)]
struct Collected<'a> {
    fields: Vec<Selected<'a>>,
    /// Fragments that are written out already: once more they would add the same fields.
    fragments: HashSet<&'a str>,
}

impl<'a> Merging<'a> {
    fn step(&mut self) -> Result<(), Invalid> {
        self.steps += 1;
        if self.steps <= MAX_STEPS {
            return Ok(());
        }
        let message = format!(
            "Checking whether the selections of this operation can be merged takes more than {MAX_STEPS} steps. Use aliases, or ask in several documents."
        );
        Err(Invalid { code: Code::CostExceeded, message, places: vec![self.start] })
    }

    /// Recurses into brackets and fragments, whose nesting the guard has bounded.
    fn collect(
        &mut self,
        parent: Option<&'a str>,
        set: &'a SelectionSet,
        into: &mut Collected<'a>,
    ) -> Result<(), Invalid> {
        for item in &set.items {
            self.step()?;
            match &item.node {
                Selection::Field(field) => into.fields.push(Selected { parent, field }),
                Selection::InlineFragment(fragment) => {
                    let condition = fragment.node.type_condition.as_ref();
                    let parent = condition.map_or(parent, |condition| Some(condition.node.on.node.as_str()));
                    self.collect(parent, &fragment.node.selection_set.node, into)?;
                }
                Selection::FragmentSpread(spread) => {
                    let name = spread.node.fragment_name.node.as_str();
                    let Some(fragment) = self.document.fragments.get(name) else { continue };
                    if into.fragments.insert(name) {
                        let parent = Some(fragment.node.type_condition.node.on.node.as_str());
                        self.collect(parent, &fragment.node.selection_set.node, into)?;
                    }
                }
            }
        }
        Ok(())
    }

    /// What is selected below all of these.
    fn collect_below(&mut self, group: &[Selected<'a>]) -> Result<Vec<Selected<'a>>, Invalid> {
        let mut below = Collected::default();
        for selected in group {
            let parent = self.type_of(*selected).map(named);
            self.collect(parent, &selected.field.node.selection_set.node, &mut below)?;
        }
        Ok(below.fields)
    }

    /// Fields of one name that one object can have must be one field with the same arguments.
    fn check_meaning(&mut self, set: &[Selected<'a>]) -> Result<(), Invalid> {
        for group in group(set) {
            for class in self.classes(group) {
                if let Some((first, others)) = class.split_first() {
                    for other in others {
                        self.compare_meaning(first.field, other.field)?;
                    }
                }
                let below = self.collect_below(&class)?;
                self.check_meaning(&below)?;
            }
        }
        Ok(())
    }

    /// The fields of a group that one object can have: no object is of two object types.
    fn classes(&self, group: Vec<Selected<'a>>) -> Vec<Vec<Selected<'a>>> {
        let mut objects: Vec<&str> = Vec::new();
        for parent in group.iter().filter_map(|selected| selected.parent) {
            if self.types.is_object(parent) && !objects.contains(&parent) {
                objects.push(parent);
            }
        }
        if objects.len() < 2 {
            return vec![group];
        }
        let is_of = |selected: &Selected<'a>, object: &str| {
            selected.parent.is_none_or(|parent| parent == object || !self.types.is_object(parent))
        };
        let classes = objects
            .iter()
            .map(|object| group.iter().filter(|selected| is_of(selected, object)).copied().collect());
        classes.collect()
    }

    fn compare_meaning(&mut self, one: &Positioned<Field>, other: &Positioned<Field>) -> Result<(), Invalid> {
        self.step()?;
        let (first, second) = (&one.node, &other.node);
        if first.name.node != second.name.node {
            let (first, second) = (shown(&first.name.node), shown(&second.name.node));
            return Err(conflict(one, other, &format!("`{first}` and `{second}` are different fields")));
        }
        let mut is_same = first.arguments.len() == second.arguments.len();
        for (name, value) in &first.arguments {
            is_same = is_same
                && match second.get_argument(&name.node) {
                    Some(given) => self.is_same(&value.node, &given.node)?,
                    None => false,
                };
        }
        if is_same { Ok(()) } else { Err(conflict(one, other, "their arguments differ")) }
    }

    /// Whether two arguments are the same value; neither the order of fields nor the way in which a
    /// text is quoted counts.
    fn is_same(&mut self, one: &Value, other: &Value) -> Result<bool, Invalid> {
        self.step()?;
        match (one, other) {
            (Value::List(items), Value::List(others)) => {
                if items.len() != others.len() {
                    return Ok(false);
                }
                for (item, other) in items.iter().zip(others) {
                    if !self.is_same(item, other)? {
                        return Ok(false);
                    }
                }
                Ok(true)
            }
            (Value::Object(fields), Value::Object(others)) => {
                if fields.len() != others.len() {
                    return Ok(false);
                }
                for (name, value) in fields {
                    let Some(other) = others.get(name) else { return Ok(false) };
                    if !self.is_same(value, other)? {
                        return Ok(false);
                    }
                }
                Ok(true)
            }
            (one, other) => Ok(one == other),
        }
    }

    /// Fields of one name have types of one shape, whatever objects have them: else no client could
    /// give the name a type (`SameResponseShape`).
    fn check_shape(&mut self, set: &[Selected<'a>]) -> Result<(), Invalid> {
        for group in group(set) {
            let mut first: Option<(Selected<'a>, &Type)> = None;
            for selected in &group {
                self.step()?;
                let Some(ty) = self.type_of(*selected) else { continue };
                match first {
                    None => first = Some((*selected, ty)),
                    Some((_, known)) if self.is_same_shape(known, ty) => {}
                    Some((one, known)) => {
                        let why = format!("the types {known} and {ty} differ");
                        return Err(conflict(one.field, selected.field, &why));
                    }
                }
            }
            let below = self.collect_below(&group)?;
            self.check_shape(&below)?;
        }
        Ok(())
    }

    fn is_same_shape(&self, one: &Type, other: &Type) -> bool {
        one.nullable == other.nullable
            && match (&one.base, &other.base) {
                (BaseType::List(one), BaseType::List(other)) => self.is_same_shape(one, other),
                (BaseType::Named(one), BaseType::Named(other)) => {
                    one == other || (self.types.is_composite(one) && self.types.is_composite(other))
                }
                (BaseType::List(_), BaseType::Named(_)) | (BaseType::Named(_), BaseType::List(_)) => false,
            }
    }

    fn type_of(&self, selected: Selected<'a>) -> Option<&'a Type> {
        self.types.field(selected.parent, &selected.field.node.name.node).map(|field| &field.ty)
    }
}

/// The fields of a set by their response names, in the order of the document.
fn group<'a>(set: &[Selected<'a>]) -> Vec<Vec<Selected<'a>>> {
    let mut places: HashMap<&str, usize> = HashMap::with_capacity(set.len());
    let mut groups: Vec<Vec<Selected<'a>>> = Vec::with_capacity(set.len());
    for selected in set {
        let place = *places.entry(selected.field.node.response_key().node.as_str()).or_insert(groups.len());
        match groups.get_mut(place) {
            Some(group) => group.push(*selected),
            None => groups.push(vec![*selected]),
        }
    }
    groups
}

fn conflict(one: &Positioned<Field>, other: &Positioned<Field>, why: &str) -> Invalid {
    let name = shown(&one.node.response_key().node);
    let (first, second) = (one.pos, other.pos);
    let message = format!(
        "Two selections have the response name `{name}` (line {}, column {}; line {}, column {}) and cannot be merged: {why}. Give one of them an alias.",
        first.line, first.column, second.line, second.column
    );
    Invalid { code: Code::BadInput, message, places: vec![first, second] }
}

#[cfg(test)]
mod tests;
