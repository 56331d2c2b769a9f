//! The rows that a filter took.

/// Which rows of some [`super::Facts`] are meant, in their order.
///
/// Where a filter takes all rows of a chunk, as most do of most chunks, none of them is listed.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Rows {
    parts: Vec<Part>,
    len: usize,
}

/// Which rows of one chunk are meant.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Part {
    /// All of them; there are so many.
    All(usize),
    /// These, rising.
    These(Vec<u16>),
}

impl Part {
    pub(super) fn len(&self) -> usize {
        match self {
            Self::All(count) => *count,
            Self::These(rows) => rows.len(),
        }
    }

    /// The rows, counted from the first one of the chunk.
    pub(super) fn iter(&self) -> impl Iterator<Item = usize> {
        let (all, these): (usize, &[u16]) = match self {
            Self::All(count) => (*count, &[]),
            Self::These(rows) => (0, rows),
        };
        (0..all).chain(these.iter().map(|row| usize::from(*row)))
    }
}

impl Rows {
    pub(super) fn new(parts: Vec<Part>) -> Self {
        let len = parts.iter().map(Part::len).sum();
        Self { parts, len }
    }

    /// How many rows are meant.
    #[must_use]
    pub fn len(&self) -> usize {
        self.len
    }

    /// Whether none is meant.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.len == 0
    }

    /// One part for each chunk, in their order.
    pub(super) fn parts(&self) -> &[Part] {
        &self.parts
    }
}
