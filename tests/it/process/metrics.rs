//! `/metrics` of the program: its address, its content, and texts that it never contains.

use std::collections::BTreeMap;

use caunoi_metrics::catalogue::{self, MetricType};
use reqwest::Client;
use serde_json::{Value, json};

use super::program::{Program, RunningProgram};
use crate::harness::on_both_databases;

/// A text in requests that no metric may contain.
const REQUEST_TEXT: &str = "Whisper7f3a";

/// The metrics text of a program.
struct MetricsText(String);

impl MetricsText {
    async fn fetch(address: &str) -> Self {
        let response = reqwest::get(format!("http://{address}/metrics")).await.expect("it answers");
        let content_type = response.headers()["content-type"].to_str().expect("a text").to_owned();
        assert!(content_type.starts_with("text/plain; version=0.0.4"), "{content_type}");
        Self(response.text().await.expect("a text"))
    }

    /// Returns every sample: its name with labels, and its value.
    fn samples(&self) -> BTreeMap<&str, f64> {
        let lines = self.0.lines().filter(|line| !line.is_empty() && !line.starts_with('#'));
        lines
            .map(|line| {
                let (name, value) = line.rsplit_once(' ').unwrap_or_else(|| panic!("no sample: {line}"));
                (name, value.parse().unwrap_or_else(|_| panic!("no number: {line}")))
            })
            .collect()
    }

    /// Returns the sum of a metric over the label sets that contain all of these labels.
    fn sum(&self, name: &str, labels: &[&str]) -> f64 {
        let of_name = |sample: &&str| sample.split('{').next() == Some(name);
        let samples = self.samples();
        let matching = samples.iter().filter(|(sample, _)| of_name(sample));
        matching
            .filter(|(sample, _)| labels.iter().all(|label| sample.contains(label)))
            .map(|(_, value)| value)
            .sum()
    }
}

struct HttpClient {
    client: Client,
    address: String,
}

impl HttpClient {
    async fn post(&self, document: &str) -> Value {
        let request = self.client.post(format!("http://{}/graphql", self.address));
        let response = request.json(&json!({ "query": document })).send().await.expect("it answers");
        response.json().await.expect("JSON")
    }

    async fn get(&self, path: &str) -> u16 {
        let response = self.client.get(format!("http://{}{path}", self.address)).send().await;
        response.expect("it answers").status().as_u16()
    }
}

#[tokio::test]
async fn metrics_count_requests_without_request_text() {
    on_both_databases(|settings| async move {
        let program = Program::new(["serve"]).on(&settings).with("CAUNOI_METRICS_LISTEN", "127.0.0.1:0");
        let mut running = RunningProgram::start(program);
        let visitor = HttpClient { client: Client::new(), address: running.address() };
        let watch = running.metrics_address();

        let named = format!("query {REQUEST_TEXT} {{ agreements(first: 1) {{ nodes {{ title }} }} }}");
        assert!(visitor.post(&named).await["data"]["agreements"].is_object());
        visitor.post(&format!("{{ {REQUEST_TEXT} }}")).await;
        visitor.post(&format!("{{ {REQUEST_TEXT}")).await;
        visitor
            .post(
                "{ agreements(first: 100) { nodes { partnerLocality { relations(first: 100) { nodes { id } } } } } }",
            )
            .await;
        visitor
            .post("{ relations { groups(by: [{key: PROVINCE}]) { nodes { aggregate { count } } } } }")
            .await;
        assert_eq!(visitor.get(&format!("/graphql?query={{__typename}}&x={REQUEST_TEXT}")).await, 200);
        assert_eq!(visitor.get(&format!("/{REQUEST_TEXT}")).await, 404);

        let received = MetricsText::fetch(&watch).await;
        for (name, labels, expected) in [
            (
                "caunoi_requests_total",
                vec!["transport=\"post\"", "graphql_operation_type=\"query\"", "outcome=\"answered\""],
                2.0,
            ),
            ("caunoi_requests_total", vec!["transport=\"get\"", "outcome=\"answered\""], 1.0),
            ("caunoi_requests_total", vec![], 6.0),
            ("caunoi_faults_total", vec!["code=\"BAD_INPUT\""], 2.0),
            ("caunoi_faults_total", vec!["code=\"COST_EXCEEDED\""], 1.0),
            ("caunoi_faults_total", vec!["code=\"NOT_FOUND\""], 1.0),
            ("caunoi_stage_seconds_count", vec!["stage=\"guard\""], 6.0),
            ("caunoi_stage_seconds_count", vec!["stage=\"group\""], 1.0),
            ("caunoi_selections_total", vec!["kind=\"RELATION\""], 1.0),
            (
                "http_server_request_duration_seconds_count",
                vec!["http_request_method=\"GET\"", "http_route=\"\"", "http_response_status_code=\"404\""],
                1.0,
            ),
            ("caunoi_operations_running", vec![], 0.0),
            ("caunoi_build_info", vec![], 1.0),
            ("caunoi_ready", vec![], 1.0),
        ] {
            let sum = received.sum(name, &labels);
            assert!((sum - expected).abs() < f64::EPSILON, "{name} {labels:?} {sum}\n{}", received.0);
        }
        assert!(received.sum("caunoi_read_model_facts", &["kind=\"AGREEMENT\""]) > 100.0);
        assert!(received.sum("caunoi_sql_seconds_count", &[]) > 0.0);
        assert!(received.sum("process_resident_memory_bytes", &[]) > 1e6);
        assert!(received.sum("process_start_time_seconds", &[]) > 1.7e9);
        assert!(!received.0.contains(REQUEST_TEXT), "{}", received.0);

        running.signal("TERM");
        assert_eq!(running.wait().code, Some(0));
    })
    .await;
}

