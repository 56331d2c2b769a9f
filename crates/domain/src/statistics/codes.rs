//! Ways to keep one value of many facts in few bytes.
//!
//! Every value is kept once for a chunk; a row has its place among them, its *code*. So a question
//! is put to the values, which are few, and each row only looks up the answer by its code.

use super::rows::Part;
use std::collections::HashMap;
use std::hash::Hash;

/// Rows, codes and list items of a chunk are counted in 32 bits: a chunk has thousands.
pub(super) fn index(count: usize) -> u32 {
    u32::try_from(count).unwrap_or(u32::MAX)
}

/// One small number for each row, as narrow as the largest one allows.
#[derive(Debug)]
pub(super) enum Codes {
    /// The same for all rows, which takes no bytes.
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

    /// What a table has for the codes of these rows, in their order.
    pub(super) fn look_up<V: Copy>(&self, table: &[V], part: &Part) -> Vec<V> {
        match self {
            Self::Same(code) => vec![table[*code as usize]; part.len()],
            Self::Bytes(codes) => look_up(codes, table, part),
            Self::Shorts(codes) => look_up(codes, table, part),
            Self::Words(codes) => look_up(codes, table, part),
        }
    }
}

fn look_up<C: Copy + Into<u32>, V: Copy>(codes: &[C], table: &[V], part: &Part) -> Vec<V> {
    let value = |code: C| table[code.into() as usize];
    match part {
        Part::All(_) => codes.iter().map(|code| value(*code)).collect(),
        Part::These(rows) => rows.iter().map(|row| value(codes[usize::from(*row)])).collect(),
    }
}

/// A column: its different values in the order in which they came, and a code for each row.
///
/// Invariant: every value is that of a row; its weight is the number of such rows.
#[derive(Debug)]
pub(super) struct Coded<T> {
    pub(super) values: Box<[T]>,
    pub(super) weights: Box<[u32]>,
    pub(super) codes: Codes,
}

impl<T: Clone + Eq + Hash> Coded<T> {
    pub(super) fn new(column: impl Iterator<Item = T>) -> Self {
        let mut values: Vec<T> = Vec::new();
        let mut weights: Vec<u32> = Vec::new();
        let mut codes: Vec<u32> = Vec::new();
        let mut code_of: HashMap<T, u32> = HashMap::new();
        for value in column {
            // Neighbours often agree, and then nothing has to be looked up.
            let like_the_last = codes.last().copied().filter(|last| values[*last as usize] == value);
            let code = like_the_last.unwrap_or_else(|| {
                *code_of.entry(value).or_insert_with_key(|value| {
                    values.push(value.clone());
                    weights.push(0);
                    index(values.len() - 1)
                })
            });
            weights[code as usize] += 1;
            codes.push(code);
        }
        Self { values: values.into(), weights: weights.into(), codes: Codes::new(&codes) }
    }

    pub(super) fn at(&self, row: usize) -> &T {
        &self.values[self.codes.at(row) as usize]
    }
}

/// A list for each row, all in one array. Invariant: no list has a value twice.
#[derive(Debug)]
pub(super) struct Lists<T> {
    /// Where the list of each row ends and the next one begins; none where each has one item.
    pub(super) ends: Option<Codes>,
    pub(super) items: Coded<T>,
}

impl<T: Copy + Eq + Hash> Lists<T> {
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
        Self { ends, items: Coded::new(items.into_iter()) }
    }

    /// The values of one row, each once.
    pub(super) fn of(&self, row: usize) -> impl Iterator<Item = T> {
        self.range(row).map(|item| *self.items.at(item))
    }

    fn range(&self, row: usize) -> std::ops::Range<usize> {
        range(self.ends.as_ref(), row)
    }
}

/// Where the items of a row stand.
pub(super) fn range(ends: Option<&Codes>, row: usize) -> std::ops::Range<usize> {
    let Some(ends) = ends else { return row..row + 1 };
    let start = row.checked_sub(1).map_or(0, |before| ends.at(before));
    start as usize..ends.at(row) as usize
}

/// Numbers that rise from row to row, as what they add to the first one.
#[derive(Debug)]
pub(super) struct Rising {
    first: i32,
    beyond: Codes,
}

impl Rising {
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
}
