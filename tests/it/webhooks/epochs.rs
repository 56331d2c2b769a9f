//! The gap that an endpoint receives when the database lacks delivered changes.

use serde_json::{Value, json};

use super::{PartnerClient, allow_loopback, deliveries};
use crate::harness::backup::DatabaseBackup;
use crate::harness::publisher::Publisher;
use crate::harness::receiver::WebhookReceiver;
use crate::harness::{Server, on_both_databases};

#[tokio::test]
async fn endpoint_receives_a_gap_after_lost_changes() {
    on_both_databases(|settings| async move {
        let settings = allow_loopback(settings);
        let server = Server::start(settings.clone()).await;
        let receiver = WebhookReceiver::start().await;
        let partner = PartnerClient::of(&server, "busan");
        partner.create_webhook(&receiver.url()).await;
        let publisher = Publisher::of("NGHE_AN", server.register());
        publisher.publish("Kept").await;
        receiver.wait_for_accepted(1).await;
        partner.wait_for_webhook(|webhook| deliveries(webhook).len() == 1).await;
        let backup = DatabaseBackup::take(&settings).await;
        publisher.publish("Lost").await;
        receiver.wait_for_accepted(2).await;
        backup.restore().await;
        server.register().catch_up().await.expect("the database answers");
        // A change that is published before the gap is sent comes after it.
        receiver.wait_for_accepted(3).await;
        publisher.publish("New").await;
        let calls = receiver.wait_for_accepted(4).await;
        let kinds: Vec<Value> = calls.iter().map(|call| call.json()["type"].clone()).collect();
        let [change, gap] = ["caunoi.change", "caunoi.gap"].map(|kind| json!(kind));
        assert_eq!(kinds, [change.clone(), change.clone(), gap, change]);
        server.stop().await;
    })
    .await;
}
