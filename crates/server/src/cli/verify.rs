//! `caunoi verify`.

use std::process::ExitCode;

use caunoi_register::{Place, Walked};

use super::{BROKEN, MENDABLE, fail, runtime, say};
use crate::{Settings, config::Config, folder, location, unable::Trouble};

/// Walks all logs and rows, and says whether they hold or where they do not; beside a server too.
pub(super) fn verify(config: &Config) -> ExitCode {
    let (place, name) = place(&config.settings);
    if let Place::File(file) = &place
        && !file.is_file()
    {
        return fail(&format_args!("there is no database {name}; name its folder with --data-dir"), MENDABLE);
    }
    let runtime = match runtime() {
        Ok(runtime) => runtime,
        Err(code) => return code,
    };
    match runtime.block_on(caunoi_register::verify(&place)) {
        Ok(Ok(walked)) => say(&report(walked)),
        Ok(Err(broken)) => fail(&format_args!("the database {name} does not hold: {broken}"), BROKEN),
        Err(error) => {
            let unable = Trouble::from(error).at(name, config.settings.database_url.as_deref());
            fail(&unable, unable.exit_code())
        }
    }
}

fn place(settings: &Settings) -> (Place, String) {
    if let Some(url) = &settings.database_url {
        return (Place::Server(url.clone()), location::masked(url));
    }
    let file = folder::database(&settings.data_dir);
    let name = file.display().to_string();
    (Place::File(file), name)
}

fn report(walked: Walked) -> String {
    let Walked { logs, changes, versions, references } = walked;
    format!(
        "holds: {logs} logs, {changes} changes, {versions} versions of entries, \
         {references} rows of reference data"
    )
}
