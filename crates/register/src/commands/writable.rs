//! The transactions on entries, compiled in this crate once for each kind of content.

use super::entry_transaction::{self, Decide, EntryVersion, NewEntry};
use super::merge_transaction::{self, MergeTargets};
use super::outcome::CommandOutcome;
use caunoi_domain::agreement::Agreement;
use caunoi_domain::event::Event;
use caunoi_domain::figure::Figure;
use caunoi_domain::instrument::Instrument;
use caunoi_domain::merge::Mergeable;
use caunoi_domain::organization::Organization;
use caunoi_domain::programme::Programme;
use caunoi_domain::relation::Relation;
use caunoi_domain::rules::Ruled;
use caunoi_store::{Store, StoreError, StoredContent, WriteContext};
use futures_util::future::BoxFuture;

/// The transaction of a command on an entry, which begins when it is polled.
pub(super) type CommandFuture<'a, C> = BoxFuture<'a, Result<CommandOutcome<C>, StoreError>>;

/// A content whose entries commands write. The functions are not generic, for the reason given at
/// [`crate::reader::ReadableContent`].
pub trait WritableContent: StoredContent + Ruled {
    /// Creates a draft.
    fn create<'a>(
        store: &'a Store,
        context: &'a WriteContext<'a>,
        new: NewEntry<Self>,
    ) -> CommandFuture<'a, Self>;

    /// Executes a command on a version.
    fn change<'a>(
        store: &'a Store,
        context: &'a WriteContext<'a>,
        version: EntryVersion,
        decide: Decide<'a, Self>,
    ) -> CommandFuture<'a, Self>;
}

macro_rules! writable_contents {
    ($($content:ty),+) => {$(
        impl WritableContent for $content {
            fn create<'a>(
                store: &'a Store,
                context: &'a WriteContext<'a>,
                new: NewEntry<Self>,
            ) -> CommandFuture<'a, Self> {
                Box::pin(entry_transaction::create(store, context, new))
            }

            fn change<'a>(
                store: &'a Store,
                context: &'a WriteContext<'a>,
                version: EntryVersion,
                decide: Decide<'a, Self>,
            ) -> CommandFuture<'a, Self> {
                Box::pin(entry_transaction::change(store, context, version, decide))
            }
        }
    )+};
}

/// A content whose entries can be merged.
pub trait MergeableContent: WritableContent + Mergeable {
    /// Merges entries into one.
    fn merge<'a>(
        store: &'a Store,
        context: &'a WriteContext<'a>,
        targets: MergeTargets,
    ) -> CommandFuture<'a, Self>;

    /// Undoes the merge of an entry.
    fn unmerge<'a>(
        store: &'a Store,
        context: &'a WriteContext<'a>,
        version: EntryVersion,
    ) -> CommandFuture<'a, Self>;
}

macro_rules! mergeable_contents {
    ($($content:ty),+) => {$(
        impl MergeableContent for $content {
            fn merge<'a>(
                store: &'a Store,
                context: &'a WriteContext<'a>,
                targets: MergeTargets,
            ) -> CommandFuture<'a, Self> {
                Box::pin(merge_transaction::merge(store, context, targets))
            }

            fn unmerge<'a>(
                store: &'a Store,
                context: &'a WriteContext<'a>,
                version: EntryVersion,
            ) -> CommandFuture<'a, Self> {
                Box::pin(merge_transaction::unmerge(store, context, version))
            }
        }
    )+};
}

mergeable_contents!(Agreement, Event);
writable_contents!(Relation, Agreement, Organization, Event, Programme, Figure, Instrument);
