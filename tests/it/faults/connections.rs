//! A connection to PostgreSQL that is cut at each request of a write: before the server gets it, or before its answer
//! arrives, so that a COMMIT may have happened.

use caunoi_server::Settings;

use super::{Ledger, Writer, assert_unavailable};
use crate::harness::cutter::{Cut, Cutter};
use crate::harness::{Server, on_a_server_database};

async fn write_through(settings: Settings, cut: Cut) {
    let url = settings.database_url.as_deref().expect("a server");
    // Only the connections that write have a time-out for locks.
    let (cutter, url) = Cutter::to(url, 5432, "lock_timeout").await;
    let server = Server::start(Settings { database_url: Some(url), ..settings.clone() }).await;
    let writer = Writer::of(&server);
    let target = writer.create("Faulty target").await.unwrap_or_else(|error| panic!("{error}"));
    let mut ledger = Ledger::default();
    let mut request = 1;
    loop {
        cutter.arm(request, cut);
        let error = ledger.attempt(&writer, &format!("Faulty cut {request}")).await;
        if !cutter.disarm() {
            assert!(error.is_none(), "nothing was cut: {error:?}");
            break;
        }
        if let Some(error) = error {
            assert_unavailable(&error);
        }
        ledger.write_after(&writer, &target.id, &format!("Faulty after cut {request}")).await;
        request += 1;
    }
    assert!(request > 10, "a write takes more than {request} requests");
    server.stop().await;

    let server = Server::start(settings).await;
    ledger.check(&Writer::of(&server)).await;
    server.stop().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_cut_before_any_request_of_a_write_loses_and_doubles_nothing() {
    on_a_server_database(|settings| write_through(settings, Cut::Request)).await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_cut_before_any_answer_to_a_write_loses_and_doubles_nothing() {
    on_a_server_database(|settings| write_through(settings, Cut::Answer)).await;
}
