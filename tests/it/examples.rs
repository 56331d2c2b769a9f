//! The examples of the GraphiQL page: each runs as it stands, in order, on a new server.

use std::collections::BTreeMap;
use std::fs;

use caunoi_server::Settings;
use reqwest::Client;
use serde_json::{Value, json};

use crate::events::EventStream;
use crate::harness::receiver::WebhookReceiver;
use crate::harness::{Server, on_both_databases};

const EXAMPLES: &str = include_str!("../../crates/server/assets/graphiql/examples.json");
/// The longest line that an editor shows unbroken in a window of 1280 pixels.
const LINE: usize = 50;

/// One tab of the page.
struct Example {
    name: String,
    query: String,
    variables: Value,
    /// The line of `sample-tokens.txt` that its header names.
    holder: Option<String>,
}

impl Example {
    fn read(example: &Value) -> Self {
        let text =
            |key: &str| example[key].as_str().unwrap_or_else(|| panic!("no {key}: {example}")).to_owned();
        let header = example["headers"]["Authorization"].as_str();
        let holder = header.map(|header| {
            let name = header.strip_prefix("Bearer <").and_then(|rest| rest.strip_suffix('>'));
            name.unwrap_or_else(|| panic!("not a placeholder: {header}")).to_owned()
        });
        Self { name: text("name"), query: text("query"), variables: example["variables"].clone(), holder }
    }
}

fn examples() -> Vec<Example> {
    let parsed: Value = serde_json::from_str(EXAMPLES).expect("JSON");
    parsed.as_array().expect("a list").iter().map(Example::read).collect()
}

/// A visitor of the page: has the sample tokens of the server.
struct Visitor<'a> {
    server: &'a Server,
    tokens: BTreeMap<String, String>,
}

impl<'a> Visitor<'a> {
    fn of(server: &'a Server) -> Self {
        let file = server.settings().data_dir.join("sample-tokens.txt");
        let text = fs::read_to_string(file).expect("sample tokens");
        let lines = text.lines().filter_map(|line| line.split_once("=ey"));
        let tokens = lines.map(|(holder, rest)| (holder.to_owned(), format!("ey{rest}"))).collect();
        Self { server, tokens }
    }

    /// Returns the data of the response to an example; its errors must be null.
    async fn run(&self, example: &Example) -> Value {
        let token = example.holder.as_ref().map(|holder| self.tokens[holder].as_str());
        let mut answer =
            self.server.execute_with_token(token, &example.query, example.variables.clone()).await;
        assert!(answer["errors"].is_null(), "{}: {answer}", example.name);
        answer["data"].take()
    }

    /// Returns the first message of the subscription of an example.
    async fn first_message(&self, example: &Example, after: &Value) -> Value {
        let url = self.server.url("/graphql");
        let variables = json!({ "after": after });
        let request = EventStream::request(&Client::new(), &url, &example.query, &variables);
        let mut events = EventStream::from_response(request.send().await.expect("the server answers"));
        let mut answer = events.next().await.expect("an event").answer();
        assert!(answer["errors"].is_null(), "{answer}");
        answer["data"]["changes"].take()
    }
}

/// Returns state and version of the only entry in a payload without errors.
fn written<'a>(payload: &'a Value, field: &str) -> (&'a Value, &'a Value) {
    assert_eq!(payload["errors"], json!([]), "{payload}");
    (&payload[field]["publication"], &payload[field]["version"])
}

/// Checks the data of an example.
fn check(name: &str, data: &Value) {
    match name {
        "CreateDraft" => {
            let payload = &data["createEvent"];
            assert_eq!(written(payload, "event"), (&json!("DRAFT"), &json!(1)));
            assert_eq!(payload["event"]["id"], steps_id(), "the id that the next steps name");
        }
        "Publish" => assert_eq!(written(&data["publishEntry"], "entry"), (&json!("PUBLISHED"), &json!(2))),
        "Correct" => {
            assert_eq!(written(&data["updateEvent"], "event"), (&json!("DRAFT"), &json!(3)));
            assert_eq!(written(&data["publishEntry"], "entry"), (&json!("PUBLISHED"), &json!(4)));
        }
        "Withdraw" => assert_eq!(written(&data["withdrawEntry"], "entry"), (&json!("WITHDRAWN"), &json!(5))),
        "Refusal" => check_refusal(&data["createEvent"]),
        "Webhook" => {
            let payload = &data["createWebhook"];
            assert_eq!((&payload["errors"], &payload["webhook"]["state"]), (&json!([]), &json!("ACTIVE")));
            assert!(payload["secret"].as_str().is_some_and(|secret| secret.starts_with("whsec_")));
        }
        read => check_read(read, data),
    }
}

