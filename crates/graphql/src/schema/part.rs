//! A page of a list that lies in memory: its cursors are sealed when somebody asks for them.

use super::asking::Asking;
use super::connection::{PageInfo, Slice};
use super::fault::Fault;
use async_graphql::Context;
use caunoi_domain::cursor::SealingKey;
use caunoi_domain::page::Window;
use std::sync::LazyLock;

/// The rows after a cursor, in the order of the list.
pub(crate) struct Part<T> {
    /// The rows.
    pub(crate) rows: Vec<T>,
    start: usize,
    has_next: bool,
    purpose: Purpose,
}

/// What a list is of; cursors carry a place in it and are bound to it. Told where one is sealed or
/// opened.
type Purpose = LazyLock<String, Box<dyn FnOnce() -> String + Send + Sync>>;

impl<T> Part<T> {
    /// The part of these rows that a slice asks for.
    pub(crate) fn of(
        ctx: &Context<'_>,
        purpose: impl FnOnce() -> String + Send + Sync + 'static,
        rows: impl ExactSizeIterator<Item = T>,
        slice: Slice,
    ) -> Result<Self, Fault> {
        Self::within(Asking::of(ctx).sealing_key(), purpose, rows, &slice.window()?)
    }

    /// The part that a window shows.
    pub(crate) fn within(
        key: &SealingKey,
        purpose: impl FnOnce() -> String + Send + Sync + 'static,
        rows: impl ExactSizeIterator<Item = T>,
        window: &Window,
    ) -> Result<Self, Fault> {
        let purpose: Purpose = LazyLock::new(Box::new(purpose));
        let start = match &window.cursor {
            None => 0,
            Some(cursor) => {
                let bytes = key.open(purpose.as_bytes(), cursor)?;
                let index = <[u8; 4]>::try_from(bytes).map_or(0, u32::from_be_bytes);
                usize::try_from(index).unwrap_or(0) + 1
            }
        };
        let size = usize::from(window.size);
        let has_next = start + size < rows.len();
        Ok(Self { rows: rows.skip(start).take(size).collect(), start, has_next, purpose })
    }

    /// The cursor that goes on after a row of the part.
    pub(crate) fn cursor(&self, key: &SealingKey, index: usize) -> String {
        let place = u32::try_from(self.start + index).unwrap_or(u32::MAX);
        key.seal(self.purpose.as_bytes(), &place.to_be_bytes())
    }

    /// The rows, each with its cursor.
    pub(crate) fn edges<'a>(&'a self, key: &'a SealingKey) -> impl Iterator<Item = (String, &'a T)> {
        self.rows.iter().enumerate().map(|(index, row)| (self.cursor(key, index), row))
    }

    /// Whether the list has rows before the first one.
    pub(crate) fn has_previous(&self) -> bool {
        self.start > 0
    }

    /// Whether the list goes on after the last one.
    pub(crate) fn has_next(&self) -> bool {
        self.has_next
    }

    /// Where the part stands in its list.
    pub(crate) fn info(&self, ctx: &Context<'_>) -> PageInfo {
        let cursor = |index: Option<usize>| Some(self.cursor(Asking::of(ctx).sealing_key(), index?));
        let last = self.rows.len().checked_sub(1);
        PageInfo {
            has_next_page: self.has_next,
            has_previous_page: self.has_previous(),
            start_cursor: cursor(last.map(|_| 0)),
            end_cursor: cursor(last),
        }
    }
}
