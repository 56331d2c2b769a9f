//! Figures that report how many entries of a kind the whole nation has, and what the register lacks
//! of them.

use super::{CountryScope, DEFINITIONS, IndicatorDefinition, Measure, reported_minus_computed};
use crate::directory::Directory;
use crate::entry::EntryKind;
use crate::figure::{Basis, Figure};
use crate::quantity::Quantity;
use crate::statistics::TimeSlice;
use rust_decimal::Decimal;
use rust_decimal::prelude::ToPrimitive as _;

impl IndicatorDefinition {
    /// Returns the indicators that count all entries of a kind.
    pub fn counting_all(kind: EntryKind) -> impl Iterator<Item = &'static Self> {
        DEFINITIONS.iter().filter(move |definition| definition.counts_all(kind))
    }

    /// Returns the definition of a figure that reports how many entries of a kind the whole nation
    /// has for this time: signed in the period, or without a period by a day up to `as_of`. `None`
    /// for any other figure, for targets and for estimates.
    #[must_use]
    pub fn of_national_count(
        figure: &Figure,
        kind: EntryKind,
        time: TimeSlice,
        directory: &Directory,
    ) -> Option<&'static Self> {
        let is_national = figure.common.origin_unit.is_none()
            && figure.organization.is_none()
            && figure.country.is_none()
            && figure.dimensions.is_empty();
        let is_known = figure.common.counts_from.is_none_or(|day| day <= time.as_of);
        let period = time.period.map(|period| (Some(period.first()), Some(period.last())));
        let is_of_time = figure.period.as_ref().map(|stated| (stated.earliest(), stated.latest())) == period;
        let is_meant = is_national && is_known && is_of_time && figure.basis == Basis::Reported;
        let definition = Self::of(&directory.term(figure.indicator)?.code)?;
        (is_meant && definition.counts_all(kind)).then_some(definition)
    }

    fn counts_all(&self, kind: EntryKind) -> bool {
        let is_everywhere = matches!(self.country, CountryScope::All);
        is_everywhere && matches!(self.measure, Measure::Agreements) && kind == EntryKind::Agreement
    }
}

/// Returns how many entries are reported beyond those computed; 0 when as many or more are computed.
/// `None` when one of the numbers is not a single one.
#[must_use]
pub fn reported_beyond_computed(reported: &Quantity, computed: &Quantity) -> Option<u64> {
    reported_minus_computed(reported, computed)?.max(Decimal::ZERO).to_u64()
}
