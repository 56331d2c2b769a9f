//! The real program: what it says and how it ends when something is wrong, and when it is told to stop.

mod generate;
mod killed;
mod listened;
mod metrics;
pub(crate) mod program;
mod redis;
mod request_ids;
mod spans;
mod token;
mod verify;

use std::fs;
use std::net::TcpListener;

use sea_orm::ConnectionTrait;

use crate::harness::{connect, on_a_server_database, on_both_databases};
use program::{Program, Running};

/// 2 says that the operator can mend it.
const MENDABLE: Option<i32> = Some(2);
/// 75 says that the same start may succeed later, so whoever starts processes tries again.
const UNANSWERED: Option<i32> = Some(75);

#[test]
fn a_taken_port_is_told_before_anything_is_made() {
    let holder = TcpListener::bind("127.0.0.1:0").expect("a free port");
    let address = holder.local_addr().expect("an address").to_string();
    let parent = tempfile::tempdir().expect("a temporary folder");
    let data_dir = parent.path().join("data");
    let serve = Program::new(["serve", "--listen", &address]).with("CAUNOI_DATA_DIR", &data_dir);
    let ended = serve.run();
    assert_eq!(ended.code, MENDABLE, "{ended}");
    assert_eq!(
        ended.complaint(),
        format!(
            "caunoi: cannot listen on {address}: another program listens there; \
             stop it, or choose another address with --listen"
        )
    );
    assert!(!data_dir.exists());
}

#[test]
fn a_folder_that_cannot_be_used_is_named() {
    let parent = tempfile::tempdir().expect("a temporary folder");
    let file = parent.path().join("file");
    fs::write(&file, "mine").expect("the folder takes a file");
    for data_dir in [file.clone(), file.join("below")] {
        let serve = Program::new(["serve", "--listen", "127.0.0.1:0"]).with("CAUNOI_DATA_DIR", &data_dir);
        let ended = serve.run();
        assert_eq!(ended.code, MENDABLE, "{ended}");
        let begin = format!("caunoi: cannot use the folder {}: ", data_dir.display());
        assert!(ended.complaint().starts_with(&begin), "{ended}");
        assert!(ended.complaint().ends_with("choose another with --data-dir"), "{ended}");
    }
    assert_eq!(fs::read_to_string(file).ok().as_deref(), Some("mine"));
}

#[test]
fn a_file_that_is_no_database_is_left_as_it_is() {
    let folder = tempfile::tempdir().expect("a temporary folder");
    let file = folder.path().join("caunoi.db");
    let text = "no database ".repeat(100);
    fs::write(&file, &text).expect("the folder takes a file");
    let ended = Program::new(["migrate"]).with("CAUNOI_DATA_DIR", folder.path()).run();
    assert_eq!(ended.code, MENDABLE, "{ended}");
    let begin = format!("caunoi: cannot use the database {}: ", file.display());
    assert!(ended.complaint().starts_with(&begin), "{ended}");
    assert_eq!(fs::read_to_string(file).ok(), Some(text));
}

#[test]
fn a_database_that_does_not_answer_is_told_without_its_password() {
    // Bound and closed: nobody listens there.
    let closed = TcpListener::bind("127.0.0.1:0").and_then(|listener| listener.local_addr()).expect("a port");
    let url = format!("postgres://caunoi:hunter2@{closed}/caunoi");
    let folder = tempfile::tempdir().expect("a temporary folder");
    for command in ["serve", "migrate", "verify"] {
        let program = Program::new([command, "--listen", "127.0.0.1:0"]).with("CAUNOI_DATABASE_URL", &url);
        let ended = program.with("CAUNOI_DATA_DIR", folder.path()).run();
        assert_eq!(ended.code, UNANSWERED, "{ended}");
        let begin = format!("caunoi: cannot use the database postgres://caunoi:***@{closed}/caunoi: ");
        assert!(ended.complaint().starts_with(&begin), "{ended}");
        assert!(!ended.to_string().contains("hunter2"), "{ended}");
    }
}

#[tokio::test]
async fn a_database_that_answers_no_is_for_the_operator_to_mend() {
    on_a_server_database(|settings| async move {
        let missing = format!("{}_of_nobody", settings.database_url.as_deref().expect("a server"));
        let ended = Program::new(["serve"]).on(&settings).with("CAUNOI_DATABASE_URL", missing).run();
        assert_eq!(ended.code, MENDABLE, "{ended}");
        assert!(ended.complaint().contains("names an existing database"), "{ended}");
    })
    .await;
}

