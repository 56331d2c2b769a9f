//! The estimate of an operation, computed from its root to its leaves.
//!
//! All objects at one location are counted together: nested lists cannot return more rows than the
//! register has, as long as each row occurs only once.

use super::arguments::{self, Arguments};
use super::bytes::{self, BYTES_OF_A_UNIT};
use super::output_types::{FieldType, OutputTypes};
use super::rows::{RowEstimate, Sizes};
use super::{introspection, weights};
use async_graphql_parser::types::{ExecutableDocument, Field, Selection, SelectionSet};

/// The rows of a page without `first` or `last`.
const DEFAULT_PAGE: u64 = 20;
/// The most rows of a page; the resolver refuses more.
const LARGEST_PAGE: u64 = 100;
/// The name of a type that the schema does not contain.
const UNKNOWN: &str = "";
/// The typical bytes of the value of `__typename`.
const TYPENAME_BYTES: u64 = 40;

/// Estimates the cost of one operation.
pub(super) struct CostEstimator<'a> {
    pub(super) document: &'a ExecutableDocument,
    pub(super) arguments: Arguments<'a>,
    pub(super) sizes: &'a Sizes,
    pub(super) types: &'static OutputTypes,
    /// The size of all pages, in parents of those in the document; none to use those.
    pub(super) page: Option<u64>,
}

/// The objects at one location, from which a selection set is read.
#[derive(Clone, Copy)]
pub(super) struct ObjectSet<'a> {
    /// Their type.
    pub(super) ty: &'a str,
    /// Their number.
    pub(super) objects: RowEstimate,
    /// The rows of all of them together, if they are pages.
    pub(super) rows: Option<RowEstimate>,
}

/// The cost of a selection set for all objects of its location together.
#[derive(Debug, Default, Clone, Copy)]
pub(super) struct SelectionCost {
    /// Objects and work.
    pub(super) units: u64,
    /// Bytes of the values of one object.
    pub(super) own: u64,
    /// Bytes of everything below the objects.
    pub(super) below: u64,
}

/// One object.
pub(super) const ONE: RowEstimate = RowEstimate { count: 1, are_distinct: true };

impl SelectionCost {
    fn plus(self, other: Self) -> Self {
        Self {
            units: self.units.saturating_add(other.units),
            own: self.own.saturating_add(other.own),
            below: self.below.saturating_add(other.below),
        }
    }

    /// Returns the maximum of each part.
    fn max(self, other: Self) -> Self {
        Self {
            units: self.units.max(other.units),
            own: self.own.max(other.own),
            below: self.below.max(other.below),
        }
    }
}

impl<'a> CostEstimator<'a> {
    /// Returns the cost of a selection set on these objects.
    pub(super) fn selection_cost(&self, set: &'a SelectionSet, parents: ObjectSet<'_>) -> SelectionCost {
        let mut parts = Vec::new();
        self.collect(set, None, parents, &mut parts);
        let of_type = |object: &str| {
            let meets = |condition: Option<&str>| {
                condition.is_none_or(|condition| self.types.fits(object, condition))
            };
            let parts = parts.iter().filter(|(condition, _)| meets(*condition));
            parts.fold(SelectionCost::default(), |sum, (_, cost)| sum.plus(*cost))
        };
        match self.types.possible(parents.ty) {
            // An object has one type, so fragments on other types add nothing to it.
            Some(objects) => {
                objects.iter().fold(SelectionCost::default(), |most, object| most.max(of_type(object)))
            }
            None => parts.iter().fold(SelectionCost::default(), |sum, (_, cost)| sum.plus(*cost)),
        }
    }

