//! `caunoi verify`, beside a server that runs and without one.

use sea_orm::ConnectionTrait;

use super::MENDABLE;
use super::program::{Program, Running};
use crate::harness::{connect, on_both_databases};

#[tokio::test]
async fn a_database_is_verified_beside_the_server_that_runs_on_it() {
    on_both_databases(|settings| async move {
        let mut server = Running::start(Program::new(["serve"]).on(&settings));
        server.address();
        let ended = Program::new(["verify"]).on(&settings).run();
        assert_eq!(ended.code, Some(0), "{ended}");
        assert!(ended.out.starts_with("holds: 35 logs, ") && ended.out.lines().count() == 1, "{ended}");

        let alteration = "UPDATE change SET author = 'me' WHERE province_id = 3 AND position = 2";
        let database = connect(&settings).await;
        database.execute_unprepared(alteration).await.expect("the alteration is made");
        let ended = Program::new(["verify"]).on(&settings).run();
        assert_eq!(ended.code, Some(1), "{ended}");
        assert!(ended.complaint().contains(" does not hold: log 3 position 2: "), "{ended}");
        server.signal("TERM");
        server.wait();
    })
    .await;
}

#[test]
fn a_database_that_is_not_there_is_not_made() {
    let folder = tempfile::tempdir().expect("a temporary folder");
    let ended = Program::new(["verify"]).with("CAUNOI_DATA_DIR", folder.path()).run();
    assert_eq!(ended.code, MENDABLE, "{ended}");
    let file = folder.path().join("caunoi.db");
    let said = format!("caunoi: there is no database {}; name its folder with --data-dir", file.display());
    assert_eq!(ended.complaint(), said);
    assert!(!file.exists());
}
