//! What comes into the register in bulk: the shape of a table, the data that is shipped with the
//! program, and synthetic entries for load tests.
//!
//! Nothing here touches a database, a network or the file system: texts come in, checked values
//! or flaws with file, line and column go out. Every rule on content is the domain's; this crate
//! only says which column means what.
//!
//! Start reading at [`table`] (one CSV text), then [`shipped`] (all of them together).

pub mod shipped;
pub mod synthetic;
pub mod table;
