//! The texts that people read, in Vietnamese and English: messages of errors, labels, titles of the
//! feed, failures of the command line.
//!
//! The texts are in `locales/*.ftl` (Project Fluent), compiled in. Callers name a text by a value of
//! an enum, whose fields are its parameters; ids of messages never leave this crate. Tests require
//! that both files have a text for each value, with the same parameters, and no other text.
//!
//! Start reading at [`message`].

mod api;
mod catalogue;
mod display_title;
mod feed;
mod file;
mod http;
mod label;
mod mutation;
mod operator;
mod operator_locale;
#[cfg(test)]
mod tests;

pub use api::{ApiText, EntryList, KeyUse};
pub use display_title::{DisplayTitle, display_title};
pub use feed::{EntryNoun, FeedText};
pub use file::FileText;
pub use http::HttpText;
pub use label::{inconsistency, label};
pub use mutation::MutationText;
pub use operator::OperatorText;
pub use operator_locale::operator_locale;

use caunoi_domain::locale::Locale;
use caunoi_domain::policy::Denied;
use caunoi_domain::validation::Reason;

/// Returns the message of a reason: one or more sentences.
#[must_use]
pub fn message(reason: &Reason, locale: Locale) -> String {
    catalogue::text("reason", reason, locale)
}

/// Returns the message of a denied action: one sentence.
#[must_use]
pub fn denied(denied: Denied, locale: Locale) -> String {
    ApiText::from(denied).text(locale)
}
