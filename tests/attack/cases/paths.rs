//! Paths to files, pages and probes.

use super::super::case::Case;
use super::super::request::{get, junk, request};

pub(super) fn all() -> Vec<Case> {
    let absent = [
        "/../../../../etc/passwd",
        "/..%2f..%2f..%2fetc%2fpasswd",
        "/%2e%2e/%2e%2e/etc/passwd",
        "/files/..%2fcaunoi.db",
        "/files/..%5c..%5ccaunoi.db",
        "/files/%00",
        "/files/%2fetc%2fpasswd",
        "/files/AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA",
        "/files/0000000000000000000000000000000000000000000000000000000000000000",
        "/files/0000000000000000000000000000000000000000000000000000000000000000/x",
        "/assets/..%2f..%2fCargo.toml",
        "/assets/%2e%2e%2f%2e%2e%2fCargo.toml",
        "/assets/....//Cargo.toml",
        "/docs/..%2f..%2fCargo.toml",
        "/.env",
        "/.git/config",
        "/caunoi-data/local-key.pem",
        "/sample-tokens.txt",
        "/admin",
        "/wp-login.php",
        "//graphql",
        "/graphql/",
        "/graphql;x",
        "/GRAPHQL",
        "/%0d%0aset-cookie:%20a=evil",
        "/changes.jsonl/..%2f..%2fmetrics",
    ];
    let mut cases: Vec<Case> = absent
        .into_iter()
        .map(|path| Case::new("11 15", format!("path {path}"), get(path), &["404"]).code("NOT_FOUND"))
        .collect();
    let long = get(&format!("/files/{}", junk(15_000)));
    cases.push(Case::new("11 15", "path of 15,000 bytes", long, &["404"]).code("NOT_FOUND"));
    let not_utf8 = get("/files/%ff%fe");
    cases.push(Case::new("11 15", "path that is not UTF-8", not_utf8, &["404"]).code("NOT_FOUND"));
    let absolute = request("GET http://evil.example/metrics", "", b"");
    cases.push(Case::new("11 15", "target with another host", absolute, &["404"]).code("NOT_FOUND"));
    cases
}
