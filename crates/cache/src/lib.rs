//! Answers that may be given again, and what nodes share beside the database by Redis: those
//! answers and wake-ups.
//!
//! Nothing here is ever the truth: all of it may be lost at any moment, and the register answers
//! the same without it, only later. No SQL, no GraphQL, no HTTP.
//!
//! Start reading at [`Answers`] and [`Wakes`].

mod answers;
mod flights;
mod kept;
mod link;
mod memo;
mod shared;
mod wakes;

pub use answers::{Answers, Keeping};
pub use flights::{Flights, Seat};
pub use kept::{Kept, Tag};
pub use link::{Link, Unusable};
pub use memo::{Memo, Weigh};
pub use shared::SharedAnswers;
pub use wakes::Wakes;
