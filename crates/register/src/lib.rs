//! The application layer of the register: queries, commands and the read model.
//!
//! Here the domain meets the database: scopes and filters are passed to `store`, and numbers are
//! computed from the facts in memory ([`ReadModel`]). Nothing here depends on SQL, HTTP or GraphQL.
//!
//! Start reading at [`Register::open`], [`ReadModel`] and [`RegisterReader`].

mod access;
mod analytics;
mod bulk_load;
mod cancellation;
mod commands;
mod confirmation;
mod content;
mod countable;
mod counts;
mod doubles;
mod error;
mod feed_reader;
mod files;
mod follower;
mod gate;
mod integrity;
mod latest;
mod past;
mod proposals;
mod read_model;
mod reader;
mod reference_commands;
mod refusals;
mod rule_scan;
mod scope_snapshot;
mod search;
mod snapshot;
mod source_commands;
mod startup;
mod webhook_secrets;
mod webhooks;
mod write_turns;

pub use access::{AccessOutcome, RuleToEnd};
pub use bulk_load::BulkOrigin;
pub use cancellation::{Cancellation, DatabaseWork};
pub use commands::{
    CommandContext, CommandOutcome, CommandReceipt, CommandRefusal, CommandTarget, EntryUpdate,
    MergeableContent, Outcome, ReferenceOutcome, WritableContent,
};
pub use confirmation::ConfirmedPeriod;
pub use content::EntryContent;
pub use countable::Countable;
pub use counts::Selection;
pub use doubles::{DoubleScan, EntryPair, SuspectedDouble};
pub use error::Error;
pub use feed_reader::{FeedChange, FeedPage, FeedQuery};
pub use gate::{Gate, Overloaded, Slot};
pub use integrity::verify;
pub use latest::LatestChanges;
pub use past::{KnownAt, PastState};
pub use proposals::ProposalOutcome;
pub use read_model::ReadModel;
pub use reader::{ReadableContent, RegisterReader};
pub use reference_commands::ReferenceTarget;
pub use rule_scan::{EntryViolations, RuleScan, find_rule_violations};
pub use scope_snapshot::ScopeSnapshot;
pub use search::{Hit, HitItem, SearchPage, searched_province};
pub use startup::{ShippedDataSet, StartupReport};
pub use webhook_secrets::{KeyProblem, SecretUse, reencrypt_secrets, secret_use};
pub use webhooks::{DeliveryRefusal, NewWebhook};

use arc_swap::ArcSwap;
use caunoi_domain::clock::Clock;
use caunoi_domain::cursor::{Epoch, InstallationKey};
use caunoi_domain::date::Day;
use caunoi_domain::id::Log;
use caunoi_domain::quota::WriteLimits;
use caunoi_domain::secret::SecretCipher;
use caunoi_store::{Engine, StatementObserver, Store, WriteFault};
use past::PastStates;
use snapshot::ScopedReadModels;
use std::sync::Arc;
use tokio::sync::{Mutex, broadcast, watch};

/// An open register: the database and the read model of this node.
pub struct Register {
    store: Store,
    read_model: ArcSwap<ReadModel>,
    /// Serialises updates of the read model.
    catch_up_lock: Mutex<()>,
    updates: watch::Sender<u64>,
    access_updates: watch::Sender<u64>,
    writes: broadcast::Sender<(Log, i64)>,
    scoped_models: ScopedReadModels,
    past_states: PastStates,
    refusals: refusals::RefusalCounter,
    /// Lets the provinces write in turns.
    write_gate: Gate<Log>,
    signing_key: InstallationKey,
    write_limits: WriteLimits,
    /// Encrypts the secrets of webhooks; none until it is set.
    cipher: Option<Arc<dyn SecretCipher>>,
    clock: Arc<dyn Clock>,
}

impl Register {
    /// Sets how much authors and provinces may write.
    pub fn set_write_limits(&mut self, limits: WriteLimits) {
        self.write_limits = limits;
    }

    /// Returns the current read model.
    #[must_use]
    pub fn read_model(&self) -> Arc<ReadModel> {
        self.read_model.load_full()
    }

    /// Returns the current day in Vietnam.
    #[must_use]
    pub fn today(&self) -> Day {
        self.clock.today()
    }

    /// Returns the current time in microseconds since 1970.
    #[must_use]
    pub fn now_us(&self) -> i64 {
        self.clock.now_us()
    }

    /// Returns the clock of this process.
    #[must_use]
    pub fn clock(&self) -> &Arc<dyn Clock> {
        &self.clock
    }

    /// Returns the key that signs log cursors and from which other keys are derived.
    #[must_use]
    pub fn signing_key(&self) -> &InstallationKey {
        &self.signing_key
    }

    /// Returns the database epoch known to this node. In another epoch the same positions may
    /// contain other changes.
    #[must_use]
    pub fn epoch(&self) -> Epoch {
        self.read_model.load().epoch
    }

    /// Returns the number of SQL statements sent for reads since the start.
    #[must_use]
    pub fn statements(&self) -> u64 {
        self.store.statements()
    }

    /// Sets the observer that is called before each read that [`Self::statements`] counts. Only the
    /// first call has an effect.
    pub fn observe_statements(&self, observer: StatementObserver) {
        self.store.observe_statements(observer);
    }

    /// Returns the number of reads cancelled since the start because their callers had left.
    #[must_use]
    pub fn cancelled(&self) -> u64 {
        self.store.cancelled()
    }

    /// Returns the database engine.
    #[must_use]
    pub fn engine(&self) -> Engine {
        self.store.engine()
    }

    /// Updates the metrics of the connection pools.
    pub fn update_metrics(&self) {
        self.store.record_pool_metrics();
    }

    /// Checks the connection to the database.
    ///
    /// # Errors
    /// Returns an error if the database does not respond.
    pub async fn ping(&self) -> Result<(), Error> {
        Ok(self.store.ping().await?)
    }

    /// Returns a receiver of the current write fault; `None` while committed writes can be read
    /// back.
    #[must_use]
    pub fn write_faults(&self) -> watch::Receiver<Option<WriteFault>> {
        self.store.write_fault().subscribe()
    }

    /// Writes a value and reads it back. Success clears the write fault.
    ///
    /// # Errors
    /// Returns an error if the value cannot be written or read back.
    pub async fn check_writes(&self) -> Result<(), Error> {
        Ok(self.store.check_writes(startup::random_bytes()?).await?)
    }

    /// Closes all connections.
    pub async fn close(&self) {
        self.store.close().await;
    }
}

impl std::fmt::Debug for Register {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Register").field("store", &self.store).finish_non_exhaustive()
    }
}
