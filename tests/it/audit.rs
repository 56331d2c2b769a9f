//! Programs of others against the server: the public audit suite of GraphQL over HTTP (npm package
//! `graphql-http`), and clients in Python.

use std::process::Command;

use crate::harness::on_both_engines;

const SCRIPT: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/audit/audit.mjs");
const PYTHON: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/audit/python");
const SCHEMA: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/../schema/schema.graphql");

/// Runs a program and asserts that it succeeds.
async fn assert_succeeds(mut command: Command) {
    // On a separate thread, because the server runs on this one.
    let run = tokio::task::spawn_blocking(move || command.output());
    let output = run.await.expect("it ends").expect("it can be run; tests/run installs it");
    let (said, complained) =
        (String::from_utf8_lossy(&output.stdout), String::from_utf8_lossy(&output.stderr));
    assert!(output.status.success(), "{}\n{said}{complained}", output.status);
}

#[tokio::test]
async fn graphql_over_http_audit_passes() {
    on_both_engines(|server| async move {
        let mut audit = Command::new("node");
        audit.arg(SCRIPT).arg(server.url("/graphql"));
        assert_succeeds(audit).await;
    })
    .await;
}

/// sgqlc and ariadne-codegen generate their code, read, write and subscribe.
#[tokio::test]
async fn python_clients_read_write_and_subscribe() {
    on_both_engines(|server| async move {
        let mut clients = Command::new(format!("{PYTHON}/.venv/bin/python"));
        let clerk = server.token("clerk", Some("DONG_NAI"));
        clients.arg(format!("{PYTHON}/clients.py")).args([&server.url("/graphql"), &clerk, SCHEMA]);
        assert_succeeds(clients).await;
    })
    .await;
}
