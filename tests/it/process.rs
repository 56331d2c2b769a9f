//! The program as a process: its messages and exit codes on errors and on a stop.

mod crash_recovery;
mod generate;
mod metrics;
pub(crate) mod program;
mod redis;
mod request_ids;
mod spans;
mod subscribers;
mod token;
mod verify;

use std::fs;
use std::net::TcpListener;

use sea_orm::ConnectionTrait;

use crate::harness::{connect, on_both_databases, on_postgres};
use program::{Program, RunningProgram};

/// The exit code of errors that the operator can correct.
const MENDABLE: Option<i32> = Some(2);
/// The exit code of errors that may disappear, so that the service manager starts it again.
const UNANSWERED: Option<i32> = Some(75);

#[test]
fn taken_port_is_reported_before_files_are_created() {
    let holder = TcpListener::bind("127.0.0.1:0").expect("a free port");
    let address = holder.local_addr().expect("an address").to_string();
    let parent = tempfile::tempdir().expect("a temporary folder");
    let data_dir = parent.path().join("data");
    let serve = Program::new(["serve", "--listen", &address]).with("CAUNOI_DATA_DIR", &data_dir);
    let ended = serve.run();
    assert_eq!(ended.code, MENDABLE, "{ended}");
    assert_eq!(
        ended.error_line(),
        format!(
            "caunoi: cannot listen on {address}: another program listens there; \
             stop it, or choose another address with --listen"
        )
    );
    assert!(!data_dir.exists());
}

#[test]
fn unusable_folder_is_named() {
    let parent = tempfile::tempdir().expect("a temporary folder");
    let file = parent.path().join("file");
    fs::write(&file, "mine").expect("the folder takes a file");
    for data_dir in [file.clone(), file.join("below")] {
        let serve = Program::new(["serve", "--listen", "127.0.0.1:0"]).with("CAUNOI_DATA_DIR", &data_dir);
        let ended = serve.run();
        assert_eq!(ended.code, MENDABLE, "{ended}");
        let begin = format!("caunoi: cannot use the folder {}: ", data_dir.display());
        assert!(ended.error_line().starts_with(&begin), "{ended}");
        assert!(ended.error_line().ends_with("choose another with --data-dir"), "{ended}");
    }
    assert_eq!(fs::read_to_string(file).ok().as_deref(), Some("mine"));
}

#[test]
fn file_that_is_no_database_stays_unchanged() {
    let folder = tempfile::tempdir().expect("a temporary folder");
    let file = folder.path().join("caunoi.db");
    let text = "no database ".repeat(100);
    fs::write(&file, &text).expect("the folder takes a file");
    let ended = Program::new(["migrate"]).with("CAUNOI_DATA_DIR", folder.path()).run();
    assert_eq!(ended.code, MENDABLE, "{ended}");
    let begin = format!("caunoi: cannot use the database {}: ", file.display());
    assert!(ended.error_line().starts_with(&begin), "{ended}");
    assert_eq!(fs::read_to_string(file).ok(), Some(text));
}

#[test]
fn unreachable_database_is_reported_without_password() {
    // Bound and closed, so that no process listens there.
    let closed = TcpListener::bind("127.0.0.1:0").and_then(|listener| listener.local_addr()).expect("a port");
    let url = format!("postgres://caunoi:hunter2@{closed}/caunoi");
    let folder = tempfile::tempdir().expect("a temporary folder");
    for command in ["serve", "migrate", "verify"] {
        let program = Program::new([command, "--listen", "127.0.0.1:0"]).with("CAUNOI_DATABASE_URL", &url);
        let ended = program.with("CAUNOI_DATA_DIR", folder.path()).run();
        assert_eq!(ended.code, UNANSWERED, "{ended}");
        let begin = format!("caunoi: cannot use the database postgres://caunoi:***@{closed}/caunoi: ");
        assert!(ended.error_line().starts_with(&begin), "{ended}");
        assert!(!ended.to_string().contains("hunter2"), "{ended}");
    }
}

#[tokio::test]
async fn missing_database_exits_with_2() {
    on_postgres(|settings| async move {
        let missing = format!("{}_unknown", settings.database_url.as_deref().expect("a server"));
        let ended = Program::new(["serve"]).on(&settings).with("CAUNOI_DATABASE_URL", missing).run();
        assert_eq!(ended.code, MENDABLE, "{ended}");
        assert!(ended.error_line().contains("names an existing database"), "{ended}");
    })
    .await;
}

#[tokio::test]
async fn newer_database_is_not_changed() {
    on_both_databases(|settings| async move {
        let database = connect(&settings).await;
        let newer = "INSERT INTO seaql_migrations (version, applied_at) VALUES ('m9999_of_tomorrow', 1)";
        database.execute_unprepared(newer).await.expect("a row is added");
        database.close().await.expect("the database closes");
        for command in ["serve", "migrate"] {
            let ended = Program::new([command]).on(&settings).run();
            assert_eq!(ended.code, MENDABLE, "{ended}");
            let line = ended.error_line();
            assert!(line.contains("is newer than this program"), "{ended}");
            assert!(line.contains("it has the step m9999_of_tomorrow; run the newer program"), "{ended}");
        }
    })
    .await;
}

