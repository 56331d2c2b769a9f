//! The keys of the configuration, as [`ConfigValues`] describes them.

use std::sync::LazyLock;

use clap::{Arg, Command, CommandFactory as _, builder::StyledStr, value_parser};

use super::values::ConfigValues;

static DESCRIPTION: LazyLock<Command> = LazyLock::new(ConfigValues::command);

/// A key of the configuration; file, environment and command line use the same name.
#[derive(Debug, Clone, Copy)]
pub(crate) struct ConfigKey(&'static Arg);

impl ConfigKey {
    /// Returns all keys, in the order of [`ConfigValues`].
    pub(crate) fn all() -> impl Iterator<Item = Self> {
        DESCRIPTION.get_arguments().map(Self)
    }

    /// Returns the name in the TOML file.
    pub(crate) fn name(self) -> &'static str {
        self.0.get_id().as_str()
    }

    /// Returns the name of the environment variable.
    pub(crate) fn variable(self) -> String {
        format!("CAUNOI_{}", self.name().to_ascii_uppercase())
    }

    /// Returns the variable that names a file containing the value; None unless the key is a
    /// secret.
    pub(crate) fn file_variable(self) -> Option<String> {
        self.is_secret().then(|| format!("{}_FILE", self.variable()))
    }

    /// Returns the flag, which accepts any text; None if the command line does not have the key.
    pub(crate) fn flag(self) -> Option<Arg> {
        let is_flag = self.0.is_global_set() && !self.is_secret();
        is_flag.then(|| self.0.clone().value_parser(value_parser!(String)))
    }

    /// Returns whether the value is a secret, which is masked in output.
    pub(crate) fn is_secret(self) -> bool {
        self.0.is_hide_set()
    }

    pub(crate) fn default(self) -> Option<&'static str> {
        self.0.get_default_values().first()?.to_str()
    }

    /// Returns the line of help.
    pub(crate) fn help(self) -> String {
        self.0.get_help().map(StyledStr::to_string).unwrap_or_default()
    }
}
