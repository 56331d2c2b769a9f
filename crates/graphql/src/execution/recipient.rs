//! Who reads the errors of a request.

use super::RequestHead;
use caunoi_domain::locale::Locale;

/// The reader of the errors of a request: its id and its language.
#[derive(Debug, Clone)]
pub(crate) struct Recipient {
    /// The id in errors and log lines.
    pub(crate) request_id: String,
    /// The language of messages.
    pub(crate) locale: Locale,
}

impl Recipient {
    /// Returns the recipient of a request with this head.
    pub(crate) fn of(head: RequestHead<'_>) -> Self {
        Self::new(head.request_id, head.languages)
    }

    /// Returns the recipient of a request with this `Accept-Language`.
    pub(crate) fn new(request_id: &str, languages: Option<&str>) -> Self {
        let locale = Locale::from_accept_language(languages.unwrap_or_default());
        Self { request_id: request_id.to_owned(), locale }
    }
}
