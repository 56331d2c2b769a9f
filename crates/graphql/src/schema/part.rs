//! A page of a list that lies in memory: its cursors are sealed when somebody asks for them.

use super::asking::Asking;
use super::connection::{PageInfo, Slice};
use super::fault::Fault;
use async_graphql::Context;
use caunoi_domain::cursor::SealingKey;
use caunoi_domain::page::{SortKey, Window, range_after};
use std::sync::LazyLock;

/// A whole list in memory.
pub(crate) struct Sorted<T> {
    /// Sorted by the key of each.
    rows: Vec<T>,
    /// Asked for where a cursor is sealed or opened.
    key_of: KeyOf<T>,
}

/// Makes the sort key of a row.
type KeyOf<T> = Box<dyn Fn(&T) -> SortKey + Send + Sync>;

/// The rows after a cursor, in the order of the list.
pub(crate) struct Part<T> {
    /// The rows.
    pub(crate) rows: Vec<T>,
    key_of: KeyOf<T>,
    has_previous: bool,
    has_next: bool,
    purpose: Purpose,
}

/// What a list is of; cursors carry the sort key of a row and are bound to it. Told where one is
/// sealed or opened.
type Purpose = LazyLock<String, Box<dyn FnOnce() -> String + Send + Sync>>;

impl<T> Sorted<T> {
    /// A list of rows that are sorted by these keys.
    pub(crate) fn new(rows: Vec<T>, key_of: impl Fn(&T) -> SortKey + Send + Sync + 'static) -> Self {
        Self { rows, key_of: Box::new(key_of) }
    }
}

impl<T> Part<T> {
    /// The part of these rows that a slice asks for.
    pub(crate) fn of(
        ctx: &Context<'_>,
        purpose: impl FnOnce() -> String + Send + Sync + 'static,
        list: Sorted<T>,
        slice: Slice,
    ) -> Result<Self, Fault> {
        Self::within(Asking::of(ctx).sealing_key(), purpose, list, &slice.window()?)
    }

    /// The part that a window shows.
    pub(crate) fn within(
        key: &SealingKey,
        purpose: impl FnOnce() -> String + Send + Sync + 'static,
        list: Sorted<T>,
        window: &Window,
    ) -> Result<Self, Fault> {
        // Cursors of earlier releases carried an index; the first word keeps them apart.
        let purpose: Purpose = LazyLock::new(Box::new(move || format!("sorted {}", purpose())));
        let Sorted { rows, key_of } = list;
        let after = match &window.cursor {
            None => None,
            Some(cursor) => Some(SortKey::from_bytes(key.open(purpose.as_bytes(), cursor)?)),
        };
        let page = range_after(&rows, &key_of, after.as_ref(), window.size);
        let (has_previous, has_next) = (page.start > 0, page.end < rows.len());
        let rows = rows.into_iter().skip(page.start).take(page.len()).collect();
        Ok(Self { rows, key_of, has_previous, has_next, purpose })
    }

    /// The cursor of a row: pages after it continue from its place.
    pub(crate) fn cursor(&self, key: &SealingKey, row: &T) -> String {
        key.seal(self.purpose.as_bytes(), (self.key_of)(row).as_bytes())
    }

    /// The rows, each with its cursor.
    pub(crate) fn edges<'a>(&'a self, key: &'a SealingKey) -> impl Iterator<Item = (String, &'a T)> {
        self.rows.iter().map(|row| (self.cursor(key, row), row))
    }

    /// Whether the list has rows before the first one.
    pub(crate) fn has_previous(&self) -> bool {
        self.has_previous
    }

    /// Whether the list goes on after the last one.
    pub(crate) fn has_next(&self) -> bool {
        self.has_next
    }

    /// Where the part stands in its list.
    pub(crate) fn info(&self, ctx: &Context<'_>) -> PageInfo {
        let cursor = |row: Option<&T>| Some(self.cursor(Asking::of(ctx).sealing_key(), row?));
        PageInfo {
            has_next_page: self.has_next,
            has_previous_page: self.has_previous,
            start_cursor: cursor(self.rows.first()),
            end_cursor: cursor(self.rows.last()),
        }
    }
}
