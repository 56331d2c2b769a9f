//! Errors in a configuration.

use caunoi_domain::locale::Locale;
use caunoi_texts::OperatorText;

/// An error in the configuration, or the reason why one value is refused. An error names the key and
/// its origin, and never quotes a secret. It is displayed in English, for tests.
#[derive(Debug, thiserror::Error)]
#[error("{}", self.text(Locale::En))]
pub(crate) struct ConfigError(pub(super) OperatorText);

impl ConfigError {
    /// Returns the text for the operator, in one line.
    pub(crate) fn text(&self, locale: Locale) -> String {
        self.0.text(locale).split_whitespace().collect::<Vec<_>>().join(" ")
    }
}

impl From<OperatorText> for ConfigError {
    fn from(text: OperatorText) -> Self {
        Self(text)
    }
}
