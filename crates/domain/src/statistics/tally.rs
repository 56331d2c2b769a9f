//! The numbers that every slice of the register has.

use super::{Facts, Lens, QuantityKey};
use crate::date::{Day, UNDATED_FIRST, UNDATED_LAST};
use crate::entry::EntryKind;
use crate::filter::{DateField, FactView};
use crate::quantity::Quantity;
use crate::status;

/// The numbers of one slice.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Tally {
    /// How many entries.
    pub count: u64,
    /// How many of them stand on the day asked for; none for kinds without a status.
    pub in_force: Option<u64>,
    /// The earliest day that a first date may mean; undated entries and open sides say nothing.
    pub earliest: Option<Day>,
    /// The latest day that a first date may mean; undated entries and open sides say nothing.
    pub latest: Option<Day>,
}

impl Facts {
    /// The numbers of these rows of [`Facts::select`].
    #[must_use]
    pub fn tally(&self, rows: &[u32], lens: &Lens<'_>) -> Tally {
        let day = lens.day();
        let has_status = matches!(self.kind(), EntryKind::Relation | EntryKind::Agreement);
        let mut in_force = 0;
        let (mut earliest, mut latest) = (None, None);
        for row in rows {
            let row = self.row(*row);
            let stands = |status: status::Status| status.is_in_force();
            in_force += u64::from(has_status && status::on(row.spans(), day).is_some_and(stands));
            let first = row.date(DateField::First);
            if first.earliest != UNDATED_FIRST {
                earliest = Some(earliest.map_or(first.earliest, |day: Day| day.min(first.earliest)));
            }
            if first.latest != UNDATED_LAST {
                latest = latest.max(Some(first.latest));
            }
        }
        let count = rows.len() as u64;
        Tally { count, in_force: has_status.then_some(in_force), earliest, latest }
    }

    /// The sum over these rows of [`Facts::select`], with the bounds that all of its members have.
    /// None where no row has such a quantity, and where they are not of one unit and currency.
    #[must_use]
    pub fn sum(&self, rows: &[u32], key: QuantityKey) -> Option<Quantity> {
        let quantities = || rows.iter().filter_map(|row| self.quantity(*row as usize, key));
        quantities().next()?;
        let sum = Quantity::sum(quantities());
        // A sum without unit that has a member with one has members of several.
        let is_mixed = sum.unit.is_empty() && quantities().any(|quantity| !quantity.unit.is_empty());
        (!is_mixed).then_some(sum)
    }
}
