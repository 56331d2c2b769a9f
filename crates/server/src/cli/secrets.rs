//! `caunoi secrets`.

use std::process::ExitCode;

use caunoi_domain::secret::SecretCipher as _;
use caunoi_register::SecretUse;
use caunoi_store::DatabaseLocation;
use caunoi_texts::OperatorText;
use clap::Subcommand;

use super::{EXIT_FAILURE, EXIT_FIXABLE, fail_to_start, fail_with, print, runtime, verify};
use crate::{
    StartError, config::Config, data_folder::DataFolder, secret_keys::SecretKeys, start_error::OpenError,
};

/// The action of `caunoi secrets`.
#[derive(Debug, Clone, Copy, Subcommand)]
pub(super) enum SecretsAction {
    /// Print the keys of the settings and how many secrets each encrypts; exit code 1 if a secret
    /// cannot be decrypted; safe while a server runs
    Status,
    /// Encrypt all secrets with the current key, the first of `secret_key`; may be interrupted and
    /// repeated; on SQLite stop the server first
    Rotate,
}

/// Runs the action.
pub(super) fn secrets(config: &Config, action: SecretsAction) -> ExitCode {
    let (settings, (place, name)) = (&config.settings, verify::place(&config.settings));
    if let DatabaseLocation::File(file) = &place
        && !file.is_file()
    {
        return fail_with(&OperatorText::NoDatabase { place: name }, EXIT_FIXABLE);
    }
    let keys = match SecretKeys::load(settings) {
        Ok(keys) => keys,
        Err(error) => return fail_to_start(&error),
    };
    let runtime = match runtime() {
        Ok(runtime) => runtime,
        Err(code) => return code,
    };
    let url = settings.database_url.as_deref();
    match action {
        SecretsAction::Status => match runtime.block_on(caunoi_register::secret_use(&place, &keys)) {
            Ok(found) => print_status(&found, &keys),
            Err(error) => fail_to_start(&OpenError::from(error).at(name, url)),
        },
        SecretsAction::Rotate => {
            let folder = url.is_none().then(|| DataFolder::lock(&settings.data_dir)).transpose();
            if let Err(error) = folder {
                return fail_to_start(&error);
            }
            match runtime.block_on(caunoi_register::reencrypt_secrets(&place, &keys)) {
                Ok(changed) => {
                    print(&format!("encrypted the secrets of {changed} webhooks with the current key"))
                }
                Err(problem) => fail_to_start(&StartError::of_key_problem(problem, name, url)),
            }
        }
    }
}

fn print_status(found: &SecretUse, keys: &SecretKeys) -> ExitCode {
    let known = keys.key_ids();
    let count = |id| found.by_key.get(id).copied().unwrap_or(0);
    let mut lines: Vec<String> = Vec::new();
    for (place, id) in known.iter().enumerate() {
        let role = if place == 0 { "current" } else { "former" };
        lines.push(format!("{id} {role} {}", count(id)));
    }
    let missing = found.by_key.keys().chain(&found.missing_key).filter(|id| !known.contains(id));
    let mut missing: Vec<String> = missing.map(|id| format!("{id} missing {}", count(id))).collect();
    missing.dedup();
    lines.extend(missing);
    if found.plain > 0 {
        lines.push(format!("plain {}", found.plain));
    }
    lines.extend(found.unreadable.iter().map(|(webhook, why)| format!("{webhook}: {why}")));
    let printed = print(&lines.join("\n"));
    let is_readable = found.unreadable.is_empty() && found.missing_key.is_none();
    if is_readable { printed } else { EXIT_FAILURE.into() }
}
