//! Subscriptions, and what else is asked over a transport that stays open.

use std::sync::atomic::AtomicU64;

use async_graphql::SimpleObject;
use async_graphql::dataloader::{DataLoader, Loader};
use futures_util::stream::{self, BoxStream};
use futures_util::{Stream, StreamExt as _};

use super::*;

pub(super) struct Subscription;

#[async_graphql::Subscription]
impl Subscription {
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

/// What an event holds.
#[derive(SimpleObject)]
#[graphql(complex)]
struct Number {
    value: i32,
}

#[async_graphql::ComplexObject]
impl Number {
    /// How many events were attached before this one.
    async fn turn(&self, ctx: &Context<'_>) -> u64 {
        *ctx.data_unchecked::<u64>()
    }

    /// Two of these in one event make one batch.
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

impl Loader<i32> for Doubling {
    type Value = i32;
    type Error = std::convert::Infallible;

    async fn load(&self, keys: &[i32]) -> Result<std::collections::HashMap<i32, i32>, Self::Error> {
        self.0.fetch_add(1, Ordering::SeqCst);
        Ok(keys.iter().map(|key| (*key, 2 * key)).collect())
    }
}

fn answers(
    document: &str,
    bounds: Bounds,
    attach: impl Fn(&Aside) -> Data + Send + Sync + 'static,
) -> BoxStream<'static, Answer> {
    let streaming = build().extension(EachEvent).finish();
    match prepare(question(document), &allowed(bounds), &Documents::default()) {
        Ok(Prepared { request, request_id, .. }) => {
            crate::answer::stream::events(&streaming, (request, request_id), bounds, attach)
        }
        Err(refused) => stream::iter([refused]).boxed(),
    }
}

async fn all(document: &str) -> Vec<(Outcome, serde_json::Value)> {
    let answers = answers(document, Bounds::default(), |_| Data::default());
    let read = |answer: Answer| (answer.outcome, serde_json::from_slice(&answer.body).unwrap());
    answers.map(read).collect().await
}

#[tokio::test]
async fn every_event_is_an_answer() {
    let event = |value: i32| (Outcome::Answered, json!({"data": {"count": {"value": value}}}));
    assert_eq!(all("subscription { count(to: 2) { value } }").await, [event(1), event(2)]);
}

#[tokio::test]
async fn what_never_begins_has_no_data() {
    let refused = [
        ("subscription {", "BAD_INPUT"),
        ("subscription { nothing }", "BAD_INPUT"),
        ("subscription { count { value } silent }", "BAD_INPUT"),
        ("subscription { ...f } fragment f on Subscription { silent }", "BAD_INPUT"),
        ("subscription { __typename }", "BAD_INPUT"),
        ("subscription { count(to: \"x\") { value } }", "BAD_INPUT"),
        ("subscription { count(to: 3000000000) { value } }", "BAD_INPUT"),
        ("subscription { forbidden }", "FORBIDDEN"),
    ];
    for (document, code) in refused {
        let answers = all(document).await;
        let [(outcome, body)] = answers.as_slice() else { panic!("{document}: {answers:?}") };
        assert_eq!(*outcome, Outcome::Refused, "{document}");
        assert!(body.get("data").is_none(), "{document}");
        assert_eq!(body["errors"][0]["extensions"]["code"], code, "{document}: {body}");
    }
    let costly: Vec<_> = (0..51).map(|number| format!("a{number}: value")).collect();
    let answers = all(&format!("subscription {{ count {{ {} }} }}", costly.join(" "))).await;
    assert_eq!(answers[0].1["errors"][0]["extensions"]["code"], "COST_EXCEEDED");
}

#[tokio::test]
async fn an_event_that_fails_is_not_the_last_and_tells_nothing_internal() {
    let answers = all("subscription { count { odd } }").await;
    let bodies: Vec<_> = answers.iter().map(|(_, body)| &body["data"]["count"]["odd"]).collect();
    assert_eq!(bodies, [&json!(1), &json!(null), &json!(3)]);
    assert_eq!(answers[1].0, Outcome::Answered);
    assert_eq!(answers[1].1["errors"][0]["message"], "Something went wrong on our side.");
}

#[tokio::test]
async fn a_panic_ends_the_subscription() {
    let answers = all("subscription { count { panics } }").await;
    let [(Outcome::Broken, body)] = answers.as_slice() else { panic!("{answers:?}") };
    assert_eq!(
        body["errors"][0]["extensions"],
        json!({"code": "INTERNAL", "requestId": "r1", "retryable": false})
    );
}

#[tokio::test(start_paused = true)]
async fn the_deadline_ends_an_event_not_the_wait_for_one() {
    let bounds = Bounds::default();
    let mut late = answers("subscription { count { endless } }", bounds, |_| Data::default());
    let body: serde_json::Value = serde_json::from_slice(&late.next().await.unwrap().body).unwrap();
    assert_eq!(body["errors"][0]["extensions"]["code"], "TIMEOUT");
    assert!(late.next().await.is_none());
    let mut silent = answers("subscription { silent }", bounds, |_| Data::default());
    assert!(tokio::time::timeout(4 * bounds.deadline, silent.next()).await.is_err());
}

#[tokio::test]
async fn each_event_has_its_own_state_and_batches() {
    let (turns, doubling) = (AtomicU64::new(0), Doubling::default());
    let batches = Arc::clone(&doubling.0);
    let attach = move |aside: &Aside| {
        let aside = aside.clone();
        let mut known = data(turns.fetch_add(1, Ordering::SeqCst));
        let loader = DataLoader::new(doubling.clone(), move |batch| aside.put(batch));
        known.insert(loader.delay(Duration::ZERO));
        known
    };
    let document = "subscription { count(to: 2) { turn one: doubled two: doubled } }";
    let events: Vec<serde_json::Value> = answers(document, Bounds::default(), attach)
        .map(|answer| serde_json::from_slice(&answer.body).unwrap())
        .collect()
        .await;
    // The first state is that of the source.
    let event =
        |turn: u64, doubled: i32| json!({"data": {"count": {"turn": turn, "one": doubled, "two": doubled}}});
    assert_eq!(events, [event(1, 2), event(2, 4)]);
    assert_eq!(batches.load(Ordering::SeqCst), 2);
}

#[tokio::test(start_paused = true)]
async fn dropping_the_stream_ends_the_work() {
    let is_dropped = Arc::new(AtomicBool::new(false));
    let flag = Arc::clone(&is_dropped);
    let mut silent = answers("subscription { silent }", Bounds::default(), move |_| data(Arc::clone(&flag)));
    assert!(tokio::time::timeout(Duration::from_millis(20), silent.next()).await.is_err());
    assert!(!is_dropped.load(Ordering::SeqCst));
    drop(silent);
    assert!(is_dropped.load(Ordering::SeqCst));
}
