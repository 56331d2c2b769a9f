//! Execution of subscriptions.

use std::sync::atomic::AtomicU64;

use async_graphql::SimpleObject;
use async_graphql::dataloader::{DataLoader, Loader};
use futures_util::stream::{self, BoxStream};
use futures_util::{Stream, StreamExt as _};

use super::*;
use crate::execution::admission::{Admission, Client};
use crate::execution::stream::{EventTurns, execute_subscription};

pub(super) struct TestSubscription;

#[async_graphql::Subscription(name = "Subscription")]
impl TestSubscription {
    async fn count(&self, #[graphql(default = 3)] to: i32) -> impl Stream<Item = Number> {
        stream::iter((1..=to).map(|value| Number { value }))
    }

    async fn forbidden(&self) -> async_graphql::Result<BoxStream<'static, i32>> {
        Err(Error::new("not you").extend_with(|_, all| all.set("code", "FORBIDDEN")))
    }

    async fn silent(&self, ctx: &Context<'_>) -> impl Stream<Item = i32> {
        let flag = ctx.data::<Arc<AtomicBool>>().cloned().map(RaisedOnDrop);
        stream::poll_fn(move |_| {
            let _ = &flag;
            std::task::Poll::Pending
        })
    }
}

/// The value of an event.
#[derive(SimpleObject)]
#[graphql(complex)]
struct Number {
    value: i32,
}

#[async_graphql::ComplexObject]
impl Number {
    /// The number of data sets made before this one.
    async fn turn(&self, ctx: &Context<'_>) -> u64 {
        *ctx.data_unchecked::<u64>()
    }

    /// Two of these in one event are loaded in one batch.
    async fn doubled(&self, ctx: &Context<'_>) -> Option<i32> {
        let Ok(doubled) = ctx.data_unchecked::<DataLoader<Doubling>>().load_one(self.value).await;
        doubled
    }

    async fn odd(&self) -> async_graphql::Result<i32> {
        (self.value % 2 == 1).then_some(self.value).ok_or_else(|| Error::new("internal text"))
    }

    async fn panics(&self) -> i32 {
        let none: Vec<i32> = Vec::new();
        none[usize::from(!none.is_empty())]
    }

    async fn endless(&self) -> i32 {
        std::future::pending().await
    }
}

#[derive(Clone, Default)]
struct Doubling(Arc<AtomicU64>);

#[async_graphql::async_trait::async_trait]
impl Loader<i32> for Doubling {
    type Value = i32;
    type Error = std::convert::Infallible;

    async fn load(&self, keys: &[i32]) -> Result<std::collections::HashMap<i32, i32>, Self::Error> {
        self.0.fetch_add(1, Ordering::SeqCst);
        Ok(keys.iter().map(|key| (*key, 2 * key)).collect())
    }
}

fn execute_document(
    document: &str,
    limits: ExecutionLimits,
    context_data: impl Fn(&BatchQueue) -> Data + Send + Sync + 'static,
) -> BoxStream<'static, GraphqlResponse> {
    let schema = build().extension(PerEventExecution).finish();
    match prepare(
        request(document),
        &cost_policy(limits),
        &DocumentCache::new(&TEST_TYPES),
        &TrustedDocuments::default(),
    ) {
        Ok(PreparedOperation { request, recipient, .. }) => {
            let client = Client::new(&Actor::public(), None);
            let turns = EventTurns { admission: Admission::new(limits), client };
            execute_subscription(&schema, request, (recipient, turns), limits, context_data)
        }
        Err(refused) => stream::iter([*refused]).boxed(),
    }
}

async fn collect_responses(document: &str) -> Vec<(ResponseOutcome, serde_json::Value)> {
    let responses = execute_document(document, ExecutionLimits::default(), |_| Data::default());
    let read =
        |response: GraphqlResponse| (response.outcome, serde_json::from_slice(&response.body).unwrap());
    responses.map(read).collect().await
}

#[tokio::test]
async fn every_event_is_a_response() {
    let event = |value: i32| (ResponseOutcome::Answered, json!({"data": {"count": {"value": value}}}));
    for document in [
        "subscription { count(to: 2) { value } }",
        "subscription { ...f } fragment f on Subscription { count(to: 2) { value } }",
        "subscription { ... { count(to: 2) { value } } count(to: 2) { value } }",
    ] {
        assert_eq!(collect_responses(document).await, [event(1), event(2)], "{document}");
    }
}

