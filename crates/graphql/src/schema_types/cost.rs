//! The expected cost of fields, as the directives of the schema state it.

use crate::schema::cost_directives::{COST, LIST_SIZE, TEXT_SIZE};
use async_graphql_parser::Positioned;
use async_graphql_parser::types::ConstDirective;
use async_graphql_value::ConstValue;

/// The expected cost of a field.
#[derive(Debug, Clone, Default)]
pub(crate) struct FieldCost {
    /// The work in units of cost, in addition to the objects that it returns (`@cost`).
    pub(crate) weight: u64,
    /// The size of a list or of a page (`@listSize`).
    pub(crate) list_size: Option<ListSize>,
    /// The typical bytes of a text (`@textSize`).
    pub(crate) text_bytes: Option<u64>,
}

/// The size of a list.
#[derive(Debug, Clone)]
pub(crate) struct ListSize {
    /// The number of rows if no argument gives it.
    pub(crate) assumed: u64,
    /// The arguments that give the number of rows.
    pub(crate) slicing_arguments: Vec<String>,
    /// The fields of the object returned that contain the rows; empty if the field itself is the
    /// list.
    pub(crate) sized_fields: Vec<String>,
}

impl FieldCost {
    /// Reads the directives of a field.
    pub(super) fn of(directives: &[Positioned<ConstDirective>]) -> Self {
        Self {
            weight: weight(directives).unwrap_or_default(),
            list_size: find(directives, LIST_SIZE).map(ListSize::of),
            text_bytes: find(directives, TEXT_SIZE)
                .and_then(|directive| number(argument(directive, "assumedBytes")?)),
        }
    }
}

impl ListSize {
    fn of(directive: &ConstDirective) -> Self {
        Self {
            assumed: argument(directive, "assumedSize").and_then(number).unwrap_or_default(),
            slicing_arguments: names(directive, "slicingArguments"),
            sized_fields: names(directive, "sizedFields"),
        }
    }
}

/// Returns the weight of a field, an object or an input field; none if the schema states none.
pub(super) fn weight(directives: &[Positioned<ConstDirective>]) -> Option<u64> {
    text(argument(find(directives, COST)?, "weight")?)?.parse().ok()
}

fn find<'a>(directives: &'a [Positioned<ConstDirective>], name: &str) -> Option<&'a ConstDirective> {
    directives.iter().map(|directive| &directive.node).find(|directive| directive.name.node == name)
}

fn argument<'a>(directive: &'a ConstDirective, name: &str) -> Option<&'a ConstValue> {
    Some(&directive.get_argument(name)?.node)
}

fn number(value: &ConstValue) -> Option<u64> {
    if let ConstValue::Number(number) = value { number.as_u64() } else { None }
}

fn text(value: &ConstValue) -> Option<&str> {
    if let ConstValue::String(text) = value { Some(text) } else { None }
}

fn names(directive: &ConstDirective, name: &str) -> Vec<String> {
    let Some(ConstValue::List(names)) = argument(directive, name) else { return Vec::new() };
    names.iter().filter_map(text).map(str::to_owned).collect()
}
