//! The types, rules and statistics of the register.
//!
//! Contains no clock, network, file or SQL: the day and the time are arguments. Every other crate
//! may depend on this one; it depends on none of them.
//!
//! Start reading at [`entry`] (the records that a province publishes), [`directory`] (the
//! reference data for names and links), [`status`] (statuses computed from dated acts) and
//! [`statistics`] (counts and sums of the ministry).

pub mod access;
pub mod admission;
pub mod agreement;
pub mod cache_key;
pub mod change;
pub mod clock;
pub mod collation;
pub mod content_fields;
pub mod cursor;
pub mod data_set;
pub mod date;
pub mod dependency;
pub mod directory;
pub mod display_title;
pub mod draft;
pub mod entry;
pub mod event;
pub mod fact;
pub mod feed;
pub mod figure;
pub mod filter;
pub mod id;
pub mod idempotency;
pub mod instrument;
pub mod lifecycle;
pub mod locale;
pub mod log_clock;
mod mac;
pub mod merge;
pub mod merged_entry;
pub mod occasion;
pub mod organization;
pub mod page;
pub mod participant;
pub mod party;
pub mod place;
pub mod policy;
pub mod programme;
pub mod proposal;
pub mod publication;
pub mod quantity;
pub mod quota;
pub mod quota_kind;
pub mod rate_limit;
pub mod reference;
pub mod refusal;
pub mod relation;
pub mod rules;
pub mod search;
pub mod search_index;
pub mod secret;
pub mod similarity;
pub mod source;
pub mod spelling;
pub mod statistics;
pub mod status;
pub mod text;
pub mod tombstone;
pub mod unit;
pub mod upload;
pub mod validation;
pub mod webhook;
