//! Every SQL statement of the register, on SQLite and PostgreSQL.
//!
//! No rules of the domain live here: filters, orders and scopes come from `domain` and are
//! translated to SQL, and rows are returned as domain values. Every read for an actor takes a
//! [`Scope`]; the read model of a node holds what is published. Entries and reference data are
//! saved only by the transaction that also appends a change to a log and moves its head
//! ([`mod@write`]).
//!
//! Start reading at [`list`] (one page, one statement), [`condition`] (a filter as SQL) and
//! [`mod@write`] (the only way to save). The schema lives in the crate `migrations`; [`entity`]
//! describes the tables that it leaves.
//!
//! [`Scope`]: caunoi_domain::policy::Scope

mod access_rule;
mod activity;
mod bulk_load;
mod catch_up;
mod changes;
mod children;
mod column;
mod commands;
mod condition;
mod connect;
pub mod entity;
mod epoch;
mod error;
mod facts;
mod file;
mod filing;
mod find;
mod heads;
mod insert;
mod installation;
mod kept;
mod latest;
mod list;
mod load;
mod migrate;
mod name_refresh;
mod packed_rows;
mod past;
mod pools;
mod proposal;
mod published;
mod read_view;
mod readback;
mod reference;
mod refusal;
mod row;
mod search;
mod server_check;
mod start_retry;
mod statement;
mod table;
mod task;
mod transaction;
mod verify;
mod webhook;
mod withdrawal;
mod write;

pub use bulk_load::BulkLoad;
pub use catch_up::{CatchUpOutcome, ReadModelDelta};
pub use changes::ChangeQuery;
pub use column::Table;
pub use commands::{CommandPosition, CommandTransaction, ContentPlace, RecordedResponse, WriteContext};
pub use connect::{DatabaseLocation, Engine, Store};
pub use error::StoreError;
pub use facts::Snapshot;
pub use heads::LogHeads;
pub use insert::TableRow;
pub use installation::Installation;
pub use latest::LatestChangesQuery;
pub use load::{LoadBase, LoadReport};
pub use migrate::NewerDatabase;
pub use past::PastSnapshot;
pub use read_view::ReadView;
pub use readback::{ChangeRef, WriteFault};
pub use reference::{ReferenceRow, ReferenceUpdate};
pub use server_check::Unfit;
pub use statement::StatementObserver;
pub use table::{EntryTables, StoredContent};
pub use task::join_task;
pub use verify::{IntegrityReport, IntegrityResult, Violation};
pub use webhook::{AttemptRecord, StoredSecrets, WebhookLease, WebhookStatus};
