//! Who may see what: the one place that mints a [`Scope`].

use crate::entry::Publication;
use crate::id::Log;

/// Who calls, after the token is checked.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Actor {
    /// Nobody in particular.
    Public,
}

/// The rows that an actor may see. There is no read without one, and only this module makes it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub struct Scope {
    sees: Sees,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
enum Sees {
    Published,
}

impl Scope {
    /// The rows that this actor may see.
    #[must_use]
    pub fn of(actor: Actor) -> Self {
        match actor {
            Actor::Public => Self { sees: Sees::Published },
        }
    }

    /// Whether an entry of this log in this state may be seen.
    #[must_use]
    pub fn shows(self, _log: Log, publication: Publication) -> bool {
        match self.sees {
            Sees::Published => publication == Publication::Published,
        }
    }
}
