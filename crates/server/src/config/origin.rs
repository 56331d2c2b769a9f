//! The origin of a value.

use std::{fmt, path::PathBuf};

/// The layer that a value comes from.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum ValueOrigin {
    Default,
    File(PathBuf),
    Variable(String),
    Flag,
}

impl fmt::Display for ValueOrigin {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Default => formatter.write_str("default"),
            Self::File(path) => write!(formatter, "file:{}", path.display()),
            Self::Variable(name) => write!(formatter, "env:{name}"),
            Self::Flag => formatter.write_str("flag"),
        }
    }
}
