//! What we rely on in the pinned engine; later versions broke the first of it.

#![expect(clippy::unused_async, reason = "the engine takes async resolvers only")]

use crate::schema::fault::Fault;
use async_graphql::{EmptyMutation, EmptySubscription, Object, Response, Schema};
use serde_json::{Value, json};
use std::sync::Arc;
use tokio::sync::Semaphore;

/// Each slow field ends only after a quick one has begun.
#[derive(Clone)]
struct Thing(Arc<Semaphore>);

impl Thing {
    fn new() -> Self {
        Self(Arc::new(Semaphore::new(0)))
    }
}

#[Object]
impl Thing {
    async fn slow(&self) -> i32 {
        self.0.acquire().await.map_or(0, |permit| {
            permit.forget();
            1
        })
    }

    async fn quick(&self) -> i32 {
        self.0.add_permits(1);
        2
    }

    async fn below(&self) -> Self {
        self.clone()
    }

    async fn fails(&self) -> Result<i32, Fault> {
        Err(Fault::bad_input("no"))
    }

    async fn may_fail(&self) -> Option<Result<i32, Fault>> {
        Some(Err(Fault::bad_input("no")))
    }

    async fn may_be(&self) -> Option<Result<Self, Fault>> {
        Some(Ok(self.clone()))
    }
}

struct Query;

#[Object]
impl Query {
    async fn thing(&self) -> Thing {
        Thing::new()
    }

    async fn things(&self) -> Vec<Thing> {
        vec![Thing::new(), Thing::new()]
    }

    async fn maybe(&self) -> Option<Thing> {
        Some(Thing::new())
    }

    async fn several(&self) -> Vec<Option<Thing>> {
        vec![Some(Thing::new()), None]
    }
}

async fn ask(document: &str) -> Response {
    Schema::new(Query, EmptyMutation, EmptySubscription).execute(document).await
}

/// The data as the text that callers get, so that the order of keys counts.
async fn text_of(document: &str) -> String {
    let answer = ask(document).await;
    assert!(answer.errors.is_empty(), "{:?}", answer.errors);
    serde_json::to_string(&answer.data).unwrap()
}

/// The data, and the paths of the errors.
async fn faults_of(document: &str) -> (Value, Vec<Value>) {
    let answer = ask(document).await;
    let paths = answer.errors.iter().map(|error| serde_json::to_value(&error.path).unwrap());
    (serde_json::to_value(&answer.data).unwrap(), paths.collect())
}

#[tokio::test]
async fn keys_stand_as_asked_though_a_slow_field_ends_last() {
    assert_eq!(
        text_of("{ thing { slow quick below { again: slow quick } } }").await,
        r#"{"thing":{"slow":1,"quick":2,"below":{"again":1,"quick":2}}}"#
    );
    assert_eq!(
        text_of("{ things { ... on Thing { slow } quick } a: thing { __typename slow quick } }").await,
        r#"{"things":[{"slow":1,"quick":2},{"slow":1,"quick":2}],"a":{"__typename":"Thing","slow":1,"quick":2}}"#
    );
}

#[tokio::test]
async fn no_key_is_missing_where_selections_meet() {
    let document =
        "{ thing { below { slow } ...F below { b: quick } } } fragment F on Thing { below { quick } }";
    assert_eq!(text_of(document).await, r#"{"thing":{"below":{"slow":1,"quick":2,"b":2}}}"#);
}

#[tokio::test]
async fn a_failing_field_takes_its_parent_to_the_next_that_may_be_null() {
    assert_eq!(
        faults_of("{ maybe { quick fails } thing { quick } }").await,
        (json!({"maybe": null, "thing": {"quick": 2}}), vec![json!(["maybe", "fails"])])
    );
    assert_eq!(
        faults_of("{ several { below { fails } } thing { quick } }").await,
        (
            json!({"several": [null, null], "thing": {"quick": 2}}),
            vec![json!(["several", 0, "below", "fails"])]
        )
    );
    let (data, paths) = faults_of("{ things { quick fails } }").await;
    assert_eq!(data, Value::Null, "nothing between it and the root may be null");
    assert!(!paths.is_empty());
}

#[tokio::test]
async fn a_field_that_may_be_null_fails_alone() {
    assert_eq!(
        faults_of("{ thing { quick mayFail mayBe { quick mayFail } } }").await,
        (
            json!({"thing": {"quick": 2, "mayFail": null, "mayBe": {"quick": 2, "mayFail": null}}}),
            vec![json!(["thing", "mayFail"]), json!(["thing", "mayBe", "mayFail"])]
        )
    );
    assert_eq!(
        faults_of("{ thing { mayBe { fails } quick } }").await,
        (json!({"thing": {"mayBe": null, "quick": 2}}), vec![json!(["thing", "mayBe", "fails"])])
    );
}
