//! A full file system and files that cannot grow, below a server that runs as a process of its own.

use std::fs::{self, File};
use std::io::Write as _;
use std::path::{Path, PathBuf};
use std::process::Command;

use caunoi_server::Settings;
use tempfile::TempDir;

use super::{Ledger, Writer, assert_unavailable};
use crate::harness::on_a_file_database;
use crate::process::program::{Program, Running};

/// A page with its head in the write-ahead log.
const FRAME: u64 = 4_096 + 24;
const PAGE: u64 = 4_096;
/// As large as the register and what the test writes.
const SMALL: &str = "size=64m";
const STEPS: u64 = 40;

/// A fault that lets so many pages be written before it.
trait Fault {
    fn begin(&self, server: &Running, pages: u64);
    fn end(&self, server: &Running);
}

/// A limit of the size of files (EFBIG), which SQLite calls an I/O error.
struct FileSize {
    log: PathBuf,
}

impl Fault for FileSize {
    fn begin(&self, server: &Running, pages: u64) {
        let length = fs::metadata(&self.log).map_or(0, |file| file.len());
        server.limit_file_size(&(length + pages * FRAME).to_string());
    }

    fn end(&self, server: &Running) {
        server.limit_file_size("unlimited");
    }
}

/// A small file system that is filled up (ENOSPC).
struct SmallDisk {
    folder: TempDir,
}

impl SmallDisk {
    /// Mounts one; the error says why this machine does not let us.
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

impl Fault for SmallDisk {
    fn begin(&self, _server: &Running, pages: u64) {
        let mut ballast = File::create(self.ballast()).expect("a file");
        let page = [7; 4_096];
        while ballast.write_all(&page).is_ok() {}
        let length = ballast.metadata().expect("its size").len();
        ballast.set_len(length.saturating_sub(pages * PAGE)).expect("it can be cut");
    }

    fn end(&self, _server: &Running) {
        fs::remove_file(self.ballast()).expect("the ballast is there");
    }
}

impl Drop for SmallDisk {
    fn drop(&mut self) {
        // The folder cannot be removed as long as something is mounted there.
        let _ = Command::new("umount").arg("-l").arg(self.folder.path()).status();
    }
}

fn token(settings: &Settings) -> String {
    let wish = ["token", "--role", "publisher", "--province", "DONG_NAI"];
    let ended = Program::new(wish).on(settings).run();
    ended.out.lines().last().expect("a token").to_owned()
}

fn serve(settings: &Settings) -> Running {
    Running::start(Program::new(["serve"]).on(settings).failing_beyond_file_size())
}

/// Writes with a fault after each number of pages.
async fn write_through(settings: &Settings, fault: &impl Fault) {
    let token = token(settings);
    let mut server = serve(settings);
    let writer = Writer::new(format!("http://{}", server.address()), token.clone());
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
        assert_eq!(writer.obstacle().await, None);
    }
    assert!(ledger.refused.len() > 5, "only {} writes met the fault", ledger.refused.len());
    server.signal("TERM");
    let ended = server.wait();
    assert_eq!(ended.code, Some(0), "{ended}");

    let mut server = serve(settings);
    let writer = Writer::new(format!("http://{}", server.address()), token);
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
async fn failing_files_lose_nothing_that_was_acknowledged() {
    on_a_file_database(|settings| async move {
        write_through(&settings, &limit_below(&settings.data_dir)).await;
    })
    .await;
}

#[tokio::test]
async fn a_full_disk_loses_nothing_that_was_acknowledged() {
    on_a_file_database(|settings| async move {
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
