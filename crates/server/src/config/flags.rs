//! The settings on the command line.

use clap::{ArgMatches, Args, Command, FromArgMatches, parser::ValueSource};

use super::ConfigKey;

/// The flags that were given, with their texts: an invalid value gives the same error in all layers.
#[derive(Debug, Default)]
pub(crate) struct Flags(pub(crate) Vec<(ConfigKey, String)>);

impl Args for Flags {
    fn augment_args(command: Command) -> Command {
        command.args(ConfigKey::all().filter_map(ConfigKey::flag))
    }

    fn augment_args_for_update(command: Command) -> Command {
        Self::augment_args(command)
    }
}

impl FromArgMatches for Flags {
    fn from_arg_matches(matches: &ArgMatches) -> Result<Self, clap::Error> {
        let is_given = |name| matches.value_source(name) == Some(ValueSource::CommandLine);
        let flags = ConfigKey::all().filter(|key| key.flag().is_some() && is_given(key.name()));
        Ok(Self(flags.filter_map(|key| Some((key, matches.get_one(key.name()).cloned()?))).collect()))
    }

    fn update_from_arg_matches(&mut self, matches: &ArgMatches) -> Result<(), clap::Error> {
        *self = Self::from_arg_matches(matches)?;
        Ok(())
    }
}