#[tokio::test]
async fn second_server_cannot_open_a_locked_folder() {
    on_both_databases(|settings| async move {
        for signal in ["TERM", "INT"] {
            let mut first = RunningProgram::start(Program::new(["serve"]).on(&settings));
            let address = first.address();
            let ready = reqwest::get(format!("http://{address}/readyz")).await.expect("it answers");
            assert!(ready.status().is_success());

            // On PostgreSQL several servers share the database, and none locks the folder.
            if settings.database_url.is_none() {
                let second = Program::new(["serve"]).on(&settings).run();
                assert_eq!(second.code, MENDABLE, "{second}");
                assert_eq!(
                    second.error_line(),
                    format!(
                        "caunoi: the folder {} is in use by another caunoi; stop that one, \
                         or choose another folder with --data-dir",
                        settings.data_dir.display()
                    )
                );
            }

            first.signal(signal);
            let ended = first.wait();
            assert_eq!(ended.code, Some(0), "{ended}");
            assert!(ended.err.lines().last().is_some_and(|line| line.contains("\"stopped\"")), "{ended}");
            assert!(ended.out.is_empty(), "{ended}");
        }
    })
    .await;
}

#[tokio::test]
async fn loaded_data_is_not_loaded_again() {
    on_both_databases(|settings| async move {
        let ended = Program::new(["migrate", "--log", "off"]).on(&settings).run();
        assert_eq!((ended.code, ended.err.as_str()), (Some(0), ""), "{ended}");
        let mut lines = ended.out.lines();
        let shape = lines.next().unwrap_or_default();
        assert!(shape.ends_with(" has the schema of this program (0 migrations applied)."), "{ended}");
        let data = lines.next().unwrap_or_default();
        assert!(data.starts_with("The shipped data ") && data.ends_with(" is already loaded."), "{ended}");
        assert_eq!(lines.next(), None, "{ended}");
    })
    .await;
}

#[test]
fn invalid_setting_is_one_error_line() {
    let folder = tempfile::tempdir().expect("a temporary folder");
    let file = folder.path().join("caunoi.toml");
    fs::write(&file, "listen = \"127.0.0.1:0\"\nlog = 3\n").expect("the folder takes a file");
    let missing = folder.path().join("missing.toml");
    let serve = || Program::new(["serve"]).with("CAUNOI_DATA_DIR", folder.path().join("data"));
    for (program, received) in [
        (serve().with("CAUNOI_LISTEN", "8080"), "listen (env:CAUNOI_LISTEN): \"8080\" is not an address"),
        (
            serve().with("CAUNOI_LISTN", "x"),
            "unknown setting CAUNOI_LISTN (env): did you mean CAUNOI_LISTEN?",
        ),
        (serve().with("CAUNOI_DATABASE_URL", "mysql://a:hunter2@b/c"), "it must begin with postgres://"),
        (serve().with("CAUNOI_CONFIG", &file), "\"3\" is not off, error, warn, info"),
        (serve().with("CAUNOI_CONFIG", &missing), "cannot read the file "),
    ] {
        let ended = program.run();
        assert_eq!(ended.code, MENDABLE, "{ended}");
        assert!(ended.error_line().contains(received), "{ended}");
        assert!(!ended.err.contains("hunter2"), "{ended}");
    }
    assert!(!folder.path().join("data").exists());
}

#[test]
fn config_command_masks_secrets() {
    let folder = tempfile::tempdir().expect("a temporary folder");
    let secret = folder.path().join("url");
    fs::write(&secret, "postgres://caunoi:hunter2@db/caunoi\n").expect("the folder takes a file");
    let config = Program::new(["config", "--listen", "127.0.0.1:9"])
        .with("CAUNOI_DATABASE_URL_FILE", &secret)
        .with("CAUNOI_REDIS_URL", "redis://:hunter2@cache:6379");
    let ended = config.run();
    assert_eq!((ended.code, ended.err.as_str()), (Some(0), ""), "{ended}");
    assert!(!ended.out.contains("hunter2"), "{ended}");
    let words: Vec<Vec<&str>> = ended.out.lines().map(|line| line.split_whitespace().collect()).collect();
    for row in [
        ["key", "value", "origin"],
        ["listen", "127.0.0.1:9", "flag"],
        ["data_dir", "./caunoi-data", "default"],
        ["database_url", "postgres://caunoi:***@db/caunoi", "env:CAUNOI_DATABASE_URL_FILE"],
        ["redis_url", "redis://:***@cache:6379", "env:CAUNOI_REDIS_URL"],
    ] {
        assert!(words.iter().any(|words| words == &row), "{row:?} is missing: {ended}");
    }
}

#[test]
fn schema_command_prints_the_committed_schema() {
    let ended = Program::new(["schema"]).run();
    assert_eq!((ended.code, ended.err.as_str()), (Some(0), ""), "{ended}");
    let committed = include_str!("../../schema/schema.graphql");
    let differs = ended.out.lines().zip(committed.lines()).find(|(ours, theirs)| ours != theirs);
    assert_eq!(differs, None, "run make schema and commit the result");
    assert_eq!(ended.out.lines().count(), committed.lines().count());
}

#[test]
fn help_and_bare_command_print_usage() {
    let help = Program::new(["--help"]).run();
    assert_eq!(help.code, Some(0), "{help}");
    for word in ["caunoi serve", "CAUNOI_DATABASE_URL", "Exit codes:", "/readyz", "curl "] {
        assert!(help.out.contains(word), "{word} is missing: {help}");
    }
    let bare = Program::new([]).run();
    assert_eq!(bare.code, MENDABLE, "{bare}");
    assert!(bare.err.contains("Usage:"), "{bare}");
}
