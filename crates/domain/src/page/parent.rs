//! The parents of child lists.

use crate::filter::{Filter, Predicate};
use crate::id::Log;
use crate::place::LocalityId;

/// The parent of a list of entries.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Parent {
    /// A province: its entries, also those that others share with it.
    Log(Log),
    /// A locality: the entries with this partner.
    Locality(LocalityId),
    /// A relation: the entries of a province with a partner.
    Relation(Log, LocalityId),
}

/// The kind of a parent; all parents of one query have the same kind.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum ParentKind {
    /// [`Parent::Log`].
    Log,
    /// [`Parent::Locality`].
    Locality,
    /// [`Parent::Relation`].
    Relation,
}

impl Parent {
    /// Returns the kind of the parent.
    #[must_use]
    pub fn kind(self) -> ParentKind {
        match self {
            Self::Log(_) => ParentKind::Log,
            Self::Locality(_) => ParentKind::Locality,
            Self::Relation(..) => ParentKind::Relation,
        }
    }

    /// Returns the filter that selects the entries under the parent.
    #[must_use]
    pub fn filter(self) -> Filter {
        let locality = |locality| Filter::Is(Predicate::Locality(vec![locality]));
        match self {
            Self::Log(of) => Filter::Is(Predicate::Owner(vec![of])),
            Self::Locality(of) => locality(of),
            Self::Relation(of, with) => {
                Filter::All(vec![Filter::Is(Predicate::Log(vec![of])), locality(with)])
            }
        }
    }
}
