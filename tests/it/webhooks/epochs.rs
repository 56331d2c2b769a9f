//! What an endpoint is sent when the database lacks changes that were delivered.

use serde_json::{Value, json};

use super::{Partner, deliveries, open};
use crate::harness::desk::Desk;
use crate::harness::past::Past;
use crate::harness::receiver::Receiver;
use crate::harness::{Server, on_both_databases};

#[tokio::test]
async fn an_endpoint_is_sent_a_gap_when_delivered_changes_are_lost() {
    on_both_databases(|settings| async move {
        let settings = open(settings);
        let server = Server::start(settings.clone()).await;
        let receiver = Receiver::start().await;
        let partner = Partner::of(&server, "busan");
        partner.hook(&receiver.url()).await;
        let desk = Desk::of("NGHE_AN", server.register());
        desk.publish("Kept").await;
        receiver.taken(1).await;
        partner.until(|webhook| deliveries(webhook).len() == 1).await;
        let past = Past::keep(&settings).await;
        desk.publish("Lost").await;
        receiver.taken(2).await;
        past.bring_back().await;
        server.register().follow().await.expect("the database answers");
        // What is published before the gap is sent is behind it.
        receiver.taken(3).await;
        desk.publish("New").await;
        let calls = receiver.taken(4).await;
        let kinds: Vec<Value> = calls.iter().map(|call| call.json()["type"].clone()).collect();
        let [change, gap] = ["caunoi.change", "caunoi.gap"].map(|kind| json!(kind));
        assert_eq!(kinds, [change.clone(), change.clone(), gap, change]);
        server.stop().await;
    })
    .await;
}
