//! Compressed columns of a segment.
//!
//! A segment contains each distinct value once; a row stores the index of its value, its *code*. So
//! a query evaluates the values, which are few, and each row only looks up the result by its code.

use super::row_selection::SegmentRows;
use std::collections::HashMap;
use std::hash::Hash;

/// Converts to 32 bits. Rows, codes and list items of a segment fit: a segment has thousands.
pub(super) fn index(count: usize) -> u32 {
    u32::try_from(count).unwrap_or(u32::MAX)
}

/// One code per row, in the narrowest integer type that fits the largest code.
#[derive(Debug)]
pub(super) enum Codes {
    /// The same code for all rows; takes no memory per row.
    Same(u32),
    Bytes(Box<[u8]>),
    Shorts(Box<[u16]>),
    Words(Box<[u32]>),
}

impl Codes {
    pub(super) fn new(codes: &[u32]) -> Self {
        let first = codes.first().copied().unwrap_or(0);
        if codes.iter().all(|code| *code == first) {
            return Self::Same(first);
        }
        let narrow = codes.iter().map(|code| u8::try_from(*code)).collect::<Result<_, _>>().map(Self::Bytes);
        let short = || codes.iter().map(|code| u16::try_from(*code)).collect::<Result<_, _>>();
        narrow.or_else(|_| short().map(Self::Shorts)).unwrap_or_else(|_| Self::Words(codes.into()))
    }

    pub(super) fn at(&self, row: usize) -> u32 {
        match self {
            Self::Same(code) => *code,
            Self::Bytes(codes) => codes[row].into(),
            Self::Shorts(codes) => codes[row].into(),
            Self::Words(codes) => codes[row],
        }
    }

    /// Returns the entry of `table` for the code of each of these rows, in row order.
    pub(super) fn look_up<V: Copy>(&self, table: &[V], part: &SegmentRows) -> Vec<V> {
        match self {
            Self::Same(code) => vec![table[*code as usize]; part.len()],
            Self::Bytes(codes) => look_up(codes, table, part),
            Self::Shorts(codes) => look_up(codes, table, part),
            Self::Words(codes) => look_up(codes, table, part),
        }
    }
}

fn look_up<C: Copy + Into<u32>, V: Copy>(codes: &[C], table: &[V], part: &SegmentRows) -> Vec<V> {
    let value = |code: C| table[code.into() as usize];
    match part {
        SegmentRows::All(_) => codes.iter().map(|code| value(*code)).collect(),
        SegmentRows::Listed(rows) => rows.iter().map(|row| value(codes[usize::from(*row)])).collect(),
    }
}

/// A dictionary-encoded column: the distinct values in order of first occurrence, and a code per
/// row.
///
/// Invariant: every value occurs in a row; `row_counts` has the number of its rows.
#[derive(Debug)]
pub(super) struct DictionaryColumn<T> {
    pub(super) values: Box<[T]>,
    pub(super) row_counts: Box<[u32]>,
    pub(super) codes: Codes,
}

impl<T: Clone + Eq + Hash> DictionaryColumn<T> {
    pub(super) fn new(column: impl Iterator<Item = T>) -> Self {
        let mut values: Vec<T> = Vec::new();
        let mut row_counts: Vec<u32> = Vec::new();
        let mut codes: Vec<u32> = Vec::new();
        let mut code_of: HashMap<T, u32> = HashMap::new();
        for value in column {
            // Adjacent rows often have the same value, which saves the lookup.
            let like_the_last = codes.last().copied().filter(|last| values[*last as usize] == value);
            let code = like_the_last.unwrap_or_else(|| {
                *code_of.entry(value).or_insert_with_key(|value| {
                    values.push(value.clone());
                    row_counts.push(0);
                    index(values.len() - 1)
                })
            });
            row_counts[code as usize] += 1;
            codes.push(code);
        }
        Self { values: values.into(), row_counts: row_counts.into(), codes: Codes::new(&codes) }
    }

    pub(super) fn at(&self, row: usize) -> &T {
        &self.values[self.codes.at(row) as usize]
    }
}

/// A column of lists, all in one array. Invariant: no list contains a value twice.
#[derive(Debug)]
pub(super) struct ListColumn<T> {
    /// The end of the list of each row, where the next one begins; `None` when each has one item.
    pub(super) ends: Option<Codes>,
    pub(super) items: DictionaryColumn<T>,
}

impl<T: Copy + Eq + Hash> ListColumn<T> {
    pub(super) fn new(lists: impl Iterator<Item = Vec<T>>) -> Self {
        let (mut ends, mut items) = (Vec::new(), Vec::new());
        for list in lists {
            let start = items.len();
            for item in list {
                if !items[start..].contains(&item) {
                    items.push(item);
                }
            }
            ends.push(index(items.len()));
        }
        let is_single = ends.iter().zip(1..).all(|(end, count)| *end == count);
        let ends = (!is_single).then(|| Codes::new(&ends));
        Self { ends, items: DictionaryColumn::new(items.into_iter()) }
    }

    /// Returns the values of one row, each once.
    pub(super) fn of(&self, row: usize) -> impl Iterator<Item = T> {
        self.range(row).map(|item| *self.items.at(item))
    }

    fn range(&self, row: usize) -> std::ops::Range<usize> {
        range(self.ends.as_ref(), row)
    }
}

/// Returns the range of the items of a row.
pub(super) fn range(ends: Option<&Codes>, row: usize) -> std::ops::Range<usize> {
    let Some(ends) = ends else { return row..row + 1 };
    let start = row.checked_sub(1).map_or(0, |before| ends.at(before));
    start as usize..ends.at(row) as usize
}

/// Ascending numbers, stored as offsets from the first one.
#[derive(Debug)]
pub(super) struct AscendingNumbers {
    first: i32,
    beyond: Codes,
}

impl AscendingNumbers {
    pub(super) fn new(numbers: impl Iterator<Item = i32>) -> Self {
        let numbers: Vec<i32> = numbers.collect();
        let first = numbers.first().copied().unwrap_or(0);
        let beyond: Vec<u32> =
            numbers.iter().map(|number| number.wrapping_sub(first).cast_unsigned()).collect();
        Self { first, beyond: Codes::new(&beyond) }
    }

    pub(super) fn at(&self, row: usize) -> i32 {
        self.first.wrapping_add(self.beyond.at(row).cast_signed())
    }

    /// Returns whether one of the first `rows` rows has this number; a binary search.
    pub(super) fn contains(&self, number: i32, rows: usize) -> bool {
        let (mut start, mut end) = (0, rows);
        while start < end {
            let middle = start.midpoint(end);
            if self.at(middle) < number { start = middle + 1 } else { end = middle }
        }
        start < rows && self.at(start) == number
    }
}
