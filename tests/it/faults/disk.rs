//! A full file system and a file size limit, under a server in a separate process.

use std::fs::{self, File};
use std::io::Write as _;
use std::path::{Path, PathBuf};
use std::process::Command;

use caunoi_server::Settings;
use tempfile::TempDir;

use super::{Ledger, TestWriter, assert_unavailable};
use crate::harness::on_sqlite;
use crate::process::program::{Program, RunningProgram};

/// The size of a page with its header in the write-ahead log.
const FRAME: u64 = 4_096 + 24;
const PAGE: u64 = 4_096;
/// Large enough for the register and the writes of the test.
const SMALL: &str = "size=64m";
const STEPS: u64 = 40;

/// A failure after a given number of written pages.
trait DiskFault {
    fn begin(&self, server: &RunningProgram, pages: u64);
    fn end(&self, server: &RunningProgram);
}

/// A file size limit (EFBIG), which SQLite reports as an I/O error.
struct FileSize {
    log: PathBuf,
}

impl DiskFault for FileSize {
    fn begin(&self, server: &RunningProgram, pages: u64) {
        let length = fs::metadata(&self.log).map_or(0, |file| file.len());
        server.limit_file_size(&(length + pages * FRAME).to_string());
    }

    fn end(&self, server: &RunningProgram) {
        server.limit_file_size("unlimited");
    }
}

/// A small file system that fills up (ENOSPC).
struct SmallDisk {
    folder: TempDir,
}

impl SmallDisk {
    /// Mounts the file system; the error is the reason why this machine does not allow it.
    fn mount() -> Result<Self, String> {
        let folder = tempfile::tempdir().expect("a temporary folder");
        let mut mount = Command::new("mount");
        mount.args(["-t", "tmpfs", "-o", SMALL, "tmpfs"]).arg(folder.path());
        match mount.output() {
            Ok(output) if output.status.success() => Ok(Self { folder }),
            Ok(output) => Err(String::from_utf8_lossy(&output.stderr).trim().to_owned()),
            Err(error) => Err(error.to_string()),
        }
    }

    fn ballast(&self) -> PathBuf {
        self.folder.path().join("ballast")
    }
}

impl DiskFault for SmallDisk {
    fn begin(&self, _server: &RunningProgram, pages: u64) {
        let mut ballast = File::create(self.ballast()).expect("a file");
        let page = [7; 4_096];
        while ballast.write_all(&page).is_ok() {}
        let length = ballast.metadata().expect("its size").len();
        ballast.set_len(length.saturating_sub(pages * PAGE)).expect("it can be cut");
    }

    fn end(&self, _server: &RunningProgram) {
        fs::remove_file(self.ballast()).expect("the ballast is there");
    }
}

impl Drop for SmallDisk {
    fn drop(&mut self) {
        // A folder cannot be removed while a file system is mounted there.
        let _ = Command::new("umount").arg("-l").arg(self.folder.path()).status();
    }
}

fn token(settings: &Settings) -> String {
    let wish = ["token", "--role", "publisher", "--province", "DONG_NAI"];
    let ended = Program::new(wish).on(settings).run();
    ended.out.lines().last().expect("a token").to_owned()
}

fn serve(settings: &Settings) -> RunningProgram {
    RunningProgram::start(Program::new(["serve"]).on(settings).failing_beyond_file_size())
}

/// Writes with a failure after each number of pages.
async fn write_through(settings: &Settings, fault: &impl DiskFault) {
    let token = token(settings);
    let mut server = serve(settings);
    let writer = TestWriter::new(format!("http://{}", server.address()), token.clone());
    let target = writer.create("Faulty target").await.unwrap_or_else(|error| panic!("{error}"));
    let mut ledger = Ledger::default();
    for pages in 0..STEPS {
        fault.begin(&server, pages);
        let error = ledger.attempt(&writer, &format!("Faulty disk {pages}")).await;
        fault.end(&server);
        if let Some(error) = error {
            assert_unavailable(&error);
        }
        ledger.write_after(&writer, &target.id, &format!("Faulty after disk {pages}")).await;
        assert_eq!(writer.unready_reason().await, None);
    }
    assert!(ledger.refused.len() > 5, "only {} writes met the fault", ledger.refused.len());
    server.signal("TERM");
    let ended = server.wait();
    assert_eq!(ended.code, Some(0), "{ended}");

    let mut server = serve(settings);
    let writer = TestWriter::new(format!("http://{}", server.address()), token);
    ledger.check(&writer).await;
    server.signal("TERM");
    server.wait();
    let verified = Program::new(["verify"]).on(settings).run();
    assert_eq!(verified.code, Some(0), "{verified}");
}

fn limit_below(data_dir: &Path) -> FileSize {
    FileSize { log: data_dir.join("caunoi.db-wal") }
}

#[tokio::test]
async fn file_errors_lose_no_acknowledged_write() {
    on_sqlite(|settings| async move {
        write_through(&settings, &limit_below(&settings.data_dir)).await;
    })
    .await;
}

#[tokio::test]
async fn full_disk_loses_no_acknowledged_write() {
    on_sqlite(|settings| async move {
        let disk = match SmallDisk::mount() {
            Ok(disk) => disk,
            Err(reason) => {
                eprintln!("no small file system can be mounted ({reason}); the files are limited instead");
                return write_through(&settings, &limit_below(&settings.data_dir)).await;
            }
        };
        let data_dir = disk.folder.path().join("data");
        fs::create_dir(&data_dir).expect("a folder");
        for file in
            fs::read_dir(&settings.data_dir).expect("the data folder").map(|file| file.expect("a file"))
        {
            fs::copy(file.path(), data_dir.join(file.file_name())).expect("the disk takes the register");
        }
        write_through(&Settings { data_dir, ..settings }, &disk).await;
    })
    .await;
}
