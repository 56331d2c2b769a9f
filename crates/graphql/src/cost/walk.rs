//! The walk over a document, from the root to its leaves.
//!
//! Everything is counted for all objects of a place together: of lists that lie in each other no
//! more rows can come than the register has, as long as each row comes once.

use super::arguments::{self, Arguments};
use super::bytes::{self, BYTES_OF_A_UNIT};
use super::rows::{Rows, Sizes};
use super::types::{FieldType, Types};
use super::{introspection, weights};
use async_graphql_parser::types::{ExecutableDocument, Field, Selection, SelectionSet};

/// Rows of a page where the document does not say how many.
const USUAL_PAGE: u64 = 20;
/// The most rows of a page; asking for more is refused later.
const LARGEST_PAGE: u64 = 100;
/// What a type that no schema knows is called.
const UNKNOWN: &str = "";
/// Bytes of the one field that every type has: `__typename`.
const TYPENAME: u64 = 40;

/// The one way through a document.
pub(super) struct Walk<'a> {
    pub(super) document: &'a ExecutableDocument,
    pub(super) arguments: Arguments<'a>,
    pub(super) sizes: &'a Sizes,
    pub(super) types: &'static Types,
    /// The length of all pages, in place of what the document says.
    pub(super) page: Option<u64>,
}

/// The objects that a selection is read of.
#[derive(Clone, Copy)]
pub(super) struct Place<'a> {
    /// Their type.
    pub(super) ty: &'a str,
    /// How many they are.
    pub(super) objects: Rows,
    /// The rows of all of them together, where they are pages.
    pub(super) rows: Option<Rows>,
}

/// What a selection counts for all objects of its place together.
#[derive(Debug, Default, Clone, Copy)]
pub(super) struct Load {
    /// Objects and work.
    pub(super) units: u64,
    /// Bytes of the values of one object.
    pub(super) own: u64,
    /// Bytes of everything below the objects.
    pub(super) below: u64,
}

/// One object.
pub(super) const ONE: Rows = Rows { count: 1, are_distinct: true };

impl Load {
    fn and(self, other: Self) -> Self {
        Self {
            units: self.units.saturating_add(other.units),
            own: self.own.saturating_add(other.own),
            below: self.below.saturating_add(other.below),
        }
    }

    /// The larger one in each respect.
    fn or(self, other: Self) -> Self {
        Self {
            units: self.units.max(other.units),
            own: self.own.max(other.own),
            below: self.below.max(other.below),
        }
    }
}

impl<'a> Walk<'a> {
    /// What a selection counts on the objects of a place.
    pub(super) fn selection(&self, set: &'a SelectionSet, place: Place<'_>) -> Load {
        let mut parts = Vec::new();
        self.collect(set, None, place, &mut parts);
        let of_type = |object: &str| {
            let meets = |condition: Option<&str>| {
                condition.is_none_or(|condition| self.types.fits(object, condition))
            };
            let parts = parts.iter().filter(|(condition, _)| meets(*condition));
            parts.fold(Load::default(), |sum, (_, load)| sum.and(*load))
        };
        match self.types.possible(place.ty) {
            // An object has one type: of what only other types have nothing comes.
            Some(objects) => objects.iter().fold(Load::default(), |most, object| most.or(of_type(object))),
            None => parts.iter().fold(Load::default(), |sum, (_, load)| sum.and(*load)),
        }
    }

