//! Who may see what: the one place that mints a [`Scope`].

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

/// Kinds of rows that a scope is made of.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Sees {
    /// Published versions alone.
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

    /// What those rows are; whoever reads must answer for each kind of them.
    #[must_use]
    pub fn sees(self) -> Sees {
        self.sees
    }
}
