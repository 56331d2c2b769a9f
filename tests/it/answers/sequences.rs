//! Random sequences of writes, questions and restarts: no answer is older than the cursor that it carries, nor
//! than what was acknowledged before it was asked for.

use proptest::prelude::*;
use proptest::strategy::ValueTree;
use proptest::test_runner::{Config, RngAlgorithm, TestRng, TestRunner};
use serde_json::{Value, json};

use super::shared::sharing;
use crate::harness::desk::Desk;
use crate::harness::fake_redis::FakeRedis;
use crate::harness::{Server, on_both_databases};

const SLUGS: [&str; 3] = ["NGHE_AN", "DA_NANG", "HUE"];

/// What happens, on a province by its place in [`SLUGS`].
#[derive(Debug, Clone)]
enum Step {
    Publish(usize),
    Draft(usize),
    Ask(usize),
    AskAll,
    Restart,
    Flush,
}

fn step() -> impl Strategy<Value = Step> {
    prop_oneof![
        3 => (0..SLUGS.len()).prop_map(Step::Publish),
        1 => (0..SLUGS.len()).prop_map(Step::Draft),
        6 => (0..SLUGS.len()).prop_map(Step::Ask),
        4 => Just(Step::AskAll),
        1 => Just(Step::Restart),
        1 => Just(Step::Flush),
    ]
}

/// The same steps in every run.
fn steps(seed: u8) -> Vec<Step> {
    let rng = TestRng::from_seed(RngAlgorithm::ChaCha, &[seed; 32]);
    let mut runner = TestRunner::new_with_rng(Config::default(), rng);
    prop::collection::vec(step(), 60).new_tree(&mut runner).expect("steps").current()
}

/// How many events a province has shown, by its list and by its number.
async fn of_one(server: &Server, slug: &str) -> (i64, Value) {
    let document = "query($slug: String!) { statistics { cursor }
        province(slug: $slug) { events(first: 1) { totalCount { value } nodes { title(locale: EN) } } } }";
    let answer = server.ask(document, json!({ "slug": slug })).await;
    let events = &answer["data"]["province"]["events"];
    let total = events["totalCount"]["value"].as_i64().unwrap_or_else(|| panic!("{answer}"));
    (total, answer["data"]["statistics"]["cursor"].clone())
}

/// The same of all, by their groups.
async fn of_all(server: &Server) -> Vec<i64> {
    let document = "{ events { groups(by: [{ key: PROVINCE }], first: 100) { nodes { keys { value } aggregate { count } } } } }";
    let answer = server.ask(document, Value::Null).await;
    let nodes = answer["data"]["events"]["groups"]["nodes"].as_array().unwrap_or_else(|| panic!("{answer}"));
    let count = |slug: &str| {
        let of = |node: &&Value| node["keys"][0]["value"] == slug;
        nodes.iter().find(of).map_or(0, |node| node["aggregate"]["count"].as_i64().expect("a number"))
    };
    SLUGS.map(count).to_vec()
}

#[tokio::test]
async fn no_answer_lacks_what_was_acknowledged_before() {
    on_both_databases(|settings| async move {
        let redis = FakeRedis::start().await;
        let settings = sharing(settings, &redis);
        for seed in [1, 2] {
            let mut server = Server::start(settings.clone()).await;
            let mut shown = of_all(&server).await;
            for step in steps(seed) {
                match step {
                    Step::Publish(place) => {
                        Desk::of(SLUGS[place], server.register()).publish("Written").await;
                        shown[place] += 1;
                    }
                    Step::Draft(place) => {
                        Desk::of(SLUGS[place], server.register()).draft("Hidden").await;
                    }
                    Step::Ask(place) => {
                        let (total, cursor) = of_one(&server, SLUGS[place]).await;
                        assert_eq!(total, shown[place], "seed {seed}, {step:?}");
                        let replica = server.register().replica();
                        let now = replica.positions.seal(server.register().sealing_key());
                        assert_eq!(cursor, now, "seed {seed}, {step:?}");
                    }
                    Step::AskAll => assert_eq!(of_all(&server).await, shown, "seed {seed}, {step:?}"),
                    Step::Restart => {
                        server.stop().await;
                        server = Server::start(settings.clone()).await;
                    }
                    Step::Flush => redis.flush(),
                }
            }
            server.stop().await;
        }
    })
    .await;
}
