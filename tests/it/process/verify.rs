//! `caunoi verify`, with and without a running server.

use sea_orm::ConnectionTrait;

use super::MENDABLE;
use super::program::{Program, RunningProgram};
use crate::harness::{connect, on_both_databases};

#[tokio::test]
async fn database_is_verified_while_a_server_runs() {
    on_both_databases(|settings| async move {
        let mut server = RunningProgram::start(Program::new(["serve"]).on(&settings));
        server.address();
        let ended = Program::new(["verify"]).on(&settings).run();
        assert_eq!(ended.code, Some(0), "{ended}");
        assert!(ended.out.starts_with("intact: 35 logs, ") && ended.out.lines().count() == 1, "{ended}");

        let alteration = "UPDATE change SET author = 'me' WHERE province_id = 3 AND position = 2";
        let database = connect(&settings).await;
        database.execute_unprepared(alteration).await.expect("the alteration is made");
        let ended = Program::new(["verify"]).on(&settings).run();
        assert_eq!(ended.code, Some(1), "{ended}");
        assert!(ended.error_line().contains(" is not intact: log 3 position 2: "), "{ended}");
        server.signal("TERM");
        server.wait();
    })
    .await;
}

#[tokio::test]
async fn entries_that_break_rules_are_listed() {
    on_both_databases(|settings| async move {
        assert_eq!(Program::new(["migrate"]).on(&settings).run().code, Some(0));
        let ended = Program::new(["verify", "--rules"]).on(&settings).run();
        assert_eq!(ended.code, Some(1), "{ended}");
        let with = |rule: &str| ended.out.lines().filter(|line| line.contains(rule)).count();
        let counts = (with(" SIGN_ACT acts"), with(" EVENT_DAY heldOn"), ended.out.lines().count());
        assert_eq!(counts, (19, 25, 47), "{ended}");
        assert!(ended.out.lines().all(|line| line.split(' ').count() == 4), "{ended}");
        assert!(ended.error_line().contains("published entries break rules"), "{ended}");
    })
    .await;
}

#[test]
fn verify_does_not_create_a_missing_database() {
    let folder = tempfile::tempdir().expect("a temporary folder");
    let ended = Program::new(["verify"]).with("CAUNOI_DATA_DIR", folder.path()).run();
    assert_eq!(ended.code, MENDABLE, "{ended}");
    let file = folder.path().join("caunoi.db");
    let said = format!("caunoi: there is no database {}; name its folder with --data-dir", file.display());
    assert_eq!(ended.error_line(), said);
    assert!(!file.exists());
}
