//! The words, rules and statistics of the register: what things are called, what is allowed,
//! what follows from what.
//!
//! Nothing here knows a clock, a network, a file or SQL: the day and the time come in as
//! arguments. Everybody may name this crate, and it names nobody.
//!
//! Start reading at [`entry`] (what a province publishes), [`directory`] (the reference data
//! that names and links come from), [`status`] (how a state follows from dated acts) and
//! [`statistics`] (how the ministry counts).

pub mod agreement;
pub mod answer;
pub mod change;
pub mod clock;
pub mod collation;
pub mod cursor;
pub mod data_set;
pub mod date;
pub mod directory;
pub mod draft;
pub mod entry;
pub mod event;
pub mod fact;
pub mod feed;
pub mod figure;
pub mod filter;
pub mod id;
pub mod instrument;
pub mod likeness;
pub mod locale;
pub mod organization;
pub mod page;
pub mod place;
pub mod policy;
pub mod programme;
pub mod proposal;
pub mod publication;
pub mod quantity;
pub mod reference;
pub mod refusal;
pub mod relation;
pub mod search;
pub mod statistics;
pub mod status;
pub mod text;
pub mod unit;
pub mod webhook;