#[tokio::test]
async fn every_metric_is_in_the_catalogue_with_help() {
    on_both_databases(|settings| async move {
        let program = Program::new(["serve"]).on(&settings).with("CAUNOI_METRICS_LISTEN", "127.0.0.1:0");
        let mut running = RunningProgram::start(program);
        let visitor = HttpClient { client: Client::new(), address: running.address() };
        visitor.post("{ agreements(first: 1) { totalCount { value } } }").await;
        let received = MetricsText::fetch(&running.metrics_address()).await;
        for (sample, _) in received.samples() {
            let (name, labels) = sample.split_once('{').unwrap_or((sample, ""));
            let of = |figure: &&catalogue::Metric| {
                let rest = name.strip_prefix(figure.name);
                rest.is_some_and(|rest| match figure.metric_type {
                    MetricType::Histogram => ["_bucket", "_sum", "_count"].contains(&rest),
                    MetricType::Counter | MetricType::Gauge => rest.is_empty(),
                })
            };
            let figure = catalogue::ALL.iter().find(of).unwrap_or_else(|| panic!("{name} is no figure"));
            assert!(received.0.contains(&format!("# HELP {} {}\n", figure.name, figure.help)), "{name}");
            // The path of the one route that was requested; other values of labels have no slash.
            let labels = labels.replace("http_route=\"/graphql\"", "http_route=\"graphql\"");
            let is_word = |sign: char| sign.is_ascii_alphanumeric() || "_.,+=\"}".contains(sign);
            assert!(labels.chars().all(is_word), "{sample}");
        }
    })
    .await;
}

#[tokio::test]
async fn metrics_are_served_on_their_own_address() {
    on_both_databases(|settings| async move {
        let program = Program::new(["serve"]).on(&settings).with("CAUNOI_METRICS_LISTEN", "127.0.0.1:0");
        let mut running = RunningProgram::start(program);
        let visitor = HttpClient { client: Client::new(), address: running.address() };
        let watch = HttpClient { client: Client::new(), address: running.metrics_address() };
        assert_eq!(visitor.get("/metrics").await, 404);
        assert_eq!(watch.get("/metrics").await, 200);
        assert_eq!(watch.get("/readyz").await, 200);
        assert_eq!(watch.get("/graphql?query={__typename}").await, 404);
        assert_eq!(watch.get("/").await, 404);
    })
    .await;
}

/// A proxy on the same machine connects from loopback too and may not forward the address of the
/// client.
#[tokio::test]
async fn metrics_are_not_served_without_their_own_address() {
    on_both_databases(|settings| async move {
        for listen in ["127.0.0.1:0", "0.0.0.0:0"] {
            let program = Program::new(["serve"]).on(&settings).with("CAUNOI_LISTEN", listen);
            let mut running = RunningProgram::start(program);
            let address = running.address().replace("0.0.0.0", "127.0.0.1");
            let visitor = HttpClient { client: Client::new(), address };
            assert_eq!(visitor.get("/readyz").await, 200);
            assert_eq!(visitor.get("/metrics").await, 404, "{listen}");
            running.signal("TERM");
            assert_eq!(running.wait().code, Some(0));
        }
    })
    .await;
}

#[tokio::test]
async fn health_command_reports_readiness() {
    on_both_databases(|settings| async move {
        let mut running = RunningProgram::start(Program::new(["serve"]).on(&settings));
        let address = running.address();
        let healthy = Program::new(["health"]).with("CAUNOI_LISTEN", &address).run();
        assert_eq!((healthy.code, healthy.out.as_str()), (Some(0), "ready"), "{healthy}");
        let lost = Program::new(["health", "--url", &format!("http://{address}/nothing")]).run();
        assert_eq!(lost.code, Some(1), "{lost}");
        running.signal("TERM");
        running.wait();
        let gone = Program::new(["health"]).with("CAUNOI_LISTEN", &address).run();
        assert_eq!(gone.code, Some(1), "{gone}");
        assert!(gone.error_line().contains("does not answer"), "{gone}");
    })
    .await;
}
