//! Answers that may be given again: what they were made from, how long they hold, and by what
//! they are found.
//!
//! While an answer is made, [`Reads`] notes whose logs it reads. Together with the state that
//! these logs had before, that is its [`Basis`]: as long as none of them has moved, the same
//! question has the same answer. Nothing is ever guessed or told to be forgotten.

mod basis;
mod key;
mod reads;

pub use basis::{Basis, Standing};
pub use key::{AnswerKey, Asker, KeyMaker};
pub use reads::Reads;

#[cfg(test)]
mod tests;
