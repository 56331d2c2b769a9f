//! URLs of webhooks that lead into the network of the server.

use serde_json::json;

use super::super::case::Case;
use super::super::fixture::Fixture;
use super::super::request::post_with;

const URLS: &[&str] = &[
    "https://127.0.0.1/",
    "https://127.1/",
    "https://0/",
    "https://0.0.0.0/",
    "https://2130706433/",
    "https://0x7f000001/",
    "https://0177.0.0.1/",
    "https://127.0.0.1.nip.io./",
    "https://10.0.0.1/",
    "https://172.16.0.1/",
    "https://192.168.1.1/",
    "https://100.64.0.1/",
    "https://169.254.169.254/latest/meta-data/",
    "https://192.0.0.1/",
    "https://198.18.0.1/",
    "https://192.0.2.1/",
    "https://224.0.0.1/",
    "https://255.255.255.255/",
    "https://240.0.0.1/",
    "https://[::]/",
    "https://[::1]/",
    "https://[::ffff:127.0.0.1]/",
    "https://[::ffff:7f00:1]/",
    "https://[::127.0.0.1]/",
    "https://[64:ff9b::7f00:1]/",
    "https://[64:ff9b:1::1]/",
    "https://[2002:7f00:1::]/",
    "https://[2001::1]/",
    "https://[fe80::1]/",
    "https://[fc00::1]/",
    "https://[ff02::1]/",
    "https://[2001:db8::1]/",
    "https://[fec0::1]/",
    "https://１２７.０.０.１/",
    "https://localhost/",
    "https://a.localhost/",
    "https://nobody.invalid/",
    "https://metadata.google.internal/",
    "http://example.vn/",
    "https://example.vn:22/",
    "https://example.vn:6379/",
    "https://user:word@example.vn/",
    "https://example.vn@127.0.0.1/",
    "https://127.0.0.1#@example.vn/",
    "https://127.0.0.1\\@example.vn/",
    "gopher://127.0.0.1:6379/_FLUSHALL",
    "file:///etc/passwd",
    "javascript:alert(1)",
    "//127.0.0.1/",
    "https://",
    "qJx",
];

pub(super) fn all(fixture: &Fixture) -> Vec<Case> {
    let text =
        "mutation($input: CreateWebhookInput!) { createWebhook(input: $input) { errors { code path } } }";
    let create = |token: &str, url: &str| {
        post_with(token, &json!({"query": text, "variables": {"input": {"url": url}}}))
    };
    let refused = |name: String, url: &str, code| {
        Case::new("40", name, create(&fixture.partner, url), &["200"]).code(code)
    };
    let mut cases: Vec<Case> =
        URLS.iter().map(|url| refused(format!("webhook for {url}"), url, "URL_REFUSED")).collect();
    cases.push(refused("webhook for no URL".to_owned(), "", "REQUIRED"));
    cases.push(refused(
        "webhook for a URL of 2,001 bytes".to_owned(),
        &format!("https://a.vn/{}", "a".repeat(1_988)),
        "URL_REFUSED",
    ));
    cases.push(refused(
        "webhook for a URL with a line end".to_owned(),
        "https://a.vn/\r\nhost: evil",
        "URL_REFUSED",
    ));
    let clerk = create(&fixture.clerk, "https://a.vn/");
    cases.push(Case::new("19 40", "webhook of a clerk", clerk, &["200", "294"]).code("FORBIDDEN"));
    cases
}
