//! Runs the commands of README.md, docs/reference and deploy/RUNBOOK.md as written, as far as a test
//! machine can: only addresses and folders are replaced.

mod readme;
mod runbook;

use std::fmt;
use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

use tempfile::TempDir;

use crate::process::program::file;

const ROOT: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/..");

/// A Markdown file of this repository.
struct MarkdownFile(String);

impl MarkdownFile {
    fn read(name: &str) -> Self {
        let text = fs::read_to_string(format!("{ROOT}/{name}"));
        Self(text.unwrap_or_else(|error| panic!("{name}: {error}")))
    }

    /// Returns the text of a section, without its heading.
    fn section(&self, heading: &str) -> &str {
        let (_, rest) = self.0.split_once(&format!("{heading}\n")).unwrap_or_else(|| panic!("no {heading}"));
        let level = heading.split(' ').next().unwrap_or_default();
        rest.split_once(&format!("\n{level} ")).map_or(rest, |(section, _)| section)
    }

    /// Returns the only block of commands that contains a text.
    fn commands(&self, part: &str) -> String {
        let mut found =
            blocks(&self.0).into_iter().filter(|(kind, text)| *kind == "sh" && text.contains(part));
        let (_, text) = found.next().unwrap_or_else(|| panic!("no commands with {part}"));
        assert!(found.next().is_none(), "two blocks with {part}");
        text.to_owned()
    }
}

/// Returns the fenced blocks of a text with their languages. Indented blocks in lists are skipped.
fn blocks(text: &str) -> Vec<(&str, &str)> {
    let fenced = text.split("\n```").skip(1).step_by(2);
    fenced.filter_map(|block| block.split_once('\n')).collect()
}

/// Returns the profile of cargo that `make run` builds in.
pub(crate) fn profile_of_make_run() -> String {
    let script = fs::read_to_string(format!("{ROOT}/tests/build/run")).expect("the script of make run");
    let (_, arguments) = script.split_once("cargo run --profile ").expect("a profile");
    arguments.split_whitespace().next().expect("the name of the profile").to_owned()
}

/// A folder for running commands, with the program at the path where `make run` leaves it.
struct CommandFolder {
    folder: TempDir,
    /// The folder of the program, relative to `folder`.
    program_folder: String,
    variables: Vec<(&'static str, String)>,
}

/// The output of finished commands.
struct CommandOutput {
    is_done: bool,
    out: String,
    err: String,
}

impl fmt::Display for CommandOutput {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(out, "{}\n{}", self.out, self.err)
    }
}

impl CommandFolder {
    fn new() -> Self {
        let folder = tempfile::tempdir().expect("a temporary folder");
        let program_folder = format!("target/{}", profile_of_make_run());
        let place = Self { folder, program_folder, variables: Vec::new() };
        place.link_program(&place.program_folder);
        place
    }

    /// Links the program into a folder, as a build leaves it there.
    fn link_program(&self, folder: &str) {
        let built = self.path(folder);
        fs::create_dir_all(&built).expect("a folder");
        std::os::unix::fs::symlink(file(), built.join("caunoi")).expect("a link");
    }

    fn path(&self, name: &str) -> PathBuf {
        self.folder.path().join(name)
    }

    fn with(mut self, variable: &'static str, value: impl Into<String>) -> Self {
        self.variables.push((variable, value.into()));
        self
    }

    /// Uses the data folder of a server as the default one here.
    fn with_data_dir(self, data_dir: &Path) -> Self {
        std::os::unix::fs::symlink(data_dir, self.path("caunoi-data")).expect("a link");
        self
    }

    /// Runs commands in a shell until the first that fails; `caunoi` is on the path.
    async fn run(&self, commands: &str) -> CommandOutput {
        let mut command = Command::new("bash");
        let path = std::env::var("PATH").unwrap_or_default();
        command
            .args(["-euo", "pipefail", "-c", commands])
            .current_dir(self.folder.path())
            .env_clear()
            .env("PATH", format!("{}:{path}", self.path(&self.program_folder).display()))
            .env("LC_ALL", "C.UTF-8")
            .envs(self.variables.iter().map(|(name, value)| (name, value)));
        // Does not block this thread, because servers may run on it.
        let ended = tokio::task::spawn_blocking(move || command.output()).await.expect("it is waited for");
        let ended = ended.unwrap_or_else(|error| panic!("bash: {error}"));
        let text = |bytes: Vec<u8>| String::from_utf8(bytes).expect("UTF-8");
        CommandOutput { is_done: ended.status.success(), out: text(ended.stdout), err: text(ended.stderr) }
    }

    /// Runs commands that must succeed, and returns their output.
    async fn run_successfully(&self, commands: &str) -> String {
        let ran = self.run(commands).await;
        assert!(ran.is_done, "{commands}\n{ran}");
        ran.out
    }
}

/// Returns the lines of commands that `is_wanted` selects, in their order.
fn lines(commands: &str, is_wanted: impl Fn(&str) -> bool) -> String {
    let lines: Vec<&str> = commands.lines().filter(|line| is_wanted(line)).collect();
    assert!(!lines.is_empty(), "no such line in {commands}");
    lines.join("\n")
}