fn check_read(name: &str, data: &Value) {
    match name {
        "ProvincePage" => {
            let relations = &data["province"]["relations"];
            assert!(relations["totalCount"]["value"].as_u64() > Some(0), "{data}");
            assert!(relations["groups"]["nodes"][0]["aggregate"]["count"].as_u64() > Some(0), "{data}");
        }
        "MinistryBoard" => {
            assert_eq!(data["statistics"]["agreements"]["count"], 116);
            assert_eq!(data["statistics"]["agreements"]["inForce"], 24);
        }
        "ReportedAndComputed" => assert_eq!(data["figures"]["nodes"][0]["gap"], "85"),
        "FormerUnit" => assert_eq!(data["relations"]["totalCount"]["value"], 15),
        "Search" => assert_eq!(data["search"]["edges"][0]["node"]["slug"], "la-houaphanh"),
        "Coverage" => {
            let coverage = &data["statistics"]["coverage"];
            assert_eq!((&coverage["filed"], &coverage["provinces"]), (&json!(0), &json!(34)));
            assert_eq!(coverage["missing"].as_array().map(Vec::len), Some(34));
        }
        other => panic!("an example without checks: {other}"),
    }
}

fn check_refusal(payload: &Value) {
    let errors = payload["errors"].as_array().expect("a list");
    let found: Vec<(&Value, &Value)> =
        errors.iter().map(|error| (&error["code"], &error["path"][0])).collect();
    let expected = [
        ("INVALID", "heldOn"),
        ("REQUIRED", "title"),
        ("NOT_FOUND", "kind"),
        ("NOT_FOUND", "partnerLocalities"),
    ]
    .map(|(code, path)| (json!(code), json!(path)));
    assert_eq!(found, expected.iter().map(|(code, path)| (code, path)).collect::<Vec<_>>());
    assert!(payload["event"].is_null(), "{payload}");
    for error in errors {
        assert!(error["vi"] != error["en"] && error["vi"].is_string(), "{error}");
    }
}

#[tokio::test]
async fn every_example_runs_in_order_on_a_new_server() {
    on_both_databases(|settings| async move {
        let server = Server::start(Settings { webhook_allow_loopback: true, ..settings }).await;
        let visitor = Visitor::of(&server);
        let receiver = WebhookReceiver::start().await;
        let mut published_at = Value::Null;
        for mut example in examples() {
            match example.name.as_str() {
                "FollowChanges" => {
                    let first = visitor.first_message(&example, &example.variables["after"]).await;
                    assert_eq!(first["__typename"], "ChangeHeartbeat", "{first}");
                    let resumed = visitor.first_message(&example, &published_at).await;
                    assert_eq!(resumed["code"], "EVT-DONG_NAI-0088", "{resumed}");
                    assert_eq!(resumed["movement"], "STAYED", "the correction: {resumed}");
                    continue;
                }
                // Only the URL differs: tests reach no other host.
                "Webhook" => example.variables["input"]["url"] = json!(receiver.url()),
                _ => {}
            }
            let data = visitor.run(&example).await;
            if example.name == "Publish" {
                published_at = data["publishEntry"]["cursor"].clone();
            }
            check(&example.name, &data);
        }
        server.stop().await;
    })
    .await;
}

/// Returns the id that the examples after `CreateDraft` name.
fn steps_id() -> Value {
    let publish = examples().into_iter().find(|example| example.name == "Publish").expect("the next step");
    publish.variables["input"]["id"].clone()
}

#[test]
fn examples_have_titles_in_both_languages_and_short_lines() {
    let examples = examples();
    assert_eq!(examples.len(), 13);
    for (number, example) in (1..).zip(&examples) {
        let numbered = format!("# {number}. ");
        let titles: Vec<&str> = example.query.lines().filter(|line| line.starts_with(&numbered)).collect();
        assert_eq!(titles.len(), 2, "Vietnamese and English: {titles:?}");
        assert!(!titles[0].is_ascii() && titles[1].is_ascii(), "{titles:?}");
        let is_named = ["query", "mutation", "subscription"]
            .iter()
            .any(|kind| example.query.contains(&format!("\n{kind} {}", example.name)));
        assert!(is_named, "the tab shows the name of the operation: {}", example.name);
        for line in example.query.lines() {
            assert!(line.chars().count() <= LINE, "{}: {line}", example.name);
        }
    }
}
