//! Whether selections with one response name can be merged (`FieldsInSetCanMerge` of the
//! specification): the engine would execute each of them and return the last value.
//!
//! Selections with one name form a group. Each is compared with the first, and the selections below
//! the whole group are checked as one set. So each field is visited about as often as it is
//! selected with fragments expanded, which the guard limits, instead of once for every pair. If a
//! name is selected on an interface and on several object types, fields of the interface are
//! visited once for each of these; a document that abuses this is refused at [`MAX_STEPS`].

use super::{DocumentError, shown};
use crate::execution::ErrorCode;
use crate::schema_types::{SchemaTypes, named, root_of};
use async_graphql_parser::types::{BaseType, ExecutableDocument, Field, Selection, SelectionSet, Type};
use async_graphql_parser::{Pos, Positioned};
use async_graphql_value::Value;
use std::collections::{HashMap, HashSet};

/// The most steps of one document. A field that is collected or compared is a step, and so is each
/// value in a compared argument.
pub(super) const MAX_STEPS: usize = 100_000;

/// Checks all operations of a document. Returns the number of steps.
///
/// Fragments are checked where an operation spreads them; unused ones are an error of their own.
///
/// # Errors
/// Returns [`DocumentError`] if two selections of one name cannot be merged, or if the check takes more
/// than [`MAX_STEPS`].
pub(super) fn check(document: &ExecutableDocument, types: &SchemaTypes) -> Result<usize, DocumentError> {
    let mut merging = MergeCheck { document, types, steps: 0, start: Pos::default() };
    // In the order of the text, so that a document always gets the same error.
    let mut operations: Vec<_> = document.operations.iter().map(|(_, operation)| operation).collect();
    operations.sort_by_key(|operation| (operation.pos.line, operation.pos.column));
    for operation in operations {
        merging.start = operation.pos;
        let mut set = FieldSet::default();
        let root = Some(root_of(operation.node.ty));
        merging.collect(root, &operation.node.selection_set.node, &mut set)?;
        merging.check_arguments(&set.fields)?;
        merging.check_shape(&set.fields)?;
    }
    Ok(merging.steps)
}

struct MergeCheck<'a> {
    document: &'a ExecutableDocument,
    types: &'a SchemaTypes,
    steps: usize,
    /// The location of the operation that is checked.
    start: Pos,
}

/// A field that is selected on the type `parent`; none if the type is unknown.
#[derive(Clone, Copy)]
struct SelectedField<'a> {
    parent: Option<&'a str>,
    field: &'a Positioned<Field>,
}

/// The fields of one selection set, fragments expanded.
#[derive(Default)]
struct FieldSet<'a> {
    fields: Vec<SelectedField<'a>>,
    /// Fragments that are expanded already: again they would add the same fields.
    fragments: HashSet<&'a str>,
}

impl<'a> MergeCheck<'a> {
    fn step(&mut self) -> Result<(), DocumentError> {
        self.steps += 1;
        if self.steps <= MAX_STEPS {
            return Ok(());
        }
        let message = format!(
            "Checking whether the selections of this operation can be merged takes more than {MAX_STEPS} steps. Use aliases, or split the document."
        );
        Err(DocumentError {
            code: ErrorCode::CostExceeded,
            message,
            text: None,
            locations: vec![self.start],
            is_over_limit: true,
        })
    }

