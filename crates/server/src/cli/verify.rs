//! `caunoi verify`.

use std::process::ExitCode;

use caunoi_register::{DatabaseLocation, IntegrityReport};
use caunoi_store::{DatabaseLocation, IntegrityReport};
use caunoi_texts::OperatorText;

use super::{EXIT_FAILURE, EXIT_FIXABLE, fail_to_start, fail_with, print, runtime};
use crate::{Settings, config::Config, connection_url, data_folder, start_error::OpenError};

/// Checks the integrity of all logs and rows and prints the first violation. Safe while a server
/// runs.
pub(super) fn verify(config: &Config) -> ExitCode {
    let (place, name) = place(&config.settings);
    if let DatabaseLocation::File(file) = &place
        && !file.is_file()
    {
        return fail_with(&OperatorText::NoDatabase { place: name }, EXIT_FIXABLE);
    }
    let runtime = match runtime() {
        Ok(runtime) => runtime,
        Err(code) => return code,
    };
    match runtime.block_on(caunoi_register::verify(&place)) {
        Ok(Ok(report)) => print(&format_report(report)),
        Ok(Err(broken)) => {
            fail_with(&OperatorText::NotIntact { place: name, violation: broken.to_string() }, EXIT_FAILURE)
        }
        Err(error) => {
            let start_error = OpenError::from(error).at(name, config.settings.database_url.as_deref());
            fail_to_start(&start_error)
        }
    }
}

fn place(settings: &Settings) -> (DatabaseLocation, String) {
    if let Some(url) = &settings.database_url {
        return (DatabaseLocation::Server(url.clone()), connection_url::mask_passwords(url));
    }
    let file = data_folder::database_file(&settings.data_dir);
    let name = file.display().to_string();
    (DatabaseLocation::File(file), name)
}

fn format_report(report: IntegrityReport) -> String {
    let IntegrityReport { logs, changes, versions, references } = report;
    format!(
        "intact: {logs} logs, {changes} changes, {versions} versions of entries, \
         {references} rows of reference data"
    )
}