#[tokio::test]
async fn refused_subscription_has_no_data() {
    let unparsable = collect_responses("subscription {").await;
    assert_eq!(unparsable[0].0, ResponseOutcome::Unparsable);
    assert_eq!(unparsable[0].1["errors"][0]["extensions"]["code"], "BAD_INPUT");
    let refused = [
        ("subscription { nothing }", "BAD_INPUT"),
        ("subscription { count { value } silent }", "BAD_INPUT"),
        ("subscription { __typename }", "BAD_INPUT"),
        ("subscription { count(to: \"x\") { value } }", "BAD_INPUT"),
        ("subscription { count(to: 3000000000) { value } }", "BAD_INPUT"),
        ("subscription { forbidden }", "FORBIDDEN"),
    ];
    for (document, code) in refused {
        let responses = collect_responses(document).await;
        let [(outcome, body)] = responses.as_slice() else { panic!("{document}: {responses:?}") };
        assert_eq!(*outcome, ResponseOutcome::Invalid, "{document}");
        assert!(body.get("data").is_none(), "{document}");
        assert_eq!(body["errors"][0]["extensions"]["code"], code, "{document}: {body}");
    }
    let costly: Vec<_> = (0..51).map(|number| format!("a{number}: value")).collect();
    let responses = collect_responses(&format!("subscription {{ count {{ {} }} }}", costly.join(" "))).await;
    assert_eq!(responses[0].1["errors"][0]["extensions"]["code"], "COST_EXCEEDED");
}

#[tokio::test]
async fn failed_event_hides_internals_and_does_not_end_the_stream() {
    let responses = collect_responses("subscription { count { odd } }").await;
    let bodies: Vec<_> = responses.iter().map(|(_, body)| &body["data"]["count"]["odd"]).collect();
    assert_eq!(bodies, [&json!(1), &json!(null), &json!(3)]);
    assert_eq!(responses[1].0, ResponseOutcome::Answered);
    assert_eq!(responses[1].1["errors"][0]["message"], "Something went wrong on our side.");
}

#[tokio::test]
async fn panic_ends_the_subscription() {
    let responses = collect_responses("subscription { count { panics } }").await;
    let [(ResponseOutcome::Broken, body)] = responses.as_slice() else { panic!("{responses:?}") };
    assert_eq!(
        body["errors"][0]["extensions"],
        json!({"code": "INTERNAL", "requestId": "r1", "retryable": false})
    );
}

#[tokio::test(start_paused = true)]
async fn deadline_stops_an_event_but_not_the_wait_for_one() {
    let limits = ExecutionLimits::default();
    let mut late = execute_document("subscription { count { endless } }", limits, |_| Data::default());
    let body: serde_json::Value = serde_json::from_slice(&late.next().await.unwrap().body).unwrap();
    assert_eq!(body["errors"][0]["extensions"]["code"], "TIMEOUT");
    assert!(late.next().await.is_none());
    let mut silent = execute_document("subscription { silent }", limits, |_| Data::default());
    assert!(tokio::time::timeout(4 * limits.deadline, silent.next()).await.is_err());
}

#[tokio::test]
async fn each_event_has_its_own_data_and_batches() {
    let (turns, doubling) = (AtomicU64::new(0), Doubling::default());
    let batches = Arc::clone(&doubling.0);
    let context_data = move |queue: &BatchQueue| {
        let queue = queue.clone();
        let mut known = data(turns.fetch_add(1, Ordering::SeqCst));
        let loader = DataLoader::new(doubling.clone(), move |batch| queue.push(batch));
        known.insert(loader.delay(Duration::ZERO));
        known
    };
    let document = "subscription { count(to: 2) { turn one: doubled two: doubled } }";
    let events: Vec<serde_json::Value> = execute_document(document, ExecutionLimits::default(), context_data)
        .map(|response| serde_json::from_slice(&response.body).unwrap())
        .collect()
        .await;
    // The first data set is that of the source stream.
    let event =
        |turn: u64, doubled: i32| json!({"data": {"count": {"turn": turn, "one": doubled, "two": doubled}}});
    assert_eq!(events, [event(1, 2), event(2, 4)]);
    assert_eq!(batches.load(Ordering::SeqCst), 2);
}

#[tokio::test(start_paused = true)]
async fn dropping_the_stream_stops_the_execution() {
    let is_dropped = Arc::new(AtomicBool::new(false));
    let flag = Arc::clone(&is_dropped);
    let mut silent = execute_document("subscription { silent }", ExecutionLimits::default(), move |_| {
        data(Arc::clone(&flag))
    });
    assert!(tokio::time::timeout(Duration::from_millis(20), silent.next()).await.is_err());
    assert!(!is_dropped.load(Ordering::SeqCst));
    drop(silent);
    assert!(is_dropped.load(Ordering::SeqCst));
}
