//! Errors in a configuration.

use std::{io, path::PathBuf};

use super::{ConfigKey, origin::ValueOrigin};

/// An error in the configuration. The message is one line, names the key and its origin, and never
/// quotes a secret.
#[derive(Debug, thiserror::Error)]
pub(crate) enum Flaw {
    #[error("cannot read the file {} (from {origin}): {source}", path.display())]
    Unreadable { path: PathBuf, origin: ValueOrigin, source: io::Error },
    #[error("{}:{line}: not TOML: {why}", path.display())]
    NotToml { path: PathBuf, line: usize, why: String },
    #[error("{}: unknown key {name:?}; known are {}", path.display(), known_keys())]
    UnknownKey { path: PathBuf, name: String },
    #[error("{}: {name} must be a string in quotes", path.display())]
    NotText { path: PathBuf, name: &'static str },
    #[error("unknown environment variable {name}; known are {}", known_variables())]
    UnknownVariable { name: String },
    #[error("{one} and {other} are both set; remove one of them")]
    SetTwice { one: String, other: String },
    #[error("{name} is not UTF-8")]
    NotUnicode { name: String },
    #[error("{key} ({origin}) is empty; remove it or give it a value")]
    Empty { key: &'static str, origin: ValueOrigin },
    #[error("{key} ({origin}): {why}")]
    Value { key: &'static str, origin: ValueOrigin, why: String },
    #[error("{given} ({origin}) requires {missing}")]
    Half { given: &'static str, origin: ValueOrigin, missing: &'static str },
    #[error("{key} is not set")]
    Missing { key: &'static str },
}

fn known_keys() -> String {
    ConfigKey::ALL.map(ConfigKey::name).join(", ")
}

fn known_variables() -> String {
    let of_keys = ConfigKey::ALL.into_iter().flat_map(|key| [Some(key.variable()), key.file_variable()]);
    let all: Vec<String> = of_keys.flatten().chain([super::CONFIG_VARIABLE.to_owned()]).collect();
    all.join(", ")
}
