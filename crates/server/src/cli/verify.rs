//! `caunoi verify`.

use std::process::ExitCode;

use caunoi_store::{DatabaseLocation, IntegrityReport};

use super::{EXIT_FAILURE, EXIT_FIXABLE, fail, print, runtime};
use crate::{Settings, config::Config, connection_url, data_folder, start_error::OpenError};

/// Checks the integrity of all logs and rows and prints the first violation. Safe while a server
/// runs.
pub(super) fn verify(config: &Config) -> ExitCode {
    let (place, name) = place(&config.settings);
    if let DatabaseLocation::File(file) = &place
        && !file.is_file()
    {
        return fail(
            &format_args!("there is no database {name}; name its folder with --data-dir"),
            EXIT_FIXABLE,
        );
    }
    let runtime = match runtime() {
        Ok(runtime) => runtime,
        Err(code) => return code,
    };
    match runtime.block_on(caunoi_register::verify(&place)) {
        Ok(Ok(report)) => print(&format_report(report)),
        Ok(Err(broken)) => fail(&format_args!("the database {name} is not intact: {broken}"), EXIT_FAILURE),
        Err(error) => {
            let start_error = OpenError::from(error).at(name, config.settings.database_url.as_deref());
            fail(&start_error, start_error.exit_code())
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
