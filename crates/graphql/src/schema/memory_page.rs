//! A page of a list in memory. Cursors are signed only if they are selected.

use super::api_error::ApiError;
use super::connection::{PageArgs, PageInfo};
use super::request_context::RequestContext;
use async_graphql::Context;
use caunoi_domain::cursor::{CursorSigner, InstallationKey, RowCursor};
use caunoi_domain::page::{SortKey, Window, page_range};
use std::sync::{Arc, LazyLock};

/// A whole list in memory.
pub(crate) struct SortedList<T> {
    /// The rows, sorted by their keys.
    rows: Vec<T>,
    /// Called only when a cursor is signed or verified.
    key_of: KeyOf<T>,
}

/// Returns the sort key of a row.
type KeyOf<T> = Box<dyn Fn(&T) -> SortKey + Send + Sync>;

/// The rows of a page, in the order of the list.
pub(crate) struct MemoryPage<T> {
    /// The rows.
    pub(crate) rows: Vec<T>,
    key_of: KeyOf<T>,
    has_previous: bool,
    has_next: bool,
    purpose: Purpose,
}

/// The text that identifies a list and the rows that the caller sees of it. A cursor contains the
/// sort key of a row and is bound to this text, which is built only when a cursor is signed or
/// verified.
type Purpose = LazyLock<String, Box<dyn FnOnce() -> String + Send + Sync>>;

impl<T> SortedList<T> {
    /// A list of rows that are sorted by these keys.
    pub(crate) fn new(rows: Vec<T>, key_of: impl Fn(&T) -> SortKey + Send + Sync + 'static) -> Self {
        Self { rows, key_of: Box::new(key_of) }
    }
}

impl<T> MemoryPage<T> {
    /// Returns the page that the paging arguments request.
    pub(crate) fn of(
        ctx: &Context<'_>,
        purpose: impl FnOnce() -> String + Send + Sync + 'static,
        list: SortedList<T>,
        args: PageArgs,
    ) -> Result<Self, ApiError> {
        Self::within(RequestContext::of(ctx), purpose, list, &args.into_window()?)
    }

    /// Returns the page of a window.
    pub(crate) fn within(
        request: &RequestContext,
        purpose: impl FnOnce() -> String + Send + Sync + 'static,
        list: SortedList<T>,
        window: &Window,
    ) -> Result<Self, ApiError> {
        let scope = request.scope;
        // Cursors of earlier releases contained an index; this word makes them invalid.
        let purpose: Purpose = LazyLock::new(Box::new(move || format!("sorted {scope:?} {}", purpose())));
        let SortedList { rows, key_of } = list;
        let key = request.signing_key();
        let cursor = match &window.cursor {
            None => None,
            Some(cursor) => Some(SortKey::from_bytes(key.verify(purpose.as_bytes(), cursor)?)),
        };
        let page = page_range(&rows, &key_of, cursor.as_ref(), window);
        let (has_previous, has_next) = (page.start > 0, page.end < rows.len());
        let rows = rows.into_iter().skip(page.start).take(page.len()).collect();
        Ok(Self { rows, key_of, has_previous, has_next, purpose })
    }

    /// Signs the cursor of a row.
    fn cursor(&self, key: &InstallationKey, row: &T) -> String {
        self.row_cursor(&self.signer(key), row).sign()
    }

    /// Returns the signer of the cursors of the page.
    pub(crate) fn signer(&self, key: &InstallationKey) -> Arc<CursorSigner> {
        CursorSigner::new(key.clone(), self.purpose.as_bytes().to_vec())
    }

    /// Returns the cursor of a row, which is not signed yet.
    pub(crate) fn row_cursor(&self, signer: &Arc<CursorSigner>, row: &T) -> RowCursor {
        RowCursor::new(signer, (self.key_of)(row).as_bytes().to_vec())
    }

    /// Returns the rows, each with its cursor.
    pub(crate) fn edges(&self, key: &InstallationKey) -> impl Iterator<Item = (String, &T)> {
        let signer = self.signer(key);
        self.rows.iter().map(move |row| (self.row_cursor(&signer, row).sign(), row))
    }

    /// Returns whether the list has rows before the page.
    pub(crate) fn has_previous(&self) -> bool {
        self.has_previous
    }

    /// Returns whether the list has rows after the page.
    pub(crate) fn has_next(&self) -> bool {
        self.has_next
    }

    /// Returns the position of the page in its list.
    pub(crate) fn info(&self, ctx: &Context<'_>) -> PageInfo {
        let cursor = |row: Option<&T>| Some(self.cursor(RequestContext::of(ctx).signing_key(), row?));
        PageInfo {
            has_next_page: self.has_next,
            has_previous_page: self.has_previous,
            start_cursor: cursor(self.rows.first()),
            end_cursor: cursor(self.rows.last()),
        }
    }
}
