//! Pages of a list: size, cursor and order.

mod parent;
mod sort_key;

pub use parent::{Parent, ParentKind};
pub use sort_key::SortKey;

use crate::cursor::RowCursor;
use crate::filter::Filter;
use crate::locale::Locale;
use crate::validation::{InvalidReason, PageArgument, Reason};

use std::ops::Range;
use strum::{EnumMessage, IntoStaticStr, VariantArray};

/// The maximum number of rows of one page.
pub const LARGEST_PAGE: u16 = 100;
/// The default number of rows of a page.
pub const USUAL_PAGE: u16 = 20;

/// The direction of an order.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, EnumMessage, IntoStaticStr, VariantArray)]
pub enum Sorting {
    /// The smallest, earliest or alphabetically first value first.
    #[strum(serialize = "ASC")]
    Ascending,
    /// The greatest, latest or alphabetically last value first.
    #[strum(serialize = "DESC")]
    Descending,
}

/// The key of an order.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum OrderKey {
    /// The date established, signed or held; undated entries sort before all dates.
    First,
    /// The last day of the term; agreements without one sort after all dates.
    Expires,
    /// The name or title, by the collation of a language.
    Name(Locale),
    /// The time of the last write.
    UpdatedAt,
}

/// One key of an order.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub struct Order {
    /// The key.
    pub key: OrderKey,
    /// The direction.
    pub sorting: Sorting,
}

/// The requested part of a list. Invariant: `size` is 1 to [`LARGEST_PAGE`].
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub struct Window {
    /// The number of rows.
    pub size: u16,
    /// Whether the page contains the last rows before the cursor, not the first ones after it.
    pub backwards: bool,
    /// The cursor, as the client sent it.
    pub cursor: Option<String>,
}

impl Window {
    /// Parses the GraphQL arguments `first`/`after` and `last`/`before`.
    ///
    /// # Errors
    /// `Invalid` for a size out of bounds, or both directions at once.
    pub fn parse(
        first: Option<i32>,
        after: Option<String>,
        last: Option<i32>,
        before: Option<String>,
    ) -> Result<Self, Reason> {
        let forwards = first.is_some() || after.is_some();
        let backwards = last.is_some() || before.is_some();
        if forwards && backwards {
            return Err(InvalidReason::PageDirections.into());
        }
        let given = if backwards { last } else { first };
        let size = given.map_or(Ok(USUAL_PAGE), |size| u16::try_from(size).map_err(|_| ()));
        match size {
            Ok(size) if (1..=LARGEST_PAGE).contains(&size) => {
                Ok(Self { size, backwards, cursor: if backwards { before } else { after } })
            }
            _ => Err(InvalidReason::PageSize {
                argument: if backwards { PageArgument::Last } else { PageArgument::First },
                most: LARGEST_PAGE,
                given: given.unwrap_or_default(),
            }
            .into()),
        }
    }
}

/// A query for one page of a list.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ListQuery {
    /// The filter.
    pub filter: Filter,
    /// The order; the key of the entry is always added last, so that every order is total.
    pub order: Vec<Order>,
    /// The page.
    pub window: Window,
}

/// A page of a list.
#[derive(Debug, Clone)]
pub struct Page<T> {
    /// The rows in the requested order, each with its cursor.
    pub rows: Vec<(RowCursor, T)>,
    /// Whether the list has rows after the last one.
    pub has_next: bool,
    /// Whether the list has rows before the first one.
    pub has_previous: bool,
}

impl<T> Page<T> {
    /// Returns a page without rows.
    #[must_use]
    pub fn empty() -> Self {
        Self { rows: Vec::new(), has_next: false, has_previous: false }
    }
}

/// Returns the indexes of the page that a window requests of a list sorted by `key_of`: of at most
/// `window.size` rows after the key of its cursor, or before it for a window from the end. Where no
/// row has the key any more, the page begins or ends where it would be. Calls `key_of` for the rows
/// of a binary search only; without a cursor, for none.
#[must_use]
pub fn page_range<T>(
    rows: &[T],
    key_of: impl Fn(&T) -> SortKey,
    cursor: Option<&SortKey>,
    window: &Window,
) -> Range<usize> {
    let size = usize::from(window.size);
    if window.backwards {
        let end = cursor.map_or(rows.len(), |before| rows.partition_point(|row| key_of(row) < *before));
        end.saturating_sub(size)..end
    } else {
        let start = cursor.map_or(0, |after| rows.partition_point(|row| key_of(row) <= *after));
        start..rows.len().min(start + size)
    }
}

#[cfg(test)]
mod tests;
