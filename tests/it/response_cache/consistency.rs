//! Random sequences of writes, queries and restarts: no response is older than its cursor or than
//! an earlier acknowledged write.

use proptest::prelude::*;
use proptest::strategy::ValueTree;
use proptest::test_runner::{Config, RngAlgorithm, TestRng, TestRunner};
use serde_json::{Value, json};

use super::redis_cache::with_shared_cache;
use crate::harness::fake_redis::FakeRedis;
use crate::harness::publisher::Publisher;
use crate::harness::{Server, on_both_databases};

const SLUGS: [&str; 3] = ["NGHE_AN", "DA_NANG", "HUE"];

/// One step, on the province at an index of [`SLUGS`].
#[derive(Debug, Clone)]
enum TestStep {
    Publish(usize),
    Draft(usize),
    Ask(usize),
    AskAll,
    Restart,
    Flush,
}

fn step() -> impl Strategy<Value = TestStep> {
    prop_oneof![
        3 => (0..SLUGS.len()).prop_map(TestStep::Publish),
        1 => (0..SLUGS.len()).prop_map(TestStep::Draft),
        6 => (0..SLUGS.len()).prop_map(TestStep::Ask),
        4 => Just(TestStep::AskAll),
        1 => Just(TestStep::Restart),
        1 => Just(TestStep::Flush),
    ]
}

/// Returns random steps, the same in every run.
fn steps(seed: u8) -> Vec<TestStep> {
    let rng = TestRng::from_seed(RngAlgorithm::ChaCha, &[seed; 32]);
    let mut runner = TestRunner::new_with_rng(Config::default(), rng);
    prop::collection::vec(step(), 60).new_tree(&mut runner).expect("steps").current()
}

/// Returns the number of events of a province, by its list and by its count.
async fn of_one(server: &Server, slug: &str) -> (i64, Value) {
    let document = "query($slug: String!) { statistics { cursor }
        province(slug: $slug) { events(first: 1) { totalCount { value } nodes { title(locale: EN) } } } }";
    let answer = server.execute(document, json!({ "slug": slug })).await;
    let events = &answer["data"]["province"]["events"];
    let total = events["totalCount"]["value"].as_i64().unwrap_or_else(|| panic!("{answer}"));
    (total, answer["data"]["statistics"]["cursor"].clone())
}

/// Returns the number of events of all provinces, by groups.
async fn of_all(server: &Server) -> Vec<i64> {
    let document = "{ events { groups(by: [{ key: PROVINCE }], first: 100) { nodes { keys { value } aggregate { count } } } } }";
    let answer = server.execute(document, Value::Null).await;
    let nodes = answer["data"]["events"]["groups"]["nodes"].as_array().unwrap_or_else(|| panic!("{answer}"));
    let count = |slug: &str| {
        let of = |node: &&Value| node["keys"][0]["value"] == slug;
        nodes.iter().find(of).map_or(0, |node| node["aggregate"]["count"].as_i64().expect("a number"))
    };
    SLUGS.map(count).to_vec()
}

#[tokio::test]
async fn no_response_lacks_an_acknowledged_write() {
    on_both_databases(|settings| async move {
        let redis = FakeRedis::start().await;
        let settings = with_shared_cache(settings, &redis);
        for seed in [1, 2] {
            let mut server = Server::start(settings.clone()).await;
            let mut shown = of_all(&server).await;
            for step in steps(seed) {
                match step {
                    TestStep::Publish(place) => {
                        Publisher::of(SLUGS[place], server.register()).publish("Written").await;
                        shown[place] += 1;
                    }
                    TestStep::Draft(place) => {
                        Publisher::of(SLUGS[place], server.register()).draft("Hidden").await;
                    }
                    TestStep::Ask(place) => {
                        let (total, cursor) = of_one(&server, SLUGS[place]).await;
                        assert_eq!(total, shown[place], "seed {seed}, {step:?}");
                        let read_model = server.register().read_model();
                        let now = read_model.public_heads.to_cursor(server.register().signing_key());
                        assert_eq!(cursor, now, "seed {seed}, {step:?}");
                    }
                    TestStep::AskAll => assert_eq!(of_all(&server).await, shown, "seed {seed}, {step:?}"),
                    TestStep::Restart => {
                        server.stop().await;
                        server = Server::start(settings.clone()).await;
                    }
                    TestStep::Flush => redis.flush(),
                }
            }
            server.stop().await;
        }
    })
    .await;
}
