//! The estimate of an operation, computed from its root to its leaves.
//!
//! All objects at one location are counted together: nested lists cannot return more rows than the
//! register has, as long as each row occurs only once.

use super::arguments::{Arguments, FilterInput};
use super::bytes::{self, BYTES_OF_A_UNIT};
use super::rows::{RowEstimate, Sizes};
use super::{LARGEST_PAGE, introspection};
use crate::schema_types::{ListSize, OutputField, SchemaTypes, named};
use async_graphql_parser::types::{ExecutableDocument, Field, Selection, SelectionSet};

/// The name of a type that the schema does not contain.
const UNKNOWN: &str = "";
/// The typical bytes of the value of `__typename`.
const TYPENAME_BYTES: u64 = 40;

/// Estimates the cost of one operation.
pub(super) struct CostEstimator<'a> {
    pub(super) document: &'a ExecutableDocument,
    pub(super) arguments: Arguments<'a>,
    pub(super) sizes: &'a Sizes,
    pub(super) types: &'static SchemaTypes,
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
    pub(super) rows: Option<PageRows>,
}

/// The rows of pages.
#[derive(Clone, Copy)]
pub(super) struct PageRows {
    /// The names of the fields that contain them.
    pub(super) fields: &'static [String],
    /// The rows of all pages together.
    pub(super) rows: RowEstimate,
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
        let returned = self.types.field(Some(ty), name);
        let weight = returned.map_or(0, |returned| returned.cost.weight);
        let work = weight.saturating_add(self.argument_cost(field, ty, returned));
        let work = objects.count.saturating_mul(work);
        if field.selection_set.node.items.is_empty() {
            return SelectionCost { units: work, own: bytes::of_leaf(field, returned), below: 0 };
        }
        let below = self.below(field, parents, returned);
        let cost = self.selection_cost(&field.selection_set.node, below);
        let weight = self.types.object_weight(below.ty);
        if weight == 0 {
            let own = cost.own.saturating_add(bytes::of_name(field));
            return SelectionCost { units: cost.units.saturating_add(work), own, below: cost.below };
        }
        let count = below.objects.count;
        let further = cost.own.saturating_sub(BYTES_OF_A_UNIT).div_ceil(BYTES_OF_A_UNIT);
        let units = count.saturating_mul(further.saturating_add(weight));
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
        returned: Option<&'static OutputField>,
    ) -> ObjectSet<'f>
    where
        'a: 'f,
    {
        let ObjectSet { ty, objects, rows } = parents;
        let below: &'static str = returned.map_or(UNKNOWN, |field| named(&field.ty));
        if let Some(list) = returned.and_then(|field| field.cost.list_size.as_ref())
            && !list.sized_fields.is_empty()
        {
            let first = self.page_size(field, list);
            let rows = if below == "GroupConnection" {
                let by = self.arguments.find(field, "by");
                self.sizes.estimate_groups(self.row_type(ty), by.as_ref(), objects, first)
            } else {
                self.sizes.estimate_page(ty, self.row_type(below), objects, first)
            };
            let rows = Some(PageRows { fields: &list.sized_fields, rows });
            return ObjectSet { ty: below, objects, rows };
        }
        let name = field.name.node.as_str();
        let objects = match rows {
            Some(PageRows { fields, rows }) if fields.iter().any(|field| field == name) => rows,
            // Each edge has one row.
            _ if name == "node" && ty.ends_with("Edge") => objects,
            _ => self.estimate_objects(field, parents, returned),
        };
        ObjectSet { ty: below, objects, rows: None }
    }

    /// Estimates the objects of a field without pages.
    fn estimate_objects(
        &self,
        field: &Field,
        ObjectSet { ty, objects, .. }: ObjectSet<'_>,
        returned: Option<&OutputField>,
    ) -> RowEstimate {
        let list = returned.filter(|returned| returned.is_list());
        // The same id may be given several times.
        let ids = list.and_then(|list| self.count_ids(field, list));
        let each = ids.unwrap_or_else(|| list.map_or(1, |list| self.list_length(field, ty, list)));
        let are_distinct = ids.is_none() && objects.count == 1;
        RowEstimate { count: objects.count.saturating_mul(each), are_distinct }
    }

    /// Returns the expected length of a list. Lists of the query root without pages contain all
    /// rows of the register.
    fn list_length(&self, field: &Field, ty: &str, returned: &OutputField) -> u64 {
        let Some(list) = &returned.cost.list_size else { return 1 };
        let whole = Some(named(&returned.ty)).filter(|_| ty == "Query");
        match whole.and_then(|row| self.sizes.whole_list(row)) {
            Some(rows) => rows,
            None if list.slicing_arguments.is_empty() => list.assumed,
            None => self.page_size(field, list),
        }
    }

    /// Returns the cost of the arguments of a field, under one object.
    fn argument_cost(&self, field: &Field, ty: &str, returned: Option<&OutputField>) -> u64 {
        let below = returned.map_or(UNKNOWN, |returned| named(&returned.ty));
        let input = returned.and_then(|returned| Some(named(&returned.arguments.get("filter")?.ty)));
        let value = self.arguments.find(field, "filter");
        let filter = value.as_ref().map(|value| FilterInput::new(self.types, input, value));
        match (below, input) {
            ("Statistics", _) => self.arguments.find(field, "knownAt").map_or(0, |_| self.sizes.past_cost()),
            ("SearchConnection", _) => self.sizes.search_cost(),
            (_, Some("ChangeFilter")) => filter.map_or(0, |filter| self.feed_filter_cost(field, ty, filter)),
            _ => {
                let scan = self.sizes.scan_cost(self.row_type(below));
                let sorted = self.arguments.find(field, "orderBy").map_or(0, |_| scan);
                filter.map_or(0, |filter| filter.cost(scan)).saturating_add(sorted)
            }
        }
    }

    /// Returns the cost of a filter of the feed: a page reads the changes that it skips, a stream
    /// receives them anyway.
    fn feed_filter_cost(&self, field: &Field, ty: &str, filter: FilterInput<'_>) -> u64 {
        let most = filter.largest_weight();
        if ty != "Query" || most == 0 {
            return 0;
        }
        let after = self.arguments.find(field, "after");
        self.sizes.skipped_changes_cost(after.as_ref().and_then(serde_json::Value::as_str), most)
    }

    /// Returns the type of the rows of a page; the type itself if it is no page.
    fn row_type<'t>(&self, ty: &'t str) -> &'t str
    where
        'static: 't,
    {
        self.types.field(Some(ty), "nodes").map_or(ty, |nodes| named(&nodes.ty))
    }

    /// Returns the size of a page.
    fn page_size(&self, field: &Field, list: &ListSize) -> u64 {
        if let Some(page) = self.page {
            return page;
        }
        let mut given = list.slicing_arguments.iter();
        let rows = given.find_map(|name| self.arguments.find(field, name)?.as_u64());
        rows.map_or(list.assumed, |rows| rows.min(LARGEST_PAGE))
    }

    /// Returns the number of ids in an argument of a list by ids; none for any other list.
    fn count_ids(&self, field: &Field, returned: &OutputField) -> Option<u64> {
        let (name, _) = returned.arguments.iter().find(|(_, argument)| argument.is_list_of_ids())?;
        let ids = self.arguments.find(field, name);
        Some(ids.and_then(|ids| u64::try_from(ids.as_array()?.len()).ok()).unwrap_or(1))
    }
}
