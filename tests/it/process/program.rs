//! The program as its users start it.

use std::fmt;
use std::io::{BufRead, BufReader, Read};
use std::path::{Path, PathBuf};
use std::process::{Child, Command, ExitStatus, Stdio};
use std::sync::mpsc::{Receiver, Sender, channel};
use std::thread;

use caunoi_server::Settings;
use serde_json::Value;

use crate::harness::PATIENCE;

/// A command line, without anything from the environment of the tests.
pub(crate) struct Program(Command);

/// What a program left that has ended.
pub(crate) struct Ended {
    pub(crate) code: Option<i32>,
    pub(crate) out: String,
    pub(crate) err: String,
}

impl Program {
    pub(crate) fn new<const N: usize>(arguments: [&str; N]) -> Self {
        let mut command = Command::new(file());
        command
            .args(arguments)
            .env_clear()
            .stdin(Stdio::null())
            .stdout(Stdio::piped())
            .stderr(Stdio::piped());
        Self(command)
    }

    pub(crate) fn with(mut self, variable: &str, value: impl AsRef<Path>) -> Self {
        self.0.env(variable, value.as_ref());
        self
    }

    /// On the database of these settings, and on any free port.
    pub(crate) fn on(self, settings: &Settings) -> Self {
        let placed = self.with("CAUNOI_LISTEN", "127.0.0.1:0").with("CAUNOI_DATA_DIR", &settings.data_dir);
        match &settings.database_url {
            None => placed,
            Some(url) => placed.with("CAUNOI_DATABASE_URL", url),
        }
    }

    /// The same started so that a write beyond the limit of file size fails, where it would kill otherwise.
    pub(crate) fn failing_beyond_file_size(self) -> Self {
        let mut shell = Command::new("/bin/sh");
        shell.args(["-c", "trap '' XFSZ; exec \"$0\" \"$@\""]);
        shell.arg(self.0.get_program()).args(self.0.get_args()).env_clear();
        shell.envs(self.0.get_envs().filter_map(|(name, value)| Some((name, value?))));
        shell.stdin(Stdio::null()).stdout(Stdio::piped()).stderr(Stdio::piped());
        Self(shell)
    }

    /// Waits until it ends by itself.
    pub(crate) fn run(self) -> Ended {
        Running::start(self).wait()
    }
}

/// A program that runs. Dropping it kills it.
pub(crate) struct Running {
    child: Child,
    out: Receiver<String>,
    err: Receiver<String>,
    told: Vec<String>,
}

impl Running {
    pub(crate) fn start(mut program: Program) -> Self {
        let mut child = program.0.spawn().unwrap_or_else(|error| panic!("{:?}: {error}", program.0));
        let out = lines(child.stdout.take().expect("standard output is piped"));
        let err = lines(child.stderr.take().expect("standard error is piped"));
        Self { child, out, err, told: Vec::new() }
    }

    /// Waits until it says that it is ready, and gives its address.
    pub(crate) fn address(&mut self) -> String {
        loop {
            let Ok(line) = self.err.recv_timeout(PATIENCE) else { panic!("never ready: {:#?}", self.told) };
            let event: Value = serde_json::from_str(&line).unwrap_or_default();
            self.told.push(line);
            if event["message"] == "ready" {
                return event["address"].as_str().expect("an address").to_owned();
            }
        }
    }

    /// Where it tells its metrics, once it is ready.
    pub(crate) fn metrics_address(&self) -> String {
        let events = self.told.iter().filter_map(|line| serde_json::from_str::<Value>(line).ok());
        let told = events.into_iter().find(|event| event["message"] == "metrics are told");
        told.and_then(|event| event["address"].as_str().map(str::to_owned)).expect("an address of its own")
    }

    /// Sends a signal by its name.
    pub(crate) fn signal(&self, name: &str) {
        let kill = format!("kill -{name} {}", self.child.id());
        let sent = Command::new("sh").args(["-c", &kill]).status().expect("a shell");
        assert!(sent.success(), "{kill}");
    }

    /// Limits the size of the files that it writes: bytes, or `unlimited`.
    pub(crate) fn limit_file_size(&self, limit: &str) {
        let mut prlimit = Command::new("prlimit");
        prlimit.args(["--pid", &self.child.id().to_string(), &format!("--fsize={limit}:")]);
        let status = prlimit.status().unwrap_or_else(|error| panic!("prlimit (util-linux): {error}"));
        assert!(status.success(), "{prlimit:?}");
    }

    /// Waits until it ends.
    pub(crate) fn wait(mut self) -> Ended {
        let out = rest(&self.out, Vec::new());
        let err = rest(&self.err, std::mem::take(&mut self.told));
        // Both outputs are closed, so it ends or has ended.
        let status: ExitStatus = self.child.wait().expect("it can be waited for");
        Ended { code: status.code(), out, err }
    }
}

impl Drop for Running {
    fn drop(&mut self) {
        // It may have ended already.
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

impl Ended {
    /// The one line on standard error that is for people; the others are logs in JSON.
    pub(crate) fn complaint(&self) -> &str {
        let mut lines = self.err.lines().filter(|line| !line.starts_with('{'));
        let line = lines.next().unwrap_or_default();
        assert!(line.starts_with("caunoi: ") && lines.next().is_none(), "not one clear line: {self}");
        line
    }
}

impl fmt::Display for Ended {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(out, "code {:?}\n{}\n{}", self.code, self.out, self.err)
    }
}

/// Beside the folder of this test's own file.
pub(crate) fn file() -> PathBuf {
    let own = std::env::current_exe().expect("a test knows its file");
    let folder = own.ancestors().nth(2).expect("tests lie two folders deep");
    let file = folder.join("caunoi").with_extension(std::env::consts::EXE_EXTENSION);
    assert!(
        file.is_file(),
        "{} is missing: build it with `cargo build --workspace --all-targets`, as tests/run does",
        file.display()
    );
    file
}

/// Reads on a thread, so that a full pipe stops nobody and waiting has a bound.
fn lines(pipe: impl Read + Send + 'static) -> Receiver<String> {
    let (tell, told): (Sender<String>, _) = channel();
    thread::spawn(move || {
        for line in BufReader::new(pipe).lines().map_while(Result::ok) {
            if tell.send(line).is_err() {
                return;
            }
        }
    });
    told
}

/// All lines until the pipe is closed.
fn rest(lines: &Receiver<String>, mut told: Vec<String>) -> String {
    use std::sync::mpsc::RecvTimeoutError::{Disconnected, Timeout};
    loop {
        match lines.recv_timeout(PATIENCE) {
            Ok(line) => told.push(line),
            Err(Disconnected) => return told.join("\n"),
            Err(Timeout) => panic!("it does not end: {told:#?}"),
        }
    }
}
