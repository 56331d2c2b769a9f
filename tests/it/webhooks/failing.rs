//! Endpoints that fail: what is repeated, when the register gives up, and who else suffers.

use std::collections::BTreeSet;
use std::sync::Arc;

use caunoi_server::Settings;
use serde_json::{Value, json};

use super::{Partner, Turned, deliveries, open};
use crate::harness::desk::Desk;
use crate::harness::receiver::{Call, Receiver};
use crate::harness::{Server, on_both_databases};

const MESSAGES: usize = 12;

/// Whether the call of this number is answered, for an endpoint that fails at random: about every second time.
fn fails(number: usize) -> bool {
    let mut mixed = (number as u64).wrapping_add(0x9e37_79b9_7f4a_7c15);
    mixed = (mixed ^ (mixed >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
    mixed = (mixed ^ (mixed >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
    (mixed ^ (mixed >> 31)) % 100 < 45
}

fn code(call: &Call) -> String {
    call.json()["data"]["entry"]["code"].as_str().expect("a code").to_owned()
}

#[tokio::test]
async fn an_endpoint_that_fails_at_random_gets_every_message_in_order_over_a_restart() {
    on_both_databases(|settings| async move {
        let clock = Turned::new();
        let settings = open(Settings { clock: Arc::<Turned>::clone(&clock), ..settings });
        let server = Server::start(settings.clone()).await;
        let receiver = Receiver::with(|_, number| {
            (if fails(number) { [500, 503, 404, 301][number % 4] } else { 200 }, String::new())
        })
        .await;
        let (_, secret) = Partner::of(&server, "busan").hook(&receiver.url()).await;
        let _time = clock.run(4);
        let mut published = Vec::new();
        let desk = Desk::of("NGHE_AN", server.register());
        for number in 0..MESSAGES / 2 {
            published.push(desk.publish(&format!("Before {number}")).await.stamp.code);
        }
        receiver.taken(2).await;
        server.stop().await;
        let server = Server::start(settings).await;
        let desk = Desk::of("NGHE_AN", server.register());
        for number in MESSAGES / 2..MESSAGES {
            published.push(desk.publish(&format!("After {number}")).await.stamp.code);
        }
        let last = published.last().expect("messages").clone();
        let mut count = MESSAGES;
        while !receiver.taken(count).await.iter().any(|call| code(call) == last) {
            count += 1;
        }
        let calls = receiver.calls();
        let verifier = standardwebhooks::Webhook::new(&secret).expect("a secret");
        let mut names = BTreeSet::new();
        let mut taken: Vec<String> = Vec::new();
        for (call, status) in &calls {
            // The clock runs ahead of the one that the library asks.
            let at = call.header("webhook-timestamp").parse().expect("a time");
            let signed = verifier.sign(call.id(), at, &call.body).expect("a signature");
            assert_eq!(call.header("webhook-signature"), signed);
            names.insert((code(call), call.id().to_owned()));
            assert!(
                code(call) == published[taken.len().min(MESSAGES - 1)] || taken.contains(&code(call)),
                "out of order"
            );
            if *status < 300 && taken.last() != Some(&code(call)) {
                taken.push(code(call));
            }
        }
        assert_eq!(taken, published, "each at least once, in the order of the log");
        assert_eq!(names.len(), MESSAGES, "a message keeps its name: {names:?}");
        assert!(calls.len() > MESSAGES, "the endpoint did fail");
        server.stop().await;
    })
    .await;
}

#[tokio::test]
async fn one_that_is_gone_is_given_up_at_once_and_goes_on_when_told_to() {
    on_both_databases(|settings| async move {
        let server = Server::start(open(settings)).await;
        let receiver = Receiver::with(|_, number| (if number == 0 { 410 } else { 200 }, String::new())).await;
        let partner = Partner::of(&server, "busan");
        let (webhook, _) = partner.hook(&receiver.url()).await;
        let desk = Desk::of("NGHE_AN", server.register());
        let entry = desk.publish("One").await;
        let seen = partner.until(|webhook| webhook["state"] == "DISABLED").await;
        assert_eq!((&seen["disabledReason"], &seen["cursor"]), (&json!("GONE"), &webhook["cursor"]));
        assert_eq!(deliveries(&seen)[0]["status"], 410);
        partner.update(json!({"id": webhook["id"], "isPaused": false})).await;
        assert_eq!(code(&receiver.taken(1).await[0]), entry.stamp.code);
        let seen = partner.until(|webhook| deliveries(webhook).len() == 2).await;
        assert_eq!((&seen["state"], &seen["disabledReason"]), (&json!("ACTIVE"), &Value::Null));
        server.stop().await;
    })
    .await;
}

#[tokio::test]
async fn one_that_never_answers_well_is_given_up_after_ten_attempts_and_harms_nobody() {
    on_both_databases(|settings| async move {
        let clock = Turned::new();
        let server = Server::start(open(Settings { clock: Arc::<Turned>::clone(&clock), ..settings })).await;
        let (well, elsewhere) = (Receiver::start().await, Receiver::start().await);
        // It sends whoever calls it to another one, who is never called.
        let location = format!("location: {}\r\n", elsewhere.url());
        let bad = Receiver::with(move |_, _| (307, location.clone())).await;
        let (sick, healthy) = (Partner::of(&server, "busan"), Partner::of(&server, "gwangju"));
        sick.hook(&bad.url()).await;
        healthy.hook(&well.url()).await;
        let desk = Desk::of("NGHE_AN", server.register());
        desk.publish("One").await;
        bad.heard(1).await;
        desk.publish("Two").await;
        assert_eq!(well.taken(2).await.len(), 2);

        for failures in 1..10 {
            let waiting = sick.until(|webhook| webhook["failures"] == failures).await;
            assert_eq!(waiting["state"], "ACTIVE");
            clock.turn(30);
        }
        let seen = sick.until(|webhook| webhook["state"] == "DISABLED").await;
        assert_eq!((&seen["disabledReason"], &seen["failures"]), (&json!("EXHAUSTED"), &json!(10)));
        let attempts: Vec<i64> =
            deliveries(&seen).iter().rev().filter_map(|delivery| delivery["attempt"].as_i64()).collect();
        assert_eq!(attempts, (1..=10).collect::<Vec<_>>());
        for (turn, delivery) in deliveries(&seen).iter().enumerate() {
            assert_eq!((&delivery["error"], &delivery["status"]), (&json!("REDIRECT"), &json!(307)));
            assert_eq!(delivery["messageId"], deliveries(&seen)[0]["messageId"]);
            assert_eq!(delivery["nextAttemptAt"].is_null(), turn == 0, "{delivery}");
        }
        assert_eq!(bad.calls().len(), 10);
        assert!(elsewhere.calls().is_empty());
        assert_eq!(healthy.list().await[0]["state"], "ACTIVE");
        server.stop().await;
    })
    .await;
}
