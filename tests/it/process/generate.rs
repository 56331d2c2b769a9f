//! `caunoi generate`.

use tempfile::tempdir;

use super::MENDABLE;
use super::program::{Program, RunningProgram};
use crate::harness::on_both_databases;

#[test]
fn new_database_is_generated_once() {
    let folder = tempdir().expect("a temporary folder");
    let generate = |flags: &[&str]| {
        let program = match flags {
            [] => Program::new(["generate", "--agreements", "50", "--events", "20"]),
            _ => Program::new(["generate", "--agreements", "50", "--events", "20", flags[0]]),
        };
        program.with("CAUNOI_DATA_DIR", folder.path()).run()
    };
    let ended = generate(&[]);
    assert_eq!(ended.code, Some(0), "{ended}");
    let file = folder.path().join("caunoi.db");
    assert_eq!(ended.out, format!("Added 72 synthetic entries of seed 1 to {}.", file.display()), "{ended}");
    let again = generate(&[]);
    assert_eq!(again.code, MENDABLE, "{again}");
    assert!(again.error_line().contains("it already exists; name another one"), "{again}");
    let insisted = generate(&["--into-existing"]);
    assert_eq!(insisted.code, MENDABLE, "{insisted}");
    assert!(insisted.error_line().contains("It contains changes by synthetic:1"), "{insisted}");
    let verified = Program::new(["verify"]).with("CAUNOI_DATA_DIR", folder.path()).run();
    assert_eq!(verified.code, Some(0), "{verified}");
}

#[tokio::test]
async fn existing_database_is_generated_on_request() {
    on_both_databases(|settings| async move {
        let refused = Program::new(["generate", "--agreements", "10"]).on(&settings).run();
        assert_eq!(refused.code, MENDABLE, "{refused}");
        assert!(refused.error_line().ends_with("or use --into-existing to fill this one"), "{refused}");
        let ended = Program::new(["generate", "--agreements", "10", "--into-existing"]).on(&settings).run();
        assert_eq!(ended.code, Some(0), "{ended}");
        assert!(ended.out.starts_with("Added 11 synthetic entries of seed 1 to "), "{ended}");
    })
    .await;
}

#[test]
fn database_in_use_is_not_generated() {
    let folder = tempdir().expect("a temporary folder");
    let serve = Program::new(["serve", "--listen", "127.0.0.1:0"]).with("CAUNOI_DATA_DIR", folder.path());
    let mut serving = RunningProgram::start(serve);
    serving.address();
    let ended = Program::new(["generate", "--agreements", "10", "--into-existing"])
        .with("CAUNOI_DATA_DIR", folder.path())
        .run();
    assert_eq!(ended.code, MENDABLE, "{ended}");
    assert!(ended.error_line().contains("is in use by another caunoi"), "{ended}");
}

#[test]
fn invalid_numbers_are_refused_before_generation() {
    let parent = tempdir().expect("a temporary folder");
    let data_dir = parent.path().join("data");
    for number in ["--agreements=-1", "--agreements=10000001", "--agreements=many"] {
        let ended = Program::new(["generate", number]).with("CAUNOI_DATA_DIR", &data_dir).run();
        assert_eq!(ended.code, MENDABLE, "{ended}");
        assert!(ended.err.contains("--agreements <N>"), "{ended}");
    }
    assert!(!data_dir.exists());
}
