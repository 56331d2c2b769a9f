//! What comes into the register from files: the shape of a table, and the data that is shipped
//! with the program.
//!
//! Nothing here touches a database, a network or the file system: texts come in, checked values
//! or flaws with file, line and column go out. Every rule on content is the domain's; this crate
//! only says which column means what.
//!
//! Start reading at [`table`] (one CSV text), then [`shipped`] (all of them together).

pub mod shipped;
pub mod table;
