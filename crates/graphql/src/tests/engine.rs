//! Behaviour of the pinned engine that we rely on; later versions broke the first of it.

#![expect(clippy::unused_async, reason = "the engine takes async resolvers only")]

use crate::schema::api_error::ApiError;
use async_graphql::{EmptyMutation, EmptySubscription, Object, Response, Schema};
use caunoi_texts::ApiText;
use serde_json::{Value, json};
use std::sync::Arc;
use tokio::sync::Semaphore;

/// A type whose field `slow` ends only after `quick` has begun.
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

    async fn fails(&self) -> Result<i32, ApiError> {
        Err(ApiError::bad_input(ApiText::GroupKeys))
    }

    async fn may_fail(&self) -> Option<Result<i32, ApiError>> {
        Some(Err(ApiError::bad_input(ApiText::GroupKeys)))
    }

    async fn may_be(&self) -> Option<Result<Self, ApiError>> {
        Some(Ok(self.clone()))
    }
}

struct EngineQuery;

#[Object(name = "Query")]
impl EngineQuery {
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

async fn execute(document: &str) -> Response {
    Schema::new(EngineQuery, EmptyMutation, EmptySubscription).execute(document).await
}

/// Returns the data as the text that callers get, so that the order of keys counts.
async fn text_of(document: &str) -> String {
    let response = execute(document).await;
    assert!(response.errors.is_empty(), "{:?}", response.errors);
    serde_json::to_string(&response.data).unwrap()
}

/// Returns the data, and the paths of the errors.
async fn data_and_error_paths(document: &str) -> (Value, Vec<Value>) {
    let response = execute(document).await;
    let paths = response.errors.iter().map(|error| serde_json::to_value(&error.path).unwrap());
    (serde_json::to_value(&response.data).unwrap(), paths.collect())
}

#[tokio::test]
async fn keys_keep_their_order_if_a_slow_field_ends_last() {
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
async fn merged_selections_keep_all_keys() {
    let document =
        "{ thing { below { slow } ...F below { b: quick } } } fragment F on Thing { below { quick } }";
    assert_eq!(text_of(document).await, r#"{"thing":{"below":{"slow":1,"quick":2,"b":2}}}"#);
}

#[tokio::test]
async fn failing_field_nulls_its_nearest_nullable_parent() {
    assert_eq!(
        data_and_error_paths("{ maybe { quick fails } thing { quick } }").await,
        (json!({"maybe": null, "thing": {"quick": 2}}), vec![json!(["maybe", "fails"])])
    );
    assert_eq!(
        data_and_error_paths("{ several { below { fails } } thing { quick } }").await,
        (
            json!({"several": [null, null], "thing": {"quick": 2}}),
            vec![json!(["several", 0, "below", "fails"])]
        )
    );
    let (data, paths) = data_and_error_paths("{ things { quick fails } }").await;
    assert_eq!(data, Value::Null, "nothing between it and the root may be null");
    assert!(!paths.is_empty());
}

#[tokio::test]
async fn nullable_field_fails_alone() {
    assert_eq!(
        data_and_error_paths("{ thing { quick mayFail mayBe { quick mayFail } } }").await,
        (
            json!({"thing": {"quick": 2, "mayFail": null, "mayBe": {"quick": 2, "mayFail": null}}}),
            vec![json!(["thing", "mayFail"]), json!(["thing", "mayBe", "mayFail"])]
        )
    );
    assert_eq!(
        data_and_error_paths("{ thing { mayBe { fails } quick } }").await,
        (json!({"thing": {"mayBe": null, "quick": 2}}), vec![json!(["thing", "mayBe", "fails"])])
    );
}
