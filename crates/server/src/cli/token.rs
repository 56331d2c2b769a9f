//! `caunoi token`.

use std::{path::PathBuf, process::ExitCode};

use caunoi_domain::directory::{Directory, Reference};
use caunoi_transfer::shipped;
use clap::Args;

use super::{MENDABLE, fail, say};
use crate::{
    Settings,
    config::Config,
    folder,
    identity::{self, Grant},
};

/// What the token is to say.
#[derive(Debug, Args)]
pub(super) struct Wish {
    /// partner, clerk, publisher, analyst or steward
    #[arg(long)]
    role: String,
    /// Slug of the province of a clerk or publisher, like `DONG_NAI`
    #[arg(long, value_name = "SLUG")]
    province: Option<String>,
    /// Who bears it, as the log of changes names them [default: clerk-of-dong_nai]
    #[arg(long)]
    name: Option<String>,
    /// How long it lives, at most 7d: 90s, 30m, 24h
    #[arg(long, value_name = "TIME", default_value = "24h")]
    expires: String,
    /// Let its bearer change nothing
    #[arg(long)]
    read_only: bool,
}

/// Prints a token that the key of this machine signed; what people read goes to standard error.
pub(super) fn token(config: &Config, wish: &Wish) -> ExitCode {
    if config.settings.auth.issuer.is_some() {
        return fail(&"auth_issuer is set, so only its tokens are taken: ask for one there", MENDABLE);
    }
    let grant = match grant(wish) {
        Ok(grant) => grant,
        Err(why) => return fail(&why, MENDABLE),
    };
    let key = match find_key(&config.settings) {
        Ok(key) => key,
        Err(why) => return fail(&why, MENDABLE),
    };
    match identity::issue(&config.settings, &grant) {
        Ok(token) => {
            super::tell(&grant);
            if let Key::Made(file) = key {
                super::tell(&format_args!(
                    "Made the key {}: a server that runs already does not know it; start it again.",
                    file.display()
                ));
            }
            say(&token)
        }
        Err(unable) => fail(&unable, unable.exit_code()),
    }
}

/// The key that signs.
enum Key {
    /// The one that a server made.
    Found,
    /// A new one, in this file, which the next start of the server takes.
    Made(PathBuf),
}

/// Looks for the key of a server with these settings. Without one, a new key is of use only where a
/// server will look for it: in a folder that holds its database, or that was made for a server on
/// PostgreSQL.
fn find_key(settings: &Settings) -> Result<Key, String> {
    let file = identity::key_file(settings);
    if file.exists() {
        return Ok(Key::Found);
    }
    let data_dir = &settings.data_dir;
    let is_of_server = match settings.database_url {
        Some(_) => data_dir.is_dir(),
        None => folder::database(data_dir).is_file(),
    };
    if is_of_server && settings.auth.key_file.is_none() {
        return Ok(Key::Made(file));
    }
    Err(format!(
        "there is no key {}, so no server would take the token; start the server first, which makes the key, \
         or name the folder of the server with --data-dir",
        file.display()
    ))
}

fn grant(wish: &Wish) -> Result<Grant, String> {
    let mut grant = Grant::new(&wish.role, wish.province.as_deref())?;
    if let Some(slug) = &wish.province {
        check_province(slug)?;
    }
    if let Some(name) = &wish.name {
        grant = grant.named(name)?;
    }
    grant = grant.lasting(identity::read_life(&wish.expires)?)?;
    Ok(if wish.read_only { grant.read_only() } else { grant })
}

/// Against the provinces that this program ships: the database may be held by a server.
fn check_province(slug: &str) -> Result<(), String> {
    let set = shipped::data_set(&Reference::default()).map_err(|flaws| flaws.to_string())?;
    match Directory::new(set.reference).province_by_slug(slug) {
        Some(_) => Ok(()),
        None => Err(format!("{slug:?} is no province of today; a slug is written like DONG_NAI")),
    }
}
