//! Bulk input of the register: CSV tables, the data set shipped with the program, and synthetic
//! entries for load tests.
//!
//! Nothing here uses a database, a network or the file system: the input is text, the output is
//! valid values or flaws with file, line and column. The rules for content belong to the domain;
//! this crate only maps columns to fields.
//!
//! Start reading at [`table`] (one CSV text), then [`shipped`] (all of them together).

pub mod shipped;
pub mod synthetic;
pub mod table;
