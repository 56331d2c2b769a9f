//! `caunoi token`.

use std::{path::PathBuf, process::ExitCode};

use caunoi_domain::directory::{Directory, Reference};
use caunoi_texts::OperatorText;
use caunoi_transfer::shipped;
use clap::Args;

use super::{EXIT_FIXABLE, fail_to_start, fail_with, print};
use crate::{
    Settings,
    config::Config,
    data_folder,
    identity::{self, Grant},
};

/// The arguments of `caunoi token`.
#[derive(Debug, Args)]
pub(super) struct TokenArgs {
    /// partner, clerk, publisher, analyst or steward
    #[arg(long)]
    role: String,
    /// Slug or name of the province of a clerk or publisher, like `DONG_NAI`
    #[arg(long, value_name = "SLUG")]
    province: Option<String>,
    /// Name of the holder, recorded in the log [default: clerk-of-dong_nai]
    #[arg(long)]
    name: Option<String>,
    /// Lifetime, at most 7d: 90s, 30m, 24h
    #[arg(long, value_name = "TIME", default_value = "24h")]
    expires: String,
    /// Restrict the token to reading
    #[arg(long)]
    read_only: bool,
}

/// Prints a token signed with the local key; notes for people go to standard error.
pub(super) fn token(config: &Config, args: &TokenArgs) -> ExitCode {
    if !config.settings.auth.issuers.is_empty() {
        return fail_with(&OperatorText::TokensOfIssuer, EXIT_FIXABLE);
    }
    let grant = match grant(args) {
        Ok(grant) => grant,
        Err(why) => return fail_with(&why, EXIT_FIXABLE),
    };
    let key = match find_key(&config.settings) {
        Ok(key) => key,
        Err(why) => return fail_with(&why, EXIT_FIXABLE),
    };
    match identity::issue(&config.settings, &grant) {
        Ok(token) => {
            super::print_note(&grant);
            if let SigningKey::Made(file) = key {
                super::print_note(&format_args!(
                    "Created the key {}; restart a server that is already running, or it will not accept the token.",
                    file.display()
                ));
            }
            print(&token)
        }
        Err(start_error) => fail_to_start(&start_error),
    }
}

/// The state of the local key.
enum SigningKey {
    /// A server has created it.
    Found,
    /// It is created now, in this file; the server uses it from its next start.
    Made(PathBuf),
}

/// Finds the local key of a server with these settings.
///
/// A missing key is created only where a server would use it: in a data folder that contains a
/// database, or that exists for a server on PostgreSQL.
///
/// # Errors
/// There is no key, and no server would use a new one.
fn find_key(settings: &Settings) -> Result<SigningKey, OperatorText> {
    let file = identity::key_file(settings);
    if file.exists() {
        return Ok(SigningKey::Found);
    }
    let data_dir = &settings.data_dir;
    let is_of_server = match settings.database_url {
        Some(_) => data_dir.is_dir(),
        None => data_folder::database_file(data_dir).is_file(),
    };
    if is_of_server && settings.auth.key_file.is_none() {
        return Ok(SigningKey::Made(file));
    }
    Err(OperatorText::NoKey { path: file.display().to_string() })
}

fn grant(args: &TokenArgs) -> Result<Grant, OperatorText> {
    let province = args.province.as_deref().map(find_province).transpose()?;
    let mut grant = Grant::new(&args.role, province.as_deref())?;
    if let Some(name) = &args.name {
        grant = grant.with_name(name)?;
    }
    grant = grant.with_lifetime(identity::parse_lifetime(&args.expires)?)?;
    Ok(if args.read_only { grant.read_only() } else { grant })
}

/// Returns the slug of a present-day province by its slug or name. Looks it up in the shipped data: a
/// server may hold the lock on the database.
fn find_province(given: &str) -> Result<String, OperatorText> {
    let set = shipped::data_set(&Reference::default())
        .map_err(|flaws| OperatorText::system(&flaws.text(super::locale())))?;
    let directory = Directory::new(set.reference);
    let found = directory.find_unit_slug(given).filter(|slug| directory.province_by_slug(slug).is_some());
    found.map(str::to_owned).ok_or_else(|| OperatorText::NotAProvince {
        given: given.to_owned(),
        candidates: directory.similar_provinces(given),
    })
}
