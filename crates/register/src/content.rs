//! The contents of entries, as the callers of the register name them.

use crate::commands::WritableContent;
use crate::reader::ReadableContent;

/// A content that the register stores. Every content with a table implements it; its callers need
/// not know the tables.
pub trait EntryContent: ReadableContent + WritableContent {}

impl<C: ReadableContent + WritableContent> EntryContent for C {}
