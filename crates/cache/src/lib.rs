//! What nodes share beside the database, by Redis: wake-ups.
//!
//! Nothing here is ever the truth: all of it may be lost at any moment, and the register answers
//! the same without it, only later. No SQL, no GraphQL, no HTTP.
//!
//! Start reading at [`Wakes`].

mod wakes;

pub use wakes::{Unusable, Wakes};
