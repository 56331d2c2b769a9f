//! Merges the layers; each overrides the one before.

use std::{
    collections::BTreeMap,
    ffi::{OsStr, OsString},
    fs,
    path::{Path, PathBuf},
};

use super::{ConfigError, ConfigKey, Environment, Flags, origin::ValueOrigin};

/// The variable that names the TOML file.
pub(crate) const CONFIG_VARIABLE: &str = "CAUNOI_CONFIG";

const PREFIX: &str = "CAUNOI_";
const TEST_PREFIX: &str = "CAUNOI_TEST_";

/// The unparsed value and the origin of every key that is set.
#[derive(Debug, Default)]
pub(super) struct Layers(BTreeMap<ConfigKey, (String, ValueOrigin)>);

impl Layers {
    pub(super) fn merge(flags: Flags, environment: Environment) -> Result<Self, ConfigError> {
        let mut variables = own_variables(environment)?;
        let named = variables
            .remove(CONFIG_VARIABLE)
            .map(|path| (path.into(), ValueOrigin::Variable(CONFIG_VARIABLE.to_owned())));
        let file = flags.config.map(|path| (path, ValueOrigin::Flag)).or(named);
        let mut layers = Self::default();
        for key in ConfigKey::ALL {
            if let Some(text) = key.default() {
                layers.set(key, text.to_owned(), ValueOrigin::Default)?;
            }
        }
        if let Some((path, origin)) = file {
            layers.merge_file(&path, origin)?;
        }
        layers.merge_variables(variables)?;
        for (key, text) in flags.given {
            layers.set(key, text, ValueOrigin::Flag)?;
        }
        Ok(layers)
    }

    pub(super) fn get(&self, key: ConfigKey) -> Option<(&str, &ValueOrigin)> {
        self.0.get(&key).map(|(text, origin)| (text.as_str(), origin))
    }

    fn set(&mut self, key: ConfigKey, text: String, origin: ValueOrigin) -> Result<(), ConfigError> {
        if text.trim().is_empty() {
            // An empty variable must not silently select another database.
            return Err(ConfigError::Empty { key: key.name(), origin });
        }
        self.0.insert(key, (text, origin));
        Ok(())
    }

    fn merge_file(&mut self, path: &Path, origin: ValueOrigin) -> Result<(), ConfigError> {
        let text = read(path, origin)?;
        let table: toml::Table = text.parse().map_err(|error| not_toml(path, &text, &error))?;
        for (name, value) in table {
            let Some(key) = ConfigKey::from_name(&name) else {
                return Err(ConfigError::UnknownKey { path: path.to_owned(), name });
            };
            let toml::Value::String(text) = value else {
                return Err(ConfigError::NotText { path: path.to_owned(), name: key.name() });
            };
            self.set(key, text, ValueOrigin::File(path.to_owned()))?;
        }
        Ok(())
    }

    fn merge_variables(&mut self, mut variables: BTreeMap<String, String>) -> Result<(), ConfigError> {
        for key in ConfigKey::ALL {
            let plain = key.variable();
            let file = key.file_variable().and_then(|name| variables.remove_entry(&name));
            match (variables.remove(&plain), file) {
                (Some(_), Some((other, _))) => return Err(ConfigError::SetTwice { one: plain, other }),
                (Some(text), None) => self.set(key, text, ValueOrigin::Variable(plain))?,
                (None, Some((name, path))) => {
                    let origin = ValueOrigin::Variable(name);
                    let text = read(&PathBuf::from(path), origin.clone())?;
                    self.set(key, text.trim().to_owned(), origin)?;
                }
                (None, None) => {}
            }
        }
        match variables.into_keys().next() {
            Some(name) => Err(ConfigError::UnknownVariable { name }),
            None => Ok(()),
        }
    }
}

/// Returns the variables with the prefix of this program.
fn own_variables(environment: Environment) -> Result<BTreeMap<String, String>, ConfigError> {
    environment
        .into_iter()
        .filter(|(name, value)| is_own(name, value))
        .map(|(name, value)| match (name.into_string(), value.into_string()) {
            (Ok(name), Ok(value)) => Ok((name, value)),
            (Ok(name), Err(_)) => Err(ConfigError::NotUnicode { name }),
            (Err(name), _) => Err(ConfigError::NotUnicode { name: name.to_string_lossy().into_owned() }),
        })
        .collect()
}

fn is_own(name: &OsStr, value: &OsString) -> bool {
    let name = name.to_string_lossy();
    name.starts_with(PREFIX)
        && !name.starts_with(TEST_PREFIX)
        && !is_service_link(&name, &value.to_string_lossy())
}

/// Returns whether Kubernetes sets this variable in every pod for a service named `caunoi`.
fn is_service_link(name: &str, value: &str) -> bool {
    name == "CAUNOI_SERVICE_HOST"
        || name.starts_with("CAUNOI_SERVICE_PORT")
        || name.starts_with("CAUNOI_PORT_")
        || (name == "CAUNOI_PORT" && value.contains("://"))
}

fn read(path: &Path, origin: ValueOrigin) -> Result<String, ConfigError> {
    fs::read_to_string(path).map_err(|source| ConfigError::Unreadable {
        path: path.to_owned(),
        origin,
        source,
    })
}

/// Omits the parser's quotation of the line, which may contain a password.
fn not_toml(path: &Path, text: &str, error: &toml::de::Error) -> ConfigError {
    let before = error.span().and_then(|span| text.get(..span.start)).unwrap_or_default();
    ConfigError::NotToml {
        path: path.to_owned(),
        line: before.matches('\n').count() + 1,
        why: error.message().split_whitespace().collect::<Vec<_>>().join(" "),
    }
}
