//! Two nodes on one database: one at a time calls an endpoint, and the other takes over when it
//! stops.

use std::collections::BTreeMap;

use super::{PartnerClient, allow_loopback, deliveries};
use crate::harness::publisher::Publisher;
use crate::harness::receiver::WebhookReceiver;
use crate::harness::{Server, on_postgres};

#[tokio::test]
async fn one_node_delivers_and_the_other_takes_over() {
    on_postgres(|settings| async move {
        let settings = allow_loopback(settings);
        let (one, other) = (Server::start(settings.clone()).await, Server::start(settings.clone()).await);
        let receivers =
            [WebhookReceiver::start().await, WebhookReceiver::start().await, WebhookReceiver::start().await];
        let partner = PartnerClient::of(&one, "busan");
        for receiver in &receivers {
            partner.create_webhook(&receiver.url()).await;
        }
        for number in 0..4 {
            Publisher::of("NGHE_AN", one.register()).publish(&format!("Here {number}")).await;
            Publisher::of("DA_NANG", other.register()).publish(&format!("There {number}")).await;
        }
        for receiver in &receivers {
            receiver.wait_for_accepted(8).await;
        }
        for seen in partner.list().await {
            let id = seen["id"].clone();
            partner.wait_for_webhook(|webhook| webhook["id"] == id && deliveries(webhook).len() == 8).await;
        }
        one.stop().await;
        Publisher::of("NGHE_AN", other.register()).publish("After one has gone").await;
        for receiver in &receivers {
            let calls = receiver.wait_for_accepted(9).await;
            let mut times = BTreeMap::new();
            for call in &calls {
                *times.entry(call.id().to_owned()).or_insert(0) += 1;
            }
            assert_eq!((times.len(), calls.len()), (9, 9), "{times:?}");
        }
        other.stop().await;
    })
    .await;
}
