//! Failing endpoints: retries, disabling, and no effect on other webhooks.

use std::collections::BTreeSet;
use std::sync::Arc;

use caunoi_server::Settings;
use sea_orm::prelude::DateTimeUtc;
use serde_json::{Value, json};

use super::{AdjustableClock, PartnerClient, allow_loopback, deliveries};
use crate::harness::publisher::Publisher;
use crate::harness::receiver::{WebhookCall, WebhookReceiver};
use crate::harness::{Server, on_both_databases};

const MESSAGES: usize = 12;

/// Returns whether a flaky endpoint fails at the call with this number: about every second time.
fn fails(number: usize) -> bool {
    let mut mixed = (number as u64).wrapping_add(0x9e37_79b9_7f4a_7c15);
    mixed = (mixed ^ (mixed >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
    mixed = (mixed ^ (mixed >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
    (mixed ^ (mixed >> 31)) % 100 < 45
}

fn code(call: &WebhookCall) -> String {
    call.json()["data"]["entry"]["code"].as_str().expect("a code").to_owned()
}

/// Returns this number of accepted calls. Until then it turns the clock to each next attempt.
async fn accepted_in_time(
    receiver: &WebhookReceiver,
    count: usize,
    partner: &PartnerClient<'_>,
    clock: &AdjustableClock,
) -> Vec<WebhookCall> {
    loop {
        let accepted = receiver.accepted();
        if accepted.len() >= count {
            return accepted;
        }
        if let Some(next) = partner.list().await[0]["nextAttemptAt"].as_str() {
            clock.advance_to(next.parse().expect("a time"));
        }
    }
}

#[tokio::test]
async fn flaky_endpoint_receives_every_message_in_order() {
    on_both_databases(|settings| async move {
        let clock = AdjustableClock::new();
        let settings = allow_loopback(Settings { clock: Arc::<AdjustableClock>::clone(&clock), ..settings });
        let server = Server::start(settings.clone()).await;
        let receiver = WebhookReceiver::with(|_, number| {
            (if fails(number) { [500, 503, 404, 301][number % 4] } else { 200 }, String::new())
        })
        .await;
        let partner = PartnerClient::of(&server, "busan");
        let (_, secret) = partner.create_webhook(&receiver.url()).await;
        let mut codes = Vec::new();
        let publisher = Publisher::of("NGHE_AN", server.register());
        for number in 0..MESSAGES / 2 {
            codes.push(publisher.publish(&format!("Before {number}")).await.meta.code);
        }
        accepted_in_time(&receiver, 2, &partner, &clock).await;
        server.stop().await;
        let server = Server::start(settings).await;
        let partner = PartnerClient::of(&server, "busan");
        let publisher = Publisher::of("NGHE_AN", server.register());
        for number in MESSAGES / 2..MESSAGES {
            codes.push(publisher.publish(&format!("After {number}")).await.meta.code);
        }
        let last = codes.last().expect("messages").clone();
        let mut count = MESSAGES;
        while !accepted_in_time(&receiver, count, &partner, &clock)
            .await
            .iter()
            .any(|call| code(call) == last)
        {
            count += 1;
        }
        let calls = receiver.calls();
        let verifier = standardwebhooks::Webhook::new(&secret).expect("a secret");
        let mut names = BTreeSet::new();
        let mut accepted: Vec<String> = Vec::new();
        for (call, status) in &calls {
            // The clock is ahead of the one that the library uses.
            let at = call.header("webhook-timestamp").parse().expect("a time");
            let signed = verifier.sign(call.id(), at, &call.body).expect("a signature");
            assert_eq!(call.header("webhook-signature"), signed);
            names.insert((code(call), call.id().to_owned()));
            assert!(
                code(call) == codes[accepted.len().min(MESSAGES - 1)] || accepted.contains(&code(call)),
                "out of order"
            );
            if *status < 300 && accepted.last() != Some(&code(call)) {
                accepted.push(code(call));
            }
        }
        assert_eq!(accepted, codes, "each at least once, in the order of the log");
        assert_eq!(names.len(), MESSAGES, "a message keeps its name: {names:?}");
        assert!(calls.len() > MESSAGES, "the endpoint did fail");
        server.stop().await;
    })
    .await;
}

#[tokio::test]
async fn gone_endpoint_is_disabled_at_once_and_can_resume() {
    on_both_databases(|settings| async move {
        let server = Server::start(allow_loopback(settings)).await;
        let receiver =
            WebhookReceiver::with(|_, number| (if number == 0 { 410 } else { 200 }, String::new())).await;
        let partner = PartnerClient::of(&server, "busan");
        let (webhook, _) = partner.create_webhook(&receiver.url()).await;
        let publisher = Publisher::of("NGHE_AN", server.register());
        let entry = publisher.publish("One").await;
        let seen = partner.wait_for_webhook(|webhook| webhook["state"] == "DISABLED").await;
        assert_eq!((&seen["disabledReason"], &seen["cursor"]), (&json!("GONE"), &webhook["cursor"]));
        assert_eq!(deliveries(&seen)[0]["status"], 410);
        partner.update(json!({"id": webhook["id"], "isPaused": false})).await;
        assert_eq!(code(&receiver.wait_for_accepted(1).await[0]), entry.meta.code);
        let seen = partner.wait_for_webhook(|webhook| deliveries(webhook).len() == 2).await;
        assert_eq!((&seen["state"], &seen["disabledReason"]), (&json!("ACTIVE"), &Value::Null));
        server.stop().await;
    })
    .await;
}

#[tokio::test]
async fn failing_endpoint_is_disabled_after_ten_attempts() {
    on_both_databases(|settings| async move {
        let clock = AdjustableClock::new();
        let server = Server::start(allow_loopback(Settings {
            clock: Arc::<AdjustableClock>::clone(&clock),
            ..settings
        }))
        .await;
        let (well, elsewhere) = (WebhookReceiver::start().await, WebhookReceiver::start().await);
        // It redirects to another endpoint, which is never called.
        let location = format!("location: {}\r\n", elsewhere.url());
        let bad = WebhookReceiver::with(move |_, _| (307, location.clone())).await;
        let (sick, healthy) = (PartnerClient::of(&server, "busan"), PartnerClient::of(&server, "gwangju"));
        sick.create_webhook(&bad.url()).await;
        healthy.create_webhook(&well.url()).await;
        let publisher = Publisher::of("NGHE_AN", server.register());
        publisher.publish("One").await;
        bad.wait_for_calls(1).await;
        publisher.publish("Two").await;
        assert_eq!(well.wait_for_accepted(2).await.len(), 2);

        for failures in 1..10 {
            let waiting = sick.wait_for_webhook(|webhook| webhook["failures"] == failures).await;
            assert_eq!(waiting["state"], "ACTIVE");
            clock.advance(30);
        }
        let seen = sick.wait_for_webhook(|webhook| webhook["state"] == "DISABLED").await;
        assert_eq!((&seen["disabledReason"], &seen["failures"]), (&json!("EXHAUSTED"), &json!(10)));
        let attempts: Vec<i64> =
            deliveries(&seen).iter().rev().filter_map(|delivery| delivery["attempt"].as_i64()).collect();
        assert_eq!(attempts, (1..=10).collect::<Vec<_>>());
        for (index, delivery) in deliveries(&seen).iter().enumerate() {
            assert_eq!((&delivery["error"], &delivery["status"]), (&json!("REDIRECT"), &json!(307)));
            assert_eq!(delivery["messageId"], deliveries(&seen)[0]["messageId"]);
            assert_eq!(delivery["nextAttemptAt"].is_null(), index == 0, "{delivery}");
        }
        assert_eq!(bad.calls().len(), 10);
        assert!(elsewhere.calls().is_empty());
        assert_eq!(healthy.list().await[0]["state"], "ACTIVE");
        server.stop().await;
    })
    .await;
}

#[tokio::test]
async fn retry_after_of_an_endpoint_is_honoured() {
    on_both_databases(|settings| async move {
        let clock = AdjustableClock::new();
        let server = Server::start(allow_loopback(Settings {
            clock: Arc::<AdjustableClock>::clone(&clock),
            ..settings
        }))
        .await;
        // Seconds, a date and more than a day; our own first delays are 5 s, 5 min and 30 min.
        let date = "Fri, 01 Jan 2038 00:00:00 GMT";
        let requested = ["3600".to_owned(), date.to_owned(), "999999999999999999999".to_owned()];
        let receiver = WebhookReceiver::with(move |_, number| match requested.get(number) {
            Some(after) => (503, format!("retry-after: {after}\r\n")),
            None => (200, String::new()),
        })
        .await;
        let partner = PartnerClient::of(&server, "busan");
        partner.create_webhook(&receiver.url()).await;
        Publisher::of("NGHE_AN", server.register()).publish("One").await;
        let seconds = |delivery: &Value, field: &str| {
            let text = delivery[field].as_str().expect("a time");
            text.parse::<DateTimeUtc>().expect("a time").timestamp()
        };
        for (failures, delay) in [(1, 3_600), (2, 86_400), (3, 86_400)] {
            let webhook = partner.wait_for_webhook(|webhook| webhook["failures"] == failures).await;
            let last = &deliveries(&webhook)[0];
            assert_eq!(seconds(last, "nextAttemptAt") - seconds(last, "attemptedAt"), delay, "{last}");
            clock.advance(25);
        }
        assert_eq!(receiver.wait_for_accepted(1).await.len(), 1);
        server.stop().await;
    })
    .await;
}
