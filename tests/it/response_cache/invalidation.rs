//! The writes that invalidate a cached response, and those that do not.

use std::sync::Arc;
use std::sync::atomic::{AtomicI64, Ordering};

use caunoi_domain::clock::{Clock, day_begins_at_us};
use caunoi_domain::policy::Action;
use caunoi_server::Settings;
use serde_json::{Value, json};

use super::{EVENTS, execute_counting, without_redis};
use crate::harness::publisher::Publisher;
use crate::harness::{Server, on_both_databases, on_both_engines};

/// Queries that depend only on the province `$slug`.
const OF_ONE: [&str; 3] = [
    EVENTS,
    "query($slug: String!) { events(filter: { province: { in: [$slug] } }) { nodes { code } } }",
    "query($slug: String!) {
        events(filter: { allOf: [{ pillar: { in: [PEOPLE] } }, { province: { in: [$slug] } }] }) { nodes { code } }
        province(slug: $slug) { relations { nodes { code partnerLocality { name } } } name }
    }",
];

/// Queries that depend on every province.
const OF_ALL: [&str; 4] = [
    "{ events { nodes { code } } }",
    "{ events(filter: { not: { province: { in: [\"HUE\"] } } }) { nodes { code } } }",
    "{ events(filter: { anyOf: [{ province: { in: [\"HUE\"] } }, { pillar: { in: [PEOPLE] } }] }) { nodes { code } } }",
    "{ event(by: { code: \"EVT-NGHE_AN-9999\" }) { code } }",
];

#[tokio::test]
async fn publication_invalidates_responses_of_its_province_only() {
    on_both_engines(|server| async move {
        let (own, other) = (json!({ "slug": "NGHE_AN" }), json!({ "slug": "DA_NANG" }));
        let mut asked_before = Vec::new();
        for document in OF_ONE {
            asked_before.push((document, &own, true));
            asked_before.push((document, &other, false));
        }
        asked_before.extend(OF_ALL.map(|document| (document, &Value::Null, true)));
        for (document, variables, _) in &asked_before {
            execute_counting(&server, None, document, variables).await;
        }
        Publisher::of("NGHE_AN", server.register()).publish("New").await;
        for (document, variables, is_moved) in asked_before {
            let (_, cost) = execute_counting(&server, None, document, variables).await;
            assert_eq!(cost > 0, is_moved, "{document} {variables}");
        }
        let (answer, _) = execute_counting(&server, None, EVENTS, &own).await;
        assert!(answer.to_string().contains("\"New\""), "{answer}");
    })
    .await;
}

#[tokio::test]
async fn changed_names_and_numbers_invalidate_responses() {
    on_both_engines(|server| async move {
        let total = "query($slug: String!) {
            events(filter: { province: { in: [$slug] } }) { totalCount { value } }
            statistics(asOf: \"2027-01-01\") { cursor events { count } }
        }";
        let counts = async |slug: &str| {
            let (answer, _) = execute_counting(&server, None, total, &json!({ "slug": slug })).await;
            let data = &answer["data"];
            (
                data["events"]["totalCount"]["value"].as_i64().expect("a number"),
                data["statistics"]["events"]["count"].as_i64().expect("a number"),
                data["statistics"]["cursor"].clone(),
            )
        };
        let (own, other) = (counts("NGHE_AN").await, counts("DA_NANG").await);
        Publisher::of("NGHE_AN", server.register()).publish("Counted").await;
        let (own_after, other_after) = (counts("NGHE_AN").await, counts("DA_NANG").await);
        assert_eq!((own_after.0, own_after.1), (own.0 + 1, own.1 + 1));
        assert_eq!((other_after.0, other_after.1), (other.0, other.1 + 1));
        assert_ne!(own.2, own_after.2);
        assert_eq!(own_after.2, other_after.2);
    })
    .await;
}

#[tokio::test]
async fn drafts_invalidate_responses_of_their_province_only() {
    on_both_engines(|server| async move {
        let everyone = [None, Some("clerk:DA_NANG"), Some("clerk:NGHE_AN"), Some("analyst")];
        let variables = json!({ "slug": "NGHE_AN" });
        for caller in everyone {
            execute_counting(&server, caller, EVENTS, &variables).await;
        }
        let publisher = Publisher::of("NGHE_AN", server.register());
        let draft = publisher.draft("Hidden").await;
        for (caller, sees) in everyone.into_iter().zip([false, false, true, false]) {
            let (answer, cost) = execute_counting(&server, caller, EVENTS, &variables).await;
            assert_eq!(answer.to_string().contains("Hidden"), sees, "{caller:?}: {answer}");
            // The ministry sees submitted entries, so every new position of a log may change its
            // responses.
            assert_eq!(cost > 0, sees || caller == Some("analyst"), "{caller:?}");
        }
        publisher.transition(&draft, Action::Submit).await;
        for (caller, sees) in everyone.into_iter().zip([false, false, true, true]) {
            let (answer, _) = execute_counting(&server, caller, EVENTS, &variables).await;
            assert_eq!(answer.to_string().contains("Hidden"), sees, "{caller:?}: {answer}");
        }
    })
    .await;
}

/// A clock that a test sets.
struct ManualClock(AtomicI64);

impl Clock for ManualClock {
    fn now_us(&self) -> i64 {
        self.0.load(Ordering::SeqCst)
    }
}

#[tokio::test]
async fn midnight_in_vietnam_invalidates_responses_with_a_day() {
    on_both_databases(|settings| async move {
        let day = |text: &str| day_begins_at_us(text.parse().expect("a day"));
        let clock = Arc::new(ManualClock(AtomicI64::new(day("2026-12-01") - 1)));
        let server =
            Server::start(Settings { clock: Arc::clone(&clock) as _, ..without_redis(settings) }).await;
        let today = "{ statistics { asOf } relation(by: { code: \"REL-0001\" }) { status } }";
        let timeless = "{ relation(by: { code: \"REL-0001\" }) { code } }";
        let (before, _) = execute_counting(&server, None, today, &Value::Null).await;
        execute_counting(&server, None, timeless, &Value::Null).await;
        assert_eq!(execute_counting(&server, None, today, &Value::Null).await, (before.clone(), 0));
        clock.0.store(day("2026-12-01"), Ordering::SeqCst);
        let (after, cost) = execute_counting(&server, None, today, &Value::Null).await;
        assert!(cost > 0);
        assert_eq!(before["data"]["statistics"]["asOf"], "2026-11-30");
        assert_eq!(after["data"]["statistics"]["asOf"], "2026-12-01");
        assert_eq!(execute_counting(&server, None, timeless, &Value::Null).await.1, 0);
        server.stop().await;
    })
    .await;
}