    /// Collects the costs of the fields of a selection set, each with its type condition.
    fn collect(
        &self,
        set: &'a SelectionSet,
        condition: Option<&'a str>,
        parents: ObjectSet<'_>,
        parts: &mut Vec<(Option<&'a str>, SelectionCost)>,
    ) {
        for item in &set.items {
            let (on, set) = match &item.node {
                Selection::Field(field) => {
                    let ty = condition.unwrap_or(parents.ty);
                    parts.push((condition, self.field_cost(&field.node, ObjectSet { ty, ..parents })));
                    continue;
                }
                Selection::InlineFragment(fragment) => {
                    let on = fragment.node.type_condition.as_ref().map(|on| on.node.on.node.as_str());
                    (on, &fragment.node.selection_set.node)
                }
                Selection::FragmentSpread(spread) => {
                    let Some(fragment) = self.document.fragments.get(&spread.node.fragment_name.node) else {
                        continue;
                    };
                    let on = fragment.node.type_condition.node.on.node.as_str();
                    (Some(on), &fragment.node.selection_set.node)
                }
            };
            self.collect(set, on.filter(|on| *on != parents.ty).or(condition), parents, parts);
        }
    }

    fn field_cost(&self, field: &'a Field, parents: ObjectSet<'_>) -> SelectionCost {
        let name = field.name.node.as_str();
        let ObjectSet { ty, objects, .. } = parents;
        if name == "__typename" {
            return SelectionCost { own: TYPENAME_BYTES + bytes::of_name(field), ..SelectionCost::default() };
        }
        if name.starts_with("__") {
            let below = introspection::bytes(self.document, &self.arguments, field);
            return SelectionCost { units: below.div_ceil(BYTES_OF_A_UNIT * 2), own: 0, below };
        }
        let returned = self.types.field(ty, name);
        let work = weights::weight(ty, name).saturating_add(self.argument_cost(field, ty, returned));
        let work = objects.count.saturating_mul(work);
        if field.selection_set.node.items.is_empty() {
            return SelectionCost { units: work, own: bytes::of_leaf(field, ty), below: 0 };
        }
        let below = self.below(field, parents, returned);
        let cost = self.selection_cost(&field.selection_set.node, below);
        if weights::is_value(name) {
            let own = cost.own.saturating_add(bytes::of_name(field));
            return SelectionCost { units: cost.units.saturating_add(work), own, below: cost.below };
        }
        let count = below.objects.count;
        let further = cost.own.saturating_sub(BYTES_OF_A_UNIT).div_ceil(BYTES_OF_A_UNIT);
        let units = count.saturating_mul(further.saturating_add(1));
        SelectionCost {
            units: units.saturating_add(cost.units).saturating_add(work),
            own: bytes::of_name(field),
            below: count.saturating_mul(cost.own).saturating_add(cost.below),
        }
    }

    /// Returns the objects of a field under all parents together.
    fn below<'f>(
        &self,
        field: &'a Field,
        parents: ObjectSet<'f>,
        returned: Option<&'static FieldType>,
    ) -> ObjectSet<'f>
    where
        'a: 'f,
    {
        let name = field.name.node.as_str();
        let ObjectSet { ty, objects, rows } = parents;
        let below: &'static str = returned.map_or(UNKNOWN, |field| field.name.as_str());
        let each =
            |count: u64| RowEstimate { count: objects.count.saturating_mul(count), are_distinct: false };
        if self.types.is_page(below) {
            let first = self.page_size(field);
            let rows = if below == "GroupConnection" {
                self.sizes.estimate_groups(ty, self.arguments.find(field, "by").as_ref(), objects, first)
            } else {
                self.sizes.estimate_page((ty, below), objects, first)
            };
            return ObjectSet { ty: below, objects, rows: Some(rows) };
        }
        let objects = match (name, rows) {
            ("nodes" | "edges" | "messages", Some(rows)) => rows,
            ("nodes", None) => each(self.count_ids(field)),
            // Each edge has one row.
            ("node", _) if ty.ends_with("Edge") => objects,
            _ if returned.is_some_and(|field| field.is_list) => {
                let is_page = field.get_argument("first").is_some();
                let count = if is_page { self.page_size(field) } else { self.sizes.list_length(ty, name) };
                RowEstimate { are_distinct: objects.count == 1, ..each(count) }
            }
            _ => RowEstimate { are_distinct: objects.count == 1, ..each(1) },
        };
        ObjectSet { ty: below, objects, rows: None }
    }

    /// Returns the cost of the arguments of a field, under one object.
    fn argument_cost(&self, field: &'a Field, ty: &str, returned: Option<&FieldType>) -> u64 {
        let page = returned.map_or(UNKNOWN, |field| field.name.as_str());
        let filter = self.arguments.find(field, "filter");
        match (ty, field.name.node.as_str()) {
            ("Query", "search") => self.sizes.search_cost(),
            ("Query", "changes" | "latestChanges") if filter.as_ref().is_some_and(arguments::is_narrow) => {
                let after = self.arguments.find(field, "after");
                self.sizes.skipped_changes_cost(after.as_ref().and_then(serde_json::Value::as_str))
            }
            ("Query" | "Subscription", "changes" | "latestChanges") => 0,
            _ => {
                let scan = self.sizes.scan_cost(page);
                let sorted = self.arguments.find(field, "orderBy").map_or(0, |_| scan);
                filter.map_or(0, |filter| arguments::filter_cost(&filter, scan)).saturating_add(sorted)
            }
        }
    }

    /// Returns the size of a page.
    fn page_size(&self, field: &Field) -> u64 {
        if let Some(page) = self.page {
            return page;
        }
        let rows = ["first", "last"].iter().find_map(|name| self.arguments.find(field, name)?.as_u64());
        rows.map_or(DEFAULT_PAGE, |rows| rows.min(LARGEST_PAGE))
    }

    /// Returns the number of ids in `Query.nodes(ids:)`.
    fn count_ids(&self, field: &Field) -> u64 {
        let ids = self.arguments.find(field, "ids");
        ids.and_then(|ids| u64::try_from(ids.as_array()?.len()).ok()).unwrap_or(1)
    }
}
