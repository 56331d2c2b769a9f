//! An outage of Redis and its end, as logs and metrics report it.

use reqwest::Client;
use serde_json::json;

use super::program::{Program, RunningProgram};
use crate::harness::on_postgres;
use crate::harness::proxy::TcpProxy;

/// Sends a new query, so that Redis is used for it too.
async fn execute(address: &str, name: usize) {
    let document = format!(
        "query Board{name} {{ agreements {{ groups(by: [{{key: COUNTRY}}]) {{ nodes {{ keys {{ value }} aggregate {{ count }} }} }} }} }}"
    );
    let asked = Client::new().post(format!("http://{address}/graphql")).json(&json!({ "query": document }));
    let answer: serde_json::Value =
        asked.send().await.expect("it answers").json().await.expect("an answer is JSON");
    assert!(answer["data"]["agreements"]["groups"]["nodes"][0].is_object(), "{answer}");
}

/// Sends queries until the metrics contain this line.
async fn execute_until(address: &str, metrics: &str, line: &str, asked: &mut usize) {
    loop {
        *asked += 1;
        execute(address, *asked).await;
        let metrics = reqwest::get(format!("http://{metrics}/metrics")).await.expect("it answers");
        if metrics.text().await.expect("a text").lines().any(|received| received == line) {
            return;
        }
    }
}

#[tokio::test]
async fn redis_outage_logs_one_warning_and_fails_no_request() {
    on_postgres(|settings| async move {
        let (proxy, url) = TcpProxy::to(settings.redis_url.as_deref().expect("a Redis"), 6379).await;
        let program = Program::new(["serve"]).on(&settings).with("CAUNOI_REDIS_URL", url);
        let mut running = RunningProgram::start(program.with("CAUNOI_METRICS_LISTEN", "127.0.0.1:0"));
        let (address, metrics) = (running.address(), running.metrics_address());
        let mut asked = 0;
        execute_until(&address, &metrics, "caunoi_redis_up 1", &mut asked).await;
        proxy.cut();
        execute_until(&address, &metrics, "caunoi_redis_up 0", &mut asked).await;
        for _ in 0..30 {
            asked += 1;
            execute(&address, asked).await;
        }
        proxy.mend();
        execute_until(&address, &metrics, "caunoi_redis_up 1", &mut asked).await;
        running.signal("TERM");
        let ended = running.wait();
        assert_eq!(ended.code, Some(0), "{ended}");
        // On a busy machine an answer may be late once more, which is an outage of its own. The 30
        // requests are in one outage, so a warning for each would not be balanced.
        let outages = ended.err.matches("Redis does not answer").count();
        assert!(outages > 0, "{ended}");
        assert_eq!(ended.err.matches("Redis answers again").count(), outages, "{ended}");
        assert_eq!(ended.err.matches("\"WARN\"").count(), outages + fsync(&ended.err), "{ended}");
    })
    .await;
}

/// Test clusters run without fsync, which logs a warning too.
fn fsync(logs: &str) -> usize {
    logs.matches("fsync is off").count()
}
