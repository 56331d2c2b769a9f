//! A connection to PostgreSQL is cut at each request of a write: before the server receives it, or
//! before its response arrives, so that a COMMIT may have succeeded.

use caunoi_server::Settings;

use super::{Ledger, TestWriter, assert_unavailable};
use crate::harness::cutting_proxy::{CutPoint, CuttingProxy};
use crate::harness::{Server, on_postgres};

async fn write_through(settings: Settings, cut: CutPoint) {
    let url = settings.database_url.as_deref().expect("a server");
    // Only the connections that write have a time-out for locks.
    let (proxy, url) = CuttingProxy::to(url, 5432, "lock_timeout").await;
    let server = Server::start(Settings { database_url: Some(url), ..settings.clone() }).await;
    let writer = TestWriter::of(&server);
    let target = writer.create("Faulty target").await.unwrap_or_else(|error| panic!("{error}"));
    let mut ledger = Ledger::default();
    let mut request = 1;
    loop {
        proxy.arm(request, cut);
        let error = ledger.attempt(&writer, &format!("Faulty cut {request}")).await;
        if !proxy.disarm() {
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
    ledger.check(&TestWriter::of(&server)).await;
    server.stop().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn cut_before_any_statement_keeps_writes_exactly_once() {
    on_postgres(|settings| write_through(settings, CutPoint::Request)).await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn cut_before_any_response_keeps_writes_exactly_once() {
    on_postgres(|settings| write_through(settings, CutPoint::Answer)).await;
}