#[tokio::test]
async fn a_database_that_is_newer_than_the_program_is_not_touched() {
    on_both_databases(|settings| async move {
        let database = connect(&settings).await;
        let newer = "INSERT INTO seaql_migrations (version, applied_at) VALUES ('m9999_of_tomorrow', 1)";
        database.execute_unprepared(newer).await.expect("a row is added");
        database.close().await.expect("the database closes");
        for command in ["serve", "migrate"] {
            let ended = Program::new([command]).on(&settings).run();
            assert_eq!(ended.code, MENDABLE, "{ended}");
            let complaint = ended.complaint();
            assert!(complaint.contains("is newer than this program"), "{ended}");
            assert!(
                complaint.contains("it has the step m9999_of_tomorrow; run the newer program"),
                "{ended}"
            );
        }
    })
    .await;
}

#[tokio::test]
async fn a_second_server_leaves_the_folder_to_the_first_and_a_signal_ends_that_one() {
    on_both_databases(|settings| async move {
        for signal in ["TERM", "INT"] {
            let mut first = Running::start(Program::new(["serve"]).on(&settings));
            let address = first.address();
            let ready = reqwest::get(format!("http://{address}/readyz")).await.expect("it answers");
            assert!(ready.status().is_success());

            // On PostgreSQL any number of servers shares the database and none needs the folder.
            if settings.database_url.is_none() {
                let second = Program::new(["serve"]).on(&settings).run();
                assert_eq!(second.code, MENDABLE, "{second}");
                assert_eq!(
                    second.complaint(),
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
async fn what_was_loaded_is_not_loaded_again() {
    on_both_databases(|settings| async move {
        let ended = Program::new(["migrate", "--log", "off"]).on(&settings).run();
        assert_eq!((ended.code, ended.err.as_str()), (Some(0), ""), "{ended}");
        let mut lines = ended.out.lines();
        let shape = lines.next().unwrap_or_default();
        assert!(shape.ends_with(" has the shape of this program (0 steps applied)."), "{ended}");
        let data = lines.next().unwrap_or_default();
        assert!(data.starts_with("The shipped data ") && data.ends_with(" was there already."), "{ended}");
        assert_eq!(lines.next(), None, "{ended}");
    })
    .await;
}

#[test]
fn a_wrong_setting_is_told_in_one_line() {
    let folder = tempfile::tempdir().expect("a temporary folder");
    let file = folder.path().join("caunoi.toml");
    fs::write(&file, "listen = \"127.0.0.1:0\"\nlog = 3\n").expect("the folder takes a file");
    let missing = folder.path().join("missing.toml");
    let serve = || Program::new(["serve"]).with("CAUNOI_DATA_DIR", folder.path().join("data"));
    for (program, told) in [
        (serve().with("CAUNOI_LISTEN", "8080"), "listen (env:CAUNOI_LISTEN): \"8080\" is not an address"),
        (serve().with("CAUNOI_LISTN", "x"), "unknown environment variable CAUNOI_LISTN; known are "),
        (serve().with("CAUNOI_DATABASE_URL", "mysql://a:hunter2@b/c"), "it must begin with postgres://"),
        (serve().with("CAUNOI_CONFIG", &file), "log must be a text in quotes"),
        (serve().with("CAUNOI_CONFIG", &missing), "cannot read the file "),
    ] {
        let ended = program.run();
        assert_eq!(ended.code, MENDABLE, "{ended}");
        assert!(ended.complaint().contains(told), "{ended}");
        assert!(!ended.err.contains("hunter2"), "{ended}");
    }
    assert!(!folder.path().join("data").exists());
}

#[test]
fn secrets_are_shown_to_nobody() {
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
fn the_schema_is_the_committed_one() {
    let ended = Program::new(["schema"]).run();
    assert_eq!((ended.code, ended.err.as_str()), (Some(0), ""), "{ended}");
    let committed = include_str!("../../schema/schema.graphql");
    let differs = ended.out.lines().zip(committed.lines()).find(|(ours, theirs)| ours != theirs);
    assert_eq!(differs, None, "run make schema and commit the result");
    assert_eq!(ended.out.lines().count(), committed.lines().count());
}

#[test]
fn help_teaches_and_a_bare_call_explains() {
    let help = Program::new(["--help"]).run();
    assert_eq!(help.code, Some(0), "{help}");
    for word in ["caunoi serve", "CAUNOI_DATABASE_URL", "Exit codes:", "/readyz", "curl "] {
        assert!(help.out.contains(word), "{word} is missing: {help}");
    }
    let bare = Program::new([]).run();
    assert_eq!(bare.code, MENDABLE, "{bare}");
    assert!(bare.err.contains("Usage:"), "{bare}");
}
