//! The outcome of a command: executed or refused.

use caunoi_domain::change::ChainHash;
use caunoi_domain::entry::Entry;
use caunoi_domain::validation::ValidationError;
use caunoi_store::CommandPosition;
use std::convert::Infallible;

/// The result of a command that was executed.
#[derive(Debug, Clone, PartialEq)]
pub struct CommandReceipt<T> {
    /// What the command wrote, as its author now sees it.
    pub value: T,
    /// The last position that the command wrote in its log.
    pub position: i64,
    /// The link of the change at `position`; `None` if the command was executed before.
    pub link: Option<ChainHash>,
    /// A signed cursor: the positions of all logs after the command.
    pub cursor: String,
}

impl<T> CommandReceipt<T> {
    /// Returns the receipt of a command that is about to be committed.
    pub(crate) fn new(value: T, CommandPosition { change, cursor }: CommandPosition) -> Self {
        Self { value, position: change.position, link: change.link, cursor }
    }

    /// Returns the receipt with another value.
    pub(crate) fn map<U>(self, convert: impl FnOnce(T) -> U) -> CommandReceipt<U> {
        let Self { value, position, link, cursor } = self;
        CommandReceipt { value: convert(value), position, link, cursor }
    }
}

/// Why a command was refused and nothing was written. `E` is the type of the entries in it;
/// commands that are refused for no entry have none.
#[derive(Debug, Clone, PartialEq)]
pub enum CommandRefusal<E = Infallible> {
    /// The author sees no such entry.
    NotFound,
    /// The entry has another version than the author expected; contains the current one.
    Stale(Box<E>),
    /// These entries are similar to the new one.
    Duplicates(Vec<E>),
    /// The idempotency key was used for another request.
    KeyReused,
    /// The input is invalid.
    Invalid(Vec<ValidationError>),
}

/// The outcome of a command, executed or refused.
pub type Outcome<T, E = Infallible> = Result<CommandReceipt<T>, CommandRefusal<E>>;

/// The outcome of a command on an entry.
pub type CommandOutcome<C> = Outcome<Entry<C>, Entry<C>>;

/// The outcome of a command on a row of the reference data.
pub type ReferenceOutcome<R> = Outcome<R>;
