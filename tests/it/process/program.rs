//! The program as a process.

use std::fmt;
use std::io::{BufRead, BufReader, Read};
use std::path::{Path, PathBuf};
use std::process::{Child, Command, ExitStatus, Stdio};
use std::sync::mpsc::{Receiver, Sender, channel};
use std::thread;

use caunoi_server::Settings;
use serde_json::Value;

use crate::harness::TEST_TIMEOUT;

/// A command line with an empty environment.
pub(crate) struct Program(Command);

/// The output and exit code of a finished program.
pub(crate) struct ProgramOutput {
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

    /// Uses the database of these settings and any free port.
    pub(crate) fn on(self, settings: &Settings) -> Self {
        let placed = self.with("CAUNOI_LISTEN", "127.0.0.1:0").with("CAUNOI_DATA_DIR", &settings.data_dir);
        match &settings.database_url {
            None => placed,
            Some(url) => placed.with("CAUNOI_DATABASE_URL", url),
        }
    }

    /// Makes a write beyond the file size limit fail instead of killing the process.
    pub(crate) fn failing_beyond_file_size(self) -> Self {
        let mut shell = Command::new("/bin/sh");
        shell.args(["-c", "trap '' XFSZ; exec \"$0\" \"$@\""]);
        shell.arg(self.0.get_program()).args(self.0.get_args()).env_clear();
        shell.envs(self.0.get_envs().filter_map(|(name, value)| Some((name, value?))));
        shell.stdin(Stdio::null()).stdout(Stdio::piped()).stderr(Stdio::piped());
        Self(shell)
    }

    /// Runs the program until it exits.
    pub(crate) fn run(self) -> ProgramOutput {
        RunningProgram::start(self).wait()
    }
}

/// A running program, killed when dropped.
pub(crate) struct RunningProgram {
    child: Child,
    out: Receiver<String>,
    err: Receiver<String>,
    received: Vec<String>,
}

impl RunningProgram {
    pub(crate) fn start(mut program: Program) -> Self {
        let mut child = program.0.spawn().unwrap_or_else(|error| panic!("{:?}: {error}", program.0));
        let out = lines(child.stdout.take().expect("standard output is piped"));
        let err = lines(child.stderr.take().expect("standard error is piped"));
        Self { child, out, err, received: Vec::new() }
    }

    /// Waits until it reports that it is ready, and returns its address.
    pub(crate) fn address(&mut self) -> String {
        loop {
            let Ok(line) = self.err.recv_timeout(TEST_TIMEOUT) else {
                panic!("never ready: {:#?}", self.received)
            };
            let event: Value = serde_json::from_str(&line).unwrap_or_default();
            self.received.push(line);
            if event["message"] == "ready" {
                return event["address"].as_str().expect("an address").to_owned();
            }
        }
    }

    /// Returns the address of its metrics, after it is ready.
    pub(crate) fn metrics_address(&self) -> String {
        let events = self.received.iter().filter_map(|line| serde_json::from_str::<Value>(line).ok());
        let received = events.into_iter().find(|event| event["message"] == "serving metrics");
        received
            .and_then(|event| event["address"].as_str().map(str::to_owned))
            .expect("an address of its own")
    }

    /// Sends a signal by its name.
    pub(crate) fn signal(&self, name: &str) {
        let kill = format!("kill -{name} {}", self.child.id());
        let sent = Command::new("sh").args(["-c", &kill]).status().expect("a shell");
        assert!(sent.success(), "{kill}");
    }

    /// Sets the file size limit of the process: bytes, or `unlimited`.
    pub(crate) fn limit_file_size(&self, limit: &str) {
        let mut prlimit = Command::new("prlimit");
        prlimit.args(["--pid", &self.child.id().to_string(), &format!("--fsize={limit}:")]);
        let status = prlimit.status().unwrap_or_else(|error| panic!("prlimit (util-linux): {error}"));
        assert!(status.success(), "{prlimit:?}");
    }

    /// Waits until it exits.
    pub(crate) fn wait(mut self) -> ProgramOutput {
        let out = rest(&self.out, Vec::new());
        let err = rest(&self.err, std::mem::take(&mut self.received));
        // Both outputs are closed, so the process exits.
        let status: ExitStatus = self.child.wait().expect("it can be waited for");
        ProgramOutput { code: status.code(), out, err }
    }
}

impl Drop for RunningProgram {
    fn drop(&mut self) {
        // The process may have exited already.
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

impl ProgramOutput {
    /// Returns the line on standard error that is not a JSON log line.
    pub(crate) fn error_line(&self) -> &str {
        let mut lines = self.err.lines().filter(|line| !line.starts_with('{'));
        let line = lines.next().unwrap_or_default();
        assert!(line.starts_with("caunoi: ") && lines.next().is_none(), "not one clear line: {self}");
        line
    }
}

impl fmt::Display for ProgramOutput {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(out, "code {:?}\n{}\n{}", self.code, self.out, self.err)
    }
}

/// Returns the path of the program, in the parent folder of the test binary.
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

/// Reads on a thread, so that a full pipe does not block the program and waiting has a time-out.
fn lines(pipe: impl Read + Send + 'static) -> Receiver<String> {
    let (tell, received): (Sender<String>, _) = channel();
    thread::spawn(move || {
        for line in BufReader::new(pipe).lines().map_while(Result::ok) {
            if tell.send(line).is_err() {
                return;
            }
        }
    });
    received
}

/// Returns all lines until the pipe is closed.
fn rest(lines: &Receiver<String>, mut received: Vec<String>) -> String {
    use std::sync::mpsc::RecvTimeoutError::{Disconnected, Timeout};
    loop {
        match lines.recv_timeout(TEST_TIMEOUT) {
            Ok(line) => received.push(line),
            Err(Disconnected) => return received.join("\n"),
            Err(Timeout) => panic!("it does not end: {received:#?}"),
        }
    }
}
