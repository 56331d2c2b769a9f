//! The names that a search in the directory compares, normalized once.

use super::{Directory, Reference};
use crate::entry::Entry;
use crate::locale::Locale;
use crate::organization::Organization;
use crate::place::Locality;
use crate::search::Name;
use crate::unit::AdminUnit;

/// Normalized names for searches, in the order of the lists of [`Reference`].
#[derive(Debug, Default)]
pub(super) struct SearchNames {
    units: Vec<Vec<Name>>,
    localities: Vec<Vec<Name>>,
    organizations: Vec<Vec<Name>>,
}

impl SearchNames {
    /// Normalizes the names of the reference data.
    pub(super) fn of(reference: &Reference) -> Self {
        let organizations = reference.organizations.iter();
        Self {
            units: reference.units.iter().map(unit_names).collect(),
            localities: reference.localities.iter().map(locality_names).collect(),
            organizations: organizations.map(|entry| organization_names(&entry.content)).collect(),
        }
    }
}

impl Directory {
    /// Returns each unit with all names that it has or had, for searches.
    pub fn named_units(&self) -> impl Iterator<Item = (&AdminUnit, &[Name])> {
        self.units().iter().zip(self.names.units.iter().map(Vec::as_slice))
    }

    /// Returns each locality with all its names and aliases, for searches.
    pub fn named_localities(&self) -> impl Iterator<Item = (&Locality, &[Name])> {
        self.localities().iter().zip(self.names.localities.iter().map(Vec::as_slice))
    }

    /// Returns each organization with its names and abbreviation, for searches.
    pub fn named_organizations(&self) -> impl Iterator<Item = (&Entry<Organization>, &[Name])> {
        self.organizations().iter().zip(self.names.organizations.iter().map(Vec::as_slice))
    }
}

fn distinct_names<'a>(shown: impl Iterator<Item = &'a str>) -> Vec<Name> {
    let mut seen: Vec<&str> = Vec::new();
    for name in shown.filter(|name| !name.is_empty()) {
        if !seen.contains(&name) {
            seen.push(name);
        }
    }
    seen.into_iter().map(Name::new).collect()
}

fn unit_names(unit: &AdminUnit) -> Vec<Name> {
    distinct_names(
        unit.designations
            .iter()
            .flat_map(|designation| Locale::ALL.into_iter().map(|locale| designation.name.in_locale(locale))),
    )
}

fn locality_names(locality: &Locality) -> Vec<Name> {
    distinct_names(
        Locale::ALL
            .into_iter()
            .map(|locale| locality.name.in_locale(locale))
            .chain(locality.native_name.as_deref())
            .chain(locality.aliases.iter().map(|alias| alias.name.as_str())),
    )
}

fn organization_names(organization: &Organization) -> Vec<Name> {
    distinct_names(
        Locale::ALL
            .into_iter()
            .map(|locale| organization.name.in_locale(locale))
            .chain(organization.abbreviation.as_deref()),
    )
}
