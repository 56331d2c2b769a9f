//! Merges the layers; each overrides the one before.

use std::{
    collections::BTreeMap,
    error::Error as _,
    fs,
    path::{Path, PathBuf},
};

use caunoi_domain::validation::candidate::{Candidate, most_similar};
use caunoi_texts::OperatorText;
use clap::error::ContextKind;
use toml::{Table, Value};

use super::{ConfigError, ConfigKey, Environment, Flags};

/// The variable that names the TOML file.
pub(crate) const CONFIG_VARIABLE: &str = "CAUNOI_CONFIG";

/// The text and the origin of every key that a layer above the defaults sets.
#[derive(Debug, Default)]
pub(super) struct Layers(BTreeMap<&'static str, (String, String)>);

impl Layers {
    /// Merges the file that a flag or a variable names, the environment and the flags.
    pub(super) fn merge(
        file: Option<PathBuf>,
        flags: Flags,
        environment: Environment,
    ) -> Result<Self, ConfigError> {
        let mut layers = Self::default();
        let mut variables = own_variables(environment)?;
        let named = variables.remove(CONFIG_VARIABLE);
        if let Some(path) = file {
            layers.merge_file(&path, "flag")?;
        } else if let Some(path) = named {
            layers.merge_file(Path::new(&path), &env(CONFIG_VARIABLE))?;
        }
        layers.merge_variables(variables)?;
        for (key, text) in flags.0 {
            layers.set(key, text, "flag".to_owned())?;
        }
        Ok(layers)
    }

    /// Returns the text and the origin of a key; None if neither a layer nor a default sets it.
    pub(super) fn get(&self, key: ConfigKey) -> Option<(&str, &str)> {
        let given = self.0.get(key.name()).map(|(text, origin)| (text.as_str(), origin.as_str()));
        given.or_else(|| Some((key.default()?, "default")))
    }

    /// Returns where a layer sets the key.
    pub(super) fn origin(&self, name: &str) -> String {
        self.0.get(name).map(|(_, origin)| origin.clone()).unwrap_or_default()
    }

    /// Returns the command line that `ConfigValues` parses.
    pub(super) fn arguments(&self) -> impl Iterator<Item = String> {
        self.0.iter().map(|(name, (text, _))| format!("--{}={text}", name.replace('_', "-")))
    }

    /// Returns why `ConfigValues` refuses one of the arguments, with its key and origin.
    pub(super) fn explain(&self, error: &clap::Error) -> ConfigError {
        let argument = error.get(ContextKind::InvalidArg).map(ToString::to_string).unwrap_or_default();
        let flag = argument.split(' ').next().unwrap_or_default();
        let key = flag.trim_start_matches('-').replace('-', "_");
        let reason = error.source().and_then(|source| source.downcast_ref::<ConfigError>());
        let why = reason.map_or_else(|| OperatorText::system(&error.kind()), |reason| reason.0.clone());
        OperatorText::ValueInvalid { origin: self.origin(&key), key, why: Box::new(why) }.into()
    }

    fn set(&mut self, key: ConfigKey, text: String, origin: String) -> Result<(), ConfigError> {
        if text.trim().is_empty() {
            // An empty variable must not silently select another database.
            return Err(OperatorText::ValueEmpty { key: key.name().to_owned(), origin }.into());
        }
        self.0.insert(key.name(), (text, origin));
        Ok(())
    }

    fn merge_file(&mut self, path: &Path, origin: &str) -> Result<(), ConfigError> {
        let text = read(path, origin)?;
        let table: Table = text.parse().map_err(|error| not_toml(path, &text, &error))?;
        for (name, value) in table {
            let origin = format!("file:{}", path.display());
            let Some(key) = ConfigKey::all().find(|key| key.name() == name) else {
                return Err(unknown(name, origin, ConfigKey::all().map(|key| key.name().to_owned())));
            };
            let text = match value {
                Value::String(text) => text,
                Value::Integer(number) => number.to_string(),
                Value::Boolean(boolean) => boolean.to_string(),
                Value::Float(_) | Value::Datetime(_) | Value::Array(_) | Value::Table(_) => {
                    return Err(OperatorText::NotQuoted { key: name, origin }.into());
                }
            };
            self.set(key, text, origin)?;
        }
        Ok(())
    }

    fn merge_variables(&mut self, mut variables: BTreeMap<String, String>) -> Result<(), ConfigError> {
        for key in ConfigKey::all() {
            let plain = key.variable();
            let file = key.file_variable().and_then(|name| variables.remove_entry(&name));
            match (variables.remove(&plain), file) {
                (Some(_), Some((other, _))) => {
                    return Err(OperatorText::SetTwice { one: plain, other }.into());
                }
                (Some(text), None) => self.set(key, text, env(&plain))?,
                (None, Some((name, path))) => {
                    let text = read(Path::new(&path), &env(&name))?;
                    self.set(key, text.trim().to_owned(), env(&name))?;
                }
                (None, None) => {}
            }
        }
        let known = ConfigKey::all().flat_map(|key| [Some(key.variable()), key.file_variable()]).flatten();
        match variables.into_keys().next() {
            Some(name) => Err(unknown(name, "env".to_owned(), known.chain([CONFIG_VARIABLE.to_owned()]))),
            None => Ok(()),
        }
    }
}

fn env(variable: &str) -> String {
    format!("env:{variable}")
}

fn unknown(name: String, origin: String, known: impl IntoIterator<Item = String>) -> ConfigError {
    let known: Vec<String> = known.into_iter().collect();
    let candidates = most_similar(&name, known.iter().map(|known| Candidate::new(known)));
    OperatorText::UnknownKey { name, origin, candidates }.into()
}

/// Returns the variables of this program, without those of its tests.
fn own_variables(environment: Environment) -> Result<BTreeMap<String, String>, ConfigError> {
    let named = environment.into_iter().map(|(name, value)| (name.to_string_lossy().into_owned(), value));
    let own = named.filter(|(name, value)| {
        name.starts_with("CAUNOI_")
            && !name.starts_with("CAUNOI_TEST_")
            && !is_service_link(name, &value.to_string_lossy())
    });
    own.map(|(name, value)| match value.into_string() {
        Ok(value) => Ok((name, value)),
        Err(_) => Err(OperatorText::NotUnicode { name }.into()),
    })
    .collect()
}

/// Returns whether Kubernetes sets this variable in every pod for a service named `caunoi`.
fn is_service_link(name: &str, value: &str) -> bool {
    name == "CAUNOI_SERVICE_HOST"
        || name.starts_with("CAUNOI_SERVICE_PORT")
        || name.starts_with("CAUNOI_PORT_")
        || (name == "CAUNOI_PORT" && value.contains("://"))
}

fn read(path: &Path, origin: &str) -> Result<String, ConfigError> {
    let unreadable = |error: std::io::Error| OperatorText::FileUnreadable {
        path: path.display().to_string(),
        origin: origin.to_owned(),
        error: error.to_string(),
    };
    Ok(fs::read_to_string(path).map_err(unreadable)?)
}

/// Omits the parser's quotation of the line, which may contain a password.
fn not_toml(path: &Path, text: &str, error: &toml::de::Error) -> ConfigError {
    let before = error.span().and_then(|span| text.get(..span.start)).unwrap_or_default();
    let (path, line) = (path.display().to_string(), before.matches('\n').count() + 1);
    OperatorText::NotToml { path, line, error: error.message().to_owned() }.into()
}
