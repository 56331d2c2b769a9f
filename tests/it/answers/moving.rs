//! What moves an answer, and what does not.

use std::sync::Arc;
use std::sync::atomic::{AtomicI64, Ordering};

use caunoi_domain::clock::{Clock, day_begins_at_us};
use caunoi_domain::policy::Action;
use caunoi_server::Settings;
use serde_json::{Value, json};

use super::{EVENTS, alone, asked};
use crate::harness::desk::Desk;
use crate::harness::{Server, on_both_databases, on_both_engines};

/// Questions that depend on the province of `$slug` alone.
const OF_ONE: [&str; 3] = [
    EVENTS,
    "query($slug: String!) { events(filter: { province: { in: [$slug] } }) { nodes { code } } }",
    "query($slug: String!) {
        events(filter: { allOf: [{ pillar: { in: [PEOPLE] } }, { province: { in: [$slug] } }] }) { nodes { code } }
        province(slug: $slug) { relations { nodes { code partner { name } } } name }
    }",
];

/// Questions that depend on every province.
const OF_ALL: [&str; 4] = [
    "{ events { nodes { code } } }",
    "{ events(filter: { not: { province: { in: [\"HUE\"] } } }) { nodes { code } } }",
    "{ events(filter: { anyOf: [{ province: { in: [\"HUE\"] } }, { pillar: { in: [PEOPLE] } }] }) { nodes { code } } }",
    "{ event(by: { code: \"EVT-NGHE_AN-9999\" }) { code } }",
];

#[tokio::test]
async fn a_publish_moves_what_read_its_province_and_nothing_else() {
    on_both_engines(|server| async move {
        let (own, other) = (json!({ "slug": "NGHE_AN" }), json!({ "slug": "DA_NANG" }));
        let mut asked_before = Vec::new();
        for document in OF_ONE {
            asked_before.push((document, &own, true));
            asked_before.push((document, &other, false));
        }
        asked_before.extend(OF_ALL.map(|document| (document, &Value::Null, true)));
        for (document, variables, _) in &asked_before {
            asked(&server, None, document, variables).await;
        }
        Desk::of("NGHE_AN", server.register()).publish("New").await;
        for (document, variables, is_moved) in asked_before {
            let (_, cost) = asked(&server, None, document, variables).await;
            assert_eq!(cost > 0, is_moved, "{document} {variables}");
        }
        let (answer, _) = asked(&server, None, EVENTS, &own).await;
        assert!(answer.to_string().contains("\"New\""), "{answer}");
    })
    .await;
}

#[tokio::test]
async fn numbers_and_names_move_with_what_they_are_made_of() {
    on_both_engines(|server| async move {
        let total = "query($slug: String!) {
            events(filter: { province: { in: [$slug] } }) { totalCount { value } }
            statistics(asOf: \"2027-01-01\") { cursor events { count } }
        }";
        let counts = async |slug: &str| {
            let (answer, _) = asked(&server, None, total, &json!({ "slug": slug })).await;
            let data = &answer["data"];
            (
                data["events"]["totalCount"]["value"].as_i64().expect("a number"),
                data["statistics"]["events"]["count"].as_i64().expect("a number"),
                data["statistics"]["cursor"].clone(),
            )
        };
        let (own, other) = (counts("NGHE_AN").await, counts("DA_NANG").await);
        Desk::of("NGHE_AN", server.register()).publish("Counted").await;
        let (own_after, other_after) = (counts("NGHE_AN").await, counts("DA_NANG").await);
        assert_eq!((own_after.0, own_after.1), (own.0 + 1, own.1 + 1));
        assert_eq!((other_after.0, other_after.1), (other.0, other.1 + 1));
        assert_ne!(own.2, own_after.2);
        assert_eq!(own_after.2, other_after.2);
    })
    .await;
}

#[tokio::test]
async fn drafts_move_the_answers_of_their_province_alone() {
    on_both_engines(|server| async move {
        let everyone = [None, Some("clerk:DA_NANG"), Some("clerk:NGHE_AN"), Some("analyst")];
        let variables = json!({ "slug": "NGHE_AN" });
        for who in everyone {
            asked(&server, who, EVENTS, &variables).await;
        }
        let desk = Desk::of("NGHE_AN", server.register());
        let draft = desk.draft("Hidden").await;
        for (who, sees) in everyone.into_iter().zip([false, false, true, false]) {
            let (answer, cost) = asked(&server, who, EVENTS, &variables).await;
            assert_eq!(answer.to_string().contains("Hidden"), sees, "{who:?}: {answer}");
            // The ministry sees what is submitted, so every move of a log may matter to it.
            assert_eq!(cost > 0, sees || who == Some("analyst"), "{who:?}");
        }
        desk.go(&draft, Action::Submit).await;
        for (who, sees) in everyone.into_iter().zip([false, false, true, true]) {
            let (answer, _) = asked(&server, who, EVENTS, &variables).await;
            assert_eq!(answer.to_string().contains("Hidden"), sees, "{who:?}: {answer}");
        }
    })
    .await;
}

/// A clock that is turned by hand.
struct Hand(AtomicI64);

impl Clock for Hand {
    fn now_us(&self) -> i64 {
        self.0.load(Ordering::SeqCst)
    }
}

#[tokio::test]
async fn midnight_in_vietnam_moves_what_read_the_day() {
    on_both_databases(|settings| async move {
        let day = |text: &str| day_begins_at_us(text.parse().expect("a day"));
        let clock = Arc::new(Hand(AtomicI64::new(day("2026-12-01") - 1)));
        let server = Server::start(Settings { clock: Arc::clone(&clock) as _, ..alone(settings) }).await;
        let today = "{ statistics { asOf } relation(by: { code: \"REL-0001\" }) { status } }";
        let timeless = "{ relation(by: { code: \"REL-0001\" }) { code } }";
        let (before, _) = asked(&server, None, today, &Value::Null).await;
        asked(&server, None, timeless, &Value::Null).await;
        assert_eq!(asked(&server, None, today, &Value::Null).await, (before.clone(), 0));
        clock.0.store(day("2026-12-01"), Ordering::SeqCst);
        let (after, cost) = asked(&server, None, today, &Value::Null).await;
        assert!(cost > 0);
        assert_eq!(before["data"]["statistics"]["asOf"], "2026-11-30");
        assert_eq!(after["data"]["statistics"]["asOf"], "2026-12-01");
        assert_eq!(asked(&server, None, timeless, &Value::Null).await.1, 0);
        server.stop().await;
    })
    .await;
}
