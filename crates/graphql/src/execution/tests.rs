//! Execution of requests against a schema with all known kinds of failures.

#![expect(clippy::unused_async, reason = "the engine takes async resolvers only")]

use std::sync::{
    Arc, LazyLock,
    atomic::{AtomicBool, Ordering},
};

use async_graphql::{Context, Error, ErrorExtensions, Object, SchemaBuilder, ValidationMode};
use serde_json::json;

use super::*;
use crate::schema_types::SchemaTypes;

mod stream;
use stream::TestSubscription;

struct TestQuery;

#[Object(name = "Query")]
impl TestQuery {
    async fn echo(&self, text: String) -> String {
        text
    }

    async fn caller(&self, ctx: &Context<'_>) -> String {
        ctx.data::<String>().cloned().unwrap_or_default()
    }

    async fn leak(&self, ctx: &Context<'_>) -> async_graphql::Result<i32> {
        ctx.data::<Vec<u128>>().map(|all| all.len().try_into().unwrap_or(0))
    }

    async fn refused(&self) -> async_graphql::Result<i32> {
        Err(Error::new("é".repeat(400)).extend_with(|_, all| all.set("code", "FORBIDDEN")))
    }

    async fn invented(&self) -> async_graphql::Result<i32> {
        Err(Error::new("table agreement").extend_with(|_, all| all.set("code", "SQL")))
    }

    async fn broken(&self) -> i32 {
        let none: Vec<i32> = Vec::new();
        none[usize::from(!none.is_empty())]
    }

    async fn endless(&self, ctx: &Context<'_>) -> i32 {
        let _flag = ctx.data::<Arc<AtomicBool>>().cloned().map(RaisedOnDrop);
        std::future::pending().await
    }

    async fn maybe(&self, #[graphql(default = 0)] value: i32) -> Option<Result<i32, Error>> {
        Some((value < 0).then_some(value).ok_or_else(|| Error::new("internal text")))
    }

    async fn small(&self, value: i32) -> i32 {
        value
    }

    #[graphql(complexity = "1000 * child_complexity")]
    async fn many(&self) -> Vec<Self> {
        Vec::new()
    }
}

struct RaisedOnDrop(Arc<AtomicBool>);

impl Drop for RaisedOnDrop {
    fn drop(&mut self) {
        self.0.store(true, Ordering::SeqCst);
    }
}

struct TestMutation;

#[Object(name = "Mutation")]
impl TestMutation {
    async fn change(&self) -> i32 {
        1
    }
}

fn build() -> SchemaBuilder<TestQuery, TestMutation, TestSubscription> {
    Schema::build(TestQuery, TestMutation, TestSubscription)
        .validation_mode(ValidationMode::Fast)
        .limit_complexity(10_000)
        .disable_suggestions()
}

fn schema() -> Schema<TestQuery, TestMutation, TestSubscription> {
    build().finish()
}

/// The types of the test schema.
static TEST_TYPES: LazyLock<SchemaTypes> = LazyLock::new(|| SchemaTypes::of(&schema().sdl()));

fn request(document: &str) -> GraphqlRequest {
    GraphqlRequest {
        actor: Actor::public(),
        document: RequestedDocument::Text(document.to_owned(), None),
        operation_name: None,
        variables: serde_json::Value::Null,
        languages: Some("en".to_owned()),
        request_id: "r1".to_owned(),
        allowed_operations: AllowedOperations::All,
        resume: None,
        has_stored_filter: false,
        address: None,
        cost_mode: CostMode::None,
    }
}

/// Returns request data with one value.
fn data(known: impl std::any::Any + Send + Sync) -> Data {
    let mut data = Data::default();
    data.insert(known);
    data
}

/// The cost policy of these limits, in a register of the default sizes.
fn cost_policy(limits: ExecutionLimits) -> CostPolicy {
    CostPolicy { limits: limits.cost, sizes: crate::cost::Sizes::default() }
}

/// Executes a request with an empty document cache.
async fn execute_request(
    schema: &Schema<TestQuery, TestMutation, TestSubscription>,
    request: GraphqlRequest,
    limits: ExecutionLimits,
    context_data: impl FnOnce(&BatchQueue) -> Data,
) -> GraphqlResponse {
    let prepared = prepare(
        request,
        &cost_policy(limits),
        &DocumentCache::new(&TEST_TYPES),
        &TrustedDocuments::default(),
    );
    execute_prepared(schema, prepared.map_err(|refused| *refused), limits, context_data).await
}

