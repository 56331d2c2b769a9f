//! One question in, one answer out, against a schema that misbehaves in every way we know.

#![expect(clippy::unused_async, reason = "the engine takes async resolvers only")]

use std::sync::{
    Arc,
    atomic::{AtomicBool, Ordering},
};

use async_graphql::{Context, Error, ErrorExtensions, Object, SchemaBuilder};
use serde_json::json;

use super::*;

mod stream;
use stream::Subscription;

struct Query;

#[Object]
impl Query {
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

struct Mutation;

#[Object]
impl Mutation {
    async fn change(&self) -> i32 {
        1
    }
}

fn build() -> SchemaBuilder<Query, Mutation, Subscription> {
    Schema::build(Query, Mutation, Subscription).limit_complexity(10_000).disable_suggestions()
}

fn schema() -> Schema<Query, Mutation, Subscription> {
    build().finish()
}

fn question(document: &str) -> Question {
    Question {
        actor: Actor::public(),
        document: document.to_owned(),
        operation_name: None,
        variables: serde_json::Value::Null,
        languages: None,
        request_id: "r1".to_owned(),
        offer: Offer::All,
        resume: None,
        was_accepted: false,
        address: None,
    }
}

/// One thing that resolvers can know.
fn data(known: impl std::any::Any + Send + Sync) -> Data {
    let mut data = Data::default();
    data.insert(known);
    data
}

/// What a question may cost, in a register like the shipped one.
fn allowed(bounds: Bounds) -> Allowed {
    Allowed { limits: bounds.cost, sizes: crate::cost::Sizes::default() }
}

/// Answers a question that nobody has asked before.
async fn answer(
    schema: &Schema<Query, Mutation, Subscription>,
    question: Question,
    bounds: Bounds,
    attach: impl FnOnce(&Aside) -> Data,
) -> Answer {
    let prepared = prepare(question, &allowed(bounds), &Documents::default());
    super::answer(schema, prepared, bounds, attach).await
}

async fn ask(question: Question) -> (Outcome, serde_json::Value) {
    let answer = answer(&schema(), question, Bounds::default(), |_| Data::default()).await;
    (answer.outcome, serde_json::from_slice(&answer.body).unwrap())
}

async fn code_of(document: &str) -> (Outcome, String) {
    let (outcome, body) = ask(question(document)).await;
    let code = body["errors"][0]["extensions"]["code"].as_str().unwrap_or("none");
    (outcome, code.to_owned())
}

#[tokio::test]
async fn a_query_is_answered_with_variables() {
    let mut asked = question("query A($t: String!) { echo(text: $t) } query B { caller }");
    asked.operation_name = Some("A".to_owned());
    asked.variables = json!({"t": "Đà Nẵng"});
    assert_eq!(ask(asked).await, (Outcome::Answered, json!({"data": {"echo": "Đà Nẵng"}})));
}

#[tokio::test]
async fn what_the_caller_attaches_reaches_resolvers() {
    let attach = |_: &Aside| data("clerk".to_owned());
    let answer = answer(&schema(), question("{caller}"), Bounds::default(), attach).await;
    assert_eq!(&answer.body[..], br#"{"data":{"caller":"clerk"}}"#);
}

#[tokio::test]
async fn what_cannot_be_executed_has_no_data() {
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
        let (outcome, body) = ask(question(document)).await;
        assert_eq!(outcome, Outcome::Refused, "{document}");
        assert!(body.get("data").is_none(), "{document}");
        let extensions = json!({"code": "BAD_INPUT", "requestId": "r1", "retryable": false});
        assert_eq!(body["errors"][0]["extensions"], extensions, "{document}");
    }
    let mut wrong_name = question("query A { caller }");
    wrong_name.operation_name = Some("B".to_owned());
    assert_eq!(ask(wrong_name).await.0, Outcome::Refused);
    let mut wrong_variables = question("{ caller }");
    wrong_variables.variables = json!([1]);
    assert_eq!(ask(wrong_variables).await.0, Outcome::Refused);
}

#[tokio::test]
async fn a_transport_is_asked_what_it_offers() {
    let document = "query A { caller } mutation B { change } subscription C { silent }";
    for (offer, refused) in [(Offer::Queries, ["B", "C"].as_slice()), (Offer::Reads, &["B"])] {
        let named =
            |name: &str| Question { offer, operation_name: Some(name.to_owned()), ..question(document) };
        for name in refused {
            assert_eq!(ask(named(name)).await.0, Outcome::QueryOnly, "{name}");
        }
        assert_eq!(ask(named("A")).await.0, Outcome::Answered);
    }
    assert_eq!(ask(question("mutation { change }")).await.0, Outcome::Answered);
}

#[tokio::test]
async fn costly_documents_are_told_so() {
    let costly = (Outcome::Refused, "COST_EXCEEDED".to_owned());
    assert_eq!(code_of("{ many { many { caller } } }").await, costly);
    let aliases: Vec<_> = (0..51).map(|number| format!("a{number}: caller")).collect();
    assert_eq!(code_of(&format!("{{{}}}", aliases.join(" "))).await, costly);
}

#[tokio::test]
async fn nothing_internal_leaks() {
    for document in ["{ leak }", "{ invented }", "{ broken }", "{ maybe }"] {
        let (outcome, body) = ask(question(document)).await;
        let error = &body["errors"][0];
        assert_eq!(error["message"], "Something went wrong on our side.", "{document}");
        assert_eq!(error["extensions"]["code"], "INTERNAL", "{document}");
        assert_eq!(outcome == Outcome::Broken, document == "{ broken }");
    }
}

#[tokio::test]
async fn a_fault_keeps_its_code_and_loses_its_length() {
    let (outcome, body) = ask(question("{ refused }")).await;
    assert_eq!(outcome, Outcome::Answered);
    assert_eq!(body["data"], serde_json::Value::Null);
    assert!(body.as_object().unwrap().contains_key("data"));
    assert_eq!(body["errors"][0]["extensions"]["code"], "FORBIDDEN");
    assert_eq!(body["errors"][0]["message"], "é".repeat(150));
}

#[tokio::test]
async fn errors_are_few() {
    let fields: Vec<_> = (0..500).map(|number| format!("wrong{number}")).collect();
    let (_, body) = ask(question(&format!("{{{}}}", fields.join(" ")))).await;
    assert_eq!(body["errors"].as_array().unwrap().len(), 10);
    let long = format!("{{ echo(text: {{a: \"{}\"}}) }}", "x".repeat(10_000));
    let answer = answer(&schema(), question(&long), Bounds::default(), |_| Data::default()).await;
    assert!(answer.body.len() < 1_000);
}

#[tokio::test]
async fn coercion_during_execution_is_bad_input() {
    let document = "query($v: Int) { maybe(value: $v) }";
    let mut asked = question(document);
    asked.variables = json!({"v": 3_000_000_000_u64});
    let (outcome, body) = ask(asked).await;
    assert_eq!(outcome, Outcome::Refused);
    assert_eq!(body["errors"][0]["extensions"]["code"], "BAD_INPUT", "{body}");
    let (outcome, body) = ask(question("{ small(value: 3000000000) }")).await;
    assert_eq!(outcome, Outcome::Refused);
    assert!(body.get("data").is_none());
}

// The clock of these tests stands still until nothing else can go on.
#[tokio::test(start_paused = true)]
async fn the_deadline_ends_an_operation() {
    let is_dropped = Arc::new(AtomicBool::new(false));
    let flag = Arc::clone(&is_dropped);
    let attach = |_: &Aside| data(flag);
    let answer = answer(&schema(), question("{ endless }"), Bounds::default(), attach).await;
    assert_eq!(answer.outcome, Outcome::TimedOut);
    let body: serde_json::Value = serde_json::from_slice(&answer.body).unwrap();
    assert_eq!(body["errors"][0]["extensions"]["code"], "TIMEOUT");
    assert_eq!(body["errors"][0]["extensions"]["retryable"], true);
    while !is_dropped.load(Ordering::SeqCst) {
        tokio::task::yield_now().await;
    }
}

#[tokio::test(start_paused = true)]
async fn a_caller_who_leaves_ends_the_operation() {
    let is_dropped = Arc::new(AtomicBool::new(false));
    let flag = Arc::clone(&is_dropped);
    let schema = schema();
    let leaving = answer(&schema, question("{ endless }"), Bounds::default(), |_| data(flag));
    let is_early = tokio::time::timeout(Duration::from_millis(20), leaving).await.is_err();
    assert!(is_early);
    while !is_dropped.load(Ordering::SeqCst) {
        tokio::task::yield_now().await;
    }
}
