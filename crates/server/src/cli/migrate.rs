//! `caunoi migrate`.

use std::process::ExitCode;

use caunoi_store::LoadReport;

use super::{fail_to_start, print, runtime};
use crate::{
    config::Config,
    logging,
    start::{self, OpenedRegister},
};

/// Migrates the database, loads the shipped data and prints a report.
pub(super) fn migrate(config: Config) -> ExitCode {
    logging::install(config.log, config.log_format, None);
    let runtime = match runtime() {
        Ok(runtime) => runtime,
        Err(code) => return code,
    };
    runtime.block_on(async {
        match start::open(&config.settings).await {
            Ok(opened) => {
                let report = report(&opened);
                opened.close().await;
                print(&report)
            }
            Err(start_error) => fail_to_start(&start_error),
        }
    })
}

fn report(opened: &OpenedRegister) -> String {
    let version = caunoi_transfer::shipped::version();
    let data = match opened.opening.loaded {
        None => format!("The shipped data {version} is already loaded."),
        Some(LoadReport { added, updated, unchanged, left_to_people }) => format!(
            "The shipped data {version} was loaded: {added} rows added, {updated} updated, \
             {unchanged} unchanged, {left_to_people} left as people changed them."
        ),
    };
    let steps = opened.opening.steps;
    format!(
        "The database {} has the schema of this program ({steps} migrations applied).\n{data}",
        opened.place
    )
}
