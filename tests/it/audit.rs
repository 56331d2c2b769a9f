//! Conformance with the GraphQL-over-HTTP specification, checked by the public audit suite (npm
//! package `graphql-http`).

use std::process::Command;

use crate::harness::on_both_engines;

const SCRIPT: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/audit/audit.mjs");

#[tokio::test]
async fn graphql_over_http_audit_passes() {
    on_both_engines(|server| async move {
        let url = server.url("/graphql");
        // On a separate thread, because the server runs on this one.
        let audit = tokio::task::spawn_blocking(|| Command::new("node").arg(SCRIPT).arg(url).output());
        let output = audit.await.expect("the audit ends").expect("node can be run; tests/run installs it");
        let (said, complained) =
            (String::from_utf8_lossy(&output.stdout), String::from_utf8_lossy(&output.stderr));
        assert!(output.status.success(), "{}\n{said}{complained}", output.status);
    })
    .await;
}
