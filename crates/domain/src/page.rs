//! Pages of a list: how many, from where, in which order.

mod sort_key;

pub use sort_key::SortKey;

use crate::filter::Filter;
use crate::locale::Locale;
use crate::refusal::Refusal;
use std::ops::Range;

/// The most rows of one page.
pub const LARGEST_PAGE: u16 = 100;
/// The rows of a page where nobody says how many.
pub const USUAL_PAGE: u16 = 20;

/// Which way a list runs.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Sorting {
    /// From the least.
    Ascending,
    /// From the greatest.
    Descending,
}

/// What a list is ordered by.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum OrderKey {
    /// Established, signed or held; an undated entry comes before all dates.
    First,
    /// The last day of the term; an agreement without one comes after all dates.
    Expires,
    /// The name or title, by the collation of a language.
    Name(Locale),
    /// When it was last written.
    UpdatedAt,
}

/// One key of an order.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub struct Order {
    /// By what.
    pub key: OrderKey,
    /// Which way.
    pub sorting: Sorting,
}

/// Which part of a list is asked for. Invariant: `size` is 1 to [`LARGEST_PAGE`].
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub struct Window {
    /// How many rows.
    pub size: u16,
    /// Whether the rows are the last ones before the cursor, not the first ones after it.
    pub backwards: bool,
    /// The cursor to go on from, as the caller sent it.
    pub cursor: Option<String>,
}

impl Window {
    /// Reads `first`/`after` and `last`/`before` as the public face takes them.
    ///
    /// # Errors
    /// A size out of bounds, or both directions at once.
    pub fn parse(
        first: Option<i32>,
        after: Option<String>,
        last: Option<i32>,
        before: Option<String>,
    ) -> Result<Self, Refusal> {
        let forwards = first.is_some() || after.is_some();
        let backwards = last.is_some() || before.is_some();
        if forwards && backwards {
            return Err(Refusal::Invalid("ask for first/after or for last/before, not for both".into()));
        }
        let asked = if backwards { last } else { first };
        let size = asked.map_or(Ok(USUAL_PAGE), |size| u16::try_from(size).map_err(|_| ()));
        match size {
            Ok(size) if (1..=LARGEST_PAGE).contains(&size) => {
                Ok(Self { size, backwards, cursor: if backwards { before } else { after } })
            }
            _ => Err(Refusal::Invalid(format!(
                "\"{}\" must be from 1 to {LARGEST_PAGE}",
                if backwards { "last" } else { "first" }
            ))),
        }
    }
}

/// A whole question for a list.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Ask {
    /// Which entries.
    pub filter: Filter,
    /// In which order; the key of the entry always comes last, so that every order is total.
    pub order: Vec<Order>,
    /// Which part.
    pub window: Window,
}

/// A part of a list.
#[derive(Debug, Clone)]
pub struct Page<T> {
    /// The rows, in the order asked for, each with the cursor that goes on after it.
    pub rows: Vec<(String, T)>,
    /// Whether the list goes on after the last row.
    pub has_next: bool,
    /// Whether the list has rows before the first one.
    pub has_previous: bool,
}

impl<T> Page<T> {
    /// A page without rows.
    #[must_use]
    pub fn empty() -> Self {
        Self { rows: Vec::new(), has_next: false, has_previous: false }
    }
}

/// The indexes of the page of at most `size` rows after a key, or from the start, in a list that is
/// sorted by `key_of`. Where no row has the key any more, the page begins where that row would be.
/// Asks for the keys of as many rows as a binary search looks at; without `after`, of none.
#[must_use]
pub fn range_after<T>(
    rows: &[T],
    key_of: impl Fn(&T) -> SortKey,
    after: Option<&SortKey>,
    size: u16,
) -> Range<usize> {
    let start = after.map_or(0, |after| rows.partition_point(|row| key_of(row) <= *after));
    start..rows.len().min(start + usize::from(size))
}

#[cfg(test)]
mod tests;
