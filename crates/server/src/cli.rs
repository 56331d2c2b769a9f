//! The command line: what was asked for, done, and told by an exit code.
//!
//! 0 means done, 2 that the operator can mend it, 75 that the database server does not answer now,
//! 1 everything else.

use std::{
    fmt::Display,
    io::{self, Write as _},
    path::PathBuf,
    process::ExitCode,
};

use clap::{Args, Parser, Subcommand};
use tokio::runtime::{Builder, Runtime};

use crate::config::{self, Config, Key};

mod generate;
mod health;
mod help;
mod migrate;
mod serve;
mod token;
mod verify;

const BROKEN: u8 = 1;
const MENDABLE: u8 = 2;

/// Caunoi: a register of Vietnam's local diplomacy, asked in GraphQL.
#[derive(Debug, Parser)]
#[command(
    name = "caunoi",
    version,
    long_about = help::ABOUT,
    after_help = help::HINT,
    after_long_help = help::manual(),
    arg_required_else_help = true,
    disable_help_subcommand = true
)]
struct Cli {
    #[command(flatten)]
    flags: Flags,
    #[command(subcommand)]
    command: Command,
}

#[derive(Debug, Args)]
struct Flags {
    /// TOML file with any of the keys that `caunoi config` lists
    #[arg(long, global = true, value_name = "FILE")]
    config: Option<PathBuf>,
    /// Address and port for HTTP [default: 127.0.0.1:8080]
    #[arg(long, global = true, value_name = "ADDRESS")]
    listen: Option<String>,
    /// Folder of the SQLite database and the local key, made where it is missing [default: ./caunoi-data]
    #[arg(long, global = true, value_name = "DIR")]
    data_dir: Option<String>,
    /// off, error, warn, info, debug or trace, also by module [default: info]
    #[arg(long, global = true, value_name = "LEVEL")]
    log: Option<String>,
    /// text, json, or auto: text on a terminal, else json [default: auto]
    #[arg(long, global = true, value_name = "FORMAT")]
    log_format: Option<String>,
}

#[derive(Debug, Subcommand)]
enum Command {
    /// Answer questions; the first start makes the database and loads the shipped data
    Serve,
    /// Bring the database to the shape of this program and load the shipped data, then end
    Migrate,
    /// Walk all logs and rows, and say whether they hold or where they do not; beside a server too
    Verify,
    /// Print a token of this machine's own key, for servers that listen on loopback
    Token(token::Wish),
    /// Fill a new database with synthetic entries, for load tests
    #[command(after_help = generate::HELP)]
    Generate(generate::Wish),
    /// Ask a running server whether it can answer now; exit 0 if so
    Health {
        /// What is asked [default: /readyz at the listen address of these settings]
        #[arg(long, value_name = "URL")]
        url: Option<String>,
    },
    /// Print the GraphQL schema in SDL
    Schema,
    /// Print every setting, its value and where it came from; passwords are masked
    Config,
}

/// Does what the command line of this process asks for.
#[must_use]
pub fn run() -> ExitCode {
    let Cli { flags, command } = match Cli::try_parse() {
        Ok(cli) => cli,
        Err(error) => {
            // Help and version come here too. Nobody is left to be told of a closed output.
            let _ = error.print();
            return u8::try_from(error.exit_code()).unwrap_or(MENDABLE).into();
        }
    };
    if matches!(command, Command::Schema) {
        return say(&caunoi_graphql::sdl());
    }
    let config = match Config::resolve(flags.into(), std::env::vars_os().collect()) {
        Ok(config) => config,
        Err(flaw) => return fail(&flaw, MENDABLE),
    };
    match command {
        Command::Serve => serve::serve(config),
        Command::Migrate => migrate::migrate(config),
        Command::Verify => verify::verify(&config),
        Command::Token(wish) => token::token(&config, &wish),
        Command::Generate(wish) => generate::generate(config, &wish),
        Command::Health { url } => health::health(&config, url.as_deref()),
        Command::Schema => ExitCode::SUCCESS,
        Command::Config => say(&config),
    }
}

impl From<Flags> for config::Flags {
    fn from(flags: Flags) -> Self {
        let Flags { config, listen, data_dir, log, log_format } = flags;
        let keyed =
            [(Key::Listen, listen), (Key::DataDir, data_dir), (Key::Log, log), (Key::LogFormat, log_format)];
        let given = keyed.into_iter().filter_map(|(key, text)| Some((key, text?))).collect();
        Self { config, given }
    }
}

/// Prints what was asked for.
fn say(text: &impl Display) -> ExitCode {
    let text = text.to_string();
    let mut out = io::stdout().lock();
    match writeln!(out, "{}", text.trim_end()).and_then(|()| out.flush()) {
        Ok(()) => ExitCode::SUCCESS,
        // `caunoi schema | head` got what it wanted.
        Err(error) if error.kind() == io::ErrorKind::BrokenPipe => ExitCode::SUCCESS,
        Err(error) => fail(&format_args!("cannot write the output: {error}"), BROKEN),
    }
}

/// Tells people something beside the output.
fn tell(text: &impl Display) {
    // With standard error closed nobody wants to know.
    let _ = writeln!(io::stderr(), "{text}");
}

/// Tells why nothing came of it.
fn fail(why: &impl Display, code: u8) -> ExitCode {
    // With standard error closed too, the code is all that is left to say.
    let _ = writeln!(io::stderr(), "caunoi: {why}");
    code.into()
}

/// What runs the rest, for the commands that need more than this thread.
fn runtime() -> Result<Runtime, ExitCode> {
    Builder::new_multi_thread()
        .enable_all()
        .build()
        .map_err(|error| fail(&format_args!("cannot start threads: {error}"), BROKEN))
}

#[cfg(test)]
mod tests {
    use super::*;
    use clap::CommandFactory as _;

    #[test]
    fn the_command_line_is_sound_and_its_help_names_every_key() {
        let mut command = Cli::command();
        command.clone().debug_assert();
        let help = command.render_long_help().to_string();
        for key in Key::ALL {
            assert!(help.contains(&key.variable()), "{help}");
        }
        for widest in help.lines() {
            assert!(widest.chars().count() <= 120, "{widest}");
        }
    }

    #[test]
    fn flags_stand_before_and_after_the_command() {
        for line in [["caunoi", "--listen", "[::]:1", "serve"], ["caunoi", "serve", "--listen", "[::]:1"]] {
            let flags = config::Flags::from(Cli::try_parse_from(line).unwrap().flags);
            assert_eq!(flags.given, [(Key::Listen, "[::]:1".to_owned())]);
        }
    }

    #[test]
    fn secrets_are_no_flags() {
        let line = ["caunoi", "serve", "--database-url", "postgres://db"];
        assert!(Cli::try_parse_from(line).is_err());
    }
}
