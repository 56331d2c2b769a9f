//! Errors in a configuration.

use std::{fmt, io, path::PathBuf};

use caunoi_domain::locale::Locale;
use caunoi_texts::OperatorText;

use super::{ConfigKey, origin::ValueOrigin};

/// An error in the configuration. The text is one line, names the key and its origin, and never
/// quotes a secret.
#[derive(Debug)]
pub(crate) enum ConfigError {
    Unreadable { path: PathBuf, origin: ValueOrigin, source: io::Error },
    NotToml { path: PathBuf, line: usize, why: String },
    UnknownKey { path: PathBuf, name: String },
    NotText { path: PathBuf, name: &'static str },
    UnknownVariable { name: String },
    SetTwice { one: String, other: String },
    NotUnicode { name: String },
    Empty { key: &'static str, origin: ValueOrigin },
    Value { key: &'static str, origin: ValueOrigin, why: Box<OperatorText> },
    Half { given: &'static str, origin: ValueOrigin, missing: &'static str },
    Missing { key: &'static str },
}

impl ConfigError {
    /// Returns the text for the operator.
    pub(crate) fn text(&self, locale: Locale) -> String {
        self.operator_text().text(locale)
    }

    fn operator_text(&self) -> OperatorText {
        match self {
            Self::Unreadable { path, origin, source } => OperatorText::FileUnreadable {
                path: path.display().to_string(),
                origin: origin.to_string(),
                error: source.to_string(),
            },
            Self::NotToml { path, line, why } => {
                OperatorText::NotToml { path: path.display().to_string(), line: *line, error: why.clone() }
            }
            Self::UnknownKey { path, name } => OperatorText::UnknownKey {
                path: path.display().to_string(),
                name: name.clone(),
                known: known_keys(),
            },
            Self::NotText { path, name } => {
                OperatorText::NotQuoted { path: path.display().to_string(), name: (*name).to_owned() }
            }
            Self::UnknownVariable { name } => {
                OperatorText::UnknownVariable { name: name.clone(), known: known_variables() }
            }
            Self::SetTwice { one, other } => {
                OperatorText::SetTwice { one: one.clone(), other: other.clone() }
            }
            Self::NotUnicode { name } => OperatorText::NotUnicode { name: name.clone() },
            Self::Empty { key, origin } => {
                OperatorText::ValueEmpty { key: (*key).to_owned(), origin: origin.to_string() }
            }
            Self::Value { key, origin, why } => {
                let (key, origin) = ((*key).to_owned(), origin.to_string());
                OperatorText::ValueInvalid { key, origin, why: why.clone() }
            }
            Self::Half { given, origin, missing } => OperatorText::HalfSet {
                given: (*given).to_owned(),
                origin: origin.to_string(),
                missing: (*missing).to_owned(),
            },
            Self::Missing { key } => OperatorText::NotSet { key: (*key).to_owned() },
        }
    }
}

/// For tests, in English.
impl fmt::Display for ConfigError {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str(&self.text(Locale::En))
    }
}

fn known_keys() -> String {
    ConfigKey::ALL.map(ConfigKey::name).join(", ")
}

fn known_variables() -> String {
    let of_keys = ConfigKey::ALL.into_iter().flat_map(|key| [Some(key.variable()), key.file_variable()]);
    let all: Vec<String> = of_keys.flatten().chain([super::CONFIG_VARIABLE.to_owned()]).collect();
    all.join(", ")
}
