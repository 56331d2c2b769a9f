//! Every SQL statement of the register, on SQLite and PostgreSQL alike.
//!
//! Nothing here decides: filters, orders and scopes come from `domain` and are turned into SQL,
//! rows come back as domain values. No question of an actor is answered without a [`Scope`]; a
//! node's own replica holds what is published. Entries and reference data are saved in no other
//! way than by the one transaction that also moves the head of a log and appends to it
//! ([`write`]).
//!
//! Start reading at [`list`] (one question, one statement), [`condition`] (a filter as SQL) and
//! [`write`] (the one way to save). The schema lives in the crate `migrations`.
//!
//! [`Scope`]: caunoi_domain::policy::Scope

mod acting;
mod activity;
mod changes;
mod children;
mod condition;
mod connect;
mod epoch;
mod error;
mod facts;
mod filing;
mod find;
mod fit;
mod following;
mod heads;
mod insert;
mod installation;
mod latest;
mod list;
mod load;
mod migrate;
mod pools;
mod populating;
mod proposal;
mod read_view;
mod readback;
mod reference;
mod renaming;
mod row;
mod search;
mod statement;
mod table;
mod transaction;
mod unanswered;
mod verify;
mod webhook;
mod write;

pub use acting::{Acted, Confirmation, Decision, Intent, Objection, OtherInput, Receipt, Repeat};
pub use changes::{Placed, Stretch};
pub use children::{Parent, ParentKind};
pub use connect::{Engine, Place, Store};
pub use error::StoreError;
pub use facts::Snapshot;
pub use fit::Unfit;
pub use following::{Followed, Moved};
pub use heads::LogHeads;
pub use installation::Installation;
pub use latest::Ends;
pub use load::{Loaded, Over};
pub use migrate::NewerDatabase;
pub use populating::Populating;
pub use proposal::{Handed, ProposalList, Proposed};
pub use read_view::ReadView;
pub use readback::{ChangeRef, WriteFault};
pub use reference::{Hindrance, Maintained, Noted, ReferenceRow, Rewrite};
pub use statement::StatementObserver;
pub use table::{Child, Columns, Stored};
pub use verify::{Broken, Verdict, Walked};
pub use webhook::{Held, Settled, Standing};
