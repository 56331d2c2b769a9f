//! Selected rows of [`super::Facts`].

/// The rows of some [`super::Facts`] that a filter selects, in their order.
///
/// When a filter selects a whole segment, which is the usual case, its rows are not listed.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct RowSelection {
    parts: Vec<SegmentRows>,
    len: usize,
}

/// The selected rows of one segment.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum SegmentRows {
    /// All rows, and their number.
    All(usize),
    /// These rows, ascending.
    Listed(Vec<u16>),
}

impl SegmentRows {
    pub(super) fn len(&self) -> usize {
        match self {
            Self::All(count) => *count,
            Self::Listed(rows) => rows.len(),
        }
    }

    /// Returns the row numbers within the segment.
    pub(super) fn iter(&self) -> impl Iterator<Item = usize> {
        let (all, these): (usize, &[u16]) = match self {
            Self::All(count) => (*count, &[]),
            Self::Listed(rows) => (0, rows),
        };
        (0..all).chain(these.iter().map(|row| usize::from(*row)))
    }
}

impl RowSelection {
    pub(super) fn new(parts: Vec<SegmentRows>) -> Self {
        let len = parts.iter().map(SegmentRows::len).sum();
        Self { parts, len }
    }

    /// Returns the number of selected rows.
    #[must_use]
    pub fn len(&self) -> usize {
        self.len
    }

    /// Returns whether no row is selected.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.len == 0
    }

    /// Returns the selected rows of each segment, in the order of the segments.
    pub(super) fn parts(&self) -> &[SegmentRows] {
        &self.parts
    }
}
