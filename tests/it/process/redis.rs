//! Redis away and back, as the operator sees it.

use reqwest::Client;
use serde_json::json;

use super::program::{Program, Running};
use crate::harness::on_a_server_database;
use crate::harness::way::Way;

/// Asks for a board that nobody has asked for, so that Redis is asked for it too.
async fn ask(address: &str, name: usize) {
    let document = format!(
        "query Board{name} {{ agreements {{ groups(by: [{{key: COUNTRY}}]) {{ nodes {{ keys {{ value }} aggregate {{ count }} }} }} }} }}"
    );
    let asked = Client::new().post(format!("http://{address}/graphql")).json(&json!({ "query": document }));
    let answer: serde_json::Value =
        asked.send().await.expect("it answers").json().await.expect("an answer is JSON");
    assert!(answer["data"]["agreements"]["groups"]["nodes"][0].is_object(), "{answer}");
}

/// Asks until the metrics say so of Redis.
async fn ask_until(address: &str, metrics: &str, line: &str, asked: &mut usize) {
    loop {
        *asked += 1;
        ask(address, *asked).await;
        let metrics = reqwest::get(format!("http://{metrics}/metrics")).await.expect("it answers");
        if metrics.text().await.expect("a text").lines().any(|told| told == line) {
            return;
        }
    }
}

#[tokio::test]
async fn a_redis_that_is_away_costs_one_warning_and_no_answer() {
    on_a_server_database(|settings| async move {
        let (way, url) = Way::to(settings.redis_url.as_deref().expect("a Redis"), 6379).await;
        let program = Program::new(["serve"]).on(&settings).with("CAUNOI_REDIS_URL", url);
        let mut running = Running::start(program.with("CAUNOI_METRICS_LISTEN", "127.0.0.1:0"));
        let (address, metrics) = (running.address(), running.metrics_address());
        let mut asked = 0;
        ask_until(&address, &metrics, "caunoi_redis_up 1", &mut asked).await;
        way.cut();
        ask_until(&address, &metrics, "caunoi_redis_up 0", &mut asked).await;
        for _ in 0..30 {
            asked += 1;
            ask(&address, asked).await;
        }
        way.mend();
        ask_until(&address, &metrics, "caunoi_redis_up 1", &mut asked).await;
        running.signal("TERM");
        let ended = running.wait();
        assert_eq!(ended.code, Some(0), "{ended}");
        assert_eq!(ended.err.matches("Redis does not answer").count(), 1, "{ended}");
        assert_eq!(ended.err.matches("Redis answers again").count(), 1, "{ended}");
        assert_eq!(ended.err.matches("\"WARN\"").count(), 1 + fsync(&ended.err), "{ended}");
    })
    .await;
}

/// Test clusters do not wait for the disk, which is warned of too.
fn fsync(logs: &str) -> usize {
    logs.matches("fsync is off").count()
}
