//! `caunoi verify`.

use std::process::ExitCode;

use caunoi_register::EntryViolations;
use caunoi_store::{DatabaseLocation, IntegrityReport};
use caunoi_texts::OperatorText;
use clap::Args;

use super::{EXIT_FAILURE, EXIT_FIXABLE, fail_to_start, fail_with, print, runtime};
use crate::{Settings, config::Config, connection_url, data_folder, start_error::OpenError};

/// The arguments of `caunoi verify`.
#[derive(Debug, Args)]
pub(super) struct VerifyArgs {
    /// List the published entries that break rules of published entries instead, one violation per
    /// line: type, code, rule, field; exit code 1 if there are any
    #[arg(long)]
    rules: bool,
}

/// Checks the integrity of all logs and rows and prints the first violation, or lists the published
/// entries that break rules. Safe while a server runs.
pub(super) fn verify(config: &Config, args: &VerifyArgs) -> ExitCode {
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
    let outcome = if args.rules {
        let today = config.settings.clock.today();
        runtime
            .block_on(caunoi_register::find_rule_violations(&place, today))
            .map(|found| print_violations(&found))
    } else {
        runtime.block_on(caunoi_register::verify(&place)).map(|result| match result {
            Ok(report) => print(&format_report(report)),
            Err(broken) => {
                let (place, violation) = (name.clone(), broken.to_string());
                fail_with(&OperatorText::NotIntact { place, violation }, EXIT_FAILURE)
            }
        })
    };
    outcome.unwrap_or_else(|error| {
        let start_error = OpenError::from(error).at(name, config.settings.database_url.as_deref());
        fail_to_start(&start_error)
    })
}

/// Prints one line for each violation, and their number to standard error.
fn print_violations(found: &[EntryViolations]) -> ExitCode {
    if found.is_empty() {
        return print(&"every published entry satisfies the rules");
    }
    let lines: Vec<String> = found.iter().flat_map(violation_lines).collect();
    let printed = print(&lines.join("\n"));
    if printed != ExitCode::SUCCESS {
        return printed;
    }
    fail_with(&OperatorText::RulesBroken { entries: found.len(), violations: lines.len() }, EXIT_FAILURE)
}

fn violation_lines(entry: &EntryViolations) -> impl Iterator<Item = String> {
    entry.violations.iter().map(|violation| {
        let (kind, code, path) = (entry.key.kind, &entry.code, violation.path.join("."));
        format!("{kind} {code} {} {path}", violation.rule)
    })
}

/// Returns the database of these settings, and its file or masked URL.
pub(super) fn place(settings: &Settings) -> (DatabaseLocation, String) {
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
