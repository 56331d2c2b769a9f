//! The owners of an entry that follow from the units that take part in it.

use crate::directory::Directory;
use crate::entry::{Common, LinkedActivity, UnitId};
use crate::id::Log;
use crate::merged_entry::MergedEntry;
use crate::party::Participant;
use std::collections::BTreeSet;

impl Common {
    /// Returns the content's common part with the owners that follow from these participants and from
    /// the merged entries: every unit among them except the unit of origin.
    #[must_use]
    pub(crate) fn with_participants<'a>(
        self,
        participants: impl IntoIterator<Item = &'a Participant>,
    ) -> Self {
        let merged = self.merged.iter().flat_map(MergedEntry::units);
        let mut units: BTreeSet<UnitId> = merged.collect();
        for participant in participants {
            match participant {
                Participant::Unit(unit) => units.insert(*unit),
                Participant::Organization(_) => false,
            };
        }
        let shared_with = units.into_iter().filter(|unit| Some(*unit) != self.origin_unit).collect();
        Self { shared_with, ..self }
    }

    /// Returns the logs of the provinces, other than that of the entry itself, that a further owner
    /// belongs to today.
    #[must_use]
    pub fn shared_logs(&self, own: Log, directory: &Directory) -> BTreeSet<Log> {
        let provinces = self.shared_with.iter().filter_map(|unit| directory.province_of(*unit));
        provinces.map(|province| province.log).filter(|log| *log != own).collect()
    }

    /// Returns an activity of the entry as it counts in the log of each owner. The relation that the
    /// entry names is one of the unit of origin, so a further owner's follows from the partners.
    #[must_use]
    pub fn activity_of_owners(
        &self,
        own: Log,
        linked: &LinkedActivity,
        directory: &Directory,
    ) -> Vec<(Log, LinkedActivity)> {
        let of_unit = |unit: &UnitId| {
            let log = directory.province_of(*unit)?.log;
            Some((log, LinkedActivity { unit: Some(*unit), relation: None, ..linked.clone() }))
        };
        let further = self.shared_with.iter().filter_map(of_unit);
        std::iter::once((own, linked.clone())).chain(further).collect()
    }
}
