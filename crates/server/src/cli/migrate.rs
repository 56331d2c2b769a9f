//! `caunoi migrate`.

use std::process::ExitCode;

use caunoi_register::Loaded;

use super::{fail, runtime, say};
use crate::{
    config::Config,
    logging,
    start::{self, Opened},
};

/// Brings the database to shape, loads the shipped data, says what came of it.
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
                say(&report)
            }
            Err(unable) => fail(&unable, unable.exit_code()),
        }
    })
}

fn report(opened: &Opened) -> String {
    let version = caunoi_transfer::shipped::version();
    let data = match opened.opening.loaded {
        None => format!("The shipped data {version} was there already."),
        Some(Loaded { added, updated, unchanged, left_to_people }) => format!(
            "The shipped data {version} was loaded: {added} rows added, {updated} updated, \
             {unchanged} unchanged, {left_to_people} left as people changed them."
        ),
    };
    let steps = opened.opening.steps;
    format!("The database {} has the shape of this program ({steps} steps applied).\n{data}", opened.place)
}
