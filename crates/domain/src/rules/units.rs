//! The rule about units and partner localities and the days on which they existed.

use super::RuleChecker;
use crate::date::{DayRange, FuzzyDate};
use crate::directory::Directory;
use crate::entry::{Common, UnitId};
use crate::place::LocalityId;
use crate::validation::RuleReason;

impl RuleChecker<'_> {
    /// Checks `UNIT_EXISTS` for the owners of an entry that began on this date.
    pub(super) fn check_units_on(&mut self, path: &str, common: &Common, date: Option<&FuzzyDate>) {
        if let Some(date) = date {
            self.check_units_in(path, common, date.edtf(), date.beginning());
        }
    }

    /// Checks `UNIT_EXISTS` for the owners of an entry that began on one of these days, as `on` says.
    pub(super) fn check_units_in(&mut self, path: &str, common: &Common, on: &str, days: DayRange) {
        let units = common.origin_unit.into_iter().chain(common.shared_with.iter().copied());
        for unit in units {
            if let Some(reason) = find_contradiction(self.directory(), unit, on, days) {
                self.note(path, reason);
            }
        }
    }
}

impl RuleChecker<'_> {
    /// Checks `UNIT_EXISTS` for partner localities: none ended before this date.
    pub(super) fn check_partners_on(
        &mut self,
        path: &str,
        partners: impl IntoIterator<Item = LocalityId>,
        date: Option<&FuzzyDate>,
    ) {
        let Some(date) = date else { return };
        for partner in partners {
            let Some(locality) = self.directory().locality(partner) else { continue };
            let last = locality.valid_to.as_ref().and_then(FuzzyDate::latest);
            let ended = last.filter(|last| *last < date.beginning().earliest);
            let reason = ended.map(|last| RuleReason::LocalityGone {
                locality: locality.slug.clone(),
                on: date.edtf().to_owned(),
                ended: last.to_string(),
            });
            if let Some(reason) = reason {
                self.note(path, reason);
            }
        }
    }
}

/// Returns how a unit that existed on none of these days contradicts them. A unit without a known
/// first day may have existed on any day before its end.
fn find_contradiction(directory: &Directory, unit: UnitId, on: &str, days: DayRange) -> Option<RuleReason> {
    let existed = directory.existence(unit)?;
    let slug = directory.unit(unit)?.slug.clone();
    if days.overlaps(existed) {
        return None;
    }
    let on = on.to_owned();
    Some(if days.latest < existed.earliest {
        RuleReason::UnitNotYet { unit: slug, on, begins: existed.earliest.to_string() }
    } else {
        RuleReason::UnitGone { unit: slug, on, ended: existed.latest.to_string() }
    })
}
