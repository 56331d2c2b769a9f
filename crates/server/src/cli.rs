//! The command line: parses the arguments, runs the command, returns its exit code.
//!
//! Exit codes: 0 success; 2 an error that the operator can fix; 75 the database server is
//! unreachable (a retry may succeed); 1 any other error.

use std::{
    fmt::Display,
    io::{self, Write as _},
    path::PathBuf,
    process::ExitCode,
};

use caunoi_domain::locale::Locale;
use caunoi_texts::{OperatorText, operator_locale};
use clap::{Parser, Subcommand};
use tokio::runtime::{Builder, Runtime};

use crate::StartError;
use crate::config::{Config, Flags};

mod generate;
mod health;
mod help;
mod migrate;
mod secrets;
mod serve;
mod token;
mod verify;

/// Any error that the operator cannot fix.
const EXIT_FAILURE: u8 = 1;
/// An error that the operator can fix, as for invalid arguments.
const EXIT_FIXABLE: u8 = 2;

/// Caunoi: a register of Vietnam's local diplomacy with a GraphQL API.
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
    /// TOML file with any of the keys that `caunoi config` lists
    #[arg(long, global = true, value_name = "FILE")]
    config: Option<PathBuf>,
    #[command(flatten)]
    flags: Flags,
    #[command(subcommand)]
    command: Command,
}

#[derive(Debug, Subcommand)]
enum Command {
    /// Run the server; the first start creates the database and loads the shipped data
    Serve,
    /// Migrate the database, load the shipped data, and exit
    Migrate,
    /// Check the integrity of all logs and rows and report the first violation; safe while a server
    /// runs
    Verify(verify::VerifyArgs),
    /// Tell which keys encrypt the secrets of webhooks, or encrypt all with the current key
    Secrets {
        #[command(subcommand)]
        action: secrets::SecretsAction,
    },
    /// Print a token signed with the local key, for a server that listens on loopback
    Token(token::TokenArgs),
    /// Fill a new database with synthetic entries, for load tests
    #[command(after_help = generate::HELP)]
    Generate(generate::GenerateArgs),
    /// Check that a running server is ready; exit code 0 if it is
    Health {
        /// URL to request [default: /readyz at the listen address of these settings]
        #[arg(long, value_name = "URL")]
        url: Option<String>,
    },
    /// Print the GraphQL schema in SDL
    Schema,
    /// Print each setting, its value and its origin; passwords are masked
    Config,
}

/// Runs the command of this process's command line and returns its exit code.
#[must_use]
pub fn run() -> ExitCode {
    let Cli { config, flags, command } = match Cli::try_parse() {
        Ok(cli) => cli,
        Err(error) => {
            // Help and version come here too. A closed output cannot be reported.
            let _ = error.print();
            return u8::try_from(error.exit_code()).unwrap_or(EXIT_FIXABLE).into();
        }
    };
    if matches!(command, Command::Schema) {
        return print(&caunoi_graphql::published_sdl());
    }
    let config = match Config::resolve(config, flags, std::env::vars_os().collect()) {
        Ok(config) => config,
        Err(error) => return fail(&error.text(locale()), EXIT_FIXABLE),
    };
    match command {
        Command::Serve => serve::serve(config),
        Command::Migrate => migrate::migrate(config),
        Command::Verify(args) => verify::verify(&config, &args),
        Command::Secrets { action } => secrets::secrets(&config, action),
        Command::Token(args) => token::token(&config, &args),
        Command::Generate(args) => generate::generate(config, &args),
        Command::Health { url } => health::health(&config, url.as_deref()),
        Command::Schema => ExitCode::SUCCESS,
        Command::Config => print(&config),
    }
}

/// Prints the result of a command to standard output.
fn print(text: &impl Display) -> ExitCode {
    let text = text.to_string();
    let mut out = io::stdout().lock();
    match writeln!(out, "{}", text.trim_end()).and_then(|()| out.flush()) {
        Ok(()) => ExitCode::SUCCESS,
        // `caunoi schema | head` closes the pipe early; that is a success.
        Err(error) if error.kind() == io::ErrorKind::BrokenPipe => ExitCode::SUCCESS,
        Err(error) => fail_with(&OperatorText::OutputFailed { error: error.to_string() }, EXIT_FAILURE),
    }
}

/// Prints a note for people to standard error.
fn print_note(text: &impl Display) {
    // A closed standard error cannot be reported.
    let _ = writeln!(io::stderr(), "{text}");
}

/// Prints the reason of a failure to standard error and returns `code`.
fn fail(why: &impl Display, code: u8) -> ExitCode {
    // With a closed standard error only the exit code remains.
    let _ = writeln!(io::stderr(), "caunoi: {why}");
    code.into()
}

/// Prints the text of a failure in the language of the operator and returns `code`.
fn fail_with(text: &OperatorText, code: u8) -> ExitCode {
    fail(&text.text(locale()), code)
}

/// Prints the text of a failed start and returns its code.
fn fail_to_start(error: &StartError) -> ExitCode {
    fail(&error.text(locale()), error.exit_code())
}

/// Returns the language of the operator.
fn locale() -> Locale {
    operator_locale(|name| std::env::var(name).ok())
}

/// Returns a multi-threaded runtime for the commands that need one.
fn runtime() -> Result<Runtime, ExitCode> {
    Builder::new_multi_thread()
        .enable_all()
        .build()
        .map_err(|error| fail_with(&OperatorText::ThreadsFailed { error: error.to_string() }, EXIT_FAILURE))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::config::ConfigKey;
    use clap::CommandFactory as _;

    #[test]
    fn help_names_every_config_key() {
        let mut command = Cli::command();
        command.clone().debug_assert();
        let help = command.render_long_help().to_string();
        for key in ConfigKey::all() {
            assert!(help.contains(&key.variable()), "{help}");
        }
        for widest in help.lines() {
            assert!(widest.chars().count() <= 120, "{widest}");
        }
    }

    #[test]
    fn flags_are_accepted_before_and_after_the_command() {
        for line in [["caunoi", "--listen", "[::]:1", "serve"], ["caunoi", "serve", "--listen", "[::]:1"]] {
            let flags = Cli::try_parse_from(line).unwrap().flags;
            let given: Vec<(&str, &str)> =
                flags.0.iter().map(|(key, text)| (key.name(), text.as_str())).collect();
            assert_eq!(given, [("listen", "[::]:1")]);
        }
    }

    #[test]
    fn secrets_are_not_accepted_as_flags() {
        let line = ["caunoi", "serve", "--database-url", "postgres://db"];
        assert!(Cli::try_parse_from(line).is_err());
    }
}
