//! What people do with the register, one function for each thing: open, list, find, search,
//! count.
//!
//! Here the domain meets the database: scopes and filters go down to `store`, numbers come from
//! the facts in memory ([`Replica`]). Nothing here knows SQL, HTTP or GraphQL.
//!
//! Start reading at [`Register::open`], [`Replica`] and [`Reading`].

mod acting;
mod beside;
mod confirming;
mod counting;
mod entries;
mod error;
mod feed;
mod following;
mod latest;
mod maintaining;
mod opening;
mod pinned;
mod populating;
mod proposing;
mod reading;
mod replica;
mod searching;
mod verifying;
mod webhooks;

pub use acting::{Asked, Target};
pub use caunoi_cache::{Answers, Flights, Kept, Memo, Seat, Tag, Weigh};
pub use caunoi_store::{Acted, Confirmation, Objection, Receipt, Repeat};
pub use caunoi_store::{Broken, Verdict, Walked};
pub use caunoi_store::{Engine, Loaded, Parent, ParentKind, Place, Placed, Stored};
pub use caunoi_store::{Handed, ProposalList, Proposed};
pub use caunoi_store::{Held, Settled, Standing, StatementObserver};
pub use caunoi_store::{Hindrance, Maintained, Noted, WriteFault};
pub use confirming::{Confirmed, Unconfirmed};
pub use counting::{Counted, Selection};
pub use error::Error;
pub use feed::{Feed, Since, Told};
pub use latest::Latest;
pub use maintaining::AsRead;
pub use opening::{Opening, Shipment};
pub use populating::Origin;
pub use proposing::Proposing;
pub use reading::{Moment, Reading};
pub use replica::Replica;
pub use searching::{Found, Hit, search_localities};
pub use verifying::verify;
pub use webhooks::{NewWebhook, Unasked};

use arc_swap::ArcSwap;
use caunoi_domain::clock::Clock;
use caunoi_domain::cursor::{Epoch, SealingKey};
use caunoi_domain::date::Day;
use caunoi_domain::id::Log;
use caunoi_store::Store;
use pinned::CountedByScope;
use std::sync::Arc;
use tokio::sync::{Mutex, broadcast, watch};

/// The open register: a database and what this node keeps of it in memory.
pub struct Register {
    store: Store,
    replica: ArcSwap<Replica>,
    /// Held by whoever lets the replica read on.
    following: Mutex<()>,
    moves: watch::Sender<u64>,
    writes: broadcast::Sender<(Log, i64)>,
    counted: CountedByScope,
    sealing_key: SealingKey,
    clock: Arc<dyn Clock>,
}

impl Register {
    /// What this node keeps in memory, as of one state of the logs.
    #[must_use]
    pub fn replica(&self) -> Arc<Replica> {
        self.replica.load_full()
    }

    /// Today in Vietnam.
    #[must_use]
    pub fn today(&self) -> Day {
        self.clock.today()
    }

    /// Now, in microseconds since 1970.
    #[must_use]
    pub fn now_us(&self) -> i64 {
        self.clock.now_us()
    }

    /// The key that seals log cursors, and that others are derived from.
    #[must_use]
    pub fn sealing_key(&self) -> &SealingKey {
        &self.sealing_key
    }

    /// The epoch of the database as this node knows it: in another one, the same positions may have
    /// other changes.
    #[must_use]
    pub fn epoch(&self) -> Epoch {
        self.replica.load().epoch
    }

    /// How many SQL statements were sent for reads since the start.
    #[must_use]
    pub fn statements(&self) -> u64 {
        self.store.statements()
    }

    /// Sets what receives every read that [`Self::statements`] counts, before it is sent; a later
    /// observer is ignored.
    pub fn observe_statements(&self, observer: StatementObserver) {
        self.store.observe_statements(observer);
    }

    /// Which SQL the database speaks.
    #[must_use]
    pub fn engine(&self) -> Engine {
        self.store.engine()
    }

    /// Tells the metrics what changes by itself: the connections to the database.
    pub fn note_metrics(&self) {
        self.store.note_pools();
    }

    /// Whether the database answers.
    ///
    /// # Errors
    /// It does not.
    pub async fn ping(&self) -> Result<(), Error> {
        Ok(self.store.ping().await?)
    }

    /// Why this node cannot vouch for its writes, if it cannot.
    #[must_use]
    pub fn write_faults(&self) -> watch::Receiver<Option<WriteFault>> {
        self.store.write_fault().subscribe()
    }

    /// Tries to write a value and to read it back; where that succeeds, the fault of writes is over.
    ///
    /// # Errors
    /// The value cannot be written or read back.
    pub async fn prove_writes(&self) -> Result<(), Error> {
        Ok(self.store.prove_writes(opening::random()?).await?)
    }

    /// Closes every connection.
    pub async fn close(&self) {
        self.store.close().await;
    }
}

impl std::fmt::Debug for Register {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Register").field("store", &self.store).finish_non_exhaustive()
    }
}