    /// The fields of a selection, each with the type that it is limited to.
    fn collect(
        &self,
        set: &'a SelectionSet,
        condition: Option<&'a str>,
        place: Place<'_>,
        parts: &mut Vec<(Option<&'a str>, Load)>,
    ) {
        for item in &set.items {
            let (on, set) = match &item.node {
                Selection::Field(field) => {
                    let ty = condition.unwrap_or(place.ty);
                    parts.push((condition, self.field(&field.node, Place { ty, ..place })));
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
            self.collect(set, on.filter(|on| *on != place.ty).or(condition), place, parts);
        }
    }

    fn field(&self, field: &'a Field, place: Place<'_>) -> Load {
        let name = field.name.node.as_str();
        let Place { ty, objects, .. } = place;
        if name == "__typename" {
            return Load { own: TYPENAME + bytes::of_name(field), ..Load::default() };
        }
        if name.starts_with("__") {
            let below = introspection::bytes(self.document, &self.arguments, field);
            return Load { units: below.div_ceil(BYTES_OF_A_UNIT * 2), own: 0, below };
        }
        let returned = self.types.field(ty, name);
        let work = weights::weight(ty, name).saturating_add(self.work(field, ty, returned));
        let work = objects.count.saturating_mul(work);
        if field.selection_set.node.items.is_empty() {
            return Load { units: work, own: bytes::of_leaf(field, ty), below: 0 };
        }
        let below = self.below(field, place, returned);
        let load = self.selection(&field.selection_set.node, below);
        if weights::is_value(name) {
            let own = load.own.saturating_add(bytes::of_name(field));
            return Load { units: load.units.saturating_add(work), own, below: load.below };
        }
        let count = below.objects.count;
        let further = load.own.saturating_sub(BYTES_OF_A_UNIT).div_ceil(BYTES_OF_A_UNIT);
        let units = count.saturating_mul(further.saturating_add(1));
        Load {
            units: units.saturating_add(load.units).saturating_add(work),
            own: bytes::of_name(field),
            below: count.saturating_mul(load.own).saturating_add(load.below),
        }
    }

    /// The objects that a field returns under all objects of a place together.
    fn below<'f>(&self, field: &'a Field, place: Place<'f>, returned: Option<&'static FieldType>) -> Place<'f>
    where
        'a: 'f,
    {
        let name = field.name.node.as_str();
        let Place { ty, objects, rows } = place;
        let below: &'static str = returned.map_or(UNKNOWN, |field| field.name.as_str());
        let each = |count: u64| Rows { count: objects.count.saturating_mul(count), are_distinct: false };
        if self.types.is_page(below) {
            let first = self.first(field);
            let rows = if below == "GroupConnection" {
                self.sizes.groups(ty, self.arguments.find(field, "by").as_ref(), objects, first)
            } else {
                self.sizes.page((ty, below), objects, first)
            };
            return Place { ty: below, objects, rows: Some(rows) };
        }
        let objects = match (name, rows) {
            ("nodes" | "edges" | "messages", Some(rows)) => rows,
            ("nodes", None) => each(self.ids(field)),
            // A row and its edge are one to one.
            ("node", _) if ty.ends_with("Edge") => objects,
            _ if returned.is_some_and(|field| field.is_list) => {
                let is_page = field.get_argument("first").is_some();
                let count = if is_page { self.first(field) } else { self.sizes.list(ty, name) };
                Rows { are_distinct: objects.count == 1, ..each(count) }
            }
            _ => Rows { are_distinct: objects.count == 1, ..each(1) },
        };
        Place { ty: below, objects, rows: None }
    }

    /// Work that the arguments of a field ask for, under one object.
    fn work(&self, field: &'a Field, ty: &str, returned: Option<&FieldType>) -> u64 {
        let page = returned.map_or(UNKNOWN, |field| field.name.as_str());
        let filter = self.arguments.find(field, "filter");
        match (ty, field.name.node.as_str()) {
            ("Query", "search") => self.sizes.search(),
            ("Query", "changes" | "latestChanges") if filter.as_ref().is_some_and(arguments::is_narrow) => {
                let after = self.arguments.find(field, "after");
                self.sizes.changes_after(after.as_ref().and_then(serde_json::Value::as_str))
            }
            ("Query" | "Subscription", "changes" | "latestChanges") => 0,
            _ => {
                let scan = self.sizes.scan(page);
                let sorted = self.arguments.find(field, "orderBy").map_or(0, |_| scan);
                filter.map_or(0, |filter| arguments::filter(&filter, scan)).saturating_add(sorted)
            }
        }
    }

    /// How many rows a page has at most.
    fn first(&self, field: &Field) -> u64 {
        if let Some(page) = self.page {
            return page;
        }
        let asked = ["first", "last"].iter().find_map(|name| self.arguments.find(field, name)?.as_u64());
        asked.map_or(USUAL_PAGE, |rows| rows.min(LARGEST_PAGE))
    }

    /// How many ids `Query.nodes` was given.
    fn ids(&self, field: &Field) -> u64 {
        let ids = self.arguments.find(field, "ids");
        ids.and_then(|ids| u64::try_from(ids.as_array()?.len()).ok()).unwrap_or(1)
    }
}
