//! Attacks and invalid requests, byte by byte: outcome, code and length of the answer, nothing
//! internal in it, and the next request succeeds. `tests/attack/run` sends the same cases to the
//! program and measures it.

#[path = "../attack/suite.rs"]
mod suite;

use std::collections::BTreeSet;
use std::net::SocketAddr;
use std::sync::Arc;

use serde_json::Value;
use tokio::time::timeout;

use crate::bad_input::assert_nothing_leaks;
use crate::harness::{Server, TEST_TIMEOUT, on_both_engines};
use suite::connection::exchange;
use suite::{Case, Fixture};

/// Returns the differences between the answer of the server and the permitted ones.
async fn violations(server: &Server, address: SocketAddr, case: &Case) -> Vec<String> {
    let Ok(answer) = timeout(TEST_TIMEOUT, exchange(address, &case.exchange)).await else {
        return vec!["no answer".to_owned()];
    };
    let mut found = case.violations(&answer);
    if !found.is_empty() {
        found.push(answer.body.chars().take(500).collect());
    }
    assert_nothing_leaks(&serde_json::json!({ "errors": answer.errors() }));
    let next = server.execute("{ province(slug: \"HUE\") { slug } }", Value::Null).await;
    if next["data"]["province"]["slug"] != "HUE" {
        found.push(format!("the next request: {next}"));
    }
    found
}

#[tokio::test(flavor = "multi_thread")]
async fn every_attack_gets_its_answer() {
    on_both_engines(|server: Arc<Server>| async move {
        let address = server.url("").trim_start_matches("http://").parse().expect("an address");
        let cases = suite::all(&Fixture::read(address, server.settings()).await);
        let names: BTreeSet<&str> = cases.iter().map(|case| case.name.as_str()).collect();
        assert_eq!(names.len(), cases.len(), "names are unique");
        assert!(cases.len() >= 500, "a list is missing: {}", cases.len());
        for case in &cases {
            assert!(!case.requirement.is_empty() && case.exchange.sent_bytes() > 0, "{}", case.name);
        }
        let mut failures = Vec::new();
        for case in &cases {
            let found = violations(&server, address, case).await;
            if !found.is_empty() {
                failures.push(format!("{}: {}", case.name, found.join("; ")));
            }
        }
        assert!(failures.is_empty(), "{} of {}:\n{}", failures.len(), cases.len(), failures.join("\n"));
    })
    .await;
}
