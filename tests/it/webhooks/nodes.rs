//! Two nodes on one database: one of them calls an endpoint at a time, and the other goes on when it ends.

use std::collections::BTreeMap;

use super::{Partner, deliveries, open};
use crate::harness::desk::Desk;
use crate::harness::receiver::Receiver;
use crate::harness::{Server, on_a_server_database};

#[tokio::test]
async fn each_message_is_delivered_by_one_node_and_the_other_goes_on() {
    on_a_server_database(|settings| async move {
        let settings = open(settings);
        let (one, other) = (Server::start(settings.clone()).await, Server::start(settings.clone()).await);
        let receivers = [Receiver::start().await, Receiver::start().await, Receiver::start().await];
        let partner = Partner::of(&one, "busan");
        for receiver in &receivers {
            partner.hook(&receiver.url()).await;
        }
        for number in 0..4 {
            Desk::of("NGHE_AN", one.register()).publish(&format!("Here {number}")).await;
            Desk::of("DA_NANG", other.register()).publish(&format!("There {number}")).await;
        }
        for receiver in &receivers {
            receiver.taken(8).await;
        }
        for seen in partner.list().await {
            let id = seen["id"].clone();
            partner.until(|webhook| webhook["id"] == id && deliveries(webhook).len() == 8).await;
        }
        one.stop().await;
        Desk::of("NGHE_AN", other.register()).publish("After one has gone").await;
        for receiver in &receivers {
            let calls = receiver.taken(9).await;
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