async fn execute_to_json(request: GraphqlRequest) -> (ResponseOutcome, serde_json::Value) {
    let response = execute_request(&schema(), request, ExecutionLimits::default(), |_| Data::default()).await;
    (response.outcome, serde_json::from_slice(&response.body).unwrap())
}

async fn code_of(document: &str) -> (ResponseOutcome, String) {
    let (outcome, body) = execute_to_json(request(document)).await;
    let code = body["errors"][0]["extensions"]["code"].as_str().unwrap_or("none");
    (outcome, code.to_owned())
}

#[tokio::test]
async fn query_is_executed_with_variables() {
    let mut request_with_variables = request("query A($t: String!) { echo(text: $t) } query B { caller }");
    request_with_variables.operation_name = Some("A".to_owned());
    request_with_variables.variables = json!({"t": "Đà Nẵng"});
    assert_eq!(
        execute_to_json(request_with_variables).await,
        (ResponseOutcome::Answered, json!({"data": {"echo": "Đà Nẵng"}}))
    );
}

#[tokio::test]
async fn context_data_reaches_resolvers() {
    let context_data = |_: &BatchQueue| data("clerk".to_owned());
    let response =
        execute_request(&schema(), request("{caller}"), ExecutionLimits::default(), context_data).await;
    assert_eq!(&response.body[..], br#"{"data":{"caller":"clerk"}}"#);
}

#[tokio::test]
async fn refused_request_has_no_data() {
    let refused = [
        "{",
        "{ nothing }",
        "{ echo }",
        "query A { caller } query B { caller }",
        "subscription { count }",
        "{ echo(text: 1) }",
        "query($t: String!) { echo(text: $t) }",
    ];
    for document in refused {
        let (outcome, body) = execute_to_json(request(document)).await;
        let expected = if document == "{" { ResponseOutcome::Unparsable } else { ResponseOutcome::Invalid };
        assert_eq!(outcome, expected, "{document}");
        assert!(body.get("data").is_none(), "{document}");
        let extensions = json!({"code": "BAD_INPUT", "requestId": "r1", "retryable": false});
        assert_eq!(body["errors"][0]["extensions"], extensions, "{document}");
    }
    let mut wrong_name = request("query A { caller }");
    wrong_name.operation_name = Some("B".to_owned());
    assert_eq!(execute_to_json(wrong_name).await.0, ResponseOutcome::Invalid);
    let mut wrong_variables = request("{ caller }");
    wrong_variables.variables = json!([1]);
    assert_eq!(execute_to_json(wrong_variables).await.0, ResponseOutcome::Invalid);
}

#[tokio::test]
async fn disallowed_operation_kinds_are_refused() {
    let document = "query A { caller } mutation B { change } subscription C { silent }";
    for (allowed_operations, refused) in
        [(AllowedOperations::Queries, ["B", "C"].as_slice()), (AllowedOperations::Reads, &["B"])]
    {
        let named = |name: &str| GraphqlRequest {
            allowed_operations,
            operation_name: Some(name.to_owned()),
            ..request(document)
        };
        for name in refused {
            assert_eq!(execute_to_json(named(name)).await.0, ResponseOutcome::QueryOnly, "{name}");
        }
        assert_eq!(execute_to_json(named("A")).await.0, ResponseOutcome::Answered);
    }
    assert_eq!(execute_to_json(request("mutation { change }")).await.0, ResponseOutcome::Answered);
}

#[tokio::test]
async fn costly_documents_are_refused() {
    let costly = (ResponseOutcome::Invalid, "COST_EXCEEDED".to_owned());
    assert_eq!(code_of("{ many { many { caller } } }").await, costly);
    let aliases: Vec<_> = (0..51).map(|number| format!("a{number}: caller")).collect();
    assert_eq!(code_of(&format!("{{{}}}", aliases.join(" "))).await, costly);
}

#[tokio::test]
async fn internal_errors_are_hidden() {
    for document in ["{ leak }", "{ invented }", "{ broken }", "{ maybe }"] {
        let (outcome, body) = execute_to_json(request(document)).await;
        let error = &body["errors"][0];
        assert_eq!(error["message"], "Something went wrong on our side.", "{document}");
        assert_eq!(error["extensions"]["code"], "INTERNAL", "{document}");
        assert_eq!(outcome == ResponseOutcome::Broken, document == "{ broken }");
    }
}

#[tokio::test]
async fn errors_are_in_the_language_of_the_request() {
    for (languages, message) in [
        (None, "Hệ thống gặp lỗi."),
        (Some("fr, en;q=0.5"), "Something went wrong on our side."),
        (Some("vi, en;q=0.5"), "Hệ thống gặp lỗi."),
    ] {
        let request = GraphqlRequest { languages: languages.map(str::to_owned), ..request("{ leak }") };
        let (_, body) = execute_to_json(request).await;
        assert_eq!(body["errors"][0]["message"], message, "{languages:?}");
        assert_eq!(body["errors"][0]["extensions"]["code"], "INTERNAL");
    }
}

#[tokio::test]
async fn error_keeps_its_code_and_is_truncated() {
    let (outcome, body) = execute_to_json(request("{ refused }")).await;
    assert_eq!(outcome, ResponseOutcome::Answered);
    assert_eq!(body["data"], serde_json::Value::Null);
    assert!(body.as_object().unwrap().contains_key("data"));
    assert_eq!(body["errors"][0]["extensions"]["code"], "FORBIDDEN");
    assert_eq!(body["errors"][0]["message"], "é".repeat(150));
}

#[tokio::test]
async fn errors_are_limited() {
    let fields: Vec<_> = (0..500).map(|number| format!("wrong{number}")).collect();
    let (_, body) = execute_to_json(request(&format!("{{{}}}", fields.join(" ")))).await;
    assert_eq!(body["errors"].as_array().unwrap().len(), 10);
    let long = format!("{{ echo(text: {{a: \"{}\"}}) }}", "x".repeat(10_000));
    let response =
        execute_request(&schema(), request(&long), ExecutionLimits::default(), |_| Data::default()).await;
    assert!(response.body.len() < 1_000);
}

#[tokio::test]
async fn coercion_during_execution_is_bad_input() {
    let document = "query($v: Int) { maybe(value: $v) }";
    let mut request_with_variables = request(document);
    request_with_variables.variables = json!({"v": 3_000_000_000_u64});
    let (outcome, body) = execute_to_json(request_with_variables).await;
    assert_eq!(outcome, ResponseOutcome::Invalid);
    assert_eq!(body["errors"][0]["extensions"]["code"], "BAD_INPUT", "{body}");
    let (outcome, body) = execute_to_json(request("{ small(value: 3000000000) }")).await;
    assert_eq!(outcome, ResponseOutcome::Invalid);
    assert!(body.get("data").is_none());
}

// The paused clock advances only when all tasks wait.
#[tokio::test(start_paused = true)]
async fn deadline_stops_an_operation() {
    let is_dropped = Arc::new(AtomicBool::new(false));
    let flag = Arc::clone(&is_dropped);
    let context_data = |_: &BatchQueue| data(flag);
    let response =
        execute_request(&schema(), request("{ endless }"), ExecutionLimits::default(), context_data).await;
    assert_eq!(response.outcome, ResponseOutcome::TimedOut);
    let body: serde_json::Value = serde_json::from_slice(&response.body).unwrap();
    assert_eq!(body["errors"][0]["extensions"]["code"], "TIMEOUT");
    assert_eq!(body["errors"][0]["extensions"]["retryable"], true);
    while !is_dropped.load(Ordering::SeqCst) {
        tokio::task::yield_now().await;
    }
}

#[tokio::test(start_paused = true)]
async fn disconnected_caller_stops_the_operation() {
    let is_dropped = Arc::new(AtomicBool::new(false));
    let flag = Arc::clone(&is_dropped);
    let schema = schema();
    let leaving =
        execute_request(&schema, request("{ endless }"), ExecutionLimits::default(), |_| data(flag));
    let is_early = tokio::time::timeout(Duration::from_millis(20), leaving).await.is_err();
    assert!(is_early);
    while !is_dropped.load(Ordering::SeqCst) {
        tokio::task::yield_now().await;
    }
}
