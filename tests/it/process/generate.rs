//! `caunoi generate`.

use tempfile::tempdir;

use super::MENDABLE;
use super::program::{Program, Running};
use crate::harness::on_both_databases;

#[test]
fn a_new_database_is_filled_once() {
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
    assert_eq!(ended.out, format!("72 synthetic entries of seed 1 stand in {}.", file.display()), "{ended}");
    let again = generate(&[]);
    assert_eq!(again.code, MENDABLE, "{again}");
    assert!(again.complaint().contains("it was there before; name another one"), "{again}");
    let insisted = generate(&["--into-existing"]);
    assert_eq!(insisted.code, MENDABLE, "{insisted}");
    assert!(insisted.complaint().contains("it holds what synthetic:1 wrote already"), "{insisted}");
    let verified = Program::new(["verify"]).with("CAUNOI_DATA_DIR", folder.path()).run();
    assert_eq!(verified.code, Some(0), "{verified}");
}

#[tokio::test]
async fn a_database_that_was_there_is_filled_on_request() {
    on_both_databases(|settings| async move {
        let refused = Program::new(["generate", "--agreements", "10"]).on(&settings).run();
        assert_eq!(refused.code, MENDABLE, "{refused}");
        assert!(refused.complaint().ends_with("or say --into-existing to fill this one"), "{refused}");
        let ended = Program::new(["generate", "--agreements", "10", "--into-existing"]).on(&settings).run();
        assert_eq!(ended.code, Some(0), "{ended}");
        assert!(ended.out.starts_with("11 synthetic entries of seed 1 stand in "), "{ended}");
    })
    .await;
}

#[test]
fn a_database_in_use_is_not_filled() {
    let folder = tempdir().expect("a temporary folder");
    let serve = Program::new(["serve", "--listen", "127.0.0.1:0"]).with("CAUNOI_DATA_DIR", folder.path());
    let mut serving = Running::start(serve);
    serving.address();
    let ended = Program::new(["generate", "--agreements", "10", "--into-existing"])
        .with("CAUNOI_DATA_DIR", folder.path())
        .run();
    assert_eq!(ended.code, MENDABLE, "{ended}");
    assert!(ended.complaint().contains("is in use by another caunoi"), "{ended}");
}

#[test]
fn numbers_that_make_no_sense_are_refused_before_anything_is_made() {
    let parent = tempdir().expect("a temporary folder");
    let data_dir = parent.path().join("data");
    for number in ["--agreements=-1", "--agreements=10000001", "--agreements=many"] {
        let ended = Program::new(["generate", number]).with("CAUNOI_DATA_DIR", &data_dir).run();
        assert_eq!(ended.code, MENDABLE, "{ended}");
        assert!(ended.err.contains("--agreements <N>"), "{ended}");
    }
    assert!(!data_dir.exists());
}