    /// Collects the fields of a selection set. The depth of recursion is limited by the guard.
    fn collect(
        &mut self,
        parent: Option<&'a str>,
        set: &'a SelectionSet,
        into: &mut FieldSet<'a>,
    ) -> Result<(), DocumentError> {
        for item in &set.items {
            self.step()?;
            match &item.node {
                Selection::Field(field) => into.fields.push(SelectedField { parent, field }),
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

    /// Collects the fields that are selected below a group.
    fn collect_below(
        &mut self,
        group: &[SelectedField<'a>],
    ) -> Result<Vec<SelectedField<'a>>, DocumentError> {
        let mut below = FieldSet::default();
        for selected in group {
            let parent = self.type_of(*selected).map(named);
            self.collect(parent, &selected.field.node.selection_set.node, &mut below)?;
        }
        Ok(below.fields)
    }

    /// Checks that selections of one name on the same object are one field with the same arguments.
    fn check_arguments(&mut self, set: &[SelectedField<'a>]) -> Result<(), DocumentError> {
        for group in group(set) {
            for class in self.classes(group) {
                if let Some((first, others)) = class.split_first() {
                    for other in others {
                        self.compare_arguments(first.field, other.field)?;
                    }
                }
                let below = self.collect_below(&class)?;
                self.check_arguments(&below)?;
            }
        }
        Ok(())
    }

    /// Splits a group into the selections that can apply to one object: no object has two object
    /// types.
    fn classes(&self, group: Vec<SelectedField<'a>>) -> Vec<Vec<SelectedField<'a>>> {
        let mut objects: Vec<&str> = Vec::new();
        for parent in group.iter().filter_map(|selected| selected.parent) {
            if self.types.is_object(parent) && !objects.contains(&parent) {
                objects.push(parent);
            }
        }
        if objects.len() < 2 {
            return vec![group];
        }
        let is_of = |selected: &SelectedField<'a>, object: &str| {
            selected.parent.is_none_or(|parent| parent == object || !self.types.is_object(parent))
        };
        let classes = objects
            .iter()
            .map(|object| group.iter().filter(|selected| is_of(selected, object)).copied().collect());
        classes.collect()
    }

    fn compare_arguments(
        &mut self,
        one: &Positioned<Field>,
        other: &Positioned<Field>,
    ) -> Result<(), DocumentError> {
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

    /// Whether two arguments are the same value, regardless of the order of fields and of the kind
    /// of quotes.
    fn is_same(&mut self, one: &Value, other: &Value) -> Result<bool, DocumentError> {
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

    /// Checks that selections of one name have types of one shape on all objects
    /// (`SameResponseShape` of the specification), so that clients can give the name one type.
    fn check_shape(&mut self, set: &[SelectedField<'a>]) -> Result<(), DocumentError> {
        for group in group(set) {
            let mut first: Option<(SelectedField<'a>, &Type)> = None;
            for selected in &group {
                self.step()?;
                let Some(ty) = self.type_of(*selected) else { continue };
                match first {
                    None => first = Some((*selected, ty)),
                    Some((_, known)) if self.is_same_shape(known, ty) => {}
                    Some((one, known)) => {
                        let reason = format!("the types {known} and {ty} differ");
                        return Err(conflict(one.field, selected.field, &reason));
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

    fn type_of(&self, selected: SelectedField<'a>) -> Option<&'a Type> {
        // As in graphql-js, `__typename` is compared with nothing.
        self.types.field(selected.parent, &selected.field.node.name.node).map(|field| &field.ty)
    }
}

/// Groups the fields of a set by response name, in the order of the document.
fn group<'a>(set: &[SelectedField<'a>]) -> Vec<Vec<SelectedField<'a>>> {
    let mut indices: HashMap<&str, usize> = HashMap::with_capacity(set.len());
    let mut groups: Vec<Vec<SelectedField<'a>>> = Vec::with_capacity(set.len());
    for selected in set {
        let index = *indices.entry(selected.field.node.response_key().node.as_str()).or_insert(groups.len());
        match groups.get_mut(index) {
            Some(group) => group.push(*selected),
            None => groups.push(vec![*selected]),
        }
    }
    groups
}

fn conflict(one: &Positioned<Field>, other: &Positioned<Field>, reason: &str) -> DocumentError {
    let name = shown(&one.node.response_key().node);
    let (first, second) = (one.pos, other.pos);
    let message = format!(
        "Two selections have the response name `{name}` (line {}, column {}; line {}, column {}) and cannot be merged: {reason}. Give one of them an alias.",
        first.line, first.column, second.line, second.column
    );
    DocumentError { locations: vec![first, second], ..DocumentError::bad_input(message) }
}

#[cfg(test)]
mod tests;
