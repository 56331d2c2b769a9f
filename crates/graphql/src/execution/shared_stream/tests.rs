//! The shared streams of a node.

use super::*;
use crate::execution::DocumentCache;
use caunoi_domain::cache_key::{CacheKeyHasher, CallerClass};
use caunoi_domain::cursor::Epoch;
use caunoi_domain::locale::Locale;
use caunoi_domain::policy::Actor;

fn key() -> CacheKey {
    let caller_class = CallerClass::of(&Actor::public(), Locale::En);
    CacheKeyHasher::new(&[]).key(Epoch::new([7; 32]), caller_class, &[])
}

/// Returns a stream that publishes nothing.
fn silent_stream(all: &SharedStreams) -> SharedStream {
    let text = "subscription { changes { __typename } }";
    let request = StreamRequest {
        key: key(),
        caller: CallerContext {
            actor: Actor::public(),
            locale: Locale::En,
            address: None,
            has_stored_filter: false,
        },
        text: text.to_owned(),
        operation_name: None,
        variables: serde_json::Value::Null,
        absent: HashSet::new(),
        document: DocumentCache::default().read(text).unwrap(),
        is_feed: false,
    };
    let (responses, state) = (broadcast::Sender::new(1), watch::Sender::new(StreamState::default()));
    SharedStream {
        request: Arc::new(request),
        channel: Arc::new(StreamChannel { responses, state }),
        producer: tokio::spawn(std::future::pending::<()>()).abort_handle(),
        all: all.clone(),
        _guard: StreamGuard::open(),
    }
}

fn end(shared: &SharedStream) {
    let response = GraphqlResponse::refuse(
        ResponseOutcome::Unavailable,
        ErrorCode::Unavailable,
        &ApiText::SubscriptionEnded,
        &Recipient::new("r1", None),
    );
    shared.channel.state.send_modify(|state| state.end = Some(response));
}

#[tokio::test]
async fn running_stream_is_shared_until_its_last_subscriber_leaves() {
    let streams = SharedStreams::default();
    let first = streams.find_or_start(key(), || silent_stream(&streams));
    let second = streams.find_or_start(key(), || panic!("the stream is running"));
    assert!(Arc::ptr_eq(&first, &second));
    drop((first, second));
    assert!(streams.0.lock().is_empty());
}

#[tokio::test]
async fn last_subscriber_of_an_ended_stream_leaves_while_it_is_replaced() {
    let streams = SharedStreams::default();
    let ended = streams.find_or_start(key(), || silent_stream(&streams));
    end(&ended);
    let weak = Arc::downgrade(&ended);
    // From here on `find_or_start` has the last reference; a drop under the lock would not return.
    let start = || {
        drop(ended);
        silent_stream(&streams)
    };
    let replacement = streams.find_or_start(key(), start);
    assert_eq!(weak.strong_count(), 0);
    let found = streams.find_or_start(key(), || panic!("the replacement is running"));
    assert!(Arc::ptr_eq(&replacement, &found));
}
